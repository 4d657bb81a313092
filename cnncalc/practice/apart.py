"""Which known mistakes give which numbers in a solved problem, and which of them nobody can tell apart."""

from collections.abc import Collection, Iterable, Iterator
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
from cnncalc.layers.base import Shape
from cnncalc.scene import Size
from cnncalc.trace import Trace

NEAR = 2e-3
"""Of a number: what is nearer looks the same in three digits."""
SCALES = frozenset(["sign", "factor-of-ten"])
"""Slips with any tensor that are told from its own mistakes."""

Coincidence: TypeAlias = tuple[str, frozenset[str]]
"""A tensor, and one code that changes nothing in it, or two that give the same numbers; no code where it is all 0."""
NOTHING: frozenset[str] = frozenset()


def coincidences(
    trace: Trace, names: Iterable[str], allowed: Collection[Coincidence] = frozenset()
) -> frozenset[Coincidence]:
    """Where mistakes change nothing, or give the same numbers, in tensors of these names, but for what is allowed."""
    return frozenset[Coincidence]().union(*one_by_one(trace, names, allowed))


def one_by_one(
    trace: Trace, names: Iterable[str], allowed: Collection[Coincidence] = frozenset()
) -> Iterator[frozenset[Coincidence]]:
    """The same tensor by tensor, each when it is asked for."""
    key = AnswerKey(trace, Rule())
    basis = Carried(RoughTruth(key.truth), {})
    for name in names:
        if basis.knows(name):
            hidden = {code for other, codes in allowed if other == name and len(codes) == 1 for code in codes}
            with np.errstate(all="ignore"):
                made = _made(trace, basis, name, hidden)
                yield frozenset((name, codes) for codes in _same(trace, name, made)) - frozenset(allowed)


def with_pairs(same: frozenset[Coincidence]) -> frozenset[Coincidence]:
    """Also each two that change nothing: they give the same numbers, those that are right."""
    single = sorted((name, code) for name, codes in same if len(codes) == 1 for code in codes)
    both = combinations(single, 2)
    return same | {(name, frozenset([code, other])) for (name, code), (where, other) in both if name == where}


def _made(trace: Trace, basis: Carried, name: str, hidden: Collection[str]) -> Iterator[tuple[str, Doubles | Shape]]:
    """Codes with the numbers of each way to make the mistake, or with the size alone where that is wrong.

    Those that are `hidden` change nothing anyway.
    """
    for slip, wrong in wrongs(basis, name, lambda slip: slip.code not in hidden):
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
