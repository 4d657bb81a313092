"""What the macros of formulas stand for, and what an element of a trace is called, with the number that it is."""

from collections.abc import Mapping
from typing import Any

from cnncalc.arithmetic.base import LEFT_OUT as TOO_LONG
from cnncalc.arithmetic.base import Element, Undecided
from cnncalc.arithmetic.closed.closed_form import hashed
from cnncalc.language import Phrase, verbatim
from cnncalc.layers.base import Index
from cnncalc.render.formula.formula import TOKEN, Formula
from cnncalc.render.formula.formula_nodes import COMMANDS, NOTHING, Name, Names, Node, Words, macro
from cnncalc.render.formula.formula_nodes import Index as Counted
from cnncalc.render.formula.term_formula import number_formula
from cnncalc.render.table.number import Number, describe, is_telling
from cnncalc.step import Step
from cnncalc.trace import Tensor, Trace

PARAMETERS = {
    "weight": Phrase("weight"),
    "bias": Phrase("bias"),
    "mask": Phrase("mask"),
    "gamma": Phrase("gamma"),
    "beta": Phrase("beta"),
    "runningmean": Phrase("running mean"),
    "runningvar": Phrase("running variance"),
}
"""What people call the parameters of a layer."""
SYMBOLS = {"sigmoid": ("σ", COMMANDS["sigma"], "operatorname"), "eps": ("ε", COMMANDS["varepsilon"], "mathrm")}
"""By macro: the Greek letter that is usual, and what stands for it in words where a tensor is called so."""


def parameter_word(local: str) -> Phrase:
    """A parameter by the layer's name for it; Chinese words need no blank in front, others do."""
    return PARAMETERS.get(local) or Phrase("", " ") + verbatim(local)


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
        role: Counted(letter, base, base + sizes[role] - 1 if role in sizes else None)
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


LONGEST_LETTERS = 1000
"""Characters of a sum of letters in a working; the name of an element says more than a longer one."""


class Naming:
    """The elements of one trace, named and as numbers. `everything` never shortens letters."""

    def __init__(self, trace: Trace, digits: int, everything: bool = False) -> None:
        self.trace = trace
        self.digits = digits
        self.everything = everything
        self.base = trace.problem.index_base
        self.names: dict[str, str | Node] = {macro(name): name for name in trace.names}
        self.names |= symbols(trace)
        """What the macros stand for in all that has been written so far: tensors, and letters as they come up."""
        self.leaves_out = False
        """Whether a sum of letters was too long to be written, and nothing stands for it."""
        self._numbers: dict[tuple[Any, str | None], Number] = {}
        self._texts: dict[str, str] = {}
        """What the same elements, and pieces of lines, have been written as: they stand in many terms."""

    # Names

    def source(self, tensor: Tensor, index: Index | None = None) -> str:
        """An element, or with no index the tensor, as LaTeX for `Formula`."""
        below = ",".join(str(i + self.base) for i in index) if index else ""
        self.names.setdefault(macro(tensor.name), tensor.name)  # one that was made on request
        return rf"\{macro(tensor.name)}" + (f"_{{{below}}}" if below else "")

    def address(self, tensor: Tensor, index: Index) -> str:
        """An element as it is asked for: `dL/dh[1,2,3,1]`."""
        return tensor.name + (f"[{','.join(str(i + self.base) for i in index)}]" if index else "")

    def formula(self, source: str) -> Formula:
        """LaTeX with the macros of `source`, parsed."""
        return Formula(source, self.names)

    def with_macros(self, source: str, step: Step) -> str:
        """A formula of a step, its macros put in those that mean the same everywhere in the trace."""
        own = {f"\\{local}": node for local, node in step_names(self.trace, step).items()}
        known = {token: macro(f"{step.name} {token}") for token in TOKEN.findall(source) if token in own}
        self.names.update({known[token]: own[token] for token in known})
        return "".join(f"\\{known[token]}" if token in known else token for token in TOKEN.findall(source))

    # Numbers

    def number(self, element: Element) -> Number:
        """An element as text; letters as far as somebody may want to read them."""
        return self.described(element, None)

    def described(self, element: Element, closed_form: str | None) -> Number:
        """The same with its closed form, if it has one."""
        key = hashed(element), closed_form
        if key not in self._numbers:
            longest = None if self.everything else LONGEST_LETTERS
            self._numbers[key] = describe(self.trace.numbers, element, self.digits, closed_form, longest)
        self.leaves_out = self.leaves_out or self._numbers[key].text == TOO_LONG
        return self._numbers[key]

    def number_source(self, number: Number) -> str:
        """A number as LaTeX; what its macros stand for is kept in `names`."""
        formula = number_formula(number)
        self.names.update(formula.names)
        return formula.source

    def value(self, tensor: Tensor, index: Index) -> Number:
        """An element as text, with its closed form where it is irrational and has a short one."""
        element = tensor.elements[index]
        closed = None
        numbers = self.trace.numbers
        if numbers.proven and not numbers.letters_of(element) and numbers.rational(element) is None:
            try:
                closed = tensor.closed_form(index)
            except Undecided:
                closed = None
            closed = closed if is_telling(closed) else None
        return self.described(element, closed)
