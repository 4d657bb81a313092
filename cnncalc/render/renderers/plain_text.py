"""What plain text can hold: characters that an encoding lacks put in others, lines broken where they may be.

`∂L/∂W ≤ Σ` becomes `dL/dW <= sum`. English is broken at blanks, Chinese between any two characters.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len

from cnncalc.records import Record
from cnncalc.visible import visible

SUBSTITUTES = {
    "∂": "d", "Σ": "sum", "Π": "prod", "·": "*", "×": "x", "⊙": "*", "∗": "*", "√": "sqrt", "≈": "~",
    "≤": "<=", "≥": ">=", "≠": "!=", "−": "-", "±": "+-", "∈": "in", "∉": "not in", "∞": "inf", "→": "->",
    "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "⌀": "mean", "′": "'", "∀": "for all", "∧": "and", "∨": "or",
    "σ": "sigma", "μ": "mu", "ε": "eps", "ϵ": "eps", "γ": "gamma", "β": "beta", "α": "alpha", "δ": "delta",
    "η": "eta", "λ": "lambda", "τ": "tau", "θ": "theta", "π": "pi", "φ": "phi", "ρ": "rho", "Δ": "Delta",
    "²": "^2", "³": "^3", "⁻": "^-", "ᵀ": "^T", "½": "1/2", "¼": "1/4", "\u0302": "^", "\u0304": "_mean", "\u0303": "~",
    "│": "|", "─": "-", "┼": "+", "⎧": "{", "⎨": "{", "⎩": "{", "⎪": "{", "⋯": "...", "⋮": ":", "…": "...", "“": '"',
    "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "•": "*", "✓": "ok", "✗": "x", "、": ", ", "，": ", ", "。": ".",
    "：": ": ", "；": "; ", "（": " (", "）": ")", "¹": "^1", "⁰": "^0", "⁴": "^4", "⁵": "^5", "⁶": "^6", "⁷": "^7",
    "⁸": "^8", "⁹": "^9", "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8",
    "₉": "9", "\u00a0": " ", "\u2009": " ", "\u202f": " ", **dict.fromkeys("┌┬┐├┤└┴┘", "+"),
}  # fmt: skip
# A wide character stands alone, with the punctuation that must not begin a line, or end one, beside it; what is in
# backquotes stays whole.
# Wide characters are those from U+2E80 to U+FFEF; re is slow to compile long ranges, and `[^\u2e80-\uffef]` took 2 ms.
_UNIT = re.compile(
    r"\s+|[（“(]*(?:`[^`]*`[，。；：、）”,.;:)]*|(?:(?![\s`“])[\x00-\u2e7f\ufff0-\U0010ffff])+[，。；：、）]*|.[，。；：、）”]*)"
)


class Characters(Record):
    """What an output's encoding can write."""

    encoding: str = "utf-8"

    def can_write(self, text: str) -> bool:
        """Whether every character of `text` has a code."""
        return _can_write(self.encoding, text)

    def fit(self, text: str) -> str:
        """`text` made visible, with each character that cannot be written put in others, or as its code point."""
        text = visible(text)
        if text.isascii() or self.can_write(text):
            return text
        return "".join(map(self._fit_one, text))

    def _fit_one(self, character: str) -> str:
        if self.can_write(character):
            return character
        return SUBSTITUTES.get(character) or ascii(character)[1:-1]


@lru_cache(maxsize=4096)
def _can_write(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


_FACTOR = "(?:[^ ·]*[ ·]+|[^ ·]+)"


def widest_unit(text: str) -> int:
    """Columns that the text needs at least, wherever it is broken."""
    return max((cell_len(unit.rstrip()) for unit in _UNIT.findall(text)), default=0)


def wrap_prose(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, except where one unit alone is wider."""
    lines, line = [], ""
    for unit in _UNIT.findall(text):
        if line and cell_len(line + unit.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += unit if line or not unit.isspace() else ""
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def wrap_formula(line: str, width: int) -> list[str]:
    """Break a formula behind blanks and multiplication signs; conditions, and pieces, only where they are too wide."""
    pieces = []
    for piece in re.findall(rf"{_FACTOR}(?:[<>≤≥] {_FACTOR})*", line):
        pieces += [piece] if cell_len(piece.rstrip()) <= width else re.findall(_FACTOR, piece)
    return fill([piece[at : at + width] for piece in pieces for at in range(0, len(piece), width)], width)


def wrap_terms(line: str, width: int) -> list[str]:
    """Break in front of a plus, a minus or an equals sign; a single term that is too wide runs over the edge."""
    return fill(re.findall(r"(?: [-+=] )?(?:(?! [-+=] ).)+", line), width)


def wrap_numbers(line: str, width: int) -> list[str]:
    """Break at blanks alone: a number that is too wide runs over the edge."""
    return fill(re.findall(r" *[^ ]+", line), width)


def fill(pieces: Sequence[str], width: int) -> list[str]:
    """Pieces put into lines of that width; one that is wider by itself runs over the edge."""
    lines, used = [""], 0
    for piece in pieces:
        if lines[-1] and used + cell_len(piece.rstrip()) > width:
            lines.append("")
            used = 0
        added = piece if lines[-1] or len(lines) == 1 else piece.lstrip()
        lines[-1] += added
        used += cell_len(added)
    return lines
