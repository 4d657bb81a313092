"""What people get wrong in a penalty on weights, and in the loss that it is added to."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

from cnncalc.layers.base import Layer
from cnncalc.losses.composed import Penalised
from cnncalc.mistakes.descent import OF_LOSS_BEHIND
from cnncalc.mistakes.take import Mistake, Take, Way, mistake, need
from cnncalc.records import replace


class OfPenalty(Mistake):
    """A mistake in a loss with a penalty; `dw` is the derivative by any of the weights."""

    def shows_in(self, tensor: str) -> bool:
        """Whether it shows in the loss, the penalty, or its derivatives."""
        return super().shows_in("dw" if tensor.startswith("dw") else tensor)


def half_or_twice(s: Take) -> list[Any]:
    need(s.layer.l2 and not s.layer.l1)
    made = s.scene[s.tensor]
    return [made / 2, made * 2]


def without_factor(s: Take) -> Any:
    need(s.layer.l2 and not s.layer.l1)
    return s.scene[s.tensor] / s.number(s.layer.l2)


def not_squared(s: Take) -> Iterator[Any]:
    """The weights, or their absolute values, added up."""
    need(s.layer.l2 and not s.layer.l1)
    weights = [s.scene[name].ravel() for name in s.layer.weights]
    for each in (weights, [s.where(s.above(w), w, 0 - w) for w in weights]):
        yield sum(s.sum(w, 0) for w in each) * s.number(s.layer.l2)


def of_the_loss(other: Mistake, s: Take) -> Iterator[Any]:
    """What a mistake makes of the loss without the penalty, and that added; listed one by one, losses have none."""
    for made in other.wrongs(replace(s.scene, layer=s.layer.without), s.tensor):
        yield made + s.penalty if s.tensor == "y" and getattr(made, "ndim", 1) == 0 else made


def penalty(code: str, way: Way) -> Callable[[str], OfPenalty]:
    """A code with its tensors, and the way; then what is said."""

    def said(what: str) -> OfPenalty:
        one = mistake(code, way)(what)
        return OfPenalty(one.code, one.phrase, one.ways, one.kind, one.tensors)

    return said


OWN = (
    penalty("penalty-forgotten: y", lambda s: s.y - s.penalty)("The penalty was forgotten: it is added to the loss."),
    penalty("~penalty-half: penalty dw", half_or_twice)(
        "the penalty is λ/2 · Σ w², with the derivative λ · w, or λ · Σ w², with 2 · λ · w. This problem says which by"
        " `l2` and `half`.",
    ),
    penalty("penalty-factor-forgotten: penalty dw", without_factor)("The factor λ of the penalty was forgotten."),
    penalty("square-forgotten: penalty", not_squared)("The weights were not squared: λ · Σ w²."),
)


def known(layer: Layer, of_loss: Sequence[Mistake]) -> Sequence[Mistake]:
    """The mistakes of a loss, with its penalty where it has one; always the same ones for the same table."""
    return _with_penalty(tuple(of_loss)) if isinstance(layer, Penalised) else of_loss


@lru_cache(maxsize=32)
def _with_penalty(of_loss: Sequence[Mistake]) -> Sequence[Mistake]:
    behind = {*OF_LOSS_BEHIND}
    return (
        OWN[0],
        *(one if one in behind else replace(one, ways=(partial(of_the_loss, one),), take=Take) for one in of_loss),
        *OWN[1:],
    )
