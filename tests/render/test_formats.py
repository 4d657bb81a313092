"""Every block, role and mark has its place in every format."""

import re
from importlib import import_module
from typing import get_args

import pytest

from cnncalc.language import Language, verbatim
from cnncalc.render.document import MEANINGS, Block, Document, Heading, MarkKind, Paragraph
from cnncalc.render.renderers.html import SIGNS as HTML_SIGNS
from cnncalc.render.table.matrix_latex import SIGNS as LATEX_SIGNS

from .sample import BLOCKS, DOCUMENT, SEEN

FORMATS = ("html", "latex", "markdown")


def rendered(name: str, document: Document, language: Language = "en", shorten: bool = True) -> str:
    text = import_module(f"cnncalc.render.renderers.{name}").render(document, language, shorten)
    assert isinstance(text, str)
    return text


def test_the_sample_has_a_block_of_every_kind_level_and_role() -> None:
    assert set(BLOCKS) == {kind.__name__ for kind in get_args(Block)}
    roles = {block.role for block in BLOCKS["Paragraph"] if isinstance(block, Paragraph)}
    assert roles == set(get_args(Paragraph.__annotations__["role"]))
    levels = {block.level for block in BLOCKS["Heading"] if isinstance(block, Heading)}
    assert levels == set(get_args(Heading.__annotations__["level"]))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", BLOCKS)
def test_every_kind_of_block_is_shown(name: str, kind: str) -> None:
    nothing = rendered(name, Document(()))
    for block in BLOCKS[kind]:
        assert len(rendered(name, Document((block,)))) > len(nothing)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_lost(name: str, language: Language) -> None:
    text = re.sub("<[^<>]*>", "", rendered(name, DOCUMENT, language))
    assert [word for word in SEEN if word not in text] == []
    assert ("中文：" in text) == (language == "zh")


def test_every_mark_has_a_sign_of_its_own() -> None:
    for signs in (HTML_SIGNS, LATEX_SIGNS):
        assert signs.keys() == set(get_args(MarkKind)) == MEANINGS.keys()
        assert len({sign.format(number="x") for sign in signs.values()} | {"x"}) == len(signs) + 1


@pytest.mark.parametrize("name", FORMATS)
def test_every_mark_that_occurs_is_explained(name: str) -> None:
    text = rendered(name, Document(BLOCKS["MatrixRow"]))
    for meaning in MEANINGS.values():
        assert meaning.en in text


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_shortened_says_so_and_all_shows_all(name: str) -> None:
    document = Document(BLOCKS["TensorBlock"])
    assert "Shortened: 144 of 3600 numbers are shown." in rendered(name, document)
    whole = rendered(name, document, shorten=False)
    assert "Shortened" not in whole
    # Every cell of every tensor but the scalar; fractions are written in other ways.
    assert whole.count("31") >= 3600 // 5


@pytest.mark.parametrize("name", FORMATS)
def test_control_characters_do_not_get_through(name: str) -> None:
    text = rendered(name, Document((Heading(1, verbatim("a\x1bb")), Paragraph(verbatim("c\x00\u202ed\x07")))))
    assert all(character.isprintable() or character == "\n" for character in text)
