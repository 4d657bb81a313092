"""The Kullback-Leibler divergence of probabilities from a target: `kl`."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.base import Index, Setting, Term, small_problem
from cnncalc.losses.cross_entropy import CrossEntropy
from cnncalc.losses.reduction import average, over_samples
from cnncalc.records import dataclass


@dataclass(frozen=True)
class Divergence(CrossEntropy):
    """x (features), probabilities, and target t (features) to one number: Σ t · log(t / x), then over the mini-batch.

    dx = −t / x, that of the cross-entropy, from which it differs by the entropy of the target. PyTorch's kl_div takes
    log x and, with reduction `batchmean`, is the same.
    """

    type: ClassVar[str] = "kl"
    example: ClassVar[str] = small_problem(
        "[[0, log(2), log(5)], [1, 0, -1]]",
        "softmax: {name: p}",
        loss="kl: {target: [[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]]}",
        name="z",
    )
    takes_class: ClassVar[bool] = False
    on_request: ClassVar[tuple[str, ...]] = ("target_entropy",)
    parts: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def options(cls) -> Mapping[str, Mapping[str, Any]]:
        """No smoothed labels and no weights."""
        return {"reduction": super().options()["reduction"]}

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Σ t · log(t / x), the logarithm taken only where t is not 0."""
        super().forward(numbers, x, parameters)
        return {"y": super().requested(numbers, x, parameters)["divergence"]()}

    def requested(
        self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]
    ) -> Mapping[str, Callable[[], Array]]:
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
