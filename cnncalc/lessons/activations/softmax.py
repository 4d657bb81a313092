"""What to say about a softmax."""

from collections.abc import Iterator, Sequence

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson, Stage, chain_rule, has_exponentials
from cnncalc.scene import Scene

PURPOSE = {
    "y": Phrase(
        en="The exponential makes every score positive, and dividing by their sum makes them add up to 1:"
        " probabilities.",
        zh="指数函数使各得分变为正数，再除以它们的和，使总和为 1，得到概率。",
    ),
    "dx": Phrase(
        en="Each score acts on every probability, since it stands in the sum below all of them: $\\frac{\\partial"
        " \\y_{\\n,\\j}}{\\partial \\x_{\\n,\\k}}$ is $\\y_{\\n,\\k} \\cdot (1 - \\y_{\\n,\\k})$ for $\\j = \\k$ and"
        " $-\\y_{\\n,\\j} \\cdot \\y_{\\n,\\k}$ for $\\j \\ne \\k$. Put into the chain rule,"
        " $\\y_{\\n,\\k}$ can be taken out.",
        zh="分母是全部指数之和，所以每个得分都影响所有概率：$\\j = \\k$ 时 $\\frac{\\partial \\y_{\\n,\\j}}{\\partial"
        " \\x_{\\n,\\k}}$ 等于 $\\y_{\\n,\\k} \\cdot (1 - \\y_{\\n,\\k})$，$\\j \\ne \\k$ 时等于 $-\\y_{\\n,\\j} \\cdot"
        " \\y_{\\n,\\k}$。代入链式法则并提出公因子 $\\y_{\\n,\\k}$。",
    ),
}
CHAIN = chain_rule("nj", x="nk")
UNIFORM = Phrase(
    en="All scores are equal, so all probabilities are: each is exactly one divided by their number, {count}.",
    zh="所有得分相等，因此各概率也相等，恰好都是类别数 {count} 的倒数。",
)
SHORTCUT = Phrase(
    en="With the cross-entropy behind it this comes to something simple, $\\dx_{{\\n,\\k}} = {fraction}$,"
    " probability less target: the $\\y_{{\\n,\\k}}$ of the softmax cancels the one under the fraction bar of"
    " $\\g_{{\\n,\\k}}$, and the targets add up to 1. That is why the two are usually taken together.",
    zh="与其后的交叉熵合在一起，结果很简单：$\\dx_{{\\n,\\k}} = {fraction}$，"
    "即概率减去目标值。softmax 的 $\\y_{{\\n,\\k}}$ 与 $\\g_{{\\n,\\k}}$ 分母中的概率约去，而目标值之和为 1。"
    "所以通常把两者合并求导。",
)


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    numbers, x = scene.numbers, scene["x"]
    if tensor == "y" and x.shape[1] > 1 and numbers.is_known_equal(x - x[:, :1], 0).all():
        yield UNIFORM.format(count=x.shape[1])
    after = scene.after
    if tensor != "dx" or after is None or after.layer.type != "cross_entropy":
        return
    difference = scene["y"] - after["target"]
    ratio = len(x) if getattr(after.layer, "reduction", "mean") == "mean" else 1
    # A target that was rounded adds up to nearly 1, and then this is nearly so: it is not said.
    if numbers.is_known_equal(scene["dx"] * ratio - difference, 0).all():
        fraction = r"\y_{\n, \k} - \nexttarget_{\n, \k}"
        yield SHORTCUT.format(fraction=fraction if ratio == 1 else rf"\frac{{1}}{{{ratio}}} \cdot ({fraction})")


def _stages(scene: Scene, tensor: str) -> Sequence[Stage]:
    x = scene["x"]
    if tensor != "y" or not has_exponentials(scene.numbers, x):
        return ()
    return (
        Stage(r"\x_{\n, \k}", x),
        Stage(r"\exp(\x_{\n, \k})", scene.numbers.exp(x), has_sum=True),
        Stage(r"\y_{\n, \k}", scene["y"], has_sum=True),
    )


LESSON = Lesson(Phrase(en="softmax", zh="softmax"), PURPOSE, lambda setting: CHAIN, remarks=_remarks, stages=_stages)
