"""What a person reads, in both languages."""

from typing import Literal

from cnncalc.records import dataclass

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class Phrase:
    """One sentence or label in English and Chinese; a missing translation does not type-check."""

    en: str
    zh: str

    def text(self, language: Language) -> str:
        """The phrase in `language`."""
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> "Phrase":
        """Both texts with `{name}` fields put in; a Phrase among the values is put in by language."""
        return Phrase(
            self.en.format(**{k: v.en if isinstance(v, Phrase) else v for k, v in values.items()}),
            self.zh.format(**{k: v.zh if isinstance(v, Phrase) else v for k, v in values.items()}),
        )
