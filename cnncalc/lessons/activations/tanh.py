"""What to say about tanh."""

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson, elementwise_chain

PURPOSE = {
    "y": Phrase(en="Each element is pressed between −1 and 1.", zh="逐元素压缩到 −1 与 1 之间。"),
    "dx": Phrase(
        en="The derivative of tanh can be written with its own output, one less its square, so the forward result is"
        " used again.",
        zh="tanh 的导数可以用它自己的输出表示，即 1 减去输出的平方，因此直接利用前向结果。",
    ),
}

LESSON = Lesson(Phrase(en="tanh", zh="tanh 激活"), PURPOSE, elementwise_chain)
