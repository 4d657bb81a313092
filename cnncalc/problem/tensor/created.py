"""Tensors that are made by a rule: `random: {seed, low, high, step}`, and calls that are read and not run,
`torch.ones(1, 1, 3, 3) / 9`, `np.arange(9).reshape(3, 3)`.

A random tensor is the same on every machine, in numbers that are pleasant to compute with: element k is
low + step·⌊u·count⌋, where u is the k-th value of Python's `random.Random(seed).random()` (the Mersenne Twister, the
same in every version) and count = ⌊(high − low)/step⌋ + 1.
"""

import ast
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array, filled
from cnncalc.arithmetic.expression import Literal
from cnncalc.layers.base import Shape
from cnncalc.records import Record

MOST = 1_000_000
"""Numbers that are written out."""
_SAME = (
    "float", "double", "long", "int", "to", "astype", "clone", "copy", "detach", "numpy", "contiguous",
    "requires_grad_",
)  # fmt: skip
"""Calls that leave the numbers as they are."""
MOST_STEPS = 10**9


def created(text: str) -> Array | None:
    """The numbers of a call, exactly; None where it is none of those whose numbers are known."""
    try:
        made: Array | None = _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError, ZeroDivisionError):
        return None
    return made


def array_of(name: str, arguments: Sequence[Any]) -> Array | None:
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
                return array_of(name, arguments) if not isinstance(owner, ast.Call) else None
            if name in ("reshape", "view"):
                is_listed = isinstance(arguments[0], tuple | list)
                return inner.reshape(arguments[0] if is_listed else arguments)
            return inner if name in _SAME else None
    return None


class Drawing(Record):
    """A random tensor before its shape is known."""

    seed: int
    low: int | Decimal | Fraction = -1
    high: int | Decimal | Fraction = 1
    step: int | Decimal | Fraction = Fraction(1, 10)

    @property
    def count(self) -> int:
        """How many different values there are."""
        return int((Fraction(self.high) - Fraction(self.low)) / Fraction(self.step)) + 1

    def draw(self, shape: Shape) -> Array:
        """The tensor, its elements in row order."""
        import random  # it takes 10 ms, and few problems draw

        uniform = random.Random(self.seed).random
        size = prod(shape)
        steps = np.fromiter((uniform() for _ in range(size)), dtype=np.float64, count=size)
        # u < 1, and the product is rounded to below `count`, so the last step is never passed.
        order = (steps * self.count).astype(np.int64)
        if self.count > size:
            used, order = np.unique(order, return_inverse=True)
        else:
            used = np.arange(self.count)
        values = filled((len(used),), [self._value(int(k)) for k in used])
        drawn: Array = values[order.reshape(shape)]
        return drawn

    def _value(self, k: int) -> Literal:
        value = Fraction(self.low) + Fraction(self.step) * k
        kinds = (self.low, self.step)
        if any(isinstance(number, Fraction) for number in kinds):
            return value.numerator if value.denominator == 1 else value
        if all(isinstance(number, int) for number in kinds):
            return value.numerator
        # As many places as were typed; built from its digits, since the context would round.
        places = max(0, *(-int(n.as_tuple().exponent) for n in kinds if isinstance(n, Decimal)))
        scaled = value * 10**places
        digits = tuple(int(digit) for digit in str(abs(scaled.numerator)))
        return Decimal((int(scaled < 0), digits, -places))
