"""What to say about flattening."""

from cnncalc.language import Phrase
from cnncalc.layers.lesson import Lesson

LESSON = Lesson(
    Phrase(en="flattening", zh="展平"),
    {
        "y": Phrase(
            en="All elements are written one after the other as a single vector, which a fully connected layer"
            " needs. Nothing is computed.",
            zh="把所有元素依次排成一个向量，供全连接层使用；这里不做任何计算。",
        ),
        "dx": Phrase(
            en="Nothing was computed on the way forward, so the gradients only go back to where their elements came"
            " from.",
            zh="前向时没有计算，因此梯度只需放回各元素原来的位置。",
        ),
    },
)
