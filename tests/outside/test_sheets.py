"""Questions from published sheets and exams: what is computed is what was printed, to the digits that were printed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import cnncalc

QUESTIONS = yaml.safe_load((Path(__file__).parent / "sheets" / "questions.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("question", QUESTIONS, ids=[question["source"] for question in QUESTIONS])
def test_what_was_printed(question: dict[str, Any]) -> None:
    problem = cnncalc.loads(question["problem"])
    for name, printed in question["answers"].items():
        if "(" in name:
            made = cnncalc.shapes(problem).quantity(name)
            assert (list(made) if isinstance(made, tuple) else made) == printed, name
        else:
            made = cnncalc.solve(problem)[name].value.ravel().tolist()
            printed = np.atleast_1d(printed).ravel().tolist()
            assert len(made) == len(printed), name
            for one, text in zip(made, printed, strict=True):
                assert text is None or is_rounded(one, text), (name, one, text)


def is_rounded(number: float, text: str) -> bool:
    """Whether a number, rounded to as many places, is what was printed."""
    places = len(text.partition(".")[2])
    return abs(Fraction(number) - Fraction(text)) <= Fraction(1, 2 * 10**places)
