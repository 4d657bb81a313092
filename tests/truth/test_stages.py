"""The tables of a softmax and a sigmoid, read out of the Document and worked out again from their first column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import exp

import pytest

import cnncalc
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Table

from ..command import run

SOFTMAX = "input: {x}\nlayers: [softmax: {{name: p}}]\n"
SIGMOID = "input: {x}\nlayers: [sigmoid: {{name: a}}]\n"
INPUTS = ("[-1.025, 2.25, 0]", "[[1, 2, 3], [log(2), -4, 0.5]]", "[39.6, 39.6]", "[200, -200]")


def rows(text: str, numbers: str) -> Iterator[tuple[str, list[str]]]:
    document = worked(cnncalc.solve(cnncalc.loads(text), numbers), Wishes(digits=9))  # type: ignore[arg-type]
    for block in document.blocks:
        if isinstance(block, Table) and block.columns[0].heading.en == "index":
            yield from ((label.en, [cell.en for cell in cells]) for label, *cells in block.rows)


@pytest.mark.parametrize("numbers", ["exact", "float"])
@pytest.mark.parametrize("x", INPUTS)
def test_a_softmax_goes_by_exponentials_and_their_sum(x: str, numbers: str) -> None:
    samples: dict[str, list[list[float]]] = defaultdict(list)
    count = 0
    for label, cells in rows(SOFTMAX.format(x=x), numbers):
        if label != "sum":
            samples[label[: label.rfind(",") + 1]].append([float(cell) for cell in cells])
            continue
        shown = list(samples.values())[-1]
        total = sum(exp(z) for z, *_ in shown)
        assert cells[0] == ""
        assert float(cells[1]) == pytest.approx(total, rel=1e-7)
        assert float(cells[2]) == pytest.approx(1, rel=1e-7)
        for z, power, p in shown:
            assert power == pytest.approx(exp(z), rel=1e-7)
            assert p == pytest.approx(exp(z) / total, rel=1e-7)
            count += 1
    assert count == x.replace("[[", "").count(",") + 1


@pytest.mark.parametrize("x", INPUTS)
def test_a_sigmoid_goes_by_one_plus_an_exponential(x: str) -> None:
    found = [[float(cell) for cell in cells] for _, cells in rows(SIGMOID.format(x=x), "exact")]
    assert len(found) == x.count(",") + 1
    for z, power, below, a in found:
        assert power == pytest.approx(exp(-z), rel=1e-7)
        assert below == pytest.approx(1 + exp(-z), rel=1e-7)
        assert a == pytest.approx(1 / (1 + exp(-z)), rel=1e-7)


@pytest.mark.parametrize("x", ["[{symbol: t}, 1]", "[1e9, -1e9]"])
def test_there_is_no_table_of_what_is_no_number(x: str) -> None:
    text = SOFTMAX.format(x=x.replace("{symbol: t}", "t"))
    assert "exp(input[k])   " not in run(["worked", "-"], stdin=text).stdout
