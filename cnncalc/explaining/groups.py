"""Long sums in parts: the terms of one channel together, or those of one sample."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.layers.base import Entry, Index, Term
from cnncalc.records import dataclass

IMAGE_RANK = 4


@dataclass(frozen=True)
class Group:
    """Terms that read the same channel of the same sample.

    `lead` is what they have in common, an entry with the index cut to sample and channel; None where the whole sum has
    one part only, or where the terms read neither x nor g (a bias).
    """

    terms: tuple[Term, ...]
    lead: Entry | None = None
    varies: tuple[int, ...] = ()
    """Which axes of the lead's index differ from one group to the next: 0 is the sample, 1 the channel."""


def group(terms: Sequence[Term]) -> tuple[Group, ...]:
    """The terms in parts, in order; one part where nothing parts them, none without terms."""
    parts: dict[Entry | None, list[Term]] = {}
    for term in terms:
        parts.setdefault(_lead(term), []).append(term)
    leads = [lead for lead in parts if lead is not None]
    # Two terms in two groups are better read as two terms.
    if len(leads) < 2 or len(terms) <= len(parts) * 2 - 1:
        return (Group(tuple(terms)),) if terms else ()
    axes = zip(*(lead.index for lead in leads), strict=False)
    varies = tuple(axis for axis, values in enumerate(axes) if len(set(values)) > 1)
    return tuple(Group(tuple(members), lead, varies) for lead, members in parts.items())


def _lead(term: Term) -> Entry | None:
    """Sample and channel of what the term reads of x or g; an image's alone, for features have no channels."""
    read = [factor for factor in term.factors if isinstance(factor, Entry) and factor.tensor in ("g", "x")]
    if not read:
        return None
    index: Index = read[0].index
    return Entry(read[0].tensor, index[:2] if len(index) == IMAGE_RANK else index[:1])
