"""One answer held against the tensor that it is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from functools import cached_property
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.checking.rule import CellVerdict
from cnncalc.records import dataclass

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array, Booleans, Doubles, Integers
    from cnncalc.checking.carried import Rework
    from cnncalc.checking.expected import Expected
    from cnncalc.checking.given import Given

WRONG = frozenset(
    [CellVerdict.WRONG, CellVerdict.TRUNCATED, CellVerdict.LAST_DIGIT, CellVerdict.TOO_FEW_DIGITS, CellVerdict.SHAPE]
)


@dataclass(frozen=True)
class Attempt:
    """The cells of an answer in flat order, for the elements of a tensor at `positions`."""

    name: str
    expected: Expected
    cells: Sequence[Given]
    positions: Integers
    """Flat indices into the tensor; as many as there are cells, unless the answer has the wrong size."""
    shape: tuple[int, ...]
    """As typed."""
    is_whole: bool = True
    """Whether the answer is for all of the tensor."""

    @property
    def fits(self) -> bool:
        """Whether there are as many cells as there should be."""
        return len(self.cells) == len(self.positions)

    @cached_property
    def verdicts(self) -> list[CellVerdict]:
        """What each cell is."""
        if not self.fits:
            return [CellVerdict.SHAPE]
        judge = self.expected.judge
        return [judge(at, given) for at, given in zip(self.positions.tolist(), self.cells, strict=True)]

    @cached_property
    def wrong(self) -> Booleans:
        """Which cells hold a number that is not right."""
        return np.asarray([verdict in WRONG for verdict in self.verdicts], dtype=np.bool_)

    @cached_property
    def has_number(self) -> Booleans:
        """Which cells hold a number."""
        return np.asarray([given.status == "number" for given in self.cells], dtype=np.bool_)

    @property
    def is_complete(self) -> bool:
        """Whether others can be computed from it: every element is there, as a number."""
        return self.fits and self.is_whole and bool(self.has_number.all())

    @property
    def evidence(self) -> tuple[object, ...]:
        """What it says of mistakes further up: where it is right, and its numbers where nothing rests on them."""
        texts = () if self.is_complete else tuple(given.text for given in self.cells)
        return self.name, self.shape, self.wrong.tobytes(), texts

    @cached_property
    def middles(self) -> Doubles:
        """The numbers as doubles; NaN for none."""
        return np.asarray([nan if g.bounds is None else _double(g.bounds[0]) for g in self.cells], dtype=np.float64)

    @cached_property
    def halves(self) -> Doubles:
        """Half a unit of each number's last place."""
        return np.asarray([_double(given.half_unit) for given in self.cells], dtype=np.float64)


def _double(number: object) -> float:
    try:
        return float(number)  # type: ignore[arg-type]
    except OverflowError:
        return nan


@dataclass
class Sources:
    """The student's earlier answers from which later ones may be computed, as balls by tensor name."""

    handed_in: tuple[Attempt, ...] = ()
    """All answers of the sheet, the later ones too."""
    waiting: list[tuple[Attempt, Rework | None]] = field(default_factory=list)
    """Answers that nobody has needed yet, with how they follow from others."""
    tensors: dict[str, Array] = field(default_factory=dict)
    """With everything that is rounded to the digits that were written."""
    typed: dict[str, Array] = field(default_factory=dict)
    """As the numbers that were written, taken for exact."""
    correct: set[str] = field(default_factory=set)
    """Those that are right: what is carried on from them is at most their rounding."""
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """As typed, for remembering what was found out from them."""
