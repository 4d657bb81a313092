"""What people write for a number that is not one here, and what to write instead.

Each of these would mean something else, or nothing, to some program; none is ever turned into a number without a word.
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
        (r"(?:≈|≃|≅|≒|~|约为?|大约) *(.+)", "{text} says that a number is rounded", "write {about}; it is then exact"),
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
