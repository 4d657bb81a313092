"""What people write for a number beside the grammar of numbers: what they write by hand and copy from programs, `ln 5`,
`2√2/2`, `e⁻²`, `np.exp(2)`; and what is no number here, with what to write instead.

Only what can mean one number alone is read; `1/2π` and `ln 3/2` are faults. None is ever turned into another number
without a word.
"""

import re

from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.tensor.symbols import MISTAKABLE, is_letter
from cnncalc.problem.text.faults import quoted

# Tokens, the numbers among them with their exponents, so that the e of `1e5` is no word.
_TOKEN = re.compile(r"[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|[^\W\d]\w*|\S")
_WORDS = frozenset(["e", "pi", "log", "ln", "exp", "sqrt", "sigmoid", "tanh"])
# (pattern of the whole text, message, remedy); {text} is the quoted text, {0} the first group
_CASES = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), message, remedy)
    for pattern, message, remedy in (
        (r"|~|null|none", "an empty cell", "write the number; 0 is written 0"),
        (r"\?", "a missing number (?)", "write the number"),
        (r"(yes|true|on)|no|false|off", "{text} is a word, not a number", "write 1 or 0"),
        (r"[-+]?\.?nan", "{text} is not a number", "write the number that is meant"),
        (
            r"[-+]?(\.?inf(inity)?|∞)",
            "{text} is not finite",
            "write a finite number; a max pool pads with -∞ by itself",
        ),
        (
            r"\d{4}-\d{1,2}-\d{1,2}",
            "{text} is a date, not a number",
            "write blanks around the minus signs of a difference",
        ),
        (r"[-+]?\d+(:\d+)+(\.\d*)?", "{text} is a time, not a number", "write a decimal (1.5) or a fraction (1/30)"),
        (
            r"([-+]?0*\d{1,3}(?:_\d{3})+)(\.\d*)?",
            "{text} has a separator in it",
            "write the digits without it: {joined}",
        ),
        (
            r"([-+]?\d{1,3},\d{3})",
            "{text} has a comma in it",
            "write {joined} if it parts thousands, {pointed} if it is a decimal comma",
        ),
        (r"([-+]?\d{1,3}(?:,\d{3}){2,})(\.\d*)?", "{text} has commas in it", "write the digits without them: {joined}"),
        (r"([-+]?\d{1,3}(?:,\d{3})+\.\d*)", "{text} has a comma in it", "write the digits without it: {joined}"),
        (r"[-+]?[\d.,]+ *[kmg]i?b", "{text} is in larger units", "write the number of bytes"),
        (r"[-+]?\d*,\d+", "{text} has a decimal comma", "write a decimal point: {pointed}"),
        (r"[-+]?\d{1,3}(?:['’]\d{3})+", "{text} has a separator in it", "write the digits without it: {joined}"),
        (r"[-+]?(\d+(\.\d*)?|\.\d+) ?%", "{text} is a percentage", "write {percent}/100"),
        (
            r"[-+]?0[xob][0-9a-f_]+",
            "{text} is not a decimal number",
            "write it with the digits 0 to 9, without a prefix: {converted}",
        ),
        (r"([-+]?)0+(\d[\d.]*(?:e[-+]?\d+)?)", "{text} begins with a zero", "write {unpadded}"),
        (r"[-+]?[\d.]+[ij]", "{text} is a complex number", "write a real number"),
        (r"[-+]?[\d.]+( +[-+]?[\d.]+)+", "{text} is more than one number", "write a list of them, with commas: [1, 2]"),
        (
            r"[-+]?(\d+) +(\d+)/(\d+)",
            "{text} is a mixed number, or two numbers",
            "write {improper}, or a comma between the two",
        ),
        (
            r"(?:≈|≃|≅|≒|~|约为?|大约)(.*\d.*)",
            "{text} says that a number is rounded",
            "write {about}; it is then exact",
        ),
        (r"[-+]", "a sign without a number", "write the sign right before its number, without a blank"),
        (r".*[\[\]{{}}].*", "a bracket stands in {text}", "leave it out; round brackets group"),
        (r".*;.*", "a semicolon stands in {text}", "begin each row on a new line"),
        (r".*,.*", "a comma stands in {text}", "put each number into a cell of its own"),
        (r".*\blog_?(2|10)\b.*", "{text} is no natural logarithm", "write log(x)/log({base})"),
    )
)
_DRAWN = frozenset(["random", "rand", "randn", "normal", "uniform", "xavier", "kaiming", "he", "glorot", "随机"])
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
FRACTIONS = {
    "¼": "1/4", "½": "1/2", "¾": "3/4", "⅐": "1/7", "⅑": "1/9", "⅒": "1/10", "⅓": "1/3", "⅔": "2/3", "⅕": "1/5",
    "⅖": "2/5", "⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
    "↉": "0/3",
}  # fmt: skip
_VULGAR = "".join(FRACTIONS)
_MIXED = re.compile(rf"(?<![\w.])(\d+)\s*([{_VULGAR}])")
_BESIDE = re.compile(rf"[\w.)]\s*[{_VULGAR}]|[{_VULGAR}]\s*[\w.(]")


