"""What people get wrong in a batch norm."""

from cnncalc.layers.batch_norm_forward_mistakes import FORWARD
from cnncalc.layers.batch_norm_gradient_mistakes import GRADIENT
from cnncalc.layers.batch_norm_parameter_mistakes import PARAMETERS
from cnncalc.layers.batch_norm_ways import NORMALIZED

MISTAKES = (*FORWARD, *GRADIENT, *PARAMETERS, *NORMALIZED)
