"""A loss made of others: several of one output, each times its weight, added up; and one with a penalty on weights.

`loss: [{mse: {…, weight: 1/2}}, {l1: …}]`; `penalty: {l2: …, l1: …}`, with any of the losses.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar, TypeVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import Real
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.base import (
    Doubt,
    Entry,
    Index,
    Loss,
    Parameter,
    Setting,
    Shape,
    ShapeError,
    Term,
    small_problem,
)  # fmt: skip
from cnncalc.layers.evaluate import mapped
from cnncalc.layers.indices import LETTERS as LETTERS_BY_RANK
from cnncalc.layers.indices import letters_of, number_latex, swapped
from cnncalc.records import Record, replace

OneLoss = TypeVar("OneLoss", bound=Loss)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SUFFIXES = ("", *LETTERS[1:])
"""Of the second of a kind, the third, …"""
CASES = r"\begin{cases}"


class Member(Record):
    """One of the losses."""

    local: str
    """What its value is called here: by its type, in letters."""
    target: str
    """What its target is called here."""
    weight: Real
    loss: Loss


class WeightedLosses(Loss):
    """y = Σ weight · loss, and dx likewise; each of the losses takes the same x, and has a target of its own."""

    type = "weighted_losses"
    example = small_problem(
        "[1, -2, 4]", loss="- mse: {target: [0.5, 1, 4.25], weight: 1/2}\n  - l1: {target: [2, 2.125, 1], weight: 3}"
    )
    members: ClassVar[Sequence[Member]] = ()

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Each of them, and the sum."""
        made: dict[str, Array] = {}
        total: Any = numbers.number(0)
        for member in self.members:
            made[member.local] = member.loss.forward(numbers, x, {"target": parameters[member.target]})["y"]
            total = total + made[member.local] * numbers.number(member.weight)
        return {**made, "y": np.asarray(total)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """What comes back from each, added up."""
        slopes = (
            member.loss.backward(numbers, g * numbers.number(member.weight), inner)["dx"]
            for member, inner in self._inside(tensors)
        )
        return {"dx": np.asarray(sum(slopes, numbers.number(0)))}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Those of each; where a derivative is told by cases, its sign stands for it."""
        made, values, slopes = {}, [], []
        at = indices(setting.x)
        for member in self.members:
            own = member.loss.formulas(replace(setting, parameters={"target": setting.x}))
            texts = {name: text.replace(r"\target", rf"\{member.target}") for name, text in own.items()}
            made[member.local] = texts["y"].replace(r"\y", rf"\{member.local}", 1)
            factor = _factor(member.weight)
            values.append(rf"{factor}\{member.local}")
            left, _, slope = texts["dx"].partition(" = ")
            slope = slope if at in left else swapped(slope)  # the classes of a cross-entropy are counted by k
            if CASES in slope:
                slopes.append(rf"{factor}\frac{{\partial \{member.local}}}{{\partial \x_{{{at}}}}}")
            else:
                slopes.append(rf"{factor}\left({slope}\right)" if factor or slopes else slope)
        return {**made, "y": rf"\y = {' + '.join(values)}", "dx": rf"\dx_{{{at}}} = {' + '.join(slopes)}"}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Each loss times its weight; of one of them its own; of dx those of all."""
        if tensor == "y":
            return [Term((Entry(member.local, ()),), member.weight) for member in self.members]
        made: list[Term] = []
        for member, inner in self._inside(tensors):
            if tensor in ("dx", member.local):
                own = member.loss.terms("dx" if tensor == "dx" else "y", index, numbers, inner)
                times = Fraction(member.weight) if tensor == "dx" else 1
                renamed = mapped(own, partial(_renamed, member.target))
                made += [Term(factors, c if times == 1 else Fraction(c) * times) for factors, c in renamed]
        return made

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Those of all."""
        found = (member.loss.conventions(numbers, inner) for member, inner in self._inside(tensors))
        return tuple(dict.fromkeys(phrase for own in found for phrase in own))

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Those of all, each of its own value."""
        return [
            replace(doubt, tensor=member.local if doubt.tensor == "y" else doubt.tensor)
            for member, inner in self._inside(tensors)
            for doubt in member.loss.doubts(numbers, inner)
        ]

    def check_input(self, x: Shape) -> None:
        """Of all; raises ShapeError."""
        for member in self.members:
            member.loss.check_input(x)

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """Every target is shaped like the input."""
        return {member.target: x for member in self.members}

    def _inside(self, tensors: Mapping[str, Array]) -> Iterator[tuple[Member, dict[str, Array]]]:
        """Each of them with the tensors that it is made of, as it calls them; its value is none of those."""
        for member in self.members:
            inner = {local: tensors[local] for local in ("x", "g") if local in tensors}
            yield member, {**inner, "target": tensors[member.target]}


def weighted(losses: Sequence[Loss], weights: Sequence[Real]) -> WeightedLosses:
    """One loss of several; raises ShapeError for one that makes more than its value on the way."""
    members: list[Member] = []
    for at, (loss, weight) in enumerate(zip(losses, weights, strict=True)):
        if loss.auxiliaries:
            message = f"{loss.type} cannot stand among several losses"
            raise ShapeError(message, "let it be the one loss of a problem", "weight")
        local = loss.type.replace("_", "").replace("1", "one")
        local += _SUFFIXES[sum(other.loss.type == loss.type for other in members)]
        members.append(Member(local, "target" + _SUFFIXES[at], weight, loss))
    domains = [loss.domain for loss in losses if loss.domain != "any"]
    made = type(
        "SeveralLosses",
        (WeightedLosses,),
        {
            "__module__": __name__,
            "parameters": tuple(Parameter(member.target, required=True, learned=False) for member in members),
            "auxiliaries": tuple(member.local for member in members),
            "members": tuple(members),
            "domain": domains[0] if domains else "any",
        },
    )
    return made(reduction=losses[0].reduction)  # type: ignore[no-any-return]


def _renamed(target: str, entry: Entry) -> Entry:
    return entry._replace(tensor=target) if entry.tensor == "target" else entry


AT_ZERO = Phrase("Some weights are 0; the derivative of their absolute value is taken as 0.")


class Penalised(Loss):
    """Mixed into a loss: y is what that gives, and `penalty` = l2 · Σ w² + l1 · Σ |w| over the weights, added up."""

    l2: ClassVar[Real] = 0
    l1: ClassVar[Real] = 0
    weights: ClassVar[tuple[str, ...]] = ()
    """The weights by the names that they have here."""

    @property
    def without(self) -> Loss:
        """The loss that it is mixed into."""
        above = type(self).__mro__
        return _with_options(above[above.index(Penalised) + 1], self)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The penalty, and the whole."""
        return self.beside(numbers, super().forward(numbers, x, parameters), parameters)  # type: ignore[safe-super]

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """That of the loss, and 2 · l2 · w + l1 · sign(w)."""
        made = self.beside(numbers, super().backward(numbers, g, tensors), tensors)  # type: ignore[safe-super]
        return made | {f"d{name}": made[f"d{name}"] * g for name in self.weights}

    def beside(self, numbers: Arithmetic, made: dict[str, Array], tensors: Mapping[str, Array]) -> dict[str, Array]:
        """The penalty is added to the loss, and has slopes by the weights alone."""
        if "y" not in made:
            twice, once = numbers.number(2 * Fraction(self.l2)), numbers.number(self.l1)
            for name in self.weights:
                w = tensors[name]
                made[f"d{name}"] = w * twice + _signs(numbers, w) * once if self.l1 else w * twice
            return made
        total = numbers.number(0)
        for name in self.weights:
            w = tensors[name]
            over = tuple(range(w.ndim))
            total = total + numbers.sum(w * w, axis=over) * numbers.number(self.l2)
            if self.l1:  # letters have no sign
                total = total + numbers.sum(w * _signs(numbers, w), axis=over) * numbers.number(self.l1)
        y = made.pop("y")
        return {**made, "penalty": np.asarray(total), "y": np.asarray(y + total)}

    def parts_of(self) -> tuple[str, ...]:
        """Those of the loss, and the penalty."""
        made: tuple[str, ...] = super().parts_of()
        return (*made, "penalty") if made else ()

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum over each weight."""
        made = dict(super().formulas(setting))  # type: ignore[safe-super]
        parts = []
        for name in self.weights:
            i = letters_of(setting, name)
            i = i if "\\" in i else LETTERS_BY_RANK[1]  # A lone slope is counted by no letter.
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
    made: type[Loss] = type(
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
    return _with_options(made, loss)


def with_factor(loss: Penalised, l2: Real) -> Penalised:
    """The same with another factor of the squares."""
    made: type[Penalised] = type(type(loss).__name__, (type(loss),), {"__module__": __name__, "l2": l2})
    return _with_options(made, loss)


def _with_options(kind: type[OneLoss], loss: Loss) -> OneLoss:
    """A loss of another kind with the options of this one."""
    return kind(**{field.name: getattr(loss, field.name) for field in fields(kind)})


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
