"""What people get wrong in a transposed convolution: rules by what they are about, for y and for the gradients."""

from cnncalc.layers.conv_transpose_mistakes import (
    bias,
    channels,
    gradient_channels,
    gradient_placement,
    gradient_source,
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
        kernel, channels, groups, stride, padding, bias,
        gradient_channels, gradient_placement, gradient_sums, gradient_source,
        size,
    )
    for mistake in module.MISTAKES
)  # fmt: skip
"""The most specific first; what only a size gives away is last."""
