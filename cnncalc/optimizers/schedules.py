"""How the learning rate goes from step to step: `step`, `multistep`, `exponential`, `inverse`, `polynomial`, …"""

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cnncalc.language import NOTHING, Phrase, marked_up
from cnncalc.layers.base import option
from cnncalc.optimizers.rule import Rational, power, product
from cnncalc.records import Record

ROUNDED = Phrase("learning rates: those of a cosine are rounded to 15 digits, and the steps are computed with these")


class Schedule(Record):
    """Its options; those that it has no use for are None."""

    step_size: int | None = option(None, "count", Phrase("after so many steps the rate changes"))
    gamma: Rational | None = option(None, "number", Phrase("what the rate is multiplied by"))
    T_max: int | None = option(None, "count", Phrase("the steps down to the lowest rate"))
    eta_min: Rational | None = option(None, "number", Phrase("the lowest rate"))
    steps: int | None = option(None, "count", Phrase("the steps up to the whole rate"))
    milestones: tuple[int, ...] | None = option(None, "classes", Phrase("the steps after which the rate changes"))
    decay: Rational | None = option(None, "number", Phrase("k in lr / (1 + k·t)"))
    total: int | None = option(None, "count", Phrase("the steps down to 0"))
    degree: int | None = option(None, "count", Phrase("p in lr · (1 − t/total)^p"))


def _cosine(lr: Rational, by: Any, at: int) -> Rational:
    low, high = float(by.eta_min), float(lr)
    return Decimal(f"{low + (high - low) * (1 + math.cos(math.pi * at / by.T_max)) / 2:.15g}")


SCHEDULES: Mapping[str, tuple[Mapping[str, Any], Callable[[Rational, Any, int], Rational], str]] = {
    "step": (
        {"step_size": None, "gamma": Decimal("0.1")},
        lambda lr, by, at: product(lr, power(by.gamma, at // by.step_size)),
        r"<lr> \cdot <gamma>^{\lfloor t/<step_size> \rfloor}",
    ),
    "exponential": (
        {"gamma": None}, lambda lr, by, at: product(lr, power(by.gamma, at)), r"<lr> \cdot <gamma>^{t}"
    ),
    "multistep": (
        {"milestones": None, "gamma": Decimal("0.1")},
        lambda lr, by, at: product(lr, power(by.gamma, sum(at >= milestone for milestone in by.milestones))),
        r"<lr> \cdot <gamma>^{k}",
    ),
    "inverse": (
        {"decay": None},
        lambda lr, by, at: Fraction(lr) / (1 + Fraction(by.decay) * at),
        r"<lr>/\left(1 + <decay> \cdot t\right)",
    ),
    "polynomial": (
        {"total": None, "degree": 1},
        lambda lr, by, at: Fraction(lr) * (1 - Fraction(min(at, by.total), by.total)) ** by.degree,
        r"<lr> \cdot \left(1 - \min\left(t, <total>\right)/<total>\right)^{<degree>}",
    ),
    "cosine": (
        {"T_max": None, "eta_min": 0},
        _cosine,
        r"<eta_min> + \left(<lr> - <eta_min>\right) \cdot \left(1 + \cos\left(\pi \cdot t/<T_max>\right)\right)/2",
    ),
    "warmup": (
        {"steps": None},
        lambda lr, by, at: product(Fraction(at + 1, by.steps), lr) if at + 1 < by.steps else lr,
        r"<lr> \cdot \min\left(t + 1, <steps>\right)/<steps>",
    ),
}  # fmt: skip
"""By name: the options with their defaults (None must be given), and the rate of a step, counted from 0, as a rule and
as a formula."""
TOLD = Phrase("The learning rate of each step is ${rate}$, with $t$ the number of steps made before it{milestones}.")
MILESTONES = Phrase(" and $k$ how many of {milestones} it has reached")


def told(kind: str, lr: Rational, options: Mapping[str, Any]) -> Phrase:
    """How the rate goes, with its numbers put in."""
    known = {"lr": lr, **SCHEDULES[kind][0], **options}
    rate = re.sub(r"<(\w+)>", lambda found: str(known[found[1]]), SCHEDULES[kind][2])
    reached = ", ".join(map(str, known.get("milestones", ())))
    said = MILESTONES.format(milestones=reached) if reached else NOTHING
    return TOLD.format(rate=marked_up(rate), milestones=said)


def rates(kind: str, lr: Rational, options: Mapping[str, Any], steps: int, done: int = 0) -> tuple[Rational, ...]:
    """The learning rate of each step."""
    defaults, rate, _ = SCHEDULES[kind]
    by = Schedule(**{**defaults, **options})
    return tuple(rate(lr, by, done + at) for at in range(steps))
