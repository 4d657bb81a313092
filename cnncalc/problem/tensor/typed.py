"""Tensors as they are typed: nested lists of numbers, and what was typed there."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Any, Protocol

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.expression import Literal, variables
from cnncalc.layers.base import Index, Shape
from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.number.numbers import read_number
from cnncalc.problem.text.faults import Collector, Place, counted, shape_text
from cnncalc.problem.text.nodes import Fields, Items, Scalar
from cnncalc.records import Record, replace

LARGEST = 12_000_000
LARGEST_BLANK = 2**40
"""Elements of a parameter without numbers; those of AlexNet's largest are 2**25."""


def is_beyond(shape: Shape, most: int) -> bool:
    """Whether a shape has more elements than that; one in letters may be as small as anyone likes."""
    elements = prod(shape)
    return elements > most and type(elements) is int


class Typed(Record):
    """Entries as typed; shape () is one number (or a drawing) that takes whatever shape it is given.

    `is_sheet` marks a matrix as written on paper (a text block, LaTeX), whose one row or column may mean a vector.
    """

    shape: Shape
    entries: Array | None
    place: Place
    draw: Callable[[Shape], Array] | None = None
    name: str | None = None
    name_place: Place | None = None
    is_sheet: bool = False
    symbol: str | None = None
    """What its elements are called where they are letters."""

    def fitted(self, full: Shape) -> Array | None:
        """The entries in the full shape; None where they are not as many, or lie differently."""
        if self.draw is not None and self.entries is None:
            return self.draw(full)
        assert self.entries is not None, "a tensor is typed or drawn"
        if self.shape == ():
            # A view: a number that fills a large tensor takes no memory.
            return spread(self.entries, full)
        if self.shape == full or without_ones(self.shape) == without_ones(full):
            return self.entries.reshape(full)
        return None

    def in_order(self, full: Shape) -> Array | None:
        """As `fitted`, and any other shape with as many entries is taken in order."""
        fitted = self.fitted(full)
        if fitted is None and self.entries is not None and self.entries.size == prod(full):
            return self.entries.reshape(full)
        return fitted

    @property
    def vector_shape(self) -> Shape:
        """The shape, a written matrix of one row or column being a vector."""
        return (max(self.shape),) if self.is_sheet and len(self.shape) == 2 and 1 in self.shape else self.shape


def without_ones(shape: Shape) -> Shape:
    """The shape without its axes of length 1."""
    return tuple(n for n in shape if n != 1)


class _Blank:
    """What stands in place of a number that nobody has given; `cells` are those, where others have one."""

    def __init__(self, cells: Sequence[Index] = ()) -> None:
        self.cells = cells

    def __repr__(self) -> str:
        return "BLANK"


BLANK = _Blank()
_UNKNOWN = frozenset("?？")
"""Cells of a problem that are still to be filled in."""


def blank(shape: Shape, cells: Sequence[Index] = ()) -> Array:
    """A tensor without numbers, of any size in no memory; shape () takes whatever shape it is given.

    `cells` are those that lack one, where not all do: nothing can be computed without them either.
    """
    one = np.empty((), dtype=object)
    one[()] = _Blank(cells) if cells else BLANK
    return spread(one, shape)


def spread(number: Array, shape: Shape) -> Array:
    """One number as a tensor that takes no memory; its shape may have letters."""
    made = np.broadcast_to(number, shape)
    if all(type(size) is int for size in shape):
        return made
    lettered = made.view(_Lettered)
    lettered.sizes = shape
    return lettered


class _Lettered(np.ndarray):
    """One number everywhere, in a shape that has letters, which NumPy takes for numbers."""

    sizes: Shape

    @property  # type: ignore[misc]
    def shape(self) -> Shape:
        """With the letters."""
        return self.sizes

    def reshape(self, shape: Shape) -> Array:  # type: ignore[override]
        """To any other."""
        return spread(np.asarray(self)[(0,) * self.ndim], shape)


def emptied(typed: Typed) -> Typed:
    """A tensor in which a `?` stands, as one without numbers; any other as it is."""
    if typed.entries is None or typed.entries.dtype != object:
        return typed
    if not any(typed.entries.strides):
        # One cell everywhere, however large: as it is, it is blank or it is not.
        return typed
    unknown = [np.unravel_index(at, typed.shape) for at, entry in enumerate(typed.entries.flat) if entry is BLANK]
    if not unknown:
        return typed
    cells = [tuple(map(int, index)) for index in unknown] if len(unknown) < typed.entries.size else ()
    return replace(typed, entries=blank(typed.shape, cells))


