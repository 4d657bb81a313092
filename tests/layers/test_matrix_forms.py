"""What lessons write as whole tensors is what the numbers are: the formulas are read as NumPy."""

from __future__ import annotations

import re

import numpy as np
import pytest

import cnncalc
from cnncalc.lessons.lesson import lesson_of, of_whole_tensors

BEHIND = "loss: {mse: {name: L, target: TARGET}}\n"
FC = "layers:\n- fc: {name: z, weight: [[1, 2, -1], [0, 3, 1/2]], bias: [1, -1]}\n"
ALONE = "input: [2, -1, 3]\n" + FC + BEHIND.replace("TARGET", "[1, 4]")
SAMPLES = "input: [[2, -1, 3], [1, 0, 1/2]]\n" + FC + BEHIND.replace("TARGET", "[[1, 4], [2, 0]]")
CURVE = "input: [1/2, -1]\nlayers:\n- {layer}\nloss: {{{loss}: {{name: L, target: [1/4, 1/2]}}}}\n"
WHOLE = [(layer, loss) for layer in ("sigmoid", "tanh") for loss in ("mse", "half_squared_error", "l1")]
WHOLE += [("sigmoid", "binary_cross_entropy"), ("softmax", "binary_cross_entropy")]


def numpy_of(formula: str, letters: dict[str, str]) -> str:
    text = re.sub(r"\\left|\\right| ", "", formula)
    while (made := re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)) != text:
        text = made
    text = re.sub(r"(\)|\d)(?=\()", r"\1*", text.replace(r"^{\top}", ".T").replace("^{2}", "**2"))
    text = (
        text.replace(r"\cdot", " @ ")
        .replace(r"\odot", " * ")
        .replace(r"\sigmoid", " sigmoid")
        .replace(r"\tanh", " tanh")
    )
    for local, name in letters.items():
        text = re.sub(rf"\\{local}\b", f" {name} ", text)
    return text


def value(trace: cnncalc.Trace, formula: str, step: object, columns: bool) -> np.ndarray:
    names = step.names  # type: ignore[attr-defined]
    arrays = {local: trace[name].value for local, name in names.items() if name in trace}
    arrays = {local: a[:, None] if columns and a.ndim == 1 else a for local, a in arrays.items()}
    right = numpy_of(formula.partition("=")[2], {local: f"v['{local}']" for local in arrays})
    functions = {"v": arrays, "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "tanh": np.tanh}
    return np.asarray(eval(right, functions))


@pytest.mark.parametrize("text", [ALONE, SAMPLES], ids=["one sample", "mini-batch"])
def test_products_of_matrices_give_the_layer(text: str) -> None:
    trace = cnncalc.solve(cnncalc.loads(text))
    step = trace.steps[0]
    forms = lesson_of(step.layer).matrices(trace.setting(step))
    assert {"y", "dweight", "dx"} <= forms.keys()
    for local, formula in forms.items():
        expected = trace[step.names[local]].value
        made = value(trace, formula, step, columns=text is ALONE)
        np.testing.assert_allclose(made.reshape(expected.shape), expected, rtol=1e-12)


@pytest.mark.parametrize(("layer", "loss"), WHOLE)
def test_formulas_of_whole_tensors_give_them(layer: str, loss: str) -> None:
    trace = cnncalc.solve(cnncalc.loads(CURVE.format(layer=layer, loss=loss)))
    found = 0
    for step in trace.steps:
        for local in ("y", "dx"):
            tensor = trace[step.names[local]]
            formula = of_whole_tensors(trace.formula(tensor.name) or "")
            if formula is None or re.search(r"sign|exp|\|", formula):
                continue
            found += 1
            np.testing.assert_allclose(value(trace, formula, step, columns=False), tensor.value, rtol=1e-12)
    assert found >= (1 if layer == "softmax" else 2)
