"""How far into the input the cells of each layer see: intervals of cells, followed back layer by layer."""

from collections.abc import Mapping
from fractions import Fraction

from cnncalc.layers.base import Shape
from cnncalc.layers.windows.extent import Reach
from cnncalc.problem.problem import LayerEntry
from cnncalc.records import dataclass

MOST_LOOKED_AT = 256
"""Neighbouring cells whose fields are compared: behind transposed convolutions they differ in size, in a cycle."""


@dataclass(frozen=True)
class AxisView:
    """What the cells along one axis see of the input's, whose padding goes on without end."""

    cells: int
    size: int
    """Of the input."""
    reaches: tuple[Reach, ...] = ()
    """From the input on."""
    gathered: int | None = None
    """What every cell sees, behind a layer that has brought all cells together."""

    @property
    def field(self) -> int:
        """The size of the largest field of a cell."""
        if self.gathered is not None:
            return self.gathered
        cycle = 1
        for reach in self.reaches:
            cycle *= reach.step.denominator
        fields = [self._seen(cell, cell) for cell in range(min(cycle, self.cells, MOST_LOOKED_AT))]
        return max(high - low + 1 for low, high in fields)

    @property
    def jump(self) -> Fraction:
        """Cells of the input from one cell's field to the next one's."""
        product = Fraction(1)
        for reach in self.reaches:
            product *= reach.step
        return product

    def through(self, reach: Reach, cells: int) -> "AxisView":
        """Behind a window or a stamp."""
        return AxisView(cells, self.size, (*self.reaches, reach), self.gathered)

    def together(self) -> "AxisView":
        """Behind a layer that sees all cells: what they see of the input, and none of the padding."""
        if self.gathered is not None:
            return AxisView(1, self.size, (), self.gathered)
        low, high = self._seen(0, self.cells - 1)
        return AxisView(1, self.size, (), min(high, self.size - 1) - max(low, 0) + 1)

    def _seen(self, low: int, high: int) -> tuple[int, int]:
        for reach in reversed(self.reaches):
            low, high = reach.seen(low, high)
        return low, high


@dataclass(frozen=True)
class View:
    """Rows and columns; None where the input is no image."""

    axes: tuple[AxisView, AxisView] | None

    @staticmethod
    def of(x: Shape) -> "View":
        """The input's own."""
        return View((AxisView(x[1], x[1]), AxisView(x[2], x[2])) if len(x) == 3 else None)

    def behind(self, entry: LayerEntry, parameters: Mapping[str, Shape]) -> "View":
        """What the output of a layer sees."""
        if self.axes is None:
            return self
        rows, columns = self.axes
        if entry.layer.sees_all:
            return View((rows.together(), columns.together()))
        reach = entry.layer.reach(entry.input_shape, parameters)
        if reach is None:
            return self
        _, height, width = entry.output_shape
        return View((rows.through(reach[0], height), columns.through(reach[1], width)))

    @property
    def receptive_field(self) -> tuple[int, int] | None:
        """Rows and columns."""
        return (self.axes[0].field, self.axes[1].field) if self.axes else None

    @property
    def jump(self) -> tuple[Fraction, Fraction] | None:
        """Rows and columns; None where one cell is left."""
        if self.axes is None or any(axis.gathered is not None for axis in self.axes):
            return None
        return (self.axes[0].jump, self.axes[1].jump)
