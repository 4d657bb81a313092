"""What people get wrong in half the squared error."""

from cnncalc.mistakes.losses.reduction import OF_SQUARES, loss

MISTAKES = (
    loss("~half-forgotten: y dx")(
        "the loss was taken without the factor ½. This problem has the ½: L = ½ Σ (x − t)², dL/dx = x − t.",
        "损失没有带因子 ½。本题带 ½：L = ½ Σ (x − t)²，dL/dx = x − t。",
        lambda s: s.again() * 2,
    ),
    loss("half-kept: dx")(
        "The ½ was kept in the gradient; the 2 that comes down from the square cancels it: dL/dx = x − t.",
        "梯度中保留了 ½；平方求导得到的 2 与它抵消：dL/dx = x − t。",
        lambda s: s.again() / 2,
    ),
    loss("~mean-for-sum: y dx")(
        "the squared errors were averaged over the elements. This problem takes half their sum: L = ½ Σ (x − t)²,"
        " dL/dx = x − t.",
        "对平方误差按元素取了平均。本题取和的一半：L = ½ Σ (x − t)²，dL/dx = x − t。",
        lambda s: [s.again() * 2 / s.elements, s.again() / s.elements] if s.elements > 1 else [],
    ),
    *OF_SQUARES,
)
"""The most specific first."""
