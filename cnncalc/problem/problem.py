"""A problem as it was read: checked, shaped, and still in the numbers as typed."""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from cnncalc.arithmetic.base import Array
from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Layer, Loss, Shape, by
from cnncalc.optimizers.rule import Rational, UpdateRule
from cnncalc.problem.points import Points
from cnncalc.problem.tensor.typed import blank, is_blank, lacking
from cnncalc.problem.text.faults import Collector, Place, ProblemError, listing
from cnncalc.problem.training import Training
from cnncalc.records import Record, replace

Numbers = Literal["auto", "exact", "float", "symbolic"]
NUMBERS: tuple[Numbers, ...] = get_args(Numbers)
"""The first is the default."""
PLACES = ".path"
"""What the places of the winners are called, behind the name of their pool."""
NAMED = 6
"""Cells without numbers that a fault names."""


class GivenTensor(Record):
    """A tensor of the problem file, in full shape.

    `entries` is an object array of typed numbers (see arithmetic.expression), or float64 or integers from a .npy file,
    the float64 finite and without −0.
    The input, the upstream gradient and the target carry N first, always; parameters never do.
    """

    name: str
    entries: Array = field(compare=False)
    place: Place | None = None

    @property
    def is_blank(self) -> bool:
        """Whether only its shape is known."""
        return is_blank(self.entries)

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process goes the shape of a blank, and not a copy for each of its elements."""
        if self.is_blank:
            return _blank_tensor, (self.name, self.entries.shape, self.place)
        return GivenTensor, (self.name, self.entries, self.place)


def _blank_tensor(name: str, shape: Shape, place: Place | None) -> GivenTensor:
    return GivenTensor(name, blank(shape), place)


class LayerEntry(Record):
    """One layer: its name, its options, what it takes, its parameters by the layer type's names for them.

    A parameter that is shared is the same GivenTensor in each of the layers.
    """

    name: str
    layer: Layer
    inputs: tuple[str, ...]
    """The tensors that it takes, by name: x, then its operands."""
    parameters: Mapping[str, GivenTensor]
    input_shape: Shape
    """Of x."""
    operands: Mapping[str, Shape]
    """The shapes of the inputs after x, by the layer's names for them."""
    output_shape: Shape
    place: Place
    shared: frozenset[str] = frozenset()
    """The parameters that are tensors of layers above, by the layer's names for them."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The inputs and layers that these come from, each once: the places of winners come from their pool."""
        return tuple(dict.fromkeys(name.removesuffix(PLACES) for name in self.inputs))

    @property
    def names(self) -> Mapping[str, str]:
        """What it takes and what it makes, by the layer's names."""
        taken = dict(zip(("x", *self.operands), self.inputs, strict=True))
        return {**taken, **{local: given.name for local, given in self.parameters.items()}, "y": self.name}

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """Of everything that it takes beside x."""
        return {**self.operands, **{name: given.entries.shape for name, given in self.parameters.items()}}


class LossEntry(Record):
    """The loss and its target."""

    name: str
    loss: Loss
    target: GivenTensor
    place: Place
    penalised: Mapping[str, GivenTensor] = field(default_factory=dict)
    """The weights that its penalty is on, by the loss's names of them."""
    further: Mapping[str, GivenTensor] = field(default_factory=dict)
    """The targets of the others, where several losses are added up, by its names of them."""

    @property
    def targets(self) -> tuple[GivenTensor, ...]:
        """Of all that are added up."""
        return self.target, *self.further.values()


class UpdateEntry(Record):
    """Steps of descent: their rule, and the names of the parameters that it changes."""

    rule: UpdateRule
    parameters: tuple[str, ...]
    place: Place
    steps: int = 1
    rates: tuple[Rational, ...] = ()
    """The learning rate of each step, where a schedule changes it."""
    schedule: Phrase = NOTHING
    """How it changes it."""
    done: int = 0
    """How many steps were made before the first."""
    state: Mapping[tuple[str, str], GivenTensor] = field(default_factory=dict)
    """What the rule remembers from those, by parameter and the rule's name for it; anything else is 0."""
    batches: tuple[tuple[int, ...], ...] = ()
    """The samples of each step, counted from 0, over and over; all of them in each where there are none."""
    visits: tuple[tuple[int, bool], ...] = ()
    """Of a perceptron: each sample that is looked at, in order, and whether it corrects the weights, a step each."""

    def rule_at(self, number: int) -> UpdateRule:
        """The rule at a step, counted from 1."""
        rate = self.rates[number - 1] if self.rates else self.rule.lr
        return replace(self.rule, lr=rate, step=self.done + number)


