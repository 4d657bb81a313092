"""Reads `update: {sgd: {lr: 0.1, only: [W]}}`: the rule, and the parameters that it changes."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, cast

from cnncalc.layers.base import Layer, ShapeError
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.optimizers.rule import UpdateRule
from cnncalc.problem.drafts import split_entry
from cnncalc.problem.names import NamedLayer
from cnncalc.problem.options import read_option
from cnncalc.problem.problem import UpdateEntry
from cnncalc.problem.text.faults import Collector, Place
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.wording import did_you_mean, quoted
from cnncalc.records import dataclass


@dataclass
class UpdateDraft:
    """The update as typed; `only` None means all parameters, `rule` None that faults were noted."""

    place: Place
    rule: UpdateRule | None = None
    only: list[Scalar] | None = None
    places: dict[str, Place] = field(default_factory=dict)


def read_update(node: Node | None, root: Fields, faults: Collector) -> UpdateDraft | None:
    """The update as typed; None where there is none, or none of a known rule."""
    if node is None:
        return None
    if isinstance(node, Scalar) and node.is_empty:
        place = root.entries["update"][0].place
        faults.add("`update` has no value", "write `update: {sgd: {lr: 0.1}}`, or leave the key out", place)
        return None
    split = split_entry(node, "update rule", cast(Mapping[str, type[Layer]], RULES), faults)
    if split is None:
        return None
    key, options = split
    draft = UpdateDraft(key.place)
    if "loss" not in root.entries and "upstream" not in root.entries:
        message = "`update` needs a gradient, and there is neither a loss nor an `upstream` to derive"
        faults.add(message, "add a `loss:`, or leave `update` out", root.entries["update"][0].place)
    _read_options(draft, RULES[key.text], options, faults)
    return draft


def _read_options(draft: UpdateDraft, rule: type[UpdateRule], options: Fields | None, faults: Collector) -> None:
    known, values = rule.options(), dict[str, Any]()
    for key, node in options.entries.values() if options else ():
        draft.places[key.text] = node.place
        if key.text not in (*known, "only"):
            faults.add(
                f"{rule.type} has no option {quoted(key.text)}", did_you_mean(key.text, [*known, "only"]), key.place
            )
        elif isinstance(node, Scalar) and node.is_empty:
            faults.add(f"`{key.text}` has no value", "write one, or leave the key out", key.place)
            values[key.text] = None
        elif key.text == "only":
            draft.only = _read_names(node, faults)
        else:
            values[key.text] = read_option(key.text, known[key.text], node, faults)
    if None in values.values():
        return
    made = rule(**values)
    try:
        made.check_options()
    except ShapeError as error:
        faults.add(error.message, error.remedy, draft.places.get(error.option or "", draft.place))
        return
    draft.rule = made


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


def make_update(draft: UpdateDraft, layers: Iterable[NamedLayer], faults: Collector) -> UpdateEntry | None:
    """The update with the parameters that it changes, by their own names."""
    learned: dict[str, str] = {}
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
    return UpdateEntry(draft.rule, tuple(chosen), draft.place) if draft.rule is not None else None
