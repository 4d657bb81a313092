"""What people get wrong in the forward pass of a fully connected layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.elementwise_mistakes import BEFORE_ACTIVATION
from cnncalc.layers.flatten import Flatten
from cnncalc.layers.mistake import Mistake, Scene, Wrong

ACTIVATIONS = ("relu", "leaky_relu", "sigmoid", "tanh")
_ORDERS = {"chw": (0, 1, 2, 3), "hwc": (0, 2, 3, 1), "whc": (0, 3, 2, 1), "cwh": (0, 1, 3, 2)}


def inputs_in_other_order(scene: Scene) -> Iterator[Array]:
    """The image before the flatten, laid out by rows, by columns, channels first or last."""
    before = scene.before
    if before is None or not isinstance(before.layer, Flatten) or before["x"].ndim != 4:
        return
    for order, axes in _ORDERS.items():
        if order != before.layer.order:
            yield before["x"].transpose(axes).reshape(scene["x"].shape)


def inputs_before_activation(scene: Scene) -> Iterator[Array]:
    """What went into the activation whose output this layer takes, directly or through a flatten."""
    step = flatten = scene.before
    if step is not None and isinstance(step.layer, Flatten):
        step = step.before
    if step is None or flatten is None or step.layer.type not in ACTIVATIONS:
        return
    x = step["x"]
    # Maps of 1×1 come as features without a flatten.
    yield (x if step is flatten else flatten.forward(x=x)["y"]).reshape(scene["x"].shape)


def _forward_from(inputs: Callable[[Scene], Iterator[Array]]) -> Callable[[Scene], Wrong]:
    def rule(scene: Scene) -> Wrong:
        for x in inputs(scene):
            yield scene.forward(x=x)["y"]

    return rule


def _weight_transposed(scene: Scene) -> Wrong:
    weight = scene["weight"]
    outputs, inputs = weight.shape
    yield scene.forward(weight=weight.reshape(inputs, outputs).T)["y"]
    if inputs > outputs:
        # Column k in place of row k; it is too short, so the rest of x is left over.
        yield scene.forward(x=scene["x"][:, :outputs], weight=weight[:, :outputs].T)["y"]


def _bias_forgotten(scene: Scene) -> Wrong:
    if "bias" in scene:
        yield scene.forward(bias=scene["bias"] * 0)["y"]


def _bias_subtracted(scene: Scene) -> Wrong:
    if "bias" in scene:
        yield scene.forward(bias=0 - scene["bias"])["y"]


def _bias_for_every_input(scene: Scene) -> Wrong:
    if "bias" in scene:
        yield scene.forward(bias=scene["bias"] * scene["x"].shape[1])["y"]


FLATTEN_ORDER = Phrase(
    en="Another convention: the input was flattened in another order than the weights of this problem expect, so that"
    " numbers meet the wrong weights. The order of this problem is printed with its flatten layer.",
    zh="另一种约定：展平顺序与本题权重所要求的不一致，各数没有与对应的权重相乘。本题的展平顺序见 flatten 层的说明。",
)

FORWARD = (
    Mistake("flatten-order", "y", FLATTEN_ORDER, _forward_from(inputs_in_other_order), "convention"),
    Mistake("activation-skipped", "y", BEFORE_ACTIVATION, _forward_from(inputs_before_activation)),
    Mistake(
        "weight-transposed",
        "y",
        Phrase(
            en="The weight matrix was used transposed, as (inputs, outputs); here row k of W gives output k:"
            " y_k = Σ_i W[k,i] · x_i + b_k.",
            zh="权重矩阵被转置，当成（输入, 输出）来用；本题中 W 的第 k 行给出第 k 个输出：y_k = Σ_i W[k,i] · x_i + "
            "b_k。",
        ),
        _weight_transposed,
    ),
    Mistake(
        "bias-forgotten",
        "y",
        Phrase(en="The bias was forgotten: y = W · x + b.", zh="忘了加偏置：y = W · x + b。"),
        _bias_forgotten,
    ),
    Mistake(
        "bias-subtracted",
        "y",
        Phrase(en="The bias was subtracted; it is added: y = W · x + b.", zh="偏置被减去了，应当加上：y = W · x + b。"),
        _bias_subtracted,
    ),
    Mistake(
        "bias-added-repeatedly",
        "y",
        Phrase(
            en="The bias was added once for every input; it stands outside the sum: y_k = (Σ_i W[k,i] · x_i) + b_k.",
            zh="每个输入都加了一次偏置；偏置在求和之外，只加一次：y_k = (Σ_i W[k,i] · x_i) + b_k。",
        ),
        _bias_for_every_input,
    ),
)
