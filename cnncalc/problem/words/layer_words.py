"""The layers in our words: their types, their names, and their options."""

from collections import Counter
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from cnncalc.language import Phrase
from cnncalc.layers import REGISTRY
from cnncalc.problem.drafts import MOST_LAYERS
from cnncalc.problem.names import is_name
from cnncalc.problem.text.faults import Collector, quoted
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.pattern import pattern
from cnncalc.problem.text.scalars import sizes
from cnncalc.problem.words.entries import called, tensor_in_our_words, typed_apart
from cnncalc.problem.words.layer_options import adaptive, defaults, has_column_for_each, option, padded, parts_of
from cnncalc.problem.words.spelling import (
    BEHIND_IT,
    BY_COLUMNS,
    BY_ROWS,
    CALLED,
    CONVOLUTION,
    Said,
    layer_word,
    loss_word,
    plain,
    without_number,
)
from cnncalc.problem.words.vocabulary import (
    ACTIVATION,
    ELSEWHERE,
    OF_LOGITS,
    ONE_NUMBER,
    POOLS,
    POOLS_BY_KIND,
    RIGHT,
    TAKEN,
    WITHOUT_MEANING,
)

if TYPE_CHECKING:
    from cnncalc.problem.words.written_layers import Equations

_SIZED = pattern(r"(?i:conv(?:2d)?)_?((\d+)x\2)")
"""`conv1x1`."""
_COUNTED = pattern(r"(?i:conv(?P<size>\d)|fc|dense|linear)-(?P<count>\d+)")
"""`conv3-64` and `FC-4096`, as the tables of papers have them."""
_JOINING = ("add", "subtract", "multiply", "concat")
_SAID = pattern(r"[\s(]")
"""What a layer has that is said with its options in one line."""
_SPOKEN = pattern(r"\d\s*[@x×]\s*\d|\d+ \w|\w \d")
_ARROW = pattern(r"\s*(?:->|→|=>|[|]>|➔|➜)\s*")
_BETWEEN = pattern(r"\s*[,，;；、\n]\s*")
_Pair = tuple[Scalar, Node]


