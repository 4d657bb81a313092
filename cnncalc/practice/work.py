"""How much work the search for good numbers may be, counted and not timed: the same on every machine."""

from collections.abc import Iterator
from contextlib import contextmanager

from cnncalc.arithmetic.base import TooCostly, Undecided
from cnncalc.arithmetic.exact import Exact
from cnncalc.checking.in_doubles import Branching
from cnncalc.practice.inspection import work_on
from cnncalc.problem.problem import Problem
from cnncalc.problem.text.faults import Fault, ProblemError
from cnncalc.solver import solve_in
from cnncalc.trace import Trace

MOST_WORK, WORK_OF_A_TRY = 40_000_000, 10_000_000
"""Counted alike on any machine: of all tries, some four seconds, and on the exact numbers of one of them."""


class Work:
    """What the search may still take; a try that takes too much in exact numbers is looked at in doubles."""

    def __init__(self) -> None:
        self.left = MOST_WORK

    def charge(self, work: int) -> None:
        """Take off what was done in doubles."""
        self.left -= work

    def roughly(self, problem: Problem) -> Trace:
        """The solution in doubles, which branch as exact numbers do."""
        trace = solve_in(Branching(), problem)
        self.charge(sum(work_on(tensor.elements.size) for tensor in trace))
        return trace

    @contextmanager
    def exactly(self, problem: Problem) -> Iterator[Trace]:
        """The solution; raises ProblemError, or TooCostly here or within, and at once when nothing is left."""
        numbers = Exact()
        try:
            with numbers.allowance(min(WORK_OF_A_TRY, self.left)):
                try:
                    yield solve_in(numbers, problem)
                finally:
                    self.left -= WORK_OF_A_TRY - max(numbers.field.left, 0)
        except TooCostly:
            # Others of these shapes take as much.
            self.left -= WORK_OF_A_TRY
            raise
        except Undecided as error:
            raise ProblemError([Fault(str(error), "")], problem.file) from error
