"""What is computed from the same numbers again and again, as one sheet is looked at on many ways, computed once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from cnncalc.arithmetic.base import Array
from cnncalc.step import Step

T = TypeVar("T")
MOST_KEPT = 6
"""Of what one step was made to: what was met long ago comes back no more."""
LARGEST = 10_000
"""Cells of a tensor beyond which nothing is kept: of millions memory would end."""


class Basis(Protocol):
    """What the tensors of a step are taken from."""

    def local(self, step: Step, local: str) -> Array:
        """A tensor of a step by the layer's own name."""


class StepTensors(Mapping[str, Array]):
    """The tensors of one step, each computed when it is asked for."""

    def __init__(self, basis: Basis, step: Step) -> None:
        self._basis = basis
        self._step = step
        self.read: dict[str, Array] = {}
        """Those that were asked for, in this order."""

    def __getitem__(self, local: str) -> Array:
        if local not in self.read:
            if local not in self._step.tensors:
                raise KeyError(local)
            self.read[local] = self._basis.local(self._step, local)
        return self.read[local]

    def __contains__(self, local: object) -> bool:
        return local in self._step.tensors

    def __iter__(self) -> Iterator[str]:
        return iter(self._step.tensors)

    def __len__(self) -> int:
        return len(self._step.tensors)


class Met:
    """What was computed on one way from the answers of a sheet, for other ways on which the same numbers are met."""

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        self._most_kept = most_kept
        self._made: dict[tuple[str, str], deque[tuple[Mapping[str, Array], Any]]] = {}

    def made(self, key: tuple[str, str], tensors: StepTensors, make: Callable[[], T]) -> T:
        """What `make` makes of the tensors of a step, which it has made before if it was to read the same ones."""
        known = self._made.setdefault(key, deque(maxlen=self._most_kept))
        for read, made in known:
            if all(_is_one(tensors[local], array) for local, array in read.items()):
                return made  # type: ignore[no-any-return]
        found = make()
        if all(array.size <= LARGEST for array in tensors.read.values()):
            known.append((tensors.read, found))
        return found


def _is_one(first: Array, other: Array) -> bool:
    """Whether two are the same array, or views of the same cells."""
    return first is other or (
        first.base is not None
        and first.base is other.base
        and first.shape == other.shape
        and first.strides == other.strides
        and first.__array_interface__["data"] == other.__array_interface__["data"]
    )
