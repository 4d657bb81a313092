"""What a formula is made of, and the signs and commands of the small subset of LaTeX that layers write theirs in."""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from cnncalc.records import Record

Role = Literal[
    "symbol", "number", "function", "big", "operator", "relation", "open", "close", "comma", "space", "prime"
]


class Atom(Record):
    """One sign: how LaTeX writes it, how a terminal does, and what it is in the grammar of mathematics."""

    latex: str
    text: str
    role: Role


class Name(Record):
    """A tensor, by the name that a reader knows it by."""

    name: str
    shape: tuple[int, ...] = ()
    """Its sizes, where they are known, along which a sum over its indices runs."""
    behind: tuple[int, ...] = ()
    """What stands behind every index of it: `1, 1` where a layer takes maps of 1×1 as features."""


class Index(Record):
    """A letter that counts along an axis, as it was chosen for the problem at hand."""

    letter: str
    first: int = 1
    last: int | None = None
    """How far it runs; None where that is not known."""


class Bound(Record):
    """An index where a sum, or a maximum, takes it through all that it counts."""

    index: Index


class Letter(Record):
    """An unknown of a problem in letters, which stands for an element: `w₂₂` in a line of text."""

    text: str
    tensor: str
    index: tuple[int, ...]


class Words(Record):
    r"""`\text{…}`, `\mathrm{…}`, `\operatorname{…}`."""

    command: str
    text: str


class Script(Record):
    """A base with what stands below and above it."""

    base: "Node"
    below: "Row | None" = None
    above: "Row | None" = None


class Fraction(Record):
    """A numerator over a denominator."""

    numerator: "Row"
    denominator: "Row"

    @property
    def is_derivative(self) -> bool:
        """Whether it is one ∂ over another."""
        first = self.numerator.nodes[:1]
        return bool(first) and isinstance(first[0], Atom) and first[0].text == "∂"


class Root(Record):
    """A square root."""

    inside: "Row"


class Accent(Record):
    """A hat, a bar or a tilde on something."""

    command: str
    inside: "Row"


class Cases(Record):
    """Lines of cells: a distinction of cases, or aligned equations."""

    environment: str
    lines: tuple[tuple["Row", ...], ...]


class Row(Record):
    """Nodes one after the other."""

    nodes: tuple["Node", ...]


Node: TypeAlias = Atom | Name | Index | Bound | Letter | Words | Script | Fraction | Root | Accent | Cases | Row
Names: TypeAlias = Mapping[str, "str | Node"]
"""What the macros of a formula stand for: a string is a tensor's name."""
NOTHING = Row(())
"""What a macro stands for that does not occur in the problem at hand: the number of the sample, without samples."""

ENVIRONMENTS = ("cases", "aligned")
WORDS = ("text", "mathrm", "operatorname", "mathit", "mathbf")
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
FRACTIONS = ("frac", "tfrac", "dfrac")
SIZES = ("left", "right", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "big", "Big")
_ROLES: Mapping[Role, Mapping[str, str]] = {
    "symbol": {
        "partial": "∂", "sigma": "σ", "mu": "μ", "epsilon": "ε", "varepsilon": "ε", "gamma": "γ", "beta": "β",
        "alpha": "α", "delta": "δ", "eta": "η", "lambda": "λ", "tau": "τ", "theta": "θ", "pi": "π", "phi": "φ",
        "rho": "ρ", "zeta": "ζ", "iota": "ι", "kappa": "κ", "nu": "ν", "xi": "ξ", "chi": "χ", "psi": "ψ", "omega": "ω",
        "Delta": "Δ", "infty": "∞", "top": "ᵀ", "ldots": "…", "cdots": "⋯", "vdots": "⋮", "dots": "…", "ell": "l",
    },
    "function": {
        name: name
        for name in ("max", "min", "exp", "log", "ln", "sin", "cos", "tanh", "arg", "argmax", "cosh", "sinh")
    },
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

PARTS: Mapping[type, tuple[str, ...]] = {
    Script: ("base", "below", "above"), Fraction: ("numerator", "denominator"), Root: ("inside",), Accent: ("inside",),
}  # fmt: skip
"""By kind of node: which of its fields are nodes."""


def parts_of(node: object) -> Iterator[Node]:
    """The nodes that a node is made of."""
    if isinstance(node, Row):
        yield from node.nodes
    elif isinstance(node, Cases):
        yield from (cell for line in node.lines for cell in line)
    else:
        yield from filter(None, (getattr(node, name) for name in PARTS.get(type(node), ())))


def bounds_of(node: Script) -> tuple[Bound, ...]:
    """The indices of a sum or a product that runs over nothing but whole axes; none where a condition stands below."""
    if not isinstance(node.base, Atom) or node.base.role != "big" or node.below is None or node.above is not None:
        return ()
    kept = [one for one in node.below.nodes if not isinstance(one, Atom) or one.role != "comma"]
    bounds = tuple(one for one in kept if isinstance(one, Bound) and one.index.last is not None)
    return bounds if len(bounds) == len(kept) else ()


def fence_of(node: Node) -> int:
    r"""1 for what `\left` opens, -1 for what `\right` closes, be it with an index or a power, and 0 for all else."""
    base = node.base if isinstance(node, Script) else node
    if not isinstance(base, Atom):
        return 0
    return base.latex.startswith("\\left") - base.latex.startswith("\\right")


_DIGITS = str.maketrans("0123456789", "ghijklmnop")


def macro(name: str) -> str:
    r"""A LaTeX macro for a tensor of any name, letters only and never the same for two: the key for `Formula.names`."""
    return "tensor" + name.encode().hex().translate(_DIGITS)
