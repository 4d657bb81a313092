"""What to say about a sigmoid."""

from cnncalc.language import Phrase
from cnncalc.layers.lesson import Lesson

PURPOSE = {
    "y": Phrase(en="Each element is pressed between 0 and 1.", zh="逐元素压缩到 0 与 1 之间。"),
    "dx": Phrase(
        en="The derivative of the sigmoid can be written with its own output, $\\sigma' = \\sigma \\cdot (1 -"
        " \\sigma)$, so the forward result is used again.",
        zh="Sigmoid 的导数可以用它自己的输出表示：$\\sigma' = \\sigma \\cdot (1 - \\sigma)$，因此直接利用前向结果。",
    ),
}
CHAIN = {"dx": r"\dx_{<i>} = \g_{<i>} \cdot \frac{\partial \y_{<i>}}{\partial \x_{<i>}}"}

LESSON = Lesson(Phrase(en="sigmoid", zh="Sigmoid 激活"), PURPOSE, CHAIN)
