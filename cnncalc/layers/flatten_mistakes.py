"""What people get wrong when they flatten."""

from math import prod

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.base import ShapeError
from cnncalc.layers.elementwise_mistakes import BEFORE_ACTIVATION, activation_skipped
from cnncalc.layers.flatten import Flatten
from cnncalc.layers.mistake import Mistake, Scene, Size, Wrong
from cnncalc.layers.pool import Pool

COLUMN_MAJOR = ((1, 3, 2), (3, 2, 1))
"""The axes of x (N, C, H, W) from the slowest: channel by channel, each by columns; and Fortran's order."""


def _order(scene: Scene) -> str:
    if not isinstance(scene.layer, Flatten) or scene["x"].ndim != 4:
        raise ShapeError("no image", "")
    return scene.layer.order


def _flat(x: Array, axes: tuple[int, ...]) -> Array:
    return x.transpose(0, *axes).reshape(len(x), prod(x.shape[1:]))


def _image(scene: Scene, axes: tuple[int, ...]) -> Array:
    """The gradient put back as if it had been flattened with these axes."""
    shape = scene["x"].shape
    turned = scene["g"].reshape(shape[0], *(shape[axis] for axis in axes))
    return turned.transpose(0, *(1 + axes.index(axis) for axis in (1, 2, 3)))


# The output


def _channels_last(scene: Scene) -> Wrong:
    if _order(scene) == "chw":
        yield scene.forward(Flatten("hwc"))["y"]


def _channels_first(scene: Scene) -> Wrong:
    if _order(scene) == "hwc":
        yield scene.forward(Flatten("chw"))["y"]


def _by_columns(scene: Scene) -> Wrong:
    if _order(scene):
        yield from (_flat(scene["x"], axes) for axes in COLUMN_MAJOR)


def _one_channel(scene: Scene) -> Wrong:
    if _order(scene) and scene["x"].shape[1] > 1:
        yield scene.forward(x=scene["x"][:, :1])["y"]
        yield Size((prod(scene["x"].shape[2:]),))


def _before_the_pool(scene: Scene) -> Wrong:
    before = scene.before
    if _order(scene) and before and isinstance(before.layer, Pool) and before["x"].shape != scene["x"].shape:
        yield scene.forward(x=before["x"])["y"]
        yield Size((prod(before["x"].shape[1:]),))


def _pool_imagined(scene: Scene) -> Wrong:
    channels, height, width = scene["x"].shape[1:] if _order(scene) else (0, 0, 0)
    if min(height, width) > 1 and not (scene.before and isinstance(scene.before.layer, Pool)):
        yield Size((channels * (height // 2) * (width // 2),))


# The gradient


def _from_channels_last(scene: Scene) -> Wrong:
    if _order(scene) == "chw":
        yield scene.backward(Flatten("hwc"))["dx"]


def _from_channels_first(scene: Scene) -> Wrong:
    if _order(scene) == "hwc":
        yield scene.backward(Flatten("chw"))["dx"]


def _from_columns(scene: Scene) -> Wrong:
    if _order(scene):
        yield from (_image(scene, axes) for axes in COLUMN_MAJOR)


_HWC = Phrase(
    en="Another convention: flattened position by position, the channels of a position side by side (H, W, C, as in"
    " TensorFlow). This problem goes channel by channel, each row by row (C, H, W).",
    zh="另一种约定：按位置逐个展平，同一位置的各通道相邻（H, W, C，如 TensorFlow）。"
    "本题逐通道、每个通道内按行展平（C, H, W）。",
)
_CHW = Phrase(
    en="Another convention: flattened channel by channel (C, H, W, as in PyTorch). This problem goes position by"
    " position, the channels of a position side by side (H, W, C).",
    zh="另一种约定：逐通道展平（C, H, W，如 PyTorch）。本题按位置逐个展平，同一位置的各通道相邻（H, W, C）。",
)
_COLUMNS = Phrase(
    en="Another convention: flattened column by column, as in MATLAB. This problem flattens row by row.",
    zh="另一种约定：按列展平（如 MATLAB）。本题按行展平。",
)

MISTAKES: tuple[Mistake, ...] = (
    Mistake("flatten-order-hwc", "y", _HWC, _channels_last, "convention"),
    Mistake("flatten-order-chw", "y", _CHW, _channels_first, "convention"),
    Mistake("flatten-by-columns", "y", _COLUMNS, _by_columns, "convention"),
    Mistake(
        "one-channel-only",
        "y",
        Phrase(
            en="Only one channel was flattened; all channels together make C · H · W numbers.",
            zh="只展平了一个通道；所有通道共有 C · H · W 个数。",
        ),
        _one_channel,
    ),
    Mistake(
        "pooling-forgotten",
        "y",
        Phrase(
            en="The input of the pooling was flattened; it is its output that must be flattened.",
            zh="展平的是池化之前的特征图；应展平池化的输出。",
        ),
        _before_the_pool,
    ),
    Mistake(
        "activation-skipped",
        "y",
        BEFORE_ACTIVATION,
        activation_skipped,
    ),
    Mistake(
        "pooling-imagined",
        "y",
        Phrase(
            en="There are as many numbers as after a 2×2 pooling; there is no pooling right before this layer.",
            zh="元素个数像是先做过 2×2 池化；但紧接本层之前并没有池化。",
        ),
        _pool_imagined,
    ),
    Mistake("flatten-order-hwc", "dx", _HWC, _from_channels_last, "convention"),
    Mistake("flatten-order-chw", "dx", _CHW, _from_channels_first, "convention"),
    Mistake("flatten-by-columns", "dx", _COLUMNS, _from_columns, "convention"),
)
