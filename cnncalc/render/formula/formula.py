r"""Formulas of layers: LaTeX in which a tensor is a macro of its local name, `\y_{f,i,j} = \sum_c \x_{c,i,j}`.

Here they are parsed; `formula_latex` writes them as LaTeX with the real names, `formula_text` as lines for a terminal.
The subset of LaTeX is small, and whatever lies outside it raises, so that no formula comes out half-translated.
`spans` finds formulas and names among words: the one place that knows what `$` and the backquote mean.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from cnncalc.language import as_text
from cnncalc.layers.joining.several import VIA
from cnncalc.records import Record, replace
from cnncalc.render.formula import formula_nodes as tree

TOKEN = re.compile(r"\\(?:" + "|".join(tree.WORDS) + r")\{[^{}]*\}|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)


class FormulaError(ValueError):
    """A formula that is not in the subset of LaTeX that cnncalc knows."""


class Formula(Record):
    """A layer's formula and what the macros in it stand for. It is a block of a Document too."""

    source: str
    names: tree.Names = field(default_factory=dict)

    @cached_property
    def tree(self) -> tree.Row:
        """The formula, parsed; raises FormulaError."""
        parser = _Parser(self.source, self.names)
        row = parser.parse()
        ranged: tree.Row = _ranged(row, _sizes(row)) if parser.binds else row
        return ranged


class _Parser:
    """Recursive descent over tokens; one object for one formula."""

    def __init__(self, source: str, names: tree.Names) -> None:
        self.source = source
        self.names = names
        # An empty one is the end.
        self.tokens: list[str] = [*(token for token in TOKEN.findall(source) if not token.isspace()), ""]
        self.position = 0
        self.binds = False
        """Whether a sum or a maximum was met."""

    def parse(self) -> tree.Row:
        row = self.row()
        if self.peek():
            raise self.error(f"unexpected {self.peek()}")
        return row

    def error(self, message: str) -> FormulaError:
        return FormulaError(f"{message} in the formula {self.source!r}")

    def peek(self) -> str:
        return self.tokens[self.position]

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if not token or (expected is not None and token != expected):
            raise self.error(f"expected {expected or 'more'}, found {token or 'the end'}")
        self.position += 1
        return token

    def row(self) -> tree.Row:
        nodes: list[tree.Node] = []
        while self.peek() and self.peek() not in ("}", "&", "\\\\", "\\end"):
            node = self.scripted()
            if not isinstance(node, tree.Row) or node.nodes:
                nodes.append(node)
        return tree.Row(tuple(nodes))

    def scripted(self) -> tree.Node:
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
                return tree.NOTHING
            below = below if below.nodes else None
        return base if below is None and above is None else tree.Script(base, below, above)

    def below(self, base: tree.Node, row: tree.Row) -> tree.Row:
        """An index without what does not occur in the problem; below a sum, letters that run through their axes."""
        nodes: list[tree.Node] = []
        for node in row.nodes:
            is_comma = isinstance(node, tree.Atom) and node.role in ("comma", "space")
            if not (is_comma and (not nodes or nodes[-1] == node)):
                nodes.append(node)
        while nodes and isinstance(last := nodes[-1], tree.Atom) and last.role in ("comma", "space"):
            nodes.pop()
        if isinstance(base, tree.Name) and nodes:
            nodes += [node for one in base.behind for node in (COMMA, tree.Atom(str(one), str(one), "number"))]
        if not _binds(base):
            return tree.Row(tuple(nodes))
        self.binds = True
        return tree.Row(_bound(nodes))

    def argument(self) -> tree.Row:
        if self.peek() != "{":
            return tree.Row((self.single(),))
        self.take("{")
        row = self.row()
        self.take("}")
        return row

    def single(self) -> tree.Node:
        token = self.take()
        if token == "{":
            row = self.row()
            self.take("}")
            return row
        if token.startswith("\\"):
            return self.command(token[1:])
        atom = _atom(token)
        if atom is None:
            raise self.error(f"unknown sign {token!r}")
        return atom

    def command(self, command: str) -> tree.Node:
        # A layer's own tensor comes before the Greek letter of the same name: batch norm has a gamma.
        if command in self.names:
            meaning = self.names[command]
            return tree.Name(meaning) if isinstance(meaning, str) else meaning
        if command in tree.COMMANDS:
            return tree.COMMANDS[command]
        if command in tree.FRACTIONS:
            return tree.Fraction(self.argument(), self.argument())
        if command == "sqrt":
            return tree.Root(self.argument())
        if command in tree.ACCENTS:
            return tree.Accent(command, self.argument())
        if command.endswith("}"):
            word, _, text = command.rstrip("}").partition("{")
            return tree.Words(word, text)
        if command in tree.SIZES:
            return self.sized(command)
        if command == "begin":
            return self.environment()
        raise self.error(f"unknown \\{command}")

    def sized(self, command: str) -> tree.Node:
        r"""`\left(` is a parenthesis like any other, except that LaTeX fits its size; `\left.` is none at all."""
        if self.peek() == ".":
            return tree.Atom(f"\\{command}{self.take()}", "", "space")
        fence = self.single()
        if not isinstance(fence, tree.Atom):
            raise self.error(f"\\{command} without a parenthesis")
        return tree.Atom(f"\\{command}{fence.latex}", fence.text, fence.role)

    def environment(self) -> tree.Node:
        name = self.braced_name()
        if name not in tree.ENVIRONMENTS:
            raise self.error(f"unknown environment {name}")
        lines: list[tuple[tree.Row, ...]] = []
        cells = [self.row()]
        while self.peek() != "\\end":
            if self.take() == "&":
                cells.append(self.row())
            else:
                lines.append(tuple(cells))
                cells = [self.row()]
        self.take("\\end")
        if self.braced_name() != name:
            raise self.error(f"{name} is not closed")
        return tree.Cases(name, (*lines, tuple(cells)))

    def braced_name(self) -> str:
        self.take("{")
        letters = ""
        while self.peek() != "}":
            letters += self.take()
        self.take("}")
        return letters


