"""What people get wrong in a product of inputs, element by element."""

from __future__ import annotations

from collections.abc import Iterator
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


def instead_of_others(s: Inputs, *factors: Any) -> Any:
    """dx with g times these in place of g times the other inputs."""
    made = s.g
    for factor in factors:
        made = made * factor
    return s.layer.gathered(s.numbers, made, s.inputs[s.own])


def others_forgotten(s: Inputs) -> Iterator[Any]:
    """All of the other factors, or one of several."""
    yield instead_of_others(s)
    others = [array for local, array in s.full.items() if local != s.own]
    if len(others) > 1:
        for at in range(len(others)):
            yield instead_of_others(s, *others[:at], *others[at + 1 :])


def matrix_product(s: Inputs) -> Any:
    """Of two square maps; the scalar product of two vectors."""
    first, second = s.inputs.values()
    need(first.shape == second.shape)
    if first.ndim == 2:
        return s.sum(first * second, 1, keep=True)
    need(first.shape[2] == first.shape[3] > 1)
    return s.sum(first[..., :, :, None] * second[..., None, :, :], 3)


MISTAKES = (
    several("added-instead-of-multiplied: y")(
        "The inputs were added up; this layer multiplies them, element by element.",
        "把各输入相加了；本层逐元素相乘。",
        lambda s: s.again(Add()),
    ),
    several("matrix-product: y")(
        "This is the product of matrices (of vectors: the scalar product); this layer multiplies element by element.",
        "这是矩阵乘法（向量则为点积）的结果；本层是逐元素相乘。",
        matrix_product,
    ),
    INPUT_LEFT_OUT,
    ACTIVATION_TOO_EARLY,
    ALONG_COLUMNS,
    several("other-factor-forgotten: dx")(
        "The upstream gradient was passed on without the other factor, as by a sum; a product passes on g times all"
        " other inputs.",
        "上游梯度没有乘以另一个因子，这是加法的传法；乘法传给每个输入的是 g 乘以其余各输入。",
        others_forgotten,
    ),
    several("own-factor-instead: dx")(
        "The upstream gradient was multiplied by the input itself; it is multiplied by the other inputs.",
        "上游梯度乘的是该输入自身；应乘以其余各输入。",
        lambda s: instead_of_others(s, s.full[s.own]),
    ),
    several("output-instead-of-derivative: dx")(
        "The upstream gradient was multiplied by the whole product; it is multiplied by the other inputs alone.",
        "上游梯度乘的是整个乘积 y；应只乘以其余各输入。",
        lambda s: instead_of_others(s, s.y),
    ),
    several("upstream-forgotten: dx")(
        "This is only the product of the other inputs; it must be multiplied by the upstream gradient g.",
        "这里只写了其余各输入之积，还应乘以上游梯度 g。",
        lambda s: s.again(g=s.ones(s.g)),
    ),
    *OF_SPREAD,
    *BEHIND,
)
"""The most specific first."""
