"""Works a formula out from its tree, for every element: sums are loops, names are tensors, nothing else is known.

What is no formula raises MeaninglessError: an index that nothing binds, one that is bound twice, an index of the wrong
rank, a letter that is a tensor's name, a sum that runs not as far as the axis that it counts along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import ceil, floor
from typing import Any

import mpmath
import numpy as np

from cnncalc.render.formula.formula import split_index
from cnncalc.render.formula.formula_nodes import (
    Atom,
    Bound,
    Cases,
    Fraction,
    Index,
    Letter,
    Name,
    Node,
    Root,
    Row,
    Script,
    Words,
    parts_of,
)

FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "tanh": mpmath.tanh,
    "erf": mpmath.erf,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "max": lambda pair: _of_pair(max, pair),
    "min": lambda pair: _of_pair(min, pair),
    "σ": lambda x: 1 / (1 + mpmath.exp(-x)),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
}
RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    "≤": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    "≥": lambda a, b: a >= b,
}
Environment = Mapping[str, int]


class MeaninglessError(Exception):
    """It says nothing that could be true or false."""


class OpenError(Exception):
    """It cannot be worked out: a derivative, a count that is not given, terms that are left out."""


def _of_pair(function: Callable[[Any], Any], pair: Any) -> Any:
    """The greater or the less of two; of what is written otherwise nothing is known."""
    if not isinstance(pair, tuple):
        raise OpenError("a maximum of something else")
    return function(pair)


class Formulas:
    """Formulas about some tensors; `element` gives one by the name of its tensor and its index, counted from `base`."""

    def __init__(
        self, shapes: Mapping[str, tuple[int, ...]], base: int, element: Callable[[str, tuple[int, ...]], Any], eps: Any
    ) -> None:
        self.shapes = shapes
        self.base = base
        self.element = element
        self.eps = eps
        self.outside: Any = MeaninglessError
        """What an element beyond the edge of its tensor is: 0 in a sum, nothing in a maximum."""

    # Whole formulas

    def check(self, tree: Row) -> None:
        """Raise MeaninglessError for what can be seen without any numbers."""
        self._check(tree.nodes, frozenset(self._free(tree)))
        for node in everything_in(tree):
            if isinstance(node, Index) and node.letter in self.shapes:
                raise MeaninglessError(f"{node.letter} is a tensor")
            if isinstance(node, Script) and isinstance(node.base, Name) and node.below is not None:
                self._check_rank(node.base.name, split_index(node.below))

    def worked_out(self, tree: Row) -> Iterator[tuple[str, tuple[int, ...], Any]]:
        """The name and the index of each element on the left, with what the right side comes to."""
        at = next(i for i, node in enumerate(tree.nodes) if isinstance(node, Atom) and node.text == "=")
        left, right = tree.nodes[:at], tree.nodes[at + 1 :]
        (target,) = left
        ranges = self._ranges(tree)
        free = self._free(tree)
        for values in product(*(ranges[letter] for letter in free)):
            env = dict(zip(free, values, strict=True))
            name, index = self._address(target, env)
            yield name, index, self.sum(right, env)

    def _free(self, tree: Row) -> list[str]:
        """The letters that no sum binds anywhere; all of them stand on the left, or in what is equal to it."""
        scripts = [node for node in everything_in(tree) if isinstance(node, Script)]
        bound = {node.index.letter for node in everything_in(tree) if isinstance(node, Bound)}
        bound |= {letter for node in scripts for letter in _defined(node)}
        # A letter with an index of its own counts nothing.
        bound |= {node.base.letter for node in scripts if isinstance(node.base, Index)}
        found = (node.letter for node in everything_in(tree) if isinstance(node, Index) and node.letter not in bound)
        return list(dict.fromkeys(found))

    def _ranges(self, tree: Row) -> dict[str, range]:
        """How far each letter runs: as far as the first axis that it counts along, that of what is on the left."""
        found: dict[str, range] = {}
        for node in everything_in(tree):
            if isinstance(node, Script) and isinstance(node.base, Name) and node.below is not None:
                for size, at in zip(self.shapes[node.base.name], split_index(node.below), strict=False):
                    if len(at) == 1 and isinstance(at[0], Index):
                        found.setdefault(at[0].letter, range(self.base, self.base + size))
        return found

    # What a formula must be, whatever the numbers are

    def _check(self, nodes: Sequence[Node], known: frozenset[str]) -> None:
        for term in _terms(nodes):
            inside = known
            for node in term:
                match node:
                    case Index(letter) if letter not in inside:
                        raise MeaninglessError(f"nothing says what {letter} is")
                    case Script(below=Row()) if letters := _bound(node):
                        if taken := sorted(set(letters) & inside):
                            raise MeaninglessError(f"{', '.join(taken)} is bound twice")
                        inside = inside | set(letters)
                        assert node.below is not None
                        self._check_ranges(node.below, term)
                        self._check(_without_bounds(node.below), inside)
                    case _:
                        parts = parts_of(node)
                        if isinstance(node, Script) and isinstance(node.base, Index):
                            parts = iter([node.below] if node.below else [])
                        for part in parts:
                            self._check(part.nodes if isinstance(part, Row) else (part,), inside)

    def _check_ranges(self, below: Row, term: Sequence[Node]) -> None:
        for one in below.nodes:
            if not isinstance(one, Bound):
                continue
            if one.index.last is None:
                raise MeaninglessError(f"nobody knows how far {one.index.letter} runs")
            shown = range(one.index.first, one.index.last + 1)
            actual = self._ranges(Row(tuple(term))).get(one.index.letter, shown)
            if shown != actual or shown.start != self.base:
                raise MeaninglessError(f"{one.index.letter} runs through {actual}, not {shown}")

    def _check_rank(self, name: str, axes: Sequence[Sequence[Node]]) -> None:
        rank = len(self.shapes[name]) - name.endswith(".path")
        if len(axes) != rank:
            raise MeaninglessError(f"{name} has {rank} indices, not {len(axes)}")

    # Numbers

    def sum(self, nodes: Sequence[Node], env: Environment) -> Any:
        """What stands between relations."""
        if len(nodes) == 1 and isinstance(nodes[0], Cases):
            return self.cases(nodes[0], env)
        total: Any = 0
        for term in _terms(nodes):
            minus = isinstance(term[0], Atom) and term[0].text == "-"
            plus = isinstance(term[0], Atom) and term[0].text == "+"
            value = self.term(term[minus or plus :], env)
            total = total - value if minus else total + value if total != 0 else value
        return total

    def term(self, nodes: Sequence[Node], env: Environment) -> Any:
        """A product, with the sums that run to its end."""
        value: Any = 1
        at, divides = 0, False
        while at < len(nodes):
            node = nodes[at]
            if isinstance(node, Atom) and node.text in ("·", "/", ""):
                divides = divides or node.text == "/"
                at += 1
                continue
            if isinstance(node, Atom) and node.text in ("…", "⋯"):
                raise OpenError("terms are left out")
            if _is_big(node):
                return value * self.over(node, nodes[at + 1 :], env)
            factor, at = self.factor(nodes, at, env)
            if factor is None or isinstance(factor, tuple):
                return factor
            value, divides = (value / factor if divides else value * factor), False
        return value

    def factor(self, nodes: Sequence[Node], at: int, env: Environment) -> tuple[Any, int]:
        """The factor at a place, and where the next one begins."""
        node = nodes[at]
        name = node.text if isinstance(node, Atom | Words) else ""
        if name in FUNCTIONS:
            argument, end = self.factor(nodes, at + 1, env)
            closing = nodes[end - 1]
            if _role(nodes[at + 1]) == "open" and isinstance(closing, Script) and closing.above:
                # log(2)² is the square of log(2).
                argument = self.sum(nodes[at + 2 : end - 1], env)
                return FUNCTIONS[name](argument) ** self.sum(closing.above.nodes, env), end
            return FUNCTIONS[name](argument), end
        if isinstance(node, Atom) and node.latex == r"\left|":
            end = next(i for i in range(at, len(nodes)) if getattr(nodes[i], "latex", "") == r"\right|")
            return abs(self.sum(nodes[at + 1 : end], env)), end + 1
        if isinstance(node, Atom) and node.role == "open":
            end = _closing(nodes, at)
            inside = nodes[at + 1 : end]
            pair = _parted(inside, ",")
            if name == "(" and len(pair) == 2:
                return tuple(self.sum(part, env) for part in pair), end + 1
            value = {"⌊": floor, "⌈": ceil}.get(name, lambda x: x)(self.sum(inside, env))
            closing = nodes[end]
            power = closing.above if isinstance(closing, Script) else None
            return (value ** self.sum(power.nodes, env) if power else value), end + 1
        return self.single(node, env), at + 1

    def single(self, node: Node, env: Environment) -> Any:
        """One node by itself."""
        match node:
            case Atom(text="ε") | Words(text="eps"):
                return self.eps
            case Atom(text="e"):
                return +mpmath.e
            case Atom(text="π"):
                return +mpmath.pi
            case Atom(role="number"):
                return mpmath.mpf(node.text) if "." in node.text else int(node.text)
            case Index():
                return env[node.letter]
            case Letter():
                return self.element(node.tensor, node.index)
            case Name():
                return self.element(node.name, ())
            case Script(base=Name()) | Script(base=Letter()):
                value = self.element(*self._address(node, env))
                if value is None:
                    if self.outside is MeaninglessError:
                        raise MeaninglessError(f"{self._address(node, env)} lies outside of its tensor")
                    return self.outside
                return value ** self.sum(node.above.nodes, env) if node.above else value
            case Script(base=Index()):
                raise OpenError("a count that depends on the place")
            case Script(above=Row() as power, below=None):
                exponent, base = self.sum(power.nodes, env), self.single(node.base, env)
                # A negative power of a whole number would be a double.
                return (mpmath.mpf(base) if exponent < 0 else base) ** exponent
            case Fraction():
                if node.is_derivative:
                    raise OpenError("a derivative")
                return mpmath.mpf(1) * self.sum(node.numerator.nodes, env) / self.sum(node.denominator.nodes, env)
            case Root():
                return mpmath.sqrt(self.sum(node.inside.nodes, env))
            case Row():
                return self.sum(node.nodes, env)
        raise OpenError(f"{node} is no number")

    def over(self, node: Node, body: Sequence[Node], env: Environment) -> Any:
        """A sum, a mean, a maximum or where it lies, over all that meets the conditions."""
        assert isinstance(node, Script)
        assert isinstance(node.base, Atom | Words)
        assert node.below is not None
        head, *rest = _parted(node.below.nodes, ":")
        conditions = [part for one in rest for part in _parted(one, ",")]
        parts = [*_parted(head, ","), *conditions]
        letters = [part[0].index for part in parts if len(part) == 1 and isinstance(part[0], Bound)]
        # What is defined by the others, as in u = 2i + p, comes after them.
        defined = [part for part in _parted(head, ",") if len(part) > 1]
        kept, outside = [], self.outside
        is_sum = node.base.text != "max"
        self.outside = 0 if is_sum else None
        for values in product(*(range(one.first, (one.last or 0) + 1) for one in letters)):
            inner = {**env, **{one.letter: value for one, value in zip(letters, values, strict=True)}}
            for part in defined:
                assert isinstance(part[0], Index)
                inner[part[0].letter] = self.sum(part[2:], inner)
            if all(self.holds(one, inner) for one in conditions if not isinstance(one[0], Bound)):
                place = tuple(inner[part[0].letter] for part in defined if isinstance(part[0], Index))
                kept.append((self.term(body, inner), place))
        self.outside = outside
        if is_sum:
            total = mpmath.fsum(value for value, _ in kept)
            return total / len(kept) if node.base.text == "mean" else total
        inside = [one for one in kept if one[0] is not None]
        largest = max(value for value, _ in inside)
        if not defined:
            return largest
        place = next(place for value, place in inside if value == largest)
        return place if len(place) > 1 else place[0]

    def cases(self, node: Cases, env: Environment) -> Any:
        """The line whose condition holds."""
        return next(self.sum(line[0].nodes, env) for line in node.lines if self.holds(line[1].nodes, env))

    def holds(self, nodes: Sequence[Node], env: Environment) -> bool:
        """Whether a condition does; of `1 ≤ s ≤ 4` both parts."""
        signs = [i for i, node in enumerate(nodes) if isinstance(node, Atom) and node.text in RELATIONS]
        sides = [
            self.sum(nodes[start + 1 : stop], env)
            for start, stop in zip([-1, *signs], [*signs, len(nodes)], strict=True)
        ]
        relations = [RELATIONS[node.text] for node in map(nodes.__getitem__, signs) if isinstance(node, Atom)]
        return all(relation(a, b) for relation, (a, b) in zip(relations, pairwise(sides), strict=True))

    def _address(self, node: Node, env: Environment) -> tuple[str, tuple[int, ...]]:
        match node:
            case Name():
                return node.name, ()
            case Letter():
                return node.tensor, node.index
            case Script(base=Letter() as letter):
                return letter.tensor, letter.index
            case Script(base=Name(name), below=Row() as below):
                return name, tuple(int(self.sum(axis, env)) for axis in split_index(below))
            case Script(base=Name(name)):
                return name, ()
        raise MeaninglessError(f"{node} is no element")


def elements_of(arrays: Mapping[str, Any], base: int) -> Callable[[str, tuple[int, ...]], Any]:
    """Elements of arrays by name; beyond their edges there are none."""

    def element(name: str, index: tuple[int, ...]) -> Any:
        array = arrays[name]
        places = tuple(i - base for i in index)
        if any(not 0 <= place < size for place, size in zip(places, array.shape, strict=False)):
            return None
        value = array[places]
        if not isinstance(value, np.ndarray) or not value.shape:
            return value
        # The place of a winner; in a signal it is one number.
        return tuple(value.tolist()) if len(value) > 1 else value.item()

    return element


def sum_of_matrices(nodes: Sequence[Node], tensor: Callable[[str], Any]) -> Any:
    """A sum of products of whole tensors, turned over or not; OpenError for anything else."""
    total: Any = 0
    for term in _terms(nodes):
        rest, product = list(term), None
        is_less = getattr(rest[0], "text", "") == "-"
        while rest:
            node = rest.pop(0)
            if isinstance(node, Atom) and node.text in ("+", "-", "·"):
                continue
            if _role(node) == "open":
                end = _closing([node, *rest], 0)
                value, node = sum_of_matrices(rest[: end - 1], tensor), rest[end - 1]
                rest = rest[end:]
            elif isinstance(name := node.base if isinstance(node, Script) else node, Name):
                value = tensor(name.name)
            else:
                raise OpenError("more than products of matrices")
            above = node.above.nodes if isinstance(node, Script) and node.above else ()
            if (above and getattr(above[0], "text", "") != "ᵀ") or (isinstance(node, Script) and node.below):
                raise OpenError("a power of a matrix, or an element")
            value = value.T if above else value
            product = value if product is None else product @ value
        total = total - product if is_less else total + product
    return total


def everything_in(node: object) -> Iterator[object]:
    """A node, and all that it is made of."""
    yield node
    if isinstance(node, Bound):
        yield node.index
    for part in parts_of(node):
        yield from everything_in(part)


def _role(node: Node) -> str:
    base = node.base if isinstance(node, Script) else node
    if not isinstance(base, Atom):
        return ""
    return {r"\left|": "open", r"\right|": "close"}.get(base.latex, base.role)


def _terms(nodes: Sequence[Node]) -> list[Sequence[Node]]:
    """Cut in front of each plus, minus and relation outside of parentheses, but not behind a sign."""
    terms: list[list[Node]] = [[]]
    depth = 0
    for node in nodes:
        depth += (_role(node) == "open") - (_role(node) == "close")
        is_sign = isinstance(node, Atom) and node.text in ("+", "-") and not depth
        if is_sign and terms[-1]:
            terms.append([node])
        elif isinstance(node, Atom) and node.role == "relation" and not depth:
            terms.append([])
        else:
            terms[-1].append(node)
    return [term for term in terms if term]


def _parted(nodes: Sequence[Node], sign: str) -> list[Sequence[Node]]:
    """Cut at a sign outside of parentheses; spaces are dropped."""
    parts: list[list[Node]] = [[]]
    depth = 0
    for node in nodes:
        depth += (_role(node) == "open") - (_role(node) == "close")
        if isinstance(node, Atom) and node.text == sign and not depth:
            parts.append([])
        elif _role(node) != "space":
            parts[-1].append(node)
    return [part for part in parts if part]


def _closing(nodes: Sequence[Node], at: int) -> int:
    depth = 0
    for place in range(at, len(nodes)):
        depth += (_role(nodes[place]) == "open") - (_role(nodes[place]) == "close")
        if not depth:
            return place
    raise MeaninglessError("a parenthesis is not closed")


def _is_big(node: Node) -> bool:
    return isinstance(node, Script) and isinstance(node.base, Atom | Words) and node.base.text in ("Σ", "max", "mean")


def _defined(node: Script) -> list[str]:
    """The letters that a maximum defines by others: u in max_{u = i + p: p}."""
    if not _is_big(node) or node.below is None:
        return []
    head = _parted(node.below.nodes, ":")[0]
    return [part[0].letter for part in _parted(head, ",") if len(part) > 1 and isinstance(part[0], Index)]


def _bound(node: Node) -> list[str]:
    """The letters that a sum or a maximum binds."""
    if not isinstance(node, Script) or not _is_big(node) or node.below is None:
        return []
    return [one.index.letter for one in node.below.nodes if isinstance(one, Bound)] + _defined(node)


def _without_bounds(below: Row) -> list[Node]:
    return [node for node in below.nodes if not isinstance(node, Bound)]
