r"""Matrices in LaTeX, as students have them on their sheets: `\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}`."""

import re
from collections.abc import Callable
from typing import Any

from cnncalc.layers.base import Shape
from cnncalc.problem.tensor.text_block import MOST_CELLS, pieces
from cnncalc.problem.tensor.typed import CellReader
from cnncalc.problem.text.faults import Collector, Place, counted, quoted

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
