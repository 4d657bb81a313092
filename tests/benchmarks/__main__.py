"""`python -m tests.benchmarks`: every comparison, as tables. `--rounds N`, and parts by name: start float exact …"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from importlib.util import find_spec

from rich.console import Console
from rich.table import Table

from tests.benchmarks import commands, growth, inside, plot
from tests.benchmarks.networks import CONVS, LENETS, network
from tests.benchmarks.pairs import Ratio, compare, compare_memory
from tests.benchmarks.sides import THREADS

console = Console(width=120, highlight=False)


def table(title: str, ours: str, theirs: str) -> Table:
    """A table of ratios."""
    made = Table(title=title, title_justify="left")
    for heading in ("", ours, theirs, "ratio", "quartiles", "goal"):
        made.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    return made


def add(made: Table, name: str, ratio: Ratio, goal: float, unit: str = "ms") -> None:
    """One row; ratios of more than 1 are how many times slower, or larger, cnncalc is."""
    ours, theirs = (
        f"{value:.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
        for value in (number * {"ms": 1e3, "MB": 1e-6}[unit] for number in (ratio.ours, ratio.theirs))
    )
    # The whole takes minutes, and the table comes at the end.
    print(f"{name}: {ratio.ratio:.2f}", file=sys.stderr)
    mark = "" if ratio.ratio <= goal else " missed"
    made.add_row(name, ours, theirs, f"{ratio.ratio:.2f}", f"{ratio.low:.2f} to {ratio.high:.2f}", f"{goal:.2f}{mark}")


def start(rounds: int) -> None:
    """Whole commands."""
    made = table("Start-up, whole processes", "cnncalc", "bare imports")
    for name, arguments, imports, goal in commands.COMMANDS:
        add(made, name, commands.compare_command(arguments, imports, 3 * rounds), goal)
    console.print(made)


def floats(rounds: int) -> None:
    """One step against PyTorch's."""
    if find_spec("torch") is None:
        console.print("PyTorch is not installed here, so that its rows are left out: pip install torch==2.13.0")
        return
    threads = os.environ[THREADS]
    made = table(f"Forward and backward in float64, threads: {threads}", "cnncalc", "PyTorch")
    for case in CONVS + LENETS:
        add(made, network(case).name, compare(case, rounds), 1.0 if case in CONVS else 1.2)
    console.print(made)


def memory(rounds: int) -> None:
    """What a step needs beside the problem itself."""
    if find_spec("torch") is None:
        return
    made = table("Peak memory of a step, above what is there before it", "cnncalc", "PyTorch")
    for case in ("conv 16 64 32 64 3 1", "lenet 32", "lenet 256"):
        add(made, network(case).name, compare_memory(case, rounds), 1.5, "MB")
    console.print(made)


def exact(rounds: int) -> None:
    """Exact calculations; the ratio to fractions is the other way round, how many times faster."""
    ratio = inside.fractions(rounds)
    console.print(f"Homework 11, exact, no import, no printing: {inside.homework(rounds) * 1e3:.2f} ms (goal 5 ms)")
    console.print(f"LeNet-5, exact, every tensor and its doubles: {inside.lenet(rounds):.2f} s (goal 2 s)")
    console.print(
        f"LeNet-5 up to the logits: {ratio.ours:.3f} s, in fractions.Fraction {ratio.theirs:.2f} s: "
        f"{1 / ratio.ratio:.0f} times faster, quartiles {1 / ratio.high:.0f} to {1 / ratio.low:.0f} (goal 50)"
    )


def load(rounds: int) -> None:
    """Reading numbers."""
    for form, seconds in inside.loading(rounds).items():
        console.print(f"Loading 60 000 numbers, {form}: {seconds:.3f} s (goal 0.4 s)")


def grown(_: int) -> None:
    """Over three decades; writes the plot."""
    curves = growth.measure()
    made = Table(title="Growth: a 3×3 conv over larger and larger images, forward and backward", title_justify="left")
    for heading in ("numbers", "multiplications", "time", "memory"):
        made.add_column(heading, justify="right")
    for curve in curves:
        for size, time, memory in zip(curve.multiplications, curve.times, curve.memory, strict=True):
            made.add_row(curve.name, f"{size:,}".replace(",", " "), f"{time * 1e3:.1f} ms", f"{memory / 1e6:.1f} MB")
        exponents = [f"exponent {curve.exponent(values):.2f}" for values in (curve.times, curve.memory)]
        made.add_row(curve.name, "", *exponents, end_section=True)
    console.print(made)
    plot.draw(curves)


PARTS: dict[str, Callable[[int], None]] = {
    "start": start, "float": floats, "memory": memory, "exact": exact, "load": load, "growth": grown,
}  # fmt: skip


def main() -> None:
    """Read the command line and go through the parts."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all, if none is named")
    parser.add_argument("--threads", default="2", help="threads of BLAS and of PyTorch (2)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of each comparison (7)")
    options = parser.parse_args()
    os.environ[THREADS] = options.threads
    for name in options.parts or PARTS:
        PARTS[name](options.rounds)


if __name__ == "__main__":
    main()
