"""What closed forms are made of: atoms (π, roots, logarithms, letters, …) and the monomials in them."""

from dataclasses import field
from typing import Any, Literal

from cnncalc.records import Record

AtomKind = Literal["pi", "root", "log", "erf", "sin", "cos", "reciprocal", "definition", "letter", "general"]
FUNCTIONS = ("erf", "sin", "cos")
"""Those of any number, of which nothing more is known by algebra."""


class Atom(Record):
    """π; √argument; log(argument); erf, sin, cos or a general function of the argument; 1/argument; a letter; or a name
    for a sum that has grown too long (`definition`).

    The argument of a root or a logarithm is a whole number or a ClosedForm, those of erf, sin, cos and general any
    number. That of a reciprocal is a ClosedForm; with `leading_one` it is 1 + Σ c·e^d with every d < 0.
    """

    kind: AtomKind
    argument: Any = None
    leading_one: bool = False
    symbol: str = ""
    """What a `general` function is called, of which nothing is known: `phi`, `phi'`."""

    @property
    def inside(self) -> Any:
        """The number that it is made of; of a letter its value, or what it is short for, None where nobody said."""
        letter = self.argument
        if self.kind != "letter":
            return letter
        return letter.definition if letter.value is None else letter.value


class Letter(Record):
    """What is known of a letter besides its name, which alone makes it what it is."""

    name: str
    """An identifier, such as `x_1_2`."""
    tensor: str = field(compare=False)
    """What it is an element of: `x`, `dL/dy`, `conv_1.mean`; and which one, as a reader counts."""
    index: tuple[int, ...] = field(compare=False)
    order: tuple[Any, ...] = field(compare=False)
    """Where it stands in a product, and its product in a sum."""
    value: Any = field(compare=False, default=None)
    """The number that it stands for; None where nobody said."""
    is_positive: bool = field(compare=False, default=False)
    definition: Any = field(compare=False, default=None)
    """What it is short for, in other letters."""
    origin: str = field(compare=False, default="")
    """The layer that named it."""


class Monomial(Record):
    """e^exponent times powers of atoms, as (number of the atom, power ≠ 0), sorted."""

    exponent: Any
    powers: tuple[tuple[int, int], ...]
