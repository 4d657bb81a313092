"""The formula of a tensor, as programs get it."""

from cnncalc.render.builders.step_names import step_names
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_latex import latex
from cnncalc.trace import Tensor, Trace


def formula(trace: Trace, tensor: Tensor) -> str | None:
    """The tensor's formula as LaTeX; None where it is given, or its layer has none for it."""
    source, step = trace.formula(tensor.name), trace.step(tensor.name)
    return None if source is None or step is None else latex(Formula(source, step_names(trace, step)))
