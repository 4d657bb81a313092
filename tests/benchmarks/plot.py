"""The growth curves as an SVG file, both axes logarithmic, with lines of linear growth to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from pathlib import Path

from tests.benchmarks.growth import Growth

WIDTH, HEIGHT, MARGIN = 420, 300, 56
COLOURS = ("#0b6e99", "#b3541e")
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
PLOT = Path(__file__).with_name("growth.svg")


def draw(growths: Sequence[Growth], path: Path = PLOT) -> None:
    """Two panels: seconds, and megabytes, over the number of multiplications."""
    times = [(growth, growth.times) for growth in growths]
    memory = [(growth, tuple(size / 1e6 for size in growth.memory)) for growth in growths]
    panels = _panel("seconds", times, 0) + _panel("megabytes", memory, WIDTH)
    size = f'width="{2 * WIDTH}" height="{HEIGHT}" viewBox="0 0 {2 * WIDTH} {HEIGHT}"'
    style = 'font-family="sans-serif" font-size="12"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    path.write_text("\n".join([*lines, *panels, "</svg>"]) + "\n", encoding="utf-8")


def _panel(title: str, curves: Sequence[tuple[Growth, tuple[float, ...]]], left: int) -> list[str]:
    across = [log10(size) for growth, _ in curves for size in growth.multiplications]
    up = [log10(value) for _, values in curves for value in values]
    x0, x1, y0, y1 = floor(min(across)), ceil(max(across)), floor(min(up)), ceil(max(up))

    def x(value: float) -> float:
        return left + MARGIN + (value - x0) / (x1 - x0) * (WIDTH - MARGIN - 16)

    def y(value: float) -> float:
        return HEIGHT - MARGIN + (value - y0) / (y1 - y0) * (MARGIN + 28 - HEIGHT)

    parts = [_text(x((x0 + x1) / 2), 18, f"{title} by multiplications", "middle")]
    for tick in range(x0, x1 + 1):
        parts += [_line(x(tick), y(y0), x(tick), y(y1), "#ddd"), _text(x(tick), y(y0) + 18, _power(tick), "middle")]
    for tick in range(y0, y1 + 1):
        parts += [_line(x(x0), y(tick), x(x1), y(tick), "#ddd"), _text(x(x0) - 8, y(tick) + 4, _power(tick), "end")]
    for (growth, values), colour in zip(curves, COLOURS, strict=True):
        points = [(log10(size), log10(value)) for size, value in zip(growth.multiplications, values, strict=True)]
        middle = points[len(points) // 2]
        ends = [(points[at][0], middle[1] + points[at][0] - middle[0]) for at in (0, -1)]
        parts.append(
            _line(x(ends[0][0]), y(ends[0][1]), x(ends[1][0]), y(ends[1][1]), colour, 'stroke-dasharray="4 4"')
        )
        parts += [f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="4" fill="{colour}"/>' for a, b in points]
        name = f"{growth.name}: exponent {growth.exponent(values):.2f}"
        parts.append(_text(x(x0) + 8, y(y1) + 16 + 16 * COLOURS.index(colour), name, "start", colour))
    return parts


def _line(x0: float, y0: float, x1: float, y1: float, colour: str, more: str = "") -> str:
    return f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="{colour}" {more}/>'


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def _power(exponent: int) -> str:
    return "10" + str(exponent).translate(SUPERSCRIPTS)
