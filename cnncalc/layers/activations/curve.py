r"""Activations as values: a function of one number with its derivative, piece by piece, as terms and in LaTeX.

A new one is a class of a few lines: `pieces` says both, from above to below, as terms of `X`, and everything else
follows. `\x` in the LaTeX is the element of x.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, TypeAlias

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, Element
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import Elementwise, doubted, pointwise
from cnncalc.layers.base import Apply, Doubt, Entry, Function, Index, Setting, Term
from cnncalc.layers.evaluate import HERE, Terms, placed, value
from cnncalc.records import Record

Real: TypeAlias = int | Decimal | Fraction

X = Entry("x", HERE)
ONE, NONE = (Term(()),), ()
IDENTITY = (Term((X,)),)
PI = Apply("pi", ())
AT_KINK = Phrase("The derivative of {label} at {place} is taken as {slope}.")


def constant(number: Real) -> Terms:
    """A number alone; no term for 0."""
    return (Term((), number),) if number else NONE


def applied(function: Function, *terms: Term) -> Apply:
    """A function of a sum."""
    return Apply(function, terms)


def times(factor: Real, source: str) -> str:
    """A product in LaTeX, without a factor of 1."""
    return source if factor == 1 else rf"{factor} \cdot {source}"


class Piece(Record):
    """What the function and its derivative are above a bound, and below that of the piece before."""

    y: Terms
    slope: Terms
    y_source: str
    slope_source: str
    above: Real | None = None
    """The bound; None for the last piece, which reaches down without end."""
    with_bound: bool = False
    """Whether the bound itself belongs to it, and not to the next piece."""


class Curve(Elementwise):
    """Any shape to the same shape: y = f(x) for each number, and dx = g · f'(x)."""

    label: ClassVar[str] = ""
    """What people call it, in any language, unless it is its type."""

    @abstractmethod
    def pieces(self) -> Sequence[Piece]:
        """The function, from above to below."""

    def kinks(self) -> Mapping[Real, Real | str]:
        """Where the derivative jumps, with what it is taken as there: that of the piece which holds at the bound."""
        pieces, found = self.pieces(), dict[Real, Real | str]()
        for place in sorted({piece.above for piece in pieces if piece.above is not None}):
            at = [number for number, piece in enumerate(pieces) if piece.above == place]
            meeting = pieces[at[0] : at[-1] + 2]
            own = next((piece for piece in meeting[:-1] if piece.with_bound), meeting[-1])
            slopes = [_rational(piece.slope, place) for piece in (own, *meeting)]
            if None not in slopes and len(set(slopes)) > 1:
                found[place] = slopes[0] or 0
        return found

    def f(self, numbers: Arithmetic, x: Array) -> Array:
        """f(x); written anew where the terms would lose digits in systems that round."""
        return self._worked_out(numbers, x, "y")

    def derivative(self, numbers: Arithmetic, x: Array) -> Array:
        """f'(x)."""
        return self._worked_out(numbers, x, "slope")

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """y = f(x)."""
        return {"y": self.f(numbers, x)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx = g · f'(x). Adding 0 turns float's −0 into 0."""
        return {"dx": np.asarray(g * self.derivative(numbers, tensors["x"]) + 0)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """By cases where there are several pieces."""
        pieces = self.pieces()
        y, dx = [piece.y_source for piece in pieces], [_through(piece.slope_source) for piece in pieces]
        if len(set(y)) == 1:
            return pointwise(setting.x, y=y[0], dx=dx[0])
        return pointwise(setting.x, y=_cases(pieces, y), dx=_cases(pieces, dx))

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Those of the piece, for dx behind g."""
        piece = self.piece_at(numbers, tensors["x"][index])
        if tensor == "y":
            return list(placed(piece.y, index))
        slope, g = placed(piece.slope, index), Entry("g", index)
        if len(slope) > 1:
            return [Term((g, Apply("sum", slope)))]
        return [Term((g, *term.factors), term.coefficient) for term in slope]

    def piece_at(self, numbers: Arithmetic, element: Element) -> Piece:
        """The piece that holds for one number."""
        x = numbers.full((1,), element)
        return next(piece for piece, here in self.parted(numbers, x) if here.all())

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Inputs that lie exactly on a kink."""
        x, found = tensors["x"], list[Doubt]()
        for place, slope in self.kinks().items():
            phrase = AT_KINK.format(label=self.label or self.type, place=str(place), slope=str(slope))
            found += doubted("x", numbers.is_known_equal(x - numbers.number(place), 0), phrase)
        return found

    def _worked_out(self, numbers: Arithmetic, x: Array, part: str) -> Array:
        """Each piece where it holds, and nowhere else: what overflows there is nobody's."""
        parts = [(getattr(piece, part), here) for piece, here in self.parted(numbers, x)]
        if len(parts) == 1:
            # A constant is one number for all.
            return np.broadcast_to(value(parts[0][0], numbers, {"x": x}), x.shape)
        made = numbers.zeros(x.shape)
        for terms, here in parts:
            made[here] = value(terms, numbers, {"x": x[here]})
        return made

    def parted(self, numbers: Arithmetic, x: Array) -> list[tuple[Piece, Booleans]]:
        """Which elements each piece is for."""
        rest, found = np.ones(x.shape, dtype=bool), []
        for piece in self.pieces():
            here = rest
            if piece.above is not None:
                bound = numbers.number(piece.above)
                above = ~numbers.is_greater(bound - x, 0) if piece.with_bound else numbers.is_greater(x - bound, 0)
                here = rest & above
            rest = rest & ~here
            found.append((piece, here))
        return found


def _rational(terms: Terms, x: Real) -> Real | None:
    """What terms of X come to; None where they have a function in them."""
    if any(isinstance(factor, Apply) for term in terms for factor in term.factors):
        return None
    if not any(term.factors for term in terms):
        return terms[0].coefficient if len(terms) == 1 else 0
    return sum((Fraction(term.coefficient) * Fraction(x) ** len(term.factors) for term in terms), Fraction(0))


def _through(slope: str) -> str:
    """g times a derivative."""
    return slope if slope == "0" else r"\g" if slope == "1" else rf"\g \cdot {slope}"


def _cases(pieces: Sequence[Piece], sources: Sequence[str]) -> str:
    """Neighbours that are written alike are one case; a lone one has no condition."""
    lines: list[tuple[str, str, str]] = []
    upper = ""
    for piece, source in zip(pieces, sources, strict=True):
        lower = "" if piece.above is None else rf"{piece.above} {_sign('<', piece.with_bound)} "
        if lines and lines[-1][0] == source:
            lines[-1] = (source, lower, lines[-1][2])
        else:
            lines.append((source, lower, upper))
        upper = "" if piece.above is None else rf" {_sign('<', not piece.with_bound)} {piece.above}"
    if len(lines) == 1:
        return lines[0][0]
    joined = r" \\ ".join(f"{source} & {_range(low, high)}" for source, low, high in lines)
    return rf"\begin{{cases}} {joined} \end{{cases}}"


def _sign(strict: str, with_bound: bool) -> str:
    return r"\le" if with_bound else strict


def _range(low: str, high: str) -> str:
    r"""`-3 < \x \le 3`; with one bound alone x stands first, `\x > 3`."""
    if low and high and low.split()[0] == high.split()[-1]:
        return rf"\x = {low.split()[0]}"
    if low and not high:
        bound, sign = low.split()
        return (r"\x > " if sign == "<" else r"\x \ge ") + bound
    return rf"{low}\x{high}"


def put_in(terms: Terms, argument: tuple[Entry | Apply, ...]) -> Terms:
    """The terms with a product of factors in the place of X."""
    return tuple(Term(tuple(_put_into(term.factors, argument)), term.coefficient) for term in terms)


def _put_into(factors: Iterable[Entry | Apply], argument: tuple[Entry | Apply, ...]) -> Iterator[Entry | Apply]:
    for factor in factors:
        if isinstance(factor, Entry):
            yield from argument
        else:
            yield Apply(factor.function, tuple(_opened(put_in(factor.terms, argument))))


def _opened(terms: Terms) -> Iterator[Term]:
    """A sum among the terms of a sum needs no brackets."""
    for term in terms:
        match term.factors:
            case (Apply("sum", inside),):
                yield from (Term(one.factors, Fraction(term.coefficient) * Fraction(one.coefficient)) for one in inside)
            case _:
                yield term
