"""What a person reads, in both languages."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from cnncalc.records import Record

Language = Literal["en", "zh"]
# Two code points that stand for no character ever, and are meant for use inside of a program.
_AS_THEY_ARE = str.maketrans({"$": "\ufdd0", "`": "\ufdd1", "\ufdd0": r"\ufdd0", "\ufdd1": r"\ufdd1"})
_CHINESE = "[\u3001-\u9fff\uff01-\uff5e]"
"""Characters and signs of Chinese, which are as wide as they are high."""
_SIGNS = str.maketrans({"\ufdd0": "$", "\ufdd1": "`"})


class Phrase(Record):
    """One sentence or label in English and Chinese, which stands in `chinese.tsv` where it is not given.

    Dollars and backquotes in it are markup, which `markup` keeps and `render.inline` reads. In what is put in they are
    signs like any other, unless that is a Phrase itself: names and numbers are put in as they are.
    """

    en: str

    def __init__(self, en: str, zh: str | Callable[[], str] | None = None) -> None:
        """The Chinese is given where it is made on the way, or where the same English has another elsewhere."""
        own = self.__dict__
        own["en"], own["_zh"] = en, zh

    @cached_property
    def zh(self) -> str:
        """Made when it is read, which it mostly is not."""
        zh: str | Callable[[], str] | None = self.__dict__["_zh"]
        return _chinese()[self.en] if zh is None else zh if isinstance(zh, str) else zh()

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Phrase) and self.en == other.en and self.zh == other.zh)

    def __hash__(self) -> int:
        return hash(self.en)

    def __reduce__(self) -> tuple[type["Phrase"], tuple[str, str]]:
        return Phrase, (self.en, self.zh)

    def __add__(self, other: "Phrase") -> "Phrase":
        """One behind the other."""
        return Phrase(self.en + other.en, lambda: self.zh + other.zh)

    def each(self, change: Callable[[str], str]) -> "Phrase":
        """Both texts changed in the same way."""
        return Phrase(change(self.en), lambda: change(self.zh))

    def join(self, phrases: "Iterable[Phrase]") -> "Phrase":
        """Phrases with this one between them."""
        listed = list(phrases)
        return Phrase(self.en.join(p.en for p in listed), lambda: self.zh.join(p.zh for p in listed))

    @staticmethod
    def listed(phrases: "Iterable[Phrase]") -> "Phrase":
        """`a`; `a and b`; `a, b and c`."""
        *others, last = phrases
        return ENUMERATED.join(others) + AND + last if others else last

    @staticmethod
    def enumerated(each: "Iterable[Phrase | str | int]") -> "Phrase":
        """`a, b, c`, and in Chinese 顿号 between them: phrases, or names and numbers as they are."""
        return ENUMERATED.join(one if isinstance(one, Phrase) else verbatim(str(one)) for one in each)

    def text(self, language: Language) -> str:
        """The phrase in `language`, as people read it where nothing is marked up."""
        return as_text(self.markup(language))

    def markup(self, language: Language) -> str:
        """The phrase in `language`, with what it marks up apart from what only looks so."""
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> "Phrase":
        """Both texts with `{name}` fields put in; a Phrase among the values is put in by language.

        In English `{count:row|rows}` is a number with the word for one or for several.
        The blanks that part names and numbers from Chinese are not written around words of Chinese.
        """
        put_in = {name: verbatim(value) if isinstance(value, str) else value for name, value in values.items()}

        def in_chinese() -> str:
            zh = self.zh
            for name, value in put_in.items():
                if isinstance(value, Phrase) and value.zh != value.en:
                    zh = closed_up(zh, f"{{{name}}}", value.zh)
            return zh.format(**{k: v.zh if isinstance(v, Phrase) else v for k, v in put_in.items()})

        return Phrase(self.en.format(**{k: _in_english(v) for k, v in put_in.items()}), in_chinese)


@cache
def _chinese() -> Mapping[str, str]:
    return translations(Path(__file__).with_name("chinese.tsv"))


def translations(file: Path) -> Mapping[str, str]:
    """A sentence a line, and behind a tab its Chinese; lines that begin with # say whose they are."""
    lines = file.read_text(encoding="utf-8").split("\n")
    return dict(line.split("\t") for line in lines if line and line[0] != "#")


class _Counted(str):
    """A number that is written, with the word for one or for several behind it."""

    def __format__(self, words: str) -> str:
        one, _, several = words.partition("|")
        return f"{self} {one if self == '1' else several}" if words else self


def _in_english(value: object) -> object:
    return _Counted(value.en) if isinstance(value, Phrase) else _Counted(value) if type(value) is int else value


def closed_up(text: str, hole: str, word: str) -> str:
    """Chinese without the blanks around a hole where a word of Chinese begins or ends in it."""
    if re.match(_CHINESE, word):
        text = re.sub(f"(?<={_CHINESE}) (?={re.escape(hole)})", "", text)
    return re.sub(f"(?<={re.escape(hole)}) (?={_CHINESE})", "", text) if re.match(_CHINESE, word[-1:]) else text


ENUMERATED, AND = Phrase(", ", "、"), Phrase(" and ")
NOTHING = Phrase("", "")
"""What stands in a text for a part that the problem at hand does not have."""


def verbatim(text: str) -> Phrase:
    """A name, or the user's own words: the same in each language, and nothing in it is markup."""
    plain = text.translate(_AS_THEY_ARE)
    return Phrase(en=plain, zh=plain)


def as_it_is(en: str, zh: str) -> Phrase:
    """A sentence that is made elsewhere, in each language, nothing in it being markup."""
    return Phrase(verbatim(en).en, verbatim(zh).zh)


def marked_up(text: str) -> Phrase:
    """Formulas or names with their markup, the same in each language."""
    return Phrase(en=text, zh=text)


def as_text(markup: str) -> str:
    """A stretch of markup with its signs as people read them."""
    return markup if markup.isascii() else markup.translate(_SIGNS)
