"""Nothing right is called wrong, and a slip is found: a class of students who round as people do and slip once.

`python -m tests.truth.test_verdicts SEED COUNT` goes through more of them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.checker import Checker
from cnncalc.checking.report import Report, TensorVerdict
from cnncalc.checking.rule import Rule
from cnncalc.checking.sheets.sheet import sheet_of_values

from .classroom import Doubles, Paper, Style, homework

STYLES = (
    Style(digits=3),
    Style(digits=4),
    Style(digits=6),
    Style(places=3),
    Style(places=4),
    Style(digits=5, is_trimmed=True),
)
FAULTS_OF_DIGITS = {"too-few-digits", "rounded-to-integer"}
"""What a sheet in fixed places may be told of a small number."""


def checked(seed: int, paper: Paper) -> Report:
    checker = Checker(cnncalc.solve(cnncalc.loads(homework(seed).problem)), Rule())
    return checker.check(sheet_of_values(paper.texts))


def accusations(report: Report) -> Iterator[str]:
    """Tensors called wrong for anything but the number of their digits."""
    for tensor in report.tensors:
        if tensor.verdict is TensorVerdict.WRONG and not FAULTS_OF_DIGITS & {m.code for m in tensor.mistakes}:
            # In doubles what should be 0 is sometimes 1e-12, and the other way round; on paper it is 0.
            cells = [(c.index, c.given, c.expected) for c in tensor.wrong if not c.follows and c.given != "0"]
            if cells:
                yield f"{tensor.name}: {cells[:3]}"


def slipped(seed: int, style: Style) -> tuple[str, Paper]:
    """A sheet on which one cell of one tensor is another number; all that comes after is worked out from it."""
    random = np.random.default_rng(1000 + seed)
    clean = homework(seed).hand_in(style)
    names = [name for name, values in clean.values.items() if values.size > 1 and np.abs(values).max() > 0.05]
    name = str(random.choice(names))

    def slip(array: Doubles) -> Doubles:
        flat = array.ravel()
        at = int(random.integers(flat.size))
        flat[at] += float(np.abs(flat).max() * random.choice([0.5, -0.4, 1.0])) or 1.0
        return array

    return name, homework(seed).hand_in(style, {name: slip})


@pytest.mark.parametrize("seed", range(12))
def test_a_sheet_that_is_rounded_at_every_step_is_not_accused(seed: int) -> None:
    for style in (STYLES[seed % len(STYLES)], STYLES[(seed + 1) % len(STYLES)]):
        assert list(accusations(checked(seed, homework(seed).hand_in(style)))) == [], style


@pytest.mark.parametrize("seed", range(12))
def test_one_slip_is_the_first_error_and_all_else_follows(seed: int) -> None:
    name, paper = slipped(seed, STYLES[seed % 3])
    assert_only(name, checked(seed, paper))


@pytest.mark.parametrize("seed", [1, 4, 6, 7])
def test_what_comes_after_a_known_mistake_follows_from_what_the_calculator_holds(seed: int) -> None:
    """Three places on the paper, all digits in the calculator: what was rounded is told by the mistake itself."""
    paper = homework(seed).hand_in(Style(places=3, is_carried=False), {"dL/ds": lambda gradient: gradient / 2})
    assert_only("dL/ds", checked(seed, paper))


@pytest.mark.parametrize("seed", [2, 3, 5])
def test_who_carried_on_all_digits_is_not_told_to_have_rounded_early(seed: int) -> None:
    for style in (Style(places=3, is_carried=False), Style(digits=3, is_carried=False)):
        report = checked(seed, homework(seed).hand_in(style))
        codes = {tensor.name: {mistake.code for mistake in tensor.mistakes} for tensor in report.tensors}
        assert [name for name, found in codes.items() if found - FAULTS_OF_DIGITS] == []


def assert_only(name: str, report: Report) -> None:
    wrong = [tensor.name for tensor in report.tensors if tensor.verdict is TensorVerdict.WRONG]
    assert name in wrong
    assert [entry for entry in accusations(report) if not entry.startswith(f"{name}:")] == []


def main(first: int, count: int) -> None:
    """Many more, and what is called wrong that is not."""
    sheets = bad = 0
    for seed in range(first, first + count):
        for style in STYLES:
            try:
                paper = homework(seed).hand_in(style)
            except ZeroDivisionError:  # a network that is no exercise
                continue
            sheets += 1
            for entry in accusations(checked(seed, paper)):
                bad += 1
                print("no slip", seed, style, entry)
        for style in STYLES[:3]:
            try:
                name, paper = slipped(seed, style)
            except ZeroDivisionError:
                continue
            sheets += 1
            report = checked(seed, paper)
            found = [entry for entry in accusations(report) if not entry.startswith(f"{name}:")]
            if report[name].verdict is not TensorVerdict.WRONG:
                print("slip not seen", seed, style, name)
            bad += len(found)
            for entry in found:
                print("slip in", name, seed, style, entry)
    print(sheets, "sheets,", bad, "accusations")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
