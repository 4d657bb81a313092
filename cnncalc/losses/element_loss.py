"""Losses that are a curve of each element's difference, or product, with its target: `l1`, `huber`, `hinge`."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import IDENTITY, NONE, ONE, Curve, Piece, Real, X, constant, put_in
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.base import Apply, Doubt, Entry, Index, Loss, Setting, ShapeError, Term, option, small_problem
from cnncalc.losses.reduction import over_samples, share
from cnncalc.records import dataclass

AT_KINK = Phrase(
    en="Where {what} is exactly {place}, the derivative of the loss is taken as {slope}.",
    zh="{what} 恰为 {place} 处，损失的导数取 {slope}。",
)
MARGIN = Phrase(en="how far the right side must be ahead", zh="间隔：正确一侧至少应领先多少")


@dataclass(frozen=True)
class OfElements(Loss):
    """The mean of f(x − t) over a sample's elements, then over the samples; dx = f'(x − t) / number of elements."""

    what: ClassVar[str] = "x − t"

    @abstractmethod
    def curve(self) -> Curve:
        """f."""

    def inside(self, x: Array, target: Array) -> Array:
        """What f is taken of."""
        return np.asarray(x - target)

    def inner_slope(self, target: Array) -> Array | int:
        """The derivative of that by x."""
        return 1

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The sum over everything, divided by the number of elements."""
        each = self.curve().f(numbers, self.inside(x, parameters["target"]))
        return {"y": numbers.sum(each, axis=tuple(range(x.ndim))) / self._count(x)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """g · f' / number of elements."""
        x, target = tensors["x"], tensors["target"]
        slope = self.curve().derivative(numbers, self.inside(x, target))
        return {"dx": slope * self.inner_slope(target) * (g / self._count(x)) + 0}

    @abstractmethod
    def shown(self, x: str, target: str, scale: str) -> tuple[str, Sequence[str]]:
        """In LaTeX what is summed, without the factor before it, and the cases of dx with it."""

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum over the elements, and the derivative by cases."""
        i, count = indices(setting.x), prod(setting.x)
        scale = over_samples(self, setting) + ("" if count == 1 else rf"\frac{{1}}{{{count}}} ")
        summed, lines = self.shown(rf"\x_{{{i}}}", rf"\target_{{{i}}}", scale)
        cases = r" \\ ".join(lines)
        return {
            "y": rf"\y = {scale}\sum_{{{i}}} {summed}",
            "dx": rf"\dx_{{{i}}} = \begin{{cases}} {cases} \end{{cases}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Those of the piece that holds for each element."""
        x, target = tensors["x"], tensors["target"]
        scale = Fraction(1, self._count(x))
        made: list[Term] = []
        for at in [index] if tensor == "dx" else np.ndindex(x.shape):
            piece = self.curve().piece_at(numbers, self.inside(x, target)[at])
            behind: tuple[Entry, ...] = () if tensor == "y" else (Entry("g", ()), *self.inner_factors(at))
            made += [
                Term((*behind, *term.factors), _product(term.coefficient, scale))
                for term in put_in(piece.y if tensor == "y" else piece.slope, self.factors(at))
            ]
        return made

    def factors(self, at: Index) -> tuple[Entry | Apply, ...]:
        """What f is taken of, as factors of a term."""
        return (Apply("sum", (Term((Entry("x", at),)), Term((Entry("target", at),), -1))),)

    def inner_factors(self, at: Index) -> tuple[Entry, ...]:
        """Those of its derivative by x."""
        return ()

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Elements exactly on a kink."""
        inside, found = self.inside(tensors["x"], tensors["target"]), []
        for place, slope in self.curve().kinks().items():
            on_it = np.argwhere(numbers.is_known_equal(inside - numbers.number(place), 0)).tolist()
            if on_it:
                phrase = AT_KINK.format(what=self.what, place=str(place), slope=str(slope))
                found.append(Doubt("x", tuple(map(tuple, on_it)), phrase))
        return found

    def _count(self, x: Array) -> int:
        return int(prod(x.shape[1:]) * share(self, x))


def _product(coefficient: Real, scale: Fraction) -> Real:
    return coefficient if scale == 1 else Fraction(coefficient) * scale


@dataclass(frozen=True)
class Absolute(Curve):
    """|d|, with the derivative 0 at 0."""

    def pieces(self) -> Sequence[Piece]:
        """0 is a piece of its own."""
        negative = Piece((Term((X,), -1),), (Term((), -1),), "", "")
        return Piece(IDENTITY, ONE, "", "", 0), Piece(NONE, NONE, "", "", 0, with_bound=True), negative

    def kinks(self) -> Mapping[Real, Real]:
        """One."""
        return {0: 0}


@dataclass(frozen=True)
class Bowl(Curve):
    """d²/2 up to delta, and straight on from there."""

    delta: Real = 1

    def pieces(self) -> Sequence[Piece]:
        """The straight ones from above and from below."""
        delta = Fraction(self.delta)

        def side(sign: int, above: Real | None) -> Piece:
            y = (Term((X,), sign * delta), Term((), -delta * delta / 2))
            return Piece(y, constant(sign * delta), "", "", above)

        middle = Piece((Term((X, X), Fraction(1, 2)),), IDENTITY, "", "", -delta, with_bound=True)
        return side(1, delta), middle, side(-1, None)


@dataclass(frozen=True)
class Shortfall(Curve):
    """max(0, margin − d), with the derivative 0 at the margin."""

    margin: Real = 1

    def pieces(self) -> Sequence[Piece]:
        """Enough, and too little."""
        below = Piece((*constant(self.margin), Term((X,), -1)), (Term((), -1),), "", "")
        return Piece(NONE, NONE, "", "", self.margin, with_bound=True), below

    def kinks(self) -> Mapping[Real, Real]:
        """One."""
        return {self.margin: 0}


@dataclass(frozen=True)
class L1(OfElements):
    """x and target t of any shape to one number: the mean of |x − t|; dx = ±1 / number of elements, 0 where x = t."""

    type: ClassVar[str] = "l1"
    example: ClassVar[str] = small_problem("[[1.25, 2, 4], [3, 5.5, 0]]", loss="l1: {target: [[0, 4, 4], [3, 1, 2]]}")

    def curve(self) -> Curve:
        """The absolute value."""
        return Absolute()

    def shown(self, x: str, target: str, scale: str) -> tuple[str, Sequence[str]]:
        """The sign of the difference."""
        one = scale or "1"
        lines = rf"{one} & {x} > {target}", rf"0 & {x} = {target}", rf"-{one} & {x} < {target}"
        return rf"\left|{x} - {target}\right|", lines


@dataclass(frozen=True)
class Huber(OfElements):
    """x and target t of any shape to one number: the mean of (x − t)²/2, or delta · (|x − t| − delta/2) beyond delta.

    dx = x − t, cut off at ±delta, / number of elements; PyTorch's huber_loss, with delta 1 its smooth_l1_loss.
    """

    type: ClassVar[str] = "huber"
    example: ClassVar[str] = small_problem(
        "[[1, 2, 4], [3, 5, 0]]", loss="huber: {target: [[0.5, 4, 4], [3, 1, 0.5]], delta: 1}"
    )
    delta: Real = option(1, "number", Phrase(en="from which difference on it is straight", zh="差超过多少时改为线性"))

    def check_options(self) -> None:
        """Delta is positive."""
        if self.delta <= 0:
            raise ShapeError(f"delta of {{y}} is {self.delta}", "give a positive number", "delta")

    def curve(self) -> Curve:
        """Square within, straight without."""
        return Bowl(self.delta)

    def shown(self, x: str, target: str, scale: str) -> tuple[str, Sequence[str]]:
        """Whichever is less: of the two the true one is, everywhere."""
        difference, delta = rf"{x} - {target}", self.delta
        slope = f"{scale}{delta}" if delta != 1 or not scale else scale
        absolute = rf"\left|{difference}\right|"
        near = rf"\min\left({absolute}, {delta}\right)"
        lines = (
            rf"{scale}\left({difference}\right) & {absolute} \le {delta}",
            rf"{slope} & {difference} > {delta}",
            rf"-{slope} & {difference} < -{delta}",
        )
        return rf"{near} \cdot \left({absolute} - \frac{{1}}{{2}} \cdot {near}\right)", lines


@dataclass(frozen=True)
class Hinge(OfElements):
    """x and target t, each 1 or −1, to one number: the mean of max(0, margin − t · x); with `class` that of several.

    dx = −t where t · x < margin, else 0, / number of elements.
    """

    type: ClassVar[str] = "hinge"
    example: ClassVar[str] = small_problem(
        "[[2, -0.5, 0.25], [1, -3, 0]]", loss="hinge: {target: [[1, 1, -1], [1, -1, 1]]}", name="s"
    )
    what: ClassVar[str] = "t · x"
    takes_class: ClassVar[bool] = True
    of_classes: ClassVar[str] = "multiclass_hinge"
    target_is_sign: ClassVar[bool] = True
    margin: Real = option(1, "number", MARGIN)

    def curve(self) -> Curve:
        """What is missing of the margin."""
        return Shortfall(self.margin)

    def inside(self, x: Array, target: Array) -> Array:
        """Positive where the sign is right."""
        return np.asarray(target * x)

    def inner_slope(self, target: Array) -> Array | int:
        """The sign."""
        return target

    def factors(self, at: Index) -> tuple[Entry | Apply, ...]:
        """A product."""
        return Entry("target", at), Entry("x", at)

    def inner_factors(self, at: Index) -> tuple[Entry, ...]:
        """The sign."""
        return (Entry("target", at),)

    def shown(self, x: str, target: str, scale: str) -> tuple[str, Sequence[str]]:
        """Only what lacks the margin counts."""
        product, margin = rf"{target} \cdot {x}", self.margin
        lines = rf"-{scale}{target} & {product} < {margin}", rf"0 & {product} \ge {margin}"
        return rf"\max\left(0, {margin} - {product}\right)", lines
