"""Problems in letters, drawn at random: each letter with a value, so that the same problem can be solved in numbers."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np


class Drawn:
    """The text of a problem file; `values` says which number each letter stands for."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.values: dict[str, Fraction] = {}
        channels, height, width = self._pick(1, 2), self._pick(2, 4), self._pick(2, 4)
        lines = [f"input: {{name: x, {self._letters('x', (channels, height, width))}}}", "layers:"]
        lines += self._layers(channels, height, width)
        self.text = "\n".join(lines)

    def _pick(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def _letters(self, letter: str, shape: tuple[int, ...]) -> str:
        """`symbol` and `values`; half of the values are whole, so that ties and zeros come up."""
        values = np.empty(shape, dtype=object)
        short = shape
        while len(short) > 2 and short[0] == 1:
            short = short[1:]
        for index in np.ndindex(shape):
            value = Fraction(self._pick(-3, 3), self._pick(1, 2))
            values[index] = str(value)
            name = "_".join([letter, *(str(i + 1) for i in index[len(shape) - len(short) :])])
            self.values[name] = value
        return f"symbol: {letter}, shape: {list(shape)}, values: {values.tolist()}".replace("'", "")

    def _layers(self, channels: int, height: int, width: int) -> list[str]:
        outputs, kernel = self._pick(1, 2), (self._pick(1, min(2, height)), self._pick(1, min(3, width)))
        options = [f"weight: {{name: w, {self._letters('w', (outputs, channels, *kernel))}}}"]
        if self._pick(0, 1):
            options.append(f"bias: {{name: b, {self._letters('b', (outputs,))}}}")
        options.append(self._random.choice(["padding: 1", "stride: 2", "flip: true", "dilation: 1", "padding: same"]))
        lines = [f"- conv: {{name: y, {', '.join(options)}}}"]
        lines += self._random.choice(
            [["- relu"], ["- leaky_relu: {slope: 1/3}"], ["- max_pool: {size: 2, stride: 1, padding: 1}"],
             ["- avg_pool: {size: 1}"], ["- batch_norm: {eps: 0, mean: 1/2, var: 4, gamma: 3}"], []]
        )  # fmt: skip
        lines += ["- global_avg_pool", "- flatten"]
        lines.append(f"- fc: {{name: z, weight: {{name: v, {self._letters('v', (2, outputs))}}}}}")
        target = self._letters("t", (2,))
        return [*lines, f"loss: {{half_squared_error: {{target: {{{target}}}}}}}"]
