"""What is measured within this process: exact calculations and loading."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np

import cnncalc
from cnncalc.arithmetic.exact import Exact
from cnncalc.solver import solve_in
from tests.benchmarks.fraction_arithmetic import Fractions
from tests.benchmarks.pairs import ROOT, Ratio


def seconds(run: Callable[[], Any], rounds: int) -> list[float]:
    """Of each run, in processor time, so that other programs hardly count; all this is one thread's work."""
    times = []
    for _ in range(rounds):
        start = process_time()
        run()
        times.append(process_time() - start)
    return times


def homework(rounds: int) -> float:
    """The mathematics of homework 11 by the public API, doubles included: seconds."""
    problem = cnncalc.load(ROOT / "problems" / "hw11.yaml")
    return median(seconds(lambda: [tensor.value for tensor in cnncalc.solve(problem)], 20 * rounds))


def lenet(rounds: int) -> float:
    """LeNet-5 whole and exact, doubles included: seconds."""
    problem = cnncalc.load(ROOT / "problems" / "lenet5.yaml")
    return median(seconds(lambda: [tensor.value for tensor in cnncalc.solve(problem, "exact")], rounds))


def fractions(rounds: int) -> Ratio:
    """LeNet-5 up to its logits (a softmax leaves the rationals), in python-flint and in `fractions.Fraction`."""
    text = (ROOT / "problems" / "lenet5.yaml").read_text(encoding="utf-8")
    before, _, _ = text.partition("  - softmax")
    problem = cnncalc.loads(before + "upstream: {random: {seed: 12, low: -1, high: 1, step: 0.001}}\n")
    ours, theirs = solve_in(Exact(), problem), solve_in(Fractions(), problem)
    for one, other in zip(ours, theirs, strict=True):
        assert np.array_equal(one.elements.astype(str), other.elements.astype(str)), one.name
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        times[0].append(median(seconds(lambda: solve_in(Exact(), problem), 5)))
        times[1].extend(seconds(lambda: solve_in(Fractions(), problem), 1))
    return Ratio.of(*times)


def loading(rounds: int) -> dict[str, float]:
    """60 000 numbers of three decimals as nested lists, as a text block, and in a .npy file: seconds."""
    draw = random.Random(1)
    rows = [[f"{draw.randint(-999, 999) / 1000:.3f}" for _ in range(250)] for _ in range(240)]
    head = "input: [" + ", ".join(rows[0]) + "]\nlayers:\n  - fc:\n      weight:"
    nested = head + "\n" + "\n".join(f"        - [{', '.join(row)}]" for row in rows)
    block = head + " |\n" + "\n".join(f"        {' '.join(row)}" for row in rows)
    with TemporaryDirectory() as folder:
        np.save(Path(folder, "weight.npy"), np.array(rows, dtype=float))
        in_file = Path(folder, "problem.yaml")
        in_file.write_text(head + " {file: weight.npy}\n", encoding="utf-8")
        return {
            "nested lists": median(seconds(lambda: cnncalc.loads(nested), rounds)),
            "text block": median(seconds(lambda: cnncalc.loads(block), rounds)),
            "in a .npy file": median(seconds(lambda: cnncalc.load(in_file), rounds)),
        }
