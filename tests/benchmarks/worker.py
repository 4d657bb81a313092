"""A process that holds one side of a comparison and steps when told to: `python -m tests.benchmarks.worker SIDE CASE`.

Two processes, since two BLAS libraries in one process wait for each other's threads. It answers each line of standard
input: `time N` with the seconds of each of N steps, `memory`, if it is the first, with the bytes by which a step
raises the peak; `numbers FILE` by saving every gradient.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter

import numpy as np

from tests.benchmarks.networks import network
from tests.benchmarks.sides import SIDES, Step, doubles


def main() -> None:
    """Serve until the input ends."""
    side, case = sys.argv[1:]
    # Libraries make their threads and tables at the first step of all.
    SIDES[side](network("conv 1 2 4 2 3 0"))()
    step = SIDES[side](network(case))
    answers = {"time": times, "memory": memory, "numbers": save}
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        order, _, argument = line.strip().partition(" ")
        print(json.dumps(answers[order](step, argument)), flush=True)


def times(step: Step, count: str) -> list[float]:
    """Seconds of each step."""
    seconds = []
    for _ in range(int(count)):
        start = perf_counter()
        step()
        seconds.append(perf_counter() - start)
    return seconds


def memory(step: Step, _: str) -> int:
    """How far one step raises the resident peak, in bytes; before it, the peak is set to what is resident."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _status("VmRSS")
    step()
    return _status("VmHWM") - before


def _status(key: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(key + ":"))


def save(step: Step, path: str) -> int:
    """Every gradient into a .npz file; says how many."""
    gradients = {name.replace("/", "|"): doubles(gradient) for name, gradient in step().items()}
    np.savez(path, **gradients)
    return len(gradients)


if __name__ == "__main__":
    main()
