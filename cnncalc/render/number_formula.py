r"""A number's text as a formula: `1/3` as `\frac{1}{3}`, `-2.5e-7` as `-2.5 \cdot 10^{-7}`, `log(5)`, `1 - p[1]`."""

import re

from cnncalc.render.formula import Formula
from cnncalc.render.letters_formula import is_in_letters, letters_latex

TOKEN = re.compile(r"\d+/\d+|\d+(?:\.\d+)?e-?\d+|\d+(?:\.\d+)?|[A-Za-z_][\w.]*(?:/d[\w.]+)?\[[\d,]*\]|[A-Za-z]+|.")
FUNCTIONS = {"log": r"\log", "exp": r"\exp", "pi": r"\pi", "e": "e"}
FRACTION = re.compile(r"(-?)(\d+)/(\d+)")
DIGITS = str.maketrans("0123456789", "ghijklmnop")


def macro(name: str) -> str:
    r"""A LaTeX macro for a tensor of any name, letters only and never the same for two: the key for `Formula.names`."""
    return "tensor" + name.encode().hex().translate(DIGITS)


def number_formula(text: str) -> Formula:
    """A `Number.text` (or `.decimal`) as a Formula, with the names of the probabilities that occur in it."""
    if is_in_letters(text):
        return Formula(letters_latex(text))
    if match := FRACTION.fullmatch(text):
        return Formula(rf"{match[1]}\frac{{{match[2]}}}{{{match[3]}}}")
    if not re.search(r"\d|[A-Za-z]", text) or text in ("nan", "inf", "-inf"):
        return Formula({"nan": r"\text{NaN}", "inf": r"\infty", "-inf": r"-\infty"}.get(text, rf"\text{{{text}}}"))
    names: dict[str, str] = {}
    tokens = TOKEN.findall(text)
    return Formula("".join(_source(tokens, names)), names)


def _source(tokens: list[str], names: dict[str, str]) -> list[str]:
    written: list[str] = []
    braces: list[int] = []
    depth, position = 0, 0
    while position < len(tokens):
        token = tokens[position]
        position += 1
        if token == "sqrt":
            # Its parentheses become braces.
            braces.append(depth)
            depth += 1
            position += 1
            written.append(r"\sqrt{")
        elif token == "(":
            depth += 1
            written.append("(")
        elif token == ")":
            depth -= 1
            is_brace = bool(braces) and braces[-1] == depth
            written.append("}" if is_brace else ")")
            if is_brace:
                braces.pop()
        elif token == "/" and tokens[position : position + 1] == ["("] and written and written[-1].isdigit():
            # A whole number over parentheses, which a fraction bar makes needless.
            written.append(rf"\frac{{{written.pop()}}}{{")
            braces.append(depth)
            depth += 1
            position += 1
        elif token == "^":
            exponent = tokens[position]
            position += 1
            if exponent == "-":
                exponent += tokens[position]
                position += 1
            written.append(f"^{{{exponent}}}")
        elif token == "·":
            written.append(r" \cdot ")
        elif token.endswith("]") and "[" in token:
            name, _, index = token[:-1].partition("[")
            names[macro(name)] = name
            written.append(rf"\{macro(name)}_{{{index}}}" if index else rf"\{macro(name)}")
        elif "/" in token and token[0].isdigit():
            written.append(FRACTION.sub(r"\\frac{\2}{\3}", token))
        elif "e" in token and token[0].isdigit():
            mantissa, _, exponent = token.partition("e")
            written.append(rf"{mantissa} \cdot 10^{{{exponent}}}")
        else:
            written.append(FUNCTIONS.get(token, token))
    return written
