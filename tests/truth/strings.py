"""Reads what leaves the program as a formula, and says what it comes to: the names are numbers, the rest is arithmetic.

Knows nothing of how a string was made. `value` is for what Python can read (`1/2*p[1,3] - 1/2`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import mpmath
import numpy as np

from cnncalc.arithmetic.expression import identifier, short_index
from cnncalc.passes import Passes
from cnncalc.problem.problem import Problem

from .numbers import Plain

SAME = mpmath.mpf(10) ** -40
"""What two numbers that are the same differ by at most, as a part of the larger (or of 1e-10)."""


class UnreadableError(Exception):
    """The text is no formula of numbers and known names."""


class Solved:
    """A problem in plain numbers, and each element by its name: `p[1,3]`, and as Python has it `p_1_3`."""

    def __init__(self, problem: Problem, seed: int = 0) -> None:
        self.plain = Plain(seed)
        self.trace = Passes(problem, self.plain).trace()
        self.base = problem.index_base
        elements, plain = dict(self._elements()), dict(self._identifiers())
        letters = {
            "_".join([identifier(letter), *(str(i + self.base) for i in index)]): value
            for (letter, index), value in self.plain.letters.items()
        }
        # A letter goes before an element that has the same name in Python.
        self.values = plain | elements | letters
        addresses = sorted(self.values, key=len, reverse=True)
        # A name of one letter is none inside of a longer word.
        self._name = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, addresses))})(?![\w.'′^\[(])")

    def _elements(self) -> Iterator[tuple[str, Any]]:
        for name in self.trace.names:
            tensor = self.trace[name]
            for index in np.ndindex(tensor.shape):
                yield self.address(name, index), tensor.elements[index]

    def _identifiers(self) -> Iterator[tuple[str, Any]]:
        """As Python has them: `p_1_3`, a lone channel not counted."""
        for name in self.trace.names:
            tensor = self.trace[name]
            for index in np.ndindex(tensor.shape):
                short = short_index(index, tensor.shape)
                yield "_".join([identifier(name), *(str(i + self.base) for i in short)]), tensor.elements[index]

    def address(self, name: str, index: tuple[int, ...]) -> str:
        """An element as a reader names it."""
        return name + (f"[{','.join(str(i + self.base) for i in index)}]" if index else "")

    def value(self, text: str) -> Any:
        """What a text that Python can read comes to; raises UnreadableError."""
        names: list[Any] = []

        def put_aside(match: re.Match[str]) -> str:
            names.append(self.values[match[0]])
            return f" NAME_{len(names) - 1} "

        plain = self._name.sub(put_aside, text)
        try:
            return _Evaluation(names).of(ast.parse(plain.strip(), mode="eval").body)
        except (SyntaxError, UnreadableError) as error:
            raise UnreadableError(f"{text!r}, read as {plain!r}: {error}") from error


class _Evaluation:
    """Python's own syntax tree, worked out."""

    functions: Mapping[str, Callable[[Any], Any]] = {"exp": mpmath.exp, "log": mpmath.log, "sqrt": mpmath.sqrt}

    def __init__(self, names: list[Any]) -> None:
        self._names = names

    def of(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=int(number)):
                return mpmath.mpf(number)
            case ast.Name(id="pi"):
                return +mpmath.pi
            case ast.Name(id=name) if name.startswith("NAME_"):
                return self._names[int(name.removeprefix("NAME_"))]
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -self.of(inner)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self.of(left) ** self.of(right)
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return self.of(left) * self.of(right)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self.of(left) / self.of(right)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self._sum(node)
            case ast.Call(func=ast.Name(id=name), args=[argument]) if name in self.functions:
                return self.functions[name](self.of(argument))
        raise UnreadableError(f"no number: {ast.unparse(node)}")

    def _sum(self, node: ast.expr) -> Any:
        """Of all terms at once: a long sum is a deep tree."""
        terms: list[Any] = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            right = self.of(node.right)
            terms.append(right if isinstance(node.op, ast.Add) else -right)
            node = node.left
        return mpmath.fsum([*terms, self.of(node)])


def is_same(a: Any, b: Any) -> bool:
    """Whether two numbers agree in forty digits."""
    return bool(abs(a - b) <= SAME * max(abs(a), abs(b), mpmath.mpf(10) ** -10))
