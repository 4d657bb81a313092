"""What to say about the layers on signals."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Entry, Index, Layer, Setting
from cnncalc.layers.signals import OnSignals
from cnncalc.layers.windows.row import Rowed, plain_index
from cnncalc.lessons.lesson import Lesson, Lessons, Purpose, Reason, chain_rule
from cnncalc.lessons.lesson import lesson_of as any_lesson_of
from cnncalc.records import replace
from cnncalc.step import Scene

KINDS = {
    "conv1d": Phrase("1-D convolution"),
    "conv_transpose1d": Phrase("1-D transposed convolution"),
    "max_pool1d": Phrase("1-D max pooling"),
    "avg_pool1d": Phrase("1-D average pooling"),
}
CHAINS = {
    "conv1d": ("nfi", {"x": "ncu", "weight": "fcp", "bias": "f"}),
    "conv_transpose1d": ("nfu", {"x": "nci", "weight": "cfp", "bias": "f"}),
}


def lesson_of(layer: Layer) -> Lesson:
    """What is said of images of one row; the matrices are those of images."""
    assert isinstance(layer, OnSignals)
    of_images = any_lesson_of(layer.rowed)
    made = (*layer.auxiliaries, *layer.on_request, *layer.on_request_backward)
    y, tensors = CHAINS.get(layer.type, ("nci", {"x": "ncu"}))

    def chain(setting: Setting) -> Mapping[str, str]:
        known = ("x", *setting.parameters)
        return chain_rule(y, **{local: own for local, own in tensors.items() if local in known})

    def purpose(tensor: str) -> Purpose:
        return lambda scene: _of_one_row(of_images.purpose_of(tensor, as_images(scene)) or NOTHING)

    def reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
        for reason in of_images.reasons(*_with_row(scene, tensor, index)):
            yield Reason(_of_one_row(reason.phrase), tuple(_without_row(reason.about)))

    def seen(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
        return list(_without_row(of_images.seen(*_with_row(scene, tensor, index))))

    def compared(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
        return list(_without_row(filter(None, of_images.compared(*_with_row(scene, tensor, index)))))

    said = {**of_images.tensors, "path": PLACE}
    return Lesson(
        KINDS[layer.type],
        {tensor: purpose(tensor) for tensor in of_images.purpose},
        chain,
        reasons=reasons,
        seen=seen,
        compared=compared,
        turned=of_images.turned,
        tensors={name: said[name] for name in made if name in said},
    )


def _of_one_row(phrase: Phrase) -> Phrase:
    return phrase.each(lambda text: re.sub(" in row order|按行顺序的", "", text))


PLACE = Phrase("where each winner stands")


def as_images(scene: Scene) -> Scene:
    """A step on signals as one on images of one row."""
    layer = scene.layer.rowed if isinstance(scene.layer, OnSignals) else scene.layer
    return replace(scene, layer=layer, tensors=Rowed(scene.tensors))


def _with_row(scene: Scene, tensor: str, index: Index) -> tuple[Scene, str, Index]:
    # Behind N and the channel: a winner's place has an axis more.
    return as_images(scene), tensor, (*index[:2], 0, *index[2:])


def _without_row(entries: Iterable[Entry]) -> Iterator[Entry]:
    return (Entry(entry.tensor, plain_index(entry.index)) for entry in entries)


LESSONS: Lessons = {"signals": lesson_of}
