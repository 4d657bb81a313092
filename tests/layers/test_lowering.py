"""The matrix products of a convolution against plain loops: in parts, in pieces, and both ways back to the image."""

from __future__ import annotations

import tracemalloc
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest

from cnncalc.arithmetic import float64
from cnncalc.arithmetic.base import Array, Integers
from cnncalc.arithmetic.float64 import Float64
from cnncalc.arithmetic.team import Team
from cnncalc.layers.windows.lowering import Lowering
from cnncalc.layers.windows.window import Window, place_window

PADDINGS = [((0, 0), (0, 0)), ((1, 2), (0, 3)), ((-1, 0), (2, -2)), ((4, 4), (4, 4))]
BY_SHARES: dict[str, Any] = {"few": 0, "cost_of_adding": 0.0, "cost_of_calling": 0.0}
BY_PRODUCT: dict[str, Any] = {"few": 0, "cost_of_adding": 1e9}
WAYS: dict[str, dict[str, Any]] = {
    "each share at its place": {},
    "by shares": BY_SHARES,
    "by a product": BY_PRODUCT,
    "a window at a time": {**BY_SHARES, "working_set": 1},
    "some windows at a time": {**BY_SHARES, "working_set": 300},
    "in three pieces": {**BY_SHARES, "team": Team(3)},
    "in three pieces by a product": {**BY_PRODUCT, "working_set": 300, "team": Team(3)},
    "in three pieces, each share at its place": {"team": Team(3)},
}
"""Which settings of the arithmetic lead there."""


def loops(window: Window, image: Array, kernel: Array, g: Array, groups: int) -> tuple[Array, Array, Array]:
    """y, dkernel and dimage, a multiplication at a time."""
    y, dkernel, dimage = np.zeros(g.shape), np.zeros(kernel.shape), np.zeros(image.shape)
    inputs, outputs = kernel.shape[1], len(kernel) // groups
    for (f, i, j), c in product(np.ndindex(g.shape[:3]), range(inputs)):
        channel = f // outputs * inputs + c
        for p, q in window.cells():
            if at := window.position((i, j), (p, q)):
                y[f, i, j] += kernel[f, c, p, q] * image[(channel, *at)]
                dkernel[f, c, p, q] += g[f, i, j] @ image[(channel, *at)]
                dimage[(channel, *at)] += kernel[f, c, p, q] * g[f, i, j]
    return y, dkernel, dimage


@cache
def drawn(strides: Any, padding: Any, groups: int) -> tuple[Window, tuple[Array, ...], tuple[Array, ...]]:
    """A window; an image, a kernel, a gradient and a bias; and what the loops make of them, the same for every way."""
    draw = np.random.default_rng(5)
    window = place_window((7, 8), (3, 2), *strides, padding)
    image, kernel = draw.normal(size=(4, 7, 8, 3)), draw.normal(size=(6, 4 // groups, 3, 2))
    g, bias = draw.normal(size=(6, *window.outputs, 3)), draw.normal(size=6)
    for array in (image, kernel, g, bias):
        array.flags.writeable = False
    return window, (image, kernel, g, bias), loops(window, image, kernel, g, groups)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("padding", PADDINGS, ids=str)
@pytest.mark.parametrize("strides", [((1, 1), (1, 1)), ((1, 1), (2, 1)), ((2, 1), (1, 1)), ((4, 2), (1, 2))], ids=str)
def test_as_by_plain_loops(strides: Any, padding: Any, groups: int, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(float64, "WORTH_SHARING", 0)
    numbers = Float64()
    for name, value in WAYS[way].items():
        setattr(numbers, name, value)
    window, (image, kernel, g, bias), (y, dkernel, dimage) = drawn(strides, padding, groups)
    lowering, x = Lowering(numbers, window, 4, 3, groups), image.transpose(3, 0, 1, 2)
    np.testing.assert_allclose(lowering.product(x, kernel, bias), y + bias[:, None, None, None], atol=1e-12)
    for made in (
        lowering.gradients(x, kernel, g),
        (lowering.kernel_gradient(x, g), lowering.image_gradient(kernel, g)),
    ):
        np.testing.assert_allclose(made[0], dkernel, atol=1e-12)
        np.testing.assert_allclose(made[1], dimage, atol=1e-12)


def test_the_ways_differ() -> None:
    """The settings above lead to different ways: the shares are of all cells, a product is of the image."""

    class Noting(Float64):
        def __init__(self, settings: dict[str, Any]) -> None:
            self.shapes: list[tuple[int, ...]] = []
            self.added: list[int] = []
            for name, value in settings.items():
                setattr(self, name, value)

        def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
            self.shapes.append((a.shape[1], b.shape[2]))
            return super().matmul(a, b, out)

        def added_at(self, places: Integers, shares: Array, size: int) -> Array:
            self.added.append(len(shares))
            return super().added_at(places, shares, size)

    window = place_window((7, 8), (3, 2), (1, 1), (1, 1), PADDINGS[0])
    shapes, added = {}, {}
    for way in ("each share at its place", "by shares", "by a product", "some windows at a time"):
        numbers = Noting(WAYS[way])
        image, kernel, g = np.ones((4, 7, 8, 3)), np.ones((6, 4, 3, 2)), np.ones((6, 5, 7, 3))
        Lowering(numbers, window, 4, 3, 1).gradients(image.transpose(3, 0, 1, 2), kernel, g)
        shapes[way], added[way] = numbers.shapes, numbers.added
    assert shapes["by shares"] == [(6, 24), (24, 105)]
    assert shapes["by a product"] == [(6, 24), (4, 168)]
    assert len(shapes["some windows at a time"]) > 4
    assert added == {way: [24 * 105] if way == "each share at its place" else [] for way in shapes}


def test_few_kernel_gradients_are_there_at_once() -> None:
    """Parts are many where an image is large, and each has a product as large as the kernel."""
    window = place_window((12, 12), (3, 3), (1, 1), (1, 1), PADDINGS[0])
    numbers = Float64()
    numbers.working_set = 1
    kernel = np.ones((40, 40, 3, 3))
    lowering = Lowering(numbers, window, 40, 1, 1)
    x, g = np.ones((1, 40, 12, 12)), np.ones((40, 10, 10, 1))
    tracemalloc.start()
    try:
        lowering.gradients(x, kernel, g)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6 * kernel.nbytes
