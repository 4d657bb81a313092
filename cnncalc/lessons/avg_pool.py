"""What to say about an average pool."""

from collections.abc import Iterator

from cnncalc.language import Phrase
from cnncalc.layers.avg_pool import AvgPool
from cnncalc.layers.base import Index
from cnncalc.lessons.lesson import Lesson, Lessons, Reason, sentences
from cnncalc.scene import Scene

SHARED = Phrase(
    en="All cells of a window act on its mean alike, so each of them gets an equal share of its gradient.",
    zh="窗口内各单元对平均值的影响相同，因此该窗口的梯度在它们之间平均分配。",
)
OVERLAP = Phrase(
    en="A cell that several windows cover gets the sum of its shares.", zh="被多个窗口覆盖的元素，其各份梯度相加。"
)
PADDING_TOO = Phrase(
    en="The share of a cell of the padding is lost, for the padding is no input.",
    zh="填充单元分到的那一份不属于任何输入，随之舍去。",
)
OUTSIDE = Phrase(en="A cell that no window covers gets 0.", zh="不在任何窗口内的元素梯度为 0。")

ON_PADDING = Phrase(
    en="{padding} of the {count} cells counted are padding, which is 0.",
    zh="计入的 {count} 个单元中有 {padding} 个是填充，其值为 0。",
)
LIES_ON_PADDING = Phrase(
    en="{padding} of the {count} cells counted is padding, which is 0.",
    zh="计入的 {count} 个单元中有 {padding} 个是填充，其值为 0。",
)
NOT_COUNTED = Phrase(
    en="Only the {count} cells of the window that lie on the input count.",
    zh="只计入窗口中位于输入内的 {count} 个单元。",
)


def _reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    """What the sum is divided by, where not all cells of the window lie on the input."""
    layer = scene.layer
    assert isinstance(layer, AvgPool)
    if tensor != "y":
        return
    window = layer.window(scene["x"].shape[1:])
    at = (index[2], index[3])
    count = int(layer.counted(window)[at])
    inside = sum(window.position(at, cell) is not None for cell in window.cells())
    if count > inside:
        phrase = LIES_ON_PADDING if count - inside == 1 else ON_PADDING
        yield Reason(phrase.format(padding=count - inside, count=count))
    elif inside < sum(1 for _ in window.cells()):
        yield Reason(NOT_COUNTED.format(count=count))


def _gradient(scene: Scene) -> Phrase:
    layer = scene.layer
    assert isinstance(layer, AvgPool)
    window = layer.window(scene["x"].shape[1:])
    loses = (layer.counted(window) > window.rows.counts()[:, None] * window.columns.counts()).any()
    return sentences(
        SHARED, OVERLAP if window.overlaps else None, PADDING_TOO if loses else None, None if window.covers else OUTSIDE
    )


LESSONS: Lessons = {
    "avg_pool": Lesson(
        Phrase(en="average pooling", zh="平均池化"),
        {
            "y": Phrase(en="Each window becomes one number, its mean.", zh="每个窗口取平均值，变为一个数。"),
            "dx": _gradient,
        },
        reasons=_reasons,
    )
}
