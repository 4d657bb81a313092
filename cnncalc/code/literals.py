"""Numbers and tensors as Python source."""

import builtins
import keyword
import math
import unicodedata
from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from operator import add, mul, sub, truediv
from textwrap import wrap
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array, Doubles
from cnncalc.arithmetic.expression import Call, Constant, Literal, Operation, Variable, evaluated, identifier, value_of

WIDTH = 110
_FUNCTIONS = {"log": math.log, "exp": math.exp, "sqrt": math.sqrt}
_OPERATORS: dict[str, Any] = {"+": add, "-": sub, "*": mul, "/": truediv, "**": pow}
CLOSE = 1e-14
"""How far a typed expression may be from the true number in doubles; else the number itself is written."""


def number(literal: Literal, true: float) -> str:
    """A typed number as it was typed, where Python makes the true number of that; else its nearest double."""
    if isinstance(literal, np.generic):
        literal = literal.item()
    if isinstance(literal, int | Decimal):
        return str(literal)
    if isinstance(literal, float):
        return repr(literal)
    try:
        found = evaluated(literal, float, lambda name: getattr(math, name), _FUNCTIONS, _OPERATORS)
        is_close = abs(found - true) <= CLOSE * abs(true)
    except (ArithmeticError, ValueError, TypeError):
        is_close = False
    return _source(literal) if is_close else repr(true)


def _source(literal: Literal, inside: bool = False) -> str:
    match literal:
        case Constant():
            return f"math.{literal.name}"
        case Variable():
            return _source(value_of(literal), inside)
        case Call():
            return f"math.{literal.function}({_source(literal.argument)})"
        case Operation():
            left, right = _source(literal.left, True), _source(literal.right, True)
            is_sign = literal.left == 0 and literal.operator == "-"
            text = f"-{right}" if is_sign else f"{left} {literal.operator} {right}"
            return f"({text})" if inside else text
        case Fraction():
            text = f"{literal.numerator}/{literal.denominator}"
            return f"({text})" if inside else text
    text = str(literal)
    return f"({text})" if inside and text.startswith("-") else text


def typed(make: str, entries: Array, true: Doubles) -> str:
    """A tensor of the problem file as a call of `torch` or `np`; `true` are its numbers."""
    cells = np.empty(entries.shape, dtype=object)
    for index, entry in np.ndenumerate(entries):
        cells[index] = number(entry, float(true[index]))
    return _tensor(make, cells)


def made(make: str, values: Doubles) -> str:
    """A tensor of doubles as such a call."""
    return _tensor(make, _texts(values))


def computed(values: Doubles) -> str:
    """Numbers as nested lists."""
    return _nested(_texts(values).tolist())


def _texts(values: Doubles) -> Array:
    cells = np.empty(values.shape, dtype=object)
    for index, value in np.ndenumerate(values):
        cells[index] = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
    return cells


def _tensor(make: str, cells: Array) -> str:
    library, build = make.split(".")
    # The numbers are doubles, whole ones too.
    like = ", dtype=float" if library == "np" else ", dtype=torch.float64"
    if cells.size > 1 and len(set(cells.ravel().tolist())) == 1:
        return f"{library}.full({cells.shape}, {cells.flat[0]}{like})"
    return f"{library}.{build}({_nested(cells.tolist())}{like})"


def _nested(cells: Any) -> str:
    """Lists in lists, a row a line."""
    if not isinstance(cells, list):
        return str(cells)
    if not cells or not isinstance(cells[0], list):
        flat = ", ".join(cells)
        if len(flat) <= WIDTH:
            return f"[{flat}]"
        return "[\n" + "\n".join(f"    {line}" for line in wrap(flat, WIDTH, break_on_hyphens=False)) + "\n]"
    rows = [_nested(row) for row in cells]
    line = f"[{', '.join(rows)}]"
    if len(line) <= WIDTH and not isinstance(cells[0][0], list) and "\n" not in line:
        return line
    inner = ",\n".join(indented(row) for row in rows)
    return f"[\n{inner},\n]"


def indented(text: str, by: str = "    ") -> str:
    """Each line further in."""
    return "\n".join(by + line for line in text.split("\n"))


class Identifiers:
    """A Python name for each tensor: its own where that is one and nothing else has it."""

    def __init__(self, taken: Collection[str]) -> None:
        self._names: dict[str, str] = {}
        self._taken = {*taken, *dir(builtins), *keyword.kwlist, *keyword.softkwlist}

    def __getitem__(self, name: str) -> str:
        if name not in self._names:
            # Python takes letters of one meaning for one.
            wanted = unicodedata.normalize("NFKC", identifier(name))
            while not wanted.isidentifier() or wanted in self._taken:
                wanted = f"{wanted}_" if wanted.isidentifier() else f"t_{ascii_only(wanted)}"
            self._taken.add(wanted)
            self._names[name] = wanted
        return self._names[name]


def ascii_only(text: str) -> str:
    """What of it may stand in any name."""
    return "".join(c for c in text if c.isascii() and (c.isalnum() or c == "_"))
