"""Answers under the names that people use: the tensor that alone can be meant, or none."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.problem.words.other_names import as_written, meant

PROBLEM = """
input: {name: x, value: [[1, 2, 0], [0, 1, 3], [2, 1, 1]]}
layers:
  - conv: {weight: {name: K, value: [[1, 0], [0, 1]]}}
  - relu
  - max_pool: {size: 1}
  - relu
  - flatten
  - fc: {weight: {name: W, value: [[1, 0, 0, 1], [0, 1, 1, 0]]}, bias: {value: [1, 2]}}
  - softmax: {name: p}
loss: {cross_entropy: {name: J, class: 2}}
questions: {4: p, 5: [J, fc_1], 6b: dJ/dW}
"""
TRACE = cnncalc.solve(cnncalc.loads(PROBLEM))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("softmax", "p"), ("Softmax", "p"), ("loss", "J"), ("Loss", "J"), ("cost", "J"), ("conv", "conv_1"),
        ("conv1", "conv_1"), ("Conv_1", "conv_1"), ("conv2d_1", "conv_1"), ("linear", "fc_1"), ("fc1", "fc_1"),
        ("fc_1_bias", "fc_1.bias"),
        ("fc1_w", "W"), ("grad_fc1_w", "dJ/dW"), ("dconv1_weight", "dJ/dK"),
        ("pool", "max_pool_1"), ("池化层输出", "max_pool_1"),
        ("maxpool", "max_pool_1"), ("relu", None), ("relu2", "relu_2"),
        ("dW", "dJ/dW"), ("dL_dW", "dJ/dW"), ("dL/dW", "dJ/dW"), ("dLdW", "dJ/dW"), ("grad_W", "dJ/dW"),
        ("grad W", "dJ/dW"), ("grad(W)", "dJ/dW"), ("W.grad", "dJ/dW"), ("W_grad", "dJ/dW"), ("∇W", "dJ/dW"),
        ("delta_p", "dJ/dp"), ("dsoftmax", "dJ/dp"), ("dconv1", "dJ/dconv_1"), ("drelu", None), ("dx", "dJ/dx"),
        ("p_2", "p[2]"), ("W_1,2", "W[1,2]"), ("W_1", None), ("4", "p"), ("Q4", "p"), ("question 4", "p"),
        ("第4题", "p"), ("(4)", "p"), ("4.", "p"), ("④", "p"), ("第四题", "p"), ("问题4", "p"), ("5a", "J"),
        ("5(b)", "fc_1"), ("5.2", "fc_1"), ("5c", None), ("logits", "fc_1"), ("scores", "fc_1"), ("output", "p"),
        ("交叉熵", "J"), ("cross entropy", "J"), ("W的梯度", "dJ/dW"), ("∇_W J", "dJ/dW"), ("∇_{W}", "dJ/dW"),
        ("p2", "p[2]"), ("z1", "conv_1"), ("z2", "fc_1"), ("a2", "p"), ("a1", "relu_1"), ("z3", None),
        ("delta2", "dJ/dfc_1"), ("delta4", None), ("dL/db2", "dJ/dfc_1.bias"), ("W1", None),
        ("conv output", "conv_1"), ("output of the conv layer", "conv_1"), ("softmax output", "p"),
        ("loss value", "J"), ("卷积层输出", "conv_1"), ("relu output", None), ("W gradient", "dJ/dW"),
        ("gradient wrt W", "dJ/dW"), ("gradient with respect to K", "dJ/dK"), ("5(ii)", "fc_1"), ("5(iii)", None),
        ("x_111", "x[1,1,1]"), ("x_11", None), ("c_111", "conv_1[1,1,1]"), ("c", "conv_1"), ("z_12", None),
        ("dL/dc", "dJ/dconv_1"), ("shape(c)", "shape(conv_1)"), ("shape(r)", None), ("kernel", "K"),
        ("dLoss/dW", "dJ/dW"), ("dCost_dW", "dJ/dW"),
        ("dkernel", "dJ/dK"), ("image", "x"), ("dimage", "dJ/dx"), ("y", "p"), ("r", None), ("W2", "W"),
        ("dL/dW2", "dJ/dW"),
        ("K.out", "K"), ("conv.output", "conv_1"), ("loss.item()", "J"), ("F.softmax(fc, dim=-1)", "p"),
        ("relu(conv1)", "relu_1"), ("relu(x)", None), ("after the pooling layer", "max_pool_1"), ("激活后", None),
        ("卷积后", "conv_1"), ("损失 J", "J"), ("softmax p", "p"), ("loss W", None),
        ("损失对W的梯度", "dJ/dW"), ("W的偏导数", "dJ/dW"),
        ("5", None), ("6(b)", "dJ/dW"), ("6b", "dJ/dW"), ("nonsense", None), ("dropout", None), ("d", None), ("", None),
    ],
)  # fmt: skip
def test_a_name_is_read_where_one_tensor_can_be_meant(typed: str, name: str | None) -> None:
    assert meant(as_written(typed), TRACE.known) == name


@pytest.mark.parametrize(
    ("typed", "ours"),
    [
        (r"\frac{\partial J}{\partial W}", "dJ/dW"), (r"$\partial J/\partial W$", "dJ/dW"), (r"\hat{y}", "ŷ"),
        ("p₂", "p_2"), ("conv_1.shape", "shape(conv_1)"), ("shape of conv_1", "shape(conv_1)"), ("(4) p", "p"),
        ("4. conv_1", "conv_1"), ("conv_1[1,2]", "conv_1[1,2]"), ("W.new", "W.new"),
    ],
)  # fmt: skip
def test_a_name_as_it_is_written_in_a_text(typed: str, ours: str) -> None:
    assert as_written(typed) == ours


def test_a_number_counts_layers_with_weights() -> None:
    text = "input: [1, 2]\nlayers: [fc: {weight: {name: W, value: [[1, 0], [0, 1]]}}, relu, fc: {weight: [[1, 1]]}]\n"
    trace = cnncalc.solve(cnncalc.loads(text + "loss: {mse: {target: [0]}}\n"))
    one = cnncalc.solve(cnncalc.loads(text.partition(", relu")[0] + "]\nloss: {mse: {target: [0, 1]}}\n"))
    assert [meant("delta", each.known) for each in (one, trace)] == ["dL/dfc_1", None]
    names = {"dL/dW1": "dL/dW", "W1": "W", "dL/dW2": None, "W3": None, "W_11": "W[1,1]"}
    assert {typed: meant(typed, trace.known) for typed in names} == names


def test_a_number_counts_layers_of_one_type() -> None:
    named = cnncalc.solve(cnncalc.loads(PROBLEM.replace("conv: {weight", "conv: {name: c, weight")))
    assert [meant(typed, named.known) for typed in ("conv1", "conv2", "relu2", "relu0")] == ["c", None, "relu_2", None]


def test_what_was_read_is_said() -> None:
    report = cnncalc.check(cnncalc.loads(PROBLEM), {"softmax": TRACE["p"].value, "p_2": TRACE["p"].value[1]})
    notes = {tensor.name: [note.en for note in tensor.notes] for tensor in report.tensors if tensor.notes}
    assert notes == {"p": ["`softmax` is read as `p`"], "p[2]": ["`p_2` is read as `p[2]`"]}


def test_no_name_is_read_as_one_that_there_is_not() -> None:
    """A count of what is only remembered, of an element, of a count: nothing, and no search without an end."""
    text = "input: [1, 2]\nlayers: [fc: {weight: [[1, 1]]}]\nloss: {mse: {target: [0]}}\nupdate: {momentum: {lr: 1}}\n"
    problem = cnncalc.loads(text)
    kinds = ("parameters", "shape", "multiplications", "memory", "receptive_field")
    of = ("fc_1.bias.velocity", "fc1.weight.velocity", "fc_1[1]", "L", "dL/dfc", "shape(fc_1)", "nothing", "")
    for typed in (f"{kind}({name})" for kind in kinds for name in of):
        report = cnncalc.check(problem, {typed: "3"})
        assert len(report.tensors) == 1, typed


def test_among_several_the_size_tells_which_is_meant() -> None:
    report = cnncalc.check(cnncalc.loads(PROBLEM), {"weights": TRACE["W"].value, "relu": [1, 2]})
    assert report["W"].verdict == "correct"
    assert [note.text("en") for note in report["relu"].notes] == [
        "`relu` may be any of relu_1, relu_2; write the one that is meant"
    ]


def test_questions_and_options_read_the_same_names() -> None:
    text = PROBLEM.replace("questions: {", "questions: {1: softmax, 2: [dW, conv1, shape(pool)], ")
    problem = cnncalc.loads(text)
    assert (problem.questions["1"], problem.questions["2"]) == (("p",), ("dJ/dW", "conv_1", "shape(max_pool_1)"))
    said = "read as: softmax = p, dW = dJ/dW, conv1 = conv_1, shape(pool) = shape(max_pool_1)"
    assert [notice.text("en") for notice in problem.notices] == [said]
    with pytest.raises(cnncalc.ProblemError) as raised:
        cnncalc.loads(PROBLEM.replace("4: p", "4: relu"))
    fault = raised.value.faults[0]
    assert (fault.message, fault.remedy) == ("'relu' may be relu_1 or relu_2", "write the one that is meant")


def test_of_thousands_of_names_that_nobody_knows_the_first_are_told() -> None:
    problem = cnncalc.loads("input: [1, 2]\nlayers: [relu: {name: y}]\n")
    report = cnncalc.check(problem, {**{f"zz{at}": "1" for at in range(3000)}, "y": "[1, 2]"})
    assert (report["y"].verdict, len(report.tensors)) == ("correct", 201)
    assert any("2800 more entries" in note.en for tensor in report.tensors for note in tensor.notes)
