"""The receptive field of one cell: each image on its way with the cells that the one cell sees, down to the input."""

from collections.abc import Sequence

from cnncalc.language import Phrase, verbatim
from cnncalc.layers.windows.axis import Pair
from cnncalc.lessons.lesson import IMAGE_RANK
from cnncalc.render.drawing.drawing import Drawing
from cnncalc.render.drawing.grid import Grid, Write, side_by_side, texts
from cnncalc.scene import Scene

TITLE = Phrase(en="What one cell of {made} sees, down to the input", zh="{made} 的一个元素的感受野，直到输入")
LEGEND = Phrase(
    en="from right to left: one cell of {made}, and what it sees (shaded, framed), first channel of each; in the input"
    " {rows}×{columns} cells",
    zh="自右向左：{made} 的一个元素及其所见区域（灰底加框，各取第一个通道）；在输入中共 {rows}×{columns} 个元素",
)
MOST_CELLS = 10
FEWEST_WINDOWS = 2
"""Layers with a window on the way, from which on the field is more than one window."""


def field(scene: Scene, made: str, write: Write) -> Drawing | None:
    """Of a cell in the middle; None where fewer windows lie before it, ways branch, or an image is too large."""
    high, wide = scene["y"].shape[2:]
    seen = [((high - 1) // 2,) * 2, ((wide - 1) // 2,) * 2]
    parts: list[Grid | str] = [_grid(scene, "y", seen, write)]
    windows = 0
    at: Scene | None = scene
    while at is not None:
        x = at["x"]
        if x.ndim != IMAGE_RANK or len(at.taken()) > len(at.parameters()) + 1 or max(x.shape[2:]) > MOST_CELLS:
            return None
        shapes = {name: parameter.shape for name, parameter in at.parameters().items()}
        reach = at.layer.reach(x.shape[1:], shapes)
        if reach is not None:
            windows += 1
            seen = [one.seen(*interval) for one, interval in zip(reach, seen, strict=True)]
            seen = [(max(0, low), min(size - 1, last)) for (low, last), size in zip(seen, x.shape[2:], strict=True)]
        elif at.layer.sees_all or x.shape != at["y"].shape:
            return None
        parts = [_grid(at, "x", seen, write), "→", *parts]
        at = at.before
    if windows < FEWEST_WINDOWS:
        return None
    rows, columns = (last - low + 1 for low, last in seen)
    return side_by_side([parts], TITLE.format(made=made), LEGEND.format(made=made, rows=rows, columns=columns))


def _grid(scene: Scene, local: str, seen: Sequence[Pair], write: Write) -> Grid:
    (top, bottom), (left, right) = seen
    cells = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
    frame = (top, left), (bottom, right)
    caption = verbatim(scene.names[local])
    return Grid(texts(scene[local][0, 0], write), caption, shades=dict.fromkeys(cells, 0.3), frames=[frame])
