"""A tensor as a block of text: a row a line, columns parted by blanks or commas, blank lines between channels."""

import re
from collections.abc import Callable, Iterator
from dataclasses import field
from typing import Any

from cnncalc.layers.base import Shape
from cnncalc.problem.tensor.typed import CellReader
from cnncalc.problem.text.faults import Collector, Place, counted
from cnncalc.records import dataclass

MOST_CELLS = 300_000
_SEPARATOR = re.compile(r"\s*,\s*|\s+")
_COMMA_IN_NUMBER = re.compile(r"[0-9],[0-9]")
_BLANK_BETWEEN_NUMBERS = re.compile(r"[0-9.][ \t]+[-+0-9.]")


@dataclass
class _Rows:
    """The rows read so far, by batch entry and channel; each holds its number of cells and its line."""

    samples: list[list[list[tuple[int, int]]]] = field(default_factory=lambda: [[[]]])
    entries: list[Any] = field(default_factory=list)


def read_text_block(
    text: str, locate: Callable[[int, int, int], Place], cells: CellReader, faults: Collector, inside: str = ""
) -> tuple[Shape, list[Any]] | None:
    """Shape and entries; None (with faults) where there are none.

    `locate` gives the place of row, column (both from 0) and length within the text.
    """
    block = _Rows()
    blank_lines = 0
    for number, line in enumerate(text.split("\n")):
        if not line.strip():
            blank_lines += 1
            continue
        if block.entries and blank_lines:
            if blank_lines > 1:
                block.samples.append([[]])
            else:
                block.samples[-1].append([])
        blank_lines = 0
        # Without this `0,5 1,2` would be four columns.
        if _COMMA_IN_NUMBER.search(line) and _BLANK_BETWEEN_NUMBERS.search(line):
            message = f"{inside}both blanks and commas part the columns of this row"
            faults.add(message, "use one of them; a decimal is written with a point", locate(number, 0, len(line)))
        row = _read_row(line, number, locate, cells, inside)
        block.samples[-1][-1].append((len(row), number))
        block.entries += row
        if len(block.entries) > MOST_CELLS:
            message = f"{inside}a text with more than {MOST_CELLS} numbers"
            faults.add(message, "put large tensors into .npy files and name them with `file:`", locate(number, 0, 1))
            return None
    if not block.entries:
        faults.add(f"{inside}an empty text stands for a tensor", "write a row of numbers a line", locate(0, 0, 1))
        return None
    shape = _shape(block, locate, faults, inside)
    return None if shape is None else (shape, block.entries)


def _read_row(
    line: str, number: int, locate: Callable[[int, int, int], Place], cells: CellReader, inside: str
) -> list[Any]:
    start, end = len(line) - len(line.lstrip()), len(line.rstrip())
    row: list[Any] = []
    within = f"{inside}line {number + 1}: " if inside else ""
    for first, last in pieces(line, _SEPARATOR, start, end):
        place = (number, first, max(1, last - first))
        row.append(cells.read(line[first:last], lambda place=place: locate(*place), inside=within))  # type: ignore[misc]
        if len(row) > MOST_CELLS:
            break  # the caller refuses this many
    return row


def pieces(text: str, separator: re.Pattern[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of a text that something parts."""
    for match in separator.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _shape(block: _Rows, locate: Callable[[int, int, int], Place], faults: Collector, inside: str) -> Shape | None:
    """(), (H, W), (C, H, W) or (N, C, H, W), by how many blank lines part the rows; None where it is ragged."""
    before = len(faults)
    first = block.samples[0][0]
    width = first[0][0]
    for sample in block.samples:
        if len(sample) != len(block.samples[0]):
            message = f"{inside}this batch entry has {counted(len(sample), 'channel', 'channels')}"
            message += f", the first has {len(block.samples[0])}"
            remedy = "leave one blank line between channels, two between batch entries"
            faults.add(message, remedy, locate(sample[0][0][1], 0, 1))
        for channel in sample:
            if len(channel) != len(first):
                message = f"{inside}this channel has {counted(len(channel), 'row', 'rows')}, the first has {len(first)}"
                faults.add(message, "write as many rows for each channel", locate(channel[0][1], 0, 1))
            for count, line in channel:
                if count != width:
                    message = f"{inside}this row has {counted(count, 'entry', 'entries')}, the first has {width}"
                    faults.add(message, "write as many entries in each row", locate(line, 0, 1))
    if len(faults) > before:
        return None
    if len(block.samples) > 1:
        return len(block.samples), len(block.samples[0]), len(first), width
    if len(block.samples[0]) > 1:
        return len(block.samples[0]), len(first), width
    return () if len(first) == width == 1 else (len(first), width)
