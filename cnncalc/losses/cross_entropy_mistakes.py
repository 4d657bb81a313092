"""What people get wrong in a cross-entropy."""

from cnncalc.losses.cross_entropy_forward_mistakes import FORWARD
from cnncalc.losses.cross_entropy_gradient_mistakes import GRADIENT
from cnncalc.losses.reduction_mistakes import MISTAKES as REDUCTION

MISTAKES = (*FORWARD, *GRADIENT, *REDUCTION)
