"""Another convention used throughout a sheet: the problem, or the sheet, as somebody has it who keeps to that one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from cnncalc.checking.sheets.channel_order import KERNELS, laid_in_our_order, size_in_our_order
from cnncalc.language import Phrase
from cnncalc.layers.base import Layer, Loss
from cnncalc.losses.squared_error import SquaredError
from cnncalc.problem.names import quantity_name
from cnncalc.records import dataclass, replace

if TYPE_CHECKING:
    from cnncalc.checking.sheets.sheet import Answer, Sheet
    from cnncalc.problem.problem import Problem
    from cnncalc.trace import Trace

KERNEL_TURNED = Phrase(
    en="the kernels are rotated by 180° (true convolution); this problem lays them on as they stand"
    " (cross-correlation)",
    zh="卷积核旋转了 180°（真正的卷积），而本题不翻转卷积核（互相关）",
)
KERNEL_AS_IT_STANDS = Phrase(
    en="the kernels are laid on as they stand (cross-correlation); this problem says `flip: true` (true convolution)",
    zh="卷积核未翻转（互相关），而本题规定 `flip: true`（真正的卷积）",
)
FLATTENED_HWC = Phrase(
    en="maps are flattened position by position (H, W, C); this problem flattens them channel by channel (C, H, W)",
    zh="特征图按位置展平（H, W, C），而本题逐通道展平（C, H, W）",
)
FLATTENED_CHW = Phrase(
    en="maps are flattened channel by channel (C, H, W); this problem says `order: hwc` (H, W, C)",
    zh="特征图逐通道展平（C, H, W），而本题规定 `order: hwc`（H, W, C）",
)
TIES_SHARED = Phrase(
    en="tied maxima of a pool share the gradient; in this problem the first of them gets all of it",
    zh="池化窗口中并列的最大值平分梯度，而本题把梯度全部给第一个最大值",
)
TIES_FIRST = Phrase(
    en="of tied maxima of a pool the first gets the whole gradient; this problem says `ties: split`",
    zh="并列最大值中第一个得到全部梯度，而本题规定 `ties: split`（平分）",
)
PADDING_NOT_COUNTED = Phrase(
    en="averages are taken over the cells that lie on the image; this problem counts the padding too",
    zh="平均池化只计图像内的单元，而本题把填充的单元也计入",
)
PADDING_COUNTED = Phrase(
    en="averages are taken over the padding too; this problem says `count_padding: false`",
    zh="平均池化把填充的单元也计入，而本题规定 `count_padding: false`",
)
DIVIDED_BY_ONE_LESS = Phrase(
    en="the variance is divided by the count less one; this problem divides it by the count",
    zh="方差除以个数减一，而本题除以个数",
)
DIVIDED_BY_COUNT = Phrase(
    en="the variance is divided by the count; this problem says `variance: unbiased` (the count less one)",
    zh="方差除以个数，而本题规定 `variance: unbiased`（除以个数减一）",
)
SUMMED = Phrase(
    en="the loss is summed over the mini-batch; this problem takes the mean", zh="损失对小批量求和，而本题取平均"
)
AVERAGED = Phrase(
    en="the loss is averaged over the mini-batch; this problem says `reduction: sum`",
    zh="损失对小批量取平均，而本题规定 `reduction: sum`（求和）",
)
OTHER_DIVISOR = Phrase(
    en="the sum of squares is divided by {theirs}; this problem divides it by {ours}",
    zh="误差的平方和除以 {theirs}，而本题除以 {ours}",
)
CHANNELS_LAST = Phrase(
    en="the channel axis stands last ({theirs}); in this problem it stands first ({ours})",
    zh="通道维写在最后（{theirs}），而本题写在最前（{ours}）",
)

_OPTIONS: tuple[tuple[str, str, str, dict[Any, tuple[Any, Phrase]]], ...] = (
    ("kernel-flipped", "conv", "flip", {False: (True, KERNEL_TURNED), True: (False, KERNEL_AS_IT_STANDS)}),
    ("flatten-order", "flatten", "order", {"chw": ("hwc", FLATTENED_HWC), "hwc": ("chw", FLATTENED_CHW)}),
    ("tie-split", "max_pool", "ties", {"first": ("split", TIES_SHARED), "split": ("first", TIES_FIRST)}),
    (
        "padding-in-divisor",
        "avg_pool",
        "count_padding",
        {True: (False, PADDING_NOT_COUNTED), False: (True, PADDING_COUNTED)},
    ),
    (
        "variance-divisor",
        "batch_norm",
        "variance",
        {"biased": ("unbiased", DIVIDED_BY_ONE_LESS), "unbiased": ("biased", DIVIDED_BY_COUNT)},
    ),
)
"""Code, layer type, option; and by its value in the problem what the other one is and what is said of it."""
ToProblem: TypeAlias = "Callable[[Problem], Problem]"
ToSheet: TypeAlias = "Callable[[Sheet, Trace], Sheet]"


@dataclass(frozen=True)
class Convention:
    """One that a sheet may keep to. It changes the problem, or how the numbers of the sheet lie."""

    code: str
    phrase: Phrase
    """What the sheet does, and what the problem says."""
    to_problem: ToProblem | None = None
    to_sheet: ToSheet | None = None
    outputs: frozenset[str] = frozenset()
    """Tensors that would have to be different, as a rule."""


def conventions(problem: Problem) -> Iterator[Convention]:
    """Those that make a difference in a problem's layers and loss."""
    yield from _of_layers(problem)
    if problem.loss is not None:
        yield from _of_loss(problem.loss.loss, problem)
    if any(len(entry.input_shape) == 3 and entry.input_shape[0] > 1 for entry in problem.layers):
        for kernel, axes in KERNELS:
            phrase = CHANNELS_LAST.format(theirs=f"H, W, C; {kernel}", ours="C, H, W; C_out, C_in, kH, kW")
            yield Convention("channels-last", phrase, to_sheet=_channels_last(axes))


