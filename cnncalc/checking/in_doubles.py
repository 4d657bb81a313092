"""The true tensors in doubles: for a first look, and for how far off the numbers of a program are.

They branch as true numbers do. Where large terms cancel, as in 1 − p behind a saturated softmax, the last bits of those
are all that a program has left: so much is found by shaking the true numbers in their last bits at every step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from fractions import Fraction
from functools import cached_property, partial
from zlib import crc32

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, Doubles
from cnncalc.arithmetic.float64 import Float64
from cnncalc.checking.carried import CANNOT, Carried, Truth
from cnncalc.optimizers.rule import UpdateRule
from cnncalc.records import replace
from cnncalc.step import Step

TIE = 1e-12


class Branching(Float64):
    """Doubles that take two numbers for the same where only rounding tells them apart, as balls do."""

    name = "sketch"
    tie = TIE
    """Of a number: what two are apart that are taken for the same."""
    positive_part = Arithmetic.positive_part
    first_largest = Arithmetic.first_largest
    largest = Arithmetic.largest

    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        """Where a > b by more than rounding."""
        return np.asarray(a - b > self.tie * (1 + np.abs(a)))

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """Where a = b but for rounding."""
        return np.asarray(np.abs(a - b) <= self.tie * (1 + np.abs(a)))


class RoughTruth(Truth):
    """The true tensors in doubles."""

    def __init__(self, truth: Truth) -> None:
        self.__dict__.update(truth.__dict__)
        self.numbers = Branching()
        self._truth, self._made = truth, {}

    def _tensor(self, step: Step, local: str) -> Array:
        return self.balls.to_float(self._truth.tensor(step, local))


SHAKEN = 4
"""Times that a network is computed, on each way to write a gradient: no number comes out the same in all of them."""
KINK = 64
"""Times the part that is shaken: so near to a kink nothing tells on which side a number lies."""
BEYOND = 2
"""Times the largest deviation that was found: other programs add up in another order."""


class _Shaken(Carried):
    """Tensors in doubles, whose gradient before a softmax or its logarithm is the difference that people take."""

    def __init__(
        self, truth: Truth, sources: Mapping[str, Array], shake: Callable[[str, Array], Array], by_another_formula: bool
    ) -> None:
        """`shake` takes a name beside the numbers: it must not matter in which order tensors are asked for."""
        super().__init__(truth, sources, np.asarray, by_another_formula)
        self._shake = shake

    def passed_on(self, step: Step, local: str, computed: Array) -> Array:
        """Shaken, as often as it is read in the same way."""
        return self._shake(step.names[local], computed)

    def _recomputed(self, name: str) -> Array:
        made, (step, local) = super()._recomputed(name), self.truth.makers[name]
        if local != "dx" or step.layer.gives not in ("probabilities", "log-probabilities"):
            return made
        # Written so that nothing cancels, y·(g − Σ g·y) and g − e^y·Σ g would keep all their digits.
        y, g = self.local(step, "y"), np.abs(self.local(step, "g"))
        y, g = (np.abs(y), np.abs(y * g)) if step.layer.gives == "probabilities" else (np.exp(y), g)
        size = g + y * g.sum(axis=-1, keepdims=True)
        return made + np.where(np.isfinite(size), self._shake(f"terms of {name}", size) - size, 0)


SHARES = ("beta1", "beta2")
"""Options of an update of which people compute how far they are from 1."""
CORRECTED = {"mhat": "beta1", "vhat": "beta2"}
"""Means that are divided by 1 − β^t."""


class Noise:
    """That of a format whose numbers have so many bits."""

    def __init__(self, truth: Truth, bits: int) -> None:
        self._truth = truth
        self._part = 2.0 ** (1 - bits)
        self._known: dict[str, Doubles] = {}

    def of(self, name: str) -> Doubles:
        """How far off each element of a tensor may be, flat; 0 where that is not known."""
        if name not in self._known:
            self._known[name] = self._found(name)
        return self._known[name]

    @cached_property
    def _ways(self) -> list[_Shaken]:
        rough, trace = RoughTruth(self._truth), self._truth.trace
        # At a kink no side is taken that the true numbers do not take.
        rough.numbers = Branching()
        rough.numbers.tie = max(TIE, KINK * self._part)
        narrow = RoughTruth(self._truth)
        narrow.numbers = rough.numbers
        steps = {step.name: self._in_its_bits(step) for step, _ in rough.makers.values()}
        narrow.makers = {name: (steps[step.name], local) for name, (step, local) in rough.makers.items()}
        leaves = {one.name: one.value for one in trace if one.name not in self._truth.makers}
        made = []
        for seed in range(-2, 2 * SHAKEN):
            shake = partial(self._shaken, seed)
            sources = {name: shake(name, value) for name, value in leaves.items()}
            made.append(_Shaken(narrow if seed >= 0 else rough, sources, shake, by_another_formula=bool(seed % 2)))
        return made

    def _in_its_bits(self, step: Step) -> Step:
        """A step of an update by shares as the format has them: of 1 − 0.999 float32 keeps four digits."""
        shares = self._shares(step)
        return replace(step, layer=replace(step.layer, **shares)) if shares else step

    def _shares(self, step: Step) -> dict[str, Fraction]:
        shares, scale = {}, 2.0 / self._part
        for option in SHARES if isinstance(step.layer, UpdateRule) else ():
            if (share := getattr(step.layer, option, None)) is not None:
                mantissa, exponent = np.frexp(float(share))
                shares[option] = Fraction(float(np.ldexp(np.rint(mantissa * scale) / scale, exponent)))
        return shares

    def _of_correction(self, name: str) -> float:
        """How far off a corrected mean is, relatively, if 1 − β^t was computed in the format, and it was not."""
        step, local = self._truth.makers.get(name, (None, ""))
        option = CORRECTED.get(local, "")
        if step is None or not (share := self._shares(step).get(option)) or share >= 1:
            return 0.0
        times = getattr(step.layer, "step", 1)
        return abs(float((1 - Fraction(getattr(step.layer, option)) ** times) / (1 - share**times)) - 1)

    def _shaken(self, seed: int, name: str, values: Array) -> Array:
        if seed < 0:
            return np.asarray(values)
        random = np.random.default_rng([seed, crc32(name.encode())])
        return np.asarray(values * (1 + self._part * random.choice([-1.0, 1.0], np.shape(values))))

    @np.errstate(all="ignore")
    def _found(self, name: str) -> Doubles:
        true = np.asarray(self._truth.trace[name].value, np.float64).ravel()
        far = (self._part + self._of_correction(name)) * np.abs(true)
        still, *shaken = zip(self._ways[::2], self._ways[1::2], strict=True) if name in self._truth.makers else [()]
        with suppress(*CANNOT):
            for at, unshaken in enumerate(still):
                for ways in shaken:
                    far = np.maximum(far, np.abs(ways[at].as_read(name) - unshaken.as_read(name)).ravel())
        found: Doubles = np.where(np.isfinite(far), BEYOND * far, 0.0)
        return found
