"""Homework 11: the published answers, the contract's example, and data on which many mistakes cannot be seen."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.known_mistakes import true_scenes
from cnncalc.mistakes import known_mistakes
from cnncalc.render.builders.report import report_json
from cnncalc.step import Size

from ..command import ROOT

PROBLEM = cnncalc.load(ROOT / "problems" / "hw11.yaml")
ROW = [0, 0, 0, 0, "19.6", 20, 20, "19.6"]
PUBLISHED: dict[str, Any] = {
    "conv_1": [[[-22, -22], [-26, -26]], [[98, 100], [100, 98]]],
    "relu_1": [[[0, 0], [0, 0]], [[98, 100], [100, 98]]],
    "fc_1": ["39.6"] * 5,
    "p": ["0.2"] * 5,
    "L": "ln 5",
    "dL/dW": [ROW, ROW, [0, 0, 0, 0, "-78.4", -80, -80, "-78.4"], ROW, ROW],
    "∂L/∂h": np.zeros((2, 2, 3, 3), int),
}


def test_the_published_answers_are_right() -> None:
    report = cnncalc.check(PROBLEM, PUBLISHED)
    assert report.is_correct
    assert (report.score, report.max_score, report.first_error) == (7, 7, None)


@pytest.mark.parametrize("loss", ["ln 5", "-log(0.2)", "log(5)", "ln(5)", "1.61", "1.6094"])
def test_the_loss_in_every_spelling(loss: str) -> None:
    assert cnncalc.check(PROBLEM, {"L": loss}).is_correct


def test_the_example_of_the_contract() -> None:
    wrong = [list(row) for row in PUBLISHED["dL/dW"]]
    wrong[2] = [0, 0, 0, 0, "78.4", 80, 80, "78.4"]
    report = cnncalc.check(PROBLEM, {**PUBLISHED, "dL/dW": wrong})
    found = json.loads(report_json(report))
    assert list(found)[:6] == ["format", "problem", "answers", "score", "max_score", "first_error"]
    assert (found["format"], found["score"], found["max_score"]) == ("cnncalc-check/1", 6, 7)
    assert found["first_error"] == "dL/dW"
    (tensor,) = [t for t in found["tensors"] if t["name"] == "dL/dW"]
    assert (tensor["verdict"], tensor["right"], tensor["cells"]) == ("wrong", 36, 40)
    first = tensor["wrong"][0]
    assert (first["index"], first["given"], first["expected"], first["verdict"]) == ([3, 5], "78.4", "-78.4", "wrong")
    assert "sign" in [mistake["code"] for mistake in tensor["mistakes"]]


def test_a_parameter_by_its_layers_name_and_a_flat_vector() -> None:
    flat = [value for map_ in PUBLISHED["conv_1"] for row in map_ for value in row]
    report = cnncalc.check(PROBLEM, {"∂L/∂fc_1.weight": PUBLISHED["dL/dW"], "conv_1": flat})
    assert report.is_correct
    assert [tensor.name for tensor in report.tensors] == ["conv_1", "dL/dW"]
    assert any("taken in order" in note.en for note in report["conv_1"].notes)


def test_what_a_mistake_cannot_show_is_never_claimed() -> None:
    """All logits equal, every gradient below fc_1 zero: many rules give the right numbers here."""
    trace = cnncalc.solve(PROBLEM, "float")
    silent: set[tuple[str, str]] = set()
    for step, scene in zip(trace.steps, true_scenes(trace), strict=True):
        for mistake, local in ((one, local) for one in known_mistakes(scene.layer) for local in one.tensors):
            name = step.names.get(local)
            if name is None or name not in trace:
                continue
            made = [wrong for wrong in mistake.wrongs(scene, local) if not isinstance(wrong, Size)]
            true = trace[name].value.ravel()
            same = [np.size(w) == true.size and np.allclose(np.asarray(w, float).ravel(), true) for w in made]
            if same and all(same):
                silent.add((name, mistake.code))
    assert ("dL/dconv_1", "relu-mask-forgotten") in silent
    assert len(silent) > 20
    for name in sorted({name for name, _ in silent}):
        slipped = np.array(trace[name].value)
        slipped.reshape(-1)[0] += 7
        for answer in (trace[name].value, slipped):
            (tensor,) = cnncalc.check(PROBLEM, {name: answer}).tensors
            claimed = {mistake.code for mistake in tensor.mistakes if mistake.tensor == name}
            assert not {(name, code) for code in claimed} & silent
