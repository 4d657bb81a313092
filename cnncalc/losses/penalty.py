"""A penalty on weights as part of a loss: `penalty: {l2: …, l1: …}`, with any of the losses."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Doubt, Entry, Index, Loss, Parameter, Setting, Shape, Term
from cnncalc.layers.indices import number_latex

Real = int | Decimal | Fraction
LETTERS = "abcdefghijklmnopqrstuvwxyz"
AT_ZERO = Phrase(
    en="Some weights are 0; the derivative of their absolute value is taken as 0.",
    zh="有权重恰为 0，其绝对值的导数取 0。",
)
_INDICES = {1: (r"\c",), 2: (r"\k", r"\i"), 3: (r"\f", r"\c", r"\p"), 4: (r"\f", r"\c", r"\p", r"\q")}


class Penalised(Loss):
    """Mixed into a loss: y is what that gives, and `penalty` = l2 · Σ w² + l1 · Σ |w| over the weights, added up."""

    l2: ClassVar[Real] = 0
    l1: ClassVar[Real] = 0
    weights: ClassVar[tuple[str, ...]] = ()
    """The weights by the names that they have here."""

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The penalty, and the whole."""
        made = super().forward(numbers, x, parameters)  # type: ignore[safe-super]
        total = numbers.number(0)
        for name in self.weights:
            w = parameters[name]
            over = tuple(range(w.ndim))
            total = total + numbers.sum(w * w, axis=over) * numbers.number(self.l2)
            if self.l1:  # letters have no sign
                total = total + numbers.sum(w * _signs(numbers, w), axis=over) * numbers.number(self.l1)
        y = made.pop("y")
        return {**made, "penalty": np.asarray(total), "y": np.asarray(y + total)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """That of the loss, and 2 · l2 · w + l1 · sign(w)."""
        made = super().backward(numbers, g, tensors)  # type: ignore[safe-super]
        twice, once = numbers.number(2 * Fraction(self.l2)), numbers.number(self.l1)
        for name in self.weights:
            w = tensors[name]
            made[f"d{name}"] = (w * twice + _signs(numbers, w) * once if self.l1 else w * twice) * g
        return made

    def slopes_of_logarithms(self, target: Array) -> tuple[Array, Array] | None:
        """A number is added to them."""
        return None

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum over each weight."""
        made = dict(super().formulas(setting))  # type: ignore[safe-super]
        parts = []
        for name in self.weights:
            i = ", ".join(_INDICES[len(setting.parameters[name])])
            w = rf"\{name}_{{{i}}}"
            slopes = []
            if self.l2:
                parts.append(rf"{_factor(self.l2)}\sum_{{{i}}} {w}^{{2}}")
                slopes.append(rf"{_factor(_times(2, self.l2))}{w}")
            if self.l1:
                parts.append(rf"{_factor(self.l1)}\sum_{{{i}}} \left|{w}\right|")
                slopes.append(rf"{_factor(self.l1)}\operatorname{{sign}}\left({w}\right)")
            made[f"d{name}"] = rf"\d{name}_{{{i}}} = {' + '.join(slopes)}"
        return {**made, "penalty": rf"\penalty = {' + '.join(parts)}", "y": made["y"] + r" + \penalty"}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Each weight's square and size."""
        if tensor == "penalty":
            return [
                term
                for name in self.weights
                for at in np.ndindex(tensors[name].shape)
                for term in self._of_weight(numbers, Entry(name, at), tensors[name][at])
            ]
        if tensor[1:] in self.weights:
            entry, g = Entry(tensor[1:], index), Entry("g", ())
            sign = _sign(numbers, tensors[tensor[1:]][index]) if self.l1 else 0
            made = [Term((g, entry), _times(2, self.l2))] if self.l2 else []
            return [*made, Term((g,), _times(sign, self.l1))] if self.l1 and sign else made
        made = super().terms(tensor, index, numbers, tensors)  # type: ignore[safe-super]
        return [*made, Term((Entry("penalty", ()),))] if tensor == "y" else made

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Those of the loss, and weights that are 0 below an absolute value."""
        found = super().doubts(numbers, tensors)
        if self.l1 and any(numbers.is_known_equal(tensors[name], 0).any() for name in self.weights):
            found.append(Doubt("y", ((),), AT_ZERO))
        return found

    def _of_weight(self, numbers: Arithmetic, entry: Entry, element: object) -> list[Term]:
        made = [Term((entry, entry), self.l2)] if self.l2 else []
        sign = _sign(numbers, element) if self.l1 else 0
        return [*made, Term((entry,), _times(sign, self.l1))] if self.l1 and sign else made


def penalised(loss: Loss, shapes: Sequence[Shape], l2: Real, l1: Real) -> Loss:
    """The loss with a penalty on weights of some shapes; they go by `wa`, `wb`, … there."""
    names = names_of(len(shapes))
    made = type(
        "PenalisedLoss",
        (Penalised, type(loss)),
        {
            "__module__": __name__,
            "parameters": (*loss.parameters, *(Parameter(name) for name in names)),
            "auxiliaries": (*loss.auxiliaries, "penalty"),
            "weights": names,
            "l2": l2,
            "l1": l1,
        },
    )
    return made(**{field.name: getattr(loss, field.name) for field in fields(loss)})  # type: ignore[no-any-return]


def names_of(count: int) -> tuple[str, ...]:
    """`wa`, `wb`, …, `wz`, `waa`, …: letters only, as macros must be."""
    return tuple(
        "w" + ("" if number < len(LETTERS) else LETTERS[number // len(LETTERS) - 1]) + LETTERS[number % len(LETTERS)]
        for number in range(count)
    )


def _signs(numbers: Arithmetic, w: Array) -> Array:
    ones = numbers.full(w.shape, numbers.number(1))
    return numbers.gated(ones, numbers.is_greater(w, 0)) - numbers.gated(ones, numbers.is_greater(0 - w, 0))


def _sign(numbers: Arithmetic, element: object) -> int:
    cell = np.asarray(element)
    return int(numbers.is_greater(cell, 0)) - int(numbers.is_greater(0 - cell, 0))


def _times(count: int, number: Real) -> Real:
    """The product to the last digit, as a decimal where the number was typed so."""
    if not isinstance(number, Decimal):
        return count * number
    with localcontext(prec=len(number.as_tuple().digits) + 1):
        return count * number


def _factor(number: Real) -> str:
    """A factor in LaTeX."""
    return "" if number == 1 else rf"{number_latex(number)} \cdot "
