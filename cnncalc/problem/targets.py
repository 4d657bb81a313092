"""The target of a loss: a class, a distribution, numbers, what smoothing makes of it."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, cast

import numpy as np

from cnncalc.arithmetic.base import Array, filled, samples_last
from cnncalc.arithmetic.expression import Operation
from cnncalc.language import Phrase
from cnncalc.layers.base import Content, Layer, Loss, Shape, ShapeError, called
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.losses.of_classes import OfClasses
from cnncalc.problem.distribution import check_distribution, check_prediction, check_probabilities, check_signs, sums_of
from cnncalc.problem.drafts import Draft, read_entry, split_entry
from cnncalc.problem.problem import GivenTensor, LossEntry
from cnncalc.problem.shapes import add_shape_fault
from cnncalc.problem.tensor.tensors import TensorReader
from cnncalc.problem.tensor.typed import Typed, blank, is_blank
from cnncalc.problem.text.faults import Collector, counted, listing, shape_text
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.scalars import read_integer, read_rational
from cnncalc.records import dataclass, replace

SMOOTHED = Phrase(
    "label smoothing {part}: the target is (1 − {part}) · t + {part}/{count} for each of the {count} classes"
)
WEIGHTED = Phrase(
    "the target of each class is multiplied by its weight ({weights}); the mean divides by {divisor}, {what}"
)
SUMMED = Phrase("the target of each class is multiplied by its weight ({weights})")
BY_WEIGHTS = Phrase("the sum of the weights of the samples' classes, as in PyTorch")
BY_SAMPLES = Phrase("the number of samples")
IGNORED = Phrase("{count} samples do not count; the mean is over the others")
ONE_IGNORED = Phrase("one sample does not count; the mean is over the others")


def with_options(
    loss: OfClasses, target: Array, is_class: bool, counts: list[bool], notices: list[Phrase]
) -> tuple[OfClasses, Array]:
    """The loss, knowing what its mean divides by, and the target as it goes into the sum.

    `target` is (N, K) as typed, `is_class` whether it was given by `class`; `counts` says which samples do.
    """
    smoothing, weights, classes = Fraction(loss.label_smoothing), loss.class_weights, target.shape[1]
    made, rows = target, np.arange(len(target))
    divisor: Fraction | None = None
    if not all(counts):
        left_out = counts.count(False)
        notices.append(ONE_IGNORED if left_out == 1 else IGNORED.format(count=left_out))
        divisor = Fraction(counts.count(True))
    if weights and is_class and loss.mean_over == "weights":
        of_right = [weights[int(np.argmax([entry == 1 for entry in target[n]]))] for n in rows if counts[n]]
        divisor = sum((Fraction(weight) for weight in of_right), Fraction(0))
    if smoothing:
        part = Fraction(smoothing, classes)
        made = _each(made, lambda n, k, t: _scaled(t, 1 - smoothing, part))
        notices.append(SMOOTHED.format(part=str(loss.label_smoothing), count=classes))
    if weights:
        made = _each(made, lambda n, k, t: _scaled(t, Fraction(weights[k]), Fraction(0)))
        shown = ", ".join(map(str, weights))
        if loss.reduction == "mean":
            what = BY_WEIGHTS if is_class and loss.mean_over == "weights" else BY_SAMPLES
            notices.append(WEIGHTED.format(weights=shown, divisor=str(divisor or len(target)), what=what))
        else:
            notices.append(SUMMED.format(weights=shown))
    if not all(counts):
        made = _each(made, lambda n, k, t: t if counts[n] else 0)
    return replace(loss, mean_divisor=divisor), made


def _each(target: Array, change: Callable[[int, int, Any], Any]) -> Array:
    return filled(target.shape, [change(n, k, target[n, k]) for n, k in np.ndindex(target.shape)])


def _scaled(entry: Any, factor: Fraction, more: Fraction) -> Any:
    """factor · entry + more, exactly; of letters and roots as an expression."""
    if isinstance(entry, float):
        return entry * float(factor) + float(more)
    try:
        made = Fraction(entry) * factor + more
        return int(made) if made.denominator == 1 else made
    except TypeError:
        product = Operation("*", factor, entry)
        return Operation("+", product, more) if more else product


ZERO_IS_MINUS_ONE = Phrase("targets of 0 are read as −1")


@dataclass
class LossDraft(Draft):
    """The loss as typed, and the classes that may stand instead of its target."""

    classes: Node | None = None
    members: Sequence["LossDraft"] = ()
    """The losses that are added up, where there are several."""
    weight: Any = 1
    """What it is multiplied by there."""


def read_loss(
    node: Node | None, registry: Mapping[str, type[Loss]], tensors: TensorReader, faults: Collector
) -> LossDraft | None:
    """The loss as typed; None where there is none, or none of a known type."""
    if node is None or (isinstance(node, Scalar) and node.is_empty):
        return None
    if isinstance(node, Items) and node.items:
        return _read_several(node, registry, tensors, faults)
    split = split_entry(node, "loss", cast(Mapping[str, type[Layer]], registry), faults)
    if split is None:
        return None
    key, options = split
    loss_type = registry[key.text]
    draft = LossDraft("L", key.place, loss_type)
    entry = options.entries.get("class") if options else None
    if options is not None and entry is not None and loss_type.takes_class:
        draft.classes = entry[1]
        if loss_type.of_classes:
            draft.type = registry[loss_type.of_classes]
        others = {name: pair for name, pair in options.entries.items() if name != "class"}
        if "target" in others:
            faults.add("both `target` and `class` say what is right", "keep one of them", entry[0].place)
        else:
            # read_entry asks for a target; the classes are one.
            others["target"] = (entry[0]._replace(text="target"), entry[0]._replace(text="0"))
        options = Fields(others, options.place)
    read_entry(draft, options, tensors, faults, takes_input=False)
    draft.places["class"] = draft.classes.place if draft.classes else draft.place
    return draft


def _read_several(
    node: Items, registry: Mapping[str, type[Loss]], tensors: TensorReader, faults: Collector
) -> LossDraft | None:
    """Several losses with their weights, as one; None where one of them is faulty."""
    from cnncalc.losses.composed import weighted

    before, drafts = len(faults), list[LossDraft]()
    for item in node.items:
        split = split_entry(item, "loss", cast(Mapping[str, type[Layer]], registry), faults)
        if split is None:
            continue
        key, options = split
        entries = dict(options.entries) if options else {}
        _, weight = entries.pop("weight", (None, None))
        inner = (key, Fields(entries, options.place if options else key.place))
        draft = read_loss(Fields({key.text: inner}, item.place), registry, tensors, faults)
        if draft is None:
            continue
        if weight is not None:
            draft.weight = read_rational(weight, "weight", faults)
        if draft.name != "L":
            place = draft.places.get("name", draft.place)
            faults.add("one of several losses has a name of its own", "leave `name` out: the sum is L", place)
        drafts.append(draft)
    if len(faults) > before:
        return None
    try:
        made = weighted([cast(Loss, draft.layer) for draft in drafts], [draft.weight for draft in drafts])
    except ShapeError as error:
        faults.add(error.message, error.remedy, node.place)
        return None
    whole = LossDraft("L", node.place, type(made), layer=made, members=drafts)
    for member, draft in zip(made.members, drafts, strict=True):
        draft.name = f"{whole.name}.{called(member.local)}"
        typed = draft.parameters["target"]
        whole.parameters[member.target] = replace(typed, name=typed.name or f"{draft.name}.target")
    return whole


def _make_several(
    draft: LossDraft, layers: Sequence[Draft], x_name: str, x: Shape, batch: int | None, index_base: int,
    faults: Collector, given: GivenTensor, notices: list[Phrase],
) -> LossEntry | None:  # fmt: skip
    """The sum of several, each with its target."""
    from cnncalc.losses.composed import weighted

    if draft.layer is not None and draft.layer.domain == "features" and set(x[1:]) <= {1}:
        x = x[:1]
    found = [make_loss(one, layers, x_name, x, batch, index_base, faults, given, notices) for one in draft.members]
    made = [entry for entry in found if entry is not None]
    if len(made) < len(found):
        return None
    whole = weighted([entry.loss for entry in made], [one.weight for one in draft.members])
    first, *others = (entry.target for entry in made)
    further = {member.target: target for member, target in zip(whole.members[1:], others, strict=True)}
    return LossEntry(draft.name, whole, first, draft.place, further=further)


def make_loss(
    draft: LossDraft,
    layers: Sequence[Draft],
    x_name: str,
    x: Shape,
    batch: int | None,
    index_base: int,
    faults: Collector,
    given: GivenTensor,
    notices: list[Phrase],
) -> LossEntry | None:
    """The loss with its target in full shape; `x` is the last output, without N, and `given` the input.

    `notices` takes what is to be said of probabilities that do not sum to 1 exactly.
    """
    if draft.members:
        return _make_several(draft, layers, x_name, x, batch, index_base, faults, given, notices)
    loss = draft.layer
    if loss is None or not draft.is_whole:
        return None
    loss_type = cast(type[Loss], draft.type)
    if not _takes_what_is_given(draft, loss_type, layers, x_name, given, faults):
        return None
    if loss_type.domain == "features" and set(x[1:]) <= {1}:
        x = x[:1]
    try:
        loss.check_options()
        loss.check_input(x)
        loss.output_shape(x, {"target": x})
    except ShapeError as error:
        add_shape_fault(error, draft, x_name, faults)
        return None
    full = (batch or 1, *x)
    if draft.classes is not None:
        ignored = loss.ignore if isinstance(loss, OfClasses) else ()
        target = _one_hot(draft.classes, full, batch, index_base, x_name, ignored, faults)
        place = draft.classes.place
    else:
        typed = draft.parameters["target"]
        place = typed.place
        target = _target(typed, full, batch, x_name, loss_type.target_is_distribution, faults)
        has_numbers = target is not None and not is_blank(target)
        if target is not None and has_numbers and loss_type.target_is_distribution:
            check_distribution(target, batch, place, faults, notices=notices)
        if target is not None and has_numbers and loss_type.target_is_probability:
            check_probabilities(target, place, faults)
        if target is not None and has_numbers and loss.type == "perceptron_loss" and 0 in target.ravel().tolist():
            # Classes 0 and 1, of a neuron that steps.
            target = filled(target.shape, [-1 if entry == 0 else entry for entry in target.ravel().tolist()])
            notices.append(ZERO_IS_MINUS_ONE)
        if target is not None and has_numbers and loss_type.target_is_sign:
            check_signs(target, place, faults)
    if target is None:
        return None
    if not layers and loss_type.takes == "probabilities" and loss_type.target_is_distribution and not given.is_blank:
        notices += sums_of(given.entries, x_name, batch)
    if isinstance(loss, OfClasses) and not is_blank(target):
        loss, target = _by_options(loss, target, draft.classes is not None, index_base, notices)
    samples = draft.layer.ignore_samples if isinstance(draft.layer, OfClasses) else ()
    if any(not 0 <= n - index_base < full[0] for n in samples):
        remedy = f"write numbers from {index_base} to {full[0] - 1 + index_base}"
        faults.add("`ignore_samples` names a sample that is not there", remedy, draft.places["ignore_samples"])
    name = draft.parameter_name("target")
    return LossEntry(draft.name, cast(Loss, loss), GivenTensor(name, target, place), draft.place)


def make_upstream(typed: Typed, x_name: str, x: Shape, batch: int | None, faults: Collector) -> GivenTensor | None:
    """The given gradient in the shape of the last output, N first."""
    full = (batch or 1, *x)
    # Letters are counted without N where there is none.
    entries = typed.in_order(full if batch is not None else x)
    if entries is None:
        shown = shape_text(full if batch is not None else x)
        message = f"the upstream gradient is {shape_text(typed.shape)}, {x_name} is {shown}"
        return faults.add(message, f"give it the shape of {x_name}", typed.place)
    return GivenTensor(typed.name or f"dL/d{x_name}", samples_last(entries.reshape(full)), typed.place)


def _takes_what_is_given(
    draft: LossDraft, loss: type[Loss], layers: Sequence[Draft], x_name: str, x: GivenTensor, faults: Collector
) -> bool:
    """Whether the last output is what the loss takes; an input that goes through no layer is taken to be, if it can."""
    given = _content(layers)
    if loss.takes == "numbers" or given == loss.takes:
        return True
    if given is None and x.name not in {layer.name for layer in layers}:
        # It is the input itself, or that once more.
        whose = f"{draft.name} ({loss.type})"
        place = x.place or draft.place
        return x.is_blank or check_prediction(x.entries, loss.takes, x_name, whose, loss.usual, place, faults)
    what, remedy = "none", f"put `- {loss.usual}` before the loss"
    if given not in (None, "numbers"):
        what, fitting = given or "", [name for name, other in LOSSES.items() if other.takes == given]
        remedy = f"write `- {loss.usual}` there instead, or take the loss {listing(fitting)}"
    message = f"{draft.name} ({loss.type}) takes {loss.takes}, {x_name} ({layers[-1].type.type}) gives {what}"
    faults.add(message, remedy, draft.place)
    return False


def _content(layers: Sequence[Draft]) -> Content | None:
    """What the last layer gives; that of what it takes, where it gives what it takes."""
    known = {layer.name: layer for layer in layers}
    layer = layers[-1] if layers else None
    while layer is not None and layer.type.gives is None:
        layer = known.get(layer.takes[0]) if layer.takes else None
    return layer.type.gives if layer is not None else None


def _target(
    typed: Typed, full: Shape, batch: int | None, x_name: str, is_distribution: bool, faults: Collector
) -> Array | None:
    if is_distribution and typed.shape == () and typed.draw is None and full != (1, 1) and not is_blank(typed.entries):
        entries = None  # one number for all classes is never a distribution
    else:
        seen = full if batch is not None else full[1:]
        entries = typed.in_order(seen) if not is_distribution else typed.fitted(seen)
    if entries is not None:
        return entries.reshape(full)
    shown = full if batch is not None else full[1:]
    count = 1 if typed.entries is None else typed.entries.size
    if is_distribution and batch is None and count != full[1]:
        message = f"the target has {counted(count, 'entry', 'entries')}, {x_name} has {full[1]} classes"
        remedy = f"write {full[1]} numbers that sum to 1" + (", or `class:` with one number" if count == 1 else "")
    else:
        message = f"the target is {shape_text(typed.shape)}, {x_name} is {shape_text(shown)}"
        remedy = f"give the target the shape {shape_text(shown)}"
        if is_distribution and batch is not None and typed.shape == (batch,):
            remedy += "; for the number of a class of each sample write `class: […]`"
    return faults.add(message, remedy, typed.place)


def _by_options(
    loss: OfClasses, target: Array, is_class: bool, index_base: int, notices: list[Phrase]
) -> tuple[OfClasses, Array]:
    """With smoothed labels, weights, and without the samples of classes that do not count."""
    if not (loss.label_smoothing or loss.class_weights or loss.ignore or loss.ignore_samples):
        return loss, target
    ignored, left_out = ([c - index_base for c in chosen] for chosen in (loss.ignore, loss.ignore_samples))
    rows = [[k for k, entry in enumerate(row) if entry == 1] for row in target.tolist()]
    counts = [bool(row) or not is_class for row in rows]
    counts = [counts[n] and n not in left_out and not (row and row[0] in ignored) for n, row in enumerate(rows)]
    return with_options(loss, target, is_class, counts, notices)


def _one_hot(
    node: Node, full: Shape, batch: int | None, index_base: int, x_name: str, ignored: Sequence[int], faults: Collector
) -> Array | None:
    """A row for each sample; one of zeros for a class that does not count."""
    nodes = node.items if isinstance(node, Items) else [node]
    if any(isinstance(item, Scalar) and item.text == "?" for item in nodes):
        return blank(full)
    texts = [item.text for item in nodes if isinstance(item, Scalar)]
    if len(nodes) == full[1] and len(nodes) != full[0] and sorted(texts) == [*"0" * (len(nodes) - 1), "1"]:
        right = texts.index("1") + index_base
        remedy = f"write `target: [{', '.join(texts)}]`, or `class: {right}` (index_base is {index_base})"
        return faults.add("`class` is a one-hot vector, and not the number of the class", remedy, node.place)
    if len(nodes) != full[0]:
        there = counted(full[0], "sample", "samples") if batch is not None else "one sample, without a mini-batch"
        message = f"`class` has {counted(len(nodes), 'class', 'classes')}, and there is {there}"
        if batch is not None and full[0] > 1:
            message = message.replace("there is", "there are")
        return faults.add(message, "write one class for each sample", node.place)
    target: list[Any] = []
    for item in nodes:
        wanted = read_integer(item, "class", faults)
        if wanted is None:
            continue
        if not 0 <= wanted - index_base < full[1] and wanted not in ignored:
            last = full[1] - 1 + index_base
            message = f"class {wanted} does not exist: {x_name} has {full[1]} classes"
            remedy = f"write {index_base} to {last} (index_base is {index_base})"
            if wanted == 0:
                remedy += ", or `index_base: 0` beside `layers`, to count from 0 as PyTorch does"
            faults.add(message, remedy, item.place)
            continue
        target += [int(k == wanted - index_base) for k in range(full[1])]
    return filled(full, target) if len(target) == full[0] * full[1] else None
