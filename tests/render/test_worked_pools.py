"""The way back through a pool: the rows of its table, added up cell by cell, are the gradient."""

from __future__ import annotations

import re
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest

import cnncalc
from cnncalc.render.builders.element import Elements
from cnncalc.render.builders.pictures import ways_back
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Paragraph, Working

X = [[[1, 5, 2, 5], [4, 0, 7, 1], [-2, 3, 8, 2]], [[3, 3, 0, 0], [3, 3, 1, -4], [6, 2, 2, 9]]]
CELL = re.compile(r"_\{([\d,]+)\}")
POOLS = {
    "max_pool: {size: 2, stride: 1}": (2, 2, 3),
    "max_pool: {size: 2, stride: 2, ties: split}": (2, 1, 2),
    "avg_pool: {size: 2, stride: 1}": (2, 2, 3),
    "avg_pool: {size: 2, stride: 2, padding: 1, count_padding: false}": (2, 2, 3),
    "avg_pool: {size: [1, 2], stride: 2, padding: [[1, 0], [0, 0]]}": (2, 2, 2),
}


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("samples", [1, 2])
def test_what_each_cell_gets_adds_up_to_the_gradient(pool: str, samples: int) -> None:
    shape = POOLS[pool]
    g = (np.arange(1, 1 + int(np.prod(shape))).reshape(shape) * 3 % 7 - 2).tolist()
    x, upstream = (X, g) if samples == 1 else ([X, X[::-1]], [g, g])
    trace = cnncalc.solve(cnncalc.loads(f"input: {{name: x, value: {x}}}\nlayers:\n  - {pool}\nupstream: {upstream}"))
    elements = Elements(trace, 12)
    elements.everything = True
    table = ways_back(trace, trace["dL/dx"], elements)
    assert table is not None
    assert len(table.rows) == np.array(upstream).size
    got: dict[tuple[int, ...], Fraction] = defaultdict(Fraction)
    for _, _, cells, each in table.rows:
        for found in CELL.findall(cells.en):
            got[tuple(int(i) - 1 for i in found.split(","))] += Fraction(each.en)
    for place in np.ndindex(trace["dL/dx"].shape):
        assert float(got[place]) == pytest.approx(float(trace["dL/dx"].value[place]))


SOFTMAX = """
input: {name: x, value: [1, 2]}
layers: [fc: {name: z, weight: {name: W, value: [[1, 1], [2, -1]]}}, softmax: {name: p}]
loss: {cross_entropy: {target: [1/4, 3/4]}}
"""


def test_that_probabilities_add_up_to_1_is_said_once_where_it_was_used() -> None:
    blocks = worked(cnncalc.solve(cnncalc.loads(SOFTMAX)), Wishes(method="none", question=None)).blocks
    said = [
        number
        for number, block in enumerate(blocks)
        if isinstance(block, Paragraph) and "probabilities add up to 1" in block.text.en
    ]
    assert len(said) == 1
    forms = [
        line.right
        for block in blocks[said[0] - 2 : said[0]]
        if isinstance(block, Working)
        for line in block.lines
        if line.sign == "="
    ]
    # p - t of the one class needs no sum; of the other, whose p is written by the first, it does.
    assert len([form for form in forms if form.startswith("-\\") and form.endswith(r"\frac{3}{4}")]) == 1
