"""A student's answers worked out by hand (plain NumPy): rounded at every step, slipping once and carrying on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
import yaml

import cnncalc
from cnncalc.checking.report import CellReport, Report
from cnncalc.checking.rule import CellVerdict

from .student import ORDER, Doubles, Sheet, Student, digits, draw, typed


@cache
def problem(seed: int) -> tuple[Sheet, cnncalc.Problem]:
    sheet = draw(seed)
    return sheet, cnncalc.loads(sheet.problem())


def is_suitable(work: Mapping[str, Doubles]) -> bool:
    """No probability so small that rounding leaves nothing of it, no equal logits."""
    return float(work["p"].min()) > 0.02 and len(set(work["s"].round(6))) == 3


SUITABLE = [seed for seed in range(120) if is_suitable(Student().work(draw(seed)))][:25]


def report(seed: int, work: Mapping[str, Doubles], names: Iterable[str] = ORDER, n: int | None = None) -> Report:
    return cnncalc.check(problem(seed)[1], {name: typed(work[name], n) for name in names})


def verdicts(found: Report) -> dict[str, str]:
    return {tensor.name: tensor.verdict.value for tensor in found.tensors}


@pytest.mark.parametrize("seed", SUITABLE)
def test_right_answers_are_right(seed: int) -> None:
    found = report(seed, Student().work(problem(seed)[0]))
    assert found.is_correct
    assert found.score == found.max_score == len(ORDER)
    assert found.first_error is None


@pytest.mark.parametrize("seed", SUITABLE)
@pytest.mark.parametrize("n", [3, 4, 5, 6])
def test_rounding_at_every_step_is_never_wrong(seed: int, n: int) -> None:
    """Digits beyond the third significant one are carried on as they were written."""
    found = report(seed, Student(digits(n)).work(problem(seed)[0]), n=n)
    assert set(verdicts(found).values()) <= {"correct", "follows"}, verdicts(found)
    assert found.first_error is None
    for tensor in found.tensors:
        # Whole numbers and lost zeros are right as far as they go; nothing else is said but what was done.
        is_early = any(cell.verdict is not CellVerdict.TOO_FEW_DIGITS and not is_whole(cell) for cell in tensor.wrong)
        allowed = {"rounded-early"} if is_early else {"too-few-digits", "rounded-to-integer"}
        assert {mistake.code for mistake in tensor.mistakes} <= allowed


def is_whole(cell: CellReport) -> bool:
    """Whether a whole number is the true one, rounded."""
    return "." not in cell.given and abs(int(cell.given) - float(Fraction(cell.expected))) <= 0.5


def slip(at: int, by: float) -> Any:
    def slipped(values: Doubles) -> Doubles:
        values.reshape(-1)[at % values.size] += by
        return values

    return slipped


@pytest.mark.parametrize("seed", SUITABLE)
@pytest.mark.parametrize("name", [name for name in ORDER if name not in ("dL/dV", "dL/dc", "dL/dk", "dL/db", "L")])
def test_a_slip_carried_on_costs_one_tensor(seed: int, name: str) -> None:
    """The tensor with the slip is wrong, the first error, and the only one; all others are correct or follow."""
    work = Student(slips={name: slip(seed, 1.5)}).work(problem(seed)[0])
    right = Student().work(problem(seed)[0])
    found = report(seed, work)
    assert found.first_error == name
    for other, verdict in verdicts(found).items():
        if other == name:
            assert verdict == "wrong"
        elif np.allclose(work[other], right[other], rtol=1e-9, atol=1e-12):
            assert verdict == "correct", other
        else:
            assert verdict == "follows", other
            assert found[other].follows_from


@pytest.mark.parametrize("seed", SUITABLE)
@pytest.mark.parametrize("name", ["z", "s", "dL/ds", "dL/dv"])
def test_a_slip_carried_on_with_rounding(seed: int, name: str) -> None:
    work = Student(digits(5), {name: slip(seed, 1.5)}).work(problem(seed)[0])
    found = report(seed, work, n=5)
    assert found.first_error == name
    assert {verdict for other, verdict in verdicts(found).items() if other != name} <= {"correct", "follows"}


@pytest.mark.parametrize("seed", SUITABLE[:10])
def test_it_follows_through_what_was_not_handed_in(seed: int) -> None:
    work = Student(slips={"z": slip(seed, 2.5)}).work(problem(seed)[0])
    handed_in = ["z", "p", "dL/dV", "dL/dk", "dL/db"]
    found = report(seed, work, handed_in)
    assert found.first_error == "z"
    assert {verdicts(found)[name] for name in handed_in[1:]} <= {"correct", "follows"}


def test_short_numbers_that_the_digits_give_exactly() -> None:
    """0.945 − 1 is −0.055, whatever stands for dL/dp; and 0.3 may have lost its zeros on the way."""
    text = (
        "input: {name: s, value: [3, 0, -1.75]}\n"
        "layers: [softmax: {name: p}]\nloss: {cross_entropy: {name: L, class: 1}}"
    )
    loaded = cnncalc.loads(text)
    sheet = {"p": "0.945 0.0470 0.00817", "dL/dp": "-1.06 0 0", "dL/ds": "-0.055 0.047 0.00817"}
    found = cnncalc.check(loaded, sheet)
    assert found.first_error is None
    assert set(verdicts(found).values()) <= {"correct", "follows"}


def test_what_a_relu_has_closed_follows_too() -> None:
    loaded = cnncalc.loads(
        "input: {name: x, value: [1.5, 2]}\nlayers: [fc: {name: z, weight: [[1, 0]]}, relu: {name: a}]"
    )
    found = cnncalc.check(loaded, {"z": "-1.5", "a": "0"})
    assert verdicts(found) == {"z": "wrong", "a": "follows"}
    assert found["a"].follows_from == ("z",)


@pytest.mark.parametrize("numbers", ["exact", "float"])
def test_right_answers_are_right_in_every_number_system(numbers: str) -> None:
    text = f"numbers: {numbers}\n" + problem(SUITABLE[0])[0].problem()
    work = Student().work(problem(SUITABLE[0])[0])
    assert cnncalc.check(cnncalc.loads(text), {name: typed(work[name]) for name in ORDER}).is_correct
    assert cnncalc.check(cnncalc.loads(text), {"z": typed(work["z"]), "V": typed(problem(SUITABLE[0])[0].V)}).is_correct


@pytest.mark.parametrize("seed", SUITABLE[:10])
def test_two_slips_are_both_found(seed: int) -> None:
    work = Student(slips={"z": slip(seed, 1.5), "dL/dv": slip(seed, 0.25)}).work(problem(seed)[0])
    found = report(seed, work)
    wrong = [name for name, verdict in verdicts(found).items() if verdict == "wrong"]
    assert wrong == ["z", "dL/dv"]


@pytest.mark.parametrize("seed", SUITABLE[:10])
def test_a_slip_that_is_not_carried_on_costs_nothing_else(seed: int) -> None:
    """What was worked out from the right numbers is right, whatever stands above it."""
    work = Student().work(problem(seed)[0])
    work["z"] = slip(seed, 3)(work["z"].copy())
    found = report(seed, work)
    assert [name for name, verdict in verdicts(found).items() if verdict != "correct"] == ["z"]


def test_nothing_follows_from_what_is_missing_or_unreadable() -> None:
    seed = SUITABLE[0]
    work = Student(slips={"s": slip(0, 1.0)}).work(problem(seed)[0])
    answers = {name: typed(work[name]) for name in ("s", "p")}
    assert verdicts(cnncalc.check(problem(seed)[1], answers)) == {"s": "wrong", "p": "follows"}
    for hole in ("?", "", "smudge"):
        holed = {**answers, "s": [answers["s"][0], hole, answers["s"][2]]}
        assert verdicts(cnncalc.check(problem(seed)[1], holed))["p"] == "wrong"


def test_zeros_everywhere_carry_nothing() -> None:
    """A sheet filled with zeros would else be right from its second tensor on."""
    seed = SUITABLE[0]
    work = Student().work(problem(seed)[0])
    zeros = {name: typed(np.zeros_like(work[name])) for name in ("dL/ds", "dL/dV", "dL/dv", "dL/dk")}
    found = verdicts(cnncalc.check(problem(seed)[1], zeros))
    assert set(found.values()) == {"wrong"}


def test_what_is_wrong_in_another_way_does_not_follow() -> None:
    seed = SUITABLE[1]
    work = Student(slips={"z": slip(seed, 1.5), "p": slip(0, 0.03)}).work(problem(seed)[0])
    found = report(seed, work, ["z", "s", "p"])
    assert verdicts(found) == {"z": "wrong", "s": "follows", "p": "wrong"}
    wrong = [cell for cell in found["p"].wrong if not cell.follows]
    assert [cell.index for cell in wrong] == [(1,)]


def test_rounding_allows_no_more_than_it_explains() -> None:
    """0.33 stands for 0.325 … 0.335, so ten times it may be 3.29 but not 3.4."""
    text = """
