"""However much is wrong in a sheet, it takes no longer than its problem is worth: work is counted, not timed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import cnncalc
from cnncalc.arithmetic.ball import Ball
from cnncalc.checking import comparison
from cnncalc.checking.carried import Carried
from cnncalc.checking.conventions import Throughout
from cnncalc.checking.in_doubles import Noise
from cnncalc.checking.report import Report
from cnncalc.checking.rule import Rule

SATURATED = """
input: [[[3, -6, 2, 1], [2, 6, 1, -2], [-5, 1, 6, 3], [8, -2, 7, 1]], [[1, -3, 4, -3], [-2, 3, 8, 2], [2, 6, 1, 8], [1, 2, 2, 1]]]
layers:
  - conv: {name: c, weight: {random: {seed: 1, low: -3, high: 3}, shape: [2, 2, 3, 3]}}
  - relu
  - flatten
  - fc: {name: s, weight: [[1, -2, 3, 1, 2, 1, -4, 2], [-2, 3, 1, -1, 2, 2, 5, -1]]}
  - softmax: {name: p}
loss: {cross_entropy: {class: 2}}
"""  # noqa: E501
DEEP = """
input: [1, -2, 3]
layers:
  - fc: {weight: [[1, -1, 2], [3, 1, 1]]}
  - tanh
  - fc: {weight: [[1, -1], [2, 1], [1, 3]]}
  - log_softmax
loss: {nll: {class: 2}}
update: {momentum: {lr: 0.1, momentum: 0.9, steps: 3}}
"""


def counted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, counts: Counter[str]) -> None:
    inner: Callable[..., Any] = getattr(owner, name)

    def outer(*arguments: Any) -> Any:
        counts[name] += 1
        return inner(*arguments)

    monkeypatch.setattr(owner, name, outer)


def all_wrong(text: str, factor: float, off: float = 0.0, is_flat: bool = False, rule: Rule | None = None) -> Report:
    problem = cnncalc.loads(text)
    trace = cnncalc.solve(problem, "float")
    tensors = [tensor for tensor in trace if tensor.kind not in ("input", "parameter") and tensor.local != "path"]
    values = {tensor.name: tensor.value.ravel() if is_flat else tensor.value for tensor in tensors}
    return cnncalc.check(problem, {name: digits(value.tolist(), factor, off) for name, value in values.items()}, rule)


def digits(values: Any, factor: float, off: float) -> Any:
    if isinstance(values, list):
        return [digits(value, factor, off * at) for at, value in enumerate(values, 1)]
    return f"{min(max(values, -1e9), 1e9) * factor + off:.4f}"


@pytest.mark.parametrize("is_flat", [False, True])
def test_a_convention_is_not_solved_anew_where_doubles_rule_it_out(
    monkeypatch: pytest.MonkeyPatch, is_flat: bool
) -> None:
    """Behind a saturated softmax all gradients are 0.0000 on paper, under every convention; these are not."""
    counts: Counter[str] = Counter()
    counted(monkeypatch, Throughout, "_right", counts)
    report = all_wrong(SATURATED, -1, off=0.01, is_flat=is_flat)
    assert report.score < 6
    # Where the channel axis stands needs no other solution.
    assert counts["_right"] == 2


def test_mistakes_further_up_are_looked_for_as_far_as_there_is_work_left(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: Counter[str] = Counter()
    counted(monkeypatch, Carried, "_recomputed", counts)
    report = all_wrong(DEEP, 1.3)
    assert counts["_recomputed"] < 10_000
    told = [note.en for tensor in report.tensors for note in tensor.notes if "gone wrong before" in note.en]
    assert told
    assert "gone wrong before" not in " ".join(note.en for note in report.tensors[0].notes)


def test_what_mistakes_make_of_a_tensor_is_compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of mistakes in each tensor, with a tolerance as without one."""
    counts: Counter[str] = Counter()
    counted(monkeypatch, comparison, "_near", counts)
    counted(monkeypatch, comparison.InDoubles, "made", counts)
    report = all_wrong(DEEP, 1.3, off=0.01)
    assert 0 < counts["_near"] < 20 * len(report.tensors)
    without = counts["made"]
    all_wrong(DEEP, 1.3, off=0.01, rule=Rule(tolerance=Fraction(1, 1000)))
    # What is made of a tensor is made once, however often it is looked at.
    assert 0 < counts["made"] <= 2 * without


RETURNING = """
input: [[5, 20, 0.6], [0.5, -15, 0.4]]
layers: [rms_norm, layer_norm, tanh, softmax]
loss: {cross_entropy: {class: [3, 1]}}
update: {adam: {lr: 0.1, steps: 3}}
"""


def test_what_is_computed_from_the_same_numbers_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each gradient after a step rests on a pass through the whole net, and the routes differ where they end."""
    counts: Counter[str] = Counter()
    counted(monkeypatch, Ball, "apply", counts)
    report = all_wrong(RETURNING, 1.3, off=0.01)
    assert report.score < 30
    # Of 5 900 with a pass for each gradient and route.
    assert counts["apply"] < 4500


WHOLE = """
input: [1, -2, 3]
layers: [fc: {weight: [[1, -1, 2], [3, 1, 1]]}, relu, fc: {weight: [[1, -1], [2, 1]]}]
loss: {half_squared_error: {target: [1, 2]}}
"""


def test_how_far_off_a_program_may_be_is_asked_where_a_number_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes some ten passes through the net for each tensor."""
    counts: Counter[str] = Counter()
    counted(monkeypatch, Noise, "_found", counts)
    report = all_wrong(WHOLE, 1)
    assert report.score == report.max_score
    assert counts["_found"] == 0
