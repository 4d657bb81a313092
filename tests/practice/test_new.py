"""A problem file written for you: outlines as people say them, the file of another problem, question by question."""

from __future__ import annotations

import builtins
import sys
from io import StringIO
from pathlib import Path

import pytest

import cnncalc
from cnncalc.practice.spoken import problem_text
from cnncalc.practice.template import template, unknown
from cnncalc.problem.text.faults import ProblemError

from ..command import ROOT, run

OUTLINES = [
    ("1x28x28, conv 4 5 relu pool 2 fc 10 softmax ce", "4×24×24 4×24×24 4×12×12 576 10 10"),
    ("1×28×28 → Conv2d(4, kernel_size=5) → ReLU → linear 10 → ce", "4×24×24 4×24×24 2304 10 10"),
    ("3x8x8 conv 2 3x5 stride 2 pad 1 bias avgpool 2 s1 flatten fc 3 no bias mse", "2×4×3 2×3×2 12 3"),
    ("2x5x5 conv 2 3 p1 relu conv 2 3 same as c2, add x, relu gap fc 3 ce sgd 0.1", "2×5×5 " * 5 + "2×1×1 3 3"),
    ("8x3 fc 4 sigmoid fc 1 sigmoid bce", "4 4 1 1"),
    ("5x5 pool 3x2 /1 upstream", "1×3×4"),
    ("4 fc 3 tanh fc 2 logsoftmax nll", "3 3 2 2"),
    (
        "28x28 image, 5x5 conv with 6 channels, relu, 2x2 max pooling, fully connected 10",
        "6×24×24 6×24×24 6×12×12 864 10",
    ),
    ("4 inputs, 3 hidden sigmoid, 2 outputs, mse", "3 3 2"),
    ("(3, 32, 32) conv 4 filters of 5x5, stride 1, no padding, leaky relu 0.1", "4×28×28 4×28×28"),
    ("batch 4 of 1x6x6, 3x3 conv 2, 2x2 avg pool, 3 classes softmax ce", "2×4×4 2×2×2 8 3 3"),
    ("signal 1x16, conv1d 4 3 relu maxpool1d 2 fc 2 mse", "4×14 4×14 4×7 28 2"),
    ("1x28x28 卷积 4 5 relu 池化 2 全连接 10 交叉熵", "4×24×24 4×24×24 4×12×12 576 10 10"),
]


@pytest.mark.parametrize(("outline", "shapes"), OUTLINES)
def test_what_people_say_is_understood(outline: str, shapes: str) -> None:
    problem = cnncalc.loads(problem_text(outline))
    assert ["×".join(map(str, entry.output_shape)) for entry in problem.layers] == shapes.split()
    assert all(tensor.is_blank for tensor in [*problem.inputs, *problem.parameters])


def test_options_reach_the_layer_that_they_stand_behind() -> None:
    problem = cnncalc.loads(problem_text("3x8x8 conv 2 3 s2 p1 d1 bias as c, relu from c, add c, ce"))
    conv, relu, add = problem.layers[0], problem.layers[1], problem.layers[2]
    assert (conv.name, conv.layer.stride, conv.layer.padding) == ("c", (2, 2), ((1, 1), (1, 1)))  # type: ignore[attr-defined]
    assert sorted(conv.parameters) == ["bias", "weight"]
    assert (relu.inputs, add.inputs) == (("c",), ("relu_1", "c"))


def test_names_are_no_words_to_be_left_out() -> None:
    problem = cnncalc.loads(problem_text("2x4x4, conv 2 3 p1 as a, relu from a, add a"))
    assert [(entry.name, entry.inputs) for entry in problem.layers] == [
        ("a", ("x",)), ("relu_1", ("a",)), ("add_1", ("relu_1", "a")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("sgd 0.5", "sgd: {lr: 0.5}"), ("lr 1/10", "sgd: {lr: 1/10}"), ("adam 1e-3", "adam: {lr: 1e-3}"),
        ("momentum 0.1 0.9", "momentum: {lr: 0.1, momentum: 0.9}"), ("adagrad", "adagrad: {lr: 0.1}"),
    ],
)  # fmt: skip
def test_a_step_of_any_rule(said: str, written: str) -> None:
    text = problem_text(f"2 fc 1 mse {said}")
    assert f"update: {{{written}}}" in text
    assert cnncalc.loads(text).update is not None


