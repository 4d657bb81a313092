"""Pools, receptive fields and shaded maps as pictures: what is read back out of them makes the tensor."""

from __future__ import annotations

import re

import numpy as np
import pytest

import cnncalc
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.drawing.drawing import Box, Drawing, Text
from cnncalc.render.renderers import html
from cnncalc.trace import Trace

from .test_window import read_svg, read_tikz, windows

X = [[1, 5, 2, -3, 0], [4, 0, 7, 6, -1], [-2, 3, 8, 1, 2], [5, 5, -4, 9, 3]]
POOLS = [
    "max_pool: {size: 2}",
    "max_pool: {size: 2, stride: 1}",
    "max_pool: {size: 2, stride: [2, 3], padding: [[0, 0], [1, 0]]}",
    "max_pool: {size: 2, ties: split}",
    "avg_pool: {size: 2}",
    "avg_pool: {size: [3, 2], stride: 1}",
]


def solved(layer: str) -> Trace:
    text = f"input: {{name: x, value: {X}}}\nlayers:\n  - {layer.replace(': {', ': {name: y, ', 1)}\n"
    y = cnncalc.solve(cnncalc.loads(text))["y"].value
    return cnncalc.solve(cnncalc.loads(text + f"upstream: {(np.arange(y.size) + 1.5).reshape(y.shape).tolist()}\n"))


def grids(texts: list[str]) -> dict[str, tuple[list[float], list[str]]]:
    """By caption: the numbers of the cells in order, and beside each its letters."""
    found: dict[str, tuple[list[float], list[str]]] = {}
    numbers, letters, letter = list[float](), list[str](), ""
    for text in texts:
        if re.fullmatch(r"[a-p]+", text):
            letter = text
        elif re.fullmatch(r"-?[\d.]+", text):
            numbers.append(float(text))
            letters.append(letter)
            letter = ""
        elif re.fullmatch(r"(∂L/∂)?[xy]", text):
            numbers, letters = found.setdefault(text, ([], []))
    return found


@pytest.mark.parametrize("layer", POOLS)
def test_letters_lead_from_each_window_to_its_cells_and_back(layer: str) -> None:
    trace = solved(layer)
    (there,), (back,) = (windows(trace, title=title) for title in ("The windows of", "The way of the gradient"))
    for read in (read_svg, read_tikz):
        shown, returned = grids(read(there)), grids(read(back))
        for name, (numbers, _) in (*shown.items(), *returned.items()):
            np.testing.assert_allclose(numbers, trace[name.replace("∂", "d")].value.ravel(), rtol=1e-5)
        for value, letter in zip(*shown["y"], strict=True):
            own = [cell for cell, tag in zip(*shown["x"], strict=True) if letter in tag]
            assert own
            assert value == (max(own) if "max" in layer else pytest.approx(sum(own) / len(own), rel=1e-5))
        tags = returned["∂L/∂x"][1]
        for got, tag in zip(*returned["∂L/∂x"], strict=True):
            ways = [(value, letter) for value, letter in zip(*returned["∂L/∂y"], strict=True) if letter in tag]
            shares = [value / sum(letter in other for other in tags) for value, letter in ways]
            assert got == pytest.approx(sum(shares), rel=1e-5)


def test_what_a_cell_sees_is_what_it_depends_on() -> None:
    conv = "conv: {name: u, weight: [[1, 2], [3, 4]], stride: 2, padding: 1}"
    layers = f"- {conv}\n  - max_pool: {{name: v, size: 2, stride: 1}}"
    trace = cnncalc.solve(cnncalc.loads(f"input: {{name: x, value: {X}}}\nlayers:\n  {layers}\n"))
    (drawing,) = windows(trace, title="What one cell of v sees")
    high, wide = trace["v"].shape[1:]
    middle = (high - 1) // 2, (wide - 1) // 2
    of_x = _cells(drawing, "x")
    # By moving each number of the input: the middle cell's windows, one in the other.
    rows = [range(max(0, 2 * at - 1), min(size, 2 * (at + 1) + 1)) for at, size in zip(middle, (4, 5), strict=True)]
    seen = {(row, column) for row in rows[0] for column in rows[1]}
    assert {place for place, shade in of_x.items() if shade} == seen
    assert f"{len(rows[0])}×{len(rows[1])}" in read_svg(drawing)[-1]


def test_shades_are_by_sign_and_size() -> None:
    kernel = [[1, 0], [0, -1]]
    trace = cnncalc.solve(
        cnncalc.loads(f"input: {{name: x, value: {X}}}\nlayers:\n  - conv: {{name: y, weight: {kernel}}}\n")
    )
    (drawing,) = windows(trace, title="y, shaded")
    y = trace["y"].value[0]
    shades = _cells(drawing, "y[1]")
    for place, shade in shades.items():
        assert shade == pytest.approx(y[place] / np.abs(y).max())
    assert len(shades) == y.size
    assert read_svg(drawing)[-1].endswith(f"{np.abs(y).max():g}")


def test_each_picture_of_a_page_has_a_hatching_of_its_own() -> None:
    text = f"input: {{name: x, value: {X}}}\nlayers:\n  - conv: {{name: y, weight: [[1, 0], [0, -1]]}}\n"
    trace = cnncalc.solve(cnncalc.loads(text + "  - conv: {name: z, weight: [[1, -1]]}\n"))
    page = html.render(worked(trace, Wishes()))
    made, used = re.findall(r'id="(hatch\w*)"', page), set(re.findall(r"url\(#(\w+)\)", page))
    assert len(made) == len(set(made)) == 2
    assert used == set(made)


def _cells(drawing: Drawing, caption: str) -> dict[tuple[int, int], float]:
    """The shades of the grid below a caption, by row and column."""
    start = next(at for at, item in enumerate(drawing.items) if isinstance(item, Text) and item.text.en == caption)
    boxes = []
    for item in drawing.items[start + 1 :]:
        is_caption = isinstance(item, Text) and item.anchor == "start"
        if is_caption or (isinstance(item, Box) and item.thick):
            break
        if isinstance(item, Box):
            boxes.append(item)
    rows, columns = (sorted({getattr(box, axis) for box in boxes}) for axis in "yx")
    return {(rows.index(box.y), columns.index(box.x)): box.shade for box in boxes}
