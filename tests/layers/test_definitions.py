"""A layer's tensors in whole arrays, each from what its definition names, against the terms element by element.

Every tensor is drawn by itself, as a student's may be: none follows from another.
"""

from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.exact import Exact
from cnncalc.layers.evaluate import value
from cnncalc.solver import solve_in

STATISTICS = "mean: {value: [1/2, -1]}, var: {value: [3, 2]}, "
CASES = [
    ("[3, 2]", "batch_norm: {over: channel}"),
    ("[2, 2, 2, 3]", "batch_norm: {over: channel}"),
    ("[2, 2, 2, 3]", "batch_norm: {over: channel, variance: unbiased}"),
    ("[3, 2, 1, 2]", "batch_norm: {over: activation, variance: unbiased, eps: 1/4}"),
    ("[2, 2, 2, 2]", "batch_norm: {" + STATISTICS + "over: channel}"),
    ("[3, 2]", "batch_norm: {" + STATISTICS + "over: activation}"),
    ("[3, 2]", "batch_norm: {momentum: 0.1}"),
    ("[2, 3]", "layer_norm: {eps: 1/4}"),
    ("[2, 4, 1, 2]", "group_norm: {groups: 2}"),
    ("[2, 2, 3]", "instance_norm"),
]


@pytest.mark.parametrize(("shape", "layer"), CASES, ids=str)
def test_whole_arrays_are_the_terms(shape: str, layer: str) -> None:
    text = f"input: {{shape: {shape}, random: {{seed: 1}}}}\nlayers:\n  - {layer}\n"
    text += f"upstream: {{shape: {shape}, random: {{seed: 2}}}}\n"
    numbers = Exact()
    (step,) = solve_in(numbers, cnncalc.loads(text)).steps
    draw = np.random.default_rng(3)

    def drawn(array: Array) -> Array:
        whole: Any = draw.integers(1, 20, array.shape).astype(object)
        return numbers.array(np.asarray(whole)) / 4

    tensors = {local: drawn(array) for local, array in step.tensors.items()}
    given = {"x", "g", *step.parameters()}
    assert given < set(step.names)
    for local in set(step.names) - given:
        whole = step.layer.definition(local, numbers, tensors)
        assert whole is not None, local
        assert whole.shape == step.tensors[local].shape
        for index in np.ndindex(whole.shape):
            added = value(step.layer.terms(local, index, numbers, tensors), numbers, tensors)
            assert numbers.is_equal(np.asarray([whole[index]]), np.asarray([added])).all(), (local, index)
