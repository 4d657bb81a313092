"""Sums of letters as people write them (`w₂₂·x₁₁ + ∂L/∂y₁₂`) in LaTeX."""

from __future__ import annotations

import re

from cnncalc.arithmetic.letters_text import GREEK

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NAME = r"[^\W\d_][^\W₀-₉]*(?:\.[^\W\d][^\W₀-₉]*)*"
_INDEX = r"(?P<index>[₀-₉]+|\[[\d,]+\])?"
_GRADIENT = re.compile(rf"[∂d](?P<loss>[^\W_]\w*?)/[∂d](?P<name>{_NAME}){_INDEX}")
_LETTER = re.compile(rf"(?P<name>{_NAME}){_INDEX}")
_TOKEN = re.compile(
    rf"(?P<gradient>∂\w+?/∂{_NAME}(?:[₀-₉]+|\[[\d,]+\])?)|(?P<letter>{_NAME}(?:[₀-₉]+|\[[\d,]+\])?)"
    r"|(?P<fraction>\d+/\d+)|(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?P<other>.)"
)
NAMES = {sign: rf"\{name}" for name, sign in GREEK.items()}
_SIGNS = {"·": r" \cdot ", "−": "-"}


def is_in_letters(text: str) -> bool:
    """Whether a number's text holds letters with indices."""
    return re.search("[∂₀-₉]", text) is not None


def letters_latex(text: str) -> str:
    """The same in LaTeX that `Formula` parses."""
    before, root, rest = text.partition("√(")
    written = "".join(_written(found) for found in _TOKEN.finditer(before))
    if not root:
        return written
    depth, end = 1, 0
    while depth and end < len(rest):
        depth += {"(": 1, ")": -1}.get(rest[end], 0)
        end += 1
    return rf"{written}\sqrt{{{letters_latex(rest[: end - 1])}}}{letters_latex(rest[end:])}"


def _written(found: re.Match[str]) -> str:
    if found["gradient"]:
        gradient = _GRADIENT.fullmatch(found["gradient"])
        assert gradient is not None, "the token is one"
        return rf"\frac{{\partial {gradient['loss']}}}{{\partial {_letter(gradient['name'], gradient['index'])}}}"
    if found["letter"]:
        letter = _LETTER.fullmatch(found["letter"])
        assert letter is not None, "the token is one"
        return _letter(letter["name"], letter["index"])
    if found["fraction"]:
        above, _, below = found["fraction"].partition("/")
        return rf"\frac{{{above}}}{{{below}}}"
    if found["power"]:
        return f"^{{{found['power'].translate(_SUPERSCRIPTS)}}}"
    return _SIGNS.get(found["other"], found["other"])


def _letter(name: str, index: str | None) -> str:
    shown = NAMES[name] if name in NAMES else name if len(name) == 1 else rf"\text{{{name}}}"
    if index is None:
        return shown
    # Without brackets each index has one digit.
    counted = index[1:-1] if index.startswith("[") else ",".join(index.translate(_SUBSCRIPTS))
    return f"{shown}_{{{counted}}}"
