"""A sheet that keeps to another convention throughout: said once, and the rest of the sheet judged under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from itertools import combinations
from typing import TYPE_CHECKING, Protocol

from cnncalc.checking.conventions import Convention, conventions
from cnncalc.checking.report import LikelyMistake, TensorReport, TensorVerdict
from cnncalc.language import Phrase
from cnncalc.problem.text.faults import ProblemError
from cnncalc.records import replace

if TYPE_CHECKING:
    from cnncalc.checking.report import Report
    from cnncalc.checking.sheets.sheet import Sheet
    from cnncalc.problem.problem import Problem
    from cnncalc.trace import Trace

FEWEST = 2
"""Wrong tensors that a convention must put right before it is believed to be used throughout."""
MOST_TOGETHER = 2
"""Conventions in which one sheet is taken to differ."""
CHEAP = 100_000
"""Multiplications of a problem that is solved anew only to see whether a sheet has another convention."""
CONVENTION = Phrase(en="Another convention: {phrase}.", zh="另一种约定：{phrase}。")
JUDGED_UNDER = Phrase(
    en="Judged under the convention that the sheet keeps to ({codes}), and so are the numbers that are called right.",
    zh="按答卷所用的约定（{codes}）判定；所列的正确值也按该约定给出。",
)


class Judge(Protocol):
    """Checks sheets against one solution."""

    trace: Trace

    def right(self, sheet: Sheet) -> frozenset[str]:
        """The answers without anything wrong or missing in them."""

    def report(self, sheet: Sheet, is_complete: bool) -> Report:
        """The report on one sheet by this solution alone."""


class Throughout:
    """What a sheet is under other conventions than the problem's; each solution is made when first needed."""

    def __init__(
        self, own: Judge, judge_of: Callable[[Problem], Judge], judge_in_doubles: Callable[[Problem], Judge | None]
    ) -> None:
        """`judge_in_doubles` finds at least as much right as `judge_of`, and sooner; None where doubles do not tell."""
        self.own = own
        self.judge_of = judge_of
        self.judge_in_doubles = judge_in_doubles
        self._conventions: list[Convention] | None = None
        self._judges: dict[tuple[Convention, ...], Judge | None] = {}
        self._judges_in_doubles: dict[tuple[Convention, ...], Judge | None] = {}

    def reported(self, sheet: Sheet, is_complete: bool, report: Report) -> Report:
        """The report, told under the conventions that the sheet keeps to, if it keeps to any but the problem's."""
        wrong = {tensor.name for tensor in report.tensors if tensor.verdict is TensorVerdict.WRONG}
        if len(wrong) < FEWEST:
            return report
        used: tuple[Convention, ...] = ()
        right = frozenset(t.name for t in report.tensors if t.verdict is TensorVerdict.CORRECT)
        alone = right
        for together in range(1, MOST_TOGETHER + 1):
            if len(wrong - right) < FEWEST:
                break
            possible = (used for used in self._chosen(together, report) if self._may_be_used(used, sheet, alone, wrong))
            judged = [(chosen, self._right(chosen, sheet)) for chosen in possible]
            explain = [(chosen, after) for chosen, after in judged if _is_used(alone, after, wrong)]
            best, after = max(explain, key=lambda pair: len(pair[1]), default=(used, right))
            if len(after) > len(right):
                used, right = best, after
        if not used:
            return report
        under = self._judge(used)
        assert under is not None, "it has judged the sheet"
        other = under.report(_laid(sheet, used, self.own.trace), is_complete)
        told = _told(report, other, used)
        return told if replace(told, accepts_conventions=True).score > report.score else report

    def _chosen(self, together: int, report: Report) -> Iterator[tuple[Convention, ...]]:
        """So many conventions together, no two of them about the same thing."""
        problem = self.own.trace.problem
        if self._conventions is None:
            self._conventions = list(conventions(problem))
        possible = self._conventions
        if problem.multiplications > CHEAP:
            if together > 1:
                return
            # What a layer gives without the convention is as a rule not what it gives with it.
            correct = {tensor.name for tensor in report.tensors if tensor.verdict is TensorVerdict.CORRECT}
            possible = [convention for convention in possible if correct.isdisjoint(convention.outputs)]
        for chosen in combinations(possible, together):
            if len({convention.code for convention in chosen}) == together:
                yield chosen

    def _right(self, used: tuple[Convention, ...], sheet: Sheet) -> frozenset[str]:
        judge = self._judge(used)
        return judge.right(_laid(sheet, used, self.own.trace)) if judge is not None else frozenset()

    def _may_be_used(self, used: tuple[Convention, ...], sheet: Sheet, before: Set[str], wrong: Set[str]) -> bool:
        """Whether it takes the solution under these conventions to see that the sheet does not keep to them."""
        if not any(convention.to_problem for convention in used):
            return True
        if used not in self._judges_in_doubles:
            self._judges_in_doubles[used] = self.judge_in_doubles(self._problem(used))
        judge = self._judges_in_doubles[used]
        try:
            return judge is None or _is_used(before, judge.right(_laid(sheet, used, self.own.trace)), wrong)
        except (ArithmeticError, ValueError):
            return True

    def _judge(self, used: tuple[Convention, ...]) -> Judge | None:
        """By the solution under conventions; None where there is none."""
        if not any(convention.to_problem for convention in used):
            return self.own
        if used not in self._judges:
            try:
                self._judges[used] = self.judge_of(self._problem(used))
            except ProblemError:
                self._judges[used] = None
        return self._judges[used]

    def _problem(self, used: tuple[Convention, ...]) -> Problem:
        """As it is under conventions."""
        problem = self.own.trace.problem
        for convention in used:
            problem = convention.to_problem(problem) if convention.to_problem is not None else problem
        return problem


def _is_used(before: Set[str], after: Set[str], wrong: Set[str]) -> bool:
    """Whether a convention explains answers together: `before` are right without it, `after` with it.

    It puts right several that are wrong in themselves, and makes none wrong.
    """
    return before <= after and len(wrong & after - before) >= FEWEST


def _laid(sheet: Sheet, used: tuple[Convention, ...], trace: Trace) -> Sheet:
    for convention in used:
        if convention.to_sheet is not None:
            sheet = convention.to_sheet(sheet, trace)
    return sheet


def _told(report: Report, other: Report, used: tuple[Convention, ...]) -> Report:
    """The report with what is right under the conventions, and with what is wrong under them as well."""
    said = tuple(
        LikelyMistake(convention.code, CONVENTION.format(phrase=convention.phrase), "convention") for convention in used
    )
    codes = ", ".join(convention.code for convention in used)

    def tensor(own: TensorReport, under: TensorReport) -> TensorReport:
        if own.verdict is TensorVerdict.FOLLOWS and under.verdict is TensorVerdict.CORRECT:
            # It counts either way, and its cells are told once.
            return replace(under, verdict=own.verdict, wrong=(), follows_from=own.follows_from)
        if own.verdict is not TensorVerdict.WRONG:
            return own
        if under.verdict not in (TensorVerdict.CORRECT, TensorVerdict.FOLLOWS):
            return replace(under, notes=(*under.notes, JUDGED_UNDER.format(codes=codes)))
        mistakes = tuple(replace(one, tensor=own.name, cells=len(own.wrong)) for one in said)
        return replace(under, verdict=TensorVerdict.CONVENTION, wrong=(), mistakes=mistakes)

    tensors = tuple(map(tensor, report.tensors, other.tensors))
    return replace(report, tensors=tensors, conventions=said)
