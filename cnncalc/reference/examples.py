"""A tiny problem for each known mistake, with the right numbers and those that the mistake gives, both computed."""

from collections.abc import Iterator, Sequence
from dataclasses import field
from functools import cache, partial
from pathlib import Path

import numpy as np

from cnncalc.arithmetic.base import Array, Booleans, Element, Undecided
from cnncalc.checking.answer_key import AnswerKey
from cnncalc.checking.carried import PATH
from cnncalc.checking.known_mistakes import of_quantities, true_scenes
from cnncalc.checking.quantities import Quantities
from cnncalc.checking.rule import Rule
from cnncalc.layers.base import Shape
from cnncalc.mistakes import known_mistakes
from cnncalc.mistakes.take import Mistake, Slip
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.problem.loader import loads
from cnncalc.records import Record
from cnncalc.reference.anywhere import MAKERS, PROBLEM_OF
from cnncalc.reference.mistakes import ANYWHERE, TYPES, Known, left_open
from cnncalc.solver import solution_for_answers
from cnncalc.step import Scene, Size, Step, scenes
from cnncalc.trace import Trace


class Example(Record):
    """A problem in which a mistake shows."""

    problem: str
    trace: Trace = field(repr=False)
    name: str
    """The tensor or the quantity that comes out wrong."""
    shape: Shape
    """Of what comes out, without N where a reader sees none."""
    wrong: Array | None = field(repr=False, default=None)
    """What comes out, in the trace's numbers; None where only a size is told."""
    texts: Array | None = field(repr=False, default=None)
    """The same as somebody writes it, of quantities and of what is written down wrongly."""
    off: Booleans | None = field(repr=False, default=None)
    """Which elements are not right, where the shape is."""
    names: tuple[str, ...] = ()
    """The tensors of the problem in which it shows, this one among them."""


PROBLEMS = Path(__file__).parent / "problems"
"""By the type of a layer: tiny problems in which mistakes show that do not in the one that the layer brings along."""
LARGEST_STRIDE = 100
"""What a size that was not rounded is a fraction of."""
QUANTITIES = "quantities"
"""What those are called that are about sizes and counts."""


def problems(of: str) -> Sequence[str]:
    """The problems of a type, or of quantities, each a text; none where there is no such file."""
    files = [PROBLEMS / f"{of}.yaml", *([PROBLEMS / "clipping.yaml"] if of in RULES else [])]
    texts = (file.read_text(encoding="utf-8") for file in files if file.exists())
    return [one.replace("RULE", of) for text in texts for one in text.split("---\n")]


@cache
def example_of(known: Known) -> Example | None:
    """The best example of a mistake that there is; None where no problem shows it."""
    if known.where == ANYWHERE:
        trace = _solved(PROBLEM_OF[known.code])
        name, texts, off = MAKERS[known.code](trace)
        return Example(PROBLEM_OF[known.code], trace, name, texts.shape, texts=texts, off=off)
    if known.where in TYPES:
        return _best(known)
    return next(_of_quantity(known), None)


@cache
def _solved(text: str) -> Trace:
    return solution_for_answers(loads(text))


class _Outcome(Record):
    """What a mistake makes of a tensor, as a reader sees it; `wrong` is None where only a size is told."""

    mistake: Mistake
    shape: Shape
    wrong: Array | None = field(repr=False, default=None)


def _best(known: Known) -> Example | None:
    """The first that has the right shape and numbers that no other mistake gives; or else what comes near to that."""
    best: tuple[tuple[int, int], Example] | None = None
    for text in filter(None, (TYPES[known.where].example, *problems(known.where))):
        trace = _solved(text)
        shown = {name: _meant(known, text, name) for name in _made(trace, known.where)}
        names = tuple(name for name, outcomes in shown.items() if outcomes)
        for name, outcome in [(name, outcome) for name, outcomes in shown.items() for outcome in outcomes]:
            right, wrong = trace[name].elements, outcome.wrong
            # The numbers stand in the right shape, in another one, or there are none.
            distance = 2 if wrong is None else int(outcome.shape != right.shape)
            rank = distance, _rivals(trace, outcome, _outcomes(text, name))
            if best is None or rank < best[0]:
                off = _off(trace, wrong, right) if wrong is not None and outcome.shape == right.shape else None
                best = rank, Example(text, trace, name, outcome.shape, wrong, off=off, names=names)
            if rank == (0, 0):
                return best[1]
    return best[1] if best else None


def _meant(known: Known, text: str, name: str) -> list[_Outcome]:
    """What a mistake makes of a tensor; nothing where that is right, as the same elements in order are in any shape."""
    trace = _solved(text)
    right = trace[name].elements.ravel()
    return [
        outcome
        for outcome in _outcomes(text, name)
        if outcome.mistake.code == known.code
        and left_open(outcome.mistake.phrase) == known.phrase
        and (outcome.wrong is None or not _are_equal(trace, outcome.wrong.ravel(), right))
    ]


