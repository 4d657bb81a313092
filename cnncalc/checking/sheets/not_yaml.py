"""Answer sheets that are no YAML: made of rows (CSV, TSV, tables of Markdown, Excel, OpenDocument), or a text.

In rows a name stands in front of its numbers.

    conv_1, -22, -22          | tensor | answer |         ## dL/dW
          , -26, -26          |--------|--------|         | 1 | 2 |
    L,      1.609             | L      | 1.609  |         | 3 | 4 |

The name is the first cell of a row, or a line of its own; rows below it without a name belong to it, and an empty row
parts channels. A text has `Q1. conv = [[1, 2]]`, `3) … is [2; 0]`, tables under headings, LaTeX, what a shell shows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from cnncalc.language import Phrase
from cnncalc.problem.text.faults import AnswerError, Fault, Place
from cnncalc.problem.text.nodes import Items, Node, Scalar
from cnncalc.problem.text.source import open_source

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ENDINGS = (".csv", ".tsv", ".md", ".markdown", ".xlsx", ".ods")
"""Of files that are read so."""
QUESTIONS = ("question", "q", "no", "no.", "number", "#", "题号", "题目", "问题")
ANSWERED = ("answer", "answers", "value", "values", "result", "答案", "结果")
"""The headings of two columns."""
LARGEST = 1_000_000
"""Cells of a table …"""
LARGEST_TEXT = 2**26
"""… and bytes of what a workbook is written in."""
MOST_DATES = 3
"""That are shown."""
DAMAGED = Fault("the file is damaged, or not what its ending says", "save it anew as .xlsx or .ods, or as CSV")
DECIMAL_COMMAS = Phrase("Columns are parted by semicolons, so that decimal commas are read as points.")
DATES = Phrase(
    "Of some fractions the spreadsheet has made dates ({typed}). They are read back, the month over the day; format"
    " the cells as text to be sure of it."
)
_NUMBER_LIKE = re.compile(
    r"^[\s$\\({\[]*[-+−–≈~=]*[\s(\[{\\$]*(?:[\d.]|[½⅓⅔¼¾√π?]"
    r"|(?i:sqrt|log|ln|exp)\(|(?:frac|sqrt|log|ln|exp|begin|pi|e)(?![A-Za-z]|_[A-Za-z]|_\d+$))"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DATES = (
    re.compile(r"(?P<day>\d{1,2})-(?P<name>[A-Z][a-z]{2})"),  # Excel's CSV: 2-Jan of 1/2 …
    re.compile(r"(?P<name>[A-Z][a-z]{2})-(?P<day>\d{2})"),  # … and Jan-40 of 1/40
    re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
    re.compile(r"(?:19|20)\d\d[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})"),
    re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?:19|20)?\d\d"),
)
"""What becomes of a fraction in a table that a spreadsheet has written."""
_TITLE = re.compile(r"^(?:#{1,6}\s+|[-*+]\s+|\d+[.)]\s+)?(?P<name>[^|]*[^|\s:：])\s*[:：]?\s*$")
_LINE = re.compile(r"^(?:[-*+]\s+)?(?P<name>[^|:：=]{1,60}?)\s*[:：=]\s*(?P<value>\S.*)$")
_RULE = re.compile(r"\|?\s*:?-+:?(?:(?:\s*\||\s)\s*:?-+:?)*\s*\|?")
_QUOTES = re.compile(r"^[`*_]+|[`*_]+$")


MARK_READ_AS_LETTERS = "ï»¿"
"""The mark at the beginning of a file in UTF-8, where a spreadsheet took the file for one of Windows."""


class _OfDate(str):
    """A fraction of which a spreadsheet had made a date, `typed`."""

    typed: str

    def __new__(cls, month: int | str, day: int | str, typed: str) -> "_OfDate":
        made = super().__new__(cls, f"{int(month)}/{int(day)}")
        made.typed = typed
        return made


Row: TypeAlias = tuple[int, list[str]]
"""A line of the file, from 1, and its cells."""


def read_rows(path: str) -> tuple[Mapping[str, Node], str, tuple[Phrase, ...]]:
    """The answers by name, the text of the file (empty for Excel) and what is to be said; raises AnswerError."""
    notes: tuple[Phrase, ...] = ()
    text = ""
    ending = Path(path).suffix.lower()
    if ending in (".xlsx", ".ods"):
        rows = list(_bounded(_excel(path) if ending == ".xlsx" else _open_document(path), path))
    else:
        text, _, _ = open_source(path, AnswerError)
        if ending in (".md", ".markdown"):
            rows = list(_bounded(_markdown(text), path))
        else:
            comma = "\t" if ending == ".tsv" or "\t" in text else ";" if text.count(";") > text.count(",") / 2 else ","
            rows = list(_bounded(_separated(text, comma), path))
            if comma == ";" and any("," in cell for _, cells in rows for cell in cells):
                rows = [(line, [re.sub(r"(?<=\d),(?=\d)", ".", cell) for cell in cells]) for line, cells in rows]
                notes = (DECIMAL_COMMAS,)
            rows = [(line, [_undated(cell) for cell in cells]) for line, cells in rows]
    if rows and rows[0][1]:
        rows[0][1][0] = rows[0][1][0].removeprefix(MARK_READ_AS_LETTERS)
    dates = {cell.typed: f"{cell.typed} → {cell}" for _, cells in rows for cell in cells if isinstance(cell, _OfDate)}
    if dates:
        notes += (DATES.format(typed=", ".join(list(dates.values())[:MOST_DATES])),)
    first = [cell.strip().lower() for cell in rows[0][1][:2]] if rows else []
    if len(first) == 2 and first[0] in QUESTIONS and first[1] in ANSWERED:
        # Under such a heading a number is a name.
        rows = [(n, [f"Q{row[0]}", *row[1:]] if row and row[0][:1].isdigit() else row) for n, row in rows[1:]]
    found = _by_name(rows)
    if ending in (".md", ".markdown"):
        # A heading or a sentence that no numbers follow is no answer.
        found = {name: node for name, node in found.items() if not (isinstance(node, Scalar) and not node.text)}
    if not found:
        remedy = "write the name of each tensor in front of its numbers: conv_1, 1, 2"
        raise AnswerError([Fault("no row begins with the name of a tensor", remedy)], path, text)
    return found, text, notes


def _separated(text: str, comma: str) -> Iterator[Row]:
    import csv

    csv.field_size_limit(LARGEST_TEXT)
    reader = csv.reader(text.split("\n"), delimiter=comma, skipinitialspace=True)
    yield from ((reader.line_num, [cell.strip() for cell in cells]) for cells in reader)


def _undated(cell: str) -> str:
    """A cell of a table; of a date the fraction that was typed."""
    found = next((found for pattern in _DATES if (found := pattern.fullmatch(cell))), None)
    parts = found.groupdict() if found else {}
    if "name" in parts:
        name = parts["name"].lower()
        return _OfDate(_MONTHS.index(name) + 1, parts["day"], cell) if name in _MONTHS else cell
    return _OfDate(parts["month"], parts["day"], cell) if parts else cell


def _markdown(text: str) -> Iterator[Row]:
    """Rows of tables; a heading or a paragraph in front of one is its name, `L = 1.6` a name with its number."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        written = line.strip()
        if not written or _RULE.fullmatch(written) or written.startswith("```"):
            yield number, []
        elif written.startswith("|"):
            cells = [_QUOTES.sub("", cell.strip()) for cell in written.strip("|").split("|")]
            is_heading = number < len(lines) and _RULE.fullmatch(lines[number].strip() or "x") is not None
            yield (number, []) if is_heading and not any(map(_is_number, cells[1:])) else (number, cells)
        else:
            both, title = _LINE.fullmatch(written), _TITLE.fullmatch(written)
            if both:
                yield number, [_QUOTES.sub("", both["name"]), both["value"]]
            elif title:
                yield number, [_QUOTES.sub("", title["name"])]


