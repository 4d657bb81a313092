"""Verification: every problem file agrees, and a planted fault in any backward pass is found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.activations.rectifiers import Relu
from cnncalc.verifying.verify import WAYS, verify

from ..command import ROOT, run
from ..problem_files import PROBLEMS as WITH_NUMBERS

# LeNet-5 agrees too, but takes five seconds.
PROBLEMS = [path for path in WITH_NUMBERS if path.stem != "lenet5"]


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.stem)
def test_every_gradient_of_every_problem_agrees(path: Path) -> None:
    verification = verify(cnncalc.load(path))
    assert verification.gradients
    for gradient in verification.gradients:
        assert gradient.ways, f"nothing was checked of {gradient.name}"
        for way, agreement in gradient.ways.items():
            assert agreement.agrees, f"{gradient.name}: {way}"
            assert agreement.proved, f"{gradient.name}: {way}"
            assert agreement.checked > 0


def test_there_are_problems_for_every_way() -> None:
    ways = {
        way for gradient in verify(cnncalc.load(ROOT / "problems" / "hw11.yaml")).gradients for way in gradient.ways
    }
    assert ways == set(WAYS)


FAULTS = {
    # layer type, local name, problem, the ways that see it
    "dx of conv": ("conv", "dx", "letters_one_channel", {"derivative", "terms", "col2im", "rotated kernel"}),
    "dweight of conv": ("conv", "dweight", "hw11", {"derivative", "terms"}),
    "dbias of conv": ("conv", "dbias", "uneven_strides", {"derivative", "terms"}),
    "dx of relu": ("relu", "dx", "letters_pool_path", {"derivative", "terms"}),
    "dx of max_pool": ("max_pool", "dx", "overlapping_pool", {"derivative", "terms"}),
    "dweight of fc": ("fc", "dweight", "letters_softmax", {"derivative", "terms"}),
    "dx of softmax": ("softmax", "dx", "soft_labels", {"derivative", "terms"}),
    "dx of tanh": ("tanh", "dx", "sheet_as_typed", {"derivative", "terms"}),
}


@pytest.mark.parametrize(("type_", "local", "name", "ways"), FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_found(
    type_: str, local: str, name: str, ways: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = LAYERS[type_]
    right = layer.backward

    def wrong(self: Any, numbers: Any, g: Any, tensors: Mapping[str, Any]) -> dict[str, Any]:
        made = dict(right(self, numbers, g, tensors))
        # One element only, by a little.
        broken = made[local] + numbers.zeros(made[local].shape)
        broken.flat[-1] = broken.flat[-1] + numbers.number(1) / 1000
        return {**made, local: broken}

    monkeypatch.setattr(layer, "backward", wrong)
    verification = verify(cnncalc.load(ROOT / "problems" / f"{name}.yaml"))
    assert not verification.agrees
    found = [gradient for gradient in verification.gradients if not gradient.agrees]
    seen = [{way for way, agreement in gradient.ways.items() if not agreement.agrees} for gradient in found]
    assert ways in seen


def test_a_shared_tie_has_no_derivative() -> None:
    text = "input: [[1, 1], [0, 0]]\nlayers: [max_pool: {size: 2, ties: split}]\nupstream: [[2]]"
    gradients = {gradient.name: gradient for gradient in verify(cnncalc.loads(text)).gradients}
    assert gradients["dL/dinput"].ways["derivative"].at_kink
    assert gradients["dL/dinput"].agrees


def test_the_command_prints_a_table_and_ends_with_0() -> None:
    result = run(["verify", "problems/letters_bias_pool.yaml"])
    assert result.returncode == 0
    assert "All 5 gradients agree in every way, exactly." in result.stdout
    assert run(["verify", "problems/letters_bias_pool.yaml", "--language", "zh"]).returncode == 0


def test_no_name_is_cut_on_a_narrow_page() -> None:
    result = run(["verify", "problems/hw11.yaml"], environment={"COLUMNS": "50"})
    assert "…" not in result.stdout


def test_json() -> None:
    result = run(["verify", "problems/conv_one_channel.yaml", "--format", "json"])
    read = json.loads(result.stdout)
    assert (read["format"], read["agrees"]) == ("cnncalc-verify/1", True)
    assert [gradient["name"] for gradient in read["gradients"]] == ["dL/dy", "dL/dw", "dL/dx"]
    assert read["gradients"][2]["ways"]["rotated kernel"] == {
        "agrees": True, "proved": True, "checked": 9, "every_element": True, "at_kink": False,
        "numbers": "exact", "layer_by_layer": False,
    }  # fmt: skip


def test_a_disagreement_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Relu, "backward", lambda self, numbers, g, tensors: {"dx": g * 2})
    result = run(["verify", "problems/first.yaml"])
    assert result.returncode == 1
    assert "These gradients disagree: dL/dconv_1" in result.stdout


def test_without_gradients_there_is_nothing_to_say() -> None:
    result = run(["verify", "-"], stdin="input: [1]\nlayers: [relu]")
    assert result.stdout.startswith("There are no gradients")
    assert result.returncode == 0


def test_a_fault_of_the_file_ends_with_2() -> None:
    assert run(["verify", "problems/data/broken.yaml"]).returncode == 2


def test_one_gradient_and_what_is_not_looked_at() -> None:
    one = run(["verify", "-"], stdin="input: [2, 1]\nloss: {mse: {target: [1, 0]}}\n").stdout
    assert "The one gradient agrees in every way, exactly." in one
    assert "–" not in one
    normed = run(["verify", "-"], stdin="input: [2, 1, 5]\nlayers: [layer_norm]\nupstream: [1, 0, 0]\n").stdout
    assert "• –: not looked at in this way." in normed
