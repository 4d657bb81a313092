"""What to say about the binary cross-entropy."""

from math import prod

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson
from cnncalc.lessons.losses.targets import over_samples
from cnncalc.scene import Scene

HARD = Phrase(
    en="Each output is the probability of a yes. Where the target is 1 its logarithm counts, where it is 0 that of the"
    " probability of a no; {over}.{samples}",
    zh="每个输出是“是”的概率：目标为 1 时取其对数，目标为 0 时取“否”的概率的对数，{over}。{samples}",
)
SOFT = Phrase(
    en="Each output is the probability of a yes. The target says how much its logarithm counts, and the rest to 1 how"
    " much that of the probability of a no; {over}.{samples}",
    zh="每个输出是“是”的概率：其对数乘以目标值，“否”的概率的对数乘以 1 减目标值，{over}。{samples}",
)
MEAN = Phrase(
    en="the loss{sample} averages them, with the sign turned, over the elements",
    zh="取相反数后对各元素求平均，得到{sample}损失",
)
ONE = Phrase(en="the loss{sample} is this with the sign turned", zh="取相反数得到{sample}损失")
DX = Phrase(
    en="The derivative of $\\log(\\x)$ is one divided by $\\x$, that of $\\log(1 - \\x)$ is minus one divided by"
    " $1 - \\x$.",
    zh="$\\log(\\x)$ 的导数是 $\\x$ 的倒数，$\\log(1 - \\x)$ 的导数是 $1 - \\x$ 的倒数的相反数。",
)


def _y(scene: Scene) -> Phrase:
    numbers, target = scene.numbers, scene["target"]
    is_hard = (numbers.is_known_equal(target, 0) | numbers.is_known_equal(target, 1)).all()
    words = over_samples(scene)
    over = (MEAN if prod(scene["x"].shape[1:]) > 1 else ONE).format(sample=words["sample"])
    return (HARD if is_hard else SOFT).format(over=over, samples=words["samples"])


LESSON = Lesson(Phrase(en="binary cross-entropy", zh="二元交叉熵损失"), {"y": _y, "dx": DX})
