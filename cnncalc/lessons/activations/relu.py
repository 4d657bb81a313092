"""What to say about a ReLU."""

from collections.abc import Iterator, Sequence

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Entry, Index
from cnncalc.lessons.lesson import IMAGE_RANK, Lesson, Reason, elementwise_chain
from cnncalc.scene import Scene

PURPOSE = {
    "y": Phrase(
        en="Each element passes as it is where it is above 0, and becomes 0 elsewhere. Without such a bend, several"
        " layers in a row would be no more than a single linear one.",
        zh="逐元素处理：大于 0 的元素原样通过，其余变为 0。若没有这种非线性，多层网络就只相当于一层线性变换。",
    ),
}
DX = Phrase(
    en="Where the input is above 0, the ReLU is the identity and the gradient passes unchanged; where it is below 0,"
    " the output stays 0 when the input changes a little, so no gradient passes{at_zero}.",
    zh="输入大于 0 处，ReLU 是恒等映射，梯度原样通过；小于 0 处，输入略微改变时输出仍为 0，因此梯度为 0{at_zero}。",
)
AT_ZERO = Phrase(en="; where it is exactly 0, none passes by convention", zh="；恰好等于 0 处，按约定梯度也取 0")
OPEN = Phrase(en="{a} is above 0: the ReLU is open here.", zh="{a} 大于 0，ReLU 在此处激活。")
CLOSED = Phrase(en="{a} is not above 0: the ReLU is closed here.", zh="{a} 不大于 0，ReLU 在此处未激活。")
DEAD = {
    "y": Phrase(
        en="In {channels} no element is above 0: the ReLU closes the whole of {it}.",
        zh="{channels}中没有大于 0 的元素，ReLU 将其全部置为 0。",
    ),
    "dx": Phrase(
        en="In {channels} the ReLU was closed everywhere, so no gradient at all passes there.",
        zh="{channels}在前向传播时全部未被 ReLU 激活，因此没有任何梯度通过。",
    ),
}
CHANNEL = Phrase(en="channel {numbers}", zh="通道 {numbers} ")
CHANNELS = Phrase(en="channels {numbers}", zh="通道 {numbers} ")
ALL = {
    "y": Phrase(en="No element is above 0, so the whole output is 0.", zh="没有大于 0 的元素，输出全部为 0。"),
    "dx": Phrase(
        en="The ReLU was closed everywhere, so no gradient at all passes.", zh="ReLU 处处未激活，没有任何梯度通过。"
    ),
}


def _dx(scene: Scene) -> Phrase:
    return DX.format(at_zero=AT_ZERO if scene.numbers.is_known_equal(scene["x"], 0).any() else NOTHING)


def _reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    passes = bool(scene.numbers.is_greater(scene["x"][index], 0))
    yield Reason(OPEN if passes else CLOSED, (Entry("x", index),))


def _seen(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
    return (Entry("x", index),)


def _compared(scene: Scene, tensor: str, index: Index) -> Sequence[Entry | None]:
    return (None, Entry("x", index)) if tensor == "y" else ()


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    x = scene["x"]
    is_open = scene.numbers.is_greater(x, 0)
    if not is_open.any():
        yield ALL[tensor]
    elif x.ndim == IMAGE_RANK:
        dead = [c + scene.index_base for c in range(x.shape[1]) if not is_open[:, c].any()]
        if dead:
            which, it = (CHANNEL, "it") if len(dead) == 1 else (CHANNELS, "them")
            yield DEAD[tensor].format(channels=which.format(numbers=", ".join(map(str, dead))), it=it)


LESSON = Lesson(
    Phrase(en="ReLU", zh="ReLU 激活"),
    {**PURPOSE, "dx": _dx},
    elementwise_chain,
    _reasons,
    _seen,
    _compared,
    _remarks,
)
