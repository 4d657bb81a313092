"""Another convention used throughout a sheet is told once, and the rest is judged under it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.checking.checker import Checker
from cnncalc.checking.conventions import CONVENTION
from cnncalc.checking.report import Report, TensorVerdict
from cnncalc.checking.rule import Rule
from cnncalc.checking.sheets.sheet import sheet_of_values
from cnncalc.layers import REGISTRY
from cnncalc.records import replace
from cnncalc.solver import solution_for_answers

from ..command import run

IMAGE = """
input: {name: F, value: [
  [[1, 2, -1, 0], [3, 0, 4, 1], [2, -2, 5, 2], [1, 1, 3, 0]],
  [[2, 5, 1, 1], [-3, 6, 0, 2], [1, 4, -1, 3], [0, 2, 1, 1]]]}
layers:
  - conv: {name: conv, FLIP weight: {name: h, value: [
      [[[1, 2], [-1, 3]], [[2, 0], [5, 1]]], [[[4, -2], [1, 1]], [[3, 1], [-1, 2]]]]}, bias: [1, -2]}
  - relu: {name: relu}
  - max_pool: {name: pool, size: 2, stride: 1}
  - flatten: {name: row, ORDER}
  - fc: {name: z, weight: {name: W, value: [[1/8, 1/4, -1/8, 3/8, 1/8, 1/4, 0, 1/8],
                                            [1/4, 1/8, 1/4, -3/8, 1/8, 0, 1/4, 1/2]]}}
loss: {half_squared_error: {name: L, target: [0, 1]}}
"""
SIGNAL = """
input: {name: x, value: [2, 1, 4, 3, -1, 5]}
layers: [conv1d: {name: c, flip: false, weight: {name: k, value: [1, 3, -2]}}]
loss: {half_squared_error: {name: L, target: [[1, 0, 2, 5]]}}
"""
PENALTY = "penalty: {l2: 1/3}"
PENALISED = ["z", "L.penalty", "L", "dL/dz", "dL/dW", "dL/dinput"]
ALL = ["conv", "relu", "pool", "row", "z", "L", "dL/dz", "dL/dW", "dL/drow", "dL/dpool", "dL/drelu", "dL/dh", "dL/dF"]
BATCH = """
input: [[1, 2, 3], [0, -1, 2]]
layers:
  - fc: {name: z, weight: {name: W, value: [[1, 0, 2], [3, 1, -1], [0, 2, 1]]}}
