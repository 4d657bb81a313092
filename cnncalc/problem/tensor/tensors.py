"""A tensor of a file in any of its forms: nested lists, a number, a text block, LaTeX, or a mapping."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import filled
from cnncalc.arithmetic.expression import Operation, Variable, variables
from cnncalc.layers.base import Shape
from cnncalc.problem.tensor.files import FileAccess, read_array_file
from cnncalc.problem.tensor.pasted import in_one, in_rows, pasted
from cnncalc.problem.tensor.symbols import Symbol, SymbolNames, is_symbol
from cnncalc.problem.tensor.typed import (
    LARGEST,
    LARGEST_BLANK,
    CellReader,
    Typed,
    blank,
    emptied,
    is_beyond,
    is_blank,
    read_nested,
)
from cnncalc.problem.text.faults import Collector, did_you_mean, listing, quoted, shape_text
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.scalars import Places, check_keys, read_integer, read_rational, sizes
from cnncalc.records import replace

SOURCES = ("value", "fill", "file", "random", "symbol")
KEYS = ("name", "shape", *SOURCES, "key", "values", "assume")
_LISTS = "write nested lists, such as [[1, 2], [3, 4]]"

MOST_AXES = 4
"""(N, C, H, W)."""


class TensorReader:
    """Reads tensors; what becomes of a cell is the cell reader's decision."""

    def __init__(
        self, cells: CellReader, faults: Collector, access: FileAccess, text: str, most_axes: int = MOST_AXES,
        takes_blanks: bool = False, letters: SymbolNames | None = None, sources: Sequence[str] = SOURCES,
    ) -> None:  # fmt: skip
        """`takes_blanks`: a mapping that gives nothing but a `shape` is a tensor without numbers.

        `sources` are the keys of a mapping that may say what is in it.

        `letters` takes note of the tensors of letters; without it there can be none.
        """
        self._takes_blanks = takes_blanks
        self._cells = cells
        self._faults = faults
        self._access = access
        self._most_axes = most_axes
        self._places = Places(text)
        self._letters = letters
        self._sources = sources
        self._one_of_them = f"write one of {listing(sources)}"

    def read(self, node: Node) -> Typed | None:
        """The tensor; None (with faults) where nothing can be made of it."""
        typed = self._read_mapping(node) if isinstance(node, Fields) else self._read_value(node)
        return emptied(typed) if typed is not None and self._cells.has_blanks else typed

    def _read_value(self, node: Node) -> Typed | None:
        if isinstance(node, Scalar):
            return self._read_scalar(node)
        if isinstance(node, Fields):
            return self._faults.add("a mapping stands where numbers should", _LISTS, node.place)
        rows = in_rows(node)
        if rows is not None:
            return self._read_value(rows)
        read = read_nested(node, self._cells, self._read_scalar, self._faults)
        if read is None:
            return None
        shape, entries = read
        if len(shape) > self._most_axes:
            message = f"a tensor of {len(shape)} axes ({shape_text(shape)})"
            return self._faults.add(message, "a tensor has at most four: (N, C, H, W)", node.place)
        return Typed(shape, filled(shape, entries), node.place)

    def _read_scalar(self, node: Scalar) -> Typed | None:
        node = self._places.unfolded(node)
        text = node.text
        if node.style == '"' and any(c in text for c in "\b\f\v\a"):
            message = "a backslash in double quotes begins an escape"
            remedy = "put LaTeX into single quotes, or into a block that begins with `|`"
            return self._faults.add(message, remedy, node.place)
        read: tuple[Shape, list[Any]] | None
        before = len(self._faults)
        nested = pasted(node, self._faults) or in_one(node)
        if nested is not None:
            return self._read_value(nested)
        if len(self._faults) > before:
            return None
        if "\\begin" in text:
            from cnncalc.problem.tensor.text_block import read_latex

            read = read_latex(text, self._places.in_text(node), self._cells, self._faults)
        elif node.style == ">":
            message = "a block that begins with `>` loses its lines"
            return self._faults.add(message, "begin it with `|`", node.place)
        elif node.style == "|" or "\n" in text.strip():
            from cnncalc.problem.tensor.text_block import read_text_block

            read = read_text_block(text, self._places.in_rows(node), self._cells, self._faults)
        else:
            read = (), [self._cells.read(text, lambda: node.place)]
        if read is None:
            return None
        return Typed(read[0], filled(read[0], read[1]), node.place, is_sheet=read[0] != ())

    def _read_mapping(self, node: Fields) -> Typed | None:
        before = len(self._faults)
        are_lists = all(isinstance(value, Items) for _, value in node.entries.values())
        if are_lists and len(node.entries) > 1 and not node.entries.keys() & {*KEYS}:
            remedy = "write a list of them in order, without names: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]"
            return self._faults.add("channels have no names here", remedy, node.place)
        check_keys(node, KEYS, "a tensor", self._faults)
        sources = [key for key in SOURCES if key in node.entries]
        for source in sources:
            if source not in self._sources:
                remedy = "write its numbers, or one number where all are equal"
                self._faults.add(f"`{source}` stands where an answer should", remedy, node.entries[source][0].place)
                return None
        if len(sources) > 1:
            place = node.entries[sources[1]][0].place
            self._faults.add(f"both `{sources[0]}` and `{sources[1]}` give this tensor", "keep one of them", place)
            return None
        if not sources and self._takes_blanks and "shape" in node.entries:
            shape = self._read_shape(node, LARGEST_BLANK)
            return None if shape is None else self._named(Typed(shape, blank(shape), node.place), node)
        if not sources:
            if len(self._faults) == before:
                self._faults.add("this mapping says of no tensor what is in it", self._one_of_them, node.place)
            return None
        for only, owner in (("key", "file"), ("values", "symbol"), ("assume", "symbol")):
            if only in node.entries and owner not in sources:
                place = node.entries[only][0].place
                self._faults.add(f"`{only}` goes with `{owner}` only", "leave it out", place)
        typed = self._read_source(sources[0], node)
        is_unknown = typed is not None and is_blank(typed.entries)
        shape = self._read_shape(node, LARGEST_BLANK if is_unknown else LARGEST)
        if typed is None or (shape is None and "shape" in node.entries):
            return None
        if shape is not None:
            typed = self._shaped(typed, shape, node)
        return self._named(typed, node) if typed else None

    def _read_source(self, key: str, node: Fields) -> Typed | None:
        value = node.entries[key][1]
        if key == "value":
            if isinstance(value, Fields):
                return self._faults.add("a mapping stands where numbers should", _LISTS, value.place)
            return self._read_value(value)
        if key == "fill":
            if not isinstance(value, Scalar):
                self._faults.add("`fill` takes one number", "write `fill: 0.1`, or `value:` with a list", value.place)
                return None
            return Typed((), filled((), [self._cells.read(value.text, lambda: value.place)]), value.place)
        if key == "file":
            return self._read_file(value, node)
        if key == "random":
            return self._read_random(value)
        return self._read_symbol(value, node)

    def _read_symbol(self, value: Node, node: Fields) -> Typed | None:
        if not isinstance(value, Scalar) or not is_symbol(value.text):
            return self._faults.add("`symbol` takes a letter or a name", "write `symbol: x`", value.place)
        if self._letters is None:
            return self._faults.add("a tensor of letters stands where numbers should", _LISTS, value.place)
        assume = node.get("assume")
        if assume is not None and not (isinstance(assume, Scalar) and assume.text == "positive"):
            self._faults.add("`assume` takes one word", "write `assume: positive`, or leave it out", assume.place)
        symbol = Symbol(value.text, value.place, is_positive=assume is not None)
        if not self._letters.take(symbol):
            return None
        if "values" not in node.entries:
            return Typed((), None, value.place, draw=symbol.letters, symbol=symbol.letter)
        values = self._read_value(node.entries["values"][1])
        if values is None or values.entries is None:
            return None
        if is_blank(emptied(values).entries):
            return self._faults.add(
                "a `?` stands among the values of letters", "write numbers, or leave them out", values.place
            )
        if any(isinstance(entry, Variable | Operation) and any(variables(entry)) for entry in values.entries.flat):
            return self._faults.add("a letter stands among the values of letters", "write numbers", values.place)
        if values.shape == ():
            numbers = values.entries
            draw = lambda full: symbol.letters(full, np.broadcast_to(numbers, full))  # noqa: E731
            return Typed((), None, value.place, draw=draw, symbol=symbol.letter)
        return replace(values, entries=symbol.letters(values.shape, values.entries), symbol=symbol.letter)

    def _read_file(self, value: Node, node: Fields) -> Typed | None:
        key = node.get("key")
        if not isinstance(value, Scalar) or value.is_empty:
            return self._faults.add("`file` takes the path of a file", "write `file: weights.npy`", value.place)
        if key is not None and not isinstance(key, Scalar):
            return self._faults.add("`key` takes the name of an array", "write `key: weight`", key.place)
        name = key.text if isinstance(key, Scalar) else None
        array = read_array_file(self._access, value.text, name, value.place, self._cells, self._faults)
        if array is not None and array.ndim > self._most_axes:
            message = f"a tensor of {array.ndim} axes ({shape_text(array.shape)})"
            return self._faults.add(message, "a tensor has at most four: (N, C, H, W)", value.place)
        return None if array is None else Typed(array.shape, array, value.place)

    def _read_random(self, value: Node) -> Typed | None:
        from cnncalc.problem.tensor.created import MOST_STEPS, Drawing

        example = "write `random: {seed: 1}`, with low, high and step if -1, 1 and 1/10 do not suit"
        if not isinstance(value, Fields):
            return self._faults.add("`random` takes a mapping", example, value.place)
        before = len(self._faults)
        given: dict[str, Any] = {}
        for name, (key, node) in value.entries.items():
            if name == "seed":
                given["seed"] = read_integer(node, "seed", self._faults, lowest=0, highest=2**64)
            elif name in ("low", "high", "step"):
                given[name] = read_rational(node, name, self._faults)
            else:
                keys = ("seed", "low", "high", "step")
                self._faults.add(f"`random` has no key {quoted(name)}", did_you_mean(name, keys), key.place)
        if "seed" not in given:
            self._faults.add("`random` has no `seed`", example, value.place)
        if len(self._faults) > before:
            return None
        drawing = Drawing(**given)
        if drawing.step <= 0 or drawing.high < drawing.low or drawing.count > MOST_STEPS:
            message = f"no steps of {drawing.step} lead from {drawing.low} to {drawing.high}"
            remedy = f"write low ≤ high and a step above 0, with at most {MOST_STEPS} steps"
            return self._faults.add(message, remedy, value.place)
        return Typed((), None, value.place, draw=drawing.draw)

    def _read_shape(self, node: Fields, most: int = LARGEST) -> Shape | None:
        value = node.get("shape")
        if value is None:
            return None
        read = [read_integer(item, "an axis of `shape`", self._faults, lowest=1) for item in sizes(value)]
        known = tuple(size for size in read if size is not None)
        if not read or len(read) > self._most_axes:
            return self._faults.add(f"a shape of {len(read)} axes", "write one to four: (N, C, H, W)", value.place)
        if len(known) < len(read):
            return None
        if is_beyond(known, most):
            message = f"a tensor of {prod(known)} elements ({shape_text(known)})"
            return self._faults.add(message, f"a tensor has at most {most}", value.place)
        return known

    def _shaped(self, typed: Typed, shape: Shape, node: Fields) -> Typed | None:
        entries = typed.in_order(shape)
        if entries is None:
            assert typed.entries is not None, "a drawing takes every shape"
            message = f"`shape` says {shape_text(shape)}, that is {prod(shape)} elements, but there are "
            message += f"{typed.entries.size} ({shape_text(typed.shape)})"
            return self._faults.add(message, "make the two agree, or leave `shape` out", node.entries["shape"][1].place)
        return replace(typed, shape=shape, entries=entries, is_sheet=False)

    def _named(self, typed: Typed, node: Fields) -> Typed:
        name = node.get("name")
        typed = replace(typed, place=node.place)
        if isinstance(name, Scalar) and not name.is_empty:
            return replace(typed, name=name.text, name_place=name.place)
        if name is not None:
            self._faults.add("`name` takes a text", "write `name: W`, or leave it out", name.place)
        return typed
