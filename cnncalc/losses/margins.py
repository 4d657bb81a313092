"""Losses that ask for a margin, or none, between scores: `multiclass_hinge`, and the perceptron's `perceptron_loss`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans
from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import Real, X
from cnncalc.layers.activations.elementwise import doubted, indices
from cnncalc.layers.base import Doubt, Entry, Index, Loss, Setting, Term, option, small_problem
from cnncalc.layers.indices import ratio
from cnncalc.losses.by_element import Addend, ByElement, T, average, over_samples, share
from cnncalc.losses.of_elements import MARGIN, SQUARED

AT_KINK = Phrase("Where a class lacks exactly nothing of the margin, the derivative of the hinge is taken as 0.")
AT_ZERO = {
    "mistake": Phrase("A score of exactly 0 counts as a mistake."),
    "positive": Phrase("A score of exactly 0 counts as positive."),
    "negative": Phrase("A score of exactly 0 counts as negative."),
}


class MulticlassHinge(Loss):
    """x (features), scores, and the right class y to one number: Σ max(0, margin + x_k − x_y) over the other classes.

    Then over the mini-batch. dx is 1 for each class that is in the way, and minus their number for y; PyTorch's
    multi_margin_loss divides by the number of classes besides (`over_classes: mean`). With `squared` the squares are
    added up (its `p=2`), and dx has twice the margins.
    """

    type = "multiclass_hinge"
    example = small_problem("[[13, 12.5, 12.75], [2.25, 1, 4.35]]", loss="hinge: {class: [1, 2], margin: 1}", name="s")
    domain = "features"
    takes_class = True
    target_is_distribution = True
    auxiliaries = ("margins",)
    margin: Real = option(1, "number", MARGIN)
    over_classes: str = option(
        "sum",
        "choice",
        Phrase("over the other classes: their sum, or that divided by the number of all (PyTorch)"),
        ("sum", "mean"),
    )
    squared: bool = option(False, "bool", SQUARED)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """`margins`: what each class lacks, 0 for the right one; y, their sum, or that of their squares."""
        margins = numbers.positive_part(self._missing(numbers, x, parameters["target"]))
        each = margins * margins if self.squared else margins
        return {"margins": margins, "y": numbers.sum(each, axis=(0, 1)) / self._divisor(x)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """1 for each class in the way; all of them from the right one."""
        x, target = tensors["x"], tensors["target"]
        in_the_way = numbers.gated(numbers.full(x.shape, numbers.number(1)), numbers.is_greater(tensors["margins"], 0))
        in_the_way = 2 * tensors["margins"] if self.squared else in_the_way
        return {"dx": (in_the_way - target * numbers.sum(in_the_way, axis=1)[:, None]) * (g / self._divisor(x)) + 0}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """By the margins."""
        fraction = over_samples(self, setting)
        fraction += ratio(1, setting.x[0]) if self.over_classes == "mean" else ""
        one = fraction or "1"
        right = r"\sum_{\j} \target_{\n, \j} \cdot \x_{\n, \j}"
        push, pushes = one, rf"{fraction}\sum_{{\j:\, \margins_{{\n, \j}} > 0}} 1"
        if self.squared:
            push, pushes = (
                rf"{fraction}2 \cdot \margins_{{\n, \k}}",
                rf"{fraction}2 \cdot \sum_{{\j}} \margins_{{\n, \j}}",
            )
        return {
            "margins": r"\margins_{\n, \k} = \left(1 - \target_{\n, \k}\right) \cdot \max\left(0, "
            rf"{self.margin} + \x_{{\n, \k}} - {right}\right)",
            "y": rf"\y = {fraction}\sum_{{\n, \k}} \margins_{{\n, \k}}" + "^{2}" * self.squared,
            "dx": r"\dx_{\n, \k} = \begin{cases} "
            rf"-{pushes} & \target_{{\n, \k}} = 1 \\ "
            rf"{push} & \margins_{{\n, \k}} > 0 \\ 0 & \margins_{{\n, \k}} = 0 \end{{cases}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The classes in the way, one by one."""
        x, target = tensors["x"], tensors["target"]
        scale = average(self, len(x)) / (x.shape[1] if self.over_classes == "mean" else 1)
        if tensor == "y":
            return [Term((Entry("margins", at),) * (1 + self.squared), scale) for at in np.ndindex(x.shape)]
        n, k = index
        right = int(np.argmax(numbers.is_equal(target[n], 1)))
        if tensor == "margins":
            if k == right or not numbers.is_greater(self._missing(numbers, x, target)[n, k : k + 1], 0)[0]:
                return []
            return [Term((), self.margin), Term((Entry("x", index),)), Term((Entry("x", (n, right)),), -1)]
        g = (Entry("g", ()),)
        in_the_way = np.flatnonzero(numbers.is_greater(tensors["margins"][n], 0)).tolist()

        def push(other: int) -> tuple[tuple[Entry, ...], Fraction]:
            return ((*g, Entry("margins", (n, other))), 2 * scale) if self.squared else (g, scale)

        if k == right:
            return [Term(factors, -share) for factors, share in map(push, in_the_way)]
        return [Term(*push(k))] if k in in_the_way else []

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Classes that lack exactly nothing; of the square it is the derivative."""
        if self.squared:
            return []
        x, target = tensors["x"], tensors["target"]
        lacks_nothing = numbers.is_known_equal(self._missing(numbers, x, target), 0)
        return doubted("x", lacks_nothing & ~numbers.is_equal(target, 1), AT_KINK)

    def _missing(self, numbers: Arithmetic, x: Array, target: Array) -> Array:
        """margin + x_k − x_y; for the right class itself 0."""
        right = numbers.sum(target * x, axis=1)[:, None]
        return np.asarray((x - right + numbers.number(self.margin)) * (1 - target))

    def _divisor(self, x: Array) -> int:
        classes = x.shape[1] if self.over_classes == "mean" else 1
        return int(share(self, x)) * classes


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
        Phrase("what a score of exactly 0 is: a mistake, positive or negative"),
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
