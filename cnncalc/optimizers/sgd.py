"""Plain gradient descent: `sgd`."""

from collections.abc import Mapping

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import option
from cnncalc.optimizers.rule import LR, Lines, Rational, UpdateRule, X, one

ONE_BY_ONE = Phrase(
    en="The samples are looked at in order, over and over; a step is a correction by one that is on the wrong side.",
    zh="按顺序逐个检查样本，循环进行；遇到误分类的样本就更新一次，每次更新为一步。",
)


class Sgd(UpdateRule):
    """y = x − lr · gradient, of any shape, as in PyTorch's SGD without momentum."""

    type = "sgd"
    example = """\
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


class Perceptron(Sgd):
    """y = x − lr · gradient of the perceptron's loss, one sample after the other: w + lr · t · x for each mistake.

    A step is a correction; samples that are right are passed over, until a whole pass has no mistake.
    """

    type = "perceptron"
    example = """\
input: {name: x, value: [[3, 3], [4, 3], [1, 1]]}
layers:
  - fc:
      name: z
      weight: {name: w, value: [[0, 0]]}
      bias: {name: b, value: [0]}
loss:
  perceptron_loss: {target: [[1], [1], [-1]]}
update:
  perceptron: {lr: 1}
"""
    lr: Rational | None = option(1, "number", LR)

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Whose turn it is."""
        return (ONE_BY_ONE,)
