"""Homework 11, question 2, as its published solution has it: every number of parts 1 to 8, exactly."""

from __future__ import annotations

import json

import numpy as np

import cnncalc

from ..command import ROOT, run

TRACE = cnncalc.solve(cnncalc.load(ROOT / "problems" / "hw11.yaml"))


def exact(name: str) -> list[str]:
    return np.asarray(TRACE[name].exact, dtype=object).ravel().tolist()


def test_forward() -> None:
    assert TRACE["conv_1"].value.tolist() == [[[-22, -22], [-26, -26]], [[98, 100], [100, 98]]]
    assert TRACE["relu_1"].value.tolist() == [[[0, 0], [0, 0]], [[98, 100], [100, 98]]]
    assert exact("fc_1") == ["198/5"] * 5
    assert exact("p") == ["1/5"] * 5
    assert TRACE["L"].exact == "log(5)"
    assert TRACE["L"].value == 1.6094379124341003


def test_backward() -> None:
    assert exact("dL/dp") == ["0", "0", "-5", "0", "0"]
    assert exact("dL/dfc_1") == ["1/5", "1/5", "-4/5", "1/5", "1/5"]
    for name, size in (("dL/drelu_1", 8), ("dL/dconv_1", 8), ("dL/dh", 36), ("dL/dF", 32)):
        assert exact(name) == ["0"] * size
        assert not np.signbit(TRACE[name].value).any()
    row, third = ["0"] * 4 + ["98/5", "20", "20", "98/5"], ["0"] * 4 + ["-392/5", "-80", "-80", "-392/5"]
    assert TRACE["dL/dW"].exact == [row, row, third, row, row]


def test_the_command_prints_the_same_as_json() -> None:
    printed = json.loads(run(["solve", "problems/hw11.yaml", "--format", "json"]).stdout)
    assert {key: printed[key] for key in ("format", "numbers", "index_base", "loss")} == {
        "format": "cnncalc/1", "numbers": "exact", "index_base": 1, "loss": "L",
    }  # fmt: skip
    assert [t["name"] for t in printed["tensors"]] == [
        "F", "h", "W", "L.target", "conv_1", "relu_1", "flatten_1", "fc_1", "p", "L", "dL/dp", "dL/dfc_1", "dL/dW",
        "dL/dflatten_1", "dL/drelu_1", "dL/dconv_1", "dL/dh", "dL/dF",
    ]  # fmt: skip
    by_name = {t["name"]: t for t in printed["tensors"]}
    assert by_name["dL/dh"]["exact"] == [[[["0"] * 3] * 3] * 2] * 2
    assert by_name["L"]["value"] == 1.6094379124341003
    formula = by_name["conv_1"].pop("formula")
    assert formula.startswith(r"\mathrm{conv\_1}_{f,i,j} = \sum_{c=1}^{2}")
    assert by_name["conv_1"] == {
        "name": "conv_1", "kind": "activation", "pass": "forward", "layer": "conv_1", "type": "conv",
        "shape": [2, 2, 2], "value": [[[-22.0, -22.0], [-26.0, -26.0]], [[98.0, 100.0], [100.0, 98.0]]],
        "exact": [[["-22", "-22"], ["-26", "-26"]], [["98", "100"], ["100", "98"]]], "inputs": ["F", "h"],
    }  # fmt: skip


def test_names_in_every_spelling_find_the_same_tensor() -> None:
    assert TRACE["h"] is TRACE["conv_1.weight"]
    assert TRACE["dL/dh"] is TRACE["∂L/∂h"] is TRACE["dL/dconv_1.weight"]
    assert TRACE["conv_1.columns"].shape == (4, 18)
    assert "dL/dq" not in TRACE
