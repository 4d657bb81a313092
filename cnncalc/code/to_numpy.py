"""A solved problem as a plain script of NumPy: each line under its formula, forward and backward."""

import inspect
import re
from collections.abc import Mapping, Sequence

from cnncalc.code import numpy_functions
from cnncalc.code.numpy_recipes import LAYERS, LOSSES, back_of
from cnncalc.code.recipes import Recipe, lines
from cnncalc.code.script import Script
from cnncalc.render.builders.naming import step_names
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.step import Step

TABLES = {**LAYERS, **LOSSES}
FUNCTIONS = dict(inspect.getmembers(numpy_functions, inspect.isfunction))
CONSTANTS = """\
Array = np.ndarray
Pair = tuple[int, int]
Sides = tuple[Pair, Pair]
ALIKE = (1, 1)"""


class NumPyScript(Script):
    """Forward and backward written out; what NumPy has no function for stands in front."""

    library = "NumPy"
    make = "np.array"
    imports = ("import numpy as np",)
    compared: Mapping[str, str] = {
        "module": "np", "tensors": "np.array(numbers, dtype=float)", "numbers": "np.abs(numbers).max()",
        "found": "np.reshape(found[name], numbers.shape)", "difference": "np.abs(tensor - numbers).max()",
        "shape": "numbers.shape",
    }  # fmt: skip
    layers: Mapping[str, Recipe] = {name: forward for name, (forward, _) in TABLES.items()}

    def imported(self) -> list[str]:
        """The functions as well."""
        return ["np", "sliding_window_view", "Pair", "Sides", "ALIKE", *FUNCTIONS]

    def preamble(self, body: str) -> list[str]:
        """The functions that are called, and those that they call."""
        found: list[str] = []
        todo = [body]
        while todo:
            called = [name for name in FUNCTIONS if re.search(rf"\b{name}\(", todo[0]) and name not in found]
            found += called
            todo = [*todo[1:], *(inspect.getsource(FUNCTIONS[name]) for name in called)]
        sources = [f"\n\n{inspect.getsource(FUNCTIONS[name]).rstrip()}" for name in FUNCTIONS if name in found]
        # Of two branches the one that is not taken may overflow.
        quiet = ['np.seterr(all="ignore")'] if "np.where(" in body else []
        if not sources:
            return ["", *quiet]
        text = "\n".join(sources)
        windowed = ["from numpy.lib.stride_tricks import sliding_window_view"] if "sliding_window_view" in text else []
        return [*windowed, "", CONSTANTS, *quiet, *sources, ""]

    def comment(self, step: Step, local: str) -> None:
        """The formula, as the solution prints it."""
        source = step.layer.formulas(self.trace.setting(step)).get(local)
        if source is not None:
            lines = formula_text(Formula(source, step_names(self.trace, step)))
            self.body += [f"# {line}".rstrip() for line in lines]

    def backward(self, steps: Sequence[Step], meetings: Sequence[Step]) -> None:
        """From the loss back; what is used several times has a sum of gradients."""
        if self.problem.loss:
            self.assign(steps[-1].names["g"], "1", ())
        waiting = list(meetings)
        for step in reversed(steps):
            for local, text in lines(back_of(step.layer), step, "dx").items():
                self.comment(step, local)
                self.assign(step.names[local], self.filled(text, step), step.tensors[local].shape)
            for meeting in [one for one in waiting if self._parts(one).keys() <= self.made.keys()]:
                waiting.remove(meeting)
                self._meet(meeting)

    def _parts(self, meeting: Step) -> dict[str, None]:
        """What is added up, by name, in order."""
        return {name: None for local, name in meeting.names.items() if local != "y"}

    def _meet(self, meeting: Step) -> None:
        shape = meeting.tensors["y"].shape
        laid = {name: "" if self.made[name] == shape else f".reshape{shape}" for name in self._parts(meeting)}
        self.comment(meeting, "y")
        self.assign(meeting.name, " + ".join(self.names[name] + how for name, how in laid.items()), shape)
