"""Answers that name whole tensors: `(p - t) hᵀ` and `W^T dL/dz ⊙ a ⊙ (1 - a)`, as matrices of what each element is.

A vector is a column, or a row where only that goes together. Side by side, `·`, `*` and `@` are the matrix product
where columns and rows fit, else the product element by element, as `⊙` always is.
"""

import ast
from collections.abc import Callable
from functools import reduce

import numpy as np

from cnncalc.arithmetic.base import Array, filled
from cnncalc.arithmetic.expression import Literal, Operation
from cnncalc.problem.number.numbers import read_number

_EACH = {ast.Add: "+", ast.Sub: "-", ast.Div: "/", ast.Mod: "*"}
_PRODUCTS = (ast.Mult, ast.MatMult)


def matrix(node: ast.expr, tensor: Callable[[str], Array], called: Callable[[str, Literal], Literal | None]) -> Array:
    """What an expression comes to, of rank 2; `tensor` gives one by its word, and `called` a function of an element.

    Raises KeyError where shapes do not go together or something is not known.
    """

    def made(node: ast.expr) -> Array:
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return _alone(read_number(repr(node.value)))
            case ast.Name():
                return tensor(node.id)
            case ast.UnaryOp(op=ast.USub()):
                return _each("-", _alone(0), made(node.operand))
            case ast.BinOp(op=ast.Pow(), right=ast.Name(id="T")):
                return made(node.left).T
            case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=int() as power)) if 0 < power < 4:
                return reduce(lambda a, b: _each("*", a, b), [made(node.left)] * power)
            case ast.BinOp() if type(node.op) in _EACH:
                return _each(_EACH[type(node.op)], made(node.left), made(node.right))
            case ast.BinOp() if isinstance(node.op, _PRODUCTS):
                return _product(made(node.left), made(node.right))
            case ast.Call(func=ast.Name(id=word), args=[argument]):
                inner = made(argument)
                found = [called(word, element) for element in inner.ravel()]
                if None not in found:
                    return filled(inner.shape, found)
                return _product(tensor(word), inner)
        raise KeyError(ast.unparse(node))

    return made(node)


def _alone(number: Literal) -> Array:
    return filled((1, 1), [number])


def _each(operator: str, a: Array, b: Array) -> Array:
    if a.shape != b.shape and 1 not in (a.size, b.size):
        raise KeyError(f"{a.shape} {operator} {b.shape}")
    a, b = np.broadcast_arrays(a, b)
    pairs = zip(a.ravel(), b.ravel(), strict=True)
    return filled(a.shape, [Operation(operator, left, right) for left, right in pairs])  # type: ignore[arg-type]


def _product(a: Array, b: Array) -> Array:
    if a.shape[1] != b.shape[0] or 1 in (a.size, b.size):
        return _each("*", a, b)
    sums = [
        reduce(lambda one, other: Operation("+", one, other), map(lambda x, y: Operation("*", x, y), row, column))
        for row in a
        for column in b.T
    ]
    return filled((a.shape[0], b.shape[1]), sums)
