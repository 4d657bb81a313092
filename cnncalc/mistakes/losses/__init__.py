"""What people get wrong in each loss."""

from cnncalc.mistakes.losses import of_classes, of_elements

MISTAKES = {**of_classes.MISTAKES, **of_elements.MISTAKES}
