"""Refuses problems that would take more memory or time than anybody waits for, before anything is allocated."""

from collections.abc import Mapping
from math import prod

from cnncalc.layers.base import Shape
from cnncalc.problem.drafts import Draft
from cnncalc.problem.tensor.typed import LARGEST, LARGEST_BLANK, is_blank
from cnncalc.problem.text.faults import Collector
from cnncalc.problem.text.wording import shape_text

MOST_MULTIPLICATIONS = 10**11
MOST_WINDOW_CELLS = 2**27
_SMALLER = "use a smaller network, image or mini-batch"


class SizeCheck:
    """Adds up what the layers take."""

    def __init__(self, batch: int, faults: Collector, is_computed: bool) -> None:
        """`is_computed` is False for a problem that lacks numbers: it takes neither time nor memory."""
        self._is_computed = is_computed
        self._batch = batch
        self._faults = faults
        self._multiplications = 0
        self._elements = 0

    def check(self, draft: Draft, x: Shape, parameters: Mapping[str, Shape], y: Shape) -> None:
        """Note a fault for the first limit that a layer passes."""
        layer = draft.layer
        assert layer is not None, "shapes are known, so the options were read"
        own = {p.name for p in layer.parameters if not p.is_operand and p.name not in draft.shares}
        tensors = {draft.name: (self._batch, *y)}
        tensors |= {draft.parameter_name(p): shape for p, shape in parameters.items() if p in own}
        held = {draft.parameter_name(p) for p, typed in draft.parameters.items() if not is_blank(typed.entries)}
        for name, shape in tensors.items():
            most = LARGEST if self._is_computed or name in held else LARGEST_BLANK
            if prod(shape) > most:
                message = f"{name} would have {prod(shape)} elements ({shape_text(shape)})"
                self._faults.add(message, f"a tensor has at most {most}", draft.place)
                return
        if not self._is_computed:
            return
        cells = self._batch * layer.workspace(x, parameters)
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
