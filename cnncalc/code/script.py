"""A solved problem as a program of PyTorch or NumPy, which computes everything again and compares it with cnncalc."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from math import prod
from pathlib import PurePath

import numpy as np

from cnncalc.code.literals import Identifiers, computed, indented, made, typed
from cnncalc.code.recipes import PLACEHOLDER, Recipe, lines, number_text, recipe_of, summed
from cnncalc.language import Language, Phrase
from cnncalc.layers.base import Term
from cnncalc.layers.joining.several import Meeting
from cnncalc.optimizers.rule import LAST, UpdateRule
from cnncalc.problem.problem import GivenTensor
from cnncalc.problem.text.faults import Fault, ProblemError, listing
from cnncalc.step import Step
from cnncalc.trace import Tensor, Trace
from cnncalc.visible import visible

MOST = 1_000_000
"""Numbers in a script; each takes some twenty characters."""
ABOUT = Phrase("What cnncalc computes for {file}, computed again with {library} in float64 and compared with it.")
GIVEN = Phrase("Given. The first axis counts the samples{one}.")
ONE = Phrase("; here it is one")
FORWARD = Phrase(en="Forward", zh="前向传播")
BACKWARD = Phrase(en="Backward", zh="反向传播")
UPDATE = Phrase("A step")
AGAIN = Phrase("Once more, with the new parameters")
EXPECTED = Phrase("What cnncalc gives, as the nearest doubles")
FOUND = Phrase("The same tensors as computed above")
COMPARED = Phrase("Compared")
LEFT_OUT = Phrase("Not computed here: {names}.")
AGREES = Phrase("agrees")
DIFFERS = Phrase("differs by up to")
ALL = Phrase("tensors agree with cnncalc.")
LOST = Phrase("Where a probability has become 0 or 1 in float64, its logarithm is lost there; cnncalc keeps it.")

ENDING = """\
{module}.set_printoptions(precision=6, linewidth=120)
expected = {{name: {tensors} for name, numbers in expected.items()}}
largest = max(({numbers} for numbers in expected.values()), default=0)
wrong = 0
for name, numbers in expected.items():
    tensor = {found}
    # In float64 a true 0 comes out as some 1e-17 of what it is the difference of.
    tolerance = 1e-9 * {numbers} + 1e-12 * largest
    difference = {difference}
    agrees = difference <= tolerance
    wrong += not agrees
    print(f"{{name}}, {{{shape}}}:", "{agrees}" if agrees else f"{differs} {{difference:.3g}}")
    print(tensor)
print(f"{{len(expected) - wrong}}/{{len(expected)}} {all}")
if wrong:
    print("{lost}")
