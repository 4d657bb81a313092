"""Numbers left out by a mask: `dropout`."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import Elementwise, indices
from cnncalc.layers.base import Entry, Index, Parameter, Setting, Shape, ShapeError, Term, by, option, small_problem

MASK = Phrase(
    "1 for each number that is kept, 0 for each that is left out, shaped like x, for all samples alike or with N; "
    "without it the layer is in evaluation"
)
EVALUATION = {
    True: Phrase("Dropout without a mask is in evaluation: it changes nothing."),
    False: Phrase("Dropout without a mask is in evaluation: every number is multiplied by 1 − p."),
}


class Dropout(Elementwise):
    """Any shape to the same shape: y = mask · x / (1 − p), and dx = mask · g / (1 − p), as PyTorch's in training.

    With `inverted: false` training divides by nothing, and evaluation multiplies by 1 − p instead.
    """

    type = "dropout"
    example = small_problem(
        "[1.5, 2, -3.25, 4]", "dropout: {p: 0.2, mask: {name: m, value: [1, 0, 1, 1]}}", upstream="[1.25, 2, 3.5, -4]"
    )
    parameters = (Parameter("mask", learned=False, shape="like x, or (N, …)", about=MASK),)
    p: int | Decimal | Fraction = option(
        Decimal("0.5"), "number", Phrase("the probability with which a number is left out"),
        limit="from 0, below 1",
    )  # fmt: skip
    inverted: bool = option(
        True, "bool", Phrase("whether training divides by 1 − p (PyTorch), or else evaluation multiplies by it")
    )

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """That of x, or one for each sample."""
        typed = given.get("mask")
        if typed is None:
            return {}
        if typed != x and typed[1:] != x:
            message = f"{{mask}} has shape {by(typed)}, {{x}} is {by(x)}"
            raise ShapeError(message, "give a 0 or a 1 for each number of {x}", "mask")
        return {"mask": typed}

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Training or evaluation."""
        return () if "mask" in tensors else (EVALUATION[self.inverted],)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """What is kept, with the factor."""
        return {"y": self._kept(numbers, x, parameters)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """The same of g."""
        return {"dx": self._kept(numbers, g, tensors)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """As a fraction in training with the factor."""
        i = indices(setting.x)

        def shown(source: str) -> str:
            one = rf"\{source}_{{{i}}}"
            if "mask" not in setting.parameters:
                return one if self.inverted else rf"\left(1 - {self.p}\right) \cdot {one}"
            own = i if len(setting.parameters["mask"]) > len(setting.x) else i.removeprefix(r"\n, ")
            product = rf"\mask_{{{own}}} \cdot {one}"
            return rf"\frac{{{product}}}{{1 - {self.p}}}" if self.inverted else product

        return {"y": rf"\y_{{{i}}} = {shown('x')}", "dx": rf"\dx_{{{i}}} = {shown('g')}"}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """One product."""
        kept = Entry({"y": "x", "dx": "g"}[tensor], index)
        if "mask" not in tensors:
            return [Term((kept,), self._factor(False))]
        at = index if tensors["mask"].ndim == len(index) else index[1:]
        return [Term((Entry("mask", at), kept), self._factor(True))]

    def _kept(self, numbers: Arithmetic, values: Array, tensors: Mapping[str, Array]) -> Array:
        factor = numbers.number(self._factor("mask" in tensors))
        if "mask" not in tensors:
            return np.asarray(values * factor)
        mask = tensors["mask"]
        if mask.ndim == values.ndim and len(mask) != len(values):
            message = f"the mask of {{y}} has {len(mask)} samples, {{x}} has {len(values)}"
            raise ShapeError(message, "give one for each sample, or one for all", "mask")
        return np.asarray(values * mask * factor + 0)

    def _factor(self, is_training: bool) -> Fraction:
        kept = 1 - Fraction(self.p)
        if is_training:
            return 1 / kept if self.inverted else Fraction(1)
        return Fraction(1) if self.inverted else kept
