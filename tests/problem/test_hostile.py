"""Files meant to crash, hang or fill the memory: each ends in a fault, soon and within 200 MB.

Soon: two seconds of a quiet machine, measured in additions of that machine, at that time.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnncalc.problem.loader import loads
from cnncalc.problem.text.faults import ProblemError

ADDITIONS = 80 * 2_000_000
MEGABYTES = 200
# The expressions are evaluated in the child, so that the parent's memory is not counted.
HOSTILE = {
    "nested brackets": "'input: ' + '[' * 200_000",
    "nested braces": "'{a: ' * 200_000",
    "nested lists": "'- ' * 200_000",
    "nested keys": "'? ' * 200_000",
    "alias bomb": "'a: &a [1, 1]\\n' + ''.join(f'b{i}: &b{i} [*a, *a]\\n' for i in range(10_000))",
    "huge exponents": "'input: [1e999999999, 9**9**9, 2**(10**9), exp(exp(99))]\\nlayers: [relu]'",
    "huge fill": "'input: {shape: [1000, 1000, 1000], fill: 1}\\nlayers: [relu]'",
    "huge weight": "'input: [1]\\nlayers: [fc: {units: 1000000, weight: 1}, fc: {units: 1000000, weight: 1}]'",
    "huge padding": "'input: [[1]]\\nlayers: [max_pool: {size: 9999, padding: 4000, stride: 9999}]'",
    "one word of 16 MB": "'x' * (16 * 2**20)",
    "a list of 16 MB": "'input: [' + '1,' * (8 * 2**20 - 10) + ']'",
    "a row of 16 MB": "'input: |\\n  ' + '1 ' * (8 * 2**20 - 10)",
    "a column of 16 MB": "'input: |\\n' + ' 1\\n' * (5 * 2**20)",
    "commas": "'input: |\\n  1' + ',' * 8_000_000",
    "bad cells": "'input: [' + 'xy,' * 250_000 + ']'",
    "a million keys": "'\\n'.join(f'k{i}: 1' for i in range(10**6))",
    "a million times one key": "'\\n'.join(['k: 1'] * 10**6)",
    "a line of 5 MB": "'input: ' + 'x' * 5_000_000",
    "a key of 5 MB": "'? ' + 'x' * 5_000_000 + '\\n: 1'",
    "blank lines": "'\\n' * 16_000_000 + 'a'",
    "NUL bytes": "'\\0' * 1_000_000",
    "question marks": "'a: [' + '? ,' * 2_000_000",
    "matrix without end": "'input: |\\n  \\\\begin{bmatrix}' + '1&' * 5_000_000",
    "many matrices": "'input: |\\n  ' + '\\\\begin{matrix}1\\\\end{matrix}' * 400_000",
    "blanks in LaTeX": "'input: |\\n  \\\\begin{matrix}1\\\\end{matrix}' + ' ' * 8_000_000 + 'x'",
    "rows in LaTeX": "'input: |\\n  \\\\begin{matrix}' + '\\\\\\\\ ' * 4_000_000 + '\\\\end{matrix}'",
    "brackets in cells": "'input: [' + ('(' * 900 + ',') * 1000 + ']'",
    "many layers": "'input: [1]\\nlayers: [' + 'relu, ' * 250_000 + ']'",
    "many unknown names": "'input: [1]\\nlayers: [' + 'relu, ' * 990 + ']\\nquestions: {1: ['"
    " + ', '.join(f'rolu_{i}' for i in range(5000)) + ']}'",
}
CHILD = """
import os, resource, signal, sys, time
def most_memory():
    # Not ru_maxrss alone: it is at least that of the process which started this one, a test run of hundreds of MB.
    try:
        with open('/proc/self/status') as status:
            return next(int(line.split()[1]) for line in status if line.startswith('VmHWM:'))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
from cnncalc.problem.text.faults import ProblemError
from cnncalc.problem.loader import loads
def addition():
    start = time.process_time()
    sum(range(2_000_000))
    return (time.process_time() - start) / 2_000_000
def ends_in_a_fault(expression):
    signal.alarm(60)
    text = eval(expression)
    before = addition()
    start = time.process_time()
    try:
        loads(text)
    except ProblemError as error:
        seconds = time.process_time() - start
        assert len(error.faults) <= 51 and len(str(error)) < 100_000
        print(seconds / max(before, addition()), most_memory(), flush=True)
# A process for each, which starts with everything imported.
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
for expression in sys.stdin:
    process = os.fork()
    if process == 0:
        ends_in_a_fault(expression)
        sys.exit(0)
    print('status', os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def children() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as parent:
        yield parent


@pytest.mark.parametrize("expression", HOSTILE.values(), ids=HOSTILE.keys())
def test_ends_in_a_fault_soon_and_small(expression: str, children: subprocess.Popen[str]) -> None:
    assert children.stdin is not None
    assert children.stdout is not None
    print(expression, file=children.stdin, flush=True)
    said: list[str] = []
    while not (said and said[-1].startswith("status")):
        said.append(children.stdout.readline())
        assert said[-1], "".join(said)
    assert (len(said), said[-1]) == (2, "status 0\n"), "".join(said)
    additions, kilobytes = map(float, said[0].split())
    assert additions < ADDITIONS
    assert kilobytes / (1 if sys.platform != "darwin" else 1024) < MEGABYTES * 1024


@pytest.mark.parametrize("text", ["input: [" + "xy, " * 5000 + "]\nlayers: [relu]", "a: 1\n" * 70])
def test_the_first_fifty_faults_are_shown(text: str) -> None:
    with pytest.raises(ProblemError, match=r"and (at least )?\d+ more") as caught:
        loads(text)
    assert len(caught.value.faults) == 51
