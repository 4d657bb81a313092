"""Cross-entropy of yes and no, for each number by itself: `binary_cross_entropy`."""

from collections.abc import Iterator, Mapping
from math import prod

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import X, applied
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.activations.softmax import NATURAL
from cnncalc.layers.base import Setting, Term, option, small_problem
from cnncalc.layers.indices import ratio
from cnncalc.losses.by_element import LOGITS, Addend, ByElement, T, over_samples, share

REST_OF_T, REST_OF_X = (applied("sum", Term(()), Term((entry,), -1)) for entry in (T, X))
"""1 − t, and 1 − x."""


class BinaryCrossEntropy(ByElement):
    """x and target t of any shape, each from 0 to 1, to one number: the mean of −t · log x − (1 − t) · log(1 − x).

    The mean is over a sample's elements, then it goes over the samples; dx = ((1 − t)/(1 − x) − t/x) / number of
    elements. Where t is 0, x may be 0, and where it is 1, x may be 1: 0 · log 0 = 0. PyTorch's, which instead never
    lets a logarithm fall below −100.
    """

    type = "binary_cross_entropy"
    example = small_problem(
        "[0, log(3), -1]", "sigmoid: {name: p}", loss="binary_cross_entropy: {target: [1, 0, 1]}", name="z"
    )
    takes = "probabilities"
    usual = "sigmoid"
    target_is_probability = True
    logits: bool = option(False, "bool", LOGITS.format(layer="sigmoid"))

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Which logarithm."""
        return (NATURAL,)

    def addends(self, numbers: Arithmetic, x: Array, target: Array) -> Iterator[Addend]:
        """−t · log x and −(1 − t) · log(1 − x), taken only where the factor is not 0."""
        for sign, factor, probability in ((-1, T, X), (1, REST_OF_T, REST_OF_X)):
            slope = Term((factor, applied("reciprocal", Term((probability,)))), sign)
            counts = ~numbers.is_equal(target, int(sign > 0))
            yield Addend(counts, (Term((factor, applied("log", Term((probability,)))), -1),), (slope,))

    def slopes_of_logarithms(self, target: Array) -> tuple[Array, Array]:
        """−t and −(1 − t), divided by the number of elements."""
        count = prod(target.shape[1:]) * share(self, target)
        return -target / count, (target - 1) / count

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The mean over the elements, and over the samples where there are any."""
        fraction = over_samples(self, setting)
        i, count = indices(setting.x), prod(setting.x)
        mean = ratio(1, count)
        x, t = rf"\x_{{{i}}}", rf"\target_{{{i}}}"
        logarithms = rf"{t} \cdot \log\left({x}\right) + \left(1 - {t}\right) \cdot \log\left(1 - {x}\right)"
        slopes = rf"\frac{{1 - {t}}}{{1 - {x}}} - \frac{{{t}}}{{{x}}}"
        return {
            "y": rf"\y = -{fraction}{mean}\sum_{{{i}}} \left({logarithms}\right)",
            "dx": rf"\dx_{{{i}}} = " + (rf"{fraction}{mean}\left({slopes}\right)" if fraction or mean else slopes),
        }
