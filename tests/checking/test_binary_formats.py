"""Sheets printed in float32, half or bfloat16: right by a rule that is said; digits of a hand stay what they were."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.report import Report
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
