"""Several losses of one output as one: `loss: [{mse: {…, weight: 1/2}}, {l1: …}]`, each times its weight, added up."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar

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
from cnncalc.layers.indices import number_latex, swapped
from cnncalc.records import Record, replace

LETTERS = ("", *"bcdefghijklmnopqrstuvwxyz")
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
            factor = "" if member.weight == 1 else rf"{number_latex(member.weight)} \cdot "
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
        local += LETTERS[sum(other.loss.type == loss.type for other in members)]
        members.append(Member(local, "target" + LETTERS[at], weight, loss))
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
