"""Where an element comes from, to be looked at: the channels that it reads with the cells concerned marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from cnncalc.explaining import IMAGE_RANK, Explanation, Read, entries
from cnncalc.layers.base import Entry, Index
from cnncalc.lessons.lesson import TURNED
from cnncalc.records import dataclass, replace
from cnncalc.render.builders.element import Elements
from cnncalc.render.document import Cell, MarkKind, Matrix, MatrixRow, marks_of, matrix_of
from cnncalc.render.table.number import Number
from cnncalc.trace import Tensor

LONGEST_AXIS = 10
LONGEST_IN_CELL = 24
"""Characters of a sum of letters in a matrix; of a longer one the element's name is shown."""
SIGNAL_KERNEL_RANK = 3
MOST_ROWS = 3
"""Rows of matrices for one element, one for each group of terms."""


@dataclass
class Slice:
    """The last two axes of a tensor at one index of those before, and its cells that are to be marked."""

    tensor: Tensor
    lead: Index
    is_turned: bool = False
    """Whether it is to be seen turned by 180°, its last row first and its last column first."""
    cells: dict[tuple[int, int], set[MarkKind]] = field(default_factory=dict)


def pictures(
    explanation: Explanation, elements: Elements, seen: Sequence[Entry], turned: str | None = None
) -> list[MatrixRow]:
    """A row of matrices for each group of terms, then the element's own matrix, with one legend at the end.

    `seen` are elements that decide without being added, such as a pool's whole window; where there are any, those that
    are added have won. `turned` is the layer's name of a kernel that lies turned by 180° on what it is multiplied with.
    """
    slices: dict[tuple[str, Index], Slice] = {}
    shown: list[list[tuple[str, Index]]] = []
    groups = explanation.groups if len(explanation.groups) <= MOST_ROWS or elements.everything else ()
    parts: list[Iterable[Entry]] = [entries(group.terms) for group in groups or explanation.groups[:MOST_ROWS]]
    for part in parts or [()]:
        before = set(slices)
        for entry in seen:
            _mark(slices, explanation.read(entry), "window")
        for entry in part:
            kind: MarkKind = "winner" if entry in seen and len(seen) > 1 else "window"
            _mark(slices, explanation.read(entry), kind, entry.tensor == turned)
        shown.append([key for key in _in_order(slices, explanation) if key not in before])
    for group in explanation.groups[len(parts) :]:
        # All samples of features stand in one matrix, which is there already.
        for entry in entries(group.terms):
            if len(entry.index) < IMAGE_RANK:
                _mark(slices, explanation.read(entry), "window")
    found = [[_matrix(slices[key], elements) for key in keys] for keys in shown if keys]
    own: dict[tuple[str, Index], Slice] = {}
    _mark(own, Read(explanation.tensor, explanation.index, None), "target")
    if own:
        found.append([_matrix(one, elements) for one in own.values()])
    made = [MatrixRow(tuple(matrices), elements.names) for matrices in found]
    # One legend for all of them, below the last.
    legend = marks_of(cell for row in made for cell in row.cells())
    return [*made[:-1], *(replace(row, marks=legend) for row in made[-1:])]


def _in_order(slices: Mapping[tuple[str, Index], Slice], explanation: Explanation) -> list[tuple[str, Index]]:
    """What flows through the layer first, then its parameters."""
    assert explanation.step is not None
    flows = {explanation.step.names["x"], explanation.step.names.get("g")}
    return sorted(slices, key=lambda key: key[0] not in flows)


def _mark(slices: dict[tuple[str, Index], Slice], read: Read, kind: MarkKind, is_turned: bool = False) -> None:
    if not read.tensor.shape:
        return
    index = read.index if len(read.tensor.shape) > 1 else (0, *read.index)
    key = (read.tensor.name, index[:-2])
    one = slices.setdefault(key, Slice(read.tensor, index[:-2], is_turned and read.tensor.shape[-2:] != (1, 1)))
    one.cells.setdefault((index[-2], index[-1]), set()).add(kind)


def _matrix(one: Slice, elements: Elements) -> Matrix:
    is_vector = len(one.tensor.shape) == 1
    height, width = (1, *one.tensor.shape)[-2:]
    rows = _shown(height, {row for row, _ in one.cells})
    columns = _shown(width, {column for _, column in one.cells})
    if one.is_turned:
        # The rows of a signal's kernel are its channels.
        rows, columns = rows[:: -1 if len(one.tensor.shape) > SIGNAL_KERNEL_RANK else 1], columns[::-1]
    # Marks on every cell of a kernel would say nothing.
    plain = len(one.cells) == height * width and all(kinds == {"window"} for kinds in one.cells.values())

    def cell(row: int, column: int) -> Cell:
        index = (column,) if is_vector else (*one.lead, row, column)
        kinds = set() if plain else one.cells.get((row, column), set())
        number = elements.number(one.tensor.elements[index])
        if number.in_letters and len(number.text) > LONGEST_IN_CELL:
            # What it is made of stands elsewhere.
            name = elements.address(one.tensor, index)
            number = Number(name, letters={name: (one.tensor.name, tuple(i + elements.base for i in index))})
        return Cell(number, frozenset(kinds - {"window"} if len(kinds) > 1 else kinds))

    base = elements.base
    lead = "".join(f"{i + base}," for i in one.lead)
    caption = elements.source(one.tensor) + (f"_{{{lead}:,:}}" if lead else "") + (TURNED if one.is_turned else "")
    made = matrix_of(caption, rows, columns, cell, elements.base)
    return replace(made, row_labels=()) if is_vector else made


def _shown(length: int, marked: set[int]) -> list[int | None]:
    """The indices of an axis that are shown: all of a short one, else those around the marked, with gaps."""
    if length <= LONGEST_AXIS:
        return list(range(length))
    first, last = max(min(marked) - 1, 0), min(max(marked) + 1, length - 1)
    chosen = list(range(first, last + 1))
    if len(chosen) > LONGEST_AXIS:
        chosen = [*chosen[: LONGEST_AXIS - 2], *chosen[-1:]]
    shown: list[int | None] = [None] if chosen[0] > 0 else []
    for before, index in zip([None, *chosen], chosen, strict=False):
        if before is not None and index > before + 1:
            shown.append(None)
        shown.append(index)
    return [*shown, None] if chosen[-1] < length - 1 else shown
