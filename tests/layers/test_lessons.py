"""Lessons: every layer has one, in both languages, and remarks are made only where they hold."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest

import cnncalc
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Layer
from cnncalc.layers.joining.several import GRADIENTS, Meeting
from cnncalc.lessons.lesson import NO_LESSON, Reason, lesson_of
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.optimizers.rule import UpdateRule
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Heading, Paragraph, Working
from cnncalc.render.formula.formula import Formula, spans
from cnncalc.trace import Trace

from ..laws.cases import cases
from ..laws.conftest import general_is_tanh  # noqa: F401 - for every test here
from ..problem_files import PROBLEMS, solved
from .test_conv_methods import scene_of

TYPES: list[type[Layer]] = [registry[name] for registry in (LAYERS, LOSSES, RULES) for name in registry]
TYPES.append(Meeting)


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.type)
def test_every_layer_has_a_lesson_in_both_languages(type_: type[Layer]) -> None:
    for scene in map(scene_of, cases(type_.type, smooth=True, count=12)):
        lesson = lesson_of(scene.layer)
        assert lesson is not NO_LESSON
        assert lesson.kind.en
        assert lesson.kind.zh
        assert "y" in lesson.purpose
        gradients = [] if issubclass(type_, UpdateRule | Meeting) else ["dx", *GRADIENTS.intersection(scene.tensors)]
        for local in [*lesson.purpose, *gradients]:
            phrase = lesson.purpose_of(local, scene)
            assert phrase is not None
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in phrase.en)
            assert any("\u4e00" <= letter <= "\u9fff" for letter in phrase.zh)
            # A number that an option changes is no number of the layer.
            if any(isinstance(option["default"], Fraction | Decimal) for option in type_.options().values()):
                assert {*re.findall(r"\d+", phrase.en), *re.findall(r"\d+", phrase.zh)} <= {"0", "1", "2"}, phrase.en


def trace_of(text: str) -> Trace:
    return cnncalc.solve(cnncalc.loads(text))


def remarks(text: str, tensor: str) -> list[str]:
    """The English remarks on one tensor of a problem."""
    trace = trace_of(text)
    blocks = worked(trace, Wishes(method="none", question=None)).blocks
    heads = [number for number, block in enumerate(blocks) if getattr(block, "level", 0) == 3]
    start = next(number for number in heads if tensor_of(blocks[number]) == tensor)
    end = next((number for number in heads if number > start), len(blocks))
    found = [block for block in blocks[start:end] if isinstance(block, Paragraph) and block.role == "remark"]
    return [block.text.en for block in found]


def tensor_of(block: object) -> str:
    """The name in the heading of a tensor."""
    text, names = block.text.en, block.names  # type: ignore[attr-defined]
    (formula,) = [span for span in spans(text, names) if isinstance(span, Formula)]
    return names[formula.source[1:]]


SOFTMAX = """
input: {{name: x, value: {x}}}
layers:
  - fc: {{name: z, weight: {{name: W, value: {W}}}}}
  - softmax: {{name: p}}
loss:
  cross_entropy: {{target: {target}}}
