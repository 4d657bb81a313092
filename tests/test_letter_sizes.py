"""Sizes in letters: with numbers put in they are those of the network with numbers, and known forms are printed."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

import cnncalc

from .command import run

NETWORK = """
input: {{shape: [{C}, {H}, {W}]}}
layers:
  - conv: {{channels: {F}, size: {K}, padding: {P}, stride: {S}, dilation: {D}, bias: true}}
  - relu
  - max_pool: {{size: {M}}}
  - conv: {{channels: {G}, size: 3, padding: same, stride: 2}}
  - avg_pool: {{size: 2, stride: {S}, padding: 1}}
  - batch_norm
  - conv_transpose: {{channels: 2, size: {K}, stride: {S}}}
  - flatten
  - fc: {{units: {U}, bias: true}}
"""
GRAPH = """
input: {{shape: [{C}, {H}, {W}]}}
layers:
  - conv: {{channels: {F}, size: {K}, padding: same, stride: 2, name: a}}
  - layer_norm
  - prelu
  - conv: {{channels: {F}, size: 1, stride: 2, input: input, name: b}}
  - add: {{inputs: [prelu_1, b]}}
  - group_norm: {{groups: {F}}}
  - max_pool: {{size: 3, stride: {S}, padding: 1, name: c}}
  - avg_pool: {{size: 3, stride: {S}, padding: 1, input: add_1, name: d}}
  - concat: {{inputs: [c, d]}}
  - conv: {{channels: 12, size: [{K}, 1], groups: 2, bias: true}}
  - upsample: {{scale: 2}}
  - max_pool: {{size: 3, stride: 2, ceil: true}}
  - global_avg_pool
  - flatten
  - fc: {{units: {U}}}
