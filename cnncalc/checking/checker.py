"""(Trace, answer sheet) -> Report: what each tensor and cell is, what follows from what, and which mistake it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import Any, overload

import numpy as np

from cnncalc.arithmetic.base import Booleans, TooCostly
from cnncalc.checking import mistakes_in_writing, placeholders, what_follows
from cnncalc.checking.answer_key import AnswerKey
from cnncalc.checking.conventions import Throughout
from cnncalc.checking.diagnosis import CUT_SHORT, Diagnosis
from cnncalc.checking.in_doubles import Branching
from cnncalc.checking.in_letters import NOT_PROVEN
from cnncalc.checking.matched_answers import TWICE, Entry, MatchedAnswer, match
from cnncalc.checking.printed import as_printed, as_printed_together
from cnncalc.checking.quantities import order
from cnncalc.checking.report import CellReport, LikelyMistake, Report, TensorReport, TensorVerdict
from cnncalc.checking.rule import CellVerdict, Rule
from cnncalc.checking.sheets.sheet import Answer, Sheet, read_sheet, sheet_of_values
from cnncalc.checking.sources import Sources, carry
from cnncalc.checking.steps_between import comes_out_sharply, usual_rounding, with_steps_rounded
from cnncalc.language import Phrase
from cnncalc.layers.base import by
from cnncalc.problem.names import plain_name
from cnncalc.problem.problem import LOADED, Problem
from cnncalc.problem.text.faults import AnswerError, Fault, ProblemError
from cnncalc.problem.words.other_names import asked_by
from cnncalc.records import expect, replace
from cnncalc.trace import Trace

MOST_UNKNOWN = 200
MORE_UNKNOWN = Phrase("{count} more entries, whose names no tensor has, are left out")


def check(
    problem: Problem, answers: str | Path | Mapping[str, Any], rule: Rule | None = None, *, complete: bool = False
) -> Report:
    """Compare answers (a path, or a mapping of names to values) with the solution; raises AnswerError, ProblemError.

    `complete` counts what the questions ask for and the answers leave out, as `cnncalc check` does for a sheet; the
    report names it in any case.
    """
    from cnncalc.solver import solution_for_answers

    expect(problem, Problem, LOADED)
    if isinstance(answers, Mapping):
        sheet = sheet_of_values(answers)
    elif isinstance(answers, str | Path):
        sheet = read_sheet(answers)
    else:
        message = f"answers are the path of a sheet or a mapping of names to values, not {type(answers).__name__}"
        raise AnswerError([Fault(message, 'write {"conv_1": [[…]]}, or the name of a file')], "<answers>")
    return Checker(solution_for_answers(problem), rule or Rule()).check(sheet, complete)


class Checker:
    """Checks any number of sheets against one solution, and remembers what does not depend on the student."""

    def __init__(self, trace: Trace, rule: Rule) -> None:
        self.trace = trace
        self.rule = rule
        self.key = AnswerKey(trace, rule)
        self._balls = self.key.balls
        self._order = {tensor.name: position for position, tensor in enumerate(trace)}
        self._diagnosis = Diagnosis(self.key)
        self._throughout = Throughout(self, self._under, self._in_doubles)

    def _under(self, problem: Problem) -> Checker:
        """The checker of the same problem under other conventions."""
        from cnncalc.solver import SHEET_BUDGET, solution_for_answers

        in_float = self.trace.numbers.name == "float"
        # There may be four of them for one sheet.
        return Checker(solution_for_answers(problem, "float" if in_float else None, SHEET_BUDGET // 4), self.rule)

    def _in_doubles(self, problem: Problem) -> Trace | None:
        """The same in doubles, before any update, where they tell anything."""
        from cnncalc.solver import solve_in

        if problem.blanks or problem.has_letters:
            return None
        try:
            return solve_in(Branching(), replace(problem, update=None))
        except (ProblemError, ArithmeticError):
            return None

    @np.errstate(all="ignore")
    def check(self, sheet: Sheet, is_complete: bool = False, accepts_conventions: bool = False) -> Report:
        """The report on one sheet; `is_complete` counts what the questions ask for and the sheet leaves out.

        `accepts_conventions` counts what is right under another convention that the sheet keeps to throughout.
        """
        from cnncalc.solver import SHEET_BUDGET

        try:
            with self.trace.numbers.allowance(SHEET_BUDGET):
                report = self._throughout.reported(sheet, is_complete, self.report(sheet, is_complete))
        except TooCostly:
            return self._by_doubles.check(sheet, is_complete, accepts_conventions)
        return replace(report, accepts_conventions=accepts_conventions)

    @cached_property
    def _by_doubles(self) -> Checker:
        """What checks against the solution in doubles, for sheets that take too much work with exact numbers."""
        from cnncalc.solver import in_doubles

        return Checker(in_doubles(self.trace), self.rule)

    @np.errstate(all="ignore")
    def may_be_right(self, entries: Sequence[Entry], doubles: Trace) -> frozenset[str]:
        """At least the answers that are right by another solution, which is given in doubles: a first look at it."""
        return frozenset(entry.key for entry in entries if _may_be_right(entry, doubles, self.rule))

    def entries(self, sheet: Sheet) -> list[Entry]:
        """The answers of a sheet, each with its tensor."""
        with self._balls.precision():
            return self._read(sheet)[0]

    def _read(self, sheet: Sheet) -> tuple[list[Entry], tuple[Phrase, ...]]:
        """The answers, with what is known of how they were printed, and what is said of that."""
        entries, of_the_format = as_printed(placed(sheet.answers, self.key), sheet.text)
        entries, of_the_print = as_printed_together(entries, self.rule, "tensor(" in sheet.text)
        return entries, of_the_format + of_the_print

    @np.errstate(all="ignore")
    def right(self, sheet: Sheet) -> frozenset[str]:
        """The answers without anything wrong or missing in them, by the name that is reported."""
        entries = self.entries(sheet)
        right = {CellVerdict.RIGHT}
        return frozenset(entry.key for entry in entries if entry.answer and right.issuperset(entry.answer.verdicts))

    @np.errstate(all="ignore")
    def report(self, sheet: Sheet, is_complete: bool = False) -> Report:
        """The report on one sheet by the problem's own conventions alone."""
        with self._balls.precision():
            entries, said = self._read(sheet)
            left_out = self._left_out(entries)
            entries = _once([*entries, *(match(Answer(name, None), self.key) for name in left_out if is_complete)])
            entries.sort(key=lambda entry: self._place(entry.name))
            answers = tuple(entry.answer for entry in entries if entry.answer is not None)
            sources = Sources(answers, rounding=usual_rounding(answers))
            tensors = tuple(self._tensor(entry, sources) for entry in entries)
        return Report(
            self.trace.problem.file, sheet.source, tensors, self.rule, self.trace, files=sheet.files,
            notes=sheet.notes + said, unanswered=left_out, is_complete=is_complete,
        )  # fmt: skip

    @cached_property
    def _asked(self) -> frozenset[str]:
        """The tensors that the questions ask for, which are the same for every sheet."""
        asked = (name for names in self.trace.problem.questions.values() for name in names)
        return frozenset(name for name in map(self.trace.resolve, asked) if name is not None)

    def _left_out(self, placed: Sequence[Entry]) -> tuple[str, ...]:
        """What the questions ask for and is answered in part or not at all, in the order of computation."""
        known = self._asked - {entry.name for entry in placed if entry.key == entry.name}
        cells = Counter[str]()
        for entry in placed:
            cells[entry.name] += entry.cells
        return self._in_order({name for name in known if cells[name] < self.trace[name].elements.size})

    def _tensor(self, entry: Entry, sources: Sources) -> TensorReport:
        answer = entry.answer
        if answer is None:
            verdict = TensorVerdict.MISSING if entry.is_missing else TensorVerdict.INVALID
            return TensorReport(entry.key, verdict, 0, entry.cells, notes=entry.notes)
        wrong = answer.wrong
        if not answer.expected.undecided.isdisjoint(answer.positions.tolist()):
            entry = replace(entry, notes=(*entry.notes, NOT_PROVEN))
        if not wrong.any():
            carry(answer, sources, None)
            return self._report(entry, answer, _without_wrong(answer), np.zeros_like(wrong))
        basis = what_follows.recomputation(self.key.truth, answer, sources)
        follows = what_follows.following(answer, basis, sources, self.rule)
        used = self._in_order(what_follows.used(answer, basis, follows))
        between = None
        if (is_bad := wrong & ~follows).any():
            alike, supposed = what_follows.from_the_same_mistake(self.key.truth, answer, sources, self.rule)
            if supposed is not None:
                said = what_follows.SAME_MISTAKE.format(place=supposed.name, name=supposed.seen_in)
                entry = replace(entry, notes=(*entry.notes, said))
            follows = follows | alike
            is_bad = wrong & ~follows
        if is_bad.any():
            between = with_steps_rounded(self.key.truth, answer, sources, self.rule)
        if between is not None and between.is_from_exact and not (is_bad & ~between.cells & ~between.as_written).any():
            # Cut off, or adjusted so that the sum is 1: that is seen in the digits, and tells more.
            codes = self._diagnosis.of_digits(answer, is_bad, basis, sources)
            if mistakes_in_writing.is_of_digits(codes, answer) and not comes_out_sharply(
                self.key.truth, answer, sources, self.rule
            ):
                between = None
        if between is not None:
            follows = follows | between.cells
            is_bad = wrong & ~follows
        mistakes: tuple[LikelyMistake, ...] = ()
        made_up: set[str] = set()
        if is_bad.any():
            verdict = TensorVerdict.WRONG
            made_up = placeholders.unearned(self.key.truth, answer, is_bad, sources, self.rule)
            if between is not None and not (is_bad & ~between.as_written).any():
                mistakes = self._said_of_rounding(answer, "too-few-digits")
            elif not made_up:
                mistakes = self._diagnosis.mistakes(answer, is_bad, basis, sources)
                if not mistakes and self._diagnosis.is_cut_short(answer, sources):
                    entry = replace(entry, notes=(*entry.notes, CUT_SHORT))
            entry = self._with_notes(entry, answer, made_up, sources)
        else:
            unfinished = _without_wrong(answer)
            verdict = TensorVerdict.FOLLOWS if unfinished is TensorVerdict.CORRECT else unfinished
            if (used or between is not None) and sources.correct.issuperset(used):
                mistakes = self._said_of_rounding(
                    answer,
                    *(
                        mistakes_in_writing.carried(answer, used, self.rule)
                        if between is None
                        else mistakes_in_writing.rounded_between(between.steps)
                    ),
                )
        made = [mistake.numbers for mistake in mistakes if mistake.numbers is not None]
        is_placeholder = bool(made_up) or placeholders.is_placeholder(answer, is_bad, mistakes)
        carry(answer, sources, basis, is_placeholder, made)
        report = self._report(entry, answer, verdict, follows, mistakes, used)
        return replace(report, unearned_from=self._in_order(made_up))

    def _said_of_rounding(self, answer: MatchedAnswer, code: str, phrase: Phrase | None = None) -> tuple[LikelyMistake]:
        said = phrase or mistakes_in_writing.PHRASES[code].format(digits=self.rule.significant)
        return (LikelyMistake(code, said, tensor=answer.name, cells=int(answer.wrong.sum())),)

    def _with_notes(self, entry: Entry, answer: MatchedAnswer, made_up: set[str], sources: Sources) -> Entry:
        """With what is said of a wrong answer that follows from a placeholder, or might from one of a wrong size."""
        misshapen = placeholders.of_another_size(self.key.truth, answer, sources)
        said = {placeholders.UNEARNED: made_up, placeholders.ANOTHER_SIZE: misshapen}
        notes = (note.format(names=Phrase.enumerated(self._in_order(names))) for note, names in said.items() if names)
        return replace(entry, notes=(*entry.notes, *notes))

    def _in_order(self, names: set[str]) -> tuple[str, ...]:
        return tuple(sorted(sorted(names), key=self._place))

    def _place(self, name: str) -> tuple[int, int, int]:
        """Where a tensor stands in the order of computation; sizes and counts come last, in an order of their own."""
        return (self._order.get(name, len(self._order)), *order(self.trace.problem, name))

    def _report(
        self, entry: Entry, answer: MatchedAnswer, verdict: TensorVerdict, follows: Booleans,
        mistakes: tuple[LikelyMistake, ...] = (), used: tuple[str, ...] = (),
    ) -> TensorReport:  # fmt: skip
        return TensorReport(
            entry.key,
            verdict,
            sum(cell is CellVerdict.RIGHT for cell in answer.verdicts),
            entry.cells,
            self._cells(entry, answer, follows),
            mistakes,
            used,
            entry.notes,
            answer.cells if answer.fits else (),
        )

    def _cells(self, entry: Entry, answer: MatchedAnswer, follows: Booleans) -> Sequence[CellReport]:
        if answer.fits:
            return _WrongCells(answer, follows)
        return (CellReport((), by(answer.shape), partial(by, entry.shape), CellVerdict.SHAPE),)


