"""One step of descent: what is computed, what it is called, and what is said where the loss does not fall."""

from __future__ import annotations

import json

import numpy as np
import pytest

import cnncalc

from .command import run

LINE = """
input: {{name: x, value: [1]}}
layers: [fc: {{name: y, weight: {{name: W, value: [[{weight}]]}}}}, relu]
loss: {{half_squared_error: {{target: 0}}}}
update: {{sgd: {{lr: {rate}}}}}
"""
CHAIN = """
input: {name: x, value: [1, 2]}
layers:
  - fc: {name: first, weight: {name: V, value: [[1, 0], [2, -1]]}, bias: 1}
  - relu
  - fc: {name: second, weight: {name: W, value: [[1, 1]]}}
"""


def trace(weight: str, rate: str) -> cnncalc.Trace:
    return cnncalc.solve(cnncalc.loads(LINE.format(weight=weight, rate=rate)))


def test_a_step_that_lowers_the_loss_needs_no_word() -> None:
    solved = trace("3", "1/2")
    assert solved["W.new"].exact == [["3/2"]]
    assert (solved["L"].exact, solved["L.new"].exact) == ("9/2", "9/8")
    assert "L.new" not in solved.doubts


def test_a_loss_that_stays_is_said() -> None:
    text = LINE.format(weight=-1, rate=1)
    for language, words in (
        ("en", "  At L.new: the step has left the loss as it was.\n"),
        ("zh", "  L.new 处：更新后损失没有变化。\n"),
    ):
        assert words in run(["solve", "-", "--only", "L.new", "--language", language], stdin=text).stdout


def test_a_loss_that_rises_is_said() -> None:
    text = LINE.replace(", relu", "").format(weight=1, rate=3)
    for language, words in (
        ("en", "  At L.new: the step has made the loss larger; on this data the learning rate is too large.\n"),
        ("zh", "  L.new 处：更新后损失反而增大：对这组数据而言学习率过大。\n"),
    ):
        assert words in run(["solve", "-", "--only", "L.new", "--language", language], stdin=text).stdout


def test_a_loss_that_leaves_float_is_said_and_all_else_is_there() -> None:
    text = "input: [1]\nlayers: [fc: {weight: [[1]]}]\nloss: {mse: {target: 3}}\nupdate: {sgd: {lr: 1e200}}\n"
    solved = cnncalc.solve(cnncalc.loads(text), "float")
    assert [tensor.name for tensor in solved][-1] == "fc_1.weight.new"
    (doubt,) = solved.doubts["fc_1.weight.new"]
    assert doubt.phrase.en.startswith("the loss after the step cannot be computed")
    exact = cnncalc.solve(cnncalc.loads(text))
    assert exact.doubts["L.new"][0].phrase.en.startswith("the step has made the loss larger")


def test_with_a_given_gradient_there_are_new_parameters_and_no_loss() -> None:
    solved = cnncalc.solve(cnncalc.loads(CHAIN + "upstream: [1]\nupdate: {sgd: {lr: 1}}\n"))
    assert [tensor.name for tensor in solved if tensor.stage == "update"] == ["V.new", "first.bias.new", "W.new"]
    assert solved["W.new"].exact == [["-1", "0"]]
    assert solved["first.weight.new"] is solved["V.new"]


def test_outputs_after_the_step_are_found_by_name() -> None:
    problem = cnncalc.loads(CHAIN + "loss: {mse: {name: J, target: 1}}\nupdate: {sgd: {lr: 1, only: [W]}}\n")
    solved = cnncalc.solve(problem)
    listed = [tensor.name for tensor in solved]
    assert listed[-2:] == ["W.new", "J.new"]
    assert "second.new" not in listed
    assert solved["second.new"].exact == ["-17"]
    # What lies before the first parameter that changes is as it was, and has no second name.
    assert "first.new" not in solved
    assert "relu_1.new" not in solved


def test_the_step_of_a_tensor_leads_to_its_formula_and_terms() -> None:
    solved = trace("3", "0.5")
    step = solved.step("W.new")
    assert step is not None
    assert step.names == {"x": "W", "gradient": "dL/dW", "y": "W.new"}
    assert solved.formula("W.new") == r"\y_{\k, \i} = \x_{\k, \i} - 0.5 \cdot \gradient_{\k, \i}"
    assert [(float(term.coefficient), *term.factors) for term in step.layer.terms("y", (0, 0), solved.numbers, {})] == [
        (1.0, step.layer.terms("y", (0, 0), solved.numbers, {})[0].factors[0]),
        (-0.5, step.layer.terms("y", (0, 0), solved.numbers, {})[1].factors[0]),
    ]
    loss = solved.step("L.new")
    assert loss is not None
    assert loss.names["x"] == "relu_1.new"


def test_names_of_the_update_in_questions_and_json() -> None:
    text = LINE.format(weight=3, rate=1) + "questions: {1: [W.new, y.weight.new, L.new, y.new]}\n"
    printed = json.loads(run(["solve", "-", "--question", "1", "--format", "json"], stdin=text).stdout)
    found = [(t["name"], t["kind"], t["pass"], t["layer"], t["type"], t["value"]) for t in printed["tensors"]]
    assert found == [
        ("W.new", "parameter", "update", "y", "sgd", [[0.0]]),
        ("L.new", "loss", "update", "L", "half_squared_error", 0.0),
        ("y.new", "activation", "update", "y.new", "fc", [0.0]),
    ]
    with pytest.raises(cnncalc.ProblemError, match=r"'x\.new' is no tensor of this problem"):
        cnncalc.loads(text.replace("y.new", "x.new"))


