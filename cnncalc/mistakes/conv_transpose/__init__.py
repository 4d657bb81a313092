"""What people get wrong in a transposed convolution, by what it is about: in y first, then in the gradients."""

from cnncalc.mistakes.conv_transpose import channels, place

MISTAKES = (
    *channels.CHANNELS_FORWARD,
    *place.FORWARD,
    *channels.SUMS_FORWARD,
    *channels.CHANNELS_GRADIENT,
    *place.GRADIENT,
    *channels.SUMS_GRADIENT,
    *place.OF_SIZE,
)
"""The most specific first; what only a size gives away is last."""
