"""What people leave out of the gradients of a transposed convolution's parameters: positions, samples."""

from __future__ import annotations

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.gradient_sums import MISTAKES as OF_A_CONV
from cnncalc.layers.conv_mistakes.scene import only
from cnncalc.layers.fc_gradient_mistakes import NOT_SUMMED, ONE_SAMPLE_ONLY
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _first_stamp(scene: Scene) -> Wrong:
    yield from _one_stamp(scene, 0)


def _last_stamp(scene: Scene) -> Wrong:
    yield from _one_stamp(scene, -1)


def _one_stamp(scene: Scene, at: int) -> Wrong:
    """Only one cell of each channel of x, in all samples or in one."""
    x = only(scene, only(scene, scene["x"], 2, at), 3, at)
    yield scene.backward(x=x)["dweight"]
    yield scene.backward(x=only(scene, x, 0, at))["dweight"]


def _of_samples(scene: Scene) -> list[Array]:
    samples = len(scene["x"])
    return [scene.backward(g=only(scene, scene["g"], 0, n))["dweight"] for n in range(samples if samples > 1 else 0)]


def _not_summed(scene: Scene) -> Wrong:
    each = _of_samples(scene)
    if each:
        yield np.stack(each)


def _one_sample(scene: Scene) -> Wrong:
    yield from _of_samples(scene)


def _averaged(scene: Scene) -> Wrong:
    samples, _, height, width = scene["x"].shape
    dweight = scene.backward()["dweight"]
    yield dweight / (height * width)
    yield dweight / (samples * height * width)


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "positions-not-summed",
        "dweight",
        Phrase(
            en="Only the first stamp was used. A weight takes part in every stamp: dw[p,q] = Σ_i,j x[i,j] ·"
            " g[i·s + p, j·s + q].",
            zh="只用了第一个输入元素。每个输入元素都印上了整个卷积核：dw[p,q] = Σ_i,j x[i,j] · g[i·s + p, j·s + q]。",
        ),
        _first_stamp,
    ),
    Mistake(
        "overwritten",
        "dweight",
        Phrase(
            en="Only the last stamp was kept: each one replaced the one before. Their shares are added up (+=) over all"
            " cells of x, and over all samples of the mini-batch.",
            zh="只保留了最后一个输入元素的结果：后面的覆盖了前面的。x 的所有元素（以及小批量中所有样本）"
            "的贡献要累加（+=）。",
        ),
        _last_stamp,
    ),
    Mistake("not-summed-over-batch", "dweight", NOT_SUMMED, _not_summed),
    Mistake("one-sample-only", "dweight", ONE_SAMPLE_ONLY, _one_sample),
    Mistake(
        "gradient-averaged",
        "dweight",
        Phrase(
            en="The average over the positions was taken; the gradient of a shared parameter is the sum over them.",
            zh="对各位置取了平均；参数由所有位置共用，其梯度应对所有位置求和。",
        ),
        _averaged,
    ),
    *(mistake for mistake in OF_A_CONV if mistake.tensor == "dbias"),
)
"""The most specific first."""
