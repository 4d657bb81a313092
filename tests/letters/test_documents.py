"""The course documents' formulas, typed off them and written out by the few lines below, against the problem files.

Where a document is in error, the formula here is the right one and the problem file's comment says what is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest

import cnncalc

from .. import problem_files
from ..command import ROOT
from . import polynomial


def solved(name: str) -> cnncalc.Trace:
    return problem_files.solved(ROOT / "problems" / f"{name}.yaml")


def sums(trace: cnncalc.Trace, name: str) -> Any:
    """The tensor's polynomials, nested as it is."""
    return np.frompyfunc(polynomial.read, 1, 1)(np.asarray(trace[name].exact, dtype=object))


def total(terms: list[str]) -> polynomial.Polynomial:
    return polynomial.read(" + ".join(terms) or "0")


# Notes on 2-D convolution, the 3×3 example: typed off, the errors put right.
ONE_CHANNEL: Mapping[str, list[str]] = {
    "y": [
        "w22*x11 + w23*x12 + w32*x21 + w33*x22",
        "w21*x12 + w22*x13 + w31*x22 + w32*x23",
        "w12*x21 + w13*x22 + w22*x31 + w23*x32",
        "w11*x22 + w12*x23 + w21*x32 + w22*x33",
    ],
    "dL/dx": [
        "y11*w22",
        "y11*w23 + y12*w21",
        "y12*w22",
        "y11*w32 + y21*w12",
        "y11*w33 + y12*w31 + y21*w13 + y22*w11",
        "y12*w32 + y22*w12",
        "y21*w22",
        "y21*w23 + y22*w21",
        "y22*w22",
    ],
}


def named(text: str) -> str:
    """x12 as cnncalc names it, and y12 as ∂L/∂y₁₂."""
    for letter, name in (("x", "x"), ("w", "w"), ("y", "dL_dy")):
        for i, j in product("123", "123"):
            text = text.replace(f"{letter}{i}{j}", f"{name}_{i}_{j}")
    return text


@pytest.mark.parametrize("tensor", ONE_CHANNEL)
def test_the_notes_small_example(tensor: str) -> None:
    trace = solved("letters_one_channel")
    printed = [named(text) for text in ONE_CHANNEL[tensor]]
    # Word for word, so that the order of terms is a person's.
    assert np.asarray(trace[tensor].exact, dtype=object).ravel().tolist() == printed


def test_the_notes_matrix_form() -> None:
    trace = solved("letters_matrix_form")
    columns = trace["Y.columns"].exact
    # The first rows of the printed transpose: what the kernel's first cells see at the four positions.
    assert [columns[position][0] for position in range(4)] == ["0", "0", "0", "x_1_2_2"]
    assert [columns[position][4] for position in range(4)] == ["x_1_1_1", "x_1_1_3", "x_1_3_1", "x_1_3_3"]
    assert trace["Y.weight_matrix"].exact[1][10] == "w_2_2_1_2"
    assert trace["dL/db"].exact[0] == "dL_dy_1_1_1 + dL_dy_1_1_2 + dL_dy_1_2_1 + dL_dy_1_2_2"
    # dX̂ = dŶᵀ·Ŵ and dŴ = dŶ·X̂, multiplied out here.
    shares, weights = sums(trace, "dL/dY.output_matrix"), sums(trace, "Y.weight_matrix")
    for row, column in product(range(4), range(27)):
        expected: polynomial.Polynomial = {}
        for f in range(2):
            expected = polynomial.add(expected, polynomial.multiply(shares[f, row], weights[f, column]))
        assert sums(trace, "dL/dY.columns")[row, column] == expected


def test_the_notes_on_strides() -> None:
    trace = solved("letters_uneven_strides")
    z, w, delta = sums(trace, "z"), sums(trace, "W"), sums(trace, "dL/dy")
    padded = sums(trace, "y.delta_padded")
    for c, i, j in np.ndindex(2, 3, 5):  # formula 8
        expected: polynomial.Polynomial = {}
        for d, m, n in np.ndindex(2, 2, 3):
            turned = w[d, c, 1 - m, 2 - n]
            expected = polynomial.add(expected, polynomial.multiply(turned, padded[d, i + m, j + n]))
        assert sums(trace, "dL/dz")[c, i, j] == expected
    for d, c, m, n in np.ndindex(2, 2, 2, 3):  # formula 5
        expected = {}
        for i, j in np.ndindex(2, 2):
            expected = polynomial.add(expected, polynomial.multiply(delta[d, i, j], z[c, i + m, 2 * j + n]))
        assert sums(trace, "dL/dW")[d, c, m, n] == expected
    assert trace["dL/db"].exact[0] == "delta_0_0_0 + delta_0_0_1 + delta_0_1_0 + delta_0_1_1"  # formula 6


