"""Numbers and terms as formulas."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Literal, cast

from cnncalc.arithmetic.expression import GREEK, SUPERSCRIPTS
from cnncalc.layers.base import Apply, Entry, Term
from cnncalc.layers.indices import number_latex
from cnncalc.records import Record
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_nodes import Letter, Node, Words, macro
from cnncalc.render.table.number import Number

_DIGITS = r"\d+/\d+|\d+(?:\.\d+)?e-?\d+|\d+(?:\.\d+)?"
# The last letter of a name may be any that `is_name` admits; a number never stands directly in front of one.
_ELEMENT = r"[^\W\d][\w.'′^]*\[[\d,]+\]"
TOKEN = re.compile(rf"{_ELEMENT}|{_DIGITS}|[A-Za-z]+|[{SUPERSCRIPTS}]+|.", re.DOTALL)
SPELLED = {
    "log": r"\log",
    "exp": r"\exp",
    "erf": r"\operatorname{erf}",
    "sin": r"\sin",
    "cos": r"\cos",
    "pi": r"\pi",
    "e": "e",
    "∞": r"\infty",
    **{letter: f"\\{name}" for name, letter in GREEK.items()},
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
        elif (
            token == "/"
            and self.tokens[self.position : self.position + 1] == ["("]
            and "".join(self.made[-1:]).isdigit()
            and not self.has_power_behind()
        ):
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
            return rf"{mantissa} \cdot 10^{{{exponent}}}" if mantissa != "1" else rf"10^{{{exponent}}}"
        return SPELLED.get(token, token)

    def has_power_behind(self) -> bool:
        """Whether the parentheses that come next have a power, which would be one of the fraction in their place."""
        depth = 0
        for place in range(self.position, len(self.tokens)):
            depth += {"(": 1, ")": -1}.get(self.tokens[place], 0)
            if not depth:
                behind = "".join(self.tokens[place + 1 : place + 2])
                return behind[:1] == "^" or behind[:1] in tuple(SUPERSCRIPTS)
        return False

    def brace(self) -> str:
        self.braces.append(self.depth)
        self.depth += 1
        return "{"


LONGEST_INNER_SUM = 6
"""Terms of a sum that stands where no line can be broken, under a fraction bar; of a longer one some are left out."""
FIRST_OF_MANY = 3
APPLIED = {"exp": r"\exp", "log": r"\log", "tanh": r"\tanh", "sigmoid": r"\sigmoid", "erf": r"\operatorname{erf}",
             "sin": r"\sin", "cos": r"\cos"}  # fmt: skip
Coefficient = int | Decimal | Fraction


class Operand(Record):
    """Something written: its LaTeX, and how tightly it holds together."""

    source: str
    holds: Literal["atom", "product", "negative", "minus", "sum"] = "atom"
    """`minus` is a product of letters, whose minus becomes the sign between terms; that of a number stays with it."""

    def guarded(self) -> str:
        """In parentheses where a neighbour would tear it apart."""
        return self.source if self.holds in ("atom", "product") else f"({self.source})"


def number_operand(number: Number, source: str) -> Operand:
    """A number as part of a formula, by its LaTeX: the fraction where it is one."""
    if number.in_letters and _is_sum(number.text):
        return Operand(source, "sum")
    if source.startswith("-"):
        return Operand(source, "minus" if number.in_letters else "negative")
    is_lone = number.text in number.letters if number.in_letters else not re.search(r"10\^|^\\frac", source)
    return Operand(source, "atom" if is_lone else "product")


def _is_sum(text: str) -> bool:
    """Whether a sign of a sum stands outside of all brackets."""
    depth = 0
    for part in re.finditer(r"[()]| [+-] ", text):
        if part[0] not in "()" and not depth:
            return True
        depth += {"(": 1, ")": -1}.get(part[0], 0)
    return False


PlusMinus = Literal["+", "-"]


class Summand(Record):
    """A term with its sign apart."""

    sign: PlusMinus
    source: str
    alone: Literal["number", "sum"] | None = None
    """Whether it is a single number with a minus of its own, or a single sum of letters."""
    more: tuple[tuple[PlusMinus, str], ...] = ()
    """What goes on behind `source`, sign by sign, where a line may be broken: a sum in parentheses as last factor."""

    def pieces(self) -> tuple[tuple[PlusMinus, str], ...]:
        """What stands between two places where a line may be broken."""
        return ((self.sign, guarded(self)), *self.more)


LEFT_OUT = Summand("+", r"\cdots")
"""What stands for terms that are not shown."""
Write = Callable[[Entry], Operand]


def summands(terms: Iterable[Term], write: Write, most: int | None = None) -> Iterator[Summand]:
    """Each term, written with what `write` makes of its entries; `most` is how many terms a sum inside of it shows."""
    return (_summand(term, write, most) for term in terms)


def written(items: Sequence[Summand]) -> str:
    """The sum in one line, `0` for an empty one."""
    if not items:
        return "0"
    source = first_source(items[0], len(items) == 1) if items[0].sign == "+" else f"-{guarded(items[0])}"
    rest = [*items[0].more, *(piece for item in items[1:] for piece in item.pieces())]
    return source + "".join(f" {sign} {piece}" for sign, piece in rest)


def guarded(item: Summand) -> str:
    """The summand behind a sign: a number with a minus of its own, and a sum, in parentheses."""
    return f"({item.source})" if item.alone else item.source


def first_source(item: Summand, is_only: bool) -> str:
    """The summand in front of all others; a sum needs parentheses only where others follow."""
    return item.source if is_only or item.alone != "sum" else guarded(item)


def common_factor(terms: Sequence[Term]) -> Term | None:
    """What all terms share and what is worth taking out: a coefficient other than ±1, divisors."""
    if len(terms) < 2:
        return None
    coefficients = {term.coefficient for term in terms}
    shared = coefficients.pop() if len(coefficients) == 1 else 1
    divisors = [factor for factor in terms[0].factors if isinstance(factor, Apply) and factor.function == "reciprocal"]
    common = tuple(f for f in divisors if all(t.factors.count(f) == terms[0].factors.count(f) for t in terms))
    return Term(common, shared) if common or _size(shared) != 1 else None


def without(term: Term, common: Term) -> Term:
    """The term without what has been taken out of all terms."""
    coefficient = term.coefficient if common.coefficient == 1 else 1
    return Term(tuple(factor for factor in term.factors if factor not in common.factors), coefficient)


def _size(coefficient: Coefficient) -> Coefficient:
    return -coefficient if coefficient < 0 else coefficient


def _summand(term: Term, write: Write, most: int | None = None) -> Summand:
    sign: Literal["+", "-"] = "-" if term.coefficient < 0 else "+"
    above, below = [], []
    for factor, same in groupby(term.factors):
        count = len(list(same))
        if isinstance(factor, Apply) and factor.function == "reciprocal":
            below.append(_power(_inside(factor, write), count))
        else:
            above.append(_power(_operand(factor, write), count))
    size = _size(term.coefficient)
    if not above and not below:
        return Summand(sign, number_latex(size))
    if len(above) == 1 and not below and size == 1:
        only = above[0]
        if only.holds == "minus":
            return Summand("+" if sign == "-" else "-", only.source.removeprefix("-"))
        alone = {"sum": "sum", "negative": "number"}.get(only.holds)
        return Summand(sign, only.source, cast('Literal["number", "sum"] | None', alone))
    last = term.factors[-1] if term.factors else None
    if not below and isinstance(last, Apply) and last.function == "sum" and above[-1].holds == "sum":
        items = list(summands(last.terms, write))
        if most is not None and len(items) > most:
            items = [*items[:FIRST_OF_MANY], LEFT_OUT, *items[-1:]]
        opened = f"(-{guarded(items[0])}" if items[0].sign == "-" else f"({items[0].source}"
        ends = [*items[0].more, *(piece for item in items[1:] for piece in item.pieces())]
        source = _product([*above[:-1], Operand(opened)])
        if ends:
            ends[-1] = (ends[-1][0], f"{ends[-1][1]})")
        if size != 1:
            source = rf"{number_latex(size)} \cdot {source}"
        return Summand(sign, source if ends else f"{source})", more=tuple(ends))
    if below:
        denominator = below[0].source if len(below) == 1 else _product(below)
        numerator = above[0].source if len(above) == 1 else _product(above) if above else "1"
        source = rf"\frac{{{numerator}}}{{{denominator}}}"
    else:
        source = _product(above)
    if size != 1:
        source = rf"{number_latex(size)} \cdot {source}"
    return Summand(sign, source)


def _product(operands: Sequence[Operand]) -> str:
    return r" \cdot ".join(operand.guarded() for operand in operands)


def _power(operand: Operand, count: int) -> Operand:
    if count == 1:
        return operand
    base = f"({operand.source})" if operand.holds == "product" else operand.guarded()
    return Operand(f"{base}^{{{count}}}")


def _operand(factor: Entry | Apply, write: Write) -> Operand:
    if isinstance(factor, Entry):
        return write(factor)
    if factor.function == "pi":
        return Operand(r"\pi")
    if (power := _as_power(factor, write)) is not None:
        return power
    inside = _inside(factor, write)
    if factor.function == "sum":
        return inside if inside.holds == "atom" else Operand(inside.source, "sum")
    if factor.function == "sqrt":
        return Operand(rf"\sqrt{{{inside.source}}}")
    # One that is left general, or its derivative: f, \phi'.
    symbol = factor.function if len(factor.function.rstrip("'")) == 1 else f"\\{factor.function}"
    applied = APPLIED.get(factor.function, symbol)
    return Operand(f"{applied}({inside.source})")


def _as_power(apply: Apply, write: Write) -> Operand | None:
    """exp(-1/2 · log(x)) as people write it: x to the power of -1/2."""
    match apply:
        case Apply("exp", (Term((Apply("log") as log,), exponent),)):
            base = _inside(log, write)
            written_base = base.source if base.holds == "atom" else f"({base.source})"
            return Operand(f"{written_base}^{{{number_latex(exponent)}}}")
    return None


def _inside(apply: Apply, write: Write) -> Operand:
    """The argument of a function, whole."""
    items = list(summands(apply.terms, write))
    if apply.function != "sum" and len(items) > LONGEST_INNER_SUM:
        items = [*items[:3], LEFT_OUT, *items[-1:]]
    if len(items) == 1 and len(apply.terms[0].factors) == 1 and apply.terms[0].coefficient == 1:
        return _operand(apply.terms[0].factors[0], write)
    if len(items) == 1 and re.fullmatch(r"[\d.]+", items[0].source) and items[0].sign == "+":
        return Operand(items[0].source)
    return Operand(written(items), "sum")


def worked_out(terms: Sequence[Term], shown: Callable[[Entry], Fraction | None]) -> Fraction | None:
    """The sum of the terms, with the number that is shown for each entry; None where that is no fraction."""
    total = Fraction(0)
    for term in terms:
        product = Fraction(term.coefficient)
        for factor in term.factors:
            number = shown(factor) if isinstance(factor, Entry) else _applied(factor, shown)
            if number is None:
                return None
            product *= number
        total += product
    return total


def _applied(apply: Apply, shown: Callable[[Entry], Fraction | None]) -> Fraction | None:
    inside = worked_out(apply.terms, shown)
    if inside is None or apply.function not in ("sum", "reciprocal"):
        return None
    if apply.function == "sum":
        return inside
    return 1 / inside if inside else None
