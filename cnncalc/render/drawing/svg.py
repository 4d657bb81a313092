"""A Drawing as SVG, on a page or as a file of its own: in the page's own colours, and legible without any."""

from collections.abc import Iterator
from html import escape
from zlib import crc32

from cnncalc.language import Language
from cnncalc.render.drawing.drawing import Arrow, Box, Drawing, Item, Text
from cnncalc.visible import visible

DASHES = ' stroke-dasharray="4 3"'
HEAD = 5.0
MARGIN = 4.0
HATCHING = (
    '<pattern id="{hatch}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0V5" stroke="currentColor" stroke-width="1.2"/></pattern>'
)
ALONE = "color:#1b1f24;background:#fff"
"""Of a file: a page has colours of its own."""


PIXELS = 4 / 3
"""Of a point."""


def svg(drawing: Drawing, language: Language = "en", is_file: bool = False) -> str:
    """An `<svg>` element; with `is_file` a whole file."""
    width, height = drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN
    title = escape(visible(drawing.title.text(language)))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n' if is_file else ""
    space = ' xmlns="http://www.w3.org/2000/svg"' if is_file else ""
    style = f' style="{ALONE}"' if is_file else ""
    items = "\n".join(line for item in drawing.items for line in _written(item, language))
    # On a page with several pictures each has a hatching by a name of its own.
    hatch = f"hatch{crc32(items.encode()):x}"
    hatching = f"<defs>{HATCHING.format(hatch=hatch)}</defs>" if "url(#hatch)" in items else ""
    return (
        f'{head}<svg{space} viewBox="{-MARGIN:g} {-MARGIN:g} {width:g} {height:g}"'
        f' width="{width * PIXELS:.1f}" height="{height * PIXELS:.1f}" role="img" aria-label="{title}"'
        ' font-family="system-ui, sans-serif"'
        f' fill="none" stroke="currentColor"{style}>\n'
        f"{hatching}{items.replace('url(#hatch)', f'url(#{hatch})')}\n</svg>\n"
    )


def _written(item: Item, language: Language) -> Iterator[str]:
    match item:
        case Box():
            place = f'x="{item.x:g}" y="{item.y:g}" width="{item.width:g}" height="{item.height:g}"'
            if item.shade:
                fill = "url(#hatch)" if item.shade < 0 else "currentColor"
                opacity = 0.15 + 0.35 * min(abs(item.shade), 1)
                yield f'<rect {place} fill="{fill}" fill-opacity="{opacity:.2f}" stroke="none"/>'
            corner = ' rx="5"' if item.round else ""
            width = 2.2 if item.thick else 0.8
            yield f'<rect {place}{corner} stroke-width="{width}"{DASHES if item.dashed else ""}/>'
        case Text():
            weight = ' font-weight="bold"' if item.bold else ""
            words = escape(visible(item.text.text(language)), quote=False)
            yield (
                f'<text x="{item.x:g}" y="{item.y:g}" font-size="{item.size:g}" text-anchor="{item.anchor}"'
                f' dominant-baseline="central" fill="currentColor" stroke="none"{weight}>{words}</text>'
            )
        case Arrow():
            line = "M" + "L".join(f"{x:g} {y:g}" for x, y in item.points)
            yield f'<path d="{line}"{DASHES if item.dashed else ""}/>'
            (x0, y0), (x, y) = item.points[-2:]
            length = ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5 or 1.0
            dx, dy = HEAD * (x - x0) / length, HEAD * (y - y0) / length
            sides = f"{x - dx - dy / 2:g} {y - dy + dx / 2:g}L{x:g} {y:g}L{x - dx + dy / 2:g} {y - dy - dx / 2:g}"
            yield f'<path d="M{sides}Z" fill="currentColor"/>'
