"""Probabilities from logits, and their logarithms: `softmax` and `log_softmax`."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import (
    Apply,
    Domain,
    Entry,
    Index,
    Layer,
    Setting,
    Shape,
    ShapeError,
    Term,
    option,
    small_problem,
)
from cnncalc.layers.indices import number_latex

OVER = Phrase("what adds up to 1: the features of a sample; or at each place of an image or a signal its channels")
TEMPERATURE = Phrase(
    "T in exp(x/T): above 1 the probabilities come closer to each other, below 1 the largest comes closer to 1"
)
AT_PLACE = {1: "", 2: r", \i", 3: r", \i, \j"}
"""By the rank of a sample, the indices of a place."""
NATURAL = Phrase("log is the natural logarithm.")


class Softmax(Layer):
    """x (features) to y (features): y_k = exp(x_k) / Σ_j exp(x_j), for each sample by itself.

    With `over: channel` an image or a signal to the same shape, over the channels of each place by itself.
    dx_k = y_k · (g_k − Σ_j g_j · y_j), the product of g with the whole Jacobian. With a `temperature` T, x/T for x, and
    dx is divided by T.
    """

    type = "softmax"
    example = small_problem("[0, log(2), log(5)]", "softmax", upstream="[1, 3, -2]")
    domain: ClassVar[Domain] = "features"
    sees_all = True
    gives = "probabilities"
    over: str = option("features", "choice", OVER, ("features", "channel"))
    temperature: int | Decimal | Fraction = option(1, "number", TEMPERATURE)

    def given(self, parameters: Collection[str]) -> Layer:
        """Over channels it takes images and signals as well."""
        return SoftmaxOverChannels(self.over, self.temperature) if self.over == "channel" else self

    def check_options(self) -> None:
        """A temperature is positive."""
        if self.temperature <= 0:
            raise ShapeError(f"the temperature is {self.temperature}", "write a positive number", "temperature")

    def cooled(self, numbers: Arithmetic, x: Array) -> Array:
        """x divided by the temperature."""
        return x if self.temperature == 1 else np.asarray(x * numbers.number(self.share))

    @property
    def share(self) -> Fraction:
        """One over the temperature."""
        return 1 / Fraction(self.temperature)

    def check_input(self, x: Shape) -> None:
        """What it runs over is asked where there is more than features."""
        try:
            super().check_input(x)
        except ShapeError as error:
            raise ShapeError(error.message, error.remedy + f", or write `{self.type}: {{over: channel}}`") from error

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Taken from exp(x − max x), which is the same and cannot overflow."""
        y = numbers.named("y", numbers.softmax(self.cooled(numbers, x)), positive=True)
        numbers.note_distribution(by_place(y))
        return {"y": y}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx = y · (g − Σ g · y)."""
        dx = placed(numbers.through_softmax(by_place(g), by_place(tensors["y"])), g)
        return {"dx": self.cooled(numbers, dx)}

    def logarithms(self, numbers: Arithmetic, x: Array) -> tuple[Array, Array]:
        """Those of each class against all others."""
        rows = by_place(self.cooled(numbers, x))
        return placed(numbers.log_softmax(rows), x), placed(numbers.log_rest(rows), x)

    def through_logarithms(
        self, numbers: Arithmetic, slopes: tuple[Array, Array], tensors: Mapping[str, Array]
    ) -> Array:
        """dx by way of log-softmax."""
        of_y, of_rest = map(by_place, slopes)
        dx = numbers.through_log_softmax(of_y, by_place(tensors["y"]))
        x = self.cooled(numbers, tensors["x"])
        dx = dx + numbers.through_log_rest(of_rest, by_place(x)) if of_rest.any() else dx
        return placed(self.cooled(numbers, dx), x)

    def shares(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[str, Array]:
        """The probabilities: `p[1]`."""
        return "{y}", tensors["y"]

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The quotient, and the Jacobian multiplied out."""
        own, other = self.letters(setting.x)
        at, every = rf"_{{\n, {own}}}", rf"_{{\n, {other}}}"
        total = other.partition(",")[0]
        over = "" if self.temperature == 1 else f" / {number_latex(self.temperature)}"
        share = "" if self.temperature == 1 else rf"\frac{{1}}{{{number_latex(self.temperature)}}} \cdot "
        powers = rf"\exp\left(\x{at}{over}\right)", rf"\exp\left(\x{every}{over}\right)"
        return {
            "y": rf"\y{at} = \frac{{{powers[0]}}}{{\sum_{{{total}}} {powers[1]}}}",
            "dx": rf"\dx{at} = {share}\y{at} \cdot \left(\g{at} - \sum_{{{total}}} \g{every} \cdot \y{every}\right)",
        }

    def letters(self, x: Shape) -> tuple[str, str]:
        """The indices of a class, and of any class beside it, without the sample."""
        return r"\k", r"\j"

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """One power times the reciprocal of their sum; or y times the bracket."""
        n, k, *place = index
        beside = [(n, j, *place) for j in range(tensors["x"].shape[1])]
        if tensor == "y":
            powers = [Apply("exp", (Term((Entry("x", at),), self.share),)) for at in beside]
            return [Term((powers[k], Apply("reciprocal", tuple(Term((power,)) for power in powers))))]
        bracket = [Term((Entry("g", index),)), *(Term((Entry("g", at), Entry("y", at)), -1) for at in beside)]
        return [Term((Entry("y", index), Apply("sum", tuple(bracket))), self.share)]


