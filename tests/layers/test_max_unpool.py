"""Max unpooling: against PyTorch, with overlapping windows, and its faults."""

from __future__ import annotations

import json

import pytest

import cnncalc

from ..command import run

PROBLEM = """
input: {name: x, value: [[1, 5, 2, 0], [4, 0, 7, 6], [1, 2, 3, 4], [0, 9, 8, 1]]}
layers:
  - max_pool: {name: m, size: 2}
  - conv: {name: c, weight: [[2]], bias: 1}
  - max_unpool: {name: u, pool: m}
  - conv: {weight: [[1, -1], [0.5, 2]]}
loss: {mse: {target: [[1, 1, 1], [1, 1, 1], [1, 1, 1]]}}
"""
OVERLAPPING = """
input: {name: x, value: [[1, 5, 2], [4, 0, 7], [1, 9, 3]]}
layers:
  - max_pool: {name: m, size: 2, stride: 1}
  - max_unpool: {name: u, MaxUnpool2d}
upstream: [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
""".replace("{name: u, MaxUnpool2d}", "{name: u, pool: m}")


def test_as_pytorch_has_it() -> None:
    """PyTorch 2.13: max_pool2d with its indices, 2·m + 1, max_unpool2d, conv2d, mse_loss; in float64."""
    trace = cnncalc.solve(cnncalc.loads(PROBLEM))
    assert trace["u"].value.tolist() == [[[0, 11, 0, 0], [0, 0, 15, 0], [0, 0, 0, 0], [0, 19, 17, 0]]]
    assert trace["L"].value.item() == pytest.approx(607.8611111111111, rel=1e-15)
    gradient = trace["dL/dx"].value.ravel()
    assert gradient[[1, 6, 13, 14]] == pytest.approx([208 / 9, 151 / 3, 127 / 3, 355 / 9])
    assert abs(gradient).sum() == pytest.approx(sum(gradient[[1, 6, 13, 14]]))
    assert "gradients agree in every way, exactly" in run(["verify", "-"], stdin=PROBLEM).stdout


def test_numbers_of_windows_with_one_winner_are_added_up_and_that_is_said() -> None:
    trace = cnncalc.solve(cnncalc.loads(OVERLAPPING))
    assert trace["u"].value.tolist() == [[[0, 5, 0], [0, 0, 7], [0, 18, 0]]]
    assert trace["dL/dm"].value.tolist() == [[[2, 6], [8, 8]]]
    assert "their numbers are added up there; PyTorch keeps one" in run(["solve", "-"], stdin=OVERLAPPING).stdout
    assert "PyTorch keeps one" not in run(["solve", "-"], stdin=PROBLEM).stdout


@pytest.mark.parametrize("command", ["shapes", "draw", "page", "worked", "practice", "blank", "solve", "check"])
def test_commands_know_whose_winners(command: str) -> None:
    made = run(
        [command, "-"], stdin=PROBLEM + "answers: {u: [[0, 11, 0, 0], [0, 0, 15, 0], [0, 0, 0, 0], [0, 19, 17, 0]]}\n"
    )
    assert made.returncode == 0 or (made.returncode == 2 and command in ("draw", "page")), made.stderr


def test_what_is_seen_through_it() -> None:
    """A cell of u sees the window of its pool, and so one of the convolution behind it up to four of those."""
    outline = cnncalc.shapes(cnncalc.loads(PROBLEM))
    assert outline.quantity("receptive_field(u)") == (2, 2)
    assert outline.quantity("receptive_field(conv_2)") == (4, 4)
    assert outline["u"].shape == (1, 4, 4)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("pool: m}", "pool: mm}"), "'mm' is no max pool above u"),
        (("{name: u, pool: m}", "{name: u}"), "u has no pool"),
        (("[[2]], bias: 1", "[[2, 1]]"), "c is 1×2×1, and m has 1×2×2 winners"),
    ],
)
def test_faults(change: tuple[str, str], said: str) -> None:
    with pytest.raises(cnncalc.ProblemError) as caught:
        cnncalc.loads(PROBLEM.replace(*change))
    assert [fault.message for fault in caught.value.faults] == [said]


def test_wrong_winners_are_told_and_what_is_behind_them_is_checked_all_the_same() -> None:
    text = """
input: {name: x, value: [[1, 5, 2, 0], [4, 0, 7, 6]]}
layers:
  - max_pool: {name: m, size: 2}
  - max_unpool: {name: u, pool: m}
upstream: [[1, 2, 3, 4], [5, 6, 7, 8]]
answers:
  m.path: [[[1, 1], [2, 3]]]
  m: [[5, 8.5]]
  u: [[0, 5, 0, 0], [0, 0, 8.5, 0]]
  dL/dm: [[1, 7]]
"""
    made = run(["check", "-", "--format", "json"], stdin=text)
    found = {tensor["name"]: tensor["verdict"] for tensor in json.loads(made.stdout)["tensors"]}
    assert found == {"m.path": "wrong", "m": "wrong", "u": "follows", "dL/dm": "follows"}
