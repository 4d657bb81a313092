"""What people get wrong in the options of a pool, and in the size of its output."""

from dataclasses import replace
from functools import partial

from cnncalc.language import Phrase
from cnncalc.layers.axis import Pair
from cnncalc.layers.base import ShapeError
from cnncalc.layers.conv_mistakes.size import FORMULAS, RIGHT_EN, RIGHT_ZH
from cnncalc.layers.mistake import Mistake, Scene, Size, Wrong
from cnncalc.layers.pool_scene import pool, window
from cnncalc.layers.window import Padding


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


_SIZES = ("output-size-kernel-forgotten", "output-size-bracket", "output-size-precedence", "stride-ignored")
"""Wrong formulas for the size, by the codes that they have in a convolution."""


def _sized(code: str, scene: Scene) -> Wrong:
    place, formula = window(scene), FORMULAS[code][0]
    rows, columns = formula(place.rows), formula(place.columns)
    if min(rows, columns) > 0 and (rows, columns) != place.outputs:
        yield Size((scene["x"].shape[1], rows, columns))


def _of_wrong_size(code: str) -> Mistake:
    _, en, zh = FORMULAS[code]
    phrase = Phrase(
        en=f"{en}. {RIGHT_EN} With `ceil: true` it is rounded up.", zh=f"{zh}。{RIGHT_ZH}`ceil: true` 时向上取整。"
    )
    return Mistake(code, "y", phrase, partial(_sized, code))


OPTION_MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "stride-ignored",
        "y",
        Phrase(
            en="The stride was ignored: the window was moved by 1. It moves by the stride, which is the window's size"
            " if none is given.",
            zh="忽略了步长，窗口每次只移动了 1 格；应按步长移动，未给出步长时步长等于窗口大小。",
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
            en="Height and width were swapped in the size, the stride, the padding or the dilation: rows (height) come"
            " first.",
            zh="窗口大小、步长、填充或膨胀率的高与宽弄反了：行（高）在前，列（宽）在后。",
        ),
        _transposed,
    ),
    Mistake(
        "padding-forgotten",
        "y",
        Phrase(en="The padding around the input was forgotten.", zh="忘了在输入四周填充。"),
        _padding_forgotten,
    ),
    Mistake(
        "same-odd-cell-first",
        "y",
        Phrase(
            en="Another convention: the odd row or column of `same` padding was put at the top or left. This problem"
            " puts it at the bottom or right.",
            zh="另一种约定：`same` 填充中多出的一行（列）放在了上方（左侧）。本题放在下方（右侧）。",
        ),
        _odd_cell_first,
        "convention",
    ),
    Mistake(
        "padding-one-sided",
        "y",
        Phrase(
            en="The padding was put on one side only (or shared out wrongly); p cells go on each side.",
            zh="只在一侧做了填充（或两侧分配有误）；两侧应各填充 p。",
        ),
        _padding_at_one_end,
    ),
    Mistake(
        "output-size-rounded-up",
        "y",
        Phrase(
            en="Another convention: a last window that reaches over the edge was kept (rounding up). This problem drops"
            " it: ⌊(H + 2p − k)/s⌋ + 1.",
            zh="另一种约定：保留了伸出边界的最后一个窗口（向上取整）。本题舍去它：⌊(H + 2p − k)/s⌋ + 1。",
        ),
        _ceil,
        "convention",
    ),
    Mistake(
        "output-size-rounded-down",
        "y",
        Phrase(
            en="Another convention: a last window that reaches over the edge was dropped (rounding down). This problem"
            " keeps it: ⌈(H + 2p − k)/s⌉ + 1.",
            zh="另一种约定：舍去了伸出边界的最后一个窗口（向下取整）。本题保留它：⌈(H + 2p − k)/s⌉ + 1。",
        ),
        _floor,
        "convention",
    ),
    Mistake(
        "dilation-ignored",
        "y",
        Phrase(
            en="The dilation was ignored; the window's cells lie d apart, so that it covers d · (k − 1) + 1 cells.",
            zh="忽略了膨胀率；窗口内相邻单元相距 d，共覆盖 d · (k − 1) + 1 格。",
        ),
        _dilation_ignored,
    ),
    Mistake(
        "dilation-counted-from-0",
        "y",
        Phrase(
            en="Another convention: the dilation was read as the number of cells left out between neighbouring cells of"
            " the window. Here d is the distance from one cell to the next: d · (k − 1) + 1 cells are covered.",
            zh="另一种约定：把膨胀率当作相邻两单元之间空出的格数。本题中 d 是相邻单元的距离，覆盖 d · (k − 1) + 1 格。",
        ),
        _dilation_as_gaps,
        "convention",
    ),
    Mistake(
        "output-size-one-forgotten",
        "y",
        Phrase(
            en="The last row and column of windows are missing: the + 1 was forgotten. There are ⌊(H + 2p − k)/s⌋ + 1"
            " rows.",
            zh="缺了最后一行和最后一列窗口：漏了 + 1，行数应为 ⌊(H + 2p − k)/s⌋ + 1。",
        ),
        _last_window_forgotten,
    ),
    *(_of_wrong_size(code) for code in _SIZES),
)
"""Of `y`, in any pool with windows."""