class SoftmaxOverChannels(Softmax):
    """Over the channels of each place of an image or a signal; features are one place."""

    domain = "any"

    def letters(self, x: Shape) -> tuple[str, str]:
        """With those of the place."""
        return places_of(x)


def places_of(x: Shape) -> tuple[str, str]:
    """The indices of a class at a place of a sample, and of any class beside it there."""
    place = AT_PLACE[len(x)]
    return rf"\k{place}", (rf"\c{place}" if place else r"\j")


def by_place(x: Array) -> Array:
    """A row of all channels for each place of each sample; features as they are."""
    return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])


def placed(rows: Array, like: Array) -> Array:
    """Such rows in the shape that they came from."""
    return np.moveaxis(rows.reshape(len(like), *like.shape[2:], like.shape[1]), -1, 1)


class LogSoftmax(Layer):
    """x (features) to y (features): y_k = x_k − log Σ_j exp(x_j), for each sample by itself.

    With `over: channel` an image or a signal to the same shape, over the channels of each place by itself.
    dx_k = g_k − exp(y_k) · Σ_j g_j.
    """

    type = "log_softmax"
    example = small_problem("[0, log(2), log(5)]", "log_softmax", upstream="[1, 3, -2]")
    domain: ClassVar[Domain] = "features"
    sees_all = True
    passed_by = frozenset(("y",))
    gives = "log-probabilities"
    over: str = option("features", "choice", OVER, ("features", "channel"))

    def given(self, parameters: Collection[str]) -> Layer:
        """Over channels it takes images and signals as well."""
        return LogSoftmaxOverChannels(self.over) if self.over == "channel" else self

    def letters(self, x: Shape) -> tuple[str, str]:
        """The indices of a class, and of any class beside it, without the sample."""
        return r"\k", r"\j"

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Which logarithm."""
        return (NATURAL,)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Taken from x − max x, which is the same and cannot overflow."""
        return {"y": placed(numbers.log_softmax(by_place(x)), x)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx = g − p · Σ g, with the probabilities p."""
        # From x rather than as exp(y): the quotient is the form in which equal shares are seen to be equal.
        shares = numbers.softmax(by_place(tensors["x"]))
        return {"dx": placed(numbers.through_log_softmax(by_place(g), shares), g)}

    def shares(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[str, Array]:
        """The probabilities, whose logarithms y are."""
        return "exp({y})", placed(numbers.softmax(by_place(tensors["x"])), tensors["x"])

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The quotient of softmax, its logarithm taken; the derivative is written in y."""
        own, other = self.letters(setting.x)
        at, every, total = rf"_{{\n, {own}}}", rf"_{{\n, {other}}}", other.partition(",")[0]
        return {
            "y": rf"\y{at} = \x{at} - \log\left(\sum_{{{total}}} \exp\left(\x{every}\right)\right)",
            "dx": rf"\dx{at} = \g{at} - \exp\left(\y{at}\right) \cdot \sum_{{{total}}} \g{every}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """x less the logarithm of the sum of powers; or g less its share of all g."""
        n, _, *place = index
        beside = [(n, j, *place) for j in range(tensors["x"].shape[1])]
        if tensor == "y":
            powers = tuple(Term((Apply("exp", (Term((Entry("x", at),)),)),)) for at in beside)
            return [Term((Entry("x", index),)), Term((Apply("log", powers),), -1)]
        power = Apply("exp", (Term((Entry("y", index),)),))
        total = Apply("sum", tuple(Term((Entry("g", at),)) for at in beside))
        return [Term((Entry("g", index),)), Term((power, total), -1)]


class LogSoftmaxOverChannels(LogSoftmax):
    """Over the channels of each place of an image or a signal; features are one place."""

    domain = "any"

    def letters(self, x: Shape) -> tuple[str, str]:
        """With those of the place."""
        return places_of(x)
