"""Proven statements about exact numbers: sign, nearest double, digits; from balls that are made as small as needed."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import partial
from math import inf, isfinite, nan
from typing import Any

from flint import arb, ctx, fmpq

from cnncalc.arithmetic.allowance import ONE_DECISION
from cnncalc.arithmetic.base import TooCostly, Undecided
from cnncalc.arithmetic.closed.atoms import FUNCTIONS, Atom
from cnncalc.arithmetic.closed.closed_form import ONE, ClosedForm, Number, Ring
from cnncalc.arithmetic.closed.relations import with_coprime_logarithms

FIRST_PRECISION = 80
"""Bits; enough for a double in almost every case."""
LAST_PRECISION = 20_000
"""Bits at which a comparison is given up and said to be undecided."""
PRECISIONS = (*(FIRST_PRECISION * 3**step for step in range(6)), LAST_PRECISION)
"""What is tried, in bits."""
FAR = 1000
"""Powers of ten from which a number is brought near 1 before it is rounded."""
LARGEST_POWER = 10**17
"""Powers of ten that `decimal` can hold."""
LONGEST_POWER = 10**40
"""Powers of ten that somebody may still want to read."""
NOTHING = Decimal("1e-1000")
"""What is smaller than this, and not known to be more than 0, is shown as 0 with a question mark."""
_WIDE = Context(prec=2000, Emax=10 * LARGEST_POWER - 1, Emin=1 - 10 * LARGEST_POWER)
LARGEST_EXPANSION = 20_000
"""Terms up to which a sum is multiplied out to prove that it is zero."""


def enclosure(x: Number, precision: int) -> Any:
    """A ball (arb) that holds x, computed with `precision` bits."""
    with ctx.workprec(precision):
        return _ball(x, precision)


def edges(x: Number, precision: int) -> tuple[Any, Any]:
    """Lower and upper bound of x as exact arbs, computed with `precision` bits."""
    with ctx.workprec(precision):
        ball = _ball(x, precision)
        return ball.lower(), ball.upper()


def _ball(x: Number, precision: int) -> Any:
    if not isinstance(x, ClosedForm):
        return arb(x)
    known = x.field.enclosures.setdefault(precision, {ONE: arb(1)})
    x.field.charge(3 * len(x.terms))
    total = arb(0)
    for monomial, coefficient in x.terms.items():
        ball = known.get(monomial)
        if ball is None:
            _enclose(x.field, monomial, precision, known)
            ball = known[monomial]
        total += ball * coefficient
    return total


def _enclose(field: Ring, monomial: int, precision: int, known: dict[int, Any]) -> None:
    """Fill in the ball of a monomial, and first those of all that it is made of: functions may be nested very deep."""
    waiting = [monomial]
    while waiting:
        open_ones = [m for m in _made_of(field, waiting[-1], known) if m not in known]
        waiting += open_ones
        if not open_ones and (m := waiting.pop()) not in known:
            known[m] = _monomial_ball(field, m, precision, known)


def _made_of(field: Ring, number: int, known: Mapping[int, Any]) -> Iterator[int]:
    """The monomials in the exponent of a monomial, and in those of its atoms that are not known."""
    monomial = field.monomials[number]
    unknown = [field.atoms[index].inside for index, _ in monomial.powers if ~index not in known]
    for inside in (monomial.exponent, *unknown):
        if isinstance(inside, ClosedForm):
            yield from inside.terms


def _monomial_ball(field: Ring, number: int, precision: int, known: dict[int, Any]) -> Any:
    monomial = field.monomials[number]
    field.charge(precision + 10 * len(monomial.powers))
    ball = _ball(monomial.exponent, precision).exp()
    for index, power in monomial.powers:
        factor = known.get(~index)
        if factor is None:
            factor = known[~index] = _atom_ball(field.atoms[index], precision)
        ball *= factor**power
    return ball


def _atom_ball(atom: Atom, precision: int) -> Any:
    if atom.kind == "pi":
        return arb.pi()
    if atom.kind == "general":
        raise Undecided(f"{atom.symbol} is left general")
    if atom.kind == "letter":
        return _ball(atom.inside, precision)
    if atom.kind == "log" and isinstance(atom.argument, ClosedForm) and atom.argument.terms.get(ONE) == 1:
        # log(1 + e^-1000) keeps its digits only if the 1 is never added.
        return _ball(atom.argument - 1, precision).log1p()
    argument = _ball(atom.argument if isinstance(atom.argument, ClosedForm) else fmpq(atom.argument), precision)
    if atom.kind == "definition":
        return argument
    if atom.kind == "root":
        return argument.sqrt()
    if atom.kind in FUNCTIONS:
        return getattr(argument, atom.kind)()
    return argument.log() if atom.kind == "log" else 1 / argument


def sign(x: Number) -> int:
    """-1, 0 or 1; raises Undecided where neither a ball nor algebra can tell, OpenLetters where a letter decides."""
    return x.field.sign(x) if isinstance(x, ClosedForm) else int(x > 0) - int(x < 0)


def sign_of_number(x: Number) -> int:
    """`sign` of a closed form without letters."""
    x = x.field.simplified(x)
    if not isinstance(x, ClosedForm):
        return sign(x)
    for step, precision in enumerate(PRECISIONS):
        ball = enclosure(x, precision)
        if ball > 0:
            return 1
        if ball < 0:
            return -1
        if step == 1 and _is_seen_to_vanish(x):
            return 0
    raise Undecided(f"not decided with {LAST_PRECISION} bits whether a number is 0")


def _is_seen_to_vanish(x: ClosedForm) -> bool:
    """Whether x is proven to be 0 with half the work of a decision; what is left is for more digits."""
    try:
        with x.field.one_decision(ONE_DECISION // 2):
            return vanishes(x)
    except TooCostly:
        raise
    except Undecided:
        return False


def vanishes(x: Number) -> bool:
    """Whether x is 0 by algebra alone: it is multiplied by all its denominators and multiplied out.

    True is a proof. False is none, except where Lindemann–Weierstrass applies (exponents algebraic and different).
    """
    if not isinstance(x, ClosedForm):
        return bool(x == 0)
    field = x.field
    x = with_coprime_logarithms(x)
    # Later atoms are made of earlier ones, so going backwards each is cleared once.
    index = len(field.atoms)
    while isinstance(x, ClosedForm) and len(x.terms) <= LARGEST_EXPANSION:
        field.charge(5 * len(x.terms))
        within = {atom for m in x.terms for atom, _ in field.monomials[m].powers if atom < index}
        index = max(filter(partial(_can_be_cleared, field), within), default=-1)
        if index < 0:
            return False
        powers = {m: dict(field.monomials[m].powers).get(index, 0) for m in x.terms}
        x = _cleared(field, x, index, field.atoms[index], powers)
    return not isinstance(x, ClosedForm) and bool(x == 0)


def _can_be_cleared(field: Ring, index: int) -> bool:
    atom = field.atoms[index]
    return isinstance(atom.argument, ClosedForm) and atom.kind not in ("log", "general", *FUNCTIONS)


def _cleared(field: Ring, x: ClosedForm, index: int, atom: Atom, powers: dict[int, int]) -> Number:
    """x times a positive power of the atom's argument, so that no negative power of that is left."""
    inverse = atom.kind == "reciprocal"
    highest = max(powers.values()) if inverse else max(0, -min(powers.values()))
    if atom.kind == "root":
        highest += highest % 2
    result: Number = fmpq(0)
    for m, coefficient in x.terms.items():
        monomial = field.monomials[m]
        rest = {a: p for a, p in monomial.powers if a != index}
        term: Number = field.form({n: c * coefficient for n, c in field.normal(monomial.exponent, rest).items()})
        power = highest - powers[m] if inverse else powers[m] + highest
        if atom.kind == "root":
            term = term * (field.of_atom(atom) if power % 2 else fmpq(1))
            power //= 2
        for _ in range(power):
            term = term * atom.argument
        result = result + term
        if isinstance(result, ClosedForm) and len(result.terms) > LARGEST_EXPANSION:
            return result
    return result


