"""Answer sheets as students hand them in: forms, names, holes, and files that cannot be read."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.report import Report

PROBLEM = cnncalc.loads("""
index_base: 1
input: {name: x, value: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]}
layers:
  - conv:
      name: z
      weight: {name: k, value: [[[[1, 0], [0, 1]], [[1, 1], [0, 0]]], [[[0, 2], [1, 0]], [[0, 0], [3, 0]]]]}
  - flatten
  - fc: {name: s, weight: {name: V, value: [[1/3, 1], [0, 1/2], [1, -1]]}}
upstream: {value: [1, 2, 3]}
""")
"""z = [16, 28], s = [33 1/3, 14, -12]."""


def check(tmp_path: Path, text: str) -> Report:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return cnncalc.check(PROBLEM, path)


@pytest.mark.parametrize(
    "text",
    [
        "s: [100/3, 14, -12]",
        "answers: {s: [100/3, 14, -12]}",
        "name: Wang\nanswers:\n  s: [33.3, 14, -12]",
        "s: [[100/3], [14], [-12]]",
        "s: [[100/3, 14, -12]]",
        "s: 100/3 14 -12",
        "s: 33.3, 14, -12",
        "s: |\n  33.3\n  14\n  -12\n",
        "s: |\n  33.3 14 -12\n",
        "s: '\\begin{pmatrix} \\frac{100}{3} \\\\ 14 \\\\ -12 \\end{pmatrix}'",
        "s: |\n  \\begin{bmatrix} \\frac{100}{3} & 14 & -12 \\end{bmatrix}\n",
        "s: ['≈ 33.33', '１４', '−12']",
        "s: {value: [100/3, 14, -12]}",
        "s: (100/3, 14, -12)",
        "s: (100/3, 14, -12)^T",
        "s: 100 / 3, 14, -12",
        "s: 33.3，14，-12",
        "s: [33.3，14，-12]",
        "s: |\n  33.3， 14、 -12\n",
        "s: '\\begin{pmatrix} 33.3 & 14 & -12 \\end{pmatrix}^T'",
        "s: '33.3 & 14 & -12'",
        "s: |\n  [33.3 14 -12]\n",
        "s: [1.00 × 10^2/3, 14, -12]",
    ],
)
def test_every_form_of_a_tensor(tmp_path: Path, text: str) -> None:
    report = check(tmp_path, text)
    assert [tensor.verdict.value for tensor in report.tensors] == ["correct"], report.tensors


@pytest.mark.parametrize("name", ["dL/dV", "∂L/∂V", "dL/ds.weight", "dL/dfc_1.weight", "∂L / ∂V"])
def test_names(tmp_path: Path, name: str) -> None:
    known = PROBLEM.layers[-1].name
    name = name.replace("fc_1", known).replace("ds.weight", f"d{known}.weight")
    report = check(tmp_path, f"'{name}': [[16, 28], [32, 56], [48, 84]]")
    assert [(tensor.name, tensor.verdict.value) for tensor in report.tensors] == [("dL/dV", "correct")]


def test_several_matrices_side_by_side(tmp_path: Path) -> None:
    text = r"x: '\begin{bmatrix}1&2\\3&4\end{bmatrix} \begin{bmatrix}5&6\\7&8\end{bmatrix}'"
    assert check(tmp_path, text).is_correct


def test_an_unreadable_cell_costs_that_cell(tmp_path: Path) -> None:
    (tensor,) = check(tmp_path, "s: [100/3, smudge, -12]").tensors
    assert (tensor.verdict.value, tensor.right) == ("invalid", 2)
    assert [(cell.index, cell.verdict.value, cell.given) for cell in tensor.wrong] == [((2,), "unreadable", "smudge")]


@pytest.mark.parametrize("hole", ["?", "", "~", "null", "'?'", "…"])
def test_a_missing_cell(tmp_path: Path, hole: str) -> None:
    (tensor,) = check(tmp_path, f"s:\n- 100/3\n- {hole}\n- -12\n").tensors
    assert (tensor.verdict.value, tensor.right) == ("missing", 2)
    assert [cell.verdict.value for cell in tensor.wrong] == ["missing"]


@pytest.mark.parametrize("hole", ["?", "", "~", "'?'"])
def test_a_missing_tensor(tmp_path: Path, hole: str) -> None:
    report = check(tmp_path, f"s: {hole}\nz: [16, 28]\n")
    assert {tensor.name: tensor.verdict.value for tensor in report.tensors} == {"z": "correct", "s": "missing"}
    assert (report.score, report.max_score) == (1, 2)
    assert not report.is_correct


def test_an_unknown_name_costs_its_entry(tmp_path: Path) -> None:
    report = check(tmp_path, "zz: [16, 28]\nz: [16, 28]\n")
    assert report["z"].verdict.value == "correct"
    assert report["zz"].verdict.value == "invalid"
    assert "did you mean `z`" in report["zz"].notes[0].en


def test_the_same_tensor_twice(tmp_path: Path) -> None:
    report = check(tmp_path, "dL/dV: [[16, 28], [32, 56], [48, 84]]\n∂L/∂V: 0\n")
    assert [tensor.verdict.value for tensor in report.tensors] == ["correct"]
    assert "answered twice" in report["dL/dV"].notes[0].en


def test_a_wrong_size(tmp_path: Path) -> None:
    (tensor,) = check(tmp_path, "s: [100/3, 14]").tensors
    assert tensor.verdict.value == "wrong"
    assert [(cell.verdict.value, cell.given, cell.expected) for cell in tensor.wrong] == [("shape", "2", "3")]


def test_rows_of_unequal_length_cost_that_tensor(tmp_path: Path) -> None:
    report = check(tmp_path, "x: [[[1, 2], [3]], [[5, 6], [7, 8]]]\nz: [16, 28]\n")
    assert {tensor.name: tensor.verdict.value for tensor in report.tensors} == {"x": "invalid", "z": "correct"}


def test_elements_and_slices(tmp_path: Path) -> None:
    report = check(
        tmp_path, "'s[2]': 14\n'dL/dV[3,1]': 48\n'dL/dV[:,2]': [28, 56, 85]\n'x[1]': [[1, 2], [3, 4]]\n's[4]': 1\n"
    )
    found = {tensor.name: tensor.verdict.value for tensor in report.tensors}
    assert found == {
        "x[1]": "correct", "s[2]": "correct", "dL/dV[3,1]": "correct", "dL/dV[:,2]": "wrong", "s[4]": "invalid",
    }  # fmt: skip
    assert report["dL/dV[:,2]"].wrong[0].index == (3, 2)


@pytest.mark.parametrize("text", ["", "# nothing\n", "- 1\n- 2\n", "5", "s: [1, 2", "a: b: c", "\x00", "&a [*a]"])
def test_a_file_that_is_no_sheet(tmp_path: Path, text: str) -> None:
    with pytest.raises(cnncalc.AnswerError) as raised:
        check(tmp_path, text)
    (fault, *_) = raised.value.faults
    assert fault.message
    assert fault.remedy
    assert str(tmp_path / "mine.yaml") in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(cnncalc.AnswerError):
        cnncalc.check(PROBLEM, tmp_path / "nothing.yaml")


@pytest.mark.parametrize(
    "value",
    [
        [100 / 3, 14, -12],
        (100 / 3, 14.0, -12),
        np.array([100 / 3, 14, -12]),
        ["100/3", 14, -12],
        "100/3 14 -12",
        np.array([[100 / 3, 14, -12]]),
    ],
)
def test_python_values(value: Any) -> None:
    assert cnncalc.check(PROBLEM, {"s": value}).is_correct


@pytest.mark.parametrize(
    "value", [None, float("nan"), [1, None, 3], [[1, 2], [3]], {"a": 1}, object(), True, [], "", [True, False, 1]]
)
def test_strange_python_values_cost_their_tensor(value: Any) -> None:
    report = cnncalc.check(PROBLEM, {"s": value, "z": [16, 28]})
    assert report["z"].verdict.value == "correct"
    assert report["s"].verdict.value in ("missing", "invalid", "wrong")


NO_NUMBERS = (
    "{random: {seed: 1}}",
    "{random: {seed: 1}, shape: [2]}",
    "{random: {seed: 1, low: 16, high: 16}, shape: [2]}",
    "{fill: 16}",
    "{fill: 16, shape: [2]}",
    "{symbol: x}",
    "{symbol: x, shape: [2]}",
    "{symbol: x, values: [16, 28]}",
    "{shape: [2]}",
)


@pytest.mark.parametrize("name", ["z", "z[1]", "parameters(total)", "shape(z)", "multiplications(total)"])
@pytest.mark.parametrize("answer", NO_NUMBERS)
def test_an_answer_is_typed_numbers(tmp_path: Path, answer: str, name: str) -> None:
    """Whatever else a tensor of a problem may be costs that answer, and no other."""
    report = check(tmp_path, f"'{name}': {answer}\ns: [100/3, 14, -12]\n")
    assert {tensor.name: tensor.verdict.value for tensor in report.tensors} == {name: "invalid", "s": "correct"}
    source = answer[1:].split(":")[0]
    note = report[name].notes[0].en
    assert source == "shape" or source in note
    assert ("says of no tensor" if source == "shape" else "stands where an answer should") in note


def test_the_answers_of_a_problem_may_be_filled() -> None:
    """A teacher's file says `fill: 0` for a gradient that is 0 everywhere."""
    from cnncalc.checking.sheets.sheet import own_answers

    problem = cnncalc.loads(
        "input: [[1, 2]]\nlayers: [relu: {name: y}]\nanswers: {y: {fill: 1, shape: [1, 2]}, input: {symbol: x}}\n"
    )
    filled, letters = own_answers(problem).answers
    assert filled.typed is not None
    assert "`symbol` stands where an answer should" in letters.faults[0].message


@pytest.mark.parametrize("kind", ["float64", "int64", "uint64", "uint8", "float32"])
def test_arrays_in_files(tmp_path: Path, kind: str) -> None:
    np.save(tmp_path / "z.npy", np.array([16, 28], dtype=kind))
    assert check(tmp_path, "z: {file: z.npy}\n")["z"].verdict.value == "correct"


@pytest.mark.parametrize("text", ["9", "9.", "1 ", "(", "(1)", "-", "=", "≈1 ", "a: "])
def test_an_endless_cell_costs_that_cell_and_no_time(tmp_path: Path, text: str) -> None:
    # Twenty thousand nines took 82 s, and parentheses ended in a defect.
    cell = text.replace("(1)", "(") * 20_000 + ("1" + ")" * 20_000 if text == "(1)" else "")
    (tmp_path / "sheet.yaml").write_text(f"L: '{cell}'\np: [0.2, 0.2, 0.2, 0.2, 0.2]\n", encoding="utf-8")
    begun = process_time()
    report = cnncalc.check(cnncalc.load(Path(__file__).parents[2] / "problems/hw11.yaml"), tmp_path / "sheet.yaml")
    assert process_time() - begun < 10
    assert (report["L"].right, report["p"].verdict.value) == (0, "correct")
