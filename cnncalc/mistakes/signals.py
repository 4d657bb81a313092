"""What people get wrong in the layers on signals: ways of the layers on images, said of signals."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from cnncalc.arithmetic.base import Array
from cnncalc.layers.signals import OnSignals
from cnncalc.layers.windows.row import Rowed, without_row
from cnncalc.mistakes.take import Mistake, mistake
from cnncalc.records import replace
from cnncalc.scene import Scene, Size


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


def signal(code: str) -> Callable[[str, str], OfSignals]:
    """A code with its tensors; then what is said of signals."""

    def said(en: str, zh: str) -> OfSignals:
        one = mistake(code)(en, zh)
        return OfSignals(one.code, one.phrase, (), one.kind, one.tensors)

    return said


STRIDE = ("The stride was ignored: from one window to the next it is s cells.", "忽略了步长：相邻窗口相隔 s 个元素。")
MISTAKES: Mapping[str, Sequence[OfSignals]] = {
    "conv1d": (
        signal("~kernel-flipped: y dweight")(
            "the kernel was reversed (true convolution), or not; the problem says which by `flip`.",
            "卷积核翻转与否的约定不同；本题由 `flip` 规定。",
        ),
        signal("padding-forgotten: y dweight")(
            "The padding was forgotten: put the zeros at the ends of the signal first.",
            "漏掉了填充：应先在信号两端补零。",
        ),
        signal("stride-ignored: y")(*STRIDE),
        signal("dilation-ignored: y")(
            "The dilation was ignored: neighbouring kernel cells lie d cells apart.",
            "忽略了膨胀率：卷积核相邻元素相隔 d 个位置。",
        ),
        signal("bias-forgotten: y")(
            "The bias was forgotten: it is added to every element of its channel.",
            "漏加了偏置：该通道的每个元素都要加上它。",
        ),
        signal("kernel-not-rotated: dx")(
            "The kernel was not reversed: dx is the full correlation of the gradient with the reversed kernel.",
            "卷积核没有翻转：dx 是输出梯度与翻转后的卷积核的 full 互相关。",
        ),
    ),
    "conv_transpose1d": (signal("bias-forgotten: y")("The bias was forgotten.", "漏加了偏置。"),),
    "max_pool1d": (
        signal("average-instead-of-maximum: y")(
            "This is average pooling; max pooling takes the largest number of each window.",
            "这是平均池化；最大池化取每个窗口中的最大值。",
        ),
        signal("stride-ignored: y")(*STRIDE),
        signal("gradient-to-all-cells: dx")(
            "Every cell of a window got its gradient; only the cell of the maximum gets it.",
            "窗口内每个元素都得到了梯度；只有最大值所在的元素才得到。",
        ),
    ),
    "avg_pool1d": (
        signal("sum-instead-of-average: y dx")(
            "The number of cells was not divided by: the mean divides by it, and so does each cell's share.",
            "没有除以窗口的元素个数：求平均与分配梯度时都要除。",
        ),
        signal("stride-ignored: y")(*STRIDE),
    ),
}
