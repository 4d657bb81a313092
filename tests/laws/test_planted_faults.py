"""The laws themselves: each must catch a layer in which one thing was made wrong on purpose."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.float64 import Float64
from cnncalc.layers import REGISTRY
from cnncalc.layers.base import Index, Layer, Term

from . import laws
from .cases import Case

Conv, Relu, MaxPool, Add = REGISTRY["conv"], REGISTRY["relu"], REGISTRY["max_pool"], REGISTRY["add"]
Silu = REGISTRY["silu"]


def cells(*shape: int, start: int = 1) -> Array:
    array = np.empty(int(np.prod(shape)), dtype=object)
    array[:] = [Fraction(start + 7 * k % 11, 2) for k in range(array.size)]
    return array.reshape(shape)


def conv_case(layer: Layer) -> Case:
    return Case(layer, cells(1, 2, 4, 4), {"weight": cells(2, 2, 2, 2, start=-3)}, cells(1, 2, 3, 3, start=2))


class KernelNotRotatedBackward(Conv):  # type: ignore[misc, valid-type]
    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        turned = {"x": tensors["x"], "weight": tensors["weight"][:, :, ::-1, ::-1]}
        return {**super().backward(numbers, g, tensors), "dx": super().backward(numbers, g, turned)["dx"]}


class WeightGradientAveraged(Conv):  # type: ignore[misc, valid-type]
    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        gradients = super().backward(numbers, g, tensors)
        return {**gradients, "dweight": gradients["dweight"] / 9}


class KernelTurnedForward(Conv):  # type: ignore[misc, valid-type]
    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        return super().forward(numbers, x, {**parameters, "weight": parameters["weight"][:, :, ::-1, ::-1]})


class TermForgotten(Conv):  # type: ignore[misc, valid-type]
    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        return super().terms(tensor, index, numbers, tensors)[1:]


class RoundsInFloat(Relu):  # type: ignore[misc, valid-type]
    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        y = super().forward(numbers, x, parameters)["y"]
        return {"y": y if numbers.proven else np.round(y.astype(float), 6)}


class OtherDefinition(Silu):  # type: ignore[misc, valid-type]
    def definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array | None:
        whole = super().definition(tensor, numbers, tensors)
        return None if whole is None else whole * 2


class SecondInputPassedBy(Add):  # type: ignore[misc, valid-type]
    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        gradients = super().backward(numbers, g, tensors)
        return {**gradients, "dxb": gradients["dxb"] * 0}


def test_right_layers_pass() -> None:
    made = laws.run(conv_case(Conv()), Exact())
    laws.backward_is_the_derivative(made)
    laws.terms_add_up(made)
    laws.arithmetics_agree(made, laws.run(conv_case(Conv()), Float64()))


def test_a_wrong_forward_breaks_the_terms() -> None:
    with pytest.raises(AssertionError, match=r"y.* terms give"):
        laws.terms_add_up(laws.run(conv_case(KernelTurnedForward()), Exact()))


@pytest.mark.parametrize("layer", [KernelNotRotatedBackward(), WeightGradientAveraged()])
def test_a_wrong_gradient_breaks_the_derivative(layer: Layer) -> None:
    with pytest.raises(AssertionError, match="the slope is"):
        laws.backward_is_the_derivative(laws.run(conv_case(layer), Exact()))


def test_a_wrong_gradient_of_a_second_input_breaks_the_derivative() -> None:
    case = Case(SecondInputPassedBy(), cells(1, 2), {"xb": cells(1, 2, start=3)}, cells(1, 2, start=4))
    with pytest.raises(AssertionError, match=r"dxb.*the slope is"):
        laws.backward_is_the_derivative(laws.run(case, Exact()))


def test_a_forgotten_term_breaks_the_terms() -> None:
    with pytest.raises(AssertionError, match="terms give"):
        laws.terms_add_up(laws.run(conv_case(TermForgotten()), Exact()))


def test_a_definition_of_something_else_is_seen() -> None:
    for layer in (Silu(), OtherDefinition()):
        made = laws.run(Case(layer, cells(1, 3), {}, cells(1, 3, start=2)), Float64())
        if isinstance(layer, OtherDefinition):
            with pytest.raises(AssertionError, match="dx"):
                laws.definitions_are_the_tensors(made)
        else:
            laws.definitions_are_the_tensors(made)


def test_an_arithmetic_that_differs_is_seen() -> None:
    case = Case(RoundsInFloat(), np.asarray([[Fraction(1, 3)]], dtype=object), {}, np.asarray([[1]], dtype=object))
    with pytest.raises(AssertionError, match="y"):
        laws.arithmetics_agree(laws.run(case, Exact()), laws.run(case, Float64()))


def test_full_gradient_to_every_tied_cell_breaks_the_terms() -> None:
    """A tie sends the whole gradient to the first cell; `split` shares it; both hold, and neither is the other."""
    x = np.full((1, 1, 2, 2), 3, dtype=object)
    g = np.full((1, 1, 1, 1), 8, dtype=object)
    gradients: dict[str, Any] = {}
    for ties in ("first", "split"):
        case = Case(MaxPool(size=(2, 2), ties=ties), x, {}, g)
        made = laws.run(case, Exact())
        laws.terms_add_up(made)
        gradients[ties] = [str(v) for v in made.tensors["dx"].ravel()]
    assert gradients == {"first": ["8", "0", "0", "0"], "split": ["2", "2", "2", "2"]}
