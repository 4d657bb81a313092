"""Every tensor of a pool's own example can be explained, the places of its winners among them."""

import pytest

import cnncalc
from cnncalc.layers import REGISTRY
from cnncalc.render.builders.explanation import explanation


@pytest.mark.parametrize("type_", ["max_pool", "max_pool1d", "global_max_pool", "max_unpool"])
def test_every_tensor_of_an_example_is_explained(type_: str) -> None:
    trace = cnncalc.solve(cnncalc.loads(REGISTRY[type_].example))
    assert all(explanation(trace, tensor, None).blocks for tensor in trace)
