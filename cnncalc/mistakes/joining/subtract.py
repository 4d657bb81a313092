"""What people get wrong in a difference of inputs."""

from __future__ import annotations

from typing import Any

from cnncalc.layers.joining.add import Add
from cnncalc.mistakes.families import BEHIND
from cnncalc.mistakes.joining.several import (
    ACTIVATION_TOO_EARLY,
    ALONG_COLUMNS,
    INPUT_LEFT_OUT,
    OF_SPREAD,
    Inputs,
    several,
)
from cnncalc.mistakes.take import need


def turned_round(s: Inputs) -> Any:
    if s.tensor == "y":
        first, second = s.inputs.values()
        return s.of([second, first])
    need(s.own == "x")
    return 0 - s.again()


def minus_forgotten(s: Inputs) -> Any:
    need(s.own != "x")
    return 0 - s.again()


MISTAKES = (
    several("subtraction-turned-round: y dx")(
        "The other way round: all inputs are subtracted from the one that is named first, so that this gets g and each"
        " of the others −g.",
        "减法的次序反了：应按书写次序从第一个输入中减去其余输入；因此第一个输入的梯度为 g，其余为 −g。",
        turned_round,
    ),
    several("minus-forgotten: dx")(
        "The minus sign was forgotten: this input is subtracted, so its gradient is −g.",
        "漏了负号：这个输入是减数，其梯度为 −g。",
        minus_forgotten,
    ),
    several("added-instead-of-subtracted: y")(
        "The inputs were added up; all after the first are subtracted.",
        "把各输入相加了；第一个之后的输入都应减去。",
        lambda s: s.again(Add()),
    ),
    INPUT_LEFT_OUT,
    ACTIVATION_TOO_EARLY,
    ALONG_COLUMNS,
    *OF_SPREAD,
    *BEHIND,
)
"""The most specific first."""
