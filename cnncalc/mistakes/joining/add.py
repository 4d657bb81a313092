"""What people get wrong in a sum of several inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnncalc.layers.joining.concat import Concat
from cnncalc.layers.joining.multiply import Multiply
from cnncalc.layers.joining.subtract import Subtract
from cnncalc.mistakes.families import BEHIND
from cnncalc.mistakes.joining.several import (
    ACTIVATION_TOO_EARLY,
    ALONG_COLUMNS,
    OF_SPREAD,
    Inputs,
    one_left_out,
    several,
)
from cnncalc.mistakes.take import need

RIGHT = "dx = g"


def concatenated(s: Inputs) -> Any:
    need(s.are_equal)
    return s.of(s.inputs.values(), Concat())


def differences(s: Inputs) -> Iterator[Any]:
    inputs = list(s.inputs.values())
    yield s.again(Subtract())
    if len(inputs) == 2:
        yield s.of(inputs[::-1], Subtract())


MISTAKES = (
    several("skip-connection-left-out: y")(
        "An input was left out (the skip connection, say); all inputs are added up, element by element.",
        "漏加了一个输入（例如跳跃连接）；应把所有输入逐元素相加。",
        one_left_out,
    ),
    ACTIVATION_TOO_EARLY,
    several("multiplied-instead-of-added: y dx")(
        "The inputs were multiplied with each other; this layer adds them, so that each input gets the upstream"
        " gradient as it is.",
        "把各输入相乘了；本层做的是加法，每个输入的梯度就是上游梯度。",
        lambda s: s.again(Multiply()),
    ),
    several("subtracted-instead-of-added: y")(
        "One input was subtracted from the other; this layer adds them.", "把输入相减了；本层做的是加法。", differences
    ),
    several("averaged-instead-of-added: y")(
        "The mean of the inputs was taken; they are added up and not divided.",
        "对各输入取了平均；应当相加，不再除以个数。",
        lambda s: s.again() / len(s.inputs),
    ),
    several("concatenated-instead-of-added: y")(
        "The inputs were put one behind the other; this layer adds them element by element, and the shape stays.",
        "把各输入拼接在了一起；本层逐元素相加，形状不变。",
        concatenated,
    ),
    ALONG_COLUMNS,
    several("gradient-divided-among-inputs: dx", RIGHT)(
        "The gradient was divided among the inputs; a sum passes the whole of it on to each of them",
        "把梯度平分给了各输入；加法把上游梯度完整地传给每个输入",
        lambda s: s.again(g=s.g / len(s.inputs)),
    ),
    several("gradient-to-other-input-only: dx", RIGHT)(
        "This input got no gradient, as if all of it went to another one; a sum passes the whole of it on to each"
        " input",
        "这个输入没有得到梯度，好像梯度全部传给了其他输入；加法把上游梯度完整地传给每个输入",
        lambda s: s.again() * 0,
    ),
    several("upstream-forgotten: dx", RIGHT)(
        "This is only the derivative of the sum, 1; it must be multiplied by the upstream gradient g",
        "这里只写了加法的导数 1，还应乘以上游梯度 g",
        lambda s: s.again(g=s.ones(s.g)),
    ),
    *OF_SPREAD,
    *BEHIND,
)
"""The most specific first."""
