"""The layer types. A new one is a file here or in a folder by subject, and a line in REGISTRY."""

from cnncalc.layers.base import Layer
from cnncalc.layers.registry import Registry

REGISTRY: Registry[type[Layer]] = Registry(
    "cnncalc.layers",
    {
        "conv": "Conv",
        "conv_transpose": "ConvTranspose",
        "conv1d": "signals.Conv1d",
        "conv_transpose1d": "signals.ConvTranspose1d",
        "max_pool1d": "signals.MaxPool1d",
        "avg_pool1d": "signals.AvgPool1d",
        "relu": "activations.relu.Relu",
        "leaky_relu": "activations.leaky_relu.LeakyRelu",
        "dropout": "activations.dropout.Dropout",
        "prelu": "activations.prelu.Prelu",
        "sigmoid": "activations.sigmoid.Sigmoid",
        "tanh": "activations.tanh.Tanh",
        "step": "activations.bounded.Step",
        "sign": "activations.bounded.Sign",
        "relu6": "activations.bounded.Relu6",
        "hard_sigmoid": "activations.bounded.HardSigmoid",
        "hard_tanh": "activations.bounded.HardTanh",
        "elu": "activations.smooth.Elu",
        "selu": "activations.smooth.Selu",
        "gelu": "activations.smooth.Gelu",
        "silu": "activations.smooth.Silu",
        "softplus": "activations.smooth.Softplus",
        "softsign": "activations.smooth.Softsign",
        "max_pool": "MaxPool",
        "avg_pool": "AvgPool",
        "global_avg_pool": "GlobalAvgPool",
        "batch_norm": "normalization.batch_norm.BatchNorm",
        "flatten": "Flatten",
        "fc": "Fc",
        "softmax": "activations.softmax.Softmax",
        "log_softmax": "activations.log_softmax.LogSoftmax",
        "add": "joining.add.Add",
        "subtract": "joining.subtract.Subtract",
        "multiply": "joining.multiply.Multiply",
        "concat": "joining.concat.Concat",
        "identity": "joining.identity.Identity",
    },
)
"""Every layer type by its YAML name."""
