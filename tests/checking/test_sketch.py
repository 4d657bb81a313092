"""What is tried in doubles first finds every mistake that balls find."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pytest

import cnncalc
from cnncalc.arithmetic.base import Array
from cnncalc.checking import mistakes_of_layers
from cnncalc.checking.answer_key import AnswerKey
from cnncalc.checking.candidate import Candidate
from cnncalc.checking.carried import PATH, Rework, Truth
from cnncalc.checking.given import Given
from cnncalc.checking.matched_answers import MatchedAnswer
from cnncalc.checking.rule import Rule
from cnncalc.checking.sketch import InDoubles, Sketch
from cnncalc.solver import solution_for_answers

from ..command import ROOT

PROBLEMS = ["hw11", "conv_pool_bias", "batch_norm_activation", "one_step", "transposed"]


def rounded(balls: Array, digits: int) -> list[Given]:
    """Cells as a student writes them who rounds each number once."""
    texts = [f"{Decimal(ball.mid().str(30, radius=False)):.{digits}g}" for ball in balls.ravel()]
    return [Given(text, Decimal(text)) for text in texts]


def carried(truth: Truth, besides: str) -> Mapping[str, Array]:
    """One tensor, a third of the way through, as somebody has it who rounds to three digits."""
    made = [name for name, (_, local) in truth.makers.items() if local != PATH and name != besides]
    name = made[len(made) // 3]
    cells = rounded(truth.tensor(*truth.makers[name]), 3)
    return {name: np.asarray([truth.balls.within(cell.number) for cell in cells if cell.number is not None])}


def is_same(sketch: Sketch, candidate: Candidate) -> bool:
    """Whether a sketch, looked at more closely, is that mistake with those numbers."""
    made = sketch.candidate
    return made is not None and made.phrase == candidate.phrase and (made.middles == candidate.middles).all()


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("is_carried", [False, True], ids=["from the truth", "from rounded answers"])
def test_every_mistake_that_balls_find_is_found(problem: str, is_carried: bool) -> None:
    trace = solution_for_answers(cnncalc.load(ROOT / "problems" / f"{problem}.yaml"))
    rule, count = Rule(), 0
    key = AnswerKey(trace, rule)
    truth = key.truth
    with truth.balls.precision():
        for tensor in trace:
            rework = Rework(truth, carried(truth, tensor.name) if is_carried else {})
            if not rework.knows(tensor.name):
                continue
            between = rework.between(tensor.name, tuple(rework.sources))
            tried = InDoubles(rework).earlier(tensor.name, between)
            expected = key.expected(tensor.name)
            for candidate in mistakes_of_layers.earlier(rework, tensor.name, between):
                cells = rounded(candidate.values, 4)
                answer = MatchedAnswer(tensor.name, expected, cells, np.arange(len(cells)), tensor.shape)
                near = [sketch for sketch in tried if sketch.may_fit(answer, rule)]
                assert any(is_same(sketch, candidate) for sketch in near), (tensor.name, candidate.phrase.en)
                count += 1
    assert count > 100
