"""How a command ends, and what it says on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

import typer

from cnncalc.commands import progress
from cnncalc.visible import shown, shown_path

if TYPE_CHECKING:
    from cnncalc.language import Language, Phrase


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
    """Turn what nobody has caught into a status and one message.

    It stands around each command and not only around the program, since a status that Typer chooses may be 1, which
    says that an answer is wrong.
    """
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
            say(str(error))
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


def _say_what_is_refused(error: OSError | MemoryError) -> None:
    """What the system has not given: no disk, no process, no memory, whoever asked for it."""
    if isinstance(error, MemoryError):
        say("there is not enough memory for this; make the problem smaller, or end other programs")
        return
    what = f" ({shown_path(str(error.filename))})" if error.filename is not None else ""
    say(f"the system does not allow this: {error.strerror or error}{what}")


def discard(stream: TextIO | None) -> None:
    """Keep the interpreter from complaining, at its end, about output that nobody takes."""
    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]


@contextmanager
def undisturbed() -> Iterator[None]:
    """For a moment Ctrl-C is not heard: it would leave half a file behind."""
    import signal

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def fail(message: str) -> NoReturn:
    """End for a fault of the user's, with its message."""
    say(message)
    raise typer.Exit(Status.FAULT)


def tell(notices: Iterable[Phrase], language: Language) -> None:
    """What is to be said beside the output."""
    for notice in notices:
        say(notice.text(language))


def say(message: str) -> None:
    """One message on standard error, in whatever characters that can take; lost where nobody takes it."""
    from cnncalc.render.renderers.characters import Characters

    if sys.stderr is None:
        return
    characters = Characters(sys.stderr.encoding or "ascii")
    try:
        with progress.hidden():
            print("\n".join(characters.fit(line) for line in message.split("\n")), file=sys.stderr, flush=True)
    except OSError:
        # The status says it too.
        discard(sys.stderr)
