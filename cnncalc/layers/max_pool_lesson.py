"""What to say about a max pool."""

from collections.abc import Iterator, Sequence

from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index, Layer
from cnncalc.layers.lesson import Lesson, Reason
from cnncalc.layers.max_pool import MaxPool
from cnncalc.layers.mistake import Scene

PURPOSE = {
    "y": Phrase(
        en="Of each window only the largest element is kept: that something was found counts, not exactly where.",
        zh="每个窗口只保留最大的元素：保留“有没有”的信息，而不再精确到位置。",
    ),
    "path": Phrase(
        en="Where each winner stands is kept for the way back.",
        zh="记录每个最大值所在的位置，反向传播时要用。",
    ),
}
GRADIENT = {
    "first": Phrase(
        en="Only the winner of a window acts on its output, so the whole gradient of a window goes to its winner;"
        " all other cells get 0. A cell that wins several windows gets the sum.",
        zh="只有窗口中的最大值影响输出，因此窗口的梯度全部传给最大值所在的位置，其余位置为 0；"
        "若同一元素是多个窗口的最大值，则梯度相加。",
    ),
    "split": Phrase(
        en="Only the winner of a window acts on its output, so the gradient of a window goes to its winner, and in"
        " equal parts to its winners where there are several; all other cells get 0. A cell that wins several"
        " windows gets the sum.",
        zh="只有窗口中的最大值影响输出，因此窗口的梯度传给最大值所在的位置，有多个相等的最大值时由它们平分，"
        "其余位置为 0；若同一元素是多个窗口的最大值，则梯度相加。",
    ),
}
WON = Phrase(en="{a} is the largest element of the window.", zh="{a} 是窗口中的最大元素。")
TIED = {
    "first": Phrase(
        en="{count} elements of the window are equally large; the first of them in row order counts as the winner.",
        zh="窗口中有 {count} 个相等的最大元素，取按行顺序的第一个。",
    ),
    "split": Phrase(
        en="{count} elements of the window are equally large; they share the gradient.",
        zh="窗口中有 {count} 个相等的最大元素，它们平分梯度。",
    ),
}
LOST = Phrase(
    en="It is not the winner of any window, so it gets no gradient.", zh="它不是任何窗口的最大值，因此没有梯度。"
)
GATHERS = Phrase(
    en="It is the winner of {count} windows; their gradients add up.", zh="它是 {count} 个窗口的最大值，这些梯度相加。"
)
GETS = Phrase(en="It is the winner of one window.", zh="它是一个窗口的最大值。")


def _window(scene: Scene, index: Index) -> list[Entry]:
    """The elements under the window of an output."""
    layer = scene.layer
    assert isinstance(layer, MaxPool)
    window = layer.window(scene["x"].shape[1:])
    n, c, i, j = index[:4]
    places = (window.position((i, j), cell) for cell in window.cells())
    return [Entry("x", (n, c, *place)) for place in places if place is not None]


def _reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    layer = scene.layer
    assert isinstance(layer, MaxPool)
    if tensor == "dx":
        won = len(layer.terms("dx", index, scene.numbers, scene.tensors))
        yield Reason(LOST if won == 0 else GETS if won == 1 else GATHERS.format(count=won))
        return
    row, column = scene["path"][index[:4]].tolist()
    winner = (*index[:2], row, column)
    yield Reason(WON, (Entry("x", winner),))
    largest = scene["x"][winner]
    tied = sum(bool(scene.numbers.is_equal(scene["x"][one.index], largest)) for one in _window(scene, index))
    if tied > 1:
        yield Reason(TIED[layer.ties].format(count=tied))


def _seen(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
    return () if tensor == "dx" else _window(scene, index)


def lesson_of(layer: Layer) -> Lesson:
    """The lesson of this pool, by what it does with ties."""
    assert isinstance(layer, MaxPool)
    purpose = {**PURPOSE, "dx": GRADIENT[layer.ties]}
    return Lesson(Phrase(en="max pooling", zh="最大池化"), purpose, reasons=_reasons, seen=_seen)
