"""What people write by hand and copy from programs, in the grammar of numbers: `ln 5`, `2√2/2`, `e⁻²`, `np.exp(2)`.

Only what can mean one number alone is read; `1/2π` and `ln 3/2` are faults that say what to write.
"""

import re

from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.number.number_faults import FRACTIONS
from cnncalc.problem.text.faults import quoted

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_TRANSLATION = str.maketrans({
    **dict.fromkeys("×·⋅∗∙•✕✖⨯", "*"), **dict.fromkeys("÷∕⁄", "/"), **dict.fromkeys("–—‐\u2011﹣\u2212", "-"),
    **dict.fromkeys("\u3000\u00a0\u2009\u202f", " "), **dict.fromkeys("𝑒ℯℇ", "e"), **dict.fromkeys("π𝜋", "pi"),
    "ˆ": "^", "〔": "(", "〕": ")",
}) | _FULL_WIDTH  # fmt: skip
_RAISED, _LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
_DIGITS = str.maketrans(f"{_RAISED}{_LOWERED}⁻⁺", "01234567890123456789-+")
_SMALL_FRACTION = re.compile(f"([{_RAISED}]+)/([{_LOWERED}]+)")
_POWER = re.compile(f"(?<=[\\w)πe])([⁻⁺]?[{_RAISED}]+)")
_CHINESE = str.maketrans("一二三四五六七八九", "123456789")
_PARTS_OF = re.compile(r"([\d.]+|[一二三四五六七八九十])分之([\d.]+|[一二三四五六七八九]|√[\d.]+)")
_PACKAGES = re.compile(r"\b(?:np|numpy|math|Math|torch|tf|jnp|cmath)\.(?=[A-Za-z])")
_CALL = re.compile(r"\b(?:float|int|double|tensor|array|Decimal)(?:16|32|64)?\(\s*'?([-+\w.]+)'?\s*\)")
_FRACTION = re.compile(r"\bFraction\(\s*([-+]?\d+)\s*,\s*(\d+)\s*\)")
_LOGARITHM = re.compile(r"(?i)\blog(?:_\{e\}|_?e|ₑ)(?=\s*[\d(])|\bln(?![a-z_])")
_NAMES = re.compile(r"(?i)\b(ln|log|exp|sqrt|tanh|sigmoid|pi)(?=[\s\d(\[/*+)-]|$)(?!(?:2|10)\b\s*\()")
_SQUARE = re.compile(r"(?<!\\)\b(ln|log|exp|sqrt)\[([^\[\]]*)\]")
_ROOT = re.compile(r"√\s*(?:(\d+(?:\.\d+)?|\.\d+|pi|e)|\{([^{}]*)\})")
_VULGAR = re.compile(rf"([{''.join(FRACTIONS)}])\s*(?=√|π|pi\b|ln|log|exp|sqrt)|(?<=√)([{''.join(FRACTIONS)}])")
_FUNCTION = r"(?:ln|log|exp|sqrt|tanh|sigmoid)"
_BARE = re.compile(rf"\b(?:(ln|sqrt)\s*|(log)\s*(?!(?:2|10)\b)|({_FUNCTION})\s+)(\d+(?:\.\d+)?|e\b|pi\b)(\s*/\s*\d+)?")
_DOUBTFUL = re.compile(rf"/\s*\d+(?:\.\d+)?(?=pi\b|{_FUNCTION}\()")
_PRODUCT = re.compile(
    rf"(?<=[\d)])\s*(?=pi\b|{_FUNCTION}\(|e\*\*)|(?<=\))\s*(?=[\d(])|(?<=pi)\s*(?=\d|\(|{_FUNCTION}\()"
)
_TIMES = re.compile(r"(?<=[\d)])\s+[xX]\s+(?=[\d(])|(?<=\d)[xX](?=10\*\*|10\^)")
_BRITISH = re.compile(r"(?<![\d.])0[·⋅](\d+)")
_RECURRING = re.compile(r"\d\.\d*(?:\(\d+\)|\d\u0305|\d\u0307|\\overline|\\dot)")
_DEGREE = re.compile(r"[∛∜]|[³⁴⁵]√|\bcbrt\b")


def by_hand(text: str, letters: bool = False) -> str:
    """The text in the grammar; as it is where nothing in it is written so. Raises NumberFault for what means two.

    With `letters`, an x between numbers is one, and no sign of multiplication.
    """
    british = _BRITISH.search(text)
    if british:
        remedy = f"write 0.{british[1]}, or 0*{british[1]} for the product"
        raise NumberFault(f"{quoted(text)} has a dot in the middle of the line", remedy)
    if _DEGREE.search(text):
        raise NumberFault(f"{quoted(text)} is a root of another degree", "write 8**(1/3) for the cube root of 8")
    if _RECURRING.search(text):
        raise NumberFault(f"{quoted(text)} is a recurring decimal", "write a fraction, such as 1/3")
    plain = text.replace("根号", "√")
    plain = _VULGAR.sub(lambda found: f"({FRACTIONS[found[1] or found[2]]})", plain)
    plain = plain.translate(_TRANSLATION)
    plain = _PARTS_OF.sub(_part_of, plain).replace("负", "-")
    plain = _SMALL_FRACTION.sub(lambda found: f"({found[1]}/{found[2]})".translate(_DIGITS), plain)
    plain = _POWER.sub(lambda found: f"**({found[1].translate(_DIGITS)})", plain).replace("^", "**")
    plain = _FRACTION.sub(r"(\1/\2)", _CALL.sub(r"\1", _PACKAGES.sub("", plain)))
    plain = _NAMES.sub(lambda found: found[1].lower(), _LOGARITHM.sub("ln", plain))
    plain = _SQUARE.sub(r"\1(\2)", plain.replace("σ(", "sigmoid("))
    plain = _ROOT.sub(lambda found: f"sqrt({found[1] or found[2]})", plain).replace("√(", "sqrt(")
    plain = _BARE.sub(_bracketed, plain)
    doubt = _DOUBTFUL.search(plain)
    if doubt:
        under = plain[doubt.start() + 1 :].strip()
        remedy = f"write /({under[:30]}) if all of it is below the line, or ()* with brackets around the fraction"
        raise NumberFault(f"nothing says what is below the fraction line in {quoted(text)}", remedy)
    plain = _PRODUCT.sub("*", plain)
    return plain if letters else _TIMES.sub("*", plain)


def _part_of(found: re.Match[str]) -> str:
    whole = "10" if found[1] == "十" else found[1].translate(_CHINESE)
    return f"({found[2].translate(_CHINESE)}/{whole})"


def _bracketed(found: re.Match[str]) -> str:
    """`ln(5)` for `ln 5`; in `ln 1/5` the whole fraction is meant, since ln 1 is nothing."""
    name, number, divisor = found[1] or found[2] or found[3], found[4], found[5]
    if divisor and name != "sqrt" and number != "1":
        remedy = f"write {name}({number}{divisor}) or {name}({number}){divisor}"
        raise NumberFault(f"nothing says where the argument ends in {quoted(found[0])}", remedy)
    return f"{name}({number}{divisor})" if divisor and name != "sqrt" else f"{name}({number}){divisor or ''}"
