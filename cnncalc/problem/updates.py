"""Reads `update: {sgd: {lr: 0.1, only: [W]}}`: the rule, and the parameters that it changes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from typing import Any, cast

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Layer, ShapeError, called, options_of
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.optimizers.rule import Rational, UpdateRule
from cnncalc.problem.drafts import split_entry
from cnncalc.problem.names import NamedLayer, remembered
from cnncalc.problem.problem import GivenTensor, UpdateEntry
from cnncalc.problem.tensor.tensors import TensorReader
from cnncalc.problem.tensor.typed import Typed
from cnncalc.problem.text.faults import Collector, Place, did_you_mean, quoted, shape_text
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.scalars import read_integer, read_option
from cnncalc.records import dataclass, replace

MOST_STEPS = 1000
NOTHING_TO_DO = Phrase("every sample is on its side from the start: the one step changes nothing")
SCHEDULE_NAMES = "multistep, exponential, inverse, polynomial, cosine or warmup"
EXTRA = ("only", "steps", "epochs", "state", "schedule", "batches")
"""The keys of every rule beside its options."""


@dataclass
class UpdateDraft:
    """The update as typed; `only` None means all parameters, `rule` None that faults were noted."""

    place: Place
    rule: UpdateRule | None = None
    only: list[Scalar] | None = None
    places: dict[str, Place] = field(default_factory=dict)
    steps: int | None = None
    epochs: int | None = None
    """How many times all samples are gone through."""
    done: int = 0
    """How many steps were made before."""
    visits: tuple[tuple[int, bool], ...] | None = None
    """Of a perceptron: each sample that is looked at, in order from 0, and whether it corrects the weights."""
    state: list[tuple[str, str, Scalar, Typed]] = field(default_factory=list)
    """Of what the rule keeps: the parameter's name as typed, the rule's name for it, the key, the tensor."""
    given_state: dict[tuple[str, str], Typed] = field(default_factory=dict)
    """The same by the parameter's own name."""
    batches: list[list[tuple[int, Node]]] = field(default_factory=list)
    batch_size: int | None = None
    schedule: tuple[str, dict[str, Any]] | None = None


def read_update(node: Node | None, root: Fields, tensors: TensorReader, faults: Collector) -> UpdateDraft | None:
    """The update as typed; None where there is none, or none of a known rule."""
    if node is None:
        return None
    if isinstance(node, Scalar) and node.is_empty:
        place = root.entries["update"][0].place
        return faults.add("`update` has no value", "write `update: {sgd: {lr: 0.1}}`, or leave the key out", place)
    split = split_entry(node, "update rule", cast(Mapping[str, type[Layer]], RULES), faults)
    if split is None:
        return None
    key, options = split
    draft = UpdateDraft(key.place)
    if not {"loss", "upstream", "expressions"} & root.entries.keys():
        message = "`update` needs a gradient, and there is neither a loss nor an `upstream` to derive"
        faults.add(message, "add a `loss:`, or leave `update` out", root.entries["update"][0].place)
    _read_options(draft, RULES[key.text], options, tensors, faults)
    return draft


def _read_options(
    draft: UpdateDraft, rule: type[UpdateRule], options: Fields | None, tensors: TensorReader, faults: Collector
) -> None:
    known, values = rule.options(), dict[str, Any]()
    for key, node in _unfolded(options) if options else ():
        name = key.text
        draft.places[name] = node.place
        if name not in (*known, *EXTRA):
            remedy = did_you_mean(name, [*known, *EXTRA])
            if name in RULES["momentum"].options() and name not in known:
                remedy = "write `momentum: {lr: …, momentum: 0.9}`, which is the rule with a velocity"
            faults.add(f"{rule.type} has no option {quoted(name)}", remedy, key.place)
        elif isinstance(node, Scalar) and node.is_empty:
            faults.add(f"`{name}` has no value", "write one, or leave the key out", key.place)
            values[name] = None
        elif name == "only":
            draft.only = _read_names(node, faults)
        elif name == "steps":
            draft.steps = read_integer(node, name, faults, lowest=1, highest=MOST_STEPS)
        elif name == "epochs":
            draft.epochs = read_integer(node, name, faults, lowest=1, highest=MOST_STEPS)
        elif name == "state":
            _read_state(draft, rule, node, tensors, faults)
        elif name == "batches":
            _read_batches(draft, node, faults)
        elif name == "schedule":
            draft.schedule = _read_schedule(node, faults)
        else:
            values[name] = read_option(name, known[name], node, faults)
    if None in values.values():
        return
    made = rule(**values)
    try:
        made.check_options()
    except ShapeError as error:
        faults.add(error.message, error.remedy, draft.places.get(error.option or "", draft.place))
        return
    draft.rule = made


