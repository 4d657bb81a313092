"""The loss in our words, with the layer that makes what it takes where that is part of it; and the update rule.

`SGD: {learning_rate: 0.1, momentum: 0.9}` is `momentum`."""

from cnncalc.language import Phrase
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.problem.text.faults import Collector, quoted
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.pattern import pattern
from cnncalc.problem.words.entries import called, typed_apart
from cnncalc.problem.words.spelling import COUNTED, Said, loss_word, plain, rule_word
from cnncalc.problem.words.vocabulary import (
    CLASSES,
    LOGITS,
    NO_LOSSES,
    OF_CLASSES,
    OF_LOGITS,
    RULE_OPTIONS,
    SHARES,
    SQUARED_HINGES,
    SQUARES,
    TAKES,
)

ADDED = Phrase("{loss} takes scores, so {layer} was put before it, as it is in PyTorch")
ONCE = Phrase(
    "{loss} takes scores in PyTorch, which would apply {layer} once more; here it takes what the last {layer} gives"
)
_SQUARE = pattern(r"(?:\^|\*\*)\s*\{?2|²")
"""A formula in place of a word: `1/2 (y - t)^2`."""
_WITH_TARGET = pattern(r"(?P<word>[^\W\d][\w.]*)(?:\s+|\s*[(=]\s*)(?P<target>[-+]?[\d./]+)\s*\)?")
"""`mse 3`, `ce(0)`."""
OF_A_LOSS = ("target", "class", "name", "reduction", "weight")
_BY_CLASS = ("cross_entropy", "nll", "focal")


def loss_in_our_words(
    node: Node | None, layers: Node | None, said: Said, faults: Collector
) -> tuple[Node | None, Node | None]:
    """The loss and the layers, with the one more that belongs to the loss; as they are where it is none of ours.

    Of several losses each.
    """
    if isinstance(node, Items):
        made = []
        for item in node.items:
            one, layers = loss_in_our_words(item, layers, said, faults)
            made.append(item if one is None else one)
        return Items(made, node.place), layers
    node = typed_apart(called(node), loss_word) if node is not None else None
    beside = _WITH_TARGET.fullmatch(node.text) if isinstance(node, Scalar) and node.style is None else None
    if beside and isinstance(node, Scalar) and loss_word(beside["word"]) is not None:
        node = node.mapping({beside["word"]: beside["target"]})
    if isinstance(node, Scalar):
        word, value = node, None
    elif isinstance(node, Fields) and len(node.entries) == 1:
        word, value = next(iter(node.entries.values()))
    else:
        return node, layers
    typed = plain(word.text)
    typed = f"{typed}loss" if typed == "softmax" else typed  # as CS231n says it
    ours = loss_word(typed) or loss_word(word.text)
    if ours is None:
        remedy = NO_LOSSES.get(typed) or (SQUARES if _SQUARE.search(word.text) else None)
        if remedy is not None:
            faults.add(f"there is no loss {quoted(word.text)}", remedy, word.place)
            return word.word(""), layers
        return node, layers
    said.word(word.text, word.text if ours == f"{typed}_loss" else ours)
    needed = OF_LOGITS.get(typed) if word.text != ours else None
    if isinstance(value, Fields):
        value = _with_options(typed, word, value)
        logits = value.get("logits")
        if ours in TAKES and isinstance(logits, Scalar) and logits.text.lower() in ("true", "false"):
            needed = TAKES[ours] if logits.text.lower() == "true" else None
    if needed is not None:
        layers = _with(word.word(needed), word.text, layers, said)
    key = word._replace(text=ours)
    if value is None or (isinstance(value, Scalar) and value.is_empty):
        return key, layers
    if isinstance(value, Items | Scalar):
        name = "class" if ours in _BY_CLASS and _are_classes(value) else "target"
        if name == "class":
            said.word(f"{word.text}: {value.text if isinstance(value, Scalar) else '[…]'}", COUNTED)
        value = word.mapping({name: value}, value.place)
    return Fields({ours: (key, _target(ours, value, word.text != ours, said, faults))}, node.place), layers


def _with_options(typed: str, word: Scalar, value: Fields) -> Fields:
    """The options of a loss by our names, with those that its own name says."""
    own = {*OF_A_LOSS, *CLASSES, *LOSSES[loss_word(typed) or ""].options()} if loss_word(typed) else {}
    lowered = {name.lower() if name.lower() in own else name: pair for name, pair in value.entries.items()}
    entries = {LOGITS.get(plain(name), name): pair for name, pair in lowered.items()}
    if typed in SQUARED_HINGES:
        entries = {**word.mapping({"squared": "true"}).entries, **entries}
    return Fields({name: (key._replace(text=name), node) for name, (key, node) in entries.items()}, value.place)


