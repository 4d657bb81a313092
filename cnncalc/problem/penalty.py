"""Reads `penalty: {l2: 0.01, only: [W]}`: what is added to the loss for large weights."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from cnncalc.language import Phrase
from cnncalc.problem.drafts import Draft
from cnncalc.problem.problem import LayerEntry, LossEntry
from cnncalc.problem.text.faults import Collector, Place, did_you_mean, quoted
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.scalars import check_keys, read_bool, read_rational
from cnncalc.records import Record, replace

KEYS = ("l2", "l1", "half", "only")
OVER = Phrase("the penalty is on {names}; biases and the parameters of norms are left out unless `only` names them")


class PenaltyDraft(Record):
    """The factors, and the parameters that are meant by their names."""

    place: Place
    l2: Any
    l1: Any
    names: tuple[str, ...]
    is_said: bool
    """Whether the file names them."""


def read_penalty(node: Node | None, drafts: Sequence[Draft | None], faults: Collector) -> PenaltyDraft | None:
    """The penalty as typed; None where there is none, or a fault was noted."""
    if node is None:
        return None
    if not isinstance(node, Fields) or not node.entries:
        return faults.add("`penalty` is no mapping", "write `penalty: {l2: 0.01}`", node.place)
    before = len(faults)
    check_keys(node, KEYS, "`penalty`", faults)
    read = {key: read_rational(value, key, faults) if (value := node.get(key)) else 0 for key in ("l2", "l1")}
    half = read_bool(value, "half", faults) if (value := node.get("half")) else False
    if not read["l2"] and not read["l1"] and len(faults) == before:
        faults.add("`penalty` has neither `l2` nor `l1`", "write `penalty: {l2: 0.01}`", node.place)
    layers = [draft.named() for draft in drafts if draft is not None]
    known = {called: p for layer in layers for p in layer.type.parameters for called in [layer.parameters.get(p.name)]}
    only = node.get("only")
    if only is None:
        names = [called for called, p in known.items() if called and p.name == "weight" and p.learned]
        if not names:
            faults.add("there is no weight for a penalty", "leave `penalty` out, or give a layer a weight", node.place)
    else:
        cells = [cell for cell in (only.items if isinstance(only, Items) else [only]) if isinstance(cell, Scalar)]
        names = [cell.text for cell in cells]
        longer = {f"{layer.name}.{local}": called for layer in layers for local, called in layer.parameters.items()}
        names = [longer.get(name, name) for name in names]
        for cell, name in zip(cells, names, strict=True):
            if name not in known:
                possible = [called for called in known if called]
                faults.add(
                    f"no layer has a parameter {quoted(cell.text)}", did_you_mean(cell.text, possible), cell.place
                )
    if len(faults) > before:
        return None
    l2 = Fraction(read["l2"] or 0) / 2 if half else read["l2"]
    return PenaltyDraft(node.place, l2, read["l1"], tuple(dict.fromkeys(filter(None, names))), only is not None)


def with_penalty(
    draft: PenaltyDraft, loss: LossEntry | None, layers: Sequence[LayerEntry], faults: Collector, notices: list[Phrase]
) -> LossEntry | None:
    """The loss with its penalty."""
    from cnncalc.losses.composed import names_of, penalised

    if loss is None:
        return faults.add("`penalty` is part of a loss, and there is none", "give the problem a `loss`", draft.place)
    tensors = {given.name: given for entry in layers for given in entry.parameters.values()}
    chosen = [tensors[name] for name in draft.names if name in tensors]
    if not draft.is_said:
        notices.append(OVER.format(names=Phrase.enumerated(draft.names)))
    made = penalised(loss.loss, [given.entries.shape for given in chosen], draft.l2, draft.l1)
    return replace(loss, loss=made, penalised=dict(zip(names_of(len(chosen)), chosen, strict=True)))
