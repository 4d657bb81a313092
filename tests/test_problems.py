"""Every file in problems/ solves, and the answers in it are right, compared here by a few lines of our own."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import cnncalc

from .problem_files import NUMERIC, OUTLINES, PROBLEMS


def raw_answers(path: Path) -> dict[str, Any]:
    """The answers as text, by YAML's plainest loader."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader).get("answers") or {}


def cells(answer: Any, count: int) -> list[str]:
    if isinstance(answer, dict):
        return [answer["fill"]] * count
    if isinstance(answer, list):
        return [cell for item in answer for cell in cells(item, 0)]
    return answer.replace(",", " ").split() if "\n" in answer else [answer]


def agrees(typed: str, value: float, exact: str | None) -> bool:
    """A decimal to half a unit of its last place; anything else by Python's own arithmetic."""
    try:
        places = max(0, -int(Decimal(typed).as_tuple().exponent))
    except ArithmeticError:
        names = {"log": np.log, "Fraction": Fraction}
        return bool(abs(float(eval(typed, names)) - value) < 1e-12)
    if places == 0:
        return exact == typed
    return abs(Fraction(typed) - Fraction(value)) <= Fraction(1, 2 * 10**places) + Fraction(1, 10**12)


def test_there_are_problems_with_answers() -> None:
    assert len(NUMERIC) >= 12
    assert len(PROBLEMS) - len(NUMERIC) >= 10
    assert sum(bool(raw_answers(path)) for path in PROBLEMS) >= 9


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.stem)
def test_a_problem_solves_and_its_answers_are_right(path: Path) -> None:
    problem = cnncalc.load(path)
    trace = cnncalc.solve(problem)
    expected = "symbolic" if problem.has_letters else "exact"
    assert trace.numbers.name == expected, "every problem here is small enough to be solved exactly"
    for name, answer in raw_answers(path).items():
        tensor = trace[name]
        typed = cells(answer, tensor.value.size)
        assert len(typed) == tensor.value.size, name
        exact = np.asarray(tensor.exact, dtype=object).ravel().tolist()
        for cell, value, text in zip(typed, tensor.value.ravel().tolist(), exact, strict=True):
            assert agrees(cell, value, text), f"{name}: {cell} against {text} = {value}"
    for names in problem.questions.values():
        assert all(name in trace for name in names)


@pytest.mark.parametrize("path", OUTLINES, ids=lambda path: path.stem)
def test_the_answers_of_a_problem_without_numbers_are_right(path: Path) -> None:
    outline = cnncalc.shapes(cnncalc.load(path))
    answers = raw_answers(path)
    assert len(answers) >= 4
    for name, answer in answers.items():
        expected = [int(cell) for cell in cells(answer, 0)]
        found = outline.quantity(name)
        assert (list(found) if isinstance(found, tuple) else [found]) == expected, name


@pytest.mark.parametrize("path", NUMERIC, ids=lambda path: path.stem)
def test_float_agrees_with_exact(path: Path) -> None:
    problem = cnncalc.load(path)
    exact, floating = cnncalc.solve(problem, "exact"), cnncalc.solve(problem, "float")
    assert [tensor.name for tensor in exact] == [tensor.name for tensor in floating]
    for tensor in exact:
        np.testing.assert_allclose(floating[tensor.name].value, tensor.value, rtol=1e-9, atol=1e-9, err_msg=tensor.name)
