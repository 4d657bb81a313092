"""What is drawn here is valid, and nothing that a problem may have is left out."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

import cnncalc
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES

from .problems import drawn

WISHES: tuple[dict[str, Any], ...] = (
    {},
    {"batch": True},
    {"numbers": "irrational"},
    {"numbers": "every size"},
    {"names": "every kind"},
    {"letters": "valued"},
    {"letters": "open"},
    {"branches": True},
)


@pytest.mark.parametrize("wishes", WISHES, ids=str)
def test_drawn_problems_are_valid(wishes: dict[str, Any]) -> None:
    for seed in range(60):
        text = drawn(seed, **wishes)
        assert cnncalc.loads(text).text == text


def test_every_layer_loss_and_rule_is_drawn() -> None:
    kinds: set[str] = set()
    for seed in range(180):
        problem = yaml.safe_load(drawn(seed, branches=seed % 2 == 0))
        entries = [*problem["layers"], problem.get("loss", "mse"), problem.get("update", "sgd")]
        kinds |= {entry if isinstance(entry, str) else next(iter(entry)) for entry in entries}
    # The perceptron's rule is for one layer alone, in tests/questions and beside PyTorch.
    # An unpooling needs its pool: tests/layers/test_max_unpool.py. A function that is left general has no numbers.
    # A pixel shuffle needs four channels, and a reshaping as many features as its image has numbers.
    assert kinds == {*LAYERS, *LOSSES, *RULES} - {"perceptron", "max_unpool", "activation", "pixel_shuffle", "reshape"}
