"""Memory and processes for large arrays of doubles."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from math import prod
from queue import SimpleQueue
from threading import Lock, Thread, local
from typing import Generic, TypeVar, cast

import numpy as np
from threadpoolctl import ThreadpoolController

from cnncalc.arithmetic.base import Doubles

_KEPT = local()


def scratch(shape: tuple[int, ...], most: int) -> Doubles:
    """An array of doubles to be filled, the same for each call in a thread; a new one if it has more than `most`."""
    size = prod(shape)
    if size > most:
        return np.empty(shape)
    kept: Doubles | None = getattr(_KEPT, "doubles", None)
    if kept is None or len(kept) < size:
        # Room for larger ones to come.
        kept = _KEPT.doubles = np.empty(min(2 * size, most))
    return kept[:size].reshape(shape)


def keep_freed_memory() -> None:
    """Has malloc keep up to 64 MB of this process for the next tensors instead of giving them back at once.

    From then on glibc keeps up to twice the largest block, of at most 32 MB, that was mapped for itself and freed
    (mallopt(3), M_MMAP_THRESHOLD). This one is never written on. Other libraries take no notice.
    """
    np.empty(2**22 - 2**12)


T = TypeVar("T")


class Team:
    """As many threads as BLAS would use, of which the caller's is one."""

    def __init__(self, size: int) -> None:
        self.size = size
        # An executor of concurrent.futures takes twice as long to hand over a task.
        self._tasks: SimpleQueue[Callable[[], None]] = SimpleQueue()
        for _ in range(size - 1):
            Thread(target=self._serve, name="cnncalc", daemon=True).start()

    def run(self, work: Callable[[slice], T], count: int) -> list[T]:
        """The results of `work` on pieces of range(count), one for each thread, in order; raises what they raise.

        It ends when all have ended. Work must not ask its own team for help.
        """
        size = min(self.size, count)
        bounds = [count * number // size for number in range(size + 1)]
        tasks = [_Task(work, piece) for piece in map(slice, bounds[:-1], bounds[1:])]
        for task in tasks[1:]:
            # How NumPy treats overflows belongs to the context.
            self._tasks.put(partial(copy_context().run, task.do))
        try:
            tasks[0].do()
        finally:
            for task in tasks[1:]:
                task.wait()
        return [task.result() for task in tasks]

    def _serve(self) -> None:
        while True:
            self._tasks.get()()


class _Task(Generic[T]):
    """A piece of work, and what came of it."""

    def __init__(self, work: Callable[[slice], T], piece: slice) -> None:
        self._work = work
        self._piece = piece
        self._made: T | None = None
        self._error: BaseException | None = None
        self._ended: SimpleQueue[None] = SimpleQueue()

    def do(self) -> None:
        """Once; raises nothing."""
        try:
            self._made = self._work(self._piece)
        except BaseException as error:
            self._error = error
        finally:
            self._ended.put(None)

    def wait(self) -> None:
        """Until it has been done."""
        self._ended.get()

    def result(self) -> T:
        """What the work has made; raises what it has raised."""
        error, self._error = self._error, None
        if error is None:
            return cast(T, self._made)
        try:
            raise error
        finally:
            # A frame that knew its own traceback would keep all arrays of the work.
            del error


class _Process:
    """What this process has: one team, for one solution at a time."""

    def __init__(self) -> None:
        self.is_free = Lock()
        self.blas = ThreadpoolController().select(user_api="blas")
        self.size = max((library["num_threads"] for library in self.blas.info()), default=1)
        self.team: Team | None = None


_process = _Process()


def _begin_anew() -> None:
    """A forked process has a copy of the team without threads, and perhaps BLAS as another thread has limited it."""
    global _process
    size = _process.size
    _process = _Process()
    if _process.size != size:
        _process.blas.limit(limits=size)
        _process.size = size


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


@contextmanager
def team() -> Iterator[Team | None]:
    """A team, and BLAS on the calling thread meanwhile; None where BLAS has one thread, or the team is at work."""
    process = _process
    if not process.is_free.acquire(blocking=False):
        yield None
        return
    try:
        process.size = max((library["num_threads"] for library in process.blas.info()), default=1)
        if process.size < 2:
            yield None
            return
        if process.team is None or process.team.size != process.size:
            process.team = Team(process.size)
        with process.blas.limit(limits=1):
            yield process.team
    finally:
        process.is_free.release()
