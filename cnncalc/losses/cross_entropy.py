"""Cross-entropy against a one-hot or soft target: `cross_entropy`."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Apply, Content, Domain, Entry, Index, Setting, Term, small_problem
from cnncalc.losses.of_classes import OfClasses
from cnncalc.losses.reduction import average, over_samples, share
from cnncalc.records import dataclass

NATURAL = Phrase(en="log is the natural logarithm.", zh="log 为自然对数。")


@dataclass(frozen=True)
class CrossEntropy(OfClasses):
    """x (features), probabilities, and target t (features) to one number: −Σ t · log x, then over the mini-batch.

    dx = −t / x, divided by N for the mean. Where t is 0, x may be 0: 0 · log 0 = 0. It does no softmax of its own.
    """

    type: ClassVar[str] = "cross_entropy"
    example: ClassVar[str] = small_problem(
        "[[0, log(2), log(5)], [1, 0, -1]]",
        "softmax: {name: p}",
        loss="cross_entropy: {class: [3, 1], reduction: sum}",
        name="z",
    )
    domain: ClassVar[Domain] = "features"
    takes: ClassVar[Content] = "probabilities"
    takes_class: ClassVar[bool] = True
    target_is_distribution: ClassVar[bool] = True
    on_request: ClassVar[tuple[str, ...]] = ("target_entropy", "divergence")
    without_samples: ClassVar[frozenset[str]] = frozenset(on_request)
    parts: ClassVar[tuple[str, ...]] = ("target_entropy", "divergence")

    def parts_of(self) -> tuple[str, ...]:
        """None where classes have weights: the target is no distribution then."""
        return () if self.class_weights or self.ignore else self.parts

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Which logarithm."""
        return (NATURAL,)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """−Σ t · log x, the logarithm taken only where t is not 0."""
        target = parameters["target"]
        numbers.note_distribution(target)
        counts = ~numbers.is_equal(target, 0)
        return {"y": 0 - numbers.sum(target[counts] * numbers.log(x[counts]), axis=0) / share(self, x, numbers)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """−g · t / x where t is not 0."""
        x, target = tensors["x"], tensors["target"]
        counts = ~numbers.is_equal(target, 0)
        dx = numbers.zeros(x.shape)
        dx[counts] = -(target[counts] / x[counts]) * (g / share(self, x, numbers))
        return {"dx": dx}

    def slopes_of_logarithms(self, target: Array) -> tuple[Array, Array] | None:
        """−t, divided by N for the mean."""
        return -target / share(self, target), np.zeros(target.shape)

    def requested(
        self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]
    ) -> Mapping[str, Callable[[], Array]]:
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
        """One for each target that is not 0."""
        scale = -average(self, len(tensors["x"]))
        if tensor == "dx":
            if numbers.is_equal(tensors["target"][index], 0):
                return []
            reciprocal = Apply("reciprocal", (Term((Entry("x", index),)),))
            return [Term((Entry("g", ()), Entry("target", index), reciprocal), scale)]
        if tensor in self.on_request:
            return self._part_terms(tensor, scale, numbers, tensors)
        places = np.argwhere(~numbers.is_equal(tensors["target"], 0)).tolist()
        return [Term((Entry("target", (n, k)), Apply("log", (Term((Entry("x", (n, k)),)),))), scale) for n, k in places]

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
