"""Problem -> the script of a library."""

from typing import Literal, get_args

from cnncalc.language import Language
from cnncalc.problem.problem import Problem, require_numbers
from cnncalc.solver import require_values, solution_for_answers
from cnncalc.trace import Trace

Library = Literal["pytorch", "numpy"]
LIBRARIES: tuple[Library, ...] = get_args(Library)


def export(problem: Problem, library: Library, language: Language = "en") -> str:
    """The script; raises ProblemError for what cannot be solved, or not be written in that library."""
    require_numbers(problem)
    if problem.has_letters:
        message = "a script computes with numbers, and the letter {letter} has none"
        require_values(problem, message, "give `values` beside `symbol`, or write numbers")
    return script(solution_for_answers(problem), library, language)


def script(trace: Trace, library: Library, language: Language = "en") -> str:
    """The same of what is solved."""
    if library == "pytorch":
        from cnncalc.code.to_pytorch import PyTorchScript

        return PyTorchScript(trace, language).text()
    from cnncalc.code.to_numpy import NumPyScript

    return NumPyScript(trace, language).text()
