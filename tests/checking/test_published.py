"""The sheets in problems/answers, of which each comment says what is wrong in it: that, and nothing else, is found."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

from ..golden.test_answers import SHEETS, problem_of
from ..problem_files import PROBLEMS

EXPECTED = {
    "hw11_flipped": (
        "conv_1",
        {"conv_1": "wrong", "relu_1": "follows", "fc_1": "follows", "dL/dW": "follows"},
        {"conv_1": "kernel-flipped"},
    ),
    "hw11_diagonal": (
        "dL/dfc_1",
        {
            "dL/dfc_1": "wrong",
            "dL/dW": "follows",
            "dL/drelu_1": "follows",
            "dL/dconv_1": "follows",
            "dL/dh": "follows",
        },
        {"dL/dfc_1": "softmax-diagonal-only"},
    ),
    "hw11_midnight": (
        "conv_1",
        {
            "conv_1": "wrong",
            "relu_1": "follows",
            "fc_1": "follows",
            "p": "missing",
            "L": "wrong",
            "dL/dfc_1": "invalid",
            "dL/dW": "wrong",
            "dL/dconv_1": "missing",
            "dL/dh": "missing",
            "dL/dX": "invalid",
        },
        {"conv_1": "digits-exchanged", "L": "truncated", "dL/dW": "sign"},
    ),
    "conv_pool_bias_ties": (
        "dL/dY",
        {"dL/dY": "wrong", "dL/dW": "follows", "dL/db": "follows", "dL/dX": "wrong"},
        {"dL/dY": "tie-to-all", "dL/dX": "kernel-not-rotated"},
    ),
    "soft_labels_shortcut": (
        "J",
        {"J": "wrong", "dJ/dx": "wrong"},
        {"J": "logarithm-base", "dJ/dx": "derivative-forgotten"},
    ),
    "first_base_10": ("L", {"L": "wrong"}, {"L": "logarithm-base"}),
    "soft_labels_rounded": ("J", {"J": "wrong", "dJ/dp": "missing"}, {"J": "too-few-digits"}),
}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_the_report_says_what_is_wrong(sheet: Path) -> None:
    first_error, verdicts, mistakes = EXPECTED[sheet.stem]
    report = cnncalc.check(cnncalc.load(problem_of(sheet)), sheet)
    assert report.first_error == first_error
    found = {tensor.name: tensor.verdict.value for tensor in report.tensors}
    assert {name: verdict for name, verdict in found.items() if verdict != "correct"} == verdicts
    for tensor in report.tensors:
        codes = [mistake.code for mistake in tensor.mistakes]
        if tensor.name in mistakes:
            assert mistakes[tensor.name] in codes
        else:
            assert not codes


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.stem)
def test_the_answers_that_a_problem_brings_along_are_right(path: Path) -> None:
    problem = cnncalc.load(path)
    if problem.answers:
        from cnncalc.checking.checker import Checker
        from cnncalc.checking.rule import Rule
        from cnncalc.checking.sheets.sheet import own_answers
        from cnncalc.solver import solution_for_answers

        assert Checker(solution_for_answers(problem), Rule()).check(own_answers(problem)).is_correct