def _with(needed: Scalar, loss: str, layers: Node | None, said: Said) -> Node | None:
    """The layers with the one that the loss begins with; once, if the last one is it."""
    if layers is None or (isinstance(layers, Scalar) and layers.is_empty):
        layers = Items([], needed.place)
    if not isinstance(layers, Items):
        return layers
    last = layers.items[-1] if layers.items else None
    if isinstance(last, Fields):
        last = next(iter(last.entries.values()))[0]
    has_it = isinstance(last, Scalar) and last.text == needed.text
    said.notices.append((ONCE if has_it else ADDED).format(loss=loss, layer=needed.text))
    return layers if has_it else Items([*layers.items, needed], layers.place)


def _target(ours: str, value: Fields, is_theirs: bool, said: Said, faults: Collector) -> Fields:
    made: dict[str, tuple[Scalar, Node]] = {}
    for typed, (key, node) in value.entries.items():
        # One number is the weight of the loss among several.
        is_ours = ours not in _BY_CLASS or (typed == "weight" and isinstance(node, Scalar))
        name = typed if is_ours else OF_CLASSES.get(typed, typed)
        # A lone `target` is PyTorch's class, and elsewhere an entry that is missing its others.
        is_class_there = is_theirs and typed == "target" and _are_numbers(node)
        if typed in CLASSES or plain(typed) in CLASSES or (is_class_there and ours in _BY_CLASS):
            is_one = ours in _BY_CLASS and isinstance(node, Items) and len(node.items) == 1 and _are_numbers(node)
            is_class = is_one or (ours in (*_BY_CLASS, "hinge") and _are_classes(node))
            name = "class" if is_class else "target"
        samples = node.get("samples") if typed == "ignore" and isinstance(node, Fields) else None
        if samples is not None:
            name, node = "ignore_samples", samples
        if name in made:
            faults.add(f"`{made[name][0].text}` and `{typed}` say the same", "keep one of them", key.place)
            continue
        said.word(typed, COUNTED if name == "class" and typed != name else name)
        made[name] = (key._replace(text=name) if name != typed else key, node)
    return Fields(made, value.place)


def _are_numbers(node: Node) -> bool:
    """Whether whole numbers alone stand there, one or several."""
    items = node.items if isinstance(node, Items) else [node]
    return all(isinstance(item, Scalar) and item.text.isdigit() for item in items)


def _are_classes(node: Node) -> bool:
    """Whether whole numbers stand there that name classes, and no distribution: one number, or several above 1."""
    if isinstance(node, Scalar):
        return len(node.text.split()) < 2
    texts = [item.text for item in node.items if isinstance(item, Scalar)] if isinstance(node, Items) else []
    whole = isinstance(node, Items) and len(texts) == len(node.items) and all(text.isdigit() for text in texts)
    return whole and sum(map(int, texts)) != 1


def rule_in_our_words(node: Node, said: Said, faults: Collector) -> Node:
    """The same rule; as it is where it is none that we know."""
    node = typed_apart(called(node), rule_word)
    if isinstance(node, Scalar):
        word, value = node, None
    elif isinstance(node, Fields) and len(node.entries) == 1:
        word, value = next(iter(node.entries.values()))
    else:
        return node
    ours = rule_word(word.text)
    if ours is None:
        return node
    if isinstance(value, Scalar):
        value = None if value.is_empty else word.mapping({"lr": value}, value.place)
    if value is not None and not isinstance(value, Fields):
        return node
    made: dict[str, tuple[Scalar, Node]] = {}
    for typed, (key, inner) in value.entries.items() if value is not None else ():
        word_of = {**RULE_OPTIONS, **SHARES.get(ours, {})}
        pairs: list[tuple[str, Node]] = [(word_of.get(typed) or word_of.get(typed.lower(), typed), inner)]
        if typed == "betas" and isinstance(inner, Items) and len(inner.items) == 2:
            pairs = list(zip(("beta1", "beta2"), inner.items, strict=True))
        said.word(typed, ", ".join(name for name, _ in pairs))
        for name, each in pairs:
            if name in made:
                faults.add(f"`{name}` and `{typed}` say the same", "keep one of them", key.place)
            made[name] = (key._replace(text=name), each)
    if ours == "sgd" != word.text and "momentum" in made:
        ours = "momentum"
    said.word(word.text, ours)
    return word.mapping({ours: Fields(made, word.place)})
