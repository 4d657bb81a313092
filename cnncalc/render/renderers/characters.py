"""Characters that an output cannot encode, put in others: `∂L/∂W ≤ Σ` becomes `dL/dW <= sum`."""

from functools import lru_cache

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
