"""Mistakes in L1, Huber and hinge losses and in the Kullback-Leibler divergence."""

from __future__ import annotations

import numpy as np

from .case import Case

X = np.array([[1, -2, 0.5], [4, 2, -1]])
T = np.array([[3, 1, 0.25], [1, 1.5, 2]])
D = X - T
HUBER = np.where(abs(D) <= 0.75, D * D / 2, 0.75 * (abs(D) - 0.375))
SIGNS = np.array([[1, -1, -1], [1, 1, 1]])
SHORT = np.maximum(0, 1 - SIGNS * X)
S = np.array([[13, 12.65, 2], [1, 4.05, 3.5]])
RIGHT = np.array([[1, 0, 0], [0, 0, 1]])
MARGINS = np.maximum(0, 1 + S - (RIGHT * S).sum(1, keepdims=True)) * (1 - RIGHT)
P = np.array([[0.5, 0.25, 0.25], [0.125, 0.375, 0.5]])
Q = np.array([[0.25, 0.25, 0.5], [0.25, 0.625, 0.125]])
KL = Q * np.log(Q / P)


def of(loss: str, x: object = X.tolist()) -> str:
    return f"input: {{name: x, value: {x}}}\nloss:\n  {loss}\n"


L1 = of(f"l1: {{target: {T.tolist()}}}")
BOWL = of(f"huber: {{target: {T.tolist()}, delta: 0.75}}")
HINGE = of(f"hinge: {{target: {SIGNS.tolist()}}}")
SCORES = [[1.25, -2.5, 0], [4.25, 2.75, -1.125]]
PERCEPTRON = of(f"perceptron: {{target: {SIGNS.tolist()}}}", SCORES)
"""Mistaken: the 0, and the −1.125 that should be above it."""
SVM = of("hinge: {class: [1, 3]}", S.tolist())
FOCAL = of("focal: {class: [1, 2]}", P.tolist())
CHOSEN = np.array([P[0, 0], P[1, 1]])
FOCUSED = -((1 - CHOSEN) ** 2) * np.log(CHOSEN)
YES_NO = of("binary_focal: {target: [[1, 0, 0], [0, 0, 1]], alpha: 0.25}", P.tolist())


def of_right(each: object) -> np.ndarray:
    made = np.zeros(P.shape)
    made[0, 0], made[1, 1] = each  # type: ignore[misc]
    return made


DIVERGENCE = of(f"kl: {{target: {Q.tolist()}}}", P.tolist())
OF_SOFTMAX = f"""
input: {{name: z, value: [[0, 1, -1], [2, 0, 0.5]]}}
layers:
  - softmax: {{name: x}}
loss:
  kl: {{target: {Q.tolist()}}}
"""


def yes_no(gamma: int) -> np.ndarray:
    yes = np.array([[1, 0, 0], [0, 0, 1]])
    return 0.25 * yes * (1 - P) ** gamma * np.log(P) + 0.75 * (1 - yes) * P**gamma * np.log(1 - P)


def slopes(yes: np.ndarray, no: np.ndarray) -> np.ndarray:
    """What the two terms of YES_NO change by, put together: the mean over its six cells."""
    return np.array([[0.25 * yes[0, 0], *0.75 * no[0, 1:]], [*0.75 * no[1, :2], 0.25 * yes[1, 2]]]) / 6


def over_batch(problem: str, each: np.ndarray) -> list[Case]:
    """What each loss has in common; `each` is what a sample costs."""
    return [
        Case("other-reduction", problem, "L", lambda true: np.array(each.sum())),
        Case("other-reduction", problem, "dL/dx", lambda true: 2 * true["dL/dx"]),
        Case("not-summed-over-batch", problem, "L", lambda true: each),
        Case("one-sample-only", problem, "L", lambda true: np.array(each[1])),
    ]