def _of_layers(problem: Problem) -> Iterator[Convention]:
    for code, type_, option, others in _OPTIONS:
        entries = [entry for entry in problem.layers if entry.layer.type == type_]
        values = {getattr(entry.layer, option) for entry in entries}
        if len(values) != 1:
            continue
        other, phrase = others[values.pop()]
        outputs = frozenset(entry.name for entry in entries) if type_ != "max_pool" else frozenset()

        def to_problem(problem: Problem, type_: str = type_, option: str = option, other: Any = other) -> Problem:
            def changed(layer: Layer) -> Layer:
                return replace(layer, **{option: other}) if layer.type == type_ else layer

            layers = tuple(replace(entry, layer=changed(entry.layer)) for entry in problem.layers)
            return replace(problem, layers=layers)

        yield Convention(code, phrase, to_problem, outputs=outputs)


def _of_loss(loss: Loss, problem: Problem) -> Iterator[Convention]:
    name = frozenset([problem.loss_name])

    def with_loss(other: Loss) -> ToProblem:
        return lambda problem: replace(problem, loss=problem.loss and replace(problem.loss, loss=other))

    if (problem.batch or 1) > 1:
        mean = loss.reduction == "mean"
        other = replace(loss, reduction="sum" if mean else "mean")
        yield Convention("other-reduction", SUMMED if mean else AVERAGED, with_loss(other), outputs=name)
    if isinstance(loss, SquaredError) and problem.layers:
        shape = problem.layers[-1].output_shape
        ours = loss.divisor(shape)
        for divisor in dict.fromkeys((1, 2, prod(shape), 2 * prod(shape))):
            if divisor != ours:
                phrase = OTHER_DIVISOR.format(theirs=divisor, ours=ours)
                yield Convention("wrong-divisor", phrase, with_loss(_divided(loss, divisor)), outputs=name)


def _divided(loss: SquaredError, divisor: int) -> Loss:
    """The same squared error over another divisor."""
    as_it_is = {
        "divisor": lambda self, x: divisor,
        "__module__": type(loss).__module__,
    }  # by which its mistakes are found
    made: type[SquaredError] = type(type(loss).__name__, (type(loss),), as_it_is)
    return made(loss.reduction)


def _channels_last(kernel: tuple[int, ...]) -> ToSheet:
    def to_sheet(sheet: Sheet, trace: Trace) -> Sheet:
        return replace(sheet, answers=tuple(_turned(answer, trace, kernel) for answer in sheet.answers))

    return to_sheet


def _turned(answer: Answer, trace: Trace, kernel: tuple[int, ...]) -> Answer:
    """An answer whose channels stand last, in the problem's order; as it is where it has another shape."""
    typed = answer.typed
    name = trace.resolve(answer.name)
    if typed is None or typed.entries is None or name is None:
        return answer
    tensor = trace[name]
    asked = quantity_name(name)
    if asked is not None and asked[0] == "shape":
        return replace(answer, typed=size_in_our_order(typed) or typed)
    return replace(answer, typed=laid_in_our_order(typed, tensor, kernel) or typed)
