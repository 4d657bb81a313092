"""A formula as text for a terminal: `∂L/∂h[f,c,p,q] = Σ_{i,j} ∂L/∂conv_1[f,i,j]·F[c,i+p,j+q]`, a line a case."""

from collections.abc import Sequence

from cnncalc.layers.joining.meeting import VIA
from cnncalc.render.formula import formula_nodes as tree
from cnncalc.render.formula.formula import Formula, split_gradient, split_part

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
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
            if joint == "space":
                space = node.text if isinstance(node, tree.Atom) else ""
                written += "" if tight else space
                thin = True
                continue
            written += self.between(previous, joint, thin, tight) + self.node(node, tight, previous)
            # A sign in front of its operand is no operation: it takes no blank behind it.
            is_prefix = joint == "operator" and previous in ("start", "operator", "relation", "open", "comma")
            previous, thin = ("prefix" if is_prefix else joint), False
        return written

    def between(self, left: str, right: str, thin: bool, tight: bool) -> str:
        """What stands between two neighbours."""
        blank = "" if tight else " "
        if left in ("start", "open", "prefix") or right in ("close", "comma", "prime"):
            return ""
        if "times" in (left, right) or "slash" in (left, right):
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

    def node(self, node: tree.Node, tight: bool, previous: str = "start") -> str:
        """One node by itself."""
        match node:
            case tree.Atom():
                # Inside an index `i \cdot s` is written without blanks, which between() sees to.
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
                written += f"_{below}" if len(below) == 1 else f"_{{{below}}}"
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
        return f"({inside})" if _any_of(_outside(row), ("operator", "relation", "big", "comma")) else inside


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


def _is_single(row: tree.Row) -> bool:
    """Whether the row reads as one thing under a fraction bar: `N`, `x[i]`, `∂x`."""
    if len(row.nodes) == 2 and isinstance(row.nodes[0], tree.Atom) and row.nodes[0].text == "∂":
        return True
    return len(row.nodes) == 1 and _joint(row.nodes[0]) in ("letter", "number", "tensor", "operand", "root")


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


def _any_of(joints: Sequence[str], wanted: tuple[str, ...]) -> bool:
    return any(joint in wanted for joint in joints)


def _braces(count: int) -> str:
    if count <= 3:
        return _BRACES[count]
    middle = ["⎪"] * (count - 2)
    middle[(count - 2) // 2] = "⎨"
    return "⎧" + "".join(middle) + "⎩"
