"""What people get wrong in a ReLU."""

from cnncalc.language import Phrase
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _mask_forgotten(scene: Scene) -> Wrong:
    yield scene["g"]


MISTAKES = (
    Mistake(
        "relu-mask-forgotten",
        "dx",
        Phrase(
            en="The gradient was passed on as it is; where the input of the ReLU is not above 0, it must become 0.",
            zh="梯度被原样传回；ReLU 输入不大于 0 的位置，梯度应为 0。",
        ),
        _mask_forgotten,
    ),
)
