"""Solved problems to render: homework 11, and one whose numbers are fractions and irrational."""

import pytest

from cnncalc.problem.loader import load, loads
from cnncalc.solver import solve
from cnncalc.trace import Trace

from ..command import ROOT

UNEVEN = """
title: Uneven numbers
source: tests
index_base: 0
input: {name: X, value: [[[[0, 2, 1/3], [2, 1, -5], [7, 1e-9, 12.3456789]]], [[[1/3, 2/7, 1], [0, 1, 2], [1, 1, 1]]]]}
layers:
  - conv: {name: c, weight: {name: K, value: [[[[1/7, -1], [0.25, 3]]], [[[1, 2], [3, 22/7]]]]}, bias: [1/3, 0]}
  - relu: {name: r}
  - max_pool: {name: m, size: 2, stride: 1}
  - flatten
  - fc: {name: f, weight: {name: W, value: [[1/10, 1/11], [-1/12, 1/13], [1/14, 0.000015]]}}
  - softmax: {name: p}
loss:
  cross_entropy: {name: J, class: [0, 2]}
questions:
  a: [dJ/dK, c]
"""


@pytest.fixture(scope="session")
def homework() -> Trace:
    return solve(load(ROOT / "problems" / "hw11.yaml"), "exact")


@pytest.fixture(scope="session")
def uneven() -> Trace:
    return solve(loads(UNEVEN), "exact")


@pytest.fixture(scope="session")
def uneven_float() -> Trace:
    return solve(loads(UNEVEN), "float")
