"""What to say about a difference of inputs."""

from cnncalc.language import Phrase
from cnncalc.lessons.joining.several import ADDED_UP, chain, is_spread
from cnncalc.lessons.lesson import Lesson, sentences
from cnncalc.scene import Scene

Y = Phrase(
    en="From the first input the others are subtracted, element by element.", zh="从第一个输入中逐元素减去其余输入。"
)
FIRST = Phrase(
    en="When an element of the first input changes a little, the difference changes by as much: the gradient goes back"
    " as it is.",
    zh="第一个输入（被减数）的某个元素略微改变时，差的改变量与之相同，因此梯度原样传回。",
)
OTHERS = Phrase(
    en="This input is subtracted: when it grows, the difference becomes smaller by as much. So the gradient goes back"
    " with the opposite sign.",
    zh="这个输入是减数：它增大多少，差就减小多少，因此传回的梯度要变号。",
)


def _of_input(scene: Scene, local: str) -> Phrase:
    return sentences(FIRST if local == "x" else OTHERS, ADDED_UP if is_spread(scene, local) else None)


LESSON = Lesson(Phrase(en="subtraction", zh="逐元素相减"), {"y": Y}, chain, of_inputs=_of_input)
