"""The ways to a convolution's tensors that worked solutions show: each comes to the tensor, each equation holds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.exact import Exact
from cnncalc.layers.conv import Conv
from cnncalc.layers.conv_methods import methods
from cnncalc.layers.lesson import Method, Picture
from cnncalc.layers.mistake import Scene

from ..laws.cases import Case, cases


def scene_of(case: Case) -> Scene:
    numbers = Exact()
    x, parameters, g = case.arrays(numbers)
    tensors = {"x": x, **parameters, **case.layer.forward(numbers, x, parameters)}
    return Scene(case.layer, numbers, {**tensors, "g": g, **case.layer.backward(numbers, g, tensors)})


def fractions(array: Array) -> Array:
    numbers = Exact()
    made = np.empty(array.shape, dtype=object)
    for index in np.ndindex(array.shape):
        made[index] = numbers.rational(array[index])
    return made


def pictures(items: tuple[Picture | str, ...]) -> list[Array]:
    return [fractions(item.elements) for item in items if isinstance(item, Picture)]


def slid(image: Array, kernel: Array) -> Array:
    """By four loops, as a course defines it."""
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    made = np.full((rows, columns), Fraction(0), dtype=object)
    for i, j in np.ndindex(made.shape):
        for p, q in np.ndindex(kernel.shape):
            made[i, j] += image[i + p, j + q] * kernel[p, q]
    return made


@given(cases("conv", smooth=False))
@settings(max_examples=150, deadline=None)
def test_every_way_comes_to_the_same_tensor(case: Case) -> None:
    assume(len(case.x) == 1)
    scene = scene_of(case)
    layer = case.layer
    assert isinstance(layer, Conv)
    found: list[tuple[str, Method]] = [(t, m) for t in ("y", "dx", "dweight") for m in methods(scene, t)]
    assert bool(found) == (layer.groups == 1)
    assert {t for t, m in found if m.name == "rotated"} == (
        {"dx", "dweight"} if layer.dilation == (1, 1) and found else set()
    )
    for tensor, method in found:
        result, expected = fractions(method.result), fractions(np.asarray(scene[tensor]))
        assert result.shape == expected.shape
        assert (result == expected).all(), f"{tensor} by {method.name} in {layer}"


@given(cases("conv", smooth=False))
@settings(max_examples=100, deadline=None)
def test_every_equation_of_matrices_holds(case: Case) -> None:
    assume(len(case.x) == 1)
    scene = scene_of(case)
    for tensor in ("y", "dx", "dweight"):
        for method in methods(scene, tensor):
            for _, items in method.parts:
                if not items:
                    continue
                assert items[3] in ("=", r"\to")
                left, right, result = pictures(items)
                if method.name == "im2col":
                    assert (left.dot(right) == result).all()
                elif tensor == "dweight":
                    whole = slid(left, right)
                    turned = whole[::-1, ::-1] if getattr(case.layer, "flip", False) else whole
                    assert (turned == result).all()
                else:
                    # The share is cut out of what the kernel passes over, where there is padding.
                    assert set(result.ravel()) <= {*slid(left, right).ravel(), Fraction(0)}


@given(st.integers(1, 3), st.integers(1, 3))
@settings(max_examples=9, deadline=None)
def test_zeros_that_were_put_in_are_marked_and_nothing_else(stride: int, kernel: int) -> None:
    numbers = Exact()
    layer = Conv(stride=(stride, stride))
    x = numbers.array(np.arange(1, 50, dtype=object).reshape(1, 1, 7, 7))
    weight = numbers.array(np.full((1, 1, kernel, kernel), 2, dtype=object))
    tensors = {"x": x, "weight": weight, **layer.forward(numbers, x, {"weight": weight})}
    g = numbers.array(np.full(tensors["y"].shape, 3, dtype=object))
    scene = Scene(layer, numbers, {**tensors, "g": g, **layer.backward(numbers, g, tensors)})
    (_, (spread, *_)), *_ = methods(scene, "dx")[0].parts
    assert isinstance(spread, Picture)
    assert spread.filler is not None
    assert ((fractions(spread.elements) == 0) == spread.filler).all()
    rows = (7 - kernel) // stride + 1
    assert spread.elements.shape == ((rows - 1) * stride + 1 + 2 * (kernel - 1),) * 2
