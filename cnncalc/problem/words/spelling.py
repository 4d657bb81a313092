"""What a word is called here, by hand, nothing guessed from spelling; and what was read otherwise than typed."""

import re
from collections.abc import Mapping
from functools import cache

from cnncalc.language import Phrase, verbatim
from cnncalc.layers import REGISTRY
from cnncalc.losses import REGISTRY as LOSS_REGISTRY
from cnncalc.optimizers import REGISTRY as RULE_REGISTRY
from cnncalc.problem.text.pattern import pattern
from cnncalc.problem.words.vocabulary import LAYERS, LOSSES, RULES, TAKEN

_PREFIX = pattern(r"^(?:(?:torch|tf|keras|nn|nnx|linen|functional|F|layers|losses|optim|optimizers|activations)\.)+")
_WHAT_IT_IS = pattern(r"(?<=.)(?:layer|activation|激活函数|激活|函数|层)$")
_NUMBERED = pattern(r"(?P<word>.*[^\W\d])_?\d+")


def plain(word: str) -> str:
    """A word without its prefix, capitals, blanks, hyphens and underscores."""
    return re.sub(r"[\s_-]", "", _PREFIX.sub("", word.strip())).lower()


_ours = cache(plain)
"""Of the words of the registries, which are asked for at every name."""


def layer_word(text: str) -> str | None:
    """What a layer is called here, by any of its words; None for none of ours."""
    return _known(LAYERS, text, REGISTRY)


def loss_word(text: str) -> str | None:
    """The same of a loss."""
    return _known(LOSSES, text, LOSS_REGISTRY)


def rule_word(text: str) -> str | None:
    """The same of an update rule."""
    return _known(RULES, text, RULE_REGISTRY)


def without_number(text: str) -> str:
    """`conv` of `conv1` and `conv_1`; any other word as it is."""
    numbered = _NUMBERED.fullmatch(text.strip())
    return numbered["word"] if numbered else text


def _known(table: Mapping[str, str], text: str, registry: Mapping[str, object]) -> str | None:
    if text in registry:
        return text
    word = plain(text)
    for each in (word, _WHAT_IT_IS.sub("", word), word.removesuffix("loss")):
        ours = table.get(each)
        if ours in registry:
            return ours
        same = next((name for name in registry if _ours(name) == each), None)
        if same is not None:
            return same
    return None


READ_AS = Phrase("read as: {pairs}")
CALLED = Phrase("{layer} with the name {name}")
CONVOLUTION = Phrase("conv with a kernel of {size}")
BEHIND_IT = Phrase("a layer {layer} behind it")
COUNTED = Phrase("class, counted from index_base (PyTorch counts from 0)")
AS_THERE = Phrase("{option}, as it is there")
AS_IS = Phrase("{option}")
AS_IN_KERAS = Phrase("{option}, as in Keras")
AS_IN_MATLAB = Phrase("{option}, as in MATLAB")
WITHOUT = Phrase("{word} without {option}")
WITH = Phrase("{word} with {option}")
ITS_SHAPE = Phrase("its shape")
INPUT_SHAPE = Phrase("the shape of the input")
OPTIONS_OF = Phrase("those of one layer, {layer}")
BY_ROWS = Phrase("weight, a row for each output (Keras has a column)")
BY_COLUMNS = Phrase("weight, a column for each output, as in Keras")
OF_LAYER = Phrase("the {parameter} of {layer}")
AS_LIST = Phrase("the numbers of the input, in this order")
THE_INPUT = Phrase("the input")
AS_LAYER = Phrase("a layer")
NO_LOSS = Phrase("no loss")
_AND_MORE = Phrase("{count} more")
_MOST = 30


class Said:
    """The pairs of words, and the lines beside them."""

    def __init__(self) -> None:
        self._pairs: dict[Phrase, Phrase] = {}
        self.notices: list[Phrase] = []

    def word(self, typed: str | Phrase, ours: str | Phrase) -> None:
        """Note a word that is another one here; capitals alone make none."""
        if isinstance(typed, str) and isinstance(ours, str) and ours in (typed, typed.lower(), TAKEN):
            return
        key, word = (verbatim(each) if isinstance(each, str) else each for each in (typed, ours))
        self._pairs[key] = word

    def unsaid(self, ours: Phrase) -> None:
        """Take back what is not so after all."""
        self._pairs = {typed: word for typed, word in self._pairs.items() if word != ours}

    def lines(self) -> list[Phrase]:
        """One line for all words, and what was added."""
        pairs = [typed + verbatim(" = ") + ours for typed, ours in self._pairs.items()]
        if len(pairs) > _MOST:
            pairs[_MOST:] = [_AND_MORE.format(count=len(pairs) - _MOST)]
        return [*([READ_AS.format(pairs=Phrase.enumerated(pairs))] if pairs else []), *self.notices]
