"""What is written for letters: formulas as on paper, letters that layers introduce, refusals."""

from __future__ import annotations

import json
from math import exp, log, sqrt
from time import process_time
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.arithmetic.expression import Variable

from ..command import ROOT, run


def solved(text: str) -> cnncalc.Trace:
    return cnncalc.solve(cnncalc.loads(text))


ONE_CHANNEL = """
input: {name: x, symbol: x, shape: [3, 3]}
layers:
- conv: {name: y, padding: 1, stride: 2, weight: {name: w, symbol: w, shape: [3, 3]}}
upstream: {symbol: dL/dy}
"""


def test_the_formulas_of_the_notes() -> None:
    trace = solved(ONE_CHANNEL)
    assert trace["y"].exact[0][0][0] == "w_2_2*x_1_1 + w_2_3*x_1_2 + w_3_2*x_2_1 + w_3_3*x_2_2"
    assert trace["dL/dx"].exact[0][1][1] == "dL_dy_1_1*w_3_3 + dL_dy_1_2*w_3_1 + dL_dy_2_1*w_1_3 + dL_dy_2_2*w_1_1"
    assert np.isnan(trace["y"].value).all()


def test_equations_stand_below_each_other() -> None:
    result = run(["solve", "-", "--only", "y", "--only", "dL/dx"], stdin=ONE_CHANNEL)
    lines = result.stdout.splitlines()
    assert "  y₁₁ = w₂₂·x₁₁ + w₂₃·x₁₂ + w₃₂·x₂₁ + w₃₃·x₂₂" in lines
    assert "  ∂L/∂x₁₁ = ∂L/∂y₁₁·w₂₂" in lines


def test_letters_in_ascii() -> None:
    result = run(["solve", "-", "--only", "dL/dx"], stdin=ONE_CHANNEL, encoding="ascii")
    assert "  dL/dx11 = dL/dy11*w22" in result.stdout.splitlines()


def test_every_letter_problem_prints_in_ascii() -> None:
    for path in sorted((ROOT / "problems").glob("letters_*.yaml")):
        result = run(["solve", str(path), "--language", "en"], encoding="ascii")
        assert result.returncode == 0, path.name
        assert result.stdout.isascii()


def test_narrow_pages_break_between_terms() -> None:
    result = run(["solve", "-", "--only", "y"], stdin=ONE_CHANNEL, environment={"COLUMNS": "40"})
    at = result.stdout.splitlines().index("  y₁₁ = w₂₂·x₁₁ + w₂₃·x₁₂ + w₃₂·x₂₁")
    assert result.stdout.splitlines()[at + 1] == "        + w₃₃·x₂₂"


def test_index_base_counts_letters_too() -> None:
    assert solved("index_base: 0\n" + ONE_CHANNEL)["dL/dx"].exact[0][0][0] == "dL_dy_0_0*w_1_1"


def test_json_has_no_number_where_there_is_none() -> None:
    result = run(["solve", "-", "--format", "json", "--only", "dL/dx"], stdin=ONE_CHANNEL)
    tensor = json.loads(result.stdout)["tensors"][0]
    assert tensor["value"][0][0] == [None, None, None]
    assert tensor["exact"][0][0][0] == "dL_dy_1_1*w_2_2"


def test_numbers_and_letters_mixed() -> None:
    trace = solved("input: [[x, 1], [0, 1/2]]\nlayers: [conv: {weight: [[a, -b], [2*c**2, 4]]}]\nupstream: [[1]]")
    assert trace["conv_1"].exact == [[["a*x - b + 2"]]]
    assert trace["dL/dconv_1.weight"].exact == [[[["x", "1"], ["0", "1/2"]]]]


def test_letters_in_latex() -> None:
    text = r"input: \begin{bmatrix} x_{11} & \alpha \\ \frac{a}{2} & 2 b_{1,12} \end{bmatrix}" + "\nlayers: [flatten]"
    trace = solved(text)
    assert trace["input"].exact == [[["x_1_1", "alpha"], ["1/2*a", "2*b_1_12"]]]


SOFTMAX = """
input: {name: x, symbol: x, values: [1, -1/2]}
layers:
- fc: {name: z, weight: {name: W, symbol: w, values: [[1, 0], [2, 1], [0, -1]]}, bias: {name: b, symbol: b, values: 1}}
- softmax: {name: p}
loss: {cross_entropy: {target: TARGET}}
"""


