"""Expressions as a problem: `f: 2*(x*y + max(z, w))` becomes a graph of steps, each a function of one or two numbers.

Python's own grammar takes the text apart; what is not arithmetic in it is refused.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from cnncalc.arithmetic.base import filled
from cnncalc.arithmetic.expression import Constant, Literal, Variable
from cnncalc.language import Phrase
from cnncalc.layers import functions
from cnncalc.layers.activations.rectifiers import Relu
from cnncalc.layers.activations.smooth import Sigmoid, Tanh
from cnncalc.layers.base import Layer
from cnncalc.layers.joining.several import Add, Identity, Multiply, Subtract
from cnncalc.problem.drafts import Draft
from cnncalc.problem.links import link
from cnncalc.problem.names import Named, after_update, is_name, parts, with_gradients
from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.number.numbers import read_number
from cnncalc.problem.problem import NUMBERS, GivenTensor, Numbers, Problem
from cnncalc.problem.questions import read_answers, read_questions
from cnncalc.problem.shapes import infer_shapes
from cnncalc.problem.tensor.tensors import TensorReader
from cnncalc.problem.text.faults import Collector, Place, counted, did_you_mean, quoted
from cnncalc.problem.text.nodes import Fields, Node, Scalar
from cnncalc.problem.text.scalars import check_keys, read_text
from cnncalc.problem.updates import fitted_update, make_update, read_update
from cnncalc.problem.words.other_names import Known
from cnncalc.problem.words.spelling import Said

KEYS = ("title", "source", "numbers", "expressions", "values", "update", "questions", "answers")
LONGEST = 2000
Real = int | Decimal | Fraction
FUNCTIONS: Mapping[str, type[Layer]] = {
    "exp": functions.Exp,
    "log": functions.Log,
    "ln": functions.Log,
    "sqrt": functions.Sqrt,
    "sin": functions.Sin,
    "cos": functions.Cos,
    "abs": functions.Absolute,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "relu": Relu,
}
"""Of one number."""
CHOICES = {"max": (functions.Maximum, functions.AtLeast), "min": (functions.Minimum, functions.AtMost)}
"""Of two numbers or more: among letters, and of one of them and a number."""
OF_LETTERS: Mapping[type[ast.operator], type[Layer]] = {
    ast.Add: Add, ast.Sub: Subtract, ast.Mult: Multiply, ast.Div: functions.Divide, ast.Pow: functions.Raise,
}  # fmt: skip
WITH_A_NUMBER: Mapping[tuple[type[ast.operator], bool], Callable[[Any], Layer]] = {
    **{(ast.Add, is_first): lambda number: functions.Shift(number=number) for is_first in (True, False)},
    **{(ast.Mult, is_first): lambda number: functions.Scale(number=number) for is_first in (True, False)},
    (ast.Sub, True): lambda number: functions.Shift(number=-number),
    (ast.Sub, False): lambda number: functions.Shift(number=number, minus=True),
    (ast.Div, False): lambda number: functions.Reciprocal(number=number),
    (ast.Pow, False): lambda number: functions.Exponential(number=number),
}
"""By operation, and whether the letter stands first."""
_SIGNS = str.maketrans({"×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "−": "-", "（": "(", "）": ")", "，": ","})
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWER = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_PRODUCT = re.compile(r"(?<![\w.])((?:\d+\.?\d*|\.\d+))(?=[(]|(?![eE][+-]?\d)[^\W\d])|(?<=\))(?=[\w(])")
"""`2x`, `2(x + y)` and `(a + b)(c + d)`: a product sign is left out."""


def in_python(text: str) -> str:
    """An expression as people write it in Python's grammar: `2x²·y` as `2*x**2*y`."""
    plain = _POWER.sub(lambda found: f"**{found[0].translate(_RAISED)}", text.translate(_SIGNS)).replace("^", "**")
    return _PRODUCT.sub(lambda found: f"{found[0]}*", plain.strip())


class _Refused(Exception):
    """What stands there is no arithmetic."""

    def __init__(self, message: str, remedy: str, at: int = 0) -> None:
        super().__init__(message)
        self.message, self.remedy, self.at = message, remedy, at


