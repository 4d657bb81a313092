"""The ways to a convolution's tensors that worked solutions show: each comes to the tensor, each equation holds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.exact import Exact
from cnncalc.layers.conv import Conv
from cnncalc.lessons.conv import methods
from cnncalc.lessons.convolution.products import LARGEST
from cnncalc.lessons.lesson import Method, Picture
from cnncalc.step import Scene

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


def slid(image: Array, kernel: Array, steps: tuple[int, int] = (1, 1)) -> Array:
    """By four loops, as a course defines it."""
    rows, columns = ((image.shape[a] - kernel.shape[a]) // steps[a] + 1 for a in (0, 1))
    made = np.full((rows, columns), Fraction(0), dtype=object)
    for i, j in np.ndindex(made.shape):
        for p, q in np.ndindex(kernel.shape):
            made[i, j] += image[i * steps[0] + p, j * steps[1] + q] * kernel[p, q]
    return made


def test_every_way_comes_to_the_same_tensor() -> None:
    for case in cases("conv", smooth=False, count=150):
        scene = scene_of(case)
        layer = case.layer
        assert isinstance(layer, Conv)
        found: list[tuple[str, Method]] = [(t, m) for t in ("y", "dx", "dweight") for m in methods(scene, t)]
        # One matrix for all of it is only written down where it is small.
        whole = {("y", "matrix"), ("dx", "matrix")} if scene["x"][0].size * scene["y"][0].size <= LARGEST else set()
        assert {(t, m.name) for t, m in found} == whole | {
            ("y", "im2col"), ("dx", "rotated"), ("dx", "im2col"), ("dweight", "rotated"), ("dweight", "im2col")
        }  # fmt: skip
        for tensor, method in found:
            result, expected = fractions(method.result), fractions(np.asarray(scene[tensor]))
            assert result.shape == expected.shape
            assert (result == expected).all(), f"{tensor} by {method.name} in {layer}"


def test_every_equation_of_matrices_holds() -> None:
    for case in cases("conv", smooth=False, count=100):
        scene = scene_of(case)
        layer = case.layer
        assert isinstance(layer, Conv)
        for tensor in ("y", "dx", "dweight"):
            for method in methods(scene, tensor):
                for _, items in method.parts:
                    signs = [item for item in items if isinstance(item, str)]
                    if len(signs) < 2:
                        continue
                    *added, result = pictures(items)
                    if set(signs[:-1]) == {"+"}:
                        assert signs[-1] == "="
                        assert (sum(added[1:], added[0]) == result).all()
                        continue
                    left, right = added
                    assert signs[1] == "=" or (signs[1] == r"\to" and method.name == "rotated")
                    if signs[0] == r"\cdot":
                        assert (left.dot(right) == result).all()
                    elif tensor == "dweight":
                        whole = slid(left, right, layer.dilation)
                        assert ((whole[::-1, ::-1] if layer.flip else whole) == result).all()
                    else:
                        assert (slid(left, right) == result).all()


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [1, 2, 3])
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
    zeros = fractions(spread.elements) == 0
    assert (zeros == spread.filler).all() if spread.filler is not None else not zeros.any()
    # As many as the kernel needs to come to each of the 7 rows.
    assert spread.elements.shape == (7 + kernel - 1,) * 2
