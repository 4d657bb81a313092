"""How a command ends, and what it says on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import NoReturn

import typer

from cnncalc.visible import shown


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

    It stands around each command and not only around the program, since Typer turns Ctrl-C and a closed pipe into
    status 1, which says that an answer is wrong.
    """
    try:
        yield
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        discard_output()
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
        what = f"{type(error).__name__}: {shown(str(error), 300)}{where}"
        say(f"cnncalc: this is a defect in cnncalc, not in your file: {what}")
        say("Please report it with the problem file; CNNCALC_DEBUG=1 shows the whole traceback.")
        sys.exit(Status.DEFECT)


def discard_output() -> None:
    """Keep the interpreter from complaining, at its end, about output that nobody takes."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(message: str) -> NoReturn:
    """End for a fault of the user's, with its message."""
    say(message)
    raise typer.Exit(Status.FAULT)


def say(message: str) -> None:
    """One message on standard error, in whatever characters that can take."""
    from cnncalc.render.characters import Characters

    characters = Characters(sys.stderr.encoding or "ascii")
    print("\n".join(characters.fit(line) for line in message.split("\n")), file=sys.stderr, flush=True)
