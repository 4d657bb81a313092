"""Many checked sheets: a line each, then which tensors and which mistakes, how often."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import combinations
from math import ceil, prod
from pathlib import Path

from cnncalc.checking.many import Outcome, Tally
from cnncalc.checking.report import TensorVerdict, number
from cnncalc.language import NOTHING, Language, Phrase, verbatim
from cnncalc.layers.base import Index
from cnncalc.render.builders.report import MOST_DRAWN, VERDICTS
from cnncalc.render.document import Block, Cell, Column, Document, Heading, Paragraph, Table, TensorBlock
from cnncalc.render.table.number import Number
from cnncalc.visible import shown_path, visible

SHEETS = Phrase("The sheets")
LINES = (
    Column(Phrase("Answers"), "path"),
    Column(Phrase("Score"), "right"),
    Column(Phrase("First error")),
    Column(Phrase("Likely mistakes")),
)
SUMMARY = Phrase("Summary")
COUNTS = Phrase("{read:sheet|sheets} checked, {correct} of them all correct; mean score {mean}{most}.")
OF = Phrase(" of {most}")
UNREADABLE = Phrase("{count} could not be read.")
CANNOT_READ = Phrase("cannot be read: {fault}")
FORMULA = r"(?:^|[;,|])\s*(?=[-=+@－＝＋＠])"
"""In front of what a spreadsheet runs: at a cell's beginning, and behind what it may take for the end of another."""
TENSORS, HOW_MANY = Column(Phrase("Tensor")), Column(Phrase("Sheets"), "right")
MISTAKES = (Column(Phrase("Mistake")), TENSORS, HOW_MANY)


def class_report(outcomes: Sequence[Outcome], title: str, is_page: bool = False) -> Document:
    """The Document of a class; a page begins with the summary, on a terminal it is what is left to be seen."""
    named = (Heading(1, verbatim(title)),) if title else ()
    sheets, summary = Table(LINES, tuple(map(_line, outcomes))), (Heading(2, SUMMARY), *_summary(outcomes))
    return Document((*named, *summary, Heading(2, SHEETS), sheets) if is_page else (*named, sheets, *summary))


def _line(outcome: Outcome) -> tuple[Phrase, ...]:
    if outcome.fault:
        first = outcome.fault.split("\n", 1)[0].removeprefix(shown_path(outcome.source)).lstrip(":")
        return verbatim(outcome.source), verbatim("-"), verbatim(""), CANNOT_READ.format(fault=first.strip())
    mistakes = "; ".join(f"{tensor}: {code}" for tensor, code in _first_codes(outcome))
    score = f"{outcome.score}/{outcome.most}"
    return verbatim(outcome.source), verbatim(score), verbatim(outcome.first_error or ""), verbatim(mistakes)


def _first_codes(outcome: Outcome) -> list[tuple[str, str]]:
    """The likeliest mistake of each tensor."""
    first: dict[str, str] = {}
    for tensor, code in outcome.mistakes:
        first.setdefault(tensor, code)
    return list(first.items())


def _summary(outcomes: Sequence[Outcome]) -> Iterator[Block]:
    read = [outcome for outcome in outcomes if not outcome.fault]
    mean = f"{sum(outcome.score for outcome in read) / len(read):.2f}" if read else "-"
    maxima = {outcome.most for outcome in read}
    most = OF.format(most=maxima.pop()) if len(maxima) == 1 else NOTHING
    yield Paragraph(COUNTS.format(read=len(read), correct=sum(o.is_correct for o in read), mean=mean, most=most))
    if len(read) < len(outcomes):
        yield Paragraph(UNREADABLE.format(count=len(outcomes) - len(read)))
    if not read:
        return
    yield Table(HISTOGRAM, _verbatim(_histogram(read)))
    yield from _tensors(read)
    made = Counter(pair for outcome in read for pair in dict.fromkeys(outcome.mistakes))
    if made:
        ranked = sorted(made.items(), key=lambda item: (-item[1], item[0]))
        yield Table(MISTAKES, _verbatim((code, tensor, n) for (tensor, code), n in ranked))
    yield from _cells(read)
    same = same_wrong_cells(read)
    if same:
        yield Heading(2, SAME)
        yield Paragraph(SAME_ABOUT)
        yield Table(PAIRS, _verbatim(same))


def _tensors(read: Sequence[Outcome]) -> Iterator[Table]:
    """How many have each tensor right, what it has brought them, and what has become of it otherwise, and how often."""
    found = {name: Counter(outcome.verdicts.get(name) for outcome in read) for name in tensor_names(read)}
    made = [verdict for verdict in TensorVerdict if any(counts[verdict] for counts in found.values())]
    tallies = {name: [outcome.tallies[name] for outcome in read if name in outcome.tallies] for name in found}
    rows = [(name, *_share(tallies[name]), *(found[name][verdict] for verdict in made)) for name in found]
    heads = (TENSORS, SHARE, BAR, EARNED, *(Column(VERDICTS[verdict], "right") for verdict in made))
    yield Table(heads, _verbatim(rows))


