"""What people get wrong in max unpooling."""

from typing import Any

import numpy as np

from cnncalc.mistakes.take import Records, Take, need


class Unpooled(Take):
    """A step of it."""

    @property
    def window(self) -> Any:
        """Where the pool's window lies, which may follow from its outputs."""
        return self.layer.pooling.window(self.layer.image)

    def under(self, row: int, column: int) -> Any:
        """The tensor as if each window had its winner under one of its cells."""
        rows, columns = self.window.rows.positions()[:, row], self.window.columns.positions()[:, column]
        path = np.stack(np.broadcast_arrays(rows[:, None], columns), -1)
        need(((path >= 0) & (path < np.asarray(self.layer.image[1:]))).all())
        return self.again(xb=np.broadcast_to(path, self.xb.shape))

    @property
    def everywhere(self) -> Any:
        """The sum of that over all cells of a window."""
        rows, columns = self.window.rows.kernel, self.window.columns.kernel
        return sum(self.under(row, column) for row in range(rows) for column in range(columns))


unpool = Records(Unpooled)
MISTAKES = (
    unpool("placed-in-corner: y dx", lambda s: [s.under(at, at) for at in (0, -1)])(
        "Each number was put into the same corner of its window; it belongs where the pool found the winner.",
        "每个数都放在窗口的同一角；应放回池化时最大值所在的位置。",
    ),
    unpool("spread-over-window: y dx", lambda s: s.everywhere)(
        "Each number was repeated over its whole window; all cells but the winner's are 0.",
        "每个数铺满了整个窗口；除最大值位置外应为 0。",
    ),
)
