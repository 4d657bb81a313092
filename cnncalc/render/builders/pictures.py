"""What is rather looked at than read: where an element comes from, windows at work, ways back, shaded maps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

import numpy as np

from cnncalc.explaining import IMAGE_RANK, Explanation, Read, entries, explain
from cnncalc.language import Phrase, marked_up, verbatim
from cnncalc.layers.base import Entry, Index
from cnncalc.layers.conv import Conv
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.layers.pools import GlobalAvgPool
from cnncalc.layers.signals import OnSignals
from cnncalc.layers.windows.axis import Pair
from cnncalc.layers.windows.pool import Pool
from cnncalc.layers.windows.row import plain_index
from cnncalc.lessons.convolution.pictures import Convolution
from cnncalc.lessons.lesson import TURNED
from cnncalc.lessons.signals import as_images
from cnncalc.records import dataclass, replace
from cnncalc.render.builders.element import Elements
from cnncalc.render.document import Block, Cell, Column, Figure, MarkKind, Matrix, MatrixRow, Table, marks_of, matrix_of
from cnncalc.render.drawing.drawing import Drawing
from cnncalc.render.drawing.pictures import (
    back,
    back_through_stamps,
    forward,
    heat,
    pool,
    receptive_field,
    stamps,
    window,
)
from cnncalc.render.formula.formula_text import display_name
from cnncalc.render.table.number import Number
from cnncalc.step import Scene
from cnncalc.trace import Tensor, Trace

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


WINDOW = Phrase("window")
ITS_GRADIENT = Phrase("its gradient")
GOES_TO = Phrase("goes to")
EACH_GETS = Phrase("each gets")
CELLS = Phrase("{count} cells, {first} to {last}")
NONE = Phrase("no cell of the input")
MOST_WINDOWS = 16
MOST_CELLS = 400
MOST_LISTED = 4


def ways_back(trace: Trace, tensor: Tensor, elements: Elements) -> Table | None:
    """The table of a pool's gradient by its input; None for another tensor, and where there are too many windows."""
    step, local = trace.maker(tensor)
    if step is None or local != "dx" or not isinstance(step.layer, Pool):
        return None
    gradient = trace[step.names["g"]]
    is_small = gradient.elements.size <= MOST_WINDOWS and tensor.elements.size <= MOST_CELLS
    if not (is_small or elements.everything):
        return None
    shares: dict[tuple[int, ...], list[Explanation]] = {index: [] for index in np.ndindex(gradient.shape)}
    amounts = {}
    for place in np.ndindex(tensor.shape):
        made = explain(trace, tensor, place)
        for term, entry in zip(made.terms, made.entries(), strict=True):
            index = made.read(entry).index
            shares[index].append(made)
            amounts[index] = trace.numbers.number(term.coefficient) * made.read(entry).value
    x, y = trace[step.names["x"]], trace[step.names["y"]]

    def told(tensor: Tensor, index: tuple[int, ...]) -> Phrase:
        return marked_up(f"${elements.source(tensor, index)}$")

    def number(element: object) -> Phrase:
        return verbatim(elements.number(element).plain)

    def rows() -> Iterator[tuple[Phrase, ...]]:
        for index, cells in shares.items():
            names = [told(x, made.index) for made in cells]
            if len(names) > MOST_LISTED:
                where = CELLS.format(count=len(names), first=names[0], last=names[-1])
            else:
                where = Phrase.enumerated(names) if names else NONE
            gets = number(amounts[index]) if cells else verbatim("")
            yield told(y, index), number(gradient.elements[index]), where, gets

    columns = Column(WINDOW), Column(ITS_GRADIENT, "right"), Column(GOES_TO), Column(EACH_GETS, "right")
    return Table(columns, tuple(rows()), elements.names)


def looked_at(trace: Trace, tensor: Tensor, scene: Scene, elements: Elements) -> Iterator[Block]:
    """The pictures of a window and of a pool, and the table of a pool's gradient."""
    if tensor.stage == "update":
        return  # They would be those of the pass before the step.
    table = ways_back(trace, tensor, elements)
    drawings = [drawing for drawing in _at_work(trace, tensor, scene, elements) if drawing is not None]
    if table is not None and not drawings:
        yield table
    # A pool's table says what its picture does.
    yield from (Figure(drawing, () if table is None else (table,)) for drawing in drawings)


def _at_work(trace: Trace, tensor: Tensor, scene: Scene, elements: Elements) -> Iterator[Drawing | None]:
    local = trace.maker(tensor)[1]
    if local not in ("y", "dx") or _has_letters(trace, tensor):
        return
    is_signal = scene["x"].ndim == IMAGE_RANK - 1 and isinstance(scene.layer, OnSignals | GlobalAvgPool)
    scene = as_images(scene) if is_signal else scene
    write, made = elements.number, display_name(tensor.name)

    def name(output: Pair) -> str:
        first = (0, 0) if tensor.batched else (0,)
        # A signal is drawn as an image of one row.
        place = output[len(first) + 2 - len(tensor.shape) :]
        return display_name(tensor.name, elements.address(tensor, (*first, *place)).removeprefix(tensor.name))

    if isinstance(scene.layer, Conv):
        at = Convolution(scene)
        yield window(forward(at) if local == "y" else back(at), made, write, name)
    elif isinstance(scene.layer, Pool | GlobalAvgPool):
        captions = {one: display_name(scene.names[one]) for one in ("x", "y", "g", "dx") if one in scene.names}
        yield pool(scene, local, made, captions, write)
    elif isinstance(scene.layer, ConvTranspose) and local == "dx":
        yield window(back_through_stamps(scene), made, write, name)
    elif isinstance(scene.layer, ConvTranspose):
        x = trace[scene.names["x"]]
        first = 0 if tensor.batched else 1
        own = plain_index if is_signal else tuple[int, ...]
        names = {at: elements.address(x, own(at)[first:]) for at in np.ndindex(scene["x"].shape) if at[0] == 0}
        yield stamps(scene, made, names, write)
    is_image = scene["y"].ndim == IMAGE_RANK and not is_signal
    if local == "y" and is_image and (scene.after is None or scene.after["y"].ndim != IMAGE_RANK):
        yield receptive_field(scene, made, write)


def shaded(trace: Trace, tensor: Tensor, scene: Scene, elements: Elements) -> Iterator[Block]:
    """The maps of an image that a convolution makes, or of the gradient by it, below its numbers."""
    step, local = trace.maker(tensor)
    before = scene.before
    is_made = (isinstance(scene.layer, Conv) and local == "y") or (
        local == "dx" and before is not None and isinstance(before.layer, Conv)
    )
    if step is None or not is_made or tensor.stage == "update" or _has_letters(trace, tensor):
        return
    maps = tensor.elements[0] if tensor.batched else tensor.elements
    lead = [elements.base] if tensor.batched else []
    captions = [
        display_name(tensor.name, f"[{','.join(map(str, (*lead, channel + elements.base)))}]")
        for channel in range(len(maps))
    ]
    drawing = heat(trace.numbers, maps, captions, display_name(tensor.name), elements.number)
    if drawing is not None:
        yield Figure(drawing)


def _has_letters(trace: Trace, tensor: Tensor) -> bool:
    return any(map(trace.numbers.letters_of, tensor.elements.flat))
