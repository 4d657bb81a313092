"""The value of a sum of terms: what a layer's readable statement of an element adds up to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Self, TypeAlias, cast, get_args

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Element, Function, OutOfRange
from cnncalc.arithmetic.expression import Constant
from cnncalc.layers.base import Apply, Entry, Index, Term

Terms: TypeAlias = tuple[Term, ...]
HERE = cast(Index, (...,))
"""The index of all elements at once, in terms that are those of each element."""


class Settled(Entry):
    """A sum inside of a term that has been worked out, in the place of the element that a term reads there."""

    __slots__ = ()

    def __new__(cls, number: Element, is_exact: bool = True) -> Self:  # noqa: D102
        # What it is stands where an element says its place, so that two of the same number are equal.
        return super().__new__(cls, "", (number, is_exact))

    @property
    def number(self) -> Element:
        """What the sum comes to."""
        return self.index[0]

    @property
    def is_exact(self) -> bool:
        """Whether that is what is shown."""
        return bool(self.index[1])


def mapped(terms: Iterable[Term], change: Callable[[Entry], Entry]) -> Terms:
    """The terms with each of their entries changed, those inside of functions too."""
    return tuple(
        Term(
            tuple(
                Apply(factor.function, mapped(factor.terms, change)) if isinstance(factor, Apply) else change(factor)
                for factor in factors
            ),
            coefficient,
        )
        for factors, coefficient in terms
    )


def entries_of(terms: Iterable[Term]) -> Iterator[Entry]:
    """Every entry in the terms, those inside of functions too."""
    for term in terms:
        for factor in term.factors:
            yield from (factor,) if isinstance(factor, Entry) else entries_of(factor.terms)


def placed(terms: Iterable[Term], index: Index) -> Terms:
    """The terms of one element: with its index in the place of HERE."""
    return mapped(terms, lambda entry: Entry(entry.tensor, index) if entry.index == HERE else entry)


def value(terms: Iterable[Term], numbers: Arithmetic, tensors: Mapping[str, Array]) -> Element:
    """Σ coefficient · Π factors, with each Entry read from `tensors`; by HERE as index, all elements at once."""
    total = numbers.number(0)
    for factors, coefficient in terms:
        product: Any = numbers.number(coefficient) if coefficient != 1 or not factors else None
        for factor in factors:
            if isinstance(factor, Entry) and factor.index:
                one = tensors[factor.tensor][factor.index]
            elif product is not None and isinstance(factor, Apply) and factor.function == "reciprocal":
                # A quotient is rounded once, the product with a reciprocal twice.
                product = _divided(product, value(factor.terms, numbers, tensors))
                continue
            else:
                one = factor_value(factor, numbers, tensors)
            product = one if product is None else product * one
        total = total + product
    return total


def _divided(one: Element, other: Element) -> Element:
    """A quotient; rationals have an error of their own for 0."""
    try:
        return one / other
    except ZeroDivisionError as error:
        raise OutOfRange("a division by 0") from error


def factor_value(factor: Entry | Apply, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Element:
    """One factor: an element of a tensor, or a function of a sum."""
    if isinstance(factor, Entry):
        return tensors[factor.tensor][factor.index] if factor.index else np.asarray(tensors[factor.tensor]).item()
    inner = value(factor.terms, numbers, tensors)
    if factor.function == "sum":
        return inner
    if factor.function == "pi":
        return numbers.number(Constant("pi"))
    if factor.function == "reciprocal":
        return _divided(numbers.number(1), inner)
    if factor.function not in get_args(Function):
        return np.asarray(numbers.general(factor.function, np.asarray(inner)))[()]
    return numbers.apply(factor.function, np.asarray(inner))[()]
