"""How wide a formula is when it is typeset, in characters of text and roughly, and where a long one may be broken.

That is in front of relations, and of signs and sums where a piece is long enough.
"""

from collections.abc import Iterator, Sequence
from math import inf
from typing import TypeAlias
from unicodedata import east_asian_width

from cnncalc.layers.joining.meeting import VIA
from cnncalc.render.formula import formula_nodes as tree
from cnncalc.render.formula.formula import Formula, split_gradient, split_part

SMALL = 0.7
"""An index in proportion to its base."""
SPACES = {"\\quad": 2.0, "\\qquad": 4.0, "\\!": 0.0}
AROUND = {"operator": 1.0, "relation": 1.4, "big": 1.5, "comma": 0.3, "function": 0.4}
"""What stands around a sign, in addition to itself."""
UNBROKEN = 26.0
"""A formula of at most so many characters stays in one piece."""
LONG_ENOUGH = 12.0
LONG_FOR_A_PRODUCT = 26.0
"""A product is broken only where it is long itself."""

Piece: TypeAlias = tuple[tree.Node | None, Sequence[tree.Node]]
"""Some nodes, and the one in front of them."""


def text_width(text: str) -> float:
    """The width of words, Chinese characters counted twice."""
    return float(sum(2 if east_asian_width(character) in "WF" else 1 for character in text))


def width_of(node: tree.Node) -> float:
    """The width of a node in characters."""
    match node:
        case tree.Atom(role="space"):
            return SPACES.get(node.latex, 0.4 if node.latex[1:] in (",", ":", ";", " ") else 0.0)
        case tree.Atom():
            return len(node.text) + AROUND.get(node.role, 0.0)
        case tree.Name():
            return name_width(node.name)
        case tree.Index():
            return text_width(node.letter)
        case tree.Bound(index):
            return text_width(index.letter) + (0.0 if index.last is None else len(f"={index.first}..{index.last}"))
        case tree.Letter():
            return name_width(node.tensor, SMALL * len(",".join(map(str, node.index))))
        case tree.Words():
            return text_width(node.text)
        case tree.Script(base=tree.Name(name)) if split_gradient(name):
            below = SMALL * width_of(node.below) if node.below else 0.0
            return name_width(name, below) + (SMALL * width_of(node.above) if node.above else 0.0)
        case tree.Script() if bounds := tree.bounds_of(node):
            below_each = [text_width(b.index.letter) + len(f"={b.index.first}") for b in bounds]
            return sum(max(width_of(node.base), SMALL * wide) for wide in below_each)
        case tree.Script():
            scripts = max(width_of(part) if part else 0.0 for part in (node.below, node.above))
            is_under = isinstance(node.base, tree.Atom) and node.base.role in ("big", "function")
            base = width_of(node.base)
            return max(base, SMALL * scripts) if is_under else base + SMALL * scripts
        case tree.Fraction():
            return max(width_of(node.numerator), width_of(node.denominator)) + 0.4
        case tree.Root():
            return width_of(node.inside) + 1.6
        case tree.Accent():
            return width_of(node.inside)
        case tree.Cases():
            columns = zip(*(line for line in node.lines if len(line) == len(node.lines[0])), strict=True)
            return sum(max(width_of(cell) for cell in column) + 2.0 for column in columns)
        case tree.Row():
            return sum(width_of(inside) for inside in node.nodes)


def name_width(name: str, index: float = 0.0) -> float:
    """The width of a tensor's name; a gradient is a fraction, with the index below its line."""
    gradient = split_gradient(name)
    if gradient:
        use = split_part(name)[1]
        return max(map(text_width, gradient)) + 1.4 + index + (SMALL * text_width(f"{VIA}{use}") if use else 0.0)
    return text_width(name) + index


def pieces(formula: Formula) -> Iterator[Piece]:
    """The formula's nodes between two places where a line may end; raises FormulaError."""
    nodes = formula.tree.nodes
    if width_of(formula.tree) <= UNBROKEN or any(isinstance(node, tree.Cases) for node in nodes):
        yield None, nodes
        return
    start, inside, width = 0, 0, 0.0
    for position, node in enumerate(nodes):
        before = nodes[position - 1] if position else None
        # What stretches needs its partner in the same piece.
        if 0 < width >= _least_width(node, before) and not inside:
            yield nodes[start - 1] if start else None, nodes[start:position]
            start, width = position, 0.0
        inside += tree.fence_of(node)
        width += width_of(node)
    yield nodes[start - 1] if start else None, nodes[start:]


def is_prefix(node: tree.Node, before: tree.Node | None) -> bool:
    """Whether a sign belongs to what follows it, as in `= -3`, and is no operation."""
    if not isinstance(node, tree.Atom) or node.text not in ("-", "+", "±"):
        return False
    return before is None or (
        isinstance(before, tree.Atom) and before.role in ("operator", "relation", "open", "comma", "space", "big")
    )


def _least_width(node: tree.Node, before: tree.Node | None) -> float:
    """How wide a piece must be at least to end in front of this node."""
    if _is_sum(node):
        # A factor in front of a sum; what a sign stands in front of stays with its sign.
        return inf if before is None or isinstance(before, tree.Atom) else LONG_FOR_A_PRODUCT
    if not isinstance(node, tree.Atom) or node.role not in ("operator", "relation") or is_prefix(node, before):
        return inf
    if node.role == "relation":
        return 0.0
    return LONG_ENOUGH if node.text in ("+", "-", "±") else LONG_FOR_A_PRODUCT


def _is_sum(node: tree.Node) -> bool:
    base = node.base if isinstance(node, tree.Script) else node
    return isinstance(base, tree.Atom) and base.role == "big"