"""


def test_uniform_probabilities_are_noticed_and_only_those() -> None:
    equal = SOFTMAX.format(x=[1, 2], W=[[1, 1], [1, 1], [1, 1]], target=[0, 1, 0])
    nearly = SOFTMAX.format(x=[1, 2], W=[[1, 1], [1, 1], [1, "1.0000001"]], target=[0, 1, 0])
    assert remarks(equal, "p") == [
        "All scores are equal, so all probabilities are: each is exactly one divided by their number, 3."
    ]
    assert remarks(nearly, "p") == []
    assert "guesses" in " ".join(remarks(equal, "L"))
    assert "guesses" not in " ".join(remarks(nearly, "L"))


def test_a_soft_target_is_not_called_one_hot() -> None:
    soft = SOFTMAX.format(x=[1, 2], W=[[1, 1], [1, 1]], target=[0.25, 0.75])
    assert remarks(soft, "L") == []
    assert len(remarks(SOFTMAX.format(x=[1, 2], W=[[1, 2], [1, 1]], target=[0, 1]), "L")) == 1


def test_probability_less_target_is_said_with_its_factor() -> None:
    (one,) = remarks(SOFTMAX.format(x=[1, 2], W=[[1, 2], [1, 1]], target=[0, 1]), "dL/dz")
    assert r"\dx_{\n,\k} = \y_{\n, \k} - \nexttarget_{\n, \k}" in one
    (two,) = remarks(SOFTMAX.format(x=[[1, 2], [0, 1]], W=[[1, 2], [1, 1]], target=[[0, 1], [1, 0]]), "dL/dz")
    assert r"\dx_{\n,\k} = \frac{1}{2} \cdot (\y_{\n, \k} - \nexttarget_{\n, \k})" in two


def test_the_sum_that_cancels_is_said_only_where_it_cancels() -> None:
    equal_columns = SOFTMAX.format(x=[1, 2], W=[[3, 1], [3, 1], [3, 1]], target=[0, 1, 0])
    (one,) = remarks(equal_columns, "dL/dx")
    assert "In each column of the weights all numbers are equal" in one
    all_equal = SOFTMAX.format(x=[1, 2], W=[[3, 3], [3, 3]], target=[0, 1])
    _, written_out = remarks(all_equal, "dL/dx")
    assert r"3 \cdot (\nexty_{\n, 1} + \nexty_{\n, 2} - 1) = 3 \cdot (1 - 1) = 0" in written_out
    assert remarks(SOFTMAX.format(x=[1, 2], W=[[3, 1], [3, 2]], target=[0, 1]), "dL/dx") == []


RELU = """
input: {{name: x, value: {x}}}
layers: [relu: {{name: r}}, flatten: {{name: f}}]
upstream: {{value: {g}}}
"""


def test_closed_channels_are_counted_as_a_reader_counts() -> None:
    half = RELU.format(x=[[[1, -1]], [[-2, 0]]], g=[1, 2, 3, 4])
    assert remarks(half, "r") == ["In channel 2 no element is above 0: the ReLU closes the whole of it."]
    assert remarks("index_base: 0" + half, "r") == [
        "In channel 1 no element is above 0: the ReLU closes the whole of it."
    ]
    assert remarks(RELU.format(x=[[[1, -1]], [[-2, 3]]], g=[1, 2, 3, 4]), "r") == []
    assert remarks(RELU.format(x=[[[-1]], [[0]]], g=[1, 2]), "r") == [
        "No element is above 0, so the whole output is 0."
    ]


def test_a_gradient_that_vanishes_is_told_from_one_that_happens_to_be_zero() -> None:
    arrives = RELU.format(x=[[[1, 2]]], g=[0, 0])
    assert "arrives here is 0 everywhere" in remarks(arrives, "dL/dx")[0]
    closed = RELU.format(x=[[[-1, -2]]], g=[1, 2])
    assert "closed everywhere" in remarks(closed, "dL/dx")[0]


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.stem)
def test_every_way_agrees_and_every_text_has_both_languages(path: object) -> None:
    trace = solved(path)  # type: ignore[arg-type]
    blocks = worked(trace, Wishes()).blocks
    texts = [block for block in blocks if isinstance(block, Paragraph)]
    assert texts
    ways = sum(isinstance(block, Heading) and block.level == 4 for block in blocks)
    assert ways == sum(block.text.en.startswith("The result is the same") for block in texts)
    for block in texts:
        for text in (block.text.en, block.text.zh):
            for span in spans(text, block.names):
                if isinstance(span, Formula):
                    assert span.tree.nodes
                else:
                    assert "$" not in span.text
                    assert "{" not in span.text, text


def test_a_reason_may_speak_of_elements() -> None:
    assert Reason(lesson_of(LAYERS["relu"]()).purpose["y"]).about == ()


def lines_of(text: str, tensor: str) -> list[str]:
    """Every line of the workings of one tensor, as LaTeX."""
    trace = trace_of(text)
    blocks = worked(trace, Wishes(method="none", question=None)).blocks
    heads = [number for number, block in enumerate(blocks) if getattr(block, "level", 0) == 3]
    start = next(number for number in heads if tensor_of(blocks[number]) == tensor)
    end = next((number for number in heads if number > start), len(blocks))
    return [line.right for block in blocks[start:end] if isinstance(block, Working) for line in block.lines]


@pytest.mark.parametrize("count", [4, 50])
def test_the_elements_less_their_mean_are_one_sum_that_is_0(count: int) -> None:
    x = [[number * number % 7] for number in range(count)]
    g = [[number % 3 + 1] for number in range(count)]
    norm = f"input: {{name: x, value: {x}}}\nlayers:\n  - batch_norm: {{name: y}}\nupstream: {g}\n"
    lines = lines_of(norm, "dL/dy.mean")
    assert sum(line.count(r"\cdot 0") for line in lines) == (1 if count == 4 else 0)
    assert len(lines) < 40
    assert sum(line.count(f"{count} \\cdot") for line in lines) == 2
