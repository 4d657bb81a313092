"""Several losses as one: against PyTorch, in every command, and its faults."""

import json

import pytest

import cnncalc

from ..command import READERS, run

SEVERAL = """
input: {name: x, value: [[1, 2], [0, 1]]}
layers:
  - fc: {name: z, weight: {name: W, value: [[1, 4], [0, 1], [1, 1]]}}
  - softmax: {name: p}
loss:
  - cross_entropy: {class: [1, 2]}
  - MSELoss: {target: [[1, 0, 0], [0, 1, 0]], weight: 1/2}
  - l1: {target: [[1, 0, 0], [0, 1, 0]], weight: 0.1}
"""
# PyTorch 2.13, float64: -(t*p.log()).sum()/2 + 0.5*mse_loss(p, t) + 0.1*l1_loss(p, t).
L = 1.7261446334255934
DP = [
    -0.518925179836227, 0.01681813342589384, 0.01707839600588947,
    0.16824049975212366, -11.21855537813656, 0.024213083457271512,
]  # fmt: skip


def test_as_pytorch_has_it() -> None:
    trace = cnncalc.solve(cnncalc.loads(SEVERAL))
    assert trace["L"].value.item() == pytest.approx(L, rel=1e-15)
    parts = (trace[f"L.{name}"].value.item() for name in ("cross_entropy", "mse", "l1"))
    assert sum(weight * part for weight, part in zip((1, 0.5, 0.1), parts, strict=True)) == pytest.approx(L)
    assert trace["dL/dp"].value.ravel().tolist() == pytest.approx(DP, rel=1e-9)
    assert "All 4 gradients agree" in run(["verify", "-"], stdin=SEVERAL).stdout


def test_a_weight_belongs_to_its_loss_and_the_last_of_two_alike_is_called_b() -> None:
    """½·(1² + 3²)/2 + 2·(0 + 2²)/2; class weights stay those of the classes."""
    text = "input: [1, -2]\nloss:\n  - mse: {target: [0, 1], weight: 1/2}\n  - mse: {target: [1, 0], weight: 2}\n"
    trace = cnncalc.solve(cnncalc.loads(text))
    assert [trace[name].exact for name in ("L.mse", "L.mse_b", "L")] == ["5", "2", "13/2"]
    assert trace["dL/dinput"].exact == ["1/2", "-11/2"]
    classes = "input: [0, 0]\nloss:\n  - bce_with_logits: {target: [1, 0], weight: 2}\n  - l1: {target: [0, 0]}\n"
    assert cnncalc.solve(cnncalc.loads(classes))["L"].exact == "2*log(2) + 1/2"


@pytest.mark.parametrize("command", [one for one in READERS if one not in ("entropy", "import", "explain", "export")])
def test_every_command_takes_them(command: str) -> None:
    for language in ("en", "zh"):
        made = run([command, "-", *([] if command == "practice" else ["--language", language])], stdin=SEVERAL)
        assert made.returncode in (0, 2), made.stderr
        assert made.returncode == 0 or command in ("check", "page", "draw", "gradescope"), made.stderr


def test_steps_with_mini_batches_and_a_penalty() -> None:
    """½·(w·x)²·½ + 2·|w·x| + 0.25·w² by the samples 1, then 2, from w = 4 and with a rate of 1/8, in dyadic numbers."""
    text = """
input: {name: x, value: [[1], [2]]}
layers: [fc: {weight: {name: w, value: [[4]]}}]
loss:
  - half_squared_error: {target: [[0], [0]], weight: 1/2}
  - l1: {target: [[0], [0]], weight: 2}
penalty: {l2: 0.25}
update: {sgd: {lr: 1/8, steps: 2, batches: 1}}
"""
    w = 4.0
    for x in (1.0, 2.0):
        w -= (0.5 * w * x * x + 2 * x + 0.5 * w) / 8
    trace = cnncalc.solve(cnncalc.loads(text))
    assert trace["w.new"].value.item() == w
    assert "what" not in run(["solve", "-"], stdin=text).stdout.split("L.step_0")[1].split("\n")[0]


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        ("[mse: {target: [1, 0], weight: x}, l1: {target: [0, 0]}]", "'x' is not a number"),
        ("[mse: {target: [1, 0], name: J}, l1: {target: [0, 0]}]", "one of several losses has a name of its own"),
        ("[mse: {target: [1, 0, 2]}, l1: {target: [0, 0]}]", "the target is 3, x is 2"),
        ("[hinge: {class: 1}, l1: {target: [0, 0]}]", "multiclass_hinge cannot stand among several losses"),
        ("[focus: {target: 1}, l1: {target: [0, 0]}]", "there is no loss 'focus'"),
    ],
)
def test_faults(loss: str, said: str) -> None:
    with pytest.raises(cnncalc.ProblemError) as caught:
        cnncalc.loads(f"input: {{name: x, value: [1, -2]}}\nloss: {loss}\n")
    assert [fault.message for fault in caught.value.faults] == [said]


def test_a_forgotten_weight_is_told() -> None:
    """(0.5² + 3² + 0.25²)/3 + (1 + 4.125 + 3)/3 = 5.8125."""
    text = "input: [1, -2, 4]\nloss:\n  - mse: {target: [0.5, 1, 4.25], weight: 1/2}\n"
    text += "  - l1: {target: [2, 2.125, 1], weight: 3}\nanswers: {L: 5.8125}\n"
    report = json.loads(run(["check", "-", "--format", "json"], stdin=text).stdout)
    assert [mistake["code"] for mistake in report["tensors"][0]["mistakes"]] == ["weights-forgotten"]


def test_a_square_penalty_in_letters_asks_for_no_sign() -> None:
    text = """
input: [1, 2]
layers: [fc: {weight: {symbol: w, shape: [1, 2]}}]
loss: {half_squared_error: {target: [0]}}
penalty: {l2: 1/2}
"""
    assert cnncalc.solve(cnncalc.loads(text))["dL/dfc_1.weight"].exact == [["2*w_1_1 + 2*w_1_2", "2*w_1_1 + 5*w_1_2"]]
