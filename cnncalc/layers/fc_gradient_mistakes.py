"""What people get wrong in the gradients of a fully connected layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.fc_forward_mistakes import (
    ACTIVATION_LEFT_OUT,
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


def _activation_derivative_forgotten(local: str) -> Callable[[Scene], Wrong]:
    def rule(scene: Scene) -> Wrong:
        after = scene.after
        if after is not None and after.layer.type in (*ACTIVATIONS, "softmax"):
            gradients = scene.backward(g=after["g"])
            if local in gradients:
                yield gradients[local]

    return rule


ONE_SAMPLE_ONLY = Phrase(
    en="This is the gradient of one sample only; parameters belong to all samples, so their gradients add up over the"
    " mini-batch.",
    zh="这只是一个样本的梯度；参数由所有样本共用，其梯度要对整个小批量（mini-batch）求和。",
)
NOT_SUMMED = Phrase(
    en="The gradients of the samples were left side by side; parameters belong to all samples, so add them up over the"
    " mini-batch.",
    zh="各样本的梯度被分别列出；参数由所有样本共用，应对整个小批量（mini-batch）求和。",
)
UPSTREAM_FORGOTTEN = Phrase(
    en="This is only the layer's own derivative; by the chain rule it is multiplied by the gradient g that comes from"
    " behind: dW = g · xᵀ, db = g, dx = Wᵀ · g.",
    zh="这只是本层自身的导数；按链式法则还要乘以后面传回的梯度 g：dW = g · xᵀ，db = g，dx = Wᵀ · g。",
)
DERIVATIVE_FORGOTTEN = Phrase(
    en="The gradient behind the activation function (or softmax) was used; it must first go back through that function:"
    " this layer takes the gradient at its own output.",
    zh="用了激活函数（或 softmax）之后的梯度；应先把它反传过该函数，本层用的是自己输出处的梯度。",
)

GRADIENT = (
    Mistake("flatten-order", "dweight", FLATTEN_ORDER, _gradient_from(inputs_in_other_order)),
    Mistake("activation-left-out", "dweight", ACTIVATION_LEFT_OUT, _gradient_from(inputs_before_activation)),
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
            en="The outer product is the other way round, x · gᵀ; W has a row for each output, so dW = g · xᵀ.",
            zh="外积的顺序反了，写成了 x · gᵀ；W 每个输出一行，因此 dW = g · xᵀ。",
        ),
        _outer_product_swapped,
    ),
    Mistake(
        "one-output-only",
        "dx",
        Phrase(
            en="Only one output's part was passed back; every output sends its own, and they add up:"
            " dx_i = Σ_k W[k,i] · g_k.",
            zh="只传回了一个输出的部分；每个输出都有贡献，应当相加：dx_i = Σ_k W[k,i] · g_k。",
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
            en="The gradient was summed over the outputs; each output has its own bias, and only the samples of the"
            " mini-batch add up: db_k = g_k.",
            zh="对各输出求了和；每个输出有自己的偏置，只对小批量中的样本求和：db_k = g_k。",
        ),
        _summed_over_outputs,
    ),
    Mistake(
        "activation-derivative-forgotten", "dweight", DERIVATIVE_FORGOTTEN, _activation_derivative_forgotten("dweight")
    ),
    Mistake(
        "activation-derivative-forgotten", "dbias", DERIVATIVE_FORGOTTEN, _activation_derivative_forgotten("dbias")
    ),
    Mistake("activation-derivative-forgotten", "dx", DERIVATIVE_FORGOTTEN, _activation_derivative_forgotten("dx")),
    Mistake("upstream-forgotten", "dweight", UPSTREAM_FORGOTTEN, _upstream_forgotten("dweight")),
    Mistake("upstream-forgotten", "dbias", UPSTREAM_FORGOTTEN, _upstream_forgotten("dbias")),
    Mistake("upstream-forgotten", "dx", UPSTREAM_FORGOTTEN, _upstream_forgotten("dx")),
)
