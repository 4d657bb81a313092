"""Channels that stand last: the same problem as with its channels first, and a line that says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import cnncalc

X = np.arange(24).reshape(4, 3, 2) % 5  # (H, W, C)
KERNEL = (np.arange(54).reshape(3, 3, 2, 3) % 7) - 3  # (kH, kW, C_in, C_out)
W = (np.arange(12).reshape(2, 6) % 3) - 1
REST = "  - relu\n  - flatten{flatten}\n  - fc: {{name: z, weight: {w}}}\n"


def text(x: np.ndarray, kernel: np.ndarray, head: str = "", flatten: str = "") -> str:
    conv = f"  - conv: {{name: y, weight: {{name: K, value: {kernel.tolist()}}}}}\n"
    return f"{head}input: {x.tolist()}\nlayers:\n{conv}" + REST.format(flatten=flatten, w=W.tolist())


OURS = cnncalc.loads(text(np.moveaxis(X, -1, 0), KERNEL.transpose(3, 2, 0, 1), flatten=": {order: hwc}"))


@pytest.mark.parametrize("head", ["order: hwc\n", ""])
def test_it_is_the_same_problem(head: str) -> None:
    read = cnncalc.loads(text(X, KERNEL, head))
    for tensor in cnncalc.solve(OURS):
        np.testing.assert_array_equal(cnncalc.solve(read)[tensor.name].value, tensor.value)
    (notice,) = read.notices
    assert notice.en.startswith(
        "channels last, as the shape 4×3×2 of input says" if not head else "channels last: images"
    )


def test_a_kernel_in_our_order_is_told_by_its_shape() -> None:
    read = cnncalc.loads(text(X, KERNEL.transpose(3, 2, 0, 1)))
    np.testing.assert_array_equal(cnncalc.solve(read)["y"].value, cnncalc.solve(OURS)["y"].value)


def test_a_picture_without_numbers() -> None:
    read = cnncalc.loads("input: {shape: [28, 28, 3]}\nlayers: [{conv: {channels: 4, size: 3}}]\n")
    assert cnncalc.shapes(read)["conv_1"].shape == (4, 26, 26)
    assert read.notices
    ours = cnncalc.loads("order: chw\ninput: {shape: [28, 28, 3]}\nlayers: [{conv: {channels: 4, size: 3}}]\n")
    assert cnncalc.shapes(ours)["conv_1"].shape == (4, 26, 1)


def test_three_by_three_kernels_for_three_channels() -> None:
    """(3, 3, 3, 8) is a square kernel with eight channels out, and no 3×8 one with three."""
    shape = "{shape: [3, 3, 3, 8], random: {seed: 1}}"
    head = "input: {shape: [6, 5, 3], random: {seed: 2}}\nlayers:\n"
    read = cnncalc.loads(f"{head}  - conv: {{name: y, weight: {shape}}}\n")
    assert cnncalc.shapes(read)["y"].shape == (8, 4, 3)


@pytest.mark.parametrize("shape", ["[3, 28, 28]", "[3, 28, 3]", "[28, 14, 3]", "[2, 2, 1]"])
def test_what_may_be_our_order_is(shape: str) -> None:
    read = cnncalc.loads(f"input: {{shape: {shape}}}\nlayers: [{{conv: {{channels: 4, size: 1}}}}]\n")
    assert read.notices == ()


def test_answers_with_channels_last_are_right(tmp_path: Path) -> None:
    trace = cnncalc.solve(OURS)
    y, k = trace["y"].value, trace["K"].value
    sheet = {"y": np.moveaxis(y, 0, -1).tolist(), "K": k.transpose(2, 3, 1, 0).tolist()}
    report = cnncalc.check(OURS, sheet)
    assert [tensor.verdict.value for tensor in report.tensors] == ["correct", "correct"]
    assert [tensor.notes[0].en for tensor in report.tensors] == [
        "shaped 3×3×2×3 where 3×2×3×3 is due: read with its channels last, as TensorFlow has them",
        "shaped 2×1×3 where 3×2×1 is due: read with its channels last, as TensorFlow has them",
    ]
    in_order = cnncalc.check(OURS, {"y": y.reshape(2, 1, 3).tolist()})
    assert in_order["y"].verdict.value == "correct"
