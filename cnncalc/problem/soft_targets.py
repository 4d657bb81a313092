"""What smoothed labels, weights of classes and classes that do not count make of a target."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.expression import Operation
from cnncalc.language import Phrase
from cnncalc.losses.of_classes import OfClasses
from cnncalc.problem.tensor.typed import object_array
from cnncalc.records import replace

SMOOTHED = Phrase(
    en="label smoothing {part}: the target is (1 − {part}) · t + {part}/{count} for each of the {count} classes",
    zh="标签平滑 {part}：{count} 个类别的目标均取 (1 − {part}) · t + {part}/{count}",
)
WEIGHTED = Phrase(
    en="the target of each class is multiplied by its weight ({weights}); the mean divides by {divisor}, {what}",
    zh="各类别的目标乘以其权重（{weights}）；平均时除以 {divisor}，即{what}",
)
SUMMED = Phrase(
    en="the target of each class is multiplied by its weight ({weights})", zh="各类别的目标乘以其权重（{weights}）"
)
BY_WEIGHTS = Phrase(
    en="the sum of the weights of the samples' classes, as in PyTorch", zh="各样本类别权重之和（与 PyTorch 一致）"
)
BY_SAMPLES = Phrase(en="the number of samples", zh="样本数")
IGNORED = Phrase(
    en="{count} samples are of classes that do not count; the mean is over the others",
    zh="有 {count} 个样本属于不计入的类别；只对其余样本求平均",
)
ONE_IGNORED = Phrase(
    en="one sample is of a class that does not count; the mean is over the others",
    zh="有 1 个样本属于不计入的类别；只对其余样本求平均",
)


def with_options(
    loss: OfClasses, target: Array, is_class: bool, counts: list[bool], notices: list[Phrase]
) -> tuple[OfClasses, Array]:
    """The loss, knowing what its mean divides by, and the target as it goes into the sum.

    `target` is (N, K) as typed, `is_class` whether it was given by `class`; `counts` says which samples do.
    """
    smoothing, weights, classes = Fraction(loss.label_smoothing), loss.class_weights, target.shape[1]
    made, rows = target, np.arange(len(target))
    divisor: Fraction | None = None
    if not all(counts):
        left_out = counts.count(False)
        notices.append(ONE_IGNORED if left_out == 1 else IGNORED.format(count=left_out))
        divisor = Fraction(counts.count(True))
    if weights and is_class and loss.mean_over == "weights":
        of_right = [weights[int(np.argmax([entry == 1 for entry in target[n]]))] for n in rows if counts[n]]
        divisor = sum((Fraction(weight) for weight in of_right), Fraction(0))
    if smoothing:
        part = Fraction(smoothing, classes)
        made = _each(made, lambda n, k, t: _scaled(t, 1 - smoothing, part))
        notices.append(SMOOTHED.format(part=str(loss.label_smoothing), count=classes))
    if weights:
        made = _each(made, lambda n, k, t: _scaled(t, Fraction(weights[k]), Fraction(0)))
        shown = ", ".join(map(str, weights))
        if loss.reduction == "mean":
            what = BY_WEIGHTS if is_class and loss.mean_over == "weights" else BY_SAMPLES
            notices.append(WEIGHTED.format(weights=shown, divisor=str(divisor or len(target)), what=what))
        else:
            notices.append(SUMMED.format(weights=shown))
    if not all(counts):
        made = _each(made, lambda n, k, t: t if counts[n] else 0)
    return replace(loss, mean_divisor=divisor), made


def _each(target: Array, change: Callable[[int, int, Any], Any]) -> Array:
    return object_array([change(n, k, target[n, k]) for n, k in np.ndindex(target.shape)], target.shape)


def _scaled(entry: Any, factor: Fraction, more: Fraction) -> Any:
    """factor · entry + more, exactly; of letters and roots as an expression."""
    if isinstance(entry, float):
        return entry * float(factor) + float(more)
    try:
        made = Fraction(entry) * factor + more
        return int(made) if made.denominator == 1 else made
    except TypeError:
        product = Operation("*", factor, entry)
        return Operation("+", product, more) if more else product
