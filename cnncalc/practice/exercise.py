"""Draws the numbers of a problem so that it is a good exercise.

Layer by layer, each with numbers that keep what comes out short and alive; then everything is solved and inspected,
and of a dozen tries the best is changed until nothing is to be said against it. Nothing here knows a layer: what is
good is read off the trace.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import cache
from itertools import chain
from math import inf, lcm, prod
from typing import TypeAlias

import numpy as np

from cnncalc.arithmetic.base import TooCostly, filled
from cnncalc.arithmetic.float64 import Float64
from cnncalc.language import Phrase
from cnncalc.layers.base import Loss
from cnncalc.practice.draws import INPUTS, LADDER, RICH, Draws, one_hot, shares, steps, text
from cnncalc.practice.inspection import (
    ALL_ZERO,
    EFFORT,
    Coincidence,
    Finding,
    coincidences,
    hidden,
    inspected,
    is_rational,
    limits,
    of_numbers,
    wanted,
    with_pairs,
    within,
)  # fmt: skip
from cnncalc.practice.template import Slot, Template
from cnncalc.practice.work import Work
from cnncalc.problem.problem import GivenTensor, LayerEntry, Problem
from cnncalc.problem.text.faults import Fault, ProblemError
from cnncalc.records import Record, replace
from cnncalc.solver import solve_in
from cnncalc.trace import Trace

TRIES = 7
"""Of the whole, of which the best is changed, some numbers at a time …"""
CHANGES = 120
"""… this many times, or until nothing is to be said against it."""
MOST_AT_ONCE = 3
TRIES_OF_A_LAYER = 30
LARGEST_SPREAD = 4.0
"""Of numbers that go into an exponential: behind more than this one class takes everything."""
SMALLEST_SPREAD = 0.25
FEWEST_BASES, MOST_BASES = 10, 60
"""Problems of the same shapes with any numbers at all: what coincides in each of them, the shapes make. Another one is
looked at until as many have shown nothing new."""

DRAWN = ("input", "parameter")
"""The roles of tensors of which a problem that can be drawn has one."""
TOLD_REST = Phrase("What these numbers still have against them:")
TOLD_SHORT = Phrase(
    "The search was ended early, since this network takes long to compute; another seed may find better ones."
)
TOLD_LIMITS = Phrase(
    "Mistakes that stay hidden in a network of these shapes with any numbers that meet no tie and no kink:"
)

Cells: TypeAlias = Mapping[str, Sequence[Fraction]]
"""The numbers of each tensor that is drawn, in row order."""


class Exercise(Record):
    """A problem with its numbers, and what is still to be said against it."""

    problem: Problem
    cells: Cells
    findings: tuple[Finding, ...]
    alike: frozenset[Coincidence]
    """What the shapes make the same, whatever the numbers."""
    is_cut_short: bool = False
    """Whether the search ended before all was tried."""

    @property
    def weight(self) -> int:
        """How much is to be said against it."""
        return sum(finding.weight for finding in self.findings)

    @property
    def limits(self) -> list[Phrase]:
        """Which mistakes nobody can tell apart in a network of these shapes."""
        return limits(self.alike)

    def texts(self, slot: Slot) -> list[str]:
        """The cells of one tensor for its file, which counts classes from its own base."""
        base = self.problem.index_base if slot.role == "classes" else 0
        return [text(number + base) for number in self.cells[slot.name]]


def drawn(template: Template, seed: str, effort: int = EFFORT, alike: frozenset[Coincidence] | None = None) -> Exercise:
    """The exercise of a seed; raises ProblemError where it would be more work than the effort.

    `alike` is what the shapes make the same, where that is known already.
    """
    problem = template.problem
    if not any(slot.role in DRAWN for slot in template.slots):
        raise ProblemError([Fault("there are no tensors whose numbers could be drawn", "name a network")], problem.file)
    if problem.multiplications > effort:
        message = f"by hand this takes {problem.multiplications} multiplications, forward and backward"
        remedy = f"make it smaller, or allow that many: --effort {problem.multiplications}"
        raise ProblemError([Fault(message, remedy)], problem.file)
    alike = shape_bound(template) if alike is None else alike
    best: Exercise | None = None
    work = Work()
    for attempt in range(TRIES):
        cells = _Attempt(template, Draws(seed, attempt), alike, work).made()
        best = _better(best, template, cells, effort, alike, work)
        if best is not None and not best.weight:
            return best
        if best is not None and work.left < 0:
            break
    if best is None:
        message = "no numbers were found with which this can be computed"
        raise ProblemError([Fault(message, "try another seed, or another network")], problem.file)
    draws = Draws(seed, "changes")
    for _ in range(CHANGES):
        if work.left < 0:
            return replace(best, is_cut_short=True)
        best = _better(best, template, _changed(template, best.cells, draws), effort, alike, work) or best
        if not best.weight:
            break
    return best


def _better(
    best: Exercise | None, template: Template, cells: Cells | None, effort: int, alike: frozenset[Coincidence],
    work: Work,
) -> Exercise | None:  # fmt: skip
    """The one of two exercises against which less is to be said."""
    if cells is None:
        return best
    problem = with_numbers(template, cells)
    most = inf if best is None else best.weight - 1
    first = sorted({finding.tensor for finding in best.findings}) if best else ()
    try:
        # Most are worse, or no better where the best is bad: doubles show it in a fraction of the time.
        rough = work.roughly(problem)
        soon = chain(of_numbers(rough, wanted(problem)), hidden(rough, first, alike, work.charge))
        if within(most, soon) is None:
            return best
        is_rough = False
        try:
            with work.exactly(replace(problem, update=None)) as trace:
                against = inspected(trace, effort, alike, first, work.charge)
                found = within(most, chain(against, _of_the_update(rough, trace, alike, work)))
        except TooCostly:
            found, is_rough = within(most, inspected(rough, effort, alike, first, work.charge)), True
    except ProblemError:
        return best
    return best if found is None else Exercise(problem, cells, found, alike, is_rough)


def _of_the_update(rough: Trace, before: Trace, alike: frozenset[Coincidence], work: Work) -> Iterator[Finding]:
    """What is to be said of all that comes after an update: behind a softmax exact numbers would take long there."""
    later = {tensor.name for tensor in rough if tensor.name not in before}
    yield from of_numbers(rough, wanted(rough.problem), later)
    yield from hidden(rough, [name for name in wanted(rough.problem) if name in later], alike, work.charge)


def _changed(template: Template, cells: Cells, draws: Draws) -> Cells:
    """A few numbers made others that may stand there."""
    slots = [slot for slot in template.slots if slot.is_learned and not slot.is_distribution]
    made = {**cells}
    for _ in range(1 + draws.below(MOST_AT_ONCE)):
        slot = slots[draws.below(len(slots))]
        numbers = list(made[slot.name])
        parts = lcm(*(number.denominator for number in numbers))
        most = max(1, *(int(abs(number) * parts) for number in numbers))
        numbers[draws.below(len(numbers))] = draws.one_of(_choices(slot) or steps(-most, most, parts, with_zero=False))
        made[slot.name] = numbers
    return made


def shape_bound(template: Template) -> frozenset[Coincidence]:
    """What coincides whatever the numbers, as long as they meet no tie and no kink; where all do, whatever they are."""
    found = _always(template, is_clear=True)
    return (_always(template, is_clear=False) if found is None else found) or frozenset()


def _always(template: Template, is_clear: bool) -> frozenset[Coincidence] | None:
    found: frozenset[Coincidence] | None = None
    unchanged = -1
    for number in range(MOST_BASES):
        cells = _Attempt(template, Draws("any", number)).any()
        with suppress(ProblemError, ArithmeticError):
            trace = solve_in(Float64(), with_numbers(template, cells))
            if is_clear and trace.doubts:
                continue
            # What has not coincided once need not be looked at again.
            names = wanted(trace.problem) if found is None else sorted({name for name, codes in found if codes})
            same = with_pairs(coincidences(trace, names, found))
            same |= {(tensor.name, ALL_ZERO) for tensor in trace if np.allclose(tensor.value, 0, atol=1e-9)}
            before = same if found is None else found
            found = before & same
            unchanged = unchanged + 1 if found == before else 0
        if unchanged == FEWEST_BASES:
            break
    return found


def with_numbers(template: Template, cells: Cells) -> Problem:
    """The problem with these numbers in place of its own."""
    entries = {
        slot.name: filled(slot.given.entries.shape, _full(slot, cells[slot.name]))
        for slot in template.slots
        if slot.name in cells
    }
    problem = template.problem

    def given(tensor: GivenTensor) -> GivenTensor:
        return replace(tensor, entries=entries[tensor.name]) if tensor.name in entries else tensor

    def layer(entry: LayerEntry) -> LayerEntry:
        return replace(entry, parameters={local: given(tensor) for local, tensor in entry.parameters.items()})

    return replace(
        problem,
        inputs=tuple(map(given, problem.inputs)),
        layers=tuple(map(layer, problem.layers)),
        loss=problem.loss
        and replace(
            problem.loss,
            target=given(problem.loss.target),
            further={local: given(tensor) for local, tensor in problem.loss.further.items()},
        ),
        upstream=problem.upstream and given(problem.upstream),
        numbers="auto",
        has_letters=False,
    )


def _full(slot: Slot, numbers: Sequence[Fraction]) -> list[object]:
    """The typed numbers of a tensor; classes as one-hot."""
    if slot.role == "classes":
        count = slot.given.entries.shape[-1]
        return [int(k == int(number)) for number in numbers for k in range(count)]
    return [int(number) if number.denominator == 1 else number for number in numbers]


class _Attempt:
    """One try at all numbers."""

    def __init__(
        self, template: Template, draws: Draws, alike: frozenset[Coincidence] = frozenset(), work: Work | None = None
    ) -> None:
        self.template, self.draws, self.alike, self.work = template, draws, alike, work or Work()
        self.cells: dict[str, Sequence[Fraction]] = {}

    def any(self) -> Cells:
        """Numbers of which none is like another; weights so small that no sum of them saturates anything."""
        for slot in self.template.slots:
            terms = prod(slot.shape[1:]) if slot.role == "parameter" else 1
            self.cells[slot.name] = self._values(slot, _rich(terms))
        return self.cells

    def made(self) -> Cells | None:
        """All numbers; None where nothing can be computed with them."""
        slots = self.template.slots
        parameters = [slot for slot in slots if slot.role == "parameter"]
        for slot in slots:
            if slot.role != "parameter" or not slot.is_learned:
                self.cells[slot.name] = self._values(slot, INPUTS)
        try:
            for position, entry in enumerate(self.template.problem.layers):
                own = [slot for slot in parameters if slot.layer is entry.layer and slot.name in _names(entry)]
                if any(slot.is_learned for slot in own):
                    self._layer(position, [slot for slot in own if slot.is_learned])
        except ProblemError:
            return None
        return self.cells

    def _layer(self, position: int, slots: Sequence[Slot]) -> None:
        """Numbers for the parameters of a layer that suit it, and what comes before the next one with parameters."""
        layers = self.template.problem.layers
        learned = {slot.name for slot in self.template.slots if slot.role == "parameter" and slot.is_learned}
        following = range(position + 1, len(layers))
        end = next((at for at in following if learned & (_names(layers[at]) - set(self.cells))), len(layers))
        best: tuple[float, dict[str, Sequence[Fraction]]] | None = None
        for number in range(TRIES_OF_A_LAYER):
            rung = LADDER[min(number * len(LADDER) // TRIES_OF_A_LAYER, len(LADDER) - 1)]
            cells = {slot.name: self._values(slot, rung) for slot in slots}
            cost = self._cost({**self.cells, **cells}, position, end, inf if best is None else best[0])
            if best is None or cost < best[0]:
                best = cost, cells
            if not cost or self.work.left < 0:
                break
        assert best is not None, "there is more than one try"
        self.cells |= best[1]

    def _cost(self, cells: Cells, position: int, end: int, most: float) -> float:
        """What is against the numbers as far as the layers behind them; infinite where doubles show that it is more."""
        problem = with_numbers(self.template, cells)
        part = replace(
            problem, layers=problem.layers[:end], loss=None, upstream=None, update=None, questions={}, answers={}
        )
        made = {entry.name for entry in problem.layers[position:end]}
        try:
            rough = self.work.roughly(part)
            if sum(finding.weight for finding in of_numbers(rough, sorted(made), made)) >= most:
                return inf
            try:
                with self.work.exactly(part) as trace:
                    return self._cost_of(trace, made)
            except TooCostly:
                return self._cost_of(rough, made)
        except ProblemError:
            return 10_000

    def _cost_of(self, trace: Trace, made: set[str]) -> float:
        names = [tensor.name for tensor in trace if tensor.name in made]
        cost = float(sum(finding.weight for finding in of_numbers(trace, names, made)))
        cost += sum(_beyond(trace, name) for name in names)
        return cost or sum(finding.weight for finding in hidden(trace, names, self.alike, self.work.charge))

    def _values(self, slot: Slot, rung: Sequence[Fraction]) -> Sequence[Fraction]:
        """Numbers for one tensor, as it needs them."""
        shape, draws = slot.shape, self.draws
        if slot.is_distribution:
            return one_hot(shape, draws) if slot.role == "target" else shares(shape, draws)
        choices = _choices(slot)
        if choices:
            return draws.numbers(shape, choices)
        if slot.role == "parameter" and not slot.is_learned:
            return slot.kept()
        if slot.role == "upstream":
            return draws.numbers(shape, steps(-3, 4, with_zero=False))
        numbers = draws.numbers(shape, rung)
        columns = shape[1] if slot.role == "parameter" and len(shape) == 2 and shape[0] > 1 else 0
        for column in range(columns):
            # Behind a softmax, whose gradients add up to 0, equal weights of a feature leave nothing of its gradient.
            if len({*numbers[column::columns]}) == 1:
                numbers[column] = draws.one_of([number for number in rung if number != numbers[column]])
        return numbers if any(numbers) else [rung[-1], *numbers[1:]]


@cache
def _rich(terms: int) -> Sequence[Fraction]:
    """So small that a sum of so many saturates nothing."""
    return [number / terms for number in RICH]


def _beyond(trace: Trace, name: str) -> float:
    """How far the numbers that go into an exponential, a root or the like are from those that show what it does."""
    step, tensor = trace.step(name), trace[name]
    if step is None or all(is_rational(form) for form in np.asarray(tensor.exact, dtype=object).ravel().tolist()):
        return 0.0
    x = trace.numbers.to_float(step.tensors["x"])
    spread = float(np.ptp(x, axis=-1).max()) if tensor.elements.ndim and x.shape[-1] > 1 else float(np.abs(x).max())
    return max(0.0, spread - LARGEST_SPREAD) + 3 * (spread < SMALLEST_SPREAD)


def _choices(slot: Slot) -> Sequence[Fraction]:
    """The numbers that a loss takes where it does not take any."""
    loss = slot.layer
    if slot.role == "classes":
        return steps(0, slot.given.entries.shape[-1] - 1)
    if not isinstance(loss, Loss):
        return ()
    if slot.role == "input":
        return steps(1, 9, 10) if loss.takes == "probabilities" else ()
    return steps(0, 1) if loss.target_is_probability else steps(-1, 1, with_zero=False) * loss.target_is_sign


def _names(entry: LayerEntry) -> set[str]:
    """Of its own parameters."""
    return {tensor.name for local, tensor in entry.parameters.items() if local not in entry.shared}
