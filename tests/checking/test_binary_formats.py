"""Sheets printed in float32, half or bfloat16: right by a rule that is said; digits of a hand stay what they were."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.answer_key import AnswerKey
from cnncalc.checking.report import Report
from cnncalc.checking.rule import Rule
from tests.command import run

PROBLEM = cnncalc.loads(
    "input: [2.52, 0.1, 7]\nlayers: [{fc: {name: y, weight: [[1, 0, 0], [1/3, 1, 0], [0, 3, 1]]}}]\n"
)
TRUE = (2.52, 0.94, 7.3)


def checked(cells: Sequence[object], **others: object) -> Report:
    return cnncalc.check(PROBLEM, {"y": ", ".join(map(str, cells)), **others})


@pytest.mark.parametrize("form", ["{:.8f}", "{:.9g}", "{:.8e}", "{:.17g}"])
def test_numbers_of_float32_are_right_and_it_is_said(form: str) -> None:
    printed = [form.format(np.float32(number)) for number in TRUE]
    report = checked(printed)
    assert report["y"].verdict.value == "correct"
    assert report.notes[0].en == (
        "Its long decimals are numbers of float32, as a program prints them "
        f"(2.52 is {printed[0]} there): judged as such."
    )


def test_what_float32_has_computed_is_off_by_a_few_bits_at_most() -> None:
    near = [np.nextafter(np.float32(number), np.float32(9)) for number in TRUE]
    assert checked([f"{number:.9g}" for number in near])["y"].verdict.value == "correct"
    for _ in range(8):
        near = [np.nextafter(number, np.float32(9)) for number in near]
    assert checked([f"{number:.9g}" for number in near])["y"].verdict.value == "wrong"


# What torch prints of tensor([2.52, 0.94, 7.3]).half() and .bfloat16(): 11 and 8 bits of each number.
@pytest.mark.parametrize(
    ("cells", "name"),
    [(("2.5195", "0.9399", "7.3008"), "float16"), (("2.5156", "0.9414", "7.3125"), "bfloat16")],
)
def test_narrow_formats(cells: Sequence[str], name: str) -> None:
    report = checked(cells)
    assert (report["y"].verdict.value, name in report.notes[0].en) == ("correct", True)
    one_is_not = checked(cells, input="[2.5244, 0.1, 7]")
    assert (one_is_not["y"].verdict.value, one_is_not.notes) == ("wrong", ())


def test_a_mistake_is_found_in_numbers_of_float32() -> None:
    negated = [f"{-np.float32(number):.9g}" for number in (2.52, 0.94)]
    report = cnncalc.check(PROBLEM, {"y": f"{', '.join(negated)}, -7.3", "input": "2.51999998, 0.1, 7"})
    assert report["y"].verdict.value == "wrong"
    assert [mistake.code for mistake in report["y"].mistakes] == ["sign"]


# What tolist() makes of y = -(W @ x) and z = V @ y with torch 2.13's float32.
WRONG_IN_FLOAT32 = {
    "y": [[-2.372000217437744, -2.423999786376953, 1.3980000019073486]],
    "z": [[0.7517998218536377, -4.584199905395508]],
}
TWO_STEPS = cnncalc.loads(
    "input: [2.52, 0.1, 7]\nlayers:\n  - fc: {name: y, weight: [[0.1, 0.2, 0.3], [0.7, -0.4, 0.1], [1.1, 0.3, -0.6]]}\n"
    "  - fc: {name: z, weight: [[0.3, -0.2, 0.7], [1.3, 0.1, -0.9]]}\n"
)


def test_what_float32_makes_of_a_mistake_shows_the_format_too_and_what_follows_from_it() -> None:
    report = cnncalc.check(TWO_STEPS, {name: str(rows) for name, rows in WRONG_IN_FLOAT32.items()})
    assert [report[name].verdict.value for name in ("y", "z")] == ["wrong", "follows"]
    assert [mistake.code for mistake in report["y"].mistakes][:1] == ["sign"]
    assert "-2.372000217437744 is one" in report.notes[0].en


def test_terms_that_cancel_leave_the_rounding_of_large_ones() -> None:
    problem = cnncalc.loads(
        "input: [1, 1000, 7]\nlayers: [fc: {name: y, weight: [[1000.1, -1, 0], [0.1, 0, 1/3], [0, 0.3, 0.7]]}]\n"
    )
    # torch 2.13; the first is 0.1.
    printed = cnncalc.check(problem, {"y": "[0.0999755859375, 2.433333396911621, 304.8999938964844]"})
    assert printed["y"].verdict.value == "correct"
    assert cnncalc.check(problem, {"y": "[0.0998, 2.433333396911621, 304.8999938964844]"})["y"].right == 2


@pytest.mark.parametrize(("call", "right"), [("tensor({})", 1), ("tensor({}, dtype=torch.float64)", 0), ("{}", 0)])
def test_what_pytorch_prints_is_rounded_from_float32(tmp_path: Path, call: str, right: int) -> None:
    # torch 2.13 prints 0.1745154990 so, with a precision of 6.
    problem = cnncalc.loads("input: [0.1745154990, 2.5]\nlayers: [relu: {name: y}]\n")
    (tmp_path / "sheet.yaml").write_text(f"y: {call.format('[0.174516, 2.500000]')}\n", encoding="utf-8")
    report = cnncalc.check(problem, tmp_path / "sheet.yaml")
    assert (report["y"].right, len(report.notes)) == (1 + right, right)


@pytest.mark.parametrize("cell", ["2.51999999", "2.5199", "2.519", "2.53"])
def test_digits_of_a_hand_stay_what_they_were(cell: str) -> None:
    report = checked((cell, "0.94", "7.3"))
    assert (report.notes, report["y"].wrong[0].verdict.value) == ((), "last-digit")


def test_digits_that_are_cut_off_are_no_float32() -> None:
    # 2/3 cut off after eight digits; float32 has 0.66666663 and 0.66666669 beside it.
    problem = cnncalc.loads("input: [2/3]\nlayers: [relu: {name: y}]\n")
    report = cnncalc.check(problem, {"y": "0.66666666"})
    assert (report.notes, report["y"].wrong[0].verdict.value) == ((), "truncated")


def test_as_many_digits_are_shown_as_were_typed(tmp_path: Path) -> None:
    problem = tmp_path / "problem.yaml"
    problem.write_text("input: [2.52]\nlayers: [sigmoid: {name: s}]\nanswers: {s: 0.9255343712}\n", encoding="utf-8")
    # 1/(1 + e^-2.52) by mpmath is 0.925532054833…
    assert "≈ 0.9255320548" in run(["check", str(problem)]).stdout


def test_behind_a_slip_float32_shows_in_a_few_numbers_of_each_tensor() -> None:
    """The first logit is 0 for 1: from there on NumPy's float32 goes its own way, two long numbers in each tensor."""
    problem = cnncalc.loads(
        "input: [1, 2, 3]\nlayers: [fc: {name: s, weight: [[2, 1, -1], [1, -1, 1], [4, 0, -1]]}, softmax: {name: p}]\n"
        "loss: {cross_entropy: {class: 2}}\n"
    )
    e = np.exp(np.asarray([0, 2, 1], np.float32))
    p = e / e.sum()
    t = np.asarray([0, 1, 0], np.float32)
    tensors = {"p": p, "L": -np.log(p[1]), "dL/dp": -t / p, "dL/ds": p - t}
    answers = {name: np.vectorize("{:.9g}".format)(value).tolist() for name, value in tensors.items()}
    report = cnncalc.check(problem, {"s": [0, 2, 1], **answers})
    assert {tensor.name: tensor.verdict.value for tensor in report.tensors} == {
        "s": "wrong", "p": "follows", "L": "follows", "dL/dp": "follows", "dL/ds": "follows",
    }  # fmt: skip


