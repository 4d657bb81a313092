"""The command line: reads files, calls the library, prints, and ends with a status."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cnncalc import __version__
from cnncalc.parameters import PlainCommand, PlainGroup

if TYPE_CHECKING:
    from cnncalc.render.document import Document

MOST_DIGITS = 1000

application = typer.Typer(
    cls=PlainGroup,
    help="The homework calculator for convolutional neural networks: every tensor and every gradient, exactly.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)


class Status(IntEnum):
    """How the command ends."""

    DONE = 0
    WRONG = 1
    FAULT = 2
    DEFECT = 70
    INTERRUPTED = 130


class Format(StrEnum):
    """What `solve` prints."""

    TABLE = "table"
    JSON = "json"


class NumbersChoice(StrEnum):
    """The number systems of a problem file."""

    AUTO = "auto"
    EXACT = "exact"
    FLOAT = "float"
    SYMBOLIC = "symbolic"


class UnitChoice(StrEnum):
    """The units of information."""

    NATS = "nats"
    BITS = "bits"
    DITS = "dits"


class LanguageChoice(StrEnum):
    """The languages of the output."""

    ENGLISH = "en"
    CHINESE = "zh"


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cnncalc {__version__}")
        raise typer.Exit


@application.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Solve homework on convolutional neural networks and show every number."""


@contextmanager
def _guarded() -> Iterator[None]:
    """Turn what nobody has caught into a status and one message.

    It stands around each command and not only around the program, since Typer turns Ctrl-C and a closed pipe into
    status 1, which says that an answer is wrong.
    """
    try:
        yield
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        _discard_output()
        sys.exit(Status.DONE)
    except KeyboardInterrupt:
        sys.exit(Status.INTERRUPTED)
    except typer.Exit:
        raise
    except Exception as error:
        if os.environ.get("CNNCALC_DEBUG"):
            raise
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        where = f" at {Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame is not None else ""
        _say(f"cnncalc: this is a defect in cnncalc, not in your file: {type(error).__name__}: {error}{where}")
        _say("Please report it with the problem file; CNNCALC_DEBUG=1 shows the whole traceback.")
        sys.exit(Status.DEFECT)


@application.command(cls=PlainCommand)
@_guarded()
def solve(
    problem: Annotated[str, typer.Argument(help="The problem file (YAML); - is standard input.", metavar="PROBLEM")],
    output_format: Annotated[
        Format | None,
        typer.Option("--format", help="table, or json for programs. [default: table]", show_default=False),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write to this file instead of standard output; .json means JSON.")
    ] = None,
    numbers: Annotated[
        NumbersChoice | None, typer.Option(help="The number system, instead of the problem file's own choice.")
    ] = None,
    digits: Annotated[
        int, typer.Option(min=1, max=MOST_DIGITS, help="Significant digits of what has to be rounded.")
    ] = 6,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this tensor, such as dL/dh; may be repeated.")
    ] = None,
    question: Annotated[str | None, typer.Option(metavar="N", help="Only the tensors that answer question N.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Never shorten a long tensor.")] = False,
    language: Annotated[LanguageChoice, typer.Option(help="en or zh.")] = LanguageChoice.ENGLISH,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Let the problem name data files outside its own folder.")
    ] = False,
) -> None:
    """Print every tensor of a problem, forward and backward."""
    from cnncalc.problem.faults import FaultyFile
    from cnncalc.problem.loader import load
    from cnncalc.render.selection import UnknownSelection, select
    from cnncalc.solver import solve as solve_problem

    as_json = output_format is Format.JSON
    if output_format is None and output is not None:
        as_json = output.suffix.lower() == ".json"
    if output is not None:
        _check_writable(output)
    try:
        trace = solve_problem(load(problem, allow_outside=allow_outside), numbers.value if numbers else None)
        tensors = select(trace, only or (), question)
    except FaultyFile as error:
        _fail(error.report())
    except UnknownSelection as error:
        _fail(str(error))
    for notice in trace.notices:
        _say(notice.text(language.value))
    encoding = "utf-8" if output is not None else (sys.stdout.encoding or "utf-8")
    if as_json:
        from cnncalc.render.json import render as render_json

        text = render_json(trace, tensors, ascii_only=not _is_unicode(encoding))
    else:
        from cnncalc.render.solution import solution
        from cnncalc.render.terminal import Page, render

        is_terminal = output is None and sys.stdout.isatty()
        page = Page(_width(is_terminal), encoding, language.value, is_terminal, shorten=not everything)
        text = render(solution(trace, tensors, digits), page)
    _write(text, output)


