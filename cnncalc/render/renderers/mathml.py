"""A formula as MathML, from the same nodes as its LaTeX: what browsers draw and screen readers read without any script.

A long formula comes as several `<math>` elements, since browsers break lines between them but never inside.
"""

from collections.abc import Sequence
from html import escape

from cnncalc.render.formula import formula_nodes as tree
from cnncalc.render.formula.formula import Formula, split_gradient, split_part
from cnncalc.render.formula.formula_text import is_prefix, pieces
from cnncalc.visible import visible

SIGNS = {"-": "−", "Σ": "∑", "Π": "∏", "'": "′", "ᵀ": "⊤", "*": "∗"}
"""What a terminal writes, and the character that mathematics has for it."""
SLASH = '<mo form="infix" lspace="0" rspace="0" stretchy="false">/</mo>'
OPEN, CLOSE = '<mo stretchy="false" form="prefix">(</mo>', '<mo stretchy="false" form="postfix">)</mo>'
ACCENT_SIGNS = {"hat": "^", "bar": "¯", "tilde": "~"}
assert ACCENT_SIGNS.keys() == tree.ACCENTS.keys()


def mathml(formula: Formula, display: bool = False) -> str:
    """The formula in one `<math>` element, in the style of one on its own or of one within words; or FormulaError."""
    return _element(_Writer(display).row(formula.tree), display)


def mathml_pieces(formula: Formula, display: bool = True) -> list[str]:
    """The formula in `<math>` elements, between which a line may end; raises FormulaError."""
    writer = _Writer(display)
    return [_element(writer.nodes(piece, before), display) for before, piece in pieces(formula.tree)]


def mathml_name(name: str) -> str:
    """A tensor's name in one `<math>` element."""
    return _element(_name(name), True)


def _element(inside: str, display: bool) -> str:
    return f'<math displaystyle="true">{inside}</math>' if display else f"<math>{inside}</math>"


class _Writer:
    """The elements of nodes; `display` puts what stands below a sum under its sign."""

    def __init__(self, display: bool) -> None:
        self.display = display

    def row(self, row: tree.Row) -> str:
        """The nodes of a row; exactly one element, as the parts of a fraction or an index have to be."""
        inside = self.nodes(row.nodes)
        return inside if len(row.nodes) == 1 and inside else f"<mrow>{inside}</mrow>"

    def nodes(self, nodes: Sequence[tree.Node], before: tree.Node | None = None) -> str:
        """Elements one after the other; what `\\left` and `\\right` enclose is a row of its own, which they fit."""
        written = ""
        for position, node in enumerate(nodes):
            previous = nodes[position - 1] if position else before
            following = nodes[position + 1] if position + 1 < len(nodes) else None
            fence = tree.fence_of(node)
            inside = self.atom(node, previous) if isinstance(node, tree.Atom) else self.node(node)
            written += f"{'<mrow>' * (fence > 0)}{inside}{'</mrow>' * (fence < 0)}"
            if _is_function(node) and not (isinstance(following, tree.Atom) and following.role in ("open", "close")):
                written += '<mspace width="0.1667em"></mspace>'
        return written

    def atom(self, atom: tree.Atom, previous: tree.Node | None = None) -> str:
        """One sign."""
        text = escape(SIGNS.get(atom.text, atom.text), quote=False)
        match atom.role:
            case "number":
                return f"<mn>{text}</mn>"
            case "symbol" if atom.text in ("…", "⋯"):
                return f"<mo>{text}</mo>"
            case "symbol" | "function":
                return f"<mi>{text}</mi>"
            case "space":
                return _space(atom)
            case "open" | "close":
                fits = atom.latex.startswith(("\\left", "\\right"))
                return f'<mo stretchy="{"true" if fits else "false"}" form="{FORMS[atom.role]}">{text}</mo>'
            case "prime":
                return f'<mo form="postfix" lspace="0" rspace="0" stretchy="false">{text}</mo>'
            case "operator":
                form = "prefix" if is_prefix(atom, previous) else "infix"
                return f'<mo form="{form}">{text}</mo>'
            case "relation":
                return f'<mo form="infix" stretchy="false">{text}</mo>'
            case "comma" | "big":
                return f"<mo>{text}</mo>"

    def node(self, node: tree.Node) -> str:
        """One node of any kind."""
        match node:
            case tree.Atom():
                return self.atom(node)
            case tree.Name():
                return _name(node.name, "", self.display)
            case tree.Index():
                return f"<mi>{escape(node.letter, quote=False)}</mi>"
            case tree.Bound(index):
                letter = self.node(index)
                if index.last is None:
                    return letter
                return f"<mrow>{letter}<mo>=</mo><mn>{index.first}</mn><mo>‥</mo><mn>{index.last}</mn></mrow>"
            case tree.Letter():
                numbers = "<mo>,</mo>".join(f"<mn>{one}</mn>" for one in node.index)
                return _name(node.tensor, f"<mrow>{numbers}</mrow>" if numbers else "", self.display)
            case tree.Words():
                return _words(node)
            case tree.Script():
                return self.script(node)
            case tree.Fraction():
                above, below = self.row(node.numerator), self.row(node.denominator)
                is_slanted = not self.display and node.is_derivative
                return f"<mrow>{above}{SLASH}{below}</mrow>" if is_slanted else f"<mfrac>{above}{below}</mfrac>"
            case tree.Root():
                return f"<msqrt>{self.row(node.inside)}</msqrt>"
            case tree.Accent():
                sign = f'<mo stretchy="false">{ACCENT_SIGNS[node.command]}</mo>'
                return f'<mover accent="true">{self.row(node.inside)}{sign}</mover>'
            case tree.Cases():
                return self.table(node)
            case tree.Row():
                return self.row(node)

    def script(self, node: tree.Script) -> str:
        """What stands below and above: for a sum in a formula of its own under and over it, else behind it."""
        if bounds := tree.bounds_of(node):
            return "".join(self.sum_over(node.base, bound.index) for bound in bounds)
        below = self.row(node.below) if node.below else ""
        above = self.row(node.above) if node.above else ""
        if isinstance(node.base, tree.Name):
            base = _name(node.base.name, below, self.display)
            if above and not self.display and split_gradient(node.base.name):
                base = f"<mrow>{OPEN}{base}{CLOSE}</mrow>"
            return f"<msup>{base}{above}</msup>" if above else base
        base = self.node(node.base)
        limits = (
            self.display and isinstance(node.base, tree.Atom) and (node.base.role == "big" or _is_function(node.base))
        )
        under, over = ("under", "over") if limits else ("sub", "sup")
        kind = under * bool(below) + over * bool(above)
        return f"<m{kind}>{base}{below}{above}</m{kind}>"

    def sum_over(self, sign: tree.Node, index: tree.Index) -> str:
        """A sign for each index, with its first and last value."""
        kind = "underover" if self.display else "subsup"
        below = f"<mrow>{self.node(index)}<mo>=</mo><mn>{index.first}</mn></mrow>"
        return f"<m{kind}>{self.node(sign)}{below}<mn>{index.last}</mn></m{kind}>"

    def table(self, cases: tree.Cases) -> str:
        """Cases behind a brace, or equations lined up at their signs."""
        is_aligned = cases.environment == "aligned"
        lines = "".join(
            "<mtr>" + "".join(f"<mtd>{self.row(cell)}</mtd>" for cell in line) + "</mtr>" for line in cases.lines
        )
        if is_aligned:
            return f'<mtable class="aligned" displaystyle="true" columnalign="right left">{lines}</mtable>'
        table = f'<mtable class="cases" displaystyle="true" columnalign="left left">{lines}</mtable>'
        return f'<mrow><mo stretchy="true" form="prefix">{{</mo>{table}</mrow>'


