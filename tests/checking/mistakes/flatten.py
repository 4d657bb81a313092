"""Mistakes in a flatten."""

from __future__ import annotations

import numpy as np

from .case import Case

IMAGE = """
input: {value: [[[1, -2, 3], [4, 5, -6]], [[7, 8, 9], [-10, 11, 12]]]}
layers:
  - flatten%s
upstream: [2, 3, -5, 7, 11, -13, 17, 19, 23, 29, 31, -37]
"""
PROBLEM = IMAGE % ""
HWC = IMAGE % ": {order: hwc}"
BATCH = """
input: {value: [[[[1, -2], [3, 4]], [[5, -6], [7, 8]]], [[[9, 10], [11, -12]], [[13, 14], [15, 16]]]]}
layers:
  - flatten
upstream: [[2, 3, -5, 7, 11, -13, 17, 19], [23, 29, 31, -37, 41, 43, 47, 53]]
"""
POOLED = """
input: {value: [[[1, -2, 3, 4], [5, -6, 7, 8]], [[9, 10, 11, -12], [13, 14, 15, 16]]]}
layers:
  - max_pool: {size: 2}
  - flatten
upstream: [1, 2, 3, 4]
"""

ACTIVATED = """
input: {value: [[[1, -2, 3], [4, 5, -6]]]}
layers:
  - relu
  - flatten
"""


def case(code: str, numbers: list[float], problem: str = PROBLEM) -> Case:
    return Case(code, problem, "flatten_1", lambda _: np.array(numbers))


def gradient(code: str, numbers: list[list[list[float]]], problem: str = PROBLEM) -> Case:
    return Case(code, problem, "dL/dinput", lambda _: np.array(numbers))


CASES = [
    case("flatten-order-hwc", [1, 7, -2, 8, 3, 9, 4, -10, 5, 11, -6, 12]),
    Case(
        "flatten-order-hwc",
        BATCH,
        "flatten_1",
        lambda _: np.array([[1, 5, -2, -6, 3, 7, 4, 8], [9, 13, 10, 14, 11, 15, -12, 16]]),
    ),
    case("flatten-order-chw", [1, -2, 3, 4, 5, -6, 7, 8, 9, -10, 11, 12], HWC),
    case("flatten-by-columns", [1, 4, -2, 5, 3, -6, 7, -10, 8, 11, 9, 12]),
    case("flatten-by-columns", [1, 7, 4, -10, -2, 8, 5, 11, 3, 9, -6, 12]),
    case("flatten-by-columns", [1, 7, 4, -10, -2, 8, 5, 11, 3, 9, -6, 12], HWC),
    case("one-channel-only", [1, -2, 3, 4, 5, -6]),
    case("one-channel-only", [6, 5, 4, 3, 2, 1]),
    case("pooling-forgotten", [1, -2, 3, 4, 5, -6, 7, 8, 9, 10, 11, -12, 13, 14, 15, 16], POOLED),
    case("pooling-forgotten", [*range(16)], POOLED),
    case("pooling-imagined", [5, 11]),
    case("activation-skipped", [1, -2, 3, 4, 5, -6], ACTIVATED),
    gradient("flatten-order-hwc", [[[2, -5, 11], [17, 23, 31]], [[3, 7, -13], [19, 29, -37]]]),
    Case(
        "flatten-order-hwc",
        BATCH,
        "dL/dinput",
        lambda _: np.array([[[[2, -5], [11, 17]], [[3, 7], [-13, 19]]], [[[23, 31], [41, 47]], [[29, -37], [43, 53]]]]),
    ),
    gradient("flatten-order-chw", [[[2, 3, -5], [7, 11, -13]], [[17, 19, 23], [29, 31, -37]]], HWC),
    gradient("flatten-by-columns", [[[2, -5, 11], [3, 7, -13]], [[17, 23, 31], [19, 29, -37]]]),
    gradient("flatten-by-columns", [[[2, 11, 23], [-5, 17, 31]], [[3, -13, 29], [7, 19, -37]]]),
]
