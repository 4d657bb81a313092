"""The laws of a layer, as functions that raise AssertionError where one is broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from cnncalc.arithmetic.ball import Ball
from cnncalc.arithmetic.base import Arithmetic, Array, Element
from cnncalc.arithmetic.closed.closed_form import ClosedForm
from cnncalc.arithmetic.enclosure import enclosure
from cnncalc.layers.evaluate import value

from .cases import Case

BITS = 600
STEP = Fraction(1, 10**30)
"""Of the central difference, whose error is of the order STEP²."""
CLOSE = Fraction(1, 10**45)


class Unmade(Mapping[str, Array]):
    """The tensors of a step, some of which are only being made: a layer that asks for one of those never ends."""

    def __init__(self, tensors: Mapping[str, Array], *unmade: str) -> None:
        self._tensors, self._unmade = tensors, unmade

    def __getitem__(self, local: str) -> Array:
        assert local not in self._unmade, f"{local} is asked for where it is made"
        return self._tensors[local]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._tensors, **dict.fromkeys(self._unmade)})

    def __len__(self) -> int:
        return len({*self._tensors, *self._unmade})


@dataclass(frozen=True)
class Run:
    """A layer at work in an arithmetic: all tensors by local name, and the names of those that it computed."""

    case: Case
    numbers: Arithmetic
    tensors: Mapping[str, Array]
    made: list[str]


def run(case: Case, numbers: Arithmetic) -> Run:
    """What a layer makes of its case, what is made on request too."""
    x, parameters, g = case.arrays(numbers)
    forward = case.layer.forward(numbers, x, parameters)
    tensors = {"x": x, **parameters, **forward}
    backward = case.layer.backward(numbers, g, Unmade(tensors, *(f"d{name}" for name in ("x", *parameters))))
    for name, make in case.layer.requested(numbers, x, parameters).items():
        forward[name] = make()
    for name, make in case.layer.requested_backward(numbers, g, tensors).items():
        backward[name] = make()
    made = {name: np.asarray(array) for name, array in {**forward, **backward}.items()}
    names = [name for name in made if name != "path"]
    return Run(case, numbers, {"x": x, **parameters, "g": g, **made}, names)


def terms_add_up(made: Run) -> None:
    """Each element of each tensor is the sum of its terms."""
    numbers, tensors, layer = made.numbers, made.tensors, made.case.layer
    for name in made.made:
        # Of y a layer may ask for the shape.
        needed = Unmade(tensors, *{name} - {"y"})
        for index in np.ndindex(tensors[name].shape):
            element = np.asarray(tensors[name])[index]
            total = value(layer.terms(name, index, numbers, needed), numbers, tensors)
            assert same(numbers, total, element), f"{layer}: {name}{list(index)} is {element}, terms give {total}"


def definitions_are_the_tensors(made: Run) -> None:
    """A tensor written in others of its layer, in one way or another, is that tensor; `made` in float64."""
    layer, tensors = made.case.layer, made.tensors
    for name in made.made:
        for define in (layer.definition, layer.another_definition):
            whole = define(name, made.numbers, tensors)
            if whole is not None:
                np.testing.assert_allclose(whole, tensors[name], rtol=1e-9, atol=1e-9, err_msg=f"{layer}: {name}")


def shapes_are_as_announced(made: Run) -> None:
    """y has the shape that the shape rule says, each gradient that of its tensor."""
    case, tensors = made.case, made.tensors
    parameters = {name: array.shape[name in case.inputs :] for name, array in case.parameters.items()}
    announced = case.layer.output_shape(case.x.shape[1:], parameters)
    y = tensors["y"].shape
    assert (y[1:] if announced else y) == announced
    assert {*case.layer.on_request, *case.layer.on_request_backward} <= set(made.made)
    for name in made.made:
        if name.startswith("d") and name[1:] in tensors:
            assert tensors[name].shape == tensors[name[1:]].shape, name


def backward_is_the_derivative(made: Run) -> None:
    """dx and each parameter's gradient are the derivative of Σ g·y, to 45 places.

    The gradients are exact; the slope that they are held against is taken in balls, which cost a tenth of closed forms.
    """
    with Ball.precision(BITS):
        _slopes_are_given(made)


def _slopes_are_given(made: Run) -> None:
    numbers, case, tensors = Ball(), made.case, made.tensors
    step = numbers.number(STEP)
    x, parameters, g = case.arrays(numbers)
    balls = {"x": x, **parameters, "g": g}
    learned = [p.name for p in case.layer.parameters if p.learned and p.name in case.parameters]
    for name in dict.fromkeys([name for name in (*case.inputs, *learned) if name not in case.layer.fixed]):
        assert f"d{name}" in made.made, f"{case.layer} gives no d{name}"
        for index in np.ndindex(tensors[name].shape):
            ahead = _output(case, numbers, balls, name, index, step)
            behind = _output(case, numbers, balls, name, index, -step)
            slope = (ahead - behind) / (2 * step)
            given = tensors[f"d{name}"][index]
            exact = enclosure(given, BITS) if isinstance(given, ClosedForm) else numbers.enclose(np.asarray([given]))[0]
            is_near = abs(slope - exact) < numbers.number(CLOSE)  # for every value that the balls may have
            assert is_near, f"{case.layer}: d{name}{list(index)} is {given}, the slope is {slope}"


def _output(
    case: Case, numbers: Arithmetic, tensors: Mapping[str, Array], name: str, index: tuple[int, ...], step: Element
) -> Element:
    """Σ g·y with one element moved."""
    moved = {n: np.array(tensors[n]) for n in ("x", *case.parameters)}
    moved[name][index] = moved[name][index] + step
    y = case.layer.forward(numbers, moved.pop("x"), moved)["y"]
    return np.asarray(tensors["g"] * y).sum()


def arithmetics_agree(exact: Run, floating: Run) -> None:
    """float64 gives what the exact numbers are, to rounding."""
    assert exact.made == floating.made
    for name in exact.made:
        rounded, true = floating.tensors[name], exact.numbers.to_float(exact.tensors[name])
        np.testing.assert_allclose(rounded, true, rtol=1e-9, atol=1e-9, err_msg=f"{exact.case.layer}: {name}")
        assert not np.any(np.signbit(rounded) & (rounded == 0)), f"{name} holds a negative zero"


def chosen_are_given(made: Run) -> None:
    """What a layer says it only chooses holds numbers of its inputs, or of g, and zeros; `made` in float64."""
    case, tensors = made.case, made.tensors
    for name in case.layer.chosen & set(made.made) - {"path"}:
        given = [tensors[local].ravel() for local in (["g"] if name.startswith("d") else case.inputs)]
        assert np.isin(tensors[name], np.concatenate([*given, [0]])).all(), (
            f"{case.layer}: {name} has numbers of its own"
        )


def same(numbers: Arithmetic, a: Element, b: Element) -> bool:
    """Equal, or in a system that rounds nearly so."""
    if not numbers.proven:
        return bool(abs(a - b) <= 1e-9 * (1 + abs(b)))
    difference = np.empty(1, dtype=object)
    difference[0] = a - b
    return bool(numbers.is_equal(difference, 0).all())
