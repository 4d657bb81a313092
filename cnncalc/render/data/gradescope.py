"""A checked answer sheet as Gradescope's `results.json`: a test a tensor."""

from typing import Any

from cnncalc.checking.earned import number
from cnncalc.checking.report import Report, TensorReport
from cnncalc.language import Language
from cnncalc.render.builders.report import CELLS, VERDICTS, codes_of, conventions, finding_phrase, outcome, shortened
from cnncalc.render.data.json_text import dump

MOST_CELLS = 40
"""Cells that are listed for one tensor; a student reads no more."""


def render(report: Report, hide_answers: bool = False, language: Language = "en") -> str:
    """The result of one submission."""
    result = {
        "score": report.score,
        "output": "\n".join(
            phrase.text(language)
            for phrase in (outcome(report), *report.notes, *conventions(report), report.rule.phrase)
        ),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "tests": [_test(report, tensor, hide_answers, language) for tensor in report.tensors],
        "extra_data": {"format": "cnncalc-check/1", "first_error": report.first_error},
    }
    return dump(result, ascii_only=True, indent=1) + "\n"


def render_unreadable(message: str) -> str:
    """The result of a submission that cannot be read: it is still a result."""
    result = {"score": 0, "output": message, "output_format": "text", "tests": []}
    return dump(result, ascii_only=True, indent=1) + "\n"


def _test(report: Report, tensor: TensorReport, hide_answers: bool, language: Language) -> dict[str, Any]:
    earned, worth = report.earned(tensor), report.worth(tensor)
    return {
        "name": tensor.name,
        "score": number(earned),
        "max_score": number(worth),
        "status": "passed" if earned == worth else "failed",
        "output": "\n".join(_lines(tensor, hide_answers, language)),
        "tags": codes_of(tensor.mistakes),
        "extra_data": {"verdict": tensor.verdict.value, "right": tensor.right, "cells": tensor.cells},
    }


def _lines(tensor: TensorReport, hide_answers: bool, language: Language) -> list[str]:
    lines = [f"{VERDICTS[tensor.verdict].text(language)}, {tensor.right}/{tensor.cells}"]
    lines += [note.text(language) for note in tensor.notes]
    lines += [finding_phrase(finding).text(language) for finding in tensor.findings]
    for cell in tensor.wrong[:MOST_CELLS]:
        index = f"[{','.join(map(str, cell.index))}] " if cell.index else ""
        given = shortened(cell.given) or "?"
        expected = "" if hide_answers else f" ({shortened(cell.expected)})"
        lines.append(f"{index}{given}: {CELLS[cell.verdict].text(language)}{expected}")
    if len(tensor.wrong) > MOST_CELLS:
        lines.append(f"… +{len(tensor.wrong) - MOST_CELLS}")
    return lines
