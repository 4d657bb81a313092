"""What people get wrong in a receptive field: r grows by (span − 1) times the strides of the layers before.

Here a way goes over the windows up to the layer along one axis, rows or columns.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from typing import TypeAlias

from cnncalc.layers.windows.axis import Axis
from cnncalc.layers.windows.pool import Pool
from cnncalc.mistakes.quantities.sizes import Numbers, Sized
from cnncalc.mistakes.take import Said, Slip, need, slip

Axes: TypeAlias = Sequence[Axis]

RIGHT_EN = "It is 1 + Σ d·(k − 1) · (product of the strides of the layers before)."
RIGHT_ZH = "感受野为 1 + Σ d·(k − 1) ·（此前各层步长之积）。"


def jumps(axes: Axes) -> list[int]:
    """For each window how far apart two neighbouring cells of its input are in the first image."""
    return [prod(axis.stride for axis in axes[:at]) for at in range(len(axes))]


def field(axes: Axes, growth: Sequence[int] | None = None) -> int:
    """How far they see; `growth` is what each cell more of a window adds, if not its jump."""
    return 1 + sum((axis.span - 1) * more for axis, more in zip(axes, growth or jumps(axes), strict=True))


def whole_kernels(axes: Axes) -> int:
    return sum(axis.span * jump for axis, jump in zip(axes, jumps(axes), strict=True))


def along_both(s: Sized, way: Callable[[Axes], int], without_pools: bool = False) -> Numbers:
    """What a way makes of rows and of columns; where anything but windows comes before it does not apply."""
    passed = []
    for each in (*s.chain, s):
        need(not each.layer.sees_all and not each.layer.takes_several)
        reach = each.layer.reach(each.x, each.parameters)
        if reach is not None:
            need(not reach[0].is_stamp)
            if not (without_pools and isinstance(each.layer, Pool)):
                passed.append(reach)
    return tuple(way([reach[at].axis for reach in passed]) for at in (0, 1))


def seen(code: str, *before: Callable[[Axes], int], without_pools: bool = False) -> Said[Slip]:
    """With what is right; the ways are those along one axis."""

    def said(en: str, zh: str, /, *behind: Callable[[Axes], int]) -> Slip:
        along = (partial(along_both, way=way, without_pools=without_pools) for way in (*before, *behind))
        return slip(code)(f"{en} {RIGHT_EN}", f"{zh}{RIGHT_ZH}", *along)

    return said


MISTAKES = (
    seen("stride-ignored", lambda axes: field(axes, [1] * len(axes)))(
        "The strides of earlier layers were ignored.", "忽略了此前各层的步长。"
    ),
    seen("stride-of-own-layer")(
        "The layer's own stride was counted; it matters only for the layers behind.",
        "把本层自己的步长也算进去了；它只影响后面的层。",
        lambda axes: field(axes, [axis.stride * jump for axis, jump in zip(axes, jumps(axes), strict=True)]),
        lambda axes: field(axes[:-1]) + (axes[-1].span - 1) * axes[-1].stride * jumps(axes)[-1],
    ),
    seen("strides-not-multiplied", lambda axes: field(axes, [1, *(axis.stride for axis in axes)][: len(axes)]))(
        "Only the stride of the layer right before was used; the strides of all layers before are multiplied.",
        "只用了前一层的步长；应把此前所有层的步长相乘。",
    ),
    seen("receptive-field-whole-kernel")(
        "Each layer was counted with k; it adds k − 1 cells.",
        "每层按 k 计算了；每层只增加 k − 1 格。",
        lambda axes: 1 + whole_kernels(axes),
        whole_kernels,
        lambda axes: field(axes[:-1]) + axes[-1].span * jumps(axes)[-1],
    ),
    seen("kernels-added", lambda axes: sum(axis.span for axis in axes))(
        "The sizes of the kernels were added.", "把各层卷积核大小相加了。"
    ),
    seen("kernels-multiplied", lambda axes: prod(axis.span for axis in axes))(
        "The sizes of the kernels were multiplied.", "把各层卷积核大小相乘了。"
    ),
    seen("dilation-ignored", lambda axes: field([Axis(axis.size, axis.kernel, axis.stride) for axis in axes]))(
        "The dilation was ignored.", "忽略了膨胀率。"
    ),
    seen("one-layer-only", lambda axes: axes[-1].span)(
        "This is the kernel of this layer alone, and the layers before it see further.",
        "这只是本层卷积核的大小；还应计入此前各层。",
    ),
    seen("pooling-forgotten", field, without_pools=True)(
        "The poolings were left out; they are windows like any other.", "漏掉了池化层；池化也是窗口，应同样计入。"
    ),
    seen("stride-for-receptive-field", lambda axes: prod(axis.stride for axis in axes))(
        "This is the product of the strides, the distance from one receptive field to the next.",
        "这是各层步长之积，即相邻两个感受野之间的距离。",
    ),
    seen("layer-left-out")(
        "The first or the last layer was left out.",
        "漏掉了第一层或最后一层。",
        lambda axes: field(axes[1:]),
        lambda axes: field(axes[:-1]),
    ),
)