def test_a_softmax_introduces_its_probabilities() -> None:
    trace = solved(SOFTMAX.replace("TARGET", "[0, 1, 0]"))
    assert trace["L"].exact == "-log(p_2)"
    assert trace["dL/dp"].exact == ["0", "-1/p_2", "0"]
    assert trace["dL/dz"].exact == ["p_1", "p_2 - 1", "p_3"]
    assert trace["dL/dW"].exact[1] == ["p_2*x_1 - x_1", "p_2*x_2 - x_2"]
    assert trace["p"].exact[0].startswith("exp(w_1_1*x_1 + w_1_2*x_2 + b_1)/(exp(w_1_1*x_1")


def test_a_target_of_letters_sums_to_one() -> None:
    text = SOFTMAX.replace("TARGET", "{symbol: t, values: [1/2, 1/4, 1/4]}")
    assert solved(text)["dL/dz"].exact == ["p_1 - t_1", "p_2 - t_2", "p_3 - t_3"]


def test_a_true_zero_is_found_through_the_probabilities() -> None:
    # Homework 11 in letters: all weights of the last layer are equal, so that nothing flows back through it.
    text = "input: {name: x, symbol: x, shape: [2]}\nlayers: [fc: {weight: {fill: a}, units: 3}, softmax]\n"
    assert solved(text + "loss: {cross_entropy: {class: 2}}")["dL/dx"].exact == ["0", "0"]


FUNCTIONS = {
    "softmax": SOFTMAX.replace("TARGET", "[1/3, 2/3, 0]"),
    "chain": """
input: {name: x, symbol: x, values: [1, -1/2, 2]}
layers:
- fc: {name: z, weight: {name: W, symbol: w, values: [[1, 0, 1/2], [2, 1, -1]]}}
- sigmoid
- tanh
- fc: {weight: {name: v, symbol: v, values: [[1, -1], [1/2, 3]]}}
loss: {mse: {target: {symbol: t, values: [1, 2]}}}
""",
    "batch_norm": """
input: {name: x, symbol: x, values: [[1, 2], [3, 5], [4, 0]]}
layers:
- batch_norm: {name: y, eps: 1/10, gamma: {name: gamma, symbol: gamma, values: [2, 3]}, beta: {symbol: beta, values: 1}}
upstream: {symbol: g, values: [[1, 2], [-1, 1], [0, 3]]}
""",
}


@pytest.mark.parametrize("text", FUNCTIONS.values(), ids=FUNCTIONS.keys())
def test_functions_of_letters_have_the_values_of_the_numeric_run(text: str) -> None:
    problem = cnncalc.loads(text)
    letters, numbers = cnncalc.solve(problem), cnncalc.solve(problem, "float")
    known: dict[str, Any] = {"exp": exp, "log": log, "sqrt": sqrt}
    for given in (problem.input, problem.upstream, *(t for entry in problem.layers for t in entry.parameters.values())):
        for variable in given.entries.flat if given else ():
            if isinstance(variable, Variable):
                known["_".join([variable.letter, *(str(i + 1) for i in variable.index)])] = float(variable.value)
    for number, value in enumerate(problem.loss.target.entries.flat if problem.loss else (), 1):
        known[f"t_{number}"] = float(getattr(value, "value", value))
    for tensor in letters:
        # A tensor's own letters may be used by those behind it: p_1, y_mean_1.
        for index in np.ndindex(tensor.shape):
            given = np.asarray(tensor.exact, dtype=object)[index]
            value = eval(given, known)
            assert value == pytest.approx(float(numbers[tensor.name].value[index]), rel=1e-12, abs=1e-12), tensor.name
            name = tensor.name.replace("dL/", "dL_").replace(".", "_")
            known["_".join([name, *(str(i + 1) for i in index)])] = value
        np.testing.assert_allclose(tensor.value, numbers[tensor.name].value, rtol=1e-12, atol=1e-12)


def test_batch_norm_in_its_own_letters() -> None:
    trace = solved(FUNCTIONS["batch_norm"])
    assert trace["dL/dgamma"].exact[0] == "g_1_1*y_xhat_1_1 + g_2_1*y_xhat_2_1 + g_3_1*y_xhat_3_1"
    assert trace["dL/dy.mean"].exact[0].endswith("/sqrt(y_var_1 + 1/10)")


def test_a_whole_layer_of_letters_is_fast() -> None:
    text = """
input: {name: x, symbol: x, shape: [3, 8, 8]}
layers: [conv: {name: y, weight: {name: w, symbol: w, shape: [4, 3, 3, 3]}}]
upstream: {symbol: g}
"""
    start = process_time()
    trace = solved(text)
    assert all(tensor.exact for tensor in trace)
    assert process_time() - start < 2  # 0.3 s on the machine that this was written on