@lru_cache(2048)
def _atom(sign: str) -> tree.Atom | None:
    """A sign, a number or a letter that stands for itself; the same few make up nearly every formula."""
    if sign in tree.SIGNS:
        return tree.Atom(sign, sign, tree.SIGNS[sign])
    if sign[0].isdigit():
        return tree.Atom(sign, sign, "number")
    return tree.Atom(sign, sign, "symbol") if sign.isalpha() and sign.isascii() else None


COMMA = tree.Atom(",", ",", "comma")


def _sizes(node: object) -> dict[str, int]:
    """How far each letter runs that stands by itself behind a tensor: as far as the axis at its place."""
    found: dict[str, int] = {}
    if isinstance(node, tree.Script) and isinstance(node.base, tree.Name) and node.below is not None:
        for size, at in zip(node.base.shape, split_index(node.below), strict=False):
            if len(at) == 1 and isinstance(at[0], tree.Index):
                found[at[0].letter] = size
    for inside in tree.parts_of(node):
        found = {**_sizes(inside), **found}
    return found


def split_index(below: tree.Row) -> list[list[tree.Node]]:
    """What stands behind a tensor, axis by axis."""
    axes: list[list[tree.Node]] = [[]]
    for node in below.nodes:
        if isinstance(node, tree.Atom) and node.role == "comma":
            axes.append([])
        elif not (isinstance(node, tree.Atom) and node.role == "space"):
            axes[-1].append(node)
    return axes


def _ranged(node: Any, sizes: Mapping[str, int]) -> Any:
    """The same formula, in which sums say how far they run."""
    if isinstance(node, tree.Bound):
        index = node.index
        if index.last is None and index.letter in sizes:
            return tree.Bound(replace(index, last=index.first + sizes[index.letter] - 1))
        return node
    if isinstance(node, tree.Row):
        made = []
        for at, inside in enumerate(node.nodes):
            # The same letter may count along another tensor in each of several sums.
            is_sum = isinstance(inside, tree.Script) and _binds(inside.base)
            nearer = _sizes(tree.Row(node.nodes[at + 1 :])) if is_sum else {}
            made.append(_ranged(inside, {**sizes, **nearer}))
        return tree.Row(tuple(made))
    if isinstance(node, tree.Cases):
        return replace(node, lines=tuple(tuple(_ranged(cell, sizes) for cell in line) for line in node.lines))
    parts = {name: getattr(node, name) for name in tree.PARTS.get(type(node), ())}
    return replace(node, **{name: part if part is None else _ranged(part, sizes) for name, part in parts.items()})


def _binds(base: tree.Node) -> bool:
    """Whether it is a sum, a product, a maximum or a mean, whose indices mean something in what follows alone."""
    if isinstance(base, tree.Words):
        return base.command == "operatorname"
    return isinstance(base, tree.Atom) and (base.role == "big" or base.text in ("max", "min", "argmax"))


def _bound(nodes: Sequence[tree.Node]) -> tuple[tree.Node, ...]:
    """Each index that stands by itself between commas runs through its axis."""

    def is_edge(at: int) -> bool:
        return not 0 <= at < len(nodes) or (isinstance(edge := nodes[at], tree.Atom) and edge.text in (",", ":", ""))

    return tuple(
        tree.Bound(node) if isinstance(node, tree.Index) and is_edge(at - 1) and is_edge(at + 1) else node
        for at, node in enumerate(nodes)
    )


def split_part(name: str) -> tuple[str, str]:
    """`dL/dW via fc_1` as the gradient and the use that sends this part of it; no use behind any other name."""
    whole, _, use = name.partition(VIA)
    return whole, use


def split_gradient(name: str) -> tuple[str, str] | None:
    """`dL/dconv_1`, or a part of it, as the names of the loss and of the other tensor; None for any other name."""
    match = re.fullmatch(r"d(.+?)/d(.+)", split_part(name)[0])
    return (match[1], match[2]) if match else None


class Plain(Record):
    """Words."""

    text: str


class Code(Record):
    """A name, a key or a command, which stays as it is."""

    text: str


Span: TypeAlias = Plain | Code | Formula


def spans(markup: str, names: tree.Names | None) -> list[Span]:
    """The markup of one language in spans, in order; formulas only where there are `names`.

    A dollar or a backquote without its partner is a sign like any other.
    """
    pattern = r"`([^`]+)`" if names is None else r"`([^`]+)`|\$([^$]+)\$"
    found: list[Span] = []
    end = 0
    for match in re.finditer(pattern, markup):
        if match.start() > end:
            found.append(Plain(as_text(markup[end : match.start()])))
        if match[1] is not None:
            found.append(Code(as_text(match[1])))
        else:
            found.append(Formula(match[2], names or {}))
        end = match.end()
    if end < len(markup):
        found.append(Plain(as_text(markup[end:])))
    return found
