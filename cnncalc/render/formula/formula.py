r"""Formulas of layers: LaTeX in which a tensor is a macro of its local name, `\y_{f,i,j} = \sum_c \x_{c,i,j}`.

Here they are parsed; `formula_latex` writes them as LaTeX with the real names, `formula_text` as lines for a terminal.
The subset of LaTeX is small, and whatever lies outside it raises, so that no formula comes out half-translated.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from cnncalc.records import dataclass, replace
from cnncalc.render.formula.formula_nodes import (
    ACCENTS,
    COMMANDS,
    ENVIRONMENTS,
    FRACTIONS,
    NOTHING,
    PARTS,
    SIGNS,
    SIZES,
    WORDS,
    Accent,
    Atom,
    Bound,
    Cases,
    Fraction,
    Index,
    Name,
    Names,
    Node,
    Root,
    Row,
    Script,
    Words,
    parts_of,
)

TOKEN = re.compile(r"\\(?:" + "|".join(WORDS) + r")\{[^{}]*\}|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)


class FormulaError(ValueError):
    """A formula that is not in the subset of LaTeX that cnncalc knows."""


@dataclass(frozen=True)
class Formula:
    """A layer's formula and what the macros in it stand for. It is a block of a Document too."""

    source: str
    names: Names = field(default_factory=dict)

    @property
    def tree(self) -> Row:
        """The formula, parsed; raises FormulaError."""
        parser = _Parser(self.source, self.names)
        row = parser.parse()
        tree: Row = _ranged(row, _sizes(row)) if parser.binds else row
        return tree


class _Parser:
    """Recursive descent over tokens; one object for one formula."""

    def __init__(self, source: str, names: Names) -> None:
        self.source = source
        self.names = names
        self.tokens = [token for token in TOKEN.findall(source) if not token.isspace()]
        self.position = 0
        self.binds = False
        """Whether a sum or a maximum was met."""

    def parse(self) -> Row:
        row = self.row(())
        if self.position < len(self.tokens):
            raise self.error(f"unexpected {self.peek()}")
        return row

    def error(self, message: str) -> FormulaError:
        return FormulaError(f"{message} in the formula {self.source!r}")

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if not token or (expected is not None and token != expected):
            raise self.error(f"expected {expected or 'more'}, found {token or 'the end'}")
        self.position += 1
        return token

    def row(self, ends: tuple[str, ...]) -> Row:
        nodes: list[Node] = []
        while self.peek() and self.peek() not in ("}", "&", "\\\\", "\\end", *ends):
            node = self.scripted()
            if node != NOTHING:
                nodes.append(node)
        return Row(tuple(nodes))

    def scripted(self) -> Node:
        base = self.single()
        below = above = None
        while self.peek() in ("_", "^"):
            if self.take() == "_":
                below = self.argument()
            else:
                above = self.argument()
        if below is not None:
            below = self.below(base, below)
            if not below.nodes and _binds(base):
                return NOTHING
            below = below if below.nodes else None
        return base if below is None and above is None else Script(base, below, above)

    def below(self, base: Node, row: Row) -> Row:
        """An index without what does not occur in the problem; below a sum, letters that run through their axes."""
        nodes: list[Node] = []
        for node in row.nodes:
            is_comma = isinstance(node, Atom) and node.role in ("comma", "space")
            if not (is_comma and (not nodes or nodes[-1] == node)):
                nodes.append(node)
        while nodes and isinstance(last := nodes[-1], Atom) and last.role in ("comma", "space"):
            nodes.pop()
        if isinstance(base, Name) and nodes:
            nodes += [node for one in base.behind for node in (COMMA, Atom(str(one), str(one), "number"))]
        if not _binds(base):
            return Row(tuple(nodes))
        self.binds = True
        return Row(_bound(nodes))

    def argument(self) -> Row:
        if self.peek() != "{":
            return Row((self.single(),))
        self.take("{")
        row = self.row(())
        self.take("}")
        return row

    def single(self) -> Node:
        token = self.take()
        if token == "{":
            row = self.row(())
            self.take("}")
            return row
        if token.startswith("\\"):
            return self.command(token[1:])
        if token in SIGNS:
            return Atom(token, token, SIGNS[token])
        if token[0].isdigit():
            return Atom(token, token, "number")
        if token.isalpha() and token.isascii():
            return Atom(token, token, "symbol")
        raise self.error(f"unknown sign {token!r}")

    def command(self, command: str) -> Node:
        # A layer's own tensor comes before the Greek letter of the same name: batch norm has a gamma.
        if command in self.names:
            meaning = self.names[command]
            return Name(meaning) if isinstance(meaning, str) else meaning
        if command in COMMANDS:
            return COMMANDS[command]
        if command in FRACTIONS:
            return Fraction(self.argument(), self.argument())
        if command == "sqrt":
            return Root(self.argument())
        if command in ACCENTS:
            return Accent(command, self.argument())
        if command.endswith("}"):
            word, _, text = command.rstrip("}").partition("{")
            return Words(word, text)
        if command in SIZES:
            return self.sized(command)
        if command == "begin":
            return self.environment()
        raise self.error(f"unknown \\{command}")

    def sized(self, command: str) -> Node:
        r"""`\left(` is a parenthesis like any other, except that LaTeX fits its size; `\left.` is none at all."""
        if self.peek() == ".":
            return Atom(f"\\{command}{self.take()}", "", "space")
        fence = self.single()
        if not isinstance(fence, Atom):
            raise self.error(f"\\{command} without a parenthesis")
        return Atom(f"\\{command}{fence.latex}", fence.text, fence.role)

    def environment(self) -> Node:
        name = self.braced_name()
        if name not in ENVIRONMENTS:
            raise self.error(f"unknown environment {name}")
        lines: list[tuple[Row, ...]] = []
        cells = [self.row(())]
        while self.peek() != "\\end":
            if self.take() == "&":
                cells.append(self.row(()))
            else:
                lines.append(tuple(cells))
                cells = [self.row(())]
        self.take("\\end")
        if self.braced_name() != name:
            raise self.error(f"{name} is not closed")
        return Cases(name, (*lines, tuple(cells)))

    def braced_name(self) -> str:
        self.take("{")
        letters = ""
        while self.peek() != "}":
            letters += self.take()
        self.take("}")
        return letters


