"""A blank answer sheet: what is asked for, in the order of the questions, with a cell for each number."""

import csv
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from io import BytesIO, StringIO
from math import prod

from cnncalc.language import Language, Phrase
from cnncalc.layers.base import Shape
from cnncalc.outline import shapes
from cnncalc.practice.template import questions
from cnncalc.practice.writing import Noted, Numbers, yaml
from cnncalc.problem.names import quantity_name
from cnncalc.problem.problem import Problem
from cnncalc.problem.text.faults import shape_text
from cnncalc.records import Record
from cnncalc.solver import solve
from cnncalc.trace import Trace
from cnncalc.visible import visible

MOST_CELLS = 5000
"""Of a tensor that is written cell by cell; nobody fills in more by hand."""
ANSWERS = Phrase("Answers")
QUESTION = Phrase("Question {label}")
RULE = Phrase("A fraction, a whole number or an expression must be exact; a decimal has at least 3 significant digits.")


class Asked(Record):
    """One tensor that a question asks for; `is_first` of its question."""

    label: str
    name: str
    shape: Shape
    is_first: bool

    @property
    def question(self) -> Phrase:
        """`Question 6`."""
        return QUESTION.format(label=self.label)

    @property
    def is_large(self) -> bool:
        """Whether its cells are not drawn."""
        return prod(self.shape) > MOST_CELLS

    @property
    def matrices(self) -> list[Shape]:
        """Rows and columns of each matrix that it is made of, channel by channel."""
        rows, columns = ((1, 1, *self.shape)[-2:]) if self.shape else (1, 1)
        return [(rows, columns)] * prod(self.shape[:-2])


def by_question(problem: Problem) -> Mapping[str, Sequence[str]]:
    """The names that the questions ask for; all that is to be computed, where there are none."""
    if problem.questions:
        return problem.questions
    if problem.blanks:
        return _sizes(problem)
    return {label: (names,) if isinstance(names, str) else tuple(names) for label, names in questions(problem).items()}


def asked(problem: Problem) -> list[Asked]:
    """The same, each with its shape."""
    shape_of = _Shapes(problem)
    return [
        Asked(label, name, shape_of(name), number == 0)
        for label, names in by_question(problem).items()
        for number, name in enumerate(names)
    ]


def _sizes(problem: Problem) -> dict[str, tuple[str, ...]]:
    """What can be asked where there are no numbers: shapes and counts, layer by layer."""
    outline = shapes(problem)
    wanted = [(f"shape({row.name})", *([f"parameters({row.name})"] if row.parameters else [])) for row in outline.rows]
    return {str(label): names for label, names in enumerate([*wanted, ("parameters(total)",)], 1)}


class _Shapes:
    """Shapes by name, from the sizes alone where they tell."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.outline = problem, shapes(problem)

    def __call__(self, name: str) -> Shape:
        if quantity_name(name):
            return ()
        with suppress(KeyError):
            found = self.outline.quantity(f"shape({name})")
            return found if isinstance(found, tuple) else ()
        # An auxiliary tensor, or one that is made on request.
        return () if self.problem.blanks else self._trace[name].shape

    @cached_property
    def _trace(self) -> Trace:
        return solve(self.problem)


def as_yaml(problem: Problem, language: Language) -> str:
    """The sheet as a file of answers."""
    lines = [f"# {visible(problem.title) or ANSWERS.text(language)}", f"# {RULE.text(language)}"]
    for each in asked(problem):
        if each.is_first:
            lines += ["", f"# {visible(each.question.text(language))}"]
        cells = "?" if each.is_large else Numbers(each.shape, ["?"] * prod(each.shape))
        lines.append(yaml({each.name: Noted(cells, shape_text(each.shape)) if each.shape else cells}).rstrip("\n"))
    return "\n".join(lines) + "\n"


def rows(problem: Problem) -> list[list[str]]:
    """The sheet as rows of a table: a name in front of its cells, an empty row between matrices."""
    made: list[list[str]] = []
    for each in asked(problem):
        first = each.name
        for height, width in [(1, 1)] if each.is_large else each.matrices:
            for _ in range(height):
                made.append([first, *["?"] * width])
                first = ""
            made.append([])
    return made[:-1]


def as_csv(problem: Problem) -> str:
    """The sheet as CSV. Names begin with a letter and cells with `?`, so that no spreadsheet runs any."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows(problem))
    return text.getvalue()


def as_excel(problem: Problem) -> bytes:
    """The sheet as a workbook, every cell a text; raises ImportError without openpyxl."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows(problem):
        book.active.append(row)
    for line in book.active.iter_rows():
        for cell in line:
            # A fraction stays one: Excel would make a date of 1/2.
            cell.number_format = "@"
    content = BytesIO()
    book.save(content)
    return content.getvalue()


CONTENT = """\
<?xml version="1.0" encoding="UTF-8"?>
<office:document-content office:version="1.2"
  xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
  xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
  xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
  xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0">
<office:automatic-styles><number:text-style style:name="N1"><number:text-content/></number:text-style>
<style:style style:name="text" style:family="table-cell" style:data-style-name="N1"/></office:automatic-styles>
<office:body><office:spreadsheet>
<table:table table:name="answers">{rows}</table:table>
</office:spreadsheet></office:body>
</office:document-content>
"""
MANIFEST = """\
<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest manifest:version="1.2" xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""


def as_open_document(problem: Problem) -> bytes:
    """The sheet as LibreOffice's spreadsheet, every cell a text: a fraction is made no date there either."""
    from xml.sax.saxutils import escape
    from zipfile import ZIP_DEFLATED, ZipFile

    made = rows(problem)
    # The format of each cell holds for what is typed into it.
    cell = '<table:table-cell table:style-name="text" office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = ["".join(cell.format(escape(each)) for each in row) or "<table:table-cell/>" for row in made]
    table = "".join(f"<table:table-row>{line}</table:table-row>\n" for line in lines)
    content = BytesIO()
    with ZipFile(content, "w") as zipped:
        zipped.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        for name, text in (("content.xml", CONTENT.format(rows=table)), ("META-INF/manifest.xml", MANIFEST)):
            zipped.writestr(name, text, ZIP_DEFLATED)
    return content.getvalue()
