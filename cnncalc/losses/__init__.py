"""The losses. A new one is a class here, and a line in REGISTRY."""

from cnncalc.layers.base import Loss
from cnncalc.layers.registry import Registry

REGISTRY: Registry[type[Loss]] = Registry(
    "cnncalc.losses",
    {
        "cross_entropy": "of_classes.CrossEntropy",
        "nll": "of_classes.NegativeLogLikelihood",
        "binary_cross_entropy": "BinaryCrossEntropy",
        "focal": "focal.Focal",
        "binary_focal": "focal.BinaryFocal",
        "kl": "of_classes.Divergence",
        "hinge": "element_loss.Hinge",
        "multiclass_hinge": "MulticlassHinge",
        "perceptron_loss": "PerceptronLoss",
        "l1": "element_loss.L1",
        "huber": "element_loss.Huber",
        "mse": "squared_error.MeanSquaredError",
        "half_squared_error": "squared_error.HalfSquaredError",
    },
)
"""Every loss by its YAML name."""
