"""A solved problem as a plain script: PyTorch with its autograd, or NumPy with each line under its formula."""

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from cnncalc.code import numpy_functions, numpy_recipes, pytorch
from cnncalc.code.literals import indented
from cnncalc.code.recipes import Recipe, lines
from cnncalc.code.script import Script
from cnncalc.language import Language
from cnncalc.layers.joining.several import VIA
from cnncalc.problem.problem import Problem, require_numbers
from cnncalc.render.builders.naming import step_names
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.solver import require_values, solution_for_answers
from cnncalc.step import Step
from cnncalc.trace import Tensor, Trace

Library = Literal["pytorch", "numpy"]
LIBRARIES: tuple[Library, ...] = get_args(Library)
FUNCTIONS = dict(inspect.getmembers(numpy_functions, inspect.isfunction))
CONSTANTS = """\
Array = np.ndarray
Pair = tuple[int, int]
Sides = tuple[Pair, Pair]
ALIKE = (1, 1)"""


def export(problem: Problem, library: Library, language: Language = "en") -> str:
    """The script; raises ProblemError for what cannot be solved, or not be written in that library."""
    require_numbers(problem)
    if problem.has_letters:
        message = "a script computes with numbers, and the letter {letter} has none"
        require_values(problem, message, "give `values` beside `symbol`, or write numbers")
    return script(solution_for_answers(problem), library, language)


def script(trace: Trace, library: Library, language: Language = "en") -> str:
    """The same of what is solved."""
    made = PyTorchScript if library == "pytorch" else NumPyScript
    return made(trace, language).text()


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
    layers: Mapping[str, Recipe] = {
        name: forward for name, (forward, _) in {**numpy_recipes.LAYERS, **numpy_recipes.LOSSES}.items()
    }

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
            for local, text in lines(numpy_recipes.back_of(step.layer), step, "dx").items():
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


class PyTorchScript(Script):
    """Forward by PyTorch's functions, backward by its autograd."""

    library = "PyTorch"
    make = "torch.tensor"
    imports = ("import torch", "from torch.nn import functional")
    layers: Mapping[str, Recipe] = {**pytorch.LAYERS, **pytorch.LOSSES}
    compared: Mapping[str, str] = {
        "module": "torch", "tensors": "torch.tensor(numbers, dtype=torch.float64)",
        "numbers": "float(numbers.abs().max())", "found": "found[name].detach().reshape(numbers.shape)",
        "difference": "float((tensor - numbers).abs().max())", "shape": "tuple(numbers.shape)",
    }  # fmt: skip

    def given(self) -> None:
        """With the gradients asked for."""
        super().given()
        self.leaves = {given.name for given in (*self.problem.inputs, *self.problem.parameters)}
        """What is given, or made by a step of an update."""
        if any(tensor.stage == "backward" for tensor in self.trace):
            learned = [given for given in self.problem.parameters if self.gradient(given.name) in self.trace]
            self.require([given.name for given in (*self.problem.inputs, *learned)])

    def require(self, names: Iterable[str]) -> None:
        """Gradients of these."""
        self.body += [f"for given in [{', '.join(self.names[name] for name in names)}]:", "    given.requires_grad_()"]

    def backward(self, steps: Sequence[Step], meetings: Sequence[Step]) -> None:
        """Autograd; before it runs again, the gradients that it adds to are kept. Without a step, all are given."""
        if not steps:
            return
        made = [step.names["y"] for step in steps]
        made += [step.names[local] for step in steps for local in step.tensors if f"d{local}" in step.tensors]
        made = [name for name in dict.fromkeys(made) if name in self.made and name not in self.leaves]
        last = made[len(steps) - 1]
        if self.problem.loss:
            made.remove(last)
        if made:
            self.body += [f"for made in [{', '.join(self.names[name] for name in made)}]:", "    made.retain_grad()"]
        upstream = "" if self.problem.loss else self.names[steps[-1].names["g"]]
        self.body.append(f"{self.names[last]}.backward({upstream})")
        for step in steps if self.problem.update else ():
            for local in step.used():
                name, gradient = step.names[local], step.names[f"d{local}"].partition(VIA)[0]
                if name in self.leaves and gradient not in self.made:
                    self.body.append(f"{self.names[gradient]}, {self.names[name]}.grad = {self.names[name]}.grad, None")
                    self.made[gradient] = self.made[name]

    def sample(self, name: str, text: str, shape: tuple[int, ...]) -> None:
        """With a gradient of its own."""
        self.assign(name, f"{text}.detach().requires_grad_()", shape)
        self.leaves.add(name)

    def rules(self, steps: Sequence[Step]) -> None:
        """By the optimizer, where it is the first step of one that PyTorch has; what it remembers is written out."""
        update = self.problem.update
        assert update is not None, "it is one of its steps"
        rule, new = update.rule_at(1), [step.names["y"] for step in steps]
        is_plain = (
            update.steps == 1 and not update.done and not update.state and rule.type in pytorch.RULES and not rule.clips
        )
        is_plain = is_plain and getattr(rule, "convention", "pytorch") == "pytorch"
        start = len(self.body)
        self.clipping(steps)
        for step in steps:
            for local, terms in step.layer.lines().items():  # type: ignore[attr-defined]
                if local != "y" or not is_plain:
                    self.line(step, local, terms)
        if self.body[start:]:
            self.body[start:] = ["with torch.no_grad():", *(indented(line) for line in self.body[start:])]
        if not is_plain:
            self.require(new)
        else:
            old = [step.names["x"] for step in steps]
            # The gradients were put aside.
            self.body += [f"{self.names[name]}.grad = {self.names[self.gradient(name)]}" for name in old]
            options = {name: getattr(rule, name) for name in rule.options()}
            parameters = ", ".join(self.names[name] for name in old)
            self.body.append(f"torch.optim.{pytorch.RULES[rule.type].format(parameters=parameters, **options)}.step()")
            for step in steps:
                self.assign(step.names["y"], self.names[step.names["x"]], step.tensors["x"].shape)
        self.leaves.update(new)

    def taken(self, name: str) -> str:
        """A gradient that no variable has is that of a leaf."""
        base = name.removeprefix(self.gradient(""))
        if name != base and name not in self.made and base in self.made:
            return f"{self.names[base]}.grad"
        return super().taken(name)

    def found(self, tensor: Tensor) -> str | None:
        """A variable, or its `grad`."""
        if tensor.stage == "backward":
            base = tensor.name.removeprefix(self.gradient(""))
            return self.taken(tensor.name) if tensor.name in self.made or base in self.made else None
        return super().found(tensor)
