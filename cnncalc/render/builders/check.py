"""From answer sheets to the text that `cnncalc check` prints, in the format that was asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Literal

from cnncalc.checking.many import Marker, Outcome, Settings, check_all, outcome_of
from cnncalc.checking.report import Report
from cnncalc.checking.sheets.sheet import own_answers
from cnncalc.language import Language, verbatim
from cnncalc.problem.text.faults import AnswerError, Fault, ProblemError
from cnncalc.records import Record, replace
from cnncalc.render.document import Document, Heading, Listing
from cnncalc.render.renderers.terminal import Page
from cnncalc.render.renderers.terminal import render as render_terminal
from cnncalc.solver import SHEET_BUDGET
from cnncalc.visible import shown_path

TABLES = ("csv", "moodle", "canvas", "gradescope-csv")
"""The formats with a line a sheet."""
SECONDS_BETWEEN = 0.5
"""Between two lines of progress."""


class Output(Record):
    """How the outcome is to be written."""

    format: str
    """One of CheckFormat, or of FEEDBACK."""
    page: Page
    """For a Document."""
    hide_answers: bool = False
    feedback: Literal["html", "markdown", "pdf"] | None = None
    """What is written for each student, if anything is."""

    @property
    def language(self) -> Language:
        """Of what is said."""
        return self.page.language


class Marked(Record):
    """What `cnncalc check` has to say, and how it ends."""

    text: str
    status: int
    files: tuple[Path, ...] = ()
    """The data files that the sheets name."""
    feedback: Mapping[str, str] = field(default_factory=dict)
    """A text for each student, by the name of its file; of a PDF its LaTeX."""


def check_one(settings: Settings, path: str | None, output: Output) -> Marked:
    """One sheet, or the problem's own answers; raises AnswerError."""
    marker = Marker(settings)
    if path is None:
        if not settings.problem.answers:
            fault = Fault("the problem brings no answers along", "name an answer sheet: cnncalc check PROBLEM ANSWERS")
            raise AnswerError([fault], settings.problem.file)
        report = marker.check(own_answers(settings.problem))
    else:
        try:
            report = marker.report(path)
        except AnswerError as error:
            if output.format != "gradescope":
                raise
            from cnncalc.render.data.gradescope import render_unreadable

            return Marked(render_unreadable(error.report(language=output.language)), 0)
    text = write(output, report) if output.format not in TABLES else _together([outcome_of(report)], output)
    # A submission has a result whatever is in it, and the run has succeeded once that is written.
    return Marked(text, 0 if report.is_correct or output.format == "gradescope" else 1, report.files)


def write(output: Output, report: Report) -> str:
    """One report in the format."""
    with report.trace.numbers.allowance(SHEET_BUDGET):
        return _written(output, report)


def _written(output: Output, report: Report) -> str:
    from cnncalc.render.builders.report import marked, report_json

    if output.format == "json":
        return report_json(report, output.hide_answers, output.language)
    if output.format == "gradescope":
        from cnncalc.render.data.gradescope import render as render_gradescope

        return render_gradescope(report, output.hide_answers, output.language)
    return _rendered(marked(report, output.hide_answers, everything=not output.page.shorten), output)


def _rendered(document: Document, output: Output) -> str:
    if output.format not in ("html", "markdown", "latex"):
        return render_terminal(document, output.page)
    from importlib import import_module

    renderer = import_module(f"cnncalc.render.renderers.{output.format}")
    text: str = renderer.render(document, output.language, output.page.shorten)
    return text


