"""What people get wrong in a convolution, by what it is about: in y first, then in the gradients."""

from cnncalc.mistakes.conv import channels, kernel, place
from cnncalc.mistakes.conv.laid import Laid
from cnncalc.mistakes.families import OF_WINDOWS, RIGHT, in_size
from cnncalc.mistakes.take import Records

MISTAKES = (
    *kernel.KERNEL_FORWARD,
    *channels.FORWARD,
    *place.FORWARD,
    *kernel.SUMS_FORWARD,
    *kernel.KERNEL_GRADIENT,
    *channels.GRADIENT,
    *place.GRADIENT,
    *kernel.SUMS_GRADIENT,
    *in_size(Records(Laid, "y", RIGHT), OF_WINDOWS, lambda s: s.axes, lambda a: a.outputs, lambda s: len(s.weight)),
)
"""The most specific first; what only a size gives away is last."""
