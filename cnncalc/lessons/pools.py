"""What to say about pools: the largest of each window, its mean, and the mean of a whole channel."""

from collections.abc import Iterator

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Entry, Index, Layer
from cnncalc.layers.pools import AvgPool, MaxPool
from cnncalc.lessons.lesson import Lesson, Lessons, Purpose, Reason, lesson, sentences
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
        en=" where several cells are largest, to all of them in equal parts, with $\\m$ for their number;",
        zh="最大值不唯一时由它们平分（其个数记作 $\\m$），",
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
MEAN = Phrase(en="Each window becomes one number, its mean.", zh="每个窗口取平均值，变为一个数。")
HOW_MANY = Phrase(
    en="How many of a window's cells count is written $\\m_{\\i, \\j}$.", zh="窗口中计入的单元数记作 $\\m_{\\i, \\j}$。"
)
EQUAL_SHARES = Phrase(
    en="All cells of a window act on its mean alike, so each of them gets an equal share of its gradient.",
    zh="窗口内各单元对平均值的影响相同，因此该窗口的梯度在它们之间平均分配。",
)
SHARES_OVERLAP = Phrase(
    en="A cell that several windows cover gets the sum of its shares.", zh="被多个窗口覆盖的元素，其各份梯度相加。"
)
PADDING_TOO = Phrase(
    en="The share of a cell of the padding is lost, for the padding is no input.",
    zh="填充单元分到的那一份不属于任何输入，随之舍去。",
)
NO_WINDOW = Phrase(en="A cell that no window covers gets 0.", zh="不在任何窗口内的元素梯度为 0。")

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
ONE_COUNTED = Phrase(
    en="Only the 1 cell of the window that lies on the input counts.", zh="只计入窗口中位于输入内的 1 个单元。"
)


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
    return Lesson(
        KINDS[layer.sees_all], purpose, reasons=_reasons, tensors=TENSORS,
        seen=lambda scene, tensor, index: () if tensor == "dx" else _window(scene, index),
        compared=lambda scene, tensor, index: _window(scene, index) if tensor == "y" else (),
    )  # fmt: skip


def _divisor(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
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
        yield Reason(ONE_COUNTED if count == 1 else NOT_COUNTED.format(count=count))


def _mean(scene: Scene) -> Phrase:
    layer = scene.layer
    assert isinstance(layer, AvgPool)
    counts = layer.counted(layer.window(scene["x"].shape[1:]))
    return MEAN if counts.min() == counts.max() else sentences(MEAN, HOW_MANY)


def _gradient(scene: Scene) -> Phrase:
    layer = scene.layer
    assert isinstance(layer, AvgPool)
    window = layer.window(scene["x"].shape[1:])
    loses = (layer.counted(window) > window.rows.counts()[:, None] * window.columns.counts()).any()
    return sentences(
        EQUAL_SHARES,
        SHARES_OVERLAP if window.overlaps else None,
        PADDING_TOO if loses else None,
        None if window.covers else NO_WINDOW,
    )


LESSONS: Lessons = {
    "max_pool": lesson_of,
    "avg_pool": Lesson(
        Phrase(en="average pooling", zh="平均池化"),
        {
            "y": _mean,
            "dx": _gradient,
        },
        reasons=_divisor,
    ),
    "global_avg_pool": lesson("global average pooling", "全局平均池化")(
        "Each channel becomes one number, its mean.",
        "每个通道取平均值，变为一个数。",
        "All cells of a channel act on its mean alike, so each gets an equal share of its gradient.",
        "通道内各元素对平均值的影响相同，因此平分该通道的梯度。",
    ),
}
