"""Reads the list of layers: types, options and parameters as typed, before anybody looks at shapes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from cnncalc.layers.base import Layer, Parameter, called
from cnncalc.problem.names import NamedLayer, is_name
from cnncalc.problem.tensor.tensors import TensorReader
from cnncalc.problem.tensor.typed import Typed, blank, is_blank
from cnncalc.problem.text.faults import Collector, Place, closest, did_you_mean, listing, quoted
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.scalars import read_integer, read_option, read_text
from cnncalc.problem.words.vocabulary import CLASSES, FILE_KEYS, TAKEN
from cnncalc.records import dataclass

MOST_LAYERS = 1000
LINKS = ("input", "inputs")
"""The keys in which a layer says what it takes."""


@dataclass
class Draft:
    """A layer (or the loss) as typed. `layer` is None, and `is_whole` False, where faults were noted."""

    name: str
    place: Place
    type: type[Layer]
    layer: Layer | None = None
    parameters: dict[str, Typed] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    is_whole: bool = True
    channels: int | None = None
    """How many channels or features come in, where the file says so."""
    inputs: list[Scalar] | None = None
    """The names of `input` or `inputs` as typed; None where there is neither."""
    shared: dict[str, Scalar] = field(default_factory=dict)
    """By parameter: what stands behind `share`."""
    takes: tuple[str, ...] | None = None
    """The tensors that it takes, x first; None before they are known."""
    shares: dict[str, str] = field(default_factory=dict)
    """By parameter: the name of the tensor of another layer that it is."""

    def parameter_name(self, local: str) -> str:
        """A parameter's own name, or `<layer>.<parameter>`."""
        if local in self.shares:
            return self.shares[local]
        typed = self.parameters.get(local)
        return typed.name if typed is not None and typed.name else f"{self.name}.{called(local)}"

    def has(self, parameter: Parameter) -> bool:
        """Whether this layer has a parameter: somebody typed it, it has a default, or the options outline it."""
        outlined = bool(parameter.outline) and all(option in self.places for option in parameter.outline)
        is_there = outlined if parameter.outline else parameter.default is not None
        return parameter.name in self.places or is_there

    @property
    def is_outline(self) -> bool:
        """Whether a parameter of it has no numbers."""
        outlined = [p for p in self.type.parameters if p.required and p.name not in self.places]
        return bool(outlined) or any(is_blank(typed.entries) for typed in self.parameters.values())

    def named(self) -> NamedLayer:
        """The names that this layer brings; a parameter with a default is there though nobody typed it."""
        known = [p.name for p in self.type.parameters if self.has(p)]
        places = {local: typed.name_place or typed.place for local, typed in self.parameters.items()}
        place = self.places.get("name", self.place)
        names = {p: self.parameter_name(p) for p in known}
        made = self.type if self.layer is None else type(self.layer.given(self.parameters))
        return NamedLayer(self.name, made, names, place, places, frozenset(self.shares), self.takes or ())


def read_layers(
    node: Node | None, registry: Mapping[str, type[Layer]], tensors: TensorReader, faults: Collector
) -> list[Draft | None]:
    """The layers as typed; None in the place of one of no known type, so that names and shapes behind it are open."""
    if node is None or (isinstance(node, Scalar) and node.is_empty):
        return []
    if not isinstance(node, Items):
        faults.add("`layers` is not a list", "begin each layer with `- `: `- conv: {…}`", node.place)
        return [None]
    if len(node.items) > MOST_LAYERS:
        faults.add(f"a network of {len(node.items)} layers", f"write at most {MOST_LAYERS}", node.place)
        return [None]
    drafts: list[Draft | None] = []
    counts: Counter[str] = Counter()
    for item in node.items:
        split = split_entry(item, "layer", registry, faults)
        if split is None:
            _read_as_near(item, registry, tensors, faults)
            drafts.append(None)
            continue
        key, options = split
        counts[key.text] += 1
        draft = Draft(f"{key.text}_{counts[key.text]}", key.place, registry[key.text])
        read_entry(draft, options, tensors, faults)
        drafts.append(draft)
    return drafts


def _read_as_near(item: Node, registry: Mapping[str, type[Layer]], tensors: TensorReader, faults: Collector) -> None:
    """Note what is wrong with the options of a layer whose type is misspelt: it should not take a second round."""
    if not isinstance(item, Fields) or len(item.entries) != 1:
        return
    key, options = next(iter(item.entries.values()))
    near = None if key.text in registry else closest(key.text, registry)
    if near is not None and isinstance(options, Fields):
        read_entry(Draft(key.text, key.place, registry[near]), options, tensors, faults)


