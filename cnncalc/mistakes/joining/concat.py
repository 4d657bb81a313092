"""What people get wrong when they put inputs one behind the other."""

from collections.abc import Iterator
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from cnncalc.layers.joining.concat import AXES, Concat
from cnncalc.layers.joining.several import Add
from cnncalc.mistakes.families import BEHIND
from cnncalc.mistakes.joining.elementwise import Inputs, several
from cnncalc.mistakes.take import need
from cnncalc.step import Size

MOST_ORDERED = 5
"""Inputs of which all orders are tried."""


def in_other_orders(s: Inputs) -> Iterator[Any]:
    inputs = s.inputs
    need(len(inputs) <= MOST_ORDERED)
    for order in permutations(inputs):
        if list(order) == list(inputs):
            continue
        if s.tensor == "y":
            yield s.of([inputs[local] for local in order])
        else:
            start = sum(inputs[local].shape[axis(s)] for local in order[: order.index(s.own)])
            yield part(s, range(start, start + inputs[s.own].shape[axis(s)]))


def axis(s: Inputs) -> int:
    """Along which the inputs lie, with N first."""
    along: int = s.layer.axis_among(s.y.ndim - 1)
    return along


def part(s: Inputs, places: range) -> Any:
    """Some places of g along the axis."""
    return s.g.take(list(places), axis(s))


def interleaved(s: Inputs) -> Any:
    """The first of each input, then the second of each, and so on."""
    inputs = list(s.inputs.values())
    sizes = [array.shape[axis(s)] for array in inputs]
    need(len(set(sizes)) == 1 and sizes[0] > 1)
    if s.tensor != "y":
        return part(s, range(list(s.inputs).index(s.own), sum(sizes), len(sizes)))
    return np.stack(inputs, axis(s) + 1).reshape(s.y.shape)


def left_out(s: Inputs) -> Iterator[Any]:
    inputs = list(s.inputs.values())
    for at in reversed(range(len(inputs))):
        made = s.of(inputs[:at] + inputs[at + 1 :])
        yield made
        yield Size(made.shape[1:])


def added(s: Inputs) -> Any:
    """One number for each place, as a sum has it; the gradient is then that of the sum."""
    need(s.are_equal)
    if s.tensor == "y":
        return s.of(s.inputs.values(), Add())
    size = s.inputs[s.own].shape[axis(s)]
    parts = [part(s, range(start, start + size)) for start in range(0, s.g.shape[axis(s)], size)]
    return sum(parts[1:], parts[0])


MISTAKES = (
    several("inputs-in-another-order: y dx", in_other_orders)(
        "The inputs lie in another order; they lie one behind the other in the order in which they are named, and each"
        " gets back the part of the gradient that lies where it does."
    ),
    several("channels-interleaved: y dx", interleaved)(
        "The inputs were taken in turns, one from each; first comes the whole of the first input, then the whole of the"
        " next."
    ),
    several("added-instead-of-concatenated: y dx", added)(
        "Numbers of different inputs were added up; this layer puts the inputs one behind the other and computes"
        " nothing."
    ),
    several("concatenated-along-another-axis: y")(
        "The inputs were put together along another axis.",
        lambda s: [
            partial(s.again, Concat(other))
            for other in AXES
            if s.y.ndim == 4 and other not in (s.layer.axis, "features")
        ],
    ),
    several("input-left-out: y", left_out)("An input was left out; all of them lie one behind the other."),
    several("whole-gradient-passed: dx", lambda s: s.g)(
        "This is the whole upstream gradient; an input gets only the part of it that lies where the input does."
    ),
    several("upstream-forgotten: dx", lambda s: s.again(g=s.ones(s.g)))(
        "This is only the derivative, 1; it must be multiplied by the upstream gradient."
    ),
    *BEHIND,
)
