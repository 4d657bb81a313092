"""Refuses problems that would take more memory or time than anybody waits for, before anything is allocated."""

from collections.abc import Mapping
from math import prod

from cnncalc.layers.base import Layer, Shape
from cnncalc.problem.collector import Collector
from cnncalc.problem.drafts import Draft
from cnncalc.problem.typed import LARGEST
from cnncalc.problem.wording import shape_text

MOST_MULTIPLICATIONS = 10**11
MOST_WINDOW_CELLS = 2**27
_SMALLER = "use a smaller network, image or mini-batch"


class SizeCheck:
    """Adds up what the layers take."""

    def __init__(self, batch: int, faults: Collector) -> None:
        self._batch = batch
        self._faults = faults
        self._multiplications = 0
        self._elements = 0

    def check(self, draft: Draft, x: Shape, parameters: Mapping[str, Shape], y: Shape) -> None:
        """Note a fault for the first limit that a layer passes."""
        layer = draft.layer
        assert layer is not None, "shapes are known, so the options were read"
        tensors = {draft.name: (self._batch, *y)} | {draft.parameter_name(p): s for p, s in parameters.items()}
        for name, shape in tensors.items():
            if prod(shape) > LARGEST:
                message = f"{name} would have {prod(shape)} elements ({shape_text(shape)})"
                self._faults.add(message, f"a tensor has at most {LARGEST}", draft.place)
                return
        cells = self._batch * max(_window_cells(layer, x, parameters, y), _padded_cells(layer, x, parameters))
        if cells > MOST_WINDOW_CELLS:
            message = f"the windows of {draft.name} would have {cells} cells"
            self._faults.add(message, f"at most {MOST_WINDOW_CELLS} are computed: {_SMALLER}", draft.place)
            return
        self._elements += sum(prod(shape) for shape in tensors.values())
        self._multiplications += self._batch * layer.multiplications(x, parameters)
        if self._elements > MOST_WINDOW_CELLS:
            message = f"the tensors up to {draft.name} would have {self._elements} elements"
            self._faults.add(message, f"at most {MOST_WINDOW_CELLS} are computed: {_SMALLER}", draft.place)
            self._elements = 0
        elif self._multiplications > MOST_MULTIPLICATIONS:
            message = f"the layers up to {draft.name} would take {self._multiplications} multiplications"
            self._faults.add(message, f"at most {MOST_MULTIPLICATIONS} are computed: {_SMALLER}", draft.place)
            self._multiplications = 0


def _kernel(layer: Layer, parameters: Mapping[str, Shape]) -> tuple[int, int] | None:
    """The window's rows and columns, for layers that have a window."""
    weight = parameters.get("weight", ())
    if len(weight) == 4:
        return weight[2], weight[3]
    size = getattr(layer, "size", None)
    return size if isinstance(size, tuple) else None


def _window_cells(layer: Layer, x: Shape, parameters: Mapping[str, Shape], y: Shape) -> int:
    """The elements of im2col for one sample."""
    kernel = _kernel(layer, parameters)
    return x[0] * prod(kernel) * prod(y[1:]) if kernel and len(x) == 3 else 0


def _padded_cells(layer: Layer, x: Shape, parameters: Mapping[str, Shape]) -> int:
    """The elements of the image with its padding, for one sample; large strides hide a huge padding from the output."""
    kernel = _kernel(layer, parameters)
    if kernel is None or len(x) != 3:
        return 0
    padding = getattr(layer, "padding", "valid")
    anchor = getattr(layer, "anchor", None)
    dilation = getattr(layer, "dilation", (1, 1))
    sides = []
    for axis in (0, 1):
        span = kernel[axis] * dilation[axis]
        extra = sum(map(abs, padding[axis])) if isinstance(padding, tuple) else 0
        if padding == "same":
            extra = span
        if anchor is not None:
            extra = span + 2 * abs(anchor[axis]) * dilation[axis]
        sides.append(x[axis + 1] + extra)
    return x[0] * prod(sides)
