"""Sizes and counts as people write them: they are read, and what else stands on the sheet stays what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.report import TensorReport

# (100 − 3)/1 + 1 = 98; 5·(3·3·3) + 5 = 140; 5·98·98 = 48 020; 120·48 020 + 140 = 5 762 540.
LAYERS = "layers:\n  - conv: {channels: 5, size: 3, bias: true}\n  - flatten\n  - fc: {units: 120}\n"
ONE = cnncalc.loads("input: {shape: [3, 100, 100]}\n" + LAYERS)
TEN = cnncalc.loads("input: {shape: [10, 3, 100, 100]}\n" + LAYERS)


def checked(problem: cnncalc.Problem, folder: Path, name: str, answer: str) -> TensorReport:
    path = folder / "sheet.yaml"
    path.write_text(f"{name}: {answer}\n", encoding="utf-8")
    (tensor,) = cnncalc.check(problem, path).tensors
    return tensor


ONE_IMAGE = (
    "[5, 98, 98]", "5×98×98", "5x98x98", "5 X 98 X 98", "5 * 98 * 98", "5·98·98", "5 98 98", "5, 98, 98", "(5, 98, 98)",
    "（5，98，98）", "torch.Size([5, 98, 98])", "5 by 98 by 98", "'$5 \\times 98 \\times 98$'", "5×98×98 = 48020",
    "shape = 5×98×98", "5@98x98", "5 @ 98×98", "5×98²", "5*98^2", "5 channels of 98x98", "5 个 98×98", "<5, 98, 98>",
    "C=5, H=98, W=98", "H=W=98, C=5", "(C = 5, H_out = W_out = 98)", "height=98, width=98, channels=5",
)  # fmt: skip
ANY_BATCH = (
    "[None, 5, 98, 98]", "(None, 5, 98, 98)", "[-1, 5, 98, 98]", "[N, 5, 98, 98]", "N×5×98×98", "batch x 5 x 98 x 98",
    "TensorShape([None, 5, 98, 98])",
)  # fmt: skip
TEN_IMAGES = ("10×5×98×98", "torch.Size([10, 5, 98, 98])", "[10, 5, 98, 98]")


@pytest.mark.parametrize("answer", [*ONE_IMAGE, *ANY_BATCH, "(?, 5, 98, 98)"])
def test_shapes_of_one_image(tmp_path: Path, answer: str) -> None:
    assert checked(ONE, tmp_path, "shape(conv_1)", answer).verdict.value == "correct"


@pytest.mark.parametrize("answer", [*TEN_IMAGES, *ANY_BATCH])
def test_shapes_of_a_mini_batch(tmp_path: Path, answer: str) -> None:
    assert checked(TEN, tmp_path, "shape(conv_1)", answer).verdict.value == "correct"


@pytest.mark.parametrize(
    ("problem", "answer", "codes"),
    [
        (ONE, "5×100×100", ["output-size-of-input"]),
        (TEN, "5×98×98", ["batch-left-out"]),
    ],
)
def test_what_is_wrong_in_one_is_named(tmp_path: Path, problem: cnncalc.Problem, answer: str, codes: list[str]) -> None:
    tensor = checked(problem, tmp_path, "shape(conv_1)", answer)
    assert tensor.verdict.value == "wrong"
    assert codes[0] in [mistake.code for mistake in tensor.mistakes]


@pytest.mark.parametrize(
    ("problem", "answer"), [(ONE, "98 x 98 x 5"), (ONE, "[None, 98, 98, 5]"), (TEN, "[None, 98, 98, 5]")]
)
def test_channels_last_cost_nothing_and_are_said(tmp_path: Path, problem: cnncalc.Problem, answer: str) -> None:
    tensor = checked(problem, tmp_path, "shape(conv_1)", answer)
    assert tensor.verdict.value == "correct"
    assert "read with its channels last, as TensorFlow has them" in tensor.notes[0].en


@pytest.mark.parametrize("answer", ["9×98×98", "5×98", "5×98×98×1", "5", "48020", "5 × 98 x y", "[5.5, 98, 98]"])
def test_a_wrong_size_stays_wrong(tmp_path: Path, answer: str) -> None:
    assert checked(ONE, tmp_path, "shape(conv_1)", answer).verdict.value == "wrong"


@pytest.mark.parametrize("answer", ["[?, 98, 98]", "'? x 98 x 98'", "5 × ? × 98"])
def test_a_hole_stays_a_hole(tmp_path: Path, answer: str) -> None:
    assert checked(ONE, tmp_path, "shape(conv_1)", answer).verdict.value == "missing"


COUNTS = (
    "5762540", "5,762,540", "5 762 540", "5'762'540", "5’762’540", "5_762_540", "5，762，540", "'= 5,762,540'",
    "140 + 5762400 = 5,762,540", "'5762400 + 140'", "5762540 params", "5,762,540 parameters", "5762540 个", "5.76254M",
    "5762.54 k", "576.254万",
)  # fmt: skip


@pytest.mark.parametrize("answer", COUNTS)
def test_counts(tmp_path: Path, answer: str) -> None:
    assert checked(ONE, tmp_path, "parameters(total)", answer).verdict.value == "correct"


@pytest.mark.parametrize(
    "answer",
    ["[5,762,540]", "[5, 762, 540]", "5,762,54", "5,762,5400", "57,62,540", "5.762.540", "5.77M", "5762540 KB"],
)
def test_what_is_no_count_stays_none(tmp_path: Path, answer: str) -> None:
    assert checked(ONE, tmp_path, "parameters(total)", answer).verdict.value in ("wrong", "invalid")


@pytest.mark.parametrize("answer", ["3×3", "3 x 3", "(3, 3)", "3", "[3, 3]"])
def test_receptive_fields(tmp_path: Path, answer: str) -> None:
    assert checked(ONE, tmp_path, "receptive_field(conv_1)", answer).verdict.value == "correct"


@pytest.mark.parametrize("answer", [(5, 98, 98), [None, 5, 98, 98], "5×98×98", np.array([5, 98, 98])])
def test_from_python(answer: Any) -> None:
    (tensor,) = cnncalc.check(ONE, {"shape(conv_1)": answer}).tensors
    assert tensor.verdict.value == "correct"


def test_numbers_of_a_tensor_are_read_as_before(tmp_path: Path) -> None:
    problem = cnncalc.loads("input: {name: x, value: [1, 191, 170]}\nlayers: [relu: {name: y}]\n")
    for answer in ("1,191,170", "[1,191,170]", "(1, 191, 170)"):
        assert checked(problem, tmp_path, "y", answer).verdict.value == "correct"
    for answer in ("1×191×170", "1191170", "[1,191170]"):
        assert checked(problem, tmp_path, "y", answer).verdict.value == "wrong"
    scalar = cnncalc.loads("input: [1191170]\nlayers: [relu: {name: y}]\n")
    assert checked(scalar, tmp_path, "y", "1,191,170").verdict.value == "wrong"


def test_a_mini_batch_of_one_sample_is_no_loss_and_is_said(tmp_path: Path) -> None:
    tensor = checked(ONE, tmp_path, "shape(conv_1)", "torch.Size([1, 5, 98, 98])")
    assert tensor.verdict.value == "correct"
    assert [note.en for note in tensor.notes] == [
        "the 1 in front is read as a mini-batch of one sample, as PyTorch and Keras have it; this problem has none"
    ]
    for name, answer in [("shape(conv_1.weight)", "[1, 5, 3, 3, 3]"), ("shape(conv_1)", "[2, 5, 98, 98]")]:
        assert checked(ONE, tmp_path, name, answer).verdict.value == "wrong"
    assert checked(TEN, tmp_path, "shape(conv_1)", "[1, 5, 98, 98]").verdict.value == "wrong"