def test_a_mini_batch_updates_once() -> None:
    text = "input: [[1, 2], [3, 4]]\nlayers: [fc: {weight: [[1, -1]]}]\nloss: {mse: {target: [[0], [0]]}}\n"
    solved = cnncalc.solve(cnncalc.loads(text + "update: {sgd: {lr: 0.1}}\n"))
    assert solved["fc_1.weight.new"].exact == [["7/5", "-2/5"]]
    np.testing.assert_allclose(solved["L.new"].value, (0.6**2 + 2.6**2) / 2)


def test_a_student_who_steps_with_a_wrong_gradient_is_followed() -> None:
    problem = cnncalc.loads(LINE.format(weight=3, rate="1/2"))
    report = cnncalc.check(problem, {"dL/dW": [["6"]], "W.new": [["0"]], "L.new": "0"})
    assert [tensor.verdict.value for tensor in report.tensors] == ["wrong", "follows", "follows"]
    assert cnncalc.check(problem, {"W.new": [["9/2"]]})["W.new"].verdict.value == "wrong"


def test_a_root_of_zero_without_eps_is_a_fault_at_the_update() -> None:
    text = LINE.replace("{{sgd: {{lr: {rate}}}}}", "{{adam: {{lr: {rate}, eps: 0}}}}").format(weight=-1, rate=1)
    for numbers in ("exact", "float"):
        failed = run(["solve", "-", "--numbers", numbers], stdin=text)
        assert failed.returncode == 2
        assert "W.new: the step divides by a root that is 0; give `eps` a positive number" in failed.stderr


def test_names_of_several_steps_are_known_and_the_state_is_that_before_the_first() -> None:
    text = LINE.replace("{{sgd: {{lr: {rate}}}}}", "{{momentum: {{lr: {rate}, steps: 3, only: W}}}}")
    text = text.format(weight=3, rate="1/2") + "questions: {1: [W.step_1, W.velocity.step_2, W.step_3, dL/dW.step_2]}\n"
    solved = cnncalc.solve(cnncalc.loads(text))
    w, v, found = 3.0, 0.0, []
    for _ in range(3):
        v = 0.9 * v + max(w, 0)
        w = w - v / 2
        found.append((w, v))
    assert [float(solved[name].value[0, 0]) for name in ("W.step_1", "W.velocity.step_2", "W.new", "W.velocity")] == (
        pytest.approx([found[0][0], found[1][1], found[2][0], found[2][1]])
    )
    assert solved["W.step_3"] is solved["W.new"]
    assert solved["W.velocity.step_0"].exact == [["0"]]


CLIPPED = """
input: {name: x, value: [[1, 2], [0, -1]]}
layers:
  - fc: {name: y, weight: {name: W, value: [[3, -1], [1/2, 2]]}, bias: {name: b, value: [0, 1]}}
loss: {mse: {target: [[2, 3], [1, 1]]}}
update: {adam: {lr: 0.1, steps: 3, weight_decay: 0.1, CLIP}}
"""


@pytest.mark.parametrize(
    ("clip", "weight", "bias"),
    [
        (
            "clip: {value: 0.5}",
            [[3.1534925634156306, -0.7051393249332514], [0.20019201414816323, 1.700147709946864]],
            [0.2790945069117305, 0.7513676295302997],
        ),
        (
            "clip: {norm: 1, eps: 1e-6}",
            [[2.6999024020789664, -0.7014862453334284], [0.20084699546929624, 1.6999603973236763]],
            [0.2962589496593563, 0.7198625068584052],
        ),
    ],
)
def test_gradients_are_clipped_before_anything_else(clip: str, weight: object, bias: object) -> None:
    """PyTorch 2.13 in float64: clip_grad_value_ and clip_grad_norm_ before each of three steps of Adam."""
    trace = cnncalc.solve(cnncalc.loads(CLIPPED.replace("CLIP", clip)), numbers="float")
    assert np.allclose(trace["W.new"].value, weight, rtol=1e-12, atol=0)
    assert np.allclose(trace["b.new"].value, bias, rtol=1e-12, atol=0)


def test_a_gradient_of_3_and_4_is_as_long_as_1() -> None:
    """On paper, without anything added to its length: (0.6, 0.8)."""
    text = "input: [3, 4]\nlayers: [fc: {weight: {name: W, value: [[0, 0]]}}]\nupstream: [1]\n"
    text += "update: {sgd: {lr: 1, CLIP}}\n"
    clipped = [["3/5", "4/5"]], [["1", "1"]], [["3", "4"]]
    for clip, due in zip(("clip_norm: 1", "clip: {value: 1}", "clip: {norm: 6}"), clipped, strict=True):
        trace = cnncalc.solve(cnncalc.loads(text.replace("CLIP", clip)))
        assert trace["W.clipped"].exact == due
        assert trace["W.new"].exact == [[f"-{one}" for one in due[0]]]
    for clip, said in (
        ("clip_norm: 0", "clip_norm is 0"),
        ("clip: {value: 1, norm: 1}", "gradients are clipped twice"),
    ):
        with pytest.raises(cnncalc.ProblemError) as caught:
            cnncalc.loads(text.replace("CLIP", clip))
        assert caught.value.faults[0].message == said