def lacking(entries: Array) -> Sequence[Index]:
    """The cells without a number, by index from 0, of a blank tensor in which others have one; else nothing."""
    return entries.flat[0].cells if is_blank(entries) else ()


def is_blank(entries: Array | None) -> bool:
    """Whether these are no numbers."""
    return entries is not None and entries.dtype == object and entries.size > 0 and isinstance(entries.flat[0], _Blank)


Where = Callable[[], Place]
"""The place of a cell, worked out only when somebody asks: most cells are right."""


class CellReader(Protocol):
    """What a tensor's form hands each cell to, in the order of the elements."""

    has_blanks: bool
    """Whether any of them was a `?`, so that its tensor has no numbers."""

    def read(self, text: str, where: Where, latex: bool = False, inside: str = "") -> Any:
        """The entry for the cell as typed; `inside` says where it stands within another file (`w.csv line 3: `)."""


class NumberCells:
    """The cells of a problem: each must be a number, or a letter for one."""

    def __init__(self, faults: Collector, said: Callable[[str, str], None] | None = None) -> None:
        """`said` is told what is read in another way than it is typed."""
        self._faults = faults
        self._said = said
        self.has_letters = False
        """Whether any of them was a letter."""
        self.has_blanks = False

    def read(self, text: str, where: Where, latex: bool = False, inside: str = "") -> Literal | _Blank:
        """The number; a fault and 0 where it is none, so that the cells behind it are read as well.

        A `?` is a number that is not known yet.
        """
        if text in _UNKNOWN:
            self.has_blanks = True
            return BLANK
        try:
            # In a file of numbers a word is more likely a column's heading.
            number = read_number(text, latex, letters=not inside, said=self._said)
        except NumberFault as fault:
            self._faults.add(inside + fault.message, fault.remedy, where())
            return 0
        if not isinstance(number, int | Decimal | Fraction) and any(variables(number)):
            self.has_letters = True
        return number


_EVEN = "make all lists side by side equally long"


def read_nested(
    node: Items, cells: CellReader, read_sheet: Callable[[Scalar], Typed | None], faults: Collector
) -> tuple[Shape, list[Any]] | None:
    """Shape and entries in row order; None (with faults) where lists side by side differ.

    `read_sheet` reads an item that is a whole matrix by itself: a text block or LaTeX, as one channel of several.
    """
    entries: list[Any] = []
    shape = _read_list(node, entries, cells, read_sheet, faults)
    return None if shape is None else (shape, entries)


def _read_list(
    node: Items, entries: list[Any], cells: CellReader, read_sheet: Callable[[Scalar], Typed | None], faults: Collector
) -> Shape | None:
    if not node.items:
        return faults.add("an empty list stands for a tensor", "write its numbers", node.place)
    shapes: list[Shape | None] = []
    for item in node.items:
        if isinstance(item, Scalar):
            if item.style is None and "\\" not in item.text:
                entries.append(cells.read(item.text, lambda item=item: item.place))  # type: ignore[misc]
                shapes.append(())
                continue
            sheet = read_sheet(item)
            shapes.append(sheet.shape if sheet else None)
            if sheet is not None and sheet.entries is not None:
                entries.extend(sheet.entries.flat)
        elif isinstance(item, Fields):
            faults.add("a mapping stands where a number should", "write numbers and lists only", item.place)
            shapes.append(None)
        else:
            shapes.append(_read_list(item, entries, cells, read_sheet, faults))
    return _common(node, shapes, faults)


def _common(node: Items, shapes: list[Shape | None], faults: Collector) -> Shape | None:
    """The list's own shape, if its items have one in common."""
    known = [shape for shape in shapes if shape is not None]
    first = known[0] if known else None
    for item, shape in zip(node.items, shapes, strict=True):
        if shape is None or first is None or shape == first:
            continue
        if shape == ():
            message = f"a number stands where a list of {counted(first[0], 'entry', 'entries')} should"
        elif first == ():
            message = "a list stands where a number should"
        elif len(shape) == len(first) == 1:
            message = f"this list has {counted(shape[0], 'entry', 'entries')}, the first beside it has {first[0]}"
        else:
            message = f"this list is {shape_text(shape)}, the first beside it is {shape_text(first)}"
        faults.add(message, _EVEN, item.place)
    if first is None or any(shape != first for shape in shapes):
        return None
    return (len(shapes), *first)
