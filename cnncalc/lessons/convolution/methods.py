"""The ways in which courses compute a convolution's tensors: with the kernel turned by 180°, and with im2col."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cnncalc.lessons.convolution import columns as conv_columns
from cnncalc.lessons.convolution import rotated as conv_rotated
from cnncalc.lessons.convolution.pictures import Convolution
from cnncalc.lessons.lesson import Method
from cnncalc.scene import Scene

WAYS: Mapping[str, Sequence[Callable[[Convolution], Method]]] = {
    "y": (conv_columns.y_by_columns,),
    "dx": (conv_rotated.dx_by_turned_kernel, conv_columns.dx_by_columns),
    "dweight": (conv_rotated.dweight_by_gradient, conv_columns.dweight_by_columns),
}


def methods(scene: Scene, tensor: str) -> Sequence[Method]:
    """The ways to one tensor, by the layer's own name for it."""
    convolution = Convolution(scene)
    return [way(convolution) for way in WAYS.get(tensor, ())]
