"""What a file may mean in two ways: taken with a word of it, or refused with what to write instead."""

from __future__ import annotations

import numpy as np
import pytest

import cnncalc
from cnncalc.problem.loader import loads
from cnncalc.problem.text.faults import ProblemError

from ..command import run

SOFT = "input: [1, 2, 3]\nlayers: [softmax: {{name: p}}]\nloss: {{cross_entropy: {{target: {target}}}}}\n"


@pytest.mark.parametrize(
    ("target", "total"),
    [
        ("[0.333, 0.333, 0.333]", "0.999"),
        ("[0.33, 0.33, 0.33]", "0.99"),
        ("[0.1667, 0.1667, 0.6667]", "1.0001"),
        ("[0.09003057, 0.24472848, 0.66524099]", "1.00000004"),
        ("[0.30000001, 0.30000001, 0.40000002]", "1.00000004"),
        ("[1/3, 0.333, 1/3]", "2999/3000"),
    ],
)
def test_a_soft_target_that_sums_to_1_within_its_digits(target: str, total: str) -> None:
    text = SOFT.format(target=target)
    (notice,) = loads(text).notices
    assert notice.en == f"the target sums to {total}, which is 1 as far as its digits go; it is taken as it stands"
    for command in ("solve", "worked", "verify"):
        result = run([command, "-"], stdin=text)
        assert (result.returncode, result.stderr) == (0, notice.en + "\n"), command
    result = run(["explain", "-", "L", "--language", "zh"], stdin=text)
    assert (result.returncode, result.stderr) == (0, notice.zh + "\n")


def test_it_is_taken_as_it_stands() -> None:
    # dL/dx = p · Σt − t, which is not p − t here.
    trace = cnncalc.solve(loads(SOFT.format(target="[0.333, 0.333, 0.333]")))
    p = np.exp([1, 2, 3]) / np.exp([1, 2, 3]).sum()
    np.testing.assert_allclose(trace["dL/dinput"].value, 0.999 * p - 0.333, atol=1e-12)


@pytest.mark.parametrize(
    "target",
    ["[0.3, 0.3, 0.3]", "[0.5, 0.4, 0]", "[0.25, 0.25, 0.25]", "[0.333, 0.333, 0.332]", "[1/3, 1/3, 1/4]",
     "[0.33333, 0.33333, 0.33331]", "[1, 1e-3, 0]", "[0.999, 0, 0]"],
)  # fmt: skip
def test_a_target_that_does_not_is_a_fault(target: str) -> None:
    with pytest.raises(ProblemError, match=r"sums to .*, not to 1"):
        loads(SOFT.format(target=target))


@pytest.mark.parametrize(
    "target", ["[1/3, 1/3, 1/3]", "[0.2, 0.3, 0.5]", "[0, 1, 0]", "[0.333, 0.333, 0.334]", "{symbol: t, shape: [3]}"]
)
def test_of_a_target_that_does_nothing_is_said(target: str) -> None:
    assert loads(SOFT.format(target=target)).notices == ()


def test_each_sample_is_named() -> None:
    text = "input: [[1, 2], [3, 4]]\nlayers: [softmax]\nloss: {cross_entropy: {target: [[0, 1], [0.667, 0.334]]}}\n"
    (notice,) = loads(text).notices
    assert notice.en.startswith("the target of sample 2 sums to 1.001, which is 1 as far as its digits go")
    assert notice.zh.startswith("目标（第 2 个样本）之和为 1.001")


@pytest.mark.parametrize(
    ("value", "loss", "message", "remedy"),
    [
        ("[1, 2, 3]", "cross_entropy: {class: 1}", "takes probabilities, and x has an entry above 1", "softmax"),
        ("[0.5, -0.1, 0.6]", "cross_entropy: {class: 1}", "takes probabilities, and x has an entry below 0", "softmax"),
        ("[1.5]", "binary_cross_entropy: {target: [1]}", "takes probabilities, and x has an entry above 1", "sigmoid"),
        ("[-1, 2]", "nll: {class: 1}", "takes log-probabilities, and x has an entry above 0", "log_softmax"),
        ("[[0.5, 0.5], [3, 4]]", "cross_entropy: {class: [1, 1]}", "x has an entry above 1", "softmax"),
    ],
)
def test_what_no_layer_makes_probabilities_of_must_be_some(value: str, loss: str, message: str, remedy: str) -> None:
    with pytest.raises(ProblemError) as caught:
        loads(f"input: {{name: x, value: {value}}}\nlayers: []\nloss: {{{loss}}}\n")
    (fault,) = caught.value.faults
    assert message in fault.message
    assert fault.remedy.endswith(f"or put `- {remedy}` before the loss")
    assert fault.line == 1


