"""How wide a formula is when it is typeset, in characters of text and roughly, so that long lines can be broken."""

from collections.abc import Mapping
from unicodedata import east_asian_width

from cnncalc.render.formula import split_gradient
from cnncalc.render.formula_nodes import Accent, Atom, Cases, Fraction, Name, Node, Root, Row, Script, Words

SMALL = 0.7
"""An index in proportion to its base."""
SPACES = {"\\quad": 2.0, "\\qquad": 4.0, "\\!": 0.0}
AROUND = {"operator": 1.0, "relation": 1.4, "big": 1.5, "comma": 0.3, "function": 0.4}
"""What stands around a sign, in addition to itself."""


def text_width(text: str) -> float:
    """The width of words, Chinese characters counted twice."""
    return float(sum(2 if east_asian_width(character) in "WF" else 1 for character in text))


def width_of(node: Node, names: Mapping[str, str]) -> float:
    """The width of a node in characters."""
    match node:
        case Atom(role="space"):
            return SPACES.get(node.latex, 0.4 if node.latex[1:] in (",", ":", ";", " ") else 0.0)
        case Atom():
            return len(node.text) + AROUND.get(node.role, 0.0)
        case Name():
            return name_width(names[node.local])
        case Words():
            return text_width(node.text)
        case Script(base=Name(local)) if split_gradient(names[local]):
            below = SMALL * width_of(node.below, names) if node.below else 0.0
            return name_width(names[local], below) + (SMALL * width_of(node.above, names) if node.above else 0.0)
        case Script():
            scripts = max(width_of(part, names) if part else 0.0 for part in (node.below, node.above))
            is_under = isinstance(node.base, Atom) and node.base.role in ("big", "function")
            base = width_of(node.base, names)
            return max(base, SMALL * scripts) if is_under else base + SMALL * scripts
        case Fraction():
            return max(width_of(node.numerator, names), width_of(node.denominator, names)) + 0.4
        case Root():
            return width_of(node.inside, names) + 1.6
        case Accent():
            return width_of(node.inside, names)
        case Cases():
            columns = zip(*(line for line in node.lines if len(line) == len(node.lines[0])), strict=True)
            return sum(max(width_of(cell, names) for cell in column) + 2.0 for column in columns)
        case Row():
            return sum(width_of(inside, names) for inside in node.nodes)


def name_width(name: str, index: float = 0.0) -> float:
    """The width of a tensor's name; a gradient is a fraction, with the index below its line."""
    gradient = split_gradient(name)
    if gradient:
        return max(map(text_width, gradient)) + 1.4 + index
    return text_width(name) + index
