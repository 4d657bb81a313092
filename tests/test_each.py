"""The test of many small cases names all that fail."""

import pytest

from .each import for_each


def is_even(number: int) -> None:
    assert number % 2 == 0, "odd"


def test_each_case_that_fails_is_named() -> None:
    for_each([2, 4], is_even)
    with pytest.raises(AssertionError, match=r"3: AssertionError: odd.*\n(.*\n)*5: "):
        for_each([2, 3, 4, 5], is_even)
    with pytest.raises(AssertionError, match="no case"):
        for_each([], is_even)
