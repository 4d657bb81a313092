"""Problem -> Trace: in which numbers a problem is solved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange, TooCostly, Undecided
from cnncalc.arithmetic.expression import Variable, variables
from cnncalc.language import Phrase
from cnncalc.passes import Passes
from cnncalc.problem.names import quantity_name
from cnncalc.problem.problem import LOADED, NUMBERS, GivenTensor, Numbers, Problem, require_numbers
from cnncalc.problem.text.faults import Fault, ProblemError
from cnncalc.records import expect, replace
from cnncalc.trace import Trace

if TYPE_CHECKING:
    from cnncalc.arithmetic.float64 import Float64

EXACT_BUDGET = 12_000_000
"""Work that `auto` spends on an exact solution, in products of two rationals: about a second."""

ASKED_BUDGET = 30_000_000
"""Work on an exact solution that is asked for: about three seconds; and more for a network that is large by itself."""

OUTPUT_BUDGET = 25_000_000
"""Work on what a command writes of an exact solution: what is behind it is left out, and that is said."""

SHEET_BUDGET = 10_000_000
"""Work on exact numbers that judging a sheet may take, and writing about it as much again: about a second each."""

WORTH_A_TEAM = 15_000_000
"""Multiplications below which the threads of BLAS are enough."""

_EXACT_HELPS = ", or solve with --numbers exact, which cannot overflow"
_CHOSE_FLOAT = Phrase(
    "numbers: float64, since this problem is too large to be solved exactly in about a second"
    " (--numbers exact goes on for longer)"
)
WORK_OF_A_PRODUCT = 100
"""What a multiplication of a large network may take, whose numbers grow from layer to layer."""
OUTGREW = Phrase("numbers: float64, since exact numbers take more work here than there is any use in")
_UNDECIDED = Phrase(
    "numbers: float64, since at {step} exact numbers leave undecided whether a number is 0; float64 goes there by"
    " the sign of its rounded number"
)


def solve(problem: Problem, numbers: Numbers | None = None) -> Trace:
    """Compute every tensor and every gradient.

    `numbers` overrides the problem's own choice; `auto` is exact unless that would take more than about a second or a
    comparison stays undecided; `exact` goes on for longer. Raises ProblemError where the data leaves what can be
    computed (log 0), and for `exact` where a comparison stays undecided.
    """
    expect(problem, Problem, LOADED)
    require_numbers(problem)
    choice = problem.numbers if numbers is None else numbers
    if choice not in NUMBERS:
        raise ValueError(f"numbers is {choice!r}; it is one of {', '.join(map(repr, NUMBERS))}")
    if choice == "symbolic" or (choice == "auto" and problem.has_letters):
        from cnncalc.arithmetic.symbolic import BUDGET, Symbolic

        symbolic = Symbolic(problem.index_base, problem.batch is not None)
        with symbolic.allowance(BUDGET):
            return Passes(problem, symbolic).trace()
    if problem.has_letters:
        check_values(problem, choice)
    if choice == "float":
        try:
            return _solve_in_float(problem)
        except ProblemError as error:
            if not isinstance(error.__cause__, OutOfRange) or not _is_exactly_solved(problem):
                raise
            # Beyond the largest double, or rounded to 0, there are numbers; log(-1) is none anywhere.
            faults = [replace(fault, remedy=fault.remedy + _EXACT_HELPS) for fault in error.faults]
            raise ProblemError(faults, error.source, error.text) from error
    return _exactly_or_in_float(problem, is_asked=choice == "exact")


def _is_exactly_solved(problem: Problem) -> bool:
    """Whether exact numbers go through, and soon."""
    from cnncalc.arithmetic.exact import Exact

    numbers = Exact()
    with suppress(ProblemError, TooCostly), numbers.allowance(EXACT_BUDGET):
        return problem.multiplications <= EXACT_BUDGET and bool(solve_in(numbers, problem))
    return False


def solve_in(numbers: Arithmetic, problem: Problem, notices: tuple[Phrase, ...] = ()) -> Trace:
    """Compute every tensor and every gradient in a number system; raises as `solve`, and what the system raises."""
    return Passes(problem, numbers).trace(notices)


def solve_for(problem: Problem, numbers: Numbers | None, names: Sequence[str] = ()) -> Trace:
    """As `solve`; numbers may be missing where only sizes and counts are asked for, by name or in the questions."""
    asked = names or [name for answers in problem.questions.values() for name in answers]
    counts_only = problem.blanks and asked and all(map(quantity_name, asked))
    return solution_for_answers(problem, numbers) if counts_only else solve(problem, numbers)


def solution_for_answers(problem: Problem, numbers: Numbers | None = None, budget: int | None = None) -> Trace:
    """What answers are compared with: the solution, letters standing for their values; raises ProblemError.

    Of a problem without numbers, its sizes and counts alone. `budget` is for exact numbers, where that is less.
    """
    if budget is not None and not (problem.blanks or problem.has_letters) and (numbers or problem.numbers) != "float":
        return _exactly_or_in_float(problem, budget=budget)
    if not problem.blanks:
        if problem.has_letters and (numbers or problem.numbers) in ("auto", "symbolic"):
            is_open = _open_letters(problem) or any(entry.layer.names_input for entry in problem.layers)
            return _for_any_letters(problem) if is_open else _exactly_or_in_float(problem)
        return solve(problem, numbers)
    from cnncalc.arithmetic.symbolic import Generic

    return Trace(problem, Generic(), (), ())


def _for_any_letters(problem: Problem) -> Trace:
    """With a number for each letter that has none: what is wrong for these is wrong."""
    from cnncalc.arithmetic.symbolic import BUDGET, Generic

    numbers = Generic(_distributions(problem))
    passes = Passes(problem, numbers)
    try:
        with numbers.allowance(BUDGET):
            return passes.trace()
    except TooCostly as error:
        raise passes.outgrown(error) from error


def _distributions(problem: Problem) -> list[Array]:
    """The targets that sum to 1."""
    loss = problem.loss
    return [loss.target.entries] if loss is not None and loss.loss.target_is_distribution else []


def in_doubles(trace: Trace) -> Trace:
    """The solution in doubles, of a problem of whose exact numbers nothing more can be asked; raises ProblemError."""
    message = "the letters take more work here than there is any use in, and {letter} has no number"
    require_values(trace.problem, message, "give `values` beside `symbol`, or ask for less at a time")
    return _solve_in_float(trace.problem)


def _exactly_or_in_float(problem: Problem, is_asked: bool = False, budget: int | None = None) -> Trace:
    """In doubles, with a notice, where exact numbers take too long or, unasked for, leave a comparison undecided."""
    from cnncalc.arithmetic.exact import Exact

    if is_asked:
        budget = ASKED_BUDGET + WORK_OF_A_PRODUCT * problem.multiplications
    elif budget is None:
        budget = EXACT_BUDGET
    if problem.multiplications > budget:
        return _solve_in_float(problem, (_CHOSE_FLOAT,))
    numbers = Exact()
    numbers.is_tried = not is_asked
    passes = Passes(problem, numbers)
    try:
        with numbers.allowance(budget, for_digits=0):
            trace = passes.trace()
            for tensor in trace:
                # The doubles, for which everybody asks, are kept by the tensor, so that nothing is done twice.
                _ = tensor.value
        return trace
    except TooCostly as error:
        try:
            return _solve_in_float(problem, (OUTGREW if is_asked else _CHOSE_FLOAT,), _found(passes))
        except ProblemError:
            if is_asked:
                raise passes.outgrown(error) from error
            raise
    except ProblemError as error:
        if is_asked or not isinstance(error.__cause__, Undecided):
            raise
        with suppress(ProblemError):
            return _solve_in_float(problem, (_UNDECIDED.format(step=passes.at[0]),), _found(passes))
        raise


def _found(passes: Passes) -> dict[str, Array]:
    """The doubles of what exact numbers came to: a 0 among them is none in sums of doubles, and ends at another branch.

    Adam divides by it, a leaky ReLU has its kink there.
    """
    found: dict[str, Array] = {}
    with suppress(Undecided), passes.numbers.allowance(EXACT_BUDGET // 4):
        for tensor in (*passes.forward, *passes.backward):
            if np.isfinite(tensor.value).all():
                found[tensor.name] = tensor.value
    return found


def check_values(problem: Problem, choice: str) -> None:
    """Raise ProblemError unless each letter has a value that can stand for it."""
    remedy = "write numbers: symbolic (or auto), or give `values` beside `symbol`"
    require_values(problem, f"numbers: {choice} needs a number for each letter, and {{letter}} has none", remedy)


def require_values(problem: Problem, message: str, remedy: str) -> None:
    """Raise ProblemError with this message for the first letter without a value, `x_1 of x`, of each tensor."""
    faults = [
        Fault(message.format(letter=f"{bare.letter} of {tensor.name}"), remedy, tensor.place)
        for tensor, bare in _open_letters(problem)
    ]
    if faults:
        raise ProblemError(faults, problem.file, problem.text)


def _open_letters(problem: Problem) -> list[tuple[GivenTensor, Variable]]:
    """The tensors with letters that have no value, each with the first of them."""
    found = []
    for tensor in problem.given:
        for entry in tensor.entries.flat if tensor.entries.dtype == object else ():
            if (bare := next((v for v in variables(entry) if v.value is None), None)) is not None:
                found.append((tensor, bare))
                break
    return found


def _solve_in_float(
    problem: Problem, notices: tuple[Phrase, ...] = (), known: Mapping[str, Array] | None = None
) -> Trace:
    """In doubles, from what is `known`; large products and pools of a large problem by several threads."""
    numbers = _doubles()()
    if problem.multiplications < WORTH_A_TEAM:
        return Passes(problem, numbers, known).trace(notices)
    from cnncalc.arithmetic.team import team

    with team() as numbers.team:
        try:
            return solve_in(numbers, problem, notices)
        finally:
            numbers.team = None


@cache
def _doubles() -> type[Float64]:
    """The arithmetic, imported when first used, and memory prepared for it."""
    from cnncalc.arithmetic.float64 import Float64
    from cnncalc.arithmetic.team import keep_freed_memory

    keep_freed_memory()
    return Float64
