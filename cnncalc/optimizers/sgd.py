"""Plain gradient descent: `sgd`."""

from typing import ClassVar

from cnncalc.optimizers.rule import Lines, UpdateRule, X, one
from cnncalc.records import dataclass


@dataclass(frozen=True)
class Sgd(UpdateRule):
    """y = x − lr · gradient, of any shape, as in PyTorch's SGD without momentum."""

    type: ClassVar[str] = "sgd"
    auxiliaries: ClassVar[tuple[str, ...]] = ("regularized",)
    example: ClassVar[str] = """\
input: {name: x, value: [1, 2]}
layers:
  - fc:
      name: y
      weight: {name: W, value: [[3, -1], [1/2, 2]]}
      bias: {name: b, value: [0, 1]}
loss:
  half_squared_error: {target: [2, 3]}
update:
  sgd: {lr: 0.15, only: [W]}
"""

    def lines(self) -> Lines:
        """One step against the gradient."""
        return {**self.decay(), "y": (one(X), one(self.slope, times=-self.rate))}