def in_float32(logits: Sequence[float], inputs: Sequence[float], target: int) -> dict[str, str]:
    """What NumPy's float32 makes of a classifier, each number as short as it can be."""
    weight, x = np.asarray(logits, np.float32), np.asarray(inputs, np.float32)
    s = np.zeros_like(weight)
    for feature in x:  # one by one, as a loop adds up
        s = s + weight * feature
    e = np.exp(s - s.max())
    p = e / e.sum()
    slopes = p - np.eye(len(p), dtype=np.float32)[target]
    tensors = {"s": s, "p": p, "dL/ds": slopes, "dL/dx": np.full_like(x, (slopes * weight).sum())}
    return {name: ", ".join(map(str, values)) for name, values in tensors.items()}


def classifier(logits: Sequence[float], inputs: Sequence[float], target: int) -> str:
    weight = [[logit] * len(inputs) for logit in logits]
    return f"""
input: {{name: x, value: {list(inputs)}}}
layers: [fc: {{name: s, weight: {weight}}}, softmax: {{name: p}}]
loss: {{cross_entropy: {{class: {target + 1}}}}}
"""


def test_what_only_float32_makes_of_a_number_shows_it_however_short_it_is() -> None:
    """0.7000001 for 0.7 is rounded by no hand; 1 - p is 0 where p is 1 in float32, and so is all that comes of it."""
    case = ([0.1, -3.1, 2.3, 0.7], [1.1, 2.3, 0.4, 3.3], 2)
    report = cnncalc.check(cnncalc.loads(classifier(*case)), in_float32(*case))
    assert {tensor.name: tensor.verdict.value for tensor in report.tensors} == dict.fromkeys(
        ["s", "p", "dL/ds", "dL/dx"], "correct"
    )
    assert "are numbers of float32" in report.notes[0].en
    slipped = in_float32(*case)
    slipped["s"] = slipped["s"].replace("0.", "0.1", 1)
    assert cnncalc.check(cnncalc.loads(classifier(*case)), slipped)["s"].verdict.value == "wrong"


