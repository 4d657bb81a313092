"""The rules of an update. A new one is a file here, called as in YAML, and a line in REGISTRY."""

from cnncalc.layers.registry import Registry
from cnncalc.optimizers.rule import UpdateRule

REGISTRY: Registry[type[UpdateRule]] = Registry(
    "cnncalc.optimizers",
    {
        "sgd": "Sgd",
        "momentum": "remembering.Momentum",
        "adagrad": "remembering.Adagrad",
        "adadelta": "remembering.Adadelta",
        "rmsprop": "remembering.RmsProp",
        "adam": "remembering.Adam",
        "adamw": "remembering.AdamW",
        "nadam": "remembering.NAdam",
        "perceptron": "sgd.Perceptron",
    },
)
"""Every update rule by its YAML name."""
