"""What people get wrong in each loss."""

from cnncalc.mistakes.losses import binary_cross_entropy, of_classes, of_elements, weighted_losses

MISTAKES = {
    **of_classes.MISTAKES,
    "binary_cross_entropy": binary_cross_entropy.MISTAKES,
    "weighted_losses": weighted_losses.MISTAKES,
    **of_elements.MISTAKES,
}
