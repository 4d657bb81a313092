"""What people get wrong in a batch norm, and in norms at all: statistics, scale and shift, xhat, the gradients."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from cnncalc.language import Phrase
from cnncalc.layers.normalization.batch_norm import InferenceBatchNorm
from cnncalc.mistakes.take import Records, Take, Way, need
from cnncalc.records import Record, replace

XHAT = "xhat = (x − mean) / √(var + ε)"
Y = "y = γ · xhat + β"
DX = Phrase(
    " If mean and variance divide by the count m: dx = (dxhat − Σ dxhat / m − xhat · Σ (dxhat · xhat) / m) / √(var +"
    " ε), dxhat = γ · g."
)
DVAR = "dvar = −½ · Σ dxhat · (x − mean) · (var + ε)^(−3/2)"
DGAMMA = "dγ = Σ g · xhat"


class Norm(Take):
    """A step of a batch norm; statistics and parameters are laid out along the axes of x."""

    @property
    def training(self) -> bool:
        return not isinstance(self.layer, InferenceBatchNorm)

    @property
    def axes(self) -> tuple[int, ...]:
        return tuple(self.layer._axes(self.x))

    @property
    def places(self) -> tuple[int, ...]:
        """The axes of rows and columns."""
        return tuple(range(2, self.x.ndim))

    @property
    def other_axes(self) -> list[tuple[int, ...]]:
        """The batch alone, all of a channel, a sample's channel, a sample, everything; but not the right ones."""
        every = tuple(range(self.x.ndim))
        found = dict.fromkeys([(0,), (0, *self.places), self.places, every[1:], every])
        return [axes for axes in found if axes and axes != self.axes and self.count(axes) > 1]

    @property
    def eps(self) -> Any:
        return self.numbers.number(self.layer.eps)

    @property
    def dxhat(self) -> Any:
        return self.g * self.spread("gamma")

    def count(self, axes: tuple[int, ...] | None = None) -> int:
        return prod(self.x.shape[axis] for axis in (axes or self.axes))

    @property
    def is_unbiased(self) -> bool:
        return bool(self.layer.variance == "unbiased")

    @property
    def divisor(self) -> int:
        return self.count() - self.is_unbiased

    def spread(self, local: str) -> Any:
        return self.layer._spread(self.scene[local], self.x)

    def of_scale(self, each: Any) -> Any:
        """The sum over all that one γ acts on."""
        return self.sum(each, *self.axes)

    def over(self, divisor: Any) -> Any:
        need(self.above(divisor).all())
        return 1 / divisor

    def root(self, var: Any) -> Any:
        return self.over(self.numbers.sqrt(var + self.eps))

    @property
    def squares(self) -> Any:
        centered = self.x - self.spread("mean")
        return self.sum(centered * centered, *self.axes)

    @property
    def right(self) -> Normalizing:
        centered, axes = self.x - self.spread("mean"), self.axes if self.training else None
        return Normalizing(self, centered, self.root(self.spread("var")), axes, self.divisor)

    def over_axes(self, axes: tuple[int, ...]) -> Normalizing:
        count = self.count(axes)
        divisor = count - (self.is_unbiased and count > 1)
        centered = self.x - self.sum(self.x, *axes, keep=True) / count
        var = self.sum(centered * centered, *axes, keep=True) / divisor
        return Normalizing(self, centered, self.root(var), axes, divisor)


class Normalizing(Record):
    """A way to normalize, xhat = centered · root, and what it makes of each tensor; constants have no axes."""

    s: Norm
    centered: Any
    root: Any
    axes: tuple[int, ...] | None
    divisor: int

    @property
    def xhat(self) -> Any:
        return self.centered * self.root

    @property
    def y(self) -> Any:
        return self.xhat * self.s.spread("gamma") + self.s.spread("beta")

    @property
    def dgamma(self) -> Any:
        return self.s.of_scale(self.s.g * self.xhat)

    @property
    def dvar(self) -> Any:
        return 0 - self.s.sum(self.s.dxhat * self.centered * self.root * self.root * self.root, *self.s.axes) / 2

    @property
    def dmean(self) -> Any:
        return 0 - self.s.sum(self.s.dxhat * self.root, *self.s.axes)

    @property
    def through_mean(self) -> Any:
        need(self.axes)
        return self.s.sum(self.s.dxhat, *(self.axes or ()), keep=True) / self.s.count(self.axes)

    @property
    def through_var(self) -> Any:
        return self.xhat * self.s.sum(self.s.dxhat * self.xhat, *(self.axes or ()), keep=True) / self.divisor

    @property
    def dx(self) -> Any:
        return (self.s.dxhat - (0 if self.axes is None else self.through_mean + self.through_var)) * self.root


