"""A whole file in our words: its keys, its layers, its loss, and what people write beside the layer it belongs to."""

from collections.abc import Iterator

from cnncalc.problem.names import is_name
from cnncalc.problem.tensor.tensors import KEYS as TENSOR_KEYS
from cnncalc.problem.text.faults import Collector
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar, mapping_in
from cnncalc.problem.text.pattern import pattern
from cnncalc.problem.words.entries import called, tensor_in_our_words, typed_apart
from cnncalc.problem.words.layer_words import LayerWords
from cnncalc.problem.words.loss_words import loss_in_our_words, rule_in_our_words
from cnncalc.problem.words.spelling import (
    AS_LAYER,
    AS_LIST,
    INPUT_SHAPE,
    ITS_SHAPE,
    NO_LOSS,
    OPTIONS_OF,
    THE_INPUT,
    Said,
    layer_word,
    loss_word,
    plain,
    rule_word,
    without_number,
)
from cnncalc.problem.words.vocabulary import (
    ACTIVATION,
    AXES,
    CLASSES,
    FILE_KEYS,
    FILTER_WORDS,
    INPUT,
    INPUT_LAYERS,
    INPUT_SHAPES,
    KEYS,
    OF_ONE_LAYER,
    ORDERS,
    OUTPUTS,
    POOLS,
    RATES,
    TARGETS,
    TENSORS,
    WHOLES,
)

_NUMBER = pattern(r"[-+−]?[\d.]")
_SIZES = pattern(r"\d+(?:\s*[x×]\s*\d+)+")
"""`3x227x227`, which is no number."""
_UPSTREAM = pattern(r"(?:[d∂](?:L|J|E|[Ll]oss)\s*[_/]?\s*[d∂]|grad_)\w+")
"""`dLdZ`, which is given: the gradient of the last output."""
_LAST = {"upstream", "loss", "expressions"}
_NONE = ("none", "no", "nothing", "false", "无", "没有")
_Pair = tuple[Scalar, Node]


def in_our_words(root: Fields, said: Said, faults: Collector) -> tuple[Fields, tuple[str, ...]]:
    """The file with the words that are used here; what differs is in `said`. Beside it the ends of its `parts`."""
    file = _File(root, said, faults)
    return file.read(), file.ends


def mapping_in_our_words(text: str) -> Fields | None:
    """The mapping of a problem file with our words; None where the text cannot be read."""
    root = mapping_in(text)
    return None if root is None else in_our_words(root, Said(), Collector())[0]


def _is_layer(node: Node) -> bool:
    """Whether a word of a layer stands there, or the weight of one."""
    node = typed_apart(node, layer_word)
    if isinstance(node, Fields) and len(node.entries) == 1 and layer_word(next(iter(node.entries))):
        return True
    if isinstance(node, Scalar):
        return layer_word(node.text) is not None
    return isinstance(node, Fields) and any(TENSORS.get(plain(name)) == "weight" for name in node.entries)


def key_of(name: str) -> str:
    """What a key is called here; as it is where it is none."""
    word = name.strip().lower().replace(" ", "_").replace("-", "_")
    return word if word in FILE_KEYS else KEYS.get(word, name)