@pytest.mark.parametrize(
    ("value", "loss", "told"),
    [
        ("[0.2, 0.8]", "cross_entropy: {class: 1}", 0),
        ("[0.7, 0.2]", "cross_entropy: {class: 1}", 1),
        ("[0.667, 0.334]", "cross_entropy: {class: 1}", 0),
        ("[0.7, 0.2]", "binary_cross_entropy: {target: [1, 0]}", 0),
        ("[-1, -2]", "nll: {class: 1}", 0),
        ("[1, 2]", "mse: {target: [1, 0]}", 0),
        ("{symbol: x, shape: [2]}", "cross_entropy: {class: 1}", 0),
        ("[x, 1 - x]", "cross_entropy: {class: 1}", 0),
    ],
)
def test_what_can_be_taken_is_taken(value: str, loss: str, told: int) -> None:
    problem = loads(f"input: {value}\nlayers: []\nloss: {{{loss}}}\n")
    assert [notice.en for notice in problem.notices] == [
        "input sums to 0.9, not to 1; it is taken for probabilities as it stands"
    ] * told


CHAIN = (
    "input: {{name: x, value: [1, 2]}}\nlayers:\n  - fc: {{name: a, weight: {{name: W, value: [[1, 2], [3, 4]]}}}}\n"
    "  - fc: {{name: b, units: 2, weight: {weight}}}\n{rest}\n"
)
MEANT = [
    ("W", ""), ("x", ""), ("a", ""), ("b", ""), ("{fill: W}", ""), ("{value: W}", ""), ("{shape: [2, 2], fill: W}", ""),
    ("1", "upstream: W"), ("1", "upstream: {fill: x}"), ("1", "loss: {mse: {target: W}}"),
    ("1", "loss: {mse: {name: J, target: J}}"),
]  # fmt: skip


@pytest.mark.parametrize(("weight", "rest"), MEANT)
def test_the_name_of_a_tensor_is_no_letter(weight: str, rest: str) -> None:
    with pytest.raises(ProblemError) as caught:
        loads(CHAIN.format(weight=weight, rest=rest))
    (fault,) = caught.value.faults
    assert fault.message.endswith("is the name of a tensor of this problem, and here it would be a letter")
    if "W" in weight:
        assert fault.remedy == "write `{share: W}` to use that tensor once more, or choose another letter"
    else:
        assert fault.remedy.endswith("again, or choose another letter")
    assert fault.line == (4 if not rest else 5)


@pytest.mark.parametrize(
    ("weight", "rest"),
    [("V", ""), ("{name: c, fill: c}", ""), ("[[W, 1], [1, W]]", ""), ("{symbol: V}", ""), ("1", "upstream: g")],
)
def test_other_letters_are(weight: str, rest: str) -> None:
    assert loads(CHAIN.format(weight=weight, rest=rest)).has_letters


@pytest.mark.parametrize(
    ("weight", "rest", "other"),
    [("{symbol: W}", "", "W"), ("1", "upstream: {symbol: a}", "a"), ("{symbol: a}", "", "a")],
)
def test_two_tensors_do_not_share_letters(weight: str, rest: str, other: str) -> None:
    """W₁₁ would be an unknown and, in the same solution, a number: behind a softmax even the same unknown."""
    with pytest.raises(ProblemError) as caught:
        loads(CHAIN.format(weight=weight, rest=rest))
    (fault,) = caught.value.faults
    assert fault.message == f"these letters would be taken for the elements of '{other}', another tensor"
    assert fault.remedy == "choose another letter, or call that tensor otherwise"


@pytest.mark.parametrize(
    ("options", "remedy"),
    [
        ("units: 3, weight: [1, 2, 3, 4, 5, 6]", "give fc_1.weight the shape 3×4: a row for each output"),
        ("weight: [1, 2, 3, 4, 5, 6]", "give fc_1.weight the shape 1×4: a row for each output"),
        ("units: 2, weight: [[1, 2], [3, 4], [5, 6], [7, 8]]", "transpose it"),
        ("weight: [[1, 2], [3, 4], [5, 6], [7, 8]]", "transpose it"),
        ("units: 3, weight: [[1, 2], [3, 4], [5, 6], [7, 8]]", "give fc_1.weight the shape 3×4"),
    ],
)
def test_the_remedy_for_a_weight_knows_the_units(options: str, remedy: str) -> None:
    with pytest.raises(ProblemError) as caught:
        loads(f"input: [1, 2, 3, 4]\nlayers:\n  - fc: {{{options}}}\n")
    assert caught.value.faults[0].remedy.startswith(remedy)


@pytest.mark.parametrize("numbers", ["frac", "fraction", "", "Exact", 1])
def test_a_number_system_that_there_is_not(numbers: object) -> None:
    with pytest.raises(ValueError, match="it is one of 'auto', 'exact', 'float', 'symbolic'"):
        cnncalc.solve(loads("input: [1]\nlayers: [relu]\n"), numbers=numbers)  # type: ignore[arg-type]
