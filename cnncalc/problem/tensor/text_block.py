r"""A tensor as a block of text, a row a line, columns parted by blanks or commas, blank lines between channels; and as
matrices in LaTeX, as students have them on their sheets: `\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import field
from typing import Any

from cnncalc.layers.base import Shape
from cnncalc.problem.tensor.typed import CellReader
from cnncalc.problem.text.faults import Collector, Place, counted, quoted
from cnncalc.records import dataclass

MOST_CELLS = 300_000
_SEPARATOR = re.compile(r"\s*,\s*|\s+")
_COMMA_IN_NUMBER = re.compile(r"[0-9],[0-9]")
_BLANK_BETWEEN_NUMBERS = re.compile(r"[0-9.][ \t]+[-+0-9.]")
_BEGIN = re.compile(
    r"\\begin\s*\{\s*array\s*\}\s*(?:\[[tcb]\]\s*)?\{[^{}]*\}"
    r"|\\begin\s*\{\s*(?P<name>[A-Za-z]+\*?)\s*\}(?:\s*\[[lcr]\])?"
)
_END = re.compile(r"\\end\s*\{\s*([A-Za-z]+\*?)\s*\}")
_ENVIRONMENTS = frozenset(
    [*(kind + "matrix" + star for kind in ("", "b", "B", "p", "v", "V", "small") for star in ("", "*")), "array"]
)
_ROW_END = re.compile(r"\\\\(?:\s*\[[^\]]*\])?|\\cr\b|\\tabularnewline\b")
_COLUMN_END = re.compile("&")
_RULES = re.compile(r"\\(?:hline|toprule|midrule|bottomrule)\b")
# What may stand around a matrix without a meaning of its own.
_AROUND = re.compile(
    r"(?:[\s,;$()\[\]|~.]++|\\[,;:! \[\](){}|]"
    r"|\\(?:left|right|[bB]igg?[lr]?|q?quad|displaystyle|[lr]brack|[lr]vert)(?![A-Za-z]))*+"
)
MOST_MATRICES = 10_000
Locate = Callable[[int, int], Place]


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


def read_latex(text: str, locate: Locate, cells: CellReader, faults: Collector) -> tuple[Shape, list[Any]] | None:
    """Shape (rows, columns), or (matrices, rows, columns) for several side by side, and the entries.

    `locate` gives the place of a stretch of the text by offset and length.
    """
    entries: list[Any] = []
    shapes: list[Shape] = []
    end = 0
    while (begin := _BEGIN.search(text, end)) is not None:
        if not _is_empty(text, end, begin.start(), locate, faults):
            return None
        close = _matching_end(text, begin, locate, faults)
        if close is None:
            return None
        shape = _read_matrix(text, (begin.end(), close.start()), entries, locate, cells, faults)
        if shape is None:
            return None
        if shapes and shape != shapes[0]:
            message = f"this matrix is {shape[0]}×{shape[1]}, the first is {shapes[0][0]}×{shapes[0][1]}"
            return faults.add(message, "matrices side by side are channels, all of one size", locate(begin.start(), 6))
        shapes.append(shape)
        if len(shapes) > MOST_MATRICES:
            message = f"more than {MOST_MATRICES} matrices side by side"
            return faults.add(message, "put large tensors into .npy files and name them with `file:`", locate(0, 1))
        end = close.end()
    if not shapes:
        faults.add("this LaTeX holds no matrix", r"write \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", locate(0, 1))
        return None
    if not _is_empty(text, end, len(text), locate, faults):
        return None
    return (shapes[0] if len(shapes) == 1 else (len(shapes), *shapes[0])), entries


def _is_empty(text: str, start: int, end: int, locate: Locate, faults: Collector) -> bool:
    around = _AROUND.match(text, start, end)
    at = around.end() if around else start
    if at == end:
        return True
    rest = text[at:end].strip()
    message = f"{quoted(rest)} stands outside of the matrices"
    faults.add(message, "leave it out: give the matrices alone, side by side", locate(at, min(len(rest), 40)))
    return False


def _matching_end(text: str, begin: re.Match[str], locate: Locate, faults: Collector) -> re.Match[str] | None:
    name = begin.group("name") or "array"
    if name not in _ENVIRONMENTS:
        message = f"{quoted(name)} is no matrix environment"
        faults.add(message, "write bmatrix, pmatrix or array", locate(begin.start(), begin.end() - begin.start()))
        return None
    close = _END.search(text, begin.end())
    if close is None or close.group(1) != name:
        remedy = f"write \\end{{{name}}}"
        if close is not None:
            message = f"\\begin{{{name}}} ends with \\end{{{close.group(1)}}}"
            faults.add(message, remedy, locate(close.start(), close.end() - close.start()))
        else:
            faults.add(f"\\begin{{{name}}} has no end", remedy, locate(begin.start(), begin.end() - begin.start()))
        return None
    inner = text.find("\\begin", begin.end(), close.start())
    if inner >= 0:
        return faults.add("a matrix stands inside a matrix", "write its entries out", locate(inner, 6))
    return close


def _read_matrix(
    text: str, span: tuple[int, int], entries: list[Any], locate: Locate, cells: CellReader, faults: Collector
) -> tuple[int, int] | None:
    # Blanks of the same length keep the offsets.
    body = _RULES.sub(lambda rule: " " * len(rule.group()), text[span[0] : span[1]])
    widths: list[int] = []
    ragged = False
    for start, end in pieces(body, _ROW_END, 0, len(body)):
        if end == len(body) and not body[start:end].strip() and widths:
            continue  # nothing behind the last \\
        cell_spans = [*pieces(body, _COLUMN_END, start, end)]
        widths.append(len(cell_spans))
        if len(cell_spans) != widths[0]:
            ragged = True
            message = f"this row has {counted(len(cell_spans), 'entry', 'entries')}, the first has {widths[0]}"
            faults.add(message, "write as many entries, parted by &, in each row", locate(span[0] + start, 1))
        if len(entries) + len(cell_spans) > MOST_CELLS:
            remedy = "put large tensors into .npy files and name them with `file:`"
            return faults.add(f"a matrix with more than {MOST_CELLS} numbers", remedy, locate(span[0] + start, 1))
        for first, last in cell_spans:
            cell = body[first:last]
            inner = first + len(cell) - len(cell.lstrip())
            place = (span[0] + inner, max(1, len(cell.strip())))
            entries.append(cells.read(cell.strip(), lambda place=place: locate(*place), latex=True))  # type: ignore[misc]
    return None if ragged else (len(widths), widths[0])
