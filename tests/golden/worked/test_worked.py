"""The layout of worked solutions, a file for each problem, format and language; `--rewrite-golden` writes them anew.

Every problem with numbers as text in both languages; some in every format, since all of them would be megabytes.
Whether the numbers are right is asked in tests/explaining, whether the remarks hold in tests/layers/test_lessons.py.
"""

from functools import cache
from pathlib import Path

import pytest

from cnncalc.language import Language
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Document
from cnncalc.render.renderers import html, latex, markdown
from cnncalc.render.renderers.terminal import Page
from cnncalc.render.renderers.terminal import render as render_text

from ...command import ROOT
from ...problem_files import NUMERIC, solved

FOLDER = Path(__file__).parent
TOO_LARGE = ("lenet5",)
WITH_LETTERS = ("letters_one_channel", "letters_softmax")
PROBLEMS = sorted([*(path.stem for path in NUMERIC if path.stem not in TOO_LARGE), *WITH_LETTERS])
IN_EVERY_FORMAT = ("hw11", "soft_labels", "uneven_strides")
DOCUMENTS = {"md": markdown.render, "tex": latex.render, "html": html.render}
LANGUAGES: tuple[Language, ...] = ("en", "zh")
FILES = [(stem, language, "txt") for stem in PROBLEMS for language in LANGUAGES] + [
    (stem, language, ending) for stem in IN_EVERY_FORMAT for language in LANGUAGES for ending in DOCUMENTS
]


@cache
def document(stem: str) -> Document:
    return worked(solved(ROOT / "problems" / f"{stem}.yaml"), Wishes(name="A. Student"))


def test_there_are_problems() -> None:
    assert len(PROBLEMS) >= 12
    assert set(IN_EVERY_FORMAT) <= set(PROBLEMS)


@pytest.mark.parametrize(("stem", "language", "ending"), FILES, ids=lambda part: part)
def test_a_worked_solution_is_as_it_was(stem: str, language: Language, ending: str, rewrite_golden: bool) -> None:
    if ending == "txt":
        made = render_text(document(stem), Page(language=language))
    else:
        made = DOCUMENTS[ending](document(stem), language)
    golden = FOLDER / f"{stem}.{language}.{ending}"
    if rewrite_golden:
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_problem() -> None:
    expected = {f"{stem}.{language}.{ending}" for stem, language, ending in FILES}
    assert {path.name for path in FOLDER.iterdir() if path.suffix not in (".py", "")} == expected
