"""Any tensor of a solved problem, computed anew from other tensors: from what a student wrote further up.

The student's tensors stand where they were given; each other tensor is recomputed if anything that it is made of was
given, and else taken from the truth. So every number rests on the nearest ones that the student gave.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.ball import Ball
from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.checking.met import Met, StepTensors
from cnncalc.layers.base import Entry, Loss, ShapeError
from cnncalc.layers.evaluate import entries_of, value
from cnncalc.step import Scene, Step, made_of, scenes
from cnncalc.trace import Trace

PATH = "path"
MOST_ELEMENTS = 3000
"""That are traced back to what they rest on."""


def _are_places(step: Step, local: str) -> bool:
    """Whether a tensor holds whole numbers, which are counted in no arithmetic."""
    return local == PATH or local in step.layer.fixed


class Truth:
    """The true tensors as balls, turned into balls once for all sheets."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.balls = Ball()
        self.numbers: Arithmetic = self.balls
        """In which tensors are computed anew."""
        self._made: dict[tuple[str, str], Array] = {}
        self.chains = (trace.steps, trace.meetings, *trace.rounds)
        """What comes after an update is a chain of its own: no layer's gradient comes from there."""
        self.positions = {step.name: (n, at) for n, steps in enumerate(self.chains) for at, step in enumerate(steps)}
        self.ancestors: dict[str, frozenset[str]] = {}
        """All that a tensor, a size or a count is computed from, as far as it was asked for."""
        self.needs: dict[str, list[str]] = {}
        """What a tensor is computed from directly, as far as it was asked for."""
        self.passed_by: dict[tuple[str, str], set[str]] = {}
        """The tensors in between (mean, xhat, …) that a whole pass of a step passes by on the way to one of its own."""
        self.on_paper: dict[str, bool] = {}
        """Whether a step on the way to a tensor is written down by hand, as far as it was asked for."""
        self.written_out: dict[str, bool] = {}
        """Whether something is written down on the way to a tensor that is none itself, as far as it was asked."""
        self.makers = {name: (step, local) for steps in self.chains for step in steps for name, local in _made_in(step)}
        """The step that computes a tensor, and the layer's name for it there."""

    def tensor(self, step: Step, local: str) -> Array:
        """One tensor of a step, N first; a path stays an array of whole numbers."""
        key = (step.name, local)
        if key not in self._made:
            self._made[key] = step.tensors[local] if _are_places(step, local) else self._tensor(step, local)
        return self._made[key]

    def _tensor(self, step: Step, local: str) -> Array:
        return self.balls.enclose(step.tensors[local])


