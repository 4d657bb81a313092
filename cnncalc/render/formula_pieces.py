"""Where a long formula may be broken: in front of its relations, and of its signs where a piece is long enough."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from cnncalc.render.formula import Formula
from cnncalc.render.formula_nodes import Atom, Cases, Node
from cnncalc.render.formula_width import width_of

UNBROKEN = 26.0
"""A formula of at most so many characters stays in one piece."""
LONG_ENOUGH = 12.0

Piece: TypeAlias = tuple[Node | None, Sequence[Node]]
"""Some nodes, and the one in front of them."""


def pieces(formula: Formula) -> Iterator[Piece]:
    """The formula's nodes between two places where a line may end; raises FormulaError."""
    nodes = formula.tree.nodes
    if width_of(formula.tree, formula.names) <= UNBROKEN or any(isinstance(node, Cases) for node in nodes):
        yield None, nodes
        return
    start, inside, width = 0, 0, 0.0
    for position, node in enumerate(nodes):
        before = nodes[position - 1] if position else None
        enough = width >= LONG_ENOUGH or (isinstance(node, Atom) and node.role == "relation" and width > 0)
        # What stretches needs its partner in the same piece.
        if enough and not inside and _begins_piece(node, before):
            yield nodes[start - 1] if start else None, nodes[start:position]
            start, width = position, 0.0
        if isinstance(node, Atom):
            inside += node.latex.startswith("\\left") - node.latex.startswith("\\right")
        width += width_of(node, formula.names)
    yield nodes[start - 1] if start else None, nodes[start:]


def is_prefix(node: Node, before: Node | None) -> bool:
    """Whether a sign belongs to what follows it, as in `= -3`, and is no operation."""
    if not isinstance(node, Atom) or node.text not in ("-", "+", "±"):
        return False
    return before is None or (
        isinstance(before, Atom) and before.role in ("operator", "relation", "open", "comma", "space", "big")
    )


def _begins_piece(node: Node, before: Node | None) -> bool:
    return isinstance(node, Atom) and node.role in ("operator", "relation") and not is_prefix(node, before)
