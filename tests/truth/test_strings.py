"""Every string that leaves the program is true: worked out by itself, it is the number that it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from random import Random
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.diagnosis import Diagnosis
from cnncalc.checking.report import Report
from cnncalc.checking.rule import Rule
from cnncalc.render.builders.explanation import explanation
from cnncalc.render.builders.report import marked
from cnncalc.render.builders.worked.worked import Wishes, worked

from .numbers import precision
from .problems import drawn
from .strings import Solved, Statement, is_same, statements

SEEDS = range(20)
DOCUMENTS = (1, 3, 4, 5, 6)
"""Seeds of problems whose documents are read: they say each thing in many steps."""
WISHES: tuple[dict[str, Any], ...] = (
    {"batch": True},
    {},
    {"numbers": "irrational"},
    {"names": "every kind"},
    {"letters": "valued"},
    {"letters": "open"},
    {"branches": True},
    {"branches": True, "letters": "valued"},
)
CASES = {
    "equal rows": "[[1, 2, 3], [1, 2, 3]], layers: [softmax], loss: {cross_entropy: {class: [3, 3]}}",
    "equal classes": "[[1, 1, 3], [1, 1, 3]], layers: [softmax], loss: {mse: {target: [[1, 2, 3], [0, 0, 2]]}}",
    "permuted rows": "[[1, 2, 4], [4, 2, 1]], layers: [softmax, fc: {weight: [[1, 0, 2]]}]",
    "shifted rows": "[[0, 1], [5, 6], [1, 0]], layers: [log_softmax], loss: {mse: {target: [[1, 0], [0, 1], [3, 1]]}}",
    "classes that are multiples": "[[log(2), 0, 1], [log(2), 0, 1]], layers: [softmax, fc: {weight: [[3, 1, 1]]}]",
    "two softmaxes": "[[1, 2], [2, 1]], layers: [softmax, softmax], loss: {cross_entropy: {class: [1, 1]}}",
    "an update behind letters": "{symbol: x, shape: [2, 2]}, layers: [fc: {weight: [[1, 2], [3, 1]]}, softmax], "
    "loss: {cross_entropy: {class: [1, 2]}}, update: {sgd: {lr: 1}}",
    "an update behind a batch norm": "{symbol: x, shape: [2, 1]}, layers: [fc: {weight: [[2]]}, batch_norm], "
    "loss: {mse: {target: [[1], [0]]}}, update: {sgd: {lr: 1}}",
    "a product of letters, squared": "{symbol: x, shape: [1, 1, 2]}, "
    "layers: [conv: {weight: {symbol: w, shape: [1, 1, 1, 1]}}, flatten], loss: {mse: {target: [0, 1]}}",
    "probabilities beside letters": "[[1, 2], [3, 4]], layers: [softmax: {name: p.x}], loss: {mse: {target: "
    "{symbol: t, values: [[1, 0], [2, 1]]}}}",
    "numbers of six digits and more": "[14, 0, 1], layers: [softmax, fc: {weight: [[2000000, 1, 3]]}]",
}
DECIMAL = re.compile(r"-?[\d.]+([eE][-+]?\d+)?")


@lru_cache(maxsize=len(SEEDS))
def both(text: str) -> tuple[cnncalc.Trace, Solved]:
    """The problem solved by cnncalc, and in plain numbers; for its strings and for its documents."""
    problem = cnncalc.loads(text)
    return cnncalc.solve(problem), Solved(problem)


def untrue_strings(text: str) -> Iterator[str]:
    """The strings of JSON that are not what they stand for."""
    trace, solved = both(text)
    for tensor in trace:
        strings = np.asarray(tensor.exact, dtype=object)
        for index in np.ndindex(tensor.shape if tensor.exact is not None else (0,)):
            true = solved.trace[tensor.name].elements[index]
            if strings[index] is not None and not is_same(solved.value(strings[index]), true):
                yield f"{solved.address(tensor.name, index)} = {strings[index]}, where it is {true} in\n{text}"


def untrue_statements(text: str) -> Iterator[str]:
    """What `worked`, `explain` and `check` say of elements that is not so."""
    trace, solved = both(text)
    problem = trace.problem
    report = nonsense(trace)
    # `worked` has all elements but those that it leaves out.
    documents = {f"explain {tensor.name}": explanation(trace, tensor, (0,) * len(tensor.shape)) for tensor in trace}
    documents |= {"worked": worked(trace, Wishes()), "check": marked(report, everything=True)}
    for command, document in documents.items():
        for said in statements(document):
            # What is left out, and a number that is said to be undecided.
            if not set("…⋯?") & set(said.text) and not solved.is_true(said):
                yield f"{command}: {said}, where it is {solved.values[said.element]} in\n{text}"
    for tensor in report.tensors:
        for cell in tensor.wrong:
            address = solved.address(tensor.name, tuple(i - problem.index_base for i in cell.index))
            if not DECIMAL.fullmatch(cell.expected) and not is_same(
                solved.value(cell.expected), solved.values[address]
            ):
                yield f"check: {address} should be {cell.expected}, where it is {solved.values[address]} in\n{text}"


def nonsense(trace: cnncalc.Trace) -> Report:
    """What becomes of a sheet of numbers that are all wrong; nobody can answer where letters have no values."""
    random = Random(0)
    is_open = any(np.isnan(tensor.value).any() for tensor in trace)
    answers = (
        {} if is_open else {tensor.name: wrong(tensor.shape, random) for tensor in trace if tensor.local != "path"}
    )
    if is_open:
        return Report("", "", (), Rule(), trace)
    with pytest.MonkeyPatch.context() as patch:
        # How anybody came to these numbers takes as long as all the rest, and is found in none of them.
        patch.setattr(Diagnosis, "mistakes", lambda *about: ())
        return cnncalc.check(trace.problem, answers)


def wrong(shape: tuple[int, ...], random: Random) -> Any:
    return [wrong(shape[1:], random) for _ in range(shape[0])] if shape else f"{random.randint(1000, 9999)}.123"


@pytest.mark.parametrize(
    ("element", "said", "is_rounded", "is_true"),
    [
        ("∂L/∂input[1,3]", "1/2·p[1,3] - 1/2", False, True),
        ("∂L/∂input[1,3]", "1/2·p[1,3] - 1/4", False, False),
        ("∂L/∂input[1,3]", "-0.167380", True, True),
        ("∂L/∂input[1,3]", "-0.167380", False, False),
        ("∂L/∂input[1,3]", "-0.167379", True, False),
        ("p[1,2]", "exp(-1)/(exp(-2) + exp(-1) + 1)", False, True),
        ("p[1,2]", "√(p[2,2]²)", False, True),
        ("p[1,2]", "p[2,2]²·√2", False, False),
        ("L", "-1/2·(log(0.665241) + log(0.665241))", True, True),
        ("L", "-1/2·(log(0.665241) + log(0.665238))", True, False),
    ],
)
def test_what_is_false_is_seen(element: str, said: str, is_rounded: bool, is_true: bool) -> None:
    problem = "{input: [[1, 2, 3], [1, 2, 3]], layers: [softmax: {name: p}], loss: {cross_entropy: {class: [3, 3]}}}"
    with precision():
        assert Solved(cnncalc.loads(problem)).is_true(Statement(element, said, is_rounded)) is is_true


@pytest.mark.parametrize("untrue", [untrue_strings, untrue_statements])
@pytest.mark.parametrize("case", CASES)
def test_strings(case: str, untrue: Callable[[str], Iterator[str]]) -> None:
    with precision():
        assert list(untrue(f"{{input: {CASES[case]}}}")) == []


@pytest.mark.parametrize(("untrue", "seeds"), [(untrue_strings, SEEDS), (untrue_statements, DOCUMENTS)])
@pytest.mark.parametrize("wishes", WISHES, ids=str)
def test_strings_of_drawn_problems(
    wishes: dict[str, Any], untrue: Callable[[str], Iterator[str]], seeds: Sequence[int]
) -> None:
    solved = 0
    with precision():
        for seed in seeds:
            # Letters without a value may leave a branch open, which is a fault of the problem.
            with suppress(cnncalc.ProblemError):
                assert list(untrue(drawn(seed, **wishes))) == []
                solved += 1
    assert solved > 0.7 * len(seeds)
