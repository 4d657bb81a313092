"""Mistakes in layer, group and instance norm."""

from __future__ import annotations

import numpy as np

from .case import Case

X = np.array([[1.25, -2, 3.5, 0.75], [0, 1, 4, 1.5]])
G = np.array([[1, 2, -1.5, 1], [0.5, 1, 2, -1]])
GAMMA = np.array([1, 2, -1, 3])
TEXT = (
    f"input: {X.tolist()}\nlayers:\n  - {{}}: {{{{eps: 0.1, gamma: {GAMMA.tolist()}{{}}}}}}\nupstream: {G.tolist()}\n"
)


def normed(size: int) -> tuple[np.ndarray, np.ndarray]:
    """xhat and 1/√(var + eps), over parts of so many features."""
    parts = X.reshape(2, -1, size)
    root = 1 / np.sqrt(parts.var(2, keepdims=True) + 0.1)
    return ((parts - parts.mean(2, keepdims=True)) * root).reshape(X.shape), np.repeat(root, size, 2).reshape(X.shape)


def cases(type_: str, size: int, options: str) -> list[Case]:
    problem = TEXT.format(type_, options)
    xhat, root = normed(size)
    return [
        Case("affine-forgotten", problem, f"{type_}_1", lambda true: xhat),
        Case("statistics-as-constants", problem, "dL/dinput", lambda true: G * GAMMA * root),
    ]


IMAGE = X.reshape(2, 2, 1, 2)
INSTANCE = (
    f"input: {IMAGE.tolist()}\nlayers:\n  - instance_norm: {{eps: 0.1, gamma: [2, 3]}}\n"
    f"upstream: {G.reshape(IMAGE.shape).tolist()}\n"
)
CASES = [
    *cases("layer_norm", 4, ""),
    *cases("group_norm", 2, ", groups: 2"),
    Case("affine-forgotten", INSTANCE, "instance_norm_1", lambda true: normed(2)[0].reshape(IMAGE.shape)),
    Case(
        "statistics-as-constants",
        INSTANCE,
        "dL/dinput",
        lambda true: (G * np.array([2, 2, 3, 3]) * normed(2)[1]).reshape(IMAGE.shape),
    ),
]
