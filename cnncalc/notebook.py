"""How solved problems show themselves in Python: printed as on a terminal, in a notebook as on the HTML page.

`attach` gives Trace, Tensor and Report these methods; the stages that make them know nothing of pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.arithmetic.base import Undecided
from cnncalc.checking.report import Report
from cnncalc.explaining import find
from cnncalc.language import Language
from cnncalc.records import Record
from cnncalc.render.builders.explanation import explanation
from cnncalc.render.builders.report import marked
from cnncalc.render.builders.solution import select, solution
from cnncalc.render.builders.worked.worked import Wishes
from cnncalc.render.builders.worked.worked import worked as work_out
from cnncalc.render.document import Cell, Document, TensorBlock
from cnncalc.render.renderers import html, latex, markdown, terminal
from cnncalc.render.table.number import DEFAULT_DIGITS, describe, is_telling
from cnncalc.trace import Tensor, Trace

if TYPE_CHECKING:
    from cnncalc.layers.base import Index
    from cnncalc.render.builders.worked.tensor import Length


class Page(Record):
    """Something to be read: `str(page)` is its text; `html`, `latex` and `markdown` are whole files of it."""

    document: Document
    language: Language = "en"
    shorten: bool = True

    def __str__(self) -> str:
        return terminal.render(self.document, terminal.Page(language=self.language, shorten=self.shorten))

    @property
    def html(self) -> str:
        """A page of its own."""
        return html.render(self.document, self.language, self.shorten)

    @property
    def latex(self) -> str:
        """An article that compiles."""
        return latex.render(self.document, self.language, self.shorten)

    @property
    def markdown(self) -> str:
        """Markdown with its formulas between dollar signs."""
        return markdown.render(self.document, self.language, self.shorten)

    def _repr_html_(self) -> str:
        return html.fragment(self.document, self.language, self.shorten)

    def _repr_latex_(self) -> str:
        return latex.body(self.document, self.language, self.shorten)


def explained(trace: Trace, element: str, *, digits: int = DEFAULT_DIGITS, language: Language = "en") -> Page:
    """How an element (`dL/dh[1,1,1,1]`, counted from the problem's index_base) or a whole tensor comes about.

    Raises UnknownElement for what is no element of the trace.
    """
    return Page(explanation(trace, *find(trace, element), digits), language)


def worked(
    trace: Trace,
    *,
    length: Length = "full",
    question: Sequence[str] = (),
    digits: int = DEFAULT_DIGITS,
    language: Language = "en",
) -> Page:
    """The worked solution, as `cnncalc worked` writes it: `brief`, `full` or `everything`.

    Raises UnknownSelection for a question that the problem has not.
    """
    return Page(work_out(trace, Wishes(length=length, question=question, digits=digits)), language)


def of_tensor(tensor: Tensor) -> Page:
    """The tensor alone, in its shape (channel first, (N, …) for a mini-batch)."""

    def cell(index: Index) -> Cell:
        return Cell(describe(tensor.numbers, tensor.elements[index], DEFAULT_DIGITS, _closed_form(tensor, index)))

    block = TensorBlock(tensor.name, tensor.shape, tensor.index_base, cell, tensor.batched)
    return Page(Document((block,)))


def _closed_form(tensor: Tensor, index: Index) -> str | None:
    """That of a single number, where it is irrational and says something: log(5)."""
    numbers, element = tensor.numbers, tensor.elements[index]
    if tensor.shape or not numbers.proven or numbers.letters_of(element) or numbers.rational(element) is not None:
        return None
    try:
        found = tensor.closed_form(index)
    except Undecided:
        return None
    return found if is_telling(found) else None


def attach() -> None:
    """Give what is solved and marked its looks; once is enough."""
    setattr(Trace, "explain", explained)  # noqa: B010 - a method that Trace does not know of
    setattr(Trace, "worked", worked)  # noqa: B010
    pages: dict[type[Any], Callable[[Any], Page]] = {
        Trace: lambda trace: Page(solution(trace, select(trace))),
        Tensor: of_tensor,
        Report: lambda report: Page(marked(report)),
    }
    for kind, page in pages.items():
        for name, show in _ways(page).items():
            setattr(kind, name, show)


def _ways(page: Callable[[Any], Page]) -> dict[str, Callable[[Any], str]]:
    """The ways in which something shows itself that a page is made of."""
    return {
        "__str__": lambda one: str(page(one)),
        "_repr_html_": lambda one: page(one)._repr_html_(),
        "_repr_latex_": lambda one: page(one)._repr_latex_(),
    }
