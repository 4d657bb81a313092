"""The layer types. A new one is a file here and a line in REGISTRY."""

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.layers.avg_pool import AvgPool
from cnncalc.layers.base import Layer
from cnncalc.layers.batch_norm import BatchNorm
from cnncalc.layers.conv import Conv
from cnncalc.layers.fc import Fc
from cnncalc.layers.flatten import Flatten
from cnncalc.layers.global_avg_pool import GlobalAvgPool
from cnncalc.layers.leaky_relu import LeakyRelu
from cnncalc.layers.max_pool import MaxPool
from cnncalc.layers.relu import Relu
from cnncalc.layers.sigmoid import Sigmoid
from cnncalc.layers.softmax import Softmax
from cnncalc.layers.tanh import Tanh

REGISTRY: Mapping[str, type[Layer]] = MappingProxyType(
    {
        "conv": Conv,
        "relu": Relu,
        "leaky_relu": LeakyRelu,
        "sigmoid": Sigmoid,
        "tanh": Tanh,
        "max_pool": MaxPool,
        "avg_pool": AvgPool,
        "global_avg_pool": GlobalAvgPool,
        "batch_norm": BatchNorm,
        "flatten": Flatten,
        "fc": Fc,
        "softmax": Softmax,
    }
)
"""Every layer type by its YAML name."""