norm = Records(Norm)
"""A mistake whose ways see a Norm."""


def in_place(way: Way, s: Norm) -> Any:
    """What a way to normalize, or several, make of the tensor."""
    found = way(s)
    return [getattr(one, s.tensor) for one in (found if isinstance(found, list) else [found]) if one]


wrongly = Records(Norm, by=in_place)
"""Wrong ways to normalize."""
in_dx = Records(Norm, "dx", DX, lambda way, s: s.training and way(s, s.right))
"""A mistake in dx with the whole formula behind it, in training."""


def as_in_training(s: Norm) -> Any:
    need(not s.training and s.count() > 1)
    way = replace(s.right, axes=s.axes)
    wrong = s.dxhat - way.through_mean - way.through_var
    # With the variance's share in the gradient of the mean, which is 0 for the mini-batch's own mean.
    rest = s.sum(way.through_var, *s.axes, keep=True) / s.count()
    return [wrong * way.root, (wrong + rest) * way.root]


def other_divisor(s: Norm) -> Any:
    divisor = 2 * s.count() - 1 - s.divisor
    need(s.training and divisor)
    other = replace(s.right, root=s.root(s.spread("var") * s.divisor / divisor))
    return [replace(other, divisor=divisor), other]


def other_mode(s: Norm) -> Any:
    if not s.training:
        batch = s.over_axes(s.axes)
        return [batch, replace(batch, axes=None)]
    # The running statistics that a framework begins with: mean 0, variance 1.
    return replace(s.right, centered=s.x, root=s.root(s.ones(s.x)), axes=None)


def as_floor(s: Norm) -> Any:
    is_above = s.above(s.spread("var") - s.eps)
    # Where every variance is above eps, it is as if eps were forgotten.
    need(not is_above.all())
    return replace(s.right, root=s.over(s.numbers.sqrt(np.where(is_above, s.spread("var"), s.eps))))


