"""What to say about a product of inputs, element by element."""

from cnncalc.language import Phrase
from cnncalc.layers.base import Shape
from cnncalc.lessons.lesson import Lesson, sentences
from cnncalc.lessons.several import ADDED_UP, chain, inputs_of, is_spread
from cnncalc.scene import Scene

Y = Phrase(
    en="The inputs are multiplied element by element; this is no product of matrices.",
    zh="把各输入逐元素相乘；这不是矩阵乘法。",
)
BY_CHANNEL = Phrase(
    en="A number that belongs to a channel multiplies all elements of that channel: so the network itself decides how"
    " much each channel counts.",
    zh="每个通道对应的那个数与该通道的所有元素相乘，由网络自己决定各通道的重要程度。",
)
DX = Phrase(
    en="An input acts on the product the more, the larger the other factors are: the derivative of a product by one"
    " factor is the product of all others. So its gradient is the gradient of the product times the other inputs.",
    zh="其他因子越大，这个输入对乘积的影响就越大：乘积对某个因子的导数等于其余因子之积，"
    "因此它的梯度等于乘积的梯度乘以其余各输入。",
)
IMAGE_RANK = 4


def _is_by_channel(whole: Shape, shape: Shape) -> bool:
    return len(whole) == IMAGE_RANK and shape[1] > 1 and shape[1:2] == whole[1:2] and set(shape[2:]) <= {1}


def _y(scene: Scene) -> Phrase:
    weighs = any(
        is_spread(scene, local) and _is_by_channel(scene["y"].shape, scene[local].shape) for local in inputs_of(scene)
    )
    return sentences(Y, BY_CHANNEL if weighs else None)


def _of_input(scene: Scene, local: str) -> Phrase:
    return sentences(DX, ADDED_UP if is_spread(scene, local) else None)


LESSON = Lesson(Phrase(en="multiplication", zh="逐元素相乘"), {"y": _y}, chain, of_inputs=_of_input)