def test_digits_that_doubles_lose_are_nobodys_mistake() -> None:
    """1 - p is 1.1e-15 for 1.0155e-15 where p is a double; a sign, or a digit that was not lost, is another thing."""
    problem = cnncalc.loads(classifier([0.0, 34.5234], [1], 1))
    # By mpmath p[1] is 1.01552e-15.
    assert cnncalc.check(problem, {"dL/ds": "1.02e-15, -1.11e-15"})["dL/ds"].verdict.value == "correct"
    assert cnncalc.check(problem, {"dL/ds": "1.11e-15, -1.02e-15"})["dL/ds"].right == 1
    assert cnncalc.check(problem, {"dL/ds": "1.02e-15, -9.02e-15"})["dL/ds"].right == 1
    kink = cnncalc.loads("input: [6, 0, 3]\nlayers: [relu6]\nupstream: [1.234567, 2.345678, 3.456789]\n")
    assert cnncalc.check(kink, {"dL/dinput": "1.234567, 2.345678, 3.456789"})["dL/dinput"].right == 1


@pytest.mark.parametrize("cell", ["2.52000000252", "2.5200002521", "2.51999951"])
def test_a_number_that_float32_does_not_have_is_none_of_its_numbers(cell: str) -> None:
    """Near enough for float32, but with more digits than it tells apart, or between two of its numbers."""
    report = checked((cell, "0.94", "7.3"))
    assert (report.notes, report["y"].verdict.value) == ((), "wrong")


# torch 2.13: conv2d, cross_entropy and backward of these tensors with dtype=torch.bfloat16 and torch.float16; the true
# values are 4.264164 and 0.985936, 0.492968, 1.478905.
PRINTED = {
    "bfloat16": ("4.2500", "[0.9844, 0.0000], [0.4922, 1.4766]"),
    "float16": ("4.2656", "[0.9849, 0.0000], [0.4924, 1.4775]"),
}


@pytest.mark.parametrize("dtype", PRINTED)
def test_the_format_that_a_print_states_is_believed(dtype: str, tmp_path: Path) -> None:
    problem = cnncalc.loads("""
input: [[1, 2, 0], [0, 1, 3], [2, 1, 1]]
layers:
  - conv: {weight: {name: K, value: [[1, -1], [0, 2]]}, bias: 1/2}
  - relu
  - max_pool: {size: 2}
  - flatten
  - fc: {weight: [[1], [0.5], [-1]]}
  - softmax
loss: {cross_entropy: {target: [0, 1, 0]}}
""")
    loss, gradient = PRINTED[dtype]
    text = f"loss: tensor({loss}, dtype=torch.{dtype})\nK.grad: tensor([[[{gradient}]]], dtype=torch.{dtype})\n"
    sheet = tmp_path / "sheet.txt"
    sheet.write_text(text, encoding="utf-8")
    report = cnncalc.check(problem, sheet)
    assert [report[name].verdict.value for name in ("L", "dL/dK")] == ["correct", "correct"]
    assert report.notes[0].en.startswith(f"Its numbers are printed by PyTorch, which has computed them in {dtype}")
    sheet.write_text(text.replace("1.47", "1.51"), encoding="utf-8")
    assert cnncalc.check(problem, sheet)["dL/dK"].verdict.value == "wrong"


CHAIN = """
input: {name: x, value: [[0.7, -1.3, 2.1], [1.9, 0.3, 0.6], [-0.2, -2.3, 1.1]]}
layers:
  - fc: {name: z, weight: [[0.3, 0.9, 0.7], [-1.1, 0.6, 0.4], [0.8, -0.7, 1.7]]}
  - tanh: {name: h}
  - fc: {name: s, weight: [[1.3, -0.9, 0.7], [0.6, 1.1, -0.3]]}
  - sigmoid: {name: p}
"""


def bfloat16(values: np.ndarray) -> np.ndarray:
    """Rounded to eight bits, half to even."""
    bits = np.asarray(values, dtype=np.float32).view(np.uint32).astype(np.uint64)
    kept = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    return kept.astype(np.uint32).view(np.float32)


def float16(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, dtype=np.float16).astype(np.float32)