COMMA = Atom(",", ",", "comma")


def _sizes(node: object) -> dict[str, int]:
    """How far each letter runs that stands by itself behind a tensor: as far as the axis at its place."""
    found: dict[str, int] = {}
    if isinstance(node, Script) and isinstance(node.base, Name) and node.below is not None:
        for size, at in zip(node.base.shape, split_index(node.below), strict=False):
            if len(at) == 1 and isinstance(at[0], Index):
                found[at[0].letter] = size
    for inside in parts_of(node):
        found = {**_sizes(inside), **found}
    return found


def split_index(below: Row) -> list[list[Node]]:
    """What stands behind a tensor, axis by axis."""
    axes: list[list[Node]] = [[]]
    for node in below.nodes:
        if isinstance(node, Atom) and node.role == "comma":
            axes.append([])
        elif not (isinstance(node, Atom) and node.role == "space"):
            axes[-1].append(node)
    return axes


def _ranged(node: Any, sizes: Mapping[str, int]) -> Any:
    """The same formula, in which sums say how far they run."""
    if isinstance(node, Bound):
        index = node.index
        if index.last is None and index.letter in sizes:
            return Bound(replace(index, last=index.first + sizes[index.letter] - 1))
        return node
    if isinstance(node, Row):
        return Row(tuple(_ranged(inside, sizes) for inside in node.nodes))
    if isinstance(node, Cases):
        return replace(node, lines=tuple(tuple(_ranged(cell, sizes) for cell in line) for line in node.lines))
    parts = {name: getattr(node, name) for name in PARTS.get(type(node), ())}
    return replace(node, **{name: part if part is None else _ranged(part, sizes) for name, part in parts.items()})


def _binds(base: Node) -> bool:
    """Whether it is a sum, a product, a maximum or a mean, whose indices mean something in what follows alone."""
    if isinstance(base, Words):
        return base.command == "operatorname"
    return isinstance(base, Atom) and (base.role == "big" or base.text in ("max", "min", "argmax"))


def _bound(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Each index that stands by itself between commas runs through its axis."""

    def is_edge(at: int) -> bool:
        return not 0 <= at < len(nodes) or (isinstance(edge := nodes[at], Atom) and edge.text in (",", ":", ""))

    return tuple(
        Bound(node) if isinstance(node, Index) and is_edge(at - 1) and is_edge(at + 1) else node
        for at, node in enumerate(nodes)
    )


def split_gradient(name: str) -> tuple[str, str] | None:
    """`dL/dconv_1` as the loss's name and the other tensor's; None for a name that is no gradient's."""
    match = re.fullmatch(r"d(.+?)/d(.+)", name)
    return (match[1], match[2]) if match else None
