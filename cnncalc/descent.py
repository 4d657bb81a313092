"""Steps of an update rule: each parameter after each, and the passes through the net with those in between and behind.

What is made with the parameters after step 1 ends in `.step_1`, that after the last step in `.new`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange, TooCostly, Undecided
from cnncalc.labelling import RANKS
from cnncalc.language import Phrase
from cnncalc.layers.base import Doubt
from cnncalc.layers.joining.several import VIA
from cnncalc.optimizers.rule import LAST
from cnncalc.problem.names import RATES, part_name, remembered, suffix
from cnncalc.problem.problem import Problem, UpdateEntry
from cnncalc.problem.text.faults import Place
from cnncalc.records import replace
from cnncalc.step import Step
from cnncalc.trace import Kind, Tensor

LARGER = Phrase("the step has made the loss larger; on this data the learning rate is too large.")
LARGER_BY_SEVERAL = Phrase("after these steps the loss is larger than before.")
SAME = Phrase("the step has left the loss as it was.")
OPEN = Phrase("whether the step has made the loss smaller could not be decided.")
NO_LOSS = Phrase(
    "the loss after the step cannot be computed: with the new parameters a number leaves what can be held."
)
CANNOT = (OutOfRange, Undecided)
"""What the forward pass may raise with the new parameters, though it did not with the old ones."""


class Passes(Protocol):
    """A run of the problem, as far as it can be made again."""

    problem: Problem
    numbers: Arithmetic
    arrays: dict[str, Array]
    gradients: dict[str, Array]
    given: list[Tensor]
    sampled: list[Tensor]
    forward: list[Tensor]
    backward: list[Tensor]
    update: list[Tensor]
    unlisted: list[Tensor]
    meetings: list[Step]
    gradient: Callable[[str], str]
    at: tuple[str, Place | None]

    def again(
        self, suffix: str, parameters: Mapping[str, Array], samples: Sequence[int] | None, is_whole: bool = True
    ) -> tuple[Passes, list[Step]]:
        """The same with other parameters, on all samples or on some."""


class Descent:
    """The parameters and what the rule remembers of them, as they are after so many steps."""

    def __init__(self, passes: Passes, steps: Sequence[Step], update: UpdateEntry) -> None:
        self.passes, self.numbers, self.update = passes, passes.numbers, update
        self.steps = steps
        self.inputs = {given.name for given in passes.problem.inputs if passes.problem.batch is None}
        """What has an axis N that no reader sees, as parameters have none."""
        self.values = {name: self._plain(name, passes.arrays[name]) for name in update.parameters}
        self.names = {name: name for name in update.parameters}
        self.states = {name: self._first_state(name) for name in update.parameters}
        """By parameter and state: its name, and its elements."""
        # With batches the pass over all samples is no step of the training, and nothing is kept of it.
        self.carried = {} if update.batches else _carried(steps, {})
        """What layers keep for the next pass, by the names of what it was: its name, and its elements."""
        self.gradients: Mapping[str, Array] = passes.gradients
        self.gradient_names = {name: passes.gradient(name) for name in update.parameters}

    def rounds(self) -> list[tuple[Step, ...]]:
        """Step by step."""
        found: list[tuple[Step, ...]] = []
        now: list[Step] = []
        if self.update.rates:
            rates = self.numbers.array(np.array(self.update.rates, dtype=object))
            self._add(Tensor(RATES, "auxiliary", "update", None, None, "rates", rates, self.numbers, batched=False))
        for number in range(1, self.update.steps + 1):
            # Numbers grow from step to step.
            with self.numbers.one_of(self.update.steps - number + 1):
                if number > 1 or self.update.batches:
                    now += self._again(number)
                    found.append(tuple(now))
                now = self._updated(number)
        return [*found, (*now[:-1], *self._behind(now[-1]))]

    def _first_state(self, name: str) -> dict[str, tuple[str, Array]]:
        found: dict[str, tuple[str, Array]] = {}
        for local in self.update.rule.state:
            given = self.update.state.get((name, local))
            array = self.numbers.zeros(self.values[name].shape)
            if given is not None:
                array = self.numbers.for_layer(given.name, 0).array(given.entries)
            found[local] = known, _ = remembered(name, local, 0, self.update.steps), array
            kind = self.update.rule.type
            tensor = Tensor(known, "auxiliary", "forward", None, kind, local, array, self.numbers, batched=False)
            self.passes.given.append(tensor)
        return found

    def _updated(self, number: int) -> list[Step]:
        """A step of the rule for each parameter that it changes."""
        rule, last = self.update.rule_at(number), self.update.steps
        made: list[Step] = []
        gradients = {name: self._plain(name, self.gradients[name]) for name in self._owners()}
        shares = rule.clip_shares(self.numbers, gradients) if rule.clips else {}
        for name, owner in self._owners().items():
            names = {"x": self.names[name], "gradient": self.gradient_names[name]}
            tensors = {"x": self.values[name], "gradient": gradients[name]}
            if name in shares:
                known = remembered(name, "share", number, last)
                names["share"], tensors["share"] = known, shares[name]
                self._add(
                    Tensor(known, "auxiliary", "update", owner, rule.type, "share", shares[name], self.numbers, False)
                )
            for local, (known, array) in self.states[name].items():
                names[LAST + local], tensors[LAST + local] = known, array
            self.passes.at = name + suffix(number, last), self.update.place
            x, *others = tensors
            results = rule.forward(self.numbers, tensors[x], {local: tensors[local] for local in others})
            step = Step(name + suffix(number, last), rule, {**tensors, **results}, names)
            for local, array in results.items():
                names[local] = step.name if local == "y" else remembered(name, local, number, last)
                kind: Kind = "parameter" if local == "y" else "auxiliary"
                self._add(
                    Tensor(names[local], kind, "update", owner, rule.type, local, array, self.numbers, batched=False)
                )
            # In letters what follows is written with those of the new parameter.
            places = [one.name for one in self.steps]
            scoped = self.numbers.for_layer(step.name, RANKS * (len(places) - places.index(owner)) - 1 / 2)
            self.values[name], self.names[name] = scoped.named("parameter", results["y"]), step.name
            self.states[name] = {local: (names[local], results[local]) for local in rule.state}
            made.append(step)
        return made

    def _owners(self) -> dict[str, str]:
        """Each parameter, in the order of the layers, with the name of the first layer that has it."""
        found: dict[str, str] = {}
        for step in self.steps:
            for local in ("x", *step.parameters()):
                if step.names[local] in self.names:
                    found.setdefault(step.names[local], step.name)
        return found

    def _plain(self, name: str, array: Array) -> Array:
        """A tensor as a parameter has it, without N."""
        return np.asarray(array[0]) if name in self.inputs else array

    def _placed(self) -> dict[str, Array]:
        """The parameters as the passes have them."""
        return {name: array[None] if name in self.inputs else array for name, array in self.values.items()}

    def _add(self, tensor: Tensor) -> None:
        self.passes.update.append(tensor)

    def _again(self, number: int) -> list[Step]:
        """Both passes with the parameters as they are before a step, on the samples of that step."""
        batches = self.update.batches
        samples = batches[(number - 1) % len(batches)] if batches else None
        ending = suffix(number - 1, self.update.steps)
        kept = {name: array for name, (_, array) in self.carried.items()}
        ran, steps = self.passes.again(ending, {**self._placed(), **kept}, samples)
        called = self._renaming(ran, ending, samples is not None)
        self.carried = _carried(steps, self.carried, called)
        listed = {self.passes.problem.loss_name, *map(ran.gradient, self.names)}
        for tensor in (*ran.sampled, *ran.forward, *ran.backward, *ran.unlisted):
            own = called.tensor(tensor)
            (self.passes.update if tensor.name in listed else self.passes.unlisted).append(own)
        self.gradients = ran.gradients
        self.gradient_names = {name: called(ran.gradient(name)) for name in self.names}
        return [called.step(step) for step in (*steps, *ran.meetings)]

    def _renaming(self, ran: Passes, ending: str, is_sampled: bool) -> _Renaming:
        return _Renaming(
            ran, {**self.names, **{was: now for was, (now, _) in self.carried.items()}}, ending, is_sampled
        )

    def _behind(self, last_update: Step) -> list[Step]:
        """The forward pass that changes with the parameters after the last step, for the loss with them."""
        loss, last_name = self.passes.problem.loss, self.passes.problem.measure
        if last_name is None:
            return [last_update]
        ending = suffix(self.update.steps, self.update.steps)
        try:
            kept = {name: array for name, (_, array) in self.carried.items()}
            ran, steps = self.passes.again(ending, {**self._placed(), **kept}, None, is_whole=False)
        except TooCostly:
            # The whole is solved in other numbers then.
            raise
        except CANNOT:
            return [replace(last_update, doubts=(Doubt("y", ((),), NO_LOSS),))]
        called = self._renaming(ran, ending, is_sampled=False)
        for tensor in ran.forward:
            own = called.tensor(tensor)
            if tensor.name == last_name:
                self._add(replace(own, layer=last_name))
            else:
                self.passes.unlisted.append(own)
        *outputs, last = (called.step(step) for step in steps)
        if self.update.visits or loss is None:
            # A perceptron's loss is no measure of its way: it is 0 where all scores are.
            return [last_update, *outputs, last]
        doubts = loss_doubt(self.numbers, self.steps[-1].tensors["y"], last.tensors["y"], self.update.steps)
        return [last_update, *outputs, replace(last, doubts=doubts)]


def _carried(
    steps: Sequence[Step], before: Mapping[str, tuple[str, Array]], called: Callable[[str], str] = str
) -> dict[str, tuple[str, Array]]:
    """What the layers of a pass keep: running statistics, which go on from there."""
    found = {
        step.names[was]: (called(step.names[new]), step.tensors[new])
        for step in steps
        for new, was in step.layer.carried.items()
    }
    return {**before, **found}


class _Renaming:
    """What the tensors of a pass are called that was made again."""

    def __init__(self, ran: Passes, parameters: Mapping[str, str], ending: str, is_sampled: bool) -> None:
        made = (*(ran.sampled if is_sampled else ()), *ran.forward, *ran.backward, *ran.unlisted)
        self._parameters, self._ending = parameters, ending
        self._made = {tensor.name for tensor in made}
        self._between = {
            tensor.name: f"{tensor.layer}{ending}{tensor.name.removeprefix(tensor.layer)}"
            for tensor in ran.forward
            if tensor.kind == "auxiliary" and tensor.layer is not None
        }
        """What layers make beside their outputs: it belongs to the layer as it is then."""

    def __call__(self, name: str) -> str:
        if name in self._parameters:
            return self._parameters[name]
        if name not in self._made:
            return name
        prefix, gradient, of = name.rpartition("/d")
        if of in self._between:
            return prefix + gradient + self._between[of]
        whole, via, use = name.partition(VIA)
        return part_name(whole + self._ending, use) if via else name + self._ending

    def step(self, step: Step) -> Step:
        """A step with its tensors' new names."""
        names = {local: self(name) for local, name in step.names.items()}
        return Step(self(step.name) if VIA in step.name else step.name + self._ending, step.layer, step.tensors, names)

    def tensor(self, tensor: Tensor) -> Tensor:
        """A tensor by its new name."""
        is_made = tensor.kind in ("activation", "auxiliary") and tensor.layer is not None
        layer = f"{tensor.layer}{self._ending}" if is_made else tensor.layer
        return replace(tensor, name=self(tensor.name), layer=layer, stage="update")


def loss_doubt(numbers: Arithmetic, before: Array, after: Array, steps: int = 1) -> tuple[Doubt, ...]:
    """What is to be said of the loss after the steps, unless it is smaller than before."""
    try:
        if numbers.is_greater(before, after).all():
            return ()
        larger = LARGER if steps == 1 else LARGER_BY_SEVERAL
        phrase = SAME if numbers.is_equal(before, after).all() else larger
    except Undecided:
        phrase = OPEN
    return (Doubt("y", ((),), phrase),)