def check_pairs(
    make: Callable[[str], Settings], pairs: Sequence[tuple[str | None, str | None]], output: Output
) -> Marked:
    """Sheets with a problem each, or problems whose own answers are checked: their sheet is None."""
    outcomes: list[Outcome] = []
    markers: dict[str, Marker | str] = {}
    writer = _writer(output)
    for problem, sheet in pairs:
        name = sheet or problem or ""
        if problem is None:
            outcomes.append(Outcome(name, fault=f"{name}: no problem has the name of this sheet"))
            continue
        if problem not in markers:
            try:
                markers[problem] = Marker(make(problem), writer)
            except ProblemError as error:
                markers[problem] = error.report(language=output.language)
        marker = markers[problem]
        if isinstance(marker, str):
            outcomes.append(Outcome(name, fault=marker))
        elif sheet is not None:
            outcomes.append(marker.outcome(sheet))
        elif marker.settings.problem.answers:
            report = marker.check(own_answers(marker.settings.problem))
            outcomes.append(replace(outcome_of(report, writer(report) if writer else ""), source=name))
        else:
            outcomes.append(Outcome(name, fault=f"{name}: the problem brings no answers along"))
    return _of_all(outcomes, output, "")


FEEDBACK = {"html": (".html", "html"), "markdown": (".md", "markdown"), "pdf": (".pdf", "latex")}
"""The ending of a student's file, and the format of its text."""


def _writer(output: Output) -> Callable[[Report], str] | None:
    """What makes the text of each sheet that is wanted."""
    if output.format == "json":
        return partial(write, output)
    return partial(write, replace(output, format=FEEDBACK[output.feedback][1])) if output.feedback else None


def _of_all(outcomes: Sequence[Outcome], output: Output, title: str) -> Marked:
    status = 2 if any(o.fault for o in outcomes) else 0 if all(o.is_correct for o in outcomes) else 1
    from cnncalc.render.builders.class_report import owners

    feedback: dict[str, str] = {}
    ending = ".json" if output.format == "json" else FEEDBACK[output.feedback or "html"][0]
    for outcome, base in zip(outcomes, owners(outcomes), strict=True) if output.feedback else ():
        number, name = 1, base
        while f"{name}{ending}" in feedback:
            number += 1
            name = f"{base}_{number}"
        if text := outcome.text or _told(outcome, output):
            feedback[f"{name}{ending}"] = text
    files = tuple(file for o in outcomes for file in o.files)
    return Marked(_together(outcomes, output, title), status, files, feedback)


def _told(outcome: Outcome, output: Output) -> str:
    """What a student is told whose sheet could not be read; nothing where it is the problem that could not."""
    if not outcome.fault.startswith(shown_path(outcome.source)):
        return ""
    if output.format == "json":
        return _json(outcome, output)
    document = Document((Heading(1, verbatim(outcome.source)), Listing(outcome.fault)))
    return _rendered(document, replace(output, format=FEEDBACK[output.feedback or "html"][1]))


def check_several(
    settings: Settings, paths: Sequence[str], jobs: int, output: Output, say: Callable[[str], None],
    count: Callable[[int, int], bool],
) -> Marked:  # fmt: skip
    """A class; the status is 2 if a sheet could not be read, else 1 if one is not correct.

    `say` tells of progress where `count` does not show it.
    """
    outcomes: list[Outcome] = []
    said = monotonic()
    for outcome in check_all(settings, paths, jobs, _writer(output)):
        outcomes.append(outcome)
        if outcome.fault:
            say(outcome.fault)
        if count(len(outcomes), len(paths)):
            continue
        if monotonic() - said > SECONDS_BETWEEN or len(outcomes) == len(paths):
            said = monotonic()
            say(f"{len(outcomes)}/{len(paths)}")
    return _of_all(outcomes, output, settings.problem.title)


def _together(outcomes: Sequence[Outcome], output: Output, title: str = "") -> str:
    from cnncalc.render.builders import class_report

    if output.format in TABLES:
        return class_report.as_rows(outcomes, output.format, output.language)
    if output.format == "json":
        return "[" + ",\n".join(_json(outcome, output) for outcome in outcomes) + "]\n"
    return _rendered(class_report.class_report(outcomes, title, is_page=output.format == "html"), output)


def _json(outcome: Outcome, output: Output) -> str:
    if not outcome.fault:
        return outcome.text.rstrip("\n")
    from cnncalc.render.data.json import dump

    broken = {"format": "cnncalc-check/1", "answers": outcome.source, "fault": outcome.fault}
    return dump(broken)
