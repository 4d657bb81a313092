"""How wide a formula is when it is typeset, in characters of text and roughly, so that long lines can be broken."""

from unicodedata import east_asian_width

from cnncalc.render.formula.formula import split_gradient
from cnncalc.render.formula.formula_nodes import (
    Accent,
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
    bounds_of,
)

SMALL = 0.7
"""An index in proportion to its base."""
SPACES = {"\\quad": 2.0, "\\qquad": 4.0, "\\!": 0.0}
AROUND = {"operator": 1.0, "relation": 1.4, "big": 1.5, "comma": 0.3, "function": 0.4}
"""What stands around a sign, in addition to itself."""


def text_width(text: str) -> float:
    """The width of words, Chinese characters counted twice."""
    return float(sum(2 if east_asian_width(character) in "WF" else 1 for character in text))


def width_of(node: Node) -> float:
    """The width of a node in characters."""
    match node:
        case Atom(role="space"):
            return SPACES.get(node.latex, 0.4 if node.latex[1:] in (",", ":", ";", " ") else 0.0)
        case Atom():
            return len(node.text) + AROUND.get(node.role, 0.0)
        case Name():
            return name_width(node.name)
        case Index():
            return text_width(node.letter)
        case Bound(index):
            return text_width(index.letter) + (0.0 if index.last is None else len(f"={index.first}..{index.last}"))
        case Letter():
            return name_width(node.tensor, SMALL * len(",".join(map(str, node.index))))
        case Words():
            return text_width(node.text)
        case Script(base=Name(name)) if split_gradient(name):
            below = SMALL * width_of(node.below) if node.below else 0.0
            return name_width(name, below) + (SMALL * width_of(node.above) if node.above else 0.0)
        case Script() if bounds := bounds_of(node):
            below_each = [text_width(b.index.letter) + len(f"={b.index.first}") for b in bounds]
            return sum(max(width_of(node.base), SMALL * wide) for wide in below_each)
        case Script():
            scripts = max(width_of(part) if part else 0.0 for part in (node.below, node.above))
            is_under = isinstance(node.base, Atom) and node.base.role in ("big", "function")
            base = width_of(node.base)
            return max(base, SMALL * scripts) if is_under else base + SMALL * scripts
        case Fraction():
            return max(width_of(node.numerator), width_of(node.denominator)) + 0.4
        case Root():
            return width_of(node.inside) + 1.6
        case Accent():
            return width_of(node.inside)
        case Cases():
            columns = zip(*(line for line in node.lines if len(line) == len(node.lines[0])), strict=True)
            return sum(max(width_of(cell) for cell in column) + 2.0 for column in columns)
        case Row():
            return sum(width_of(inside) for inside in node.nodes)


def name_width(name: str, index: float = 0.0) -> float:
    """The width of a tensor's name; a gradient is a fraction, with the index below its line."""
    gradient = split_gradient(name)
    if gradient:
        return max(map(text_width, gradient)) + 1.4 + index
    return text_width(name) + index
