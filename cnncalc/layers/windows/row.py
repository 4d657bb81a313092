"""The one row of an image that a signal is: put on and taken off, in tensors, indices, formulas and messages."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.layers.base import Entry, Index, Setting, Shape, ShapeError
from cnncalc.records import replace

ROWED = frozenset(["x", "y", "g", "dx", "weight", "dweight"])
"""The tensors that have rows where they belong to an image."""
PATH = "path"
"""The tensor of a pool's winners."""
_PAIRS = ("size", "stride", "dilation", "output_padding", "outputs")
_SIZES = re.compile(r"\d+(?:×\d+)+")
_INNERMOST = re.compile(r"_\{([^{}]*)\}")
_OF_ROWS = re.compile(r"\\[ipu](?![A-Za-z])")
RENAMED = {"j": "i", "q": "p", "v": "u"}
"""The letters of columns, as a signal's formulas have them."""


class Rowed(Mapping[str, Array]):
    """The tensors of a step, as an image has them; each only when it is asked for."""

    def __init__(self, tensors: Mapping[str, Array]) -> None:
        self._tensors = tensors

    def __getitem__(self, local: str) -> Array:
        return with_row(local, self._tensors[local])

    def __contains__(self, local: object) -> bool:
        return local in self._tensors

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)


def with_row(local: str, array: Array) -> Array:
    """A tensor with its one row; a winner's place as row and column."""
    if local == PATH:
        return np.concatenate([np.zeros_like(array), array], axis=-1)[..., None, :, :]
    return array[..., None, :] if local in ROWED else array


def without_row(local: str, array: Array) -> Array:
    """The reverse."""
    if local == PATH:
        return np.asarray(array[..., 0, :, 1:])
    return np.asarray(array[..., 0, :]) if local in ROWED else array


def plain(made: Mapping[str, Array]) -> dict[str, Array]:
    """Tensors without their one row."""
    return {local: without_row(local, array) for local, array in made.items()}


def plain_index(index: Index) -> Index:
    """An index without that of the row."""
    return (*index[:-2], index[-1])


def plain_entry(entry: Entry) -> Entry:
    """An entry without a row."""
    return Entry(entry.tensor, plain_index(entry.index)) if entry.tensor in ROWED else entry


def rowed_shape(signal: Shape) -> Shape:
    """The shape of an image of one row."""
    return (*signal[:-1], 1, signal[-1])


def plain_shape(image: Shape) -> Shape:
    """The reverse."""
    return (*image[:-2], image[-1])


def rowed_shapes(parameters: Mapping[str, Shape]) -> dict[str, Shape]:
    """Those of parameters, where they have a row."""
    return {local: rowed_shape(shape) if local in ROWED else shape for local, shape in parameters.items()}


def rowed_setting(setting: Setting) -> Setting:
    """What formulas need to know, of an image."""
    return replace(setting, x=rowed_shape(setting.x), parameters=rowed_shapes(setting.parameters))


def rowed_option(name: str, value: Any) -> Any:
    """An option as the layer on images has it."""
    if name in _PAIRS and value is not None:
        return (0 if name == "output_padding" else 1, value)
    return ((0, 0), value) if name == "padding" and not isinstance(value, str) else value


@contextmanager
def said_of_signals() -> Iterator[None]:
    """Sizes in a complaint about an image of one row, without the row."""
    try:
        yield
    except ShapeError as error:
        message, remedy = (_SIZES.sub(_without_one, text) for text in (error.message, error.remedy))
        raise ShapeError(message.replace("four axes", "three axes"), remedy, error.option) from error


def _without_one(found: re.Match[str]) -> str:
    sizes = found[0].split("×")
    return "×".join([*sizes[:-2], sizes[-1]]) if sizes[-2] == "1" else found[0]


def without_rows(formula: str) -> str:
    """A formula without the indices that count rows, those of columns in their place."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        sections = (_columns_alone(section) for section in found[1].split(r":\, "))
        kept.append("_{" + r":\, ".join(section for section in sections if section) + "}")
        return f"\0{len(kept) - 1}\0"

    formula = formula.replace(r"\left(\u, \v\right)", r"\v")
    while _INNERMOST.search(formula):
        formula = _INNERMOST.sub(keep, formula)
    while "\0" in formula:
        formula = re.sub("\0(\\d+)\0", lambda found: kept[int(found[1])], formula)
    return re.sub(r"\\([jqv])(?![A-Za-z])", lambda found: f"\\{RENAMED[found[1]]}", formula)


def _columns_alone(section: str) -> str:
    between = r",\, " if r",\, " in section else ", "
    return between.join(part for part in section.split(between) if not _OF_ROWS.search(part))
