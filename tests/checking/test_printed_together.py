"""Tensors that a program printed in one format: no right number is called wrong, and no guess is worth more.

The true numbers are the input of a ReLU; what is printed of them is Python's formatting, or NumPy's float32.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.report import TensorReport

TRUE = ("1.23456", "0.120034", "12.30002", "0.00531", "3.00004", "0.000021", "0.34567", "2.71828")


def judged(true: Sequence[str], cells: Sequence[str], **others: str) -> TensorReport:
    problem = cnncalc.loads(f"input: [{', '.join(true)}]\nlayers: [relu: {{name: y}}]\n")
    return cnncalc.check(problem, {"y": f"[{', '.join(cells)}]", **others})["y"]


def verdicts(true: Sequence[str], cells: Sequence[str]) -> list[str]:
    wrong = {cell.index: cell.verdict.value for cell in judged(true, cells).wrong}
    return [wrong.get((at,), "right") for at in range(1, len(cells) + 1)]


@pytest.mark.parametrize(
    "form",
    [
        "{:.4f}".format, "{:.5f}".format, "{:.4g}".format, "{:.5g}".format, "{:.3e}".format,
        lambda number: repr(round(number, 4)), lambda number: repr(round(number, 5)),
    ],
)  # fmt: skip
def test_a_whole_tensor_printed_in_one_format_is_right(form: Callable[[float], str]) -> None:
    assert verdicts(TRUE, [form(float(number)) for number in TRUE]) == ["right"] * len(TRUE)


@pytest.mark.parametrize(
    ("true", "cells", "expected"),
    [
        # 0.12 is 0.1200 beside four digits, which 0.12034 is not.
        (("1.2345", "0.12034"), ("1.2345", "0.12"), "too-few-digits"),
        (("1.23456", "3.0004"), ("1.2346", "3"), "too-few-digits"),
        # Three places are a hand's, two digits of the largest number are too few, and so is one number by itself.
        (("1.2345", "0.00531"), ("1.235", "0.005"), "too-few-digits"),
        (("0.00123", "0.00531"), ("0.0012", "0.0053"), "too-few-digits"),
        (("0.00531",), ("0.0053",), "too-few-digits"),
        # In the same places a wrong number stays wrong, and so does what was cut off.
        (("1.2345", "0.00531"), ("1.2345", "0.0054"), "last-digit"),
        (("1.2345", "0.00538"), ("1.2345", "0.0053"), "truncated"),
        (("1.2345", "0.00531"), ("1.2345", "0.0000"), "wrong"),
    ],
)
def test_no_guess_is_worth_more(true: Sequence[str], cells: Sequence[str], expected: str) -> None:
    assert verdicts(true, cells)[-1] == expected


def test_two_digits_are_enough_where_pytorch_prints_them(tmp_path: Path) -> None:
    problem = cnncalc.loads("input: [0.002321, 0.003149]\nlayers: [relu: {name: y}]\n")
    for text, verdict in (("tensor([0.0023, 0.0031])", "correct"), ("[0.0023, 0.0031]", "wrong")):
        (tmp_path / "sheet.yaml").write_text(f"y: {text}\n", encoding="utf-8")
        assert cnncalc.check(problem, tmp_path / "sheet.yaml")["y"].verdict == verdict


def test_a_slip_among_printed_numbers_is_found_alone() -> None:
    cells = [f"{float(number):.4f}" for number in TRUE]
    found = judged(TRUE, [*cells[:6], "0.3547", cells[7]])
    assert ([cell.index for cell in found.wrong], found.right) == ([(7,)], len(TRUE) - 1)


def test_what_floating_point_leaves_of_terms_that_cancel() -> None:
    problem = cnncalc.loads(
        "input: [0.1, 0.2, -0.3]\nlayers: [fc: {name: y, weight: [[1, 1, 1], [1, 2, 3], [3, 2, 1]]}]\n"
    )
    zero = 0.1 + 0.2 - 0.3
    assert f"{zero:.4g}" == "5.551e-17"
    assert cnncalc.check(problem, {"y": f"[{zero:.4g}, -0.4000, 0.4000]"})["y"].verdict == "correct"
    for residue in ("1e-4", "2e-6"):
        assert cnncalc.check(problem, {"y": f"[{residue}, -0.4000, 0.4000]"})["y"].right == 2


def test_small_numbers_of_float32_beside_large_ones() -> None:
    """Beside 2.7 float32 is off by 1e-7, which shows in the sixth digit of 0.01; what is cut off is no such number."""
    generator = np.random.default_rng(5)
    large = [f"{number:.7f}" for number in generator.uniform(1, 3, 20)]
    true = [*large, "0.0100000", "0.0554321"]
    off = np.asarray(true, np.float64) + 1e-7
    assert verdicts(true, [f"{number:.6g}" for number in off])[-2:] == ["right", "right"]
    cut = [number[:7] for number in large]
    assert set(verdicts(true, [*cut, "0.01000", "0.05543"])) <= {"right", "truncated"}
    assert "truncated" in verdicts(true, [*cut, "0.01000", "0.05543"])
    assert verdicts(true, [*large, "0.0100029", "0.0554321"])[-2] == "wrong"


@pytest.mark.parametrize(
    "text",
    [
        "tensor(1.6763, dtype=torch.float64)", "tensor(1.6763, grad_fn=<NllLossBackward0>)", "array(1.67625)",
        "Array(1.67625, dtype=float32, weak_type=True)", "<tf.Tensor: shape=(), dtype=float32, numpy=1.67625>",
        "Parameter containing:\n  tensor([1.6763], requires_grad=True)", "{1.67625f}",
    ],
)  # fmt: skip
def test_one_number_as_programs_print_it_below_its_name(tmp_path: Path, text: str) -> None:
    problem = cnncalc.loads("input: [1.67625]\nlayers: [relu: {name: y}]\n")
    (tmp_path / "sheet.yaml").write_text(f"y: |\n  {text}\n", encoding="utf-8")
    assert cnncalc.check(problem, tmp_path / "sheet.yaml")["y"].verdict == "correct"


@pytest.mark.parametrize("count", [11, 15, 23])
@pytest.mark.parametrize("write", [str, repr])
def test_one_list_is_printed_over_several_lines(tmp_path: Path, count: int, write: Callable[[object], str]) -> None:
    """NumPy and PyTorch break a vector where their line ends; its last line is shorter, and it is no matrix."""
    numbers = np.random.default_rng(count).uniform(-3, 3, count).round(5)
    problem = cnncalc.loads(f"input: {numbers.tolist()}\nlayers: [identity: {{name: y}}]\n")
    with np.printoptions(linewidth=75):
        printed = write(numbers)
    assert "\n" in printed
    (tmp_path / "sheet.yaml").write_text("y: |\n" + "".join(f"  {line}\n" for line in printed.split("\n")), "utf-8")
    report = cnncalc.check(problem, tmp_path / "sheet.yaml")["y"]
    assert (report.verdict, report.notes) == ("correct", ())


@pytest.mark.parametrize(
    "text", ["'-0.8815\t-0.2465\t0.1595'", "'{-0.8815f, -0.2465f, 0.1595f}'", '"-0.8815\\t-0.2465\\t0.1595"']
)
def test_a_row_of_a_spreadsheet_and_one_of_c(tmp_path: Path, text: str) -> None:
    """Parted by tabs, two negative numbers are no difference."""
    problem = cnncalc.loads("input: [-0.8815, -0.2465, 0.1595]\nlayers: [identity: {name: y}]\n")
    (tmp_path / "sheet.yaml").write_text(f"y: {text}\n", encoding="utf-8")
    assert cnncalc.check(problem, tmp_path / "sheet.yaml")["y"].verdict == "correct"


def test_where_a_number_is_right_beside_others_is_said() -> None:
    # 0.12 is right in a, as 0.1200 beside the others, and wrong in b.
    problem = cnncalc.loads(
        "input: [1]\nlayers:\n  - fc: {name: a, weight: [[0.12003], [0.34567], [0.45678], [0.56789]]}\n"
        "  - fc: {name: b, weight: [[1, 0, 0, 0.3], [0, 1, 0, 0]]}\n"
    )
    report = cnncalc.check(problem, {"a": ["0.12", "0.3457", "0.4568", "0.5679"], "b": ["0.12", "0.3457"]})
    assert report["b"].verdict.value == "wrong"
    assert [note.text("en").partition(": ")[2] for note in report.notes] == ["in a, 0.12 is right."]
