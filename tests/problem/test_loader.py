"""What a good problem file becomes."""

import time
from fractions import Fraction
from typing import Any

import pytest

import cnncalc
from cnncalc.problem.loader import loads
from cnncalc.problem.names import base_name, names, plain_name
from cnncalc.problem.problem import Problem
from cnncalc.problem.text.faults import ProblemError
from cnncalc.problem.text.nodes import Items

HOMEWORK = """
title: Homework 11
source: a course
input: {name: F, shape: [2, 4, 4], fill: 1}
layers:
  - conv: {name: conv_1, weight: {name: h, shape: [2, 2, 3, 3], fill: 1}, bias: [1, 2]}
  - relu
  - max_pool: {size: 2}
  - flatten
  - fc: {units: 5, weight: {name: W, fill: 1/10}}
  - fc: {name: second, units: 5, weight: 1, bias: 0}
  - softmax: {name: p}
loss:
  cross_entropy: {name: J, target: [0, 0, 1, 0, 0]}
questions:
  1: conv_1
  6 (b): [dJ/dp, "∂J/∂fc_1", dJ/dconv_1.weight]
answers:
  conv_1: [[[1]]]
  dJ/dW[1, 2]: ?
  shape(conv_1): [2, 2, 2]
"""


def test_the_whole() -> None:
    problem = loads(HOMEWORK)
    assert (problem.title, problem.source, problem.numbers, problem.index_base) == (
        "Homework 11",
        "a course",
        "auto",
        1,
    )
    assert (problem.input.name, problem.input.entries.shape, problem.batch) == ("F", (1, 2, 4, 4), None)
    assert [(entry.name, entry.input_shape, entry.output_shape) for entry in problem.layers] == [
        ("conv_1", (2, 4, 4), (2, 2, 2)),
        ("relu_1", (2, 2, 2), (2, 2, 2)),
        ("max_pool_1", (2, 2, 2), (2, 1, 1)),
        ("flatten_1", (2, 1, 1), (2,)),
        ("fc_1", (2,), (5,)),
        ("second", (5,), (5,)),
        ("p", (5,), (5,)),
    ]
    parameters = {given.name: given.entries.shape for entry in problem.layers for given in entry.parameters.values()}
    assert parameters == {
        "h": (2, 2, 3, 3),
        "conv_1.bias": (2,),
        "W": (5, 2),
        "second.weight": (5, 5),
        "second.bias": (5,),
    }
    assert problem.loss is not None
    assert (problem.loss.name, problem.loss_name) == ("J", "J")
    assert problem.loss.target.entries.tolist() == [[0, 0, 1, 0, 0]]
    assert problem.questions == {"1": ("conv_1",), "6 (b)": ("dJ/dp", "dJ/dfc_1", "dJ/dh")}
    assert list(problem.answers) == ["conv_1", "dJ/dW[1, 2]", "shape(conv_1)"]
    assert isinstance(problem.answers["conv_1"], Items)
    assert problem.answers["dJ/dW[1, 2]"].text == "?"
    assert problem.text == HOMEWORK


def test_names() -> None:
    known = names(loads(HOMEWORK))
    assert list(known)[:7] == ["F", "h", "conv_1.weight", "conv_1.bias", "conv_1", "conv_1.matrix", "conv_1.columns"]
    assert {name: own for name, own in known.items() if name != own} == {
        "conv_1.weight": "h",
        "fc_1.weight": "W",
        "dJ/dconv_1.weight": "dJ/dh",
        "dJ/dfc_1.weight": "dJ/dW",
    }
    assert {"max_pool_1.path", "J", "dJ/dF", "dJ/dp", "dJ/dsecond.bias"} <= set(known)
    assert not {"dJ/dJ", "dJ/dmax_pool_1.path", "dJ/dconv_1.rotated_weight"} & set(known)


def test_names_without_a_loss_have_no_gradients() -> None:
    assert names(loads("input: [1]\nlayers: [relu]\n")) == {"input": "input", "relu_1": "relu_1"}


def test_running_statistics_have_no_gradients() -> None:
    layer = "batch_norm: {mean: {name: m, value: [1, 2]}, var: [1, 1]}"
    known = names(loads(f"input: [[1, 2], [3, 4]]\nlayers: [{layer}]\nupstream: [1, 2, 3, 4]\n"))
    assert {"m", "batch_norm_1.var", "dL/dbatch_norm_1.gamma"} <= set(known)
    assert not {"dL/dm", "dL/dbatch_norm_1.var"} & set(known)


@pytest.mark.parametrize(
    ("typed", "plain", "base"),
    [
        ("∂L/∂h", "dL/dh", "dL/dh"),
        ("dL / dh [1, 2]", "dL/dh [1, 2]", "dL/dh"),
        ("shape(conv_1)", "shape(conv_1)", "conv_1"),
        ("conv_1[1,2,-2]", "conv_1[1,2,-2]", "conv_1"),
    ],
)
def test_spellings_of_names(typed: str, plain: str, base: str) -> None:
    assert (plain_name(typed), base_name(typed)) == (plain, base)


