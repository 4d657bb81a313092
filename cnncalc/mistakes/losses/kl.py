"""What people get wrong in a Kullback-Leibler divergence."""

from cnncalc.layers.activations.softmax import Softmax
from cnncalc.losses.cross_entropy import CrossEntropy
from cnncalc.mistakes.losses.cross_entropy import LOGARITHM_BASE
from cnncalc.mistakes.losses.reduction import OVER_BATCH, loss

RIGHT = "L = Σ_k t_k · log(t_k / p_k)"

MISTAKES = (
    loss("cross-entropy-for-divergence: y", RIGHT)(
        "This is the cross-entropy, from which the entropy of the target must be subtracted",
        "这是交叉熵；KL 散度还要减去目标分布的熵",
        lambda s: s.again(CrossEntropy(reduction=s.layer.reduction)),
    ),
    loss("target-and-probabilities-swapped: y", RIGHT)(
        "Target and probabilities were swapped: the divergence is not symmetric",
        "目标与概率的位置互换了：KL 散度不对称",
        lambda s: s.again(x=s.target, target=s.x),
    ),
    loss("sign: y", RIGHT)(
        "The sign is wrong: a divergence is never negative", "符号错了：KL 散度不会为负", lambda s: 0 - s.again()
    ),
    loss("gradient-at-logits: dx")(
        "This is p − t, the gradient at the logits, before the softmax; at the probabilities it is −t_k / p_k.",
        "p − t 是对 logits（softmax 之前）的梯度；对概率的梯度是 −t_k / p_k。",
        lambda s: s.from_layer(Softmax) and s.divided(s.x - s.target),
    ),
    LOGARITHM_BASE.of("y"),
    *OVER_BATCH,
)
"""The most specific first."""
