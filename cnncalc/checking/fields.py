"""What people get wrong in a receptive field: r grows by (span − 1) times the strides of the layers before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import TYPE_CHECKING

from cnncalc.checking.applying import Named, applied
from cnncalc.checking.sized import Numbers, Sized, Slip
from cnncalc.language import Phrase
from cnncalc.layers.axis import Axis
from cnncalc.layers.pool import Pool

if TYPE_CHECKING:
    from cnncalc.checking.reckoning import Reckoning

_RIGHT_EN = "It is 1 + Σ d·(k − 1) · (product of the strides of the layers before)."
_RIGHT_ZH = "感受野为 1 + Σ d·(k − 1) ·（此前各层步长之积）。"


def wrongs(reckoning: Reckoning, whose: str) -> Iterator[tuple[Named, Numbers]]:
    """What each mistake makes of the receptive field of a layer."""
    for layer in reckoning.layers:
        if layer.entry.name == whose:
            yield from applied(MISTAKES, layer)


def _windows(layer: Sized, without_pools: bool = False) -> Iterator[Sequence[Axis]]:
    """For rows and for columns the windows up to the layer; raises ValueError where there is anything else."""
    passed = []
    for each in (*layer.chain, layer):
        if each.entry.layer.sees_all:
            raise ValueError("it sees the whole image")
        reach = each.entry.layer.reach(each.x, each.parameters)
        if reach is not None and reach[0].is_stamp:
            raise ValueError("stamps see in another way")
        if reach is not None and not (without_pools and isinstance(each.entry.layer, Pool)):
            passed.append(reach)
    for at in (0, 1):
        yield [reach[at].axis for reach in passed]


def _field(axes: Sequence[Axis]) -> int:
    jump, field = 1, 1
    for axis in axes:
        field += (axis.span - 1) * jump
        jump *= axis.stride
    return field


def _strides_ignored(layer: Sized) -> Iterator[Numbers]:
    yield tuple(1 + sum(axis.span - 1 for axis in axes) for axes in _windows(layer))


def _own_stride(layer: Sized) -> Iterator[Numbers]:
    rows, columns = _windows(layer)
    yield tuple(
        1 + sum((axis.span - 1) * prod(each.stride for each in axes[: at + 1]) for at, axis in enumerate(axes))
        for axes in (rows, columns)
    )
    yield tuple(
        _field(axes[:-1]) + (axes[-1].span - 1) * prod(each.stride for each in axes) for axes in (rows, columns)
    )


def _last_stride_alone(layer: Sized) -> Iterator[Numbers]:
    found = []
    for axes in _windows(layer):
        before = [1, *(axis.stride for axis in axes)]
        found.append(1 + sum((axis.span - 1) * stride for axis, stride in zip(axes, before[:-1], strict=True)))
    yield tuple(found)


def _whole_kernel(layer: Sized) -> Iterator[Numbers]:
    rows, columns = _windows(layer)
    for start in (1, 0):
        yield tuple(
            start + sum(axis.span * prod(each.stride for each in axes[:at]) for at, axis in enumerate(axes))
            for axes in (rows, columns)
        )
    yield tuple(_field(axes[:-1]) + axes[-1].span * prod(each.stride for each in axes[:-1]) for axes in (rows, columns))


def _sum_of_kernels(layer: Sized) -> Iterator[Numbers]:
    yield tuple(sum(axis.span for axis in axes) for axes in _windows(layer))


def _product_of_kernels(layer: Sized) -> Iterator[Numbers]:
    yield tuple(prod(axis.span for axis in axes) for axes in _windows(layer))


def _dilation_ignored(layer: Sized) -> Iterator[Numbers]:
    yield tuple(_field([Axis(axis.size, axis.kernel, axis.stride) for axis in axes]) for axes in _windows(layer))


def _own_kernel(layer: Sized) -> Iterator[Numbers]:
    yield tuple(axes[-1].span for axes in _windows(layer))


def _without_pools(layer: Sized) -> Iterator[Numbers]:
    yield tuple(_field(axes) for axes in _windows(layer, without_pools=True))


def _jump(layer: Sized) -> Iterator[Numbers]:
    yield tuple(prod(axis.stride for axis in axes) for axes in _windows(layer))


def _layer_left_out(layer: Sized) -> Iterator[Numbers]:
    yield tuple(_field(axes[1:]) for axes in _windows(layer))
    yield tuple(_field(axes[:-1]) for axes in _windows(layer))


MISTAKES: tuple[Slip, ...] = tuple(
    Slip(code, Phrase(en=f"{en} {_RIGHT_EN}", zh=f"{zh}{_RIGHT_ZH}"), rule)
    for code, en, zh, rule in (
        (
            "stride-ignored",
            "The strides of earlier layers were ignored.",
            "忽略了此前各层的步长。",
            _strides_ignored,
        ),
        (
            "stride-of-own-layer",
            "The layer's own stride was counted; it matters only for the layers behind.",
            "把本层自己的步长也算进去了；它只影响后面的层。",
            _own_stride,
        ),
        (
            "strides-not-multiplied",
            "Only the stride of the layer right before was used; the strides of all layers before are multiplied.",
            "只用了前一层的步长；应把此前所有层的步长相乘。",
            _last_stride_alone,
        ),
        (
            "receptive-field-whole-kernel",
            "Each layer was counted with k; it adds k − 1 cells.",
            "每层按 k 计算了；每层只增加 k − 1 格。",
            _whole_kernel,
        ),
        (
            "kernels-added",
            "The sizes of the kernels were added.",
            "把各层卷积核大小相加了。",
            _sum_of_kernels,
        ),
        (
            "kernels-multiplied",
            "The sizes of the kernels were multiplied.",
            "把各层卷积核大小相乘了。",
            _product_of_kernels,
        ),
        (
            "dilation-ignored",
            "The dilation was ignored.",
            "忽略了膨胀率。",
            _dilation_ignored,
        ),
        (
            "one-layer-only",
            "This is the kernel of this layer alone, and the layers before it see further.",
            "这只是本层卷积核的大小；还应计入此前各层。",
            _own_kernel,
        ),
        (
            "pooling-forgotten",
            "The poolings were left out; they are windows like any other.",
            "漏掉了池化层；池化也是窗口，应同样计入。",
            _without_pools,
        ),
        (
            "stride-for-receptive-field",
            "This is the product of the strides, the distance from one receptive field to the next.",
            "这是各层步长之积，即相邻两个感受野之间的距离。",
            _jump,
        ),
        (
            "layer-left-out",
            "The first or the last layer was left out.",
            "漏掉了第一层或最后一层。",
            _layer_left_out,
        ),
    )
)
