"""What people get wrong when they count the multiplications of a layer."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.checking.counting import (
    FORGOTTEN_CHANNELS,
    GROUPS,
    ONE_KERNEL,
    ONE_SIDE,
    groups_of,
    inputs_of,
    kernel_of,
    said,
)
from cnncalc.checking.sized import Numbers, Sized, Slip


def _multiplications(layer: Sized) -> int:
    return layer.entry.layer.multiplications(layer.x, layer.parameters)


def _times_two(layer: Sized) -> Iterator[Numbers]:
    count, outputs = _multiplications(layer), prod(layer.y)
    if count:
        for additions in (count, count - outputs, count + outputs):
            yield (count + additions,)


def _one_position(layer: Sized) -> Iterator[Numbers]:
    if kernel_of(layer):
        yield (layer.weights,)


def _with_biases(layer: Sized) -> Iterator[Numbers]:
    if layer.biases and _multiplications(layer):
        yield (_multiplications(layer) + prod(layer.y),)
        yield (_multiplications(layer) + layer.biases,)


def _in_one_channel(layer: Sized) -> Iterator[Numbers]:
    yield (_multiplications(layer) // inputs_of(layer),)


def _of_one_kernel(layer: Sized) -> Iterator[Numbers]:
    if kernel_of(layer):
        yield (_multiplications(layer) // layer.y[0],)


def _of_all_channels(layer: Sized) -> Iterator[Numbers]:
    yield (_multiplications(layer) * groups_of(layer),)


def _at_the_other_positions(layer: Sized) -> Iterator[Numbers]:
    if kernel_of(layer):
        for image in (layer.x, layer.y):
            yield (layer.weights * prod(image[1:]),)


def _with_one_side(layer: Sized) -> Iterator[Numbers]:
    yield (_multiplications(layer) // kernel_of(layer)[1],)


def _with_one_cell(layer: Sized) -> Iterator[Numbers]:
    yield (_multiplications(layer) // prod(kernel_of(layer)),)


def _parameters(layer: Sized) -> Iterator[Numbers]:
    if layer.biases and kernel_of(layer):
        yield (layer.weights + layer.biases,)


def _of_the_batch(layer: Sized) -> Iterator[Numbers]:
    for batch in layer.batch:
        yield (_multiplications(layer) * batch,)


MULTIPLICATIONS: tuple[Slip, ...] = (
    Slip(
        *said(
            "multiply-and-add",
            "Another convention: additions were counted as well (two operations for each product). Here only"
            " multiplications count.",
            "另一种约定：把加法也计入了（每个乘积计两次运算）。本题只计乘法。",
        ),
        _times_two,
        "convention",
    ),
    Slip(
        *said(
            "one-position-only",
            "This is the count for one output position; the kernels are laid on each of the oH · oW positions.",
            "这是一个输出位置的乘法次数；卷积核要在 oH · oW 个位置上各计算一次。",
        ),
        _one_position,
    ),
    Slip(
        *said(
            "bias-counted",
            "The biases were counted; they are added, not multiplied.",
            "计入了偏置；偏置只做加法，不做乘法。",
        ),
        _with_biases,
    ),
    Slip(*FORGOTTEN_CHANNELS, _in_one_channel),
    Slip(*ONE_KERNEL, _of_one_kernel),
    Slip(*GROUPS, _of_all_channels),
    Slip(
        *said(
            "positions-of-other-image",
            "Multiplied by the positions of the wrong image: a convolution computes one sum for each position of its"
            " output, a transposed one stamps the kernel for each position of its input.",
            "乘错了位置数：卷积对输出的每个位置各计算一次；转置卷积对输入的每个位置各印一次卷积核。",
        ),
        _at_the_other_positions,
    ),
    Slip(*ONE_SIDE, _with_one_side),
    Slip(
        *said(
            "kernel-cells-forgotten",
            "The k · k cells of the kernel were left out; each of them takes a multiplication.",
            "漏掉了卷积核的 k · k 个元素；每个元素各做一次乘法。",
        ),
        _with_one_cell,
    ),
    Slip(
        *said(
            "parameters-for-multiplications",
            "This is the number of parameters; each weight is multiplied once at every position.",
            "这是参数个数；每个权重在每个位置上各做一次乘法。",
        ),
        _parameters,
    ),
    Slip(
        *said(
            "batch-counted",
            "Another convention: counted for the whole mini-batch. Here the count is for one sample.",
            "另一种约定：按整个小批量计数。本题按一个样本计数。",
        ),
        _of_the_batch,
        "convention",
    ),
)
