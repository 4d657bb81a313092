"""The input: whether it is an image or features, and whether it is a mini-batch."""

from collections.abc import Sequence

from cnncalc.arithmetic.base import samples_last
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Domain, Shape
from cnncalc.problem.drafts import Draft
from cnncalc.problem.problem import GivenTensor
from cnncalc.problem.tensor.typed import Typed, is_blank
from cnncalc.problem.text.faults import Collector, shape_text
from cnncalc.records import Record

# Flatten takes features as well and leaves them alone, but where it comes first, what it flattens is an image.
_FLATTEN = "flatten"


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
