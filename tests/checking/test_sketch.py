"""What is tried in doubles first finds every mistake that balls find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from random import Random

import numpy as np
import pytest

import cnncalc
from cnncalc.arithmetic.ball import Ball
from cnncalc.arithmetic.base import Array
from cnncalc.checking import given, known_mistakes
from cnncalc.checking.answer_key import AnswerKey
from cnncalc.checking.candidate import Candidate
from cnncalc.checking.carried import PATH, Carried, Truth
from cnncalc.checking.comparison import InDoubles, Sketch, may_fit
from cnncalc.checking.given import DoubleCells, Given, computed
from cnncalc.checking.known_mistakes import FARTHEST
from cnncalc.checking.matched_answers import MatchedAnswer
from cnncalc.checking.mistakes_in_writing import ROUNDINGS, rounded_chains, rounded_early
from cnncalc.checking.rule import Rule
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
    return {
        name: np.asarray([truth.balls.within(cell.number, cell.half_unit) for cell in cells if cell.number is not None])
    }


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
            basis = Carried(truth, carried(truth, tensor.name) if is_carried else {})
            if not basis.knows(tensor.name):
                continue
            between = basis.between(tensor.name, tuple(basis.sources))
            tried = InDoubles(basis)
            made: list[tuple[Iterable[Sketch], Iterable[Candidate | None]]] = [
                *(
                    (tried.made(tensor.name, place), known_mistakes.made(basis, tensor.name, place))
                    for place in (tensor.name, *between[:FARTHEST])
                ),
                (
                    tried.rounded(tensor.name),
                    (
                        rounded_early(basis, tensor.name, each, way)
                        for each in ROUNDINGS
                        for way, _ in enumerate(rounded_chains(basis, tensor.name, each.of_balls))
                    ),
                ),
            ]
            for sketches, candidates in made:
                for candidate in candidates:
                    # What is known too vaguely proves nothing in balls either.
                    if candidate is None or candidate.size is not None or not candidate.is_clear.all():
                        continue
                    cells = rounded(candidate.values, 4)
                    expected = key.expected(tensor.name)
                    positions = np.arange(expected.tensor.elements.size)
                    answer = MatchedAnswer(tensor.name, expected, cells, positions, candidate.values.shape)
                    named = [each for each in sketches if each.code == candidate.code]
                    near = list(may_fit(named, answer, rule, answer.has_number))
                    assert any(is_same(sketch, candidate) for sketch in near), (tensor.name, candidate.phrase.en)
                    count += 1
    assert count > 100


def test_doubles_are_rounded_as_balls_are() -> None:
    random, balls = Random(1), Ball()
    digits = [f"{random.choice(['', '-'])}{random.randrange(10 ** random.randrange(8))}" for _ in range(2000)]
    # As many that end in 5 where they are cut: halfway is where doubles lie beside it.
    numbers = [Decimal(f"{text}{random.choice(['', '5'])}e-{random.randrange(9)}") for text in digits]
    with balls.precision():
        enclosed = np.asarray([balls.number(number) for number in numbers], dtype=object)
        for rounding in ROUNDINGS:
            found = rounding.of_doubles(np.asarray(numbers, dtype=float))
            np.testing.assert_allclose(found, balls.to_float(rounding.of_balls(enclosed)), rtol=1e-12, atol=0)


SHORT = [0.5, 0.25, 1.0, -3.0, 0.1, 0.12, 2.5e-7, 1e22, -1.5e300, 123456.0, 0.0, 1 / 3, float("nan"), float("inf")]


def test_an_array_is_judged_as_its_cells_are() -> None:
    """At once as one by one: numbers near the true ones, far from them, of few digits, and none."""
    problem = cnncalc.loads(f"input: [{', '.join(['0.125', '1/3', '2.5', '-7'] * 50)}]\nlayers: [sigmoid]")
    random, seen = Random(2), set()
    for rule in (Rule(), Rule(5), Rule(3, Fraction(1, 50), True), Rule(2, Fraction(1, 10))):
        expected = AnswerKey(solution_for_answers(problem), rule).expected("sigmoid_1")
        true = expected.tensor.value.ravel()
        values = [
            random.choice(
                [x, x, float(f"{x:.{random.randrange(1, 12)}f}"), -x, x * 1.01, x + 1e-9, random.choice(SHORT)]
            )
            for x in true.tolist()
        ]
        positions, cells = np.arange(true.size), [computed(x) for x in values]
        at_once = MatchedAnswer("", expected, DoubleCells(np.asarray(values)), positions, true.shape)
        one_by_one = MatchedAnswer("", expected, cells, positions, true.shape)
        assert at_once.verdicts == one_by_one.verdicts
        seen |= set(at_once.verdicts)
        assert list(at_once.texts) == list(one_by_one.texts)
        for attribute in ("wrong", "has_number"):
            assert (getattr(at_once, attribute) == getattr(one_by_one, attribute)).all()
        numbers = at_once.has_number
        np.testing.assert_allclose(at_once.middles[numbers], one_by_one.middles[numbers])
        np.testing.assert_allclose(at_once.halves[numbers], one_by_one.halves[numbers])
    assert len(seen) > 4


def test_of_many_wrong_cells_few_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(given, "computed", lambda value: made.append(value) or computed(value))
    problem = cnncalc.loads("input: {shape: [100, 100], random: {seed: 1}}\nlayers: [relu]\nupstream: 1")
    report = cnncalc.check(problem, {"relu_1": np.random.default_rng(1).normal(size=(1, 100, 100))})
    assert len(report["relu_1"].wrong) > 9_000
    assert len(made) < 200
