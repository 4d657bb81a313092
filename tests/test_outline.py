"""Sizes, counts and receptive fields: each rule by its own arithmetic, each field by what really reaches a cell."""

from __future__ import annotations

import json
import pickle
import tracemalloc
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import text as formula_text

from .command import ROOT, run
from .laws.cases import cases

LENET = "input: {shape: [1, 28, 28]}\nlayers: [conv: {channels: 6, size: 5, bias: true}, relu, max_pool: {size: 2}]\n"


def value(rule: str) -> int:
    """A rule as printed, worked out by Python."""
    for sign, name in (("⌊", "floor("), ("⌋", ")"), ("⌈", "ceil("), ("⌉", ")"), ("·", "*"), ("/", "/one/")):
        rule = rule.replace(sign, name)
    result: int = eval(rule, {"floor": floor, "ceil": ceil, "one": Fraction(1)})
    return result


@pytest.mark.parametrize("type_", ["conv", "conv_transpose", "max_pool", "avg_pool", "flatten"])
def test_a_rule_with_its_numbers_comes_to_the_size(type_: str) -> None:
    for case in cases(type_, smooth=False, count=80):
        x, parameters = case.x.shape[1:], {name: array.shape for name, array in case.parameters.items()}
        rules = case.layer.size_rules(x, parameters)
        y = case.layer.output_shape(x, parameters)
        assert tuple(rule.value for rule in rules) == (y[1:] if len(y) == 3 else y)
        for rule in rules:
            (line,) = formula_text(Formula(rule.numbers))
            assert value(line) == rule.value, line


CHAINS = [
    ["conv: {weight: {shape: [1, 1, 3, 2], fill: 1}, stride: [2, 1]}", "max_pool: {size: 2}"],
    ["conv: {weight: {shape: [1, 1, 2, 3], fill: 1}, dilation: 2, padding: 1}"] * 3,
    ["avg_pool: {size: 3, stride: 2}", "relu", "conv: {weight: {shape: [1, 1, 3, 3], fill: 1}}"],
    ["conv: {weight: {shape: [1, 1, 3, 3], fill: 1}, stride: 2}", "conv_transpose: {weight: [[1, 1, 1]], stride: 2}"],
    ["conv_transpose: {weight: {shape: [1, 1, 3, 5], fill: 1}, stride: [2, 3], padding: 1}"],
    ["conv_transpose: {weight: {shape: [1, 1, 3, 3], fill: 1}, stride: 2, dilation: [1, 2]}"] * 2,
]


@pytest.mark.parametrize("chain", CHAINS, ids=range(len(CHAINS)))
def test_a_receptive_field_is_what_reaches_a_cell(chain: list[str], tmp_path: Path) -> None:
    """The rows and columns of the input with a gradient, for each cell of the output; the largest of them."""
    size = 8 if chain is CHAINS[-1] else 14  # stamps of stamps make a large output
    layers = "layers:\n" + "".join(f"  - {layer}\n" for layer in chain)
    row = cnncalc.shapes(cnncalc.loads(f"input: {{shape: [1, {size}, {size}], fill: 1}}\n{layers}")).rows[-1]
    # A sample for each cell of the output, from which alone a gradient comes back.
    cells = row.shape[1] * row.shape[2]
    np.save(tmp_path / "g.npy", np.eye(cells).reshape(cells, *row.shape))
    problem = tmp_path / "problem.yaml"
    head = f"input: {{shape: [{cells}, 1, {size}, {size}], fill: 1}}\n{layers}"
    problem.write_text(f"{head}upstream: {{file: g.npy}}\n", encoding="utf-8")
    seen = []
    for gradient in cnncalc.solve(cnncalc.load(problem), "float")["dL/dinput"].value:
        reached = np.argwhere(gradient[0])
        seen.append(reached.max(axis=0) - reached.min(axis=0) + 1 if len(reached) else np.zeros(2, dtype=int))
    field = np.max(seen, axis=0)
    # A max pool sends its gradient to one cell alone, the first: the others are seen too.
    if "max_pool" in chain[-1]:
        field += [2, 1]
    assert tuple(field.tolist()) == row.receptive_field


def test_behind_a_layer_that_sees_everything_the_lost_rows_are_not_seen() -> None:
    text = "input: {shape: [1, 8, 9]}\nlayers: [conv: {channels: 1, size: 3, stride: 3}, flatten, fc: {units: 2}]\n"
    conv, flatten, fc = cnncalc.shapes(cnncalc.loads(text))
    assert [(rule.rest, rule.unseen) for rule in conv.rules] == [(2, 2), (0, 0)]
    assert (conv.receptive_field, flatten.receptive_field, fc.receptive_field) == ((3, 3), (3, 3), (6, 9))
    assert (conv.jump, flatten.jump, fc.jump) == ((3, 3), None, None)


