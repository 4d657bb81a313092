"""What people get wrong in a log-softmax and in its gradient."""

from cnncalc.layers.log_softmax_forward_mistakes import FORWARD
from cnncalc.layers.log_softmax_gradient_mistakes import GRADIENTS

MISTAKES = (*FORWARD, *GRADIENTS)
