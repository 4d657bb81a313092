"""Answers in letters: `(a - t)*h` is the element it should be where both are the same whatever the letters are.

Everything else about a sheet (what follows, which mistake) is found for numbers put in for the letters; that a cell is
right is decided by the ring. What names whole tensors, `(p - t) hᵀ` and `W^T dL/dz ⊙ a ⊙ (1 - a)`, is a matrix of what
each element is. A vector is a column, or a row where only that goes together. Side by side, `·`, `*` and `@` are the
matrix product where columns and rows fit, else the product element by element, as `⊙` always is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property, reduce
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.arithmetic.base import Array, OutOfRange, TooCostly, Undecided, filled
from cnncalc.arithmetic.expression import Call, Constant, Literal, Operation, Variable, short_index, variables
from cnncalc.checking.given import Given
from cnncalc.language import Phrase
from cnncalc.letter_sizes import LetterSize
from cnncalc.problem.expressions import in_python
from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.number.latex_number import plain_from_latex
from cnncalc.problem.number.numbers import LONGEST, read_number
from cnncalc.step import made_of

if TYPE_CHECKING:
    from cnncalc.trace import Trace

NOT_PROVEN = Phrase("equal for numbers put in for the letters; that it is so for all numbers could not be proven")
LARGEST_POWER = 12
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_GRADIENT = re.compile(r"[d∂](\w+)/[d∂]([\w.]+)")
_DOTTED = re.compile(r"(?<=[A-Za-z_\d])\.(?=[A-Za-z_])")
_LATEX_GRADIENT = re.compile(r"\\[dt]?frac\{\s*(?:\\partial|d)\s*(\w+)\}\{\s*(?:\\partial|d)\s*([\w.{}]+?)\}(?=\W|$)")
_SIDE_BY_SIDE = re.compile(r"(?<=[\w₀-₉)])\s+(?=[A-Za-z(])|(?<=[₀-₉])(?=[A-Za-z(])")
"""`w11 x12` and `w₁₂x₂₃` are products."""
_BARE = re.compile(r"\b(ln|log|exp|sqrt)\s+(\w+)")
_TURNED = re.compile(r"\^\s*\{?\s*(?:\\top|\\intercal|⊤|\\(?:mathsf|mathrm|text)\{T\}|T(?![\w]))\s*\}?|ᵀ|⊤")
_PRIME = "_prime"
_PRODUCTS = {
    "⊙": "%", "∘": "%", r"\odot": "%", r"\circ": "%", r"\cdot": "*", r"\times": "*", r"\left": "", r"\right": "",
}  # fmt: skip
"""Products in plain signs, `%` that of elements; what an answer in LaTeX needs no translator for."""
_SLOPE = re.compile(r"\\?(\w+)(?:'|′|\^\{?\\prime\}?)\s*\(")
"""`φ'(`."""
_GREEK = {"φ": "phi", "ϕ": "phi", "ψ": "psi", "ρ": "rho", "varphi": "phi"}
_BY_ELEMENT = {ast.Add: "+", ast.Sub: "-", ast.Div: "/", ast.Mod: "*"}
_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Mod: "*", ast.Div: "/", ast.Pow: "**"}


class InLetters:
    """The solution of a problem of letters, in them."""

    def __init__(self, trace: Trace) -> None:
        self._in_numbers = trace
        self._symbols: dict[str, str] = {}
        """By the letter of a tensor of letters, its name."""
        layers = (entry.layer for entry in trace.problem.layers)
        self._general_ones = {str(getattr(one, "symbol", "")) for one in layers if one.names_input}
        """The functions that are left general."""
        self._functions: dict[str, tuple[str, Literal]] = {}
        """By the letter that stands for φ of something: the function, and of what."""

    @cached_property
    def trace(self) -> Trace:
        """In letters; raises ProblemError where a layer asks for a number."""
        from cnncalc.solver import solve

        return solve(self._in_numbers.problem, "symbolic")

    def read(self, given: Given, name: str, at: int) -> Given:
        """A cell for the element `at` of a tensor (flat), with what its letters are; as it is where it cannot be read.

        A tensor that is named without an index is its element there, or its only one.
        """
        if given.status != "unreadable" or len(given.text) > LONGEST:
            return given
        try:
            tree = ast.parse(_plain(given.text), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, NumberFault):
            return given
        for read in (self._literal, self._in_matrices):
            with suppress(ValueError, RecursionError, KeyError, NumberFault, IndexError):
                return Given(given.text, read(tree, name, at))
        return given

    def is_equal(self, literal: Literal, name: str, at: int) -> bool | None:
        """Whether an element is what was written, whatever the letters are; None where that stays undecided."""
        from cnncalc.arithmetic.exact import Exact

        numbers = self.trace.numbers
        assert isinstance(numbers, Exact), "letters are an exact system"
        try:
            typed = numbers.array(np.asarray([self._of(literal)], dtype=object))[0]
            return numbers.proves_zero(typed - self.trace[name].elements.ravel()[at])
        except (Undecided, OutOfRange, TooCostly):
            return None
        except ArithmeticError:
            return False

    def text(self, name: str, index: tuple[int, ...]) -> str | None:
        """An element as people write it; None where it has no letters."""
        tensor = self.trace[name]
        return tensor.numbers.in_letters(tensor.elements[index])

    def has_letters(self, name: str, at: int) -> bool:
        """Whether an element hangs on any."""
        return self.trace.numbers.in_letters(self.trace[name].elements.ravel()[at]) is not None

    def _of(self, literal: Literal) -> Literal:
        """The same with the elements of the solution in letters."""
        if isinstance(literal, Call):
            return Call(literal.function, self._of(literal.argument))
        if isinstance(literal, Operation):
            return Operation(literal.operator, self._of(literal.left), self._of(literal.right))
        if isinstance(literal, Variable) and literal.letter in self._functions:
            symbol, argument = self._functions[literal.letter]
            return self._general(self.trace, symbol, self._of(argument))
        if isinstance(literal, Variable):
            return Variable(literal.letter, literal.index, element=self.trace[literal.letter].elements[literal.index])
        return literal

    @cached_property
    def _words(self) -> Mapping[str, tuple[str, tuple[int, ...]]]:
        """By how an element may be written (`x12`, `x_1_2`): its tensor and where it lies in it."""
        found: dict[str, tuple[str, tuple[int, ...]]] = {}
        shorter: list[tuple[str, str, tuple[int, ...]]] = []
        """What an element is called where axes of one number are not counted: W1 of W₁₁ and W₁₂."""
        for given in self._in_numbers.problem.given:
            if given.name not in self._in_numbers:
                continue
            shape = self._in_numbers[given.name].shape
            for index, entry in zip(np.ndindex(shape), given.entries.ravel(), strict=True):
                if isinstance(entry, Variable):
                    self._symbols.setdefault(_word(entry.letter), given.name)
                    for word in (*self._spellings(entry.letter, entry.index), *_alone(entry.letter, shape)):
                        found.setdefault(word, (given.name, index))
                    shorter += [
                        (word, given.name, index) for word in self._spellings(entry.letter, _counted(index, shape))
                    ]
        for tensor in self._in_numbers:
            for name in {tensor.name, tensor.name.partition(".")[2] or tensor.name}:
                for word in _alone(name, tensor.shape):
                    found.setdefault(word, (tensor.name, (0,) * len(tensor.shape)))
                if tensor.elements.size <= 4096:
                    for index in np.ndindex(tensor.shape):
                        for word in self._spellings(name, short_index(index, tensor.shape)):
                            found.setdefault(word, (tensor.name, index))
                        counted = _counted(index, tensor.shape)
                        shorter += [(word, tensor.name, index) for word in self._spellings(name, counted)]
        for word, tensor_name, index in shorter:
            found.setdefault(word, (tensor_name, index))
        return found

    def _spellings(self, letter: str, index: tuple[int, ...]) -> Iterator[str]:
        counted, word = [str(i + self._in_numbers.problem.index_base) for i in index], _word(letter)
        yield from (word + "".join(counted), "_".join([word, *counted]), f"{word}_{''.join(counted)}")

    def _tensor(self, word: str) -> str:
        """The name of a tensor; raises KeyError for none."""
        names = self._in_numbers.names
        known = next((known for known in names if _word(known) == word), self._symbols.get(word, word))
        return self._in_numbers[known].name

    def _in_matrices(self, tree: ast.expr, name: str, at: int) -> Literal:
        """An element of what whole tensors come to; raises KeyError where they do not come to one shaped like this."""
        trace = self._in_numbers
        shape = [n for n in trace[name].shape if n > 1]

        def whole(word: str, as_rows: bool) -> Array:
            tensor = trace[self._tensor(_word(word))]
            if name in {tensor.name, *made_of(tensor.name, trace.needs)}:
                raise KeyError(word)
            sizes = tensor.shape[max(len(tensor.shape) - 2, 0) :]
            if tensor.elements.size != prod(sizes):
                raise KeyError(word)
            sizes = (1, *sizes) if as_rows else (*sizes, 1)
            pairs = zip(np.ndindex(tensor.shape), tensor.elements.ravel(), strict=True)
            elements = [Variable(tensor.name, index, element=element) for index, element in pairs]
            return filled(sizes[:2] if len(sizes) < 3 else sizes[1:] if as_rows else sizes[:-1], elements)

        for as_rows in (False, True):
            with suppress(KeyError):
                made = _matrix(tree, lambda word, as_rows=as_rows: whole(word, as_rows), self._called)  # type: ignore[misc]
                if [n for n in made.shape if n > 1] == shape:
                    found: Literal = made.ravel()[at]
                    return found
        raise KeyError(name)

    def _element(self, word: str, name: str, at: int) -> Variable:
        """Raises KeyError for no element, and for one that the answer itself leads to."""
        trace, word = self._in_numbers, _word(word)
        if word in self._words:
            tensor, index = self._words[word]
        else:
            tensor = self._tensor(word)
            shape = trace[tensor].shape
            if [n for n in shape if n > 1] != [n for n in trace[name].shape if n > 1]:
                raise KeyError(word)
            index = tuple(map(int, np.unravel_index(at, shape)))
        is_beside = tensor == name and index != tuple(map(int, np.unravel_index(at, trace[name].shape)))
        if name in {tensor, *made_of(tensor, trace.needs)} and not is_beside:
            raise KeyError(word)
        return Variable(tensor, index, element=trace[tensor].elements[index])

    def _literal(self, node: ast.expr, name: str, at: int) -> Literal:
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return read_number(repr(node.value))
            case ast.Name(id="e" | "pi" as constant) if constant not in self._words:
                return Constant("e" if constant == "e" else "pi")
            case ast.Name():
                return self._element(node.id, name, at)
            case ast.Subscript(value=ast.Name(id=tensor)):
                index = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                return self._element("_".join([tensor, *map(ast.unparse, index)]), name, at)
            case ast.UnaryOp(op=ast.USub()):
                return Operation("-", 0, self._literal(node.operand, name, at))
            case ast.BinOp() if type(node.op) in _OPERATORS:
                left, right = self._literal(node.left, name, at), self._literal(node.right, name, at)
                if isinstance(node.op, ast.Pow) and left == Constant("e"):
                    return Call("exp", right)
                if isinstance(node.op, ast.Pow) and not _is_small(node.right):
                    raise KeyError(ast.unparse(node.right))
                return Operation(_OPERATORS[type(node.op)], left, right)  # type: ignore[arg-type]
            case ast.Call(func=ast.Name(id=called), args=[argument]):
                inner = self._literal(argument, name, at)
                # a(1 - a) is a product.
                return self._called(called, inner) or Operation("*", self._element(called, name, at), inner)
        raise KeyError(ast.unparse(node))

    def _called(self, called: str, x: Literal) -> Literal | None:
        """A function of an element; None for none of ours."""
        symbol, prime, _ = called.partition(_PRIME)
        symbol = "sigma" if symbol == "sigmoid" and "sigma" in self._general_ones else _GREEK.get(symbol, symbol)
        if symbol in self._general_ones:
            return self._general(self._in_numbers, symbol + "'" * bool(prime), x)
        y = _called(symbol, x)
        if not prime or y is None:
            return y
        squared = Operation("*", y, y)
        slopes = {"sigmoid": Operation("-", y, squared), "tanh": Operation("-", 1, squared), "exp": y}
        return slopes.get(symbol)

    def _general(self, trace: Trace, symbol: str, x: Literal) -> Variable:
        """φ of an element, in the numbers of a trace."""
        argument = trace.numbers.array(np.asarray([x], dtype=object))
        letter = f"{symbol}({x!r})"
        self._functions[letter] = symbol, x
        return Variable(letter, (), element=trace.numbers.general(symbol, argument)[0])


def _matrix(node: ast.expr, tensor: Callable[[str], Array], called: Callable[[str, Literal], Literal | None]) -> Array:
    """What an expression comes to, of rank 2; `tensor` gives one by its word, and `called` a function of an element.

    Raises KeyError where shapes do not go together or something is not known.
    """

    def made(node: ast.expr) -> Array:
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return _one_cell(read_number(repr(node.value)))
            case ast.Name():
                return tensor(node.id)
            case ast.UnaryOp(op=ast.USub()):
                return _each("-", _one_cell(0), made(node.operand))
            case ast.BinOp(op=ast.Pow(), right=ast.Name(id="T")):
                return made(node.left).T
            case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=int() as power)) if 0 < power < 4:
                return reduce(lambda a, b: _each("*", a, b), [made(node.left)] * power)
            case ast.BinOp() if type(node.op) in _BY_ELEMENT:
                return _each(_BY_ELEMENT[type(node.op)], made(node.left), made(node.right))
            case ast.BinOp() if isinstance(node.op, ast.Mult | ast.MatMult):
                return _product(made(node.left), made(node.right))
            case ast.Call(func=ast.Name(id=word), args=[argument]):
                inner = made(argument)
                found = [called(word, element) for element in inner.ravel()]
                if None not in found:
                    return filled(inner.shape, found)
                return _product(tensor(word), inner)
        raise KeyError(ast.unparse(node))

    return made(node)


def _one_cell(number: Literal) -> Array:
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


def _is_small(power: ast.expr) -> bool:
    """Whether a power is a number that can be multiplied out: `3`, `-1`, `1/2`."""
    match power:
        case ast.Constant(value=int() | float() as number):
            return abs(number) <= LARGEST_POWER
        case ast.UnaryOp(op=ast.USub()):
            return _is_small(power.operand)
        case ast.BinOp(op=ast.Div(), left=ast.Constant(), right=ast.Constant()):
            return _is_small(power.left) and _is_small(power.right)
    return False


def _called(name: str, x: Literal) -> Literal | None:
    if name in ("exp", "sqrt"):
        return Call("exp" if name == "exp" else "sqrt", x)
    if name in ("log", "ln"):
        return Call("log", x)
    if name in ("sigmoid", "tanh"):
        twice = x if name == "sigmoid" else Operation("*", 2, x)
        odds = Operation("/", 1, Operation("+", 1, Call("exp", Operation("-", 0, twice))))
        return odds if name == "sigmoid" else Operation("-", Operation("*", 2, odds), 1)
    return None


def _counted(index: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    """An index along the axes of more than one number."""
    return tuple(at for at, size in zip(index, shape, strict=True) if size > 1)


def _alone(name: str, shape: tuple[int, ...]) -> list[str]:
    """How the only element of a tensor is written without an index."""
    return [_word(name)] if set(shape) <= {1} else []


def _word(name: str) -> str:
    """A tensor's name as a name in Python: `dL/dz` as `dL_dz`."""
    return re.sub(r"\W+", "_", name.replace("∂", "d").translate(_LOWERED)).strip("_")