input: {name: x, value: [1/3, 2/3]}
layers:
  - fc: {name: y, weight: {name: W, value: [[1, 0]]}}
  - fc: {name: z, weight: {name: V, value: [[10]]}}
upstream: {value: [1]}
"""
    loaded = cnncalc.loads(text)
    assert verdicts(cnncalc.check(loaded, {"y": "0.323", "z": "3.23"})) == {"y": "wrong", "z": "follows"}
    assert verdicts(cnncalc.check(loaded, {"y": "0.323", "z": "3.234"})) == {"y": "wrong", "z": "follows"}
    assert verdicts(cnncalc.check(loaded, {"y": "0.323", "z": "3.25"})) == {"y": "wrong", "z": "wrong"}
    assert verdicts(cnncalc.check(loaded, {"y": "0.323", "z": "3.45"})) == {"y": "wrong", "z": "wrong"}
    early = cnncalc.check(loaded, {"y": "0.333", "z": "3.330"})
    assert verdicts(early) == {"y": "correct", "z": "follows"}
    assert [mistake.code for mistake in early["z"].mistakes] == ["rounded-early"]
    assert early.first_error is None


def test_zeros_may_stand_in_for_what_was_rounded_away() -> None:
    """Three digits of 1634.2 are 1630; of a whole number nothing is rounded away."""
    text = """
