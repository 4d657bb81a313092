"""Names for what closed forms share: the probabilities of a softmax, the outputs of a sigmoid, by sample."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Labels, Undecided
from cnncalc.layers.base import Layer
from cnncalc.problem.problem import Problem

RANKS = 10
"""Ranks that a layer takes, one for each of its parameters and one for what it names."""


class Labelling:
    """By sample, the shares that may stand in closed forms of a tensor by their names; a softmax is written out."""

    def __init__(self, problem: Problem) -> None:
        self.base, self.batched, self.samples = problem.index_base, problem.batch is not None, problem.batch or 1
        self.makers: dict[str, tuple[Layer, Mapping[str, Array], Arithmetic]] = {}
        """What may have shares, by the name of its output."""
        self._shares: dict[str, list[dict[str, Any]]] = {}
        self._last: tuple[tuple[str, int], Labels] = ("", 0), ()

    def __call__(self, name: str) -> Labels:
        """For one tensor; those of the last one are kept, for its elements are asked for one after the other."""
        key = name, len(self.makers)
        if self._last[0] != key:
            made: list[dict[str, Any]] = [{} for _ in range(self.samples)]
            for maker in self.makers:
                if maker != name:
                    for labels, more in zip(made, self._shares_of(maker), strict=True):
                        labels.update(more)
            self._last = key, made
        return self._last[1]

    def _shares_of(self, maker: str) -> list[dict[str, Any]]:
        if maker not in self._shares:
            layer, tensors, numbers = self.makers[maker]
            found: list[dict[str, Any]] = [{} for _ in range(self.samples)]
            known = None
            with suppress(Undecided):  # with too little work left, closed forms do without names
                known = layer.shares(numbers, tensors)
            text, shares = known or ("", np.empty(0))
            for index in np.ndindex(shares.shape):
                seen = index if self.batched else index[1:]
                element = f"{maker}[{','.join(str(i + self.base) for i in seen)}]"
                found[index[0]][text.format(y=element)] = shares[index]
            self._shares[maker] = found
        return self._shares[maker]
