"""What a student rounded too much, or wrote as whole numbers, excuses nothing that comes after."""

from __future__ import annotations

import pytest

import cnncalc

TEXT = """
input: {name: x, value: [1, 2, -1]}
layers:
  - fc: {name: z, weight: {name: W, value: [[1, 2, 0], [0, -1, 1], [2, 1, 1]]}}
  - softmax: {name: p}
loss: {cross_entropy: {name: L, class: 3}}
"""
"""z = [5, -3, 3], p = [0.88051, 0.000295, 0.11919], L = 2.12704."""
SATURATED = """
input: {name: f, value: [14, 1, 3]}
layers: [softmax: {name: p}]
loss: {cross_entropy: {name: L, class: 2}}
"""


def verdicts(answers: dict[str, str], text: str = TEXT) -> dict[str, str]:
    return {tensor.name: tensor.verdict.value for tensor in cnncalc.check(cnncalc.loads(text), answers).tensors}


@pytest.mark.parametrize("loss", ["3", "2.5", "2.03", "1.9", "2.2"])
def test_a_coarse_answer_is_no_wide_interval(loss: str) -> None:
    """-log(0.05) is 2.996 and -log(0.15) is 1.897: all of that is rounded to 0.1, and none of it is meant."""
    assert verdicts({"p": "0.9 0.0 0.1", "L": loss}) == {"p": "wrong", "L": "wrong"}


@pytest.mark.parametrize(("loss", "verdict"), [("2.30", "follows"), ("2.303", "follows"), ("2.13", "correct")])
def test_it_is_the_number_that_was_written_or_the_one_it_was_rounded_from(loss: str, verdict: str) -> None:
    assert verdicts({"p": "0.9 0.0 0.1", "L": loss}) == {"p": "wrong", "L": verdict}


def test_what_a_coarse_number_was_rounded_from_may_follow_itself() -> None:
    """From a slip in z, e^4/(e^4 + e^-3 + e^3) = 0.730598 written as 0.7: minus its logarithm is still 0.313892."""
    text = TEXT.replace("class: 3", "class: 1")
    work = {"z": "4 -3 3", "p": "0.7 0.001 0.3"}
    assert verdicts({**work, "L": "0.3139"}, text) == {"z": "wrong", "p": "wrong", "L": "follows"}
    assert verdicts({**work, "L": "0.3567"}, text) == {"z": "wrong", "p": "wrong", "L": "follows"}
    assert verdicts({**work, "L": "0.335"}, text) == {"z": "wrong", "p": "wrong", "L": "wrong"}


@pytest.mark.parametrize("z", ["5 -3 3", "5 -3 4"])
def test_exact_answers_leave_the_rule_as_it_is(z: str) -> None:
    """Nothing was rounded in whole numbers, right or wrong, so no digit is owed to it."""
    third = {"5 -3 3": "0.12", "5 -3 4": "0.27"}[z]
    found = verdicts({"z": z, "p": f"0.88 0.0003 {third}"})
    assert found["p"] == "wrong"


def test_probabilities_of_0_and_1_lead_to_p_minus_t() -> None:
    """Past dL/dp, which does not exist for them."""
    for p, dz in (("1 0 0", "1 -1 0"), ("1.000 0.000 0.000", "1.000 -1.000 0.000")):
        assert verdicts({"p": p, "dL/df": dz}, SATURATED) == {"p": "wrong", "dL/df": "follows"}
    assert verdicts({"p": "1 0 0", "dL/df": "1 1 0"}, SATURATED)["dL/df"] == "wrong"


def test_so_they_do_behind_a_sigmoid() -> None:
    text = "input: {name: z, value: [14, -15]}\nlayers: [sigmoid: {name: y}]\n"
    text += "loss: {binary_cross_entropy: {name: L, target: [0, 1]}}"
    assert verdicts({"y": "1 0", "dL/dz": "0.5 -0.5"}, text) == {"y": "wrong", "dL/dz": "follows"}


def test_0_and_1_are_right_together_or_not_at_all() -> None:
    """Where 1 is right to every digit of a double, so is the 0 beside it."""
    far, near = (SATURATED.replace("14", logit) for logit in ("50", "30"))
    assert set(verdicts({"p": "1 0 0", "dL/df": "1 -1 0"}, far).values()) == {"correct"}
    assert verdicts({"p": "1 0 0"}, near) == {"p": "wrong"}


def mistakes(name: str, answers: dict[str, str], text: str) -> dict[str, str]:
    return {one.code: one.message for one in cnncalc.check(cnncalc.loads(text), answers)[name].mistakes}


def test_whole_numbers_with_zeros_among_them_are_called_rounded() -> None:
    assert list(mistakes("p", {"p": "1 0 0"}, SATURATED)) == ["rounded-to-integer"]
    assert "rounded-to-integer" not in mistakes("p", {"p": "0 0 0"}, SATURATED)
    nearly = "input: [-26, 3, 40]\nlayers: [sigmoid: {name: a}]\n"
    assert list(mistakes("a", {"a": "0 0.953 1.00"}, nearly)) == ["rounded-to-integer"]


def test_the_other_cells_of_a_slip_are_not_called_right_where_they_are_not() -> None:
    text = "input: [0.1, 0.2, 0.3, 0.4]\nlayers: [tanh: {name: t}]\n"
    """0.0996680, 0.197375, 0.291313, 0.379949."""
    said = mistakes("t", {"t": "0.0997 0.197 0.291 0.521"}, text)
    assert said == {"one-cell-slipped": "A slip in one cell, [4]; the others are right or follow."}
    said = mistakes("t", {"t": "0.0997 0.20 0.291 0.521"}, text)
    assert said["one-cell-slipped"].endswith("the others are right or follow, as far as their digits go.")


@pytest.mark.parametrize("given", ["0", "2", "8", "12"])
def test_one_small_number_is_no_evidence(given: str) -> None:
    """4 is half of 8 and a third of 12, and the gradient at one position may be anything."""
    text = """
input: {name: x, value: [[1, 2, 3], [0, 1, 1], [2, 1, 0]]}
layers: [conv: {name: y, weight: {name: K, value: [[1, 0], [0, 1]]}, bias: {name: b, value: [1]}}]
upstream: [[[1, 0], [2, 1]]]
"""
    assert mistakes("dL/db", {"dL/db": given}, text) == {}
    assert mistakes("dL/dK", {"dL/dK": "0 0; 0 0"}, text) == {}
    assert list(mistakes("dL/db", {"dL/db": "-4"}, text)) == ["sign"]


def test_short_numbers_that_a_mistake_gives_exactly_may_be_that_mistake() -> None:
    problem = cnncalc.loads("""
    input: {name: x, value: [1, 2]}
    layers:
      - fc: {name: z, weight: {name: W, value: [[-1, -1], [1, 0.5]]}}
      - relu: {name: h}
      - fc: {name: y, weight: {name: V, value: [[1, 2]]}}
    loss: {half_squared_error: {target: [1]}}
    update: {adamw: {lr: 0.1, beta1: 0.9, beta2: 0.999, eps: 0.00000001, weight_decay: 0.1}}
    """)
    # z = [-3, 2], so the first row has no gradient; Adam's first step is lr in each of the others. With decay:
    # -0.99, 0.99 - 0.1, 0.495 - 0.1.
    report = cnncalc.check(problem, {"W.new": [["-1", "-1"], ["0.9", "0.4"]]})
    (finding,) = report["W.new"].findings
    assert [mistake.code for mistake in finding] == ["too-few-digits", "weight-decay-forgotten"]
