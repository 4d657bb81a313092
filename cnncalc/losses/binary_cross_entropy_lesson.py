"""What to say about the binary cross-entropy."""

from cnncalc.language import Phrase
from cnncalc.layers.lesson import Lesson

LESSON = Lesson(
    Phrase(en="binary cross-entropy", zh="二元交叉熵损失"),
    {
        "y": Phrase(
            en="Each output is the probability of a yes. Where the target is 1 its logarithm counts, where it is 0"
            " that of the probability of a no; the loss averages them, with the sign turned, over the elements of a"
            " sample.",
            zh="每个输出是“是”的概率：目标为 1 时取其对数，目标为 0 时取“否”的概率的对数，"
            "取相反数后对每个样本的各元素求平均。",
        ),
        "dx": Phrase(
            en="The derivative of $\\log(\\x)$ is one divided by $\\x$, that of $\\log(1 - \\x)$ is minus one"
            " divided by $1 - \\x$.",
            zh="$\\log(\\x)$ 的导数是 $\\x$ 的倒数，$\\log(1 - \\x)$ 的导数是 $1 - \\x$ 的倒数的相反数。",
        ),
    },
)
