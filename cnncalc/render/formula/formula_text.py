"""A formula as a line of text, and how wide it is."""

from collections.abc import Iterator, Sequence
from functools import cache
from math import inf
from typing import TypeAlias
from unicodedata import east_asian_width

from cnncalc.layers.joining.several import VIA
from cnncalc.render.formula import formula_nodes as tree
from cnncalc.render.formula.formula import Formula, split_gradient, split_part

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
ENDS = ("letter", "number", "tensor", "operand", "product", "root", "close", "prime")
"""What may stand in front of a bar that closes."""
BARE = ("times", "slash")
_BRACES = {1: "{", 2: "⎧⎩", 3: "⎧⎨⎩"}


def text(formula: Formula) -> tuple[str, ...]:
    """The formula in lines, more than one only for cases and aligned equations; raises FormulaError."""
    return _Writer().lines(formula.tree)


def display_name(name: str, index: str = "") -> str:
    """A tensor's name in a formula: `∂L/∂W` for `dL/dW`; its index stands in front of the use that sends a part."""
    gradient, (_, use) = split_gradient(name), split_part(name)
    return (f"∂{gradient[0]}/∂{gradient[1]}" if gradient else name) + index + (f"{VIA}{use}" if use else "")


class _Writer:
    """Text of nodes."""

    def lines(self, row: tree.Row) -> tuple[str, ...]:
        """The row, its cases (at most one block of them at the top) on lines of their own."""
        place = next((i for i, node in enumerate(row.nodes) if isinstance(node, tree.Cases)), None)
        if place is None:
            return (self.row(row),)
        block = row.nodes[place]
        assert isinstance(block, tree.Cases)
        before, after = self.row(tree.Row(row.nodes[:place])), self.row(tree.Row(row.nodes[place + 1 :]))
        if block.environment == "aligned":
            return tuple(" ".join(filter(None, map(self.row, line))) for line in block.lines)
        cells = [[self.row(cell) for cell in line] for line in block.lines]
        width = max(len(line[0]) for line in cells)
        texts = [f"{line[0]:<{width}}   {' '.join(line[1:])}".rstrip() for line in cells]
        margin = " " * (len(before) + 1 if before else 0)
        signs = _braces(len(texts))
        lines = [f"{margin}{sign} {content}" for sign, content in zip(signs, texts, strict=True)]
        lines[0] = lines[0].replace(margin, f"{before} ", 1) if before else lines[0]
        lines[-1] += f" {after}" if after else ""
        return tuple(lines)

    def row(self, row: tree.Row, tight: bool = False) -> str:
        """The nodes with what belongs between them; `tight` leaves out the blanks, as in an index."""
        written, previous, thin = "", "start", False
        for node in row.nodes:
            joint = _joint(node)
            if isinstance(node, tree.Atom) and node.text == "|":
                # The first of two bars opens, the second closes.
                joint = "close" if previous in ENDS else "open"
            if joint == "space":
                written += node.text if isinstance(node, tree.Atom) and not tight else ""
                thin = True
                continue
            written += _between(previous, joint, thin, tight) + self.node(node, tight, previous)
            # A sign in front of its operand is no operation: it takes no blank behind it.
            is_prefix = joint == "operator" and previous in ("start", "operator", "relation", "open", "comma")
            previous, thin = ("prefix" if is_prefix else joint), False
        return written

    def node(self, node: tree.Node, tight: bool, previous: str = "start") -> str:
        """One node by itself."""
        match node:
            case tree.Atom():
                # Inside an index `i \cdot s` is written without blanks, which _between() sees to.
                return node.text
            case tree.Name():
                return display_name(node.name)
            case tree.Index():
                return node.letter
            case tree.Bound(index):
                return index.letter if index.last is None else f"{index.letter}={index.first}..{index.last}"
            case tree.Letter():
                return node.text
            case tree.Words():
                return node.text if node.command != "text" else node.text.strip()
            case tree.Script():
                return self.script(node)
            case tree.Fraction():
                below = self.row(node.denominator, tight)
                if not _is_single(node.denominator):
                    below = f"({below})"
                return f"{self.factor(node.numerator, tight)}/{below}"
            case tree.Root():
                inside = self.row(node.inside, tight)
                return f"√{inside}" if _is_single(node.inside) else f"√({inside})"
            case tree.Accent():
                return self.row(node.inside, tight) + tree.ACCENTS[node.command]
            case tree.Cases():
                cells = ("   ".join(self.row(cell) for cell in line) for line in node.lines)
                return "{ " + "; ".join(cells) + " }"
            case tree.Row():
                return self.row(node, tight)

    def script(self, node: tree.Script) -> str:
        """An index in brackets behind a tensor; elsewhere marks of sub- and superscripts."""
        written = self.node(node.base, False)
        if node.below:
            below = self.row(node.below, tight=True)
            if isinstance(node.base, tree.Name):
                written = display_name(node.base.name, f"[{below}]")
            else:
                is_counted = len(below) > 1 and isinstance(node.base, tree.Index)
                written += f"[{below}]" if is_counted else f"_{below}" if len(below) == 1 else f"_{{{below}}}"
        if node.above:
            above = self.row(node.above, tight=True)
            if above in ("T", "ᵀ"):
                written += "ᵀ"
            elif above.lstrip("-").isdigit() and above.isascii():
                written += above.translate(_RAISED)
            elif _joint(node.base) == "big":
                written += f"^{above}" if len(above) == 1 else f"^{{{above}}}"
            else:
                written += f"^{above}" if len(above) == 1 else f"^({above})"
        return written

    def factor(self, row: tree.Row, tight: bool) -> str:
        """The row, in parentheses where it is not a product."""
        inside = self.row(row, tight)
        is_torn = not {"operator", "relation", "big", "comma"}.isdisjoint(_outside(row))
        return f"({inside})" if is_torn or isinstance(row.nodes[-1], tree.Fraction) else inside


