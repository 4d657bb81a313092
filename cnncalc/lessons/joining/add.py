"""What to say about a sum of several inputs."""

from cnncalc.language import Phrase
from cnncalc.lessons.joining.several import ADDED_UP, chain, is_spread, passed_by, projected
from cnncalc.lessons.lesson import Lesson, sentences
from cnncalc.scene import Scene

Y = Phrase(en="The inputs are added up, element by element.", zh="把各输入逐元素相加。")
SKIP = Phrase(
    en="One of them, $\\{local}$, comes past the layers in between: a skip connection. What these layers give is only"
    " added to it, so they have to learn no more than the difference, the residual; where they give 0, it goes on as it"
    " is.",
    zh="其中 $\\{local}$ 越过中间各层直接传来，即跳跃连接。中间各层的输出只是加在它上面，因此只需学习二者之差（残差）；"
    "它们的输出为 0 时，它就原样传下去。",
)
PROJECTION = Phrase(
    en="One of them, $\\{local}$, comes past the layers in between through a 1×1 convolution, which gives it the"
    " shape of the other: a skip connection with a projection.",
    zh="其中 $\\{local}$ 越过中间各层，经一个 1×1 卷积传来，使其形状与另一个输入一致，即带投影的跳跃连接。",
)
DX = Phrase(
    en="When an element of an input changes a little, the sum changes by as much. So the gradient of the sum goes to"
    " each input as it is: it is not divided among them.",
    zh="输入的某个元素略微改变时，和的改变量与之相同，因此和的梯度原样传给每个输入，而不是在它们之间平分。",
)
SHORT_WAY = Phrase(
    en="Along the skip connection it meets no weights and no activation function on the way back, which could make it"
    " smaller: that is why networks with skip connections can be trained even when they are very deep.",
    zh="沿跳跃连接返回时，梯度不经过任何权重或激活函数，不会因此变小；正因如此，带跳跃连接的网络即使很深也能训练。",
)


def _y(scene: Scene) -> Phrase:
    past = passed_by(scene)
    if past is not None:
        return sentences(Y, SKIP.format(local=past))
    shortcut = projected(scene)
    return sentences(Y, None if shortcut is None else PROJECTION.format(local=shortcut))


def _of_input(scene: Scene, local: str) -> Phrase:
    return sentences(
        DX, SHORT_WAY if passed_by(scene) == local else None, ADDED_UP if is_spread(scene, local) else None
    )


LESSON = Lesson(Phrase(en="addition", zh="逐元素相加"), {"y": _y}, chain, of_inputs=_of_input)