class _File:
    def __init__(self, root: Fields, said: Said, faults: Collector) -> None:
        self.root, self.said, self.faults = root, said, faults
        self.entries: dict[str, _Pair] = {}
        self.ends: tuple[str, ...] = ()

    def read(self) -> Fields:
        entries = self.root.entries
        ours = {name: key_of(name) for name in entries}
        if not {"layers", "loss", "upstream", "parts", "expressions"} & {*ours.values()}:
            from cnncalc.problem.words.without_layers import circuit

            known = [name for name in entries if ours[name] in FILE_KEYS and ours[name] != "input"]
            entries = circuit(entries, known, self.said) or entries
        for name, pair in entries.items():
            self._key(name, *pair)
        self._input_by_name()
        if "expressions" in self.entries:
            if (rule := self._get("update")) is not None:
                made_rule = rule_in_our_words(rule, self.said, self.faults)
                self.entries["update"] = (self.entries["update"][0], made_rule)
            return Fields(self.entries, self.root.place)
        inputs = self._get("inputs")
        named = inputs.entries if isinstance(inputs, Fields) else ()
        words = LayerWords(self.said, self.faults, {*self.root.entries, *self._names_within()}, named)
        self._gather()
        self._loss_among_layers()
        layers = words.layers(self._get("layers"), self.entries)
        if "parts" in self.entries:
            from cnncalc.problem.parts import with_parts

            if layers is not None:
                self.entries["layers"] = (self.entries["layers"][0], layers)
            self.ends = with_parts(self.entries, words, self.faults)
            layers = self._get("layers")
        if isinstance(layers, Items) and self.entries.keys() - set(FILE_KEYS):
            from cnncalc.problem.words.beside import placed

            layers = placed(layers, self.entries, FILE_KEYS, self.said)
        self._put_beside()
        self._input_by_elimination()
        loss, layers = loss_in_our_words(self._get("loss"), layers, self.said, self.faults)
        update = self._get("update")
        made = (
            ("layers", layers),
            ("loss", loss),
            ("update", update and rule_in_our_words(update, self.said, self.faults)),
        )
        for name, node in made:
            if node is not None and (name in self.entries or name == "layers"):
                # The one layer that a loss begins with has no key in the file.
                key = self.entries[name if name in self.entries else "loss"][0]
                self.entries[name] = (key, node)
        order = self._get("order")
        if isinstance(order, Scalar) and plain(order.text) in ORDERS:
            self.said.word(order.text, ORDERS[plain(order.text)])
            self.entries["order"] = (self.entries["order"][0], order._replace(text=ORDERS[plain(order.text)]))
        return Fields(self.entries, self.root.place)

    def _input_by_name(self) -> None:
        """`input: x`, where `x` stands beside it."""
        key, node = self.entries.get("input", (None, None))
        if key is None or not isinstance(node, Scalar) or node.text not in self.entries or node.text in FILE_KEYS:
            return
        value = self.entries.pop(node.text)[1]
        self.entries["input"] = (key, key.mapping({"name": node, "value": value}, value.place))

    def _input_by_elimination(self) -> None:
        """The one list that no layer has, where nothing else is the input: `A: [1, 2, 3]`."""
        left = [name for name, (_, node) in self.entries.items() if name not in FILE_KEYS and isinstance(node, Items)]
        if len(left) != 1 or not is_name(left[0]) or {"input", "inputs", "training"} & self.entries.keys():
            return
        key, value = self.entries.pop(left[0])
        self.said.word(left[0], THE_INPUT)
        self.entries |= key.mapping({"input": key.mapping({"name": key, "value": value}, value.place)}).entries

    def _gather(self) -> None:
        """Layers that are keys of the file itself, and an input that is the first layer, in their places."""
        if not self.entries.keys() & {"layers", "parts"} and "input" in self.entries:
            from cnncalc.problem.words.without_layers import equations, numbered_weights

            made = equations(self.entries, FILE_KEYS, self.said) or numbered_weights(self.entries, self.faults)
            if made is not None:
                at = made.place
                self.entries["layers"] = (Scalar("layers", at.line, at.column, at.length), made)
        layers = self._get("layers")
        has_layers = layers is not None or "parts" in self.entries
        mine: list[Node] = []
        no_layers = {*TENSORS, *(ACTIVATION if any(plain(name) in TENSORS for name in self.entries) else ())}
        for name, (key, node) in list(self.entries.items()):
            kind_of = without_number(name)
            is_known = layer_word(kind_of) is not None or plain(kind_of) in POOLS
            is_layer = not has_layers and is_known and plain(name) not in no_layers
            is_output = plain(name) in OUTPUTS and _is_layer(node)
            if name in FILE_KEYS or not (is_layer or is_output):
                continue
            self.said.word(name, AS_LAYER)
            kind = key._replace(text="fc") if is_output else key
            is_word = is_output and isinstance(node, Scalar)
            mine.append(node if is_word else Fields({kind.text: (kind, node)}, key.place))
            del self.entries[name]
        last = layers.items[-1] if isinstance(layers, Items) and layers.items else None
        if mine and isinstance(mine[0], Scalar) and isinstance(last, Scalar):
            mine = mine if layer_word(mine[0].text) != layer_word(last.text) else mine[1:]  # it stands there
        if not has_layers and not mine:
            mine = self._only_layer()
        if mine and (layers is None or isinstance(layers, Items)):
            items = layers.items if isinstance(layers, Items) else []
            at = mine[0].place
            self.entries["layers"] = (Scalar("layers", at.line, at.column, at.length), Items([*items, *mine], at))
        layers = self._get("layers")
        first = called(layers.items[0]) if isinstance(layers, Items) and layers.items else None
        first = typed_apart(first, lambda word: word if plain(word) in INPUT_LAYERS else None) if first else None
        if isinstance(first, Fields) and isinstance(layers, Items) and not self.entries.keys() & {"input", "inputs"}:
            word, value = next(iter(first.entries.values()))
            if len(first.entries) == 1 and plain(word.text) in INPUT_LAYERS:
                node = value if isinstance(value, Fields) else word.mapping({"shape": value}, value.place)
                self.entries |= word.mapping({"input": self._input(word.text, word, node)}).entries
                self.entries["layers"] = (self.entries["layers"][0], Items(layers.items[1:], layers.place))

    def _loss_among_layers(self) -> None:
        """`L = BCE(yhat, y)` as the last of equations."""
        key, layers = self.entries.get("layers", (None, None))
        last = layers.items[-1] if isinstance(layers, Items) and layers.items else None
        if key is None or not isinstance(layers, Items) or not isinstance(last, Scalar) or "=" not in last.text:
            return
        from cnncalc.problem.words.without_layers import loss_of_formula

        right = last.text.partition("=")[2].strip()
        loss = loss_of_formula(last._replace(text=right), self.said)
        if "loss" not in self.entries and not (isinstance(loss, Scalar) and loss.text == right):
            self.entries["loss"] = (last._replace(text="loss"), loss)
            self.entries["layers"] = (key, Items(layers.items[:-1], layers.place))

    def _only_layer(self) -> list[Node]:
        """The one layer whose weight and options are keys of the file itself, and its activation."""
        words = {name: key for name, (key, _) in self.entries.items() if name not in FILE_KEYS}
        weight = next((name for name in words if TENSORS.get(plain(name)) == "weight"), None)
        if weight is None or "input" not in self.entries:
            return []
        kind = "conv" if plain(weight) in FILTER_WORDS else "fc"
        mine = [name for name in words if name == weight or name in OF_ONE_LAYER or plain(name) in OF_ONE_LAYER]
        options = {name: self.entries.pop(name) for name in mine}
        self.said.word(", ".join(mine), OPTIONS_OF.format(layer=kind))
        key = words[weight]._replace(text=kind)
        return [Fields({kind: (key, Fields(options, key.place))}, key.place)]

    def _names_within(self) -> Iterator[str]:
        """What stands in groups: `parameters: {W1: …, b1: …}`."""
        for name, (_, node) in self.root.entries.items():
            if name not in FILE_KEYS and isinstance(node, Fields):
                yield from node.entries

    def _get(self, name: str) -> Node | None:
        return self.entries[name][1] if name in self.entries else None

    def _key(self, name: str, key: Scalar, node: Node) -> None:
        """Note one entry under our key; a network within which the whole file stands is none."""
        ours = key_of(name)
        if (
            isinstance(node, Fields)
            and ours in ("layers", "config", "given")
            and any(key_of(each) in ("layers", "input") for each in node.entries)
            and not (ours == "given" and "input" in map(key_of, self.root.entries))
        ):
            for inner, pair in node.entries.items():
                self._key(inner, *pair)
            return
        if ours in ("type", "class_name") and isinstance(node, Scalar) and plain(node.text) in WHOLES:
            return
        word = plain(name)
        if word in INPUT_SHAPES and not any(key_of(each) in ("input", "inputs") for each in self.root.entries):
            self.said.word(name, INPUT_SHAPE)
            ours, node = "input", key.mapping({"shape": node}, node.place)
        if ours == name and _UPSTREAM.fullmatch(name) and not _LAST.intersection(map(key_of, self.root.entries)):
            ours = "upstream"
        if ours == "inputs" and not isinstance(node, Fields):
            ours = "input"
        if name == "问题" and isinstance(node, Scalar):
            ours = "title"
        if ours != name and (ours in self.root.entries or ours in self.entries):
            ours = name
        self.said.word(name, ours)
        if ours == "loss" and isinstance(node, Scalar) and (node.is_empty or node.text.lower() in _NONE):
            if not node.is_empty:
                self.said.word(f"{name}: {node.text}", NO_LOSS)
            return
        if ours == "input":
            node = self._input(name, key, node)
        if ours == "loss" and isinstance(node, Scalar):
            from cnncalc.problem.words.without_layers import loss_of_formula

            node = loss_of_formula(node, self.said)
        self.entries[ours] = (key._replace(text=ours), node)

    def _input(self, name: str, key: Scalar, node: Node) -> Node:
        """`3x227x227` and `{size: […]}` with the word for it."""
        if isinstance(node, Scalar) and _SIZES.fullmatch(node.text):
            self.said.word(f"{name}: {node.text}", ITS_SHAPE)
            return key.mapping({"shape": node}, node.place)
        if not isinstance(node, Fields):
            return node
        each = [value for _, value in node.entries.values()]
        are_numbers = all(isinstance(value, Scalar) and _NUMBER.match(value.text) for value in each)
        if are_numbers and each and not any(plain(typed) in (*AXES, *INPUT, *TENSOR_KEYS) for typed in node.entries):
            self.said.word(", ".join(node.entries), AS_LIST)
            return Items(each, node.place)
        axes = {AXES[plain(typed)]: value for typed, (_, value) in node.entries.items() if plain(typed) in AXES}
        if {"height", "width"} <= axes.keys() and "shape" not in node.entries:
            self.said.word(", ".join(typed for typed in node.entries if plain(typed) in AXES), ITS_SHAPE)
            items = [axes[axis] for axis in dict.fromkeys(AXES.values()) if axis in axes]
            rest = {typed: pair for typed, pair in node.entries.items() if plain(typed) not in AXES}
            node = Fields({**key.mapping({"shape": Items(items, node.place)}).entries, **rest}, node.place)
        return tensor_in_our_words(node, self.said)

    def _target_by_name(self) -> None:
        """`labels: y` in the loss, where `y` stands beside it."""
        loss = self._get("loss")
        options = next(iter(loss.entries.values()))[1] if isinstance(loss, Fields) and len(loss.entries) == 1 else loss
        for name, (key, node) in [*options.entries.items()] if isinstance(options, Fields) else []:
            is_target = plain(name) in CLASSES or name.lower() in TARGETS
            if is_target and isinstance(node, Scalar) and node.text in self.entries and not node.text.isdigit():
                options.entries[name] = (key, self.entries.pop(node.text)[1])  # type: ignore[union-attr]

    def _put_beside(self) -> None:
        """The target and the rate that stand beside the loss and the update."""
        self._target_by_name()
        for names, owner in ((TARGETS, "loss"), (RATES, "update")):
            for name in [name for name in self.entries if name.lower() in names]:
                if owner == "update" and "update" not in self.entries and "loss" in self.entries:
                    self.entries |= self.entries[name][0].mapping({"update": "sgd"}).entries
                whole = self._with(self._get(owner), *self.entries[name])
                if whole is not None:
                    self.said.word(name, f"{owner}: {{{name}: …}}")
                    self.entries[owner] = (self.entries[owner][0], whole)
                    del self.entries[name]

    @staticmethod
    def _with(owner: Node | None, key: Scalar, value: Node) -> Node | None:
        """A loss or a rule with an option more; None where it has no place for it."""
        if owner is not None:
            owner = typed_apart(called(owner), lambda word: loss_word(word) or rule_word(word))
        if isinstance(owner, Scalar):
            return owner.mapping({owner.text: Fields({key.text: (key, value)}, owner.place)})
        if not isinstance(owner, Fields) or len(owner.entries) != 1:
            return None
        word, options = next(iter(owner.entries.values()))
        if isinstance(options, Scalar) and options.is_empty:
            options = Fields({}, word.place)
        if not isinstance(options, Fields) or key.text in options.entries:
            return None
        inside = Fields({**options.entries, key.text: (key, value)}, options.place)
        return word.mapping({word.text: inside}, owner.place)
