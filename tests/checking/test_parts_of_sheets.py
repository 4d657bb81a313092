"""Whatever part of the tensors is handed in, however wrong, the sheet is judged: all layers, losses and rules."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.checker import Checker
from cnncalc.checking.rule import Rule
from cnncalc.checking.sheets.sheet import sheet_of_values
from cnncalc.problem.names import QUANTITIES, TOTAL
from tests.page.test_every_layer import EXAMPLES

SHEETS = 2
FEW = 1
"""Of rules of update, whose tensors are many."""


def wrong(values: object, random: Random) -> list[object]:
    """Numbers beside the right ones: one cell, all of them, or none; negative where only positive ones make sense."""
    cells = np.array(values, dtype=np.float64)
    way = random.choice(["one", "all", "none", "negative"])
    if way == "one" and cells.size:
        cells.flat[random.randrange(cells.size)] += random.choice([1, -1, 0.5])
    factor = {"all": 1.1, "negative": -1}.get(way, 1)
    return (cells * factor).round(random.choice([0, 2, 4])).tolist()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_any_part_of_the_tensors_is_judged(kind: str) -> None:
    trace = cnncalc.solve(cnncalc.loads(EXAMPLES[kind]))
    checker, random = Checker(trace, Rule()), Random(kind)
    for _ in range(FEW if trace.rounds else SHEETS):
        answers = {tensor.name: wrong(tensor.value, random) for tensor in trace if random.random() < 0.5}
        report = checker.check(sheet_of_values(answers))
        assert {tensor.name for tensor in report.tensors} == set(answers)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_any_part_of_the_sizes_and_counts_is_judged(kind: str) -> None:
    trace = cnncalc.solve(cnncalc.loads(EXAMPLES[kind]))
    inputs = [f"shape({given.name})" for given in trace.problem.inputs]
    layers = [entry.name for entry in trace.problem.layers]
    layers += [TOTAL, *(given.name for given in trace.problem.parameters)]
    counts = [f"{kind}({name})" for kind in QUANTITIES if kind != "shape" for name in layers]
    shapes = [f"shape({tensor.name})" for tensor in trace]
    checker = Checker(trace, Rule())
    for asked in ([*inputs, *counts], [*counts, *shapes]):
        known = [name for name in asked if trace.resolve(name) == name]
        answers = {name: (np.asarray(trace[name].value, dtype=np.int64) + 1).tolist() for name in known}
        report = checker.check(sheet_of_values(answers))
        assert {tensor.name for tensor in report.tensors} == set(answers)
