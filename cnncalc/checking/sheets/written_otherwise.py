"""What a sheet writes otherwise than the problem: sizes in letters, kilobytes, an axis of samples; channels last.

`[K, H - 2, W - 2]`, `K*(9*C + 1)`, `(H + 2P - F)//S + 1`; `(None, 98, 98, 5)`; `784 KB`. Channels that stand last, as
TensorFlow has them, are laid in the problem's order where the shape tells so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from cnncalc.arithmetic.base import filled
from cnncalc.arithmetic.expression import Literal
from cnncalc.checking.given import Given, cells_of
from cnncalc.language import NOTHING, Phrase
from cnncalc.letter_sizes import LetterSize, as_text, latex, polynomial, size_of
from cnncalc.outline import views
from cnncalc.polynomial import read
from cnncalc.problem.expressions import in_python
from cnncalc.problem.names import quantity_name
from cnncalc.problem.problem import Problem
from cnncalc.problem.tensor.typed import Typed, without_ones
from cnncalc.problem.tensor.written_sizes import BATCH, HOLES
from cnncalc.records import replace

if TYPE_CHECKING:
    from cnncalc.trace import Tensor, Trace

_TRIED = 400
_PRIME = 7919
_WORD = re.compile(r"(?<![A-Za-z\\{])[A-Za-z]{2,}(?![A-Za-z(_])")
_SIDE_BY_SIDE = re.compile(r"(?<=[\w)])\s+(?=[A-Za-z(])|(?<=\b[A-Za-z])(?=\()")


class SizesInLetters:
    """The true sizes and counts, and what is written for them."""

    def __init__(self, trace: Trace) -> None:
        self._outline = trace.outline

    def read(self, given: Given, name: str, at: int) -> Given:
        """A cell with what its letters are; as it is where it cannot be read."""
        if given.status != "unreadable" or quantity_name(name) is None or not self._numbers:
            return given  # `3 KB` is no product of letters where there are none
        made = read(_plain(_WORD.sub(self._apart, given.text)))
        if made is None:
            return given
        return Given(given.text, size_of(made, self._numbers))

    def _apart(self, word: re.Match[str]) -> str:
        """`9KC` as 9·K·C, unless a size is called KC."""
        is_product = word[0] not in self._numbers and set(word[0]) <= self._numbers.keys()
        return "*".join(word[0]) if is_product else word[0]

    def is_equal(self, literal: Literal, name: str, at: int) -> bool | None:
        """Whether both are the same whatever the letters are; None where none is proven to be another."""
        due = self._due(name)[at]
        if not isinstance(literal, int):
            return literal == due
        if name in self._open:
            return None
        left, right = polynomial(literal), polynomial(due)
        if left == right or left.canonical == right.canonical:
            return True
        letters = sorted(left.letters | right.letters)
        for number in range(1, _TRIED):
            values = {letter: 1 + number * (_PRIME + at) * (at + 3) % 61 for at, letter in enumerate(letters, number)}
            try:
                if left.value(values) != right.value(values):
                    return False
            except ZeroDivisionError:
                continue
        return None

    def text(self, name: str, index: tuple[int, ...]) -> str | None:
        """As people write it; None for a plain number."""
        due = self._due(name)[index[0] if index else 0]
        return as_text(latex(due)) if isinstance(due, LetterSize) else None

    def has_letters(self, name: str, at: int) -> bool:
        """Whether a size hangs on any."""
        return isinstance(self._due(name)[at], LetterSize)

    @cached_property
    def _open(self) -> set[str]:
        """The receptive fields that depend on which letter is the larger one."""
        found = ((entry.name, view.axes or ()) for entry, view in views(self._outline.problem))
        return {f"receptive_field({name})" for name, axes in found if any(axis.is_open for axis in axes)}

    def _due(self, name: str) -> Sequence[int]:
        found = self._outline.quantity(name)
        return found if isinstance(found, tuple) else [found]  # type: ignore[list-item]

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        """What each letter counts as in comparisons."""
        problem = self._outline.problem
        values = [value for entry in problem.layers for value in vars(entry.layer).values()]
        values += [self._outline.input, *(row.shape for row in self._outline)]
        found: dict[str, int] = {}
        for value in values:
            for size in value if isinstance(value, tuple) else [value]:
                if isinstance(size, LetterSize) and len(size.polynomial.letters) == 1 == len(size.polynomial.terms):
                    (letter,) = size.polynomial.letters
                    found.setdefault(letter, int(size))
        return found


def _plain(text: str) -> str:
    """In the grammar of sizes: `⌊(H - K)/S⌋ + 1` as `floor((H - K)/S) + 1`."""
    text = text.strip().strip("$").replace("\\left", "").replace("\\right", "")
    for theirs, ours in (("\\lfloor", "⌊"), ("\\rfloor", "⌋"), ("\\cdot", "*"), ("\\times", "*")):
        text = text.replace(theirs, ours)
    text = re.sub(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
    text = re.sub(r"\^\{?(\w+)\}?", r"**\1", re.sub(r"_\{?(\w+)\}?", r"_\1", text))
    text = text.replace("⌊", "floor(").replace("⌋", ")")
    return in_python(_SIDE_BY_SIDE.sub("*", text))


ONE_SAMPLE = Phrase(
    "the 1 in front is read as a mini-batch of one sample, as PyTorch and Keras have it; this problem has none"
)


IN_BYTES = Phrase("read as {count} bytes, with 1024 bytes in a KB and 1024 KB in an MB")
_UNITS = re.compile(r"([\d.,]{1,99})\s*([KMG])i?B", re.IGNORECASE)


def _in_bytes(typed: Typed, given: Given) -> tuple[Typed, Phrase]:
    """`784 KB` in bytes, and what is to be said; a number without a unit as it is."""
    written = _UNITS.fullmatch(given.text.strip())
    if written is None:
        return typed, NOTHING
    count = Fraction(written[1].replace(",", "")) * 1024 ** ("KMG".index(written[2].upper()) + 1)
    number = int(count) if count.denominator == 1 else count
    return replace(typed, entries=filled((1,), [Given(given.text, number)]).reshape(typed.shape)), IN_BYTES.format(
        count=str(number)
    )


def without_batch(name: str, typed: Typed, due: int, problem: Problem) -> tuple[Typed, Phrase]:
    """A shape without the `None` in front, which says that there may be any number of samples, and what is to be said.

    In a mini-batch that is the number of its samples; a `?` there is a cell that is missing. A 1 is a mini-batch of
    one sample where the problem has none, of anything but a parameter and a single number.
    """
    asked = quantity_name(name)
    entries = typed.entries
    if asked is not None and asked[0] == "memory" and entries is not None and entries.size == 1:
        return _in_bytes(typed, cells_of(entries)[0])
    if asked is None or asked[0] != "shape" or entries is None or entries.ndim != 1:
        return typed, NOTHING
    first, *rest = cells_of(entries)
    written = first.text.strip().lower()
    if problem.batch is None and len(rest) == due and (written in BATCH or (written == "1" and due)):
        parameters = {given.name for entry in problem.layers for given in entry.parameters.values()}
        if written == "1" and asked[1].removeprefix(f"d{problem.loss_name}/d") in parameters:
            return typed, NOTHING
        return replace(typed, shape=(due,), entries=filled((due,), rest)), (ONE_SAMPLE if written == "1" else NOTHING)
    if problem.batch is None or written not in BATCH or len(rest) != due - 1:
        return typed, NOTHING
    known = first if written in HOLES else Given(str(problem.batch), problem.batch)
    return replace(typed, entries=filled(typed.shape, [known, *rest])), NOTHING


KERNELS = (("kH, kW, C_in, C_out", (2, 3, 1, 0)), ("C_out, kH, kW, C_in", (0, 2, 3, 1)))
"""How a kernel lies where channels stand last: in words, and for each axis which one of (C_out, C_in, kH, kW) it is."""
READ_LAST = Phrase("shaped {typed} where {full} is due: read with its channels last, as TensorFlow has them")


def axes(tensor: Tensor, kernel: tuple[int, ...]) -> tuple[int, ...] | None:
    """For each axis of the tensor where channels stand last, which axis of ours that is; None where it has none."""
    rank = len(tensor.shape)
    if tensor.batched:
        return (0, 2, 3, 1) if rank == 4 else None
    if rank == 3:
        return (1, 2, 0)
    return kernel if rank == 4 else None


def laid_in_our_order(typed: Typed, tensor: Tensor, kernel: tuple[int, ...]) -> Typed | None:
    """The answer with its channels in front; None where it has no shape that they could stand last in."""
    order = axes(tensor, kernel)
    if order is None or typed.entries is None:
        return None
    laid = tuple(tensor.shape[axis] for axis in order)
    if without_ones(typed.shape) != without_ones(laid):
        return None
    entries = typed.entries.reshape(laid).transpose([order.index(axis) for axis in range(len(order))])
    return replace(typed, entries=entries, shape=entries.shape)


def told_by_the_shape(typed: Typed, tensor: Tensor) -> Iterator[Typed]:
    """The answer in our order, where its shape is that of channels last and not ours."""
    if without_ones(typed.shape) == without_ones(tensor.shape):
        return
    for _, kernel in KERNELS:
        laid = laid_in_our_order(typed, tensor, kernel)
        if laid is not None:
            yield laid


def size_in_our_order(typed: Typed) -> Typed | None:
    """A size in rows, columns and channels, perhaps behind the samples, with the channels in front."""
    if typed.entries is None or typed.entries.shape not in ((3,), (4,)):
        return None
    *samples, rows, columns, channels = cells_of(typed.entries)
    return replace(typed, entries=filled(typed.entries.shape, [*samples, channels, rows, columns]))


def sizes_in_our_order(typed: Typed) -> list[Typed]:
    """The readings of a size with channels last: of an image, or of a kernel (kH, kW, C_in, C_out)."""
    image = size_in_our_order(typed)
    if image is None or typed.entries is None:
        return []
    if len(typed.entries) == 3:
        return [image]
    rows, columns, into, out = cells_of(typed.entries)
    return [image, replace(typed, entries=filled((4,), [out, into, rows, columns]))]
