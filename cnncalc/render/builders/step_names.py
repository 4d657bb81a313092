r"""What the macros in a layer's formulas and lessons stand for: the tensors of one step, and the letters that count."""

from collections.abc import Mapping

from cnncalc.render.formula.formula_nodes import COMMANDS, NOTHING, Index, Name, Names, Node, Words
from cnncalc.step import Step
from cnncalc.trace import Trace

SYMBOLS = {"sigmoid": ("σ", COMMANDS["sigma"], "operatorname"), "eps": ("ε", COMMANDS["varepsilon"], "mathrm")}
"""By macro: the Greek letter that is usual, and what stands for it in words where a tensor is called so."""


def step_names(trace: Trace, step: Step | None) -> Names:
    """The step's tensors with their shapes, and the letters; without a step the letters alone."""
    if step is None:
        return letters(trace)
    tensors = {local: _tensor(trace, step, local, name) for local, name in step.names.items()}
    return {**letters(trace, step.layer.index_sizes(trace.setting(step))), **tensors}


def with_next(trace: Trace, step: Step) -> Names:
    r"""The same, and the tensors of the step that takes its output: `\nexttarget`."""
    y = step.names["y"]
    after = next((other for other in trace.steps if other.names["x"] == y), None)
    names = {} if after is None else after.names
    following = {f"next{local}": _tensor(trace, after, local, name) for local, name in names.items() if after}
    return {**following, **step_names(trace, step)}


def letters(trace: Trace, sizes: Mapping[str, int] | None = None) -> dict[str, Node]:
    """The letter of each role; those in `sizes` run so far, all others as far as the axis that they count along."""
    base, sizes = trace.problem.index_base, sizes or {}
    chosen: dict[str, Node] = {
        role: Index(letter, base, base + sizes[role] - 1 if role in sizes else None)
        for role, letter in trace.index_letters.items()
    }
    if trace.problem.batch is None:
        chosen["n"] = NOTHING
    return chosen | symbols(trace)


def symbols(trace: Trace) -> dict[str, Node]:
    """What is always written as the same Greek letter, unless a tensor is called so."""
    return {macro: Words(command, macro) if sign in trace else atom for macro, (sign, atom, command) in SYMBOLS.items()}


def _tensor(trace: Trace, step: Step, local: str, name: str) -> Name:
    """A tensor of the step as readers know it; of maps of 1×1 that the layer takes for features, the row and column."""
    if name not in trace:
        return Name(name)
    shape, base = trace[name].shape, trace.problem.index_base
    seen = step.tensors[local].ndim - (trace.problem.batch is None)
    is_flattened = local in ("x", "dx") and len(shape) - seen == 2
    return Name(name, shape, (base, base) if is_flattened else ())
