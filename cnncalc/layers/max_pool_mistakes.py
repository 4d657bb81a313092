"""What people get wrong in a max pool."""

from cnncalc.layers.max_pool_forward_mistakes import FORWARD_MISTAKES
from cnncalc.layers.max_pool_gradient_mistakes import GRADIENT_MISTAKES
from cnncalc.layers.mistake import Mistake

MISTAKES: tuple[Mistake, ...] = (*FORWARD_MISTAKES, *GRADIENT_MISTAKES)
