"""What people get wrong in the options of a pool, and in the size of its output."""

from collections.abc import Iterator
from dataclasses import replace

from cnncalc.language import Phrase
from cnncalc.layers.axis import Pair
from cnncalc.layers.base import ShapeError
from cnncalc.layers.mistake import Mistake, Scene, Size, Wrong
from cnncalc.layers.pool_scene import pool, window
from cnncalc.layers.window import Padding, Window


def _with(scene: Scene, **options: object) -> Wrong:
    layer = replace(pool(scene), **options)  # type: ignore[arg-type]
    try:
        layer.output_shape(scene["x"].shape[1:], {})
    except ShapeError:
        # One way to make a mistake may be impossible, and another not.
        return
    if layer != scene.layer:
        yield scene.forward(layer)["y"]


def _size(scene: Scene) -> Pair:
    return pool(scene).size or (1, 1)


def _stride_ignored(scene: Scene) -> Wrong:
    if (pool(scene).stride or _size(scene)) != (1, 1):
        yield from _with(scene, stride=(1, 1))


def _stride_as_size(scene: Scene) -> Wrong:
    if pool(scene).stride not in (None, _size(scene)):
        yield from _with(scene, stride=None)


def _size_for_stride(scene: Scene) -> Wrong:
    stride = pool(scene).stride
    if stride not in (None, _size(scene)):
        yield from _with(scene, size=stride, stride=_size(scene))


def _transposed(scene: Scene) -> Wrong:
    layer = pool(scene)
    size, stride, dilation = _size(scene), layer.stride, layer.dilation
    padding = layer.padding if isinstance(layer.padding, str) else layer.padding[::-1]
    yield from _with(scene, size=size[::-1], stride=stride and stride[::-1], dilation=dilation[::-1], padding=padding)
    if len(set(size)) == 2:
        yield from _with(scene, size=size[::-1], stride=stride or size)


def _sides(scene: Scene) -> tuple[Pair, Pair]:
    place = window(scene)
    return (place.rows.before, place.rows.after), (place.columns.before, place.columns.after)


def _padded(scene: Scene, padding: Padding) -> Wrong:
    if padding != _sides(scene):
        yield from _with(scene, padding=padding)


def _padding_forgotten(scene: Scene) -> Wrong:
    yield from _padded(scene, ((0, 0), (0, 0)))


def _padding_at_one_end(scene: Scene) -> Wrong:
    rows, columns = _sides(scene)
    if min(*rows, *columns) < 0:
        return
    # What has a name of its own.
    others = [((0, 0), (0, 0))]
    if pool(scene).padding == "same":
        others.append((rows[::-1], columns[::-1]))
    for padding in (
        ((0, sum(rows)), (0, sum(columns))),
        ((sum(rows), 0), (sum(columns), 0)),
        ((0, rows[1]), (0, columns[1])),
        ((rows[0], 0), (columns[0], 0)),
    ):
        if padding not in others and not _sees_no_padding(scene, padding):
            yield from _padded(scene, padding)


def _sees_no_padding(scene: Scene, padding: tuple[Pair, Pair]) -> bool:
    """Whether the windows lie as they do without padding."""
    try:
        with_it, without = (
            replace(pool(scene), padding=sides).window(scene["x"].shape[1:]) for sides in (padding, ((0, 0), (0, 0)))
        )
    except ShapeError:
        return False
    return padding[0][0] == padding[1][0] == 0 and with_it.outputs == without.outputs


def _odd_cell_first(scene: Scene) -> Wrong:
    rows, columns = _sides(scene)
    if pool(scene).padding == "same":
        yield from _padded(scene, (rows[::-1], columns[::-1]))


def _floor(scene: Scene) -> Wrong:
    if pool(scene).ceil:
        yield from _with(scene, ceil=False)


def _ceil(scene: Scene) -> Wrong:
    if not pool(scene).ceil:
        yield from _with(scene, ceil=True)


def _dilation_ignored(scene: Scene) -> Wrong:
    yield from _with(scene, dilation=(1, 1))


def _dilation_as_gaps(scene: Scene) -> Wrong:
    dilation = pool(scene).dilation
    if dilation != (1, 1):
        rows, columns = (d + 1 if d > 1 else 1 for d in dilation)
        yield from _with(scene, dilation=(rows, columns))


def _last_window_forgotten(scene: Scene) -> Wrong:
    y = scene.forward()["y"]
    if min(y.shape[2:]) > 1 and not pool(scene).ceil:
        yield y[:, :, :-1, :-1]


def _size_formula(scene: Scene) -> Wrong:
    place, channels = window(scene), scene["x"].shape[1]
    for rows, columns in zip(_wrong_sizes(place, 0), _wrong_sizes(place, 1), strict=True):
        if min(rows, columns) > 0 and (rows, columns) != place.outputs:
            yield Size((channels, rows, columns))


