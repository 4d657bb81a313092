"""A problem, solved: every tensor by name, in the order of computation, forward and then backward."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Doubles, Labels, OutOfRange
from cnncalc.arithmetic.expression import variables
from cnncalc.language import Phrase
from cnncalc.layers.base import Doubt, Loss, Setting
from cnncalc.layers.indices import index_letters
from cnncalc.layers.joining.several import VIA, Meeting
from cnncalc.problem.names import jacobian_name, named_layers, names, quantity_name, suffix
from cnncalc.problem.problem import Problem
from cnncalc.problem.words.other_names import READ_AS, Known
from cnncalc.records import Record
from cnncalc.step import Step

if TYPE_CHECKING:
    from cnncalc.outline import Outline

Kind = Literal["input", "parameter", "activation", "auxiliary", "loss", "gradient"]
Pass = Literal["forward", "backward", "update"]
PASSES: tuple[Pass, ...] = get_args(Pass)
"""In order."""


class Tensor(Record):
    """One tensor of a solved problem. Its shape is the reader's: without N where the input has none."""

    name: str
    kind: Kind
    stage: Pass
    layer: str | None
    """The layer (or loss) that it belongs to, or whose gradient it is; None for the input and its gradient."""
    type: str | None
    local: str
    """The name that the layer which computes it has for it: `y`, `weight`, `dx`, …; `x` for the input."""
    elements: Array = field(repr=False)
    """The elements in the arithmetic of the trace."""
    numbers: Arithmetic = field(repr=False)
    batched: bool
    """Whether the first axis is N."""
    labelling: Callable[[str], Labels] = field(repr=False, default=lambda name: ())
    index_base: ClassVar[int] = 1
    """How a reader counts; its trace knows better."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape, channel first."""
        return self.elements.shape

    @property
    def is_state(self) -> bool:
        """Whether it is what an update rule remembers before the first step."""
        return self.layer is None and self.name.endswith(suffix(0, 1))

    @cached_property
    def value(self) -> Doubles:
        """The nearest doubles; NaN where an element has none."""
        return self.numbers.to_float(self.elements)

    @cached_property
    def exact(self) -> Any:
        """Nested lists of strings, None in an element that has no closed form; None as a whole for `float`."""
        samples = [index[0] if self.batched else None for index in np.ndindex(self.shape)]
        texts = self.numbers.closed_forms(self.elements, self.labelling(self.name), samples)
        return None if texts is None else texts.tolist()

    def closed_form(self, index: tuple[int, ...]) -> str | None:
        """One of the strings of `exact`, by its index (from 0)."""
        one = np.full(1, self.elements[index], dtype=object)
        texts = self.numbers.closed_forms(one, self.labelling(self.name), index[:1] if self.batched else None)
        return None if texts is None else texts[0]


