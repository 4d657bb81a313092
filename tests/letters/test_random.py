"""Random problems in letters: numbers put in afterwards give the numeric run, and gradients are derivatives."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import cnncalc

from . import polynomial
from .problems import Drawn

SEEDS = [seed for seed in range(40) if seed != 3]
"""The fourth draw has sums so long that it takes half as long as all others together."""


def texts(trace: cnncalc.Trace, name: str) -> list[Any]:
    return np.asarray(trace[name].exact, dtype=object).ravel().tolist()


@pytest.fixture(scope="module", params=SEEDS)
def drawn(request: pytest.FixtureRequest) -> Drawn:
    """One draw for all tests of it, which are run one after the other: to solve it takes longest."""
    return Drawn(request.param)


@pytest.fixture(scope="module")
def letters(drawn: Drawn) -> cnncalc.Trace:
    return cnncalc.solve(cnncalc.loads(drawn.text))


def test_values_put_in_afterwards_give_the_numeric_run(drawn: Drawn, letters: cnncalc.Trace) -> None:
    numbers = cnncalc.solve(cnncalc.loads(drawn.text), "exact")
    assert letters.numbers.name == "symbolic"
    assert [tensor.name for tensor in letters] == [tensor.name for tensor in numbers]
    for tensor in numbers:
        assert tensor.shape == letters[tensor.name].shape
        for text, number in zip(texts(letters, tensor.name), texts(numbers, tensor.name), strict=True):
            value = polynomial.put_in(polynomial.read(text), drawn.values)
            assert value == Fraction(number), f"{tensor.name}: {text} is {value}, not {number}"
        np.testing.assert_array_equal(letters[tensor.name].value, tensor.value)


def test_gradients_are_the_derivatives_of_the_loss(letters: cnncalc.Trace) -> None:
    loss = polynomial.read(texts(letters, "L")[0])
    for name in ("x", "w", "v"):
        for letter, gradient in zip(texts(letters, name), texts(letters, f"dL/d{name}"), strict=True):
            assert polynomial.derivative(loss, letter) == polynomial.read(gradient), f"dL/d{letter} is not {gradient}"


def test_every_layer_of_the_draw_has_come_up() -> None:
    drawn = " ".join(Drawn(seed).text for seed in SEEDS)
    for layer in ("relu", "leaky_relu", "max_pool", "avg_pool", "batch_norm", "bias"):
        assert layer in drawn


def test_the_second_opinion_can_disagree() -> None:
    assert polynomial.derivative(polynomial.read("3*x**2*y - 1/2*x + 4"), "x") == polynomial.read("6*x*y - 1/2")
    assert polynomial.read("x*y") != polynomial.read("x*z")
    with pytest.raises(ValueError, match="no polynomial"):
        polynomial.read("exp(x)")