"""
LETTERS = {letter: letter for letter in "CHWFKPSDMGU"}


def letters(text: str) -> Any:
    return json.loads(run(["shapes", "-", "--format", "json"], stdin=text).stdout)


def value(text: str, numbers: dict[str, int]) -> int:
    """A printed size with numbers for its letters."""
    python = text.replace("·", "*").replace("²", "**2").replace("³", "**3").replace("⁴", "**4")
    while "⌊" in python:
        python = re.sub(r"⌊([^⌊⌋]*)/([^⌊⌋/]*)⌋", r"((\1)//(\2))", python)
    made: int = eval(python, {"__builtins__": {}}, dict(numbers))
    return made


@pytest.mark.parametrize("network", [NETWORK, GRAPH])
@pytest.mark.parametrize("seed", range(12))
def test_numbers_put_in_give_the_sizes_of_the_network(seed: int, network: str) -> None:
    r = random.Random(seed)
    numbers = {letter: r.randint(1, 3) for letter in LETTERS} | {"H": r.randint(30, 40), "W": r.randint(30, 40), "M": 2}
    outline = cnncalc.shapes(cnncalc.loads(network.format(**numbers)))
    for row, made in zip(outline, letters(network.format(**LETTERS))["layers"], strict=True):
        assert tuple(value(size, numbers) for size in made["shape"]) == row.shape, row.name
        assert value(made["parameters"], numbers) == row.parameters, row.name
        assert value(made["multiplications"], numbers) == row.multiplications, row.name
        if made["receptive_field"]:
            assert tuple(value(size, numbers) for size in made["receptive_field"]) == row.receptive_field, row.name


def test_a_mini_batch_in_letters_is_no_larger_than_a_letter_may_be() -> None:
    text = "input: {shape: [N, C, H, W]}\nlayers: [conv: {channels: F, size: K, padding: P, stride: S}]\n"
    assert "Output: F × (⌊(H + 2·P - K)/S⌋ + 1)" in run(["shapes", "-"], stdin=text).stdout
    said = run(["solve", "-"], stdin="input: {shape: [3, H, 8]}\nlayers: [relu]\n").stderr
    assert "'H' is not a number" in said
    assert "write a whole number of at least 1; `cnncalc shapes` takes sizes in letters" in said


def test_the_forms_of_courses() -> None:
    text = "input: {shape: [C, H, W]}\nlayers: [conv: {channels: F, size: K, padding: P, stride: S, dilation: D}]\n"
    shown = run(["shapes", "-"], stdin=text).stdout
    assert "⌊(H + 2·P - (K - 1)·D - 1)/S⌋ + 1" in shown
    assert "Parameters: C·F·K²" in shown
    (row,) = letters("input: {shape: [c1, n, n]}\nlayers: [conv: {channels: c2, size: k}]\n")["layers"]
    assert (row["parameters"], row["shape"][1]) == ("c_1·c_2·k²", "n - k + 1")
    layers = "conv: {channels: C, size: 3}"
    made = letters(f"input: {{shape: [C, n, n]}}\nlayers: [{layers}, {layers}]\n")["layers"]
    assert sum(int(one["parameters"].removesuffix("·C²")) for one in made) == 18
    assert made[1]["receptive_field"] == ["5", "5"]
    composed = letters(
        "input: {shape: [1, n, n]}\nlayers: [conv: {channels: 1, size: a}, conv: {channels: 1, size: b}]\n"
    )
    assert composed["layers"][1]["receptive_field"] == ["b + a - 1"] * 2


@pytest.mark.parametrize("options", ["padding: P, channels: 6, size: 3", "channels: 6, size: 3, padding: P"])
def test_the_first_letter_of_a_file_may_be_any_option(options: str) -> None:
    (row,) = letters(f"input: {{shape: [3, 32, 32]}}\nlayers: [conv: {{{options}}}]\n")["layers"]
    assert row["shape"] == ["6", "2·P + 30", "2·P + 30"]


def test_whole_parts_come_out_of_the_brackets() -> None:
    (row,) = letters("input: {shape: [1, n, n]}\nlayers: [max_pool: {size: m}]\n")["layers"]
    assert row["shape"][1] == "⌊n/m⌋"
    (row,) = letters("input: {shape: [1, 2*n, 4*n]}\nlayers: [max_pool: {size: 2}]\n")["layers"]
    assert row["shape"][1:] == ["n", "2·n"]
    (row,) = letters("input: {shape: [1, n, n]}\nlayers: [conv: {channels: 1, size: k, padding: (k - 1)/2}]\n")[
        "layers"
    ]
    assert row["shape"][1] == "n"


def test_every_format_ends_well_and_faults_have_a_place() -> None:
    for form in ("table", "markdown", "latex", "html"):
        for language in ("en", "zh"):
            shown = run(["shapes", "-", "--format", form, "--language", language], stdin=NETWORK.format(**LETTERS))
            assert shown.returncode == 0, shown.stderr


def test_a_network_in_letters_is_drawn() -> None:
    branch = "conv: {channels: F, size: 1, stride: 2, input: input}"
    layers = f"conv: {{channels: F, size: 3, stride: 2}}, {branch}, concat: {{inputs: [conv_1, conv_2]}}"
    drawn = run(["draw", "-"], stdin=f"input: {{shape: [C, H, W]}}\nlayers: [{layers}]\n")
    assert drawn.returncode == 2
    assert "these are F×(⌊(H - 3)/2⌋ + 1)" in drawn.stderr
    drawn = run(["draw", "-"], stdin=f"input: {{shape: [C, H, W]}}\nlayers: [{layers.replace('size: 3', 'size: 1')}]\n")
    assert drawn.returncode == 0
    assert "2·F×(⌊(H - 1)/2⌋ + 1)×(⌊(W - 1)/2⌋ + 1)" in drawn.stdout


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ("conv: {channels: F, size: [K, [1]]}", "`size` is one whole number, not a list or a mapping"),
        ("conv: {channels: F, size: three}", "'three' is not a number"),
        ("conv: {channels: F, size: K, strid: 2}", "conv has no option 'strid'"),
        ("conv: {channels: F, size: 3}, conv: {channels: G, size: 3, input: input}", "nothing takes conv_1"),
        ("conv: {channels: F, size: 3, stride: 2}, fc: {units: 10}", "conv_1 gives an image (F×(⌊(H - 3)/2⌋ + 1)×"),
        ("conv: {channels: F, size: 3}, add: {inputs: [conv_1, input]}", "these are F×(H - 2)×(W - 2) and C×H×W"),
        ("max_pool: {size: 1, stride: 2, ceil: true}", "whether the last window of max_pool_1 is dropped depends on"),
        ("max_pool: {size: K, stride: 2, ceil: true}", "whether the last window of max_pool_1 is dropped depends on"),
    ],
)
def test_faults_are_those_of_a_network_with_numbers(layers: str, message: str) -> None:
    text = f"input: {{shape: [C, H, W]}}\nlayers: [{layers}]\n"
    failed = run(["shapes", "-"], stdin=text)
    assert failed.returncode == 2
    assert message in failed.stderr
    assert "\\" not in failed.stderr