@pytest.mark.parametrize("name", ["F", "x_1", "conv_1.y", "W'", "核", "θ", "h^2", "Å"])
def test_tensors_may_be_called(name: str) -> None:
    assert loads(f'input: {{name: "{name}", value: [1]}}\nlayers: [relu]\n').input.name == name


@pytest.mark.parametrize(
    ("layers", "value", "shape", "batch"),
    [
        ("relu", "[1, 2]", (1, 2), None),
        ("relu", "[[1, 2]]", (1, 2), 1),
        ("relu", "[[[1, 2]]]", (1, 1, 1, 2), None),
        ("relu", "[[[[1, 2]]]]", (1, 1, 1, 2), 1),
        ("relu, max_pool: {size: 1}", "[[1, 2]]", (1, 1, 1, 2), None),
        ("relu, max_pool: {size: 1}", "[[[[1, 2]]], [[[3, 4]]]]", (2, 1, 1, 2), 2),
        ("softmax", "[1, 2]", (1, 2), None),
        ("tanh, softmax", "[[1, 2], [3, 4]]", (2, 2), 2),
        ("flatten", "[[1, 2], [3, 4]]", (1, 1, 2, 2), None),
        ("flatten", "[1, 2]", (1, 2), None),
    ],
)
def test_images_features_and_mini_batches(layers: str, value: str, shape: tuple[int, ...], batch: int | None) -> None:
    problem = loads(f"input: {value}\nlayers: [{layers}]\n")
    assert (problem.input.entries.shape, problem.batch) == (shape, batch)


def one_layer(layer: str, value: str = "[[1, 2], [3, 4]]") -> Problem:
    return loads(f"input: {value}\nlayers:\n  - {layer}\n")


@pytest.mark.parametrize(
    ("layer", "option", "value"),
    [
        ("conv: {weight: [[1]], stride: 2}", "stride", (2, 2)),
        ("conv: {weight: [[1]], stride: [1, 2]}", "stride", (1, 2)),
        ("conv: {weight: [[1]], padding: 1}", "padding", ((1, 1), (1, 1))),
        ("conv: {weight: [[1]], padding: [1, 2]}", "padding", ((1, 1), (2, 2))),
        ("conv: {weight: [[1]], padding: [[1, 0], [0, 2]]}", "padding", ((1, 0), (0, 2))),
        ("conv: {weight: [[1]], padding: [[-1, 0], 2]}", "padding", ((-1, 0), (2, 2))),
        ("conv: {weight: [[1]], padding: same}", "padding", "same"),
        ("conv: {weight: [[1]], padding: valid}", "padding", "valid"),
        ("conv: {weight: [[1]], anchor: [-1, 2]}", "anchor", (-1, 2)),
        ("conv: {weight: [[1]], flip: true}", "flip", True),
        ("conv: {weight: [[1]]}", "flip", False),
        ("max_pool: {size: 2, ties: split}", "ties", "split"),
        ("leaky_relu: {slope: 1/10}", "slope", Fraction(1, 10)),
        ("flatten: {order: hwc}", "order", "hwc"),
    ],
)
def test_options(layer: str, option: str, value: Any) -> None:
    assert getattr(one_layer(layer).layers[0].layer, option) == value


@pytest.mark.parametrize(
    ("typed", "shape"), [("[[1, 2]]", (1, 1, 1, 2)), ("[[[1, 2]]]", (1, 1, 1, 2)), ("[[[[1]]], [[[2]]]]", (2, 1, 1, 1))]
)
def test_a_conv_weight_of_fewer_axes(typed: str, shape: tuple[int, ...]) -> None:
    assert one_layer(f"conv: {{weight: {typed}}}").layers[0].parameters["weight"].entries.shape == shape


@pytest.mark.parametrize(
    ("typed", "entries"),
    [
        ("3", [3, 3]),
        ("[3, 4]", [3, 4]),
        ('"3\\n4"', [3, 4]),
        (r"'\begin{bmatrix} 3 & 4 \end{bmatrix}'", [3, 4]),
        ("{fill: 0.5}", [Fraction(1, 2)] * 2),
    ],
)
def test_a_bias(typed: str, entries: list[Any]) -> None:
    problem = one_layer(f"conv: {{weight: [[[[1]]], [[[2]]]], bias: {typed}}}")
    assert problem.layers[0].parameters["bias"].entries.tolist() == entries


def test_a_null_bias_is_none() -> None:
    assert list(one_layer("conv: {weight: [[1]], bias: null}").layers[0].parameters) == ["weight"]


def test_parameters_with_defaults_are_there() -> None:
    parameters = one_layer("batch_norm").layers[0].parameters
    assert {name: given.entries.tolist() for name, given in parameters.items()} == {"gamma": [1, 1], "beta": [0, 0]}


def test_features_from_maps_of_one_cell() -> None:
    problem = loads("input: [[1, 2], [3, 4]]\nlayers: [global_avg_pool, fc: {weight: [[2]]}]\n")
    assert problem.layers[0].output_shape == (1, 1, 1)
    assert problem.layers[1].input_shape == (1,)


