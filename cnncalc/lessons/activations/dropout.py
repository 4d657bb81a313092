"""What to say about dropout."""

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson, elementwise_chain

PURPOSE = {
    "y": Phrase(
        en="Numbers are left out at random in training, so that no output can rely on a single one of them; the mask"
        " says which.",
        zh="训练时随机丢弃一部分数，使输出不会过分依赖其中某一个；丢弃哪些由掩码给出。",
    ),
    "dx": Phrase(
        en="A number that was left out has no influence and gets no gradient; the others get it with the same factor.",
        zh="被丢弃的数不影响输出，梯度为 0；其余的数按同样的系数得到梯度。",
    ),
}

LESSON = Lesson(Phrase(en="dropout", zh="Dropout（随机失活）"), PURPOSE, elementwise_chain)
