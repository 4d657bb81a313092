"""Mistakes in a penalty on weights, and in a loss with one."""

from __future__ import annotations

import numpy as np

from .case import Case, Doubles

X, W, T, LAMBDA = np.array([1, 2]), np.array([[0.25, 1], [0.5, -0.75]]), np.array([0, 1]), 0.25
NET = f"""
input: {{name: x, value: {X.tolist()}}}
layers:
  - fc: {{name: z, weight: {{name: W, value: {W.tolist()}}}}}
"""
PROBLEM = (
    f"{NET}  - softmax: {{name: p}}\nloss: {{cross_entropy: {{target: {T.tolist()}}}}}\npenalty: {{l2: {LAMBDA}}}\n"
)
SQUARES = f"{NET}loss: {{mse: {{target: {T.tolist()}}}}}\npenalty: {{l2: {LAMBDA}}}\n"
TWICE = SQUARES.replace("loss:", "  - fc: {name: v, weight: {share: W}}\nloss:")


def probabilities() -> Doubles:
    powers = np.exp(W @ X)
    return np.asarray(powers / powers.sum())


ENTROPY, PENALTY = -np.log(probabilities()[1]), LAMBDA * (W**2).sum()
SLOPE = np.outer(probabilities() - T, X)
BACK = W @ (W @ X) - T
"""Of the mean over two elements: 2/2 · (v − t)."""
FIRST, SECOND = np.outer(W.T @ BACK, X), np.outer(BACK, W @ X)

CASES = [
    *(
        case
        for problem in (PROBLEM, SQUARES)
        for case in (
            Case("penalty-half", problem, "L.penalty", lambda _: PENALTY / 2),
            Case("penalty-half", problem, "dL/dW via L", lambda _: LAMBDA * W),
            Case("penalty-factor-forgotten", problem, "L.penalty", lambda _: PENALTY / LAMBDA),
            Case("penalty-factor-forgotten", problem, "dL/dW via L", lambda _: 2 * W),
            Case("square-forgotten", problem, "L.penalty", lambda _: LAMBDA * W.sum()),
            Case("square-forgotten", problem, "L.penalty", lambda _: LAMBDA * abs(W).sum()),
        )
    ),
    Case("penalty-forgotten", PROBLEM, "L", lambda _: ENTROPY),
    Case("penalty-forgotten", PROBLEM, "dL/dW", lambda _: SLOPE),
    Case("logarithm-base", PROBLEM, "L", lambda _: ENTROPY / np.log(2) + PENALTY),
    Case("logarithm-forgotten", PROBLEM, "L", lambda _: -probabilities()[1] + PENALTY),
    Case("penalty-forgotten", SQUARES, "L", lambda _: ((W @ X - T) ** 2).mean()),
    Case("square-forgotten", SQUARES, "L", lambda _: (W @ X - T).mean() + PENALTY),
    Case("sum-for-mean", SQUARES, "L", lambda _: ((W @ X - T) ** 2).sum() + PENALTY),
    Case("penalty-forgotten", TWICE, "dL/dW", lambda _: FIRST + SECOND),
    Case("last-use-counted", TWICE, "dL/dW", lambda _: SECOND + 2 * LAMBDA * W),
    Case("only-one-use-counted", TWICE, "dL/dW", lambda _: FIRST + 2 * LAMBDA * W),
]
