"""What to say about a transposed convolution."""

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.windows.axis import Axis
from cnncalc.lessons.conv import AND_SAMPLES, beyond_the_kernel, dbias
from cnncalc.lessons.lesson import Lesson, Lessons, sentences
from cnncalc.step import Scene

Y = Phrase(
    "Each element of the input stamps the kernel, times its own value, onto the output; what the stamps leave in"
    " one cell is added up{bias}."
)
AND_BIAS = Phrase(en=", with the bias", zh="，再加上偏置")
DWEIGHT = Phrase(
    "A weight of the kernel takes part in every stamp of its input channel, each time with another element of the"
    " input. So its gradient is the sum, over all stamps{samples}, of that element times the gradient of the cell that"
    " the weight fell on{beside}."
)
BESIDE = Phrase("; where it fell beside the output, nothing is added")
DX = Phrase(
    "An element of the input acts on all cells that its stamps cover. Its gradient gathers theirs through the same"
    " kernel{channels}: this is an ordinary convolution of the gradient."
)
NOTHING_FROM_BESIDE = Phrase("What fell beside the output sends nothing back.")
ALL_CHANNELS = Phrase(en=" of each output channel", zh="（各输出通道相加）")


def _axes(scene: Scene) -> list[Axis]:
    return [one.axis for one in scene.reach() or ()]


def _is_inside(scene: Scene) -> bool:
    """Whether no stamp reaches beyond the output."""
    return all(axis.is_real().all() for axis in _axes(scene))


def _y(scene: Scene) -> Phrase:
    return sentences(Y.format(bias=AND_BIAS if "bias" in scene else NOTHING), beyond_the_kernel(_axes(scene)))


def _dweight(scene: Scene) -> Phrase:
    return DWEIGHT.format(
        samples=AND_SAMPLES if len(scene["x"]) > 1 else NOTHING, beside=NOTHING if _is_inside(scene) else BESIDE
    )


def _dx(scene: Scene) -> Phrase:
    said = DX.format(channels=ALL_CHANNELS if scene["weight"].shape[1] > 1 else NOTHING)
    return said if _is_inside(scene) else sentences(said, NOTHING_FROM_BESIDE)


LESSONS: Lessons = {
    "conv_transpose": Lesson(
        Phrase("transposed convolution"),
        {"y": _y, "dweight": _dweight, "dbias": dbias, "dx": _dx},
        turned={"y": "weight"},
        tensors={
            "matrix": Phrase(
                "A of y = A·x, with x and y flattened and the bias left out: the transpose of that of a conv"
            )
        },
    )
}
