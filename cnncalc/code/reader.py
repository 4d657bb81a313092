"""Goes through a program as Python would, with our values in place of numbers."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from cnncalc.code.graph_of_code import Array, Chain, Network, Step, Tensor, Unread, Waiting, text_of
from cnncalc.code.library_calls import LibraryCalls, is_over_the_image
from cnncalc.code.written_out import Normal, normalized
from cnncalc.records import dataclass

OPERATORS = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply"}
KEPT = (
    "requires_grad_",
    "to",
    "cuda",
    "cpu",
    "float",
    "double",
    "eval",
    "train",
    "detach",
    "contiguous",
    "clone",
    "retain_grad",
    "parameters",
    "state_dict",
    "compile",
    "summary",
    "build",
)
"""Methods that leave a tensor or a model what it is."""


@dataclass
class Instance:
    """A module of the program's own: what its constructor has set."""

    definition: ast.ClassDef
    attributes: dict[str, Any] = field(default_factory=dict)


MOST_TURNS, MOST_STEPS = 100, 2000


class Reader(LibraryCalls):
    """Reads statements and expressions into values."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self.classes: dict[str, ast.ClassDef] = {}
        self.depth = 0

    def run(self, statements: Sequence[ast.stmt], scope: dict[str, Any]) -> Any:
        """Statement after statement; what a `return` gives."""
        for statement in statements:
            match statement:
                case ast.Return():
                    return self.value(statement.value, scope) if statement.value else None
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
                        return None  # what follows is training
                    made = self._whole(statement.value, scope)
                    if isinstance(made, Tensor | Chain | Instance | Array):
                        scope["_"] = made
                case ast.ClassDef():
                    self.classes[statement.name] = statement
                case ast.If():
                    self._branch(statement, scope)
                case ast.For():
                    turns = self.value(statement.iter, scope)
                    turns = turns.layers if isinstance(turns, Chain) else turns
                    if isinstance(turns, list | tuple) and len(self.network.steps) < MOST_STEPS:
                        for turn in turns:
                            self._bind(statement.target, turn, scope)
                            self.run(statement.body, scope)
                        continue
                    self._lose(statement, scope)
                case ast.With():
                    self.run(statement.body, scope)
                case ast.While() | ast.Try():
                    self._lose(statement, scope)
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
        for name in _bound_in(statement):
            if isinstance(scope.get(name), Tensor):
                what = type(statement).__name__.lower()
                scope[name] = Unread(statement.lineno, f"{name} is changed in a `{what}` that cannot be followed")

    def _branch(self, statement: ast.If, scope: dict[str, Any]) -> None:
        test = self.value(statement.test, scope)
        if isinstance(test, Waiting | Chain | Instance):
            test = True
        if isinstance(test, bool | int | str) or test is None:
            self.run(statement.body if test else statement.orelse, scope)
            return
        for name in _bound_in(statement):
            if name in scope:
                scope[name] = Unread(statement.lineno, f"it depends on `if {text_of(statement.test)}`")

    def _bind(self, target: ast.expr, made: Any, scope: dict[str, Any]) -> None:
        match target:
            case ast.Name():
                if isinstance(made, Array) and not made.name:
                    made.name = target.id
                if isinstance(made, Tensor) and "self" not in scope and not self.network.steps[made.step].name:
                    self.network.steps[made.step].name = target.id
                scope[target.id] = made
            case ast.Attribute(value=ast.Name(id="self")) if isinstance(scope.get("self"), Instance):
                scope["self"].attributes[target.attr] = made
            case ast.Tuple():
                parts = made if isinstance(made, tuple | list) and len(made) == len(target.elts) else None
                for at, inner in enumerate(target.elts):
                    self._bind(inner, parts[at] if parts else Unread(target.lineno, "several at once"), scope)

    # Expressions

    def value(self, node: ast.expr, scope: dict[str, Any]) -> Any:
        """One expression; what is lost of a network is noted."""
        made = self._value(node, scope)
        is_lost = isinstance(made, Unread) and isinstance(node, ast.Call | ast.BinOp) and self._has_tensor(node, scope)
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
        if isinstance(a, Tensor | Array) and isinstance(b, Tensor | Array) and operator in OPERATORS:
            return self.network.add(Step(OPERATORS[operator], {}, [a, b], node.lineno))
        if isinstance(a, int | float) and isinstance(b, int | float):
            try:
                return _arithmetic(operator, a, b)
            except ArithmeticError:
                return Unread(node.lineno, f"`{text_of(node)}`")
        for side in (a, b):
            if isinstance(side, Unread):
                return side
        return Unread(node.lineno, f"`{text_of(node)}` is not read")

    def _attribute(self, node: ast.Attribute, scope: dict[str, Any]) -> Any:
        if isinstance(node.value, ast.Name) and node.value.id in scope:
            owner = scope[node.value.id]
            if isinstance(owner, Instance):
                return owner.attributes.get(node.attr, Unread(node.lineno, f"self.{node.attr} is not set"))
        return Unread(node.lineno, f"`{text_of(node)}` is not known")

    def _subscript(self, node: ast.Subscript, scope: dict[str, Any]) -> Any:
        made = self.value(node.value, scope)
        is_none = isinstance(node.slice, ast.Constant) and node.slice.value is None
        if isinstance(made, Array) and is_none:
            return Array((1, *made.shape), made.name, one=True)
        if isinstance(made, Normal) or (isinstance(made, Array) and "None" in text_of(node.slice)):
            return made
        if isinstance(made, Chain | list | tuple):
            at = self.value(node.slice, scope)
            inner = made.layers if isinstance(made, Chain) else made
            if isinstance(at, int) and -len(inner) <= at < len(inner):
                return inner[at]
        return made if isinstance(made, Unread) else Unread(node.lineno, f"`{text_of(node)}` is not read")

    def _call(self, node: ast.Call, scope: dict[str, Any]) -> Any:
        self.depth += 1
        try:
            if self.depth > 60:
                return Unread(node.lineno, "calls within calls")
            return self._called(node, scope)
        finally:
            self.depth -= 1

    def _called(self, node: ast.Call, scope: dict[str, Any]) -> Any:
        word = _dotted(node.func)
        last = word.rpartition(".")[2] if word else ""
        owner: Any = None
        callee: Any = None
        if isinstance(node.func, ast.Attribute):
            is_library = bool(word) and word.partition(".")[0] not in scope
            owner = None if is_library else self.value(node.func.value, scope)
            callee = owner.attributes.get(node.func.attr) if isinstance(owner, Instance) else None
        else:
            callee = self.value(node.func, scope) if not word or word in scope or word in self.classes else None
        arguments = [self.value(each, scope) for each in node.args if not isinstance(each, ast.Starred)]
        for starred in (each for each in node.args if isinstance(each, ast.Starred)):
            inner = self.value(starred.value, scope)
            arguments += inner if isinstance(inner, list | tuple) else [Unread(node.lineno, f"`{text_of(starred)}`")]
        options = {keyword.arg or "": self.value(keyword.value, scope) for keyword in node.keywords}
        if isinstance(callee, ast.ClassDef):
            return self._instance(callee, arguments, options)
        if isinstance(callee, Instance):
            return self.forward(callee, arguments)
        if isinstance(callee, Waiting | Chain):
            return self.network.apply(callee, arguments[0]) if arguments else Unread(node.lineno, "a layer of nothing")
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
        return self.function(word, last, arguments, options, node)

    def _instance(self, definition: ast.ClassDef, arguments: Sequence[Any], options: Mapping[str, Any]) -> Any:
        made = Instance(definition)
        function = _method_of(definition, "__init__")
        if function is not None:
            self.run(function.body, self._scope(function, made, arguments, options))
        return made

    def forward(self, instance: Instance, arguments: Sequence[Any]) -> Any:
        """What `forward` (or Keras's `call`) of a module makes of tensors."""
        function = _method_of(instance.definition, "forward") or _method_of(instance.definition, "call")
        if function is None:
            return Unread(instance.definition.lineno, f"{instance.definition.name} has no forward")
        return self.run(function.body, self._scope(function, instance, arguments, {}))

    def _scope(
        self, function: ast.FunctionDef, instance: Instance, given: Sequence[Any], named: Mapping[str, Any]
    ) -> dict[str, Any]:
        names = [argument.arg for argument in function.args.args]
        scope: dict[str, Any] = {}
        defaults = function.args.defaults
        for name, default in zip(names[len(names) - len(defaults) :], defaults, strict=True):
            scope[name] = self.value(default, {})
        return {**scope, **dict(zip(names[1:], given, strict=False)), **named, names[0]: instance}

    def _method(self, owner: Any, name: str, arguments: list[Any], options: Mapping[str, Any], node: ast.Call) -> Any:
        if name in KEPT:
            return owner
        if isinstance(owner, Tensor) and name == "mean" and arguments and arguments[0] in ((0, 2, 3), 0):
            return Normal("mean", owner)
        if isinstance(owner, Chain):
            if name in ("add", "append", "add_module"):
                owner.layers.append(arguments[-1])
                return None
            return owner if name in ("compile", "build", "summary") else Unread(node.lineno, f"`{text_of(node)}`")
        if isinstance(owner, Instance):
            if name == "forward":
                return self.forward(owner, arguments)
            function = _method_of(owner.definition, name)
            return self.run(function.body, self._scope(function, owner, arguments, options)) if function else None
        if name in ("view", "reshape", "flatten"):
            return self.flattened(owner, name, arguments, node)
        if isinstance(owner, Array) and name == "unsqueeze":
            return Array((1, *owner.shape), owner.name, one=True)
        if name == "mean" and is_over_the_image(arguments, options):
            pooled = self.network.add(Step("global_avg_pool", {}, [owner], node.lineno))
            return self.network.add(Step("flatten", {}, [pooled], node.lineno))
        if name in ("size", "numel", "dim"):
            return Unread(node.lineno, f"`{text_of(node)}`")
        return self.function(f"F.{name}", name, [owner, *arguments], options, node)


def _arithmetic(operator: type[ast.operator], a: Any, b: Any) -> Any:
    if max(abs(a), abs(b)) > 10**12:
        raise ArithmeticError
    match operator:
        case ast.Add:
            return a + b
        case ast.Sub:
            return a - b
        case ast.Mult:
            return a * b
        case ast.Div:
            return a / b
        case ast.FloorDiv:
            return a // b
        case ast.Mod:
            return a % b
    raise ArithmeticError


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
    return (bool(bases & {"Module", "Model", "Layer"}) and _method_of(definition, "forward") is not None) or (
        bool(bases & {"Model"}) and _method_of(definition, "call") is not None
    )
