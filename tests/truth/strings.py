"""Reads what leaves the program as a formula, and says what it comes to: the names are numbers, the rest is arithmetic.

Knows nothing of how a string was made. Python can read `1/2*p[1,3] - 1/2` as soon as its names are put aside; what
people read (`≈ 0.665241·(-0.251607)`) is brought into the same form. A decimal of as many digits as are shown may have
been rounded: with `digits`, it is every number that is rounded to it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import mpmath
import numpy as np

from cnncalc.arithmetic.expression import Variable, identifier, short_index
from cnncalc.passes import Passes
from cnncalc.problem.problem import Problem
from cnncalc.render.document import Document, Equations, Heading, Table, TensorBlock, Working
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.table.number import Number

from .numbers import Plain

SAME = mpmath.mpf(10) ** -40
"""What two numbers that are the same differ by at most, as a part of the larger (or of 1e-10)."""
LOW = "[₀-₉]+"
INDEX = re.compile(rf"(?:\[[\d,]+\]|{LOW}|(?:_\d+)+)$")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "sigma": "σ"}
PART = re.compile(rf"(?P<index>\[[\d,]+\]|{LOW}) via (?P<use>[\w.'′^:]+)")
"""Of a gradient, `∂L/∂W[1,2] via fc_1`: the tensor is `∂L/∂W via fc_1`."""
DECIMAL = re.compile(r"(?<![\w.])(?:\d+\.\d+(?:e-?\d+)?|\d+e-?\d+|\d{6,}(?![\w.]))")


class UnreadableError(Exception):
    """The text is no formula of numbers and known names."""


class Solved:
    """A problem in plain numbers, and each element by its names: `p[1,3]`, `p_1_3`, `∂L/∂p[1,3]`; letters: `w₂₂`."""

    def __init__(self, problem: Problem, seed: int = 0) -> None:
        self.plain = Plain(seed)
        self.trace = Passes(problem, self.plain).trace()
        self.base = problem.index_base
        given = [problem.input, *(tensor for entry in problem.layers for tensor in entry.parameters.values())]
        first = {tensor.name: tensor.entries.flat[0] for tensor in given}
        self._symbols = {name: cell.letter for name, cell in first.items() if isinstance(cell, Variable) and cell.index}
        # A letter goes before an element that has the same name in Python.
        self.values = dict(self._identifiers()) | dict(self._elements()) | dict(self._letters())
        bases = {INDEX.sub("", address) for address in self.values}
        either = "|".join(map(re.escape, sorted(bases, key=len, reverse=True)))
        # A name of one letter is none inside of a longer word.
        self._name = re.compile(rf"(?<![\w.])(?:{either})(?:\[[\d,]+\]|(?:{LOW}|(?:_\d+)*)(?![^\W{RAISED}]|[.'′\[(]))")

    def _elements(self) -> Iterator[tuple[str, Any]]:
        for name in self.trace.names:
            tensor = self.trace[name]
            for index in np.ndindex(tensor.shape):
                yield self.address(name, index), tensor.elements[index]
                yield re.sub(r"^d(.*)/d", r"∂\1/∂", self.address(name, index)), tensor.elements[index]

    def _identifiers(self) -> Iterator[tuple[str, Any]]:
        """As Python has them: `p_1_3`, a lone channel not counted."""
        for name in self.trace.names:
            tensor = self.trace[name]
            for index in np.ndindex(tensor.shape):
                short = self.counted(short_index(index, tensor.shape))
                yield "_".join([identifier(name), *map(str, short)]), tensor.elements[index]
                yield from self._for_people(name, short, tensor.elements[index])
                # A gradient may go by the letters of the tensor whose it is.
                gradient, over, given = name.rpartition("/d")
                if given in self._symbols:
                    yield from self._for_people(gradient + over + self._symbols[given], short, tensor.elements[index])

    def _letters(self) -> Iterator[tuple[str, Any]]:
        for (letter, index), value in self.plain.letters.items():
            counted = self.counted(index)
            yield "_".join([identifier(letter), *map(str, counted)]), value
            yield from self._for_people(letter, counted, value)

    def _for_people(self, name: str, index: tuple[int, ...], value: Any) -> Iterator[tuple[str, Any]]:
        shown = re.sub(r"^d(.*)/d", r"∂\1/∂", name)
        lead, over, last = shown.rpartition("∂")
        for written in (shown, lead + over + GREEK.get(last, last)):
            yield written + "".join(map(str, index)).translate(LOWERED), value
            yield f"{written}[{','.join(map(str, index))}]" if index else written, value

    def counted(self, index: tuple[int, ...]) -> tuple[int, ...]:
        """An index as a reader counts."""
        return tuple(i + self.base for i in index)

    def address(self, name: str, index: tuple[int, ...]) -> str:
        """An element as a reader names it."""
        return name + (f"[{','.join(map(str, self.counted(index)))}]" if index else "")

    def value(self, text: str) -> Any:
        """What a text that Python can read comes to; raises UnreadableError."""
        return Evaluation(mpmath.mp, self._name, self.values).of(index_last(text))

    def is_true(self, statement: Statement, digits: int = 6) -> bool:
        """Whether it is; raises UnreadableError."""
        element = index_last(statement.element)
        if element not in self.values:
            raise UnreadableError(f"{statement.element!r} is no element")
        bounds = self.bounds(statement.text, digits if statement.is_rounded else 0)
        return is_within(self.values[element], bounds)

    def bounds(self, text: str, digits: int = 0) -> Any:
        """What a text for people may come to, as an interval; a decimal of that many `digits` may have been rounded."""
        return Evaluation(mpmath.iv, self._name, self.values, digits).of(index_last(text))


def index_last(text: str) -> str:
    """Parts of gradients with their index behind their name."""
    return PART.sub(r" via \g<use>\g<index>", text)


def plain(text: str) -> str:
    """A text for people as Python has it."""
    text = text.replace("·", "*").replace("^", "**").replace("π", " pi ").replace("−", "-")
    text = re.sub(
        rf"[{RAISED}]+", lambda power: f"**({power[0].translate(str.maketrans(RAISED, '0123456789-'))})", text
    )
    return text.replace("σ(", "sigmoid(")


class Evaluation:
    """Python's own syntax tree, worked out in mpmath's numbers or intervals."""

    def __init__(self, context: Any, name: re.Pattern[str], values: Mapping[str, Any], digits: int = 0) -> None:
        self._context = context
        self._pattern = name
        self._values = values
        self._digits = digits
        self._aside: list[Any] = []
        self.functions: Mapping[str, Callable[..., Any]] = {
            "exp": context.exp,
            "log": context.log,
            "sqrt": context.sqrt,
            "erf": context.erf,
            "sin": context.sin,
            "cos": context.cos,
            "sigmoid": lambda x: 1 / (1 + context.exp(-x)),
            "tanh": lambda x: 1 - 2 / (1 + context.exp(2 * x)),
            "max": self._largest,
        }

    def of(self, text: str) -> Any:
        """The number that a text is."""
        plain_text = plain(self._pattern.sub(self._known, text))
        plain_text = DECIMAL.sub(lambda match: self._put_aside(self._decimal(match[0])), plain_text)
        # A root without brackets is that of what stands next to it.
        plain_text = re.sub(r"√ *(NAME_\d+|\d+)", r"sqrt(\1)", plain_text).replace("√", "sqrt")
        try:
            return self._of(ast.parse(plain_text.strip(), mode="eval").body)
        except (SyntaxError, UnreadableError) as error:
            raise UnreadableError(f"{text!r}, read as {plain_text!r}: {error}") from error

    def _known(self, name: re.Match[str]) -> str:
        return self._put_aside(self._values[name[0]]) if name[0] in self._values else name[0]

    def _put_aside(self, number: Any) -> str:
        self._aside.append(number)
        return f" NAME_{len(self._aside) - 1} "

    def _decimal(self, text: str) -> Any:
        # A number of six digits before the point has been rounded to a whole one.
        mantissa, _, exponent = text.partition("e")
        number, places = mpmath.mpf(text), len(mantissa.partition(".")[2])
        if not self._digits or len(mantissa.replace(".", "").lstrip("0")) < self._digits:
            return number
        half = mpmath.mpf(10) ** (int(exponent or 0) - places) / 2
        return mpmath.iv.mpf([number - half, number + half])

    def _largest(self, *numbers: Any) -> Any:
        if self._context is mpmath.mp:
            return max(numbers)
        return mpmath.iv.mpf([max(ends(one)[0] for one in numbers), max(ends(one)[1] for one in numbers)])

    def _of(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=int(number)):
                return self._context.mpf(number)
            case ast.Name(id="pi"):
                return +self._context.pi
            case ast.Name(id="e"):
                return self._context.exp(1)
            case ast.Name(id=name) if name.startswith("NAME_"):
                return self._context.convert(self._aside[int(name.removeprefix("NAME_"))])
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -self._of(inner)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(self._of(left), self._of(right))
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return self._of(left) * self._of(right)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._of(left) / self._of(right)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self._sum(node)
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in self.functions:
                return self.functions[name](*map(self._of, arguments))
        raise UnreadableError(f"no number: {ast.unparse(node)}")

    def _power(self, base: Any, exponent: Any) -> Any:
        power = exponent if self._context is mpmath.mp else ends(exponent)[0]
        return base ** int(power) if power == int(power) else base**exponent

    def _sum(self, node: ast.expr) -> Any:
        """Of all terms at once: a long sum is a deep tree."""
        terms: list[Any] = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            right = self._of(node.right)
            terms.append(right if isinstance(node.op, ast.Add) else -right)
            node = node.left
        return sum(terms, self._of(node))


def is_same(a: Any, b: Any) -> bool:
    """Whether two numbers agree in forty digits."""
    return bool(abs(a - b) <= SAME * max(abs(a), abs(b), mpmath.mpf(10) ** -10))


def is_within(number: Any, bounds: Any) -> bool:
    """Whether a number lies in an interval, or is one of its ends up to the fortieth digit."""
    low, high = ends(bounds)
    return bool(low <= number <= high) or is_same(number, low) or is_same(number, high)


def ends(interval: Any) -> tuple[Any, Any]:
    """The least and the greatest number of an interval."""
    low, high = mpmath.iv.convert(interval)._mpi_
    return mpmath.mp.make_mpf(low), mpmath.mp.make_mpf(high)


@dataclass(frozen=True)
class Statement:
    """An element, by its name, is (or is about, where a number has been rounded) what a text says."""

    element: str
    text: str
    is_rounded: bool


def statements(document: Document) -> Iterator[Statement]:
    """What a document says of elements: its workings, its tensors and equations, and the right answers of a check."""
    heading = ""
    for block in document.blocks:
        match block:
            case Heading(level=3):
                heading = block.text.en
            case Working():
                yield from _of_working(block)
            case TensorBlock() if not block.name.endswith(".path"):
                for index in np.ndindex(block.shape):
                    counted = ",".join(str(i + block.index_base) for i in index)
                    yield from _of_number(f"{block.name}[{counted}]" if index else block.name, block.cell(index).number)
            case Equations():
                for equation in block.equations:
                    yield from _of_number(equation.left.text, equation.write())
                    if equation.value is not None:
                        yield from _of_number(equation.left.text, equation.value)
            case Table() if (
                "Right" in (headings := [column.heading.en for column in block.columns]) and "Cell" in headings
            ):
                for row in block.rows:
                    cell, right = row[headings.index("Cell")].en, row[headings.index("Right")].en
                    exact, *decimal = re.split(" [=≈] ", right)
                    yield Statement(heading + cell, exact, is_rounded=not decimal)
                    yield from (Statement(heading + cell, text, is_rounded=True) for text in decimal)


def _of_number(element: str, number: Number) -> Iterator[Statement]:
    if not number.is_words:
        yield Statement(element, number.text, number.rounded)
        if number.decimal is not None:
            yield Statement(element, number.decimal, number.decimal_rounded)


def _of_working(working: Working) -> Iterator[Statement]:
    """Each step; what goes on in the next line belongs to the one before."""
    left = " ".join(formula_text(working.formula(working.left)))
    found: list[Statement] = []
    for line in working.lines:
        text = " ".join(formula_text(working.formula(line.right)))
        if line.sign in ("=", "≈"):
            found.append(Statement(left, text, line.sign == "≈"))
        else:
            found[-1] = replace(found[-1], text=f"{found[-1].text} {line.sign} {text}")
    yield from found
