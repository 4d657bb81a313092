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
    """What `solve` and `shapes` print."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    LATEX = "latex"
    HTML = "html"

    @property
    def document_format(self) -> DocumentFormat:
        """The format of the document that it is, unless it is JSON."""
        return DocumentFormat.TEXT if self is Format.TABLE else DocumentFormat(self.value)


class CheckFormat(StrEnum):
    """What `check` prints."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    GRADESCOPE = "gradescope"


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


class DocumentFormat(StrEnum):
    """What `explain` and `worked` write."""

    TEXT = "text"
    MARKDOWN = "markdown"
    LATEX = "latex"
    HTML = "html"


class MethodChoice(StrEnum):
    """The ways to a convolution's gradients that `worked` shows."""

    ROTATED = "rotated"
    IM2COL = "im2col"
    BOTH = "both"
    NONE = "none"


ENDINGS = {
    ".txt": DocumentFormat.TEXT,
    ".md": DocumentFormat.MARKDOWN,
    ".markdown": DocumentFormat.MARKDOWN,
    ".tex": DocumentFormat.LATEX,
    ".html": DocumentFormat.HTML,
    ".htm": DocumentFormat.HTML,
}
"""The format that the ending of an output file asks for."""
FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format", help="table, json for programs, markdown, latex or html. [default: table]", show_default=False
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", help="Write to this file; .json, .md, .tex or .html decides the format."),
]
DocumentFormatOption = Annotated[
    DocumentFormat | None,
    typer.Option("--format", help="text, markdown, latex or html. [default: text]", show_default=False),
]
DocumentOutputOption = Annotated[
    Path | None,
    typer.Option("--output", help="Write to this file; .md, .tex, .html or .txt decides the format."),
]


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
    output_format: FormatOption = None,
    output: OutputOption = None,
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

    if output is not None:
        _check_writable(output)
    chosen = output_format or _solution_format(output)
    try:
        trace = solve_problem(load(problem, allow_outside=allow_outside), numbers.value if numbers else None)
        tensors = select(trace, only or (), question)
    except FaultyFile as error:
        _fail(error.report())
    except UnknownSelection as error:
        _fail(str(error))
    for notice in trace.notices:
        _say(notice.text(language.value))
    if chosen is Format.JSON:
        from cnncalc.render.json import render as render_json

        encoding = "utf-8" if output is not None else (sys.stdout.encoding or "utf-8")
        _write(render_json(trace, tensors, ascii_only=not _is_unicode(encoding)), output)
        return
    from cnncalc.render.solution import solution

    shorten = not everything
    _write_document(solution(trace, tensors, digits), chosen.document_format, output, language, shorten)


@application.command(cls=PlainCommand)
@_guarded()
def explain(
    problem: Annotated[str, typer.Argument(help="The problem file (YAML); - is standard input.", metavar="PROBLEM")],
    element: Annotated[
        str,
        typer.Argument(help="An element, such as dL/dh[1,2,3,1], or a whole tensor by its name.", metavar="ELEMENT"),
    ],
    output_format: DocumentFormatOption = None,
    output: DocumentOutputOption = None,
    numbers: Annotated[
        NumbersChoice | None, typer.Option(help="The number system, instead of the problem file's own choice.")
    ] = None,
    digits: Annotated[
        int, typer.Option(min=1, max=MOST_DIGITS, help="Significant digits of what has to be rounded.")
    ] = 6,
    everything: Annotated[bool, typer.Option("--all", help="Never shorten a long sum or a long tensor.")] = False,
    language: Annotated[LanguageChoice, typer.Option(help="en or zh.")] = LanguageChoice.ENGLISH,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Let the problem name data files outside its own folder.")
    ] = False,
) -> None:
    """Show how one element of a tensor comes about, with every number put in."""
    from cnncalc.explaining.address import UnknownElement, find
    from cnncalc.problem.faults import FaultyFile
    from cnncalc.problem.loader import load
    from cnncalc.render.explanation import explanation
    from cnncalc.solver import solve as solve_problem

    document_format = _document_format(output_format, output)
    try:
        trace = solve_problem(load(problem, allow_outside=allow_outside), numbers.value if numbers else None)
        tensor, index = find(trace, element)
    except FaultyFile as error:
        _fail(error.report())
    except UnknownElement as error:
        _fail(str(error))
    for notice in trace.notices:
        _say(notice.text(language.value))
    document = explanation(trace, tensor, index, digits, everything)
    _write_document(document, document_format, output, language, shorten=not everything)