@contextmanager
def _undamaged(path: str) -> Iterator[None]:
    """Around the opening of a spreadsheet; raises AnswerError for what is none."""
    from xml.etree.ElementTree import ParseError
    from zipfile import BadZipFile

    try:
        yield
    except FileNotFoundError:
        open_source(path, AnswerError)  # says so as for any file
        raise
    except (BadZipFile, OSError, KeyError, ValueError, TypeError, ParseError) as error:
        raise AnswerError([DAMAGED], path) from error


def _excel(path: str) -> Iterator[Row]:
    """The cells of all worksheets; what a formula has come to counts."""
    try:
        import openpyxl
    except ImportError:
        remedy = "pip install 'cnncalc[excel]', or save the sheet as CSV"
        raise AnswerError(
            [Fault("an .xlsx file is read with openpyxl, which is not installed", remedy)], path
        ) from None

    with _undamaged(path):
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for worksheet in book.worksheets:
        for number, cells in enumerate(worksheet.iter_rows(), 1):
            yield number, [_excel_cell(cell.value, str(cell.number_format)) for cell in cells]
        yield 0, []


def _bounded(rows: Iterator[Row], path: str) -> Iterator[Row]:
    count = 0
    for row in rows:
        count += len(row[1])
        if count > LARGEST:
            raise AnswerError([Fault(f"a table of more than {LARGEST} cells", "keep the answers alone")], path)
        yield row


