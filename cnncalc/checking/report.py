"""The outcome of a check: for each tensor and cell what it is, and what probably went wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Literal

from cnncalc.arithmetic.base import Array
from cnncalc.checking.given import Given
from cnncalc.checking.rule import CellVerdict, Rule
from cnncalc.language import Phrase
from cnncalc.problem.points import Points, one_each
from cnncalc.records import Record
from cnncalc.trace import Trace

NOTHING = Fraction(0)


def total(earned: Sequence[Fraction], points: Points) -> Fraction:
    """A sheet's points: the sum, rounded half a step upwards, at least the minimum and at most the maximum."""
    whole = sum(earned, NOTHING)
    if points.rounding:
        whole = (whole / points.rounding + Fraction(1, 2)).__floor__() * points.rounding
    return min(max(whole, points.minimum), points.most)


def number(value: Fraction) -> int | float:
    """As JSON and tables have it."""
    return value.numerator if value.denominator == 1 else round(float(value), 4)


ROUNDED_EARLY = "rounded-early"
"""The code of what follows from right answers, and is off by their rounding alone."""


class TensorVerdict(StrEnum):
    """What the answer for one tensor is."""

    CORRECT = "correct"
    FOLLOWS = "follows"
    WRONG = "wrong"
    CONVENTION = "convention"
    """Right, or following, under another convention that the sheet keeps to throughout."""
    MISSING = "missing"
    INVALID = "invalid"


_EARNS = frozenset([TensorVerdict.CORRECT, TensorVerdict.FOLLOWS])


class CellReport(Record):
    """A cell that is not right. `index` counts from the problem's index_base; () is a scalar, or the whole tensor."""

    index: tuple[int, ...]
    given: str
    due: Callable[[], str] = field(repr=False, compare=False)
    verdict: CellVerdict
    follows: bool = False
    """Whether the cell follows from the student's earlier answers."""
    digits: int = 0
    """Significant digits of a decimal, as typed."""

    @cached_property
    def expected(self) -> str:
        """What is right, as one would write it; made when asked for: of a large tensor a few are shown."""
        return self.due()


class LikelyMistake(Record):
    """A known mistake that leads to the student's numbers."""

    code: str
    phrase: Phrase
    kind: Literal["mistake", "convention"] = "mistake"
    tensor: str = ""
    """Where it was made: the tensor itself, or one before it that was not handed in."""
    cells: int = 0
    """How many wrong cells it explains."""
    is_alternative: bool = False
    """Whether it leads to the numbers that the one before it in the list explains as well: either was made."""
    numbers: Array | None = field(default=None, repr=False, compare=False)
    """What it makes of the tensor in which it is seen, as balls; None where it tells of digits or cells alone."""
    made: Array | None = field(default=None, repr=False, compare=False)
    """What it makes of the tensor in which it was made, if that was not handed in."""

    @property
    def message(self) -> str:
        """In English."""
        return self.phrase.text("en")


def codes_together(finding: Sequence[LikelyMistake]) -> str:
    """The codes of mistakes of which one or another was made."""
    return " / ".join(mistake.code for mistake in finding)


class TensorReport(Record):
    """One entry of the answer sheet."""

    name: str
    verdict: TensorVerdict
    right: int = 0
    cells: int = 0
    wrong: Sequence[CellReport] = ()
    """Every cell that is not right, in order."""
    mistakes: tuple[LikelyMistake, ...] = ()
    follows_from: tuple[str, ...] = ()
    """The student's earlier answers that the tensor was recomputed from."""
    notes: tuple[Phrase, ...] = ()
    """How the answer was read (in order, one number everywhere), or why it could not be."""
    given: Sequence[Given] = field(default=(), repr=False)
    """All cells in the tensor's order; empty where they are not as many."""
    unearned_from: tuple[str, ...] = ()
    """Answers that were put down without being worked out, from which this one follows: it is wrong like them."""

    @property
    def findings(self) -> tuple[tuple[LikelyMistake, ...], ...]:
        """The mistakes, those together of which one or another was made."""
        found: list[tuple[LikelyMistake, ...]] = []
        for mistake in self.mistakes:
            if mistake.is_alternative and found:
                found[-1] += (mistake,)
            else:
                found.append((mistake,))
        return tuple(found)

    def share(self, is_right: bool, points: Points) -> Fraction:
        """The part of its points that it earns; `is_right`: correct, or under a convention that counts."""
        if self.unearned_from:
            return NOTHING
        if is_right:
            return Fraction(1)
        if self.verdict is TensorVerdict.FOLLOWS and any(each.code == ROUNDED_EARLY for each in self.mistakes):
            # Nothing before it is wrong.
            return points.mistakes.get(ROUNDED_EARLY, Fraction(1))
        if self.verdict is TensorVerdict.FOLLOWS:
            return points.follows if not points.is_per_cell else self._share_by_cell(points)
        earned = self._share_by_cell(points) if points.is_per_cell else NOTHING
        if self.verdict is TensorVerdict.WRONG:
            # Only where one known mistake explains all that is wrong.
            explained = [mistake.code for finding in self.findings[:1] for mistake in finding]
            earned = max([earned, *(points.mistakes.get(code, NOTHING) for code in explained)])
        return earned

    def _share_by_cell(self, points: Points) -> Fraction:
        """Right cells count whole, those that follow as the teacher decides."""
        if not self.cells or any(cell.verdict is CellVerdict.SHAPE for cell in self.wrong[:1]):
            return NOTHING
        following = sum(cell.follows for cell in self.wrong)
        return (self.right + following * points.follows) / Fraction(self.cells)


