"""What to say about a PReLU."""

from collections.abc import Mapping

from cnncalc.language import Phrase
from cnncalc.layers.base import Setting
from cnncalc.lessons.activations.leaky_relu import PURPOSE
from cnncalc.lessons.lesson import Lesson, chain_rule

SUMMED = Phrase(
    en="The slope is shared by many elements; each that is not above 0 has a part in its gradient, g · x, and these are"
    " added up.",
    zh="斜率由许多元素共用；每个不大于 0 的元素都对其梯度贡献 g · x，将它们相加。",
)


def _chain(setting: Setting) -> Mapping[str, str]:
    letters = "ncij" if len(setting.x) == 3 else "ni"
    if setting.parameters["weight"] == (1,):
        return chain_rule(letters, x=letters)
    return chain_rule(letters, x=letters, weight=letters[1])


LESSON = Lesson(Phrase(en="PReLU", zh="PReLU 激活"), {**PURPOSE, "dweight": SUMMED}, _chain)
