"""A checked answer sheet as a Document and as JSON (contract `cnncalc-check/1`).

The Document: a summary, then each tensor that is not correct with the student's cells.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from cnncalc.checking.report import CellReport, LikelyMistake, Report, TensorReport, TensorVerdict, codes_together
from cnncalc.checking.rule import CellVerdict
from cnncalc.language import Language, Phrase, verbatim
from cnncalc.layers.base import Index
from cnncalc.records import Record
from cnncalc.render.builders.naming import step_names
from cnncalc.render.data.json import attributes, records
from cnncalc.render.document import Block, Cell, Column, Document, Heading, MarkKind, Paragraph, Table, TensorBlock
from cnncalc.render.formula.formula import Formula
from cnncalc.render.table.number import DEFAULT_DIGITS, Number, describe

SCORE = Phrase("Score: {score} of {most}.")
LOOK = Phrase(" The first error is in {name}: look there first.")
FOLLOWED = Phrase(" Nothing is wrong in itself; what is off follows from numbers rounded before it.")
NOTHING = Phrase(" There is no answer on the sheet.")
COUNTED = Phrase(
    "The sheet keeps to this throughout. Right under it, and counted: {names}. The rest is judged under it as well."
)
NOT_COUNTED = Phrase(
    "The sheet keeps to this throughout. Right under it, but not counted (`--conventions accept` counts it):"
    " {names}. The rest is judged under it as well."
)
ALL_RIGHT = Phrase(" Everything is right.")
ALL_ANSWERED_RIGHT = Phrase(" Everything that is answered is right.")
UNANSWERED = Phrase(" Not answered: {names}.")
NOT_COUNTED_EITHER = Phrase(" Not answered, and not counted: {names}.")
MORE_NAMES = Phrase("{names} and {count} more")
MOST_NAMES = 12
VERDICTS = {
    TensorVerdict.CORRECT: Phrase("✓ correct"),
    TensorVerdict.FOLLOWS: Phrase("→ follows"),
    TensorVerdict.WRONG: Phrase("✗ wrong"),
    TensorVerdict.CONVENTION: Phrase("~ other convention"),
    TensorVerdict.MISSING: Phrase("? missing"),
    TensorVerdict.INVALID: Phrase("! invalid"),
}
CELLS = {
    CellVerdict.RIGHT: Phrase("right"),
    CellVerdict.TRUNCATED: Phrase("cut off, not rounded"),
    CellVerdict.LAST_DIGIT: Phrase("last digit off by one"),
    CellVerdict.TOO_FEW_DIGITS: Phrase("too few digits"),
    CellVerdict.WRONG: Phrase("wrong"),
    CellVerdict.MISSING: Phrase("missing"),
    CellVerdict.UNREADABLE: Phrase("cannot be read"),
    CellVerdict.SHAPE: Phrase("wrong size"),
}
FOLLOWS = Phrase("follows")
RIGHT_OF = Phrase("{right} of {cells:cell|cells} right")
FOLLOWS_FROM = Phrase("This follows from your own {names}; it counts as right.")
PARTLY_FOLLOWS = Phrase("The cells marked → follow from your own {names}.")
CONVENTION = Phrase("{phrase} ({code})")
MISTAKE = Phrase("Likely mistake ({code}): {phrase}")
ALTERNATIVE = Phrase("{one} Or ({code}): {phrase}")
YOURS = Phrase("Your answer:")
FORMULA = Phrase("What is right:")
MORE = Phrase("… and {count} more; --all shows them.")
NO_NUMBER = Phrase("nothing")
SUMMARY = (
    Column(Phrase("Tensor")),
    Column(Phrase("Verdict")),
    Column(Phrase(en="Right", zh="正确数"), "right"),
    Column(Phrase("Likely mistake")),
)
CELL = Column(Phrase("Cell"))
GIVEN = Column(Phrase("Yours"), "right")
EXPECTED = Column(Phrase(en="Right", zh="正确"), "right")
WHAT = Column(Phrase(en="What it is", zh="说明"))
MOST_DIGITS = 30
"""Of a right number, however many were typed."""
_DECIMAL = re.compile(r"-?[\d.]+(?:[eE][-+]?\d+)?")
CELLS_SHOWN = 12
LONGEST_TEXT = 24
MOST_DRAWN = 400
"""Cells of an answer that is drawn whole."""


def marked(report: Report, hide_answers: bool = False, everything: bool = False) -> Document:
    """The Document of one sheet. With `hide_answers` it says what is wrong and where, and no right number."""
    return Document(tuple(_blocks(report, hide_answers, everything)))


def _blocks(report: Report, hide_answers: bool, everything: bool) -> Iterator[Block]:
    title = report.trace.problem.title or report.problem
    yield Heading(1, verbatim(title), verbatim(report.answers))
    yield Paragraph(outcome(report))
    yield from (Paragraph(phrase) for phrase in (*report.notes, *conventions(report)))
    yield Paragraph(report.rule.phrase, "note")
    yield Table(SUMMARY, tuple(_row(tensor) for tensor in report.tensors))
    for tensor in report.tensors:
        # Of what is not on the sheet everything has been said.
        if tensor.name in report.unanswered:
            continue
        if tensor.wrong or tensor.notes or tensor.verdict in (TensorVerdict.MISSING, TensorVerdict.INVALID):
            yield from _Marked(report, tensor, hide_answers, everything).blocks()


def outcome(report: Report) -> Phrase:
    """The score, and where to look."""
    score = SCORE.format(score=report.score, most=report.max_score)
    if report.first_error is not None:
        after = LOOK.format(name=report.first_error)
    elif report.is_correct:
        after = ALL_ANSWERED_RIGHT if report.unanswered else ALL_RIGHT
    elif not report.conventions and any(tensor.verdict is TensorVerdict.FOLLOWS for tensor in report.tensors):
        after = FOLLOWED
    else:
        is_empty = len(report.tensors) == sum(tensor.name in report.unanswered for tensor in report.tensors)
        after = NOTHING if is_empty else verbatim("")
    return score + after + _unanswered(report)


def _unanswered(report: Report) -> Phrase:
    """What the questions ask for and the sheet leaves out."""
    names = report.unanswered
    if not names:
        return verbatim("")
    listed = Phrase.enumerated(names[:MOST_NAMES])
    if len(names) > MOST_NAMES:
        listed = MORE_NAMES.format(names=listed, count=len(names) - MOST_NAMES)
    is_counted = any(tensor.name == names[0] for tensor in report.tensors)
    return (UNANSWERED if is_counted else NOT_COUNTED_EITHER).format(names=listed)


def conventions(report: Report) -> list[Phrase]:
    """What is said once of a sheet that keeps to other conventions than the problem."""
    if not report.conventions:
        return []
    names = [tensor.name for tensor in report.tensors if tensor.verdict is TensorVerdict.CONVENTION]
    frame = COUNTED if report.accepts_conventions else NOT_COUNTED
    said = [mistake_phrase(convention) for convention in report.conventions]
    return [*said, frame.format(names=Phrase.enumerated(names))]


def _row(tensor: TensorReport) -> tuple[Phrase, ...]:
    right = f"{tensor.right}/{tensor.cells}" if tensor.cells else ""
    codes = Phrase.enumerated(map(codes_together, tensor.findings))
    return verbatim(tensor.name), VERDICTS[tensor.verdict], verbatim(right), codes


def finding_phrase(finding: Sequence[LikelyMistake]) -> Phrase:
    """One mistake or another, in sentences."""
    phrase = mistake_phrase(finding[0])
    for other in finding[1:]:
        phrase = ALTERNATIVE.format(one=phrase, code=other.code, phrase=other.phrase)
    return phrase


def mistake_phrase(mistake: LikelyMistake) -> Phrase:
    """A mistake in a sentence, with its code; a convention is called one."""
    frame = CONVENTION if mistake.kind == "convention" else MISTAKE
    return frame.format(code=mistake.code, phrase=mistake.phrase)


class _Marked(Record):
    """The blocks of one tensor."""

    report: Report
    tensor: TensorReport
    hide_answers: bool
    everything: bool

    def blocks(self) -> Iterator[Block]:
        """What was read, what follows, what probably went wrong, and the cells."""
        tensor = self.tensor
        verdict = VERDICTS[tensor.verdict]
        right = RIGHT_OF.format(right=tensor.right, cells=tensor.cells)
        aside = Phrase(", ", "，").join((verdict, right)) if tensor.cells else verdict
        yield Heading(3, verbatim(tensor.name), aside)
        yield from (Paragraph(note, "note") for note in tensor.notes)
        if not tensor.wrong and tensor.verdict is not TensorVerdict.MISSING:
            return
        if tensor.follows_from:
            names = Phrase.enumerated(tensor.follows_from)
            frame = FOLLOWS_FROM if tensor.verdict is TensorVerdict.FOLLOWS else PARTLY_FOLLOWS
            yield Paragraph(frame.format(names=names))
        yield from (Paragraph(finding_phrase(finding), "item") for finding in tensor.findings)
        if tensor.verdict is TensorVerdict.WRONG:
            yield from self._formula()
        if self._is_drawn():
            yield Paragraph(YOURS)
            yield self._drawing()
        # Of a wrong size the note has said all.
        if any(cell.verdict is not CellVerdict.SHAPE for cell in tensor.wrong[:1]):
            yield self._table()
            left = len(tensor.wrong) - self._shown
            if left > 0:
                yield Paragraph(MORE.format(count=left), "note")

    @property
    def _shown(self) -> int:
        return len(self.tensor.wrong) if self.everything else min(CELLS_SHOWN, len(self.tensor.wrong))

    def _formula(self) -> Iterator[Block]:
        trace = self.report.trace
        name = self.tensor.name.partition("[")[0]
        formula = trace.formula(name)
        if formula is not None:
            yield Paragraph(FORMULA)
            yield Formula(formula, step_names(trace, trace.step(name)))

    def _is_drawn(self) -> bool:
        given = self.tensor.given
        is_whole = "[" not in self.tensor.name
        return is_whole and 1 < len(given) <= MOST_DRAWN

    def _drawing(self) -> TensorBlock:
        """The student's cells in the tensor's shape; each that is not right is marked."""
        trace = self.report.trace
        tensor = trace[self.tensor.name]
        base = trace.problem.index_base
        marks: dict[Index, MarkKind] = {}
        for cell in self.tensor.wrong:
            if cell.verdict is not CellVerdict.MISSING:
                marks[tuple(i - base for i in cell.index)] = "follows" if cell.follows else "wrong"

        def cell_at(index: Index) -> Cell:
            at = int(np.ravel_multi_index(index, tensor.shape))
            mark = marks.get(tuple(int(i) for i in index))
            typed = shortened(self.tensor.given[at].text) or "?"
            return Cell(Number(typed, is_words=True), frozenset([mark] if mark else ()))

        present: tuple[MarkKind, ...] = ("wrong", "follows")
        return TensorBlock(
            tensor.name, tensor.shape, base, cell_at, tensor.batched,
            tuple(kind for kind in present if kind in marks.values()),
        )  # fmt: skip

    def _right(self, cell: CellReport) -> str:
        """The right number as a reader wants it: a fraction or a closed form with its decimal."""
        trace = self.report.trace
        tensor = trace[self.tensor.name.partition("[")[0]]
        if tensor.numbers.stands_for_letters:
            return cell.expected
        element = tensor.elements[tuple(i - trace.problem.index_base for i in cell.index)]
        closed_form = None if _DECIMAL.fullmatch(cell.expected) else cell.expected
        # As many digits as were typed, so that both can be laid side by side.
        digits = min(max(cell.digits, DEFAULT_DIGITS), MOST_DIGITS)
        return describe(tensor.numbers, element, digits, closed_form).both

    def _table(self) -> Table:
        columns = (CELL, GIVEN, WHAT) if self.hide_answers else (CELL, GIVEN, EXPECTED, WHAT)
        rows = []
        for cell in self.tensor.wrong[: self._shown]:
            address = f"[{','.join(map(str, cell.index))}]" if cell.index else ""
            given = verbatim(shortened(cell.given)) if cell.given.strip() else NO_NUMBER
            # What follows counts as right, whatever it is by itself.
            what = FOLLOWS if cell.follows else CELLS[cell.verdict]
            expected = () if self.hide_answers else (verbatim(self._right(cell)),)
            rows.append((verbatim(address), given, *expected, what))
        return Table(columns, tuple(rows))


def shortened(text: str, longest: int = LONGEST_TEXT) -> str:
    """What a student typed, in one line that a table can hold."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def report_json(report: Report, hide_answers: bool = False, language: Language = "en") -> str:
    """One JSON object, a tensor a line; with `hide_answers`, `expected` is null."""
    head = {
        "format": "cnncalc-check/1",
        **attributes(report, "problem", "answers", "score", "max_score", "first_error"),
        "conventions": [
            {"code": convention.code, "message": convention.phrase.text(language)} for convention in report.conventions
        ],
        "notes": [note.text(language) for note in report.notes],
        "unanswered": list(report.unanswered),
        "rule": report.rule.phrase.text(language),
    }
    return records(head, "tensors", (_tensor_json(one, hide_answers, language) for one in report.tensors))


def _tensor_json(tensor: TensorReport, hide_answers: bool, language: Language) -> dict[str, Any]:
    return {
        "name": tensor.name,
        "verdict": tensor.verdict.value,
        "right": tensor.right,
        "cells": tensor.cells,
        "wrong": [
            {
                **attributes(cell, "index", "given"),
                "expected": None if hide_answers else cell.expected,
                "verdict": cell.verdict.value,
                "follows": cell.follows,
            }
            for cell in tensor.wrong
        ],
        "mistakes": [
            {
                "code": mistake.code,
                "message": mistake.phrase.text(language),
                **attributes(mistake, "kind", "tensor", "cells"),
                "alternative": mistake.is_alternative,
            }
            for mistake in tensor.mistakes
        ],
        **attributes(tensor, "follows_from", "unearned_from"),
        "notes": [note.text(language) for note in tensor.notes],
    }
