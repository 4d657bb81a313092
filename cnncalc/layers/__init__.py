"""The layer types. A new one is a file here, called as in YAML, and a line in REGISTRY."""

from cnncalc.layers.base import Layer
from cnncalc.layers.registry import Registry

REGISTRY: Registry[type[Layer]] = Registry(
    "cnncalc.layers",
    {
        "conv": "Conv",
        "conv_transpose": "ConvTranspose",
        "relu": "Relu",
        "leaky_relu": "LeakyRelu",
        "sigmoid": "Sigmoid",
        "tanh": "Tanh",
        "max_pool": "MaxPool",
        "avg_pool": "AvgPool",
        "global_avg_pool": "GlobalAvgPool",
        "batch_norm": "BatchNorm",
        "flatten": "Flatten",
        "fc": "Fc",
        "softmax": "Softmax",
        "log_softmax": "LogSoftmax",
        "add": "Add",
        "subtract": "Subtract",
        "multiply": "Multiply",
        "concat": "Concat",
        "identity": "Identity",
    },
)
"""Every layer type by its YAML name."""
