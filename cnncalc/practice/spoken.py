"""A network as people say it, `1x28x28, conv 4 5 relu pool 2 fc 10 softmax ce`, as the text of a problem file."""

import re
from collections.abc import Iterator, Mapping

from cnncalc.language import Phrase
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Layer, Loss
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.problem.loader import loads
from cnncalc.problem.text.faults import Fault, Place, ProblemError, did_you_mean, quoted
from cnncalc.problem.words.speech import MORE_LAYERS, SOURCE, Speech, Word
from cnncalc.problem.words.spelling import plain
from cnncalc.problem.words.vocabulary import LOSSES as LOSS_WORDS

ASK_INPUT = Phrase("The input's shape (1x28x28; 4 for features): ")
ASK_LAYER = Phrase("A layer (conv 4 5, relu, pool 2, fc 10 …; nothing: no more): ")
KEEP = Phrase('The file itself is written by: cnncalc new "{outline}" -o problem.yaml')
ASK_LOSS = Phrase("The loss (ce, mse …, upstream; nothing: none): ")
GIVES = Phrase("{name} gives {shape}")
_SHAPE = re.compile(r"\d+(?:[x×*]\d+)*")
_LISTED = re.compile(r"^\W*[\[(]\s*\d+(?:\s*,\s*\d+)*\s*,?\s*[\])]")
"""`(3, 32, 32)`."""
_RATE = re.compile(r"[\d.]+(?:e-?\d+|/\d+)?")


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


class _Reader(Speech):
    def __init__(self, outline: str) -> None:
        super().__init__(
            _LISTED.sub(lambda found: "x".join(re.findall(r"\d+", found[0])).ljust(len(found[0])), outline)
        )
        self.outline = outline
        self.lines: list[tuple[str, Place | None]] = []
        self.is_flat: bool | None = False
        """Whether what comes in are features; None where only the first layer that minds can tell."""
        self.kinds: list[str] = []
        self.last: type[Layer] | None = None

    def place(self, line: int | None) -> Place | None:
        """Where in the outline a line of the file comes from."""
        return self.lines[line - 1][1] if line is not None and line <= len(self.lines) else None

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

    def _input(self) -> None:
        if self.words[0].text.lower() == "batch" and len(self.words) > 2 and self.words[1].text.isdigit():
            # `batch 4 of 3x8x8`
            count, shape = self.words[1:3]
            self.words[:3] = [shape._replace(text=f"{count.text}x{shape.text}")]
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
        word, behind = self.words[self.at], self.words[self.at + 1 : self.at + 2]
        if _SHAPE.fullmatch(word.text) and behind and self.layer(behind[0]):
            # `2x2 max pooling`: its size as the first number behind it.
            self.words[self.at : self.at + 2] = [*behind, word]
            word = behind[0]
        elif word.text.isdigit() and (counted := self.counted(self.at + 1)):
            self.words.insert(self.at, word := word._replace(text=counted))
        name = plain(word.text)
        kind = self.layer(word)
        if kind is None and (name in LOSS_WORDS or name in LOSSES or name in ("upstream", "gradient", "lr", *RULES)):
            return False
        if kind is None:
            known = [*LAYERS, *MORE_LAYERS, *LOSSES, "upstream"]
            where = "an option of no layer" if re.fullmatch(r"[\d.x]+", word.text) else "no layer"
            raise self.fault(f"{quoted(word.text)} is {where}", did_you_mean(word.text, known), word)
        self.at += 1
        layer = LAYERS[kind]
        options = dict(self.options(layer, word))
        self._flatten_before(layer, word)
        self._add(layer, word, options)
        return True

    def _flatten_before(self, layer: type[Layer], word: Word) -> None:
        """Features are made of an image where a layer takes those."""
        if layer.domain == "features" and self.is_flat is False:
            self._add(LAYERS["flatten"], word, {})
        if layer.domain != "any" or layer.type == "flatten":
            self.is_flat = layer.domain == "features" or layer.type in ("flatten", "global_avg_pool")

    def _add(self, layer: type[Layer], word: Word, options: Mapping[str, str]) -> None:
        written = ", ".join(f"{key}: {value}" for key, value in options.items())
        self.lines.append((f"  - {layer.type}" + f": {{{written}}}" * bool(written), word.place))
        self.kinds.append(layer.type)
        self.names.append(options.get("name") or f"{layer.type}_{self.kinds.count(layer.type)}")
        self.last = layer

    def _ending(self) -> None:
        """The loss, or the upstream gradient; a step of descent."""
        while (word := self.next()) is not None:
            name = plain(word.text)
            self.at += 1
            if name in ("upstream", "gradient"):
                self.lines.append(("upstream: ?", word.place))
            elif name in ("lr", *RULES):
                rule = "sgd" if name == "lr" else name
                said = ", ".join(f"{option}: {number}" for option, number in self._numbers_of(rule))
                self.lines.append((f"update: {{{rule}: {{{said}}}}}", word.place))
            elif name in LOSS_WORDS or name in LOSSES:
                self._loss(LOSSES[LOSS_WORDS.get(name, name)], word)
            else:
                remedy = "the loss is the last; put layers before it"
                raise self.fault(f"{quoted(word.text)} stands behind the loss", remedy, word)

    def _numbers_of(self, rule: str) -> Iterator[tuple[str, str]]:
        """The numbers behind an update rule: its learning rate, and how much of the last step is kept."""
        for option in ("lr", "momentum"):
            number = self.next()
            if option in RULES[rule].options() and number is not None and _RATE.fullmatch(number.text):
                self.at += 1
                yield option, number.text
            elif option == "lr" and "lr" in RULES[rule].options():
                yield option, "0.1"

    def _loss(self, loss: type[Loss], word: Word) -> None:
        usual = LAYERS.get(loss.usual)
        if loss.takes != "numbers" and usual is not None and (self.last is None or self.last.gives != loss.takes):
            # `fc 10 ce` is what people say.
            self._flatten_before(usual, word)
            self._add(usual, word, {})
        answer = "class" if loss.takes_class else "target"
        self.lines.append((f"loss: {{{loss.type}: {{{answer}: ?}}}}", word.place))