class Trace:
    """All tensors of a solved problem; iterating gives them in order, `trace[name]` finds one by name or alias."""

    def __init__(
        self,
        problem: Problem,
        numbers: Arithmetic,
        steps: tuple[Step, ...],
        tensors: tuple[Tensor, ...],
        notices: tuple[Phrase, ...] = (),
        rounds: Sequence[tuple[Step, ...]] = (),
        unlisted: tuple[Tensor, ...] = (),
        meetings: tuple[Step, ...] = (),
    ) -> None:
        self.problem = problem
        self.numbers = numbers
        self.steps = steps
        """The layers in the order of the file, and the loss."""
        self.meetings = meetings
        """For the gradient of each tensor that is used more than once the step that adds up its parts, backward."""
        self.rounds = rounds
        """The steps of an update: of its rule for each parameter, then of the pass with the new parameters; and again
        for each further step."""
        self.after = tuple(step for steps in rounds for step in steps)
        self.notices = notices
        """What a person must know about the run: that auto chose float, …"""
        self._by_name = {tensor.name: tensor for tensor in tensors}
        self._unlisted = {tensor.name: tensor for tensor in unlisted}
        if problem.index_base != Tensor.index_base:
            for tensor in (*tensors, *unlisted):
                tensor.__dict__["index_base"] = problem.index_base
        """Found by name, and not listed: the outputs after an update, the parts of a gradient."""

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def __contains__(self, name: str) -> bool:
        return self.resolve(name) is not None

    def __getitem__(self, name: str) -> Tensor:
        known = self.resolve(name)
        if known is None:
            raise KeyError(name)
        made = self._by_name.get(known) or self._unlisted.get(known)
        return made if made is not None else self._request(known)

    def resolve(self, name: str) -> str | None:
        """The name proper of a tensor that is named in any spelling (`∂L/∂h`, `conv_1.weight`); None for no tensor."""
        if not isinstance(name, str):
            return None
        if name in self._by_name and name not in self._aliases:
            return name
        name = VIA.join(part.replace(" ", "") for part in name.replace("∂", "d").split(VIA))
        name = self._aliases.get(name, name)
        jacobian = jacobian_name(name)
        if jacobian is not None:
            of, by = (self._aliases.get(part, part) for part in jacobian)
            return f"d({of})/d({by})" if self._jacobian_shape(of, by) is not None else None
        if any(name in known for known in (self._by_name, self._unlisted, self._requestable)):
            return name
        return self._quantity_name(name)

    @property
    def names(self) -> list[str]:
        """Every name that finds a tensor: the names proper in order, tensors made on request, aliases."""
        made = {**self._by_name, **self._unlisted, **self._requestable}
        return [*made, *(alias for alias, name in self._aliases.items() if name in made)]

    @cached_property
    def known(self) -> Known:
        """What a name may be one of, where people call tensors otherwise."""
        problem = self.problem
        return Known(
            layers=named_layers(problem),
            names=self.names,
            resolve=self.resolve,
            axes=lambda name: len(self[name].shape),
            inputs=[given.name for given in problem.inputs],
            loss=problem.loss.loss.type if problem.loss else None,
            loss_name=problem.loss_name,
            questions=problem.questions,
        )

    def meant(self, typed: str) -> str | None:
        """The tensor of this name, or the one that alone can be meant by it; None for none."""
        found = self.known.find(typed)
        return None if found is None or "[" in found else found

    def read_as(self, names: Iterable[str]) -> tuple[Phrase, ...]:
        """What is to be said of names that are other people's."""
        others = {typed: own for typed in names if self.resolve(typed) is None and (own := self.meant(typed))}
        return tuple(READ_AS.format(typed=typed, name=own) for typed, own in others.items())

    def step(self, name: str) -> Step | None:
        """The step that computes a tensor; None for what is given in the problem file."""
        return self._step.get(name)

    def needs(self, name: str) -> list[str]:
        """What a tensor is computed from directly, by name; nothing for what is given."""
        step = self._step.get(name)
        if step is None:
            return []
        return step.needs(step.local(name))

    def maker(self, tensor: Tensor) -> tuple[Step | None, str]:
        """The step that computes a tensor, and the step's name for it; None for what is given."""
        step = self._step.get(tensor.name)
        if step is not None:
            return step, step.local(tensor.name)
        for step in self.steps:
            requested = (*step.layer.on_request, *step.layer.on_request_backward)
            if step.name == tensor.layer and tensor.local in requested:
                return step, tensor.local
        return None, tensor.local

    def users(self, tensor: Tensor) -> list[str]:
        """The layers that have a parameter: several where it is shared."""
        layers = self.problem.layers
        users = [one.name for one in layers if any(given.name == tensor.name for given in one.parameters.values())]
        return users or [tensor.layer or ""]

    def parts(self, tensor: Tensor) -> list[Tensor]:
        """What comes back from each use of a tensor, of the gradient that adds it up; nothing for any other."""
        step, _ = self.maker(tensor)
        layer = step.layer if step is not None else None
        if step is None or not isinstance(layer, Meeting):
            return []
        return [self._unlisted[step.names[local]] for local in layer.parts(step.tensors)]

    def formula(self, name: str) -> str | None:
        """The LaTeX formula of a tensor in its layer's local names; None for what is given."""
        step = self._step.get(name)
        if step is None:
            return None
        return step.layer.formulas(self.setting(step)).get(step.local(name))

    def setting(self, step: Step) -> Setting:
        """What the formulas of a step need to know."""
        return Setting(
            x=step.tensors["x"].shape[1:],
            parameters=step.shapes(),
            index_base=self.problem.index_base,
            samples=None if self.problem.batch is None else len(step.tensors["x"]),
            letters=self._letters_of_parameters(step),
        )

    def _letters_of_parameters(self, step: Step) -> Mapping[str, str]:
        """What the layer of a parameter counts its elements with: for an update, a penalty, uses that come together."""
        made = {"gradient": step.names["gradient"]} if "gradient" in step.names else {}
        if isinstance(step.layer, Meeting):
            made = dict.fromkeys(step.layer.parts(step.tensors), step.names["x"])
        formulas = {local: self.formula(name) or "" for local, name in made.items()}
        for local in getattr(step.layer, "weights", ()):
            pairs = ((one, own) for one in self.all_steps if one is not step for own in one.shapes())
            user, own = next((one, own) for one, own in pairs if one.names[own] == step.names[local])
            formulas[local] = user.layer.formulas(self.setting(user))[f"d{own}"]
        found = {local: re.match(r"\\\w+_{(.*?)} =", formula) for local, formula in formulas.items()}
        return {local: match[1] for local, match in found.items() if match is not None}

    @cached_property
    def index_letters(self) -> Mapping[str, str]:
        """The letter of each role in formulas: no tensor's name, no letter of the problem."""
        names = {self.problem.loss_name, *self._by_name, *self._unlisted}
        upstream = self.problem.upstream
        given = [tensor for tensor in self.problem.given if tensor is not upstream]
        if self.problem.has_letters:
            entries = (entry for tensor in given for entry in tensor.entries.ravel())
            names |= {variable.letter for entry in entries for variable in variables(entry)}
        return index_letters(names)

    @cached_property
    def _step(self) -> Mapping[str, Step]:
        return {name: step for step in self.all_steps for name in step.made()}

    @cached_property
    def all_steps(self) -> tuple[Step, ...]:
        """Those of the passes, of gradients that come together, and of an update."""
        return (*self.steps, *self.meetings, *self.after)

    @cached_property
    def _aliases(self) -> Mapping[str, str]:
        found = _aliases(self.problem, self.steps)
        return found if self.problem.update is None else {**names(self.problem), **found}

    @cached_property
    def doubts(self) -> Mapping[str, tuple[Doubt, ...]]:
        """By layer name: where the data meets a kink or a tie."""
        found = {step.name: (*step.doubts, *step.layer.doubts(self.numbers, step.tensors)) for step in self.all_steps}
        return {name: doubts for name, doubts in found.items() if doubts}

    @cached_property
    def marks(self) -> Mapping[str, Mapping[str, Array]]:
        """By tensor name and kind (`closed`, `winner`): boolean arrays in the tensor's shape."""
        marks: dict[str, dict[str, Array]] = {}
        for step in self.all_steps:
            for mark in step.layer.marks(self.numbers, step.tensors):
                name = step.names.get(mark.tensor, "")
                tensor = self._by_name.get(name) or self._unlisted.get(name)
                if tensor is not None:
                    marks.setdefault(name, {})[mark.kind] = mark.cells.reshape(tensor.shape)
        return marks

    @cached_property
    def _requestable(self) -> Mapping[str, tuple[Step, str]]:
        found = {f"{step.name}.{local}": (step, local) for step in self.all_steps for local in step.layer.on_request}
        for step in self.steps:
            for local in step.layer.on_request_backward if "g" in step.tensors else ():
                inner = f"{step.name}.{local[1:]}"
                is_gradient = local[:1] == "d" and inner in found
                name = f"d{self.problem.loss_name}/d{inner}" if is_gradient else f"{step.name}.{local}"
                found[name] = (step, local)
        return found

    @cached_property
    def outline(self) -> Outline:
        """Sizes and counts, which can be asked for by name as well: `shape(conv_1)`, `parameters(total)`."""
        from cnncalc.outline import shapes

        return shapes(self.problem)

    def _quantity_name(self, name: str) -> str | None:
        asked = quantity_name(name)
        if asked is None:
            return None
        proper = f"{asked[0]}({names(self.problem).get(asked[1], asked[1])})"
        return proper if self.outline.has(proper) else None

    def _request(self, name: str) -> Tensor:
        jacobian = jacobian_name(name)
        if jacobian is not None:
            return self._jacobian(name, *jacobian)
        asked = quantity_name(name)
        if asked is not None:
            cells = self.numbers.array(np.asarray(self.outline.quantity(name), dtype=object))
            return Tensor(name, "auxiliary", "forward", None, asked[0], asked[0], cells, self.numbers, batched=False)
        step, local = self._requestable[name]
        if local == "matrix":
            samples = len(step.tensors["x"])
            from cnncalc.jacobian import require_size

            require_size(name, (step.tensors["y"].size // samples, step.tensors["x"].size // samples))
        batched = self.problem.batch is not None and local not in step.layer.without_samples
        if local in step.layer.on_request:
            elements = self._requested(step, local)
        else:
            elements = step.layer.requested_backward(self.numbers, step.tensors["g"], step.tensors)[local]()
        if not batched and local not in step.layer.without_samples:
            elements = elements[0]
        stage: Pass = "forward" if local in step.layer.on_request else "backward"
        kind: Kind = "gradient" if name.startswith(f"d{self.problem.loss_name}/") else "auxiliary"
        with np.errstate(all="ignore"):
            elements = self.numbers.simplified(elements)
        return Tensor(name, kind, stage, step.name, step.layer.type, local, elements, self.numbers, batched)

    def _jacobian_shape(self, of: str, by: str) -> tuple[int, int] | None:
        from cnncalc.jacobian import shape

        return shape(self.steps, of, by)

    def _jacobian(self, name: str, of: str, by: str) -> Tensor:
        from cnncalc.jacobian import jacobian, require_size

        require_size(name, self._jacobian_shape(of, by) or (0, 0))
        with np.errstate(all="ignore"):
            elements = jacobian(self.numbers, self.steps, of, by)
        return Tensor(name, "auxiliary", "backward", None, None, "jacobian", elements, self.numbers, batched=False)

    def _requested(self, step: Step, local: str) -> Array:
        made = step.layer.requested(self.numbers, step.tensors["x"], step.parameters())
        try:
            with np.errstate(all="ignore"):
                return made[local]()
        except OutOfRange:
            parts = step.layer.parts_of() if isinstance(step.layer, Loss) else ()
            if local not in parts:
                raise
            # Where x itself has lost what the loss is made of, a part is what the others leave of it.
            others = (made[part]() if part in made else step.tensors[part] for part in parts if part != local)
            return np.asarray(step.tensors["y"] - sum(others))


def _aliases(problem: Problem, steps: tuple[Step, ...]) -> dict[str, str]:
    aliases = {
        f"{step.name}.{parameter.name}": step.names[parameter.name]
        for step in steps
        for parameter in step.layer.parameters
        if not parameter.is_operand
        and parameter.name in step.names
        and step.names[parameter.name] != f"{step.name}.{parameter.name}"
    }
    prefix = f"d{problem.loss_name}/d"
    return aliases | {prefix + alias: prefix + name for alias, name in aliases.items()}