def test_features_have_no_receptive_field() -> None:
    (row,) = cnncalc.shapes(cnncalc.loads("input: {shape: [7]}\nlayers: [fc: {units: 2, bias: true}]\n"))
    assert (row.receptive_field, row.jump, row.weights, row.biases, row.multiplications) == (None, None, 14, 2, 14)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ("shape(conv_1)", (6, 24, 24)),
        ("shape(conv_1.weight)", (6, 1, 5, 5)),
        ("shape( input )", (1, 28, 28)),
        ("parameters(conv_1)", 156),
        ("parameters(relu_1)", 0),
        ("parameters(total)", 156),
        ("multiplications(conv_1)", 86400),
        ("multiplications(total)", 86400),
        ("receptive_field(max_pool_1)", (6, 6)),
    ],
)
def test_quantities_by_name(quantity: str, expected: Any) -> None:
    assert cnncalc.shapes(cnncalc.loads(LENET)).quantity(quantity) == expected


@pytest.mark.parametrize("quantity", ["conv_1", "shape(conv_2)", "receptive_field(total)", "parameters(input)"])
def test_no_such_quantity(quantity: str) -> None:
    outline = cnncalc.shapes(cnncalc.loads(LENET))
    with pytest.raises(KeyError, match=r"conv_1|conv_2|total|input"):
        outline.quantity(quantity)


def test_shapes_of_gradients_and_of_a_mini_batch() -> None:
    text = "input: {shape: [5, 3]}\nlayers: [fc: {name: y, units: 2}]\nloss: {mse: {target: {shape: [5, 2]}}}\n"
    outline = cnncalc.shapes(cnncalc.loads(text + "update: {sgd: {lr: 1}}\n"))
    shapes = {name: outline.quantity(f"shape({name})") for name in ("y", "dL/dy", "y.weight", "y.weight.new", "L.new")}
    assert shapes == {"y": (5, 2), "dL/dy": (5, 2), "y.weight": (2, 3), "y.weight.new": (2, 3), "L.new": ()}
    assert outline.rows[0].shape == (2,)


def test_numbers_change_nothing() -> None:
    blank = LENET.replace("input: {shape: [1, 28, 28]}", "input: {shape: [1, 28, 28], fill: 1}")
    full = blank.replace("channels: 6, size: 5, bias: true", "weight: {shape: [6, 1, 5, 5], fill: 1}, bias: 0.5")
    ours, theirs = cnncalc.shapes(cnncalc.loads(blank)), cnncalc.shapes(cnncalc.loads(full))
    assert [(r.shape, r.weights, r.biases, r.rules) for r in ours] == [
        (r.shape, r.weights, r.biases, r.rules) for r in theirs
    ]
    # An outline and one number for all: the options say the shape.
    one = cnncalc.loads(blank.replace("bias: true", "bias: 0.5, weight: 0.1"))
    assert not one.blanks
    assert cnncalc.solve(one)["conv_1.weight"].shape == (6, 1, 5, 5)


def test_the_json_of_the_contract() -> None:
    printed = json.loads(run(["shapes", "-", "--format", "json"], stdin=LENET).stdout)
    assert {key: printed[key] for key in ("format", "input", "parameters", "multiplications")} == {
        "format": "cnncalc-shapes/1", "input": [1, 28, 28], "parameters": 156, "multiplications": 86400,
    }  # fmt: skip
    keys = ("name", "type", "shape", "weights", "biases", "multiplications", "receptive_field")
    assert {key: printed["layers"][0][key] for key in keys} == {
        "name": "conv_1", "type": "conv", "shape": [6, 24, 24], "weights": 150, "biases": 6, "multiplications": 86400,
        "receptive_field": [5, 5],
    }  # fmt: skip
    assert printed["layers"][2]["rules"][0] == {"rule": "⌊(24 + 2·0 - 2)/2⌋ + 1", "value": 12, "rest": 0, "unseen": 0}


REMAINDERS = "input: {{shape: [1, 8, 8]}}\nlayers: [max_pool: {{size: {size}, stride: 3{options}}}]\n"