FORMS = {"open": "prefix", "close": "postfix"}


def _is_function(node: tree.Node) -> bool:
    if isinstance(node, tree.Script):
        return _is_function(node.base)
    return (isinstance(node, tree.Atom) and node.role == "function") or (
        isinstance(node, tree.Words) and node.command == "operatorname"
    )


def _space(atom: tree.Atom) -> str:
    if atom.latex in ("\\left.", "\\right."):
        return ""
    width = {"\\quad": "1em", "\\qquad": "2em", "\\!": "-0.1667em"}.get(atom.latex, "0.1667em")
    return f'<mspace width="{width}"></mspace>'


def _name(name: str, index: str = "", display: bool = True) -> str:
    """A tensor's name; a gradient is a fraction, below whose line stands the index, and within words it is slanted."""
    gradient = split_gradient(name)
    if gradient:
        loss, tensor = (f"<mrow><mi>∂</mi>{part}</mrow>" for part in (_name(gradient[0]), _name(gradient[1], index)))
        whole = f"<mfrac>{loss}{tensor}</mfrac>" if display else f"<mrow>{loss}{SLASH}{tensor}</mrow>"
        _, use = split_part(name)
        if not use:
            return whole
        line = f'<mo form="postfix" lspace="0" rspace="0" stretchy="{"true" if display else "false"}">|</mo>'
        return f"<msub><mrow>{whole}{line}</mrow><mrow><mtext>via\u00a0</mtext>{_name(use)}</mrow></msub>"
    written = f"<mi>{escape(name, quote=False)}</mi>"
    return f"<msub>{written}{index}</msub>" if index else written


def _words(words: tree.Words) -> str:
    if words.command == "text":
        # At its ends a browser drops blanks, but not those that do not break.
        text = escape(visible(words.text), quote=False).replace(" ", "\u00a0")
        return f"<mtext>{text}</mtext>"
    style = {"mathbf": ' class="bold"', "mathit": ' class="italic"'}.get(words.command, "")
    normal = ' mathvariant="normal"' if len(words.text) == 1 and words.command in ("mathrm", "operatorname") else ""
    return f"<mi{normal}{style}>{escape(words.text, quote=False)}</mi>"