class LayerWords:
    """Reads entries of the list of layers; what was read otherwise than typed is said."""

    def __init__(self, said: Said, faults: Collector, beside: Container[str] = (), inputs: Container[str] = ()) -> None:
        """`beside` are the keys of the file, whose tensors a layer may name; `inputs` are those of `inputs`."""
        self.said = said
        self.faults = faults
        self.beside, self.inputs = beside, inputs
        self.equations: Equations | None = None
        self.counts: Counter[str] = Counter()
        """Of words that are several layers here, how many there have been."""

    def layers(self, node: Node | None, entries: dict[str, _Pair] | None = None) -> Node | None:
        """The list of layers; as it is where it is none.

        Of the `entries` of the file those are taken out that are the options of a lone word: `conv: {…}` beside `conv`.
        """
        items = self._as_list(node)
        if items is None or len(items.items) > MOST_LAYERS:
            return node
        words = [item.text if isinstance(item, Scalar) else "" for item in items.items]
        own = {
            word: entries.pop(word) for word in words
            if entries and words.count(word) == 1 and word in entries and isinstance(entries[word][1], Fields)
        }  # fmt: skip
        each_item = [Fields({word: own[word]}, item.place) if word in own else item
                     for word, item in zip(words, items.items, strict=True)]  # fmt: skip
        return Items([each for item in each_item for each in self.layer(item)], items.place)

    def _as_list(self, node: Node | None) -> Items | None:
        """A list, a chain of words (`fc -> relu`), or a mapping with a layer for each key."""
        if isinstance(node, Items):
            return node
        if isinstance(node, Scalar) and not node.is_empty:
            between = _ARROW if _ARROW.search(node.text) else _BETWEEN
            words = [word for word in between.split(node.text.strip()) if word]
            if between is _BETWEEN and "(" in node.text:
                from cnncalc.problem.words.written_layers import in_sequence

                words = in_sequence(node.text) or []
            fronts = [word.partition("(")[0].split() or [""] for word in words]
            kinds = [(without_number(each[0]), "".join(each)) for each in fronts]
            if words and all(plain(first) in POOLS or layer_word(first) or layer_word(whole) for first, whole in kinds):
                return Items([node.word(word) for word in words], node.place)
        # A word that is no layer among those that are gets a fault of its own.
        if isinstance(node, Fields) and any(self._is_layer(*pair) for pair in node.entries.values()):
            return Items([Fields({name: pair}, pair[0].place) for name, pair in node.entries.items()], node.place)
        return None

    @staticmethod
    def _is_layer(key: Scalar, value: Node) -> bool:
        if layer_word(without_number(key.text)) is not None:
            return True
        value = typed_apart(called(value), layer_word)
        if isinstance(value, Fields) and len(value.entries) == 1:
            value = next(iter(value.entries.values()))[0]
        return isinstance(value, Scalar) and layer_word(value.text.partition("(")[0]) is not None

    def layer(self, item: Node) -> Iterator[Node]:
        """One entry of the list; an activation among its options is an entry more."""
        item = typed_apart(called(item), layer_word)
        several = self._as_list(item) if isinstance(item, Scalar) and item.style is None and ")," in item.text else None
        if several is not None:
            for each in several.items:
                yield from self.layer(each)
            return
        if isinstance(item, Scalar) and item.style != "|" and _SAID.search(item.text) and not layer_word(item.text):
            from cnncalc.problem.words.speech import as_said
            from cnncalc.problem.words.written_layers import Equations

            self.equations = self.equations or Equations(self.beside, self.inputs)
            *before, item = self.equations.layers(item) or [as_said(item, self.faults)]
            for each in before:
                yield from self.layer(each)
        if isinstance(item, Scalar):
            yield from self._typed(item, None, item)
        elif isinstance(item, Fields) and len(item.entries) == 1:
            key, value = next(iter(item.entries.values()))
            yield from self._typed(key, value, item)
        elif isinstance(item, Fields):
            # Options that stand beside their layer: a fault, which speaks of the layer in our words.
            yield Fields({layer_word(name) or name: pair for name, pair in self._renamed(item)}, item.place)
        else:
            yield item

    @staticmethod
    def _renamed(item: Fields) -> Iterator[tuple[str, _Pair]]:
        for name, (key, value) in item.entries.items():
            yield name, (key._replace(text=layer_word(name) or name), value)

    def _typed(self, word: Scalar, value: Node | None, item: Node) -> Iterator[Node]:
        """A layer by its word; one behind its name (`conv1: Conv2d(1, 6, 5)`); a numbered word is both."""
        kind = _kind(value) if plain(word.text) in ACTIVATION else None
        if kind is not None:
            self.said.word(f"{word.text}: {kind.text}", plain(kind.text))
            rest = [pair for pair in value.entries.items() if pair[1][1] != kind] if isinstance(value, Fields) else []
            yield from self.layer(Fields({kind.text: (kind, Fields(dict(rest), kind.place))}, kind.place))
            return
        typed = typed_apart(value, layer_word) if isinstance(value, Fields) and "type" in value.entries else None
        if typed is not None and self._is_entry(typed):
            yield from self.layer(_with_name(typed, word))
            return
        call = called(value) if isinstance(value, Scalar) and "(" in value.text else None
        said = _with_name(call, word) if call is not None and self._is_entry(call) else self._said(word, value)
        if said is not None:
            yield from self.layer(said)  # `flatten: Flatten()`, `pool: max 2x2`
            return
        parts = parts_of(word, value, self.counts, self.said)
        if parts is not None:
            for part in parts:
                yield from self.layer(part)
            return
        ours = layer_word(word.text)
        if ours is not None:
            if plain(word.text).startswith("adaptive"):
                ours, value = adaptive(word, ours, value)
            self.said.word(word.text, ours)
            yield from self._with_defaults(word, ours, value)
            return
        pool = _pool(value) if plain(without_number(word.text)) in POOLS else None
        if pool is not None:
            self.said.word(word.text, pool[0])
            kind = word._replace(text=without_number(word.text))
            pooled: Node = Fields({kind.text: (kind, pool[1])}, word.place)
            pooled = pooled if kind.text == word.text else _with_name(pooled, word)
            options = pooled.entries[kind.text][1] if isinstance(pooled, Fields) else pool[1]
            yield from self._with_defaults(kind, pool[0], options)
            return
        inner = typed_apart(called(value), layer_word) if value is not None else None
        is_name = plain(word.text) not in ELSEWHERE or plain(word.text) in POOLS
        if is_name and inner is not None and self._is_entry(inner):
            yield from self.layer(_with_name(inner, word))
            return
        numbered = layer_word(without_number(word.text))
        if numbered is not None:
            self.said.word(word.text, CALLED.format(layer=numbered, name=word.text))
            renamed = word._replace(text=without_number(word.text))
            made = Fields({renamed.text: (renamed, value)}, word.place) if value is not None else renamed
            named = _with_name(made, word)
            assert isinstance(named, Fields), "it has a name"
            key, options = next(iter(named.entries.values()))
            yield from self._with_defaults(key, numbered, options)
            return
        sized = _SIZED.fullmatch(word.text)
        if sized is not None and isinstance(value, Fields):
            is_said = value.entries.keys() & {"weight", "kernel", "size"}
            own = {} if is_said else word.mapping({"size": sized[1]}).entries
            self.said.word(word.text, CONVOLUTION.format(size=sized[1]))
            yield from self.layer(word.mapping({"conv": Fields({**own, **value.entries}, value.place)}))
            return
        yield from self._no_layer(word, item)

    def _said(self, word: Scalar, value: Node | None) -> Node | None:
        """`conv1: 6@5x5, stride 2` and `pool: max 2x2` as a layer with options; None where they are not said so."""
        if not isinstance(value, Scalar) or value.style is not None or not _SPOKEN.search(value.text):
            return None
        from cnncalc.problem.words.speech import as_said

        front, _, rest = value.text.partition(" ")
        kind = without_number(word.text)
        pool = POOLS_BY_KIND.get(plain(front)) if plain(kind) in POOLS else None
        made = as_said(value._replace(text=f"{pool} {rest}" if pool else f"{kind} {value.text}"), self.faults)
        if not isinstance(made, Fields):
            return None
        return made if kind == word.text else _with_name(made, word)

    @staticmethod
    def _is_entry(node: Node) -> bool:
        """Whether a layer stands there: its word, or a word with options."""
        if isinstance(node, Scalar):
            return layer_word(node.text) is not None
        return isinstance(node, Fields) and len(node.entries) == 1 and layer_word(next(iter(node.entries))) is not None

    def _no_layer(self, word: Scalar, item: Node) -> Iterator[Node]:
        """A word that is no layer: a loss among the layers has a place of its own."""
        ours = loss_word(word.text)
        first, dash, second = word.text.partition(" - ")
        if word.style is None and ":" in word.text:
            from cnncalc.problem.text.syntax import colon_fault

            value = next(iter(item.entries.values()))[1] if isinstance(item, Fields) else None
            behind = f": {value.text}" if isinstance(value, Scalar) else ""
            fault = colon_fault(word.text + behind, word.place)
            if fault is not None:
                self.faults.add(fault.message, fault.remedy, fault.place)
                return
        counted = _COUNTED.fullmatch(word.text)
        if counted is not None:
            remedy = f"write `fc: {{units: {counted['count']}}}`"
            if counted["size"]:
                options = f"{{channels: {counted['count']}, size: {counted['size']}}}"
                remedy = f"write `conv: {options}`, and the padding that is meant"
            self.faults.add(f"{quoted(word.text)} is no layer here", remedy, word.place)
        elif dash and word.style is None:
            message = f"`- {second}` is indented further than `- {first}`"
            self.faults.add(message, "begin lines that belong together in the same column", word.place)
        elif ours is not None:
            message = f"{quoted(word.text)} is a loss, and stands among the layers"
            inside = "class: 2" if ours in ("cross_entropy", "nll", "focal") else "target: […]"
            # One that takes scores keeps its word, which brings the softmax along.
            loss = word.text if plain(word.text) in OF_LOGITS else ours
            self.faults.add(message, f"write `loss: {{{loss}: {{{inside}}}}}` beside `layers`", word.place)
        elif (known := plain(without_number(word.text))) in ELSEWHERE:
            remedy = ELSEWHERE[known] or "leave it out; `cnncalc format` lists the layers that there are"
            self.faults.add(f"{quoted(word.text)} is no layer here", remedy, word.place)
        else:
            yield item

    def _with_defaults(self, key: Scalar, ours: str, value: Node | None) -> Iterator[Node]:
        typed, renamed = plain(key.text), key._replace(text=ours)
        value = self._in_options(key, ours, value)
        before, value = padded(key, ours, value, self.said)
        if before is not None:
            yield before
        activation = None
        entries: dict[str, _Pair] = {}
        if isinstance(value, Fields):
            entries, activation = self._options(ours, value)
        for name, default, said in defaults(typed, ours, key.text != ours, entries):
            entries |= key.mapping({name: default}).entries
            self.said.word(*(each.format(word=key.text, option=f"{name} {default}") for each in said))
        if entries:
            place = value.place if value is not None else key.place
            yield Fields({ours: (renamed, Fields(entries, place))}, key.place)
        elif value is None or isinstance(value, Fields):
            yield renamed
        else:
            yield Fields({ours: (renamed, value)}, key.place)
        if activation is not None:
            yield activation

    def _in_options(self, key: Scalar, ours: str, value: Node | None) -> Node | None:
        """`MaxPool2d: 2` and `Add: [a, b]` with what stands there under its option."""
        is_numbers = isinstance(value, Items) and any(isinstance(item, Items) for item in value.items)
        is_named = isinstance(value, Scalar) and value.text in self.beside and not value.text.isdigit()
        if (
            (is_numbers or is_named)
            and value is not None
            and any(p.name == "weight" for p in REGISTRY[ours].parameters)
        ):
            self.said.word(f"{key.text}: {value.text if isinstance(value, Scalar) else '[[…]]'}", "weight")
            return key.mapping({"weight": value}, value.place)
        if isinstance(value, Items) and ours in _JOINING:
            return key.mapping({"inputs": value}, value.place)
        if isinstance(value, Scalar) and not value.is_empty:
            if value.style is None and value.text.lower() == "true" and ours not in ONE_NUMBER:
                return None  # `relu: true`
            if ours in ONE_NUMBER and value.style is None:
                option = ONE_NUMBER[ours]
                self.said.word(f"{key.text}: {value.text}", f"{option} {value.text}" if option != TAKEN else TAKEN)
                return value.mapping({option: value})
        several = ONE_NUMBER.get(ours, "")
        if isinstance(value, Items) and several in ("size", "shape") and not ours.endswith("1d"):
            return key.mapping({several: value}, value.place)
        return value

    def _options(self, ours: str, value: Fields) -> tuple[dict[str, _Pair], Scalar | None]:
        activation = None
        made: dict[str, _Pair] = {}
        spelt: dict[str, str] = {}
        is_training = ours == "batch_norm" and "momentum" in value.entries
        for typed, (key, node) in value.entries.items():
            text = node.text.lower() if isinstance(node, Scalar) else ""
            if plain(typed) in ACTIVATION and isinstance(node, Scalar):
                activation = self._activation(key, node) or activation
                continue
            if text in ("none", "无") and option(ours, typed, node, is_training) == "bias":
                continue
            if typed in WITHOUT_MEANING and text in WITHOUT_MEANING[typed]:
                continue
            if typed == "normalized_shape" and ours == "layer_norm" and len(sizes(node)) == 1:
                node = sizes(node)[0]
            elif typed in RIGHT and typed not in REGISTRY[ours].options():
                if typed in ("dim", "axis") and text in ("1", "-1"):
                    continue
                message, remedy = RIGHT[typed]
                self.faults.add(message, remedy, key.place)
                continue
            name = option(ours, typed, node, is_training)
            if name in made:
                message = f"`{spelt[name]}` and `{typed}` say the same"
                self.faults.add(message, "keep one of them", key.place)
                continue
            said: str | Phrase = name
            if (ours, typed, name) == ("fc", "kernel", "weight"):
                is_column = has_column_for_each(node, value.get("units"))
                said = BY_COLUMNS if is_column else BY_ROWS
                if is_column:
                    made |= key.mapping({"orientation": "row"}).entries
            self.said.word(typed, said)
            if name in ("weight", "bias", "gamma", "beta"):
                node = tensor_in_our_words(node, self.said)
            if name == "padding" and text in ("same", "valid", "full", "causal") and isinstance(node, Scalar):
                node = node._replace(text=text)
            made[name], spelt[name] = (key._replace(text=name) if name != typed else key, node), typed
        return made, activation

    def _activation(self, key: Scalar, node: Scalar) -> Scalar | None:
        """The layer that `activation: relu` stands for; `linear` there is none at all."""
        if plain(node.text) in ("linear", "none", "null", "identity", "无"):
            return None
        word = layer_word(node.text)
        if word is not None:
            self.said.word(f"{key.text}: {node.text}", BEHIND_IT.format(layer=word))
            return node.word(word)
        return self.faults.add(f"there is no activation {quoted(node.text)}", "write it as a layer", node.place)