def read_circuit(root: Fields, text: str, source: str, faults: Collector, tensors: TensorReader) -> Problem | None:
    """The problem of a file with `expressions`; None (with faults) where it cannot be had."""
    check_keys(root, KEYS, "a problem of expressions", faults)
    title = read_text(root.get("title"), "title", faults)
    origin = read_text(root.get("source"), "source", faults)
    numbers = root.get("numbers")
    choice = numbers.text if isinstance(numbers, Scalar) else NUMBERS[0]
    if choice not in NUMBERS:
        faults.add(f"numbers is {quoted(choice)}", f"write {', '.join(NUMBERS)}", root.entries["numbers"][0].place)
    circuit = _Circuit(faults)
    circuit.read_values(root.get("values"))
    circuit.read_lines(root.entries["expressions"][1], root.entries["expressions"][0].place)
    if len(faults):
        return None
    output, inputs = circuit.drafts[-1].name, circuit.inputs()
    link(circuit.drafts, dict.fromkeys(inputs), faults)
    named = [Named(name) for name in inputs]
    named += [tensor for draft in circuit.drafts for tensor in draft.named().tensors()]
    names = with_gradients(named, None, output) | parts([draft.named() for draft in circuit.drafts], output)
    layers, said, notices = [draft.named() for draft in circuit.drafts], Said(), list[Phrase]()
    typed = read_update(root.get("update"), root, tensors, faults)
    update = make_update(typed, layers, None, faults, inputs, is_expression=True) if typed else None
    if update is not None:
        names |= after_update(layers, update, output, output, inputs)
    known = Known(layers, list(names), names.get, lambda _: 0, list(inputs), None, output)
    questions, answers = (
        read_questions(root.get("questions"), known, faults, said.word),
        read_answers(root.get("answers"), known, faults),
    )
    entries, y = infer_shapes(circuit.drafts, dict.fromkeys(inputs, ()), 1, faults)
    if len(faults) or y is None:
        return None
    if update is not None and typed is not None:
        values = [GivenTensor(name, filled((), [0])) for name in inputs]
        update = fitted_update(update, typed, values, None, 1, faults, notices)
    if len(faults):
        return None
    one = GivenTensor(f"d{output}/d{output}", filled((1,), [1]))
    return Problem(
        title=title or "",
        source=origin or "",
        index_base=1,
        numbers=cast(Numbers, choice),
        inputs=tuple(GivenTensor(name, filled((1,), [value]), place) for name, (value, place) in inputs.items()),
        batch=None,
        layers=tuple(entries),
        loss=None,
        upstream=one,
        loss_name=output,
        questions=questions,
        answers=answers,
        file=source,
        text=text,
        has_letters=any(isinstance(value, Variable) for value, _ in inputs.values()),
        update=update,
        notices=(*said.lines(), *notices),
    )


