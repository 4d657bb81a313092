"""What to say about a layer that changes nothing."""

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson, elementwise_chain

LESSON = Lesson(
    Phrase(en="identity", zh="恒等映射"),
    {
        "y": Phrase(
            en="The input goes through as it is; it only gets a name of its own here.",
            zh="输入原样通过，只是在这里另有一个名字。",
        ),
        "dx": Phrase(
            en="Nothing was changed on the way forward, so the gradient goes back as it is.",
            zh="前向时没有任何变化，因此梯度原样传回。",
        ),
    },
    elementwise_chain,
)
