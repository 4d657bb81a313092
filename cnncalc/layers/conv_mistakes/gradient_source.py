"""What people use in a convolution's gradients instead of g and x: the next layer's g, the x of the one before."""

from __future__ import annotations

from cnncalc.language import Phrase
from cnncalc.layers.elementwise_mistakes import NEXT_LAYER_SKIPPED, RELU_BEHIND
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _upstream_dropped(scene: Scene, gradient: str) -> Wrong:
    """A gradient with 1 for every cell of g."""
    yield scene.backward(g=scene.numbers.full(scene["g"].shape, scene.numbers.number(1)))[gradient]


def _relu_mask_forgotten(scene: Scene, gradient: str) -> Wrong:
    """A gradient with that of the ReLU's output for g."""
    if scene.after is not None and scene.after.layer.type == "relu":
        yield scene.backward(g=scene.after["g"])[gradient]


def _next_layer_skipped(scene: Scene, gradient: str) -> Wrong:
    """A gradient with that of the next layer's output for g."""
    after = scene.after
    if after is None or after.layer.type == "relu" or "g" not in after:
        return
    if after["g"].shape == scene["g"].shape:
        yield scene.backward(g=after["g"])[gradient]


def _input_before_activation(scene: Scene) -> Wrong:
    before = scene.before
    if before is not None and before["x"].shape == scene["x"].shape:
        yield scene.backward(x=before["x"])["dweight"]


def _one(scene: Scene) -> Wrong:
    yield from _upstream_dropped(scene, "dbias")
    yield scene.numbers.full(scene["bias"].shape, scene.numbers.number(1))


def _shared(gradient: str) -> tuple[Mistake, ...]:
    """What goes wrong alike in every gradient."""
    return (
        Mistake(
            "relu-mask-forgotten",
            gradient,
            RELU_BEHIND,
            lambda scene: _relu_mask_forgotten(scene, gradient),
        ),
        Mistake(
            "next-layer-skipped",
            gradient,
            NEXT_LAYER_SKIPPED.phrase,
            lambda scene: _next_layer_skipped(scene, gradient),
        ),
    )


MISTAKES = (
    *_shared("dx"),
    *_shared("dweight"),
    *_shared("dbias"),
    Mistake(
        "activation-skipped",
        "dweight",
        Phrase(
            en="The input of the layer before was used, not its output: dw = Σ g · x, where x is what the kernel lies"
            " on.",
            zh="用了前一层的输入，而不是它的输出：dw = Σ g · x，其中 x 是卷积核作用的输入。",
        ),
        _input_before_activation,
    ),
    Mistake(
        "upstream-forgotten",
        "dx",
        Phrase(
            en="The upstream gradient g was left out (1 was used for every cell): dx = Σ g · w.",
            zh="漏乘了上游梯度 g（每个位置都当作 1）：dx = Σ g · w。",
        ),
        lambda scene: _upstream_dropped(scene, "dx"),
    ),
    Mistake(
        "upstream-forgotten",
        "dweight",
        Phrase(
            en="The upstream gradient g was left out (1 was used for every cell): dw = Σ g · x.",
            zh="漏乘了上游梯度 g（每个位置都当作 1）：dw = Σ g · x。",
        ),
        lambda scene: _upstream_dropped(scene, "dweight"),
    ),
    Mistake(
        "upstream-forgotten",
        "dbias",
        Phrase(
            en="The upstream gradient g was left out: dbias[f] = Σ_i,j g[f,i,j], not the number of cells.",
            zh="漏了上游梯度 g：dbias[f] = Σ_i,j g[f,i,j]，而不是位置的个数。",
        ),
        _one,
    ),
)
"""The most specific first."""
