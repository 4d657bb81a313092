"""A loss behind the layer that makes its probabilities: computed from that layer's input, where numbers saturate.

In doubles the probabilities 1 − 10⁻²⁰ and 1 are one number, and 10⁻⁴⁰⁰ and 0 are; their logarithms are not. Whether
there are any say the layer (`logarithms`) and the loss (`slopes_of_logarithms`); no pair of the two is named anywhere.
In letters the same way back gives a − t, where the quotients of a and 1 − a would not be seen to cancel.
"""

from collections.abc import Mapping

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Layer, Loss
from cnncalc.records import Record
from cnncalc.step import Step

SATURATED = 2.0**-10
"""A probability this close to 0 or 1 is taken from its logarithms."""
TOLD = Phrase(
    "in float64 some elements of {y} are 0 or 1 to every digit, so {loss} and {gradient} are computed from {x}"
)
BEYOND = Phrase("∞ is a number larger than 1.8e308, which --numbers exact shows")


class Saturation(Record):
    """The layer before the loss, log y and log(1 − y) of it, and the slopes of the loss by those."""

    before: Step
    logarithms: tuple[Array, Array] | None
    """None in letters, of which none is 0 or 1: the loss is then what its formula says."""
    slopes: tuple[Array, Array]
    layer: Loss
    parameters: Mapping[str, Array]
    """Of the loss."""

    def loss(self, numbers: Arithmetic) -> dict[str, Array]:
        """What the loss's `forward` would give."""
        assert self.logarithms is not None
        (log_y, log_rest), (a, b) = self.logarithms, self.slopes
        total = _times(a, log_y) + _times(b, log_rest)
        y = numbers.sum(total, axis=tuple(range(total.ndim)))
        return self.layer.beside(numbers, {"y": y}, self.parameters)

    def slope(self, numbers: Arithmetic) -> dict[str, Array]:
        """What its `backward` would give: a/y − b/(1 − y), infinite where the system does not hold it."""
        return self.layer.beside(numbers, {"dx": self._slope()}, self.parameters)

    def _slope(self) -> Array:
        assert self.logarithms is not None
        (log_y, log_rest), (a, b) = self.logarithms, self.slopes
        with np.errstate(all="ignore"):
            return np.asarray(_times(a, np.exp(-log_y)) - _times(b, np.exp(-log_rest)) + 0.0)

    def gradient(self, numbers: Arithmetic) -> dict[str, Array]:
        """What the `backward` of the layer before it would give."""
        return {"dx": self.before.layer.through_logarithms(numbers, self.slopes, self.before.tensors)}

    def told(self, loss: str) -> tuple[Phrase, ...]:
        """What is to be said where a probability has become 0 or 1."""
        y = self.before.tensors["y"]
        if not ((y == 0) | (y == 1)).any():
            return ()
        x = self.before.names["x"]
        phrase = TOLD.format(y=self.before.name, loss=loss, x=x, gradient=f"d{loss}/d{x}")
        return (phrase,) if np.isfinite(self._slope()).all() else (phrase, BEYOND)


def saturation(
    numbers: Arithmetic, before: Step | None, loss: Layer, parameters: Mapping[str, Array]
) -> Saturation | None:
    """None where the loss is computed from the probabilities, as its formula says."""
    if before is None or not isinstance(loss, Loss):
        return None
    y = before.tensors["y"]
    has_letters = any(map(numbers.letters_of, y.ravel()))
    if not (numbers.saturates or has_letters):
        return None
    slopes = loss.slopes_of_logarithms(parameters["target"].reshape(y.shape))
    logarithms = None
    if has_letters:
        slopes = slopes if before.layer.gives == loss.takes else None
    elif ((y < SATURATED) | (y > 1 - SATURATED)).any():
        logarithms = before.layer.logarithms(numbers, before.tensors["x"])
    if slopes is None or (logarithms is None and not has_letters):
        return None
    return Saturation(before, logarithms, slopes, loss, parameters)


def _times(factor: Array, x: Array) -> Array:
    """The product; 0 where the factor is, however large x is."""
    return np.asarray(np.where(factor == 0, 0.0, factor * np.where(factor == 0, 0.0, x)))