def nearest_double(x: Number) -> float:
    """The double nearest to x; NaN beyond the range of doubles."""
    if not isinstance(x, ClosedForm):
        double = _ratio(int(x.p), int(x.q))
        return double + 0.0 if isfinite(double) else nan
    x.field.require_values(x)
    for step, precision in enumerate(PRECISIONS):
        bounds = edges(x, precision)
        # FLINT rounds an exact number to the nearest double, to infinity beyond their range.
        low, high = (float(edge) if edge.is_finite() else nan for edge in bounds)
        # Where both round to 0 it is 0.0, whether the number itself is 0 or not.
        if low == high:
            return low + 0.0 if isfinite(low) else nan
        if step == 0 and not isinstance(x := x.field.simplified(x.field.valued(x)), ClosedForm):
            return nearest_double(x)
    raise Undecided(f"the double nearest to a number is not decided with {LAST_PRECISION} bits")


def _ratio(numerator: int, denominator: int) -> float:
    """The nearest double to a fraction, infinite beyond their range; Python rounds the quotient of whole numbers so."""
    try:
        return numerator / denominator
    except OverflowError:
        return inf if numerator > 0 else -inf


def rounded(x: Number, digits: int) -> Decimal:
    """x to `digits` significant digits, half away from zero, each digit proven.

    Raises Undecided, which knows the digits that are proven; so it does where `Decimal` cannot hold the power of ten.
    """
    if not isinstance(x, ClosedForm):
        return round_fraction(int(x.p), int(x.q), digits)
    x.field.require_values(x)
    precision = max(FIRST_PRECISION, 4 * digits)
    # Before anything is simplified: nearly always the first ball is small enough.
    known = _Bounds(x, precision)
    try:
        found = known.rounded(digits)
        if found is None:
            x = x.field.simplified(x.field.valued(x))
            if not isinstance(x, ClosedForm):
                return rounded(x, digits)
            if sign(x) == 0:
                return Decimal(0)
        while found is None and precision < max(LAST_PRECISION, 40 * digits):
            known = _Bounds(x, precision)
            found = known.rounded(digits)
            precision *= 2
    except Undecided as error:
        raise type(error)(str(error), error.known or known.text(digits)) from error
    if found is None:
        raise Undecided(f"the digits of a number are not decided with {precision} bits", known.text(digits))
    if abs(known.power) > LARGEST_POWER:
        raise Undecided("a number is too far from 1 for a decimal", known.text(digits))
    return found.scaleb(known.power, _WIDE)


