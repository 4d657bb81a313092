"""Problem + arithmetic -> Trace: the forward pass through the graph of layers, then the backward pass against it.

The gradient of what is used in several places is the sum of what comes from each: a step of its own, a `Meeting`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, OpenLetters, OutOfRange, TooCostly, Undecided, samples_last
from cnncalc.labelling import RANKS, Labelling
from cnncalc.language import Phrase
from cnncalc.layers.base import Layer, Loss, ShapeError, called
from cnncalc.layers.joining.several import OPERANDS, Meeting, names_of
from cnncalc.problem.names import part_name, several_uses
from cnncalc.problem.problem import PLACES, GivenTensor, Problem
from cnncalc.problem.text.faults import Fault, Place, ProblemError
from cnncalc.records import replace
from cnncalc.saturation import Saturation, saturation
from cnncalc.step import Step
from cnncalc.trace import Kind, Pass, Tensor, Trace

_NAMED = Phrase("letters: the sums of {name} are long; what lies behind it is written in the elements of {name}")
_SUMS_TO_ONE = Phrase("letters: those of {name} are taken to sum to 1, as a cross-entropy's target does")


class Passes:
    """One run of a problem in a number system: collects its tensors."""

    def __init__(self, problem: Problem, numbers: Arithmetic, known: Mapping[str, Array] | None = None) -> None:
        """`known`: tensors that have been found in better numbers, by name, to go on from where they are."""
        self.problem = problem
        self.numbers = numbers
        self.known = known or {}
        self.given: list[Tensor] = []
        self.forward: list[Tensor] = []
        self.backward: list[Tensor] = []
        self.made: dict[str, Tensor] = {}
        """What is given and made forward, by name."""
        self.update: list[Tensor] = []
        self.suffix = ""
        """What names end with where this is no first run."""
        self.samples: list[int] | None = None
        """Those that it takes, if not all."""
        self.sampled: list[Tensor] = []
        """What is given, of some samples: of a run that takes only those."""
        self.unlisted: list[Tensor] = []
        self.arrays: dict[str, Array] = {}
        """The same in the numbers of this run, N first: what the steps take."""
        self.uses: dict[str, list[str]] = {}
        """The tensors that are used more than once: a label for each use."""
        self.parts: dict[str, dict[str, tuple[str, Array]]] = {}
        """Of those, by label: the name and the elements of what each use has sent back so far."""
        self.gradients: dict[str, Array] = {}
        """The gradients that are complete, by the name of what they are of."""
        self.meetings: list[Step] = []
        # Labels are seldom asked for. They know nothing of this run, which would keep all of it in a circle.
        self.labelling = Labelling(problem)
        self.has_batch = problem.batch is not None
        self.gradient = f"d{problem.loss_name}/d".__add__
        """The name of a tensor's gradient."""
        self.notices: list[Phrase] = list(problem.notices)
        self.saturation: Saturation | None = None
        """How the loss, or in letters its gradient alone, is computed, where not from what it sees."""
        self.at: tuple[str, Place | None] = ("", None)
        """The layer or tensor that is being computed, to be named in a fault."""

    def trace(self, notices: tuple[Phrase, ...] = ()) -> Trace:
        """Both passes."""
        try:
            return self._trace(notices)
        except TooCostly as error:
            if self.numbers.name != "symbolic":
                raise
            raise self.outgrown(error) from error
        except (ShapeError, OutOfRange, Undecided) as error:
            raise self._fault_of(error) from error

    def outgrown(self, error: TooCostly) -> ProblemError:
        """What is said where there is no end to exact numbers that were asked for, or to letters."""
        if self.numbers.name == "symbolic" or self.numbers.stands_for_letters:
            remedy = "give numbers for some of the tensors, or make them smaller"
            return self._fault(f"{self.at[0]}: the sums of letters have grown too long", remedy)
        return self._fault(f"{self.at[0]}: {error}", "take --numbers float, or smaller numbers")

    # What overflows is refused in words; NumPy's warnings would only come before them.
    @np.errstate(all="ignore")
    def _trace(self, notices: tuple[Phrase, ...]) -> Trace:
        problem = self.problem
        # What is nearer to the loss stands further in front in a product of letters.
        last = len(problem.layers) + 1
        for given in problem.inputs:
            self.arrays[given.name] = x = samples_last(self._array(given, given.place, RANKS * last))
            self._add(self.given, given.name, "input", None, None, "x", x)
        steps = self._run()
        rounds: list[tuple[Step, ...]] = []
        if problem.update is not None:
            from cnncalc.descent import Descent

            rounds = Descent(self, steps, problem.update).rounds()
        tensors = (*self.given, *self.forward, *self.backward, *self.update)
        told = (*self.notices, *notices)
        return Trace(
            problem, self.numbers, tuple(steps), tensors, told, rounds, tuple(self.unlisted), tuple(self.meetings)
        )

    def _run(self, is_whole: bool = True) -> list[Step]:
        """Both passes; or the forward pass as far as nobody has made it."""
        problem, steps, last = self.problem, list[Step](), len(self.problem.layers) + 1
        for position, entry in enumerate(problem.layers, 1):
            rank = RANKS * (last - position)
            if entry.name not in self.arrays:
                steps.append(self._forward(entry.name, entry.layer, entry.inputs, entry.parameters, entry.place, rank))
        name = problem.output
        if problem.loss:
            parameters = {"target": problem.loss.target, **problem.loss.further, **problem.loss.penalised}
            loss, rank = problem.loss, RANKS * (last + 1)
            before = steps[-1] if steps else None
            steps.append(self._forward(loss.name, loss.loss, (name,), parameters, loss.place, rank, before))
        if is_whole and self._first_gradient(name):
            self.uses = several_uses((step.name, step.uses()) for step in steps)
            places = [entry.place for entry in problem.layers] + ([problem.loss.place] if problem.loss else [])
            for step, place in zip(reversed(steps), reversed(places), strict=True):
                self._backward(step, place)
        return steps

    def again(
        self, suffix: str, parameters: Mapping[str, Array], samples: Sequence[int] | None, is_whole: bool = True
    ) -> tuple[Passes, list[Step]]:
        """The same with other parameters, on all samples or on some; without the backward pass what changes alone."""
        made = Passes(self.problem, self.numbers)
        made.suffix, made.labelling = suffix, self.labelling
        known = {tensor.name: tensor for tensor in self.given}
        made.samples = None if samples is None else list(samples)
        made.arrays = {name: parameters.get(name, self.arrays[name]) for name in known if name in self.arrays}
        made.made = {name: self.made[name] for name in made.arrays}
        targets = self.problem.loss.targets if self.problem.loss else ()
        for name in (given.name for given in (*self.problem.inputs, *targets)):
            if samples is not None:
                made.arrays[name] = samples_last(self.arrays[name][list(samples)])
                made.made[name] = replace(self.made[name], elements=self.made[name].elements[list(samples)])
                made.sampled.append(made.made[name])
        if not is_whole:
            changed = set(parameters)
            for entry in self.problem.layers:
                if changed.isdisjoint((*entry.inputs, *(given.name for given in entry.parameters.values()))):
                    made.arrays |= {name: self.arrays[name] for name in (entry.name, entry.name + PLACES)
                                    if name in self.arrays}  # fmt: skip
                else:
                    changed |= {entry.name, entry.name + PLACES}
        made.notices = self.notices
        try:
            return made, made._run(is_whole)
        finally:
            self.at = made.at

    # Forward

    def _array(self, given: GivenTensor, place: Place | None, rank: int) -> Array:
        self.at = (given.name, place)
        return self.numbers.for_layer(given.name, rank).array(given.entries)

    def _forward(
        self,
        name: str,
        layer: Layer,
        inputs: Sequence[str],
        given: Mapping[str, GivenTensor],
        place: Place,
        rank: int,
        before: Step | None = None,
    ) -> Step:
        is_loss = self.problem.loss is not None and layer is self.problem.loss.loss
        names = {**dict(zip(names_of(len(inputs)), inputs, strict=True)), "y": name}
        x, *operands = (self.arrays[taken] for taken in inputs)
        parameters = {operand.name: array for operand, array in zip(OPERANDS, operands, strict=False)}
        for number, parameter in enumerate(layer.parameters):
            if parameter.name not in given:
                continue
            tensor = given[parameter.name]
            names[parameter.name] = tensor.name
            if tensor.name in self.arrays:  # shared
                parameters[parameter.name] = self.arrays[tensor.name]
                continue
            array = parameters[parameter.name] = self._array(tensor, tensor.place or place, rank + number)
            self.arrays[tensor.name] = array
            if is_loss:
                is_distribution = isinstance(layer, Loss) and layer.target_is_distribution
                if is_distribution and self.problem.has_letters and any(map(self.numbers.in_letters, array.ravel())):
                    self.notices.append(_SUMS_TO_ONE.format(name=tensor.name))
                self._add(self.given, tensor.name, "auxiliary", name, layer.type, parameter.name, array)
            else:
                self._add(self.given, tensor.name, "parameter", name, layer.type, parameter.name, array, batched=False)
        # A feature layer takes maps of 1×1 as features.
        x = x.reshape(x.shape[:2]) if layer.domain == "features" and x.ndim > 2 else x
        self.at = (name, place)
        if layer.names_input:
            x = self.numbers.for_layer(inputs[0], rank + RANKS - 0.5).named("y", x)
        scoped = self.numbers.for_layer(name + self.suffix, rank + RANKS - 1)
        self.saturation = saturation(self.numbers, before, layer, parameters)
        if self.saturation is not None and self.saturation.logarithms is not None:
            self.notices += self.saturation.told(name + self.suffix)
            made = self._tidied(layer, self.saturation.loss(scoped))
        else:
            made = self._tidied(layer, layer.forward(scoped, x, parameters))
        if not is_loss and self.numbers.is_long(made["y"]):
            made["y"] = scoped.named("y", made["y"])
            self.notices.append(_NAMED.format(name=name + self.suffix))
        for local in made:
            if local not in layer.chosen:
                made[local] = self._better(name if local == "y" else f"{name}.{called(local)}", made[local])
            if local == "y":
                continue
            names[local] = f"{name}.{called(local)}"
            shown = self._shown(scoped, local, made[local])
            if local == "path":
                self.arrays[names[local]] = made[local]
            self._add(
                self.forward, names[local], "auxiliary", name, layer.type, local, shown, local in layer.with_samples
            )
        kind: Kind = "loss" if is_loss else "activation"
        self._add(self.forward, name, kind, name, layer.type, "y", scoped.written_out(made["y"]), batched=not is_loss)
        self.arrays[name] = made["y"]
        if type(layer).shares is not Layer.shares:
            self.labelling.makers[name + self.suffix] = (layer, {"x": x, "y": made["y"]}, self.numbers)
        return Step(name, layer, {"x": x, **parameters, **made}, names, ())

    # Backward

    def _first_gradient(self, last: str) -> bool:
        """Where the backward pass begins; whether there is one."""
        problem = self.problem
        if problem.loss:
            self.gradients[problem.loss.name] = self.numbers.full((), self.numbers.number(1))
            return True
        if problem.upstream is None:
            return False
        g = samples_last(self._array(problem.upstream, problem.upstream.place, 0))
        g = self.gradients[last] = g if self.samples is None else samples_last(g[self.samples])
        owner = problem.layers[-1] if problem.layers else None
        self._add(
            self.backward, self.gradient(last), "gradient", owner.name if owner else None,
            owner.layer.type if owner else None, "g", g,
        )  # fmt: skip
        return True

    def _backward(self, step: Step, place: Place) -> None:
        """Completes a step by its gradients."""
        name, layer, tensors, names = step.name, step.layer, step.tensors, step.names
        g = self.gradients[name]
        if g.shape != tensors["y"].shape:
            g = g.reshape(tensors["y"].shape)
        self.at = (name, place)
        if self.saturation is not None and self.saturation.logarithms and step.name == self.problem.loss_name:
            # Infinite where a double cannot hold it, and no use is made of it.
            made = self.saturation.slope(self.numbers)
        elif self.saturation is not None and step is self.saturation.before:
            made = self._tidied(layer, self.saturation.gradient(self.numbers))
        else:
            made = self._tidied(layer, layer.backward(self.numbers, g, tensors))
        tensors["g"], names["g"] = g, self.gradient(name)
        inputs = step.inputs()
        for local in sorted(made, key=lambda local: local[1:] in inputs):
            inner, known = local[1:], names[local[1:]]
            if known in self.uses:
                tensors[local] = made[local]
                self._send(step, inner, made[local])
                continue
            names[local] = gradient = self.gradient(known)
            self.gradients[known] = tensors[local] = array = self._better(gradient, made[local])
            if inner in inputs:
                self._add_like(self.backward, gradient, local, array, self.made[known])
            else:
                batched = inner in layer.with_samples
                self._add(self.backward, gradient, "gradient", name, layer.type, local, array, batched)

    def _send(self, step: Step, inner: str, array: Array) -> None:
        """One part of the gradient of what is used more than once; with the last one the gradient is complete."""
        known = step.names[inner]
        labels, sent = self.uses[known], self.parts.setdefault(known, {})
        label = step.name if step.name in labels else f"{step.name}:{step.used().index(inner) + 1}"
        whole, true, like = self.gradient(known), self.arrays[known], self.made[known]
        name = step.names[f"d{inner}"] = part_name(whole, label)
        sent[label] = name, array.reshape(true.shape)
        self._add_like(self.unlisted, name, f"d{inner}", array, like)
        if len(sent) < len(labels):
            return
        locals_ = names_of(len(labels))
        names = {local: sent[label][0] for local, label in zip(locals_, labels, strict=True)}
        tensors = {local: sent[label][1] for local, label in zip(locals_, labels, strict=True)}
        is_parameter = like.kind == "parameter"
        layer = Meeting(not is_parameter, is_parameter and labels[-1] == self.problem.loss_name)
        first, *others = tensors.items()
        tensors |= self._tidied(layer, layer.forward(self.numbers, first[1], dict(others)))
        self.meetings.append(Step(whole, layer, tensors, {**names, "y": whole}))
        self.gradients[known] = tensors["y"] = self._better(whole, tensors["y"])
        self._add_like(self.backward, whole, "y", tensors["y"], like)

    def _add_like(self, tensors: list[Tensor], name: str, local: str, array: Array, like: Tensor) -> None:
        """The gradient of another tensor, or a part of it, in the shape of that."""
        batched = like.kind != "parameter"
        self._add(tensors, name, "gradient", like.layer, like.type, local, array, batched, like, "backward")

    # Tensors

    def _shown(self, scoped: Arithmetic, local: str, array: Array) -> Array:
        """What a layer has made, as a reader sees it: without its own letters; a path counts from index_base."""
        return self.numbers.array(array + self.problem.index_base) if local == "path" else scoped.written_out(array)

    def _better(self, name: str, array: Array) -> Array:
        """A tensor as it is known already, in the shape that it has here; else as it is."""
        return samples_last(self.known[name].reshape(array.shape)) if name in self.known else array

    def _tidied(self, layer: Layer, made: dict[str, Any]) -> dict[str, Array]:
        chosen, simplified = layer.chosen, self.numbers.simplified
        for local, array in made.items():
            if local not in chosen:
                made[local] = simplified(np.asarray(array))
        return made

    def _add(
        self, tensors: list[Tensor], name: str, kind: Kind, layer: str | None, type_: str | None, local: str,
        array: Array, batched: bool = True, like: Tensor | None = None, stage: Pass | None = None,
    ) -> None:  # fmt: skip
        if stage is None:
            stage = "backward" if tensors is self.backward else "update" if tensors is self.update else "forward"
        has_batch = batched and self.has_batch
        elements = array[0, ...] if batched and not has_batch else array
        if like is not None and elements.shape != like.shape:
            elements = elements.reshape(like.shape)
        tensor = Tensor(name, kind, stage, layer, type_, local, elements, self.numbers, has_batch, self.labelling)
        tensors.append(tensor)
        if tensors is self.given or tensors is self.forward:
            self.made[name] = tensor

    def _fault_of(self, error: OutOfRange | ShapeError | Undecided) -> ProblemError:
        """What the arithmetic cannot do as a fault at the place of the layer or tensor."""
        at = self.at[0]
        match error:
            case ShapeError():
                message = error.message.replace("{y}", at).replace("{x}", "its input")
                return self._fault(message, error.remedy)
            case OutOfRange():
                return self._fault(f"{at}: {error}", "change the numbers that lead here")
            case OpenLetters():
                remedy = "give `values` beside `symbol` (or `assume: positive` where that decides it), or numbers"
                return self._fault(f"{at}: {error}", remedy)
            case _:
                return self._fault(f"{at}: {error}", "solve with --numbers float, or change the numbers")

    def _fault(self, message: str, remedy: str) -> ProblemError:
        return ProblemError([Fault(message, remedy, self.at[1])], self.problem.file, self.problem.text)
