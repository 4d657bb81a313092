"""The true tensors in doubles that branch as true numbers do: for a first look, and for what a program loses."""

from __future__ import annotations

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans
from cnncalc.arithmetic.float64 import Float64
from cnncalc.checking.carried import Truth
from cnncalc.step import Step

TIE = 1e-12


class Branching(Float64):
    """Doubles that take two numbers for the same where only rounding tells them apart, as balls do."""

    name = "sketch"
    tie = TIE
    """Of a number: what two are apart that are taken for the same."""
    positive_part = Arithmetic.positive_part
    first_largest = Arithmetic.first_largest
    largest = Arithmetic.largest

    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        """Where a > b by more than rounding."""
        return np.asarray(a - b > self.tie * (1 + np.abs(a)))

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """Where a = b but for rounding."""
        return np.asarray(np.abs(a - b) <= self.tie * (1 + np.abs(a)))


class RoughTruth(Truth):
    """The true tensors in doubles."""

    def __init__(self, truth: Truth) -> None:
        self.__dict__.update(truth.__dict__)
        self.numbers = Branching()
        self._truth, self._made = truth, {}

    def _tensor(self, step: Step, local: str) -> Array:
        return self.balls.to_float(self._truth.tensor(step, local))
