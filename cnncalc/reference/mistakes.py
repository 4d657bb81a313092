"""All known mistakes, by where they are made: in a layer, a loss or a rule, in a size or a count, or in any tensor."""

from collections.abc import Mapping, Sequence
from functools import cache
from string import Formatter
from typing import Literal

from cnncalc.checking import mistakes_anywhere, mistakes_in_writing
from cnncalc.language import Phrase
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Layer
from cnncalc.layers.joining.several import Meeting
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.losses.composed import Penalised, WeightedLosses
from cnncalc.mistakes import known_mistakes
from cnncalc.mistakes.penalty import OWN
from cnncalc.mistakes.quantities import MISTAKES as OF_QUANTITIES
from cnncalc.mistakes.take import Mistake
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.problem.problem import Problem
from cnncalc.problem.text.faults import Fault, ProblemError, UserFault, did_you_mean, quoted
from cnncalc.records import Record

TYPES: Mapping[str, type[Layer]] = {
    **LAYERS,
    **LOSSES,
    **RULES,
    **{each.type: each for each in (Meeting, WeightedLosses)},
    (PENALTY := "penalty"): Penalised,
}
"""Where the mistakes of tensors are made: in every type of a file, where the gradients of several uses meet, and in the
penalty of any loss."""
ANY = "any"
"""What those are called on the command line that happen with any tensor."""
ANYWHERE = ""
"""Where those are made that happen with any tensor."""


class Known(Record):
    """One mistake in one place, with all that is said alike of it there."""

    where: str
    """A type of layer, loss or rule; a quantity (`shape`, `parameters`, …); or ANYWHERE."""
    code: str
    phrase: Phrase
    kind: Literal["mistake", "convention"] = "mistake"
    tensors: tuple[str, ...] = ()
    """The layer's own names of the tensors in which it shows; none in a quantity, and none where any may be meant."""


def all_known() -> list[Known]:
    """Every mistake, place by place, the likeliest first as they are looked for; what is made anywhere comes last."""
    return [each for where in (*TYPES, *OF_QUANTITIES, ANYWHERE) for each in known_in(where)]


def check_codes(problem: Problem) -> None:
    """Raise ProblemError where points are given for a mistake that nobody knows."""
    if problem.points is None or not problem.points.mistakes:
        return
    codes = {each.code for each in all_known()}
    faults = [
        Fault(f"there is no known mistake {quoted(code)}", did_you_mean(code, codes), place)
        for code, place in problem.points.places.items()
        if code not in codes
    ]
    if faults:
        raise ProblemError(faults, problem.file, problem.text)


@cache
def known_in(where: str) -> Sequence[Known]:
    """The mistakes of one place; KeyError where there is no such place."""
    if where == ANYWHERE:
        phrases = {**mistakes_anywhere.PHRASES, **mistakes_in_writing.PHRASES}
        return [Known(where, code, left_open(phrase)) for code, phrase in phrases.items()]
    merged: dict[tuple[str, Phrase], Known] = {}
    for slip in OWN if where == PENALTY else OF_QUANTITIES.get(where) or known_mistakes(TYPES[where]()):
        before = merged.get((slip.code, slip.phrase))
        tensors = slip.tensors if isinstance(slip, Mistake) else ()
        together = dict.fromkeys((*(before.tensors if before else ()), *tensors))
        merged[slip.code, slip.phrase] = Known(where, slip.code, left_open(slip.phrase), slip.kind, tuple(together))
    return list(merged.values())


def left_open(phrase: Phrase) -> Phrase:
    """A sentence with an ellipsis where a report puts in what it has found."""
    fields = {name for _, name, _, _ in Formatter().parse(phrase.markup("en")) if name}
    return phrase.format(**dict.fromkeys(fields, "…")) if fields else phrase


def places() -> list[str]:
    """What may be said on the command line for where mistakes are made."""
    return [*TYPES, *OF_QUANTITIES, ANY]


class UnknownMistake(UserFault, ValueError):
    """A code or a place that there is not; the message says what was probably meant."""


def chosen(code: str | None, where: str | None) -> list[Known]:
    """The mistakes of one code, of one place (`any`: those that happen anywhere), or all; raises UnknownMistake."""
    from cnncalc.problem.text.faults import did_you_mean, quoted

    if where is not None and where not in places():
        raise UnknownMistake(f"no mistakes are known of {quoted(where)}; {did_you_mean(where, places())}")
    known = all_known() if where is None else list(known_in(ANYWHERE if where == ANY else where))
    if code is None:
        return known
    codes = list(dict.fromkeys(one.code for one in known))
    if code not in codes:
        inside = "" if where is None else f" of {where}"
        raise UnknownMistake(f"no mistake{inside} is called {quoted(code)}; {did_you_mean(code, codes)}")
    return [one for one in known if one.code == code]
