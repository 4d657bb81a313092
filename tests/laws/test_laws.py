"""The laws × every registered layer and loss × generated shapes and options."""

import pytest

from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.float64 import Float64
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.joining.several import Meeting
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.losses.composed import WeightedLosses
from cnncalc.optimizers import REGISTRY as RULES

from . import laws
from .cases import STRATEGIES, cases

TYPES = sorted({*LAYERS, *LOSSES, *RULES, Meeting.type, WeightedLosses.type})
EXAMPLES = 60


def test_every_registered_type_is_generated() -> None:
    assert sorted(STRATEGIES) == TYPES


@pytest.mark.parametrize("type_", TYPES)
def test_laws_of_any_numbers(type_: str) -> None:
    """All on one case: to draw it and to work it out takes longer than to hold a law against it."""
    for case in cases(type_, smooth=False, count=EXAMPLES):
        exact, floating = laws.run(case, Exact()), laws.run(case, Float64())
        laws.terms_add_up(exact)
        laws.terms_add_up(floating)
        laws.arithmetics_agree(exact, floating)
        laws.chosen_are_given(floating)
        laws.definitions_are_the_tensors(floating)
        laws.shapes_are_as_announced(floating)


@pytest.mark.parametrize("type_", TYPES)
def test_backward_is_the_derivative(type_: str) -> None:
    for case in cases(type_, smooth=True, count=EXAMPLES):
        laws.backward_is_the_derivative(laws.run(case, Exact()))
