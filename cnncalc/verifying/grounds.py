"""In which numbers gradients are verified: exactly, else in balls, else in doubles; each as far as its work reaches.

Work is counted in multiplications within a matrix product (about 100 ns), and never timed: what is verified in which
numbers is the same on every machine.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar, Literal

import numpy as np

from cnncalc.arithmetic.ball import Ball
from cnncalc.arithmetic.base import Array, OpenLetters, OutOfRange, TooCostly, Undecided
from cnncalc.arithmetic.dual import ComplexStep, Duals
from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.symbolic import BUDGET, Symbolic
from cnncalc.layers.base import Loss
from cnncalc.problem.problem import Problem, require_numbers
from cnncalc.problem.text.faults import ProblemError
from cnncalc.solver import EXACT_BUDGET, check_values, solve, solve_in
from cnncalc.step import Step
from cnncalc.trace import Trace
from cnncalc.verifying.slopes import PER_NUMBER, Slopes

Kind = Literal["exact", "balls", "doubles"]
EXACTLY = 20_000_000
"""Work that is spent on proofs, at least …"""
FOR_ONE_SOLUTION = 20
"""… and for what the solution took, if that is more …"""
AT_MOST = 35_000_000
"""… but no more than this, which is about three seconds."""
AT_ONCE = 5
"""The part of it that one way of looking at one gradient may take."""
IN_BALLS = 20_000_000
"""Work on what could not be proved; a number takes as long in a ball as exactly."""
IN_DOUBLES = 3_000_000_000
"""Work on problems too large for anything else; a number takes a hundredth of the time."""
PRECISION = 256
"""Bits of a ball."""
SHARP = 2.0**-60
"""Balls must be known as well as this, for what is added up, to agree."""
AGREE, DISAGREE = 1e-10, 1e-6
"""For what is added up: doubles that differ by less agree, by more disagree. In between doubles do not tell."""
ALL_BUT_ONE = 1e-5
"""A difference from 1 of which doubles know eleven digits."""
LEAST = 1e-9
"""A difference of doubles that says anything."""


class NotToldError(Exception):
    """Whether two ways agree cannot be told in these numbers, or not with the work that is left."""


class Ground(ABC):
    """One solution, and what of its gradients can be told in its numbers."""

    kind: ClassVar[Kind]
    is_local: ClassVar[bool] = False
    """Whether a derivative is taken of one layer, and what lies behind it from the gradient there."""
    most_terms: ClassVar[int] = 40_000
    """Terms that are added up of one gradient."""

    def __init__(self, trace: Trace, numbers: Duals | ComplexStep, work: int) -> None:
        self.trace = trace
        self.left = work
        has_gradients = bool(trace.steps) and "g" in trace.steps[-1].tensors
        self.slopes = Slopes(trace, numbers) if has_gradients else None

    def spend(self, work: int) -> None:
        """Take work off what is left; raises NotToldError if there is too little."""
        if work > self.left:
            raise NotToldError
        self.left -= work

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Around all that is computed; raises NotToldError where the numbers do not reach."""
        try:
            yield
        except (Undecided, OutOfRange) as error:
            raise NotToldError from error

    @abstractmethod
    def is_nothing(self, summands: Array, scale: float = 0.0, least: float = 0.0) -> bool:
        """Whether a sum is 0; `scale` is how large its summands are, if that is more. Raises NotToldError.

        Less than `least` is no difference that says anything.
        """

    def scale(self, x: Array) -> float:
        """How large numbers are; 0 where that does not matter."""
        return 0.0

    def least(self, steps: Sequence[Step]) -> float:
        """A difference that says something behind these steps, 0 for any; raises NotToldError where none does."""
        return 0.0

    def are_same(self, a: Array, b: Array) -> bool:
        """Whether two arrays agree. Raises NotToldError."""
        scale = self.scale(b)
        pairs = zip(a.ravel().tolist(), b.ravel().tolist(), strict=True)
        return all(self.is_nothing(np.asarray([left, -right]), scale) for left, right in pairs)


class ExactGround(Ground):
    """Proofs in the exact ring, in letters where there are any."""

    kind = "exact"

    def __init__(self, problem: Problem, numbers: Exact, work: int) -> None:
        """Raises TooCostly where the solution takes more work than that."""
        duals = Duals(numbers)
        with numbers.allowance(work):
            before = numbers.field.left
            trace = solve_in(numbers, problem)
            taken = before - numbers.field.left
        super().__init__(trace, duals, max(EXACTLY, min(FOR_ONE_SOLUTION * taken, AT_MOST)))
        self.numbers = numbers
        self.at_once = self.left // AT_ONCE

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """With an allowance for one proof."""
        field = self.numbers.field
        with super().at_work(), self.numbers.allowance(min(self.at_once, self.left)):
            before = field.left
            try:
                yield
            finally:
                self.left = max(0, self.left - (before - field.left))

    def is_nothing(self, summands: Array, scale: float = 0.0, least: float = 0.0) -> bool:
        """By algebra."""
        told = self.numbers.proves_zero(self.numbers.sum(summands, 0)[()])
        if told is None:
            raise NotToldError
        return told


