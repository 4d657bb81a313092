"""The JSON of the contract: its keys, its order, and nothing that a JSON parser could choke on."""

import json
from typing import Any, NoReturn

import numpy as np
import pytest

from cnncalc.problem.loader import loads
from cnncalc.render.builders.solution import UnknownSelection, select
from cnncalc.render.data.json import in_ascii, render
from cnncalc.solver import solve
from cnncalc.trace import Trace


def refuse(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} in the JSON")


def parsed(trace: Trace, only: tuple[str, ...] = (), questions: tuple[str, ...] = ()) -> Any:
    return json.loads(render(trace, select(trace, only, questions)), parse_constant=refuse)


def test_homework(homework: Trace) -> None:
    document = parsed(homework)
    first = ["format", "title", "numbers", "index_base", "loss", "tensors", "layers", "options", "questions"]
    assert list(document) == first
    assert [document[key] for key in ("format", "title", "numbers", "index_base", "loss")] == [
        "cnncalc/1",
        "Homework 11, question 2",
        "exact",
        1,
        "L",
    ]
    tensors = {tensor["name"]: tensor for tensor in document["tensors"]}
    assert tensors["conv_1"] == {
        "name": "conv_1",
        "kind": "activation",
        "pass": "forward",
        "layer": "conv_1",
        "type": "conv",
        "inputs": ["F", "h"],
        "shape": [2, 2, 2],
        "value": [[[-22.0, -22.0], [-26.0, -26.0]], [[98.0, 100.0], [100.0, 98.0]]],
        "exact": [[["-22", "-22"], ["-26", "-26"]], [["98", "100"], ["100", "98"]]],
        "formula": r"\mathrm{conv\_1}_{f,i,j} = \sum_{c=1}^{2} \sum_{r=1}^{3} \sum_{s=1}^{3}"
        r"h_{f,c,r,s}\cdot F_{c,i + r - 1,j + s - 1}",
    }
    assert document["layers"][3] == {
        "name": "fc_1", "type": "fc", "options": {"units": 5}, "inputs": ["flatten_1"], "shape": [5]
    }  # fmt: skip
    assert document["options"]["fc_1"] == {"units": 5}
    assert document["questions"]["6"] == ["dL/dp", "dL/dfc_1", "dL/drelu_1", "dL/dconv_1"]
    assert tensors["L"]["shape"] == []
    assert tensors["L"]["value"] == pytest.approx(np.log(5), rel=1e-15)
    assert tensors["L"]["exact"] == "log(5)"
    assert tensors["dL/dh"]["exact"][0][0] == [["0"] * 3] * 3
    passes = [tensor["pass"] for tensor in document["tensors"]]
    assert passes == sorted(passes, reverse=True)


def test_whole_numbers_stay_doubles(homework: Trace) -> None:
    assert '"value": [[[-22.0, -22.0]' in render(homework, select(homework, ["conv_1"]))


def test_float_has_no_exact(uneven_float: Trace) -> None:
    document = parsed(uneven_float)
    assert document["numbers"] == "float"
    assert {tensor["exact"] for tensor in document["tensors"]} == {None}


def test_values_are_the_tensors(uneven: Trace) -> None:
    for tensor in parsed(uneven)["tensors"]:
        assert np.array_equal(np.array(tensor["value"]), uneven[tensor["name"]].value)
        assert list(np.shape(tensor["value"])) == tensor["shape"]
        assert list(np.shape(tensor["exact"])) == tensor["shape"]


def test_no_gradients_no_loss() -> None:
    trace = solve(loads("input: {value: [[-1, 0]]}\nlayers: [relu]"), "float")
    document = parsed(trace)
    assert document["loss"] is None
    assert "-0.0" not in render(trace, select(trace))


def test_no_nan_and_no_infinity() -> None:
    class Hole:
        """A tensor whose second element has no number."""

        name, kind, stage, layer, type, shape, exact = "y", "activation", "forward", "a", "relu", (3,), None
        value = np.array([1.0, np.nan, np.inf])

    trace = solve(loads("input: {value: [[1]]}\nlayers: [relu]"), "float")
    document = json.loads(render(trace, [Hole()]), parse_constant=refuse)  # type: ignore[list-item]
    assert document["tensors"][0]["value"] == [1.0, None, None]


def test_ascii_only() -> None:
    trace = solve(loads("title: 作业\ninput: {value: [[1]]}\nlayers: [relu]"), "float")
    text = in_ascii(render(trace, select(trace)))
    assert text.isascii()
    assert json.loads(text)["title"] == "作业"
    assert "作业" in render(trace, select(trace))


def test_selection(homework: Trace) -> None:
    def names(*arguments: Any) -> list[str]:
        return [tensor["name"] for tensor in parsed(homework, *arguments)["tensors"]]

    assert names(("dL/dh", "conv_1")) == ["conv_1", "dL/dh"]
    assert names(("∂L/∂conv_1.weight", "dL/dh")) == ["dL/dh"]
    assert names((), "6") == ["dL/dp", "dL/dfc_1", "dL/drelu_1", "dL/dconv_1"]
    assert names(("F",), "8") == ["F", "dL/dh"]
    assert names(("conv_1.columns", "dL/dh", "L")) == ["L", "conv_1.columns", "dL/dh"]


@pytest.mark.parametrize(
    ("only", "questions", "message"),
    [
        (["dL/dhx"], [], "no tensor is called 'dL/dhx'; did you mean dL/dh?"),
        (["conf_1", "rely_1"], [], "no tensor is called 'conf_1'; did you mean conv_1?\n"
         "no tensor is called 'rely_1'; did you mean relu_1?"),
        ([], ["9"], "the problem has no question 9; its questions are 1, 2, 3, 4, 5, 6, 7, 8"),
    ],
)  # fmt: skip
def test_unknown_selections(homework: Trace, only: list[str], questions: list[str], message: str) -> None:
    with pytest.raises(UnknownSelection) as error:
        select(homework, only, questions)
    assert str(error.value) == message


def test_whatever_a_closed_form_names_has_its_numbers() -> None:
    """dL/dW after the first of two steps is p - t there, and that p is listed; nothing else is that nobody names."""
    trace = solve(
        loads(
            "input: [1, 2]\nlayers: [fc: {weight: {name: W, value: [[1, 0], [0.5, 1]]}}, softmax: {name: p}]\n"
            "loss: {cross_entropy: {class: 1}}\nupdate: {sgd: {lr: 0.1, steps: 2}}\n"
        )
    )
    tensors = {tensor["name"]: tensor for tensor in parsed(trace)["tensors"]}
    assert tensors["dL/dW.step_1"]["exact"][1][0] == "p.step_1[2]"
    assert [name for name in tensors if name not in [tensor.name for tensor in trace]] == ["p.step_1"]
    (slope, _), p = tensors["dL/dW.step_1"]["value"][1], tensors["p.step_1"]["value"]
    assert slope == p[1]
