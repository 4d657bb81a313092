"""The grammar of numbers: text to an integer, a decimal, a fraction or an expression, exactly.

sum      = product {("+" | "-") product}
product  = signed {("*" | "/") signed}
signed   = ("+" | "-") signed | power
power    = primary ["**" signed]
primary  = number | letter | "e" | "pi" | function "(" sum ")" | "(" sum ")"
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

from cnncalc.arithmetic.expression import Call, Constant, Literal, Operation, Operator, Variable, variables
from cnncalc.problem.number.folding import NumberFault, apply, approximate, combine, negate
from cnncalc.problem.tensor.symbols import is_letter
from cnncalc.problem.text.faults import quoted
from cnncalc.problem.text.pattern import pattern

LONGEST = 1000
LONGEST_EXPRESSION = 400
LARGEST_EXPONENT = 1000
_DEEPEST = 50
_FUNCTIONS = frozenset(["log", "ln", "exp", "sqrt", "sigmoid", "tanh"])
_INTEGER = pattern(r"[+-]?(?:0|[1-9][0-9]*)")
_FRACTION = pattern(r"[+-]?(?:0|[1-9][0-9]*)/[1-9][0-9]*")
_DECIMAL = pattern(r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_TOKEN = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[A-Za-z_][A-Za-z_0-9]*|\*\*|[-+*/()]|\S"


def read_number(
    text: str, latex: bool = False, letters: bool = False, said: Callable[[str, str], None] | None = None
) -> Literal:
    """The number that a text stands for; raises NumberFault.

    A decimal keeps its typed places. `latex` reads it as LaTeX; a backslash does so by itself. With `letters`, a letter
    (x, x1, w_12) is an unknown number. `said` is told what is read in another way than it is typed.
    """
    # Tens of thousands of cells come through these first lines.
    if len(text) <= LONGEST:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return _decimal(text)
        if _FRACTION.fullmatch(text):
            fraction = Fraction(text)
            return fraction.numerator if fraction.denominator == 1 else fraction
    else:
        raise NumberFault(f"a number of {len(text)} characters", f"write at most {LONGEST} characters")
    # Most files hold plain numbers only and get by without these.
    from cnncalc.problem.number.by_hand import by_hand, explain_number, written_out

    plain = written_out(by_hand(text.strip(), letters))
    if said is not None and plain != text.strip().replace("\u2212", "-"):
        said(text.strip(), plain)
    if latex or "\\" in plain or "{" in plain:
        from cnncalc.problem.number.latex_number import plain_from_latex

        plain = plain_from_latex(plain, letters)
    fault = explain_number(plain, letters)
    if fault is not None:
        raise fault
    if len(plain) > LONGEST_EXPRESSION:
        remedy = f"write at most {LONGEST_EXPRESSION} characters"
        raise NumberFault(f"an expression of {len(plain)} characters", remedy)
    return _Parser(plain, letters).number()


def _decimal(text: str) -> Literal:
    if "e" not in text and "E" not in text:
        return Decimal(text)  # LONGEST keeps it in range
    # Decimal itself refuses exponents of many digits.
    is_long = len(text.lower().partition("e")[2]) > 6
    number = Decimal(0) if is_long else Decimal(text)
    places = -int(number.as_tuple().exponent)
    if is_long or abs(number.adjusted()) > LARGEST_EXPONENT or places > 2 * LARGEST_EXPONENT:
        raise NumberFault(f"the exponent of {quoted(text)} is out of range", f"keep it within ±{LARGEST_EXPONENT}")
    return number


class _Parser:
    """Recursive descent over the tokens of one number."""

    def __init__(self, text: str, letters: bool) -> None:
        self._text = text
        self._letters = letters
        self._tokens = re.findall(_TOKEN, text)
        self._next = 0
        self._depth = 0

    def number(self) -> Literal:
        value = self._sum()
        if self._token():
            raise self._unexpected()
        if isinstance(value, Constant | Call | Operation) and not any(variables(value)):
            approximate(value)  # raises where it leaves the range of a double
        return value

    def _token(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._token()
        self._next += 1
        return token

    def _unexpected(self) -> NumberFault:
        token = self._token()
        what = f"ends too early: {quoted(self._text)}"
        if token:
            what = f"has {quoted(token)} where an operator or its end should be: {quoted(self._text)}"
        return NumberFault(f"the number {what}", "write a number such as 0.5, 1/2 or -log(0.2)")

    def _sum(self) -> Literal:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/"), self._signed))

    def _chain(self, operators: Sequence[Operator], part: Callable[[], Literal]) -> Literal:
        value = part()
        while self._token() in operators:
            value = combine(cast(Operator, self._take()), value, part())
        return value

    def _signed(self) -> Literal:
        # Every recursion passes here, so depth is bounded here.
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NumberFault(f"{quoted(self._text)} is nested too deeply", "write it with fewer brackets")
        if self._token() == "-":
            self._take()
            value = negate(self._signed())
        elif self._token() == "+":
            self._take()
            value = self._signed()
        else:
            value = self._power()
        self._depth -= 1
        return value

    def _power(self) -> Literal:
        base = self._primary()
        if self._token() != "**":
            return base
        self._take()
        return combine("**", base, self._signed())

    def _primary(self) -> Literal:
        token = self._token()
        if token == "(":
            return self._bracketed()
        if token in ("e", "pi"):
            self._take()
            return Constant("e" if token == "e" else "pi")
        if token in _FUNCTIONS:
            self._take()
            if self._token() != "(":
                argument = self._token() or "5"
                raise NumberFault(f"{token} has no brackets in {quoted(self._text)}", f"write {token}({argument})")
            return apply("log" if token == "ln" else token, self._bracketed())
        if token[:1].isdigit() or (token[:1] == "." and len(token) > 1):
            from cnncalc.problem.number.by_hand import explain_number

            fault = explain_number(token)
            if fault is not None:
                raise fault
            self._take()
            return int(token) if token.isdigit() else _decimal(token)
        if self._letters and is_letter(token):
            self._take()
            return Variable(token)
        raise self._unexpected()

    def _bracketed(self) -> Literal:
        self._take()
        value = self._sum()
        if self._token() != ")":
            raise NumberFault(f"a bracket is not closed in {quoted(self._text)}", "close it with )")
        self._take()
        return value
