"""The problems that come with cnncalc, as a Document."""

from collections.abc import Mapping

from cnncalc.language import Phrase, verbatim
from cnncalc.render.document import Column, Document, Heading, Paragraph, Table

TITLE = Phrase(en="Examples", zh="例题")
NAME = Phrase(en="Name", zh="名称")
ABOUT = Phrase(en="What it is", zh="内容")
USE = Phrase(
    en="`example:hw11` stands for the file in every command: `cnncalc solve example:hw11`.",
    zh="在各命令中用 `example:hw11` 代表该文件：`cnncalc solve example:hw11`。",
)


def document(titles: Mapping[str, str]) -> Document:
    """A row for each, by its name."""
    rows = tuple((verbatim(name), verbatim(title)) for name, title in titles.items())
    return Document((Heading(1, TITLE), Table((Column(NAME), Column(ABOUT)), rows), Paragraph(USE)))
