"""Parameters that stand beside the layers: `K: [[1, 0], [0, 1]]` with `conv: {weight: K}`, `W1`, `fc1.bias`."""

import re
from collections.abc import Iterable, Sequence

from cnncalc.layers import REGISTRY
from cnncalc.problem.names import is_name
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.words.spelling import AS_THERE, OF_LAYER, Said, layer_word, plain
from cnncalc.problem.words.vocabulary import TENSORS

_NUMBERED = re.compile(r"(?P<word>.*?[^\W\d])_?(?P<number>\d*)")
_Pair = tuple[Scalar, Node]


class Entry:
    """A layer of the list, in our words."""

    def __init__(self, item: Scalar | Fields, number: int) -> None:
        value: Node | None = None
        if isinstance(item, Scalar):
            self.key = item
        elif isinstance(item, Fields):
            self.key, value = next(iter(item.entries.values()))
        self.type, self.number = self.key.text, number
        self.options = dict(value.entries) if isinstance(value, Fields) else {}
        known = REGISTRY[self.type].parameters if self.type in REGISTRY else ()
        self.parameters = [parameter.name for parameter in known]
        name = self.options.get("name")
        self.name = name[1].text if name and isinstance(name[1], Scalar) else f"{self.type}_{number}"

    def lacks(self, local: str) -> bool:
        """Whether it has such a parameter, and no numbers for it: `bias: true` has none."""
        given = self.options.get(local)
        is_switch = given is not None and isinstance(given[1], Scalar) and given[1].text.lower() == "true"
        return local in self.parameters and (given is None or is_switch)

    def has_usual_bias(self) -> bool:
        """Whether its bias is there because it is in the library of its word."""
        bias = self.options.get("bias")
        return bias is not None and bias[1].place == self.key.place

    def node(self) -> Node:
        """The entry of the list."""
        if not self.options:
            return self.key
        return Fields({self.type: (self.key, Fields(self.options, self.key.place))}, self.key.place)


def entries_of(items: Sequence[Node]) -> list[Entry]:
    """The layers up to the first that is none; each with the number of its type, and so its name."""
    counts: dict[str, int] = {}
    found: list[Entry] = []
    for item in items:
        if not isinstance(item, Scalar) and not (isinstance(item, Fields) and len(item.entries) == 1):
            break
        found.append(Entry(item, 0))
        counts[found[-1].type] = counts.get(found[-1].type, 0) + 1
        found[-1] = Entry(item, counts[found[-1].type])
    return found


def layers_of(root: Fields) -> list[Entry]:
    """The layers of a file in our words."""
    layers = root.get("layers")
    return entries_of(layers.items) if isinstance(layers, Items) else []


def placed(items: Items, entries: dict[str, _Pair], known: Iterable[str], said: Said) -> Items:
    """The layers with the parameters among the entries of the file that are no keys of one; those are taken out."""
    layers = entries_of(items.items)
    if len(layers) < len(items.items):
        return items
    for name in [name for name in entries if name not in known]:
        key, node = entries[name]
        group = (
            node.entries if isinstance(node, Fields) and not node.entries.keys() & {"value", "fill", "shape"} else {}
        )
        left = {word: pair for word, pair in group.items() if not _place(*pair, layers, said)}
        if left:
            entries[name] = (key, Fields(left, node.place))
        elif group or _place(key, node, layers, said):
            del entries[name]
    for layer in layers:
        if "weight" in layer.options and layer.has_usual_bias():
            # Whoever writes the weight down would write the bias as well.
            del layer.options["bias"]
    if not any(layer.has_usual_bias() for layer in layers):
        said.unsaid(AS_THERE.format(option="bias true"))
    return Items([layer.node() for layer in layers], items.place)


def _place(key: Scalar, node: Node, layers: list[Entry], said: Said) -> bool:
    """Whether a parameter has found its layer."""
    if isinstance(node, Scalar) and node.is_empty:
        return False
    users = [
        (layer, local) for layer in layers for local, (_, value) in layer.options.items()
        if local in layer.parameters and isinstance(value, Scalar) and value.text == key.text
    ]  # fmt: skip
    if users:
        for at, (layer, local) in enumerate(users):
            again = key.mapping({"share": key})
            layer.options[local] = (layer.options[local][0], again if at else _named(key, node))
        return True
    owner = _owner(key.text, layers)
    if owner is None:
        return False
    layer, local = owner
    layer.options[local] = (key._replace(text=local), _named(key, node))
    said.word(key.text, OF_LAYER.format(parameter=local, layer=layer.name))
    return True


def _owner(typed: str, layers: list[Entry]) -> tuple[Entry, str] | None:
    """The one layer that a name speaks of, and its parameter: `fc1.weight`, `W1` of the first that has one, `bias`."""
    front, dot, behind = typed.rpartition(".")
    local = TENSORS.get(plain(behind))
    if dot and local is not None and front.isdigit():  # of PyTorch's Sequential, whose layers are counted from 0
        chosen = layers[int(front) : int(front) + 1]
        return next(((layer, local) for layer in chosen if layer.lacks(local)), None)
    if dot and local is not None:
        return next(((layer, local) for layer in _called(front, layers) if layer.lacks(local)), None)
    numbered = _NUMBERED.fullmatch(typed)
    local = TENSORS.get(plain(numbered["word"])) if numbered else None
    if numbered is None or local is None:
        return next(((layer, "weight") for layer in _called(typed, layers) if layer.lacks("weight")), None)
    having = [layer for layer in layers if local in layer.parameters]
    at = int(numbered["number"]) - 1 if numbered["number"] else 0
    if not 0 <= at < len(having) or (not numbered["number"] and len(having) > 1) or not having[at].lacks(local):
        return None
    return having[at], local


def _called(typed: str, layers: list[Entry]) -> list[Entry]:
    """The layers that a name may speak of; a type alone speaks of the only one of it."""
    alike = [layer for layer in layers if layer_word(typed) == layer.type]
    return [layer for layer in layers if _is_called(layer, typed)] or (alike if len(alike) == 1 else [])


def _is_called(layer: Entry, typed: str) -> bool:
    numbered = _NUMBERED.fullmatch(typed)
    by_number = numbered is not None and numbered["number"] == str(layer.number)
    return plain(typed) == plain(layer.name) or (
        by_number and numbered is not None and layer_word(numbered["word"]) == layer.type
    )


def _named(key: Scalar, node: Node) -> Node:
    """The tensor with the name that it has beside the layers, if a tensor can be called so."""
    if not is_name(key.text):
        return node
    own = node.entries if isinstance(node, Fields) else key.mapping({"value": node}).entries
    return Fields({**key.mapping({"name": key}).entries, **own}, node.place)