class Report(Record):
    """What becomes of one answer sheet, in the order of computation."""

    problem: str
    answers: str
    tensors: tuple[TensorReport, ...]
    rule: Rule
    trace: Trace = field(repr=False, compare=False)
    conventions: tuple[LikelyMistake, ...] = ()
    """Other conventions than the problem's that the sheet keeps to throughout."""
    accepts_conventions: bool = False
    """Whether what is right under those counts as right."""
    files: tuple[Path, ...] = ()
    """The data files that the sheet names."""
    notes: tuple[Phrase, ...] = ()
    """How the sheet was read."""
    unanswered: tuple[str, ...] = ()
    """What the problem's questions ask for and the sheet leaves out; counted where it is among the `tensors`."""
    is_complete: bool = False
    """Whether that counts as missing."""

    def earns(self, tensor: TensorReport) -> bool:
        """Whether an entry is worth its point: it is correct or follows, or is so under a convention that counts."""
        return tensor.verdict in _EARNS or (self.accepts_conventions and tensor.verdict is TensorVerdict.CONVENTION)

    @cached_property
    def points(self) -> Points | None:
        """What each answer is worth: what the problem says, or a point where it says what is asked for."""
        problem = self.trace.problem
        return problem.points or (one_each(problem.questions, self._beside()) if self.is_complete else None)

    def _beside(self) -> Iterator[str]:
        """What earns a point though nobody may have asked for it: whatever is no number of the problem itself."""
        for tensor in self.tensors:
            whole, _, part = tensor.name.partition("[")
            made = whole in self.trace and self.trace[whole].kind not in ("input", "parameter")
            if made or (not part and whole not in self.trace):
                yield whole

    def worth(self, tensor: TensorReport) -> Fraction:
        """The most that an entry can earn: a point, or what the problem says; where that says nothing, nothing.

        A part of a tensor is worth its part of that, unless the whole is answered as well.
        """
        if self.points is None:
            return Fraction(1)
        whole, _, is_part = tensor.name.partition("[")
        points = self.points.by_name.get(whole, NOTHING)
        parts = self._parts(whole) if points else ()
        if not parts:
            return NOTHING if is_part else points
        cells = sum(part.cells for part in parts)
        size = max(cells, self.trace[whole].elements.size)
        return points * Fraction(tensor.cells if is_part else size - cells, size)

    def earned(self, tensor: TensorReport) -> Fraction:
        """What an entry earns of that; parts of a tensor only together, unless its cells are counted one by one."""
        if self.points is None:
            return Fraction(self.earns(tensor))
        whole, _, is_part = tensor.name.partition("[")
        worth = self.worth(tensor)
        if is_part and worth and not self.points.is_per_cell:
            parts = self._parts(whole)
            is_whole = sum(part.cells for part in parts) >= self.trace[whole].elements.size
            if not is_whole or not all(self._share(part) for part in parts):
                return NOTHING
        return worth * self._share(tensor) if worth else NOTHING

    def _share(self, tensor: TensorReport) -> Fraction:
        assert self.points is not None, "asked before"
        return tensor.share(self.earns(tensor) and tensor.verdict is not TensorVerdict.FOLLOWS, self.points)

    def _parts(self, whole: str) -> list[TensorReport]:
        """The entries for parts of a tensor of which the whole is not answered."""
        is_answered = any(t.name == whole and t.verdict is not TensorVerdict.MISSING for t in self.tensors)
        if is_answered or whole not in self.trace:
            return []
        return [tensor for tensor in self.tensors if tensor.name.startswith(f"{whole}[")]

    @property
    def score(self) -> int | float:
        """A point for each tensor that earns it, or what the problem says that each is worth."""
        earned = [self.earned(tensor) for tensor in self.tensors]
        return number(sum(earned, NOTHING) if self.points is None else total(earned, self.points))

    @property
    def max_score(self) -> int | float:
        """A point for each entry; with points it is the same for every sheet, whatever stands on it."""
        return len(self.tensors) if self.points is None else number(self.points.most)

    @property
    def first_error(self) -> str | None:
        """The first wrong tensor in the order of computation: the place to look.

        Where nothing is wrong but another convention that does not count, the first that is right under that.
        """
        verdicts = [TensorVerdict.WRONG] + ([] if self.accepts_conventions else [TensorVerdict.CONVENTION])
        names = (tensor.name for verdict in verdicts for tensor in self.tensors if tensor.verdict is verdict)
        return next(names, None)

    @property
    def is_correct(self) -> bool:
        """Whether nothing is wrong, missing, unreadable, carried on, or under a convention that does not count."""

        def is_right(tensor: TensorReport) -> bool:
            under = self.accepts_conventions and not tensor.wrong and self.earns(tensor)
            return tensor.verdict is TensorVerdict.CORRECT or under

        return bool(self.tensors) and all(map(is_right, self.tensors))

    def __getitem__(self, name: str) -> TensorReport:
        known = self.trace.resolve(name) or name
        for tensor in self.tensors:
            if tensor.name == known:
                return tensor
        raise KeyError(name)
