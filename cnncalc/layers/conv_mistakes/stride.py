"""What people get wrong with the stride and the dilation of a convolution."""

from __future__ import annotations

from dataclasses import replace

from cnncalc.language import Phrase
from cnncalc.layers.axis import Axis, Pair
from cnncalc.layers.conv_mistakes.scene import conv_of, outputs, sides_of, spans_of, window_of, with_sides
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _stride_ignored(scene: Scene) -> Wrong:
    rows, columns = conv_of(scene).stride
    for stride in {(1, 1), (rows, 1), (1, columns)} - {(rows, columns)}:
        y = scene.forward(with_sides(scene, stride=stride))["y"]
        yield y
        height, width = window_of(scene).outputs
        yield y[:, :, :height, :width]


def _stride_as_kernel(scene: Scene) -> Wrong:
    for stride in {spans_of(scene), scene["weight"].shape[2:]}:
        yield scene.forward(with_sides(scene, stride=stride))["y"]


def _stride_plus_1(scene: Scene) -> Wrong:
    rows, columns = conv_of(scene).stride
    yield scene.forward(with_sides(scene, stride=(rows + 1, columns + 1)))["y"]


def _rounded_up(scene: Scene) -> Wrong:
    rows, columns = (_reaching(axis) for axis in (window_of(scene).rows, window_of(scene).columns))
    if (rows, columns) != sides_of(scene):
        yield scene.forward(with_sides(scene, (rows, columns)))["y"]


def _reaching(axis: Axis) -> Pair:
    """The padding with which the last window ends where the image does, or behind it."""
    return axis.before, axis.after + (axis.span - axis.padded) % axis.stride


def _dilation_ignored(scene: Scene) -> Wrong:
    if conv_of(scene).dilation != (1, 1):
        yield scene.forward(with_sides(scene, dilation=(1, 1)))["y"]
        yield scene.forward(replace(conv_of(scene), dilation=(1, 1)))["y"]


def _dilation_from_0(scene: Scene) -> Wrong:
    rows, columns = conv_of(scene).dilation
    yield scene.forward(with_sides(scene, dilation=(rows + 1, columns + 1)))["y"]


def _pairs_swapped(scene: Scene) -> Wrong:
    layer, sides = conv_of(scene), sides_of(scene)
    layers = [with_sides(scene, stride=layer.stride[::-1]), with_sides(scene, dilation=layer.dilation[::-1])]
    if layer.anchor is None and layer.padding != "same":
        turned = sides[::-1]
        layers += [with_sides(scene, turned), with_sides(scene, turned, stride=layer.stride[::-1])]
        layers += [with_sides(scene, turned, dilation=layer.dilation[::-1])]
    yield from outputs(scene, [other for other in layers if other != with_sides(scene)])


MISTAKES = (
    Mistake(
        "stride-as-kernel",
        "y",
        Phrase(
            en="The windows were laid side by side, a kernel's width apart; each must begin s cells after the one"
            " before.",
            zh="窗口按卷积核大小依次排列、互不重叠；相邻窗口的起点应相距 s 个位置。",
        ),
        _stride_as_kernel,
    ),
    Mistake(
        "stride-ignored",
        "y",
        Phrase(
            en="The stride was ignored: from one window to the next it is s cells, so that y[i,j] is made from"
            " x[i·s + p, j·s + q].",
            zh="忽略了步长：相邻窗口的起点相距 s 个位置，y[i,j] 由 x[i·s + p, j·s + q] 算出。",
        ),
        _stride_ignored,
    ),
    Mistake(
        "output-size-rounded-up",
        "y",
        Phrase(
            en="The size was rounded up, with a last window beyond the input. A window that does not fit is left out:"
            " ⌊(H + 2p − k)/s⌋ + 1.",
            zh="输出大小向上取整了，最后一个窗口超出了输入。放不下的窗口应舍去：⌊(H + 2p − k)/s⌋ + 1。",
        ),
        _rounded_up,
    ),
    Mistake(
        "dilation-ignored",
        "y",
        Phrase(
            en="The dilation was ignored: neighbouring kernel cells lie d cells apart, so that w[p,q] meets"
            " x[i·s + p·d, j·s + q·d].",
            zh="忽略了膨胀率：相邻的卷积核元素相距 d 个位置，w[p,q] 对应 x[i·s + p·d, j·s + q·d]。",
        ),
        _dilation_ignored,
    ),
    Mistake(
        "dilation-counted-from-0",
        "y",
        Phrase(
            en="Another convention: the dilation was read as the number of cells left out between neighbouring kernel"
            " cells (0 means none). Here 1 means none: a kernel of k cells covers d·(k − 1) + 1.",
            zh="另一种约定：把膨胀率当作相邻元素之间空出的格数（0 表示无膨胀）。本题中 1 表示无膨胀："
            "大小为 k 的卷积核覆盖 d·(k − 1) + 1 格。",
        ),
        _dilation_from_0,
        "convention",
    ),
    Mistake(
        "rows-and-columns-of-an-option-swapped",
        "y",
        Phrase(
            en="The two numbers of the stride, the padding or the dilation were swapped: rows (height) come first.",
            zh="步长、填充或膨胀率的两个数弄反了：行（高）在前。",
        ),
        _pairs_swapped,
    ),
    Mistake(
        "stride-plus-1",
        "y",
        Phrase(
            en="The window was moved by s + 1 (s cells were skipped); the stride s is the distance from the start of"
            " one window to that of the next.",
            zh="窗口每次移动了 s + 1 格（跳过了 s 个位置）；步长 s 是相邻窗口起点之间的距离。",
        ),
        _stride_plus_1,
    ),
)
"""The most specific first."""
