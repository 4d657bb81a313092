"""A checked answer sheet as JSON, for programs: contract `cnncalc-check/1`."""

from typing import Any

from cnncalc.checking.report import Report, TensorReport
from cnncalc.language import Language
from cnncalc.render.data.json_text import attributes, records


def render(report: Report, hide_answers: bool = False, language: Language = "en") -> str:
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
    return records(head, "tensors", (_tensor(one, hide_answers, language) for one in report.tensors))


def _tensor(tensor: TensorReport, hide_answers: bool, language: Language) -> dict[str, Any]:
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
