"""Many answer sheets against one problem, on several cores."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from fractions import Fraction
from pathlib import Path

from cnncalc.checking.checker import Checker
from cnncalc.checking.report import NOTHING, Report, TensorVerdict, codes_together, number
from cnncalc.checking.rule import CellVerdict, Rule
from cnncalc.checking.sheets.sheet import Sheet, read_sheet
from cnncalc.language import Language
from cnncalc.layers.base import Index, Shape
from cnncalc.problem.points import one_each
from cnncalc.problem.problem import Numbers, Problem
from cnncalc.problem.text.faults import AnswerError
from cnncalc.records import Record, replace

FEWEST_PER_CORE = 32
"""Sheets that are worth a process of their own."""


class Settings(Record):
    """What a worker needs to know. All of it can be sent to another process."""

    problem: Problem
    rule: Rule
    numbers: Numbers | None = None
    allow_outside: bool = False
    is_complete: bool = False
    """Whether what the questions ask for and the sheet leaves out counts as missing."""
    accepts_conventions: bool = False
    """Whether what is right under another convention counts, where the sheet keeps to that throughout."""
    language: Language = "en"
    """Of what is said of a sheet that cannot be read."""
    others: tuple[Problem, ...] = ()
    """The problem with other numbers for what it leaves open (`padding: ?`), which are as right."""


class Tally(Record):
    """What became of one tensor on a sheet, all answers for parts of it taken together."""

    shape: Shape
    index_base: int
    earned: Fraction = NOTHING
    worth: Fraction = NOTHING
    wrong: tuple[tuple[Index, str], ...] = ()
    """The cells that count for nothing: where, in `index_base`, and what stands there."""
    is_right: bool = True
    """Whether it earns its point."""


class Outcome(Record):
    """One line of a class: what became of one sheet, without the solution that it was compared with."""

    source: str
    score: int | float = 0
    most: int | float = 0
    first_error: str | None = None
    verdicts: dict[str, TensorVerdict] = field(default_factory=dict)
    mistakes: tuple[tuple[str, str], ...] = ()
    """Tensor and code, or the codes of which one or another was made."""
    order: dict[str, int] = field(default_factory=dict)
    """Where each tensor stands in the order of computation."""
    fault: str = ""
    """Why the sheet could not be read, if it could not."""
    is_correct: bool = False
    text: str = ""
    """The whole report as the caller wanted it written."""
    files: tuple[Path, ...] = ()
    """The data files that the sheet names."""
    unexplained: tuple[tuple[str, str], ...] = ()
    """Wrong cells that no known mistake gives: where, and what stands there."""
    tallies: dict[str, Tally] = field(default_factory=dict)


SLIPS = frozenset(["one-cell-slipped", "two-cells-slipped", "later-cells-wrong"])
"""What is said where wrong cells lie, and explains no number."""
MOST_UNEXPLAINED = 100
MOST_WRONG = 400
"""Cells of one tensor that are counted over a class."""
LONGEST_GIVEN = 24


def _unexplained(report: Report) -> tuple[tuple[str, str], ...]:
    found = [
        (f"{tensor.name}[{','.join(map(str, cell.index))}]", cell.given)
        for tensor in report.tensors
        if tensor.verdict is TensorVerdict.WRONG and SLIPS.issuperset(mistake.code for mistake in tensor.mistakes)
        if len({given.text for given in tensor.given}) != 1  # nobody copies zeros, or one number everywhere
        for cell in tensor.wrong[:MOST_UNEXPLAINED]
        if cell.verdict is CellVerdict.WRONG and not cell.follows
    ]
    return tuple(found[:MOST_UNEXPLAINED])


def _tallies(report: Report) -> dict[str, Tally]:
    """By the name of the tensor."""
    found: dict[str, Tally] = {}
    for entry in report.tensors:
        name = entry.name.partition("[")[0]
        if report.trace.resolve(name) is None:
            continue
        before = found.get(name) or Tally(report.trace[name].shape, report.trace.problem.index_base)
        wrong = [
            (cell.index, " ".join(cell.given.split())[:LONGEST_GIVEN])
            for cell in entry.wrong[:MOST_WRONG]
            if not cell.follows and cell.verdict is not CellVerdict.SHAPE
        ]
        found[name] = replace(
            before, earned=before.earned + report.earned(entry), worth=before.worth + report.worth(entry),
            wrong=(*before.wrong, *wrong), is_right=before.is_right and report.earns(entry),
        )  # fmt: skip
    return found


def outcome_of(report: Report, text: str = "") -> Outcome:
    """The outcome of one report."""
    return Outcome(
        report.answers,
        report.score,
        report.max_score,
        report.first_error,
        {tensor.name: tensor.verdict for tensor in report.tensors},
        tuple((tensor.name, codes_together(finding)) for tensor in report.tensors for finding in tensor.findings),
        {tensor.name: at for at, tensor in enumerate(report.trace)},
        is_correct=report.is_correct,
        text=text,
        files=report.files,
        unexplained=_unexplained(report),
        tallies=_tallies(report),
    )


class Marker:
    """Reads and checks one sheet after the other; `write` makes the text that is wanted of a report."""

    def __init__(self, settings: Settings, write: Callable[[Report], str] | None = None) -> None:
        from cnncalc.solver import solution_for_answers

        self.settings = settings
        problems = (settings.problem, *settings.others)
        self.checkers = [Checker(solution_for_answers(each, settings.numbers), settings.rule) for each in problems]
        self.write = write

    def report(self, path: str) -> Report:
        """The report on one file; raises AnswerError."""
        return self.check(read_sheet(path, allow_outside=self.settings.allow_outside))

    def check(self, sheet: Sheet) -> Report:
        """The report on one sheet, by the solution that it comes nearest to."""
        is_complete, accepts = self.settings.is_complete, self.settings.accepts_conventions
        return max((one.check(sheet, is_complete, accepts) for one in self.checkers), key=lambda report: report.score)

    def outcome(self, path: str) -> Outcome:
        """The outcome of one file, whatever is the matter with it."""
        try:
            report = self.report(path)
        except AnswerError as error:
            # Everybody's maximum is the same, that of a sheet that cannot be read too.
            problem = self.settings.problem
            points = problem.points or one_each(problem.questions)
            return Outcome(
                path, most=number(points.most) if points else 0, fault=error.report(language=self.settings.language)
            )
        return outcome_of(report, self.write(report) if self.write else "")


_marker: Marker | None = None


def _start(settings: Settings, write: Callable[[Report], str] | None) -> None:
    import signal
    from threading import Thread

    global _marker
    # Ctrl-C ends a worker without a word, and so does the end of whoever has started it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()
    _marker = Marker(settings, write)


def _end_with_parent() -> None:
    import multiprocessing
    import os

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _outcome(path: str) -> Outcome:
    assert _marker is not None, "a worker begins with _start"
    return _marker.outcome(path)


def check_all(
    settings: Settings, paths: Sequence[str], jobs: int, write: Callable[[Report], str] | None = None
) -> Iterator[Outcome]:
    """The outcomes in the order of the paths; `write` must be a function that can be sent to another process."""
    jobs = min(jobs, max(1, len(paths) // FEWEST_PER_CORE))
    if jobs <= 1:
        yield from map(Marker(settings, write).outcome, paths)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(settings, write)) as pool:
        yield from pool.map(_outcome, paths, chunksize=max(1, min(32, len(paths) // (4 * jobs))))
