"""Which number system solves, what is said when it matters, and what the data alone can get wrong."""

from __future__ import annotations

import numpy as np
import pytest

import cnncalc

SOFTMAX = "input: {input}\nlayers: [{{softmax: {{name: p}}}}]\nloss: {{cross_entropy: {{class: {target}}}}}\n"
LARGE = """
input: {shape: [32, 3, 32, 32], random: {seed: 1}}
layers:
  - conv: {weight: {shape: [16, 3, 5, 5], random: {seed: 2}}}
  - global_avg_pool
"""
DEEP_TANH = """
input: {shape: [1, 12, 12], random: {seed: 1}}
layers:
  - conv: {weight: {shape: [4, 1, 3, 3], random: {seed: 2}}}
  - tanh
  - conv: {weight: {shape: [4, 4, 3, 3], random: {seed: 3}}}
  - tanh
  - flatten
  - fc: {weight: {shape: [10, 256], random: {seed: 4}}}
  - tanh
  - fc: {weight: {shape: [3, 10], random: {seed: 5}}}
  - softmax
loss: {cross_entropy: {class: 1}}
"""


def softmax(values: str, target: str) -> str:
    return SOFTMAX.format(input=values, target=target)


def test_auto_is_exact_for_homework_and_float_beyond() -> None:
    assert cnncalc.solve(cnncalc.loads(softmax("[1, 2]", "1"))).numbers.name == "exact"
    for text in (LARGE, DEEP_TANH):
        trace = cnncalc.solve(cnncalc.loads(text))
        assert trace.numbers.name == "float"
        assert [notice.en[:16] for notice in trace.notices] == ["numbers: float64"]
        assert next(iter(trace)).exact is None


def test_a_choice_beats_the_file_and_the_file_beats_auto() -> None:
    text = "numbers: float\n" + softmax("[1, 2]", "1")
    assert cnncalc.solve(cnncalc.loads(text)).numbers.name == "float"
    assert cnncalc.solve(cnncalc.loads(text), numbers="exact").numbers.name == "exact"
    assert cnncalc.solve(cnncalc.loads(text), numbers="auto").numbers.name == "exact"


@pytest.mark.parametrize(
    ("text", "numbers", "message", "remedy", "line"),
    [
        (
            "input: [1e-400, 1]\nlayers: []\nloss: {cross_entropy: {name: L, class: 1}}\n", "float", "L: log of 0.0",
            "change the numbers that lead here, or solve with --numbers exact, which cannot overflow", 3,
        ),
        (
            "expressions: {f: log(a)}\nvalues: {a: -1}\n", "float", "f: log of -1.0",
            "change the numbers that lead here", 1,
        ),
        (
            "expressions: {f: a/b}\nvalues: {a: 1, b: 0}\n", "float", "f: a division by 0",
            "change the numbers that lead here", 1,
        ),
        (
            "input: [1e200]\nlayers:\n  - fc: {weight: [[1e200]]}\n", "float",
            "fc_1: an element is larger than a double can hold",
            "change the numbers that lead here, or solve with --numbers exact, which cannot overflow", 3,
        ),
        (
            "input: [[1, 2]]\nlayers:\n  - batch_norm: {eps: 0}\n", "exact",
            "batch_norm_1: the norm divides by √(var + eps), and var + eps is not positive",
            "change the numbers that lead here", 3,
        ),
        (
            "input: [1, 2]\nlayers:\n  - batch_norm: {variance: unbiased}\n", "exact",
            "batch_norm_1 takes its unbiased variance over one number only: its input is 2 with N = 1",
            "use `variance: biased`, or a larger mini-batch", 3,
        ),
        (
            "input: [sqrt(3 + 2*sqrt(2)) - sqrt(2) - 1]\nlayers: [relu]\n", "exact",
            "relu_1: not decided with 20000 bits whether a number is 0",
            "solve with --numbers float, or change the numbers", 2,
        ),
    ],
)  # fmt: skip
def test_what_the_data_gets_wrong_has_a_place_and_a_remedy(
    text: str, numbers: str, message: str, remedy: str, line: int
) -> None:
    problem = cnncalc.loads(text)
    with pytest.raises(cnncalc.ProblemError) as caught:
        cnncalc.solve(problem, numbers)  # type: ignore[arg-type]
    (fault,) = caught.value.faults
    assert (fault.message, fault.remedy, fault.line) == (message, remedy, line)


def test_exact_logits_a_thousand_apart() -> None:
    """Float underflows to log(0); the truth is 1000 + e^-1000, whose nearest double is 1000."""
    trace = cnncalc.solve(cnncalc.loads(softmax("[0, 1000]", "1")))
    assert trace["L"].value == 1000.0
    assert trace["L"].exact == "log(exp(-1000) + 1) + 1000"
    assert np.isnan(trace["dL/dp"].value[0]), "-e^1000 has no double"
    assert trace["dL/dp"].exact == ["-1/p[1]", "0"]


def test_gradients_are_written_in_the_probabilities() -> None:
    text = "index_base: 0\nnumbers: exact\ninput: [[1, 2, 3], [0, 1, 1]]\nlayers: [{softmax: {name: q}}]\n"
    trace = cnncalc.solve(cnncalc.loads(text + "loss: {cross_entropy: {name: J, class: [2, 0], reduction: sum}}"))
    assert trace["dJ/dinput"].exact == [["q[0,0]", "q[0,1]", "q[0,2] - 1"], ["q[1,0] - 1", "q[1,1]", "q[1,1]"]]
    assert trace["q"].exact[1][0] == "exp(-1)/(exp(-1) + 2)"


def test_without_loss_only_the_forward_pass() -> None:
    trace = cnncalc.solve(cnncalc.loads("input: [[1, 2], [3, 4]]\nlayers: [{max_pool: {size: 2}}]"))
    assert [tensor.name for tensor in trace] == ["input", "max_pool_1.path", "max_pool_1"]
    assert trace["max_pool_1.path"].value.tolist() == [[[[2, 2]]]]


def test_the_path_counts_from_index_base() -> None:
    text = "index_base: 0\ninput: [[1, 2], [3, 4]]\nlayers: [{max_pool: {size: 2}}]"
    assert cnncalc.solve(cnncalc.loads(text))["max_pool_1.path"].value.tolist() == [[[[1, 1]]]]


def test_repeated_solving_shares_nothing() -> None:
    problem = cnncalc.loads(softmax("[1, 2]", "1"))
    first, second = cnncalc.solve(problem), cnncalc.solve(problem)
    assert first["L"].exact == second["L"].exact
    assert first.numbers is not second.numbers
