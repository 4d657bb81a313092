"""Two workers taking turns, and what comes of it: medians and the spread of the ratios."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ratio:
    """Ours over theirs: the median of interleaved rounds, and the quarter points as its spread."""

    ours: float
    theirs: float
    ratio: float
    low: float
    high: float

    @classmethod
    def of(cls, ours: list[float], theirs: list[float]) -> Ratio:
        """From as many numbers of the one as of the other, taken in turns."""
        low, middle, high = np.quantile(np.array(ours) / np.array(theirs), [0.25, 0.5, 0.75]).tolist()
        return cls(median(ours), median(theirs), middle, low, high)


class Worker:
    """One side in a process of its own."""

    def __init__(self, side: str, case: str) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.worker", side, case]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT
        )
        self._answer()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def ask(self, order: str) -> Any:
        """Send one order and wait for the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


def compare(case: str, rounds: int, seconds: float = 0.2) -> Ratio:
    """Time of a case against PyTorch's, once both have given the same gradients.

    In each round either side steps for about `seconds`, at least three times, and its fastest step counts: what makes
    others slower is mostly what else the machine does.
    """
    with Worker("cnncalc", case) as ours, Worker("torch", case) as theirs:
        _agree(ours, theirs)
        slowest = max(min(worker.ask("time 5")) for worker in (ours, theirs))
        steps = max(3, int(seconds / slowest))
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            for worker, fastest in zip((ours, theirs), times, strict=True):
                fastest.append(min(worker.ask(f"time {steps}")))
        return Ratio.of(*times)


def compare_memory(case: str, rounds: int = 3) -> Ratio:
    """By how much the first step raises the peak, each time in new processes."""
    return Ratio.of(*([first_memory(side, case) for _ in range(rounds)] for side in ("cnncalc", "torch")))


def first_memory(side: str, case: str) -> float:
    """Bytes."""
    with Worker(side, case) as worker:
        return float(worker.ask("memory"))


def _agree(ours: Worker, theirs: Worker) -> None:
    """A comparison of two different things would be none."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{name}.npz") for name in ("ours", "theirs")]
        for worker, path in zip((ours, theirs), paths, strict=True):
            worker.ask(f"numbers {path}")
        one, other = (dict(np.load(path)) for path in paths)
    assert one.keys() == other.keys(), f"different gradients: {sorted(one.keys() ^ other.keys())}"
    for name, gradient in one.items():
        np.testing.assert_allclose(gradient, other[name], rtol=1e-8, atol=1e-11, err_msg=name)
