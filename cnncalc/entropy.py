"""Entropies of distributions: what a file says of them, and what they come to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np

from cnncalc.arithmetic.base import Array, Element, Undecided
from cnncalc.arithmetic.exact import Exact
from cnncalc.problem.distribution import check_distribution
from cnncalc.problem.tensor.files import FileAccess
from cnncalc.problem.tensor.tensors import TensorReader
from cnncalc.problem.tensor.typed import NumberCells, is_blank
from cnncalc.problem.text.faults import Collector, ProblemError, counted, listing, shape_text
from cnncalc.problem.text.nodes import Fields, Node, Scalar, read_tree
from cnncalc.problem.text.scalars import check_keys, read_text
from cnncalc.problem.text.source import open_source
from cnncalc.records import Record

Unit = Literal["nats", "bits", "dits"]
UNITS: tuple[Unit, ...] = ("nats", "bits", "dits")
WORDS: Mapping[str, Unit] = {
    "nat": "nats", "e": "nats", "bit": "bits", "2": "bits", "dit": "dits", "hartley": "dits",
    "ban": "dits", "10": "dits",
}  # fmt: skip
"""What people call the units, and the bases of their logarithms."""
KEYS = ("title", "unit", "p", "q", "joint")
_EXAMPLE = "write `p: [1/2, 1/4, 1/4]`, with `q:` for a second one, or `joint:` with a row for each x"


class Distributions(Record):
    """What was read: `p` and perhaps `q`, as vectors, or `joint`, a matrix with a row for each x."""

    title: str
    unit: Unit
    p: Array | None
    q: Array | None
    joint: Array | None
    file: str
    files: tuple[Path, ...] = ()
    """The data files that it names."""


def read(path: str | Path, *, allow_outside: bool = False) -> Distributions:
    """The distributions of a file (`-`: standard input); raises ProblemError with every fault of it."""
    text, source, folder = open_source(path, ProblemError)
    return reads(text, folder=folder, source=source, allow_outside=allow_outside)


def reads(
    text: str, *, folder: Path | None = None, source: str = "<text>", allow_outside: bool = False
) -> Distributions:
    """The distributions of a text; raises ProblemError with every fault of it."""

    def distributions(root: Node, text: str, faults: Collector) -> Distributions | None:
        return _Reader(text, FileAccess(folder, allow_outside), source, faults).distributions(root)

    return read_tree(text, source, distributions)


class _Reader:
    def __init__(self, text: str, access: FileAccess, source: str, faults: Collector) -> None:
        self._source = source
        self._access = access
        self._faults = faults
        self._cells = NumberCells(faults)
        self._tensors = TensorReader(self._cells, faults, access, text)

    def distributions(self, root: Node) -> Distributions | None:
        """What the file holds; None (with faults) where that cannot be had."""
        if not isinstance(root, Fields):
            return self._faults.add("a file of distributions is a mapping", _EXAMPLE, root.place)
        check_keys(root, KEYS, "a file of distributions", self._faults)
        if "joint" in root.entries:
            for other in ("p", "q"):
                if other in root.entries:
                    place = root.entries[other][0].place
                    self._faults.add(f"`{other}` stands beside `joint`", "keep one of the two", place)
        elif "p" not in root.entries:
            self._faults.add("there is no distribution", _EXAMPLE, root.place)
        p, q, joint = (self._distribution(root, name) for name in ("p", "q", "joint"))
        if p is not None and q is not None and p.shape != q.shape:
            events = [counted(each.size, "event", "events") for each in (p, q)]
            place = root.entries["q"][1].place
            self._faults.add(f"p has {events[0]}, q has {events[1]}", "give both the same events", place)
        unit = self._unit(root.get("unit"))
        title = read_text(root.get("title"), "title", self._faults)
        if len(self._faults):
            return None
        return Distributions(title or "", unit, p, q, joint, self._source, tuple(self._access.found))

    def _unit(self, node: Node | None) -> Unit:
        if node is None:
            return "nats"
        word = node.text.strip().lower() if isinstance(node, Scalar) else ""
        for unit in UNITS:
            if WORDS.get(word, word) == unit:
                return unit
        self._faults.add("`unit` is none that is known", f"write {listing(UNITS)}", node.place)
        return "nats"

    def _distribution(self, root: Fields, name: str) -> Array | None:
        node = root.get(name)
        if node is None:
            return None
        self._cells.has_letters = False
        typed = self._tensors.read(node)
        if typed is None:
            return None
        if typed.entries is None or typed.shape == ():
            return self._faults.add(f"{name} is no list", "write its probabilities: [1/2, 1/2]", node.place)
        if self._cells.has_letters:
            return self._faults.add(f"a letter stands in {name}", "write probabilities in numbers", node.place)
        if is_blank(typed.entries):
            return self._faults.add(f"a `?` stands in {name}", "write probabilities in numbers", node.place)
        shape = typed.shape if name == "joint" else typed.vector_shape
        if len(shape) != (2 if name == "joint" else 1):
            remedy = "write it as a matrix, with a row for each x" if name == "joint" else "write it as a list"
            return self._faults.add(f"{name} is {shape_text(typed.shape)}", remedy, node.place)
        check_distribution(typed.entries.reshape(1, -1), None, node.place, self._faults, name)
        return typed.entries.reshape(shape)


class Measure(Record):
    """One quantity: what it is called, its formula as people write it, and its value in nats (None: infinite)."""

    symbol: str
    formula: str
    nats: Element | None


class Identity(Record):
    """left = first ± second …; `holds` is None where infinities stand in it, and where it is undecided."""

    left: str
    right: tuple[tuple[int, str], ...]
    holds: bool | None
    is_undecided: bool = False
    """Whether both sides agree as far as they were computed, and no proof was found that they are equal."""


class Measures(Record):
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
            self._add(f"H({a}, {b})", f"-Σ {a}·log({b})", self._cross(of_a, of_b))
            self._add(f"KL({a}, {b})", f"Σ {a}·log({a}/{b})", self._divergence(of_a, of_b))
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
        counts = ~self.numbers.is_equal(p, 0)
        p, q = p[counts], q[counts]
        return None if self.numbers.is_equal(q, 0).any() else 0 - self._sum(p * self.numbers.log(q))

    def _divergence(self, p: Array, q: Array) -> Element | None:
        """Σ p log(p/q), with its own logarithm: the identities would prove nothing of a difference."""
        counts = ~self.numbers.is_equal(p, 0)
        p, q = p[counts], q[counts]
        return None if self.numbers.is_equal(q, 0).any() else self._sum(p * self.numbers.log(p / q))

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