class _Circuit:
    """Collects steps, line by line."""

    def __init__(self, faults: Collector) -> None:
        self.faults = faults
        self.values: dict[str, tuple[Literal, Place | None]] = {}
        self.drafts: list[Draft] = []
        self.letters: dict[str, Place] = {}
        """The names that are used and that no line makes, in order."""
        self.lines: dict[str, str | Real] = {}
        """What is made by the lines so far: the name of a step's output, or a number."""
        self.counts: Counter[str] = Counter()
        self.reserved: set[str] = set()
        self.place = Place(1, 1)
        self.source = ""

    def read_values(self, node: Node | None) -> None:
        """`values: {x: 3}`."""
        if node is None or (isinstance(node, Scalar) and node.is_empty):
            return
        if not isinstance(node, Fields):
            self.faults.add("`values` is no mapping", "write `values: {x: 3, y: -4}`", node.place)
            return
        for name, (key, value) in node.entries.items():
            if not isinstance(value, Scalar):
                self.faults.add(f"the value of {name} is no number", f"write `{name}: 3`", value.place)
                continue
            try:
                self.values[name] = read_number(value.text), key.place
            except NumberFault as fault:
                self.faults.add(fault.message, fault.remedy, value.place)
                self.values[name] = 0, key.place

    def inputs(self) -> dict[str, tuple[Literal, Place | None]]:
        """The letters that are used, with their values; a letter without one stands for itself."""
        made = {name: self.values.get(name, (Variable(name), place)) for name, place in self.letters.items()}
        return {name: made[name] for name in [*(n for n in self.values if n in made), *made]}

    def read_lines(self, node: Node, place: Place) -> None:
        """Names with their expressions; or text with a line each."""
        lines: list[tuple[str, Scalar]] = []
        if isinstance(node, Fields):
            for name, (key, value) in node.entries.items():
                if isinstance(value, Scalar) and not value.is_empty:
                    lines.append((name, value))
                else:
                    self.faults.add(f"{name} has no expression", f"write `{name}: x*y + z`", key.place)
        elif isinstance(node, Scalar) and not node.is_empty:
            for piece in re.split(r"[;\n]", node.text):
                name, equals, text = piece.partition("=")
                if piece.strip():
                    named = (name.strip(), text.strip()) if equals else (f"f{len(lines) or ''}", name.strip())
                    lines.append((named[0], node._replace(text=named[1])))
        if not lines and not len(self.faults):
            self.faults.add("there is no expression", 'write `expressions: {f: "x*y + z"}`', place)
        self.reserved = {*self.values, *(name for name, _ in lines)}
        for name, scalar in lines:
            self._line(name, scalar)
        unused = [name for name in self.values if name not in self.letters and name not in self.lines]
        for name in unused if not len(self.faults) else ():
            where = self.values[name][1]
            self.faults.add(f"no expression has {name} in it", "leave its value out", where)

    def _line(self, name: str, scalar: Scalar) -> None:
        self.place = scalar.place
        try:
            if not is_name(name) or name in self.lines or name in self.values:
                why = "is made twice" if is_name(name) else "cannot be a name"
                raise _Refused(f"{quoted(name)} {why}", "give each line a name of its own")
            self.source = scalar.text
            made = self._read(scalar.text)
            if isinstance(made, str) and (not self.drafts or self.drafts[-1].name != made or made in self.reserved):
                made = self._step(Identity(), made)
            if isinstance(made, str):
                self.drafts[-1].name = made = name
            elif name == list(self.reserved)[-1] or not self.drafts:
                raise _Refused(f"{name} is a number, {made}", "write an expression with a letter in it")
            self.lines[name] = made
        except _Refused as fault:
            self.faults.add(fault.message, fault.remedy, self.place)

    def _read(self, text: str) -> str | Real:
        if len(text) > LONGEST:
            raise _Refused(f"an expression of {len(text)} characters", f"write at most {LONGEST}")
        plain = in_python(text)
        try:
            tree = ast.parse(plain, mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            at = getattr(error, "offset", None)
            where = f" at {quoted(plain[at - 1 : at + 9])}" if at and plain[at - 1 : at + 9].strip() else ""
            message = f"this cannot be read as an expression{where}"
            raise _Refused(message, "write it with + - * / ** ( ) and functions: `2*(x*y + max(z, w))`") from error
        self.source = plain
        try:
            return self._made(tree.body)
        except RecursionError:
            raise _Refused("this expression is nested too deeply", "write it in several lines") from None

    def _made(self, node: ast.expr) -> str | Real:
        """The name of what a part of an expression makes, or its number."""
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return self._number(node)
            case ast.Name():
                return self._name(node.id)
            case ast.UnaryOp(op=ast.UAdd()):
                return self._made(node.operand)
            case ast.UnaryOp(op=ast.USub()):
                inner = self._made(node.operand)
                return self._step(functions.Scale(number=-1), inner) if isinstance(inner, str) else -inner
            case ast.BinOp():
                return self._operation(node)
            case ast.Call(func=ast.Name(id=called)) if not node.keywords:
                return self._call(called, [self._made(argument) for argument in node.args])
        text = ast.get_source_segment(self.source, node) or ""
        raise _Refused(f"{quoted(text)} is no arithmetic", "write + - * / ** and functions such as exp(x), max(x, y)")

    def _number(self, node: ast.Constant) -> Real:
        text = ast.get_source_segment(self.source, node) or ""
        try:
            number = read_number(text)
        except NumberFault as fault:
            raise _Refused(fault.message, fault.remedy) from fault
        return cast(Real, number)

    def _name(self, name: str) -> str | Real:
        if name in self.lines:
            return self.lines[name]
        if name in self.reserved and name not in self.values:
            raise _Refused(f"{name} is made only further down", "write its line before it is used")
        if name in ("e", "pi") and name not in self.values:
            self.values[name] = Constant(name), None  # type: ignore[arg-type]
        if name in FUNCTIONS or name in CHOICES:
            raise _Refused(f"{name} is a function", f"write what it is of: `{name}(x)`")
        self.letters.setdefault(name, self.place)
        return name

    def _operation(self, node: ast.BinOp) -> str | Real:
        is_named = "e" in self.values or "e" in self.lines
        if isinstance(node.op, ast.Pow) and isinstance(node.left, ast.Name) and node.left.id == "e" and not is_named:
            return self._call("exp", [self._made(node.right)])
        a, b = self._made(node.left), self._made(node.right)
        if not isinstance(a, str) and not isinstance(b, str):
            return self._folded(node.op, a, b)
        op, is_first = type(node.op), isinstance(a, str)
        if is_first and isinstance(b, str) and op in OF_LETTERS:
            return self._step(OF_LETTERS[op](), a, b)
        letter, number = cast("tuple[str, Any]", (a, b) if is_first else (b, a))
        if (op, is_first) == (ast.Pow, True):
            return self._power(letter, number)
        if (op, is_first) == (ast.Pow, False) and number <= 0:
            raise _Refused(f"the base of a power of letters is {number}", "write a positive one")
        if (op, is_first) == (ast.Div, True):
            op, number = ast.Mult, self._folded(node.op, 1, number)
        if (op, is_first) not in WITH_A_NUMBER:
            raise _Refused(f"{op.__name__} is none of + - * / **", "write + - * / ** only")
        return self._step(WITH_A_NUMBER[op, is_first](number), letter)

    def _power(self, base: str, exponent: Real) -> str | Real:
        if exponent == 0:
            return 1
        if exponent == Fraction(1, 2):
            return self._step(functions.Sqrt(), base)
        if not -100 <= exponent <= 100:
            raise _Refused(f"an exponent of {exponent}", "write one from -100 to 100")
        return self._step(functions.PowerOf(number=exponent), base)

    def _folded(self, op: ast.operator, a: Real, b: Real) -> Real:
        text = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}.get(type(op))
        if text is None:
            raise _Refused("only + - * / ** are known between numbers", "write one of those")
        try:
            made = read_number(f"({a}){text}({b})")
        except NumberFault as fault:
            raise _Refused(fault.message, fault.remedy) from fault
        if not isinstance(made, int | Decimal | Fraction):
            raise _Refused(f"{a}{text}{b} is irrational", "give it a name among the `values`, such as `c: sqrt(2)`")
        return made

    def _call(self, name: str, arguments: Sequence[str | Real]) -> str | Real:
        if name in CHOICES and len(arguments) >= 2:
            numbers: list[Real] = [argument for argument in arguments if not isinstance(argument, str)]
            made = next((argument for argument in arguments if isinstance(argument, str)), None)
            if made is None:
                return max(numbers) if name == "max" else min(numbers)
            of_letters, with_number = CHOICES[name]
            for other in [argument for argument in arguments if isinstance(argument, str)][1:]:
                made = self._step(of_letters(), made, other)
            bound: Real | None = (max(numbers) if name == "max" else min(numbers)) if numbers else None
            return made if bound is None else self._step(with_number(number=bound), made)
        known = [*FUNCTIONS, *CHOICES]
        if name not in known:
            raise _Refused(f"there is no function {quoted(name)}", did_you_mean(name, known))
        if name in CHOICES or len(arguments) != 1:
            how = f"{name}(x, y)" if name in CHOICES else f"{name}(x)"
            raise _Refused(f"{name} has {counted(len(arguments), 'argument', 'arguments')}", f"write `{how}`")
        (argument,) = arguments
        if not isinstance(argument, str):
            raise _Refused(f"{name} of a number", "give it a name among the `values`: `c: sqrt(2)`")
        return self._step(FUNCTIONS[name](), argument)

    def _step(self, layer: Layer, *inputs: str | Real) -> str:
        """One step more; its name is the layer's type and a number, unless a letter or a line is called so."""
        name = ""
        while not name or name in self.reserved or name in self.letters:
            self.counts[layer.type] += 1
            name = f"{layer.type}_{self.counts[layer.type]}"
        place = self.place
        taken = [Scalar(str(each), place.line, place.column, place.length) for each in inputs]
        self.drafts.append(Draft(name, place, type(layer), layer=layer, inputs=taken))
        return name