@application.command(cls=PlainCommand)
@_guarded()
def worked(
    problem: Annotated[str, typer.Argument(help="The problem file (YAML); - is standard input.", metavar="PROBLEM")],
    output_format: DocumentFormatOption = None,
    output: DocumentOutputOption = None,
    title: Annotated[str | None, typer.Option(help="Instead of the problem's own title.")] = None,
    name: Annotated[str | None, typer.Option(help="Whose work it is, for below the title.")] = None,
    method: Annotated[
        MethodChoice, typer.Option(help="How the gradients of convolutions are shown beside their sums.")
    ] = MethodChoice.BOTH,
    question: Annotated[str | None, typer.Option(metavar="N", help="Only the answer to question N.")] = None,
    numbers: Annotated[
        NumbersChoice | None, typer.Option(help="The number system, instead of the problem file's own choice.")
    ] = None,
    digits: Annotated[
        int, typer.Option(min=1, max=MOST_DIGITS, help="Significant digits of what has to be rounded.")
    ] = 6,
    everything: Annotated[bool, typer.Option("--all", help="Never shorten a long sum or a long tensor.")] = False,
    language: Annotated[LanguageChoice, typer.Option(help="en or zh.")] = LanguageChoice.ENGLISH,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Let the problem name data files outside its own folder.")
    ] = False,
) -> None:
    """Write the worked solution: every step with its reason, its formula and its numbers."""
    from cnncalc.problem.faults import FaultyFile
    from cnncalc.problem.loader import load
    from cnncalc.render.selection import UnknownSelection
    from cnncalc.render.worked import Wishes
    from cnncalc.render.worked import worked as work_out
    from cnncalc.solver import solve as solve_problem

    document_format = _document_format(output_format, output)
    try:
        trace = solve_problem(load(problem, allow_outside=allow_outside), numbers.value if numbers else None)
        document = work_out(trace, Wishes(title, name, method.value, question, digits, everything))
    except FaultyFile as error:
        _fail(error.report())
    except UnknownSelection as error:
        _fail(str(error))
    for notice in trace.notices:
        _say(notice.text(language.value))
    _write_document(document, document_format, output, language, shorten=not everything)