class Carried:
    """Tensors as they follow from `sources`: balls by name, in the shape of the step's own arrays."""

    is_countable: ClassVar[bool] = False
    """Whether these are small whole numbers, of which one is a multiple of many others by chance."""

    def __init__(
        self,
        truth: Truth,
        sources: Mapping[str, Array],
        change: Callable[[Array], Array] | None = None,
        by_another_formula: bool = False,
        met: Met | None = None,
    ) -> None:
        """`change` is applied to each computed tensor, true ones as well, before others are computed from it.

        `by_another_formula` takes a layer's other definition, or its whole pass, where its terms would go over the
        tensors in between: equal, but rounded otherwise. `met` is what was computed from other sources of the sheet.
        """
        self.truth = truth
        self.met = met or Met(0)
        self.sources = sources
        self.change = change
        self.by_another_formula = by_another_formula
        self._passes: dict[tuple[str, bool], dict[str, Array]] = {}
        self._computed: dict[str, Array | ArithmeticError | ShapeError] = {}
        """Or why it cannot be: on long chains, trying again at every turn would never end."""
        self._tensors: dict[tuple[str, str, str], Array] = {}
        """By name, and by the step and its name there: shapes differ. What is asked for twice is computed once."""
        self._changed: dict[Callable[[Array], Array], Carried] = {}
        self._affected: dict[str, bool] = {}

    @cached_property
    def chains(self) -> list[list[Scene]]:
        """The steps as scenes, for the rules of mistakes."""
        passes, rounds = self.truth.chains[:2], self.truth.chains[2:]
        later: list[list[Scene]] = [[]]
        for steps in reversed(rounds):
            later.insert(0, scenes(steps, self.truth.numbers, partial(StepTensors, self), later=later[0]))
        made = [scenes(steps, self.truth.numbers, partial(StepTensors, self), later=later[0]) for steps in passes]
        return [*made, *later[:-1]]

    def scene(self, name: str) -> tuple[Scene, str]:
        """The step that computes a tensor, and its name there."""
        step, local = self.truth.makers[name]
        chain, position = self.truth.positions[step.name]
        return self.chains[chain][position], local

    def tensor(self, name: str, step: Step, local: str) -> Array:
        """A tensor as the step that uses or computes it has it: the student's, recomputed, or true."""
        key = (name, step.name, local)
        if key not in self._tensors:
            self._tensors[key] = self._tensor(name, step, local)
        return self._tensors[key]

    def _tensor(self, name: str, step: Step, local: str) -> Array:
        given = self.sources.get(name)
        if given is not None:
            array = given.reshape(step.tensors[local].shape)
            return self._places(step, local, array) if _are_places(step, local) else array
        if not self.is_affected(name):
            return self.truth.tensor(step, local)
        computed = self.computed(name)
        if not _are_places(step, local) and name in self.truth.makers:
            computed = self.passed_on(*self.truth.makers[name], computed)
        return computed.reshape(step.tensors[local].shape) if computed.size == step.tensors[local].size else computed

    def passed_on(self, step: Step, local: str, computed: Array) -> Array:
        """A computed tensor as others are computed from it."""
        return computed if self.change is None else self.change(computed)

    def _places(self, step: Step, local: str, given: Array) -> Array:
        """A path that somebody wrote, as whole numbers from 0; ShapeError where it names cells that are not there."""
        numbers = self.truth.numbers.to_float(given) - self.truth.trace.problem.index_base
        sides = step.tensors["x" if local == PATH else "y"].shape[2:]
        if not ((numbers == np.rint(numbers)) & (numbers >= 0) & (numbers < sides)).all():
            raise ShapeError("{path} names cells that are not there", "write the row and column of each winner")
        return numbers.astype(np.intp)

    def resting_on(self, sources: Mapping[str, Array]) -> Carried:
        """The same from other sources."""
        return Carried(self.truth, sources, met=self.met)

    def changing(self, change: Callable[[Array], Array]) -> Carried:
        """The same with each computed tensor changed, one for all tensors that are asked for."""
        if change not in self._changed:
            self._changed[change] = Carried(self.truth, self.sources, change)
        return self._changed[change]

    def knows(self, name: str) -> bool:
        """Whether it is computed from anything; what is given in the problem file is not."""
        return name in self.truth.makers

    def needs(self, name: str) -> Sequence[str]:
        """What it is computed from directly."""
        known = self.truth.needs
        if name not in known:
            step, local = self.truth.makers[name]
            known[name] = step.needs(local)
        return known[name]

    def takes(self, name: str, wrong: Array) -> bool:
        """Whether others can be computed from it as it is wrong."""
        step, local = self.truth.makers[name]
        return local != PATH and wrong.size == step.tensors[local].size

    def as_read(self, name: str) -> Array:
        """A tensor recomputed, a path as a reader counts it; raises CANNOT where it cannot be."""
        return self.counted(name, self.computed(name))

    def shown(self, name: str, array: Array) -> Array:
        """It as balls, and a path as a reader counts it."""
        return self.truth.balls.enclosed(self.counted(name, np.asarray(array)))

    def counted(self, name: str, array: Array) -> Array:
        """A path as a reader counts it; any other tensor as it is."""
        _, local = self.truth.makers[name]
        return array + self.truth.trace.problem.index_base if local == PATH else array

    def past(self, name: str) -> Iterator[str]:
        """Sources that another way leads past: dL/dp, past which p − t goes, on to what is computed from that."""
        behind = (other for other in self.between(name, self.sources) if self._slopes(*self.truth.makers[other]))
        for other in (name, *behind):
            step, _ = self.truth.makers[other]
            if step.names.get("g", "") in self.sources:
                yield step.names["g"]

    def is_affected(self, name: str) -> bool:
        """Whether a source is among what the tensor is computed from, itself not counted."""
        if self.change is not None:
            return self.knows(name)
        if name not in self._affected:
            self._affected[name] = not self.ancestors(name).isdisjoint(self.sources)
        return self._affected[name]

    def ancestors(self, name: str) -> frozenset[str]:
        """All that it is computed from, directly or not; found once for all sheets."""
        known = self.truth.ancestors
        if name not in known:
            known[name] = frozenset(made_of(name, lambda other: self.needs(other) if self.knows(other) else ()))
        return known[name]

    def computed(self, name: str) -> Array:
        """A tensor recomputed, even if it is a source itself; raises CANNOT where it cannot be."""
        if name not in self._computed:
            for other in (*self._behind(name), name):
                try:
                    self._computed[other] = self._recomputed(other)
                except CANNOT as error:
                    self._computed[other] = error
        made = self._computed[name]
        if isinstance(made, Exception):
            raise made
        return made

    def _behind(self, name: str) -> list[str]:
        """What other steps make for it, far ones first: computed in this order, nothing recurses along a long chain."""
        found: dict[str, None] = {}
        seen = {name}
        waiting = [(name, iter(self._from_others(name)))]
        while waiting:
            reached, needs = waiting[-1]
            need = next((need for need in needs if need not in seen), None)
            if need is None:
                waiting.pop()
                found[reached] = None
            else:
                seen.add(need)
                waiting.append((need, iter(self._from_others(need))))
        return [other for other in found if other != name]

    def _from_others(self, name: str) -> list[str]:
        step, local = self.truth.makers[name]
        taken = step.names.values() if local not in ("y", *step.layer.auxiliaries) else step.inputs().values()
        return [
            other
            for other in taken
            if other in self.truth.makers
            and self.truth.makers[other][0] is not step
            and other not in self.sources
            and other not in self._computed
            and self.is_affected(other)
        ]

    def _recomputed(self, name: str) -> Array:
        step, local = self.truth.makers[name]
        if not self.is_affected(name):
            return self.truth.tensor(step, local)
        if not self.by_another_formula and self.reads_own(step, local):
            return self._by_definition(step, local)
        if self.by_another_formula:
            another = step.layer.another_definition(local, self.truth.numbers, StepTensors(self, step))
            slopes = self._slopes(step, local) if another is None else None
            if slopes is not None:
                another = step.layer.through_logarithms(self.truth.numbers, slopes, StepTensors(self, step))
            if another is not None:
                return another
        # A sum over everything is no array any more.
        return np.asarray(self._pass(step, local in ("y", *step.layer.auxiliaries))[local])

    def between(self, name: str, given: Collection[str]) -> list[str]:
        """What a tensor is computed from, back to what a student has given, the nearest first."""
        found, seen = [name], {name}
        for reached in found:  # which grows
            for need in self.needs(reached):
                if need not in seen and need not in given and self.knows(need):
                    seen.add(need)
                    found.append(need)
        return found[1:]

    def rests_on(self, name: str, positions: Iterable[int]) -> set[str]:
        """The sources that some elements (flat positions) of a tensor are made of, as the layers' terms say."""
        found: set[str] = set()
        seen: set[tuple[str, int]] = set()
        left = [(name, position) for position in positions]
        possible = self.nearest(name)
        while left and not found >= possible and len(seen) < MOST_ELEMENTS:
            known, position = left.pop()
            if (known, position) in seen or self.truth.makers.get(known, (None, PATH))[1] == PATH:
                continue
            seen.add((known, position))
            step, local = self.truth.makers[known]
            index = tuple(int(i) for i in np.unravel_index(position, step.tensors[local].shape))
            entries: list[Entry] = []
            with suppress(*CANNOT):
                entries += entries_of(step.layer.terms(local, index, self.truth.numbers, StepTensors(self, step)))
            for entry in entries:
                behind = step.names.get(entry.tensor, "")
                if behind in self.sources:
                    found.add(behind)
                elif behind:
                    left.append((behind, int(np.ravel_multi_index(entry.index, step.tensors[entry.tensor].shape))))
        return found

    def anew(self, name: str, place: str) -> int:
        """How many tensors are computed anew on the way from one to another."""
        return 1 + sum(place in self.ancestors(other) for other in self.between(name, self.sources))

    def nearest(self, name: str) -> set[str]:
        """The sources that are met first on the ways back from a tensor."""
        reached = [name, *self.between(name, self.sources)] if self.knows(name) else []
        return {need for other in reached for need in self.needs(other) if need in self.sources}

    def nearest_gradient(self, name: str, given: Collection[str]) -> str | None:
        """The gradient that another is directly computed from, where it is not among those given."""
        behind = self.truth.makers[name][0].names.get("g", "") if name in self.truth.makers else ""
        return behind if behind in self.truth.makers and behind not in given and behind != name else None

    def another_way(self, name: str) -> Carried | None:
        """From the same sources by another right formula, where that makes a difference."""
        made = (self.truth.makers[other] for other in (name, *self.between(name, self.sources)))
        is_another = any(self.reads_own(*maker) or self._slopes(*maker) is not None for maker in made)
        return self._otherwise if is_another else None

    @cached_property
    def _otherwise(self) -> Carried:
        return Carried(self.truth, self.sources, self.change, True, self.met)

    def _slopes(self, step: Step, local: str) -> tuple[Array, Array] | None:
        """Those of the loss right behind by log y and log(1 − y): past dL/dy they lead to p − t, also where p is 0."""
        loss, _ = self.truth.makers.get(step.names.get("g", ""), (step, ""))
        if local != "dx" or step.layer.gives != "probabilities" or not isinstance(loss.layer, Loss):
            return None
        return loss.layer.slopes_of_logarithms(StepTensors(self, loss)["target"].reshape(step.tensors["y"].shape))

    def reads_own(self, step: Step, local: str) -> bool:
        """Whether a source is a tensor in between (mean, xhat, …), which a whole pass passes by."""
        known = self.truth.passed_by
        if (step.name, local) not in known:
            own = step.layer.auxiliaries
            between = {*own, *(f"d{auxiliary}" for auxiliary in own), *step.layer.passed_by}
            names = {step.names[own] for own in between if own in step.names and own != PATH}
            known[step.name, local] = names - {step.names[local]}
        return not self.sources.keys().isdisjoint(known[step.name, local])

    def _by_definition(self, step: Step, local: str) -> Array:
        """From what it is directly made of, as a student has that."""
        tensors, numbers = StepTensors(self, step), self.truth.numbers

        def made() -> Array:
            whole = step.layer.definition(local, numbers, tensors)
            if whole is not None:
                return np.asarray(whole)
            array = numbers.zeros(step.tensors[local].shape)
            for index in np.ndindex(array.shape):
                array[index] = value(step.layer.terms(local, index, numbers, tensors), numbers, tensors)
            return array

        return self.met.made((step.name, local), tensors, made)

    def _pass(self, step: Step, is_forward: bool) -> dict[str, Array]:
        """What a layer makes of its input, or of the gradient at its output; made once."""
        key = (step.name, is_forward)
        if key not in self._passes:
            layer, numbers, tensors = step.layer, self.truth.numbers, StepTensors(self, step)

            def made() -> dict[str, Array]:
                if not is_forward:
                    return layer.backward(numbers, tensors["g"], tensors)
                parameters = {local: tensors[local] for local in step.parameters()}
                return layer.forward(numbers, tensors["x"], parameters)

            self._passes[key] = self.met.made((step.name, str(is_forward)), tensors, made)
        return self._passes[key]

    def local(self, step: Step, local: str) -> Array:
        """A tensor of a step by the layer's own name."""
        name = step.names.get(local)
        return self.truth.tensor(step, local) if name is None else self.tensor(name, step, local)


def _made_in(step: Step) -> Iterator[tuple[str, str]]:
    parameters = {parameter.name for parameter in step.layer.parameters}
    for local, name in step.names.items():
        if local not in ("x", "g") and local not in parameters:
            yield name, local


CANNOT = (ArithmeticError, ShapeError)
"""What recomputing may raise where a student's numbers lead nowhere: log of a negative number, a division by 0."""
