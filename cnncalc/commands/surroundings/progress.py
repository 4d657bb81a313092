"""What a terminal shows of a command that takes long: that it works, since when, how far it is; nothing once it ends.

It says no word, so that it needs no language. Rich is imported only once there is something to show.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import Timer

    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""Seconds until a person wants to see something."""
UNCOUNTED = 2
"""Columns of what shows no more than that it works."""


class Waiting:
    """One display on standard error, from a second on, as long as nothing else is written there."""

    def __init__(self) -> None:
        from threading import Lock

        self._lock = Lock()
        self._timer: Timer | None = None
        self._display: Progress | None = None
        self._task: TaskID | None = None
        self._done: int | None = None
        self._total: int | None = None

    def begin(self) -> None:
        """Show it in a second."""
        from threading import Timer

        self._timer = Timer(PATIENCE, self._show)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        """Take it away, or never show it."""
        with self._lock:
            timer, self._timer = self._timer, None
            display, self._display = self._display, None
        if timer is not None:
            timer.cancel()
        if display is not None:
            display.stop()

    def count(self, done: int, total: int) -> None:
        """So many of so many things are done."""
        with self._lock:
            self._done, self._total = done, total
            if self._display is not None:
                self._tell(self._display)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TimeElapsedColumn

        # The streams stay as they are: what else is written asks for the display to go first.
        display = Progress(
            SpinnerColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True, redirect_stdout=False,
            redirect_stderr=False,
        )  # fmt: skip
        with self._lock:
            if self._timer is None:
                return
            self._task = display.add_task("", total=None)
            self._tell(display)
            self._display = display
            display.start()

    def _tell(self, display: Progress) -> None:
        """How far it is, where that is known."""
        if self._total is None or self._task is None:
            return
        if len(display.columns) == UNCOUNTED:
            from rich.progress import BarColumn, MofNCompleteColumn

            spinner, elapsed = display.columns
            display.columns = (spinner, BarColumn(), MofNCompleteColumn(), elapsed)
        display.update(self._task, completed=self._done, total=self._total)


_waiting: ContextVar[Waiting | None] = ContextVar("_waiting", default=None)


def begin() -> None:
    """From now on show, on a terminal, that the command works: it has read what people may still be typing."""
    if sys.stderr is not None and sys.stderr.isatty() and _waiting.get() is None:
        waiting = Waiting()
        _waiting.set(waiting)
        waiting.begin()


def end() -> None:
    """There is nothing more to wait for."""
    waiting = _waiting.get()
    if waiting is not None:
        _waiting.set(None)
        waiting.end()


@contextmanager
def hidden() -> Iterator[None]:
    """For a moment nothing is shown: something else is written there."""
    waiting = _waiting.get()
    if waiting is None:
        yield
        return
    waiting.end()
    try:
        yield
    finally:
        waiting.begin()


def count(done: int, total: int) -> bool:
    """Show how far it is; False where nobody is there to see it."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.count(done, total)
    return waiting is not None