loss: {LOSS: {name: L, target: [[1, 0, 4], [2, 5, 3]] REDUCTION}}
"""


def image(flip: str = "", order: str = "order: chw") -> str:
    return IMAGE.replace("FLIP", flip).replace("ORDER", order)


def batch(loss: str, reduction: str = "") -> str:
    return BATCH.replace("LOSS", loss).replace("REDUCTION", reduction)


def sheet_of(text: str, names: list[str]) -> dict[str, Any]:
    """What somebody hands in who has solved another problem."""
    trace = cnncalc.solve(cnncalc.loads(text))
    return {name: trace[name].exact for name in names}


def checked(text: str, sheet: dict[str, Any], accepts: bool = False) -> Report:
    checker = Checker(cnncalc.solve(cnncalc.loads(text)), Rule())
    return checker.check(sheet_of_values(sheet), accepts_conventions=accepts)


def test_a_penalty_is_told_as_exactly_as_it_was_typed() -> None:
    for typed, theirs in (("1/3", "1/6"), ("0.01", "0.005")):
        problem, other = (batch("mse") + f"penalty: {{l2: {typed}{half}}}" for half in ("", ", half: true"))
        (said,) = checked(problem, sheet_of(other, PENALISED)).conventions
        assert f"the penalty is {theirs} · Σ w²; this problem has {typed} · Σ w²" in said.message


def doubled(cells: Any) -> Any:
    return [doubled(cell) for cell in cells] if isinstance(cells, list) else f"2*({cells})"


CASES = {
    "kernel-flipped": (image(), image(flip="flip: true,"), ALL),
    "kernel-flipped the other way": (image(flip="flip: true,"), image(), ALL),
    "flatten-order": (image(), image(order="order: hwc"), ALL),
    "flatten-order the other way": (image(order="order: hwc"), image(), ALL),
    "other-reduction": (batch("mse"), batch("mse", ", reduction: sum"), ["L", "dL/dz", "dL/dW", "dL/dinput"]),
    "penalty-half": (batch("mse") + PENALTY, batch("mse") + PENALTY.replace("}", ", half: true}"), PENALISED),
    "kernel-flipped of signals": (
        SIGNAL,
        SIGNAL.replace("flip: false", "flip: true"),
        ["c", "L", "dL/dc", "dL/dk", "dL/dx"],
    ),
    "wrong-divisor": (batch("mse"), batch("half_squared_error"), ["L", "dL/dz", "dL/dW", "dL/dinput"]),
}


@pytest.mark.parametrize("case", CASES)
def test_one_convention_throughout_is_told_once_and_carried_on(case: str) -> None:
    problem, theirs, names = CASES[case]
    strict, accepted = (checked(problem, sheet_of(theirs, names), accepts) for accepts in (False, True))
    assert [found.code for found in strict.conventions] == [case.split()[0]]
    assert not any(tensor.wrong for tensor in strict.tensors)
    verdicts = {tensor.verdict for tensor in strict.tensors}
    assert TensorVerdict.CONVENTION in verdicts
    assert TensorVerdict.WRONG not in verdicts
    assert strict.score < strict.max_score
    assert not strict.is_correct
    assert accepted.score == accepted.max_score
    assert accepted.is_correct


def test_what_is_wrong_under_the_convention_as_well_is_judged_under_it() -> None:
    sheet = sheet_of(image(flip="flip: true,"), ALL)
    sheet["dL/dF"] = [[[f"-({cell})" for cell in row] for row in rows] for rows in sheet["dL/dF"]]
    report = checked(image(), sheet)
    assert report.first_error == "dL/dF"
    assert next(mistake.code for mistake in report["dL/dF"].mistakes) == "sign"
    assert report["conv"].verdict is TensorVerdict.CONVENTION


def negative(cells: Any) -> Any:
    return [negative(cell) for cell in cells] if isinstance(cells, list) else f"-({cells})"


@pytest.mark.parametrize("case", CASES)
def test_mistakes_are_looked_for_under_every_convention(case: str) -> None:
    """What a loss or a layer is called that somebody has in another way is known where its mistakes are looked for."""
    problem, theirs, names = CASES[case]
    named = []
    for name in names:
        sheet = sheet_of(theirs, names)
        sheet[name] = negative(sheet[name])
        named += [mistake.code for mistake in checked(problem, sheet)[name].mistakes]
    assert "sign" in named


@pytest.mark.parametrize("kernel", [(2, 3, 1, 0), (0, 2, 3, 1)])
def test_channels_last(kernel: tuple[int, ...]) -> None:
    trace = cnncalc.solve(cnncalc.loads(image()))
    sheet: dict[str, Any] = sheet_of(image(), ["row", "z", "L", "dL/dW"])
    for name in ("conv", "relu", "pool", "dL/dpool", "dL/drelu", "dL/dF"):
        sheet[name] = trace[name].value.transpose(1, 2, 0).tolist()
    sheet["dL/dh"] = trace["dL/dh"].value.transpose(kernel).tolist()
    report = checked(image(), sheet, accepts=True)
    assert [found.code for found in report.conventions] == ["channels-last"]
    assert report.is_correct


def test_two_conventions_together() -> None:
    report = checked(image(), sheet_of(image("flip: true,", "order: hwc"), ALL), accepts=True)
    assert {found.code for found in report.conventions} == {"kernel-flipped", "flatten-order"}
    assert report.is_correct
    summed = sheet_of(batch("half_squared_error", ", reduction: sum"), ["L", "dL/dz", "dL/dW", "dL/dinput"])
    # As the loss of one sample was half of it, a sum over all is another divisor and another reduction.
    report = checked(batch("mse"), {name: doubled(cells) for name, cells in summed.items()}, accepts=True)
    assert {found.code for found in report.conventions} == {"other-reduction", "wrong-divisor"}
    assert report.is_correct


def test_an_answer_by_the_problems_own_convention_speaks_against_another() -> None:
    """Forward as the problem says, and only the gradients with the kernel turned: a mistake, and no convention."""
    sheet = sheet_of(image(), ALL)
    sheet["dL/dF"] = sheet_of(image(flip="flip: true,"), ["dL/dF"])["dL/dF"]
    report = checked(image(), sheet)
    assert report.conventions == ()
    assert report["dL/dF"].verdict is TensorVerdict.WRONG


def test_one_tensor_is_no_habit() -> None:
    report = checked(image(), sheet_of(image(flip="flip: true,"), ["conv"]))
    assert report.conventions == ()
    assert report["conv"].verdict is TensorVerdict.WRONG
    assert "kernel-flipped" in [mistake.code for mistake in report["conv"].mistakes]


def test_a_right_sheet_has_no_other_convention() -> None:
    for problem, _, names in CASES.values():
        report = checked(problem, sheet_of(problem, names))
        assert report.is_correct
        assert report.conventions == ()


def test_every_option_that_is_exchanged_is_one_of_the_layer() -> None:
    from cnncalc.checking.conventions import _OPTIONS

    for _, type_, option, taken in _OPTIONS:
        assert getattr(REGISTRY[type_](), option) in taken
        assert len(taken) == 2
        for value, phrase in taken.items():
            assert getattr(replace(REGISTRY[type_](), **{option: value}), option) == value
            assert "约定" in CONVENTION.format(phrase=phrase).zh


def test_the_command_says_it_and_counts_it_when_asked_to(tmp_path: Path) -> None:
    (tmp_path / "problem.yaml").write_text(image(), encoding="utf-8")
    sheet = sheet_of(image(flip="flip: true,"), ALL)
    (tmp_path / "sheet.yaml").write_text(json.dumps(sheet), encoding="utf-8")
    strict = run(["check", "problem.yaml", "sheet.yaml"], folder=tmp_path)
    assert strict.returncode == 1
    assert strict.stdout.count("true convolution") == 1
    assert "~ other convention" in strict.stdout
    accepted = run(
        ["check", "problem.yaml", "sheet.yaml", "--conventions", "accept", "--format", "json"], folder=tmp_path
    )
    assert accepted.returncode == 0
    found = json.loads(accepted.stdout)
    assert found["score"] == found["max_score"] == len(ALL)
    assert [convention["code"] for convention in found["conventions"]] == ["kernel-flipped"]


def test_sizes_with_the_channels_last() -> None:
    """As Keras prints them; LeNet-5's sizes are those of the paper."""
    problem = """
input: {shape: [1, 32, 32]}
layers:
  - conv: {name: C1, channels: 6, size: 5, bias: true}
  - avg_pool: {name: S2, size: 2}
  - conv: {name: C3, channels: 16, size: 5, bias: true}
"""
    sheet = {"shape(C1)": "28 x 28 x 6", "shape(S2)": "[14, 14, 6]", "shape(C3)": "(None, 10, 10, 16)"}
    checker = Checker(solution_for_answers(cnncalc.loads(problem)), Rule())
    report = checker.check(sheet_of_values(sheet))
    assert report.is_correct
    assert report.conventions == ()
    assert all("channels last" in tensor.notes[0].en for tensor in report.tensors)