class _WrongCells(Sequence[CellReport]):
    """The cells of an answer that are not right; of a million the few are made that somebody looks at."""

    def __init__(self, answer: MatchedAnswer, follows: Booleans) -> None:
        self._answer, self._follows = answer, follows
        self._at = [at for at, verdict in enumerate(answer.verdicts) if verdict is not CellVerdict.RIGHT]

    def __len__(self) -> int:
        return len(self._at)

    @overload
    def __getitem__(self, number: int) -> CellReport: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[CellReport]: ...

    def __getitem__(self, number: int | slice) -> CellReport | Sequence[CellReport]:
        if isinstance(number, slice):
            return tuple(map(self._cell, self._at[number]))
        return self._cell(self._at[number])

    def _cell(self, at: int) -> CellReport:
        answer, position = self._answer, int(self._answer.positions[at])
        index, due = answer.expected.index(position), partial(answer.expected.text, position)
        given = answer.cells[at]
        digits = given.significant if isinstance(given.number, Decimal) else 0
        return CellReport(index, answer.texts[at], due, answer.verdicts[at], bool(self._follows[at]), digits)


def _may_be_right(entry: Entry, doubles: Trace, rule: Rule) -> bool:
    answer = entry.answer
    if answer is None or not answer.fits:
        return False
    if entry.name not in doubles:
        return True  # a size or a count is what it is in any numbers
    # By another solution the cells of another shape may be read in another order.
    return answer.may_be(doubles[entry.name].value.ravel(), rule, in_any_order=answer.shape != entry.shape)


