"""A tensor of letters as equations: which tensors are shown so, and what stands on the left."""

from __future__ import annotations

import numpy as np

from cnncalc.arithmetic.closed.letters_text import element_name, shown_name
from cnncalc.arithmetic.expression import Variable, short_index
from cnncalc.layers.base import Index
from cnncalc.problem.problem import Problem
from cnncalc.records import replace
from cnncalc.render.document import Equation, Equations
from cnncalc.render.table.number import Number, describe
from cnncalc.trace import Tensor


def equations(tensor: Tensor, problem: Problem, digits: int) -> Equations | None:
    """The equations of a tensor; None where a table does, since each element is a number or a letter by itself."""
    if not tensor.numbers.has_sums(tensor.elements):
        return None
    name = tensor_name(tensor.name, problem)
    return Equations(tuple(_equation(tensor, name, problem, index, digits) for index in np.ndindex(tensor.shape)))


def _equation(tensor: Tensor, name: str, problem: Problem, index: Index, digits: int) -> Equation:
    numbers, element = tensor.numbers, np.asarray(tensor.elements)[index]
    counted = tuple(i + problem.index_base for i in short_index(index, tensor.shape))

    def write() -> Number:
        number = describe(numbers, element, digits)
        # What it comes to stands behind it, where it is a sum of letters.
        return replace(number, decimal=None) if number.in_letters else number

    known = None if numbers.in_letters(element) is None else numbers.put_in(element)
    left = element_name(name, counted)
    called = Number(left, letters={left: (shown_name(name), counted)})
    return Equation(called, write, None if known is None else describe(numbers, known, digits))


def tensor_name(name: str, problem: Problem) -> str:
    """What a reader calls a tensor: `dL/dx` where the letters of the input are x, whatever the input's name."""
    of_loss, _, given = name.rpartition("/d")
    if not of_loss:
        return name
    for tensor in (*problem.inputs, *problem.parameters):
        first = tensor.entries.flat[0] if tensor.entries.dtype == object else None
        if tensor.name == given and isinstance(first, Variable) and first.index:
            return f"{of_loss}/d{first.letter}"
    return name
