"""Distributions -> their entropies, exactly, with the identities between them.

Everything is computed in nats, in the exact ring; 0·log 0 is 0, its limit, and what is infinite is None.
"""

from collections.abc import Mapping

import numpy as np

from cnncalc.arithmetic.base import Array, Element, Undecided
from cnncalc.arithmetic.exact import Exact
from cnncalc.entropy.read import Distributions
from cnncalc.records import dataclass


@dataclass(frozen=True)
class Measure:
    """One quantity: what it is called, its formula as people write it, and its value in nats (None: infinite)."""

    symbol: str
    formula: str
    nats: Element | None


@dataclass(frozen=True)
class Identity:
    """left = first ± second …; `holds` is None where infinities stand in it, and where it is undecided."""

    left: str
    right: tuple[tuple[int, str], ...]
    holds: bool | None
    is_undecided: bool = False
    """Whether both sides agree as far as they were computed, and no proof was found that they are equal."""


@dataclass(frozen=True)
class Measures:
    """All that there is to say of the distributions of a file."""

    distributions: Distributions
    numbers: Exact
    marginals: Mapping[str, Array]
    """Of a joint distribution: x and y."""
    measures: tuple[Measure, ...]
    identities: tuple[Identity, ...]
    has_zeros: bool
    """Whether a probability is 0, so that the limit was taken."""
    infinite: tuple[int, ...]
    """The events (from 0) that p gives a probability and q none."""
    infinite_back: tuple[int, ...]
    """The same with p and q exchanged."""


def measure(distributions: Distributions) -> Measures:
    """The entropies of one distribution, of two, or of a joint one."""
    return _Calculation(distributions).measures()


class _Calculation:
    def __init__(self, distributions: Distributions) -> None:
        self.given = distributions
        self.numbers = Exact()
        self.found: dict[str, Measure] = {}
        self.identities: list[Identity] = []

    def measures(self) -> Measures:
        given, marginals = self.given, {}
        infinite: tuple[int, ...] = ()
        back: tuple[int, ...] = ()
        if given.joint is not None:
            joint = self.numbers.array(given.joint)
            marginals = {"x": self.numbers.sum(joint, axis=1), "y": self.numbers.sum(joint, axis=0)}
            self._joint(joint, marginals["x"], marginals["y"])
            every = [joint]
        else:
            assert given.p is not None, "a file has p or joint"
            p = self.numbers.array(given.p)
            every = [p]
            self._add("H(p)", "-Σ p·log(p)", self._cross(p, p))
            if given.q is not None:
                q = self.numbers.array(given.q)
                every.append(q)
                infinite, back = self._two(p, q)
        has_zeros = any(self.numbers.is_equal(each, 0).any() for each in every)
        return Measures(
            given,
            self.numbers,
            marginals,
            tuple(self.found.values()),
            tuple(self.identities),
            has_zeros,
            infinite,
            back,
        )

    def _two(self, p: Array, q: Array) -> tuple[tuple[int, ...], tuple[int, ...]]:
        self._add("H(q)", "-Σ q·log(q)", self._cross(q, q))
        for a, b, of_a, of_b in (("p", "q", p, q), ("q", "p", q, p)):
            cross = self._cross(of_a, of_b)
            own = self.found[f"H({a})"].nats
            self._add(f"H({a}, {b})", f"-Σ {a}·log({b})", cross)
            self._add(f"KL({a}, {b})", f"Σ {a}·log({a}/{b})", self._divergence(of_a, of_b))
            assert own is not None
            self._identity(f"H({a}, {b})", (1, f"H({a})"), (1, f"KL({a}, {b})"))
        return self._missing(p, q), self._missing(q, p)

    def _joint(self, joint: Array, x: Array, y: Array) -> None:
        self._add("H(X)", "-Σ x·log(x)", self._cross(x, x))
        self._add("H(Y)", "-Σ y·log(y)", self._cross(y, y))
        self._add("H(X, Y)", "-Σ p_xy·log(p_xy)", self._cross(joint, joint))
        rows, columns = np.broadcast_to(x[:, None], joint.shape), np.broadcast_to(y, joint.shape)
        for symbol, whole, given in (("H(X|Y)", columns, "y"), ("H(Y|X)", rows, "x")):
            divergence = self._divergence(joint, whole)
            self._add(symbol, f"-Σ p_xy·log(p_xy/{given})", None if divergence is None else 0 - divergence)
        self._add("I(X;Y)", "Σ p_xy·log(p_xy/(x·y))", self._divergence(joint, rows * columns))
        self._identity("H(X|Y)", (1, "H(X, Y)"), (-1, "H(Y)"))
        self._identity("H(Y|X)", (1, "H(X, Y)"), (-1, "H(X)"))
        self._identity("I(X;Y)", (1, "H(X)"), (-1, "H(X|Y)"))
        self._identity("I(X;Y)", (1, "H(Y)"), (-1, "H(Y|X)"))
        self._identity("I(X;Y)", (1, "H(X)"), (1, "H(Y)"), (-1, "H(X, Y)"))

    # Sums

    def _cross(self, p: Array, q: Array) -> Element | None:
        """−Σ p log q over what p gives a probability; None where q gives none there."""
        p, q = p.ravel(), q.ravel()
        counts = ~self.numbers.is_equal(p, 0)
        if self.numbers.is_equal(q[counts], 0).any():
            return None
        return 0 - self._sum(p[counts] * self.numbers.log(q[counts]))

    def _divergence(self, p: Array, q: Array) -> Element | None:
        """Σ p log(p/q), with its own logarithm: the identities would prove nothing of a difference."""
        p, q = p.ravel(), q.ravel()
        counts = ~self.numbers.is_equal(p, 0)
        if self.numbers.is_equal(q[counts], 0).any():
            return None
        return self._sum(p[counts] * self.numbers.log(p[counts] / q[counts]))

    def _sum(self, x: Array) -> Element:
        return self.numbers.sum(x, axis=0).item()

    def _missing(self, p: Array, q: Array) -> tuple[int, ...]:
        missing = ~self.numbers.is_equal(p, 0) & self.numbers.is_equal(q, 0)
        return tuple(int(event) for event in np.flatnonzero(missing))

    def _add(self, symbol: str, formula: str, nats: Element | None) -> None:
        self.found[symbol] = Measure(symbol, formula, nats)

    def _identity(self, left: str, *right: tuple[int, str]) -> None:
        difference = self.numbers.zeros((1,))
        for sign, symbol in ((-1, left), *right):
            nats = self.found[symbol].nats
            if nats is None:
                self.identities.append(Identity(left, right, None))
                return
            difference[0] = difference[0] + nats * sign
        try:
            self.identities.append(Identity(left, right, bool(self.numbers.is_equal(difference, 0).all())))
        except Undecided:
            self.identities.append(Identity(left, right, None, is_undecided=True))
