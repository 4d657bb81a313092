r"""Formulas of layers: LaTeX in which a tensor is a macro of its local name, `\y_{f,i,j} = \sum_c \x_{c,i,j}`.

Here they are parsed, and written as LaTeX with the real names; `formula_text` writes them as lines for a terminal. The
subset of LaTeX is small, and whatever lies outside it raises, so that no formula comes out half-translated.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Role = Literal[
    "symbol", "number", "function", "big", "operator", "relation", "open", "close", "comma", "space", "prime"
]


class FormulaError(ValueError):
    """A formula that is not in the subset of LaTeX that cnncalc knows."""


@dataclass(frozen=True)
class Atom:
    """One sign: how LaTeX writes it, how a terminal does, and what it is in the grammar of mathematics."""

    latex: str
    text: str
    role: Role


@dataclass(frozen=True)
class Name:
    """A tensor, by its local name."""

    local: str


@dataclass(frozen=True)
class Words:
    r"""`\text{…}`, `\mathrm{…}`, `\operatorname{…}`."""

    command: str
    text: str


@dataclass(frozen=True)
class Script:
    """A base with what stands below and above it."""

    base: "Node"
    below: "Row | None" = None
    above: "Row | None" = None


@dataclass(frozen=True)
class Fraction:
    """A numerator over a denominator."""

    numerator: "Row"
    denominator: "Row"


@dataclass(frozen=True)
class Root:
    """A square root."""

    inside: "Row"


@dataclass(frozen=True)
class Accent:
    """A hat, a bar or a tilde on something."""

    command: str
    inside: "Row"


@dataclass(frozen=True)
class Cases:
    """Lines of cells: a distinction of cases, or aligned equations."""

    environment: str
    lines: tuple[tuple["Row", ...], ...]


@dataclass(frozen=True)
class Row:
    """Nodes one after the other."""

    nodes: tuple["Node", ...]


Node: TypeAlias = Atom | Name | Words | Script | Fraction | Root | Accent | Cases | Row

ENVIRONMENTS = ("cases", "aligned")
WORDS = ("text", "mathrm", "operatorname", "mathit", "mathbf")
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
FRACTIONS = ("frac", "tfrac", "dfrac")
SIZES = ("left", "right", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "big", "Big")
_ROLES: Mapping[Role, Mapping[str, str]] = {
    "symbol": {
        "partial": "∂", "sigma": "σ", "mu": "μ", "epsilon": "ε", "varepsilon": "ε", "gamma": "γ", "beta": "β",
        "alpha": "α", "delta": "δ", "eta": "η", "lambda": "λ", "tau": "τ", "theta": "θ", "pi": "π", "phi": "φ",
        "rho": "ρ", "Delta": "Δ", "infty": "∞", "top": "ᵀ", "ldots": "…", "cdots": "⋯", "dots": "…", "ell": "l",
    },
    "function": {name: name for name in ("max", "min", "exp", "log", "ln", "tanh", "arg", "argmax", "cosh", "sinh")},
    "big": {"sum": "Σ", "prod": "Π"},
    "operator": {"cdot": "·", "times": "×", "odot": "⊙", "ast": "∗", "pm": "±", "bmod": "mod", "land": "∧", "lor": "∨"},
    "relation": {
        "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "lt": "<", "gt": ">", "in": "∈",
        "notin": "∉", "to": "→", "approx": "≈", "mid": "|", "forall": "∀",
    },
    "open": {"lfloor": "⌊", "lceil": "⌈", "{": "{"},
    "close": {"rfloor": "⌋", "rceil": "⌉", "}": "}"},
    "space": {",": "", ";": "", ":": "", "!": "", " ": "", "quad": "   ", "qquad": "      "},
}  # fmt: skip
COMMANDS = {
    command: Atom("\\" + command, text, role) for role, commands in _ROLES.items() for command, text in commands.items()
}
SIGNS: Mapping[str, Role] = {
    "+": "operator", "-": "operator", "*": "operator", "/": "operator", "=": "relation", "<": "relation",
    ">": "relation", "(": "open", "[": "open", ")": "close", "]": "close", ",": "comma", ";": "comma", ":": "relation",
    "'": "prime", "|": "prime", ".": "comma", "!": "prime",
}  # fmt: skip
TOKEN = re.compile(r"\\(?:" + "|".join(WORDS) + r")\{[^{}]*\}|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Formula:
    """A layer's formula and the real names of the tensors in it. It is a block of a Document too."""

    source: str
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def tree(self) -> Row:
        """The formula, parsed; raises FormulaError."""
        return _Parser(self.source, self.names).parse()


