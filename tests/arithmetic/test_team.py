"""Several threads at one solution: the same numbers, every fault, and BLAS left as it was."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from threading import Event, current_thread
from time import sleep
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

import cnncalc
from cnncalc import solver
from cnncalc.arithmetic import float64
from cnncalc.arithmetic.float64 import Float64
from cnncalc.arithmetic.team import Team, team

from ..command import ROOT

LENET = ROOT / "problems" / "lenet5.yaml"


def blas_threads() -> list[int]:
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


def test_pieces_come_in_their_order_and_cover_everything() -> None:
    three = Team(3)
    for count in (1, 2, 3, 10):
        pieces = three.run(lambda piece: list(range(piece.start, piece.stop)), count)
        assert [number for piece in pieces for number in piece] == list(range(count))
        assert len(pieces) == min(3, count)


def test_pieces_are_worked_on_at_once() -> None:
    """Each piece waits for the other one, so that one thread alone would wait for ever."""
    events, threads = [Event(), Event()], set()

    def meet(piece: slice) -> bool:
        threads.add(current_thread())
        events[piece.start].set()
        return events[1 - piece.start].wait(60)

    assert Team(2).run(meet, 2) == [True, True]
    assert len(threads) == 2


@pytest.mark.parametrize("failing", [0, 1])
def test_what_a_piece_raises_is_raised_and_the_team_works_on(failing: int) -> None:
    two = Team(2)

    def work(piece: slice) -> int:
        if piece.start == failing:
            raise ValueError(f"piece {failing}")
        return piece.start

    with pytest.raises(ValueError, match=f"piece {failing}"):
        two.run(work, 2)
    assert two.run(lambda piece: piece.start, 2) == [0, 1]


def test_a_fault_waits_for_the_others_and_keeps_nothing() -> None:
    """Else the next solution would begin while this one is still being worked on."""
    two, ended = Team(2), []

    class Result:
        pass

    arrays: list[Any] = []

    def work(piece: slice) -> None:
        result = Result()
        arrays.append(weakref.ref(result))
        if piece.start == 0:
            raise KeyboardInterrupt
        sleep(0.2)
        ended.append(piece)

    gc.disable()
    try:
        with pytest.raises(KeyboardInterrupt):
            two.run(work, 2)
        assert len(ended) == 1
        assert [one() for one in arrays] == [None, None]
    finally:
        gc.enable()


def test_work_that_shares_in_its_turn_is_done_by_its_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(float64, "WORTH_SHARING", 0)
    numbers = Float64()
    numbers.team = Team(2)
    a, b = np.ones((1, 4, 3)), np.ones((1, 3, 5))
    made = numbers.in_pieces(lambda piece: numbers.matmul(a[:, piece], b), 4, 1)
    assert [product.shape for product in made] == [(1, 2, 5), (1, 2, 5)]
    np.testing.assert_array_equal(numbers.matmul(a, b), np.full((1, 4, 5), 3.0))


def test_overflows_are_handled_in_all_threads_as_in_the_callers() -> None:
    with np.errstate(over="ignore"):
        assert Team(2).run(lambda piece: float(np.exp(np.full(3, 1e4))[0]), 2) == [np.inf, np.inf]


def test_a_team_solves_to_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = cnncalc.load(LENET)
    alone = cnncalc.solve(problem, "float")
    monkeypatch.setattr(float64, "WORTH_SHARING", 0)
    numbers = Float64()
    numbers.team = Team(3)
    for tensor in solver.solve_in(numbers, problem):
        np.testing.assert_allclose(tensor.value, alone[tensor.name].value, rtol=1e-9, atol=1e-15, err_msg=tensor.name)


def test_a_large_problem_is_solved_by_the_team_and_blas_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def note(numbers: Float64, problem: Any, notices: Any) -> Any:
        seen.append((numbers.team, blas_threads()))
        raise ValueError

    monkeypatch.setattr(solver, "solve_in", note)
    monkeypatch.setattr(solver, "WORTH_A_TEAM", 0)
    before = blas_threads()
    with pytest.raises(ValueError, match=r"^$"):
        cnncalc.solve(cnncalc.load(LENET), "float")
    assert blas_threads() == before
    (at_work, during), *_ = seen
    assert max(before) == (at_work.size if at_work else 1)
    assert during == [1 for _ in before]


def test_there_is_one_team_at_a_time() -> None:
    with team(), team() as second:
        assert second is None


FORKED = """
import os, sys, warnings
warnings.simplefilter("ignore")
import cnncalc
from cnncalc import solver
from cnncalc.arithmetic import float64
solver.WORTH_A_TEAM = float64.WORTH_SHARING = 0
problem = cnncalc.load(sys.argv[1])
solve = lambda: cnncalc.solve(problem, "float")["dL/dconv_1"].value
first = solve()
if not hasattr(os, "fork"):  # Windows
    sys.exit(0)
child = os.fork()
if child == 0:
    os._exit(0 if (solve() == first).all() else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_process_has_a_team_of_its_own() -> None:
    subprocess.run([sys.executable, "-c", FORKED, str(LENET)], check=True, timeout=120)


LIMITED = """
import os, sys, warnings
warnings.simplefilter("ignore")
import numpy
from threadpoolctl import threadpool_info
from cnncalc.arithmetic.team import team
before = [library["num_threads"] for library in threadpool_info()]
with team():
    child = os.fork() if hasattr(os, "fork") else 1
    if child == 0:
        now = [library["num_threads"] for library in threadpool_info()]
        with team() as mine:
            os._exit(0 if now == before and (max(before) == 1 or mine.size == max(before)) else 1)
if hasattr(os, "fork"):
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_process_forked_from_one_at_work_has_all_threads() -> None:
    subprocess.run([sys.executable, "-c", LIMITED], check=True, timeout=120)


@pytest.mark.parametrize("numbers", ["float", "exact"])
def test_a_trace_goes_with_its_last_reference(numbers: Any) -> None:
    """Waiting for the garbage collector, large tensors would stay for some solutions more."""
    problem = cnncalc.load(ROOT / "problems" / "hw11.yaml")
    gc.disable()
    try:
        trace = cnncalc.solve(problem, numbers)
        elements = weakref.ref(next(iter(trace)).elements), weakref.ref(trace["dL/dh"].elements)
        del trace
        assert [one() for one in elements] == [None, None]
    finally:
        gc.enable()


def test_a_fault_keeps_nothing_of_the_run() -> None:
    problem = cnncalc.loads("input: [[1000, 2]]\nlayers: [{fc: {weight: [[1e300, 1e300]]}}, {fc: {weight: [[1e300]]}}]")
    seen: list[Any] = []

    class Noting(Float64):
        def matmul(self, a: Any, b: Any, out: Any = None) -> Any:
            product = super().matmul(a, b, out)
            seen.append(weakref.ref(product))
            return product

    gc.disable()
    try:
        with pytest.raises(cnncalc.ProblemError):
            solver.solve_in(Noting(), problem)
        assert [one() for one in seen] == [None, None]
    finally:
        gc.enable()