@application.command(cls=PlainCommand)
@_guarded()
def verify(
    problem: Annotated[str, typer.Argument(help="The problem file (YAML); - is standard input.", metavar="PROBLEM")],
    output_format: Annotated[Format, typer.Option("--format", help="table, or json for programs.")] = Format.TABLE,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
    language: Annotated[LanguageChoice, typer.Option(help="en or zh.")] = LanguageChoice.ENGLISH,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Let the problem name data files outside its own folder.")
    ] = False,
) -> None:
    """Check each gradient of a problem in independent ways, exactly.

    Ends with 0 if all ways agree, with 1 if any disagree, with 2 if the file cannot be read.
    """
    from cnncalc.problem.faults import FaultyFile
    from cnncalc.problem.loader import load
    from cnncalc.render.verification import document, render_json
    from cnncalc.verifying.verify import verify as verify_problem

    if output is not None:
        _check_writable(output)
    try:
        verification = verify_problem(load(problem, allow_outside=allow_outside))
    except FaultyFile as error:
        _fail(error.report())
    encoding = "utf-8" if output is not None else (sys.stdout.encoding or "utf-8")
    if output_format is Format.JSON:
        text = render_json(verification, ascii_only=not _is_unicode(encoding))
    else:
        text = _on_page(document(verification), output, encoding, language)
    _write(text, output)
    if not verification.agrees:
        raise typer.Exit(Status.WRONG)


@application.command(cls=PlainCommand)
@_guarded()
def entropy(
    file: Annotated[
        str, typer.Argument(help="A file with p, p and q, or joint (YAML); - is standard input.", metavar="FILE")
    ],
    unit: Annotated[UnitChoice | None, typer.Option(help="nats, bits or dits, instead of the file's own.")] = None,
    output_format: Annotated[Format, typer.Option("--format", help="table, or json for programs.")] = Format.TABLE,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
    digits: Annotated[
        int, typer.Option(min=1, max=MOST_DIGITS, help="Significant digits of what has to be rounded.")
    ] = 6,
    language: Annotated[LanguageChoice, typer.Option(help="en or zh.")] = LanguageChoice.ENGLISH,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Let the file name data files outside its own folder.")
    ] = False,
) -> None:
    """Print the entropies of one distribution, of two, or of a joint one, and how they hang together."""
    from cnncalc.entropy.measures import measure
    from cnncalc.entropy.read import read
    from cnncalc.problem.faults import FaultyFile
    from cnncalc.render.entropy import document, render_json

    if output is not None:
        _check_writable(output)
    try:
        distributions = read(file, allow_outside=allow_outside)
    except FaultyFile as error:
        _fail(error.report())
    measures, chosen = measure(distributions), unit.value if unit else distributions.unit
    encoding = "utf-8" if output is not None else (sys.stdout.encoding or "utf-8")
    if output_format is Format.JSON:
        text = render_json(measures, chosen, ascii_only=not _is_unicode(encoding))
    else:
        text = _on_page(document(measures, chosen, digits), output, encoding, language, shorten=False)
    _write(text, output)


def _on_page(
    document: Document, output: Path | None, encoding: str, language: LanguageChoice, shorten: bool = True
) -> str:
    from cnncalc.render.terminal import Page, render

    is_terminal = output is None and sys.stdout.isatty()
    return render(document, Page(_width(is_terminal), encoding, language.value, is_terminal, shorten))


def main() -> None:
    """The command `cnncalc`."""
    with _guarded():
        application()


def _discard_output() -> None:
    """Keep the interpreter from complaining, at its end, about output that nobody takes."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str) -> NoReturn:
    _say(message)
    raise typer.Exit(Status.FAULT)


def _say(message: str) -> None:
    """One message on standard error, in whatever characters that can take."""
    from cnncalc.render.characters import Characters

    characters = Characters(sys.stderr.encoding or "ascii")
    print("\n".join(characters.fit(line) for line in message.split("\n")), file=sys.stderr)


def _is_unicode(encoding: str) -> bool:
    return encoding.lower().replace("-", "").replace("_", "").startswith("utf")


def _width(is_terminal: bool) -> int:
    """The terminal's columns; COLUMNS, or 100, where the output goes elsewhere."""
    from shutil import get_terminal_size

    columns = os.environ.get("COLUMNS", "")
    if is_terminal or columns.isdigit():
        return get_terminal_size((100, 50)).columns
    return 100


def _check_writable(output: Path) -> None:
    """Before anything is computed: an output that cannot be written should not cost the computation."""
    if output.is_dir():
        _fail(f"--output {output} is a folder; name a file in it")
    if not output.parent.is_dir():
        _fail(f"--output {output}: there is no folder {output.parent}; make it first")


def _write(text: str, output: Path | None) -> None:
    if output is None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            _discard_output()
            _fail(f"the output cannot be written: {error.strerror}")
        return
    # Through a file beside it, so that a failure leaves what was there.
    # A link is followed; what is no plain file (/dev/stdout) can only be written to.
    target = output.resolve() if output.is_file() else output
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")
            return
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        _fail(f"--output {output} cannot be written: {error.strerror}")
