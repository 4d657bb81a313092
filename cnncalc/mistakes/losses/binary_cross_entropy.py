"""What people get wrong in a binary cross-entropy; p are its probabilities, t is the target, n elements a sample."""

from typing import Any

from cnncalc.layers.activations.sigmoids import Sigmoid
from cnncalc.mistakes.losses.of_classes import CONSTANT as CONSTANT_IN_LOGARITHM
from cnncalc.mistakes.losses.of_classes import CONSTANTS
from cnncalc.mistakes.losses.reduction import OF_EVERY_LOSS, OfLoss
from cnncalc.mistakes.take import Records

LOSS, SLOPE = "L = −Σ (t · log(p) + (1 − t) · log(1 − p)) / n", "dL/dp = ((1 − t)/(1 − p) − t/p) / n"


class Binary(OfLoss):
    """The two terms of the loss, and of its gradient."""

    def mean(self, losses: Any) -> Any:
        return self.total(losses) / self.elements

    def of_each(self, a: Any) -> Any:
        """Something of x's shape, with the share that an element has in the loss."""
        return self.divided(a) / self.elements

    @property
    def yes(self) -> Any:
        return self.logarithms(self.target, self.x)

    @property
    def no(self) -> Any:
        return self.logarithms(1 - self.target, 1 - self.x)

    def slopes(self, factor: Any, probability: Any) -> Any:
        """factor / probability, where the factor is not 0, with the share of an element."""
        counts = ~self.numbers.is_equal(factor, 0)
        made = self.numbers.zeros(factor.shape)
        made[counts] = factor[counts] / probability[counts]
        return self.of_each(made)

    @property
    def slope_yes(self) -> Any:
        return self.slopes(self.target, self.x)

    @property
    def slope_no(self) -> Any:
        return self.slopes(1 - self.target, 1 - self.x)


binary = Records(Binary)


def sigmoid_twice(s: Binary) -> Any:
    again = s.numbers.sigmoid(s.x)
    made = s.again(x=again)
    if s.tensor == "dx":
        yield Sigmoid().backward(s.numbers, made, {"x": s.x, "y": again})["dx"]
    yield made


SUMMED = binary("~sum-for-mean: y dx", lambda s: s.again() * s.elements)(
    f"the elements were added up. This problem takes the mean over the n elements of a sample: {LOSS}, {SLOPE}.",
    f"对各元素求了和。本题对一个样本的 n 个元素取平均：{LOSS}，{SLOPE}。",
)

MISTAKES = (
    binary("gradient-at-logits: dx", lambda s: [s.of_each(s.error), s.divided(s.error)], right=SLOPE)(
        "This is p − t, the gradient at the logits, before the sigmoid; at the probabilities it is divided by p · (1"
        " − p)",
        "p − t 是对 logits（sigmoid 之前）的梯度；对概率的梯度还要除以 p · (1 − p)",
    ),
    binary("term-forgotten: y dx")(
        f"Only one of the two terms was used; both t and 1 − t count: {LOSS}, {SLOPE}.",
        f"只用了两项中的一项；t 与 1 − t 两项都要计入：{LOSS}，{SLOPE}。",
        lambda s: [0 - s.mean(s.yes), 0 - s.mean(s.no)] if s.tensor == "y" else [0 - s.slope_yes, s.slope_no],
    ),
    binary("sign-of-one-term: y dx")(
        "One of the two terms has the wrong sign; in the derivative the two signs differ, since d log(1 − p)/dp ="
        f" −1/(1 − p): {LOSS}, {SLOPE}.",
        f"两项中有一项的符号反了；求导后两项异号，因为 d log(1 − p)/dp = −1/(1 − p)：{LOSS}，{SLOPE}。",
        lambda s: [0 - (made := s.mean(s.yes - s.no) if s.tensor == "y" else s.slope_yes + s.slope_no), made],
    ),
    binary("one-minus-forgotten: y", right=LOSS)(
        "A “1 −” is missing in the second term, (1 − t) · log(1 − p)",
        "第二项 (1 − t) · log(1 − p) 中漏了“1 −”",
        lambda s: 0 - s.mean(s.numbers.log(s.x)),
        lambda s: 0 - s.mean(s.yes + s.logarithms(s.target, 1 - s.x)),
    ),
    binary("sigmoid-twice: y dx", sigmoid_twice)(
        "The sigmoid was applied twice: this loss takes the probabilities p as they are and applies no sigmoid of"
        " its own.",
        "sigmoid 做了两次：本题的损失直接用概率 p，自身不再做 sigmoid。",
    ),
    binary("logarithm-base: y dx", lambda s: s.in_bases())(
        "The logarithm to base 2 or 10 was taken; binary cross-entropy here takes the natural logarithm, ln.",
        "用了以 2 或 10 为底的对数；本题的二元交叉熵用自然对数 ln。",
    ),
    binary("logarithm-forgotten: y", lambda s: 0 - s.mean(s.target * s.x + (1 - s.target) * (1 - s.x)), right=LOSS)(
        "The logarithms are missing", "漏了对数"
    ),
    binary("logarithm-not-differentiated: dx", lambda s: s.of_each(0 - s.yes - s.no), right=SLOPE)(
        "The logarithms were not differentiated: the derivative of log(p) is 1/p", "没有对对数求导；log(p) 的导数为 1/p"
    ),
    SUMMED,
    binary("target-and-probabilities-swapped: y", lambda s: s.again(x=s.target, target=s.x), right=LOSS)(
        "Target and probabilities were swapped; the logarithms are taken of p", "目标与概率的位置互换了；应对 p 取对数"
    ),
    binary("entropy-of-probabilities: y", lambda s: s.again(target=s.x), right=LOSS)(
        "This is the entropy of the probabilities themselves; the target t is the weight",
        "这是概率自身的熵；应以目标 t 为权重",
    ),
    binary("squared-error-for-cross-entropy: y", lambda s: s.squared(1, 2, s.elements, 2 * s.elements))(
        f"This is a squared error, Σ (p − t)² or a fraction of it; binary cross-entropy is {LOSS}.",
        f"这是平方误差 Σ (p − t)²（或其若干分之一）；二元交叉熵为 {LOSS}。",
    ),
    binary.like(
        CONSTANT_IN_LOGARITHM,
        lambda s: [
            0 - s.mean(s.logarithms(s.target, s.x + small) + s.logarithms(1 - s.target, 1 - s.x + small))
            for small in map(s.number, CONSTANTS)
        ],
        tensors="y",
    ),
    binary("errors-not-summed: y", lambda s: 0 - s.yes - s.no, right=LOSS)(
        "The elements' losses were listed one by one; the loss is one number, their mean",
        "分别列出了各元素的损失；损失是一个数，即它们的平均",
    ),
    *OF_EVERY_LOSS,
)
"""The most specific first."""