@application.command(cls=PlainCommand)
@_guarded()
def check(
    problem: Annotated[str, typer.Argument(help="The problem file (YAML); - is standard input.", metavar="PROBLEM")],
    answers: Annotated[
        list[str] | None,
        typer.Argument(
            help="Answer sheets (YAML); a folder stands for the .yaml files in it. Without any, the problem's own"
            " `answers`.",
            metavar="ANSWERS...",
        ),
    ] = None,
    output_format: Annotated[
        CheckFormat,
        typer.Option("--format", help="table, json, csv (a line a sheet), or gradescope (one sheet's results.json)."),
    ] = CheckFormat.TABLE,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
    significant: Annotated[
        int, typer.Option(min=1, max=MOST_DIGITS, help="Significant digits that a rounded decimal must have.")
    ] = 3,
    tolerance: Annotated[
        str | None, typer.Option(help="Also accept what is this close: 0.01 (absolute) or 1% (relative).")
    ] = None,
    hide_answers: Annotated[
        bool, typer.Option("--hide-answers", help="Say what is wrong and where, and give no right number away.")
    ] = False,
    complete: Annotated[
        bool, typer.Option("--complete", help="Count what the questions ask for and a sheet leaves out as missing.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="List every cell that is not right.")] = False,
    numbers: Annotated[
        NumbersChoice | None, typer.Option(help="The number system, instead of the problem file's own choice.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes for many sheets. [default: one a core]")
    ] = None,
    language: Annotated[LanguageChoice, typer.Option(help="en or zh.")] = LanguageChoice.ENGLISH,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Let files name data files outside their own folder.")
    ] = False,
) -> None:
    """Check hand-computed answers: where the first error is, what follows from it, and which mistake it was.

    Ends with 0 if everything is correct, with 1 if not, with 2 if a file cannot be read.
    """
    from cnncalc.checking.many import Settings
    from cnncalc.checking.rule import read_rule
    from cnncalc.problem.faults import FaultyFile
    from cnncalc.problem.loader import load
    from cnncalc.render.check import Output, check_one, check_several

    if output is not None:
        _check_writable(output)
    try:
        rule = read_rule(significant, tolerance)
    except ValueError as error:
        _fail(f"--tolerance: {error}")
    sheets = _sheets(answers or [])
    if output_format is CheckFormat.GRADESCOPE and len(sheets) > 1:
        _fail("--format gradescope writes the result of one submission; name one answer sheet")
    encoding = "utf-8" if output is not None else (sys.stdout.encoding or "utf-8")
    is_terminal = output is None and sys.stdout.isatty()
    wanted = Output(
        output_format.value, _width(is_terminal), encoding, language.value, is_terminal, hide_answers, everything
    )
    try:
        settings = Settings(
            load(problem, allow_outside=allow_outside),
            rule,
            numbers.value if numbers else None,
            allow_outside,
            complete,
        )
        if len(sheets) > 1:
            text, status = check_several(settings, sheets, jobs or os.cpu_count() or 1, wanted, sys.stderr)
        else:
            text, status = check_one(settings, sheets[0] if sheets else None, wanted)
    except FaultyFile as error:
        _fail(error.report())
    _write(text, output)
    if status:
        raise typer.Exit(status)


def _sheets(answers: list[str]) -> list[str]:
    """The files that are meant: a folder stands for those in it."""
    sheets: list[str] = []
    for name in answers:
        if Path(name).is_dir():
            inside = sorted(str(path) for path in Path(name).iterdir() if path.suffix.lower() in (".yaml", ".yml"))
            if not inside:
                _fail(f"{name}: no .yaml file is in this folder; name the answer sheets")
            sheets += inside
        else:
            sheets.append(name)
    if sheets.count("-") > 1:
        _fail("standard input can be read only once; name it (-) once")
    return sheets


@application.command(cls=PlainCommand)
@_guarded()
def shapes(
    problem: Annotated[str, typer.Argument(help="The problem file (YAML); - is standard input.", metavar="PROBLEM")],
    output_format: FormatOption = None,
    output: OutputOption = None,
    language: Annotated[LanguageChoice, typer.Option(help="en or zh.")] = LanguageChoice.ENGLISH,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Let the problem name data files outside its own folder.")
    ] = False,
) -> None:
    """Print the sizes, parameters, multiplications and receptive fields; numbers may be missing."""
    from cnncalc.outline import shapes as outline_of
    from cnncalc.problem.faults import FaultyFile
    from cnncalc.problem.loader import load

    if output is not None:
        _check_writable(output)
    chosen = output_format or _solution_format(output)
    try:
        outline = outline_of(load(problem, allow_outside=allow_outside))
    except FaultyFile as error:
        _fail(error.report())
    if chosen is Format.JSON:
        from cnncalc.render.outline_json import render as render_json

        encoding = "utf-8" if output is not None else (sys.stdout.encoding or "utf-8")
        _write(render_json(outline, ascii_only=not _is_unicode(encoding)), output)
        return
    from cnncalc.render.outline import outline_document

    _write_document(outline_document(outline), chosen.document_format, output, language, shorten=True)


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


def _solution_format(output: Path | None) -> Format:
    """What the ending of the output asks for; a table where it says nothing."""
    ending = output.suffix.lower() if output is not None else ""
    if ending == ".json":
        return Format.JSON
    document_format = ENDINGS.get(ending, DocumentFormat.TEXT)
    return Format.TABLE if document_format is DocumentFormat.TEXT else Format(document_format.value)


def _document_format(chosen: DocumentFormat | None, output: Path | None) -> DocumentFormat:
    """The format asked for, by name or by the ending of the output."""
    if output is not None:
        _check_writable(output)
    if chosen is not None:
        return chosen
    if output is None:
        return DocumentFormat.TEXT
    known = ENDINGS.get(output.suffix.lower())
    if known is None and output.suffix:
        _fail(
            f"--output {output}: the ending {output.suffix} says no format; use .md, .tex, .html or .txt, or --format"
        )
    return known or DocumentFormat.TEXT


def _write_document(
    document: Document, document_format: DocumentFormat, output: Path | None, language: LanguageChoice, shorten: bool
) -> None:
    """The document in its format."""
    encoding = "utf-8" if output is not None else (sys.stdout.encoding or "utf-8")
    if document_format is DocumentFormat.TEXT:
        from cnncalc.render.terminal import Page, render

        is_terminal = output is None and sys.stdout.isatty()
        page = Page(_width(is_terminal), encoding, language.value, is_terminal, shorten)
        _write(render(document, page), output)
        return
    from importlib import import_module
    from io import TextIOWrapper

    if output is None and isinstance(sys.stdout, TextIOWrapper):
        # The document itself says that it is UTF-8, or its readers take it for that.
        sys.stdout.reconfigure(encoding="utf-8")
    renderer = import_module(f"cnncalc.render.{document_format.value}")
    _write(renderer.render(document, language.value, shorten), output)


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
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        _fail(f"--output {output} cannot be written: {error.strerror}")
