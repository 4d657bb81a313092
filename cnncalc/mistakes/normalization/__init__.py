"""What people get wrong in norms."""

from cnncalc.mistakes.normalization import batch_norm, per_sample

MISTAKES = {"batch_norm": batch_norm.MISTAKES, **per_sample.MISTAKES}