def _wrong_sizes(place: Window, number: int) -> Iterator[int]:
    axis = (place.rows, place.columns)[number]
    yield axis.padded // axis.stride + 1
    yield (axis.padded - axis.span) // (axis.stride + 1)
    yield axis.size - axis.span + (axis.padded - axis.size) // axis.stride + 1
    yield axis.padded - axis.span + 1


OPTION_MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "stride-ignored",
        "y",
        Phrase(
            en="The window was moved by 1; it moves by the stride, which is the window's size where none is given.",
            zh="窗口每次只移动了 1 格；应按步长移动，未给出步长时步长等于窗口大小。",
        ),
        _stride_ignored,
    ),
    Mistake(
        "stride-as-kernel",
        "y",
        Phrase(
            en="The windows were put side by side without overlap; here the stride is given, and it is not the"
            " window's size.",
            zh="窗口被当作互不重叠地排列；本题给出了步长，它不等于窗口大小。",
        ),
        _stride_as_size,
    ),
    Mistake(
        "size-and-stride-swapped",
        "y",
        Phrase(
            en="The size of the window and its stride were swapped.",
            zh="窗口大小与步长弄反了。",
        ),
        _size_for_stride,
    ),
    Mistake(
        "rows-and-columns-of-an-option-swapped",
        "y",
        Phrase(
            en="Height and width were swapped in the options; a pair is (rows, columns).",
            zh="选项中的高与宽弄反了；一对数依次是（行，列）。",
        ),
        _transposed,
    ),
    Mistake(
        "padding-forgotten",
        "y",
        Phrase(en="The padding was forgotten.", zh="漏了填充。"),
        _padding_forgotten,
    ),
    Mistake(
        "same-odd-cell-first",
        "y",
        Phrase(
            en="Another convention: the odd cell of `same` padding was put at the top and left. This problem puts it at"
            " the bottom and right.",
            zh="另一种约定：`same` 填充中多出的一格放在了上边和左边。本题放在下边和右边。",
        ),
        _odd_cell_first,
        "convention",
    ),
    Mistake(
        "padding-one-sided",
        "y",
        Phrase(
            en="The padding was put on one side only (or shared out wrongly); the padding p stands on both sides.",
            zh="只在一侧做了填充（或两侧分配有误）；填充 p 应在两侧各加一次。",
        ),
        _padding_at_one_end,
    ),
    Mistake(
        "output-size-rounded-up",
        "y",
        Phrase(
            en="Another convention: a last window that reaches over the edge was kept (rounding up). This problem drops"
            " it: floor((n + 2p − k) / s) + 1.",
            zh="另一种约定：保留了伸出边界的最后一个窗口（向上取整）。本题舍去它：floor((n + 2p − k) / s) + 1。",
        ),
        _ceil,
        "convention",
    ),
    Mistake(
        "output-size-rounded-down",
        "y",
        Phrase(
            en="Another convention: a last window that reaches over the edge was dropped (rounding down). This problem"
            " keeps it: ceil((n + 2p − k) / s) + 1.",
            zh="另一种约定：舍去了伸出边界的最后一个窗口（向下取整）。本题保留它：ceil((n + 2p − k) / s) + 1。",
        ),
        _floor,
        "convention",
    ),
    Mistake(
        "dilation-ignored",
        "y",
        Phrase(
            en="The dilation was ignored; the window's cells lie d apart, so that it covers d · (k − 1) + 1 cells.",
            zh="忽略了膨胀率；窗口内相邻单元间隔为 d，共覆盖 d · (k − 1) + 1 格。",
        ),
        _dilation_ignored,
    ),
    Mistake(
        "dilation-counted-from-0",
        "y",
        Phrase(
            en="Another convention: the dilation was taken for the number of cells left out between two cells of the"
            " window. Here d is the distance from one cell to the next: d · (k − 1) + 1 cells are covered.",
            zh="另一种约定：把膨胀率当作相邻两单元之间空出的格数。本题中 d 是相邻单元的距离，覆盖 d · (k − 1) + 1 格。",
        ),
        _dilation_as_gaps,
        "convention",
    ),
    Mistake(
        "last-window-forgotten",
        "y",
        Phrase(
            en="The last row and column of windows are missing: there are (n + 2p − k) / s + 1 windows; the + 1 was"
            " forgotten.",
            zh="缺了最后一行和最后一列窗口：窗口数为 (n + 2p − k) / s + 1，漏了 + 1。",
        ),
        _last_window_forgotten,
    ),
    Mistake(
        "output-size-formula",
        "y",
        Phrase(
            en="The size of the output is wrong; it is (n + 2p − k) / s + 1 in each direction, in this order of"
            " operations.",
            zh="输出尺寸不对；每个方向应为 (n + 2p − k) / s + 1，并注意运算顺序。",
        ),
        _size_formula,
    ),
)
"""Of `y`, in any pool with windows."""
