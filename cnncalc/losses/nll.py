"""The negative log-likelihood of log-probabilities: `nll`."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.base import Content, Domain, Entry, Index, Setting, Term, small_problem
from cnncalc.losses.of_classes import OfClasses
from cnncalc.losses.reduction import average, over_samples, share
from cnncalc.records import dataclass


@dataclass(frozen=True)
class NegativeLogLikelihood(OfClasses):
    """x (features), log-probabilities, and target t (features) to one number: −Σ t · x, then over the mini-batch.

    dx = −t, divided by N for the mean. It takes no logarithm of its own. PyTorch's nll_loss, for a one-hot target.
    """

    type: ClassVar[str] = "nll"
    example: ClassVar[str] = small_problem(
        "[[0, log(2), log(5)], [1, 0, -1]]", "log_softmax: {name: q}", loss="nll: {class: [3, 1]}", name="z"
    )
    domain: ClassVar[Domain] = "features"
    takes: ClassVar[Content] = "log-probabilities"
    usual: ClassVar[str] = "log_softmax"
    takes_class: ClassVar[bool] = True
    target_is_distribution: ClassVar[bool] = True

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """−Σ t · x."""
        return {"y": 0 - numbers.sum(parameters["target"] * x, axis=(0, 1)) / share(self, x, numbers)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """−g · t."""
        return {"dx": 0 - tensors["target"] * (g / share(self, tensors["x"], numbers))}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum over the features, and over the samples where there are any."""
        fraction = over_samples(self, setting)
        return {
            "y": rf"\y = -{fraction}\sum_{{\n, \k}} \target_{{\n, \k}} \cdot \x_{{\n, \k}}",
            "dx": rf"\dx_{{\n, \k}} = -{fraction}\target_{{\n, \k}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """One for each target that is not 0."""
        target = tensors["target"]
        scale = -average(self, len(target))
        if tensor == "dx":
            return [Term((Entry("g", ()), Entry("target", index)), scale)]
        places = map(tuple, np.argwhere(~numbers.is_equal(target, 0)).tolist())
        return [Term((Entry("target", at), Entry("x", at)), scale) for at in places]