def _plain(text: str) -> str:
    """An answer in Python's grammar."""
    text = _SLOPE.sub(rf"\1{_PRIME}(", _TURNED.sub("^T ", text.strip().strip("$")))
    for sign, ours in _PRODUCTS.items():
        text = text.replace(sign, ours)
    text = _BARE.sub(r"\1(\2)", text.strip())
    text = (text if "\\" in text else _SIDE_BY_SIDE.sub("*", text)).translate(_LOWERED)
    text = text.replace("⌊", "floor(").replace("⌋", ")").replace("σ(", "sigmoid(").replace(r"\sigma", "sigmoid")
    text = _LATEX_GRADIENT.sub(r"d\1/d\2", text)
    text = _DOTTED.sub("_", _GRADIENT.sub(r"d\1_d\2", text))
    if "\\" in text or "{" in text:
        text = plain_from_latex(text, letters=True)
    return in_python(text.rpartition("=")[2])


def is_sum_in_letters(text: str) -> bool:
    """Whether a text with blanks in it is one expression in letters: `(a - t)*h`, and no row of numbers, no size."""
    if (
        len(text) > LONGEST
        or not re.search(r"[-+*/^·(@⊙ᵀ⊤]", text)
        or re.search(r"\([^()]*[,，][^()]*\)\s*\^\s*\{?T\b", text)
    ):
        return False  # nor a row that is turned: `(1, 2)^T`
    try:
        tree = ast.parse(_plain(text), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError, NumberFault):
        return False
    is_product = isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and len(tree.func.id) == 1
    return (is_product or isinstance(tree, ast.BinOp)) and any(isinstance(node, ast.Name) for node in ast.walk(tree))


def has_letters(given: Given) -> bool:
    """Whether a cell was written in letters."""
    return isinstance(given.number, LetterSize) or (given.number is not None and any(variables(given.number)))