PROBABILITIES = "[[0.2, 0.3, 0.5], [0.5, 0.25, 0.25]]"


@pytest.mark.parametrize(
    ("value", "loss", "target"),
    [
        ("[0.2, 0.3, 0.5]", "cross_entropy: {target: [0, 1, 0]}", [[0, 1, 0]]),
        ("[0.2, 0.3, 0.5]", "cross_entropy: {class: 2}", [[0, 1, 0]]),
        ("[0.2, 0.3, 0.5]", "cross_entropy: {target: [1/3, 1/3, 1/3]}", [[Fraction(1, 3)] * 3]),
        ("[0.2, 0.3, 0.5]", "cross_entropy: {target: [[0], [1], [0]]}", [[0, 1, 0]]),
        (PROBABILITIES, "cross_entropy: {class: [3, 1]}", [[0, 0, 1], [1, 0, 0]]),
        (PROBABILITIES, "cross_entropy: {target: [[0, 1, 0], [1, 0, 0]]}", [[0, 1, 0], [1, 0, 0]]),
        ("[1, 2, 3]", "mse: {target: 0}", [[0, 0, 0]]),
        ("[1, 2, 3]", "half_squared_error: {target: [[4], [5], [6]]}", [[4, 5, 6]]),
        (PROBABILITIES, "mse: {target: [1, 2, 3, 4, 5, 6]}", [[1, 2, 3], [4, 5, 6]]),
    ],
)
def test_targets(value: str, loss: str, target: list[Any]) -> None:
    problem = loads(f"input: {value}\nloss: {{{loss}}}\n")
    assert problem.loss is not None
    assert problem.loss.name == "L"
    assert problem.loss.target.entries.tolist() == target


def test_a_target_sums_to_1_exactly() -> None:
    with pytest.raises(ProblemError, match="the target sums to about 1, not to 1"):
        loads("input: [0.2, 0.8]\nloss: {cross_entropy: {target: [1, 1e-400]}}\n")


def test_classes_count_from_index_base() -> None:
    problem = loads("index_base: 0\ninput: [0.2, 0.8]\nloss: {cross_entropy: {class: 0}}\n")
    assert problem.loss is not None
    assert problem.loss.target.entries.tolist() == [[1, 0]]


def test_upstream() -> None:
    problem = loads("input: [[1, 2], [3, 4]]\nlayers: [conv: {weight: [[1]]}]\nupstream: {value: [1, 2, 3, 4]}\n")
    assert problem.upstream is not None
    assert problem.upstream.entries.tolist() == [[[[1, 2], [3, 4]]]]
    assert (problem.loss, problem.loss_name) == (None, "L")
    assert "dL/dconv_1" in names(problem)


def test_sixty_thousand_numbers_load_fast() -> None:
    text = "input: [" + ", ".join(["0.125"] * 60_000) + "]\nlayers: [relu]\n"
    start = time.process_time()
    loads(text)
    assert time.process_time() - start < 1  # 0.25 s where this was written


@pytest.mark.parametrize("huge", ["1e400", "1/3 + 1e400", "exp(5) + 1e400"])
def test_a_target_beyond_every_double_is_a_fault_and_no_crash(huge: str) -> None:
    with pytest.raises(ProblemError, match=r"the target sums to|a number beyond 1e308"):
        loads(f"input: [1, 2]\nlayers: [softmax]\nloss: {{cross_entropy: {{target: [0, {huge}]}}}}")


ASKING = "input: [1, -2]\nlayers: [relu, fc: {{units: 2, weight: 1}}]\nupstream: 1\nquestions: {{1: {}}}\n"


@pytest.mark.parametrize("asked", ["stride(relu_1)", "padding(fc_1)", "fan_in(relu_1)", "flops(input)", "units(dL/dx)"])
def test_a_question_for_what_a_layer_does_not_have_is_a_fault_where_it_stands(asked: str) -> None:
    with pytest.raises(ProblemError, match=r"4:16: .*(asks for what|no tensor)"):
        loads(ASKING.format(asked))


@pytest.mark.parametrize("asked", ["fan_in(fc_1)", "units(fc_1)", "flops(relu_1)", "shape(input)", "parameters(fc_1)"])
def test_a_question_for_what_a_layer_has_is_none(asked: str) -> None:
    assert loads(ASKING.format(asked)).questions == {"1": (asked,)}


def test_programs_that_hand_in_something_else_are_told_so() -> None:
    problem = loads("input: [1]\nlayers: [relu]\n")
    wrong: Any = 1.5
    calls = (cnncalc.load, cnncalc.loads, cnncalc.solve, cnncalc.shapes, lambda given: cnncalc.check(given, {}))
    for call in calls:
        with pytest.raises(TypeError, match=r"this takes .*, not float"):
            call(wrong)
    trace = cnncalc.solve(problem)
    assert wrong not in trace
    with pytest.raises(KeyError):
        trace[wrong]
