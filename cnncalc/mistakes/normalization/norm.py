"""A step of a batch norm as its mistakes see it, and the ways to normalize."""

from __future__ import annotations

from math import prod
from typing import Any

from cnncalc.layers.normalization.batch_norm import InferenceBatchNorm
from cnncalc.mistakes.take import Take, need
from cnncalc.records import Record


class Norm(Take):
    """A step of a batch norm; statistics and parameters are laid out along the axes of x."""

    @property
    def training(self) -> bool:
        return not isinstance(self.layer, InferenceBatchNorm)

    @property
    def axes(self) -> tuple[int, ...]:
        return tuple(self.layer._axes(self.x))

    @property
    def other_axes(self) -> list[tuple[int, ...]]:
        """The batch alone, all of a channel, a sample's channel, a sample, everything; but not the right ones."""
        every = tuple(range(self.x.ndim))
        found = dict.fromkeys([(0,), (0, *every[2:]), every[2:], every[1:], every])
        return [axes for axes in found if axes and axes != self.axes]

    @property
    def eps(self) -> Any:
        return self.numbers.number(self.layer.eps)

    @property
    def dxhat(self) -> Any:
        return self.g * self.spread("gamma")

    def count(self, axes: tuple[int, ...] | None = None) -> int:
        return prod(self.x.shape[axis] for axis in (axes or self.axes))

    @property
    def divisor(self) -> int:
        return int(self.count() - (self.layer.variance == "unbiased"))

    def spread(self, local: str) -> Any:
        return self.layer._spread(self.scene[local], self.x)

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
        divisor = count - (self.layer.variance == "unbiased" and count > 1)
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
        return self.s.sum(self.s.g * self.xhat, *self.s.axes)

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
