"""What people get wrong in each loss."""

from cnncalc.mistakes.losses import binary_cross_entropy, of_classes, of_elements

MISTAKES = {**of_classes.MISTAKES, "binary_cross_entropy": binary_cross_entropy.MISTAKES, **of_elements.MISTAKES}