FAULTS = [
    ("", "the outline is empty", None),
    ("conv 4 5", "'conv' is no shape", 1),
    ("1x4x4", "the outline has no layer", 1),
    ("1x4x4 konv 2 3", "'konv' is no layer", 7),
    ("1x4x4 conv 2 7", "the kernel of conv_1.weight covers 7×7 cells, but x has 4×4", 7),
    ("3 fc 2 5", "fc takes no further number", 8),
    ("3 fc 2 ce relu", "'relu' stands behind the loss", 11),
    ("1x4x4 conv 2 3 stride", "nothing stands behind 'stride'", 16),
    ("1x4x4 conv 2 3 s1 stride 2", "conv has `stride` twice", 19),
]


@pytest.mark.parametrize(("outline", "message", "column"), FAULTS)
def test_a_fault_stands_at_the_word_in_question(outline: str, message: str, column: int | None) -> None:
    with pytest.raises(ProblemError) as error:
        problem_text(outline)
    fault = error.value.faults[0]
    assert (fault.message, fault.column) == (message, column)
    assert fault.remedy


@pytest.mark.parametrize("path", sorted((ROOT / "problems").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_file_of_any_problem_without_its_numbers_is_the_same_network(path: Path) -> None:
    made = template(path.read_text("utf-8"), path.name, path.parent)
    again = cnncalc.loads(made.written(unknown))
    problem = made.problem
    assert [(entry.name, entry.layer, entry.inputs, entry.output_shape) for entry in again.layers] == [
        (entry.name, entry.layer, entry.inputs, entry.output_shape) for entry in problem.layers
    ]
    assert again.questions == problem.questions
    assert {given.name for given in again.blanks} == {slot.name for slot in made.slots}


def test_like_a_problem_by_its_name() -> None:
    result = run(["new", "--like", "hw11"])
    assert (result.returncode, result.stderr) == (0, "")
    assert "  - conv:  # conv_1: 2×2×2\n" in result.stdout
    assert "weight:  # W: 5×8, 40 numbers\n" in result.stdout
    assert "answers" not in result.stdout
    assert run(["solve", "-"], stdin=result.stdout).stderr.startswith("<stdin>:4:3: no numbers: F (2×4×4)\n")
    assert run(["shapes", "-"], stdin=result.stdout).returncode == 0


def test_on_a_terminal_it_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    from cnncalc.commands import authoring as command
    from cnncalc.commands.options import LanguageChoice

    said: list[str] = []
    answers = iter(["nothing", "1x6x6", "conv 2 9", "conv 2 3", "relu", "", "ce"])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(builtins, "input", lambda prompt: next(answers))
    monkeypatch.setattr(command, "say", said.append)
    assert command._asked(LanguageChoice.ENGLISH).split() == ["1x6x6", "conv", "2", "3", "relu", "ce"]
    assert [line.split("\n")[0] for line in said] == [
        "<outline>:1:2: 'nothing' is no shape",
        "<outline>:1:8: the kernel of conv_1.weight covers 9×9 cells, but x has 6×6",
        "conv_1 gives 2×4×4",
        "relu_1 gives 2×4×4",
    ]


def test_what_was_asked_for_is_not_lost(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from cnncalc.commands import authoring as command

    monkeypatch.setattr(command, "_asked", lambda language: "1x6x6 conv 2 3 relu ce")
    assert 'written by: cnncalc new "1x6x6 conv 2 3 relu ce" -o problem.yaml' in run(["new"]).stderr
    assert run(["new", "-o", "problem.yaml"], folder=tmp_path).stderr == ""


def test_without_a_terminal_it_says_what_to_write() -> None:
    result = run(["new"])
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith('nothing says what the network is; write cnncalc new "1x28x28')
