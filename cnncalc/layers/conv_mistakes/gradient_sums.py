"""What people leave out of a convolution's gradients: positions, samples, what comes from behind."""

from __future__ import annotations

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import conv_of, full_gradient, on_image, only, spans_of
from cnncalc.layers.fc_gradient_mistakes import NOT_SUMMED, ONE_SAMPLE_ONLY
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _overwritten(scene: Scene) -> Wrong:
    spans = spans_of(scene)
    groups = conv_of(scene).groups
    filters = scene["g"].shape[1] // groups
    last = only(scene, scene["g"], 1, [group * filters + filters - 1 for group in range(groups)])
    for g in (scene["g"], last):
        # With strides as large as the windows, these lie side by side.
        parts = full_gradient(scene, g, stride=spans)
        canvas = scene.numbers.zeros((*parts.shape[:2], *full_gradient(scene, g).shape[2:]))
        for i, j in np.ndindex(g.shape[2:]):
            part = parts[:, :, i * spans[0] : (i + 1) * spans[0], j * spans[1] : (j + 1) * spans[1]]
            down, right = (at * step for at, step in zip((i, j), conv_of(scene).stride, strict=True))
            under = canvas[:, :, down : down + spans[0], right : right + spans[1]]
            rows, columns = conv_of(scene).dilation
            under[:, :, ::rows, ::columns] = part[:, :, ::rows, ::columns]
        yield on_image(scene, canvas)


def _one_position(scene: Scene, gradient: str, at: tuple[int, int]) -> Wrong:
    """Only one position of g, in all samples or in one, which is the last if the position is the last."""
    g = only(scene, only(scene, scene["g"], 2, at[0]), 3, at[1])
    yield scene.backward(g=g)[gradient]
    yield scene.backward(g=only(scene, g, 0, at[0]))[gradient]


def _of_samples(scene: Scene, gradient: str) -> list[Array]:
    return [scene.backward(g=only(scene, scene["g"], 0, n))[gradient] for n in range(len(scene["g"]))]


def _batch_not_summed(scene: Scene, gradient: str) -> Wrong:
    each = _of_samples(scene, gradient)
    if len(each) > 1:
        yield np.stack(each)


def _one_sample_only(scene: Scene, gradient: str) -> Wrong:
    each = _of_samples(scene, gradient)
    if len(each) > 1:
        yield from each


def _averaged(scene: Scene, gradient: str) -> Wrong:
    samples, _, height, width = scene["g"].shape
    made = scene.backward()[gradient]
    yield made / (height * width)
    yield made / (samples * height * width)


def _positions_not_summed(scene: Scene) -> Wrong:
    yield scene["g"]
    yield scene.numbers.sum(scene["g"], axis=0)
    yield from _one_position(scene, "dbias", (0, 0))


def _one_axis_summed(scene: Scene) -> Wrong:
    over_samples = scene.numbers.sum(scene["g"], axis=0)
    yield scene.numbers.sum(over_samples, axis=1)
    yield scene.numbers.sum(over_samples, axis=2)


def _shared(gradient: str) -> tuple[Mistake, ...]:
    """What goes wrong alike in both gradients."""
    return (
        Mistake(
            "overwritten",
            gradient,
            Phrase(
                en="Only the last position was kept: each one replaced the one before. Their shares are added up (+=)"
                " over all positions, and over all samples of the mini-batch.",
                zh="只保留了最后一个位置的结果：后面的覆盖了前面的。所有位置（以及小批量中所有样本）"
                "的贡献要累加（+=）。",
            ),
            lambda scene: _one_position(scene, gradient, (-1, -1)),
        ),
        Mistake(
            "not-summed-over-batch",
            gradient,
            NOT_SUMMED,
            lambda scene: _batch_not_summed(scene, gradient),
        ),
        Mistake(
            "one-sample-only",
            gradient,
            ONE_SAMPLE_ONLY,
            lambda scene: _one_sample_only(scene, gradient),
        ),
        Mistake(
            "gradient-averaged",
            gradient,
            Phrase(
                en="The average over the positions was taken; the gradient of a shared parameter is the sum over them.",
                zh="对各位置取了平均；参数由所有位置共用，其梯度应对所有位置求和。",
            ),
            lambda scene: _averaged(scene, gradient),
        ),
    )


MISTAKES = (
    Mistake(
        "overwritten",
        "dx",
        Phrase(
            en="Where windows overlap, the later one replaced the earlier one. Their shares are added:"
            " dx[window] += g[f,i,j] · w[f].",
            zh="窗口重叠处，后面的窗口覆盖了前面的结果。各窗口的贡献要累加：dx[窗口] += g[f,i,j] · w[f]。",
        ),
        _overwritten,
    ),
    Mistake(
        "positions-not-summed",
        "dweight",
        Phrase(
            en="Only the first window was used. A weight takes part in every output: dw[p,q] = Σ_i,j g[i,j] ·"
            " x[i·s+p, j·s+q].",
            zh="只用了第一个窗口。每个权重都参与所有输出：dw[p,q] = Σ_i,j g[i,j] · x[i·s+p, j·s+q]。",
        ),
        lambda scene: _one_position(scene, "dweight", (0, 0)),
    ),
    *_shared("dweight"),
    Mistake(
        "positions-not-summed",
        "dbias",
        Phrase(
            en="The upstream gradient g was not added up over the positions. The bias is in every cell of its feature"
            " map: dbias[f] = Σ_i,j g[f,i,j].",
            zh="没有对所有位置的上游梯度 g 求和。偏置作用于特征图的每个位置：dbias[f] = Σ_i,j g[f,i,j]。",
        ),
        _positions_not_summed,
    ),
    Mistake(
        "one-axis-summed",
        "dbias",
        Phrase(
            en="The upstream gradient g was added up along one axis only; the sum goes over rows and columns: dbias[f]"
            " = Σ_i,j g[f,i,j].",
            zh="只沿一个方向求了和；应对行和列都求和：dbias[f] = Σ_i,j g[f,i,j]。",
        ),
        _one_axis_summed,
    ),
    *_shared("dbias"),
)
"""The most specific first."""
