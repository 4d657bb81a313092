"""What to say about pools: the largest of each window, its mean, and the mean of a whole channel."""

from collections.abc import Iterator

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Entry, Index, Layer
from cnncalc.layers.pools import AvgPool, MaxPool
from cnncalc.lessons.lesson import Lesson, Lessons, Purpose, Reason, lesson, sentences
from cnncalc.step import Scene

KEPT = {
    False: Phrase(
        "Of each window only the largest element is kept: that something was found counts, not exactly where."
    ),
    True: Phrase(
        "The window is the whole channel, and only its largest element is kept: that something was found counts, not"
        " where."
    ),
}
KINDS = {
    False: Phrase("max pooling"), True: Phrase("global max pooling")
}  # fmt: skip
"""By whether it is a global one."""
PATH = {True: Phrase("Where each winner stands is kept for the way back."), False: Phrase("Where each winner stands.")}
DX = Phrase(
    "Only the winner of a window acts on its output, so the whole gradient of a window goes to its winner;{tie} all"
    " other cells get 0.{overlap}"
)
TIE = {
    "first": Phrase(" where several cells are largest, to the first of them in row order;"),
    "split": Phrase(" where several cells are largest, to all of them in equal parts, with $\\m$ for their number;"),
}
OVERLAP = Phrase(" A cell that wins several windows gets the sum.")
WON = Phrase("{a} is the largest element of the window.")
TIED = Phrase(
    "{count} elements of the window are equally large: {a} is the first of them in row order and counts as the winner."
)
SHARED = Phrase("{count} elements of the window are equally large; they share the gradient.")
OUTSIDE = Phrase("It lies in no window, so it gets no gradient.")
LOST = Phrase("It is not the winner of any window, so it gets no gradient.")
NOT_FIRST = Phrase(
    "It is as large as the winner of a window, but not the first of the largest, so it gets no gradient."
)
GATHERS = Phrase("It is the winner of {count} windows; their gradients add up.")
GATHERS_SHARES = Phrase("It is among the largest of {count} windows; its shares of their gradients add up.")
GETS = Phrase("It is the winner of one window.")
GETS_SHARE = Phrase("It is among the largest elements of one window.")
MEAN = Phrase("Each window becomes one number, its mean.")
HOW_MANY = Phrase("How many of a window's cells count is written $\\m_{\\i, \\j}$.")
EQUAL_SHARES = Phrase(
    "All cells of a window act on its mean alike, so each of them gets an equal share of its gradient."
)
SHARES_OVERLAP = Phrase("A cell that several windows cover gets the sum of its shares.")
PADDING_TOO = Phrase("The share of a cell of the padding is lost, for the padding is no input.")
NO_WINDOW = Phrase("A cell that no window covers gets 0.")

ON_PADDING = Phrase("Of the {count} cells counted {padding:is|are} padding, which is 0.")
NOT_COUNTED = Phrase("Only the {count} cells of the window that lie on the input count.")
ONE_COUNTED = Phrase("Only the 1 cell of the window that lies on the input counts.")


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


TENSORS = {"path": Phrase("row and column of each winner, counted from `index_base`")}  # fmt: skip


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
        yield Reason(ON_PADDING.format(padding=count - inside, count=count))
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
    "avg_pool": Lesson(Phrase("average pooling"), {"y": _mean, "dx": _gradient}, reasons=_divisor),
    "global_avg_pool": lesson("global average pooling")(
        "Each channel becomes one number, its mean.",
        "All cells of a channel act on its mean alike, so each gets an equal share of its gradient.",
    ),
}
