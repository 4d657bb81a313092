"""Images and kernels whose channels stand last, as TensorFlow has them, laid in our order.

`order: hwc` in the file says so, or an input's shape does: of 8×8×3, three channels go into a kernel for three.
"""

from collections.abc import Sequence

import numpy as np

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import by
from cnncalc.problem.drafts import Draft
from cnncalc.problem.tensor.typed import Typed, is_blank
from cnncalc.records import replace

ORDERS = ("chw", "hwc")
KERNEL = (3, 2, 0, 1)
"""For each of our axes (C_out, C_in, kH, kW) which one of (kH, kW, C_in, C_out) it is."""
CONVOLUTIONS = ("conv", "conv_transpose")
USUAL_CHANNELS = (1, 3)
"""Of a picture; a shape alone is taken for rows, columns and channels where nothing else can be meant."""
FEWEST_ROWS = 8
IN_OUR_ORDER = Phrase(
    en="channels last{shape}: images are read as (H, W, C), kernels as (kH, kW, C_in, C_out), and flatten goes"
    " position by position; here channels come first (C, H, W)",
    zh="通道在后{shape}：图像按 (H, W, C)、卷积核按 (kH, kW, C_in, C_out) 读取，flatten 逐位置展开；"
    "此处的结果通道在前（C, H, W）",
)
TOLD = Phrase(
    en=", as the shape {typed} of {name} says (`order: chw` in the file says otherwise)",
    zh="（由 {name} 的形状 {typed} 判断；若非如此，请在文件中写 `order: chw`）",
)


def lay_out(
    order: str | None, inputs: dict[str, Typed | None], drafts: Sequence[Draft | None], notices: list[Phrase]
) -> bool:
    """Lay inputs, kernels and flatten in our order, if channels stand last; whether they do. `order` as in the file."""
    told = next((name for name in inputs if order is None and _is_told(name, inputs[name], drafts)), None)
    if order != "hwc" and told is None:
        return False
    typed = inputs[told] if told is not None else None
    shape = TOLD.format(typed=by(typed.shape), name=told) if typed is not None and told is not None else NOTHING
    notices.append(IN_OUR_ORDER.format(shape=shape))
    for name, given in inputs.items():
        inputs[name] = channels_first(given)
    for draft in drafts:
        weight = draft.parameters.get("weight") if draft is not None else None
        if draft is None or draft.layer is None:
            continue
        taken = inputs.get((draft.takes or ("",))[0])
        channels = taken.shape[-3] if taken is not None and len(taken.shape) > 2 else None
        if draft.type.type in CONVOLUTIONS and weight is not None and len(weight.shape) == 4:
            if weight.entries is not None and not _is_ours(weight, draft, told is not None, channels):
                entries = weight.entries.transpose(KERNEL)
                draft.parameters["weight"] = replace(weight, entries=entries, shape=entries.shape)
        elif draft.type.type == "flatten" and "order" not in draft.places:
            draft.layer = replace(draft.layer, order="hwc")
    return True


def channels_first(typed: Typed | None) -> Typed | None:
    """An image with its channels in front; as it is where it has none."""
    if typed is None or typed.entries is None or len(typed.shape) not in (3, 4):
        return typed
    entries = np.moveaxis(typed.entries, -1, -3)
    return replace(typed, entries=entries, shape=entries.shape)


def _is_told(name: str, typed: Typed | None, drafts: Sequence[Draft | None]) -> bool:
    """Whether only the last axis of an input can be its channels."""
    if typed is None or typed.entries is None or len(typed.shape) not in (3, 4):
        return False
    *_, first, second, last = typed.shape
    taker = next((d for d in drafts if d is not None and name in (d.takes or ()) and d.type.type == "conv"), None)
    if taker is None:
        return False
    weight = taker.parameters.get("weight")
    if taker.channels is None and (weight is None or len(weight.shape) != 4):
        is_outline = is_blank(typed.entries) and weight is None
        return is_outline and first == second >= FEWEST_ROWS and last in USUAL_CHANNELS
    if weight is None or len(weight.shape) != 4:
        return taker.channels == last != first
    groups = getattr(taker.layer, "groups", 1)
    if first == weight.shape[1] * groups:
        return False
    order = _kernel_order(weight.shape, last, groups)
    if order is None:
        return False
    rows, columns = weight.shape[:2] if order == "hwc" else weight.shape[2:]
    return rows <= first and columns <= second


def _kernel_order(shape: tuple[int, ...], channels: int, groups: int) -> str | None:
    """In which order a kernel for so many channels lies; of two that are possible the one that is square is meant."""
    is_last, is_ours = shape[2] * groups == channels, shape[1] * groups == channels
    if is_last and is_ours:
        return "chw" if shape[0] != shape[1] and shape[2] == shape[3] else "hwc"
    return "hwc" if is_last else "chw" if is_ours else None


def _is_ours(weight: Typed, draft: Draft, is_told: bool, channels: int | None) -> bool:
    """Whether a kernel lies in our order although images do not."""
    groups = getattr(draft.layer, "groups", 1)
    return is_told and channels is not None and _kernel_order(weight.shape, channels, groups) == "chw"