def _share(tallies: Sequence[Tally]) -> tuple[str, str, str]:
    """How many have it right, the same as a bar, and what it has brought them; of what is no tensor nothing."""
    if not tallies:
        return "", "", ""
    right, mean = sum(tally.is_right for tally in tallies) / len(tallies), sum(t.earned for t in tallies) / len(tallies)
    most = number(max(tally.worth for tally in tallies))
    return f"{100 * right:.0f} %", "█" * round(8 * right), f"{float(mean):.2f}/{most}"


def _verbatim(rows: Iterable[Sequence[object]]) -> tuple[tuple[Phrase, ...], ...]:
    return tuple(tuple(verbatim(str(cell)) for cell in row) for row in rows)


def _cells(read: Sequence[Outcome]) -> Iterator[Block]:
    """In how many sheets each cell is not right, and which wrong numbers stand there most often."""
    counts: dict[str, Counter[Index]] = {}
    typed: Counter[tuple[str, Index, str]] = Counter()
    tallies = {name: tally for outcome in read for name, tally in outcome.tallies.items()}
    for outcome in read:
        for name, tally in outcome.tallies.items():
            counts.setdefault(name, Counter()).update({index for index, _ in tally.wrong})
            typed.update((name, index, given) for index, given in {*tally.wrong} if given.strip(" ?"))
    shapes = {(name, tally.shape) for outcome in read for name, tally in outcome.tallies.items()}
    # Problems of a bank may each have a tensor of the same name.
    alike = [name for name in _ordered(counts, read) if sum(name == other for other, _ in shapes) == 1]
    drawn = [name for name in alike if counts[name] and 1 < prod(tallies[name].shape) <= MOST_DRAWN]
    if drawn:
        yield Heading(2, CELLS)
    for name in drawn:
        yield Heading(4, verbatim(name))
        yield _drawing(name, tallies[name], counts[name])
    often = sorted(((n, key) for key, n in typed.items() if n > 1), key=lambda pair: (-pair[0], pair[1][0], pair[1][1]))
    if often:
        addressed = [(f"{name}[{','.join(map(str, at))}]" if at else name, given, n) for n, (name, at, given) in often]
        yield Table(OFTEN, _verbatim(addressed[:MOST_OFTEN]))


def _drawing(name: str, tally: Tally, counts: Counter[Index]) -> TensorBlock:
    def cell_at(index: Index) -> Cell:
        count = counts[tuple(int(i) + tally.index_base for i in index)]
        return Cell(Number(str(count) if count else "·", is_words=True))

    return TensorBlock(name, tally.shape, tally.index_base, cell_at)


SHARE, BAR = Column(Phrase(en="Right", zh="正确率"), "right"), Column(Phrase(en="", zh=""), "bar")
EARNED = Column(Phrase("Mean points"), "right")
CELLS = Phrase("In how many sheets each cell is not right")
OFTEN = (Column(Phrase("Cell")), Column(Phrase("Wrong answer"), "right"), HOW_MANY)
MOST_OFTEN = 20
HISTOGRAM = (Column(Phrase("Points")), HOW_MANY, BAR)
SAME = Phrase("The same wrong cells")
SAME_ABOUT = Phrase(
    "Wrong numbers that no known mistake gives, the same in two sheets. A shared misunderstanding gives them too."
)
PAIRS = (
    Column(Phrase("Sheet"), "path"),
    Column(Phrase("Sheet"), "path"),
    Column(Phrase("Cells"), "right"),
    Column(Phrase("Such as")),
)
FEWEST_SAME = 2
MOST_PAIRS = 50
BARS = 10


def _histogram(read: Sequence[Outcome]) -> Iterator[tuple[str | int, ...]]:
    """How many sheets have how many points, in at most ten ranges between round numbers."""
    most = max(outcome.most for outcome in read) or 1
    step = next(step for power in range(9) for step in (10**power, 2 * 10**power, 5 * 10**power) if step * BARS >= most)
    count = ceil(most / step)
    found = Counter(min(int(outcome.score / step), count - 1) for outcome in read)
    highest = max(found.values())
    for at in range(count):
        yield f"{at * step}–{min((at + 1) * step, most)}", found[at], "█" * round(20 * found[at] / highest)


def same_wrong_cells(outcomes: Sequence[Outcome]) -> list[tuple[str, str, int, str]]:
    """Pairs of sheets that have wrong cells in common which no known mistake gives, the most first."""
    owners: dict[tuple[str, str], list[int]] = {}
    for at, outcome in enumerate(outcomes):
        for cell in outcome.unexplained:
            owners.setdefault(cell, []).append(at)
    shared: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for cell, sheets in owners.items():
        for pair in combinations(sheets, 2) if len(sheets) <= MOST_PAIRS else ():
            shared.setdefault(pair, []).append(cell)
    pairs = sorted(shared.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        (outcomes[one].source, outcomes[other].source, len(cells), f"{cells[0][0]}: {cells[0][1]}")
        for (one, other), cells in pairs[:MOST_PAIRS]
        if len(cells) >= FEWEST_SAME
    ]


