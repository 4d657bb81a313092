"""Primitives that an arithmetic may do in its own way, against plain Python."""

from typing import Any

import numpy as np
import pytest

from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.float64 import Float64


@pytest.mark.parametrize("numbers", [Float64(), Exact()], ids=["float", "exact"])
def test_first_largest(numbers: Any) -> None:
    """Against Python's max, with ties, and with cells that do not count."""
    draw = np.random.default_rng(3)
    cells, counts = draw.integers(-2, 3, (5, 200)), draw.random((5, 200)) < 0.5
    counts[draw.integers(0, 5, 200), np.arange(200)] = True
    for counted in (None, counts):
        largest, first = numbers.first_largest(numbers.array(cells.astype(object)), counted)
        for n in range(200):
            numbered = [(cells[i, n], -i) for i in range(5) if counted is None or counted[i, n]]
            assert (int(numbers.to_float(largest)[n]), -int(first[n])) == max(numbered)


@pytest.mark.parametrize("numbers", [Float64(), Exact()], ids=["float", "exact"])
def test_added_at(numbers: Any) -> None:
    shares = numbers.array(np.array([1, 2, 4, 8], dtype=object))
    added = numbers.added_at(np.array([3, 0, 3, 1]), shares, 5)
    assert numbers.to_float(added).tolist() == [2, 8, 0, 5, 0]
