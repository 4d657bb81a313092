"""The losses. A new one is a class here, and a line in REGISTRY."""

from cnncalc.layers.base import Loss
from cnncalc.layers.registry import Registry

REGISTRY: Registry[type[Loss]] = Registry(
    "cnncalc.losses",
    {
        "cross_entropy": "of_classes.CrossEntropy",
        "nll": "of_classes.NegativeLogLikelihood",
        "binary_cross_entropy": "of_classes.BinaryCrossEntropy",
        "focal": "focal.Focal",
        "binary_focal": "focal.BinaryFocal",
        "kl": "of_classes.Divergence",
        "hinge": "of_elements.Hinge",
        "multiclass_hinge": "margins.MulticlassHinge",
        "perceptron_loss": "margins.PerceptronLoss",
        "l1": "of_elements.L1",
        "huber": "of_elements.Huber",
        "mse": "of_elements.MeanSquaredError",
        "half_squared_error": "of_elements.HalfSquaredError",
    },
)
"""Every loss by its YAML name."""
