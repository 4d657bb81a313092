"""What to say about a log-softmax."""

from collections.abc import Iterator

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson, chain_rule
from cnncalc.scene import Scene

PURPOSE = {
    "y": Phrase(
        en="The logarithm of the softmax, taken at once: the quotient becomes a difference, each score less the"
        " logarithm of the sum of all exponentials.",
        zh="直接求 softmax 的对数：商化为差，即每个得分减去全部指数之和的对数。",
    ),
    "dx": Phrase(
        en="Each score acts on its own logarithm directly, and on all of them through the sum. The derivative of the"
        " logarithm of the sum by $\\x_{\\n,\\k}$ is the probability $\\exp(\\y_{\\n,\\k})$.",
        zh="每个得分直接影响自己的对数概率，又通过求和项影响所有的对数概率；"
        "求和项的对数对 $\\x_{\\n,\\k}$ 的导数就是概率 $\\exp(\\y_{\\n,\\k})$。",
    ),
}
CHAIN = chain_rule("nj", x="nk")
UNIFORM = Phrase(
    en="All scores are equal, so all probabilities are: each is exactly one divided by their number, {count}, and"
    " this is its logarithm, $-\\log({count})$.",
    zh="所有得分相等，因此各概率都是类别数 {count} 的倒数，其对数为 $-\\log({count})$。",
)


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    x = scene["x"]
    if tensor == "y" and x.shape[1] > 1 and scene.numbers.is_known_equal(x - x[:, :1], 0).all():
        yield UNIFORM.format(count=x.shape[1])


LESSON = Lesson(Phrase(en="log-softmax", zh="log-softmax"), PURPOSE, lambda setting: CHAIN, remarks=_remarks)
