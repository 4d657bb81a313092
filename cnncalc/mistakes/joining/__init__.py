"""What people get wrong in layers of several inputs, and where gradients meet."""

from cnncalc.mistakes.joining import concat, elementwise

MISTAKES = {**elementwise.MISTAKES, "concat": concat.MISTAKES}
