"""What people get wrong in a softmax."""

from cnncalc.layers.softmax_cross_entropy_mistakes import CROSS_ENTROPY
from cnncalc.layers.softmax_forward_mistakes import FORWARD
from cnncalc.layers.softmax_gradient_mistakes import GRADIENT

MISTAKES = (*FORWARD, *CROSS_ENTROPY, *GRADIENT)
