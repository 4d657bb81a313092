"""From answer sheets to the text that `cnncalc check` prints, in the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Literal

from cnncalc.checking.many import Marker, Outcome, Settings, check_all, outcome_of
from cnncalc.checking.sheet import own_answers
from cnncalc.language import Language
from cnncalc.problem.faults import AnswerError, Fault
from cnncalc.records import dataclass
from cnncalc.render.terminal import Page
from cnncalc.render.terminal import render as render_terminal

if TYPE_CHECKING:
    from cnncalc.checking.report import Report

SECONDS_BETWEEN = 0.5
"""Between two lines of progress."""


@dataclass(frozen=True)
class Output:
    """How the outcome is to be written."""

    format: Literal["table", "json", "csv", "gradescope"]
    width: int = 100
    encoding: str = "utf-8"
    language: Language = "en"
    is_terminal: bool = False
    hide_answers: bool = False
    everything: bool = False

    @property
    def page(self) -> Page:
        """For a Document."""
        return Page(self.width, self.encoding, self.language, self.is_terminal, shorten=not self.everything)

    @property
    def is_ascii(self) -> bool:
        """Whether JSON must spell out what is beyond ASCII."""
        return not self.encoding.lower().replace("-", "").replace("_", "").startswith("utf")


def check_one(settings: Settings, path: str | None, output: Output) -> tuple[str, int]:
    """The text on one sheet, or on the problem's own answers, and the status; raises AnswerError."""
    marker = Marker(settings)
    if path is None:
        if not settings.problem.answers:
            fault = Fault("the problem brings no answers along", "name an answer sheet: cnncalc check PROBLEM ANSWERS")
            raise AnswerError([fault], settings.problem.file)
        report = marker.check(own_answers(settings.problem))
    elif output.format == "gradescope":
        return _graded(marker, path, output), 0
    else:
        report = marker.report(path)
    text = write(output, report) if output.format != "csv" else _csv([outcome_of(report)])
    return text, 0 if report.is_correct or output.format == "gradescope" else 1


def _graded(marker: Marker, path: str, output: Output) -> str:
    """A submission has a result whatever is in it, and the run has succeeded once that is written."""
    from cnncalc.render.gradescope import render_unreadable

    try:
        return write(output, marker.report(path))
    except AnswerError as error:
        return render_unreadable(error.report())


def write(output: Output, report: Report) -> str:
    """One report in the format."""
    if output.format == "json":
        from cnncalc.render.report_json import render

        return render(report, output.hide_answers, output.language, output.is_ascii)
    if output.format == "gradescope":
        from cnncalc.render.gradescope import render as render_gradescope

        return render_gradescope(report, output.hide_answers, output.language)
    from cnncalc.render.report import marked

    return render_terminal(marked(report, output.hide_answers, output.everything), output.page)


def check_several(
    settings: Settings, paths: Sequence[str], jobs: int, output: Output, say: Callable[[str], None]
) -> tuple[str, int]:
    """The text on a class and the status: 2 if a sheet could not be read, else 1 if one is not correct.

    `say` is told the faults and, now and then, how many sheets are done.
    """
    outcomes: list[Outcome] = []
    said = monotonic()
    writer = partial(write, output) if output.format == "json" else None
    for outcome in check_all(settings, paths, jobs, writer):
        outcomes.append(outcome)
        if outcome.fault:
            say(outcome.fault)
        if monotonic() - said > SECONDS_BETWEEN or len(outcomes) == len(paths):
            said = monotonic()
            say(f"{len(outcomes)}/{len(paths)}")
    status = 2 if any(o.fault for o in outcomes) else 0 if all(o.is_correct for o in outcomes) else 1
    if output.format == "csv":
        return _csv(outcomes), status
    if output.format == "json":
        return "[" + ",\n".join(_json(outcome, output) for outcome in outcomes) + "]\n", status
    from cnncalc.render.class_report import class_report

    return render_terminal(class_report(outcomes), output.page), status


def _csv(outcomes: Sequence[Outcome]) -> str:
    from cnncalc.render.class_report import as_csv

    return as_csv(outcomes)


def _json(outcome: Outcome, output: Output) -> str:
    if not outcome.fault:
        return outcome.text.rstrip("\n")
    from cnncalc.render.json_text import dump

    broken = {"format": "cnncalc-check/1", "answers": outcome.source, "fault": outcome.fault}
    return dump(broken, output.is_ascii)