@pytest.mark.parametrize(
    ("size", "options", "english", "chinese"),
    [
        (
            "[3, 2]", "",
            "The division leaves 2; rows at the end that lie in no window: 2.",
            "除法余 2：末尾 2 行不在任何窗口内。",
        ),
        (
            "3", ", padding: [[0, 2], [0, 2]]",
            "The division leaves 1 (rows and columns): only padding lies in no window.",
            "除法余 1（行与列）：只有填充部分不在任何窗口内。",
        ),
        (
            "3", ", ceil: true",
            "The division leaves 2 (rows and columns) and is rounded up: the last window reaches over the edge.",
            "除法余 2（行与列），向上取整：最后一个窗口超出边缘。",
        ),
    ],
)  # fmt: skip
def test_a_division_with_a_remainder_is_said(size: str, options: str, english: str, chinese: str) -> None:
    text = REMAINDERS.format(size=size, options=options)
    environment = {"COLUMNS": "120"}
    assert f"  {english}\n" in run(["shapes", "-"], stdin=text, environment=environment).stdout
    assert f"  {chinese}\n" in run(["shapes", "-", "--language", "zh"], stdin=text, environment=environment).stdout


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 120])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_number_is_cut_on_a_narrow_page(columns: int, language: str) -> None:
    arguments = ["shapes", "problems/vgg16.yaml", "--language", language]
    printed = run(arguments, environment={"COLUMNS": str(columns)}).stdout
    for number in ("138344128", "13416", "15470264320", "102760448", "212×212", "12845056", "512×14×14"):
        assert number in printed, f"{number} is not in one piece"
    assert "…" not in printed


def test_a_file_says_its_format_by_its_ending(tmp_path: Path) -> None:
    target = tmp_path / "sizes.json"
    assert run(["shapes", "-", "--output", str(target)], stdin=LENET).returncode == 0
    assert json.loads(target.read_text(encoding="utf-8"))["format"] == "cnncalc-shapes/1"


@pytest.mark.parametrize(
    ("format_", "start"), [("markdown", "Input 1×28×28"), ("latex", "% !TEX"), ("html", "<!DOCTYPE html>")]
)
def test_an_outline_as_a_document(format_: str, start: str) -> None:
    result = run(["shapes", "-", "--format", format_], stdin=LENET)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(start)


def test_what_has_no_numbers_cannot_be_solved() -> None:
    result = run(["solve", "-"], stdin=LENET)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "<stdin>:1:8: no numbers: input (1×28×28)\n"
        "    1 | input: {shape: [1, 28, 28]}\n"
        "      |        ^\n"
        "    give them (`value`, `fill`, `random` or `file`), or use `cnncalc shapes`\n"
        "<stdin>:2:10: no numbers: conv_1.weight (6×1×5×5)\n"
        "    2 | layers: [conv: {channels: 6, size: 5, bias: true}, relu, max_pool: {size: 2}]\n"
        "      |          ^^^^\n"
        "    give them here\n"
        "<stdin>:2:45: no numbers: conv_1.bias (6)\n"
        "    2 | layers: [conv: {channels: 6, size: 5, bias: true}, relu, max_pool: {size: 2}]\n"
        "      |                                             ^^^^\n"
        "    give them here\n"
    )


FAULTS = [
    ("conv: {channels: 6}", "conv_1 has no `size`", "write both `channels` and `size`"),
    ("conv: {}", "conv_1 has no `weight`", "write `weight:` with its numbers below conv"),
    (
        "conv: {weight: {shape: [2, 1, 3, 3]}, channels: 3}",
        "channels is 3, conv_1 has 2 output channels (conv_1.weight: 2×1×3×3)",
        "leave `channels` out, or write 2",
    ),
    (
        "conv: {weight: {shape: [2, 1, 3, 3]}, size: 5}",
        "size is 5×5, the kernel of conv_1.weight has 3×3 cells",
        "leave `size` out, or write [3, 3]",
    ),
    (
        "conv: {channels: 3, size: 3, groups: 2}",
        "2 groups do not divide 1 input channels (input: 1×8×8) and 3 output channels (conv_1.weight: 3×0×3×3) evenly",
        "choose `groups` that divides both",
    ),
    ("conv_transpose: {size: 3}", "conv_transpose_1 has no `channels`", "write both `channels` and `size`"),
    (
        "conv: {channels: 1, size: 3, weight: true}",
        "'true' is a word, not a number",
        "write 1 or 0",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "message", "remedy"), FAULTS)
def test_faults_of_outlines(layer: str, message: str, remedy: str) -> None:
    with pytest.raises(cnncalc.ProblemError, match=r"\S") as caught:
        cnncalc.loads(f"input: {{shape: [1, 8, 8]}}\nlayers: [{layer}]\n")
    assert [(fault.message, fault.remedy) for fault in caught.value.faults] == [(message, remedy)]


