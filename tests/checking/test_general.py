"""Mistakes that people make with any tensor, each made by hand in the answers to a small problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

import cnncalc

PROBLEM = """
index_base: 1
input: {name: x, value: [[[1, 2, -1], [0, 3, 1], [2, -2, 4]], [[5, 1, 0], [-3, 2, 2], [1, 0, -1]]]}
layers:
  - conv: {name: z, weight: {name: k, value: [[[[1, 2], [-1, 1]], [[0, 1], [3, -2]]],
                                              [[[2, 0], [1, -3]], [[1, 1], [0, 4]]]]}, bias: {name: b, value: [1, 3]}}
  - flatten: {name: v}
  - fc: {name: s, weight: {name: V, value: [[0.1, 0.2, -0.3, 0.4, 0.15, -0.05, 0.25, 0.35],
                                            [0.3, -0.1, 0.2, 0.05, -0.2, 0.1, 0.45, -0.15],
                                            [-0.25, 0.3, 0.1, -0.35, 0.2, 0.4, -0.1, 0.05]]}}
  - softmax: {name: p}
loss: {cross_entropy: {name: L, class: 2}}
"""
loaded = cnncalc.loads(PROBLEM)
true: Mapping[str, np.ndarray[Any, Any]] = {tensor.name: tensor.value for tensor in cnncalc.solve(loaded, "float")}


def codes(answers: Mapping[str, Any], name: str) -> list[str]:
    """The mistakes that are named for one tensor."""
    return [mistake.code for mistake in cnncalc.check(loaded, answers)[name].mistakes]


def texts(values: Any, digits: int = 5) -> Any:
    """As typed."""
    values = np.asarray(values)
    if values.ndim:
        return [texts(value, digits) for value in values]
    return f"{float(values) + 0.0:.{digits}g}"


def swapped(values: np.ndarray[Any, Any], axis: int, first: int, second: int) -> np.ndarray[Any, Any]:
    order = list(range(values.shape[axis]))
    order[first], order[second] = order[second], order[first]
    return values.take(order, axis)


def one_cell(change: Callable[[float], float]) -> Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]:
    def made(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        values = values.copy()
        values.reshape(-1)[1] = change(values.reshape(-1)[1])
        return values

    return made


@pytest.mark.parametrize(
    ("name", "wrong", "code"),
    [
        ("z", lambda t: -t, "sign"),
        ("dL/dk", lambda t: -t, "sign"),
        ("z", one_cell(lambda x: -x), "sign"),
        ("s", lambda t: 10 * t, "factor-of-ten"),
        ("dL/dV", lambda t: t / 100, "factor-of-ten"),
        ("z", one_cell(lambda x: 10 * x), "factor-of-ten"),
        ("dL/dk", lambda t: 2 * t, "constant-factor"),
        ("dL/db", lambda t: t / 2, "constant-factor"),
        ("dL/dk", lambda t: t.swapaxes(-1, -2), "transposed"),
        ("z", lambda t: t.swapaxes(-1, -2), "transposed"),
        ("dL/dV", lambda t: t.T, "transposed"),
        ("z", lambda t: t.transpose(1, 2, 0), "other-element-order"),
        ("z", lambda t: t.ravel()[::-1].reshape(t.shape), "other-element-order"),
        ("dL/dk", lambda t: t.transpose(2, 3, 1, 0), "other-element-order"),
        ("dL/dV", lambda t: swapped(t, 0, 0, 2), "rows-swapped"),
        ("dL/dV", lambda t: swapped(t, 1, 3, 4), "columns-swapped"),
        ("dL/dk", lambda t: swapped(t, 0, 0, 1), "channels-swapped"),
        ("dL/dk", lambda t: swapped(t, 1, 0, 1), "channels-swapped"),
        ("p", lambda t: swapped(t, 0, 0, 1), "cells-swapped"),
        ("v", lambda t: swapped(t, 0, 2, 7), "cells-swapped"),
        ("dL/db", lambda t: true["b"], "another-tensor"),
        ("dL/dz", lambda t: true["z"], "another-tensor"),
        ("z", one_cell(lambda x: x + 1), "one-cell-slipped"),
        ("dL/dV", one_cell(lambda x: 7.5), "one-cell-slipped"),
    ],
)
def test_it_is_named(name: str, wrong: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]], code: str) -> None:
    typed = wrong(true[name])
    assert code in codes({name: texts(typed)}, name)


def test_digits_exchanged() -> None:
    wrong = true["z"].copy()
    at = next(i for i, value in enumerate(wrong.ravel().tolist()) if value >= 12 and value % 11)
    wrong.reshape(-1)[at] = int(str(int(wrong.ravel()[at]))[::-1])
    assert codes({"z": texts(wrong)}, "z")[0] == "digits-exchanged"


def test_two_cells_slipped() -> None:
    wrong = true["z"].copy()
    wrong[0, 0, 0] += 1
    wrong[1, 1, 1] += 3
    assert codes({"z": texts(wrong)}, "z") == ["two-cells-slipped"]


def test_later_cells_wrong() -> None:
    wrong = true["dL/dV"].copy()
    wrong.reshape(-1)[5:] = np.random.default_rng(0).normal(size=wrong.size - 5)
    assert codes({"dL/dV": texts(wrong)}, "dL/dV") == ["later-cells-wrong"]


def test_nothing_is_named_for_random_numbers() -> None:
    random = np.random.default_rng(1)
    for name in ("z", "s", "p", "dL/dV", "dL/dk", "dL/dz", "dL/dx"):
        assert codes({name: texts(random.normal(size=true[name].shape) * 5)}, name) == [], name


def cut(value: float, places: int) -> str:
    text = f"{value:.12f}"
    return text[: text.index(".") + places + 1]


def test_cut_off() -> None:
    typed = [cut(value, 4) for value in true["p"]]
    assert "truncated" in codes({"p": typed}, "p")


def test_too_few_digits() -> None:
    assert codes({"p": texts(true["p"], 2)}, "p") == ["too-few-digits"]


def test_rounded_early() -> None:
    """The loss from probabilities of two decimals."""
    s = true["s"]
    e = np.exp(s)
    p = np.round(e / e.sum(), 2)
    loss = f"{-np.log(p[1]):.4f}"
    assert loss != f"{float(true['L']):.4f}"
    assert "rounded-early" in codes({"L": loss}, "L")


def test_adjusted_to_one() -> None:
    problem = cnncalc.loads("input: {name: s, value: [0.9, 1.1, 2, 0.6]}\nlayers: [softmax: {name: p}]")
    exponentials = np.exp([0.9, 1.1, 2, 0.6])
    rounded = (exponentials / exponentials.sum()).round(3)
    assert round(rounded.sum(), 3) == 1.001
    rounded[2] -= 0.001
    report = cnncalc.check(problem, {"p": [f"{value:.3f}" for value in rounded]})
    assert [mistake.code for mistake in report["p"].mistakes][-1:] == ["adjusted-to-sum-1"]


BATCH = """
input: {name: x, value: [[1, 2], [3, -1], [0, 4]]}
layers:
  - fc: {name: s, weight: {name: W, value: [[0.5, -0.25], [0.125, 1]]}, bias: {name: b, value: [0.5, 2]}}
loss: {mse: {name: L, target: [[1, 0], [2, 2], [0, 1]]}}
"""


def test_a_factor_of_the_batch() -> None:
    batch = cnncalc.loads(BATCH)
    values = {tensor.name: tensor.value for tensor in cnncalc.solve(batch, "float")}
    for name in ("L", "dL/dW", "dL/db", "dL/ds"):
        for factor in (3, 1 / 3):
            report = cnncalc.check(batch, {name: texts(values[name] * factor, 6)})
            assert {mistake.code for mistake in report[name].mistakes} & {"factor-n", "other-reduction"}, name
            said = [text for mistake in report[name].mistakes for text in (mistake.phrase.en, mistake.phrase.zh)]
            assert not any("{" in text for text in said)


def test_the_most_specific_comes_first() -> None:
    """A sign that the softmax's own rule knows is told by that first."""
    found = codes({"dL/ds": texts(-true["dL/ds"])}, "dL/ds")
    assert "sign" in found
    assert found[-1] == "sign" or found == ["sign"]
