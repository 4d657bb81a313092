"""Small cases whose numbers were worked out by hand, where a convention shows."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange
from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.float64 import Float64
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Layer, ShapeError
from cnncalc.losses import REGISTRY as LOSSES

EXACT = Exact()
FOUR = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]


def exact(nested: Any) -> Array:
    return EXACT.array(np.array(nested, dtype=object))


def passes(layer: Layer, x: Any, g: Any = None, **parameters: Any) -> Mapping[str, Array]:
    """All tensors of one layer; g is ones unless given."""
    tensors = {"x": exact(x), **{name: exact(nested) for name, nested in parameters.items()}}
    forward = layer.forward(EXACT, tensors["x"], {name: tensors[name] for name in parameters})
    g = np.ones(np.shape(forward["y"]), dtype=int).tolist() if g is None else g
    return {**tensors, **forward, **layer.backward(EXACT, exact(g), {**tensors, **forward})}


def nested(array: Array) -> Any:
    """Lists of fractions, for comparing."""
    array = np.asarray(array)
    return [nested(row) for row in array] if array.ndim else EXACT.rational(array.item())


def test_conv_does_not_turn_the_kernel_unless_told() -> None:
    kernel = [[[[1, 0], [0, 0]]]]
    assert nested(passes(LAYERS["conv"](), [[FOUR]], weight=kernel)["y"][0, 0]) == [[1, 2, 3], [5, 6, 7], [9, 10, 11]]
    turned = passes(LAYERS["conv"](flip=True), [[FOUR]], weight=kernel)
    assert nested(turned["y"][0, 0]) == [[6, 7, 8], [10, 11, 12], [14, 15, 16]]
    assert nested(turned["dweight"][0, 0]) == [[99, 90], [63, 54]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [[0, 0, 1], [0, 4, 6], [4, 12, 9]]),
        ({"stride": (2, 2)}, [[0, 0, 0, 1], [0, 0, 2, 3], [0, 2, 0, 3], [4, 6, 6, 9]]),
        ({"padding": ((1, 1), (1, 1))}, [[4]]),
    ],
)
def test_conv_transpose_as_in_dive_into_deep_learning(options: Any, expected: Any) -> None:
    square = [[[[0, 1], [2, 3]]]]
    assert nested(passes(LAYERS["conv_transpose"](**options), square, weight=square)["y"][0, 0]) == expected


def test_conv_transpose_is_the_gradient_of_conv() -> None:
    options: dict[str, Any] = {"stride": (2, 1), "padding": ((1, 0), (0, 1)), "dilation": (1, 2)}
    kernel, g = [[[[1, -2], [3, 5]]], [[[0, 7], [-1, 4]]]], [[[[1, 2], [3, -4]], [[5, 0], [1, -1]]]]
    made = passes(LAYERS["conv"](**options), [[[[0] * 3] * 4]], g, weight=kernel)
    transposed = LAYERS["conv_transpose"](output_padding=(1, 0), **options)
    assert nested(made["dx"]) == nested(passes(transposed, g, weight=kernel)["y"])


def test_binary_cross_entropy_leaves_out_what_its_factor_takes_away() -> None:
    loss, half = LOSSES["binary_cross_entropy"](), Fraction(1, 2)
    made = passes(loss, [[1, 0, half]], 1, target=[[1, 0, 0]])
    assert nested(made["dx"]) == [[Fraction(-1, 3), Fraction(1, 3), Fraction(2, 3)]]
    assert EXACT.closed_forms(made["y"]).item() == "1/3*log(2)"  # type: ignore[union-attr]


@pytest.mark.parametrize("x", [[[0]], [[Fraction(3, 2)]]])
def test_binary_cross_entropy_of_the_impossible_is_refused(x: Any) -> None:
    with pytest.raises(OutOfRange, match="log"):
        LOSSES["binary_cross_entropy"]().forward(EXACT, exact(x), {"target": exact([[Fraction(1, 2)]])})


def test_same_puts_the_odd_cell_at_the_end() -> None:
    made = passes(LAYERS["conv"](padding="same"), [[FOUR]], weight=[[[[0, 0], [0, 1]]]])
    assert nested(made["y"][0, 0]) == [[6, 7, 8, 0], [10, 11, 12, 0], [14, 15, 16, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("anchor", "flip", "expected"),
    [
        ((0, 0), False, FOUR),
        ((1, 1), False, [[0, 0, 0, 0], [0, 1, 2, 3], [0, 5, 6, 7], [0, 9, 10, 11]]),
        # Outside the kernel: the kernel lies below and to the right of the output's cell.
        ((-1, -2), False, [[7, 8, 0, 0], [11, 12, 0, 0], [15, 16, 0, 0], [0, 0, 0, 0]]),
        ((0, 0), True, FOUR),
        ((1, 1), True, [[6, 7, 8, 0], [10, 11, 12, 0], [14, 15, 16, 0], [0, 0, 0, 0]]),
    ],
)
def test_anchor_lies_on_the_output_cell(anchor: tuple[int, int], flip: bool, expected: Any) -> None:
    # The one weight is cell (0, 0): the output shows where that cell looks.
    made = passes(LAYERS["conv"](anchor=anchor, flip=flip), [[FOUR]], weight=[[[[1, 0], [0, 0]]]])
    assert nested(made["y"][0, 0]) == expected


def test_columns_have_a_row_for_each_output_position() -> None:
    layer = LAYERS["conv"](stride=(2, 2))
    columns = layer.requested(EXACT, exact([[FOUR]]), {"weight": exact([[[[1, 1], [1, 1]]]])})["columns"]()
    assert nested(columns[0]) == [[1, 2, 5, 6], [3, 4, 7, 8], [9, 10, 13, 14], [11, 12, 15, 16]]


def test_relu_is_closed_at_zero() -> None:
    layer = LAYERS["relu"]()
    made = passes(layer, [[-1, 0, 2]])
    assert nested(made["y"]) == [[0, 0, 2]]
    assert nested(made["dx"]) == [[0, 0, 1]]
    (doubt,) = layer.doubts(EXACT, made)
    assert (doubt.tensor, doubt.indices) == ("x", ((0, 1),))
    assert [(mark.tensor, mark.kind, mark.cells.tolist()) for mark in layer.marks(EXACT, made)] == [
        ("y", "closed", [[True, True, False]]),
        ("dx", "closed", [[True, True, False]]),
    ]


def test_leaky_relu_has_its_slope_at_zero() -> None:
    made = passes(LAYERS["leaky_relu"](), [[-1, 0, 2]])
    assert nested(made["y"]) == [[Fraction(-1, 100), 0, 2]]
    assert nested(made["dx"]) == [[Fraction(1, 100), Fraction(1, 100), 1]]


def test_tie_goes_to_the_first_in_row_order() -> None:
    layer = LAYERS["max_pool"](size=(2, 2))
    made = passes(layer, [[[[1, 7], [7, 7]]]], g=[[[[6]]]])
    assert made["path"].tolist() == [[[[[0, 1]]]]]
    assert nested(made["dx"][0, 0]) == [[0, 6], [0, 0]]
    (doubt,) = layer.doubts(EXACT, made)
    assert (doubt.tensor, doubt.indices) == ("y", ((0, 0, 0, 0),))
    (mark,) = layer.marks(EXACT, made)
    assert (mark.tensor, mark.kind, mark.cells.tolist()) == ("x", "winner", [[[[False, True], [False, False]]]])


def test_tie_can_be_split() -> None:
    made = passes(LAYERS["max_pool"](size=(2, 2), ties="split"), [[[[1, 7], [7, 7]]]], g=[[[[6]]]])
    assert made["path"].tolist() == [[[[[0, 1]]]]]
    assert nested(made["dx"][0, 0]) == [[0, 2], [2, 2]]


def test_overlapping_max_pool_adds_up() -> None:
    made = passes(LAYERS["max_pool"](size=(2, 2), stride=(1, 1)), [[[[1, 2, 3], [4, 9, 5], [6, 7, 8]]]])
    assert nested(made["y"][0, 0]) == [[9, 9], [9, 9]]
    assert nested(made["dx"][0, 0]) == [[0, 0, 0], [0, 4, 0], [0, 0, 0]]


def test_padding_of_a_max_pool_never_wins() -> None:
    made = passes(LAYERS["max_pool"](size=(2, 2), padding=((1, 1), (1, 1))), [[[[-1, -2], [-3, -4]]]])
    assert nested(made["y"][0, 0]) == [[-1, -2], [-3, -4]]
    assert made["path"][0, 0].tolist() == [[[0, 0], [0, 1]], [[1, 0], [1, 1]]]


def test_avg_pool_counts_declared_padding_only() -> None:
    image = [[[[6, 6, 6], [6, 6, 6], [6, 6, 6]]]]
    options: dict[str, Any] = {"size": (2, 2), "padding": ((1, 0), (1, 0))}
    assert nested(passes(LAYERS["avg_pool"](**options), image)["y"][0, 0]) == [[Fraction(3, 2), 3], [3, 6]]
    counted_off = passes(LAYERS["avg_pool"](**options, count_padding=False), image)
    assert nested(counted_off["y"][0, 0]) == [[6, 6], [6, 6]]
    over_the_edge = passes(LAYERS["avg_pool"](size=(2, 2), ceil=True), image)
    assert nested(over_the_edge["y"][0, 0]) == [[6, 6], [6, 6]]
    assert nested(over_the_edge["dx"][0, 0, 2]) == [Fraction(1, 2), Fraction(1, 2), 1]


def test_flatten_orders() -> None:
    image = [[[[1, 2]], [[3, 4]]]]
    assert nested(passes(LAYERS["flatten"](), image)["y"]) == [[1, 2, 3, 4]]
    assert nested(passes(LAYERS["flatten"](order="hwc"), image)["y"]) == [[1, 3, 2, 4]]


def test_batch_norm_of_two_samples_passes_no_gradient_exactly() -> None:
    layer = LAYERS["batch_norm"](over="activation", eps=0).given(())
    made = passes(layer, [[1], [3]], g=[[5], [2]], gamma=[2], beta=[1])
    assert (nested(made["mean"]), nested(made["var"])) == ([2], [1])
    assert nested(made["y"]) == [[-1], [3]]
    assert (nested(made["dgamma"]), nested(made["dbeta"])) == ([-3], [7])
    assert nested(made["dx"]) == [[0], [0]]


def test_batch_norm_variance_can_divide_by_one_less() -> None:
    layer = LAYERS["batch_norm"](eps=Decimal(0), variance="unbiased").given(())
    assert nested(passes(layer, [[1], [3]], gamma=[1], beta=[0])["var"]) == [2]


def test_batch_norm_with_given_statistics_is_linear() -> None:
    layer = LAYERS["batch_norm"](eps=0).given(("mean", "var"))
    made = passes(layer, [[1], [9]], g=[[1], [2]], gamma=[6], beta=[1], mean=[3], var=[4])
    assert nested(made["y"]) == [[-5], [19]]
    assert nested(made["dx"]) == [[3], [6]]
    assert "dmean" not in made


def test_unbiased_variance_of_one_number() -> None:
    layer = LAYERS["batch_norm"](variance="unbiased").given(())
    message = r"\{y\} takes its unbiased variance over one number only: \{x\} is 1 with N = 1"
    with pytest.raises(ShapeError, match=message):
        passes(layer, [[1]], gamma=[1], beta=[0])


def test_batch_norm_of_equal_numbers_without_eps() -> None:
    layer = LAYERS["batch_norm"](eps=0).given(())
    with pytest.raises(OutOfRange, match="var \\+ eps is not positive"):
        passes(layer, [[2], [2]], gamma=[1], beta=[0])


def test_equal_logits_give_equal_probabilities() -> None:
    made = passes(LAYERS["softmax"](), [[7, 7, 7, 7]], g=[[0, -4, 0, 0]])
    assert nested(made["y"]) == [[Fraction(1, 4)] * 4]
    assert nested(made["dx"]) == [[Fraction(1, 4), Fraction(-3, 4), Fraction(1, 4), Fraction(1, 4)]]


def test_a_probability_of_zero_without_a_target_is_no_fault() -> None:
    made = passes(LOSSES["cross_entropy"](), [[0, 1, 0]], target=[[0, 1, 0]])
    assert nested(np.asarray(made["y"])) == 0
    assert nested(made["dx"]) == [[0, -1, 0]]


@pytest.mark.parametrize("numbers", [Exact(), Float64()], ids=lambda numbers: numbers.name)
def test_a_probability_of_zero_with_a_target_is_one(numbers: Any) -> None:
    x, target = (numbers.array(np.array([row], dtype=object)) for row in ([0, 1], [1, 0]))
    with pytest.raises(OutOfRange, match="log"):
        LOSSES["cross_entropy"]().forward(numbers, x, {"target": target})


@pytest.mark.parametrize(
    ("type_", "reduction", "y", "dx"),
    [
        ("mse", "mean", Fraction(14, 4), [[Fraction(1, 2), 1], [Fraction(-3, 2), 0]]),
        ("mse", "sum", 7, [[1, 2], [-3, 0]]),
        ("half_squared_error", "mean", Fraction(7, 2), [[Fraction(1, 2), 1], [Fraction(-3, 2), 0]]),
        ("half_squared_error", "sum", 7, [[1, 2], [-3, 0]]),
    ],
)
def test_squared_errors(type_: str, reduction: str, y: Any, dx: Any) -> None:
    made = passes(LOSSES[type_](reduction=reduction), [[1, 2], [3, 4]], target=[[0, 0], [6, 4]])
    assert nested(np.asarray(made["y"])) == y
    assert nested(made["dx"]) == dx


@pytest.mark.parametrize("numbers", [EXACT, Float64()], ids=["exact", "float"])
@pytest.mark.parametrize("size", [(1, 255), (1, 256), (1, 257), (16, 16), (256, 1), (3, 200)])
def test_max_pool_with_as_many_cells_as_a_byte_has_values(size: tuple[int, int], numbers: Arithmetic) -> None:
    x = np.zeros((1, 1, size[0], size[1] + 1), dtype=int)
    x[0, 0, -1, -1] = 1
    path = LAYERS["max_pool"](size=size, stride=(1, 1)).forward(numbers, numbers.array(x), {})["path"]
    assert path.tolist() == [[[[[0, 0], [size[0] - 1, size[1]]]]]]


@pytest.mark.parametrize("dilation", [130, 256])
def test_max_pool_with_a_dilation_beyond_a_byte(dilation: int) -> None:
    """The winner's number is a small integer; its place is not."""
    height = 2 * dilation + 1
    x = np.arange(height).reshape(1, 1, height, 1).tolist()
    tensors = passes(LAYERS["max_pool"](size=(3, 1), dilation=(dilation, 1)), x)
    assert tensors["path"].tolist() == [[[[[2 * dilation, 0]]]]]
    assert np.flatnonzero(tensors["dx"] != 0).tolist() == [2 * dilation]
