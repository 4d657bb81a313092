"""Sizes and counts against torchinfo, layer by layer."""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from typing import Any

import pytest

import cnncalc

from ..command import ROOT

FILE = Path(__file__).parent / "torchinfo" / "cases.json"
CASES: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))["cases"]
DECODER = """
input: {shape: [4, 20, 24]}
layers:
  - conv: {channels: 8, size: [3, 5], stride: [2, 1], padding: [1, 2], dilation: [2, 1], groups: 2}
  - batch_norm
  - relu
  - max_pool: {size: 3, stride: 2, padding: 1, ceil: true}
  - conv_transpose: {channels: 6, size: 3, stride: 2, padding: 1, output_padding: 1, groups: 2, bias: true}
  - relu
  - conv_transpose: {channels: 2, size: [2, 4], stride: [1, 3], dilation: [3, 1]}
  - global_avg_pool
  - flatten
"""
# torchinfo takes an output position for each weight of a transposed convolution, and counts batch norm's parameters.
COUNTED_OTHERWISE = ("conv_transpose", "batch_norm")


@pytest.mark.parametrize("case", CASES)
def test_every_layer_is_as_torchinfo_has_it(case: str) -> None:
    path = ROOT / "problems" / f"{case}.yaml"
    outline = cnncalc.shapes(cnncalc.loads(DECODER) if case == "decoder" else cnncalc.load(path))
    expected = CASES[case]
    assert outline.parameters == expected["parameters"]
    layers = expected.get("layers") or expected["graph"]
    modules = {layer["type"] for layer in layers}
    # Sums, concatenations and ReLUs are no modules of their own in torchvision's graphs.
    rows = outline if "layers" in expected else [row for row in outline if row.type in modules]
    for row, layer in zip(rows, layers, strict=True):
        assert (row.type, list(row.shape)) == (layer["type"], layer["shape"]), row.name
        assert (row.weights, row.biases) == (layer["weights"], layer["biases"]), row.name
        if row.type not in COUNTED_OTHERWISE:
            # torchinfo counts a bias as it counts a weight.
            with_biases = row.multiplications + row.biases * prod(row.shape[1:])
            assert with_biases == layer["mult_adds"], row.name


def test_the_published_totals() -> None:
    totals = {name: (case["parameters"], round(case["mult_adds"] / 1e6, 2)) for name, case in CASES.items()}
    assert totals["alexnet"] == (61_100_840, 714.68)
    assert totals["vgg16"] == (138_357_544, 15_483.82)
    assert [totals[name][0] for name in ("resnet18", "resnet50", "googlenet")] == [11_689_512, 25_557_032, 6_624_904]
