"""What a word is called here: a table by hand, nothing is guessed from spelling."""

import re
from collections.abc import Mapping
from functools import cache

from cnncalc.layers import REGISTRY
from cnncalc.losses import REGISTRY as LOSS_REGISTRY
from cnncalc.optimizers import REGISTRY as RULE_REGISTRY
from cnncalc.problem.text.pattern import pattern
from cnncalc.problem.words.vocabulary import LAYERS, LOSSES, RULES

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