class _Bounds:
    """A closed form between two bounds, which are taken times a power of ten where they are far from 1."""

    def __init__(self, x: ClosedForm, precision: int) -> None:
        with ctx.workprec(precision):
            ball = _ball(x, precision)
            self.power = _power_of_ten(ball)
        # The power itself has as many bits as its exponent more than it would near 1.
        with ctx.workprec(precision + abs(self.power).bit_length()):
            # Brought near 1, so that e^-1000000 is no quotient of numbers of 400 000 digits.
            ball *= arb(10) ** -self.power
            self.low, self.high = ball.lower(), ball.upper()

    def rounded(self, digits: int) -> Decimal | None:
        """What both bounds are, rounded to so many digits; to be multiplied by the power of ten. None: undecided."""
        low, high = (_rounded_edge(edge, digits) for edge in (self.low, self.high))
        return low if low == high else None

    def text(self, digits: int) -> str | None:
        """As many digits as are proven, a question mark in the place of more: `1.23?`; None where there are none."""
        for fewer in range(digits, 0, -1):
            found = self.rounded(fewer)
            if found is not None and found:
                figures = f"{found:.{fewer - 1}e}".partition("e")
                power = int(figures[2]) + self.power
                missing = "" if fewer == digits else "?"
                return f"{figures[0]}{missing}e{power}" if abs(power) < LONGEST_POWER else None
        low, high = (_rounded_edge(edge, 1) for edge in (self.low, self.high))
        is_tiny = low is not None and high is not None and max(abs(low), abs(high)) < NOTHING
        return "0?" if is_tiny else None


def _power_of_ten(ball: Any) -> int:
    """Roughly log10 of a ball where that is far from 0."""
    if not ball.is_finite() or ball.contains(0):
        return 0
    power = (abs(ball).log() / arb(10).log()).mid().floor().unique_fmpz()
    return 0 if power is None or abs(power) < FAR else int(power)


def _rounded_edge(edge: Any, digits: int) -> Decimal | None:
    """None for what is not finite or still far from 1, as the edges of a wide ball can be."""
    if not edge.is_finite():
        return None
    mantissa, exponent = (int(part) for part in edge.man_exp())
    if abs(exponent) > 3 * LAST_PRECISION + 8 * FAR + 40 * digits:
        return None
    return round_fraction(mantissa << max(exponent, 0), 1 << max(-exponent, 0), digits)


def round_fraction(numerator: int, denominator: int, digits: int) -> Decimal:
    """A fraction to `digits` significant digits, half away from zero."""
    if numerator == 0:
        return Decimal(0)
    # A quotient with a sticky last digit rounds as the true one does.
    magnitude = (abs(numerator).bit_length() - denominator.bit_length()) * 30103 // 100000
    shift = digits + 3 - magnitude
    top, bottom = abs(numerator) * 10 ** max(shift, 0), denominator * 10 ** max(-shift, 0)
    quotient, remainder = divmod(top, bottom)
    sticky = quotient * 10 + (1 if remainder else 0)
    with localcontext(Context(prec=digits, rounding=ROUND_HALF_UP, Emax=10**12, Emin=-(10**12))):
        result = +Decimal(sticky).scaleb(-shift - 1, Context(prec=digits + 20, Emax=10**12, Emin=-(10**12)))
    return result.copy_negate() if numerator < 0 else result
