"""What is to be read, before it has a format: a Document of a few kinds of block.

Every output for people is built as a Document, and each renderer has one function a kind. A renderer knows neither
layers nor NumPy; a builder (`solution`) knows neither terminals nor LaTeX.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from cnncalc.arithmetic.base import LettersStyle
from cnncalc.language import Phrase
from cnncalc.layers.base import Index
from cnncalc.render.formula import Formula
from cnncalc.render.number import Number

MarkKind = Literal["closed", "winner"]

MEANINGS: dict[MarkKind, Phrase] = {
    "closed": Phrase(en="closed: no gradient passes through this cell", zh="已关闭：梯度不经过该元素"),
    "winner": Phrase(en="the winner of its window", zh="所在窗口的最大值"),
}
"""The legend of each mark; the sign itself is the renderer's."""


@dataclass(frozen=True)
class Heading:
    """A title (level 1), a part (2) or a tensor (3), with a word about it that is less important."""

    level: Literal[1, 2, 3]
    text: Phrase
    aside: Phrase | None = None


@dataclass(frozen=True)
class Paragraph:
    """Sentences; a note is set apart from what it is about, an item is one of a list."""

    text: Phrase
    role: Literal["plain", "note", "item"] = "plain"


@dataclass(frozen=True)
class Cell:
    """One element of a tensor, with what marks it."""

    number: Number
    marks: frozenset[MarkKind] = frozenset()


@dataclass(frozen=True)
class TensorBlock:
    """The elements of a tensor. `cell` gives one by its 0-based index, so that only what is shown is written out."""

    name: str
    shape: tuple[int, ...]
    index_base: int
    cell: Callable[[Index], Cell] = field(repr=False, compare=False)
    batched: bool = False
    """Whether the first axis is the mini-batch, whose entries stand one below the other."""
    marks: tuple[MarkKind, ...] = ()
    """The marks that occur in the tensor, for the legend."""


@dataclass(frozen=True)
class Equation:
    """One element: `left = right`, and what that comes to where its letters have values."""

    write: Callable[[LettersStyle], tuple[str, str]] = field(repr=False, compare=False)
    """Both sides, for people in Unicode or in LaTeX."""
    value: Number | None = None


@dataclass(frozen=True)
class Equations:
    """One for each element of a tensor of letters, in order; the equals signs stand below each other."""

    equations: tuple[Equation, ...]


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, and on which side its cells line up."""

    heading: Phrase
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True)
class Table:
    """Rows of texts under headings; a cell of several sentences may be wrapped, a number may not."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Phrase, ...], ...]


Block: TypeAlias = Heading | Paragraph | Formula | TensorBlock | Equations | Table


@dataclass(frozen=True)
class Document:
    """Blocks, in order."""

    blocks: tuple[Block, ...]


def verbatim(text: str) -> Phrase:
    """A name, or the user's own words: the same in each language."""
    return Phrase(en=text, zh=text)
