"""What to say about a product of inputs, element by element."""

from cnncalc.language import Phrase
from cnncalc.lessons.joining.several import ADDED_UP, chain, inputs_of, is_spread
from cnncalc.lessons.lesson import Lesson, sentences
from cnncalc.scene import Scene

Y = Phrase(
    en="The inputs are multiplied element by element; this is no product of matrices.",
    zh="把各输入逐元素相乘；这不是矩阵乘法。",
)
BY_CHANNEL = Phrase(
    en="A number that belongs to a channel multiplies all elements of that channel.",
    zh="每个通道对应的那个数与该通道的所有元素相乘。",
)
GATE = Phrase(
    en="Since it is computed from the input, the network itself decides how much each channel counts.",
    zh="这个数是由网络算出的，因此各通道的重要程度由网络自己决定。",
)
DX = Phrase(
    en="An input acts on the product the more, the larger the other factors are: the derivative of a product by one"
    " factor is the product of all others. So its gradient is the gradient of the product times the other inputs.",
    zh="其他因子越大，这个输入对乘积的影响就越大：乘积对某个因子的导数等于其余因子之积，"
    "因此它的梯度等于乘积的梯度乘以其余各输入。",
)
IMAGE_RANK = 4


def _weighs_channels(scene: Scene, local: str) -> bool:
    """Whether an input has one number for each of several channels."""
    y, shape = scene["y"], scene[local].shape
    is_by_channel = y.ndim == IMAGE_RANK and 1 < shape[1] == y.shape[1] and set(shape[2:]) <= {1}
    return is_by_channel and is_spread(scene, local)


def _y(scene: Scene) -> Phrase:
    weighing = [local for local in inputs_of(scene) if _weighs_channels(scene, local)]
    made = {other.names["y"] for other in scene.chain}
    is_gate = any(scene.names.get(local) in made for local in weighing)
    return sentences(Y, BY_CHANNEL if weighing else None, GATE if is_gate else None)


def _of_input(scene: Scene, local: str) -> Phrase:
    return sentences(DX, ADDED_UP if is_spread(scene, local) else None)


LESSON = Lesson(Phrase(en="multiplication", zh="逐元素相乘"), {"y": _y}, chain, of_inputs=_of_input)
