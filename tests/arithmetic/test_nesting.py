"""Functions within functions: no chain of layers is too deep for a number, and letters say where they end."""

from __future__ import annotations

import mpmath
import pytest

import cnncalc
from cnncalc.arithmetic.closed.closed_form import ClosedForm
from cnncalc.arithmetic.closed.letters_text import LettersWriter

from ..command import run

LETTERS = "input: {symbol: x, shape: [1]}\n"
VALUED = "input: {symbol: x, shape: [1], values: [1/2]}\n"
LOSS = "loss: {mse: {target: [1]}}\n"


def chain(start: str, layer: str, count: int, loss: str = LOSS) -> str:
    return start + "layers:\n" + f"- {layer}\n" * count + loss


def test_a_chain_of_hundreds_of_functions_is_solved_exactly() -> None:
    trace = cnncalc.solve(cnncalc.loads(chain("input: [1/2]\n", "sigmoid", 300)), "exact")
    with mpmath.workdps(400):
        x, slope = mpmath.mpf(1) / 2, mpmath.mpf(1)
        for _ in range(300):
            x = 1 / (1 + mpmath.exp(-x))
            slope *= x * (1 - x)
        expected = 2 * (x - 1) * slope
        found = trace.numbers.decimal(trace["dL/dinput"].elements[0], 30)
        assert str(found).lower() == mpmath.nstr(expected, 30)
    assert trace["sigmoid_300"].exact == [None]
    assert trace["sigmoid_1"].exact == ["1/(exp(-1/2) + 1)"]


@pytest.mark.parametrize("command", ["solve", "worked", "verify"])
def test_letters_say_where_they_are_nested_too_deep(command: str) -> None:
    result = run([command, "-"], stdin=chain(LETTERS, "sigmoid", 200).encode())
    assert result.returncode == 2
    assert "the sums of letters have grown too long" in result.stderr


def test_what_many_terms_share_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = cnncalc.solve(cnncalc.loads(chain(LETTERS, "silu", 6)))
    element = trace["dL/dinput"].elements[0]
    assert isinstance(element, ClosedForm)
    written: list[object] = []
    whole = LettersWriter._sum
    monkeypatch.setattr(LettersWriter, "_sum", lambda self, x: (written.append(x), whole(self, x))[1])
    text = trace["dL/dinput"].exact[0]
    # Each of the six denominators and exponents, and the sum of all terms.
    assert len(text) > 100_000
    assert len(written) < 100
    x = mpmath.mpf("0.3")
    y = x
    slope = mpmath.mpf(1)
    for _ in range(6):
        share = 1 / (1 + mpmath.exp(-y))
        slope *= share + y * share * (1 - share)
        y *= share
    assert mpmath.almosteq(eval(text, {"x_1": x, "exp": mpmath.exp}), 2 * (y - 1) * slope, 1e-6)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sums_of_letters_that_nobody_reads_are_left_out_and_that_is_said(language: str) -> None:
    text = chain(LETTERS, "sigmoid", 6).encode()
    result = run(["explain", "-", "dL/dinput[1]", "--language", language], stdin=text)
    assert result.returncode == 0
    assert max(map(len, result.stdout.splitlines())) <= 100
    assert "= ∂L/∂sigmoid_1[1]·" in result.stdout
    assert "--all" in result.stdout.splitlines()[-1]
    whole = run(["explain", "-", "dL/dinput[1]", "--language", language, "--all"], stdin=text)
    assert "…" not in whole.stdout.partition("x₁")[0]
    assert len(whole.stdout) > 10_000


def test_letters_with_values_show_what_long_sums_come_to() -> None:
    result = run(["explain", "-", "dL/dinput[1]"], stdin=chain(VALUED, "tanh", 5).encode())
    x, slope = mpmath.mpf(1) / 2, mpmath.mpf(1)
    for _ in range(5):
        x = mpmath.tanh(x)
        slope *= 1 - x**2
    assert f"≈ {mpmath.nstr(2 * (x - 1) * slope, 6)}" in result.stdout
    assert "…" not in result.stdout
