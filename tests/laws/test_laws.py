"""The laws × every registered layer and loss × generated shapes and options."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.float64 import Float64
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.joining.meeting import Meeting
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.losses.weighted_losses import WeightedLosses
from cnncalc.optimizers import REGISTRY as RULES

from . import laws
from .cases import STRATEGIES, cases

TYPES = sorted({*LAYERS, *LOSSES, *RULES, Meeting.type, WeightedLosses.type})
generated = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_every_registered_type_is_generated() -> None:
    assert sorted(STRATEGIES) == TYPES


@pytest.mark.parametrize("type_", TYPES)
@generated
@given(st.data())
def test_laws_of_any_numbers(type_: str, data: st.DataObject) -> None:
    """All on one case: to draw it and to work it out takes longer than to hold a law against it."""
    case = data.draw(cases(type_, smooth=False))
    exact, floating = laws.run(case, Exact()), laws.run(case, Float64())
    laws.terms_add_up(exact)
    laws.terms_add_up(floating)
    laws.arithmetics_agree(exact, floating)
    laws.chosen_are_given(floating)
    laws.shapes_are_as_announced(floating)


@pytest.mark.parametrize("type_", TYPES)
@generated
@given(st.data())
def test_backward_is_the_derivative(type_: str, data: st.DataObject) -> None:
    laws.backward_is_the_derivative(laws.run(data.draw(cases(type_, smooth=True)), Exact()))
