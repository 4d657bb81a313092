"""What to say about a sigmoid."""

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson, elementwise_chain

PURPOSE = {
    "y": Phrase(en="Each element is pressed between 0 and 1.", zh="逐元素压缩到 0 与 1 之间。"),
    "dx": Phrase(
        en="The derivative of the sigmoid can be written with its own output, $\\sigmoid' = \\sigmoid \\cdot (1 -"
        " \\sigmoid)$, so the forward result is used again.",
        zh="Sigmoid 的导数可以用它自己的输出表示：$\\sigmoid' = \\sigmoid \\cdot (1 - \\sigmoid)$，"
        "因此直接利用前向结果。",
    ),
}

LESSON = Lesson(Phrase(en="sigmoid", zh="Sigmoid 激活"), PURPOSE, elementwise_chain)