def test_long_sums_go_by_the_name_of_their_tensor_from_then_on() -> None:
    text = """
input: {name: x, symbol: x, shape: [3, 8, 8]}
layers: [conv: {name: y, weight: {name: w, symbol: w, shape: [4, 3, 3, 3]}}]
loss: {half_squared_error: {target: {symbol: t}}}
"""
    start = process_time()
    trace = solved(text)
    assert all(tensor.exact for tensor in trace)
    assert process_time() - start < 4  # 1 s on the machine that this was written on
    assert [notice.en for notice in trace.notices] == [
        "letters: the sums of y are long; what lies behind it is written in the elements of y"
    ]
    assert trace["y"].exact[0][0][0].startswith("w_1_1_1_1*x_1_1_1 + ")
    assert trace["dL/dy"].exact[0][0][0] == "y_1_1_1 - t_1_1_1"
    assert trace["dL/dx"].exact[0][0][0].startswith("w_1_1_1_1*y_1_1_1 - ")


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        (
            "input: {symbol: x, shape: [2]}\nlayers: [relu]",
            "relu_1: whether x_1 is above 0 depends on x_1, a letter without a value",
            "give `values` beside `symbol` (or `assume: positive` where that decides it), or numbers",
        ),
        (
            "input: {symbol: x, shape: [2, 2], assume: positive}\nlayers: [max_pool: {size: 2}]",
            "max_pool_1: whether -x_1_1 + x_1_2 is above 0 depends on x_1_1, a letter without a value",
            "give `values` beside `symbol` (or `assume: positive` where that decides it), or numbers",
        ),
        (
            "input: {symbol: x, shape: [2]}\nlayers: [fc: {weight: {symbol: x, shape: [1, 2]}}]",
            "two tensors have the symbol 'x'; the other is in line 2, column 32",
            "give each tensor a letter of its own",
        ),
        (
            "input: {symbol: x}\nlayers: [relu]",
            "nothing says the shape of input",
            "give its `shape`, or write a list",
        ),
        (
            "input: {symbol: 1x, shape: [2]}\nlayers: [relu]",
            "`symbol` takes a letter or a name",
            "write `symbol: x`",
        ),
        (
            "input: {symbol: x, values: [1, y]}\nlayers: [relu]",
            "a letter stands among the values of letters",
            "write numbers",
        ),
        (
            "input: {symbol: x, shape: [2], assume: negative}\nlayers: [relu]",
            "`assume` takes one word",
            "write `assume: positive`, or leave it out",
        ),
        (
            "numbers: exact\ninput: {symbol: x, shape: [2]}\nlayers: [relu]",
            "numbers: exact needs a number for each letter, and x of input has none",
            "write numbers: symbolic (or auto), or give `values` beside `symbol`",
        ),
        (
            "input: [1/x, 2]\nlayers: [sigmoid]",
            "the letter x stands where a number must",
            "letters take + - * and whole powers, and can be divided by numbers",
        ),
        ("input: [O, 1]\nlayers: [sigmoid]", "'O' is a letter", "write 0, or choose another letter"),
    ],
)
def test_what_letters_cannot_do_is_said(text: str, message: str, remedy: str) -> None:
    with pytest.raises(cnncalc.ProblemError, match=r"\S") as caught:
        solved(text)
    assert [(fault.message, fault.remedy) for fault in caught.value.faults] == [(message, remedy)]


def test_positive_letters_decide_a_relu() -> None:
    text = "input: {symbol: x, shape: [1, 2], assume: positive}\n"
    trace = solved(text + "layers: [conv: {weight: [[-1, -2]]}, relu]\nupstream: [[1]]")
    assert trace["relu_1"].exact == [[["0"]]]
    open_trace = solved(text + "layers: [conv: {weight: [[1, 2]]}, relu]\nupstream: [[1]]")
    assert open_trace["relu_1"].exact == [[["x_1_1 + 2*x_1_2"]]]


def test_values_choose_the_branch_and_stay_out_of_the_formula() -> None:
    text = (
        "input: {name: x, symbol: x, values: [[1, -2], [4, 3]]}\nlayers: [relu, max_pool: {size: 2}]\nupstream: [[[g]]]"
    )
    trace = solved(text)
    assert trace["relu_1"].exact == [[["x_1_1", "0"], ["x_2_1", "x_2_2"]]]
    assert trace["max_pool_1"].exact == [[["x_2_1"]]]
    assert trace["max_pool_1"].value.tolist() == [[[4.0]]]
    assert trace["dL/dx"].exact == [[["0", "0"], ["g", "0"]]]
