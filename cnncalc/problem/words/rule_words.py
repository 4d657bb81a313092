"""The update rule in our words: `SGD: {learning_rate: 0.1, momentum: 0.9}` is `momentum`."""

from cnncalc.problem.text.faults import Collector
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.words.entries import called, typed_apart
from cnncalc.problem.words.said import Said
from cnncalc.problem.words.spelling import rule_word
from cnncalc.problem.words.vocabulary import RULE_OPTIONS


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
        value = None if value.is_empty else Fields({"lr": (word._replace(text="lr"), value)}, value.place)
    if value is not None and not isinstance(value, Fields):
        return node
    made: dict[str, tuple[Scalar, Node]] = {}
    for typed, (key, inner) in value.entries.items() if value is not None else ():
        pairs: list[tuple[str, Node]] = [(RULE_OPTIONS.get(typed) or RULE_OPTIONS.get(typed.lower(), typed), inner)]
        if typed == "betas" and isinstance(inner, Items) and len(inner.items) == 2:
            pairs = list(zip(("beta1", "beta2"), inner.items, strict=True))
        for name, each in pairs:
            if name in made:
                faults.add(f"`{name}` and `{typed}` say the same", "keep one of them", key.place)
            said.word(typed, name)
            made[name] = (key._replace(text=name), each)
    if ours == "sgd" != word.text and "momentum" in made:
        ours = "momentum"
    said.word(word.text, ours)
    return Fields({ours: (word._replace(text=ours), Fields(made, word.place))}, word.place)
