"""What a worked solution says once, and what is said of the numbers that a step of descent takes."""

from __future__ import annotations

import re
from math import sqrt

import pytest

import cnncalc
from cnncalc.problem.names import RATES
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.renderers.terminal import Page, render

TWO = """
input: {name: x, value: [[1, 2, 0], [0, -1, 3], [2, 1, -2]]}
layers:
  - conv: {name: a, padding: 1, weight: {name: A, value: [[1, 0, 1], [-1, 2, 0], [0, 1, -1]]}}
  - conv: {name: b, padding: 1, weight: {name: B, value: [[0, 1, 0], [1, -1, 1], [2, 0, -1]]}}
loss: {mse: {target: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]}}
"""
CLIPPED = """
input: {name: x, value: [3, -4]}
layers: [fc: {name: s, weight: {name: W, value: [[1, 0.5], [2, -1]]}, bias: {name: b, value: [0, 1]}}]
loss: {half_squared_error: {target: [1, 0]}}
update: {sgd: {lr: 0.1, steps: 3, clip_norm: %s, schedule: {%s}}}
"""


def text(problem: str, **wishes: object) -> str:
    document = worked(cnncalc.solve(cnncalc.loads(problem)), Wishes(**wishes))  # type: ignore[arg-type]
    return render(document, Page(200))


def test_products_and_matrices_of_columns_are_shown_once() -> None:
    full, everything = text(TWO), text(TWO, length="everything")
    part = full[full.index("a[1,1,1] =") : full.index("All elements together", full.index("a[1,1,1] ="))]
    # The first element as sum, products, result; each of the eight others as sum and result.
    assert [line.strip() for line in part.splitlines()[2:5]] == [
        "= 2·1 + 0·2 + 1·0 + (-1)·(-1)",
        "= 2 + 0 + 0 + 1",
        "= 3",
    ]
    assert part.count("=") == 4 + 8 * 2
    # Forward, for the weights and for the input: of the first convolution on each way, and not of the second.
    assert (full.count("With matrices (im2col)"), everything.count("With matrices (im2col)")) == (3, 6)
    assert text(TWO, method="im2col").count("With matrices (im2col)") == 6


def test_the_share_of_clipping_is_said_once_a_step_and_with_its_numbers() -> None:
    shown = " ".join(text(CLIPPED % (1, "step: {step_size: 2, gamma: 0.5}")).split())
    length = sqrt(33**2 + 44**2 + 11**2)
    assert f"√(33² + (-44)² + 11²) ≈ {length:.6g}, so the share is 1/{length:.6g} ≈ {1 / length:.6g}." in shown
    assert shown.count("so the share is") == 3
    loose = " ".join(text(CLIPPED % (100, "step: {step_size: 2, gamma: 0.5}")).split())
    assert f"≈ {length:.6g}: nothing is clipped, the share is 1." in loose


@pytest.mark.parametrize("schedule", [
    "step: {step_size: 2, gamma: 0.5}", "exponential: {gamma: 0.9}", "multistep: {milestones: [1, 2], gamma: 0.5}",
    "inverse: {decay: 0.5}", "polynomial: {total: 4, degree: 2}", "cosine: {T_max: 4, eta_min: 0.01}",
    "warmup: {steps: 2}",
])  # fmt: skip
def test_the_rate_as_said_is_the_rate(schedule: str) -> None:
    problem = cnncalc.loads(CLIPPED % (1, schedule))
    said = re.search(r"each step is (.*?), with t", " ".join(text(CLIPPED % (1, schedule)).split()))
    assert said is not None
    from math import cos, floor, pi

    python = re.sub(r"⌊([^⌋]*)⌋", r"floor(\1)", said[1]).translate(str.maketrans({"·": "*", "π": "pi"}))
    python = re.sub(r"\^\(([^()]*(?:\([^()]*\))?[^()]*)\)|\^(\w+)", r"**(\1\2)", python).replace("²", "**2")
    for t, rate in enumerate(cnncalc.solve(problem)[RATES].value):
        known = {"floor": floor, "cos": cos, "pi": pi, "min": min, "t": t, "k": sum(t >= one for one in (1, 2))}
        assert eval(python, {"__builtins__": {}}, known) == pytest.approx(float(rate)), (said[1], t)


def test_a_sum_of_products_is_in_fractions_or_in_decimals() -> None:
    """(1 - 1.375)² is 9/64 as 0.140625, but (2.625)² has more digits than are written: fractions, then."""
    problem = """
input: {name: x, value: [[[[1, 2], [0, -1]]], [[[2, 2], [1, 4]]]]}
layers: [batch_norm: {name: n, eps: 0}]
"""
    shown = " ".join(text(problem).split())
    assert "1/8·(9/64 + 25/64 + 121/64 + 361/64 + 25/64 + 25/64 + 9/64 + 441/64)" in shown
    assert "0.140625" not in shown