input: {name: x, value: [817, 408.55]}
layers:
  - fc: {name: y, weight: {name: W, value: [[2, 0], [0, 4], [2, 4]]}}
  - fc: {name: z, weight: {name: V, value: [[1, 0, 0], [0, 1, 0]]}}
"""
    loaded = cnncalc.loads(text)
    slipped = cnncalc.check(loaded, {"y": "1634 1734.2 7", "z": "1634 1730"})
    assert verdicts(slipped) == {"y": "wrong", "z": "follows"}
    assert verdicts(cnncalc.check(loaded, {"y": "1634 1734.2 7", "z": "1630 1734.2"}))["z"] == "wrong"
    assert verdicts(cnncalc.check(loaded, {"y": "1634 1734.2 7", "z": "1634 1740"}))["z"] == "wrong"
    assert verdicts(cnncalc.check(loaded, {"y": "1634 1734.2 7", "z": "1634 1700"}))["z"] == "wrong"
    # What comes of exact numbers must be written as it must be without them.
    assert verdicts(cnncalc.check(loaded, {"y": "1634 1634.2 7", "z": "1634 1630"}))["z"] == "wrong"


def test_a_chain_of_hundreds_of_layers_is_followed() -> None:
    text = f"input: [1, 2]\nlayers: [{', '.join(['sigmoid'] * 300)}]\nloss: {{mse: {{target: [0, 1]}}}}\n"
    report = cnncalc.check(cnncalc.loads(text), {"sigmoid_1": [0.5, 0.9], "sigmoid_299": [0.6, 0.7], "L": 3})
    assert [tensor.name for tensor in report.tensors] == ["sigmoid_1", "sigmoid_299", "L"]


@pytest.mark.parametrize(
    ("layers", "slipped", "path", "y"),
    [
        ("max_pool: {size: 2, name: m}", [[[1, 9, 3], [4, 2, 6]]], [[[[1, 2]]]], [[[9]]]),
        ("max_pool1d: {size: 2, name: m}", [[7, 4, 1]], [[[1]]], [[7]]),
    ],
)
def test_a_path_follows_from_a_slip(layers: str, slipped: Any, path: Any, y: Any) -> None:
    weight = "[[[1]]]" if "1d" in layers else "[[1]]"
    conv, given = ("conv1d", "[2, 4, 1]") if "1d" in layers else ("conv", "[[1, 2, 3], [4, 2, 6]]")
    text = f"input: {{name: x, value: {given}}}\nlayers:\n- {conv}: {{name: c, weight: {weight}}}\n- {layers}\n"
    found = cnncalc.check(cnncalc.loads(text), {"c": slipped, "m.path": path, "m": y})
    assert verdicts(found) == {"c": "wrong", "m.path": "follows", "m": "follows"}


def test_past_a_wrong_gradient_at_the_probabilities_to_what_comes_after() -> None:
    """p − t needs no dL/dp, and dL/ds itself was not handed in."""
    sheet, _ = problem(SUITABLE[0])
    work = Student(slips={"s": lambda s: s * 2}).work(sheet)
    work["dL/dp"] = -1 / work["p"]
    found = report(SUITABLE[0], work, ("s", "p", "dL/dp", "dL/dc", "dL/dV", "dL/dv"), 5)
    wrong = {name for name, verdict in verdicts(found).items() if verdict == "wrong"}
    assert wrong == {"s", "dL/dp"}


def test_zeros_among_decimals_of_fixed_places_were_rounded() -> None:
    """0 beside 0.245 stands for 0.000: too few digits, and nothing that was left out."""
    softmax = cnncalc.loads("input: [-8, 1, 2]\nlayers: [softmax: {name: p}]\nloss: {cross_entropy: {class: 3}}")
    found = cnncalc.check(softmax, {"p": ["0", "0.269", "0.731"]})
    assert [mistake.code for mistake in found["p"].mistakes] == ["too-few-digits"]


def test_by_another_formula_past_what_was_not_handed_in() -> None:
    """dL/dW from a wrong xhat by the formula in one line, and dL/dh stays on the desk."""
    x, weight, g = (
        np.array([[1.0, 2], [3, 5], [4, 0]]),
        np.array([[1.0, -1], [2, 1]]),
        np.array([[1.0, 2], [0, -1], [1, 3]]),
    )
    h = x @ weight.T
    root = np.sqrt(h.var(axis=0) + 0.25)
    xhat = h / root
    dh = (g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0)) / root
    text = (
        f"input: {{name: x, value: {x.tolist()}}}\nlayers:\n- fc: {{name: h, weight: {{name: W, value:"
        f" {weight.tolist()}}}}}\n- batch_norm: {{name: n, eps: 0.25}}\nupstream: {g.tolist()}\n"
    )
    found = cnncalc.check(cnncalc.loads(text), {"n.xhat": typed(xhat, 6), "dL/dW": typed(dh.T @ x, 5)})
    assert verdicts(found) == {"n.xhat": "wrong", "dL/dW": "follows"}


@pytest.mark.parametrize("layer", ["silu", "elu: {alpha: 2}", "selu"])
def test_a_slope_is_taken_from_the_output_as_it_is_written(layer: str) -> None:
    """To two places e^-4 is 0.02: y + σ(x)(1 − y) and y + alpha come out otherwise than by x, and are right."""
    x, g = np.asarray([-2.5, -1.5, 1.25]), np.asarray([340.0, 340.0, 1.0])
    scale, alpha = {"e": (1.0, 2.0), "s": (1.0507009873554805, 1.6732632423543772)}[layer[0]]
    if layer == "silu":
        gate = 1 / (1 + np.exp(-x))
        y = (x * gate).round(2)
        slope = y + gate * (1 - y)
    else:
        y = (scale * np.where(x > 0, x, alpha * np.expm1(x))).round(2)
        slope = np.where(x > 0, scale, y + scale * alpha)
    text = f"input: {{name: x, value: {x.tolist()}}}\nlayers: [{{{layer if ':' in layer else f'{layer}: {{}}'}}}]\n"
    problem = cnncalc.loads(f"{text}upstream: {{value: {g.tolist()}}}\n")
    name = layer.partition(":")[0] + "_1"
    answers = {name: [f"{each:.2f}" for each in y], "dL/dx": [f"{each:.3f}" for each in g * slope]}
    found = cnncalc.check(problem, answers)
    assert found["dL/dx"].verdict.value == "follows"
    del answers[name]
    assert cnncalc.check(problem, answers)["dL/dx"].verdict.value == "wrong"


UNPOOLED = """
input: {name: x, value: [[1, 5, 2, 0], [4, 0, 7, 6]]}
layers:
  - max_pool: {name: m, size: 2}
  - conv: {name: c, weight: [[2]]}
  - max_unpool: {name: u, pool: m}
