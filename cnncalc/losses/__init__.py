"""The losses. A new one is a file here and a line in REGISTRY."""

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.layers.base import Loss
from cnncalc.losses.cross_entropy import CrossEntropy
from cnncalc.losses.half_squared_error import HalfSquaredError
from cnncalc.losses.mse import MeanSquaredError

REGISTRY: Mapping[str, type[Loss]] = MappingProxyType(
    {"cross_entropy": CrossEntropy, "mse": MeanSquaredError, "half_squared_error": HalfSquaredError}
)
"""Every loss by its YAML name."""
