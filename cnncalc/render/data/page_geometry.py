"""How the page makes the terms of one element by itself, where all terms of a tensor would be too many to write down.

A record names the kind (`conv`, `pool`, `fc`, `elementwise`), the tensors by the layer's names, their shapes with N in
front, and along each axis where the windows lie. None where no kind fits: then the page shows numbers alone.
"""

from collections.abc import Mapping
from typing import Any

from cnncalc.layers.avg_pool import AvgPool
from cnncalc.layers.conv import Conv
from cnncalc.layers.fc import Fc
from cnncalc.layers.flatten import Flatten
from cnncalc.layers.max_pool import MaxPool
from cnncalc.layers.windows.axis import Axis
from cnncalc.step import Step

PASSED_ON = ("relu", "identity")
"""Layers whose elements are those of x, or of g, or 0."""


def geometry(step: Step, local: str, names: Mapping[str, int]) -> dict[str, Any] | None:
    """The record of one tensor of a step; `names` has the number of each of its tensors."""
    made = _kind(step, local)
    if made is None:
        return None
    used = {own: {"tensor": number, "shape": list(step.tensors[own].shape)} for own, number in names.items()}
    return {**made, "of": local, "names": used}


def _kind(step: Step, local: str) -> dict[str, Any] | None:
    layer = step.layer
    match layer:
        case Conv() if local in ("y", "dx", "dweight", "dbias"):
            return {"kind": "conv", "axes": _axes(step), "groups": layer.groups, "flip": layer.flip}
        case MaxPool(ties="first") if local in ("y", "dx"):
            return {"kind": "pool", "axes": _axes(step)}
        case AvgPool() if local in ("y", "dx"):
            window = layer.window(step.tensors["x"].shape[1:])
            counts = [layer.counted_along(axis).tolist() for axis in (window.rows, window.columns)]
            return {"kind": "pool", "axes": _axes(step), "counts": counts}
        case Fc() if local in ("y", "dx", "dweight", "dbias"):
            return {"kind": "fc"}
        case Flatten(order="chw"):
            return {"kind": "elementwise", "gate": False}
        case _ if layer.type in PASSED_ON and local in ("y", "dx"):
            return {"kind": "elementwise", "gate": layer.type == "relu"}
        case _:
            return None


def _axes(step: Step) -> list[dict[str, int]]:
    reaches = step.layer.reach(step.tensors["x"].shape[1:], step.shapes())
    assert reaches is not None, "it has a window"
    return [_axis(reach.axis) for reach in reaches]


def _axis(axis: Axis) -> dict[str, int]:
    return {
        "size": axis.size,
        "kernel": axis.kernel,
        "stride": axis.stride,
        "dilation": axis.dilation,
        "before": axis.before,
        "first": axis.real.start,
        "stop": axis.real.stop,
        "windows": axis.outputs,
    }
