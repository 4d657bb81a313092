"""Expressions of a program as our values (constants, tensors, layers, lists), and what fills its parameters.

`conv.weight.data = …`, `copy_`, `nn.init`, `set_weights`.
"""

import ast
from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from operator import add, floordiv, mod, mul, sub, truediv
from typing import Any

import numpy as np

from cnncalc.code.graph_of_code import (
    FLAX_POOLS,
    Array,
    Chain,
    Instance,
    LayerClass,
    Step,
    Tensor,
    Unread,
    Waiting,
    text_of,
)
from cnncalc.code.library_calls import ONE_TO_ONE, LibraryCalls, Normal, normalized
from cnncalc.problem.words.spelling import layer_word

OPERATORS = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply"}
ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: truediv, ast.FloorDiv: floordiv, ast.Mod: mod,
}  # fmt: skip
"""Between constants."""
LARGEST = 10**12
MOST_TURNS, MOST_STEPS = 100, 2000
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


class Expressions(LibraryCalls):
    """Reads expressions into values; calls and assignments are its reader's."""

    classes: dict[str, ast.ClassDef]
    """Of the program, by name."""

    @abstractmethod
    def _call(self, node: ast.Call, scope: dict[str, Any]) -> Any: ...

    def of_class(self, definition: ast.ClassDef) -> dict[str, Any]:
        """What a class says of all its modules: `expansion = 4`."""
        said: dict[str, Any] = {}
        for statement in definition.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                said |= {each.id: self._value(statement.value, said) for each in targets if isinstance(each, ast.Name)}
        return said

    @abstractmethod
    def _bind(self, target: ast.expr, made: Any, scope: dict[str, Any]) -> None: ...

    def value(self, node: ast.expr, scope: dict[str, Any]) -> Any:
        """One expression; what is lost of a network is noted."""
        made = self._value(node, scope)
        is_lost = (
            isinstance(made, Unread)
            and made.line
            and isinstance(node, ast.Call | ast.BinOp)
            and self._has_tensor(node, scope)
        )
        if is_lost and made.line not in dict(self.network.lost):
            self.network.lost.append((made.line, made.reason))
        return made

    def _has_tensor(self, node: ast.expr, scope: dict[str, Any]) -> bool:
        names = [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)]
        return any(isinstance(scope.get(name), Tensor | Array) for name in names)

    def _value(self, node: ast.expr, scope: dict[str, Any]) -> Any:
        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return scope.get(node.id, self.classes.get(node.id, Unread(node.lineno, f"{node.id} is not known")))
            case ast.Tuple() | ast.List():
                made = [self.value(each, scope) for each in node.elts]
                return tuple(made) if isinstance(node, ast.Tuple) else made
            case ast.UnaryOp(op=ast.USub()):
                inner = self.value(node.operand, scope)
                return -inner if isinstance(inner, int | float) else Unread(node.lineno, f"`{text_of(node)}`")
            case ast.Compare(ops=[operator], comparators=[other]):
                return self._compared(operator, self.value(node.left, scope), self.value(other, scope), node)
            case ast.UnaryOp(op=ast.Not()):
                inner = self.value(node.operand, scope)
                return inner if isinstance(inner, Unread) else not inner
            case ast.BoolOp():
                return self._joined(node, scope)
            case ast.BinOp(op=ast.Div(), left=ast.Constant(value=1)) if (inner := _in_sigmoid(node.right)) is not None:
                made = self.value(inner, scope)
                is_read = isinstance(made, Tensor | Array)
                return self.network.add(Step("sigmoid", {}, [made], node.lineno)) if is_read else made
            case ast.IfExp():
                test = self.value(node.test, scope)
                return test if isinstance(test, Unread) else self.value(node.body if test else node.orelse, scope)
            case ast.ListComp(generators=[ast.comprehension(ifs=[]) as each]):
                turns = self.value(each.iter, scope)
                if isinstance(turns, list | tuple):
                    made = []
                    for turn in turns:
                        inner_scope = dict(scope)
                        self._bind(each.target, turn, inner_scope)
                        made.append(self.value(node.elt, inner_scope))
                    return made
            case ast.BinOp():
                sides = self.value(node.left, scope), self.value(node.right, scope)
                return self._operation(type(node.op), *sides, node)
            case ast.Attribute():
                return self._attribute(node, scope)
            case ast.Subscript():
                return self._subscript(node, scope)
            case ast.Call():
                return self._call(node, scope)
            case ast.Starred():
                return Unread(node.lineno, f"`{text_of(node)}`")
        return Unread(getattr(node, "lineno", 0), f"`{text_of(node)}` is not read")

    def _joined(self, node: ast.BoolOp, scope: dict[str, Any]) -> Any:
        """`a and b`, `a or b`: the first that decides."""
        made: Any = None
        for each in node.values:
            made = self.value(each, scope)
            if isinstance(made, Unread) or bool(made) == isinstance(node.op, ast.Or):
                break
        return made

    def _compared(self, operator: ast.cmpop, a: Any, b: Any, node: ast.expr) -> Any:
        for side in (a, b):
            if isinstance(side, Unread):
                return side
        made = {ast.Is: a is b, ast.IsNot: a is not b, ast.Eq: a == b, ast.NotEq: a != b}.get(type(operator))
        if made is None and isinstance(a, int | float) and isinstance(b, int | float):
            made = {ast.Lt: a < b, ast.Gt: a > b, ast.LtE: a <= b, ast.GtE: a >= b}.get(type(operator))
        return Unread(node.lineno, f"`{text_of(node)}` is not read") if made is None else made

    def _operation(self, operator: type[ast.operator], a: Any, b: Any, node: ast.stmt | ast.expr) -> Any:
        if isinstance(a, Normal) or isinstance(b, Normal):
            normal = normalized(operator, a, b)
            if isinstance(normal, Normal) and normal.kind == "done":
                step = Step("batch_norm", {"eps": str(normal.eps)}, [normal.x], node.lineno)
                step.weights = normal.weights
                return self.network.add(step)
            return normal or Unread(node.lineno, f"`{text_of(node)}` is not read")
        if operator is ast.MatMult and isinstance(a, Tensor | Array) and isinstance(b, Tensor | Array):
            return self.product(a, b, node.lineno)
        bias = self._with_bias(a, b) if operator is ast.Add else None
        if bias is not None:
            return bias
        if isinstance(a, Tensor | Array) and isinstance(b, Tensor | Array) and operator in OPERATORS:
            return self.network.add(Step(OPERATORS[operator], {}, [a, b], node.lineno))
        if isinstance(a, list) and isinstance(b, list) and operator is ast.Add:
            return a + b
        if isinstance(a, list) and isinstance(b, int) and operator is ast.Mult:
            return a * min(b, MOST_TURNS)
        if isinstance(a, int | float) and isinstance(b, int | float):
            with suppress(ArithmeticError, KeyError):
                if max(abs(a), abs(b)) <= LARGEST:
                    return ARITHMETIC[operator](a, b)
            return Unread(node.lineno, f"`{text_of(node)}`")
        for side in (a, b):
            if isinstance(side, Unread):
                return side
        return Unread(node.lineno, f"`{text_of(node)}` is not read")

    def _with_bias(self, a: Any, b: Any) -> Tensor | None:
        """`x @ W.T + b`: the sum with what is one number for each output."""
        made, bias = (a, b) if isinstance(a, Tensor) else (b, a)
        if isinstance(bias, int | float):
            bias = Array((), values=np.array(bias, dtype=object))
        if not isinstance(made, Tensor) or not isinstance(bias, Array) or made.step != len(self.network.steps) - 1:
            return None
        step = self.network.steps[made.step]
        is_free = step.type == "fc" and "weight" in step.weights and "bias" not in step.weights
        if is_free and bias.shape == ():
            bias.shape = step.weights["weight"].shape[:1]
            bias.values = None if bias.values is None else np.full(bias.shape, bias.values[()], dtype=object)
        if not is_free or bias.shape[-1:] != step.weights["weight"].shape[:1] or len(bias.shape) > 1:
            return None
        step.weights["bias"] = bias
        return made

    def _attribute(self, node: ast.Attribute, scope: dict[str, Any]) -> Any:
        if not isinstance(node.value, ast.Name) or node.value.id in scope or node.value.id in self.classes:
            owner = self._value(node.value, scope)
            if isinstance(owner, Instance):
                return owner.attributes.get(node.attr, Unread(node.lineno, f"self.{node.attr} is not set"))
            if isinstance(owner, ast.ClassDef):
                return self.of_class(owner).get(node.attr, Unread(node.lineno, f"`{text_of(node)}` is not known"))
            if isinstance(owner, Chain) and node.attr == "layers":
                return owner.layers
            if isinstance(owner, Array) and node.attr == "T":
                return owner.turned()
        if node.attr[:1].isupper() and layer_word(node.attr) is not None:
            return LayerClass(ast.unparse(node))
        if node.attr in (*ONE_TO_ONE, *FLAX_POOLS):
            return Waiting(ast.unparse(node), [], {}, node.lineno)  # a function as a layer: `nnx.relu`
        return Unread(node.lineno, f"`{text_of(node)}` is not known")

    def _subscript(self, node: ast.Subscript, scope: dict[str, Any]) -> Any:
        made = self.value(node.value, scope)
        is_none = isinstance(node.slice, ast.Constant) and node.slice.value is None
        if isinstance(made, Array) and is_none:
            return made.with_axis()
        if isinstance(made, Normal) or (isinstance(made, Array) and "None" in text_of(node.slice)):
            return made
        if isinstance(made, Chain | list | tuple):
            at = None if isinstance(node.slice, ast.Slice) else self.value(node.slice, scope)
            inner = made.layers if isinstance(made, Chain) else made
            if isinstance(node.slice, ast.Slice):
                parts = [node.slice.lower, node.slice.upper, node.slice.step]
                ends = [None if part is None else self.value(part, scope) for part in parts]
                if all(end is None or isinstance(end, int) for end in ends):
                    kept = list(inner)[slice(*ends)]
                    return Chain(kept) if isinstance(made, Chain) else kept
            if isinstance(at, int) and -len(inner) <= at < len(inner):
                return inner[at]
        return made if isinstance(made, Unread) else Unread(node.lineno, f"`{text_of(node)}` is not read")


def _in_sigmoid(node: ast.expr) -> ast.expr | None:
    """The z of `1 + np.exp(-z)`; None for anything else."""
    match node:
        case ast.BinOp(
            op=ast.Add(), left=ast.Constant(value=1),
            right=ast.Call(func=ast.Attribute(attr="exp"), args=[ast.UnaryOp(op=ast.USub(), operand=inner)]),
        ):  # fmt: skip
            return inner
    return None


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
