"""What people get wrong in AdaGrad."""

from cnncalc.mistakes.optimizers.rule import common, divided

MISTAKES = (*divided("squaresum"), *common("squaresum"))
"""The most specific first."""