class _Parser:
    """Recursive descent over tokens; one object for one formula."""

    def __init__(self, source: str, names: Mapping[str, str]) -> None:
        self.source = source
        self.names = names
        self.tokens = [token for token in TOKEN.findall(source) if not token.isspace()]
        self.position = 0

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
            nodes.append(self.scripted())
        return Row(tuple(nodes))

    def scripted(self) -> Node:
        base = self.single()
        below = above = None
        while self.peek() in ("_", "^"):
            if self.take() == "_":
                below = self.argument()
            else:
                above = self.argument()
        return base if below is None and above is None else Script(base, below, above)

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
            return Name(command)
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


def split_gradient(name: str) -> tuple[str, str] | None:
    """`dL/dconv_1` as the loss's name and the other tensor's; None for a name that is no gradient's."""
    match = re.fullmatch(r"d(.+?)/d(.+)", name)
    return (match[1], match[2]) if match else None


def latex(formula: Formula) -> str:
    """The formula as LaTeX with the tensors' real names; raises FormulaError."""
    return _latex(formula.tree, formula.names)


def latex_name(name: str, index: str = "") -> str:
    r"""A tensor's name as LaTeX: `W`, `\mathrm{conv\_1}`, `\frac{\partial L}{\partial W}`; `index` is LaTeX too."""
    gradient = split_gradient(name)
    if gradient:
        loss, tensor = gradient
        return rf"\frac{{\partial {latex_name(loss)}}}{{\partial {latex_name(tensor, index)}}}"
    plain = name if re.fullmatch(r"[A-Za-z]", name) else r"\mathrm{" + name.replace("_", r"\_") + "}"
    return plain + (f"_{{{index}}}" if index else "")


def _latex(node: Node, names: Mapping[str, str]) -> str:
    match node:
        case Atom():
            return node.latex
        case Name():
            return latex_name(names[node.local])
        case Words():
            return f"\\{node.command}{{{node.text}}}"
        case Script(base=Name(local), below=Row() as below, above=above):
            return latex_name(names[local], _latex(below, names)) + _raised(above, names)
        case Script():
            sub = f"_{{{_latex(node.below, names)}}}" if node.below else ""
            return f"{_latex(node.base, names)}{sub}{_raised(node.above, names)}"
        case Fraction():
            return rf"\frac{{{_latex(node.numerator, names)}}}{{{_latex(node.denominator, names)}}}"
        case Root():
            return rf"\sqrt{{{_latex(node.inside, names)}}}"
        case Accent():
            return rf"\{node.command}{{{_latex(node.inside, names)}}}"
        case Cases():
            lines = (" & ".join(_latex(cell, names) for cell in line) for line in node.lines)
            return rf"\begin{{{node.environment}}} " + r" \\ ".join(lines) + rf" \end{{{node.environment}}}"
        case Row():
            return _join(f"{{{_latex(n, names)}}}" if isinstance(n, Row) else _latex(n, names) for n in node.nodes)


def _join(pieces: Iterable[str]) -> str:
    """Pieces without blanks, except where a command would swallow the letter behind it: `\\cdot x`, not `\\cdotx`."""
    written = ""
    for piece in pieces:
        clash = piece[:1].isalpha() and re.search(r"\\[A-Za-z]+$", written)
        around = piece in ("=", "+", "-") and written and not written.endswith(" ")
        written += f" {piece} " if around else f" {piece}" if clash else piece
    return written


def _raised(above: Row | None, names: Mapping[str, str]) -> str:
    return f"^{{{_latex(above, names)}}}" if above else ""
