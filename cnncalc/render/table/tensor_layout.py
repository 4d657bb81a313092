"""How a tensor of any rank lies on a page: matrices of its last two axes, side by side along the third from the end."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from rich.text import Text

from cnncalc.layers.base import Index
from cnncalc.records import dataclass
from cnncalc.render.builders.shorten import Indices, is_shortened, shown_indices
from cnncalc.render.document import Cell, TensorBlock
from cnncalc.render.renderers.characters import Characters
from cnncalc.render.table.matrix import (
    GAP_COLUMN,
    GAP_ROW,
    LABEL,
    Frame,
    Matrix,
    Style,
    Written,
    choose_style,
    column_blocks,
    labels_of,
    measure,
    write_cell,
)

GAP_BETWEEN_MATRICES = 4


@dataclass(frozen=True)
class Picture:
    """Some lines of text that stay together, and their width."""

    lines: tuple[Text, ...]
    width: int


@dataclass(frozen=True)
class Layout:
    """A tensor, ready to be printed."""

    scalar: str | None
    """The number of a tensor of rank 0, which has no table."""
    scalar_sign: str
    """What may stand in front of it."""
    rows: tuple[tuple[Picture, ...], ...]
    """Pictures that fit side by side, row by row."""
    is_shortened: bool
    has_undecided: bool


def lay_out(tensor: TensorBlock, width: int, shorten: bool, characters: Characters) -> Layout:
    """The tensor in at most `width` columns, unless a single number is wider."""
    axes = shown_indices(tensor.shape, shorten)
    cells = {index: tensor.cell(index) for index in product(*_without_gaps(axes))}
    has_undecided = any(cell.number.undecided for cell in cells.values())
    styles = choose_style([cell.number for cell in cells.values()])
    if tensor.shape == ():
        scalar = write_cell(cells[()], styles[0], characters)
        return Layout(scalar.head + scalar.tail, cells[()].number.sign, (), False, has_undecided)
    plans = (_Plan(tensor, axes, cells, style, characters) for style in styles)
    plan = next((plan for plan in plans if plan.fits(width)), None) or _Plan(
        tensor, axes, cells, styles[-1], characters
    )
    return Layout(None, "=", tuple(plan.rows(width)), is_shortened(axes), has_undecided)


def _without_gaps(axes: Sequence[Indices]) -> list[list[int]]:
    return [[index for index in axis if index is not None] for axis in axes]


class _Plan:
    """The matrices of a tensor in one style, with the frame that all of them share."""

    def __init__(
        self,
        tensor: TensorBlock,
        axes: Sequence[Indices],
        cells: Mapping[Index, Cell],
        style: Style,
        characters: Characters,
    ) -> None:
        fit = characters.fit
        self.base = tensor.index_base
        self.characters = characters
        self.lead_axes = axes[:-2]
        self.flows = len(axes) == 4 and len(axes[1]) == 1 and not tensor.batched
        is_vector = len(axes) == 1
        row_axis = (0,) if is_vector else axes[-2]
        column_axis = axes[-1]
        written = {index: write_cell(cell, style, characters) for index, cell in cells.items()}
        across, down = Written(fit(GAP_COLUMN), "", LABEL), Written(fit(GAP_ROW), "", LABEL)
        self.matrices: dict[Index, Matrix] = {}
        for lead in product(*_without_gaps(self.lead_axes)):
            self.matrices[lead] = [
                [
                    down if i is None else across if j is None else written[(j,) if is_vector else (*lead, i, j)]
                    for j in column_axis
                ]
                for i in row_axis
            ]
        row_labels = [] if is_vector else labels_of(row_axis, self.base, fit(GAP_ROW))
        column_labels = labels_of(column_axis, self.base, fit(GAP_COLUMN))
        widths = measure(list(self.matrices.values()), column_labels)
        self.frame = Frame(row_labels, column_labels, widths, characters)

    def blocks(self, width: int) -> list[range]:
        """The columns of a matrix in blocks that fit."""
        return column_blocks(self.frame.widths, width - self.frame.margin)

    def fits(self, width: int) -> bool:
        """Whether a matrix fits as a whole."""
        return len(self.blocks(width)) == 1 and self.frame.width(self.blocks(width)[0]) <= width

    def rows(self, width: int) -> Iterator[tuple[Picture, ...]]:
        """Pictures in rows; each index of the axes before the last three begins a new row."""
        if not self.lead_axes:
            yield from _pack(self.pictures((), width), width)
            return
        if self.flows:
            # Kernels over a single channel: a column of them would waste the page.
            yield from _pack([p for i in self.lead_axes[0] for p in self.along_axis(i, (), (0,), width)], width)
            return
        for outer in product(*self.lead_axes[:-1]):
            known = tuple(index for index in outer if index is not None)
            if len(known) < len(outer):
                yield (self.gap(GAP_ROW),)
                continue
            line = [p for last in self.lead_axes[-1] for p in self.along_axis(last, known, (), width)]
            yield from _pack(line, width)

    def along_axis(self, index: int | None, before: Index, after: Index, width: int) -> list[Picture]:
        """The pictures at one index of a lead axis, or the sign for those that are left out."""
        return [self.gap(GAP_COLUMN)] if index is None else self.pictures((*before, index, *after), width)

    def pictures(self, lead: Index, width: int) -> list[Picture]:
        """One matrix, in several pictures where it is too wide for one."""
        pictures = []
        address = ",".join(str(index + self.base) for index in lead)
        for block in self.blocks(width):
            lines = list(self.frame.lines(self.matrices[lead], block))
            caption = [Text(f"[{address},:,:]", LABEL)] if lead else []
            picture_width = max([self.frame.width(block), *(len(line.plain) for line in caption)])
            pictures.append(Picture((*caption, *lines), picture_width))
        return pictures

    def gap(self, sign: str) -> Picture:
        """The sign for matrices that are left out."""
        text = Text(self.characters.fit(sign), LABEL)
        return Picture((text,), len(text.plain))


def _pack(pictures: Sequence[Picture], width: int) -> Iterator[tuple[Picture, ...]]:
    """As many pictures a row as fit."""
    row: list[Picture] = []
    used = 0
    for picture in pictures:
        if row and used + GAP_BETWEEN_MATRICES + picture.width > width:
            yield tuple(row)
            row, used = [], 0
        used += picture.width + (GAP_BETWEEN_MATRICES if row else 0)
        row.append(picture)
    if row:
        yield tuple(row)
