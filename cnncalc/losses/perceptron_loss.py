"""The perceptron's criterion: what the mistaken scores come to: `perceptron_loss`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import X
from cnncalc.layers.activations.elementwise import doubted, indices
from cnncalc.layers.base import Doubt, Setting, Term, option, small_problem
from cnncalc.losses.by_element import Addend, ByElement, T, over_samples

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Arithmetic, Array, Booleans

AT_ZERO = {
    "mistake": Phrase(en="A score of exactly 0 counts as a mistake.", zh="得分恰为 0 视为误分类。"),
    "positive": Phrase(en="A score of exactly 0 counts as positive.", zh="得分恰为 0 视为正类。"),
    "negative": Phrase(en="A score of exactly 0 counts as negative.", zh="得分恰为 0 视为负类。"),
}


class PerceptronLoss(ByElement):
    """x, scores, and target t, each 1 or −1, to one number: Σ −t · x over the mistakes, t · x ≤ 0; dx = −t there.

    A step of lr 1 against it adds t times what came in to the weights of a mistake: the perceptron's rule. Targets of
    0 and 1 are read as −1 and 1.
    """

    type = "perceptron_loss"
    example = small_problem(
        "[[1.25, -2.5, 3], [0, 3.75, -1], [-4.5, 1, 2.25]]",
        loss="perceptron_loss: {target: [[-1, 1, 1], [-1, -1, 1], [1, 1, -1]]}",
        name="z",
    )
    target_is_sign = True
    is_mean = False
    at_zero: str = option(
        "mistake",
        "choice",
        Phrase(
            en="what a score of exactly 0 is: a mistake, positive or negative", zh="得分恰为 0 时：误分类、正类或负类"
        ),
        ("mistake", "positive", "negative"),
    )

    def addends(self, numbers: Arithmetic, x: Array, target: Array) -> Iterator[Addend]:
        """−t · x of the mistakes."""
        yield Addend(self.is_wrong(numbers, x, target), (Term((T, X), -1),), (Term((T,), -1),))

    def is_wrong(self, numbers: Arithmetic, x: Array, target: Array) -> Booleans:
        """Which scores are on the other side than their target."""
        wrong = numbers.is_greater(0 - target * x, 0)
        on_zero = numbers.is_known_equal(x, 0)
        against = {"mistake": 0, "positive": 1, "negative": -1}[self.at_zero]
        return np.asarray(wrong | (on_zero & ~numbers.is_equal(target, against)))

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """By cases."""
        i, fraction = indices(setting.x), over_samples(self, setting)
        x, t = rf"\x_{{{i}}}", rf"\target_{{{i}}}"
        wrong, right = rf"{t} \cdot {x} \le 0", rf"{t} \cdot {x} > 0"
        if self.at_zero != "mistake":
            wrong, right = (rf"\operatorname{{sign}}\left({x}\right) {sign} {t}" for sign in (r"\ne", "="))
        return {
            "y": rf"\y = {fraction}\sum_{{{i}}} \max\left(0, -{t} \cdot {x}\right)",
            "dx": rf"\dx_{{{i}}} = \begin{{cases}} -{fraction}{t} & {wrong} \\ 0 & {right} \end{{cases}}",
        }

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Scores that are exactly 0."""
        return doubted("x", numbers.is_known_equal(tensors["x"], 0), AT_ZERO[self.at_zero])
