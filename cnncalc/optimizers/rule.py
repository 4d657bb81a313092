"""What an update rule says about itself: it is a layer whose x is a parameter and whose y is the parameter after."""

from collections.abc import Mapping
from typing import ClassVar

from cnncalc.layers.base import Layer, Parameter, Shape
from cnncalc.records import dataclass


@dataclass(frozen=True)
class UpdateRule(Layer):
    """x, a parameter, and `gradient`, that of the loss by x, to y, the parameter after the step; none of them has N."""

    parameters: ClassVar[tuple[Parameter, ...]] = (Parameter("gradient", required=True, learned=False),)

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """The gradient is shaped like the parameter."""
        return {"gradient": x}

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """That of x."""
        return x
