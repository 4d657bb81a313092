"""Activations in pieces without an exponential: `step`, `sign`, `relu6`, `hard_sigmoid`, `hard_tanh`, `hard_swish`."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import IDENTITY, NONE, ONE, Curve, Piece, Real, X, constant
from cnncalc.layers.activations.elementwise import doubted
from cnncalc.layers.base import Doubt, ShapeError, Term, option, small_problem
from cnncalc.layers.indices import number_latex
from cnncalc.records import replace

AT_JUMP = Phrase("{label}(0) is taken as {value}, and its derivative there as 0.")


def flat(height: Real, above: Real | None = None, with_bound: bool = False) -> Piece:
    """One height, with the derivative 0."""
    return Piece(constant(height), NONE, str(height), "0", above, with_bound)


def straight(above: Real | None = None) -> Piece:
    """x itself."""
    return Piece(IDENTITY, ONE, r"\x", "1", above)


class Jump(Curve):
    """A curve that jumps at 0, with the derivative 0 on both sides."""

    def at_jump(self) -> Real:
        """The value at 0."""
        return 0

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Inputs that are exactly 0."""
        phrase = AT_JUMP.format(label=self.label or self.type, value=str(self.at_jump()))
        return doubted("x", numbers.is_known_equal(tensors["x"], 0), phrase)


class Step(Jump):
    """Any shape to the same shape: y = 1 where x > 0 and 0 where x < 0. Its derivative is 0: no gradient passes."""

    type = "step"
    example = small_problem("[2, -3, 0, 0.5]", "step", upstream="[1, 2, 3, 4]")
    at_zero: Real = option(1, "number", Phrase("its value at exactly 0: 0, 1/2 or 1"))

    def at_jump(self) -> Real:
        """As the option says."""
        return self.at_zero

    def pieces(self) -> Sequence[Piece]:
        """The point 0 is a piece of its own."""
        return flat(1, 0), flat(self.at_zero, 0, with_bound=True), flat(0)


class Sign(Jump):
    """Any shape to the same shape: y = 1 where x > 0, −1 where x < 0, and 0 at 0. Its derivative is 0."""

    type = "sign"
    example = small_problem("[2, -3, 0, 0.5]", "sign", upstream="[1, 2, 3, 4]")

    def pieces(self) -> Sequence[Piece]:
        """The point 0 is a piece of its own."""
        return flat(1, 0), flat(0, 0, with_bound=True), flat(-1)


class Relu6(Curve):
    """Any shape to the same shape: y = min(max(0, x), 6); dx = g strictly between 0 and 6, else 0, as in PyTorch."""

    type = "relu6"
    label = "ReLU6"
    example = small_problem("[[[2, -3.5], [0, 7]]]", "relu6", upstream="[[3, 5], [-2, 1]]")

    def pieces(self) -> Sequence[Piece]:
        """The bounds belong to the flat pieces."""
        return flat(6, 6, with_bound=True), straight(0), flat(0)


class HardSigmoid(Curve):
    """Any shape to the same shape: y = slope · x + 1/2, cut off at 0 and 1; dx = slope · g between, else 0."""

    type = "hard_sigmoid"
    label = "hard sigmoid"
    example = small_problem("[1.5, -4, 3, -3, -0.6]", "hard_sigmoid", upstream="[6, 2, 3, 6, -12]")
    slope: Real = option(
        Fraction(1, 6), "number", Phrase("how steep it is: 1/6 in PyTorch, 0.2 in Keras 2"), limit="positive"
    )

    def pieces(self) -> Sequence[Piece]:
        """The bounds belong to the flat pieces."""
        rising = (Term(IDENTITY[0].factors, self.slope), *constant(Fraction(1, 2)))
        shown = r"\frac{\x}{6}" if self.slope == Fraction(1, 6) else rf"{number_latex(self.slope)} \cdot \x"
        middle = Piece(
            rising, constant(self.slope), rf"{shown} + \frac{{1}}{{2}}", number_latex(self.slope), -self.bound
        )
        return flat(1, self.bound, with_bound=True), middle, flat(0)

    @property
    def bound(self) -> Real:
        """Where it reaches 1."""
        bound = Fraction(1, 2) / Fraction(self.slope)
        return int(bound) if bound.denominator == 1 else bound


class HardSwish(Curve):
    """Any shape to the same shape: y = x · min(max(0, x + 3), 6) / 6; y′(−3) = 0 and y′(3) = 1 (PyTorch)."""

    type = "hard_swish"
    label = "hard swish"
    example = small_problem("[1.5, -4, 5, -3, -0.6]", "hard_swish", upstream="[6, 2, 3, 6, -12]")

    def pieces(self) -> Sequence[Piece]:
        """x, a parabola, 0."""
        sixth, half = Fraction(1, 6), Fraction(1, 2)
        slope = Term((X,), 2 * sixth), *constant(half)
        steep = r"\left(\frac{\x}{3} + \frac{1}{2}\right)"
        middle = Piece((Term((X, X), sixth), Term((X,), half)), slope, r"\x \cdot \frac{\x + 3}{6}", steep, -3)
        return replace(straight(3), with_bound=True), middle, flat(0)


class HardTanh(Curve):
    """Any shape to the same shape: x cut off at `low` and `high`; dx = g strictly between them, else 0 (PyTorch)."""

    type = "hard_tanh"
    label = "hard tanh"
    example = small_problem("[0.5, -4, 1, -0.25]", "hard_tanh", upstream="[6, 2, 3, -12]")
    low: Real = option(-1, "number", Phrase("the least value"))
    high: Real = option(1, "number", Phrase("the greatest value"))

    def check_options(self) -> None:
        """One is less than the other."""
        if self.low >= self.high:
            raise ShapeError(f"{{y}} cuts off at {self.low} and {self.high}", "give low less than high", "low")

    def pieces(self) -> Sequence[Piece]:
        """The bounds belong to the flat pieces."""
        return flat(self.high, self.high, with_bound=True), straight(self.low), flat(self.low)
