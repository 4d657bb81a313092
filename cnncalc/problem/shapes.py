"""Works out every shape, layer by layer, and puts the parameters into theirs."""

from collections.abc import Mapping, Sequence

from cnncalc.layers.base import Layer, Shape, ShapeError
from cnncalc.problem.drafts import Draft
from cnncalc.problem.problem import GivenTensor, LayerEntry
from cnncalc.problem.sizes import SizeCheck
from cnncalc.problem.tensor.typed import Typed, blank, object_array
from cnncalc.problem.text.faults import Collector, Place
from cnncalc.problem.text.wording import shape_text


def infer_shapes(
    drafts: Sequence[Draft | None], name: str, x: Shape | None, batch: int, faults: Collector, is_computed: bool = True
) -> tuple[list[LayerEntry], Shape | None]:
    """The layers with their shapes, from the input's name and shape; and the last output's shape.

    `is_computed` is False where numbers are missing, so that nothing will be computed. After a layer whose shape is not
    known nothing is said of the layers behind it: they need not be wrong.
    """
    entries: list[LayerEntry] = []
    sizes = SizeCheck(batch, faults, is_computed)
    for draft in drafts:
        if draft is None:
            x = None
            continue
        _check_options(draft, name, faults)
        if x is None or draft.layer is None or not draft.is_whole:
            x = None
            continue
        entry = _infer(draft, name, x, sizes, faults)
        if entry is None:
            x = None
            continue
        entries.append(entry)
        name, x = entry.name, entry.output_shape
    return entries, x


def _check_options(draft: Draft, x: str, faults: Collector) -> None:
    if draft.layer is None:
        return
    try:
        draft.layer.check_options()
    except ShapeError as error:
        add_shape_fault(error, draft, x, faults)
        draft.is_whole = False


def _infer(draft: Draft, x_name: str, x: Shape, sizes: SizeCheck, faults: Collector) -> LayerEntry | None:
    layer = draft.layer
    assert layer is not None, "only whole drafts come here"
    layer = layer.given(draft.parameters)
    if layer.domain == "features" and len(x) == 3 and x[1:] == (1, 1):
        x = x[:1]  # what a global pool gives is a feature for each channel
    try:
        shapes = parameter_shapes(layer, x, draft.parameters)
        y = layer.output_shape(x, shapes)
    except ShapeError as error:
        add_shape_fault(error, draft, x_name, faults)
        return None
    before = len(faults)
    sizes.check(draft, x, shapes, y)
    if len(faults) > before:
        return None
    used = [p for p in layer.parameters if p.name in shapes]
    parameters = {p.name: _parameter(draft, p.name, p.default, shapes, faults) for p in used}
    made = {local: given for local, given in parameters.items() if given is not None}
    if len(made) < len(parameters):
        return None
    return LayerEntry(draft.name, layer, made, x, y, draft.place)


def parameter_shapes(layer: Layer, x: Shape, typed: Mapping[str, Typed]) -> Mapping[str, Shape]:
    """The full shapes; a written column or row is a vector, except as a weight, where it is a matrix."""
    given = {name: t.shape if name == "weight" else t.vector_shape for name, t in typed.items()}
    return layer.parameter_shapes(x, given)


def _parameter(
    draft: Draft, local: str, default: int | None, shapes: Mapping[str, Shape], faults: Collector
) -> GivenTensor | None:
    name, full = draft.parameter_name(local), shapes[local]
    typed = draft.parameters.get(local)
    if typed is None:
        # Where there is no default either, the options have outlined it.
        number = Typed((), blank(()) if default is None else object_array([default], ()), draft.place)
        return GivenTensor(name, number.fitted(full), draft.place)  # type: ignore[arg-type]
    entries = typed.fitted(full)
    if entries is None:
        message = f"{name} is {shape_text(typed.shape)}, but it should be {shape_text(full)}"
        faults.add(message, "write as many numbers, in that order", typed.place)
        return None
    return GivenTensor(name, entries, typed.place)


def add_shape_fault(error: ShapeError, draft: Draft, x: str, faults: Collector) -> None:
    """A layer's complaint, with the names of this problem put in, at the place that it is about."""
    words = {"x": x, "y": draft.name, **{p.name: draft.parameter_name(p.name) for p in draft.type.parameters}}
    message, remedy = error.message, error.remedy
    for word, name in words.items():
        message = message.replace("{" + word + "}", name)
        remedy = remedy.replace("{" + word + "}", name)
    faults.add(message, remedy, _place_of(draft, error.option))


def _place_of(draft: Draft, option: str | None) -> Place:
    return draft.places.get(option or "", draft.place)
