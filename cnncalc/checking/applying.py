"""Rules of mistakes at work: what each makes of its subject, in each of the ways in which the mistake can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, Protocol, TypeVar

from cnncalc.language import Phrase

DOES_NOT_APPLY = (ArithmeticError, ValueError, IndexError, KeyError)
"""What a rule may end with on data that it is not for: no bias, another number of axes, a logarithm of nothing."""


class Named(Protocol):
    """What is said of a mistake."""

    @property
    def code(self) -> str:
        """Its name for good."""

    @property
    def phrase(self) -> Phrase:
        """What was done and, where that helps, what is right."""

    @property
    def kind(self) -> Literal["mistake", "convention"]:
        """A convention is right elsewhere."""


class Rule(Named, Protocol):
    """A mistake that can be made."""

    @property
    def rule(self) -> Callable[[Any], Iterator[Any]]:
        """What its subject comes to."""


R = TypeVar("R", bound=Rule)


def applied(mistakes: Iterable[R], subject: object) -> Iterator[tuple[R, Any]]:
    """Each mistake with what it makes of the subject; one that does not apply gives nothing."""
    for mistake in mistakes:
        made = mistake.rule(subject)
        while True:
            try:
                wrong = next(made)
            except (StopIteration, *DOES_NOT_APPLY):
                break
            yield mistake, wrong
