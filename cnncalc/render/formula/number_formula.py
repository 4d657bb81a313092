r"""A number as a formula: `1/3` as `\frac{1}{3}`, `-2.5e-7` as `-2.5 \cdot 10^{-7}`, `1 - p[1]`, `w₂₂·x₁₁²`."""

import re

from cnncalc.arithmetic.expression import SUPERSCRIPTS
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_nodes import Letter, Node, Words, macro
from cnncalc.render.table.number import Number

_DIGITS = r"\d+/\d+|\d+(?:\.\d+)?e-?\d+|\d+(?:\.\d+)?"
# The last letter of a name may be any that `is_name` admits; a number never stands directly in front of one.
_ELEMENT = r"[^\W\d][\w.'′^]*\[[\d,]+\]"
TOKEN = re.compile(rf"{_ELEMENT}|{_DIGITS}|[A-Za-z]+|[{SUPERSCRIPTS}]+|.", re.DOTALL)
FUNCTIONS = {
    "log": r"\log",
    "exp": r"\exp",
    "erf": r"\operatorname{erf}",
    "sin": r"\sin",
    "cos": r"\cos",
    "pi": r"\pi",
    "e": "e",
    "∞": r"\infty",
}
RELATIONS = {"=": " = ", "≈": r" \approx "}
SIGNS = {"·": r" \cdot ", "√": "sqrt", "…": r"\ldots "}


def number_formula(number: Number) -> Formula:
    """The number's text as a Formula, with what its macros stand for: elements, letters, words."""
    if number.is_words or number.undecided:
        return Formula(rf"\{macro(number.text)}", {macro(number.text): Words("text", number.text)})
    names: dict[str, str | Node] = {}
    tokens = _tokens(number)
    return Formula("".join(_Source(tokens, number, names).written()), names)


def decimal_formula(number: Number) -> Formula | None:
    """The number's decimal, if it has one beside its text."""
    return None if number.decimal is None else number_formula(Number(number.decimal, undecided="?" in number.decimal))


def value_formula(number: Number) -> Formula:
    """A number, and its decimal behind it if it has one."""
    text, decimal = number_formula(number), decimal_formula(number)
    if decimal is None:
        return text
    return Formula(f"{text.source}{RELATIONS[number.decimal_sign]}{decimal.source}", {**text.names, **decimal.names})


def _tokens(number: Number) -> list[str]:
    """The text in parts; what a letter is called may look like anything, so the letters in it are known by name."""
    if not number.letters:
        return TOKEN.findall(number.text)
    known = "|".join(map(re.escape, sorted(number.letters, key=len, reverse=True)))
    return re.findall(rf"{known}|{TOKEN.pattern}", number.text, re.DOTALL)


class _Source:
    """LaTeX of tokens, one after the other; brackets that LaTeX needs not become braces."""

    def __init__(self, tokens: list[str], number: Number, names: dict[str, str | Node]) -> None:
        self.tokens = tokens
        self.letters = number.letters
        self.names = names
        self.position = 0
        self.depth = 0
        self.braces: list[int] = []
        """How deep the brackets are that have become braces."""
        self.made: list[str] = []

    def written(self) -> list[str]:
        """All of them."""
        while self.position < len(self.tokens):
            token = self.take()
            self.made.append(self.element(token) or self.sign(SIGNS.get(token, token)))
        # A sum that is cut short ends inside of brackets.
        return [*self.made, "}" * len(self.braces)]

    def take(self) -> str:
        self.position += 1
        return self.tokens[self.position - 1]

    def element(self, token: str) -> str | None:
        """An element by its name, a letter; None for anything else."""
        if token in self.letters:
            self.names[macro(token)] = Letter(token, *self.letters[token])
            return rf"\{macro(token)}"
        if not token.endswith("]") or "[" not in token:
            return None
        name, _, index = token[:-1].partition("[")
        self.names[macro(name)] = name
        return rf"\{macro(name)}_{{{index}}}"

    def sign(self, token: str) -> str:
        """A number, a function, a bracket, an operator."""
        if token == "sqrt":
            self.take()
            return r"\sqrt" + self.brace()
        if token == "(":
            self.depth += 1
        elif token == ")":
            self.depth -= 1
            if self.braces and self.braces[-1] == self.depth:
                self.braces.pop()
                return "}"
        elif token == "/" and self.tokens[self.position : self.position + 1] == ["("] and self.is_behind_a_number():
            # A whole number over parentheses, which a fraction bar makes needless.
            self.take()
            return rf"\frac{{{self.made.pop()}}}" + self.brace()
        elif token == "^":
            exponent = self.take()
            return f"^{{{exponent + self.take() if exponent == '-' else exponent}}}"
        elif token[0] in SUPERSCRIPTS:
            return "^{" + "".join(str(SUPERSCRIPTS.index(digit)) for digit in token) + "}"
        elif token[0].isdigit() and "/" in token:
            above, _, below = token.partition("/")
            return rf"\frac{{{above}}}{{{below}}}"
        elif token[0].isdigit() and "e" in token:
            mantissa, _, exponent = token.partition("e")
            return rf"{mantissa} \cdot 10^{{{exponent}}}"
        return FUNCTIONS.get(token, token)

    def brace(self) -> str:
        self.braces.append(self.depth)
        self.depth += 1
        return "{"

    def is_behind_a_number(self) -> bool:
        return bool(self.made) and self.made[-1].isdigit()
