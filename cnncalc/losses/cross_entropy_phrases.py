"""What is said of mistakes that show in a cross-entropy and in its gradients alike."""

from cnncalc.language import Phrase

WRONG_CLASS = Phrase(
    en="Another class than the target's was taken for the right one; maybe classes were counted from 0 instead of 1, or"
    " the other way round.",
    zh="把别的类当成了正确类；可能是类别编号从 0 还是从 1 开始弄错了。",
)
LOGARITHM_BASE = Phrase(
    en="The logarithm to base 2 or 10 was taken; cross-entropy here takes the natural logarithm, ln.",
    zh="用了以 2 或 10 为底的对数；本题的交叉熵用自然对数 ln。",
)
BINARY = Phrase(
    en="This is the binary cross-entropy, which also contains (1 − t_k) · log(1 − p_k) for every class; after a"
    " softmax it is L = −Σ_k t_k · log(p_k).",
    zh="这是二元交叉熵，对每个类还多了 (1 − t_k) · log(1 − p_k) 项；softmax 之后应为 L = −Σ_k t_k · log(p_k)。",
)
MEAN_OVER_CLASSES = Phrase(
    en="The mean over the classes was taken; cross-entropy is their sum: L = −Σ_k t_k · log(p_k).",
    zh="对类别取了平均；交叉熵对类别求和：L = −Σ_k t_k · log(p_k)。",
)
SOFTMAX_TWICE = Phrase(
    en="The softmax was applied twice: this loss takes the probabilities p as they are and applies no softmax of its"
    " own.",
    zh="softmax 做了两次：本题的损失直接用概率 p，自身不再做 softmax。",
)
TARGET_FORGOTTEN = Phrase(
    en="Every class was counted; the target t leaves only the right class: L = −Σ_k t_k · log(p_k).",
    zh="把所有类都算进去了；目标 t 只保留正确类：L = −Σ_k t_k · log(p_k)。",
)
LOGARITHM_FORGOTTEN = Phrase(
    en="The logarithm is missing: L = −Σ_k t_k · log(p_k), and its derivative is −t_k / p_k.",
    zh="漏了对数：L = −Σ_k t_k · log(p_k)，其导数为 −t_k / p_k。",
)
CONSTANT = Phrase(
    en="Another convention: a small constant was added to the probabilities, log(p + 1e-7) or the like, as programs do"
    " to avoid log 0. This problem takes log(p) itself.",
    zh="另一种约定：对数中的概率加了一个小常数（如 log(p + 1e-7)，程序用来避免 log 0）；本题直接取 log(p)。",
)
