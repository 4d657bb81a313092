"""Problem -> the script of a library."""

from typing import Literal, get_args

from cnncalc.language import Language
from cnncalc.problem.problem import Problem, require_numbers
from cnncalc.problem.text.faults import Fault, ProblemError
from cnncalc.solver import open_letters, solution_for_answers
from cnncalc.trace import Trace

Library = Literal["pytorch", "numpy"]
LIBRARIES: tuple[Library, ...] = get_args(Library)


def export(problem: Problem, library: Library, language: Language = "en") -> str:
    """The script; raises ProblemError for what cannot be solved, or not be written in that library."""
    require_numbers(problem)
    if problem.has_letters:
        _require_values(problem)
    return script(solution_for_answers(problem), library, language)


def script(trace: Trace, library: Library, language: Language = "en") -> str:
    """The same of what is solved."""
    if library == "pytorch":
        from cnncalc.code.to_pytorch import PyTorchScript

        return PyTorchScript(trace, language).text()
    from cnncalc.code.to_numpy import NumPyScript

    return NumPyScript(trace, language).text()


def _require_values(problem: Problem) -> None:
    faults = []
    for tensor, bare in open_letters(problem):
        message = f"a script computes with numbers, and the letter {bare.letter} of {tensor.name} has none"
        faults.append(Fault(message, "give `values` beside `symbol`, or write numbers", tensor.place))
    if faults:
        raise ProblemError(faults, problem.file, problem.text)