def _open_document(path: str) -> Iterator[Row]:
    """The cells of all sheets of a spreadsheet as LibreOffice writes it."""
    from xml.etree.ElementTree import fromstring
    from zipfile import ZipFile

    with _undamaged(path), ZipFile(path) as zipped:
        if zipped.getinfo("content.xml").file_size > LARGEST_TEXT:
            raise ValueError
        content = fromstring(zipped.read("content.xml"))
    for sheet in content.iter(f"{TABLE}table"):
        number = 0
        for row in sheet.iter(f"{TABLE}table-row"):
            cells: list[str] = []
            for cell in row:
                if cell.tag in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                    cells += [_open_document_cell(cell)] * _repeated(cell, "columns")
            while cells and not cells[-1]:
                cells.pop()
            # What lies below the last answer is a million empty rows.
            for _ in range(_repeated(row, "rows") if cells else 1):
                number += 1
                yield number, cells
        yield 0, []


TABLE, OFFICE, TEXT = (f"{{urn:oasis:names:tc:opendocument:xmlns:{each}:1.0}}" for each in ("table", "office", "text"))


def _repeated(element: "Element", what: str) -> int:
    """How often it stands there; so many empty cells are none that anybody fills in."""
    times = element.get(f"{TABLE}number-{what}-repeated", "1")
    return min(int(times), LARGEST) if times.isdecimal() and (what == "rows" or len(times) < 5) else 1


def _open_document_cell(cell: "Element") -> str:
    kind = cell.get(f"{OFFICE}value-type")
    if kind == "date":
        return _excel_cell(date.fromisoformat(cell.get(f"{OFFICE}date-value", "")[:10]))
    if kind in ("float", "percentage", "currency"):
        return cell.get(f"{OFFICE}value", "")
    return " ".join("".join(line.itertext()) for line in cell.findall(f"{TEXT}p")).strip()


def _excel_cell(value: object, number_format: str = "") -> str:
    """As typed; Excel makes a date of 1/2, and a month of 1/40, which are fractions here again."""
    if isinstance(value, datetime | date):
        is_month = "y" in number_format.lower() and "d" not in number_format.lower()
        return _OfDate(value.month, value.year % 100 if is_month else value.day, f"{value:%Y-%m-%d}")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value).strip()


def _is_number(cell: str) -> bool:
    return _NUMBER_LIKE.match(cell) is not None


def _by_name(rows: Sequence[Row]) -> dict[str, Node]:
    found: dict[str, list[list[Row]]] = {}
    name: str | None = None
    for line, cells in rows:
        while cells and not cells[-1]:
            cells = cells[:-1]
        if not cells:
            if name is not None and found[name][-1]:
                found[name].append([])
            continue
        first, rest = cells[0], cells[1:]
        if first and not _is_number(first):
            if rest and not any(map(_is_number, rest)):
                name = None  # headings
                continue
            # A name answered already goes on: sheets write it in front of each row.
            name, cells = first, rest
            found.setdefault(name, [[]])
        elif not first and rest:
            cells = rest
        if name is not None and cells:
            found[name][-1].append((line, cells))
    return {name: _node([group for group in groups if group]) for name, groups in found.items()}


def _node(groups: list[list[Row]]) -> Node:
    """Rows as nested lists; one cell alone may hold a whole tensor."""
    if not groups:
        return Scalar("", 1, 1, 1)
    width = max(len(cells) for group in groups for _, cells in group)
    channels: list[Node] = [Items([_row(row, width) for row in group], _place(group[0])) for group in groups]
    first = channels[0]
    assert isinstance(first, Items), "a channel is a list of rows"
    if len(channels) > 1:
        return Items(channels, first.place)
    if len(first.items) > 1:
        return first
    row = first.items[0]
    return row.items[0] if isinstance(row, Items) and width == 1 else row


def _row(row: Row, width: int) -> Items:
    line, cells = row
    return Items([Scalar(cell, line, 1, 1, None) for cell in [*cells, *[""] * (width - len(cells))]], _place(row))


