"""How far into the input the cells of each layer see: intervals of cells, followed back over all ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property

from cnncalc.layers.base import Shape
from cnncalc.layers.windows.axis import Reach
from cnncalc.letter_sizes import LetterSize
from cnncalc.problem.problem import LayerEntry
from cnncalc.records import Record

MOST_LOOKED_AT = 256
"""Neighbouring cells whose fields are compared: behind transposed convolutions they differ in size, in a cycle."""


class AxisView(Record):
    """What the cells along one axis see of the input's, whose padding goes on without end.

    Where several ways come together, a cell sees the hull of what it sees over each.
    """

    cells: int
    size: int
    """Of the input."""
    behind: tuple[AxisView, ...] = ()
    """What lies before it; nothing before the input."""
    reach: Reach | None = None
    """Which cells of those the cells see; None where it is the one cell, or all."""
    sees_all: bool = False
    """Whether the layer brings all cells together."""

    @property
    def field(self) -> int:
        """The size of the largest field of a cell."""
        cycle = 1
        for view in self._ways:
            cycle *= view.reach.step.denominator if view.reach else 1
        cells = range(1) if self.is_gathered else range(min(cycle, self.cells, MOST_LOOKED_AT))
        fields = [self._seen(cell, cell) for cell in cells]
        return max(high - low + 1 for low, high in fields)

    @property
    def is_open(self) -> bool:
        """Whether, with sizes in letters, the field depends on which letter is the larger one."""
        axes = [(reach.axis.kernel, reach.axis.stride, reach.axis.dilation) for reach in self.reaches]
        lettered = [any(isinstance(size, LetterSize) for size in sizes) for sizes in axes]
        is_spread = any(has and reach.is_stamp for has, reach in zip(lettered, self.reaches, strict=True))
        return self.is_gathered or (self.has_branches and any(lettered)) or is_spread

    @property
    def jump(self) -> Fraction:
        """Cells of the input from one cell's field to the next one's."""
        product = Fraction(1)
        for reach in self.reaches:
            product *= reach.step
        return product

    @property
    def reaches(self) -> list[Reach]:
        """Those on the first way from the input to here, in order."""
        found: list[Reach] = []
        view: AxisView | None = self
        while view is not None:
            found += [view.reach] if view.reach else []
            view = view.behind[0] if view.behind else None
        return found[::-1]

    @property
    def has_branches(self) -> bool:
        """Whether several ways lead here."""
        return any(len(view.behind) > 1 for view in self._ways)

    @cached_property
    def is_gathered(self) -> bool:
        """Whether a layer on a way brings all cells together, so that none of the padding is counted."""
        return any(view.sees_all for view in self._ways)

    @cached_property
    def _ways(self) -> list[AxisView]:
        """Everything that lies before it and itself, each behind what it takes."""
        found: dict[int, AxisView] = {}
        left: list[tuple[AxisView, Iterator[AxisView]]] = [(self, iter(self.behind))]
        while left:
            view, before = left[-1]
            other = next(before, None)
            if other is None:
                found[id(view)] = view
                left.pop()
            elif id(other) not in found:
                left.append((other, iter(other.behind)))
        return list(found.values())

    def _seen(self, low: int, high: int) -> tuple[int, int]:
        """The first and the last cell of the input that the cells from `low` to `high` see."""
        asked = {id(self): (low, high)}
        for view in reversed(self._ways):
            if id(view) not in asked or not view.behind:
                continue
            low, high = asked[id(view)]
            if view.reach is not None:
                low, high = view.reach.seen(low, high)
            for before in view.behind:
                here = (0, before.cells - 1) if view.sees_all else (low, high)
                known = asked.get(id(before), here)
                asked[id(before)] = min(here[0], known[0]), max(here[1], known[1])
        low, high = asked[id(self._ways[0])]
        return (max(low, 0), min(high, self.size - 1)) if self.is_gathered else (low, high)


class View(Record):
    """Rows and columns, or the one axis of a signal; None where the input is neither."""

    axes: tuple[AxisView, ...] | None

    @staticmethod
    def of(x: Shape | None) -> View:
        """The input's own; of what is not to be looked at, None."""
        return View(tuple(AxisView(size, size) for size in x[1:]) if x is not None and len(x) > 1 else None)

    @staticmethod
    def behind(inputs: Sequence[View], entry: LayerEntry) -> View:
        """What the output of a layer sees, from what its inputs see; those that see no image do not count."""
        seeing = [view.axes for view in inputs if view.axes is not None]
        if not seeing:
            return View(None)
        layer, y = entry.layer, entry.output_shape
        reach = layer.reach(entry.input_shape, entry.shapes)
        if len(seeing) == 1 and reach is None and not layer.sees_all:
            return View(seeing[0])
        count = len(seeing[0])
        axes = tuple(
            AxisView(
                y[1 + at] if len(y) == 1 + count and not layer.sees_all else 1,
                seeing[0][at].size,
                tuple(view[at] for view in seeing),
                reach[at] if reach is not None and not layer.sees_all else None,
                layer.sees_all,
            )
            for at in range(count)
        )
        return View(axes)

    @property
    def receptive_field(self) -> tuple[int, ...] | None:
        """Rows and columns; of a signal its cells."""
        return tuple(axis.field for axis in self.axes) if self.axes else None

    @property
    def jump(self) -> tuple[Fraction, ...] | None:
        """Along each axis; None where one cell is left."""
        if self.axes is None or any(axis.is_gathered for axis in self.axes):
            return None
        return tuple(axis.jump for axis in self.axes)
