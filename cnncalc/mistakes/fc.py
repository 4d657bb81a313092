"""What people get wrong in a fully connected layer."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from cnncalc.layers.moving.gathered import Flatten
from cnncalc.mistakes.descent import UPDATED_WEIGHT
from cnncalc.mistakes.families import (
    BEFORE_ACTIVATION,
    LAYER_SKIPPED,
    NOT_SUMMED,
    ONE_SAMPLE_ONLY,
    RELU_SKIPPED,
    samples,
)
from cnncalc.mistakes.take import Take, mistake, need

ACTIVATIONS = ("relu", "leaky_relu", "sigmoid", "tanh")
_ORDERS = {"chw": (0, 1, 2, 3), "hwc": (0, 2, 3, 1), "whc": (0, 3, 2, 1), "cwh": (0, 1, 3, 2)}
Y, DX = "y_k = Σ_i W[k,i] · x_i + b_k", "dx_i = Σ_k W[k,i] · g_k"


def in_other_orders(s: Take) -> Iterator[Any]:
    """The tensor from the image before the flatten laid out by rows, by columns, channels first or last."""
    before = s.before
    need(isinstance(before.layer, Flatten) and before.x.ndim == 4)
    for order, axes in _ORDERS.items():
        if order != before.layer.order:
            yield s.again(x=before.x.transpose(axes).reshape(s.x.shape))


def skipped(s: Take) -> Any:
    """The tensor from what went into the activation before, directly or through a flatten."""
    step = flatten = s.before
    if isinstance(step.layer, Flatten):
        step = step.before
    need(step.layer.type in ACTIVATIONS)
    # Maps of 1×1 come as features without a flatten.
    x = step.x if step is flatten else flatten.again(of="y", x=step.x)
    return s.again(x=x.reshape(s.x.shape))


def of_columns(s: Take) -> bool:
    """Whether the weight has a row for each output."""
    return bool(s.layer.orientation == "column")


def transposed(s: Take) -> Iterator[Any]:
    need(of_columns(s))
    outputs, inputs = s.weight.shape
    yield s.again(weight=s.weight.reshape(inputs, outputs).T)
    if inputs > outputs:
        # Column k in place of row k; it is too short, so the rest of x is left over.
        yield s.again(x=s.x[:, :outputs], weight=s.weight[:, :outputs].T)


def behind_activation(s: Take) -> Any:
    """The gradient by that of the output of the activation that takes y."""
    need(s.after.layer.type in (*ACTIVATIONS, "softmax", "log_softmax"))
    return s.again(g=s.after.g)


MISTAKES = (
    mistake("~flatten-order: y dweight", in_other_orders)(
        "the input was flattened in another order than the weights of this problem expect, so that numbers meet the"
        " wrong weights. The order of this problem is printed with its flatten layer."
    ),
    mistake.like(BEFORE_ACTIVATION, skipped, tensors="y dweight"),
    mistake("weight-transposed: y", transposed, right=Y)(
        "The weight matrix was used transposed, as (inputs, outputs); here row k of W gives output k"
    ),
    mistake("bias-forgotten: y", lambda s: s.again(bias=s.bias * 0))("The bias was forgotten: y = W · x + b."),
    mistake("bias-subtracted: y", lambda s: s.again(bias=0 - s.bias))(
        "The bias was subtracted; it is added: y = W · x + b."
    ),
    mistake("bias-added-repeatedly: y", lambda s: s.again(bias=s.bias * s.x.shape[1]))(
        "The bias was added once for every input; it stands outside the sum: y_k = (Σ_i W[k,i] · x_i) + b_k."
    ),
    mistake("weight-not-transposed: dx")(
        f"The gradient went back through W instead of its transpose: dx = Wᵀ · g, that is {DX}.",
        # Where the weight is not square, its numbers are read row by row into the shape that fits.
        lambda s: s.again(weight=s.weight.reshape(s.weight.shape[::-1]).T),
    ),
    mistake("outer-product-swapped: dweight", lambda s: of_columns(s) and s.again().T)(
        "The outer product is the wrong way round, x · gᵀ; W has one row for each output, so dW = g · xᵀ."
    ),
    mistake("outer-product-swapped: dweight", lambda s: not of_columns(s) and s.again().T)(
        "The outer product is the wrong way round, gᵀ · x; with vectors as rows W has one column for each output, so dW"
        " = xᵀ · g."
    ),
    UPDATED_WEIGHT,
    mistake("one-output-only: dx", right=DX)(
        "Only one output's share was passed back; every output has its share, and they add up",
        lambda s: (
            s.g.shape[1] > 1
            and [s.g[:, k : k + 1] * row for k, row in enumerate(s.weight if of_columns(s) else s.weight.T)]
        ),
    ),
    mistake("one-sample-only: dweight dbias", samples)(ONE_SAMPLE_ONLY),
    mistake("not-summed-over-batch: dweight dbias", lambda s: np.stack(samples(s)))(NOT_SUMMED),
    mistake("summed-over-outputs: dbias", lambda s: s.g.shape[1] > 1 and [s.sum(s.g, 1), s.sum(s.g, 0, 1)])(
        "The gradient was summed over the outputs; each output has its own bias: db_k = g_k, summed over the samples of"
        " the mini-batch alone."
    ),
    mistake.like(RELU_SKIPPED, lambda s: s.after.layer.type == "relu" and behind_activation(s)),
    mistake.like(LAYER_SKIPPED, lambda s: s.after.layer.type != "relu" and behind_activation(s)),
    mistake("upstream-forgotten: dweight dbias dx", lambda s: s.again(g=s.ones(s.g)))(
        "This is only the layer's own derivative; by the chain rule it is multiplied by the upstream gradient g: dW ="
        " g · xᵀ, db = g, dx = Wᵀ · g."
    ),
)