def _place(row: Row) -> Place:
    return Place(max(row[0], 1), 1)


_MARKS = re.compile(
    r"\*\*|__|`|^\s*#+\s*|^\s*>>>\s*|^\s*[-*•]\s+(?=\S)|\$|\\\[|\\\]|\\(?:sub)*section\*?|\\item\b|\\(?:text|mathrm)(?=\{)"
)
_COMMAND = re.compile(r"\\(?:documentclass|usepackage|begin\{document\}|end\{document\}|maketitle).*")
_GROUP = re.compile(r"(?<!\\begin)(?<!\\end)(?<!\\frac)(?<!\})\{([^{}\\]*)\}(?!\{)")
_LABEL = re.compile(
    r"(?i)^\s*(?:(?P<word>question|problem|exercise|q|第|问题|题)\s*)?\(?(?P<number>\d{1,2})\s*(?:[.(]?\s*(?P<part>[a-h])(?=[).:\s]))?"
    r"(?P<end>\s*[题问]?\s*(?:[):：、．]|\.(?!\d))+|\s*[题问]|\s*$)?\s*"
)
_ASSIGNED = re.compile(r"(?P<name>[^=:：\[\]|]{1,40}?)\s*(?:[=:：≈]\s*)+(?P<value>.*)")
_VALUE = re.compile(
    r"(?:\[|\\begin|\(|(?:np\.|torch\.)?(?:array|tensor)\(|[-+−≈~]?\s*[\d.]|\?|[√½⅓¼]|-?(?:log|ln|exp|e\^|sqrt)).*"
)
_IN_WORDS = re.compile(r"(?:\[|\\begin|(?<=[:：=])\s*[-+−]?\d).*")
_ROW = re.compile(r"[-+−]?[\d.][\d./]*(?:[\s,]+[-+−]?[\d.][\d./]*)+")
_LAST = re.compile(r"^[^\[\\]*=\s*(?=\S)")


class Prose:
    """What is answered, by name or by the question under which it stands; nothing where no answer is found."""

    def __init__(self) -> None:
        self.found: dict[str, Node] = {}
        self.label = ""
        self.name = ""
        self.lines: list[str] = []
        self.line = 1

    def read(self, text: str) -> Mapping[str, Node]:
        """Line by line; a value goes on while its brackets are open, and so do the rows of a table."""
        for number, line in enumerate(text.split("\n"), 1):
            plain = _COMMAND.sub("", line.replace("＝", "="))
            plain = _GROUP.sub(r"\1", _MARKS.sub("", plain)).strip()
            if self._goes_on(plain):
                self.lines.append(plain)
            elif plain:
                self._end()
                self._begin(plain, number)
        self._end()
        return self.found

    def _goes_on(self, line: str) -> bool:
        if not self.lines:
            return bool(self.name) and bool(line) and (line.startswith("|") or bool(_VALUE.match(line)))
        whole = " ".join(self.lines)
        is_open = whole.count("[") > whole.count("]") or whole.count("\\begin") > whole.count("\\end")
        label = _LABEL.match(line)
        are_rows = _ROW.fullmatch(line) and _ROW.fullmatch(self.lines[-1]) and not (label and label["end"])
        return bool(line) and (is_open or bool(are_rows) or (line.startswith("|") and self.lines[-1].startswith("|")))

    def _begin(self, line: str, number: int) -> None:
        self.line = number
        label = _LABEL.match(line)
        if label is not None and (label["word"] or (label["end"] or "").strip()):
            self.label = label["number"] + (label["part"] or "").lower()
            line = line[label.end() :].strip()
        assigned = _ASSIGNED.match(line)
        name = assigned["name"].strip() if assigned else line
        is_name = bool(name) and len(name.split()) <= 3 and not _VALUE.match(name)
        self.name = name if is_name and (assigned or not self.label) else self.label
        value = assigned["value"].strip() if assigned else "" if is_name else line
        while _LAST.match(value):
            value = _LAST.sub("", value, count=1)
        if value and not _VALUE.match(value):
            inside = _IN_WORDS.search(line)
            value = inside[0].strip() if inside else ""
        if value or line.startswith("|"):
            self.lines = [value or line]

    def _end(self) -> None:
        """Note what was read, unless there is an answer of that name."""
        if self.lines and self.name and self.name not in self.found:
            text = "\n".join(self.lines).rstrip(".。;,")
            self.found[self.name] = Scalar(text, self.line, 1, 1, "|" if len(self.lines) > 1 else None)
            self.name = ""
        self.lines = []
