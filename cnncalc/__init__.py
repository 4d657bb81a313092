"""cnncalc: the homework calculator for convolutional neural networks, exact and with its work shown.

>>> import cnncalc
>>> problem = cnncalc.load("problems/hw11.yaml")
>>> trace = cnncalc.solve(problem)
>>> trace["dL/dh"].value
"""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = [
    "AnswerError", "Outline", "Problem", "ProblemError", "Tensor", "Trace", "__version__", "check", "load", "loads",
    "shapes", "solve",
]  # fmt: skip

TYPE_CHECKING = False
"""As `typing` has it, which takes as long to import as half of what the start of the program can be stopped in."""
if TYPE_CHECKING:
    from typing import Any

    from cnncalc.checking.checker import check
    from cnncalc.outline import Outline, shapes
    from cnncalc.problem.loader import load, loads
    from cnncalc.problem.problem import Problem
    from cnncalc.problem.text.faults import AnswerError, ProblemError
    from cnncalc.solver import solve
    from cnncalc.trace import Tensor, Trace

_HOMES = {
    "AnswerError": "cnncalc.problem.text.faults",
    "Outline": "cnncalc.outline",
    "Problem": "cnncalc.problem.problem",
    "ProblemError": "cnncalc.problem.text.faults",
    "Tensor": "cnncalc.trace",
    "Trace": "cnncalc.trace",
    "check": "cnncalc.checking.checker",
    "load": "cnncalc.problem.loader",
    "loads": "cnncalc.problem.loader",
    "shapes": "cnncalc.outline",
    "solve": "cnncalc.solver",
}
_SHOWN = ("Tensor", "Trace", "check", "solve")
"""What brings things that show themselves: printed, and in a notebook."""


def __getattr__(name: str) -> Any:
    # Imported when first used: `cnncalc --version` needs neither NumPy nor YAML.
    if name not in _HOMES:
        raise AttributeError(f"module 'cnncalc' has no attribute {name!r}")
    from importlib import import_module

    if name in _SHOWN:
        import_module("cnncalc.notebook").attach()
    found = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return found
