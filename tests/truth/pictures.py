"""What a Document shows, read back: matrices with their captions, equations, marked cells, and what is said with them.

It knows the blocks of a Document and nothing of what draws them. A caption `\\w3_{1, 2 \\ldots 4, :}` is taken at its
word: these rows of that tensor, in the trace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from cnncalc.render.document import Block, Cell, Document, Heading, Matrix, MatrixRow, Paragraph
from cnncalc.render.formula.formula_nodes import Name, Names
from cnncalc.trace import Trace

CAPTION = re.compile(r"\\([A-Za-z]+)(?:_\{(.*?)\})?(\^\{\\text\{rot\}\})?")
Numbers: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.object_]]


@dataclass(frozen=True)
class Shown:
    """One matrix as a reader sees it."""

    tensor: str
    """What its caption names; empty where it has none."""
    lead: tuple[int, ...]
    """The indices in front of rows and columns, from 0."""
    rows: range
    columns: range
    is_turned: bool
    numbers: Numbers
    filler: Numbers
    """Booleans: which cells are said to be zeros that were put in."""
    marks: Mapping[tuple[int, int], frozenset[str]]
    """By place in the matrix."""


def exact(trace: Trace, name: str) -> Numbers:
    """A tensor of the trace in fractions."""
    tensor = trace[name]
    made = np.empty(tensor.shape, dtype=object)
    for index in np.ndindex(tensor.shape):
        made[index] = tensor.numbers.rational(tensor.elements[index])
    return made


def number_of(cell: Cell | None) -> Fraction:
    """What a cell says; small exact numbers stand there in full."""
    assert cell is not None, "nothing is left out of a small matrix"
    assert not cell.number.rounded
    return Fraction(cell.number.text)


def named(names: Names, macro: str) -> str:
    """The tensor that a macro stands for."""
    meaning = names[macro]
    return meaning.name if isinstance(meaning, Name) else str(meaning)


def shown(row: MatrixRow, matrix: Matrix, trace: Trace) -> Shown:
    """A matrix with its caption taken apart."""
    numbers = np.array([[number_of(cell) for cell in line] for line in matrix.rows], dtype=object)
    filler = np.array([["filler" in cell.marks for cell in line if cell] for line in matrix.rows])
    marks = {
        (r, c): frozenset(cell.marks) - {"filler"}
        for r, line in enumerate(matrix.rows)
        for c, cell in enumerate(line)
        if cell and cell.marks - {"filler"}
    }
    nowhere = range(0)
    if not matrix.caption:
        return Shown("", (), nowhere, nowhere, False, numbers, filler, marks)
    found = CAPTION.fullmatch(matrix.caption)
    assert found, matrix.caption
    name = named(row.names, found[1])
    parts = [part.strip() for part in found[2].split(",")] if found[2] else [":"] * len(trace[name].shape)
    base = trace.problem.index_base
    axes = [_indices(part, length, base) for part, length in zip(parts, trace[name].shape, strict=True)]
    *lead, rows, columns = [range(1), *axes] if len(axes) == 1 else axes
    assert all(len(axis) == 1 for axis in lead)
    return Shown(name, tuple(a[0] for a in lead), rows, columns, bool(found[3]), numbers, filler, marks)


def _indices(part: str, length: int, base: int) -> range:
    if part == ":":
        return range(length)
    first, _, last = part.partition(r" \ldots ")
    return range(int(first) - base, int(last or first) - base + 1)


@dataclass(frozen=True)
class Step:
    """A text, and the row of matrices that stands below it, if one does."""

    text: Paragraph
    row: MatrixRow | None


@dataclass(frozen=True)
class Way:
    """One way to a tensor that a worked solution shows, from its heading to the next."""

    tensor: str
    title: str
    steps: tuple[Step, ...]

    @property
    def equations(self) -> list[Step]:
        return [step for step in self.steps if step.row is not None]

    @property
    def claims_to_agree(self) -> bool:
        return any(step.text.text.en == "The result is the same, element by element." for step in self.steps)


def ways(document: Document) -> Iterator[Way]:
    """Every way in a worked solution."""
    tensor, blocks = "", list(document.blocks)
    for at, block in enumerate(blocks):
        if isinstance(block, Heading) and block.level == 3 and block.names:
            tensor = named(block.names, block.text.en.strip("$").removeprefix("\\"))
        if isinstance(block, Heading) and block.level == 4:
            yield Way(tensor, block.text.en, tuple(_steps(blocks[at + 1 :])))


def _steps(blocks: list[Block]) -> Iterator[Step]:
    for at, block in enumerate(blocks):
        if isinstance(block, Heading):
            return
        if isinstance(block, Paragraph):
            behind = blocks[at + 1] if at + 1 < len(blocks) else None
            yield Step(block, behind if isinstance(behind, MatrixRow) else None)


def texts(document: Document) -> list[Paragraph]:
    """All sentences."""
    return [block for block in document.blocks if isinstance(block, Paragraph)]
