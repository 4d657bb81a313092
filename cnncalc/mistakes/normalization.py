"""What people get wrong in norms, here in those that take each sample by itself."""

from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Layer
from cnncalc.mistakes.batch_norm import BATCH_NORM, Norm
from cnncalc.mistakes.take import Take, mistake
from cnncalc.records import replace


class EachSample(Norm):
    """A step of a norm with statistics of each sample by itself: x and its like are (N, parts, channels, H, W)."""

    is_unbiased = False

    @property
    def _laid(self) -> tuple[int, ...]:
        samples, channels, *places = self.scene["x"].shape
        parts = self.layer.parts((channels, *places))
        return (samples, parts, channels // parts, *places)

    def __getitem__(self, local: str) -> Any:
        return self.scene[local].reshape(self._laid)

    x = property(lambda self: self["x"])
    g = property(lambda self: self["g"])
    xhat = property(lambda self: self["xhat"])
    y = property(lambda self: self["y"])

    @property
    def axes(self) -> tuple[int, ...]:
        return tuple(range(2, len(self._laid)))

    @property
    def places(self) -> tuple[int, ...]:
        return self.axes[1:]

    def spread(self, local: str) -> Any:
        value, x = self.scene[local], self.scene["x"]
        if local in self.layer.auxiliaries:
            return value.reshape(value.shape + (1,) * len(self.axes))
        return np.broadcast_to(self.layer._spread(value, x), x.shape).reshape(self._laid)

    def of_scale(self, each: Any) -> Any:
        is_whole = self.gamma.ndim == self.scene["x"].ndim - 1
        return self.sum(each, 0, *(() if is_whole else self.places))

    def again(self, layer: Layer | None = None, of: str | None = None, **operands: Array) -> Any:
        made = super().again(layer, of, **operands)
        return made.reshape(self._laid) if made.shape == self.scene["x"].shape else made

    def given(self, made: Any) -> Array:
        wrong, shape = super().given(made), self.scene[self.tensor].shape
        return wrong.reshape(shape) if wrong.size == prod(shape) else wrong


OF_BATCHES = ("momentum-of-the-other", "divisor-of-running-variance", "batch-for-running", "statistics-of-other-mode")
OTHERWISE = {
    "statistics-over-wrong-axes": Phrase(
        "Mean and variance were taken over the wrong elements; here each sample has its own, over all of it, or over"
        " each of its groups or channels (group norm, instance norm)."
    ),
    "summed-over-wrong-axes": Phrase(
        "The gradient was not summed, or summed over the wrong axes; sum over all that one γ and one β act on: in layer"
        " norm one number of every sample, in group and instance norm a whole channel of every sample."
    ),
}
"""What is said otherwise than of a batch norm."""
PER_SAMPLE = tuple(
    replace(one.of(*shown), take=EachSample, phrase=OTHERWISE.get(one.code, one.phrase))
    for one in BATCH_NORM
    if one.code not in OF_BATCHES and (shown := [name for name in one.tensors if name not in ("dvar", "dmean")])
)


def length(s: Take) -> Any:
    """That of each sample, along x."""
    return s.layer._along(getattr(s, s.layer.length), s.x)


def scaled(s: Take, unit: Any) -> Any:
    """y of an x that was divided otherwise."""
    return unit * s.gamma if s.layer.unit == "xhat" else unit


def in_whole(s: Take, values: Any) -> Any:
    """The sum of each sample, along x."""
    return s.layer._along(s.numbers.sum(values.reshape(len(values), -1), axis=1), s.x)


ROOT_FORGOTTEN = mistake("root-forgotten: y", lambda s: scaled(s, s.x / length(s) / length(s)))(
    "It was divided by the sum (or mean) of the squares itself; its square root was forgotten."
)
CONSTANT = mistake("length-as-constant: dx", lambda s: s.scene.backward().get("dxhat", s.g) / length(s))(
    "The length that x is divided by was taken as a constant; it depends on x, so the part of the gradient along the"
    " normalized x is taken off."
)
BY_LENGTH = {
    "local_response_norm": (
        mistake("~divided-otherwise: y base")(
            "alpha was divided by the size, or not; this problem says which by `over`.",
            lambda s: s.again(s.options(over="sum" if s.layer.over == "mean" else "mean")),
        ),
        mistake("k-forgotten: y base", lambda s: s.again(s.options(k=0)))("The constant k was left out of the base."),
        mistake("root-for-power: y", lambda s: s.again(s.options(beta=Fraction(1, 2))))(
            "The root was taken; the exponent is beta."
        ),
        mistake("base-as-constant: dx", lambda s: s.g * s.layer.power(s.numbers, s.base))(
            "The base was taken for a constant; it depends on x as well."
        ),
    ),
    "rms_norm": (
        mistake("scale-forgotten: y", lambda s: s.xhat)("The scale was left out: y = gamma · xhat."),
        mistake("mean-subtracted: y xhat", lambda s: s.again(x=s.x - in_whole(s, s.x) / s.x[0].size))(
            "The mean was taken off first, as in layer norm; RMS norm divides x itself by its root mean square."
        ),
        mistake("summed-for-mean: y xhat")(
            "It was divided by the L2 norm; RMS norm takes the mean of the squares under the root, not their sum.",
            lambda s: (
                (s.y if s.tensor == "y" else s.xhat)
                * length(s)
                / s.layer._along(s.numbers.sqrt(in_whole(s, s.x * s.x).ravel() + s.number(s.layer.eps)), s.x)
            ),
        ),
        ROOT_FORGOTTEN,
        CONSTANT,
    ),
    "l2_normalize": (
        ROOT_FORGOTTEN,
        mistake("absolute-sum-for-norm: y", lambda s: s.x / in_whole(s, np.abs(s.x)))(
            "It was divided by the sum of its absolute values, the L1 norm; the L2 norm is the root of the sum of the"
            " squares."
        ),
        CONSTANT,
    ),
}

MISTAKES = {
    "batch_norm": BATCH_NORM,
    **dict.fromkeys(("layer_norm", "group_norm", "instance_norm"), PER_SAMPLE),
    **BY_LENGTH,
}
