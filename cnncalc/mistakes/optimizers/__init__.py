"""What people get wrong in each rule of an update."""

from cnncalc.mistakes.optimizers import rule, sgd

MISTAKES = {**sgd.MISTAKES, **rule.MISTAKES}