def test_a_convention_is_not_told_of_a_sheet_in_which_what_follows_speaks_against_it() -> None:
    """Twice the step, as if the loss were not halved; but the loss and its gradients are not, however rounded."""
    problem = cnncalc.loads("""
input: {name: x, value: [1, 4]}
layers:
  - fc: {name: z1, weight: {name: W1, value: [[0.9, 0.5], [0.1, 0.5]]}, bias: {name: b1, value: [0.3, 0.6]}}
  - tanh: {name: h}
  - fc: {name: z2, weight: {name: W2, value: [[-0.7, -0.1], [-0.4, -0.6]]}, bias: {name: b2, value: [0.4, -0.1]}}
  - sigmoid: {name: y}
loss: {mse: {target: [0, 0]}}
update: {sgd: {lr: 0.5}}
""")
    sheet = {
        "h": "0.9967, 0.9910", "z2": "-0.3968, -1.093", "y": "0.4021, 0.2511", "L": "0.1124",
        "dL/dy": "0.4021, 0.2511", "dL/dz2": "0.09667, 0.04722", "dL/db2": "0.09667, 0.04722",
        "dL/dh": "-0.08656, -0.03800", "dL/dz1": "-0.0005704, -0.0006809", "dL/db1": "-0.0005704, -0.0006809",
        "dL/dW1": "-0.0005704, -0.002282, -0.0006809, -0.002724",
        "W1.new": "0.9006, 0.5023, 0.1007, 0.5027", "b1.new": "0.3006, 0.6007", "b2.new": "0.3033, -0.1472",
    }  # fmt: skip
    report = cnncalc.check(problem, sheet)
    assert (report.conventions, report["L"].verdict.value) == ((), "follows")
    assert "learning-rate-forgotten" in [mistake.code for mistake in report["b2.new"].mistakes]
