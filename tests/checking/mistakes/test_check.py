"""Every mistake, typed on an answer sheet, is recognised by its code; a right sheet never raises it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.checker import Checker
from cnncalc.checking.report import TensorVerdict
from cnncalc.checking.rule import Rule
from cnncalc.checking.sheets.sheet import sheet_of_values
from cnncalc.solver import solution_for_answers

from ...each import for_each
from .case import Case, Doubles
from .test_rules import BY_MODULE, CASES, named

DIGITS = 7


@cache
def solved(problem: str) -> tuple[cnncalc.Problem, dict[str, Doubles]]:
    loaded = cnncalc.loads(problem)
    return loaded, {tensor.name: tensor.value for tensor in cnncalc.solve(loaded, "float")}


@cache
def checker(problem: str) -> Checker:
    """What it knows of a problem, it finds out once; so it does for a class of students."""
    return Checker(solution_for_answers(solved(problem)[0]), Rule())


def typed(values: Any) -> Any:
    """Texts of seven significant digits; a whole number as it is."""
    if np.ndim(values):
        return [typed(value) for value in values]
    value = float(values) if abs(values) > 1e-12 else 0.0
    return f"{value:.0f}" if value == round(value) and abs(value) < 10**6 else f"{value:#.{DIGITS}g}"


@pytest.mark.parametrize("module", BY_MODULE)
def test_they_are_recognised_on_a_sheet(module: str) -> None:
    for_each(BY_MODULE[module], is_recognised, named)


def is_recognised(case: Case) -> None:
    _, true = solved(case.problem)
    report = checker(case.problem).check(sheet_of_values({case.tensor: typed(case.wrong(true))}))
    (tensor,) = report.tensors
    assert tensor.verdict is TensorVerdict.WRONG
    assert case.code in [mistake.code for mistake in tensor.mistakes]


PROBLEMS = sorted({case.problem for case in CASES})


@pytest.mark.parametrize("part", range(8))
def test_a_right_sheet_raises_nothing(part: int) -> None:
    for_each(PROBLEMS[part::8], raises_nothing)


def raises_nothing(problem: str) -> None:
    loaded, true = solved(problem)
    report = cnncalc.check(loaded, {name: typed(values) for name, values in true.items()})
    assert report.is_correct, [t for t in report.tensors if t.verdict is not TensorVerdict.CORRECT]
    assert not any(tensor.mistakes for tensor in report.tensors)


def test_a_right_sheet_alone_raises_nothing() -> None:
    for_each(PROBLEMS[::5], raises_nothing_alone)


def raises_nothing_alone(problem: str) -> None:
    """Tensor by tensor, with nothing else on the sheet."""
    _, true = solved(problem)
    for name, values in true.items():
        report = checker(problem).check(sheet_of_values({name: typed(values)}))
        assert report.is_correct, name