class BallGround(Ground):
    """Enclosures to some seventy digits."""

    kind = "balls"

    def __init__(self, problem: Problem) -> None:
        with Ball.precision(PRECISION):
            trace = solve_in(Ball(), problem)
        super().__init__(trace, Duals(trace.numbers), IN_BALLS)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """With the digits that the balls have."""
        with super().at_work(), Ball.precision(PRECISION):
            yield

    def is_nothing(self, summands: Array, scale: float = 0.0, least: float = 0.0) -> bool:
        """Whether the ball holds 0, and little else."""
        total: Any = sum(summands)
        size = sum((abs(summand) for summand in summands), abs(total))
        if not total.is_finite():
            raise NotToldError
        if not total.contains(0):
            return False
        if total.rad() > max(float(size.mid()), scale, SHARP) * SHARP:
            raise NotToldError
        return True

    def scale(self, x: Array) -> float:
        """The largest."""
        return float(max((abs(element).mid() for element in x.ravel().tolist()), default=0.0))


class DoubleGround(Ground):
    """Doubles, layer by layer."""

    kind = "doubles"
    is_local = True
    most_terms = 4_000

    def __init__(self, problem: Problem) -> None:
        super().__init__(solve(problem, "float"), ComplexStep(), IN_DOUBLES)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Without warnings of what is not finite."""
        with super().at_work(), np.errstate(all="ignore"):
            yield

    def is_nothing(self, summands: Array, scale: float = 0.0, least: float = 0.0) -> bool:
        """Whether little is left of what is added up."""
        difference, size = abs(float(summands.sum())), max(float(np.abs(summands).sum()), scale)
        if difference <= AGREE * size and np.isfinite(size):
            return True
        if difference > max(DISAGREE * size, least or LEAST):
            return False
        raise NotToldError

    def scale(self, x: Array) -> float:
        """The largest."""
        return float(np.max(np.abs(x), initial=0.0))

    def least(self, steps: Sequence[Step]) -> float:
        """In the size of the gradient that arrives: it may be as large as 1/(1 − y), where y has lost what is left."""
        largest = 1.0
        for step in steps:
            if _is_lost(step):
                raise NotToldError
            # Where gradients are only added up, none arrives from behind.
            largest = max(largest, float(np.max(np.abs(step.tensors.get("g", 0.0)), initial=0.0)))
        if not np.isfinite(largest):
            raise NotToldError
        return LEAST * largest

    def are_same(self, a: Array, b: Array) -> bool:
        """For the largest, all at once."""
        return self.is_nothing(np.max(np.abs(a - b), initial=0.0, keepdims=True).ravel(), self.scale(b))


def _is_lost(step: Step) -> bool:
    """Whether the loss is one of log(1 − x) where x, in doubles, is all but 1."""
    if not isinstance(step.layer, Loss):
        return False
    slopes, x = step.layer.slopes_of_logarithms(step.tensors["target"]), step.tensors["x"]
    return slopes is not None and bool((1 - x[slopes[1] != 0] < ALL_BUT_ONE).any())


class Grounds:
    """The solutions of one problem, each made when it is first needed and if it can be afforded."""

    def __init__(self, problem: Problem) -> None:
        require_numbers(problem)
        self.problem = problem
        self._work = work_of(problem)
        self._made: dict[Kind, Ground | None] = {}
        self._error: ProblemError | None = None

    def __iter__(self) -> Iterator[Ground]:
        """Those that there are, the best first; raises ProblemError as `solve` does."""
        makers: dict[Kind, Callable[[], Ground | None]] = {
            "exact": self._exactly, "balls": self._in_balls, "doubles": partial(DoubleGround, self.problem)
        }  # fmt: skip
        for kind, make in makers.items():
            if kind not in self._made:
                self._made[kind] = self._tried(make)
            ground = self._made[kind]
            if ground is not None:
                yield ground
        if not any(self._made.values()):
            assert self._error is not None, "doubles are always tried"
            raise self._error

    def _tried(self, make: Callable[[], Ground | None]) -> Ground | None:
        """A ground, or None where it is only these numbers that do not reach so far."""
        try:
            return make()
        except TooCostly:
            return None
        except ProblemError as error:
            cause = error.__cause__
            is_undecided = isinstance(cause, Undecided) and not isinstance(cause, OpenLetters)
            if not self._made and not is_undecided:
                # What cannot be computed exactly cannot be computed at all.
                raise
            self._error = self._error or error
            return None

    def _exactly(self) -> Ground | None:
        if self.problem.has_letters:
            batched = self.problem.batch is not None
            return ExactGround(self.problem, Symbolic(self.problem.index_base, batched), BUDGET)
        if self._work > EXACT_BUDGET:
            return None
        numbers = Exact()
        # What is kept as one long sum could not be told from another.
        numbers.field.largest_sum = None
        return ExactGround(self.problem, numbers, EXACT_BUDGET)

    def _in_balls(self) -> Ground | None:
        if self._work > IN_BALLS // 4:
            return None
        check_values(self.problem, "balls")
        return BallGround(self.problem)


def work_of(problem: Problem) -> int:
    """What a solution takes, before there is one."""
    numbers = sum(int(np.prod(entry.input_shape)) for entry in problem.layers)
    return problem.multiplications + PER_NUMBER * (problem.batch or 1) * numbers
