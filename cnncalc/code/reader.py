"""Goes through a program as Python would, with our values in place of numbers."""

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any

from cnncalc.code.expressions_of_code import MOST_STEPS, MOST_TURNS, Filling
from cnncalc.code.graph_of_code import (
    Array,
    Chain,
    Instance,
    LayerClass,
    Loss,
    Network,
    Tensor,
    Unread,
    Waiting,
    paths,
    text_of,
)
from cnncalc.code.library_calls import PRODUCTS, Normal, is_over_the_image
from cnncalc.records import dataclass

KEPT = ("requires_grad_", "to", "cuda", "cpu", "float", "double", "eval", "train", "detach", "contiguous", "clone",
        "retain_grad", "parameters", "state_dict", "compile", "summary", "build",
        "expand_as", "expand", "squeeze")  # fmt: skip
"""Methods that leave a tensor or a model what it is."""


@dataclass
class Returned:
    """What a `return` gives."""

    value: Any


GROWING = ("append", "extend", "add", "add_module", "insert")


class Reader(Filling):
    """Reads statements and expressions into values."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self.classes: dict[str, ast.ClassDef] = {}
        self.everywhere: dict[str, Any] = {}
        """The names of the program itself, which its functions know as well."""
        self.depth = 0

    def run(self, statements: Sequence[ast.stmt], scope: dict[str, Any]) -> Any:
        """Statement after statement; what a `return` gives."""
        returned = self._run(statements, scope)
        return returned.value if returned else None

    def _run(self, statements: Sequence[ast.stmt], scope: dict[str, Any]) -> Returned | None:
        """The same; None where nothing is returned."""
        for statement in statements:
            match statement:
                case ast.Return():
                    return Returned(self.value(statement.value, scope) if statement.value else None)
                case ast.Assign():
                    made = self._whole(statement.value, scope)
                    for target in statement.targets:
                        self._bind(target, made, scope)
                case ast.AnnAssign(value=ast.expr()):
                    self._bind(statement.target, self.value(statement.value, scope), scope)  # type: ignore[arg-type]
                case ast.AugAssign():
                    left = self.value(statement.target, scope)
                    made = self._operation(type(statement.op), left, self.value(statement.value, scope), statement)
                    self._bind(statement.target, made, scope)
                case ast.Expr():
                    if ".backward(" in ast.unparse(statement):
                        return Returned(None)  # what follows is training
                    for shown in _shown(statement.value):
                        made = self._whole(shown, scope)
                        if isinstance(made, Tensor | Chain | Instance | Array):
                            scope["_"] = made
                case ast.ClassDef():
                    self.classes[statement.name] = statement
                case ast.FunctionDef():
                    scope[statement.name] = statement
                case ast.If() | ast.For() | ast.With():
                    returned = self._block(statement, scope)
                    if returned is not None:
                        return returned
                case ast.While() | ast.Try():
                    self._lose(statement, scope)
        return None

    def _block(self, statement: ast.If | ast.For | ast.With, scope: dict[str, Any]) -> Returned | None:
        if isinstance(statement, ast.If):
            return self._branch(statement, scope)
        if isinstance(statement, ast.With):
            return self._run(statement.body, scope)
        turns = self.value(statement.iter, scope)
        turns = turns.layers if isinstance(turns, Chain) else turns
        if not isinstance(turns, list | tuple) or len(self.network.steps) >= MOST_STEPS:
            self._lose(statement, scope)
            return None
        for turn in turns:
            self._bind(statement.target, turn, scope)
            returned = self._run(statement.body, scope)
            if returned is not None:
                return returned
        return None

    def _whole(self, node: ast.expr, scope: dict[str, Any]) -> Any:
        """A statement's value; where it cannot be read, as a loss cannot, none of its parts is a step."""
        before = len(self.network.steps)
        made = self.value(node, scope)
        if isinstance(made, Unread):
            del self.network.steps[before:]
        return made

    def _lose(self, statement: ast.stmt, scope: dict[str, Any]) -> None:
        """What is changed in a loop that cannot be followed is not known any more."""
        what = type(statement).__name__.lower()
        for name in _bound_in(statement):
            if isinstance(scope.get(name), Tensor):
                scope[name] = Unread(statement.lineno, f"{name} is changed in a `{what}` that cannot be followed")
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in GROWING:
                grown = self.value(node.func.value, scope)
                lost = Unread(statement.lineno, f"layers are added in a `{what}` that cannot be followed")
                if isinstance(grown, Chain | list):
                    (grown.layers if isinstance(grown, Chain) else grown).append(lost)

    def _branch(self, statement: ast.If, scope: dict[str, Any]) -> Returned | None:
        test = self.value(statement.test, scope)
        if isinstance(test, Waiting | Chain | Instance):
            test = True
        if isinstance(test, bool | int | str) or test is None:
            return self._run(statement.body if test else statement.orelse, scope)
        for name in _bound_in(statement):
            if name in scope:
                scope[name] = Unread(statement.lineno, f"it depends on `if {text_of(statement.test)}`")
        return None

    def _bind(self, target: ast.expr, made: Any, scope: dict[str, Any]) -> None:
        match target:
            case ast.Name():
                if isinstance(made, Array) and not made.name:
                    made.name = target.id
                if isinstance(made, Tensor) and scope is self.everywhere and not self.network.steps[made.step].name:
                    self.network.steps[made.step].name = target.id
                if scope is self.everywhere:
                    paths(made, "")
                scope[target.id] = made
            case ast.Attribute(value=ast.Name(id=owner)) if isinstance(scope.get(owner), Instance):
                scope[owner].attributes[target.attr] = made
            case ast.Attribute() | ast.Subscript() if isinstance(made, Array | int | float):
                self.fill(target, made, scope)
            case ast.Tuple():
                parts = made if isinstance(made, tuple | list) and len(made) == len(target.elts) else None
                for at, inner in enumerate(target.elts):
                    self._bind(inner, parts[at] if parts else Unread(target.lineno, "several at once"), scope)

    def _call(self, node: ast.Call, scope: dict[str, Any]) -> Any:
        self.depth += 1
        try:
            if self.depth > 60:
                return Unread(node.lineno, "calls within calls")
            return self._called(node, scope)
        finally:
            self.depth -= 1

    def _called(self, node: ast.Call, scope: dict[str, Any]) -> Any:
        if self.filled(node, scope):
            return None
        word = _dotted(node.func)
        last = word.rpartition(".")[2] if word else ""
        owner: Any = None
        callee: Any = None
        if isinstance(node.func, ast.Attribute):
            is_library = bool(word) and word.partition(".")[0] not in scope
            owner = None if is_library else self.value(node.func.value, scope)
            callee = owner.attributes.get(node.func.attr) if isinstance(owner, Instance) else None
        else:
            known = not word or word in scope or word in self.classes or word in self.everywhere
            callee = self.value(node.func, scope) if known else None
        arguments = [self.value(each, scope) for each in node.args if not isinstance(each, ast.Starred)]
        for starred in (each for each in node.args if isinstance(each, ast.Starred)):
            inner = self.value(starred.value, scope)
            inner = inner.layers if isinstance(inner, Chain) else inner
            arguments += inner if isinstance(inner, list | tuple) else [Unread(node.lineno, f"`{text_of(starred)}`")]
        options = {keyword.arg or "": self.value(keyword.value, scope) for keyword in node.keywords}
        if isinstance(callee, LayerClass):
            return self.function(callee.word, callee.word.rpartition(".")[2], arguments, options, node)
        if isinstance(callee, ast.ClassDef):
            return self._instance(callee, arguments, options)
        if isinstance(callee, Instance):
            return self.forward(callee, arguments)
        if isinstance(callee, Unread) and arguments and isinstance(arguments[0], Tensor | Array):
            return callee
        if isinstance(callee, ast.FunctionDef):
            return self.run(callee.body, self._scope(callee, [], arguments, options))
        if isinstance(callee, Waiting | Chain):
            made = self.apply(callee, arguments[0]) if arguments else Unread(node.lineno, "a layer of nothing")
            return self.judged(made, arguments[1:]) if isinstance(made, Loss) else made
        if isinstance(node.func, ast.Attribute):
            if isinstance(owner, Normal):
                return owner.then("var") if owner.kind == "squares" and node.func.attr in ("mean", "sum") else None
            if isinstance(owner, Tensor | Array | Chain | Instance):
                return self._method(owner, node.func.attr, arguments, options, node)
            if last == "__init__" or node.func.attr == "__init__":
                return None
            if isinstance(owner, list) and node.func.attr in ("append", "extend") and arguments:
                owner.extend(arguments[0] if node.func.attr == "extend" else [arguments[0]])
                return None
        if word == "range" and all(isinstance(each, int) for each in arguments):
            return list(range(*arguments))[:MOST_TURNS]
        if word == "len" and arguments and isinstance(arguments[0], list | tuple | Chain):
            return len(arguments[0].layers if isinstance(arguments[0], Chain) else arguments[0])
        if word in ITERATING and arguments:
            listed = [each.layers if isinstance(each, Chain) else each for each in arguments]
            if all(isinstance(each, list | tuple) for each in listed):
                return list(ITERATING[word](*listed))
        return self.function(word, last, arguments, options, node)

    def apply(self, layer: Any, x: Any) -> Any:
        """A layer, a chain of them, or a module of the program's own, on what a step has made."""
        if isinstance(layer, Chain):
            for inner in layer.layers:
                x = x if isinstance(inner, Array) else self.apply(inner, x)  # Keras's Input is no layer
            return x
        return self.forward(layer, [x]) if isinstance(layer, Instance) else self.network.apply(layer, x)

    def _instance(self, definition: ast.ClassDef, arguments: Sequence[Any], options: Mapping[str, Any]) -> Any:
        made = Instance(definition, self.of_class(definition))
        function = _method_of(definition, "__init__")
        if function is not None:
            self.run(function.body, self._scope(function, [made], arguments, options))
        return made

    def forward(self, instance: Instance, arguments: Sequence[Any]) -> Any:
        """What `forward` (or Keras's `call`) of a module makes of tensors."""
        function = _forward_of(instance.definition)
        if function is None:
            return Unread(instance.definition.lineno, f"{instance.definition.name} has no forward")
        arguments = [self.network.taken(each) for each in arguments]
        return self.run(function.body, self._scope(function, [instance], arguments, {}))

    def _scope(
        self, function: ast.FunctionDef, first: Sequence[Any], given: Sequence[Any], named: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The names within a function; `first` is the module that it belongs to, if it does."""
        wanted = function.args
        names = [argument.arg for argument in [*wanted.posonlyargs, *wanted.args]]
        defaults = dict(zip(names[len(names) - len(wanted.defaults) :], wanted.defaults, strict=True))
        defaults |= {a.arg: d for a, d in zip(wanted.kwonlyargs, wanted.kw_defaults, strict=True) if d is not None}
        scope = {name: self.value(default, self.everywhere) for name, default in defaults.items()}
        several = {wanted.vararg.arg: list(given[len(names) - len(first) :])} if wanted.vararg else {}
        return {**self.everywhere, **scope, **dict(zip(names, [*first, *given], strict=False)), **several, **named}

    def _method(self, owner: Any, name: str, arguments: list[Any], options: Mapping[str, Any], node: ast.Call) -> Any:
        if name in KEPT:
            return owner
        if isinstance(owner, Instance) and name in ("init", "apply", "predict") and arguments:
            made = self.forward(owner, arguments[-1:])
            return [made] if name == "init" else made  # flax's parameters are no output
        if name == "load_state_dict" and node.args and isinstance(node.args[0], ast.Dict):
            for key, value in zip(node.args[0].keys, node.args[0].values, strict=True):
                array = self.value(value, self.everywhere)
                if isinstance(key, ast.Constant) and isinstance(array, Array):
                    self.network.state[str(key.value)] = array
            return None
        if isinstance(owner, Tensor) and name == "mean" and arguments and arguments[0] in ((0, 2, 3), 0):
            return Normal("mean", owner)
        if isinstance(owner, Chain):
            if name == "predict" and arguments:
                return self.apply(owner, arguments[0])
            if name in ("add", "append", "add_module", "extend"):
                added = arguments[-1]
                owner.layers += (added.layers if isinstance(added, Chain) else added) if name == "extend" else [added]
                if name == "add_module" and isinstance(added, Waiting) and isinstance(arguments[0], str):
                    added.own_name = arguments[0]
                return None
            return owner if name in ("compile", "build", "summary") else Unread(node.lineno, f"`{text_of(node)}`")
        if isinstance(owner, Instance):
            if name == "forward":
                return self.forward(owner, arguments)
            function = _method_of(owner.definition, name)
            if function is None:
                return None
            is_static = any(ast.unparse(each) == "staticmethod" for each in function.decorator_list)
            return self.run(function.body, self._scope(function, [] if is_static else [owner], arguments, options))
        if isinstance(owner, Array) and name in ("view", "reshape") and all(isinstance(a, int) for a in arguments):
            shape = tuple(arguments)
            if -1 in shape:
                shape = tuple(prod(owner.shape) // -prod(shape) if size == -1 else size for size in shape)
            if prod(shape) == prod(owner.shape):
                values = None if owner.values is None else owner.values.reshape(shape)
                return Array(shape, owner.name, one=len(shape) in (2, 4) and shape[0] == 1, values=values)
        if name in ("view", "reshape", "flatten"):
            return self.flattened(owner, name, arguments, node)
        if isinstance(owner, Array) and name in ("t", "transpose") and len(owner.shape) == 2:
            return owner.turned()
        if name in PRODUCTS and arguments and isinstance(arguments[0], Tensor | Array):
            return self.product(owner, arguments[0], node.lineno)
        if isinstance(owner, Array) and name == "unsqueeze":
            return owner.with_axis()
        if name == "mean" and is_over_the_image(arguments, options):
            return self.averaged(owner, node.lineno)
        if name in ("size", "numel", "dim"):
            return Unread(0, f"`{text_of(node)}`")  # of no line: it is only said where it matters
        return self.function(f"F.{name}", name, [owner, *arguments], options, node)


ITERATING: Mapping[str, Callable[..., Iterable[Any]]] = {
    "zip": zip, "enumerate": enumerate, "reversed": reversed, "list": list, "tuple": tuple,
}  # fmt: skip
"""Functions of Python that go through lists."""


def _shown(node: ast.expr) -> list[ast.expr]:
    """What a statement shows, without what it asks of it: the `net(x)` of `print(net(x).shape)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
        return [inner for each in node.args for inner in _shown(each)]
    while True:
        match node:
            case ast.Attribute(attr="shape" | "dtype" | "data"):
                node = node.value
            case ast.Call(func=ast.Attribute(attr="size" | "item" | "numpy" | "tolist" | "dim", value=inner)):
                node = inner
            case _:
                return [node]


def _method_of(definition: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    return next((each for each in definition.body if isinstance(each, ast.FunctionDef) and each.name == name), None)


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    inner = _dotted(node.value) if isinstance(node, ast.Attribute) else ""
    return f"{inner}.{node.attr}" if inner and isinstance(node, ast.Attribute) else ""


def _bound_in(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def is_model(definition: ast.ClassDef) -> bool:
    """Whether a class is a network."""
    bases = {_dotted(base).rpartition(".")[2] for base in definition.bases}
    forward = _forward_of(definition)
    return forward is not None and bool(
        bases & {"Module", "Model"} or (bases & {"Layer"} and forward.name == "forward")
    )


def _forward_of(definition: ast.ClassDef) -> ast.FunctionDef | None:
    """PyTorch's `forward`, Keras's `call`, flax's `__call__`."""
    return next(filter(None, (_method_of(definition, name) for name in ("forward", "call", "__call__"))), None)
