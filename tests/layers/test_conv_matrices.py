"""The matrix form of a convolution and both ways to dx, against numbers of the course notes and each other."""

from __future__ import annotations

import numpy as np
import pytest

import cnncalc
from cnncalc.arithmetic.exact import Exact
from cnncalc.layers.conv import Conv

from ..laws.cases import cases

# The notes' own sizes: a 3×3 input, a 3×3 kernel, padding 1, stride 2.
NOTES = """
input: {name: x, symbol: x, shape: [3, 3]}
layers: [conv: {name: y, padding: 1, stride: 2, weight: {name: w, symbol: w, shape: [3, 3]}}]
upstream: {symbol: g}
"""


def test_the_notes_padded_gradient_and_turned_kernel() -> None:
    trace = cnncalc.solve(cnncalc.loads(NOTES))
    assert trace["y.delta_padding"].exact == [["1", "1"], ["1", "1"]]
    assert trace["y.delta_dilated"].exact == [[["g_1_1", "0", "g_1_2"], ["0", "0", "0"], ["g_2_1", "0", "g_2_2"]]]
    assert trace["y.delta_padded"].exact == [
        [
            ["0", "0", "0", "0", "0"],
            ["0", "g_1_1", "0", "g_1_2", "0"],
            ["0", "0", "0", "0", "0"],
            ["0", "g_2_1", "0", "g_2_2", "0"],
            ["0", "0", "0", "0", "0"],
        ]
    ]
    assert trace["y.rotated_weight"].exact == [
        [[["w_3_3", "w_3_2", "w_3_1"], ["w_2_3", "w_2_2", "w_2_1"], ["w_1_3", "w_1_2", "w_1_1"]]]
    ]


def test_the_shapes_of_the_matrix_form() -> None:
    trace = cnncalc.solve(cnncalc.load("problems/conv_matrix_form.yaml"))
    shapes = {name: trace[f"Y.{name}"].shape for name in ("columns", "weight_matrix", "output_matrix")}
    assert shapes == {"columns": (4, 27), "weight_matrix": (2, 27), "output_matrix": (2, 4)}
    for name, shape in shapes.items():
        assert trace[f"dL/dY.{name}"].shape == shape
    y, bias = trace["Y"].value, trace["b"].value
    np.testing.assert_array_equal(trace["Y.output_matrix"].value.reshape(y.shape), y - bias[:, None, None])
    np.testing.assert_array_equal(trace["dL/dY.weight_matrix"].value.ravel(), trace["dL/dW"].value.ravel())


@pytest.mark.parametrize("name", ["Y.delta_padded", "dL/dY.columns"])
def test_what_is_made_of_the_gradient_is_of_the_backward_pass(name: str) -> None:
    trace = cnncalc.solve(cnncalc.load("problems/conv_matrix_form.yaml"))
    assert trace[name].stage == "backward"
    assert name in trace.names


def test_both_ways_to_dx_agree() -> None:
    for case in cases("conv", smooth=False, count=60):
        assert isinstance(case.layer, Conv)
        numbers = Exact()
        x, parameters, g = case.arrays(numbers)
        y = case.layer.forward(numbers, x, parameters)
        dx = case.layer.backward(numbers, g, {"x": x, **parameters, **y})["dx"]
        matrices = case.layer.matrices(numbers, x, parameters)
        assert (matrices.dx_by_columns(g) == dx).all()
        assert (matrices.dx_by_rotated_kernel(g) == dx).all()
