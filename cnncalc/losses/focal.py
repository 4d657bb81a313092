"""Focal losses: cross-entropies in which what is right already hardly counts: `focal`, `binary_focal`."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import prod
from typing import Any

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import Real, X, applied
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.base import Apply, Entry, Setting, Term, option, small_problem
from cnncalc.layers.indices import number_latex, ratio
from cnncalc.losses.by_element import LOGITS, Addend, ByElement, T, over_samples
from cnncalc.losses.of_classes import REST_OF_T, REST_OF_X, OfClasses

_TIMES = r" \cdot "
GAMMA = Phrase("γ: the larger, the less a probability counts that is right already; 0 is the cross-entropy")
ALPHA = Phrase("α: what a target of 1 is multiplied by, and 1 − α that of 0; by default neither is")


def _raised(base: Apply, exponent: Real) -> tuple[Apply, ...]:
    """A power of a sum, as factors."""
    if exponent == int(exponent) and exponent >= 0:
        return (base,) * int(exponent)
    return (applied("exp", Term((applied("log", Term((base,))),), exponent)),)


def _focused(factor: Entry | Apply, p: Entry | Apply, rest: Apply, gamma: Real, sign: int = 1) -> tuple[Any, Any]:
    """−t · (1 − p)^γ · log p and its derivative by x, where p is x, or with the sign −1 what x leaves to 1."""
    log, over = applied("log", Term((p,))), applied("reciprocal", Term((p,)))
    slope = [Term((factor, *_raised(rest, gamma), over), -sign)]
    if gamma:
        slope.append(Term((factor, *_raised(rest, Fraction(gamma) - 1), log), Fraction(gamma) * sign))
    return (Term((factor, *_raised(rest, gamma), log), -1),), tuple(slope)


def _power(base: str, exponent: Real) -> str:
    """A factor in LaTeX with its dot; nothing where the exponent is 0."""
    if not exponent:
        return ""
    return base + (rf"^{{{number_latex(exponent)}}}" if exponent != 1 else "") + _TIMES


def _latex(t: str, p: str, rest: str, gamma: Real, weight: str = "") -> tuple[str, str]:
    """What is added, without its sign, and the derivative of that by p."""
    y = rf"{weight}{t} \cdot {_power(rest, gamma)}\log\left({p}\right)"
    slope = rf"{_power(rest, gamma)}\frac{{1}}{{{p}}}"
    if gamma:
        factor = "" if gamma == 1 else rf"{number_latex(gamma)} \cdot "
        slope += rf" - {factor}{_power(rest, Fraction(gamma) - 1)}\log\left({p}\right)"
    return y, rf"{weight}{t} \cdot \left({slope}\right)"


class Focal(OfClasses):
    """x (features), probabilities, and target t (features) to one number: −Σ t · (1 − x)^γ · log x, over the batch.

    dx = t · (γ · (1 − x)^(γ − 1) · log x − (1 − x)^γ / x), divided by N for the mean. `class_weights` are its α.
    """

    type = "focal"
    example = small_problem(
        "[[0, log(2), log(5)], [1, 0, -1]]", "softmax: {name: p}", loss="focal: {class: [3, 1]}", name="z"
    )
    takes = "probabilities"
    gamma: Real = option(2, "number", GAMMA, limit="from 0")
    logits: bool = option(False, "bool", LOGITS.format(layer="softmax"))

    def addends(self, numbers: Arithmetic, x: Array, target: Array) -> Iterator[Addend]:
        """Taken only where t is not 0."""
        yield Addend(~numbers.is_equal(target, 0), *_focused(T, X, REST_OF_X, self.gamma))

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum over the classes, and over the samples where there are any."""
        fraction, x = over_samples(self, setting), r"\x_{\n, \k}"
        y, dx = _latex(r"\target_{\n, \k}", x, rf"\left(1 - {x}\right)", self.gamma)
        return {"y": rf"\y = -{fraction}\sum_{{\n, \k}} {y}", "dx": rf"\dx_{{\n, \k}} = -{fraction}{dx}"}


class BinaryFocal(ByElement):
    """x and target t, each from 0 to 1, to one number: the mean of −t (1 − x)^γ log x − (1 − t) x^γ log(1 − x).

    With α the first is multiplied by α and the second by 1 − α: torchvision's sigmoid_focal_loss, which takes scores.
    """

    type = "binary_focal"
    example = small_problem(
        "[[0, log(3)], [1, -1]]",
        "sigmoid: {name: p}",
        loss="binary_focal: {target: [[1, 0], [0, 1]], alpha: 0.25}",
        name="z",
    )
    takes = "probabilities"
    usual = "sigmoid"
    target_is_probability = True
    gamma: Real = option(2, "number", GAMMA, limit="from 0")
    alpha: Real | None = option(None, "number", ALPHA, limit="from 0 to 1")
    logits: bool = option(False, "bool", LOGITS.format(layer="sigmoid"))

    def addends(self, numbers: Arithmetic, x: Array, target: Array) -> Iterator[Addend]:
        """Of a yes and of a no, taken only where the factor is not 0."""
        alpha = None if self.alpha is None else Fraction(self.alpha)
        sides: tuple[tuple[int, Entry | Apply, Entry | Apply, Apply, Any], ...] = (
            (1, T, X, REST_OF_X, alpha),
            (-1, REST_OF_T, REST_OF_X, applied("sum", Term((X,))), None if alpha is None else 1 - alpha),
        )
        for sign, factor, p, rest, weight in sides:
            made = _focused(factor, p, rest, self.gamma, sign)
            if weight is not None:
                made = tuple(tuple(Term(one.factors, one.coefficient * weight) for one in part) for part in made)  # type: ignore[assignment]
            yield Addend(~numbers.is_equal(target, int(sign < 0)), *made)

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The mean over the elements, and over the samples where there are any."""
        i, mean = indices(setting.x), over_samples(self, setting) + ratio(1, prod(setting.x))
        x, t = rf"\x_{{{i}}}", rf"\target_{{{i}}}"
        no, not_t = rf"\left(1 - {x}\right)", rf"\left(1 - {t}\right)"
        weights = ("", "")
        if self.alpha is not None:
            weights = (rf"{number_latex(self.alpha)} \cdot ", rf"{number_latex(1 - Fraction(self.alpha))} \cdot ")
        y, dx = _latex(t, x, no, self.gamma, weights[0])
        other, back = _latex(not_t, f"1 - {x}", x, self.gamma, weights[1])
        return {
            "y": rf"\y = -{mean}\sum_{{{i}}} \left({y} + {other}\right)",
            "dx": rf"\dx_{{{i}}} = {mean}\left({back} - {dx}\right)",
        }