def _once(placed: list[Entry]) -> list[Entry]:
    """The first answer of each name; that there is another is said."""
    first: dict[str, Entry] = {}
    for entry in placed:
        known = first.get(entry.key)
        first[entry.key] = entry if known is None else replace(known, notes=(*known.notes, TWICE))
    return list(first.values())


def _without_wrong(answer: MatchedAnswer) -> TensorVerdict:
    """The verdict on an answer in which nothing is wrong."""
    if CellVerdict.UNREADABLE in answer.verdicts:
        return TensorVerdict.INVALID
    return TensorVerdict.MISSING if CellVerdict.MISSING in answer.verdicts else TensorVerdict.CORRECT


def placed(answers: Sequence[Answer], key: AnswerKey) -> list[Entry]:
    """Each answer with its tensor; one to a question for several tensors, item by item.

    Of names that no tensor has the first few are told what may be meant; the rest are left out, which is said.
    """
    found: list[Entry] = []
    unknown = left_out = 0
    for single in (single for answer in answers for single in _single(answer, key)):
        if unknown >= MOST_UNKNOWN and key.trace.resolve(plain_name(single.name).partition("[")[0]) is None:
            left_out += 1
            continue
        found.append(match(single, key))
        unknown += found[-1].answer is None and not found[-1].is_missing
    if left_out:
        found[-1] = replace(found[-1], notes=(*found[-1].notes, MORE_UNKNOWN.format(count=left_out)))
    return found


def _single(answer: Answer, key: AnswerKey) -> Sequence[Answer]:
    asked = asked_by(answer.name, key.trace.problem.questions)
    parts = [answer] * len(asked) if answer.is_missing else answer.parts
    if len(asked) < 2 or len(asked) != len(parts) or key.trace.resolve(plain_name(answer.name)) is not None:
        return [answer]
    return [replace(part, name=name) for name, part in zip(asked, parts, strict=True)]
