"""What makes a problem a poor exercise, point by point: every one is true of its numbers.

Of the known mistakes those count that change nothing in a solved problem, or that nobody can tell apart in it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from fractions import Fraction
from itertools import combinations
from typing import TypeAlias

import numpy as np

from cnncalc.arithmetic.base import Doubles
from cnncalc.checking import mistakes_anywhere
from cnncalc.checking.answer_key import AnswerKey
from cnncalc.checking.carried import Carried
from cnncalc.checking.in_doubles import RoughTruth
from cnncalc.checking.known_mistakes import wrongs
from cnncalc.checking.rule import Rule
from cnncalc.language import Phrase
from cnncalc.layers.base import Shape
from cnncalc.layers.evaluate import value
from cnncalc.practice.blank import by_question
from cnncalc.problem.problem import Problem
from cnncalc.records import Record
from cnncalc.step import Size
from cnncalc.trace import Tensor, Trace
from cnncalc.visible import shown

NEAR = 2e-3
"""Of a number: what is nearer looks the same in three digits."""
SCALES = frozenset(["sign", "factor-of-ten"])
"""Slips with any tensor that are told from its own mistakes."""

Coincidence: TypeAlias = tuple[str, frozenset[str]]
"""A tensor, and one code that changes nothing in it, or two that give the same numbers; no code where it is all 0."""
ALL_ZERO: frozenset[str] = frozenset()
Charge: TypeAlias = Callable[[int], object]
EFFORT = 1000
"""Multiplications, forward and backward, that people do by hand in an afternoon."""
LONGEST = 8
"""Characters of a result that is a fraction or a decimal."""
LARGEST = 1000
SATURATED = 0.98
"""A probability above this, or with all others below what is left."""
MOST_ZEROS = 400
"""Zeros of one gradient that are looked at."""
_RATIONAL = re.compile(r"-?(\d+)(?:/(\d+))?")
WORK = Phrase("By hand it takes {count} multiplications, more than {effort} (`--effort`).")
LONG = Phrase("`{name}` has long results, such as {number}.")
DEAD = Phrase("`{name}`: nothing gets through channel {channel}; everything behind it is 0 and stays so.")
OPEN = Phrase("`{name}` lets everything through, so that leaving it out changes nothing.")
MEETS = Phrase("`{name}` meets a convention: {phrase}")
ZERO = Phrase("`{name}` is 0 throughout.")
CANCELS = Phrase("`{name}` has zeros where terms cancel by accident: {cells}.")
SATURATES = Phrase("A probability in `{name}` is {number}, so that the gradients behind it are next to nothing.")
EQUAL = Phrase("All elements of `{name}` are the same.")
INVISIBLE = Phrase("`{name}`: a mistake that changes nothing: {codes}.")
ALIKE = Phrase("`{name}`: mistakes that give the same numbers: {codes}.")

NOTHING_AGAINST = Phrase("Nothing is to be said against these numbers.")


def work_on(cells: int) -> int:
    """What a layer takes on so many cells in doubles, in the units in which exact numbers are counted."""
    return 1000 + 10 * cells


def coincidences(trace: Trace, names: Iterable[str], among: Collection[Coincidence] | None = None) -> set[Coincidence]:
    """Where mistakes change nothing, or give the same numbers, in tensors of these names; maybe only `among` some."""
    asked = (
        None if among is None else {name: {code for at, own in among if at == name for code in own} for name in names}
    )
    return set[Coincidence]().union(*one_by_one(trace, names, asked=asked))


def one_by_one(
    trace: Trace, names: Iterable[str], allowed: Collection[Coincidence] = frozenset(), charge: Charge = bool,
    asked: Mapping[str, Collection[str]] | None = None,
) -> Iterator[frozenset[Coincidence]]:  # fmt: skip
    """The same tensor by tensor, each when it is asked for, but for what is allowed; the work is told to `charge`.

    `asked`, by tensor: the codes that alone are looked at.
    """
    key = AnswerKey(trace, Rule())
    basis = Carried(RoughTruth(key.truth), {})
    for name in names:
        if basis.knows(name):
            hidden = {code for other, codes in allowed if other == name and len(codes) == 1 for code in codes}
            with np.errstate(all="ignore"):
                made = list(_made(trace, basis, name, hidden, asked and asked[name]))
                charge(len(made) * work_on(basis.scene(name)[0].tensors["x"].size))
                yield frozenset((name, codes) for codes in _same(trace, name, made)) - frozenset(allowed)


def with_pairs(same: Set[Coincidence]) -> frozenset[Coincidence]:
    """Also each two that change nothing: they give the same numbers, those that are right."""
    single = sorted((name, code) for name, codes in same if len(codes) == 1 for code in codes)
    both = combinations(single, 2)
    return frozenset(same) | {
        (name, frozenset([code, other])) for (name, code), (where, other) in both if name == where
    }


def _made(
    trace: Trace, basis: Carried, name: str, hidden: Collection[str], asked: Collection[str] | None
) -> Iterator[tuple[str, Doubles | Shape]]:
    """Codes with the numbers of each way to make the mistake, or with the size alone where that is wrong.

    Those that are `hidden` change nothing anyway.
    """
    for slip, wrong in wrongs(basis, name, lambda slip: slip.code not in hidden and (not asked or slip.code in asked)):
        # A convention is right elsewhere, and shows only where the data meets it.
        if slip.kind == "mistake":
            yield slip.code, _flat(basis, name, wrong)
    for candidate in mistakes_anywhere.scaled(trace[name].value, trace.problem.batch):
        if candidate.code in SCALES:
            yield candidate.code, candidate.values.ravel()


def _flat(basis: Carried, name: str, wrong: object) -> Doubles | Shape:
    if isinstance(wrong, Size):
        return wrong.shape
    return np.asarray(basis.counted(name, np.asarray(wrong)), dtype=np.float64).ravel()


def _same(trace: Trace, name: str, made: Iterable[tuple[str, Doubles | Shape]]) -> Iterable[frozenset[str]]:
    right = trace[name].value.ravel()
    sizes: dict[Shape, set[str]] = {}
    by_size: dict[int, list[tuple[str, Doubles]]] = {right.size: [("", right)]}
    for code, way in made:
        if isinstance(way, tuple):
            sizes.setdefault(way, set()).add(code)
        else:
            by_size.setdefault(way.size, []).append((code, way))
    for codes in sizes.values():
        yield from map(frozenset, combinations(codes, 2))
    for pairs in by_size.values():
        yield from _near(pairs, has_right=pairs[0][0] == "")


def _near(pairs: list[tuple[str, Doubles]], has_right: bool) -> Iterable[frozenset[str]]:
    """The codes of numbers that look the same; what looks right has not been made, and is like no other."""
    codes, rows = [code for code, _ in pairs], np.stack([numbers for _, numbers in pairs])
    allowed = NEAR * np.abs(rows) + 1e-9 * (1 + np.max(np.abs(rows), axis=1, initial=0, keepdims=True))
    left = np.ones(len(codes), dtype=np.bool_)
    for at in range(len(codes)):
        if not left[at]:
            continue
        near = (np.abs(rows - rows[at]) <= np.minimum(allowed, allowed[at])).all(axis=1) & left
        for other in np.flatnonzero(near[at + 1 :]) + at + 1:
            if codes[other] != codes[at]:
                yield frozenset({codes[at], codes[other]} - {""})
        if at == 0 and has_right:
            left &= ~near


class Finding(Record):
    """One point against a problem; the weight says how much against it."""

    phrase: Phrase
    weight: int = 1
    tensor: str = ""
    """In which mistakes cannot be told apart, if that is it."""


def inspected(
    trace: Trace, effort: int = EFFORT, allowed: Collection[Coincidence] = frozenset(), first: Collection[str] = (),
    charge: Charge = bool,
) -> Iterator[Finding]:  # fmt: skip
    """What is to be said against a solved problem, what is soon found first.

    `allowed` are coincidences that the shapes alone make, so that no numbers could do better. The tensors that are
    called first are the first to be looked at.
    """
    names = wanted(trace.problem)
    zeros = [ZERO.format(name=name) for name, codes in allowed if not codes]
    count = trace.problem.multiplications
    if count > effort:
        yield Finding(WORK.format(count=count, effort=effort), 1000)
    yield from (finding for finding in of_numbers(trace, names) if finding.phrase not in zeros)
    yield from hidden(trace, sorted(names, key=lambda name: (name not in first, name)), allowed, charge)


def hidden(
    trace: Trace, names: Iterable[str], allowed: Collection[Coincidence], charge: Charge = bool
) -> Iterator[Finding]:
    """What is to be said of mistakes in some tensors, one after the other."""
    for same in one_by_one(trace, names, allowed, charge):
        yield from of_mistakes(same)


def within(most: float, findings: Iterable[Finding]) -> tuple[Finding, ...] | None:
    """All findings, or None as soon as they weigh more than that."""
    found: list[Finding] = []
    for finding in findings:
        found.append(finding)
        most -= finding.weight
        if most < 0:
            return None
    return tuple(found)


def wanted(problem: Problem) -> list[str]:
    """What is handed in."""
    return [name for names in by_question(problem).values() for name in names]


def of_mistakes(same: Collection[Coincidence]) -> Iterator[Finding]:
    """What is to be said of mistakes that cannot be told from what is right, or from each other, a line a tensor."""
    for name in sorted({name for name, _ in same}):
        invisible = sorted(code for other, codes in same if other == name and len(codes) == 1 for code in codes)
        if invisible:
            yield Finding(INVISIBLE.format(name=name, codes=Phrase.enumerated(invisible)), 3 * len(invisible), name)
        for group in _groups([codes for other, codes in same if other == name and not codes.issubset(invisible)]):
            yield Finding(ALIKE.format(name=name, codes=Phrase.enumerated(group)), len(group) - 1, name)


def limits(alike: frozenset[Coincidence]) -> list[Phrase]:
    """What is to be said of a network in which these coincide whatever the numbers."""
    return [finding.phrase for finding in of_mistakes([each for each in alike if each[1]])]


def _groups(pairs: Iterable[frozenset[str]]) -> list[list[str]]:
    """Codes that are paired with each other, in one way or another."""
    groups: list[set[str]] = []
    for pair in sorted(pairs, key=sorted):
        met = [group for group in groups if group & pair]
        groups = [*(group for group in groups if group not in met), set(pair).union(*met)]
    return [sorted(group) for group in groups]


def of_numbers(trace: Trace, names: Sequence[str], only: Collection[str] | None = None) -> Iterator[Finding]:
    """What the numbers of a solved problem have against them, whatever mistakes make of them.

    `only` looks at the steps of these names, and at no other.
    """
    for name, doubts in trace.doubts.items():
        if only is None or name in only:
            for phrase in dict.fromkeys(doubt.phrase for doubt in doubts):
                yield Finding(MEETS.format(name=name, phrase=phrase), 20)
    for tensor in trace:
        if only is not None and tensor.name not in only:
            continue
        if tensor.kind in ("activation", "gradient", "loss"):
            yield from _of_values(trace, tensor, tensor.name in names or tensor.kind == "activation")
        if tensor.kind == "activation":
            yield from _of_channels(trace, tensor)
            yield from _of_probabilities(trace, tensor)


def _of_values(trace: Trace, tensor: Tensor, is_wanted: bool) -> Iterator[Finding]:
    elements = tensor.value.ravel()
    if not elements.any():
        # Behind a ReLU that closes everything it is no surprise, and no exercise.
        yield Finding(ZERO.format(name=tensor.name), 50)
        return
    if tensor.kind == "activation" and elements.size > 1 and (elements == elements[0]).all():
        yield Finding(EQUAL.format(name=tensor.name), 10)
    texts = [text for text in np.asarray(tensor.exact, dtype=object).ravel().tolist() if text is not None]
    written = filter(None, map(_shown, texts))
    long = next((text for text in written if len(text) > LONGEST or abs(Fraction(text)) >= LARGEST), None)
    if is_wanted and long:
        yield Finding(LONG.format(name=tensor.name, number=shown(long)), 3)
    if tensor.kind == "gradient":
        cells = list(_accidental_zeros(trace, tensor))
        if cells:
            base = trace.problem.index_base
            named = ["[" + ",".join(str(at + base) for at in cell) + "]" for cell in cells[:3]]
            listed = Phrase.enumerated([*named, *(["…"] if len(cells) > len(named) else [])])
            yield Finding(CANCELS.format(name=tensor.name, cells=listed), 2 * len(cells))


def _shown(text: str) -> str | None:
    """A rational number as people write it: a decimal of few places, or a fraction; None for what has to be rounded."""
    match = _RATIONAL.fullmatch(text)
    if match is None:
        return None
    number = Fraction(text)
    has_few_places = (number * 10**6).denominator == 1 and abs(number) < 10**9
    return f"{float(number):.6f}".rstrip("0").rstrip(".") if has_few_places else text


def is_rational(form: str | None) -> bool:
    """Whether a closed form is a number without roots, exponentials and logarithms."""
    return form is not None and _RATIONAL.fullmatch(form) is not None


def _accidental_zeros(trace: Trace, tensor: Tensor) -> Iterator[tuple[int, ...]]:
    """Zeros of a gradient that are a sum of terms which are none."""
    step, local = trace.maker(tensor)
    if step is None:
        return
    lies = step.tensors[local].shape
    for at in np.flatnonzero(tensor.value.ravel() == 0)[:MOST_ZEROS].tolist():
        index = tuple(int(i) for i in np.unravel_index(at, lies))
        terms = step.layer.terms(local, index, trace.numbers, step.tensors)
        parts = [value([term], trace.numbers, step.tensors) for term in terms]
        if any(trace.numbers.to_float(np.asarray([part], dtype=object))[0] for part in parts):
            yield tuple(int(i) for i in np.unravel_index(at, tensor.shape))


def _of_channels(trace: Trace, tensor: Tensor) -> Iterator[Finding]:
    """Channels that a ReLU closes, and one that closes nothing."""
    closed = trace.marks.get(tensor.name, {}).get("closed")
    if closed is None:
        return
    by_channel = np.moveaxis(closed, 1, 0) if tensor.batched else closed
    is_image = closed.ndim > 2 and by_channel[0].size > 1  # of channels of one cell each some may be closed
    for channel, cells in enumerate(by_channel if is_image else closed.reshape(1, -1)):
        if cells.all():
            shown = channel + trace.problem.index_base
            yield Finding(DEAD.format(name=tensor.name, channel=str(shown)), 30)
    if not closed.any():
        yield Finding(OPEN.format(name=tensor.name), 5)


def _of_probabilities(trace: Trace, tensor: Tensor) -> Iterator[Finding]:
    step = trace.step(tensor.name)
    if step is None or step.layer.gives in (None, "numbers"):
        return
    shares = tensor.value if step.layer.gives == "probabilities" else np.exp(tensor.value)
    if shares.max() > SATURATED or (shares.size == 1 and shares.min() < 1 - SATURATED):
        yield Finding(SATURATES.format(name=tensor.name, number=f"{tensor.value.max():.4g}"), 20)
