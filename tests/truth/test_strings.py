"""Every string that leaves the program is true: worked out by itself, it is the number that it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pytest

import cnncalc

from .numbers import precision
from .problems import drawn
from .strings import Solved, is_same

WISHES: tuple[dict[str, Any], ...] = (
    {"batch": True},
    {},
    {"numbers": "irrational"},
    {"names": "every kind"},
    {"letters": "valued"},
    {"letters": "open"},
)
SEEDS = 30
CASES = {
    "equal rows": "[[1, 2, 3], [1, 2, 3]], layers: [softmax], loss: {cross_entropy: {class: [3, 3]}}",
    "equal classes": "[[1, 1, 3], [1, 1, 3]], layers: [softmax], loss: {mse: {target: [[1, 2, 3], [0, 0, 2]]}}",
    "permuted rows": "[[1, 2, 4], [4, 2, 1]], layers: [softmax, fc: {weight: [[1, 0, 2]]}]",
    "shifted rows": "[[0, 1], [5, 6], [1, 0]], layers: [log_softmax], loss: {mse: {target: [[1, 0], [0, 1], [3, 1]]}}",
    "classes that are multiples": "[[log(2), 0, 1], [log(2), 0, 1]], layers: [softmax, fc: {weight: [[3, 1, 1]]}]",
    "two softmaxes": "[[1, 2], [2, 1]], layers: [softmax, softmax], loss: {cross_entropy: {class: [1, 1]}}",
    "an update behind letters": "{symbol: x, shape: [2, 2]}, layers: [fc: {weight: [[1, 2], [3, 1]]}, softmax], "
    "loss: {cross_entropy: {class: [1, 2]}}, update: {sgd: {lr: 1}}",
    "an update behind a batch norm": "{symbol: x, shape: [2, 1]}, layers: [fc: {weight: [[2]]}, batch_norm], "
    "loss: {mse: {target: [[1], [0]]}}, update: {sgd: {lr: 1}}",
}


def untrue(text: str) -> Iterator[str]:
    """The strings of JSON that are not what they stand for."""
    problem = cnncalc.loads(text)
    trace, solved = cnncalc.solve(problem), Solved(problem)
    for tensor in trace:
        strings = np.asarray(tensor.exact, dtype=object)
        for index in np.ndindex(tensor.shape if tensor.exact is not None else (0,)):
            true = solved.trace[tensor.name].elements[index]
            if strings[index] is not None and not is_same(solved.value(strings[index]), true):
                yield f"{solved.address(tensor.name, index)} = {strings[index]}, where it is {true} in\n{text}"


@pytest.mark.parametrize("case", CASES)
def test_closed_forms(case: str) -> None:
    with precision():
        assert list(untrue(f"{{input: {CASES[case]}}}")) == []


@pytest.mark.parametrize("wishes", WISHES, ids=str)
def test_closed_forms_of_drawn_problems(wishes: dict[str, Any]) -> None:
    solved = 0
    with precision():
        for seed in range(SEEDS):
            # Letters without a value may leave a branch open, which is a fault of the problem.
            with suppress(cnncalc.ProblemError):
                assert list(untrue(drawn(seed, **wishes))) == []
                solved += 1
    assert solved > 0.8 * SEEDS
