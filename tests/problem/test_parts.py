"""Several short networks on one input, in one file."""

import numpy as np
import pytest

import cnncalc
from cnncalc.practice.template import template, unknown

PARTS = """
input: {name: X, value: [[1, 2, 3, 0], [4, 5, 6, 1], [7, 8, 9, 2], [0, 1, 2, 3]]}
parts:
  a: [max_pool: {size: 2}]
  b: [AvgPool2d: 2]
  c: {layers: [conv: {name: y, weight: [[1, 0], [0, -1]]}, relu]}
answers: {a: [[5, 6], [8, 9]], b: [[3, 2.5], [4, 4]]}
"""


def test_each_part_takes_the_input() -> None:
    problem = cnncalc.loads(PARTS)
    assert [(entry.name, entry.inputs) for entry in problem.layers] == [
        ("max_pool_1", ("X",)), ("avg_pool_1", ("X",)), ("y", ("X",)), ("relu_1", ("y",)),
    ]  # fmt: skip
    assert problem.questions == {"a": ("max_pool_1",), "b": ("avg_pool_1",), "c": ("y", "relu_1")}
    trace = cnncalc.solve(problem)
    image = np.array([[1, 2, 3, 0], [4, 5, 6, 1], [7, 8, 9, 2], [0, 1, 2, 3]])
    np.testing.assert_array_equal(trace["y"].value[0], image[:3, :3] - image[1:, 1:])
    np.testing.assert_array_equal(trace["avg_pool_1"].value[0], [[3, 2.5], [4, 4]])


def test_parts_take_what_the_layers_above_make() -> None:
    problem = cnncalc.loads(PARTS.replace("parts:", "layers: [relu, relu: {name: r}]\nparts:"))
    assert [entry.inputs for entry in problem.layers if entry.name in ("max_pool_1", "y")] == [("r",), ("r",)]


def test_answers_stand_under_the_letters() -> None:
    report = cnncalc.check(cnncalc.loads(PARTS), {"a": [[5, 6], [8, 9]], "b": [[3, 2.5], [4, 4.5]]})
    assert [(tensor.name, tensor.verdict.value) for tensor in report.tensors if tensor.right] == [
        ("max_pool_1", "correct"), ("avg_pool_1", "wrong"),
    ]  # fmt: skip


def test_a_file_without_its_numbers_has_the_same_parts() -> None:
    again = cnncalc.loads(template(PARTS).written(unknown))
    assert [(entry.name, entry.inputs) for entry in again.layers] == [
        (entry.name, entry.inputs) for entry in cnncalc.loads(PARTS).layers
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("parts: [relu]", "`parts` is no mapping"),
        ("parts: {a: []}", "part a has no layers"),
        ("parts: {a: [relu]}\nloss: {mse: [1]}", "`loss` stands beside `parts`, and belongs to one network"),
        ("layers: [relu, relu: {input: input}]", "nothing takes relu_1, so that it has no part in the result"),
    ],
)
def test_what_is_no_part(text: str, message: str) -> None:
    with pytest.raises(cnncalc.ProblemError) as caught:
        cnncalc.loads(f"input: [1]\n{text}\n")
    assert message in [fault.message for fault in caught.value.faults]
