"""What the forward pass leaves for the backward pass is never taken for that of something else."""

from typing import Any

import numpy as np

import cnncalc
from cnncalc.arithmetic.base import Arithmetic
from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.float64 import Float64
from cnncalc.arithmetic.second_use import SecondUse
from cnncalc.layers.conv import Conv
from cnncalc.solver import solve_in

KEPT = 8


def solving(numbers: Arithmetic) -> Arithmetic:
    """As while a problem is solved."""
    numbers.waiting = SecondUse(KEPT)
    return numbers


def test_what_is_kept_is_given_once_more() -> None:
    numbers, x, where, made = solving(Float64()), np.ones(3), object(), []

    def make() -> Any:
        made.append(np.ones(1))
        return made[-1]

    assert numbers.kept(x, where, make) is numbers.kept(x, where, make) is made[0]
    assert numbers.kept(x, where, make) is made[1]
    assert numbers.kept(x.copy(), where, make) is made[2]
    assert numbers.kept(x, object(), make) is made[3]
    assert numbers.kept(x, where, make) is made[1]
    others = [np.ones(1) for _ in range(KEPT + 1)]
    for other in others:
        # Made beforehand, so that nothing but a next x takes the place of one that is gone, and its number.
        assert numbers.kept(np.ones(3), where, lambda other=other: other) is other
    assert numbers.kept(x, where, make) is made[-1], "what has waited longest is forgotten"


def test_gradients_are_those_of_the_input_at_hand() -> None:
    """Though the columns of another were laid out before."""
    layer, weight, g = Conv(), np.ones((1, 1, 2, 2)), np.ones((1, 1, 2, 2))
    before, x = np.ones((1, 1, 3, 3)), np.arange(9.0).reshape(1, 1, 3, 3)
    numbers = solving(Float64())
    layer.forward(numbers, before, {"weight": weight})
    given = {"x": x, "weight": weight}
    assert layer.backward(numbers, g, given)["dweight"].tolist() == [[[[8, 12], [20, 24]]]]
    other = Conv(padding=((1, 0), (1, 0)))
    layer.forward(numbers, x, {"weight": weight})
    assert other.backward(numbers, np.ones((1, 1, 3, 3)), given)["dweight"].tolist() == [[[[8, 15], [21, 36]]]]


def test_matrices_are_those_at_hand() -> None:
    """Read once and used as they are and transposed; none is taken for another that lay in the same place."""
    numbers, draw = solving(Exact()), np.random.default_rng(7)
    right = draw.integers(-9, 9, (40, 3))
    for _ in range(3 * KEPT):
        left = draw.integers(-9, 9, (30, 40))
        a, b = numbers.array(left)[None], numbers.array(right)[None]
        for _ in range(3):
            product = numbers.matmul(a, b)
            assert product[0].tolist() == (left @ right).tolist()
            back = numbers.matmul(a.transpose(0, 2, 1), product)
            assert back[0].tolist() == (left.T @ left @ right).tolist()
        # This one waits when the array goes and leaves its place to the next.
        numbers.matmul(a, b)
        del a


def test_nothing_waits_after_a_solution() -> None:
    problem = cnncalc.loads(
        "input: [[[1, 2], [3, 4]]]\nlayers: [conv: {weight: [[1]]}]\nupstream: [[[1, 2], [3, 4]]]\n"
    )
    numbers = Float64()
    solve_in(numbers, problem)
    assert numbers.waiting is None


def test_large_matrices_are_not_kept() -> None:
    numbers = Exact()
    waiting = numbers.waiting = SecondUse(KEPT)
    a, b = numbers.array(np.ones((1, 300, 300))), numbers.array(np.ones((1, 300, 1)))
    key = (a.__array_interface__["data"][0], a[0].shape, a[0].strides)
    numbers.matmul(a, b)
    assert waiting.take(key) is None
    numbers.matmul(a[:, :30], b)
    assert waiting.take((key[0], (30, 300), key[2])) is not None
