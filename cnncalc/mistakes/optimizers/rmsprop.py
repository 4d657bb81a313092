"""What people get wrong in RMSprop."""

from cnncalc.mistakes.optimizers.rule import common, divided, swapped

MISTAKES = (*divided("v"), swapped("v y"), *common("v"))
"""The most specific first."""
