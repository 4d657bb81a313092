"""What to say about a max pool."""

from collections.abc import Iterator, Sequence

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Entry, Index, Layer
from cnncalc.layers.max_pool import MaxPool
from cnncalc.lessons.lesson import Lesson, Lessons, Purpose, Reason
from cnncalc.scene import Scene

KEPT = {
    False: Phrase(
        en="Of each window only the largest element is kept: that something was found counts, not exactly where.",
        zh="每个窗口只保留最大的元素：保留“有没有”的信息，而不再精确到位置。",
    ),
    True: Phrase(
        en="The window is the whole channel, and only its largest element is kept: that something was found counts, not"
        " where.",
        zh="窗口就是整个通道，只保留其中最大的元素：保留“有没有”的信息，而不管它在哪里。",
    ),
}
KINDS = {
    False: Phrase(en="max pooling", zh="最大池化"), True: Phrase(en="global max pooling", zh="全局最大池化")
}  # fmt: skip
"""By whether it is a global one."""
PATH = {
    True: Phrase(
        en="Where each winner stands is kept for the way back.", zh="记录每个最大值所在的位置，反向传播时要用。"
    ),
    False: Phrase(en="Where each winner stands.", zh="每个最大值所在的位置。"),
}
DX = Phrase(
    en="Only the winner of a window acts on its output, so the whole gradient of a window goes to its winner;{tie} all"
    " other cells get 0.{overlap}",
    zh="只有窗口中的最大值影响输出，因此窗口的梯度全部传给最大值所在的位置，{tie}其余位置为 0。{overlap}",
)
TIE = {
    "first": Phrase(
        en=" where several cells are largest, to the first of them in row order;",
        zh="最大值不唯一时传给按行顺序的第一个，",
    ),
    "split": Phrase(
        en=" where several cells are largest, to all of them in equal parts;", zh="最大值不唯一时由它们平分，"
    ),
}
OVERLAP = Phrase(en=" A cell that wins several windows gets the sum.", zh="若同一元素是多个窗口的最大值，则梯度相加。")
WON = Phrase(en="{a} is the largest element of the window.", zh="{a} 是窗口中的最大元素。")
TIED = Phrase(
    en="{count} elements of the window are equally large: {a} is the first of them in row order and counts as the"
    " winner.",
    zh="窗口中有 {count} 个相等的最大元素，{a} 是按行顺序的第一个，视为最大值。",
)
SHARED = Phrase(
    en="{count} elements of the window are equally large; they share the gradient.",
    zh="窗口中有 {count} 个相等的最大元素，它们平分梯度。",
)
OUTSIDE = Phrase(en="It lies in no window, so it gets no gradient.", zh="它不在任何窗口内，因此没有梯度。")
LOST = Phrase(
    en="It is not the winner of any window, so it gets no gradient.", zh="它不是任何窗口的最大值，因此没有梯度。"
)
NOT_FIRST = Phrase(
    en="It is as large as the winner of a window, but not the first of the largest, so it gets no gradient.",
    zh="它与某个窗口的最大值相等，但不是按行顺序的第一个，因此没有梯度。",
)
GATHERS = Phrase(
    en="It is the winner of {count} windows; their gradients add up.", zh="它是 {count} 个窗口的最大值，这些梯度相加。"
)
GATHERS_SHARES = Phrase(
    en="It is among the largest of {count} windows; its shares of their gradients add up.",
    zh="它是 {count} 个窗口的最大值之一，所得各份梯度相加。",
)
GETS = Phrase(en="It is the winner of one window.", zh="它是一个窗口的最大值。")
GETS_SHARE = Phrase(en="It is among the largest elements of one window.", zh="它是一个窗口的最大值之一。")


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
        yield Reason(_why(scene, layer, index))
        return
    row, column = scene["path"][index[:4]].tolist()
    winner = (*index[:2], row, column)
    largest = scene["x"][winner]
    tied = sum(bool(scene.numbers.is_known_equal(scene["x"][one.index], largest)) for one in _window(scene, index))
    yield Reason(TIED.format(count=tied, a="{a}") if tied > 1 else WON, (Entry("x", winner),))
    if tied > 1 and layer.ties == "split" and "g" in scene:
        yield Reason(SHARED.format(count=tied))


def _why(scene: Scene, layer: MaxPool, index: Index) -> Phrase:
    """Why an element of dx is what it is."""
    terms = layer.terms("dx", index, scene.numbers, scene.tensors)
    if terms:
        shares = any(term.coefficient != 1 for term in terms)
        if len(terms) == 1:
            return GETS_SHARE if shares else GETS
        return (GATHERS_SHARES if shares else GATHERS).format(count=len(terms))
    visits = list(layer.window(scene["x"].shape[1:]).visits((index[2], index[3])))
    if not visits:
        return OUTSIDE
    x, y = scene["x"][index], scene["y"]
    is_largest = any(scene.numbers.is_known_equal(x, y[(*index[:2], *output)]) for output, _ in visits)
    return NOT_FIRST if is_largest else LOST


def _seen(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
    return () if tensor == "dx" else _window(scene, index)


def _compared(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
    return _window(scene, index) if tensor == "y" else ()


TENSORS = {"path": Phrase(en="row and column of each winner, counted from `index_base`",
                          zh="各最大值所在的行与列，从 `index_base` 数起")}  # fmt: skip


def lesson_of(layer: Layer) -> Lesson:
    """The lesson of this pool, by what it does with ties."""
    assert isinstance(layer, MaxPool)
    ties = layer.ties

    def dx(scene: Scene) -> Phrase:
        tie = TIE[ties] if layer.doubts(scene.numbers, scene.tensors) else NOTHING
        return DX.format(tie=tie, overlap=OVERLAP if layer.window(scene["x"].shape[1:]).overlaps else NOTHING)

    def path(scene: Scene) -> Phrase:
        return PATH["g" in scene and ties == "first"]

    purpose: dict[str, Purpose] = {"y": KEPT[layer.sees_all], "path": path, "dx": dx}
    return Lesson(KINDS[layer.sees_all], purpose, reasons=_reasons, seen=_seen, compared=_compared, tensors=TENSORS)


LESSONS: Lessons = {"max_pool": lesson_of}
