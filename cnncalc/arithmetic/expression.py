"""A number as it was typed: an integer, a decimal, a fraction, or an expression of those."""

from decimal import Decimal
from fractions import Fraction
from typing import Literal as OneOf

from cnncalc.records import dataclass

Function = OneOf["log", "exp", "sqrt"]
Operator = OneOf["+", "-", "*", "/", "**"]


@dataclass(frozen=True)
class Constant:
    """`e` or `pi`."""

    name: OneOf["e", "pi"]


@dataclass(frozen=True)
class Call:
    """`log(x)` (natural), `exp(x)` or `sqrt(x)`."""

    function: Function
    argument: "Literal"


@dataclass(frozen=True)
class Operation:
    """`left operator right`; a sign is an operation with left 0."""

    operator: Operator
    left: "Literal"
    right: "Literal"


Expression = Constant | Call | Operation
Literal = int | Decimal | Fraction | Expression
"""What one cell of a problem file holds. A Decimal keeps the places that were typed (0.20)."""
