"""What people get wrong in the hinge loss of several classes."""

from cnncalc.mistakes.losses.reduction import OVER_BATCH, loss

RIGHT = "L = Σ max(0, margin + x_k − x_y), k ≠ y"

MISTAKES = (
    loss("right-class-counted: y", RIGHT)(
        "The right class was counted as well, which adds the margin once for each sample",
        "把正确类别也算进去了，每个样本多加了一个间隔",
        lambda s: s.again() + s.total(s.target * s.number(s.layer.margin)) / s.classes,
    ),
    loss("margin-forgotten: y", RIGHT)("The margin was forgotten", "漏了间隔", lambda s: s.again(s.options(margin=0))),
    loss("~divided-by-classes: y dx")(
        "the sum over the classes was divided by their number, or not. This problem says which by `over_classes`.",
        "对类别求和后又除以了类别数（或相反）。本题由 `over_classes` 规定。",
        lambda s: s.again(s.options(over_classes="mean" if s.layer.over_classes == "sum" else "sum")),
    ),
    loss("right-class-without-gradient: dx")(
        "The right class has a gradient too: minus the number of classes that are in the way.",
        "正确类别也有梯度：未达到间隔的类别数的相反数。",
        lambda s: s.again() * (1 - s.target),
    ),
    *OVER_BATCH,
)
"""The most specific first."""
