"""A layer as people say it, `conv 64 3x3, stride 1` or `FC(10)`: its word, numbers in order, options by name."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Layer
from cnncalc.problem.text.faults import Collector, Fault, Place, ProblemError, quoted
from cnncalc.problem.text.nodes import Fields, Scalar
from cnncalc.problem.words.spelling import layer_word, plain
from cnncalc.problem.words.vocabulary import LAYERS as LAYER_WORDS
from cnncalc.problem.words.vocabulary import LOSSES as LOSS_WORDS
from cnncalc.problem.words.vocabulary import OPTIONS as OPTION_WORDS
from cnncalc.problem.words.vocabulary import by_word

SOURCE = "<outline>"
_FILLERS = (
    "then", "with", "and", "of", "a", "an", "the", "layer", "input", "inputs", "loss", "by", "to", "image", "images",
    "signal",
)  # fmt: skip
_WORD = re.compile(r"[^\s,;()（），；、→|>]+")
_SHORT = re.compile(r"(s|p|k|d|g|/)=?(\d+)")
_SHORT_OPTIONS = {"s": "stride", "p": "padding", "k": "size", "d": "dilation", "g": "groups", "/": "stride"}
_SAID = {"pad": "padding", "kernel": "size", "filters": "channels", "features": "units", "strides": "stride"}
MORE_LAYERS = by_word({"max_pool": "pool 池化 mp", "avg_pool": "ap", "flatten": "flat", "add": "skip"})
_IN_ONE = {name.replace("_", ""): name for name in LAYERS}
"""`groupnorm`, `leaky relu`."""
_PADDINGS = ("same", "valid", "full", "causal")
_IN_ORDER = ("channels", "units", "size", "scale", "groups", "slope", "alpha", "p", "stride", "padding")
"""The options that numbers behind a layer are, in this order, as far as it has them."""
COUNTED = by_word({"conv": "filter kernel channel map featuremap", "fc": "unit neuron node output class classe hidden"})
"""What is counted, without its s, and the layer that has so many: `4 filters 5x5`, `3 hidden`."""
_LIST = re.compile(r"([^\W\d]\w*)\s*[=:]?\s*(?=\[)")
"""`weight=[[1, 0], [0, 1]]` up to its list."""


class Word(NamedTuple):
    """A word of an outline, and where it stands."""

    text: str
    place: Place


class Speech:
    """Words that are taken one by one."""

    def __init__(self, outline: str) -> None:
        self.outline = outline
        words = [Word(each[0], Place(1, each.start() + 1, len(each[0]))) for each in _words(outline)]
        self.words = list(_joined(words))
        self.at = 0
        self.names: list[str] = []

    def fault(self, message: str, remedy: str, word: Word | None = None) -> ProblemError:
        """At a word, by default the last."""
        last = word or (self.words[min(self.at, len(self.words) - 1)] if self.words else None)
        return ProblemError([Fault(message, remedy, last.place if last else None)], SOURCE, self.outline)

    def next(self) -> Word | None:
        """The word that comes, which stays there."""
        return self.words[self.at] if self.at < len(self.words) else None

    def layer(self, word: Word) -> str | None:
        """What a word calls a layer."""
        name = plain(word.text)
        kind = name if name in LAYERS else MORE_LAYERS.get(name) or LAYER_WORDS.get(name) or _IN_ONE.get(name)
        return word.text if word.text in LAYERS else kind

    def options(self, layer: type[Layer], word: Word) -> Iterator[tuple[str, str]]:
        """What stands behind a layer, as options of the file."""
        known, given = layer.options(), set[str]()
        flags = {
            parameter.name for parameter in layer.parameters if not parameter.required and not parameter.is_operand
        }
        due = [name for name in _IN_ORDER if name in known and not (name == "groups" and "size" in known)]
        taken: list[str] = []
        while (here := self.next()) is not None:
            text = here.text
            key, joint, value = text.partition("=")
            option = OPTION_WORDS.get(layer.type, {}).get(key) or _SAID.get(key.lower(), key.lower())
            short = _SHORT.fullmatch(text)
            if re.fullmatch(r"-?\d+(?:[x×*]\d+)?|-?\d*\.\d+", text):
                due = [name for name in due if name not in given]
                if self._begins_another(here, due):
                    break
                if "x" in text.replace("×", "x").replace("*", "x") and "size" in due:
                    due = ["size", *(name for name in due if name != "size")]
                if not due:
                    remedy = "name what it is: " + ", ".join(f"{name} {text}" for name in [*known][:4]) if known else ""
                    raise self.fault(f"{layer.type} takes no further number", remedy or "leave it out", here)
                name, value = due.pop(0), _number(text)
                self.at += 1 + (self.counted(self.at + 1) is not None)
            elif short and _SHORT_OPTIONS[short[1]] in known:
                name, value = _SHORT_OPTIONS[short[1]], short[2]
                self.at += 1
            elif text in _PADDINGS and "padding" in known:
                name, value = "padding", text
                self.at += 1
            elif text.lower() in ("as", "name", "from"):
                name = "input" if text.lower() == "from" else "name"
                value = self.value(here)
            elif text.lower() == "no" or (text.lower().startswith("no") and text.lower()[2:] in flags):
                self.at += 1 + (text.lower() == "no")
                continue
            elif option in flags:
                name, value = option, "true"
                self.at += 1
            elif option in known:
                is_flag = known[option]["reads"] == "bool"
                name, value = option, _number(value) if joint else "true" if is_flag else self.value(here)
                self.at += bool(joint) or is_flag
            elif any(parameter.is_operand for parameter in layer.parameters) and text in self.names:
                taken.append(text)
                self.at += 1
                continue
            else:
                break
            if name in given:
                raise self.fault(f"{layer.type} has `{name}` twice", "keep one of them", here)
            given.add(name)
            yield name, value
        if any(parameter.is_operand for parameter in layer.parameters):
            yield "inputs", "[" + ", ".join(taken if len(taken) > 1 else [self.names[-1], *taken]) + "]"

    def _begins_another(self, number: Word, due: Sequence[str]) -> bool:
        """Whether a number is that of the next layer: `relu, 2x2 max pool` or `relu, 3 outputs`."""
        if not number.text.isdigit():
            behind = self.words[self.at + 1 : self.at + 2]
            return "size" not in due and bool(behind) and self.layer(behind[0]) is not None
        counted = self.counted(self.at + 1)
        return counted is not None and not {"channels", "units"} & set(due)

    def counted(self, at: int) -> str | None:
        """The layer that has so many of what the word there says; None where it counts nothing."""
        return COUNTED.get(self.words[at].text.lower().rstrip("s")) if at < len(self.words) else None

    def value(self, key: Word) -> str:
        """What stands behind a key; raises ProblemError where nothing does."""
        self.at += 1
        word = self.next()
        if word is None:
            raise self.fault(f"nothing stands behind {quoted(key.text)}", "write its value", key)
        self.at += 1
        return _number(word.text)


def as_said(node: Scalar, faults: Collector) -> Scalar | Fields:
    """A layer in one line, `maxpool 2` or `conv 6@5x5`, with its options below it; as it is where it is none."""
    text, lists = _lists_apart(node.text)
    speech = Speech(re.sub(r"(\d)\s*@", r"\1 ", text))
    word = speech.next()
    kind = (speech.layer(word) or layer_word(word.text)) if word is not None else None
    if word is None or kind is None or (len(speech.words) == 1 and not lists):
        return node
    speech.at += 1
    try:
        said = dict(speech.options(LAYERS[kind], word))
    except ProblemError as error:
        for fault in error.faults:
            faults.add(fault.message, fault.remedy, node.place)
        return node._replace(text=kind)
    left = speech.next()
    if left is not None:
        return node
    typed = word.text if layer_word(word.text) else kind
    values = {name: node._replace(text=value) for name, value in said.items()}
    values |= {name: node._replace(text=value, style="'") for name, value in lists.items()}
    return node.mapping({typed: node.mapping(values)})


def _lists_apart(text: str) -> tuple[str, dict[str, str]]:
    """The text without the lists in it, and those by their keys."""
    lists: dict[str, str] = {}
    while (found := _LIST.search(text)) is not None:
        depth, end = 1, found.end() + 1
        while depth and end < len(text):
            depth += (text[end] == "[") - (text[end] == "]")
            end += 1
        lists[found[1]] = text[found.end() : end]
        text = f"{text[: found.start()]} {text[end:]}"
    return text, lists


def _words(outline: str) -> Sequence[re.Match[str]]:
    words = list(_WORD.finditer(outline))
    # `as a` is a name, and so is `add a` behind it.
    names = {name[0] for said, name in pairwise(words) if said[0].lower() in ("as", "name")}
    left_out = {*_FILLERS, "-", "="}
    return [word for word in words if word[0] in names or word[0].lower() not in left_out]


def _joined(words: Sequence[Word]) -> Iterator[Word]:
    """What people write in several words, `cross entropy` and `max pool`, as the one word that is known."""
    at = 0
    while at < len(words):
        for count in (4, 3, 2, 1):
            text = "".join(word.text for word in words[at : at + count])
            if count == 1 or any(plain(text) in known for known in (LOSS_WORDS, LAYER_WORDS, COUNTED, _IN_ONE)):
                break
        count = min(count, len(words) - at)
        yield words[at]._replace(text=text) if count > 1 else words[at]
        at += count


def _number(text: str) -> str:
    """`3x5` as a pair."""
    return f"[{', '.join(re.split('[x×*]', text))}]" if re.fullmatch(r"\d+[x×*]\d+", text) else text