def explain_number(text: str, letters: bool = False) -> NumberFault | None:
    """The fault of a text that cannot be a number; None where the grammar may go on, with letters if wanted."""
    for pattern, message, remedy in _CASES:
        if pattern.fullmatch(text):
            words = _words(text)
            return NumberFault(message.format(**words), remedy.format(**words))
    for token in _TOKEN.findall(text):
        if token not in _WORDS and token[0] not in "0123456789.+-*/()" and not (letters and is_letter(token)):
            return _strange(text, token, letters)
    return None


def _words(text: str) -> dict[str, str]:
    bare = text.replace(",", "").replace("_", "").replace("'", "").replace("’", "")
    sign = text[:1] if text[:1] in ("-", "+") else ""
    unpadded = re.sub(r"^0+(?=\d)", "", text.removeprefix(sign))
    based = re.search(r"log_?(2|10)\b", text, re.IGNORECASE)
    return {
        "text": quoted(text),
        "joined": bare[:40],
        "pointed": text.replace(",", ".")[:40],
        "percent": text.rstrip(" %")[:40],
        "unpadded": (sign + unpadded)[:40],
        "converted": _converted(text),
        "improper": _improper(text),
        "about": re.sub(r"^[^-+\d.]+", "", text)[:40],
        "base": based.group(1) if based else "",
    }


def _improper(text: str) -> str:
    mixed = re.fullmatch(r"([-+]?)(\d{1,9}) +(\d{1,9})/(\d{1,9})", text)
    if mixed is None:
        return "3/2"
    return f"{mixed[1]}{int(mixed[2]) * int(mixed[4]) + int(mixed[3])}/{int(mixed[4])}"


def _converted(text: str) -> str:
    try:
        return str(int(text[:20].replace("_", ""), 0))
    except ValueError:  # 0b12, say
        return "31"


def _strange(text: str, token: str, letters: bool) -> NumberFault:
    """A text with a token that no number has."""
    if _IDENTIFIER.fullmatch(text):
        if text in MISTAKABLE:
            return NumberFault(f"{quoted(text)} is a letter", f"write {MISTAKABLE[text]}, or choose another letter")
        remedy = "write a number, or a letter such as x, x1 or w_12" if letters else "write a number"
        if letters and text.lower() in _DRAWN:
            remedy = "write `{random: {seed: 1}}`, or the numbers themselves"
        return NumberFault(f"{quoted(text)} is not a number", remedy)
    known = "write numbers with + - * / ** ( ), log, exp, sqrt, e and pi"
    return NumberFault(f"{quoted(token)} is not known in {quoted(text)}", known)


def written_out(text: str) -> str:
    """The text with `(1/2)` for ½, which is no letter; raises NumberFault where anything stands right beside it."""
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
_VULGAR_FACTOR = re.compile(rf"([{''.join(FRACTIONS)}])\s*(?=√|π|pi\b|ln|log|exp|sqrt)|(?<=√)([{''.join(FRACTIONS)}])")
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
    plain = _VULGAR_FACTOR.sub(lambda found: f"({FRACTIONS[found[1] or found[2]]})", plain)
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
