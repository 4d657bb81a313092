"""A Drawing as a TikZ picture, in black and white."""

from cnncalc.language import Language
from cnncalc.render.drawing.drawing import Arrow, Box, Drawing, Item
from cnncalc.render.formula.formula_latex import latex_text

ANCHORS = {"start": "west", "middle": "center", "end": "east"}


def tikz(drawing: Drawing, language: Language = "en") -> str:
    """A `tikzpicture`, which needs the package tikz with its library patterns; as wide as the line at most."""
    lines = "\n".join(_written(item, language) for item in drawing.items)
    options = r"x=1pt, y=-1pt, line width=0.5pt, inner sep=0pt"
    return f"\\begin{{tikzpicture}}[{options}]\n{lines}\n\\end{{tikzpicture}}"


def _written(item: Item, language: Language) -> str:
    match item:
        case Box():
            kinds = ["dashed"] * item.dashed + ["line width=1.4pt"] * item.thick + ["rounded corners=3pt"] * item.round
            if item.shade > 0:
                kinds.append(f"fill=black!{round(10 + 25 * min(item.shade, 1))}")
            elif item.shade < 0:
                kinds += ["pattern=north east lines", f"pattern color=black!{round(20 + 40 * min(-item.shade, 1))}"]
            far = f"({item.x + item.width:g},{item.y + item.height:g})"
            return rf"\draw[{', '.join(kinds)}] ({item.x:g},{item.y:g}) rectangle {far};"
        case Arrow():
            kinds = ["->", *["dashed"] * item.dashed]
            return rf"\draw[{', '.join(kinds)}] {' -- '.join(f'({x:g},{y:g})' for x, y in item.points)};"
    words = latex_text(item.text.text(language))
    bold = r"\bfseries" if item.bold else ""
    size = rf"\fontsize{{{item.size:g}}}{{{item.size * 1.2:g}}}\selectfont{bold} "
    return rf"\node[anchor={ANCHORS[item.anchor]}] at ({item.x:g},{item.y:g}) {{{size}{words}}};"
