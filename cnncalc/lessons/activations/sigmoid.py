"""What to say about a sigmoid."""

from collections.abc import Sequence

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import IMAGE_RANK, Lesson, Stage, elementwise_chain, has_exponentials
from cnncalc.scene import Scene

PURPOSE = {
    "y": Phrase(
        en="Each element is pressed between 0 and 1 by $\\sigmoid(t) = \\frac{1}{1 + \\exp(-t)}$.",
        zh="用 $\\sigmoid(t) = \\frac{1}{1 + \\exp(-t)}$ 把每个元素压缩到 0 与 1 之间。",
    ),
    "dx": Phrase(
        en="The derivative of the sigmoid can be written with its own output, $\\sigmoid' = \\sigmoid \\cdot (1 -"
        " \\sigmoid)$, so the forward result is used again.",
        zh="Sigmoid 的导数可以用它自己的输出表示：$\\sigmoid' = \\sigmoid \\cdot (1 - \\sigmoid)$，"
        "因此直接利用前向结果。",
    ),
}


def _stages(scene: Scene, tensor: str) -> Sequence[Stage]:
    x = scene["x"]
    if tensor != "y" or not has_exponentials(scene.numbers, x):
        return ()
    i = ", ".join(f"\\{letter}" for letter in ("ncij" if x.ndim == IMAGE_RANK else "ni"))
    powers = scene.numbers.exp(-x)
    return (
        Stage(rf"\x_{{{i}}}", x),
        Stage(rf"\exp(-\x_{{{i}}})", powers),
        Stage(rf"1 + \exp(-\x_{{{i}}})", 1 + powers),
        Stage(rf"\y_{{{i}}}", scene["y"]),
    )


LESSON = Lesson(Phrase(en="sigmoid", zh="Sigmoid 激活"), PURPOSE, elementwise_chain, stages=_stages)
