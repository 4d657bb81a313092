"""What people get wrong in a mean squared error."""

from cnncalc.mistakes.losses.reduction import OF_SQUARES, loss

MISTAKES = (
    loss("~half-added: y dx")(
        "the loss was taken with a factor ½, so that its derivative has no factor 2. The mean squared error of this"
        " problem has no ½: L = Σ (x − t)² / n over the n elements, dL/dx = 2 · (x − t) / n.",
        "用了带 ½ 的损失，其导数没有因子 2。本题的均方误差不带 ½：对 n 个元素 L = Σ (x − t)² / n，dL/dx = 2 · (x −"
        " t) / n。",
        lambda s: [s.again() * s.elements / 2, s.again() / 2],
    ),
    loss("~sum-for-mean: y dx")(
        "the squared errors were added up. This problem takes the mean over the n elements: L = Σ (x − t)² / n,"
        " dL/dx = 2 · (x − t) / n.",
        "对平方误差求了和。本题对 n 个元素取平均：L = Σ (x − t)² / n，dL/dx = 2 · (x − t) / n。",
        lambda s: s.again() * s.elements,
    ),
    *OF_SQUARES,
)
"""The most specific first."""
