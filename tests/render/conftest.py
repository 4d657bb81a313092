"""Homework 11, question 2, put together without the loader, so that rendering is tested by itself."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from cnncalc.layers.base import Layer, Shape
from cnncalc.layers.conv import Conv
from cnncalc.layers.fc import Fc
from cnncalc.layers.flatten import Flatten
from cnncalc.layers.relu import Relu
from cnncalc.layers.softmax import Softmax
from cnncalc.losses.cross_entropy import CrossEntropy
from cnncalc.problem.faults import Place
from cnncalc.problem.problem import GivenTensor, LayerEntry, LossEntry, Problem
from cnncalc.solver import solve
from cnncalc.trace import Trace

HERE = Place(1, 1)
IMAGE = [
    [[1, 2, 3, 4], [8, 7, 6, 5], [9, 10, 11, 12], [16, 15, 14, 13]],
    [[29, 30, 31, 32], [28, 27, 26, 25], [21, 22, 23, 24], [20, 19, 18, 17]],
]
KERNELS = [
    [[[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]], [[-1, -1, -1], [0, 0, 0], [1, 1, 1]]],
    [[[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 0, 1], [0, 1, 0], [1, 0, 0]]],
]


def given(name: str, values: object) -> GivenTensor:
    return GivenTensor(name, np.array(values, dtype=object), HERE)


def entry(name: str, layer: Layer, before: Shape, after: Shape, **parameters: GivenTensor) -> LayerEntry:
    return LayerEntry(name, layer, parameters, before, after, HERE)


def homework(weight: object = Fraction(1, 10)) -> Problem:
    if not isinstance(weight, list):
        weight = [[weight] * 8 for _ in range(5)]
    return Problem(
        title="Homework 11, question 2",
        source="Computer vision course, homework 11",
        index_base=1,
        numbers="auto",
        input=given("F", [IMAGE]),
        batch=None,
        layers=(
            entry("conv_1", Conv(), (2, 4, 4), (2, 2, 2), weight=given("h", KERNELS)),
            entry("relu_1", Relu(), (2, 2, 2), (2, 2, 2)),
            entry("flatten_1", Flatten(), (2, 2, 2), (8,)),
            entry("fc_1", Fc(), (8,), (5,), weight=given("W", weight)),
            entry("p", Softmax(), (5,), (5,)),
        ),
        loss=LossEntry("L", CrossEntropy(), given("L.target", [[0, 0, 1, 0, 0]]), HERE),
        upstream=None,
        loss_name="L",
        questions={
            "1": ("conv_1",),
            "2": ("relu_1",),
            "6": ("dL/dp", "dL/dfc_1", "dL/drelu_1", "dL/dconv_1"),
            "8": ("dL/dh",),
        },
        answers={},
        file="hw11.yaml",
    )


UNEVEN = [[Fraction(i * j - 3, 7) / (j + 1) for j in range(8)] for i in range(5)]


@pytest.fixture(scope="session")
def homework_trace() -> Trace:
    return solve(homework(), "exact")


@pytest.fixture(scope="session")
def uneven_trace() -> Trace:
    """The same with other weights, so that fractions and irrational numbers occur."""
    return solve(homework(UNEVEN), "exact")


@pytest.fixture(scope="session")
def decimal_weights() -> Problem:
    return homework(Decimal("0.10"))
