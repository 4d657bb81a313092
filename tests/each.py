"""Many small cases in one test: pytest takes longer over an item than most of them do."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def for_each(cases: Iterable[T], holds: Callable[[T], None], named: Callable[[T], str] = str) -> None:
    """Hold `holds` against every case, and fail with all that do not, each by its name."""
    failed: dict[str, str] = {}
    listed = list(cases)
    for case in listed:
        try:
            holds(case)
        except Exception as error:
            failed[named(case)] = f"{type(error).__name__}: {error}"
    assert listed, "there is no case"
    assert not failed, "\n".join(f"{name}: {what}" for name, what in failed.items())
