"""What to say about the hinge loss of several classes."""

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson

PURPOSE = {
    "margins": Phrase(
        en="Each other class costs what its score lacks to stay below that of the right class by the margin; a class"
        " that is far enough below costs nothing.",
        zh="对每个其他类别：它的得分应比正确类别低至少一个间隔，差多少就损失多少；已经足够低的类别没有损失。",
    ),
    "y": Phrase(en="All that is lacking is added up.", zh="把所有差额相加。"),
    "dx": Phrase(
        en="Each class in the way is pushed down by 1, and the right class up by their number.",
        zh="每个未达到间隔的类别梯度为 1，正确类别的梯度为其个数的相反数。",
    ),
}

LESSON = Lesson(
    Phrase(en="multi-class hinge loss", zh="多分类合页损失（SVM 损失）"),
    PURPOSE,
    tensors={"margins": Phrase(en="what each class lacks of the margin", zh="各类别相对间隔的差额")},
)
