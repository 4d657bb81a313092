"""Which shapes come out, for the options where rules differ between programs."""

from typing import Any

import pytest

from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Shape
from cnncalc.layers.windows.axis import Axis

from ..laws.draws import Draw, booleans, examples, integers

CONV = [
    ((1, 4, 4), (3, 3), {}, (1, 2, 2)),
    ((2, 4, 4), (2, 3, 3), {}, (1, 2, 2)),
    ((3, 3, 3), (2, 3, 3, 3), {"stride": (2, 2), "padding": ((1, 1), (1, 1))}, (2, 2, 2)),
    ((1, 5, 6), (2, 3), {"padding": "same"}, (1, 5, 6)),
    ((1, 5, 6), (2, 3), {"padding": "same", "stride": (2, 4)}, (1, 3, 2)),
    ((1, 5, 6), (2, 3), {"anchor": (0, 2)}, (1, 5, 6)),
    ((1, 5, 6), (3, 3), {"anchor": (-1, 9), "dilation": (2, 2)}, (1, 5, 6)),
    ((1, 5, 6), (2, 2), {"padding": ((-1, 0), (0, -2))}, (1, 3, 3)),
    ((4, 5, 5), (6, 2, 3, 3), {"groups": 2, "dilation": (2, 1)}, (6, 1, 3)),
]
POOL = [
    ((2, 5, 5), {"size": (2, 2)}, (2, 2, 2)),
    ((2, 5, 5), {"size": (2, 2), "ceil": True}, (2, 3, 3)),
    ((2, 4, 4), {"size": (3, 3), "stride": (1, 1)}, (2, 2, 2)),
    # The last window would begin in the padding behind the image, and is dropped.
    ((2, 5, 5), {"size": (2, 2), "stride": (3, 3), "padding": ((1, 1), (1, 1)), "ceil": True}, (2, 2, 2)),
    ((2, 3, 3), {"size": (1, 1), "stride": (4, 4), "ceil": True}, (2, 1, 1)),
    ((2, 5, 5), {"size": (2, 2), "padding": "same"}, (2, 3, 3)),
]


@pytest.mark.parametrize(("x", "weight", "options", "y"), CONV)
def test_conv(x: Shape, weight: Shape, options: dict[str, Any], y: Shape) -> None:
    layer = LAYERS["conv"](**options)
    assert layer.output_shape(x, layer.parameter_shapes(x, {"weight": weight})) == y


@pytest.mark.parametrize("type_", ["max_pool", "avg_pool"])
@pytest.mark.parametrize(("x", "options", "y"), POOL)
def test_pool(type_: str, x: Shape, options: dict[str, Any], y: Shape) -> None:
    assert LAYERS[type_](**options).output_shape(x, {}) == y


TRANSPOSED = [
    ((1, 2, 2), (2, 2), {}, (1, 3, 3)),
    ((3, 4, 5), (3, 6, 3, 3), {"stride": (2, 2), "padding": ((1, 1), (1, 1)), "output_padding": (1, 0)}, (6, 8, 9)),
    ((4, 4, 4), (4, 3, 2, 3), {"groups": 2, "dilation": (2, 1)}, (6, 6, 6)),
    # `same` is stride times the input, whether the kernel is larger or smaller than the stride.
    ((1, 3, 4), (3, 2), {"stride": (2, 3), "padding": "same"}, (1, 6, 12)),
    # A negative padding leaves rows that no stamp reaches.
    ((1, 2, 2), (2, 2), {"padding": ((-1, 0), (0, -2))}, (1, 4, 5)),
]


@pytest.mark.parametrize(("x", "weight", "options", "y"), TRANSPOSED)
def test_conv_transpose(x: Shape, weight: Shape, options: dict[str, Any], y: Shape) -> None:
    layer = LAYERS["conv_transpose"](**options)
    assert layer.output_shape(x, layer.parameter_shapes(x, {"weight": weight})) == y


PARAMETERS = [
    (
        "conv_transpose", (2, 4, 4), {"groups": 2}, {"weight": (2, 3, 2, 2), "bias": ()},
        {"weight": (2, 3, 2, 2), "bias": (6,)},
    ),
    ("conv", (1, 4, 4), {}, {"weight": (3, 3), "bias": ()}, {"weight": (1, 1, 3, 3), "bias": (1,)}),
    ("fc", (8,), {}, {"weight": (8,)}, {"weight": (1, 8)}),
    ("fc", (8,), {"units": 5}, {"weight": (), "bias": ()}, {"weight": (5, 8), "bias": (5,)}),
    ("batch_norm", (2, 3, 3), {}, {}, {"gamma": (2,), "beta": (2,)}),
    ("batch_norm", (5,), {}, {"gamma": ()}, {"gamma": (5,), "beta": (5,)}),
    (
        "batch_norm", (2, 3, 3), {}, {"mean": (), "var": (2,)},
        {"gamma": (2,), "beta": (2,), "mean": (2,), "var": (2,)},
    ),
    (
        "batch_norm", (1, 2, 2), {"over": "activation"}, {"gamma": (2, 2)},
        {"gamma": (1, 2, 2), "beta": (1, 2, 2)},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "x", "options", "given", "full"), PARAMETERS)
def test_parameters_in_full_shape(
    type_: str, x: Shape, options: dict[str, Any], given: dict[str, Shape], full: dict[str, Shape]
) -> None:
    layer = LAYERS[type_](**options).given(given)
    assert layer.parameter_shapes(x, given) == full


def drawn_axis(draw: Draw) -> Axis:
    sizes = [(1, 7), (1, 4), (1, 4), (1, 3), (-2, 3), (-2, 3)]
    return Axis(*(draw(integers(low, high)) for low, high in sizes), draw(booleans()))


def test_counts_of_a_window_are_those_of_its_cells() -> None:
    for axis in examples(drawn_axis, 300):
        positions = axis.positions()
        assert axis.counts().tolist() == axis.is_real().sum(axis=1).tolist()
        declared = (positions >= -axis.before) & (positions < axis.size + axis.after)
        assert axis.counts(with_padding=True).tolist() == declared.sum(axis=1).tolist()