def _unfolded(options: Fields) -> list[tuple[Scalar, Node]]:
    """With `clip: {norm: 1}` as `clip_norm: 1`."""
    found: list[tuple[Scalar, Node]] = []
    for key, node in options.entries.values():
        is_clip = key.text == "clip" and isinstance(node, Fields)
        inner = node.entries.values() if is_clip and isinstance(node, Fields) else ()
        found += [(part._replace(text=f"clip_{part.text}"), value) for part, value in inner] or [(key, node)]
    return found


def _read_state(
    draft: UpdateDraft, rule: type[UpdateRule], node: Node, tensors: TensorReader, faults: Collector
) -> None:
    kept = [called(local) for local in rule.state]
    example = " and ".join(f"`W.{name}`" for name in kept) or "nothing"
    if not isinstance(node, Fields) or not (kept or "step" in node.entries):
        remedy = f"{rule.type} keeps {example} from step to step" + (": write `state: {…}`" if kept else "")
        faults.add(f"`state` of {rule.type} is not what it keeps", remedy, node.place)
        return
    for key, value in node.entries.values():
        if key.text == "step":
            draft.done = read_integer(value, "step", faults, lowest=0) or 0
            continue
        parameter, _, name = key.text.rpartition(".")
        if not parameter or name not in kept:
            remedy = f"write {example}, with the parameter's name for W, or `step` for the steps that were made"
            faults.add(f"{rule.type} keeps no {quoted(key.text)}", remedy, key.place)
            continue
        typed = tensors.read(value)
        if typed is not None:
            draft.state.append((parameter, rule.state[kept.index(name)], key, typed))


def _read_batches(draft: UpdateDraft, node: Node, faults: Collector) -> None:
    if isinstance(node, Scalar):
        draft.batch_size = read_integer(node, "batches", faults, lowest=1)
        return
    items = node.items if isinstance(node, Items) else []
    if not items or not all(isinstance(item, Items) and item.items for item in items):
        faults.add("`batches` is no list of lists", "write the samples of each step: `[[1, 2], [3, 4]]`", node.place)
        return
    for item in items:
        assert isinstance(item, Items), "asked above"
        numbers = [read_integer(one, "a sample", faults, lowest=0) for one in item.items]
        draft.batches.append([(number or 0, one) for number, one in zip(numbers, item.items, strict=True)])


def _read_schedule(node: Node, faults: Collector) -> tuple[str, dict[str, Any]] | None:
    from cnncalc.optimizers.schedules import SCHEDULES, Schedule

    before = len(faults)
    entries = list(node.entries.values()) if isinstance(node, Fields) else []
    if len(entries) != 1 or entries[0][0].text not in SCHEDULES or not isinstance(entries[0][1], Fields):
        given = entries[0][0].text if len(entries) == 1 else ""
        message = f"there is no schedule {quoted(given)}" if given else "`schedule` is no mapping of one name"
        remedy = "write `schedule: {step: {step_size: 5, gamma: 0.5}}`, or " + SCHEDULE_NAMES
        return faults.add(message, remedy, node.place)
    kind, options = entries[0][0], entries[0][1]
    assert isinstance(options, Fields), "asked above"
    known, values = SCHEDULES[kind.text][0], dict[str, Any]()
    for key, value in options.entries.values():
        key = key._replace(text=next((name for name in known if name.lower() == key.text.lower()), key.text))
        if key.text in known:
            values[key.text] = read_option(key.text, options_of(Schedule)[key.text], value, faults)
        else:
            faults.add(f"{kind.text} has no option {quoted(key.text)}", did_you_mean(key.text, known), key.place)
    for name, default in known.items():
        if default is None and name not in values:
            faults.add(f"the schedule {kind.text} has no `{name}`", f"write `{kind.text}: {{{name}: …}}`", kind.place)
    return (kind.text, values) if len(faults) == before else None


def _read_names(node: Node, faults: Collector) -> list[Scalar]:
    names: list[Scalar] = []
    for item in node.items if isinstance(node, Items) else [node]:
        if isinstance(item, Scalar) and not item.is_empty:
            names.append(item)
        else:
            faults.add("`only` takes names of parameters", "write `only: [W, conv_1.bias]`", item.place)
    if isinstance(node, Items) and not node.items:
        faults.add("`only` names no parameter", "name some, or leave it out for all of them", node.place)
    return names


