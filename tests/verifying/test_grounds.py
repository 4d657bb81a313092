"""Where a proof costs too much: balls, then doubles; each finds what is wrong, and what was not told is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.activations.smooth import Tanh
from cnncalc.verifying import grounds
from cnncalc.verifying.grounds import Grounds, Kind
from cnncalc.verifying.verify import verify

from ..command import ROOT, run
from ..problem_files import PROBLEMS

WITH_NUMBERS = [path for path in PROBLEMS if not path.stem.startswith("letters")]
FAULTS = [
    ("conv", "dx", "conv_pool_bias"), ("conv", "dweight", "hw11"), ("conv", "dbias", "uneven_strides"),
    ("relu", "dx", "first"), ("max_pool", "dx", "overlapping_pool"), ("fc", "dweight", "hw11"),
    ("softmax", "dx", "soft_labels"), ("tanh", "dx", "sheet_as_typed"), ("batch_norm", "dx", "batch_norm_channel"),
    ("conv_transpose", "dx", "transposed"), ("sigmoid", "dx", "one_step"),
]  # fmt: skip


def only(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing better than that."""
    monkeypatch.setattr(Grounds, "_exactly", lambda self: None)
    if kind == "doubles":
        monkeypatch.setattr(Grounds, "_in_balls", lambda self: None)


