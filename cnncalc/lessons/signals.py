"""What to say about the layers on signals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index, Layer, Setting
from cnncalc.layers.signals import OnSignals
from cnncalc.layers.windows.row import Rowed, plain_index
from cnncalc.lessons.lesson import Lesson, Lessons, Reason, chain_rule
from cnncalc.lessons.lesson import lesson_of as any_lesson_of
from cnncalc.records import replace
from cnncalc.scene import Scene

GATHERED = Phrase(
    en="Each element of the input gets the gradients of all outputs that it acts on, through the same weights.",
    zh="每个输入元素的梯度，是它所影响的各输出的梯度经同样的权重传回之和。",
)
DWEIGHT = Phrase(
    en="A weight acts at every place, so its gradient is the sum over all places of the output's gradient times the"
    " element of the input that it meets there.",
    zh="每个权重在每个位置都起作用，因此其梯度是对所有位置求和：输出梯度乘以该处与它相乘的输入元素。",
)
DBIAS = Phrase(
    en="The bias is added everywhere in its channel, so it gathers all of the channel's gradients.",
    zh="偏置加在该通道的每个位置上，因此其梯度是该通道各梯度之和。",
)
PURPOSES: Mapping[str, Mapping[str, Phrase]] = {
    "conv1d": {
        "y": Phrase(
            en="The kernel slides along the signal; at each place the numbers that lie on each other are multiplied and"
            " the products are added up.",
            zh="卷积核沿信号滑动，每个位置上对应元素相乘后求和。",
        ),
        "dx": GATHERED,
        "dweight": DWEIGHT,
        "dbias": DBIAS,
    },
    "conv_transpose1d": {
        "y": Phrase(
            en="Each element of the signal stamps the kernel, times itself, onto the output; stamps that overlap are"
            " added.",
            zh="信号的每个元素乘以卷积核后叠放到输出上，重叠处相加。",
        ),
        "dx": GATHERED,
        "dweight": DWEIGHT,
        "dbias": DBIAS,
    },
    "max_pool1d": {
        "y": Phrase(en="Of each window only the largest element is kept.", zh="每个窗口只保留最大的元素。"),
        "path": Phrase(en="Where each winner stands.", zh="每个最大值所在的位置。"),
        "dx": Phrase(
            en="Only the winner of a window acts on its output, so it gets the window's gradient; all others get 0.",
            zh="只有窗口中的最大值影响输出，因此它得到该窗口的梯度，其余为 0。",
        ),
    },
    "avg_pool1d": {
        "y": Phrase(en="Each window becomes one number, its mean.", zh="每个窗口取平均值，变为一个数。"),
        "dx": Phrase(
            en="All cells of a window act on its mean alike, so each of them gets an equal share of its gradient.",
            zh="窗口内各元素对平均值的影响相同，因此该窗口的梯度在它们之间平均分配。",
        ),
    },
}
KINDS = {
    "conv1d": Phrase(en="1-D convolution", zh="一维卷积"),
    "conv_transpose1d": Phrase(en="1-D transposed convolution", zh="一维转置卷积"),
    "max_pool1d": Phrase(en="1-D max pooling", zh="一维最大池化"),
    "avg_pool1d": Phrase(en="1-D average pooling", zh="一维平均池化"),
}
CHAINS = {
    "conv1d": ("nfi", {"x": "ncu", "weight": "fcp", "bias": "f"}),
    "conv_transpose1d": ("nfu", {"x": "nci", "weight": "cfp", "bias": "f"}),
}


def lesson_of(layer: Layer) -> Lesson:
    """The lesson of one of them; the matrices are those of images."""
    assert isinstance(layer, OnSignals)
    of_images = any_lesson_of(layer.rowed)
    made = (*layer.auxiliaries, *layer.on_request, *layer.on_request_backward)
    y, tensors = CHAINS.get(layer.type, ("nci", {"x": "ncu"}))

    def chain(setting: Setting) -> Mapping[str, str]:
        known = ("x", *setting.parameters)
        return chain_rule(y, **{local: own for local, own in tensors.items() if local in known})

    said = {**of_images.tensors, "path": PLACE}
    lesson = Lesson(
        KINDS[layer.type], PURPOSES[layer.type], chain, tensors={name: said[name] for name in made if name in said}
    )

    def reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
        for reason in of_images.reasons(*_with_row(scene, tensor, index)):
            yield Reason(reason.phrase, tuple(_without_row(reason.about)))

    def seen(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
        return list(_without_row(of_images.seen(*_with_row(scene, tensor, index))))

    def compared(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
        return seen(scene, tensor, index) if tensor == "y" else ()

    if layer.type != "max_pool1d":
        return lesson
    return replace(lesson, reasons=reasons, seen=seen, compared=compared)


PLACE = Phrase(en="where each winner stands", zh="每个最大值所在的位置")


def as_images(scene: Scene) -> Scene:
    """A step on signals as one on images of one row."""
    assert isinstance(scene.layer, OnSignals)
    return replace(scene, layer=scene.layer.rowed, tensors=Rowed(scene.tensors))


def _with_row(scene: Scene, tensor: str, index: Index) -> tuple[Scene, str, Index]:
    # Behind N and the channel: a winner's place has an axis more.
    return as_images(scene), tensor, (*index[:2], 0, *index[2:])


def _without_row(entries: Iterable[Entry]) -> Iterator[Entry]:
    return (Entry(entry.tensor, plain_index(entry.index)) for entry in entries)


LESSONS: Lessons = {"signals": lesson_of}