def tensor_names(outcomes: Sequence[Outcome]) -> list[str]:
    """Every tensor that somebody answered, in the order of computation; then what is none."""
    return _ordered({name for outcome in outcomes for name in outcome.verdicts}, outcomes)


def _ordered(names: Iterable[str], outcomes: Sequence[Outcome]) -> list[str]:
    order = next((outcome.order for outcome in outcomes if outcome.order), {})
    return sorted(names, key=lambda name: (order.get(name.partition("[")[0], len(order)), name))


def as_rows(outcomes: Sequence[Outcome], form: str, language: Language) -> str:
    """A line a sheet, as one of GRADE_BOOKS or as `csv`.

    That has the score, the first error, the verdict on each tensor, mistakes, and why it could not be read.
    """
    if form in GRADE_BOOKS:
        return _grade_book(outcomes, form, language)
    names = tensor_names(outcomes)
    lines: list[list[str | int | float]] = [
        ["answers", "score", "max_score", "first_error", *names, "mistakes", "fault"]
    ]
    for outcome in outcomes:
        verdicts = [outcome.verdicts[name].value if name in outcome.verdicts else "" for name in names]
        mistakes = "; ".join(f"{tensor}: {code}" for tensor, code in outcome.mistakes)
        fault = " ".join(outcome.fault.split("\n", 1)[0].split())
        lines.append(
            [outcome.source, outcome.score, outcome.most, outcome.first_error or "", *verdicts, mistakes, fault]
        )
    return rows_as_csv(lines)


GRADE_BOOKS = {
    # Moodle's grading worksheet; its folders are called `Full name_12345_assignsubmission_file`.
    "moodle": (
        {"Identifier": "participant", "Full name": "name", "Grade": "score", "Maximum grade": "most",
         "Feedback comments": "comment"},
        re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission"),
    ),
    # Canvas's gradebook; its files are called `lastfirst_12345_67890_name`, or `lastfirst_LATE_12345_67890_name`.
    "canvas": (
        {"Student": "name", "ID": "number", "SIS User ID": "", "SIS Login ID": "", "Section": "", "cnncalc": "score"},
        re.compile(r"(?P<name>[^_]+)(?:_(?i:late))?_(?P<number>\d+)_\d+_"),
    ),
    # Gradescope's list of grades; in its export each submission is a folder `submission_12345`.
    "gradescope-csv": (
        {"Name": "name", "SID": "", "Email": "", "Total Score": "score", "Max Points": "most", "Status": "status",
         "Submission ID": "number", "Comments": "comment"},
        re.compile(r"(?P<name>)submission_(?P<number>\d+)$"),
    ),
}  # fmt: skip
"""By format: what stands in each column, and where a path says whose sheet it is."""


def _grade_book(outcomes: Sequence[Outcome], book: str, language: Language) -> str:
    columns, pattern = GRADE_BOOKS[book]
    lines: list[list[str | int | float]] = [[*columns]]
    if book == "canvas":
        lines.append(["Points Possible", "", "", "", "", max((outcome.most for outcome in outcomes), default=0)])
    for outcome, owner in zip(outcomes, owners(outcomes), strict=True):
        parts = reversed(Path(outcome.source).parts)
        match = next((found for part in parts if (found := pattern.match(part))), None)
        number = match["number"] if match else ""
        said = {
            "name": (match and match["name"]) or owner, "number": number, "": "",
            "participant": f"Participant {number}" if number else "", "score": outcome.score, "most": outcome.most,
            "status": "Ungraded" if outcome.fault else "Graded", "comment": _comment(outcome, language),
        }  # fmt: skip
        lines.append([said[what] for what in columns.values()])
    return rows_as_csv(lines)


def owners(outcomes: Sequence[Outcome]) -> list[str]:
    """Whose the sheets are by their names, or by those of their folders where sheets are called alike."""
    paths = [Path(outcome.source) for outcome in outcomes]
    times = Counter(path.stem for path in paths)
    return [
        path.parent.name if path.parent.name and (path.stem.lower() in ALIKE or times[path.stem] > 1) else path.stem
        for path in paths
    ]


ALIKE = ("answers", "answer", "sheet", "submission", "blank")
SEMICOLON, BLANK = Phrase("; ", "；"), Phrase(" ", "")
FIRST_ERROR = Phrase("First error: {name}.")


def _comment(outcome: Outcome, language: Language) -> str:
    """One line for a student."""
    if outcome.fault:
        return " ".join(outcome.fault.split("\n", 1)[0].split())
    first = FIRST_ERROR.format(name=outcome.first_error) if outcome.first_error else NOTHING
    codes = SEMICOLON.join(verbatim(f"{tensor}: {code}") for tensor, code in _first_codes(outcome))
    return (first + BLANK + codes).text(language).strip()


def rows_as_csv(lines: Iterable[Sequence[str | int | float]]) -> str:
    """Rows as a spreadsheet shows them, which runs none of them; nothing in them is hidden."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    for line in lines:
        writer.writerow([re.sub(FORMULA, r"\g<0>'", visible(cell)) if isinstance(cell, str) else cell for cell in line])
    return text.getvalue()