@pytest.mark.parametrize("kind", ["balls", "doubles"])
@pytest.mark.parametrize("path", WITH_NUMBERS, ids=lambda path: path.stem)
def test_every_problem_agrees_in_digits_as_well(path: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    only(kind, monkeypatch)
    if path.stem == "lenet5" and kind == "balls":
        # That is the price of a proof; doubles do it.
        return
    for gradient in verify(cnncalc.load(path)).gradients:
        assert gradient.ways
        assert gradient.left_out == ()
        for way in gradient.ways.values():
            assert way.agrees
            assert not way.proved
            assert way.kind == kind


@pytest.mark.parametrize("kind", ["balls", "doubles"])
@pytest.mark.parametrize("type_", [type_ for type_ in LAYERS if LAYERS[type_].example and type_ != "activation"])
def test_every_layer_agrees_in_digits_as_well(type_: str, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    only(kind, monkeypatch)
    gradients = verify(cnncalc.loads(LAYERS[type_].example)).gradients
    assert [gradient.name for gradient in gradients if not gradient.ways or not gradient.agrees] == []


@pytest.mark.parametrize("kind", ["balls", "doubles"])
@pytest.mark.parametrize(("type_", "local", "name"), FAULTS, ids=lambda value: str(value))
def test_a_planted_fault_is_found(
    type_: str, local: str, name: str, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(kind, monkeypatch)
    layer: Any = type(next(
        entry.layer for entry in cnncalc.load(ROOT / "problems" / f"{name}.yaml").layers if entry.layer.type == type_
    ))  # fmt: skip
    assert issubclass(layer, LAYERS[type_])
    right = layer.backward

    def wrong(self: Any, numbers: Any, g: Any, tensors: Mapping[str, Any]) -> dict[str, Any]:
        made = dict(right(self, numbers, g, tensors))
        # One element only, by a little.
        broken = made[local] + numbers.zeros(made[local].shape)
        broken.flat[-1] = broken.flat[-1] + numbers.number(1) / 1000
        return {**made, local: broken}

    monkeypatch.setattr(layer, "backward", wrong)
    gradients = verify(cnncalc.load(ROOT / "problems" / f"{name}.yaml")).gradients
    disagree = [{way for way, agreement in each.ways.items() if not agreement.agrees} for each in gradients]
    # In doubles a sum over many large elements may not tell; that it agrees is not said.
    not_said = [ways | set(each.left_out) for ways, each in zip(disagree, gradients, strict=True)]
    assert any({"derivative", "terms"} <= ways for ways in not_said)
    assert any(disagree)
    if kind == "balls":
        assert any({"derivative", "terms"} <= ways for ways in disagree)


def test_a_small_fault_in_a_large_tensor_is_not_said_to_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """In doubles a sum over a million elements hardly shows one of them: then nothing is said of it."""
    right = Tanh.backward

    def wrong(self: Any, numbers: Any, g: Any, tensors: Mapping[str, Any]) -> dict[str, Any]:
        dx = np.array(right(self, numbers, g, tensors)["dx"])
        dx.flat[-2] += 1e-3
        return {"dx": dx}

    monkeypatch.setattr(Tanh, "backward", wrong)
    text = "input: {shape: [1, 800, 1000], random: {seed: 1, low: -1, high: 1, step: 0.01}}\nlayers: [tanh]\n"
    text += "upstream: {shape: [1, 800, 1000], random: {seed: 2, low: -1, high: 1, step: 0.01}}"
    gradient = verify(cnncalc.loads(text)).gradients[-1]
    assert "derivative" in gradient.left_out or not gradient.ways["derivative"].agrees


CHAINS = {
    "sigmoid, tanh": ("[5, 4]", ["sigmoid", "tanh"]),
    "twenty sigmoids": ("[1]", ["sigmoid"] * 20),
    "two batch norms": ("[2, 1, 3, 3]", ["batch_norm", "relu", "batch_norm"]),
}


@pytest.mark.parametrize(("shape", "layers"), CHAINS.values(), ids=CHAINS)
def test_chains_are_proved(shape: str, layers: list[str]) -> None:
    random = "random: {seed: %d, low: -1, high: 1, step: 0.01}"
    text = f"input: {{shape: {shape}, {random % 1}}}\nlayers: [{', '.join(layers)}]\n"
    text += f"upstream: {{shape: {shape}, {random % 2}}}"
    for gradient in verify(cnncalc.loads(text)).gradients:
        assert gradient.agrees
        assert all(way.proved for way in gradient.ways.values())


@pytest.mark.parametrize("kind", ["exact", "balls", "doubles"])
@pytest.mark.parametrize("seed", range(4))
def test_probabilities_of_probabilities_never_disagree(kind: Kind, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Almost everything cancels out on the way back through log-softmax and softmax, more so where they saturate."""
    if kind != "exact":
        only(kind, monkeypatch)
    random = Random(seed)
    far = [1, 3, 30, 300][seed]
    x = [[random.randint(-far, far) for _ in range(2)]] * (1 + seed % 2)
    weight = [[random.randint(-far, far) for _ in range(2)] for _ in range(2)]
    chain = f"[sigmoid, log_softmax, softmax, fc: {{weight: {weight}}}, softmax]"
    text = f"input: {x}\nlayers: {chain}\nloss: {{cross_entropy: {{class: {[1] * len(x)}}}}}"
    found = verify(cnncalc.loads(text))
    assert found.agrees
    assert all(gradient.ways for gradient in found.gradients)


@pytest.mark.parametrize("seed", range(12))
def test_doubles_that_have_lost_their_digits_do_not_disagree(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """1/(1 − p) of a p that is 1 to every digit, and what comes of it."""
    only("doubles", monkeypatch)
    random = Random(seed)
    weight = [[random.randint(-30, 30) for _ in range(3)] for _ in range(3)]
    target = [random.choice([0, 1]) for _ in range(3)]
    layer = random.choice(["sigmoid", "softmax"])
    text = f"input: [1, 2, -1]\nlayers: [tanh, fc: {{weight: {weight}}}, {layer}]\n"
    assert verify(cnncalc.loads(text + f"loss: {{binary_cross_entropy: {{target: {target}}}}}")).agrees
    upstream = [random.choice([1e12, -1e15, 3]) for _ in range(3)]
    assert verify(cnncalc.loads(text + f"upstream: {upstream}")).agrees


def test_layer_by_layer_work_grows_with_the_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    only("doubles", monkeypatch)
    calls, right = Counter[int](), Tanh.forward

    def counted(self: Any, numbers: Any, x: Any, parameters: Any) -> Any:
        calls[depth] += 1
        return right(self, numbers, x, parameters)

    monkeypatch.setattr(Tanh, "forward", counted)
    for depth in (10, 40):
        text = f"input: {{shape: [30], random: {{seed: 1}}}}\nlayers: [{', '.join(['tanh'] * depth)}]\n"
        verify(cnncalc.loads(text + "upstream: {shape: [30], random: {seed: 2}}"))
    assert calls[10] > 20
    assert calls[40] <= 4 * calls[10]


def test_what_is_not_verified_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    only("balls", monkeypatch)
    in_digits = run(["verify", "problems/first.yaml"])
    assert in_digits.returncode == 0
    assert "exactly" not in in_digits.stdout
    assert "≈ 4/4" in in_digits.stdout
    for work in ("IN_BALLS", "IN_DOUBLES"):
        monkeypatch.setattr(grounds, work, 0)
    nothing = run(["verify", "problems/first.yaml"])
    assert nothing.returncode == 0
    assert "not verified" in nothing.stdout
    assert "✓" not in nothing.stdout
    assert "agree in every way that was looked at; of the others nothing can be told" in nothing.stdout
    assert "未验证" in run(["verify", "problems/first.yaml", "--language", "zh"]).stdout


def test_what_is_wrong_in_the_file_is_said_once() -> None:
    text = "input: [0, 1]\nlayers: []\nloss: {cross_entropy: {target: [1, 0]}}"
    assert run(["verify", "-"], stdin=text).stderr.count("log(0)") == 1
