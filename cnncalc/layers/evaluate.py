"""The value of a sum of terms: what a layer's readable statement of an element adds up to."""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import mul

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Element
from cnncalc.arithmetic.expression import Constant
from cnncalc.layers.base import Apply, Entry, Term


def value(terms: Iterable[Term], numbers: Arithmetic, tensors: Mapping[str, Array]) -> Element:
    """Σ coefficient · Π factors, with each Entry read from `tensors`; by `...` as index, all elements at once."""
    total = numbers.number(0)
    for factors, coefficient in terms:
        values = [factor_value(factor, numbers, tensors) for factor in factors]
        if coefficient != 1 or not values:
            values.insert(0, numbers.number(coefficient))
        total = total + reduce(mul, values)
    return total


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
        return numbers.number(1) / inner
    return numbers.apply(factor.function, np.asarray(inner))[()]