CASES = [
    *over_batch(L1, abs(D).mean(1)),
    *over_batch(BOWL, HUBER.mean(1)),
    *over_batch(HINGE, SHORT.mean(1)),
    *over_batch(PERCEPTRON, np.array([0, 1.125])),
    *over_batch(FOCAL, FOCUSED),
    *over_batch(YES_NO, -yes_no(2).sum(1) / 3),
    Case("focus-forgotten", FOCAL, "L", lambda true: -np.log(CHOSEN).mean()),
    Case("focus-forgotten", FOCAL, "dL/dx", lambda true: of_right(-1 / CHOSEN / 2)),
    Case("focus-otherwise", FOCAL, "L", lambda true: -((1 - CHOSEN) * np.log(CHOSEN)).mean()),
    Case("focus-otherwise", FOCAL, "dL/dx", lambda true: of_right((np.log(CHOSEN) - (1 - CHOSEN) / CHOSEN) / 2)),
    Case("power-not-differentiated", FOCAL, "dL/dx", lambda true: of_right(-((1 - CHOSEN) ** 2) / CHOSEN / 2)),
    Case("focus-forgotten", YES_NO, "L", lambda true: np.array(-yes_no(0).sum() / 6)),
    Case("focus-otherwise", YES_NO, "L", lambda true: np.array(-yes_no(1).sum() / 6)),
    Case("focus-forgotten", YES_NO, "dL/dx", lambda true: slopes(-1 / P, 1 / (1 - P))),
    Case(
        "focus-otherwise",
        YES_NO,
        "dL/dx",
        lambda true: slopes(np.log(P) - (1 - P) / P, P / (1 - P) - np.log(1 - P)),
    ),
    Case("score-of-zero", PERCEPTRON, "dL/dx", lambda true: np.array([[0, 0, 0], [0, 0, -0.5]])),
    Case("right-ones-counted", PERCEPTRON, "L", lambda true: np.array(-(SIGNS * np.array(SCORES)).sum() / 2)),
    Case("right-ones-counted", PERCEPTRON, "dL/dx", lambda true: -SIGNS / 2),
    Case("sign-forgotten", PERCEPTRON, "dL/dx", lambda true: np.array([[0, 0, -0.5], [0, 0, -0.5]])),
    *over_batch(SVM, MARGINS.sum(1)),
    *over_batch(DIVERGENCE, KL.sum(1)),
    *(Case("sum-for-mean", problem, "dL/dx", lambda true: 3 * true["dL/dx"]) for problem in (L1, BOWL, HINGE)),
    *(Case("sum-for-mean", problem, "L", lambda true: 3 * true["L"]) for problem in (L1, BOWL, HINGE)),
    Case("square-for-absolute", L1, "L", lambda true: np.array((D * D).mean())),
    Case("square-for-absolute", L1, "L", lambda true: np.array((D * D).mean() / 2)),
    Case("absolute-forgotten", L1, "L", lambda true: np.array(D.mean())),
    Case("error-for-sign", L1, "dL/dx", lambda true: D / 6),
    Case("huber-not-straight", BOWL, "L", lambda true: np.array((D * D).mean() / 2)),
    Case("huber-not-straight", BOWL, "dL/dx", lambda true: D / 6),
    Case(
        "huber-half-delta-forgotten",
        BOWL,
        "L",
        lambda true: np.array(np.where(abs(D) <= 0.75, D * D / 2, 0.75 * abs(D)).mean()),
    ),
    Case("margin-forgotten", HINGE, "L", lambda true: np.array(np.maximum(0, -SIGNS * X).mean())),
    Case("not-cut-off", HINGE, "L", lambda true: np.array((1 - SIGNS * X).mean())),
    Case("sign-forgotten", HINGE, "dL/dx", lambda true: (SIGNS * X < 1) / 6),
    Case("sign-forgotten", HINGE, "dL/dx", lambda true: (SIGNS * X < 1) * SIGNS / 6),
    Case("right-class-counted", SVM, "L", lambda true: np.array((MARGINS + RIGHT).sum() / 2)),
    Case("margin-forgotten", SVM, "L", lambda true: np.array(np.maximum(0, S[1] - 3.5).sum() / 2)),
    Case("divided-by-classes", SVM, "L", lambda true: np.array(MARGINS.sum() / 6)),
    Case("divided-by-classes", SVM, "dL/dx", lambda true: true["dL/dx"] / 3),
    Case("right-class-without-gradient", SVM, "dL/dx", lambda true: (MARGINS > 0) / 2),
    Case("cross-entropy-for-divergence", DIVERGENCE, "L", lambda true: np.array(-(Q * np.log(P)).sum() / 2)),
    Case("target-and-probabilities-swapped", DIVERGENCE, "L", lambda true: np.array((P * np.log(P / Q)).sum() / 2)),
    Case("sign", DIVERGENCE, "L", lambda true: np.array(-KL.sum() / 2)),
    Case("logarithm-base", DIVERGENCE, "L", lambda true: np.array((Q * np.log2(Q / P)).sum() / 2)),
    Case("gradient-at-logits", OF_SOFTMAX, "dL/dx", lambda true: (true["x"] - Q) / 2),
]
