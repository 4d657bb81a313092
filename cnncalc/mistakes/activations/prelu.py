"""What people get wrong in a PReLU."""

from cnncalc.mistakes.activations.leaky_relu import SLOPE_FORGOTTEN
from cnncalc.mistakes.families import (
    ACTIVATION_FORGOTTEN,
    DERIVATIVE_FORGOTTEN,
    LAYER_SKIPPED,
    OUTPUT_FOR_DERIVATIVE,
    UPSTREAM_FORGOTTEN,
)
from cnncalc.mistakes.take import mistake

RIGHT = "dweight = Σ g · x, x ≤ 0"

MISTAKES = (
    ACTIVATION_FORGOTTEN,
    SLOPE_FORGOTTEN,
    DERIVATIVE_FORGOTTEN,
    UPSTREAM_FORGOTTEN,
    LAYER_SKIPPED.of("dx"),
    OUTPUT_FOR_DERIVATIVE,
    mistake("slope-from-both-sides: dweight", RIGHT)(
        "Elements above 0 were counted as well, though the slope does nothing there",
        "把大于 0 的元素也算进去了，而斜率在那里不起作用",
        lambda s: s.again(x=-s.x) * -1 + s.again(),
    ),
    mistake("upstream-forgotten: dweight", RIGHT)(
        "The upstream gradient was left out: this is the sum of the inputs that are not above 0",
        "漏乘了上游梯度：这只是不大于 0 的输入之和",
        lambda s: s.again(g=s.ones(s.g)),
    ),
)
"""The most specific first."""
