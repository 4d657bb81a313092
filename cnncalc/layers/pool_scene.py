"""What the known mistakes of pools are written in: the windows of a step, and gradients put back wrongly."""

from collections.abc import Iterable

import numpy as np

from cnncalc.arithmetic.base import Array, Booleans
from cnncalc.layers.base import ShapeError
from cnncalc.layers.mistake import Scene, Wrong
from cnncalc.layers.pool import Pool
from cnncalc.layers.window import Window


def pool(scene: Scene) -> Pool:
    """The layer, known to be a pool with a size."""
    if not isinstance(scene.layer, Pool):
        raise ShapeError("no pool", "")
    scene.layer.check_options()
    return scene.layer


def window(scene: Scene) -> Window:
    """Where the windows lie."""
    return pool(scene).window(scene["x"].shape[1:])


def real(place: Window) -> Booleans:
    """Which cells of which windows lie on the image: (rows, columns, kH, kW)."""
    return place.real_cells().transpose(2, 3, 0, 1)


def overwritten(scene: Scene, won: Booleans, share: Array) -> Wrong:
    """dx where windows that overlap overwrite each other: each its winners' cells, or all that it covers."""
    place = window(scene)
    if not _overlaps(place):
        return
    yield _written(scene, place, won, share, keep=True, order=list(np.ndindex(place.outputs)))
    yield _written(scene, place, won, share, keep=False, order=list(np.ndindex(place.outputs)))
    yield _written(scene, place, won, share, keep=True, order=list(np.ndindex(place.outputs))[::-1])


def _overlaps(place: Window) -> bool:
    return any(axis.outputs > 1 and axis.stride < axis.span for axis in (place.rows, place.columns))


def _written(
    scene: Scene, place: Window, won: Booleans, share: Array, *, keep: bool, order: Iterable[tuple[int, ...]]
) -> Array:
    dx = scene.numbers.zeros(scene["x"].shape)
    for i, j in order:
        for p, q in place.cells():
            position = place.position((i, j), (p, q))
            if position is None:
                continue
            before = dx[:, :, position[0], position[1]] if keep else scene.numbers.zeros(())
            dx[:, :, position[0], position[1]] = np.where(won[:, :, i, j, p, q], share[:, :, i, j], before)
    return dx


def at_cells(scene: Scene, won: Booleans, share: Array) -> Array:
    """dx where the winning cells (N, C, rows, columns, kH, kW) of each window get its share, added up."""
    nothing = scene.numbers.zeros(())
    return window(scene).fold(
        scene.numbers, scene["x"].shape[:2], lambda cell: np.where(won[..., cell[0], cell[1]], share, nothing)
    )


def at_stride_one(scene: Scene, won: Booleans, share: Array) -> Wrong:
    """dx where the windows were put side by side at stride 1 in the backward pass."""
    place = window(scene)
    if (place.rows.stride, place.columns.stride) == (1, 1) or place.outputs == (1, 1):
        return
    dx = scene.numbers.zeros(scene["x"].shape)
    for i, j in np.ndindex(place.outputs):
        for p, q in place.cells():
            row = i + p * place.rows.dilation - place.rows.before
            column = j + q * place.columns.dilation - place.columns.before
            if 0 <= row < dx.shape[2] and 0 <= column < dx.shape[3]:
                cell = dx[:, :, row, column]
                dx[:, :, row, column] = np.where(won[:, :, i, j, p, q], cell + share[:, :, i, j], cell)
    yield dx


def fixed_cells(scene: Scene, share: Array) -> Wrong:
    """dx where the same cell of every window gets its whole share."""
    place = window(scene)
    cells = list(place.cells())
    if len(cells) == 1:
        return
    # The first and the last cell are what people take; those between follow.
    for cell in dict.fromkeys((cells[0], cells[-1], *cells)):
        won = np.zeros((*scene["g"].shape, place.rows.kernel, place.columns.kernel), dtype=bool)
        won[..., cell[0], cell[1]] = True
        yield at_cells(scene, won, share)
