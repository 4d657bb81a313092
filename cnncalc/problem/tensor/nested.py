"""A tensor as nested lists."""

from collections.abc import Callable
from typing import Any

from cnncalc.layers.base import Shape
from cnncalc.problem.tensor.typed import CellReader, Typed
from cnncalc.problem.text.faults import Collector
from cnncalc.problem.text.nodes import Fields, Items, Scalar
from cnncalc.problem.text.wording import counted, shape_text

_EVEN = "make all lists side by side equally long"


def read_nested(
    node: Items, cells: CellReader, read_sheet: Callable[[Scalar], Typed | None], faults: Collector
) -> tuple[Shape, list[Any]] | None:
    """Shape and entries in row order; None (with faults) where lists side by side differ.

    `read_sheet` reads an item that is a whole matrix by itself: a text block or LaTeX, as one channel of several.
    """
    entries: list[Any] = []
    shape = _read_list(node, entries, cells, read_sheet, faults)
    return None if shape is None else (shape, entries)


def _read_list(
    node: Items, entries: list[Any], cells: CellReader, read_sheet: Callable[[Scalar], Typed | None], faults: Collector
) -> Shape | None:
    if not node.items:
        faults.add("an empty list stands for a tensor", "write its numbers", node.place)
        return None
    shapes: list[Shape | None] = []
    for item in node.items:
        if isinstance(item, Scalar):
            if item.style is None and "\\" not in item.text:
                entries.append(cells.read(item.text, lambda item=item: item.place))  # type: ignore[misc]
                shapes.append(())
                continue
            sheet = read_sheet(item)
            shapes.append(sheet.shape if sheet else None)
            if sheet is not None and sheet.entries is not None:
                entries.extend(sheet.entries.flat)
        elif isinstance(item, Fields):
            faults.add("a mapping stands where a number should", "write numbers and lists only", item.place)
            shapes.append(None)
        else:
            shapes.append(_read_list(item, entries, cells, read_sheet, faults))
    return _common(node, shapes, faults)


def _common(node: Items, shapes: list[Shape | None], faults: Collector) -> Shape | None:
    """The list's own shape, if its items have one in common."""
    known = [shape for shape in shapes if shape is not None]
    first = known[0] if known else None
    for item, shape in zip(node.items, shapes, strict=True):
        if shape is None or first is None or shape == first:
            continue
        if shape == ():
            message = f"a number stands where a list of {counted(first[0], 'entry', 'entries')} should"
        elif first == ():
            message = "a list stands where a number should"
        elif len(shape) == len(first) == 1:
            message = f"this list has {counted(shape[0], 'entry', 'entries')}, the first beside it has {first[0]}"
        else:
            message = f"this list is {shape_text(shape)}, the first beside it is {shape_text(first)}"
        faults.add(message, _EVEN, item.place)
    if first is None or any(shape != first for shape in shapes):
        return None
    return (len(shapes), *first)
