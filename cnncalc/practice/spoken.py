"""A network as people say it, `1x28x28, conv 4 5 relu pool 2 fc 10 softmax ce`, as the text of a problem file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cnncalc.language import Phrase
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Layer, Loss
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.problem.loader import loads
from cnncalc.problem.text.faults import Fault, Place, ProblemError
from cnncalc.problem.text.wording import did_you_mean, quoted
from cnncalc.problem.words.spelling import plain
from cnncalc.problem.words.vocabulary import LAYERS as LAYER_WORDS
from cnncalc.problem.words.vocabulary import LOSSES as LOSS_WORDS
from cnncalc.problem.words.vocabulary import OPTIONS as OPTION_WORDS

SOURCE = "<outline>"
ASK_INPUT = Phrase(en="The input's shape (1x28x28; 4 for features): ", zh="输入的形状（如 1x28x28；特征则写 4）：")
ASK_LAYER = Phrase(
    en="A layer (conv 4 5, relu, pool 2, fc 10 …; nothing: no more): ",
    zh="一层（conv 4 5、relu、pool 2、fc 10……；留空结束）：",
)
ASK_LOSS = Phrase(
    en="The loss (ce, mse …, upstream; nothing: none): ", zh="损失（ce、mse……或 upstream；留空表示没有）："
)
GIVES = Phrase(en="{name} gives {shape}", zh="{name} 的输出为 {shape}")
_FILLERS = frozenset(["then", "with", "and", "of", "a", "an", "the", "layer", "input", "loss", "by", "to"])
_WORD = re.compile(r"[^\s,;()（），；、→|>]+")
_SHAPE = re.compile(r"\d+(?:[x×*]\d+)*")
_SHORT = re.compile(r"(s|p|k|d|g|/)(\d+)")
_SHORT_OPTIONS = {"s": "stride", "p": "padding", "k": "size", "d": "dilation", "g": "groups", "/": "stride"}
_SAID = {"pad": "padding", "kernel": "size", "filters": "channels", "features": "units", "strides": "stride"}
_MORE_LAYERS = {"pool": "max_pool", "mp": "max_pool", "ap": "avg_pool", "flat": "flatten", "skip": "add"}
_PADDINGS = ("same", "valid", "full", "causal")
_IN_ORDER = ("channels", "units", "size", "scale", "groups", "slope", "alpha", "p", "stride", "padding")
"""The options that numbers behind a layer are, in this order, as far as it has them."""
_NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)*")


class _Word(NamedTuple):
    text: str
    place: Place


def problem_text(outline: str, is_whole: bool = True) -> str:
    """The outline as a problem file without numbers, one layer a line; raises ProblemError at the word in question.

    `is_whole` is False where the layers are still to come.
    """
    reader = _Reader(outline)
    text = reader.text(is_whole)
    try:
        loads(text)
    except ProblemError as error:
        faults = [Fault(fault.message, fault.remedy, reader.place(fault.line)) for fault in error.faults]
        raise ProblemError(faults, SOURCE, outline) from error
    return text


class _Reader:
    def __init__(self, outline: str) -> None:
        self.outline = outline
        words = [_Word(each[0], Place(1, each.start() + 1, len(each[0]))) for each in _words(outline)]
        self.words = list(_joined(words))
        self.at = 0
        self.lines: list[tuple[str, Place | None]] = []
        self.is_flat: bool | None = False
        """Whether what comes in are features; None where only the first layer that minds can tell."""
        self.kinds: list[str] = []
        self.names: list[str] = []
        self.last: type[Layer] | None = None

    def place(self, line: int | None) -> Place | None:
        """Where in the outline a line of the file comes from."""
        return self.lines[line - 1][1] if line is not None and line <= len(self.lines) else None

    def fault(self, message: str, remedy: str, word: _Word | None = None) -> ProblemError:
        """At a word, by default the last."""
        last = word or (self.words[min(self.at, len(self.words) - 1)] if self.words else None)
        return ProblemError([Fault(message, remedy, last.place if last else None)], SOURCE, self.outline)

    def text(self, is_whole: bool) -> str:
        """The lines of the file."""
        if not self.words:
            raise self.fault("the outline is empty", "begin with the input's shape, such as 1x28x28")
        self._input()
        self.lines.append(("layers:" if is_whole else "layers: []", None))
        while self.at < len(self.words) and self._layer():
            pass
        if len(self.lines) == 2 and is_whole:
            raise self.fault("the outline has no layer", "name one behind the shape: 1x28x28, conv 4 5")
        self._ending()
        return "\n".join(line for line, _ in self.lines) + "\n"

    def _next(self) -> _Word | None:
        return self.words[self.at] if self.at < len(self.words) else None

    def _input(self) -> None:
        word = self.words[0]
        if not _SHAPE.fullmatch(word.text):
            remedy = "begin with the input's shape: 1x28x28 for an image of one channel, 4 for four features"
            raise self.fault(f"{quoted(word.text)} is no shape", remedy, word)
        sizes = re.split("[x×*]", word.text)
        self.at = 1
        self.is_flat = True if len(sizes) == 1 else None if len(sizes) == 2 else False
        self.lines.append((f"input: {{name: x, shape: [{', '.join(sizes)}]}}", word.place))
        self.names.append("x")

    def _layer(self) -> bool:
        """The next layer; False where a loss begins."""
        word = self.words[self.at]
        name = plain(word.text)
        if name in LOSS_WORDS or name in LOSSES or name in ("upstream", "gradient", "sgd", "lr"):
            return False
        kind = name if name in LAYERS else _MORE_LAYERS.get(name) or LAYER_WORDS.get(name)
        kind = word.text if word.text in LAYERS else kind
        if kind is None:
            known = [*LAYERS, *_MORE_LAYERS, *LOSSES, "upstream"]
            where = "an option of no layer" if re.fullmatch(r"[\d.x]+", word.text) else "no layer"
            raise self.fault(f"{quoted(word.text)} is {where}", did_you_mean(word.text, known), word)
        self.at += 1
        layer = LAYERS[kind]
        options = dict(self._options(layer, word))
        self._flatten_before(layer, word)
        self._add(layer, word, options)
        return True

    def _flatten_before(self, layer: type[Layer], word: _Word) -> None:
        """Features are made of an image where a layer takes those."""
        if layer.domain == "features" and self.is_flat is False:
            self._add(LAYERS["flatten"], word, {})
        if layer.domain != "any" or layer.type == "flatten":
            self.is_flat = layer.domain == "features" or layer.type in ("flatten", "global_avg_pool")

    def _add(self, layer: type[Layer], word: _Word, options: Mapping[str, str]) -> None:
        written = ", ".join(f"{key}: {value}" for key, value in options.items())
        self.lines.append((f"  - {layer.type}" + f": {{{written}}}" * bool(written), word.place))
        self.kinds.append(layer.type)
        self.names.append(options.get("name") or f"{layer.type}_{self.kinds.count(layer.type)}")
        self.last = layer

    def _options(self, layer: type[Layer], word: _Word) -> Iterator[tuple[str, str]]:
        """What stands behind a layer, as options of the file."""
        known, given = layer.options(), set[str]()
        flags = {
            parameter.name for parameter in layer.parameters if not parameter.required and not parameter.is_operand
        }
        due = [name for name in _IN_ORDER if name in known and not (name == "groups" and "size" in known)]
        taken: list[str] = []
        while (here := self._next()) is not None:
            text = here.text
            key, joint, value = text.partition("=")
            option = OPTION_WORDS.get(layer.type, {}).get(key) or _SAID.get(key.lower(), key.lower())
            short = _SHORT.fullmatch(text)
            if re.fullmatch(r"-?\d+(?:[x×*]\d+)?|-?\d*\.\d+", text):
                due = [name for name in due if name not in given]
                if not due:
                    remedy = "name what it is: " + ", ".join(f"{name} {text}" for name in [*known][:4]) if known else ""
                    raise self.fault(f"{layer.type} takes no further number", remedy or "leave it out", here)
                name, value = due.pop(0), _number(text)
                self.at += 1
            elif short and _SHORT_OPTIONS[short[1]] in known:
                name, value = _SHORT_OPTIONS[short[1]], short[2]
                self.at += 1
            elif text in _PADDINGS and "padding" in known:
                name, value = "padding", text
                self.at += 1
            elif text.lower() in ("as", "name", "from"):
                name = "input" if text.lower() == "from" else "name"
                value = self._value(here)
            elif text.lower() == "no" or (text.lower().startswith("no") and text.lower()[2:] in flags):
                self.at += 1 + (text.lower() == "no")
                continue
            elif option in flags:
                name, value = option, "true"
                self.at += 1
            elif option in known:
                is_flag = known[option]["reads"] == "bool"
                name, value = option, _number(value) if joint else "true" if is_flag else self._value(here)
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

    def _value(self, key: _Word) -> str:
        self.at += 1
        word = self._next()
        if word is None:
            raise self.fault(f"nothing stands behind {quoted(key.text)}", "write its value", key)
        self.at += 1
        return _number(word.text)

    def _ending(self) -> None:
        """The loss, or the upstream gradient; a step of descent."""
        while (word := self._next()) is not None:
            name = plain(word.text)
            self.at += 1
            if name in ("upstream", "gradient"):
                self.lines.append(("upstream: ?", word.place))
            elif name in ("sgd", "lr"):
                rate = self._next()
                self.at += rate is not None
                self.lines.append((f"update: {{sgd: {{lr: {rate.text if rate else '0.1'}}}}}", word.place))
            elif name in LOSS_WORDS or name in LOSSES:
                self._loss(LOSSES[LOSS_WORDS.get(name, name)], word)
            else:
                remedy = "the loss is the last; put layers before it"
                raise self.fault(f"{quoted(word.text)} stands behind the loss", remedy, word)

    def _loss(self, loss: type[Loss], word: _Word) -> None:
        usual = LAYERS.get(loss.usual)
        if loss.takes != "numbers" and usual is not None and (self.last is None or self.last.gives != loss.takes):
            # `fc 10 ce` is what people say.
            self._flatten_before(usual, word)
            self._add(usual, word, {})
        answer = "class" if loss.takes_class else "target"
        self.lines.append((f"loss: {{{loss.type}: {{{answer}: ?}}}}", word.place))


def _words(outline: str) -> Sequence[re.Match[str]]:
    return [word for word in _WORD.finditer(outline) if word[0].lower() not in _FILLERS and word[0] not in ("-", "=")]


def _joined(words: Sequence[_Word]) -> Iterator[_Word]:
    """What people write in several words, `cross entropy` and `max pool`, as the one word that is known."""
    at = 0
    while at < len(words):
        for count in (4, 3, 2, 1):
            text = "".join(word.text for word in words[at : at + count])
            if count == 1 or plain(text) in LOSS_WORDS or plain(text) in LAYER_WORDS:
                break
        count = min(count, len(words) - at)
        yield words[at]._replace(text=text) if count > 1 else words[at]
        at += count


def _number(text: str) -> str:
    """`3x5` as a pair."""
    return f"[{', '.join(re.split('[x×*]', text))}]" if re.fullmatch(r"\d+[x×*]\d+", text) else text
