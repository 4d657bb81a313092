"""Words of PyTorch, Keras and textbooks, read as what they are called here; what was read otherwise than typed is said.

A table by hand: nothing is guessed from spelling. Where a word means something that differs, that is a fault with the
right word, or the difference is put in.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cnncalc.language import Phrase
from cnncalc.layers import REGISTRY
from cnncalc.losses import REGISTRY as LOSS_REGISTRY
from cnncalc.optimizers import REGISTRY as RULE_REGISTRY
from cnncalc.problem.drafts import TAKEN
from cnncalc.problem.text.faults import Collector
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.wording import quoted
from cnncalc.problem.vocabulary import (
    CLASSES,
    ELSEWHERE,
    IN_TRAINING,
    KEYS,
    LAYERS,
    LOSSES,
    OF_CLASSES,
    OF_LOGITS,
    ONE_NUMBER,
    OPTIONS,
    RIGHT,
    RULE_OPTIONS,
    RULES,
    SIZES_TAKEN,
    WITH_BIAS,
    WITHOUT_MEANING,
)

_PREFIX = re.compile(r"^(?:(?:torch|tf|keras|nn|functional|F|layers|losses|optim|optimizers|activations)\.)+")

_SIZES = re.compile(r"\d+(?:\s*[x×]\s*\d+)+")
"""`3x227x227`, which is no number."""
READ_AS = Phrase(en="read as: {pairs}", zh="按以下含义读取：{pairs}")
ADDED = Phrase(
    en="{loss} takes scores, so {layer} was put before it, as it is in PyTorch",
    zh="{loss} 的输入是得分，因此按 PyTorch 的含义在其前加入了 {layer}",
)


ONCE = Phrase(
    en="{loss} takes scores in PyTorch, which would apply {layer} once more; here it takes what the last {layer} gives",
    zh="PyTorch 的 {loss} 以得分为输入，会再做一次 {layer}；此处直接取最后一层 {layer} 的输出",
)


class Reading(NamedTuple):
    """The layers and the loss in our words."""

    layers: Node | None
    loss: Node | None
    update: Node | None
    notices: list[Phrase]


def plain(word: str) -> str:
    """A word without its prefix, capitals, blanks, hyphens and underscores."""
    return re.sub(r"[\s_-]", "", _PREFIX.sub("", word.strip())).lower()


def layer_word(text: str) -> str | None:
    """What a layer is called here, by any of its words; None for none of ours."""
    return _known(LAYERS, text, REGISTRY)


def loss_word(text: str) -> str | None:
    """The same of a loss."""
    return _known(LOSSES, text, LOSS_REGISTRY)


def _known(table: Mapping[str, str], text: str, registry: Mapping[str, object]) -> str | None:
    word = plain(text)
    ours = table.get(word)
    if ours in registry:
        return ours
    return next((name for name in registry if plain(name) in (word, word.removesuffix("loss"))), None)


def with_our_keys(root: Fields, notices: list[Phrase]) -> Fields:
    """The file with the keys that are used here: `optimizer` is `update`."""
    entries: dict[str, tuple[Scalar, Node]] = {}
    said: list[str] = []
    for name, (key, node) in root.entries.items():
        ours = KEYS.get(name, name)
        if ours != name and (ours in root.entries or ours in entries):
            ours = name
        if ours != name:
            said.append(f"{name} = {ours}")
        if ours == "input" and isinstance(node, Scalar) and _SIZES.fullmatch(node.text):
            said.append(f"{name}: {node.text} = its shape")
            node = Fields({"shape": (key._replace(text="shape"), node)}, node.place)
        entries[ours] = (key._replace(text=ours), node)
    if said:
        notices.append(READ_AS.format(pairs=", ".join(said)))
    return Fields(entries, root.place)


def read_words(layers: Node | None, loss: Node | None, update: Node | None, faults: Collector) -> Reading:
    """Layers, loss and update with the words that are used here."""
    words = _Words(faults)
    made = layers
    if isinstance(layers, Items):
        made = Items([each for item in layers.items for each in words.layer(item)], layers.place)
    made_loss, before = words.loss(loss)
    has_it = (
        isinstance(made, Items) and bool(made.items) and _type_of(made.items[-1]) == before.text if before else False
    )
    if before is not None and has_it:
        words.notices.append(ONCE.format(loss=words.typed_loss, layer=before.text))
    elif before is not None and isinstance(made, Items):
        made = Items([*made.items, before], made.place)
        words.notices.append(ADDED.format(loss=words.typed_loss, layer=before.text))
    made_update = words.update(update) if update is not None else None
    return Reading(made, made_loss, made_update, words.all_notices())


def _called(node: Node) -> Node:
    """`nn.MaxPool2d(2)` with its options as a mapping; any other node as it is."""
    if not isinstance(node, Scalar) or "(" not in node.text:
        return node
    from cnncalc.problem.calls import CALL, as_fields

    if not CALL.fullmatch(node.text.strip()):
        return node
    return as_fields(node, plain(node.text.partition("(")[0])) or node


def _type_of(item: Node) -> str:
    if isinstance(item, Scalar):
        return item.text
    return next(iter(item.entries.values()))[0].text if isinstance(item, Fields) and item.entries else ""


class _Words:
    """What was read otherwise than typed, while the file is gone through."""

    def __init__(self, faults: Collector) -> None:
        self.faults = faults
        self.pairs: dict[str, str] = {}
        self.notices: list[Phrase] = []
        self.typed_loss = ""

    def all_notices(self) -> list[Phrase]:
        """One line for all words, and what was added."""
        pairs = ", ".join(f"{typed} = {ours}" for typed, ours in self.pairs.items())
        return [*([READ_AS.format(pairs=pairs)] if pairs else []), *self.notices]

    def said(self, typed: str, ours: str) -> None:
        """Note a word that is another one here; capitals alone make none."""
        if typed.lower() != ours and ours != TAKEN and typed not in IN_TRAINING:
            self.pairs[typed] = ours

    def layer(self, item: Node) -> Iterator[Node]:
        """One entry of the list; an activation among its options is an entry more."""
        item = _called(item)
        if isinstance(item, Scalar):
            ours = layer_word(item.text)
            if ours is None:
                yield from self._no_layer(item)
            else:
                self.said(item.text, ours)
                yield from self._with_defaults(item, ours, None)
            return
        if not isinstance(item, Fields) or len(item.entries) != 1:
            yield item
            return
        key, value = next(iter(item.entries.values()))
        if plain(key.text) == "activation" and isinstance(value, Scalar):
            self.said(f"{key.text}: {value.text}", plain(value.text))
            yield from self.layer(value)
            return
        ours = layer_word(key.text)
        if ours is None:
            yield from (item for _ in self._no_layer(key))
            return
        self.said(key.text, ours)
        yield from self._with_defaults(key, ours, value)

    def _no_layer(self, word: Scalar) -> Iterator[Node]:
        """A word that is no layer: a loss among the layers has a place of its own."""
        ours = loss_word(word.text)
        if ours is not None:
            message = f"{quoted(word.text)} is a loss, and stands among the layers"
            inside = "class: 2" if ours in ("cross_entropy", "nll") else "target: […]"
            self.faults.add(message, f"write `loss: {{{ours}: {{{inside}}}}}` beside `layers`", word.place)
        elif plain(word.text) in ELSEWHERE:
            remedy = ELSEWHERE[plain(word.text)] or "leave it out; `cnncalc format` lists the layers that there are"
            self.faults.add(f"{quoted(word.text)} is no layer here", remedy, word.place)
        else:
            yield word

    def _with_defaults(self, key: Scalar, ours: str, value: Node | None) -> Iterator[Node]:
        typed, renamed = plain(key.text), key._replace(text=ours)
        if isinstance(value, Items) and ours in ("add", "subtract", "multiply", "concat"):
            value = Fields({"inputs": (key._replace(text="inputs"), value)}, value.place)
        if isinstance(value, Scalar) and not value.is_empty:
            if typed == "adaptiveavgpool2d" and value.text in ("1", "(1, 1)"):
                value = None
            elif ours in ONE_NUMBER and value.style is None:
                option = ONE_NUMBER[ours]
                self.said(f"{key.text}: {value.text}", f"{option} {value.text}")
                value = Fields({option: (value._replace(text=option), value)}, value.place)
        if isinstance(value, Items) and ONE_NUMBER.get(ours) == "size" and not ours.endswith("1d"):
            value = Fields({"size": (key._replace(text="size"), value)}, value.place)
        activation = None
        entries = dict(value.entries) if isinstance(value, Fields) else {}
        if isinstance(value, Fields):
            entries, activation = self._options(ours, value)
        if typed == "batchnormalization" and "eps" not in entries:
            # Keras takes another ε than PyTorch and everybody else.
            entries["eps"] = (key._replace(text="eps"), key._replace(text="0.001", style=None))
            self.said(f"{key.text} without epsilon", "eps 0.001, as in Keras")
        if typed == "batchnormalization" and "momentum" in entries and "convention" not in entries:
            entries["convention"] = (key._replace(text="convention"), key._replace(text="keras", style=None))
            self.said(f"{key.text} with momentum", "convention keras")
        if typed == "softmax2d" and "over" not in entries:
            entries["over"] = (key._replace(text="over"), key._replace(text="channel", style=None))
        if typed in WITH_BIAS and key.text != ours and not entries.keys() & {"bias", "weight"}:
            entries["bias"] = (key._replace(text="bias"), key._replace(text="true", style=None))
            self.said(f"{key.text} without bias", "bias true, as it is there")
        if (
            typed in ("averagepooling2d", "averagepooling1d")
            and "padding" in entries
            and "count_padding" not in entries
        ):
            entries["count_padding"] = (key._replace(text="count_padding"), key._replace(text="false", style=None))
            self.said(f"{key.text} with padding", "count_padding false, as in Keras")
        if entries:
            place = value.place if value is not None else key.place
            yield Fields({ours: (renamed, Fields(entries, place))}, key.place)
        elif value is None or isinstance(value, Fields):
            yield renamed
        else:
            yield Fields({ours: (renamed, value)}, key.place)
        if activation is not None:
            yield activation

    def _options(self, ours: str, value: Fields) -> tuple[dict[str, tuple[Scalar, Node]], Scalar | None]:
        known, activation = OPTIONS.get(ours, {}), None
        if ours == "batch_norm" and "momentum" in value.entries:
            known = {**known, **IN_TRAINING}
        made: dict[str, tuple[Scalar, Node]] = {}
        spelt: dict[str, str] = {}
        for typed, (key, node) in value.entries.items():
            text = node.text.lower() if isinstance(node, Scalar) else ""
            if typed == "activation" and isinstance(node, Scalar):
                word = layer_word(node.text)
                if word is not None:
                    activation = node._replace(text=word, style=None)
                    self.said(f"activation: {node.text}", f"a layer {word} behind it")
                elif plain(node.text) not in ("linear", "none", "null"):
                    self.faults.add(f"there is no activation {quoted(node.text)}", "write it as a layer", node.place)
                continue
            if typed in WITHOUT_MEANING and text in WITHOUT_MEANING[typed]:
                continue
            if typed in RIGHT and not (typed == "axis" and ours == "concat"):
                if typed in ("dim", "axis") and text in ("1", "-1"):
                    continue
                message, remedy = RIGHT[typed]
                self.faults.add(message, remedy, key.place)
                continue
            name = self._option(ours, typed, node, known)
            if name in made:
                first = next(
                    word for word, (other, _) in value.entries.items() if other is made[name][0] or word == name
                )
                self.faults.add(f"`{first}` and `{typed}` say the same", "keep one of them", key.place)
                continue
            self.said(typed, name)
            if name == "padding" and text in ("same", "valid", "full", "causal") and isinstance(node, Scalar):
                node = node._replace(text=text)
            made[name], spelt[name] = (key._replace(text=name) if name != typed else key, node), typed
        return made, activation

    def _option(self, ours: str, typed: str, node: Node, known: Mapping[str, str]) -> str:
        """Our name for an option; a kernel or filters may be numbers, or how large, or how many."""
        if ours.startswith("conv") and typed in (
            "kernel",
            "filters",
            "filter",
        ):
            is_small = isinstance(node, Scalar) and "\n" not in node.text and node.text.strip().isdigit()
            is_pair = (
                isinstance(node, Items) and len(node.items) == 2 and all(isinstance(i, Scalar) for i in node.items)
            )
            if typed == "filters" and is_small:
                return "channels"
            return "size" if typed == "kernel" and (is_small or is_pair) else "weight"
        if typed in SIZES_TAKEN:
            return TAKEN
        return known.get(typed, typed)

    def loss(self, node: Node | None) -> tuple[Node | None, Scalar | None]:
        """The loss in our words, and the layer that makes what it takes where that is part of it."""
        node = _called(node) if node is not None else None
        if isinstance(node, Scalar):
            word = node
        elif isinstance(node, Fields) and len(node.entries) == 1:
            word = next(iter(node.entries.values()))[0]
        else:
            return node, None
        typed, ours = plain(word.text), loss_word(word.text)
        if ours is None:
            return node, None
        self.typed_loss = word.text
        self.said(word.text, ours)
        needed = OF_LOGITS.get(typed) if word.text != ours else None
        before = word._replace(text=needed, style=None) if needed else None
        if isinstance(node, Scalar):
            return node._replace(text=ours), before
        value = next(iter(node.entries.values()))[1]
        if isinstance(value, Items) or (isinstance(value, Scalar) and not value.is_empty):
            name = "class" if ours in ("cross_entropy", "nll") and _are_classes(value) else "target"
            if name == "class":
                self.said(f"{word.text}: {_text_of(value)}", "class, counted from index_base (PyTorch counts from 0)")
            value = Fields({name: (word._replace(text=name), value)}, value.place)
        if isinstance(value, Fields):
            value = self._target(ours, value)
        return Fields({ours: (word._replace(text=ours), value)}, node.place), before

    def update(self, node: Node) -> Node:
        """The update rule in our words: `SGD: {learning_rate: 0.1, momentum: 0.9}` is `momentum`."""
        node = _called(node)
        if isinstance(node, Scalar):
            word, value = node, None
        elif isinstance(node, Fields) and len(node.entries) == 1:
            word, value = next(iter(node.entries.values()))
        else:
            return node
        ours = _known(RULES, word.text, RULE_REGISTRY)
        if ours is None:
            return node
        if isinstance(value, Scalar) and not value.is_empty:
            value = Fields({"lr": (word._replace(text="lr"), value)}, value.place)
        if value is not None and not isinstance(value, Fields):
            return node
        made: dict[str, tuple[Scalar, Node]] = {}
        for typed, (key, inner) in value.entries.items() if value is not None else ():
            pairs: list[tuple[str, Node]] = [(RULE_OPTIONS.get(typed, typed), inner)]
            if typed == "betas" and isinstance(inner, Items) and len(inner.items) == 2:
                pairs = list(zip(("beta1", "beta2"), inner.items, strict=True))
            for name, each in pairs:
                if name in made:
                    self.faults.add(f"`{name}` and `{typed}` say the same", "keep one of them", key.place)
                self.said(typed, name)
                made[name] = (key._replace(text=name), each)
        if ours == "sgd" != word.text and "momentum" in made:
            ours = "momentum"
        self.said(word.text, ours)
        return Fields({ours: (word._replace(text=ours), Fields(made, word.place))}, word.place)

    def _target(self, ours: str, value: Fields) -> Fields:
        made: dict[str, tuple[Scalar, Node]] = {}
        for typed, (key, node) in value.entries.items():
            name = OF_CLASSES.get(typed, typed) if ours in ("cross_entropy", "nll") else typed
            if typed in CLASSES:
                name = "class" if ours in ("cross_entropy", "nll", "hinge") and _are_classes(node) else "target"
            if name in made:
                self.faults.add(f"`{made[name][0].text}` and `{typed}` say the same", "keep one of them", key.place)
                continue
            is_counted = name == "class" and typed != name
            self.said(typed, "class, counted from index_base (PyTorch counts from 0)" if is_counted else name)
            made[name] = (key._replace(text=name) if name != typed else key, node)
        return Fields(made, value.place)


def _text_of(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else "[…]"


def _are_classes(node: Node) -> bool:
    """Whether whole numbers stand there that name classes, and no distribution: one number, or several above 1."""
    if isinstance(node, Scalar):
        return "\n" not in node.text
    texts = [item.text for item in node.items if isinstance(item, Scalar)] if isinstance(node, Items) else []
    whole = isinstance(node, Items) and len(texts) == len(node.items) and all(text.isdigit() for text in texts)
    return whole and sum(map(int, texts)) != 1