@pytest.mark.parametrize("rounded", [float16, bfloat16])
@pytest.mark.parametrize("form", ["{}", "{:.4f}", "{:#.4g}"])
def test_a_sheet_computed_in_a_narrow_format_needs_no_dtype(rounded: Callable[[Any], Any], form: str) -> None:
    """Each step is rounded to it, so that numbers are off by more than their own last bit, or follow."""
    problem = cnncalc.loads(CHAIN)
    x = rounded([[0.7, -1.3, 2.1], [1.9, 0.3, 0.6], [-0.2, -2.3, 1.1]])
    z = rounded(x @ rounded([[0.3, 0.9, 0.7], [-1.1, 0.6, 0.4], [0.8, -0.7, 1.7]]).T)
    h = rounded(np.tanh(z))
    s = rounded(h @ rounded([[1.3, -0.9, 0.7], [0.6, 1.1, -0.3]]).T)
    p = rounded(1 / (1 + np.exp(-s)))
    sheet = {
        name: ", ".join(form.format(float(number)) for number in values.ravel())
        for name, values in zip("zhsp", (z, h, s, p), strict=True)
    }
    report = cnncalc.check(problem, sheet)
    assert (report.score, report["z"].verdict.value) == (4, "correct")
    assert rounded.__name__ in report.notes[0].en
    # One number by hand among them: it is no print any more, and is judged as it stands.
    by_hand = sheet["z"].replace(sheet["z"].partition(",")[0], "0.5111")
    assert not cnncalc.check(problem, {**sheet, "z": by_hand}).is_correct


def test_four_digits_of_a_hand_are_not_half() -> None:
    """Two of five are numbers of half by chance, and near enough to the true ones."""
    problem = cnncalc.loads(
        "input: [1]\nlayers: [fc: {name: y, weight: [[0.48719], [0.24193], [0.10871], [0.16217]]}]\n"
    )
    report = cnncalc.check(problem, {"y": ["0.4873", "0.2419", "0.1087", "0.1621"]})
    assert {mistake.code for mistake in report["y"].mistakes} == {"last-digit", "truncated"}
    assert not report.notes


BY_PYTORCH = {
    "half, where terms cancel": (
        """
        input: {name: x, value: [4, -3]}
        layers:
          - fc: {name: z, weight: [[0.4, -0.8], [-0.4, -0.3]], bias: [0.1, 0.4]}
        """,
        "z: |\n  tensor([ 4.1016, -0.2993], dtype=torch.float16)\n",
    ),
    "bfloat16 turned into NumPy's float32": (
        """
        input: {name: x, value: [[-1, 2], [2, 3]]}
        layers:
          - fc: {name: z, weight: [[-0.5, 0.4], [0.2, -0.6], [0.4, 0.6]], bias: [-0.7, 0.3, -0.6]}
          - tanh: {name: h}
        """,
        "z: |\n  [[ 0.59765625 -1.109375    0.203125  ]\n   [-0.49804688 -1.109375    2.        ]]\n"
        "h: |\n  [[ 0.53515625 -0.8046875   0.20019531]\n   [-0.4609375  -0.8046875   0.96484375]]\n",
    ),
    "a mean corrected by 1 - torch.tensor(0.999)": (
        """
        input: {name: x, value: [-0.5, -1]}
        layers: [fc: {name: y, weight: {name: W, value: [[4, -14]]}}]
        loss: {half_squared_error: {target: [0]}}
        update: {adam: {lr: 0.1, beta1: 0.9, beta2: 0.999, eps: 0.00000001}}
        """,
        "dL/dW: |\n  tensor([[ -6., -12.]])\nW.vhat: |\n  tensor([[ 36.0005, 144.0018]])\n",
    ),
}
"""By PyTorch 2.13: `print(t)`, `print(t.float().numpy())`, and `v / (1 - torch.tensor(0.999)**1)`."""


@pytest.mark.parametrize(("problem", "printed"), BY_PYTORCH.values(), ids=BY_PYTORCH)
def test_what_a_program_prints_of_right_numbers_is_right(problem: str, printed: str, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(printed, "utf-8")
    assert cnncalc.check(cnncalc.loads(problem), sheet).is_correct


def test_how_far_a_program_may_be_off_does_not_depend_on_what_was_asked_before() -> None:
    problem = cnncalc.loads(
        "input: {name: x, value: [0.3, -1.2, 0.7]}\nlayers:\n"
        "  - fc: {name: a, weight: [[1.5, 0.25, -2], [0.5, -1, 3]]}\n  - tanh: {name: b}\n"
        "  - fc: {name: c, weight: [[0.5, -1, 3], [0.1, 2, -0.7], [1, 1, 2]], input: x}\n  - tanh: {name: d}\n"
        "  - fc: {name: e, weight: [[1, -2, 0.3], [3, 0.5, 1]]}\n  - add: {inputs: [b, e]}\n"
    )
    trace = cnncalc.solve(problem)
    names = [tensor.name for tensor in trace]
    first = {name: AnswerKey(trace, Rule()).noise(24).of(name).tolist() for name in names}
    after_all_others = AnswerKey(trace, Rule()).noise(24)
    assert first == {name: after_all_others.of(name).tolist() for name in names}
