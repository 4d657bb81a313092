"""What people get wrong in a convolution: rules by what they are about, for y and for the gradients."""

from cnncalc.layers.conv_mistakes import (
    anchor,
    bias,
    border,
    channels,
    gradient_channels,
    gradient_kernel,
    gradient_padding,
    gradient_source,
    gradient_stride,
    gradient_sums,
    groups,
    kernel,
    padding,
    size,
    stride,
)
from cnncalc.layers.mistake import Mistake

MISTAKES: tuple[Mistake, ...] = tuple(
    mistake
    for module in (
        kernel, channels, groups, padding, border, anchor, stride, bias,
        gradient_kernel, gradient_channels, gradient_padding, gradient_stride, gradient_sums, gradient_source,
        size,
    )
    for mistake in module.MISTAKES
)  # fmt: skip
"""The most specific first; what only a size gives away is last."""
