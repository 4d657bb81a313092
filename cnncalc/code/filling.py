"""What a program puts into the parameters of its layers: `conv.weight.data = …`, `copy_`, `nn.init`, `set_weights`."""

import ast
from typing import Any

import numpy as np

from cnncalc.code.expressions_of_code import Expressions
from cnncalc.code.graph_of_code import Array, Waiting

FILLING = {
    "copy_": False,
    "fill_": False,
    "zero_": False,
    "set_weights": False,
    "constant_": True,
    "ones_": True,
    "zeros_": True,
}
"""Calls that fill a parameter: whether it is the first argument, and not what the call is of."""
KERAS_AXES = {4: (3, 2, 0, 1), 2: (1, 0)}
"""By their number: for each of our axes of a weight which one of Keras's it is."""


class Filling(Expressions):
    """Notes the numbers of parameters in their layers."""

    def fill(self, target: ast.expr, made: Array | float, scope: dict[str, Any]) -> None:
        """`conv.weight.data[:] = …`: the numbers of a layer's parameter, or one for all of them."""
        if not isinstance(made, Array):
            made = Array((), values=np.array(made, dtype=object))
        while isinstance(target, ast.Subscript) or (isinstance(target, ast.Attribute) and target.attr == "data"):
            target = target.value
        owner = self.value(target.value, scope) if isinstance(target, ast.Attribute) else None
        if isinstance(owner, Waiting) and isinstance(target, ast.Attribute) and made.values is not None:
            owner.weights[target.attr] = made

    def filled(self, node: ast.Call, scope: dict[str, Any]) -> bool:
        """Whether it is one of `conv.weight.copy_(W)`, `nn.init.constant_(conv.weight, 0.5)`, `set_weights([W, b])`."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name not in FILLING or not isinstance(node.func, ast.Attribute):
            return False
        target, *given = (node.args or [node.func.value]) if FILLING[name] else [node.func.value, *node.args]
        made = self.value(given[0], scope) if given else {"ones_": 1, "zeros_": 0, "zero_": 0}.get(name)
        if name == "set_weights" and isinstance(made, list):
            owner = self.value(target, scope)
            for local, array in zip(("weight", "bias"), made, strict=False):
                if isinstance(owner, Waiting) and isinstance(array, Array) and array.values is not None:
                    axes = KERAS_AXES.get(len(array.shape), range(len(array.shape)))
                    values = array.values.transpose(axes)
                    owner.weights[local] = Array(values.shape, values=values)
        if isinstance(made, Array | int | float):
            self.fill(target, made, scope)
        return True