def split_entry(
    node: Node, what: str, registry: Mapping[str, type[Layer]], faults: Collector
) -> tuple[Scalar, Fields | None] | None:
    """`type` or `type: {options}`; None (with a fault) where it is neither."""
    if isinstance(node, Scalar):
        key, value = node, None
    elif isinstance(node, Fields) and node.entries:
        key, value = next(iter(node.entries.values()))
        if len(node.entries) > 1 or key.text == "type":
            _explain_several(node, what, registry, faults)
            return None
    else:
        return faults.add(f"{_a(what)} should stand here", "write `type: {options}`, such as `conv: {…}`", node.place)
    if key.text not in registry:
        return faults.add(f"there is no {what} {quoted(key.text)}", did_you_mean(key.text, registry), key.place)
    if value is None or (isinstance(value, Scalar) and value.is_empty):
        return key, None
    if not isinstance(value, Fields):
        options = [*registry[key.text].options(), *(p.name for p in registry[key.text].parameters if not p.is_operand)]
        remedy = f"write `{key.text}: {{{options[0]}: …}}`" if options else f"leave it out: {key.text} has no options"
        if key.text in ("add", "subtract", "multiply", "concat") and isinstance(value, Scalar):
            remedy = f"write `{key.text}: {{inputs: [NAME, {value.text}]}}` with the names of the two tensors"
        faults.add(f"the options of {key.text} are no mapping", remedy, value.place)
        return None
    return key, value


def _a(what: str) -> str:
    return f"an {what}" if what.startswith("u") else f"a {what}"


def _explain_several(node: Fields, what: str, registry: Mapping[str, type[Layer]], faults: Collector) -> None:
    types = [key for key, _ in node.entries.values() if key.text in registry]
    if "type" in node.entries and not types:
        value = node.entries["type"][1]
        given = value.text if isinstance(value, Scalar) and value.text in registry else "conv"
        message = f"{_a(what)} is written with its type as the key"
        faults.add(message, f"write `{given}: {{…}}` instead of `type: {given}`", node.entries["type"][0].place)
    elif len(types) == 1:
        other = next(key for key, _ in node.entries.values() if key.text != types[0].text)
        if other.text in FILE_KEYS and other.text not in (*LINKS, *registry[types[0].text].options()):
            faults.add(f"{types[0].text} has no option {quoted(other.text)}", _at_margin(other), other.place)
            return
        message = f"{quoted(other.text)} stands beside {types[0].text}, not below it"
        within = f"write it inside the braces, `{types[0].text}: {{…, {other.text}: …}}`"
        below = f"indent the options further than {types[0].text}"
        faults.add(message, within if other.place.line == types[0].place.line else below, other.place)
    elif types:
        place = types[1].place
        faults.add(f"two {what}s in one entry: {types[0].text} and {types[1].text}", "keep one in each entry", place)
    else:
        key = next(iter(node.entries.values()))[0]
        faults.add(f"there is no {what} {quoted(key.text)}", did_you_mean(key.text, registry), key.place)


def _at_margin(key: Scalar) -> str:
    """The remedy for what the whole file says."""
    return f"write `{key.text}:` at the beginning of a line, beside `layers:`"


