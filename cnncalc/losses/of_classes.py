"""Cross-entropies: of one class among several, `nll` and `kl` among them, and of yes and no, `binary_cross_entropy`."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import prod
from typing import Any, ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import Real, X, applied
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.base import Apply, Entry, Index, Makers, Setting, Shape, ShapeError, Term, by, option, small_problem
from cnncalc.layers.indices import ratio
from cnncalc.losses.by_element import LOGITS, Addend, ByElement, T, average, over_samples, share

REST_OF_T, REST_OF_X = (applied("sum", Term(()), Term((entry,), -1)) for entry in (T, X))
"""1 − t, and 1 − x."""


class OfClasses(ByElement):
    """A loss whose target is a distribution; what the options make of that, the loader has put into it."""

    domain = "features"
    takes_class = True
    target_is_distribution = True
    is_mean = False
    label_smoothing: Real = option(
        0,
        "number",
        Phrase("what is taken from the right class and spread evenly over all: t becomes (1 − ε) · t + ε / K"),
        limit="from 0 to 1",
    )
    class_weights: tuple[Real, ...] = option(
        (), "numbers", Phrase("what the part of each class in the loss is multiplied by")
    )
    mean_over: str = option(
        "weights",
        "choice",
        Phrase(
            "with weights and `class`: the mean divides by the weights of the samples' classes (PyTorch), or by the"
            " number of samples"
        ),
        ("weights", "samples"),
    )
    ignore: tuple[int, ...] = option((), "classes", Phrase("classes whose samples do not count, as `class` counts"))
    ignore_samples: tuple[int, ...] = option(
        (), "classes", Phrase("samples that do not count, counted from `index_base`")
    )
    mean_divisor: Fraction | None = None
    """What the mean divides by, where that is not the number of samples."""

    def check_options(self) -> None:
        """Weights are not negative."""
        super().check_options()
        if any(weight < 0 for weight in self.class_weights):
            raise ShapeError("a class weight of {y} is negative", "give weights from 0 upwards", "class_weights")

    def check_input(self, x: Shape) -> None:
        """A weight for each class."""
        super().check_input(x)
        if self.class_weights and len(self.class_weights) != x[0]:
            message = f"{{y}} has {len(self.class_weights)} class weights, {{x}} has {x[0]} classes ({by(x)})"
            raise ShapeError(message, f"give {x[0]} weights", "class_weights")


class CrossEntropy(OfClasses):
    """x (features), probabilities, and target t (features) to one number: −Σ t · log x, then over the mini-batch.

    dx = −t / x, divided by N for the mean. Where t is 0, x may be 0: 0 · log 0 = 0. It does no softmax of its own;
    with `logits: true` one is put before it, so that it takes scores as PyTorch's CrossEntropyLoss does.
    """

    type = "cross_entropy"
    example = small_problem(
        "[[0, log(2), log(5)], [1, 0, -1]]", "softmax: {name: p}", loss="cross_entropy: {class: [3, 1]}", name="z"
    )
    takes = "probabilities"
    logits: bool = option(False, "bool", LOGITS.format(layer="softmax"))
    on_request: ClassVar[tuple[str, ...]] = ("target_entropy", "divergence")
    without_samples = frozenset(on_request)
    parts: ClassVar[tuple[str, ...]] = ("target_entropy", "divergence")

    def parts_of(self) -> tuple[str, ...]:
        """None where classes have weights: the target is no distribution then."""
        return () if self.class_weights or self.ignore or self.ignore_samples else self.parts

    def addends(self, numbers: Arithmetic, x: Array, target: Array) -> Iterator[Addend]:
        """−t · log x, taken only where t is not 0."""
        slope = Term((T, applied("reciprocal", Term((X,)))), -1)
        yield Addend(~numbers.is_equal(target, 0), (Term((T, applied("log", Term((X,)))), -1),), (slope,))

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The sum; that the target is a distribution helps to compare."""
        numbers.note_distribution(parameters["target"])
        return super().forward(numbers, x, parameters)

    def slopes_of_logarithms(self, target: Array) -> tuple[Array, Array] | None:
        """−t, divided by N for the mean."""
        part = average(self, len(target))
        # By whole numbers, which go with every number system.
        return -target * part.numerator / part.denominator, np.zeros(target.shape)

    def requested(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> Makers:
        """H(target) and KL(target‖x), whose sum is y: what cannot be learned, and what can."""
        target = parameters["target"]
        counts = ~numbers.is_equal(target, 0)

        def total(ratios: Array) -> Array:
            return np.asarray(numbers.sum(target[counts] * numbers.log(ratios), axis=0) / share(self, x, numbers))

        return {
            "target_entropy": lambda: 0 - total(target[counts]),
            "divergence": lambda: total(target[counts] / x[counts]),
        }

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum over the features, and over the samples where there are any."""
        fraction = over_samples(self, setting)
        return {
            "y": rf"\y = -{fraction}\sum_{{\n, \k}} \target_{{\n, \k}} \cdot \log\left(\x_{{\n, \k}}\right)",
            "dx": rf"\dx_{{\n, \k}} = -{fraction}\frac{{\target_{{\n, \k}}}}{{\x_{{\n, \k}}}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Those on request have their own."""
        if tensor in self.on_request:
            return self._part_terms(tensor, -average(self, len(tensors["x"])), numbers, tensors)
        return super().terms(tensor, index, numbers, tensors)

    def _part_terms(
        self, tensor: str, scale: Fraction, numbers: Arithmetic, tensors: Mapping[str, Array]
    ) -> list[Term]:
        """−t · log t, or t · log t and −t · log x."""
        terms = []
        for n, k in np.argwhere(~numbers.is_equal(tensors["target"], 0)).tolist():
            target, x = Entry("target", (n, k)), Entry("x", (n, k))
            own = Apply("log", (Term((target,)),))
            terms.append(Term((target, own), scale if tensor == "target_entropy" else -scale))
            if tensor == "divergence":
                terms.append(Term((target, Apply("log", (Term((x,)),))), scale))
        return terms


class NegativeLogLikelihood(OfClasses):
    """x (features), log-probabilities, and target t (features) to one number: −Σ t · x, then over the mini-batch.

    dx = −t, divided by N for the mean. It takes no logarithm of its own. PyTorch's nll_loss, for a one-hot target.
    """

    type = "nll"
    example = small_problem(
        "[[0, log(2), log(5)], [1, 0, -1]]", "log_softmax: {name: q}", loss="nll: {class: [3, 1]}", name="z"
    )
    takes = "log-probabilities"
    usual = "log_softmax"

    def addends(self, numbers: Arithmetic, x: Array, target: Array) -> Iterator[Addend]:
        """−t · x; where t is 0, only its derivative is looked at."""
        counts = ~numbers.is_equal(target, 0)
        slope = (Term((T,), -1),)
        yield from (Addend(counts, (Term((T, X), -1),), slope), Addend(~counts, (), slope))

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum over the features, and over the samples where there are any."""
        fraction = over_samples(self, setting)
        return {
            "y": rf"\y = -{fraction}\sum_{{\n, \k}} \target_{{\n, \k}} \cdot \x_{{\n, \k}}",
            "dx": rf"\dx_{{\n, \k}} = -{fraction}\target_{{\n, \k}}",
        }


class Divergence(CrossEntropy):
    """x (features), probabilities, and target t (features) to one number: Σ t · log(t / x), then over the mini-batch.

    dx = −t / x, that of the cross-entropy, from which it differs by the entropy of the target. PyTorch's kl_div takes
    log x and, with reduction `batchmean`, is the same.
    """

    type = "kl"
    example = small_problem(
        "[[0, log(2), log(5)], [1, 0, -1]]",
        "softmax: {name: p}",
        loss="kl: {target: [[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]]}",
        name="z",
    )
    takes_class = False
    on_request = ("target_entropy",)
    parts = ()

    @classmethod
    def options(cls) -> Mapping[str, Mapping[str, Any]]:
        """No smoothed labels and no weights."""
        return {"reduction": super().options()["reduction"]}

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Σ t · log(t / x), the logarithm taken only where t is not 0."""
        super().forward(numbers, x, parameters)
        return {"y": super().requested(numbers, x, parameters)["divergence"]()}

    def requested(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> Makers:
        """H(target) alone: the divergence is y."""
        return {"target_entropy": super().requested(numbers, x, parameters)["target_entropy"]}

    def slopes_of_logarithms(self, target: Array) -> tuple[Array, Array] | None:
        """A number is added to them."""
        return None

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum over the classes that the target has."""
        fraction = over_samples(self, setting)
        each = r"\target_{\n, \k} \cdot \log\left(\frac{\target_{\n, \k}}{\x_{\n, \k}}\right)"
        y = rf"\y = {fraction}\sum_{{\n, \k:\, \target_{{\n, \k}} > 0}} {each}"
        return {**super().formulas(setting), "y": y}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """t · log t and −t · log x."""
        if tensor == "y":
            return self._part_terms("divergence", -average(self, len(tensors["x"])), numbers, tensors)
        return super().terms(tensor, index, numbers, tensors)


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
