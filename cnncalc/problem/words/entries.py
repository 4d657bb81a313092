"""One entry of a list of layers, or a loss or a rule, however it is put: `type: {options}` in the end."""

from collections.abc import Callable

from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.pattern import pattern
from cnncalc.problem.words.spelling import Said, plain
from cnncalc.problem.words.vocabulary import INPUT

_OPTIONS = pattern(r"\s*[A-Za-z_]\w*\s*=(?!=)")
_TYPE = ("type", "layer", "kind", "op", "class_name", "类型", "name", "function", "名称")
"""The keys behind which the word stands; the last three only where they hold one."""


def called(node: Node) -> Node:
    """`nn.MaxPool2d(2)` with its options as a mapping, also where it is the key of others; any other node as it is."""
    if isinstance(node, Fields) and len(node.entries) == 1:
        key, value = next(iter(node.entries.values()))
        made = called(key) if isinstance(value, Fields) or (isinstance(value, Scalar) and value.is_empty) else key
        if made is key:
            return _called_with(key, value) or node
        word, options = (made, {}) if isinstance(made, Scalar) else _word_and_options(made)
        own = value.entries if isinstance(value, Fields) else {}
        return Fields({word.text: (word, Fields({**options, **own}, value.place))}, node.place)
    if not isinstance(node, Scalar) or "(" not in node.text:
        return node
    from cnncalc.problem.words.written_layers import CALL, as_fields

    if not CALL.fullmatch(node.text.strip()):
        return node
    return as_fields(node, plain(node.text.partition("(")[0])) or node


def _called_with(key: Scalar, value: Node) -> Node | None:
    """`Linear: (64, 10)` and `conv: weight=[[1, 0]], stride=1`, as what stands in the brackets of a call."""
    if isinstance(value, Items) and plain(key.text) in ("linear", "conv1d", "conv2d"):
        texts = [item.text if isinstance(item, Scalar) and item.text.isalnum() else "" for item in value.items]
        inside = ", ".join(texts) if len(texts) > 1 and all(texts) else ""
    else:
        inside = value.text if isinstance(value, Scalar) and _OPTIONS.match(value.text) and value.style is None else ""
    if not inside:
        return None
    from cnncalc.problem.words.written_layers import as_fields

    return as_fields(key._replace(text=f"{key.text}({inside})"), plain(key.text))


def typed_apart(node: Node, word_of: Callable[[str], str | None]) -> Node:
    """`{type: conv, stride: 2}` as `{conv: {stride: 2}}`, so `{name: conv, …}`; any other node as it is.

    `word_of` knows the words of layers, of losses, or of rules.
    """
    if not isinstance(node, Fields):
        return node
    kind = next((word for word in _TYPE if word in node.entries), None)
    word = node.entries[kind][1] if kind is not None else None
    if not isinstance(word, Scalar) or word.is_empty:
        return node
    made = called(word)
    if kind in _TYPE[-3:] and (any(map(word_of, node.entries)) or not word_of(word.text.partition("(")[0])):
        return node
    word, own = (made, {}) if isinstance(made, Scalar) else _word_and_options(made)
    rest = {name: pair for name, pair in node.entries.items() if name != kind}
    return Fields({word.text: (word, Fields({**own, **rest}, node.place))}, node.place)


def tensor_in_our_words(node: Node, said: Said) -> Node:
    """`{data: [[1, 2]]}`, `{size: […]}`, `{random: true, seed: 1}` with our keys; any other node as it is."""
    if isinstance(node, Fields):
        switch = node.get("random")
        if isinstance(switch, Scalar) and switch.text.lower() == "true":
            within = {name: pair for name, pair in node.entries.items() if name in ("seed", "low", "high", "step")}
            rest = {name: pair for name, pair in node.entries.items() if name not in (*within, "random")}
            within = within or {"seed": (switch._replace(text="seed"), switch._replace(text="1"))}
            node = Fields({**rest, "random": (node.entries["random"][0], Fields(within, switch.place))}, node.place)
    if not isinstance(node, Fields):
        return node
    made: dict[str, tuple[Scalar, Node]] = {}
    for typed, (word, value) in node.entries.items():
        ours = INPUT.get(typed.lower(), typed)
        ours = "value" if typed.lower() == "values" and "symbol" not in node.entries else ours
        ours = typed if ours in node.entries or ours in made else ours
        said.word(typed, ours)
        made[ours] = (word._replace(text=ours), value)
    return Fields(made, node.place)


def _word_and_options(node: Node) -> tuple[Scalar, dict[str, tuple[Scalar, Node]]]:
    assert isinstance(node, Fields), "a call is a word, or a word with its options"
    word, options = next(iter(node.entries.values()))
    return word, dict(options.entries) if isinstance(options, Fields) else {}
