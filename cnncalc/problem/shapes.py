"""Works out every shape, layer by layer, and puts the parameters into theirs."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod

from cnncalc.arithmetic.base import filled
from cnncalc.layers.base import Layer, Shape, ShapeError, by
from cnncalc.layers.joining.several import OPERANDS
from cnncalc.problem.drafts import Draft
from cnncalc.problem.problem import PLACES, GivenTensor, LayerEntry
from cnncalc.problem.tensor.typed import LARGEST, LARGEST_BLANK, Typed, blank, is_beyond, is_blank
from cnncalc.problem.text.faults import Collector, counted, shape_text
from cnncalc.problem.text.scalars import DEPTHWISE
from cnncalc.problem.words.vocabulary import TAKEN
from cnncalc.records import replace

MOST_MULTIPLICATIONS = 10**11
MOST_WINDOW_CELLS = 2**27
_SMALLER = "use a smaller network, image or mini-batch"


class SizeCheck:
    """Adds up what the layers take, and refuses more than anybody waits for before anything is allocated."""

    def __init__(self, batch: int, faults: Collector, is_computed: bool) -> None:
        """`is_computed` is False for a problem that lacks numbers: it takes neither time nor memory."""
        self._is_computed = is_computed
        self.batch = batch
        self._faults = faults
        self._multiplications = 0
        self._elements = 0

    def check(self, draft: Draft, x: Shape, parameters: Mapping[str, Shape], y: Shape) -> None:
        """Note a fault for the first limit that a layer passes."""
        layer = draft.layer
        assert layer is not None, "shapes are known, so the options were read"
        own = {p.name for p in layer.parameters if not p.is_operand and p.name not in draft.shares}
        tensors = {draft.name: (self.batch, *y)}
        tensors |= {draft.parameter_name(p): shape for p, shape in parameters.items() if p in own}
        held = {draft.parameter_name(p) for p, typed in draft.parameters.items() if not is_blank(typed.entries)}
        for name, shape in tensors.items():
            most = LARGEST if self._is_computed or name in held else LARGEST_BLANK
            if is_beyond(shape, most):
                message = f"{name} would have {prod(shape)} elements ({shape_text(shape)})"
                self._faults.add(message, f"a tensor has at most {most}", draft.place)
                return
        if not self._is_computed:
            return
        cells = self.batch * layer.workspace(x, parameters)
        if cells > MOST_WINDOW_CELLS:
            message = f"the windows of {draft.name} would have {cells} cells"
            self._faults.add(message, f"at most {MOST_WINDOW_CELLS} are computed: {_SMALLER}", draft.place)
            return
        self._elements += sum(prod(shape) for shape in tensors.values())
        self._multiplications += self.batch * layer.multiplications(x, parameters)
        if self._elements > MOST_WINDOW_CELLS:
            message = f"the tensors up to {draft.name} would have {self._elements} elements"
            self._faults.add(message, f"at most {MOST_WINDOW_CELLS} are computed: {_SMALLER}", draft.place)
            self._elements = 0
        elif self._multiplications > MOST_MULTIPLICATIONS:
            message = f"the layers up to {draft.name} would take {self._multiplications} multiplications"
            self._faults.add(message, f"at most {MOST_MULTIPLICATIONS} are computed: {_SMALLER}", draft.place)
            self._multiplications = 0


def infer_shapes(
    drafts: Sequence[Draft | None],
    inputs: Mapping[str, Shape | None],
    batch: int,
    faults: Collector,
    is_computed: bool = True,
) -> tuple[list[LayerEntry], Shape | None]:
    """The layers with their shapes, from the inputs' shapes by name; and the last output's shape.

    `is_computed` is False where numbers are missing, so that nothing will be computed. Of a layer that takes what has
    no known shape nothing is said, and nothing of those behind it: they need not be wrong.
    """
    found = _Shapes(inputs, SizeCheck(batch, faults, is_computed), faults)
    for draft in drafts:
        if draft is not None:
            found.add(draft)
    last = drafts[-1].name if drafts and drafts[-1] is not None else None if drafts else next(iter(inputs))
    return found.entries, found.shapes.get(last) if last is not None else None


class _Shapes:
    """What is known while the layers are gone through."""

    def __init__(self, inputs: Mapping[str, Shape | None], sizes: SizeCheck, faults: Collector) -> None:
        self.inputs = inputs
        self.shapes = dict(inputs)
        """Of inputs and outputs, by name."""
        self.owned: dict[str, GivenTensor] = {}
        """The parameters so far, by name."""
        self.entries: list[LayerEntry] = []
        self.sizes = sizes
        self.faults = faults

    def add(self, draft: Draft) -> None:
        """The next layer, if it can be known."""
        takes = draft.takes or ()
        _check_options(draft, takes[0] if takes else "its input", self.faults)
        known = [shape for name in takes if (shape := self.shapes.get(name)) is not None]
        if not takes or len(known) < len(takes) or draft.layer is None or not draft.is_whole:
            return
        entry = self._infer(draft, takes, known)
        if entry is not None:
            self.entries.append(entry)
            self.shapes[entry.name] = entry.output_shape
            if "path" in entry.layer.auxiliaries:
                self.shapes[entry.name + PLACES] = (*entry.output_shape, 2)
            self.owned |= {given.name: given for given in entry.parameters.values()}

    def _infer(self, draft: Draft, takes: tuple[str, ...], shapes: Sequence[Shape]) -> LayerEntry | None:
        layer, (x, *others), faults = draft.layer, shapes, self.faults
        assert layer is not None, "only whole drafts come here"
        operands = {operand.name: shape for operand, shape in zip(OPERANDS, others, strict=False)}
        shared = {local: self.owned[name] for local, name in draft.shares.items() if name in self.owned}
        if len(shared) < len(draft.shares):
            return None
        # A tensor of another layer is as if it were typed here.
        again = {k: Typed(one.entries.shape, one.entries, draft.place, name=one.name) for k, one in shared.items()}
        typed = draft.parameters | again
        draft.layer = _taking(layer, x)
        layer = draft.layer.given(typed)
        if layer.type == "max_unpool":
            pool = next(entry for entry in self.entries if entry.name + PLACES in takes)
            layer = replace(layer, pooling=pool.layer, image=pool.input_shape)
        if layer.domain == "features" and len(x) > 1 and set(x[1:]) == {1}:
            x = x[:1]  # what a global pool gives is a feature for each channel
        is_fitting = layer.domain != "features" or len(x) == 1  # otherwise the layer itself says what is missing
        if draft.channels is not None and draft.channels != x[0] and is_fitting:
            what = "channel" if len(x) > 1 else "feature"
            wanted = counted(draft.channels, what, f"{what}s")
            message = f"{draft.name} should take {wanted}, and {takes[0]} has {x[0]}"
            return faults.add(message, "write what comes in, or leave it out", draft.places[TAKEN])
        try:
            full = parameter_shapes(layer, x, typed)
            for local, given in shared.items():
                if given.entries.shape != full.get(local, given.entries.shape):
                    message = f"{{{local}}} is {by(given.entries.shape)}, and here it should be {by(full[local])}"
                    raise ShapeError(message, "share a tensor of that shape, or write numbers of its own", local)
            y = layer.output_shape(x, {**operands, **full})
        except ShapeError as error:
            remedy = self._remedy_of_input(draft, takes[0], x, typed) if takes[0] in self.inputs else None
            add_shape_fault(
                error if remedy is None else ShapeError(error.message, remedy, error.option), draft, takes[0], faults
            )
            return None
        before = len(faults)
        self.sizes.check(draft, x, {**operands, **full}, y)
        if len(faults) > before:
            return None
        used = [p for p in layer.parameters if p.name in full]
        parameters = {p.name: shared.get(p.name) or _parameter(draft, p.name, p.default, full, faults) for p in used}
        made = {local: given for local, given in parameters.items() if given is not None}
        if len(made) < len(parameters):
            return None
        return LayerEntry(draft.name, layer, takes, made, x, operands, y, draft.place, frozenset(shared))

    def _remedy_of_input(self, draft: Draft, name: str, x: Shape, typed: Mapping[str, Typed]) -> str | None:
        """What to write where the input is read as something else than what was meant; None where it may not be."""
        weight, batch = typed.get("weight"), self.sizes.batch
        if weight is None:
            return None
        if draft.type.type == "fc" and x == (1,) and weight.shape[-1:] == (batch,) and batch > 1:
            return f"{name} is a column, which is {batch} samples of one feature each: write one row, [1, 2, …]"
        is_lone = len(weight.shape) == 2 or (len(weight.shape) == 4 and weight.shape[1] == 1)
        if draft.type.type == "conv" and is_lone and len(x) == 3 and x[0] > 1 == batch:
            return (
                f"if {name} is {x[0]} samples of one channel, give it the shape {shape_text((x[0], 1, *x[1:]))}"
                f" (N, C, H, W); if it is one sample of {x[0]} channels, give {{weight}} a kernel for each"
            )
        return None


def _taking(layer: Layer, x: Shape) -> Layer:
    """A layer with as many groups and channels as come in, where it is depthwise."""
    each = {name: x[0] for name, about in layer.options().items() if about["reads"] == "each"}
    each = {name: size for name, size in each.items() if getattr(layer, name) == DEPTHWISE}
    return replace(layer, **each) if each else layer


def _check_options(draft: Draft, x: str, faults: Collector) -> None:
    if draft.layer is None:
        return
    try:
        draft.layer.check_options()
    except ShapeError as error:
        add_shape_fault(error, draft, x, faults)
        draft.is_whole = False


def parameter_shapes(layer: Layer, x: Shape, typed: Mapping[str, Typed]) -> Mapping[str, Shape]:
    """The full shapes; a written column or row is a vector, except as a weight, where it is a matrix."""
    given = {name: t.shape if name == "weight" else t.vector_shape for name, t in typed.items()}
    return layer.parameter_shapes(x, given)


def _parameter(
    draft: Draft, local: str, default: int | Fraction | None, shapes: Mapping[str, Shape], faults: Collector
) -> GivenTensor | None:
    name, full = draft.parameter_name(local), shapes[local]
    typed = draft.parameters.get(local)
    if typed is None:
        # Where there is no default either, the options have outlined it.
        number = Typed((), blank(()) if default is None else filled((), [default]), draft.place)
        return GivenTensor(name, number.fitted(full), draft.place)  # type: ignore[arg-type]
    entries = typed.fitted(full)
    if entries is None:
        message = f"{name} is {shape_text(typed.shape)}, but it should be {shape_text(full)}"
        return faults.add(message, "write as many numbers, in that order", typed.place)
    return GivenTensor(name, entries, typed.place)


def add_shape_fault(error: ShapeError, draft: Draft, x: str, faults: Collector) -> None:
    """A layer's complaint, with the names of this problem put in, at the place that it is about."""
    parameters = [p.name for p in draft.type.parameters if not p.is_operand]
    words = {"x": x, "y": draft.name, **{local: draft.parameter_name(local) for local in parameters}}
    message, remedy = error.message, error.remedy
    for word, name in words.items():
        message = message.replace("{" + word + "}", name)
        remedy = remedy.replace("{" + word + "}", name)
    faults.add(message, remedy, draft.places.get(error.option or "", draft.place))
