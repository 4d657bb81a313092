"""Tensors that a call makes by a rule: `torch.ones(1, 1, 3, 3) / 9`, `np.arange(9).reshape(3, 3)`; nothing is run."""

import ast
from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array

MOST = 1_000_000
"""Numbers that are written out."""
_SAME = (
    "float", "double", "long", "int", "to", "astype", "clone", "copy", "detach", "numpy", "contiguous",
    "requires_grad_",
)  # fmt: skip
"""Calls that leave the numbers as they are."""


def created(text: str) -> Array | None:
    """The numbers of a call, exactly; None where it is none of those whose numbers are known."""
    try:
        made: Array | None = _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError, ZeroDivisionError):
        return None
    return made


def filled(name: str, arguments: Sequence[Any]) -> Array | None:
    """What `zeros`, `ones`, `full`, `eye` or `arange` makes, as fractions in an object array."""
    first = arguments[0] if arguments else None
    if name in ("zeros", "ones", "full"):
        is_listed = isinstance(first, tuple | list)
        shape = tuple(first) if is_listed else tuple(arguments)  # type: ignore[arg-type]
        fill = (
            arguments[1] if name == "full" and is_listed and len(arguments) > 1 else {"zeros": 0, "ones": 1}.get(name)
        )
        if fill is None or not shape or prod(shape) > MOST:
            return None
        made: Array = np.full(shape, Fraction(str(fill)), dtype=object)
        return made
    if name == "eye" and isinstance(first, int) and 0 < first**2 <= MOST:
        return np.array([[Fraction(int(i == j)) for j in range(first)] for i in range(first)], dtype=object)
    if name == "arange" and arguments:
        bounds = [*(arguments if len(arguments) > 1 else (0, first)), 1][:3]
        begin, end, step = (Fraction(str(each)) for each in bounds)
        count = -((begin - end) // step) if step else 0
        return np.array([begin + step * at for at in range(count)], dtype=object) if 0 < count <= MOST else None
    return None


def _value(node: ast.expr) -> Any:
    match node:
        case ast.BinOp(op=ast.Mult() | ast.Div() as operator):
            left, right = _value(node.left), _value(node.right)
            if left is None or right is None:
                return None
            return left * right if isinstance(operator, ast.Mult) else left / right
        case ast.Constant(value=int() | float()):
            return Fraction(str(node.value))
        case ast.Call(func=ast.Attribute(value=owner, attr=name)):
            arguments = [ast.literal_eval(each) for each in node.args]
            inner = _value(owner) if isinstance(owner, ast.Call) else None
            if inner is None:
                return filled(name, arguments) if not isinstance(owner, ast.Call) else None
            if name in ("reshape", "view"):
                is_listed = isinstance(arguments[0], tuple | list)
                return inner.reshape(arguments[0] if is_listed else arguments)
            return inner if name in _SAME else None
    return None