def read_entry(
    draft: Draft, options: Fields | None, tensors: TensorReader, faults: Collector, takes_input: bool = True
) -> None:
    """Fill a draft from the keys below its type; `takes_input`: whether it may say what it takes."""
    known = draft.type.options()
    parameters = {p.name: p for p in draft.type.parameters if not p.is_operand}
    before = len(faults)
    values: dict[str, Any] = {}
    for key, node in options.entries.values() if options else ():
        name = key.text
        draft.places[name] = node.place
        if name == "name":
            _read_name(draft, node, faults)
        elif name in LINKS and takes_input:
            _read_inputs(draft, name, node, faults)
        elif name == TAKEN and takes_input:
            draft.channels = read_integer(node, name, faults, lowest=1)
        elif isinstance(node, Scalar) and node.is_empty:
            if name in parameters and not parameters[name].required:
                del draft.places[name]  # `bias: null` says that there is none
            else:
                faults.add(f"`{name}` has no value", "write one, or leave the key out", key.place)
        elif name in parameters and isinstance(node, Fields) and "share" in node.entries:
            _read_share(draft, name, node, faults)
        elif name in parameters and (switch := _switch(parameters[name], node)) is not None:
            if switch:
                draft.parameters[name] = Typed((), blank(()), node.place)
            else:
                del draft.places[name]
        elif name in parameters:
            typed = tensors.read(node)
            if typed is not None:
                draft.parameters[name] = typed
                check_name(typed.name, typed.name_place, faults)
        elif name in known:
            values[name] = read_option(name, known[name], node, faults)
        else:
            valid = [
                "name",
                *parameters,
                *["class"] * getattr(draft.type, "takes_class", False),
                *known,
                *(LINKS if takes_input else ()),
            ]
            remedy = did_you_mean(name, valid, CLASSES if "class" in valid else ())
            remedy = _at_margin(key) if name in FILE_KEYS else remedy
            faults.add(f"{draft.type.type} has no option {quoted(name)}", remedy, key.place)
            draft.places[closest(name, valid) or name] = key.place  # a slip for `weight` is no second fault
    _check_required(draft, parameters, faults)
    draft.is_whole = len(faults) == before
    if all(value is not None for value in values.values()):
        draft.layer = draft.type(**values)


def _check_required(draft: Draft, parameters: Mapping[str, Parameter], faults: Collector) -> None:
    missing = [name for name, parameter in parameters.items() if parameter.required and not draft.has(parameter)]
    if missing:
        outline = parameters[missing[0]].outline
        lacking = [option for option in outline if option not in draft.places]
        if lacking and len(lacking) < len(outline):
            what, rest = listing([f"`{option}`" for option in lacking]), listing(f"`{o}`" for o in outline)
            faults.add(f"{draft.name} has no {what}", f"write both {rest.replace(' or ', ' and ')}", draft.place)
            return
        what = listing([f"`{name}`" for name in missing])
        remedy = f"write `{missing[0]}:` with its numbers below {draft.type.type}"
        if getattr(draft.type, "takes_class", False):
            remedy = "write `class: 2`, the number of the right class, or `target:` with a number for each class"
        faults.add(f"{draft.name} has no {what}", remedy, draft.place)


def _switch(parameter: Parameter, node: Node) -> bool | None:
    """Whether there is an optional parameter, where the file says no more: `bias: true`; None where it says numbers."""
    if parameter.required or parameter.default is not None or not isinstance(node, Scalar) or node.style is not None:
        return None
    return {"true": True, "false": False}.get(node.text.lower())


def _read_inputs(draft: Draft, key: str, node: Node, faults: Collector) -> None:
    """`input: NAME`, or `inputs: [NAME, NAME]`."""
    if draft.inputs is not None:
        faults.add("both `input` and `inputs` say what the layer takes", "keep one of them", node.place)
        return
    draft.inputs, draft.places["inputs"] = [], node.place
    for item in node.items if isinstance(node, Items) else [node]:
        if isinstance(item, Scalar) and not item.is_empty:
            draft.inputs.append(item)
        else:
            faults.add(f"`{key}` takes names of tensors", "write `inputs: [conv_1, relu_2]`", item.place)


def _read_share(draft: Draft, local: str, node: Fields, faults: Collector) -> None:
    """`weight: {share: W}`."""
    name = node.entries["share"][1]
    for key, _ in node.entries.values():
        if key.text != "share":
            message = f"{quoted(key.text)} stands beside `share`, and a shared tensor has everything from the first one"
            faults.add(message, f"keep `{{share: …}}` alone, or write the numbers of {draft.name} itself", key.place)
    if isinstance(name, Scalar) and not name.is_empty:
        draft.shared[local] = name
    else:
        faults.add("`share` takes the name of one parameter", "write `{share: W}`", name.place)


def _read_name(draft: Draft, node: Node, faults: Collector) -> None:
    name = read_text(node, "name", faults)
    if name is not None and check_name(name, node.place, faults):
        draft.name = name


def check_name(name: str | None, place: Place | None, faults: Collector) -> bool:
    """Whether a tensor can be called so; a fault where not."""
    if name is None or is_name(name):
        return True
    remedy = "begin with a letter, and go on with letters, digits, _ . or '"
    faults.add(f"{quoted(name)} cannot be the name of a tensor", remedy, place)
    return False
