"""Cross-entropy of yes and no, for each number by itself: `binary_cross_entropy`."""

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import ClassVar, TypeAlias

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.activations.log_softmax import NATURAL
from cnncalc.layers.base import Apply, Content, Entry, Index, Loss, Setting, Term, small_problem
from cnncalc.losses.reduction import average, over_samples, share
from cnncalc.records import dataclass

Factor: TypeAlias = Entry | Apply


@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """x and target t of any shape, each from 0 to 1, to one number: the mean of −t · log x − (1 − t) · log(1 − x).

    The mean is over a sample's elements, then it goes over the samples; dx = ((1 − t)/(1 − x) − t/x) / number of
    elements. Where t is 0, x may be 0, and where it is 1, x may be 1: 0 · log 0 = 0. PyTorch's, which instead never
    lets a logarithm fall below −100.
    """

    type: ClassVar[str] = "binary_cross_entropy"
    example: ClassVar[str] = small_problem(
        "[0, log(3), -1]", "sigmoid: {name: p}", loss="binary_cross_entropy: {target: [1, 0, 1]}", name="z"
    )
    takes: ClassVar[Content] = "probabilities"
    usual: ClassVar[str] = "sigmoid"
    target_is_probability: ClassVar[bool] = True

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Which logarithm."""
        return (NATURAL,)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The logarithms are taken only where their factor is not 0."""
        total = numbers.zeros(x.shape)
        for factor, probability in _sides(x, parameters["target"]):
            counts = ~numbers.is_equal(factor, 0)
            total[counts] += factor[counts] * numbers.log(probability[counts])
        return {"y": 0 - numbers.sum(total, axis=tuple(range(x.ndim))) / (prod(x.shape[1:]) * share(self, x))}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """g · ((1 − t)/(1 − x) − t/x) / number of elements."""
        x = tensors["x"]
        dx = numbers.zeros(x.shape)
        for sign, (factor, probability) in zip((-1, 1), _sides(x, tensors["target"]), strict=True):
            counts = ~numbers.is_equal(factor, 0)
            dx[counts] += factor[counts] / probability[counts] * sign
        return {"dx": dx * (g / (prod(x.shape[1:]) * share(self, x)))}

    def slopes_of_logarithms(self, target: Array) -> tuple[Array, Array]:
        """−t and −(1 − t), divided by the number of elements."""
        count = prod(target.shape[1:]) * share(self, target)
        return -target / count, (target - 1) / count

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The mean over the elements, and over the samples where there are any."""
        fraction = over_samples(self, setting)
        i, count = indices(setting.x), prod(setting.x)
        mean = "" if count == 1 else rf"\frac{{1}}{{{count}}} "
        x, t = rf"\x_{{{i}}}", rf"\target_{{{i}}}"
        logarithms = rf"{t} \cdot \log\left({x}\right) + \left(1 - {t}\right) \cdot \log\left(1 - {x}\right)"
        slopes = rf"\frac{{1 - {t}}}{{1 - {x}}} - \frac{{{t}}}{{{x}}}"
        return {
            "y": rf"\y = -{fraction}{mean}\sum_{{{i}}} \left({logarithms}\right)",
            "dx": rf"\dx_{{{i}}} = " + (rf"{fraction}{mean}\left({slopes}\right)" if fraction or mean else slopes),
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """For each element, the logarithms whose factor is not 0; or the slopes of those."""
        x = tensors["x"]
        scale = average(self, len(x)) * Fraction(1, prod(x.shape[1:]))
        made = []
        for at in [index] if tensor == "dx" else np.ndindex(x.shape):
            pairs: list[tuple[int, Factor, Factor]] = [(-1, Entry("target", at), Entry("x", at))]
            pairs.append((1, _rest("target", at), _rest("x", at)))
            for sign, factor, probability in pairs:
                if numbers.is_equal(tensors["target"][at], int(sign > 0)):
                    continue
                if tensor == "dx":
                    slope = Apply("reciprocal", (Term((probability,)),))
                    made.append(Term((Entry("g", ()), factor, slope), sign * scale))
                else:
                    made.append(Term((factor, Apply("log", (Term((probability,)),))), -scale))
        return made


def _rest(tensor: str, at: Index) -> Apply:
    """1 − the element."""
    return Apply("sum", (Term(()), Term((Entry(tensor, at),), -1)))


def _sides(x: Array, target: Array) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """The two factors, each with the probability whose logarithm it has: t with x, and 1 − t with 1 − x."""
    return (target, x), (1 - target, 1 - x)
