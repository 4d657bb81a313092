"""A function that is left general stands for tanh where numbers are computed: its laws hold for any function."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from cnncalc.arithmetic.base import Arithmetic


def as_tanh(numbers: Any, symbol: str, x: Any) -> Any:
    """Tanh, or its derivative for φ'."""
    y = numbers.apply("tanh", x)
    return np.asarray(1 - y * y if symbol.endswith("'") else y)


@pytest.fixture(scope="module", autouse=True)
def general_is_tanh() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Arithmetic, "general", as_tanh)
        yield
