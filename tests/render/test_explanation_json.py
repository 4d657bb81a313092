"""`explain` as JSON: its terms are numbers of `solve`, and add up; the window lies where the terms read."""

import json
from math import exp, isclose, log, prod, sqrt, tanh
from typing import Any

import pytest

from ..command import run

FUNCTIONS = {
    "sum": lambda x: x, "exp": exp, "log": log, "sqrt": sqrt, "tanh": tanh,
    "reciprocal": lambda x: 1 / x, "sigmoid": lambda x: 1 / (1 + exp(-x)),
}  # fmt: skip
PADDED = """
input: {name: x, value: [[1, 2, 0], [3, -2, 4], [0, 5, 2]]}
layers: [conv: {name: y, weight: {name: w, value: [[1, -1, 2], [2, 0, 1], [3, 1, -2]]}, padding: 1, stride: 2}]
upstream: [[1, 2], [3, -1]]
"""


def explained(problem: str, element: str, stdin: str = "") -> Any:
    result = run(["explain", problem, element, "--format", "json"], stdin=stdin)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", ["hw11", "batch_norm_channel", "overlapping_pool", "residual_block", "transposed"])
def test_terms_of_every_element_add_up_to_what_solve_says(name: str) -> None:
    problem = f"problems/{name}.yaml"
    tensors = json.loads(run(["solve", problem, "--format", "json"]).stdout)["tensors"]
    values = {tensor["name"]: tensor["value"] for tensor in tensors}

    def at(name: str, index: list[int]) -> float:
        if name not in values:
            # What comes back from one of several uses is no tensor of the list.
            address = f"{name}[{','.join(map(str, index))}]"
            return float(explained(problem, address)["elements"][0]["value"])
        found = values[name]
        for i in index:
            found = found[i - 1]
        return float(found)

    def value(term: Any) -> float:
        factors = (
            at(f["name"], f["index"]) if "name" in f else FUNCTIONS[f["function"]](sum(map(value, f["terms"])))
            for f in term["factors"]
        )
        return float(eval(term["coefficient"])) * prod(factors)

    for tensor in tensors:
        if not tensor["inputs"] or tensor["name"].endswith(".path"):
            continue
        for element in explained(problem, tensor["name"])["elements"]:
            made = sum(map(value, element["terms"]))
            assert isclose(made, element["value"], rel_tol=1e-9, abs_tol=1e-9), element
            assert element["value"] == at(tensor["name"], element["index"])


def test_an_element_says_what_its_factors_are() -> None:
    (element,) = explained("problems/hw11.yaml", "conv_1[2,1,1]")["elements"]
    assert (element["name"], element["index"], element["value"], element["exact"]) == ("conv_1", [2, 1, 1], 98.0, "98")
    assert [term["group"] for term in element["terms"]] == ["channel 1"] * 9 + ["channel 2"] * 9
    assert element["terms"][0]["factors"] == [
        {"name": "h", "index": [2, 1, 1, 1], "role": "kernel"},
        {"name": "F", "index": [1, 1, 1], "role": "input"},
    ]
    assert element["window"] == {"name": "F", "rows": [1, 2, 3], "columns": [1, 2, 3]}
    (loss,) = explained("problems/hw11.yaml", "L")["elements"]
    assert loss["terms"][0]["factors"][1]["function"] == "log"


def test_what_meets_are_gradients() -> None:
    text = (
        "input: {name: x, value: [1, 2]}\nlayers: [tanh: {name: h}, add: {name: s, inputs: [h, x]}]\nupstream: [3, 4]"
    )
    (element,) = explained("-", "dL/dx[1]", text)["elements"]
    factors = [factor for term in element["terms"] for factor in term["factors"]]
    assert [factor["role"] for factor in factors] == ["gradient", "gradient"]
    assert [factor["name"] for factor in factors] == ["dL/dx via h", "dL/dx via s"]


def test_the_window_reaches_into_the_padding() -> None:
    (corner,) = explained("-", "y[1,1,1]", PADDED)["elements"]
    assert corner["window"] == {"name": "x", "rows": [0, 1, 2], "columns": [0, 1, 2]}
    assert corner["padding"] == [[0, 0], [0, 1], [0, 2], [1, 0], [2, 0]]
    (weight,) = explained("-", "dL/dw[1,1,1,3]", PADDED)["elements"]
    assert (weight["window"]["rows"], weight["window"]["columns"]) == ([0, 2], [2, 4])
    # Of three rows of the kernel two lie on the row in the middle, at the stride of 2.
    (middle,) = explained("-", "dL/dx[1,2,2]", PADDED)["elements"]
    assert middle["window"] == {"name": "dL/dy", "rows": [1, 2], "columns": [1, 2]}
    (edge,) = explained("-", "dL/dx[1,1,1]", PADDED)["elements"]
    assert (edge["window"]["rows"], edge["padding"]) == ([1], [])


def test_a_window_along_one_axis_has_no_rows() -> None:
    layer = "conv1d: {name: y, weight: {name: w, value: [[[1, -1, 2]]]}, padding: 1}"
    problem = f"input: {{name: x, value: [[1, 2, 0, 3]]}}\nlayers: [{layer}]\n"
    (edge,) = explained("-", "y[1,4]", problem)["elements"]
    assert edge["window"] == {"name": "x", "columns": [3, 4, 5]}
    assert edge["padding"] == [[5]]
    assert edge["terms"][0]["factors"][0] == {"name": "w", "index": [1, 1, 1], "role": "kernel"}


def test_what_decides_without_being_added_is_seen() -> None:
    (element,) = explained("problems/overlapping_pool.yaml", "y[1,1,1]")["elements"]
    assert len(element["seen"]) > len(element["terms"]) == 1
    (path,) = explained("problems/overlapping_pool.yaml", "y.path[1,1,1,1]")["elements"]
    assert path["terms"] == []