class Problem(Record):
    """A problem that is ready to be solved. Shapes are without N; `batch` is None where the input has no N."""

    title: str
    source: str
    index_base: Literal[0, 1]
    numbers: Numbers
    inputs: tuple[GivenTensor, ...]
    batch: int | None
    layers: tuple[LayerEntry, ...]
    loss: LossEntry | None
    upstream: GivenTensor | None
    loss_name: str
    questions: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, Any]
    """Raw nodes of the answers, by the name as typed; reading them is the checker's work."""
    file: str
    points: Points | None = None
    """What each answer is worth, where that is not a point a tensor."""
    update: UpdateEntry | None = None
    training: Training | None = None
    """Epochs and steps, where the file asks for their numbers."""
    text: str = field(repr=False, compare=False, default="")
    has_letters: bool = False
    """Whether letters stand among the numbers, so that `auto` is symbolic."""
    files: tuple[Path, ...] = field(compare=False, default=())
    """The data files that it names."""
    is_plane: bool = False
    """Whether the input was typed as rows and columns, without the one channel that it has."""
    notices: tuple[Phrase, ...] = ()
    """What is to be said of how the file was taken."""

    @property
    def input(self) -> GivenTensor:
        """The first input; most problems have one."""
        return self.inputs[0]

    @property
    def output(self) -> str:
        """What the loss takes: the last layer's output, or the input where there is no layer."""
        return self.layers[-1].name if self.layers else self.input.name

    @cached_property
    def parameters(self) -> list[GivenTensor]:
        """Of all layers in order, one that is shared only once."""
        return list({given.name: given for entry in self.layers for given in entry.parameters.values()}.values())

    @property
    def measure(self) -> str | None:
        """What becomes smaller in steps of descent: the loss, or what expressions end with; None without either."""
        is_expression = self.loss is None and self.upstream is not None and self.loss_name == self.output
        return self.loss.name if self.loss else self.loss_name if is_expression else None

    @cached_property
    def given(self) -> list[GivenTensor]:
        """Every tensor that the file gives."""
        behind = [*(self.loss.targets if self.loss else ()), self.upstream]
        return [*self.inputs, *self.parameters, *(tensor for tensor in behind if tensor)]

    @cached_property
    def made(self) -> frozenset[str]:
        """The names of inputs, parameters, outputs and the loss."""
        tensors = [*(given.name for given in (*self.inputs, *self.parameters)), *(entry.name for entry in self.layers)]
        return frozenset([*tensors, self.loss_name])

    @cached_property
    def multiplications(self) -> int:
        """Of the forward pass, of the backward pass at about twice that, and of the forward pass after an update."""
        forward = sum(entry.layer.multiplications(entry.input_shape, entry.shapes) for entry in self.layers)
        backward = self.loss is not None or self.upstream is not None
        after = 0 if self.update is None else 1 + 3 * (self.update.steps - 1)
        return forward * (self.batch or 1) * (1 + 2 * backward + after)

    @cached_property
    def blanks(self) -> list[GivenTensor]:
        """The tensors without numbers; where there are any, nothing can be computed but sizes and counts."""
        return [tensor for tensor in self.given if tensor.is_blank]


LOADED = "a problem, as `cnncalc.load` reads it"


def require_numbers(problem: Problem) -> None:
    """Raise ProblemError where tensors have no numbers: which, with their shapes, by the places where they are due."""
    if not problem.blanks:
        return
    due: dict[Place | None, list[str]] = {}
    for tensor in problem.blanks:
        due.setdefault(tensor.place, []).append(_lacking(problem, tensor))
    faults, remedy = Collector(), "give them (`value`, `fill`, `random` or `file`), or use `cnncalc shapes`"
    for place, texts in due.items():
        faults.add(f"no numbers: {listing(texts).replace(' or ', ' and ')}", remedy, place)
        remedy = "give them here"
    raise ProblemError(faults.report(), problem.file, problem.text)


def _lacking(problem: Problem, tensor: GivenTensor) -> str:
    """`conv_1.weight (2×1×3×3)`, or its cells that lack a number where others have one."""
    cells, shape = lacking(tensor.entries), tensor.entries.shape
    if problem.batch is None and not any(tensor is given for given in problem.parameters):
        shape = shape[1:]
    if not cells:
        return f"{tensor.name} ({by(shape)})"
    shown = [f"[{','.join(str(at + problem.index_base) for at in cell)}]" for cell in cells[:NAMED]]
    shown += [f"{len(cells) - NAMED} more"] * (len(cells) > NAMED)
    return f"{', '.join(shown)} of {tensor.name} ({by(shape)})"
