"""What people get wrong in layers that let some numbers pass and stop others: rectifiers, and dropout."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import Any

import numpy as np

from cnncalc.layers.activations.rectifiers import LeakyRelu, Relu
from cnncalc.layers.joining.several import ElementByElement
from cnncalc.layers.pools import AvgPool
from cnncalc.mistakes.families import (
    ACTIVATION_FORGOTTEN,
    DERIVATIVE_FORGOTTEN,
    LAYER_SKIPPED,
    OF_DERIVATIVE,
    OUTPUT_FOR_DERIVATIVE,
    UPSTREAM_FORGOTTEN,
)
from cnncalc.mistakes.joining.elementwise import Inputs, activated_before
from cnncalc.mistakes.take import Take, mistake

DEFAULTS = (Decimal("0.01"), Decimal("0.3"), Decimal("0.2"), Decimal("0.1"))
"""The slopes that PyTorch, Keras, TensorFlow and lecture notes take where nothing is said."""
MANY_ZEROS = 4
"""Cells at the kink up to which each may have been put on either side."""
DROPOUT = (
    mistake("~dropout-not-inverted: y dx", lambda s: s.again(s.options(inverted=not s.layer.inverted)))(
        "training divided by 1 − p, or did not. This problem says which by `inverted`; PyTorch divides."
    ),
    mistake("dropout-rate-for-kept: y dx", lambda s: s.again(s.options(inverted=False)) / s.number(s.layer.p))(
        "It was divided by p, the part that is left out; the part that is kept is 1 − p."
    ),
    mistake("mask-forgotten: y dx", lambda s: [s.passed, s.passed / (1 - s.number(s.layer.p))])(
        "Nothing was left out: each number must be multiplied by the mask."
    ),
    mistake("mask-inverted: y dx", lambda s: s.again(mask=1 - s.mask))(
        "The mask was read the wrong way round: 1 keeps a number, 0 leaves it out."
    ),
)


def sloped(s: Take, a: Any) -> Any:
    return a * s.number(s.layer.slope)


def bent(s: Take, above: Any, below: Any) -> Any:
    """One tensor where x > 0, another elsewhere."""
    return s.where(s.above(s.x), above, below)


def zeros(s: Take) -> Iterator[Any]:
    """Where x is exactly 0; then some of those cells, if they are few: rounding may have put the others on a side."""
    at = np.asarray(s.numbers.is_equal(s.x, 0))
    yield at
    cells = np.flatnonzero(at)
    for size in range(1, len(cells)) if len(cells) <= MANY_ZEROS else ():
        for some in combinations(cells, size):
            yield np.isin(np.arange(at.size), some).reshape(at.shape)


SLOPE_FORGOTTEN = mistake("leaky-slope-forgotten: y dx", lambda s: s.again(Relu()))(
    "This is a plain ReLU, 0 where x is not above 0; a leaky ReLU multiplies by its slope there."
)
LEAKY_RELU = (
    ACTIVATION_FORGOTTEN,
    DERIVATIVE_FORGOTTEN,
    SLOPE_FORGOTTEN,
    mistake("leaky-slope-on-wrong-side: y dx", lambda s: bent(s, sloped(s, s.passed), s.passed))(
        "The slope was applied where x > 0; it belongs to x ≤ 0; where x > 0, the values pass unchanged."
    ),
    mistake("leaky-side-from-gradient: dx", lambda s: s.again(x=s.g))(
        "The sign of the gradient decided where the slope applies; the sign of the input decides: dx = g where x > 0,"
        " slope · g elsewhere."
    ),
    mistake("leaky-slope-everywhere: y dx", lambda s: sloped(s, s.passed))(
        "The slope was applied everywhere; it belongs to x ≤ 0 only."
    ),
    mistake("leaky-slope-negated: y dx", lambda s: bent(s, s.passed, -sloped(s, s.passed)))(
        "The slope was taken with a minus sign for x ≤ 0; it is positive: y = slope · x, dx = slope · g there."
    ),
    mistake("leaky-slope-as-value: y", lambda s: [bent(s, s.x, slope := sloped(s, s.ones(s.x))), bent(s, s.x, -slope)])(
        "The slope itself was written where x ≤ 0; it must be multiplied by the input: y = slope · x."
    ),
    mistake("leaky-slope-as-value: dx", lambda s: bent(s, s.g, sloped(s, s.ones(s.x))))(
        "The slope itself was written where x ≤ 0; it must be multiplied by the upstream gradient: dx = slope · g."
    ),
    mistake("leaky-slope-on-input: dx", lambda s: bent(s, s.g, sloped(s, s.x)))(
        "Where x ≤ 0 the slope was multiplied by the input; it must be multiplied by the upstream gradient: dx ="
        " slope · g."
    ),
    UPSTREAM_FORGOTTEN,
    LAYER_SKIPPED.of("dx"),
    OUTPUT_FOR_DERIVATIVE,
    mistake("~leaky-slope-default: y dx")(
        "this is a leaky ReLU with the default slope of another course or framework (0.01 in PyTorch, 0.3 in Keras, 0.2"
        " in TensorFlow). This problem takes its own slope.",
        lambda s: [s.again(s.options(slope=slope)) for slope in DEFAULTS if slope != s.layer.slope],
    ),
    mistake("~derivative-at-zero: dx")(
        "the derivative of leaky ReLU at exactly 0 was taken as 1, as 0, or as the mean of both sides. This problem"
        " takes the slope.",
        lambda s: [s.where(at, g, s.again()) for g in (s.g, s.g * 0, (s.g + sloped(s, s.g)) / 2) for at in zeros(s)],
    ),
)

RELU_RIGHT = "dx = g · 1[x > 0]"


def other_masks(s: Take) -> Iterator[Any]:
    """The gradient by the sign of tensors that lie near enough to be taken for the input."""
    before, after = s.scene.before, s.scene.after
    near = [before["x"] if before else None, after["y"] if after else None]
    near += [other["x"] for other in s.scene.chain if other is not s.scene and isinstance(other.layer, Relu)]
    masks = [s.above(one) for one in near if one is not None and one.shape == s.x.shape]
    # A mask that lets all through is one forgotten.
    yield from (s.where(mask, s.g) for mask in masks if not mask.all())
    if isinstance(s.after.layer, AvgPool):
        # The pooled map decides, before its gradient is spread.
        yield s.after.again(of="dx", g=s.where(s.above(s.after.y), s.after.g))


RELU = (
    ACTIVATION_FORGOTTEN,
    mistake("activation-too-early: y")(
        "The ReLU was applied to an input of the layer before; it comes after that layer, on what that gives (in a"
        " residual block after the addition).",
        lambda s: (
            isinstance(s.before.layer, ElementByElement) and activated_before(Inputs(s.before.scene, "y"), s.layer)
        ),
    ),
    mistake("relu-as-step: y", lambda s: s.where(s.above(s.x), s.ones(s.x)))(
        "Positive numbers became 1; a ReLU leaves them as they are. 1 and 0 are its derivative, not its value."
    ),
    mistake("relu-wrong-half: y", lambda s: s.x - s.again())(
        "The negative numbers were kept and the positive ones cut; it is the other way round: y = max(0, x)."
    ),
    mistake("relu-as-absolute-value: y", lambda s: 2 * s.again() - s.x)(
        "Negative numbers changed their sign as in |x|; a ReLU makes them 0: y = max(0, x)."
    ),
    mistake("relu-mask-forgotten: dx", lambda s: s.g, right=RELU_RIGHT)(
        "The upstream gradient was passed on as it is; where the input of the ReLU is not above 0, it must become 0"
    ),
    mistake("negative-gradients-zeroed: dx", lambda s: s.where(s.above(s.g), s.g), right=RELU_RIGHT)(
        "Negative gradients were made 0, as if the ReLU applied to the gradient. The sign of the input decides, not"
        " that of the gradient"
    ),
    mistake("negative-gradients-zeroed-too: dx", lambda s: s.again(g=s.where(s.above(s.g), s.g)), right=RELU_RIGHT)(
        "Besides the cells with x ≤ 0, negative gradients were made 0 as well (as in guided backpropagation). Only"
        " the input decides"
    ),
    mistake("upstream-forgotten: dx", lambda s: s.again(g=s.ones(s.g)), right=RELU_RIGHT)(
        "This is only the mask 1[x > 0]; it must be multiplied by the upstream gradient g"
    ),
    mistake("relu-mask-inverted: dx", lambda s: s.g - s.again(), right=RELU_RIGHT)(
        "The mask is inverted: the gradient passes where the input is above 0, and becomes 0 elsewhere"
    ),
    LAYER_SKIPPED.of("dx"),
    OUTPUT_FOR_DERIVATIVE,
    mistake("relu-as-absolute-value: dx", lambda s: 2 * s.again() - s.g, right=RELU_RIGHT)(
        "Where the input is not above 0, the gradient changed its sign, as that of |x| does; a ReLU makes it 0 there"
    ),
    mistake("relu-as-leaky: y dx", lambda s: [s.again(LeakyRelu()), s.again(LeakyRelu(slope=Decimal("0.1")))])(
        "This is a leaky ReLU; a plain ReLU, and its gradient, is 0 wherever x is not above 0."
    ),
    mistake("relu-mask-from-wrong-tensor: dx", other_masks, right=RELU_RIGHT)(
        "The mask was taken from another tensor; it belongs to the input of this ReLU"
    ),
    mistake("~derivative-at-zero: dx", right=RELU_RIGHT)(
        "the derivative of ReLU at exactly 0 was taken as 1 (or 1/2). This problem takes 0",
        lambda s: [s.where(at, g, s.again()) for g in (s.g, s.g / 2) for at in zeros(s)],
    ),
)

PRELU_RIGHT = "dweight = Σ g · x, x ≤ 0"
PRELU = (
    ACTIVATION_FORGOTTEN,
    SLOPE_FORGOTTEN,
    *OF_DERIVATIVE,
    mistake("slope-from-both-sides: dweight", lambda s: s.again(x=-s.x) * -1 + s.again(), right=PRELU_RIGHT)(
        "Elements above 0 were counted as well, though the slope does nothing there"
    ),
    mistake("upstream-forgotten: dweight", lambda s: s.again(g=s.ones(s.g)), right=PRELU_RIGHT)(
        "The upstream gradient was left out: this is the sum of the inputs that are not above 0"
    ),
)
MISTAKES = {"relu": RELU, "leaky_relu": LEAKY_RELU, "prelu": PRELU, "dropout": DROPOUT}
