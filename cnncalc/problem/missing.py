"""What a problem lacks to be solved: the numbers of tensors of which only the shape is known."""

from cnncalc.layers.base import by
from cnncalc.problem.problem import Problem
from cnncalc.problem.text.faults import Fault, ProblemError
from cnncalc.problem.text.wording import listing

NAMED = 3


def require_numbers(problem: Problem) -> None:
    """Raise ProblemError, one fault for all of them, where a tensor has no numbers."""
    if not problem.blanks:
        return
    first, *others = problem.blanks
    shape = first.entries.shape
    if any(first is given for given in problem.inputs) and problem.batch is None:
        shape = shape[1:]
    message = f"{first.name} has a shape ({by(shape)}), but no numbers"
    if others:
        names = [tensor.name for tensor in others[:NAMED]] + [f"{len(others) - NAMED} more"] * (len(others) > NAMED)
        message += f", and neither has {listing(names)}"
    remedy = "give them (`value`, `fill`, `random` or `file`), or use `cnncalc shapes`, which needs none"
    raise ProblemError([Fault(message, remedy, first.place)], problem.file, problem.text)
