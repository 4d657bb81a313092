"""Log-probabilities from logits: `log_softmax`."""

from collections.abc import Collection, Mapping
from typing import ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.softmax import OVER, by_place, largest, placed, places_of
from cnncalc.layers.base import Apply, Domain, Entry, Index, Layer, Setting, Shape, Term, option, small_problem

NATURAL = Phrase(en="log is the natural logarithm.", zh="log 为自然对数。")


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
        shares = _probabilities(numbers, by_place(tensors["x"]))
        return {"dx": placed(numbers.through_log_softmax(by_place(g), shares), g)}

    def shares(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[str, Array]:
        """The probabilities, whose logarithms y are."""
        return "exp({y})", placed(_probabilities(numbers, by_place(tensors["x"])), tensors["x"])

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


def _probabilities(numbers: Arithmetic, x: Array) -> Array:
    # From x rather than as exp(y): the quotient is the form in which equal shares are seen to be equal.
    powers = numbers.exp(x - largest(numbers, x))
    shares: Array = powers / numbers.sum(powers, axis=1)[:, None]
    return shares