def _joint(node: tree.Node) -> str:
    match node:
        case tree.Atom(text="∂"):
            return "prefix"
        case tree.Atom(role="symbol"):
            return "letter"
        case tree.Atom(text="·"):
            return "times"
        case tree.Atom(text="/"):
            return "slash"
        case tree.Atom():
            return node.role
        case tree.Name() | tree.Script(base=tree.Name()) | tree.Letter():
            return "tensor"
        case tree.Index() | tree.Bound():
            return "letter"
        case tree.Words():
            return "function" if node.command == "operatorname" else "relation" if node.command == "text" else "letter"
        case tree.Script():
            return "operand" if _joint(node.base) in ("letter", "number") else _joint(node.base)
        case tree.Root():
            return "root"
        case tree.Row(nodes=(only,)):
            return _joint(only)
        case tree.Row(nodes=()):
            return "space"
        case tree.Fraction() | tree.Accent() | tree.Cases() | tree.Row():
            return "product"


@cache
def _between(left: str, right: str, thin: bool, tight: bool) -> str:
    """What stands between two neighbours."""
    blank = "" if tight else " "
    if left in ("start", "open", "prefix", *BARE) or right in ("close", "comma", "prime", *BARE):
        return ""
    if left == "comma" or "relation" in (left, right) or "operator" in (left, right):
        return blank
    if left in ("big", "function"):
        return "" if right == "open" and left == "function" else " "
    if right in ("big", "function"):
        return "·"
    if right == "open":
        return "·" if thin or left in ("number", "tensor", "operand", "product", "root", "close") else ""
    plain = left in ("letter", "number") and right in ("letter", "number")
    return "" if (plain or left == "prime") and not thin else "·"


def _is_single(row: tree.Row) -> bool:
    """Whether the row reads as one thing under a fraction bar: `N`, `x[i]`, `∂x`, `(1 + x)²`."""
    if len(row.nodes) == 2 and isinstance(row.nodes[0], tree.Atom) and row.nodes[0].text == "∂":
        return True
    if len(row.nodes) == 1:
        return _joint(row.nodes[0]) in ("letter", "number", "tensor", "operand", "root")
    return _outside(row) == ["open", "close"]


def _outside(row: tree.Row) -> list[str]:
    """The joints of what stands in no parentheses."""
    depth, joints = 0, []
    for node in row.nodes:
        joint = _joint(node)
        depth -= joint == "close"
        if not depth:
            joints.append(joint)
        depth += joint == "open"
    return joints


def _braces(count: int) -> str:
    if count <= 3:
        return _BRACES[count]
    middle = ["⎪"] * (count - 2)
    middle[(count - 2) // 2] = "⎨"
    return "⎧" + "".join(middle) + "⎩"


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


STROKE, OPEN, CLOSE = (tree.Atom(sign, sign, tree.SIGNS[sign]) for sign in "/()")


def unfolded(row: tree.Row, widest: float) -> tree.Row:
    """The same with each fraction that is wider written with a stroke, where a line may end: `1/(1 + exp(-x))`."""
    nodes: list[tree.Node] = []
    for node in row.nodes:
        if not (isinstance(node, tree.Fraction) and width_of(node) > widest):
            nodes.append(node)
            continue
        for part, stroke in ((node.numerator, ()), (node.denominator, (STROKE,))):
            inside = unfolded(part, widest).nodes
            nodes += (*stroke, *(inside if _is_single(part) else (OPEN, *inside, CLOSE)))
    return tree.Row(tuple(nodes))


def pieces(row: tree.Row) -> Iterator[Piece]:
    """A formula's nodes between two places where a line may end."""
    nodes = row.nodes
    if width_of(row) <= UNBROKEN or any(isinstance(node, tree.Cases) for node in nodes):
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