upstream: [[1, 2, 3, 4], [5, 6, 7, 8]]
"""


@pytest.mark.parametrize(
    ("place", "u", "dc", "dm", "dx", "verdict"),
    [
        ("[2, 2]", "[0, 10, 14, 0]", "[6, 7]", "[12, 14]", "[0, 12, 14, 0]", "follows"),
        ("[2, 1]", "[10, 0, 14, 0]", "[5, 7]", "[10, 14]", "[10, 0, 14, 0]", "follows"),
        ("[2, 9]", "[0, 0, 14, 10]", "[8, 7]", None, None, "wrong"),
    ],
)
def test_a_path_is_carried_on(place: str, u: str, dc: str, dm: str | None, dx: str | None, verdict: str) -> None:
    """By hand: each number goes to the cell that was written, and the gradient comes from there."""
    answers = {"m.path": f"[[[{place}, [2, 3]]]]", "u": f"[[0, 0, 0, 0], {u}]", "dL/dc": dc}
    answers |= {"dL/dm": dm, "dL/dx": f"[[0, 0, 0, 0], {dx}]"} if dm else {}
    report = cnncalc.check(cnncalc.loads(UNPOOLED), {name: yaml.safe_load(text) for name, text in answers.items()})
    assert {one.name: one.verdict for one in report.tensors} == {
        "m.path": "wrong", **dict.fromkeys(["u", "dL/dc", *(["dL/dm", "dL/dx"] if dm else [])], verdict)
    }  # fmt: skip


def test_a_path_to_cells_that_are_not_there_ends_no_check() -> None:
    problem = cnncalc.loads(
        "input: {name: x, value: [[4, -3, 1, 2]]}\n"
        "layers: [relu: {name: r}, max_pool1d: {name: m, size: 2}, flatten, fc: {weight: [[2, 1], [1, 3]]}]\n"
        "loss: {half_squared_error: {target: [1, 0]}}\n"
    )
    report = cnncalc.check(problem, {"m.path": "[[[9.5], [-5]]]", "dL/dx": "[[2.731, 1.264, -3.512, 7.431]]"})
    assert [tensor.verdict.value for tensor in report.tensors] == ["wrong", "wrong"]


@pytest.mark.parametrize(
    ("layer", "slip", "back", "backward"),
    [
        ("prelu: {name: a, slope: 1/4}", -3, "0.667, 0.667", "0.667, 0.167"),
        ("max_pool: {name: a, size: [1, 2]}", 9, "0.667", "0, 0.667"),
    ],
)
def test_what_decides_a_branch_is_named_among_what_an_answer_follows_from(
    layer: str, slip: int, back: str, backward: str
) -> None:
    """No term has it as a factor: y[2] is −3 on the sheet, so the slope is ¼ there; or 9, so it wins the window."""
    up = ", ".join(["1/3"] * (1 + back.count(",")))
    layers = f"[scale: {{name: y, number: 2}}, {layer}, scale: {{number: 2}}]"
    problem = cnncalc.loads(f"input: [[1, 1]]\nlayers: {layers}\nupstream: {{value: [[{up}]]}}\n")
    answers = {"y": f"[[2, {slip}]]", "dL/da": f"[[{back}]]", "dL/dy": f"[[{backward}]]"}
    found = cnncalc.check(problem, answers)["dL/dy"]
    assert (found.verdict.value, found.follows_from, found.mistakes) == ("follows", ("y", "dL/da"), ())
