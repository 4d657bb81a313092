"""Which tensor, or which part of one, an answer is for, and how its cells lie in that."""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.checking.attempt import Attempt
from cnncalc.checking.given import Given
from cnncalc.checking.integers.written_sizes import without_open_batch
from cnncalc.language import Phrase
from cnncalc.layers.base import by
from cnncalc.problem.names import plain_name, quantity_name
from cnncalc.problem.tensor.typed import object_array
from cnncalc.problem.text.wording import closest
from cnncalc.records import dataclass, replace

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Integers
    from cnncalc.checking.checker import Checker
    from cnncalc.checking.expected import Expected
    from cnncalc.checking.sheet import Answer
    from cnncalc.problem.tensor.typed import Typed

_PART = re.compile(r"(?P<name>[^\[\]]*?)\s*\[(?P<index>[^\[\]]*)\]")

UNKNOWN = Phrase(en="there is no tensor `{name}` in this problem{hint}", zh="本题中没有名为 `{name}` 的张量{hint}")
MEANT = Phrase(en="; did you mean `{name}`?", zh="；是否指 `{name}`？")
TWICE = Phrase(en="the tensor is answered twice; the first answer counts", zh="同一张量作答两次；以第一次为准")
IN_ORDER = Phrase(en="{typed} where {full} is due: taken in order", zh="应为 {full}，给出的是 {typed}：按顺序对应")
SPREAD = Phrase(en="one number, taken for all {count} cells", zh="只给出一个数，视为全部 {count} 个元素的值")
WRONG_SIZE = Phrase(
    en="{given} cells ({typed}) where {due} ({full}) are due",
    zh="给出 {given} 个元素（{typed}），应为 {due} 个（{full}）",
)
NO_PART = Phrase(
    en="`{name}` names no part of {tensor} ({full}); indices count from {base}",
    zh="`{name}` 不是 {tensor}（{full}）的一部分；下标从 {base} 开始",
)
UNREADABLE = Phrase(en="cannot be read: {message}", zh="无法读取：{message}")


@dataclass(frozen=True)
class Placed:
    """An answer with its tensor; `attempt` is None where there is nothing to compare."""

    name: str
    """The tensor's own name, or what was written where there is no such tensor."""
    key: str
    """The name that is reported: the tensor's, with the part that was answered."""
    attempt: Attempt | None = None
    shape: tuple[int, ...] = ()
    """Of what is due."""
    is_missing: bool = False
    notes: tuple[Phrase, ...] = ()

    @property
    def cells(self) -> int:
        """How many cells are due."""
        return prod(self.shape)

    def given_twice(self) -> Placed:
        """The same name once more: only the first is compared."""
        return replace(self, notes=(*self.notes, TWICE))


def place(answer: Answer, checker: Checker) -> Placed:
    """Find the tensor, and lay the answer's cells out in its order."""
    trace = checker.trace
    written = plain_name(answer.name)
    name, part = trace.resolve(written), None
    if name is None:
        found = _PART.fullmatch(written)
        name = trace.resolve(found["name"]) if found else None
        if found is None or name is None:
            near = closest(written, trace.names)
            hint = MEANT.format(name=near) if near else Phrase(en="", zh="")
            said = UNKNOWN.format(name=answer.name, hint=hint)
            return Placed(answer.name, answer.name, notes=(said,))
        part = found["index"]
    expected = checker.expected(name)
    positions: Integers = np.arange(prod(expected.shape)).reshape(expected.shape)
    key = name
    if part is not None:
        chosen = _part(positions, part, trace.problem.index_base)
        if chosen is None:
            full, base = by(expected.shape), trace.problem.index_base
            said = NO_PART.format(name=answer.name, tensor=name, full=full, base=base)
            return Placed(name, answer.name, notes=(said,))
        positions, key = chosen, f"{name}[{part.replace(' ', '')}]"
    shape = positions.shape
    if answer.is_missing:
        return Placed(name, key, shape=shape, is_missing=True)
    if answer.typed is None or answer.typed.entries is None:
        faults = tuple(UNREADABLE.format(message=f"{fault.message}; {fault.remedy}") for fault in answer.faults)
        return Placed(name, key, shape=shape, notes=faults)
    typed = without_open_batch(name, answer.typed, prod(shape), trace.problem.batch)
    asked = quantity_name(name)
    if trace.problem.is_plane and part is None and asked is not None and asked[0] == "shape":
        typed = _with_channels(typed, expected)
    entries = typed.entries
    assert entries is not None, "an answer is typed"
    laid = typed.in_order(shape)
    notes: tuple[Phrase, ...] = ()
    if laid is None:
        laid = entries
        counts = {"given": laid.size, "typed": by(typed.shape), "due": prod(shape), "full": by(shape)}
        notes = (WRONG_SIZE.format(**counts),)
    elif typed.shape == () and prod(shape) > 1:
        notes = (SPREAD.format(count=prod(shape)),)
    elif typed.fitted(shape) is None:
        notes = (IN_ORDER.format(typed=by(typed.shape), full=by(shape)),)
    cells = laid.ravel().tolist()
    attempt = Attempt(key, expected, cells, positions.ravel(), typed.shape, part is None)
    return Placed(name, key, attempt, shape, notes=notes)


def _with_channels(typed: Typed, expected: Expected) -> Typed:
    """A size in rows and columns, as the problem has its image, with the axes of one channel put in front."""
    left_out = prod(expected.shape) - 2
    if typed.entries is None or typed.shape != (2,) or any(expected.bounds(at)[0] != 1 for at in range(left_out)):
        return typed
    entries = object_array([*[Given("1", 1)] * left_out, *typed.entries.tolist()], expected.shape)
    return replace(typed, shape=expected.shape, entries=entries)


def _part(positions: Integers, part: str, base: int) -> Integers | None:
    """`1,2,2`, `1,:,2` or `1` of a tensor; None where there is no such part."""
    index: list[int | slice] = []
    for axis, text in enumerate(piece.strip() for piece in part.split(",")):
        if axis >= positions.ndim:
            return None
        if text == ":":
            index.append(slice(None))
            continue
        if not re.fullmatch(r"\d+", text) or not base <= int(text) < base + positions.shape[axis]:
            return None
        index.append(int(text) - base)
    return np.asarray(positions[tuple(index)])
