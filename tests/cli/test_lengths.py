"""The three lengths of a worked solution: what is left out, and that it is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ..command import run

LENGTHS = ("brief", "full", "everything")


def lines(*arguments: str) -> list[str]:
    result = run(["worked", *arguments])
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.split("\n")


@pytest.mark.parametrize("problem", ["hw11", "conv_pool_bias", "batch_norm_channel"])
def test_each_length_says_more_than_the_one_before(problem: str) -> None:
    brief, full, everything = (len(lines(f"problems/{problem}.yaml", "--length", length)) for length in LENGTHS)
    assert brief < 0.7 * full
    assert full <= everything


def test_brief_has_every_answer_and_nothing_that_was_not_asked() -> None:
    printed = "\n".join(lines("problems/hw11.yaml", "--length", "brief"))
    assert re.findall(r"^Question (\d)$", printed, re.MULTILINE) == list("12345678")
    assert "∂L/∂F" not in printed
    assert "Not asked" not in printed
    for number in ("98  100", "39.6", "log(5)", "0.2  0.2  -0.8  0.2  0.2", "-78.4"):
        assert number in printed


def test_what_is_0_for_one_reason_is_said_once() -> None:
    printed = "\n".join(lines("problems/hw11.yaml", "--length", "brief"))
    assert "∂L/∂relu_1 and ∂L/∂conv_1 are made of its elements" in printed.replace("\n│ ", " ")
    full = "\n".join(lines("problems/hw11.yaml"))
    assert full.count("whatever the other numbers are") == 1
    assert not re.search(r"│ 0 {2}0 {2}0\n", full), "a matrix of zeros"


def test_terms_that_are_0_are_counted() -> None:
    printed = "\n".join(lines("problems/hw11.yaml", "--question", "3"))
    assert "= 0.1·98 + 0.1·100 + 0.1·100 + 0.1·98   + 4 terms that are 0\n" in printed
    for more in (["--all"], ["--length", "everything"]):
        assert "0.1·0 + 0.1·0 + 0.1·0 + 0.1·0 + 0.1·98" in "\n".join(
            lines("problems/hw11.yaml", "--question", "3", *more)
        )


def test_all_works_every_element_out() -> None:
    some = lines("problems/uneven_strides.yaml", "--method", "none")
    every = lines("problems/uneven_strides.yaml", "--method", "none", "--all")
    assert any("for some of the" in line for line in some)
    assert not any("for some of the" in line for line in every)
    assert len(every) > 1.5 * len(some)


def test_other_pictures_say_only_which_channels_they_are_about() -> None:
    everything = "\n".join(lines("problems/uneven_strides.yaml", "--length", "everything"))
    full = "\n".join(lines("problems/uneven_strides.yaml"))
    repeated = "is itself the kernel"
    assert full.count(repeated) <= 1 <= everything.count(repeated)


def test_the_method_of_a_brief_solution_can_be_chosen() -> None:
    brief = ["problems/uneven_strides.yaml", "--length", "brief"]
    assert "im2col" not in "\n".join(lines(*brief))
    assert "im2col" in "\n".join(lines(*brief, "--method", "both"))


@pytest.mark.parametrize("length", ["full", "everything"])
def test_the_table_of_the_network_stands_once(length: str) -> None:
    printed = lines("problems/hw11.yaml", "--length", length)
    assert sum("convolution (`conv`)" in line for line in printed) == 1


def test_zeros_that_a_rule_begins_with_are_not_listed_among_what_is_given(tmp_path: Path) -> None:
    problem = tmp_path / "step.yaml"
    text = "input: [1, 2]\nlayers: [fc: {name: z, weight: {name: W, value: [[1, -1]]}}]\nloss: {mse: {target: [1]}}\n"
    for state, listed in (("", []), (", state: {W.velocity: [[3, 0]]}", ["brief", "full"])):
        problem.write_text(text + f"update: {{momentum: {{lr: 0.1{state}}}}}\n", encoding="utf-8")
        for length in LENGTHS:
            given = "\n".join(lines(str(problem), "--length", length)).partition("\nForward\n")[0]
            assert ("W.velocity.step_0" in given) == (length in [*listed, "everything"]), (state, length)
            assert "L.target" in given
