"""The input: whether it is an image or features, whether it is a mini-batch, and whether its channels stand last.

Images and kernels whose channels stand last, as TensorFlow has them, are laid in our order. `order: hwc` in the file
says so, or an input's shape does: of 8×8×3, three channels go into a kernel for three.
"""

from collections.abc import Sequence

import numpy as np

from cnncalc.arithmetic.base import samples_last
from cnncalc.language import NOTHING, Phrase
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Domain, Shape, by
from cnncalc.problem.drafts import Draft
from cnncalc.problem.problem import GivenTensor
from cnncalc.problem.tensor.typed import Typed, is_blank
from cnncalc.problem.text.faults import Collector, shape_text
from cnncalc.records import Record, replace

# Flatten takes features as well and leaves them alone, but where it comes first, what it flattens is an image.
_FLATTEN = "flatten"
ORDERS = ("chw", "hwc")
KERNEL = (3, 2, 0, 1)
"""For each of our axes (C_out, C_in, kH, kW) which one of (kH, kW, C_in, C_out) it is."""
CONVOLUTIONS = ("conv", "conv_transpose")
USUAL_CHANNELS = (1, 3)
"""Of a picture; a shape alone is taken for rows, columns and channels where nothing else can be meant."""
FEWEST_ROWS = 8
IN_OUR_ORDER = Phrase(
    "channels last{shape}: images are read as (H, W, C), kernels as (kH, kW, C_in, C_out), and flatten goes"
    " position by position; here channels come first (C, H, W)"
)
TOLD = Phrase(", as the shape {typed} of {name} says (`order: chw` in the file says otherwise)")


class Input(Record):
    """The input in full shape, N first; `shape` is without N."""

    tensor: GivenTensor
    shape: Shape
    batch: int | None
    is_plane: bool
    """Whether an image was typed as rows and columns alone."""


def make_input(
    typed: Typed, name: str, drafts: Sequence[Draft | None], loss: Draft | None, faults: Collector
) -> Input | None:
    """An input as the layers take it; None (with a fault) where its rank does not fit them."""
    decider = _decider(name, drafts, loss)
    domain = _domain(decider) if decider else "any"
    if decider and decider.type.type == _FLATTEN:
        domain = "image" if len(typed.vector_shape) > 1 or len(typed.shape) > 1 else "features"
    if domain == "image" and decider and decider.type.takes_signals and len(typed.vector_shape) == 1:
        domain = "signal"
    shape = typed.shape if domain in ("image", "signal") else typed.vector_shape
    if domain == "signal" and shape != typed.vector_shape:
        shape = typed.vector_shape  # one row, or one column, on paper
    if shape == () and domain in ("any", "features") and typed.entries is not None and not is_blank(typed.entries):
        shape = (1,)  # one number is one feature
    if typed.entries is None or shape == ():
        return faults.add(f"nothing says the shape of {name}", "give its `shape`, or write a list", typed.place)
    if domain == "any":
        domain = "features" if len(shape) <= 2 else "image"
    if not _fits(shape, domain, name, decider, typed, faults):
        return None
    if domain == "signal":
        full = (1,) * (2 - len(shape)) + shape
        batch, each = (full[0], full[1:]) if len(full) == 3 else (None, full)
    elif domain == "features":
        batch, each = (None, shape) if len(shape) == 1 else (shape[0], shape[1:])
    elif len(shape) == 4:
        batch, each = shape[0], shape[1:]
    else:
        batch, each = None, (1,) * (3 - len(shape)) + shape
    # Laid out once, and not each time that it is solved.
    entries = samples_last(typed.entries.reshape((batch or 1, *each)))
    return Input(
        GivenTensor(name, entries, typed.place), each, batch, (domain, len(shape)) in (("image", 2), ("signal", 1))
    )


def _decider(name: str, drafts: Sequence[Draft | None], loss: Draft | None) -> Draft | None:
    """The first layer on the ways from an input that takes only one of images and features; the loss comes last."""
    reached = {name}
    for draft in drafts:
        if draft is None:
            return None  # of an unknown type: it might have been the one
        if draft.takes is None or reached.isdisjoint(draft.takes):
            continue
        if _domain(draft) != "any" or draft.type.type == _FLATTEN:
            return draft
        reached.add(draft.name)
    return loss if loss is not None and loss.type.domain != "any" else None


def _domain(draft: Draft) -> Domain:
    """What it takes, which its options may have widened."""
    return draft.type.domain if draft.layer is None else draft.layer.given(draft.parameters).domain


def _fits(shape: Shape, domain: Domain, name: str, decider: Draft | None, typed: Typed, faults: Collector) -> bool:
    """Whether the rank is one that images, or features, have; a fault where not."""
    if decider is None or domain == "any":
        return True  # without a layer that decides, a rank above 2 is an image and rank 1 features
    kind = decider.type.type
    if domain == "features" and len(shape) > 2:
        message = f"{name} is an image ({shape_text(shape)}), {decider.name} ({decider.type.type}) takes features"
        remedy = f"put `- flatten` before {decider.name}"
        if "channel" in decider.type.options().get("over", {}).get("choices", ()):
            remedy += f", or write `{decider.type.type}: {{over: channel}}`"
    elif domain == "image" and len(shape) == 1:
        message = f"{name} is a list of {shape[0]} numbers, {decider.name} ({decider.type.type}) takes an image"
        remedy = "write an image as (H, W), (C, H, W) or (N, C, H, W)"
        remedy += f"; for a signal write `{decider.type.type}1d`" if f"{kind}1d" in LAYERS else ""
    elif domain == "signal" and len(shape) > 3:
        message = f"{name} is an image ({shape_text(shape)}), {decider.name} ({decider.type.type}) takes a signal"
        other = kind.removesuffix("1d")
        remedy = f"write a signal as (L), (C, L) or (N, C, L); for images write `{other}`"
    else:
        return True
    faults.add(message, remedy, typed.place)
    return False


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
