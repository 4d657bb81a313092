"""Tensors pasted from NumPy, PyTorch, MATLAB, C and Markdown, in problems and in answers."""

from __future__ import annotations

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.report import TensorVerdict

MATRIX = [[1, -2.5, 0], [3, 6, 0.25]]
PRINTS = {
    "NumPy in YAML": "[[ 1.   -2.5   0.  ]\n [ 3.    6.    0.25]]",
    "NumPy in a block": "|\n  [[ 1.   -2.5   0.  ]\n   [ 3.    6.    0.25]]",
    "repr": "|\n  array([[ 1.  , -2.5 ,  0.  ],\n         [ 3.  ,  6.  ,  0.25]])",
    "repr with a type": "|\n  array([[ 1.  , -2.5 ,  0.  ],\n         [ 3.  ,  6.  ,  0.25]], dtype=float32)",
    "PyTorch": "|\n  tensor([[ 1.0000, -2.5000,  0.0000],\n          [ 3.0000,  6.0000,  0.2500]])",
    "PyTorch with a gradient": "|\n  tensor([[ 1.0, -2.5,  0.0],\n    [ 3.0,  6.0,  0.25]], grad_fn=<AddBackward0>)",
    "PyTorch on a device": "tensor([[1.0, -2.5, 0.0], [3.0, 6.0, 0.25]], device='cuda:0', dtype=torch.float64)",
    "code": "np.array([[1, -2.5, 0], [3, 6, 0.25]])",
    "MATLAB": "'[1 -2.5 0; 3 6 0.25]'",
    "MATLAB without quotes": "[1 -2.5 0; 3 6 0.25]",
    "MATLAB over lines": "|\n  [1 -2.5 0\n   3 6 0.25]",
    "MATLAB with commas": "[1, -2.5, 0; 3, 6, 0.25]",
    "lines without marks": "\n  1 -2.5 0\n  3 6 0.25",
    "a line each": "\n  - 1 -2.5 0\n  - 3, 6, 0.25",
    "tuples": "((1, -2.5, 0), (3, 6, 0.25))",
    "C": "'{{1, -2.5, 0}, {3, 6, 0.25}}'",
    "Markdown": "|\n  | 1 | -2.5 | 0 |\n  | 3 | 6 | 0.25 |",
    "Markdown with headings": "|\n  | a | b | c |\n  |---|:-:|--:|\n  | 1 | -2.5 | 0 |\n  | 3 | 6 | 0.25 |",
    "columns with bars": "|\n  1 | -2.5 | 0\n  3 | 6 | 0.25",
    "full width": "［［1，-2.5，0］，［3，6，0.25］］",
    "full-width commas alone": "[[1，-2.5，0]，[3，6，0.25]]",
    "a lone sign": "[[1, - 2.5, 0], [3, 6, 0.25]]",
    "CSV": "|\n  1,-2.5,0\n  3,6,0.25",
    "TSV": "|\n  1\t-2.5\t0\n  3\t6\t0.25",
}  # fmt: skip


@pytest.mark.parametrize("name", PRINTS)
def test_a_problem_reads_it(name: str) -> None:
    problem = cnncalc.loads(f"title: t\ninput: {PRINTS[name]}\nlayers: [{{conv: {{weight: [[1]]}}}}]\n")
    np.testing.assert_array_equal(cnncalc.solve(problem, "float")["input"].value.ravel(), np.ravel(MATRIX))
    assert problem.input.entries.shape == (1, 1, 2, 3)


@pytest.mark.parametrize("name", PRINTS)
def test_an_answer_reads_it(name: str, tmp_path: object) -> None:
    problem = cnncalc.loads(f"input: {MATRIX}\nlayers: [{{conv: {{weight: [[1]]}}}}]\n")
    path = f"{tmp_path}/sheet.yaml"
    with open(path, "w", encoding="utf-8") as sheet:
        sheet.write(f"conv_1: {PRINTS[name]}\n")
    (tensor,) = cnncalc.check(problem, path).tensors
    assert (tensor.verdict, tensor.right) == (TensorVerdict.CORRECT, 6)


def test_answers_are_read_as_a_program_assigns_them(tmp_path: object) -> None:
    problem = cnncalc.loads("input: [2, 3]\nlayers: [fc: {name: z, weight: [[1, 0]]}]\n")
    for text in ("z = [2]\n", "z := [2]\n", "z: z = 2\n", "# mine\nz = 2\n"):
        path = f"{tmp_path}/sheet.yaml"
        with open(path, "w", encoding="utf-8") as sheet:
            sheet.write(text)
        assert cnncalc.check(problem, path).tensors[0].verdict == TensorVerdict.CORRECT


def test_an_empty_line_of_plain_text_begins_a_channel() -> None:
    problem = cnncalc.loads("input:\n  1 2\n  3 4\n\n  5 6\n  7 8\nlayers: [flatten]\n")
    assert problem.input.entries.shape == (1, 2, 2, 2)


@pytest.mark.parametrize(("typed", "size"), [("1 2 3", 3), ("1, 2, 3", 3), ("[1 2]", 2), ("3", 1)])
def test_features_without_brackets(typed: str, size: int) -> None:
    assert cnncalc.loads(f"input: {typed}\nlayers: [relu]\n").input.entries.shape == (1, size)


@pytest.mark.parametrize("typed", ["1 1/2", "1,234", "0,5", "1,234,567", "12 345"])
def test_what_may_be_one_number_is_asked_about(typed: str) -> None:
    with pytest.raises(cnncalc.ProblemError):
        cnncalc.loads(f"input: {typed}\nlayers: [relu]\n")


def test_a_print_that_leaves_numbers_out_says_how_to_print_all() -> None:
    with pytest.raises(cnncalc.ProblemError) as caught:
        cnncalc.loads("input: |\n  [[0. 1. ... 8. 9.]\n   [0. 1. ... 8. 9.]]\nlayers: [relu]\n")
    (fault,) = caught.value.faults
    assert fault.message == "numbers are left out of this print (`...`)"
    assert fault.remedy.startswith("print all of it: np.set_printoptions(threshold=10**9)")


def test_a_file_that_is_broken_elsewhere_says_where() -> None:
    with pytest.raises(cnncalc.ProblemError) as caught:
        cnncalc.loads("input: [[1. 2.]\n [3. 4.]]\nlayers: [relu\n")
    assert [fault.message for fault in caught.value.faults] == ["'[' stands in the middle of a value"]


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        (
            "|\n  x(:,:,1) =\n       1     2\n       3     4\n  x(:,:,2) =\n       5     6\n       7     8",
            "headings out",
        ),
        ("|\n  ans(:,:,1,2) =\n\n     1     2\n\n  ans(:,:,2,2) =\n\n     5     6\n", "headings out"),
        ("|\n  tensor([[1., 2.],\n          [3., 4.]])\n  tensor([[5., 6.],\n          [7., 8.]])", "one list"),
        ("|\n  array([1, 2])\n  array([3, 4])", "one list"),
    ],
)
def test_several_prints_below_each_other_are_one_fault(typed: str, remedy: str) -> None:
    with pytest.raises(cnncalc.ProblemError) as caught:
        cnncalc.loads(f"input: {typed}\nlayers: [relu]\n")
    (fault,) = caught.value.faults
    assert remedy in fault.remedy
