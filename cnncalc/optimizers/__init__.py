"""The rules of an update. A new one is a class here, and a line in REGISTRY."""

from cnncalc.layers.registry import Registry
from cnncalc.optimizers.rule import UpdateRule

REGISTRY: Registry[type[UpdateRule]] = Registry(
    "cnncalc.optimizers",
    {
        "sgd": "rule.Sgd",
        "momentum": "remembering.Momentum",
        "adagrad": "remembering.Adagrad",
        "adadelta": "remembering.Adadelta",
        "rmsprop": "remembering.RmsProp",
        "adam": "remembering.Adam",
        "adamw": "remembering.AdamW",
        "nadam": "remembering.NAdam",
        "perceptron": "rule.Perceptron",
    },
)
"""Every update rule by its YAML name."""