raise SystemExit(1 if wrong else 0)"""
"""The comparison itself: names, whether they agree, the tensors."""


class Script(ABC):
    """Goes through a trace once; what a library says is in its tables."""

    library: str
    make: str
    """What makes a tensor of a list."""
    imports: Sequence[str]
    layers: Mapping[str, Recipe]
    """Of layers and losses, by type."""
    compared: Mapping[str, str]
    """What the library has for the comparison: expected tensors, one found, the largest number, the difference."""

    def __init__(self, trace: Trace, language: Language) -> None:
        self.trace = trace
        self.problem = trace.problem
        self.language: Language = language
        self.names = Identifiers(["math", "expected", "found", "largest", "wrong", "Array", *self.imported()])
        self.body: list[str] = []
        self.made: dict[str, tuple[int, ...]] = {}
        """The tensors that the program has computed or been given, with their shapes there."""
        self.check()

    def imported(self) -> Iterable[str]:
        """The words that are taken by the library."""
        return [line.split()[-1] for line in self.imports]

    def check(self) -> None:
        """Raise ProblemError for what cannot be written down."""
        faults = []
        entries = [(entry.layer, entry.name, entry.place) for entry in self.problem.layers]
        if self.problem.loss:
            entries.append((self.problem.loss.loss, self.problem.loss.name, self.problem.loss.place))
        for layer, name, place in entries:
            if recipe_of(self.layers, layer) is None:
                message = f"{name} ({layer.type}) cannot be written in {self.library} yet"
                other = "numpy" if self.library == "PyTorch" else "pytorch"
                faults.append(Fault(message, f"leave it out, or export with --to {other}", place))
        count = sum(prod(tensor.shape) for tensor in self.trace)
        if count > MOST:
            faults.append(Fault(f"the script would hold {count} numbers", f"at most {MOST} are written", None))
        endless = [tensor.name for tensor in self.trace if not np.isfinite(tensor.value).all()]
        if endless:
            remedy = "change the numbers: float64 ends at about 1.8e308"
            faults.append(Fault(f"{self.library} cannot hold {listing(endless)} in float64", remedy, None))
        if faults:
            raise ProblemError(faults, self.problem.file, self.problem.text)

    # Parts

    def text(self) -> str:
        """The whole program."""
        self.given()
        self.heading(FORWARD)
        for step in self.trace.steps:
            self.forward(step)
        if any(tensor.stage == "backward" for tensor in self.trace):
            self.heading(BACKWARD)
            self.backward(self.trace.steps, self.trace.meetings)
        self.update()
        self.comparison()
        title = self.problem.title or PurePath(self.problem.file).name
        about = ABOUT.format(file=PurePath(self.problem.file).name, library=self.library).text(self.language)
        quoted = [visible(line).replace("\\", "\\\\").replace('"""', "'''") for line in (title, about)]
        body = "\n".join(self.body)
        preamble = self.preamble(body)
        maths = ["import math"] if "math." in "\n".join([*preamble, body]) else []
        head = [f'"""{quoted[0]}', "", f'{quoted[1]}\n"""', "", *maths, *self.imports]
        return "\n".join([*head, *preamble, body, ""])

    def preamble(self, body: str) -> list[str]:
        """What stands between the imports and the numbers."""
        return []

    def heading(self, phrase: Phrase) -> None:
        """A comment that begins a part."""
        self.body += ["", f"# {phrase.text(self.language)}"]

    def given(self) -> None:
        """Every tensor of the file."""
        self.heading(GIVEN.format(one=ONE if self.problem.batch is None else Phrase("", "")))
        tensors = list(self.problem.given)
        for given in tensors:
            name = "" if given is self.problem.upstream else given.name
            true = self.trace[name or self.upstream_name()].value.reshape(given.entries.shape)
            samples_apart = self.problem.batch is None and self.has_samples(given)
            entries, values = (given.entries[0, ...], true[0, ...]) if samples_apart else (given.entries, true)
            text = typed(self.make, entries, values) + ("[None]" if samples_apart else "")
            self.assign(name or self.upstream_name(), text, given.entries.shape)

    def has_samples(self, given: GivenTensor) -> bool:
        """Whether its first axis is N: what is learned or remembered has none."""
        targets = self.problem.loss.targets if self.problem.loss else ()
        return any(given is one for one in (*self.problem.inputs, *targets, self.problem.upstream))

    def upstream_name(self) -> str:
        """The gradient that the file gives."""
        return self.gradient(self.problem.output)

    def gradient(self, name: str) -> str:
        """The name of a tensor's gradient."""
        return f"d{self.problem.loss_name}/d{name}"

    def assign(self, name: str, text: str, shape: tuple[int, ...]) -> None:
        """`conv_1 = …`, of that shape."""
        self.body.append(f"{self.names[name]} = {text}")
        self.made[name] = shape

    def forward(self, step: Step) -> None:
        """What a step makes."""
        recipe = recipe_of(self.layers, step.layer)
        assert recipe is not None, "it was checked"
        for local, text in lines(recipe, step, library=self.make.split(".")[0]).items():
            self.comment(step, local)
            targets = [self.names[self.local_name(step, part)] for part in local.split(", ")]
            self.body.append(f"{', '.join(targets)} = {self.filled(text, step)}")
            for part in local.split(", "):
                if part in step.tensors:
                    self.made[self.local_name(step, part)] = step.tensors[part].shape

    def comment(self, step: Step, local: str) -> None:  # noqa: B027 - PyTorch's functions say it themselves
        """What is said before one tensor is computed."""

    def local_name(self, step: Step, local: str) -> str:
        """What the trace calls a step's tensor; one that the program alone has goes by the step's name."""
        return step.names.get(local, f"{step.name}.{local}")

    def define(self, name: str) -> None:
        """What a step of an update takes beside parameters and gradients: a mini-batch, a state that begins at 0."""
        base, _, number = name.rpartition(".step_")
        update = self.problem.update
        if update is not None and update.batches and base in self.made and number.isdecimal():
            samples = list(update.batches[int(number) % len(update.batches)])
            self.sample(name, f"{self.names[base]}[{samples}]", (len(samples), *self.made[base][1:]))
        else:
            values = self.trace[name].value
            self.assign(name, made(self.make, values), values.shape)

    def upstream_again(self, name: str) -> None:
        """The gradient that the file gives, in a later pass: all of it, or that of a mini-batch."""
        given = self.upstream_name()
        if self.problem.update and self.problem.update.batches:
            self.define(name)
        else:
            self.assign(name, self.names[given], self.made[given])

    def sample(self, name: str, text: str, shape: tuple[int, ...]) -> None:
        """A mini-batch of what the file gives."""
        self.assign(name, text, shape)

    def filled(self, text: str, step: Step) -> str:
        """The expression with this program's names."""

        def name(match: re.Match[str]) -> str:
            local = match[1]
            known = self.local_name(step, local)
            said = self.taken(known)
            shape = self.made.get(known)
            if local in step.tensors and shape is not None and shape != step.tensors[local].shape:
                return f"{said}.reshape({step.tensors[local].shape})"
            return said

        return PLACEHOLDER.sub(name, text)

    def taken(self, name: str) -> str:
        """How a program says a tensor that a step takes."""
        return self.names[name]

    @abstractmethod
    def backward(self, steps: Sequence[Step], meetings: Sequence[Step]) -> None:
        """Every gradient of a forward pass."""

    def update(self) -> None:
        """Steps of the rule, and passes between and behind them, in the order of the trace."""
        for kind, group in groupby(self.trace.after, lambda step: isinstance(step.layer, UpdateRule)):
            if kind:
                self.heading(UPDATE)
                self.rules(list(group))
                continue
            self.heading(AGAIN)
            steps, meetings = list[Step](), list[Step]()
            for step in group:
                (meetings if isinstance(step.layer, Meeting) else steps).append(step)
            for step in steps:
                for name in step.inputs().values():
                    if name not in self.made:
                        self.define(name)
                if "target" in step.names and step.names["target"] not in self.made:
                    self.define(step.names["target"])
                self.forward(step)
            if any("g" in step.tensors for step in steps):
                if self.problem.upstream is not None:
                    self.upstream_again(steps[-1].names["g"])
                self.backward(steps, meetings)

    def rules(self, steps: Sequence[Step]) -> None:
        """One step of the rule for each parameter that it changes."""
        self.clipping(steps)
        for step in steps:
            for local, terms in step.layer.lines().items():  # type: ignore[attr-defined]
                self.line(step, local, terms)

    def clipping(self, steps: Sequence[Step]) -> None:
        """What each gradient is multiplied by where it is clipped."""
        gradients = [self.names[step.names["gradient"]] for step in steps]
        for step, gradient in zip(steps, gradients, strict=True):
            if "share" not in step.names:
                continue
            rule = step.layer
            assert isinstance(rule, UpdateRule), "steps of a rule"
            text = f"{number_text(rule.clip_value or 0)} / abs({gradient}).clip({number_text(rule.clip_value or 0)})"
            if rule.clip_norm is not None:
                length = f"({' + '.join(f'({one} ** 2).sum()' for one in gradients)}) ** 0.5"
                length += f" + {number_text(rule.clip_eps)}" if rule.clip_eps else ""
                most = number_text(rule.clip_norm)
                text = f"0 * {gradient} + {most} / max({length}, {most})"
            self.assign(step.names["share"], text, step.tensors["x"].shape)

    def line(self, step: Step, local: str, terms: Iterable[Term]) -> None:
        """One line of the rule."""
        for known, name in step.names.items():
            if known.startswith(LAST) and name not in self.made:
                self.define(name)
        self.comment(step, local)
        text = self.filled(summed(terms, self.make.split(".")[0]), step)
        self.assign(step.names[local], text, step.tensors["x"].shape)

    # Comparison

    def found(self, tensor: Tensor) -> str | None:
        """The variable of a tensor; None where the program has none."""
        if tensor.name not in self.made:
            return None
        name = self.names[tensor.name]
        return f"{name} + {self.problem.index_base}" if tensor.local == "path" and self.problem.index_base else name

    def comparison(self) -> None:
        """Every tensor that was computed, beside what cnncalc gives."""
        given = {given.name for given in self.problem.given if given is not self.problem.upstream}
        expected, found, missing = list[str](), list[str](), list[str]()
        for tensor in self.trace:
            if tensor.name in given:
                continue
            where = self.found(tensor)
            if where is None:
                missing.append(tensor.name)
                continue
            expected.append(indented(f"{tensor.name!r}: {computed(tensor.value)},"))
            found.append(f"    {tensor.name!r}: {where},")
        if missing:
            self.body += ["", f"# {LEFT_OUT.format(names=', '.join(missing)).text(self.language)}"]
        self.heading(EXPECTED)
        self.body += ["expected = {", *expected, "}"]
        self.heading(FOUND)
        self.body += ["found = {", *found, "}"]
        self.heading(COMPARED)
        words = {word: phrase.text(self.language) for word, phrase in WORDS.items()}
        self.body.append(ENDING.format(**words, **self.compared))


WORDS = {"agrees": AGREES, "differs": DIFFERS, "all": ALL, "lost": LOST}
