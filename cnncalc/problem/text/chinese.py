"""Faults in Chinese: by the English sentence, whose names and numbers are kept. What has no entry stays English."""

import re
from functools import cache

from cnncalc.problem.text.chinese_sentences import COUNTED, SENTENCES

_HOLE = re.compile(r"\{\d?\}")


def in_chinese(text: str) -> str:
    """The sentence in Chinese; each line of several by itself."""
    if "\n" in text:
        return "\n".join(map(in_chinese, text.split("\n")))
    for pattern, sentence in _patterns():
        found = pattern.fullmatch(text)
        if found:
            return sentence.format(*(_part(part) for part in found.groups()))
    return text


def _part(part: str) -> str:
    """A count or a sentence inside of another; names and numbers stay as they are."""
    for pattern, counted in COUNTED.items():
        part = re.sub(pattern, counted, part)
    return in_chinese(part) if " " in part else part


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences as patterns, those with the most words of their own first."""
    ordered = sorted(SENTENCES, key=lambda english: len(_HOLE.sub("", english)), reverse=True)
    return tuple((_pattern(english), SENTENCES[english]) for english in ordered)


def _pattern(english: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in _HOLE.split(english)]
    return re.compile("(.+?)".join(parts), re.DOTALL)
