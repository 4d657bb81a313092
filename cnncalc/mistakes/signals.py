"""What people get wrong in the layers on signals: ways of the layers on images, said of signals."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from cnncalc.arithmetic.base import Array
from cnncalc.layers.signals import OnSignals
from cnncalc.layers.windows.row import Rowed, without_row
from cnncalc.mistakes.take import Mistake, mistake
from cnncalc.records import replace
from cnncalc.step import Scene, Size


class OfSignals(Mistake):
    """A mistake that is made on images of one row."""

    def wrongs(self, scene: Scene, tensor: str) -> Iterator[Array | Size]:
        """What the ways of that code come to, without the row."""
        from cnncalc.mistakes import known_mistakes

        assert isinstance(scene.layer, OnSignals), "they stand in its table"
        rowed = replace(scene, layer=scene.layer.rowed, tensors=Rowed(scene.tensors))
        for other in known_mistakes(scene.layer.rowed):
            if other.code != self.code or not other.shows_in(tensor):
                continue
            for wrong in other.wrongs(rowed, tensor):
                if isinstance(wrong, Size):
                    yield Size((*wrong.shape[:-2], wrong.shape[-1]) if len(wrong.shape) > 1 else wrong.shape)
                elif wrong.ndim == scene[tensor].ndim + 1 and wrong.shape[-2] == 1:
                    yield without_row(tensor, wrong)


def signal(code: str) -> Callable[[str], OfSignals]:
    """A code with its tensors; then what is said of signals."""

    def said(what: str) -> OfSignals:
        one = mistake(code)(what)
        return OfSignals(one.code, one.phrase, (), one.kind, one.tensors)

    return said


STRIDE = "The stride was ignored: from one window to the next it is s cells."
MISTAKES: Mapping[str, Sequence[OfSignals]] = {
    "conv1d": (
        signal("~kernel-flipped: y dweight")(
            "the kernel was reversed (true convolution), or not; the problem says which by `flip`."
        ),
        signal("padding-forgotten: y dweight")(
            "The padding was forgotten: put the zeros at the ends of the signal first."
        ),
        signal("stride-ignored: y")(STRIDE),
        signal("dilation-ignored: y")("The dilation was ignored: neighbouring kernel cells lie d cells apart."),
        signal("bias-forgotten: y")("The bias was forgotten: it is added to every element of its channel."),
        signal("kernel-not-rotated: dx")(
            "The kernel was not reversed: dx is the full correlation of the gradient with the reversed kernel."
        ),
    ),
    "conv_transpose1d": (signal("bias-forgotten: y")("The bias was forgotten."),),
    "max_pool1d": (
        signal("average-instead-of-maximum: y")(
            "This is average pooling; max pooling takes the largest number of each window."
        ),
        signal("stride-ignored: y")(STRIDE),
        signal("gradient-to-all-cells: dx")(
            "Every cell of a window got its gradient; only the cell of the maximum gets it."
        ),
    ),
    "avg_pool1d": (
        signal("sum-instead-of-average: y dx")(
            "The number of cells was not divided by: the mean divides by it, and so does each cell's share."
        ),
        signal("stride-ignored: y")(STRIDE),
    ),
}
