"""Losses that are a function of each element and its target: `l1`, `huber`, `hinge`, `mse`, `half_squared_error`."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import IDENTITY, NONE, Curve, Piece, Real, X, applied, constant, put_in
from cnncalc.layers.activations.elementwise import doubted, indices
from cnncalc.layers.base import Apply, Doubt, Entry, Index, Setting, Shape, Term, option, small_problem
from cnncalc.layers.evaluate import value
from cnncalc.layers.functions import Absolute
from cnncalc.layers.indices import ratio
from cnncalc.losses.by_element import Addend, ByElement, T, over_samples

AT_KINK = Phrase("Where {what} is exactly {place}, the derivative of the loss is taken as {slope}.")
MARGIN = Phrase("how far the right side must be ahead")
SQUARED = Phrase("square what is lacking (the squared hinge loss, L2-SVM)")
DIFFERENCE = Apply("sum", (Term((X,)), Term((T,), -1)))


class OfElements(ByElement):
    """The mean of f(x − t) over a sample's elements, then over the samples; dx = f'(x − t) / number of elements."""

    what: ClassVar[Phrase] = Phrase("the output less the target")
    argument: ClassVar[tuple[Entry | Apply, ...]] = (Apply("sum", (Term((X,)), Term((T,), -1))),)
    """What f is taken of, as factors of a term."""
    inner: ClassVar[tuple[Entry, ...]] = ()
    """The derivative of that by x."""

    @abstractmethod
    def curve(self) -> Curve:
        """f."""

    def inside(self, numbers: Arithmetic, x: Array, target: Array) -> Array:
        """What f is taken of."""
        return np.asarray(value((Term(self.argument),), numbers, {"x": x, "target": target}))

    def addends(self, numbers: Arithmetic, x: Array, target: Array) -> Iterator[Addend]:
        """Those of the piece that holds for each element."""
        for piece, here in self.curve().parted(numbers, self.inside(numbers, x, target)):
            slope = put_in(piece.slope, self.argument)
            through = tuple(Term((*self.inner, *factors), coefficient) for factors, coefficient in slope)
            yield Addend(here, put_in(piece.y, self.argument), through)

    @abstractmethod
    def shown(self, x: str, target: str, scale: str) -> tuple[str, Sequence[str]]:
        """In LaTeX what is summed, without the factor before it, and the cases of dx with it."""

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum over the elements, and the derivative by cases."""
        i, count = indices(setting.x), prod(setting.x)
        scale = over_samples(self, setting) + ratio(1, count)
        summed, lines = self.shown(rf"\x_{{{i}}}", rf"\target_{{{i}}}", scale)
        cases = r" \\ ".join(lines)
        return {
            "y": rf"\y = {scale}\sum_{{{i}}} {summed}",
            "dx": rf"\dx_{{{i}}} = \begin{{cases}} {cases} \end{{cases}}",
        }

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Elements exactly on a kink."""
        inside, found = self.inside(numbers, tensors["x"], tensors["target"]), list[Doubt]()
        for place, slope in self.curve().kinks().items():
            phrase = AT_KINK.format(what=self.what, place=str(place), slope=str(slope))
            found += doubted("x", numbers.is_known_equal(inside - numbers.number(place), 0), phrase)
        return found


class Bowl(Curve):
    """d²/2 up to delta, and straight on from there."""

    delta: Real = 1

    def pieces(self) -> Sequence[Piece]:
        """The straight ones from above and from below."""
        delta = Fraction(self.delta)

        def side(sign: int, above: Real | None) -> Piece:
            y = (Term((applied("sum", Term((X,), sign), Term((), -delta / 2)),), delta),)
            return Piece(y, constant(sign * delta), "", "", above)

        middle = Piece((Term((X, X), Fraction(1, 2)),), IDENTITY, "", "", -delta, with_bound=True)
        return side(1, delta), middle, side(-1, None)


class Shortfall(Curve):
    """max(0, margin − d), or its square, with the derivative 0 at the margin."""

    margin: Real = 1
    squared: bool = False

    def pieces(self) -> Sequence[Piece]:
        """Enough, and too little."""
        lacking = (*constant(self.margin), Term((X,), -1))
        below = Piece(lacking, (Term((), -1),), "", "")
        if self.squared:
            lacks = applied("sum", *lacking)
            below = Piece((Term((lacks, lacks)),), (Term((lacks,), -2),), "", "")
        return Piece(NONE, NONE, "", "", self.margin, with_bound=True), below


class L1(OfElements):
    """x and target t of any shape to one number: the mean of |x − t|; dx = ±1 / number of elements, 0 where x = t."""

    type = "l1"
    example = small_problem("[[1.25, 2, 4], [3, 5.5, 0]]", loss="l1: {target: [[0, 4, 4], [3, 1, 2]]}")

    def curve(self) -> Curve:
        """The absolute value."""
        return Absolute()

    def shown(self, x: str, target: str, scale: str) -> tuple[str, Sequence[str]]:
        """The sign of the difference."""
        one = scale or "1"
        lines = rf"{one} & {x} > {target}", rf"0 & {x} = {target}", rf"-{one} & {x} < {target}"
        return rf"\left|{x} - {target}\right|", lines


class Huber(OfElements):
    """x and target t of any shape to one number: the mean of (x − t)²/2, or delta · (|x − t| − delta/2) beyond delta.

    dx = x − t, cut off at ±delta, / number of elements; PyTorch's huber_loss, with delta 1 its smooth_l1_loss.
    """

    type = "huber"
    example = small_problem("[[1, 2, 4], [3, 5, 0]]", loss="huber: {target: [[0.5, 4, 4], [3, 1, 0.5]], delta: 1}")
    delta: Real = option(1, "number", Phrase("from which difference on it is straight"), limit="positive")

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


class Hinge(OfElements):
    """x and target t, each 1 or −1, to one number: the mean of max(0, margin − t · x); with `class` that of several.

    dx = −t where t · x < margin, else 0, / number of elements. With `squared` the mean of the squares.
    """

    type = "hinge"
    example = small_problem("[[2, -0.5, 0.25], [1, -3, 0]]", loss="hinge: {target: [[1, 1, -1], [1, -1, 1]]}", name="s")
    what = Phrase("the output times the target")
    argument = (T, X)
    inner = (T,)
    takes_class = True
    of_classes = "multiclass_hinge"
    target_is_sign = True
    margin: Real = option(1, "number", MARGIN)
    squared: bool = option(False, "bool", SQUARED)

    def curve(self) -> Curve:
        """What is missing of the margin."""
        return Shortfall(self.margin, self.squared)

    def shown(self, x: str, target: str, scale: str) -> tuple[str, Sequence[str]]:
        """Only what lacks the margin counts."""
        product, margin = rf"{target} \cdot {x}", self.margin
        slope = rf"-{scale}{target}"
        if self.squared:
            slope = rf"-{scale}2 \cdot {target} \cdot \left({margin} - {product}\right)"
        lines = rf"{slope} & {product} < {margin}", rf"0 & {product} \ge {margin}"
        return rf"\max\left(0, {margin} - {product}\right)" + "^{2}" * self.squared, lines


class SquaredError(ByElement):
    """y = Σ (x − t)² / divisor and dx = 2 · g · (x − t) / divisor, both over the whole mini-batch."""

    @abstractmethod
    def over_elements(self, setting: Setting, square: str) -> str:
        """For formulas: what becomes of the square of each element.

        Two losses whose divisors are equal by chance are not written alike.
        """

    def addends(self, numbers: Arithmetic, x: Array, target: Array) -> Iterator[Addend]:
        """The squares of the differences."""
        yield Addend(np.ones(x.shape, bool), (Term((DIFFERENCE, DIFFERENCE)),), (Term((DIFFERENCE,), 2),))

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum over the elements, and over the samples where there are any."""
        fraction = over_samples(self, setting)
        i, divisor = indices(setting.x), self.divisor(setting.x)
        slope = ratio(2, divisor)
        bare = rf"\x_{{{i}}} - \target_{{{i}}}"
        difference = rf"\left({bare}\right)"
        return {
            "y": rf"\y = {self.over_elements(setting, difference + '^{2}')}",
            "dx": rf"\dx_{{{i}}} = {fraction}{slope}{difference if fraction + slope else bare}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The difference needs no brackets where the 2 cancels."""
        made = super().terms(tensor, index, numbers, tensors)
        if tensor == "dx" and made[0].coefficient == 1:
            return [Term((Entry("g", ()), Entry("x", index))), Term((Entry("g", ()), Entry("target", index)), -1)]
        return made


class MeanSquaredError(SquaredError):
    """x and target t of any shape to one number: the mean of (x − t)² over a sample's elements, then over the samples.

    dx = 2 (x − t) / number of elements.
    """

    type = "mse"
    example = small_problem("[[1, 2], [3, 5]]", loss="mse: {target: [[0, 4], [3, 1]], reduction: mean}")

    def over_elements(self, setting: Setting, square: str) -> str:
        """The mean is called one, so that it is seen over what it goes."""
        i, samples = indices(setting.x), ""
        if self.reduction == "sum":
            i = i.removeprefix(r"\n, ")
            samples = "" if setting.samples is None else r"\sum_{\n} "
        return rf"{samples}\operatorname{{mean}}_{{{i}}} \left({square}\right)"


class HalfSquaredError(SquaredError):
    """x and target t of any shape to one number: ½ Σ (x − t)² for each sample, then over the samples; dx = x − t."""

    type = "half_squared_error"
    example = small_problem("[[1, 2], [3, 5]]", loss="half_squared_error: {target: [[0, 4.5], [3, 1]]}")

    def divisor(self, x: Shape) -> int:
        """2, so that the derivative has no factor."""
        return 2

    def over_elements(self, setting: Setting, square: str) -> str:
        """Half of the sum."""
        return rf"{over_samples(self, setting)}\frac{{1}}{{2}} \sum_{{{indices(setting.x)}}} {square}"
