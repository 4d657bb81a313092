"""A number as it was typed: an integer, a decimal, a fraction, or an expression of those."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar
from typing import Literal as OneOf

from cnncalc.records import Record

T = TypeVar("T")
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega"
)
GREEK = dict(zip(_GREEK_NAMES.split(), "αβγδεζηθικλμνξπρστφχψω", strict=True))
Function = OneOf["log", "exp", "sqrt"]
Operator = OneOf["+", "-", "*", "/", "**"]


class Constant(Record):
    """`e` or `pi`."""

    name: OneOf["e", "pi"]


class Call(Record):
    """`log(x)` (natural), `exp(x)` or `sqrt(x)`."""

    function: Function
    argument: "Literal"


class Operation(Record):
    """`left operator right`; a sign is an operation with left 0."""

    operator: Operator
    left: "Literal"
    right: "Literal"


class Variable(Record):
    """A letter that stands for a number: one element of a tensor of letters, or a cell beside numbers.

    Two of one name are the same unknown. `value` is the number that it stands for, where the problem gives one.
    """

    letter: str
    index: tuple[int, ...] = ()
    """Counted from 0, as everywhere in the code; how a reader counts is the writer's matter."""
    value: "Literal | None" = field(compare=False, default=None)
    is_positive: bool = field(compare=False, default=False)
    element: Any = field(compare=False, default=None)
    """What it is in the solution of a problem, where an answer names a tensor of it."""


Expression = Constant | Call | Operation | Variable
Literal = int | Decimal | Fraction | Expression
"""What one cell of a problem file holds. A Decimal keeps the places that were typed (0.20)."""


def evaluated(
    literal: Literal,
    number: Callable[[int | Decimal | Fraction], T],
    constant: Callable[[str], T],
    functions: Mapping[str, Callable[[T], T]],
    operators: Mapping[str, Callable[[T, T], T]],
    letter: Callable[["Variable"], T] | None = None,
) -> T:
    """The value of a typed number, letters by their values or as said, in numbers given by what is done with them."""

    if not isinstance(literal, Expression):
        return number(literal)

    # Not one that calls itself: such a function is garbage that only Python's collector finds, for each number.
    def of(part: Literal) -> T:
        return evaluated(part, number, constant, functions, operators, letter)

    match literal:
        case Constant():
            return constant(literal.name)
        case Variable():
            return letter(literal) if letter else of(value_of(literal))
        case Call():
            return functions[literal.function](of(literal.argument))
        case Operation():
            return operators[literal.operator](of(literal.left), of(literal.right))


def variables(literal: Literal) -> Iterator[Variable]:
    """The letters in a typed number."""
    if isinstance(literal, Variable):
        yield literal
    elif isinstance(literal, Call):
        yield from variables(literal.argument)
    elif isinstance(literal, Operation):
        yield from variables(literal.left)
        yield from variables(literal.right)


def identifier(name: str) -> str:
    """A tensor's name, or an element's (`p[1,2]`), as one that Python and SymPy can read: `dL_dy`, `p_1_2`."""
    return re.sub(r"\W+", "_", name.replace("∂", "d")).strip("_")


def short_index(index: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    """An index as it stands behind a letter: a lone channel, or a lone kernel, is not counted."""
    lead = 0
    while len(shape) - lead > 2 and shape[lead] == 1:
        lead += 1
    return index[lead:]


class NoValueError(ArithmeticError):
    """A letter stands where a number is needed, and nothing says which."""


def value_of(variable: Variable) -> Literal:
    """The number that a letter stands for; raises NoValueError."""
    if variable.value is None:
        raise NoValueError(f"the letter {variable.letter} has no value")
    return variable.value
