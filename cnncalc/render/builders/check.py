"""From answer sheets to the text that `cnncalc check` prints, in the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Literal

from cnncalc.checking.many import Marker, Outcome, Settings, check_all, outcome_of
from cnncalc.checking.sheet import own_answers
from cnncalc.language import Language
from cnncalc.problem.text.faults import AnswerError, Fault
from cnncalc.records import dataclass
from cnncalc.render.renderers.terminal import Page
from cnncalc.render.renderers.terminal import render as render_terminal

if TYPE_CHECKING:
    from cnncalc.checking.report import Report

SECONDS_BETWEEN = 0.5
"""Between two lines of progress."""


@dataclass(frozen=True)
class Output:
    """How the outcome is to be written."""

    format: Literal["table", "json", "csv", "gradescope"]
    page: Page
    """For a Document."""
    is_unicode: bool = True
    """Whether JSON need not spell out what is beyond ASCII."""
    hide_answers: bool = False

    @property
    def language(self) -> Language:
        """Of what is said."""
        return self.page.language


@dataclass(frozen=True)
class Marked:
    """What `cnncalc check` has to say, and how it ends."""

    text: str
    status: int
    files: tuple[Path, ...] = ()
    """The data files that the sheets name."""


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

            return Marked(render_unreadable(error.report()), 0)
    text = write(output, report) if output.format != "csv" else _csv([outcome_of(report)])
    # A submission has a result whatever is in it, and the run has succeeded once that is written.
    return Marked(text, 0 if report.is_correct or output.format == "gradescope" else 1, report.files)


def write(output: Output, report: Report) -> str:
    """One report in the format."""
    if output.format == "json":
        from cnncalc.render.data.report_json import render

        return render(report, output.hide_answers, output.language, ascii_only=not output.is_unicode)
    if output.format == "gradescope":
        from cnncalc.render.data.gradescope import render as render_gradescope

        return render_gradescope(report, output.hide_answers, output.language)
    from cnncalc.render.builders.report import marked

    return render_terminal(marked(report, output.hide_answers, everything=not output.page.shorten), output.page)


def check_several(
    settings: Settings, paths: Sequence[str], jobs: int, output: Output, say: Callable[[str], None],
    count: Callable[[int, int], bool],
) -> Marked:  # fmt: skip
    """A class; the status is 2 if a sheet could not be read, else 1 if one is not correct.

    `say` tells of progress where `count` does not show it.
    """
    outcomes: list[Outcome] = []
    said = monotonic()
    writer = partial(write, output) if output.format == "json" else None
    for outcome in check_all(settings, paths, jobs, writer):
        outcomes.append(outcome)
        if outcome.fault:
            say(outcome.fault)
        if count(len(outcomes), len(paths)):
            continue
        if monotonic() - said > SECONDS_BETWEEN or len(outcomes) == len(paths):
            said = monotonic()
            say(f"{len(outcomes)}/{len(paths)}")
    status = 2 if any(o.fault for o in outcomes) else 0 if all(o.is_correct for o in outcomes) else 1
    return Marked(_together(outcomes, output), status, tuple(file for o in outcomes for file in o.files))


def _together(outcomes: Sequence[Outcome], output: Output) -> str:
    if output.format == "csv":
        return _csv(outcomes)
    if output.format == "json":
        return "[" + ",\n".join(_json(outcome, output) for outcome in outcomes) + "]\n"
    from cnncalc.render.builders.class_report import class_report

    return render_terminal(class_report(outcomes), output.page)


def _csv(outcomes: Sequence[Outcome]) -> str:
    from cnncalc.render.builders.class_report import as_csv

    return as_csv(outcomes)


def _json(outcome: Outcome, output: Output) -> str:
    if not outcome.fault:
        return outcome.text.rstrip("\n")
    from cnncalc.render.data.json_text import dump

    broken = {"format": "cnncalc-check/1", "answers": outcome.source, "fault": outcome.fault}
    return dump(broken, ascii_only=not output.is_unicode)
