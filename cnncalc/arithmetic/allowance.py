"""How much work an exact calculation may still do, counted in steps and not in seconds: the same on every machine."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from math import isqrt

from cnncalc.arithmetic.base import TooCostly, Undecided

UNBOUNDED = 2**62
"""Work that nobody will ever do."""
ONE_DECISION = 3_000_000
"""Work after which one comparison, or the digits of one number, are given up: a third of a second."""

LONGEST = 2**22
"""Bits of a number that is computed with, whatever is allowed: a million digits. Beyond, memory itself would end."""


class Allowance:
    """What is left of the work that was granted, in products of two small rationals: about 100 ns each.

    Whatever takes longer the larger its numbers are is charged by their size. Allowances nest: an inner one never
    gives more than what the one around it has left, and what it uses up is used up there as well.
    """

    def __init__(self) -> None:
        self.left = UNBOUNDED
        self._for_digits = 0
        """What the digits of numbers may still take when nothing else is left."""

    def charge(self, work: int) -> None:
        """Take `work` off what is left; raises TooCostly when that is used up."""
        self.left -= work
        if self.left < 0:
            raise TooCostly("the exact calculation has outgrown its budget")

    def charge_size(self, bits: int, times: int = 1) -> None:
        """Charge `times` operations on numbers of so many bits, over what they cost on numbers of one word.

        Raises TooCostly beyond `LONGEST` whatever is left, so that no number outgrows the memory.
        """
        words = bits >> 6
        if words:
            if bits > LONGEST:
                raise TooCostly("a number has grown longer than a million digits")
            self.charge(times * words * isqrt(words))

    @contextmanager
    def allowed(self, work: int, for_digits: int = 0) -> Iterator[None]:
        """At most so much work within; the digits of numbers may take `for_digits` besides."""
        outer, granted = self.left, min(self.left, work)
        before, self._for_digits, self.left = self._for_digits, for_digits, granted
        try:
            yield
        finally:
            self._for_digits, self.left = before, outer - (granted - self.left)

    def one_of(self, parts: int) -> AbstractContextManager[None]:
        """At most one of so many equal parts of what is left within."""
        return self.allowed(self.left // parts, self._for_digits)

    @contextmanager
    def one_decision(self, work: int = ONE_DECISION) -> Iterator[None]:
        """At most the work of one decision within; raises Undecided where that does not do, though more is left."""
        # There are tens of thousands of these: one generator each, and not three within each other.
        outer, granted = self.left, min(self.left, work)
        self.left = granted
        try:
            try:
                yield
            finally:
                self.left = outer - (granted - self.left)
        except TooCostly as error:
            if self.left < 0:
                raise
            raise Undecided("not decided with the work that is spent on one number", error.known) from error

    def digits(self) -> AbstractContextManager[None]:
        """One decision, that may still be made when nothing is left: what has to be said of a number in any case."""
        return self.one_decision() if self.left >= min(ONE_DECISION, self._for_digits) else self._beyond()

    @contextmanager
    def _beyond(self) -> Iterator[None]:
        outer, granted = self.left, min(ONE_DECISION, self._for_digits)
        self.left = granted
        try:
            yield
        finally:
            self._for_digits -= granted - self.left
            self.left = outer
