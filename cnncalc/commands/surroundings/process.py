"""How a command ends, and what it says on standard error."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn, TextIO

import typer

from cnncalc.commands.surroundings import progress
from cnncalc.parameters import environment_language
from cnncalc.visible import shown, shown_path

if TYPE_CHECKING:
    from cnncalc.language import Language, Phrase
    from cnncalc.problem.text.faults import UserFault


class Surroundings(NamedTuple):
    """What a command finds around it."""

    language: Language = "en"
    """Of faults."""
    pages: bool = True
    """Whether long output may go through a pager."""


surroundings: ContextVar[Surroundings] = ContextVar("surroundings", default=Surroundings())  # noqa: B039


def asked_language(words: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language of `--language`, or of the system, before the words are read: a fault may be in them."""
    for word, following in zip(words, [*words[1:], ""], strict=False):
        asked = following if word == "--language" else word.removeprefix("--language=")
        if word.startswith("--language") and asked in ("en", "zh"):
            return "zh" if asked == "zh" else "en"
    return environment_language(environment)


STOPPED = "cnncalc: stopped"


class Status(IntEnum):
    """How the command ends."""

    DONE = 0
    WRONG = 1
    FAULT = 2
    DEFECT = 70
    INTERRUPTED = 130


@contextmanager
def guarded() -> Iterator[None]:
    """Turn what nobody has caught into one message and a status: one that Typer chooses may be a wrong answer's."""
    try:
        try:
            yield
        finally:
            progress.end()
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        discard(sys.stdout)
        sys.exit(Status.DONE)
    except KeyboardInterrupt:
        say(STOPPED)
        sys.exit(Status.INTERRUPTED)
    except typer.Exit:
        raise
    except Exception as error:
        from cnncalc.problem.text.faults import UserFault

        if isinstance(error, UserFault):
            say(_told(error), is_styled=True)
            sys.exit(Status.FAULT)
        if os.environ.get("CNNCALC_DEBUG"):
            raise
        if isinstance(error, OSError | MemoryError):
            _say_what_is_refused(error)
            sys.exit(Status.FAULT)
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        where = f" at {Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame is not None else ""
        what = f"{type(error).__name__}: {shown(str(error), 300)}{where}"
        say(f"cnncalc: this is a defect in cnncalc, not in your file: {what}")
        say("Please report it with the problem file; CNNCALC_DEBUG=1 shows the whole traceback.")
        sys.exit(Status.DEFECT)


_STYLE = re.compile(r"(\x1b\[[\d;]*m)")
COLOURS = {"place": "1", "message": "1;31", "caret": "31", "remedy": "36"}


def wants_colours() -> bool:
    """Whether FORCE_COLOR asks for colours where there is no terminal."""
    return os.environ.get("FORCE_COLOR", "") not in ("", "0") and not os.environ.get("NO_COLOR")


def is_coloured(stream: TextIO | None) -> bool:
    """Whether colours are wanted there: NO_COLOR and FORCE_COLOR say so, or it is a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if wants_colours():
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def language_on(stream: TextIO | None) -> Language:
    """Of faults and of help: the one that is asked for, where its characters can be written."""
    try:
        "无".encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return "en"
    return surroundings.get().language


def _told(error: UserFault) -> str:
    """A fault in the language that is asked for, with colours on a terminal."""
    from cnncalc.problem.text.faults import FaultyFile

    language = language_on(sys.stderr)
    if isinstance(error, FaultyFile):
        if is_coloured(sys.stderr):
            return error.report(lambda part, text: f"\x1b[{COLOURS[part]}m{text}\x1b[0m", language)
        return error.report(language=language)
    return spoken(str(error))


def spoken(message: str) -> str:
    """A message in the language that is asked for."""
    if language_on(sys.stderr) == "en":
        return message
    from cnncalc.problem.text.chinese import in_chinese

    return in_chinese(message)


def _say_what_is_refused(error: OSError | MemoryError) -> None:
    """What the system has not given: no disk, no process, no memory, whoever asked for it."""
    if isinstance(error, MemoryError):
        say(spoken("there is not enough memory for this; make the problem smaller, or end other programs"))
        return
    what = f" ({shown_path(str(error.filename))})" if error.filename is not None else ""
    say(spoken(f"the system does not allow this: {error.strerror or error}{what}"))


def discard(stream: TextIO | None) -> None:
    """Keep the interpreter from complaining, at its end, about output that nobody takes."""
    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]


@contextmanager
def undisturbed() -> Iterator[None]:
    """For a moment Ctrl-C is not heard: it would leave half a file behind, and is the pager's while that runs."""
    import signal

    # Not SIG_IGN, which a program that is run would inherit.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def watched(files: Iterable[str], again: Callable[[], object]) -> NoReturn:
    """Run a command, and once more whenever one of the files is saved, until Ctrl-C."""
    from time import sleep

    names = [name for name in files if name != "-"]
    if not names:
        fail("--watch needs a file; standard input is read once")
    while True:
        before = _saved(names)
        with suppress(typer.Exit, SystemExit), guarded():
            again()
        sys.stdout.flush()
        while _saved(names) == before:
            sleep(SECONDS_TO_LOOK)
        say("—" * 40)


SECONDS_TO_LOOK = 0.3
"""Between two looks at whether a file was saved."""


def _saved(names: Iterable[str]) -> list[tuple[str, int, int]]:
    """When each file was saved, those in folders too; an editor may take one away for a moment."""
    found = []
    for name in names:
        inside = [os.path.join(folder, file) for folder, _, files in os.walk(name) for file in files] or [name]
        for file in inside:
            with suppress(OSError):
                stat = os.stat(file)
                found.append((file, stat.st_mtime_ns, stat.st_size))
    return found


def fail(message: str) -> NoReturn:
    """End for a fault of the user's, with its message."""
    say(spoken(message))
    raise typer.Exit(Status.FAULT)


def tell(notices: Iterable[Phrase], language: Language) -> None:
    """What is to be said beside the output."""
    for notice in notices:
        say(notice.text(language))


def say(message: str, is_styled: bool = False) -> None:
    """One message on standard error, in whatever characters that can take; lost where nobody takes it.

    `is_styled`: it may hold colours of ours, everybody else's text in it having been made visible.
    """
    from cnncalc.render.renderers.plain_text import Characters

    if sys.stderr is None:
        return
    characters = Characters(sys.stderr.encoding or "ascii")
    try:
        parts = _STYLE.split(message) if is_styled else [message]
        lines = ["\n".join(characters.fit(line) for line in part.split("\n")) for part in parts[::2]]
        written = lines[0] + "".join(map("".join, zip(parts[1::2], lines[1:], strict=True)))
        with progress.hidden():
            print(written, file=sys.stderr, flush=True)
    except OSError:
        # The status says it too.
        discard(sys.stderr)
