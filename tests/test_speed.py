"""What keeps cnncalc fast and can be counted: imports, matrix products, working copies, memory."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.float64 import Float64
from cnncalc.solver import solve_in

from .command import ROOT

LENET = (ROOT / "problems" / "lenet5.yaml").read_text(encoding="utf-8")


def modules_of(*arguments: str) -> set[str]:
    code = (
        "import sys; from cnncalc.cli import main\n"
        "sys.argv = ['cnncalc', *sys.argv[1:]]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(result.stderr.split())


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_loads_the_command_line_alone(argument: str) -> None:
    own = {name for name in modules_of(argument) if name.startswith("cnncalc")}
    beyond = {name for name in own if not name.startswith("cnncalc.commands")}
    usage = {"cnncalc.usage"} if argument == "--help" else set()
    assert beyond == {"cnncalc", "cnncalc.cli", "cnncalc.parameters", "cnncalc.visible"} | usage


def test_a_solution_for_a_file_loads_what_it_needs() -> None:
    loaded = modules_of("solve", "problems/hw11.yaml")
    # Rich draws the tables; the rest of it, and of all, serves other problems, faults, other formats, other layers.
    unneeded = {"rich.columns", "rich.markdown", "rich.progress", "rich.syntax", "rich.traceback", "pygments"}
    unneeded |= {"zipfile", "json", "pydantic", "numpy.typing"}
    unneeded |= {
        "cnncalc.arithmetic.float64",
        "cnncalc.layers.pools",
        "cnncalc.render.data.json",
        "cnncalc.checking",
    }
    unneeded |= {
        "cnncalc.problem.tensor.text_block",
        "cnncalc.problem.number.by_hand",
        "cnncalc.problem.words.written_layers",
        "cnncalc.problem.text.chinese",
        "cnncalc.usage",
    }
    assert loaded & unneeded == set()


def test_a_small_solution_never_looks_for_garbage() -> None:
    code = (
        "import atexit, gc, sys\n"
        "from cnncalc.__main__ import main\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 10_000, file=sys.stderr))\n"
        "before = [generation['collections'] for generation in gc.get_stats()]\n"
        "sys.argv = ['cnncalc', 'solve', 'problems/hw11.yaml']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "after = [generation['collections'] for generation in gc.get_stats()]\n"
        "print(after == before, gc.isenabled(), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stderr.split() == ["True", "True", "True"]


class Counting(Float64):
    """Notes the sizes of every product's second matrix."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
        self.sizes.append(b.size)
        return super().matmul(a, b, out)


class CountingExactly(Exact):
    """Counts products."""

    count = 0

    def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
        self.count += 1
        return super().matmul(a, b, out)


def test_one_matrix_product_forward_and_two_backward() -> None:
    """For each conv and fc of LeNet-5: its output, its weight's gradient, its input's gradient."""
    floating, exact = Counting(), CountingExactly()
    solve_in(floating, cnncalc.loads(LENET))
    solve_in(exact, cnncalc.loads(LENET))
    assert len(floating.sizes) == exact.count == 3 * 5


@pytest.mark.parametrize("shape", [[40, 6, 20, 20], [1, 6, 150, 150], [3000, 6, 6, 6]], ids=str)
def test_columns_are_laid_out_in_parts(shape: list[int]) -> None:
    """However large the image or the mini-batch, a working copy fits the cache, or is of a single place."""
    text = f"input: {{shape: {shape}, random: {{seed: 1}}}}\nlayers:\n"
    text += "  - conv: {weight: {shape: [4, 6, 5, 5], random: {seed: 2}}}\n"
    problem = cnncalc.loads(text)
    numbers = Counting()
    y = solve_in(numbers, problem)["conv_1"].value
    assert max(numbers.sizes) <= max(numbers.working_set, 6 * 25 * shape[0])
    assert sum(numbers.sizes) == y.size // 4 * 6 * 25


@pytest.mark.parametrize("numbers", ["exact", "float"])
def test_memory_does_not_grow(numbers: Any) -> None:
    problem = cnncalc.load(ROOT / "problems" / "hw11.yaml")

    def solve(times: int) -> int:
        for _ in range(times):
            for tensor in cnncalc.solve(problem, numbers):
                assert np.isfinite(tensor.value).all()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before, after = solve(3), solve(20)
    finally:
        tracemalloc.stop()
    # A list of 20 traces, or a number kept from each, would be more.
    assert after - before < 20 * 200
