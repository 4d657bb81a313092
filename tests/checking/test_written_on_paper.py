"""Powers, roots and logarithms, which no sheet has a place for, are rounded where somebody writes them down."""

from __future__ import annotations

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.report import Report

from .student import digits, typed


def verdicts(found: Report) -> dict[str, str]:
    return {tensor.name: tensor.verdict.value for tensor in found.tensors}


SHARES = """
input: [1, 1]
layers:
  - fc: {{name: s, weight: [[{0}, 0], [{1}, 0], [{2}, 0]]}}
  - softmax: {{name: p}}
loss: {{cross_entropy: {{class: 1}}}}
"""


@pytest.mark.parametrize("n", [3, 4])
def test_powers_and_their_sum_are_rounded_on_paper(n: int) -> None:
    """Neither is on the sheet, and both are written down on the way from rounded numbers to the probabilities."""
    shorten = digits(n)
    for s in np.random.default_rng(n).uniform(-2, 2, (40, 3)).round(7):
        powers = shorten(np.exp(shorten(s)))
        p = shorten(powers / shorten(powers.sum()))
        found = cnncalc.check(cnncalc.loads(SHARES.format(*s)), {"s": typed(shorten(s), n), "p": typed(p, n)})
        assert verdicts(found)["p"] in ("correct", "follows"), (s, p)


BY_POWERS = {
    "softmax": lambda x, to: to(np.exp(x)) / to(to(np.exp(x)).sum()),
    "sigmoid": lambda x, to: 1 / to(1 + to(np.exp(-x))),
    "tanh": lambda x, to: (to(np.exp(x)) - to(np.exp(-x))) / to(to(np.exp(x)) + to(np.exp(-x))),
}


@pytest.mark.parametrize("n", [3, 4])
@pytest.mark.parametrize("kind", BY_POWERS)
def test_powers_of_exact_numbers_are_rounded_on_paper(kind: str, n: int) -> None:
    """Nothing on the sheet is rounded before them; a slip of two hundredths is one all the same."""
    shorten = digits(n)
    for x in np.random.default_rng(n).integers(-25, 25, (30, 3)) / 10:
        problem = cnncalc.loads(f"input: {x.tolist()}\nlayers: [{kind}: {{name: y}}]\n")
        y = shorten(BY_POWERS[kind](x, shorten))
        found = cnncalc.check(problem, {"y": typed(y, n)})
        assert verdicts(found)["y"] in ("correct", "follows"), (x, y)
        assert {mistake.code for mistake in found["y"].mistakes} <= {"rounded-early"}
        slipped = shorten(np.where(np.arange(3) == np.argmin(abs(x)), y * 1.02 + (y == 0), y))
        assert n == 3 or verdicts(cnncalc.check(problem, {"y": typed(slipped, n)}))["y"] == "wrong", (x, slipped)


@pytest.mark.parametrize("n", [3, 4])
def test_logarithms_of_a_mean_are_rounded_on_paper(n: int) -> None:
    """The mean of logarithms comes of them as they were written down; one alone is the loss, and has to be right."""
    shorten = digits(n)
    rows = [[0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.5, 0.25, 0.25], [0.2, 0.6, 0.2]]
    for classes in np.random.default_rng(n).integers(0, 3, (30, 4)):
        text = f"input: {rows}\nlayers: []\nloss: {{cross_entropy: {{name: L, class: {(classes + 1).tolist()}}}}}\n"
        logarithms = shorten(-np.log([row[at] for row, at in zip(rows, classes, strict=True)]))
        found = cnncalc.check(cnncalc.loads(text), {"L": typed(shorten(logarithms.mean()), n)})
        assert verdicts(found)["L"] in ("correct", "follows"), (classes, found["L"].mistakes)
    alone = cnncalc.loads("input: [0.1, 0.2, 0.7]\nlayers: []\nloss: {cross_entropy: {name: L, class: 2}}\n")
    assert verdicts(cnncalc.check(alone, {"L": "1.610"}))["L"] == "wrong"


def test_what_only_digits_tell_is_told_by_them() -> None:
    """Rounded powers might have led to these numbers as well; but all are cut off, or one makes the sum 1."""
    problem = cnncalc.loads("input: [0.5, -0.3, 1.2, 0.1]\nlayers: [softmax: {name: p}]\n")
    p = np.exp([0.5, -0.3, 1.2, 0.1]) / np.exp([0.5, -0.3, 1.2, 0.1]).sum()
    for places in (5, 6):
        cut = [f"{np.floor(value * 10**places) / 10**places:.{places}f}" for value in p]
        assert [mistake.code for mistake in cnncalc.check(problem, {"p": cut})["p"].mistakes] == ["truncated"]
    # e^0.7, e^1.6 and e^-0.2 with four digits give just these, which sum to 1 although none was adjusted.
    powers = cnncalc.loads("input: [0.7, 1.6, -0.2]\nlayers: [softmax: {name: p}]\n")
    assert verdicts(cnncalc.check(powers, {"p": ["0.2587", "0.6361", "0.1052"]})) == {"p": "follows"}


def test_a_share_is_as_sharp_as_what_it_is_made_of() -> None:
    """p = 1/(1 + e^(s2 − s1) + …) hardly moves with the last digits of s, where the first of them is far ahead."""
    problem = cnncalc.loads(SHARES.format("1.71875", "-1.171875", "-0.78125"))
    answers = {"s": ["1.72", "-1.18", "-0.776"], "L": "0.128"}
    assert verdicts(cnncalc.check(problem, {**answers, "p": ["0.879", "0.0484", "0.0725"]}))["p"] == "follows"
    assert verdicts(cnncalc.check(problem, {**answers, "p": ["0.869", "0.0484", "0.0725"]}))["p"] == "wrong"
