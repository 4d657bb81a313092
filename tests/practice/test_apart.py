"""Exercises drawn for fifty outlines, and the known mistakes in them computed by other means than the rules."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pytest

import cnncalc
from cnncalc.mistakes import known_mistakes
from cnncalc.practice.exercise import drawn, shape_bound
from cnncalc.practice.spoken import problem_text
from cnncalc.practice.template import Template, template

from ..checking.mistakes.case import Case
from ..checking.mistakes.test_rules import CASES, the_step

OUTLINES = 50
LONG_TO_DRAW = frozenset(["batch_norm", "conv", "conv_transpose", "fc", "max_pool"])
"""As other tests draw them."""
OF_ITS_OWN_NUMBERS = frozenset(["wrong-class", "target-and-probabilities-swapped"])
"""Their cases name a class, which may be the right one of what is drawn, or take the logarithm of a soft target."""


def is_mistake(case: Case) -> bool:
    """A convention is no mistake, and shows only where the numbers meet it."""
    known = known_mistakes(the_step(case)[0].layer)
    return case.code not in OF_ITS_OWN_NUMBERS and any(
        each.code == case.code and each.kind == "mistake" for each in known
    )


@cache
def outlines() -> list[tuple[Template, list[Case]]]:
    """Networks of at most one layer, of which several mistakes are known."""
    cases: dict[str, list[Case]] = {}
    for case in filter(is_mistake, CASES):
        cases.setdefault(case.problem, []).append(case)
    found = [(template(problem).asking(), of_it) for problem, of_it in cases.items() if len(of_it) > 2]
    return [
        (made, of_it)
        for made, of_it in found
        if len(made.problem.layers) < 2 and LONG_TO_DRAW.isdisjoint(entry.layer.type for entry in made.problem.layers)
    ]


@pytest.mark.parametrize("number", range(OUTLINES))
def test_mistakes_give_numbers_of_their_own_or_are_said_not_to(number: int) -> None:
    made, cases = outlines()[number]
    exercise = drawn(made, "1")
    trace = cnncalc.solve(exercise.problem, "float")
    true = {name: trace[name].value for name in trace.names}
    said = [finding.phrase.en for finding in exercise.findings]
    with np.errstate(all="ignore"):
        for tensor in {case.tensor for case in cases}:
            name = trace.resolve(tensor)
            wrong = [(case.code, numbers(case, true)) for case in cases if case.tensor == tensor]
            for (code, one), (other, two) in combinations([("", true[tensor].ravel()), *wrong], 2):
                if code == other or not 0 < one.size == two.size or not np.isfinite([*one, *two]).all():
                    continue
                if not np.allclose(one, two, rtol=1e-6, atol=1e-9):
                    continue
                pair = frozenset({code, other} - {""})
                is_said = any(name in line and all(each in line for each in pair) for line in said)
                assert is_said or (name, pair) in exercise.alike, f"{name}: {code or 'right'} and {other}"


def numbers(case: Case, true: dict[str, np.ndarray]) -> np.ndarray:
    try:
        return np.asarray(case.wrong(true), dtype=float).ravel()
    except (ArithmeticError, ValueError):  # plain Python divides by no zero: this mistake gives no number at all
        return np.empty(0)


def test_there_are_fifty() -> None:
    assert len(outlines()) >= OUTLINES


def test_what_other_numbers_tell_apart_is_not_blamed_on_the_shapes() -> None:
    """Where a score is far ahead p(1 - p) looks like p, and where a layer is closed all looks the same."""
    alike = shape_bound(template(problem_text("9 fc 3 softmax ce")).asking())
    p, g = np.array([0.5, 0.3, 0.2]), np.array([0, -1 / 0.3, 0])
    assert not np.allclose(p * (1 - p) * g, p * g)
    assert ("dL/dfc_1", frozenset({"softmax-diagonal-only", "softmax-probability-for-jacobian"})) not in alike
    alike = shape_bound(template(problem_text("2 fc 2 relu fc 2 upstream")).asking())
    assert ("dL/dfc_1", frozenset({"negative-gradients-zeroed-too"})) not in alike
    # Each window of the pool lets its largest number through; where that is 0, all four tie.
    alike = shape_bound(template(problem_text("2x4 relu pool 2 upstream")).asking())
    assert ("dL/dx", frozenset({"relu-mask-forgotten"})) in alike
