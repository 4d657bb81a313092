"""The chain rule of each layer sums over every output that an element acts on: what it leaves out is 0."""

from __future__ import annotations

import re

import numpy as np
import pytest

import cnncalc
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.lessons.lesson import lesson_of
from cnncalc.render.builders.explanation import ExplanationBuilder
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import text

SIGNAL = "input: {name: x, value: [[1, 2, -1, 4], [0, 3, 1, 1]]}\nlayers:\n  - "
SEVERAL_CHANNELS = {
    "conv1d": f"{SIGNAL}conv1d: {{name: y, weight: {{name: w, random: {{seed: 1}}, shape: [3, 2, 2]}}, bias: 1}}",
    "conv_transpose1d": f"{SIGNAL}conv_transpose1d: {{name: y, weight: {{random: {{seed: 1}}, shape: [2, 3, 2]}}}}",
    "avg_pool1d": f"{SIGNAL}avg_pool1d: {{name: y, size: 2, stride: 1}}",
}
DERIVATIVE = re.compile(r"·∂([^\[\]/·∂ ]+)(?:\[([\w,]+)\])?/∂([^\[\]/·∂ ]+)(?:\[([\w,]+)\])?$")
EXAMPLES = {name: layer.example for name, layer in LAYERS.items() if layer.example}


def check(problem: str) -> int:
    """Wherever ∂y/∂x is not 0, the letters that both share stand for the same; returns how many rules there were."""
    trace = cnncalc.solve(cnncalc.loads(problem))
    builder, count = ExplanationBuilder(trace, 6, everything=False), 0
    for tensor in trace:
        step, local = trace.maker(tensor)
        if step is None or tensor.kind != "gradient":
            continue
        for formula in builder.formulas(tensor, step, local, lesson_of(step.layer)):
            found = DERIVATIVE.search(" ".join(text(formula))) if isinstance(formula, Formula) else None
            if found is None or f"d({found[1]})/d({found[3]})" not in trace:
                continue
            (y, over), (x, own) = ((found[at], (found[at + 1] or "").split(",")) for at in (1, 3))
            shapes = trace[y].shape, trace[x].shape
            assert (len(over), len(own)) == tuple(len(shape) or 1 for shape in shapes), found[0]
            jacobian = np.asarray(trace[f"d({y})/d({x})"].value)
            for row, column in np.argwhere(jacobian != 0).tolist():
                outer = dict(zip(over, np.unravel_index(row, shapes[0]), strict=False))
                inner = dict(zip(own, np.unravel_index(column, shapes[1]), strict=False))
                assert all(outer[letter] == inner[letter] for letter in outer.keys() & inner.keys()), found[0]
            count += 1
    return count


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_of_every_layer(name: str) -> None:
    check(EXAMPLES[name])


@pytest.mark.parametrize("name", SEVERAL_CHANNELS)
def test_of_signals_of_several_channels(name: str) -> None:
    problem = SEVERAL_CHANNELS[name]
    shape = cnncalc.solve(cnncalc.loads(problem))["y"].shape
    assert check(f"{problem}\nupstream: {np.ones(shape, int).tolist()}\n") > 0
