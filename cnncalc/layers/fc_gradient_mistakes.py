"""What people get wrong in the gradients of a fully connected layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.elementwise_mistakes import BEFORE_ACTIVATION, NEXT_LAYER_SKIPPED, RELU_BEHIND
from cnncalc.layers.fc_forward_mistakes import (
    ACTIVATIONS,
    FLATTEN_ORDER,
    inputs_before_activation,
    inputs_in_other_order,
)
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _gradient_from(inputs: Callable[[Scene], Iterator[Array]]) -> Callable[[Scene], Wrong]:
    def rule(scene: Scene) -> Wrong:
        for x in inputs(scene):
            yield scene.backward(x=x)["dweight"]

    return rule


def _weight_not_transposed(scene: Scene) -> Wrong:
    outputs, inputs = scene["weight"].shape
    # Where the weight is not square, its numbers are read row by row into the shape that fits.
    yield scene.backward(weight=scene["weight"].reshape(inputs, outputs).T)["dx"]


def _outer_product_swapped(scene: Scene) -> Wrong:
    yield scene.numbers.matmul(scene["x"].T[None], scene["g"][None])[0]


def _one_output_only(scene: Scene) -> Wrong:
    outputs = len(scene["weight"])
    for k in range(outputs if outputs > 1 else 0):
        yield scene["g"][:, k : k + 1] * scene["weight"][k]


def _one_sample_only(local: str) -> Callable[[Scene], Wrong]:
    def rule(scene: Scene) -> Wrong:
        samples = len(scene["x"])
        for n in range(samples if samples > 1 else 0):
            yield scene.backward(g=scene["g"][n : n + 1], x=scene["x"][n : n + 1])[local]

    return rule


def _not_summed_over_batch(local: str) -> Callable[[Scene], Wrong]:
    def rule(scene: Scene) -> Wrong:
        if len(scene["x"]) > 1:
            g = scene["g"]
            yield g if local == "dbias" else g[:, :, None] * scene["x"][:, None, :]

    return rule


def _summed_over_outputs(scene: Scene) -> Wrong:
    if scene["g"].shape[1] > 1:
        yield scene.numbers.sum(scene["g"], axis=1)
        yield scene.numbers.sum(scene["g"], axis=(0, 1))


def _upstream_forgotten(local: str) -> Callable[[Scene], Wrong]:
    def rule(scene: Scene) -> Wrong:
        ones = scene.numbers.full(scene["g"].shape, scene.numbers.number(1))
        gradients = scene.backward(g=ones)
        if local in gradients:
            yield gradients[local]

    return rule


def _next_layer_skipped(local: str, is_relu: bool = False) -> Callable[[Scene], Wrong]:
    def rule(scene: Scene) -> Wrong:
        after = scene.after
        if (
            after is not None
            and after.layer.type in (*ACTIVATIONS, "softmax", "log_softmax")
            and _is_relu(after) == is_relu
        ):
            gradients = scene.backward(g=after["g"])
            if local in gradients:
                yield gradients[local]

    return rule


def _is_relu(scene: Scene) -> bool:
    return scene.layer.type == "relu"


ONE_SAMPLE_ONLY = Phrase(
    en="This is the gradient of one sample only; the parameters are shared by all samples, so their gradients are"
    " summed over the mini-batch.",
    zh="这只是一个样本的梯度；参数由所有样本共用，其梯度要对整个小批量（mini-batch）求和。",
)
NOT_SUMMED = Phrase(
    en="The gradients of the samples were not added up; the parameters are shared by all samples, so their gradients"
    " are summed over the mini-batch.",
    zh="各样本的梯度没有相加；参数由所有样本共用，其梯度要对整个小批量（mini-batch）求和。",
)
UPSTREAM_FORGOTTEN = Phrase(
    en="This is only the layer's own derivative; by the chain rule it is multiplied by the upstream gradient g:"
    " dW = g · xᵀ, db = g, dx = Wᵀ · g.",
    zh="这只是本层自身的导数；按链式法则还要乘以上游梯度 g：dW = g · xᵀ，db = g，dx = Wᵀ · g。",
)

_ALL = ("dweight", "dbias", "dx")
GRADIENT = (
    Mistake("flatten-order", "dweight", FLATTEN_ORDER, _gradient_from(inputs_in_other_order), "convention"),
    Mistake("activation-skipped", "dweight", BEFORE_ACTIVATION, _gradient_from(inputs_before_activation)),
    Mistake(
        "weight-not-transposed",
        "dx",
        Phrase(
            en="The gradient went back through W instead of its transpose: dx = Wᵀ · g, that is"
            " dx_i = Σ_k W[k,i] · g_k.",
            zh="反向传播时用了 W 而不是它的转置：dx = Wᵀ · g，即 dx_i = Σ_k W[k,i] · g_k。",
        ),
        _weight_not_transposed,
    ),
    Mistake(
        "outer-product-swapped",
        "dweight",
        Phrase(
            en="The outer product is the wrong way round, x · gᵀ; W has one row for each output, so dW = g · xᵀ.",
            zh="外积的顺序反了，写成了 x · gᵀ；W 的每一行对应一个输出，因此 dW = g · xᵀ。",
        ),
        _outer_product_swapped,
    ),
    Mistake(
        "one-output-only",
        "dx",
        Phrase(
            en="Only one output's share was passed back; every output has its share, and they add up:"
            " dx_i = Σ_k W[k,i] · g_k.",
            zh="只传回了一个输出的贡献；每个输出都有贡献，应当相加：dx_i = Σ_k W[k,i] · g_k。",
        ),
        _one_output_only,
    ),
    Mistake("one-sample-only", "dweight", ONE_SAMPLE_ONLY, _one_sample_only("dweight")),
    Mistake("one-sample-only", "dbias", ONE_SAMPLE_ONLY, _one_sample_only("dbias")),
    Mistake("not-summed-over-batch", "dweight", NOT_SUMMED, _not_summed_over_batch("dweight")),
    Mistake("not-summed-over-batch", "dbias", NOT_SUMMED, _not_summed_over_batch("dbias")),
    Mistake(
        "summed-over-outputs",
        "dbias",
        Phrase(
            en="The gradient was summed over the outputs; each output has its own bias: db_k = g_k, summed over"
            " the samples of the mini-batch alone.",
            zh="对各输出求了和；每个输出有自己的偏置：db_k = g_k，只对小批量中的样本求和。",
        ),
        _summed_over_outputs,
    ),
    *(Mistake("relu-mask-forgotten", local, RELU_BEHIND, _next_layer_skipped(local, is_relu=True)) for local in _ALL),
    *(Mistake("next-layer-skipped", local, NEXT_LAYER_SKIPPED.phrase, _next_layer_skipped(local)) for local in _ALL),
    Mistake("upstream-forgotten", "dweight", UPSTREAM_FORGOTTEN, _upstream_forgotten("dweight")),
    Mistake("upstream-forgotten", "dbias", UPSTREAM_FORGOTTEN, _upstream_forgotten("dbias")),
    Mistake("upstream-forgotten", "dx", UPSTREAM_FORGOTTEN, _upstream_forgotten("dx")),
)