def _kind(value: Node | None) -> Scalar | None:
    """The word of an activation: the value itself, or `activation: relu` within it."""
    if isinstance(value, Fields):
        value = next((node for name, (_, node) in value.entries.items() if plain(name) in ACTIVATION), None)
    return value if isinstance(value, Scalar) else None


def _pool(value: Node | None) -> tuple[str, Node] | None:
    """`pool: {type: max, size: 2}` as a layer and its options; None where nothing says which pool."""
    for name in ("type", "mode", "method", "kind", "类型") if isinstance(value, Fields) else ():
        kind = value.get(name)  # type: ignore[union-attr]
        ours = POOLS_BY_KIND.get(plain(kind.text)) if isinstance(kind, Scalar) else None
        if ours is not None and isinstance(value, Fields):
            return ours, Fields({key: pair for key, pair in value.entries.items() if key != name}, value.place)
    return None


def _with_name(layer: Node, name: Scalar) -> Node:
    """A layer with the name that stands before it, unless it has one, or cannot be called so."""
    word, value = (layer, None) if isinstance(layer, Scalar) else next(iter(layer.entries.values()))  # type: ignore[union-attr]
    is_there = isinstance(value, Scalar) and (value.is_empty or value.text.lower() == "true")
    if isinstance(value, Scalar | Items) and not is_there:
        option = ONE_NUMBER.get(layer_word(word.text) or "")
        if option is None:
            return layer
        value = word.mapping({option: value}, value.place)
    options = dict(value.entries) if isinstance(value, Fields) else {}
    if "name" not in options and is_name(name.text):
        options = {"name": (name._replace(text="name"), name), **options}
    return Fields({word.text: (word, Fields(options, word.place))}, word.place)
