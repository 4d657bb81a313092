"""Fractions that are one character: ½ is 1/2, and no letter. A mixed number (1½) is refused."""

import re

from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.text.wording import quoted

FRACTIONS = {
    "¼": "1/4", "½": "1/2", "¾": "3/4", "⅐": "1/7", "⅑": "1/9", "⅒": "1/10", "⅓": "1/3", "⅔": "2/3", "⅕": "1/5",
    "⅖": "2/5", "⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
    "↉": "0/3",
}  # fmt: skip
_SIGNS = "".join(FRACTIONS)
_MIXED = re.compile(rf"(?<![\w.])(\d+)\s*([{_SIGNS}])")
_BESIDE = re.compile(rf"[\w.)]\s*[{_SIGNS}]|[{_SIGNS}]\s*[\w.(]")


def written_out(text: str) -> str:
    """The text with `(1/2)` for ½; raises NumberFault where a number, a letter or a bracket stands right beside it."""
    found = next((character for character in text if character in FRACTIONS), None)
    if found is None:
        return text
    mixed = _MIXED.search(text)
    if mixed is not None:
        remedy = f"write ({mixed[1]} + {FRACTIONS[mixed[2]]}) for {mixed[0]}"
        raise NumberFault(f"{quoted(mixed[0])} is a mixed number", remedy)
    if _BESIDE.search(text):
        remedy = f"write ({FRACTIONS[found]}), and the operator that is meant"
        raise NumberFault(f"nothing stands between {quoted(found)} and what is beside it in {quoted(text)}", remedy)
    for character, fraction in FRACTIONS.items():
        text = text.replace(character, f"({fraction})")
    return text
