"""Where a long formula may be broken: in front of relations, and of signs and sums where a piece is long enough."""

from collections.abc import Iterator, Sequence
from math import inf
from typing import TypeAlias

from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_nodes import Atom, Cases, Node, Script, fence_of
from cnncalc.render.formula.formula_width import width_of

UNBROKEN = 26.0
"""A formula of at most so many characters stays in one piece."""
LONG_ENOUGH = 12.0
LONG_FOR_A_PRODUCT = 26.0
"""A product is broken only where it is long itself."""

Piece: TypeAlias = tuple[Node | None, Sequence[Node]]
"""Some nodes, and the one in front of them."""


def pieces(formula: Formula) -> Iterator[Piece]:
    """The formula's nodes between two places where a line may end; raises FormulaError."""
    nodes = formula.tree.nodes
    if width_of(formula.tree) <= UNBROKEN or any(isinstance(node, Cases) for node in nodes):
        yield None, nodes
        return
    start, inside, width = 0, 0, 0.0
    for position, node in enumerate(nodes):
        before = nodes[position - 1] if position else None
        # What stretches needs its partner in the same piece.
        if 0 < width >= _least_width(node, before) and not inside:
            yield nodes[start - 1] if start else None, nodes[start:position]
            start, width = position, 0.0
        inside += fence_of(node)
        width += width_of(node)
    yield nodes[start - 1] if start else None, nodes[start:]


def is_prefix(node: Node, before: Node | None) -> bool:
    """Whether a sign belongs to what follows it, as in `= -3`, and is no operation."""
    if not isinstance(node, Atom) or node.text not in ("-", "+", "±"):
        return False
    return before is None or (
        isinstance(before, Atom) and before.role in ("operator", "relation", "open", "comma", "space", "big")
    )


def _least_width(node: Node, before: Node | None) -> float:
    """How wide a piece must be at least to end in front of this node."""
    if _is_sum(node):
        # A factor in front of a sum; what a sign stands in front of stays with its sign.
        return inf if before is None or isinstance(before, Atom) else LONG_FOR_A_PRODUCT
    if not isinstance(node, Atom) or node.role not in ("operator", "relation") or is_prefix(node, before):
        return inf
    if node.role == "relation":
        return 0.0
    return LONG_ENOUGH if node.text in ("+", "-", "±") else LONG_FOR_A_PRODUCT


def _is_sum(node: Node) -> bool:
    base = node.base if isinstance(node, Script) else node
    return isinstance(base, Atom) and base.role == "big"
