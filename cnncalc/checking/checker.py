"""(Trace, answer sheet) -> Report: what each tensor and cell is, what follows from what, and which mistake it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cnncalc.arithmetic.ball import Ball
from cnncalc.checking.attempt import Attempt, Sources
from cnncalc.checking.candidate import Candidate, agreement
from cnncalc.checking.diagnosis import Diagnosis
from cnncalc.checking.expected import Expected
from cnncalc.checking.placing import Placed, place
from cnncalc.checking.report import CellReport, LikelyMistake, Report, TensorReport, TensorVerdict
from cnncalc.checking.rework import CANNOT, PATH, Rework, Truth
from cnncalc.checking.rule import CellVerdict, Rule
from cnncalc.checking.sheet import Answer, Sheet, read_sheet, sheet_of_values
from cnncalc.checking.specific import shown
from cnncalc.checking.writing import CARRIED
from cnncalc.language import Phrase

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array, Booleans
    from cnncalc.problem.problem import Problem
    from cnncalc.trace import Trace

MOST_TRACED = 12
"""Cells that are traced back to the answers which they follow from."""


def check(problem: Problem, answers: str | Path | Mapping[str, Any], rule: Rule | None = None) -> Report:
    """Compare answers (a path, or a mapping of names to values) with the solution; raises AnswerError, ProblemError."""
    from cnncalc.solver import solve

    sheet = sheet_of_values(answers) if isinstance(answers, Mapping) else read_sheet(answers)
    return Checker(solve(problem), rule or Rule()).check(sheet)


class Checker:
    """Checks any number of sheets against one solution, and remembers what does not depend on the student."""

    def __init__(self, trace: Trace, rule: Rule) -> None:
        self.trace = trace
        self.rule = rule
        self.truth = Truth(trace)
        self.balls: Ball = self.truth.balls
        self._expected: dict[str, Expected] = {}
        self._order = {tensor.name: position for position, tensor in enumerate(trace)}
        self._diagnosis = Diagnosis(self)

    def expected(self, name: str) -> Expected:
        """A tensor as it should be."""
        if name not in self._expected:
            self._expected[name] = Expected(self.trace[name], self.balls, self.rule)
        return self._expected[name]

    def check(self, sheet: Sheet, is_complete: bool = False) -> Report:
        """The report on one sheet; `is_complete` counts what the questions ask for and the sheet leaves out."""
        with self.balls.precision():
            placed = [place(answer, self) for answer in sheet.answers]
            if is_complete:
                placed += self._left_out(placed)
            once: set[str] = set()
            for at, entry in enumerate(placed):
                if entry.key in once:
                    placed[at] = entry.given_twice()
                once.add(entry.key)
            placed.sort(key=lambda entry: self._order.get(entry.name, len(self._order)))
            sources = Sources()
            tensors = tuple(self._tensor(entry, sources) for entry in placed)
        return Report(self.trace.problem.file, sheet.source, tensors, self.rule, self.trace)

    def _left_out(self, placed: Sequence[Placed]) -> list[Placed]:
        answered = {entry.name for entry in placed}
        asked = dict.fromkeys(name for names in self.trace.problem.questions.values() for name in names)
        names = dict.fromkeys(self.trace.resolve(name) or name for name in asked)
        return [place(Answer(name, None), self) for name in names if name not in answered]

    def _tensor(self, entry: Placed, sources: Sources) -> TensorReport:
        attempt = entry.attempt
        if attempt is None:
            verdict = TensorVerdict.MISSING if entry.is_missing else TensorVerdict.INVALID
            return TensorReport(entry.key, verdict, 0, entry.cells, notes=entry.notes)
        wrong = attempt.wrong
        if not wrong.any():
            self._carry(attempt, sources, None)
            return self._report(entry, attempt, _without_wrong(attempt), np.zeros_like(wrong))
        rework = self._rework(attempt, sources)
        follows = self._following(attempt, rework, sources)
        used = self._used(attempt, rework, follows)
        is_bad = wrong & ~follows
        mistakes: tuple[LikelyMistake, ...] = ()
        if is_bad.any():
            verdict = TensorVerdict.WRONG
            mistakes = self._diagnosis.mistakes(attempt, is_bad, rework, sources)
        else:
            unfinished = _without_wrong(attempt)
            verdict = TensorVerdict.FOLLOWS if unfinished is TensorVerdict.CORRECT else unfinished
            if used and sources.correct.issuperset(used):
                phrase = CARRIED.format(names=", ".join(used))
                mistakes = (LikelyMistake("rounded-early", phrase, cells=int(wrong.sum())),)
        self._carry(attempt, sources, rework)
        return self._report(entry, attempt, verdict, follows, mistakes, used)

    # What follows

    def _rework(self, attempt: Attempt, sources: Sources) -> Rework | None:
        """The tensor's recomputation from the student's earlier answers; None where it rests on none of them."""
        name = attempt.expected.tensor.name
        if name not in self.truth.makers:
            return None
        rework = Rework(self.truth, {other: array for other, array in sources.tensors.items() if other != name})
        return rework if rework.is_affected(name) else None

    def _following(self, attempt: Attempt, rework: Rework | None, sources: Sources) -> Booleans:
        """Which wrong cells follow from the student's earlier answers; all or, where some do not, those that do."""
        nothing = np.zeros(len(attempt.wrong), dtype=np.bool_)
        if rework is None or not attempt.fits:
            return nothing
        best = nothing
        for route in self._routes(attempt, rework, sources):
            values = self._computed(route, attempt.expected.tensor.name)
            if values is None:
                continue
            candidate = Candidate("", Phrase("", ""), values)
            agrees = agreement(attempt, candidate, self.balls, self.rule, is_lenient=False) & attempt.wrong
            if (agrees & ~best).any():
                best = best | agrees
            if best.sum() == attempt.wrong.sum():
                break
        return best

    def _routes(self, attempt: Attempt, rework: Rework, sources: Sources) -> Iterator[Rework]:
        """From all earlier answers, as rounded and as typed; then past the gradient behind, as p − t is past dL/dp."""
        yield rework
        name = attempt.expected.tensor.name
        yield Rework(self.truth, {other: array for other, array in sources.typed.items() if other != name})
        step, _ = self.truth.makers[attempt.expected.tensor.name]
        behind = step.names.get("g")
        if behind in rework.sources:
            past = Rework(self.truth, {name: array for name, array in rework.sources.items() if name != behind})
            if past.is_affected(attempt.expected.tensor.name):
                yield past

    def _used(self, attempt: Attempt, rework: Rework | None, follows: Booleans) -> tuple[str, ...]:
        """The earlier answers that the cells which follow rest on, in order."""
        if rework is None or not follows.any():
            return ()
        at = attempt.positions[np.flatnonzero(follows)[:MOST_TRACED]].tolist()
        return tuple(sorted(rework.rests_on(attempt.expected.tensor.name, at), key=self._order.__getitem__))

    def _computed(self, rework: Rework, name: str) -> Array | None:
        try:
            return shown(rework, name, rework.computed(name))
        except CANNOT:
            return None

    def _carry(self, attempt: Attempt, sources: Sources, rework: Rework | None) -> None:
        """Let later tensors be computed from this answer, if it can carry anything."""
        tensor = attempt.expected.tensor
        if not attempt.is_complete or tensor.local == PATH:
            return
        values = self._as_source(attempt, rework)
        if values is None:
            return
        if not attempt.expected.is_zero and not np.any(attempt.middles):
            return  # nothing but zeros where something should be: a sheet filled in, not computed
        sources.tensors[tensor.name], sources.typed[tensor.name] = values, self._as_typed(attempt)
        sources.texts[tensor.name] = tuple(given.text for given in attempt.cells)
        if not attempt.wrong.any():
            sources.correct.add(tensor.name)

    def _as_source(self, attempt: Attempt, rework: Rework | None) -> Array | None:
        """The cells as balls: a decimal with all that is rounded to it, unless it is the exact number."""
        values = np.empty(len(attempt.cells), dtype=object)
        computed = self._computed(rework, attempt.expected.tensor.name) if rework is not None else None
        exact = [] if computed is None else [self.balls.bounds(ball.reshape(1))[0] for ball in computed.reshape(-1, 1)]
        for at, given in enumerate(attempt.cells):
            number = given.number
            if number is None or given.bounds is None:
                return None
            is_exact = attempt.expected.is_exactly(int(attempt.positions[at]), given)
            if not is_exact and exact:
                bounds = exact[at]
                is_exact = bounds is not None and bounds[0] == bounds[1] == given.bounds[0]
            with suppress(ArithmeticError):
                values[at] = self.balls.number(number) if is_exact else self.balls.within(number)
            if values[at] is None:
                return None
        return values

    def _as_typed(self, attempt: Attempt) -> Array:
        values = np.empty(len(attempt.cells), dtype=object)
        values[:] = [self.balls.number(given.number) for given in attempt.cells if given.number is not None]
        return values

    # To the reader

    def _report(
        self, entry: Placed, attempt: Attempt, verdict: TensorVerdict, follows: Booleans,
        mistakes: tuple[LikelyMistake, ...] = (), used: tuple[str, ...] = (),
    ) -> TensorReport:  # fmt: skip
        return TensorReport(
            entry.key,
            verdict,
            sum(cell is CellVerdict.RIGHT for cell in attempt.verdicts),
            entry.cells,
            tuple(self._cells(entry, attempt, follows)),
            mistakes,
            used,
            entry.notes,
            attempt.cells if attempt.fits else (),
        )

    def _cells(self, entry: Placed, attempt: Attempt, follows: Booleans) -> Iterator[CellReport]:
        if not attempt.fits:
            yield CellReport((), _by(attempt.shape), _by(entry.shape), CellVerdict.SHAPE)
            return
        base = self.trace.problem.index_base
        shape = attempt.expected.shape
        for at, verdict in enumerate(attempt.verdicts):
            if verdict is not CellVerdict.RIGHT:
                position = int(attempt.positions[at])
                index = tuple(int(i) + base for i in np.unravel_index(position, shape)) if shape else ()
                text = attempt.expected.text(position)
                yield CellReport(index, attempt.cells[at].text, text, verdict, bool(follows[at]))


def _without_wrong(attempt: Attempt) -> TensorVerdict:
    """The verdict on an answer in which nothing is wrong."""
    if CellVerdict.UNREADABLE in attempt.verdicts:
        return TensorVerdict.INVALID
    return TensorVerdict.MISSING if CellVerdict.MISSING in attempt.verdicts else TensorVerdict.CORRECT


def _by(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) if shape else "1"