def test_the_derivations_for_a_2x2_kernel() -> None:
    trace = solved("letters_bias_pool")
    x, w, b, g = (sums(trace, name) for name in ("X", "W", "b", "dL/dY"))
    for k, i, j in np.ndindex(2, 2, 2):
        expected = b[k]
        for l, m, n in np.ndindex(2, 2, 2):  # noqa: E741 - the document's letters
            expected = polynomial.add(expected, polynomial.multiply(x[l, i + m, j + n], w[k, l, m, n]))
        assert sums(trace, "Y")[k, i, j] == expected
    for k, l, m, n in np.ndindex(2, 2, 2, 2):  # noqa: E741
        expected = {}
        for i, j in np.ndindex(2, 2):
            expected = polynomial.add(expected, polynomial.multiply(g[k, i, j], x[l, i + m, j + n]))
        assert sums(trace, "dL/dW")[k, l, m, n] == expected
    assert trace["P.path"].exact == [[[["0", "1"]]], [[["1", "1"]]]]
    assert trace["dL/dY"].exact == [[["0", "dL_dP_0_0_0"], ["0", "0"]], [["0", "0"], ["0", "dL_dP_1_0_0"]]]


def test_the_course_notes_pool_adds_up() -> None:
    trace = solved("letters_pool_path")
    assert trace["dL/dx"].exact[0][1][1] == "delta_0_0 + delta_0_1 + delta_1_0 + delta_1_1"
    assert trace["dL/dx"].value.tolist() == [[[0, 0, 0], [0, 10, 0], [0, 0, 0]]]


@pytest.mark.parametrize(
    ("name", "anchor", "kernel", "image"),
    [("letters_anchor_asymmetric", (2, 1), (5, 6), (2, 3)), ("letters_anchor_outside", (-1, -2), (3, 3), (4, 5))],
)
def test_the_course_notes_anchors(
    name: str, anchor: tuple[int, int], kernel: tuple[int, int], image: tuple[int, int]
) -> None:
    trace = solved(name)
    (m, n), (height, width) = anchor, image
    for i, j in np.ndindex(image):
        forward, backward = [], []
        for p, q in np.ndindex(kernel):
            row, column = i - m + p, j - n + q
            if 0 <= row < height and 0 <= column < width:
                forward.append(f"w_{p}_{q}*x_{row}_{column}")
            # The notes: v turned by 180°, its anchor (M − 1 − m, N − 1 − n).
            row, column = i - (kernel[0] - 1 - m) + p, j - (kernel[1] - 1 - n) + q
            if 0 <= row < height and 0 <= column < width:
                backward.append(f"w_{kernel[0] - 1 - p}_{kernel[1] - 1 - q}*delta_{row}_{column}")
        assert sums(trace, "y")[0, i, j] == total(forward)
        assert sums(trace, "dL/dx")[0, i, j] == total(backward)


def test_the_course_notes_softmax() -> None:
    trace = solved("letters_softmax")
    assert trace["dJ/da"].exact == [[f"p_{t}_{k} - z_{t}_{k}" for k in (1, 2, 3)] for t in (1, 2)]
    assert trace["dJ/dp"].exact[0][0] == "-z_1_1/p_1_1"


def test_the_course_notes_batch_norm() -> None:
    trace = solved("letters_batch_norm")
    exact = {name: np.asarray(trace[name].exact, dtype=object).ravel().tolist() for name in trace.names}
    assert exact["dL/dgamma"] == ["g_1_1*y_xhat_1_1 + g_2_1*y_xhat_2_1 + g_3_1*y_xhat_3_1"]
    assert exact["dL/dbeta"] == ["g_1_1 + g_2_1 + g_3_1"]
    assert exact["dL/dy.xhat"] == [f"g_{t}_1*gamma_1" for t in (1, 2, 3)]
    # The notes' (4), (5) and (6), with numbers for their letters.
    known = {"gamma_1": 1.5, "y_mean_1": 0.25, "y_var_1": 2.0, "sqrt": np.sqrt}
    known |= {
        f"{letter}_{t}_1": value for letter in "xg" for t, value in zip((1, 2, 3), (1.0, -2.0, 1.75), strict=True)
    }
    root = np.sqrt(2.0 + 1e-5)
    centered = [known[f"x_{t}_1"] - 0.25 for t in (1, 2, 3)]
    known |= {f"y_xhat_{t}_1": value / root for t, value in zip((1, 2, 3), centered, strict=True)}
    dxhat = [known[f"g_{t}_1"] * 1.5 for t in (1, 2, 3)]
    dvar = sum(d * c for d, c in zip(dxhat, centered, strict=True)) * -0.5 * root**-3
    dmean = sum(d * -1 / root for d in dxhat)
    assert eval(exact["dL/dy.var"][0], known) == pytest.approx(dvar)
    assert eval(exact["dL/dy.mean"][0], known) == pytest.approx(dmean)
    for text, d, c in zip(exact["dL/dx"], dxhat, centered, strict=True):
        assert eval(text, known) == pytest.approx(d / root + dvar * 2 * c / 3 + dmean / 3)


def test_homework_11_question_1() -> None:
    trace = solved("letters_hw11_question1")
    for p, q in np.ndindex(3, 3):
        terms = [
            f"dL_dy_{t + 1}_1_{i + 1}_{j + 1}*x_{t + 1}_1_{i + p}_{j + q}"
            for t, i, j in np.ndindex(2, 2, 2)
            if 1 <= i + p <= 2 and 1 <= j + q <= 2
        ]
        assert sums(trace, "dL/dh")[0, 0, p, q] == total(terms)