def make_update(
    draft: UpdateDraft,
    layers: Iterable[NamedLayer],
    batch: int | None,
    faults: Collector,
    inputs: Collection[str] = (),
    is_expression: bool = False,
) -> UpdateEntry | None:
    """The update with the parameters that it changes, by their own names; `batch` is how many samples there are.

    Of the inputs it changes those that `only` names; of expressions all.
    """
    named = {name.text for name in draft.only or ()}
    learned: dict[str, str] = {name: name for name in inputs if is_expression or name in named}
    for layer in layers:
        for parameter in layer.type.parameters:
            if parameter.learned and parameter.name in layer.parameters:
                own = layer.parameters[parameter.name]
                learned |= {own: own, f"{layer.name}.{parameter.name}": own}
    if not learned:
        faults.add("there is no parameter to update", "give a layer a weight, or leave `update` out", draft.place)
        return None
    chosen = list(dict.fromkeys(learned.values()))
    if draft.only is not None:
        for name in draft.only:
            if name.text not in learned:
                message = f"{quoted(name.text)} is no parameter that has a gradient"
                faults.add(message, did_you_mean(name.text, learned), name.place)
        wanted = {learned.get(name.text) for name in draft.only}
        chosen = [name for name in chosen if name in wanted]
    state = {}
    for owner, local, key, typed in draft.state:
        if learned.get(owner) not in chosen:
            message = f"{quoted(owner)} is no parameter that this update changes"
            faults.add(message, did_you_mean(owner, chosen), key.place)
        else:
            state[learned[owner], local] = typed
    draft.given_state = state
    rule = draft.rule
    if rule is None:
        return None
    steps = _steps(draft, batch or 1, faults)
    known: tuple[Rational, ...] = ()
    schedule = NOTHING
    if draft.schedule is not None:
        from cnncalc.optimizers.schedules import rates, told

        kind, options = draft.schedule
        known = rates(kind, rule.rate, options, steps, draft.done)
        schedule = told(kind, rule.rate, options)
        if any(rate <= 0 for rate in known):
            remedy = "take fewer steps, or a higher `eta_min`"
            faults.add("the schedule brings the learning rate down to 0", remedy, draft.places["schedule"])
    # Of the batches only that there are any: which samples they hold is known with the input.
    batches = ((),) if draft.batches or draft.batch_size or (draft.visits and batch is not None) else ()
    visits = draft.visits or ()
    return UpdateEntry(
        rule, tuple(chosen), draft.place, steps, known, schedule, draft.done, batches=batches, visits=visits
    )


def _steps(draft: UpdateDraft, samples: int, faults: Collector) -> int:
    """How many there are: as typed, those of so many passes over the samples, or a perceptron's corrections."""
    if draft.visits is not None:
        return max(1, sum(is_wrong for _, is_wrong in draft.visits))
    if draft.epochs is None:
        return draft.steps or 1
    if draft.steps is not None:
        faults.add("both `steps` and `epochs` say how long it goes on", "keep one of them", draft.places["epochs"])
    each = len(draft.batches) or (-(-samples // draft.batch_size) if draft.batch_size else 1)
    if draft.epochs * each > MOST_STEPS:
        message = f"{draft.epochs} epochs of {each} steps are more than {MOST_STEPS} steps"
        faults.add(message, "take fewer epochs", draft.places["epochs"])
        return 1
    return draft.epochs * each


def fitted_update(
    update: UpdateEntry, draft: UpdateDraft, parameters: Iterable[GivenTensor], batch: int | None, index_base: int,
    faults: Collector, notices: list[Phrase],
) -> UpdateEntry:  # fmt: skip
    """The update with its state in the shapes of the parameters, and with the samples of each step from 0."""
    shapes = {given.name: given.entries.shape for given in parameters}
    state: dict[tuple[str, str], GivenTensor] = {}
    for (name, local), typed in draft.given_state.items():
        known = remembered(name, local, 0, update.steps)
        entries = typed.fitted(shapes[name]) if name in shapes else None
        if entries is not None:
            state[name, local] = GivenTensor(known, entries, typed.place)
        elif name in shapes:
            message = f"this is {shape_text(typed.shape)}, and {name} is {shape_text(shapes[name])}"
            faults.add(message, f"give it the shape of {name}", typed.place)
    batches = [tuple(number - index_base for number, _ in numbers) for numbers in draft.batches]
    place = draft.places.get("batches")
    if update.batches and batch is None:
        faults.add("there is one sample alone, and no mini-batches of it", "leave `batches` out", place)
        return update
    if draft.visits is not None and batch is not None:
        batches = [(sample,) for sample, is_wrong in draft.visits if is_wrong]
        if not batches:
            notices.append(NOTHING_TO_DO)
            batches = [(0,)]
    if draft.batch_size and batch is not None:
        batches = [tuple(range(at, min(at + draft.batch_size, batch))) for at in range(0, batch, draft.batch_size)]
    for number, node in (pair for numbers in draft.batches for pair in numbers):
        if batch is not None and not 0 <= number - index_base < batch:
            message = f"there is no sample {number}"
            faults.add(message, f"write {index_base} to {batch - 1 + index_base}", node.place)
    if draft.schedule and draft.schedule[0] == "cosine":
        from cnncalc.optimizers.schedules import ROUNDED

        notices.append(ROUNDED)
    return replace(update, state=state, batches=tuple(batches))