def _rivals(trace: Trace, outcome: _Outcome, outcomes: Sequence[_Outcome]) -> int:
    """How many others give the same numbers."""
    wrong = outcome.wrong
    if wrong is None:
        return 0
    others = (one.wrong for one in outcomes if one.mistake.code != outcome.mistake.code)
    return sum(other is not None and _are_equal(trace, other, wrong) for other in others)


def _scene(trace: Trace, step: Step) -> Scene:
    """A step among its neighbours."""
    others = (trace.meetings, *trace.rounds)
    chains = [(trace.steps, true_scenes(trace)), *((steps, scenes(steps, trace.numbers)) for steps in others)]
    return next(made for steps, chain in chains for one, made in zip(steps, chain, strict=True) if one is step)


def _made(trace: Trace, type_: str) -> Sequence[str]:
    """The tensors that the steps of a type compute."""
    known = (*trace.steps, *trace.meetings, *trace.after)
    steps = [step for step in known if step.layer.type == type_ or isinstance(step.layer, TYPES[type_])]
    made = [name for step in steps for local, name in step.names.items() if local in step.tensors]
    return [name for name in dict.fromkeys(made) if trace.step(name) in steps]


@cache
def _outcomes(text: str, name: str) -> Sequence[_Outcome]:
    """What every known mistake makes of one tensor of a problem."""
    trace = _solved(text)
    step = trace.step(name)
    assert step is not None, "mistakes are made in what is computed"
    local = next(local for local, known in step.names.items() if known == name and local not in ("x", "g"))
    scene, found = _scene(trace, step), list[_Outcome]()
    batch = () if trace.problem.batch is None else (trace.problem.batch,)
    for mistake in known_mistakes(step.layer):
        for wrong in mistake.wrongs(scene, local) if mistake.shows_in(local) else ():
            if isinstance(wrong, Size):
                found.append(_Outcome(mistake, (*batch, *wrong.shape)))
            else:
                shown = _shown(trace, name, wrong, step.tensors[local].ndim)
                found.append(_Outcome(mistake, shown.shape, shown))
    return found


def _shown(trace: Trace, name: str, wrong: Array, axes: int) -> Array:
    """What comes out as a reader sees it: without N where there is none, a path counted as in the problem."""
    tensor = trace[name]
    has_sample = axes == tensor.elements.ndim + 1
    shown = wrong[0] if has_sample and wrong.ndim == axes and len(wrong) == 1 else wrong
    return shown + trace.problem.index_base if tensor.local == PATH else shown


def _are_equal(trace: Trace, one: Array, other: Array) -> bool:
    return one.shape == other.shape and not _off(trace, one, other).any()


def _off(trace: Trace, one: Array, other: Array) -> Booleans:
    """Which elements are not equal."""
    return np.asarray(np.vectorize(partial(_differ, trace), otypes=[bool])(one, other))


def _differ(trace: Trace, one: Element, other: Element) -> bool:
    """Whether two elements are not known to be equal."""
    try:
        return not trace.numbers.is_equal(one - other, 0)
    except (Undecided, ArithmeticError):
        return True


def _of_quantity(known: Known) -> Iterator[Example]:
    for text in problems(QUANTITIES):
        for name, slip, wrong in _wrong_quantities(text, known.where):
            # What is left open in the catalogue has been put in here.
            if slip.code == known.code and (slip.phrase == known.phrase or "…" in known.phrase.text("en")):
                yield Example(text, _solved(text), name, (len(wrong),), texts=np.asarray(wrong, dtype=object))


@cache
def _wrong_quantities(text: str, kind: str) -> Sequence[tuple[str, Slip, list[str]]]:
    """What every known mistake makes of the quantities of one kind, as it is written, where that is not right."""
    trace, found = _solved(text), list[tuple[str, Slip, list[str]]]()
    quantities = Quantities(AnswerKey(trace, Rule()).truth, {})
    for name in _named(trace, kind):
        right = [str(int(size)) for size in np.atleast_1d(trace[name].value).tolist()]
        for slip, balls in of_quantities(quantities, name):
            bounds = quantities.truth.balls.bounds(np.atleast_1d(balls))
            wrong = [str(low.limit_denominator(LARGEST_STRIDE)) for low, _ in filter(None, bounds)]
            if wrong != right:
                found.append((name, slip, wrong))
    return found


def _named(trace: Trace, kind: str) -> Sequence[str]:
    """The quantities of a kind, of each layer and of each parameter."""
    problem = trace.problem
    whose = [entry.name for entry in problem.layers]
    whose += [given.name for entry in problem.layers for given in entry.parameters.values()]
    return [name for name in (f"{kind}({one})" for one in (*whose, "total")) if name in trace]
