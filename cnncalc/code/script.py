"""A solved problem as a program of PyTorch or NumPy, which computes everything again and compares it with cnncalc."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from pathlib import PurePath

import numpy as np

from cnncalc.code.literals import Identifiers, computed, indented, typed
from cnncalc.code.recipes import Recipe, lines
from cnncalc.language import Language, Phrase
from cnncalc.problem.problem import GivenTensor, UpdateEntry
from cnncalc.problem.text.faults import Fault, ProblemError
from cnncalc.problem.text.wording import listing
from cnncalc.trace import Step, Tensor, Trace
from cnncalc.visible import visible

MOST = 1_000_000
"""Numbers in a script; each takes some twenty characters."""
ABOUT = Phrase(
    en="What cnncalc computes for {file}, computed again with {library} in float64 and compared with it.",
    zh="用 {library}（float64）重新计算 cnncalc 对 {file} 给出的全部结果，并逐一比较。",
)
GIVEN = Phrase(en="Given. The first axis counts the samples{one}.", zh="已知。第一个轴为样本{one}。")
ONE = Phrase(en="; here it is one", zh="（本题只有一个）")
FORWARD = Phrase(en="Forward", zh="前向传播")
BACKWARD = Phrase(en="Backward", zh="反向传播")
UPDATE = Phrase(en="One step, and forward again", zh="更新一步，再次前向传播")
EXPECTED = Phrase(en="What cnncalc gives, as the nearest doubles", zh="cnncalc 的结果（最接近的双精度数）")
FOUND = Phrase(en="The same tensors as computed above", zh="以上计算得到的同名张量")
COMPARED = Phrase(en="Compared", zh="比较")
LEFT_OUT = Phrase(en="Not computed here: {names}.", zh="此处未计算：{names}。")
AGREES = Phrase(en="agrees", zh="一致")
DIFFERS = Phrase(en="differs by up to", zh="相差最大")
ALL = Phrase(en="tensors agree with cnncalc.", zh="个张量与 cnncalc 一致。")
LOST = Phrase(
    en="Where a probability has become 0 or 1 in float64, its logarithm is lost there; cnncalc keeps it.",
    zh="若某个概率在 float64 中已变成 0 或 1，其对数在此处丢失；cnncalc 不会丢失。",
)
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Script(ABC):
    """Goes through a trace once; what a library says is in its tables."""

    library: str
    make: str
    """What makes a tensor of a list."""
    imports: Sequence[str]
    layers: Mapping[str, Recipe]
    """Of layers and losses, by type."""

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
            if layer.type not in self.layers:
                message = f"{name} ({layer.type}) cannot be written in {self.library} yet"
                faults.append(Fault(message, "leave it out, or export with --to " + self.other(), place))
        count = sum(prod(tensor.shape) for tensor in self.trace)
        if count > MOST:
            faults.append(Fault(f"the script would hold {count} numbers", f"at most {MOST} are written", None))
        endless = [tensor.name for tensor in self.trace if not np.isfinite(tensor.value).all()]
        if endless:
            remedy = "change the numbers: float64 ends at about 1.8e308"
            faults.append(Fault(f"{self.library} cannot hold {listing(endless)} in float64", remedy, None))
        if faults:
            raise ProblemError(faults, self.problem.file, self.problem.text)

    def other(self) -> str:
        """The other library, as the command calls it."""
        return "numpy" if self.library == "PyTorch" else "pytorch"

    # Parts

    def text(self) -> str:
        """The whole program."""
        self.given()
        self.heading(FORWARD)
        for step in self.trace.steps:
            self.forward(step)
        if any(tensor.stage == "backward" for tensor in self.trace):
            self.backward()
        if self.trace.after:
            self.heading(UPDATE)
            self.update()
        self.comparison()
        title = self.problem.title or PurePath(self.problem.file).name
        about = ABOUT.format(file=PurePath(self.problem.file).name, library=self.library).text(self.language)
        quoted = [visible(line).replace("\\", "\\\\").replace('"""', "'''") for line in (title, about)]
        body = "\n".join(self.body)
        imports = [*(["import math"] if "math." in body else []), *self.imports]
        return "\n".join([f'"""{quoted[0]}', "", f'{quoted[1]}\n"""', "", *imports, *self.preamble(body), body, ""])

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
            true = self.true(given)
            samples_apart = self.problem.batch is None and self.has_samples(given)
            entries, values = (given.entries[0], true[0]) if samples_apart else (given.entries, true)
            text = typed(self.make, entries, values) + ("[None]" if samples_apart else "")
            self.assign(name or self.upstream_name(), text)
            self.made[name or self.upstream_name()] = given.entries.shape

    def true(self, given: GivenTensor) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        """Its numbers."""
        name = self.upstream_name() if given is self.problem.upstream else given.name
        return self.trace[name].value.reshape(given.entries.shape)

    def has_samples(self, given: GivenTensor) -> bool:
        """Whether its first axis is N: parameters have none."""
        return not any(given is parameter for parameter in self.problem.parameters)

    def upstream_name(self) -> str:
        """The gradient that the file gives."""
        return self.gradient(self.problem.output)

    def gradient(self, name: str) -> str:
        """The name of a tensor's gradient."""
        return f"d{self.problem.loss_name}/d{name}"

    def assign(self, name: str, text: str) -> None:
        """`conv_1 = …`."""
        self.body.append(f"{self.names[name]} = {text}")

    def forward(self, step: Step) -> None:
        """What a step makes."""
        for local, text in lines(self.layers[step.layer.type], step).items():
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

    def filled(self, text: str, step: Step) -> str:
        """The expression with this program's names."""

        def name(match: re.Match[str]) -> str:
            local = match[1]
            known = self.local_name(step, local)
            made = self.names[known]
            shape = self.made.get(known)
            if local in step.tensors and shape is not None and shape != step.tensors[local].shape:
                return f"{made}.reshape({step.tensors[local].shape})"
            return made

        return PLACEHOLDER.sub(name, text)

    @abstractmethod
    def backward(self) -> None:
        """Every gradient."""

    @abstractmethod
    def update(self) -> None:
        """The parameters after a step, and the loss."""

    def no_rule(self, update: UpdateEntry) -> ProblemError:
        """The fault where a rule is in no table."""
        message = f"the update rule {update.rule.type} cannot be written in {self.library} yet"
        return ProblemError([Fault(message, "leave `update` out", update.place)], self.problem.file, self.problem.text)

    # Comparison

    @abstractmethod
    def found(self, tensor: Tensor) -> str | None:
        """Where the program has a tensor; None where it has none."""

    def comparison(self) -> None:
        """Every tensor that was computed, beside what cnncalc gives."""
        given = {tensor.name for tensor in self.trace if self.is_given(tensor)}
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
        self.body.append(self.ending().format(**words))

    def is_given(self, tensor: Tensor) -> bool:
        """Whether it stands in the file."""
        names = {given.name for given in self.problem.given if given is not self.problem.upstream}
        return tensor.name in names

    @abstractmethod
    def ending(self) -> str:
        """The comparison itself, with `{agrees}`, `{differs}`, `{all}` in it."""


WORDS = {"agrees": AGREES, "differs": DIFFERS, "all": ALL, "lost": LOST}