def test_bias_false_is_none_and_a_blank_may_be_large() -> None:
    text = "input: {shape: [3, 224, 224]}\nlayers: [flatten, fc: {units: 4096, bias: false}]\n"
    outline = cnncalc.shapes(cnncalc.loads(text))
    assert outline.parameters == 4096 * 3 * 224 * 224
    with pytest.raises(cnncalc.ProblemError, match="a tensor has at most 1099511627776"):
        cnncalc.loads(text.replace("4096", "10000000").replace("10000000", "1000000").replace("224, 224", "2000, 2000"))


def test_quantities_are_tensors_that_can_be_asked_for() -> None:
    trace = cnncalc.solve(cnncalc.load(ROOT / "problems" / "hw11.yaml"))
    assert trace["parameters(total)"].exact == "76"
    assert trace["shape(dL/dh)"].exact == trace["shape(∂L/∂conv_1.weight)"].exact == ["2", "2", "3", "3"]
    assert trace["shape(h)"] is not trace["h"]
    assert "parameters(nothing)" not in trace
    printed = run(["solve", "problems/hw11.yaml", "--only", "receptive_field(conv_1)"]).stdout
    assert "receptive_field(conv_1)  vector of 2, receptive_field\n  1  2\n  ────\n  3  3\n" in printed


SHEET = """answers:
  shape(conv_1): [6, 24, 24]
  parameters(conv_1): 150
  parameters(total): 156
  receptive_field(max_pool_1): [6, 5]
  multiplications(conv_1): ?
  conv_1: [1, 2]
"""


def test_check_knows_sizes_and_counts_with_and_without_numbers(tmp_path: Path) -> None:
    filled = LENET.replace("28]}", "28], fill: 1}").replace("bias: true", "bias: 1, weight: 0.1")
    sheets = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    for sheet in sheets:
        sheet.write_text(SHEET, encoding="utf-8")
    for name, text in (("blank.yaml", LENET), ("filled.yaml", filled)):
        problem = tmp_path / name
        problem.write_text(text, encoding="utf-8")
        result = run(["check", str(problem), str(sheets[0]), "--format", "json"])
        assert result.returncode == 1, result.stderr
        verdicts = {tensor["name"]: tensor["verdict"] for tensor in json.loads(result.stdout)["tensors"]}
        del verdicts["conv_1"]  # a tensor of numbers, which the one problem has and the other has not
        assert verdicts == {
            "shape(conv_1)": "correct", "parameters(conv_1)": "wrong", "parameters(total)": "correct",
            "receptive_field(max_pool_1)": "wrong", "multiplications(conv_1)": "missing",
        }  # fmt: skip
        several = run(["check", str(problem), *map(str, sheets)])
        assert several.returncode == 1, several.stderr


def test_a_blank_goes_to_another_process_as_its_shape() -> None:
    problem = cnncalc.load(ROOT / "problems" / "vgg16.yaml")
    sent = pickle.dumps(problem)
    assert len(sent) < 100_000
    assert cnncalc.shapes(pickle.loads(sent)).parameters == 138_357_544


def test_an_image_without_numbers_takes_no_memory() -> None:
    tracemalloc.start()
    try:
        problem = cnncalc.loads("input: {shape: [3, 10000, 10000]}\nlayers: [global_avg_pool, fc: {units: 10}]")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert problem.input.entries.shape == (1, 3, 10000, 10000)
    assert peak < 20 * 2**20


def test_a_shared_weight_is_said_to_be_counted_where_it_stands_first(tmp_path: Path) -> None:
    problem = tmp_path / "shared.yaml"
    layers = "[fc: {name: s, weight: {name: W, value: [[1, -1], [2, 1]]}}, fc: {name: t, weight: {share: W}}]"
    problem.write_text(f"input: {{name: x, value: [1, 2]}}\nlayers: {layers}\n", encoding="utf-8")
    shown = run(["shapes", str(problem)]).stdout
    assert "t  fc\n  Shared with a layer above, and counted there: W.\n" in shown
    rows = json.loads(run(["shapes", str(problem), "--format", "json"]).stdout)["layers"]
    assert [(row["weights"], row["shared"]) for row in rows] == [(4, []), (0, ["W"])]


def test_a_part_of_a_gradient_is_asked_for_by_its_use(tmp_path: Path) -> None:
    problem = tmp_path / "twice.yaml"
    problem.write_text("input: {name: x, value: [1, 2]}\nlayers: [multiply: {name: s, inputs: [x, x]}]\nupstream: 1\n")
    for command in (["solve", str(problem), "--only", "dL/dx via s"], ["explain", str(problem), "dL/dx via s[1]"]):
        assert run(command).stderr.endswith("did you mean dL/dx via s:1 or dL/dx via s:2?\n")
