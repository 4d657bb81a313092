"""No line of a document is wider than the terminal: not one with numbers, with letters, or with words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from cnncalc.render.builders.explanation import explanation
from cnncalc.render.builders.solution import select, solution
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Document
from cnncalc.render.renderers.terminal import Page, render

from ..command import ROOT
from ..problem_files import solved

PROBLEMS = ["one_step", "letters_bias_pool"]
PAGES = (Page(width=60), Page(width=80, language="zh"))


def documents(stem: str) -> Iterator[Document]:
    trace = solved(ROOT / "problems" / f"{stem}.yaml")
    yield solution(trace, select(trace))
    yield worked(trace, Wishes())
    for tensor in list(trace)[1::4]:
        yield explanation(trace, tensor, (0,) * len(tensor.shape))


@pytest.mark.parametrize("stem", PROBLEMS)
def test_no_line_is_wider_than_the_terminal(stem: str) -> None:
    for document in documents(stem):
        for page in PAGES:
            lines = render(document, page).splitlines()
            # A command stays whole, so that it can be typed.
            assert [line for line in lines if cell_len(line) > page.width and "cnncalc explain" not in line] == []
