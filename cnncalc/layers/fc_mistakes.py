"""What people get wrong in a fully connected layer."""

from cnncalc.layers.fc_forward_mistakes import FORWARD
from cnncalc.layers.fc_gradient_mistakes import GRADIENT

MISTAKES = (*FORWARD, *GRADIENT)