def averaged(s: Norm) -> Any:
    made = s.again()
    need(s.x.size > made.size)
    return made / (s.x.size // made.size)


ALL = "xhat y dgamma dvar dmean dx"
AXES = (
    "Mean and variance were taken over the wrong elements; here each channel has its own, over the whole mini-batch"
    " and all positions (with `over: activation`: each activation, over the mini-batch alone)."
)
DIVISOR = "the variance was divided by m − 1 instead of m, the number of elements, or the other way round."

BATCH_NORM = (
    norm("~momentum-of-the-other: newmean newvar")(
        "momentum was taken for the share of the old statistics (Keras, CS231n) where it is that of the batch"
        " (PyTorch), or the other way round. This problem says which by `convention`.",
        lambda s: s.again(s.options(momentum=1 - Fraction(s.layer.momentum))),
        lambda s: s.again(s.options(convention={"pytorch": "keras", "keras": "pytorch"}[s.layer.convention])),
    ),
    norm("~divisor-of-running-variance: newvar")(
        "the running variance took in the variance that divides by m; PyTorch takes the one that divides by m − 1.",
        lambda s: s.runningvar * s.number(1 - Fraction(s.layer.momentum)) + s.var * s.number(s.layer.momentum),
    ),
    norm("batch-for-running: newmean newvar", lambda s: s.mean if s.tensor == "newmean" else s.var)(
        "This is the statistic of the batch alone; the running one keeps most of what it was."
    ),
    norm("~variance-divisor: var")(
        DIVISOR, lambda s: s.training and (other := 2 * s.count() - 1 - s.divisor) and s.squares / other
    ),
    norm("wrong-divisor: mean var")(
        "The sum was divided by the wrong number, or not at all; m is the number of all elements that share one mean.",
        # People divide by nothing, by the samples, or by the positions.
        lambda s: [
            (s.sum(s.x, *s.axes) if s.tensor == "mean" else s.squares) / n
            for n in dict.fromkeys((1, len(s.x), prod(s.x.shape[axis] for axis in s.places)))
        ],
    ),
    norm("statistics-over-wrong-axes: mean var")(
        AXES,
        lambda s: s.tensor == "mean" and [s.sum(s.x, *axes) / s.count(axes) for axes in s.other_axes],
        lambda s: (
            s.tensor == "var"
            and [s.sum((way := s.over_axes(axes)).centered ** 2, *axes) / way.divisor for axes in s.other_axes]
        ),
    ),
    norm("mean-not-subtracted: var", lambda s: s.sum(s.x * s.x, *s.axes) / s.divisor)(
        "The mean was not subtracted before squaring: var = Σ (x − mean)² / m (or m − 1, by the convention)."
    ),
    norm("deviation-for-variance: var")(
        "This is the standard deviation; the variance is its square, without a root: var = Σ (x − mean)² / m (or m − 1,"
        " by the convention).",
        lambda s: [s.numbers.sqrt(s.squares / s.divisor + plus) for plus in (0, s.eps)],
    ),
    norm("epsilon-in-variance: var", lambda s: s.squares / s.divisor + s.eps)(
        "The constant ε was added to the variance itself; it is added only later, under the root: √(var + ε)."
    ),
    norm("affine-forgotten: y", lambda s: s.xhat, right=Y)("The scale γ and the shift β were both left out"),
    norm("gamma-forgotten: y", lambda s: s.xhat + s.spread("beta"), right=Y)("The scale γ was forgotten"),
    norm("beta-forgotten: y", lambda s: s.xhat * s.spread("gamma"), right=Y)("The shift β was forgotten"),
    norm("gamma-and-beta-swapped: y", lambda s: s.xhat * s.spread("beta") + s.spread("gamma"), right=Y)(
        "The scale γ and the shift β were swapped"
    ),
    # The gradients
    in_dx("statistics-as-constants", lambda s, way: s.dxhat * way.root)(
        "Mean and variance were taken as constants; both depend on x."
    ),
    norm("statistics-of-other-mode: dx", as_in_training)(
        "The gradient was computed by the formula for training. In inference the given mean and variance do not depend"
        " on x; they are constants: dx = γ · g / √(var + ε)."
    ),
    in_dx("variance-as-constant", lambda s, way: (s.dxhat - way.through_mean) * way.root)(
        "The variance was taken as a constant; it depends on x."
    ),
    in_dx("mean-as-constant", lambda s, way: (s.dxhat - way.through_var) * way.root)(
        "The mean was taken as a constant; it depends on x."
    ),
    in_dx("derivative-plus-for-minus")(
        "A part that must be subtracted was added (that through the mean, that through the variance, or both).",
        lambda s, way: [
            (s.dxhat + a * way.through_mean + b * way.through_var) * way.root for a, b in ((-1, 1), (1, -1), (1, 1))
        ],
    ),
    in_dx("sums-not-averaged")(
        "The sums in it were not divided by m.",
        lambda s, way: (s.dxhat - way.through_mean * s.count() - way.through_var * way.divisor) * way.root,
    ),
    norm("deviation-forgotten: dx")(
        f"The division by √(var + ε) is missing: {XHAT}, so that dx has this divisor, too.",
        lambda s: s.training and s.dxhat - s.right.through_mean - s.right.through_var,
        lambda s: s.dxhat,
    ),
    norm("deviation-twice: dx", lambda s: s.training and s.again() * s.right.root)(
        "It was divided by √(var + ε) twice, that is by var + ε; divide only once."
    ),
    norm("gamma-forgotten: dxhat dvar dmean dx", lambda s: s.again(gamma=s.gamma * 0 + 1))(
        f"The scale γ was forgotten in the backward pass: {Y}, so dxhat = γ · g."
    ),
    norm("derivative-half-forgotten: dvar", lambda s: s.again() * 2, right=DVAR)("The factor ½ is missing"),
    norm("exponent-not-lowered: dvar", right=DVAR)(
        "The exponent is wrong; the derivative of (var + ε)^(−1/2) is −½ · (var + ε)^(−3/2)",
        lambda s: [
            0 - s.sum(s.dxhat * s.right.centered * root, *s.axes) / 2 for root in (s.right.root, s.right.root**2)
        ],
    ),
    norm("xhat-for-difference: dvar", lambda s: 0 - s.sum(s.dxhat * s.xhat * s.right.root**3, *s.axes) / 2, right=DVAR)(
        "The normalized xhat stands where x − mean belongs"
    ),
    norm("gradient-averaged: dmean", averaged)(
        "The gradient was averaged; dmean is a sum: dmean = −Σ dxhat / √(var + ε)."
    ),
    norm("x-for-xhat: dgamma", lambda s: s.of_scale(s.g * s.x), right=DGAMMA)(
        "The input x was multiplied by g instead of the normalized xhat"
    ),
    norm("xhat-forgotten: dgamma", lambda s: s.of_scale(s.g), right=DGAMMA)(
        "The gradients were added up without xhat, which γ multiplies"
    ),
    norm("y-for-xhat: dgamma", lambda s: s.of_scale(s.g * s.y), right=DGAMMA)(
        "The output y was multiplied by g instead of the normalized xhat, which γ multiplies"
    ),
    norm("gamma-multiplied-in: dgamma dbeta", lambda s: s.again() * s.gamma)(
        f"The scale γ was multiplied in; neither of these gradients contains γ: {DGAMMA}, dβ = Σ g."
    ),
    norm("gradient-averaged: dgamma dbeta", averaged)(
        f"The gradient was averaged; it is the sum over all elements that γ and β act on: {DGAMMA}, dβ = Σ g."
    ),
    norm("summed-over-wrong-axes: dgamma dbeta")(
        "The gradient was not summed, or summed over the wrong axes; one γ and one β act on a whole channel in all"
        " samples (with `over: activation`: on one activation in all samples), so sum over all of these:"
        f" {DGAMMA}, dβ = Σ g.",
        lambda s: (
            (each := s.g * s.xhat if s.tensor == "dgamma" else s.g) is not None
            and [each, *(s.sum(each, *axes) for axes in s.other_axes)]
        ),
    ),
    # Wrong ways to normalize
    wrongly(f"epsilon-forgotten: {ALL}", right=XHAT)(
        "The constant ε was forgotten", lambda s: replace(s.right, root=s.over(s.numbers.sqrt(s.spread("var"))))
    ),
    wrongly(f"epsilon-outside-root: {ALL}", right=XHAT)(
        "The constant ε was added outside the root; it is added to the variance, under the root",
        lambda s: replace(s.right, root=s.over(s.numbers.sqrt(s.spread("var")) + s.eps)),
    ),
    wrongly(f"epsilon-as-floor: {ALL}", as_floor)(
        "The constant ε was taken as a lower limit of the variance, max(var, ε); it is added: √(var + ε)."
    ),
    wrongly(f"variance-for-deviation: {ALL}")(
        "It was divided by the variance or its square; divide by the standard deviation, √(var + ε).",
        lambda s: [replace(s.right, root=s.over((s.spread("var") + s.eps) ** power)) for power in (1, 2)],
    ),
    wrongly(f"~variance-divisor: {ALL}", other_divisor)(DIVISOR),
    wrongly("statistics-over-wrong-axes: xhat y dgamma dx")(
        AXES, *(lambda s, at=at: s.training and s.over_axes(s.other_axes[at]) for at in range(5))
    ),
    wrongly("statistics-of-other-mode: xhat y dgamma dx", other_mode)(
        "Training and inference were mixed up: in training mean and variance are those of the mini-batch; in inference"
        " they are the given ones, and constants."
    ),
    wrongly("mean-not-subtracted: xhat y dgamma", lambda s: replace(s.right, centered=s.x), right=XHAT)(
        "The mean was not subtracted"
    ),
    wrongly("mean-minus-x: xhat y dgamma", lambda s: replace(s.right, centered=0 - s.right.centered), right=XHAT)(
        "The difference has the wrong sign, mean − x"
    ),
    wrongly("deviation-forgotten: xhat y dgamma dvar dmean", right=XHAT)(
        "The division by √(var + ε) is missing", lambda s: replace(s.right, root=s.right.root * 0 + 1)
    ),
)
