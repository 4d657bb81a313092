"""Functions of two numbers: quotients, powers, the larger and the smaller one."""

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import doubted
from cnncalc.layers.base import Apply, Doubt, Entry, Index, Setting, Term
from cnncalc.layers.joining.several import ElementByElement, Setup

TIE = Phrase("Both are equal; each gets half of the gradient, as in PyTorch.")
HALF = Fraction(1, 2)


class OfTwo(ElementByElement):
    """Two inputs of one shape, number by number."""


class Divide(OfTwo):
    """y = x / xb, element by element; dx = g / xb and dxb = −g · x / xb²."""

    type = "divide"

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The quotient; OutOfRange where it is by 0."""
        below = parameters["xb"]
        if numbers.is_known_equal(below, 0).any():
            raise OutOfRange("a division by 0")
        return {"y": x / below}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """By the quotient rule."""
        x, below = tensors["x"], tensors["xb"]
        return {"dx": g / below + 0, "dxb": 0 - g * x / (below * below)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Fractions."""
        setup = Setup.of(setting)
        x, below, g = setup.written("x"), setup.written("xb"), setup.output("g")
        return {
            "y": rf"{setup.output('y')} = \frac{{{x}}}{{{below}}}",
            "dx": rf"{setup.derived('x')} = {g} \cdot \frac{{1}}{{{below}}}",
            "dxb": rf"{setup.derived('xb')} = -{g} \cdot \frac{{{x}}}{{{below}^{{2}}}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Products with 1 / xb."""
        over, x, g = Apply("reciprocal", (Term((Entry("xb", index),)),)), Entry("x", index), Entry("g", index)
        return [{"y": Term((x, over)), "dx": Term((g, over)), "dxb": Term((g, x, over, over), -1)}[tensor]]


class Raise(OfTwo):
    """y = x^xb of a positive x, element by element; dx = g · xb · x^(xb − 1) and dxb = g · y · log x."""

    type = "raise"

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """exp(xb · log x)."""
        return {"y": numbers.exp(parameters["xb"] * numbers.log(x))}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """By the base, and by the exponent."""
        x, exponent, y = tensors["x"], tensors["xb"], tensors["y"]
        return {"dx": g * exponent * y / x + 0, "dxb": g * y * numbers.log(x) + 0}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Powers."""
        setup = Setup.of(setting)
        x, exponent, g, y = setup.written("x"), setup.written("xb"), setup.output("g"), setup.output("y")
        return {
            "y": rf"{y} = {x}^{{{exponent}}}",
            "dx": rf"{setup.derived('x')} = {g} \cdot {exponent} \cdot {x}^{{{exponent} - 1}}",
            "dxb": rf"{setup.derived('xb')} = {g} \cdot {y} \cdot \log\left({x}\right)",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """By way of the logarithm."""
        x, exponent, g = Entry("x", index), Entry("xb", index), Entry("g", index)
        log = Apply("log", (Term((x,)),))
        power = Apply("exp", (Term((exponent, log)),))
        over = Apply("reciprocal", (Term((x,)),))
        return [{"y": Term((power,)), "dx": Term((g, exponent, power, over)), "dxb": Term((g, power, log))}[tensor]]


class Maximum(OfTwo):
    """y = max(x, xb), element by element; the larger one gets the gradient, both half of it where they are equal."""

    type = "maximum"
    word: ClassVar[str] = "max"

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The larger one."""
        other = parameters["xb"]
        return {"y": np.where(self._wins(numbers, x, other), x, other)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """g, half of it, or 0."""
        return {
            f"d{local}": np.asarray(g * self._share(numbers, local, tensors) + 0) for local in ("x", "xb")
        }  # fmt: skip

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """By cases."""
        setup = Setup.of(setting)
        x, other, g = setup.written("x"), setup.written("xb"), setup.output("g")
        wins, loses = (">", "<") if self.word == "max" else ("<", ">")
        made = {"y": rf"{setup.output('y')} = \{self.word}\left({x}, {other}\right)"}
        for local, own, against in (("x", x, other), ("xb", other, x)):
            shares = (g, wins), (rf"\frac{{1}}{{2}} \cdot {g}", "="), ("0", loses)
            cases = r" \\ ".join(f"{share} & {own} {sign} {against}" for share, sign in shares)
            made[f"d{local}"] = rf"{setup.derived(local)} = \begin{{cases}} {cases} \end{{cases}}"
        return made

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The one that wins; or g, where it does."""
        at = {local: tensors[local][index[0] : index[0] + 1].reshape(-1)[:1] for local in ("x", "xb")}
        if index[1:]:
            at = {local: np.full(1, tensors[local][index], dtype=tensors[local].dtype) for local in ("x", "xb")}
        if tensor == "y":
            return [Term((Entry("x" if self._wins(numbers, at["x"], at["xb"]).all() else "xb", index),))]
        share = self._shares(numbers, tensor[1:], at)
        return [Term((Entry("g", index),), share)] if share else []

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Where both are equal."""
        return doubted("y", numbers.is_known_equal(tensors["x"] - tensors["xb"], 0), TIE)

    def _wins(self, numbers: Arithmetic, a: Array, b: Array) -> Array:
        return np.asarray(numbers.is_greater(a - b if self.word == "max" else b - a, 0))

    def _share(self, numbers: Arithmetic, local: str, tensors: Mapping[str, Array]) -> Array:
        own, other = (tensors["x"], tensors["xb"]) if local == "x" else (tensors["xb"], tensors["x"])
        share = numbers.zeros(own.shape)
        share[self._wins(numbers, own, other)] = numbers.number(1)
        share[numbers.is_known_equal(own - other, 0)] = numbers.number(HALF)
        return share

    def _shares(self, numbers: Arithmetic, local: str, at: Mapping[str, Array]) -> int | Fraction:
        own, other = (at["x"], at["xb"]) if local == "x" else (at["xb"], at["x"])
        if numbers.is_known_equal(own - other, 0).all():
            return HALF
        return int(self._wins(numbers, own, other).all())


class Minimum(Maximum):
    """y = min(x, xb), element by element; the smaller one gets the gradient, both half of it where they are equal."""

    type = "minimum"
    word = "min"
