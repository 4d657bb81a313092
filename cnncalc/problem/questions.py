"""Questions and answers: their keys must name tensors that the problem has."""

from collections.abc import Callable, Container

from cnncalc.problem.names import OF_LAYERS, OF_OPTIONS, base_name, counts_all, jacobian_name, plain_name, quantity_name
from cnncalc.problem.text.faults import SHOWN, Collector, did_you_mean, listing, quoted
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.words.other_names import Known, could_be, is_option


def read_questions(
    node: Node | None, known: Known | None, faults: Collector, say: Callable[[str, str], None]
) -> dict[str, tuple[str, ...]]:
    """Which tensors answer which question; `known` None means that they are not all known.

    A tensor by another name is told to `say`, with its own.
    """
    example = "write `1: conv_1`, or `2: [dL/dp, dL/dW]`"
    if node is None or (isinstance(node, Scalar) and node.is_empty):
        return {}
    if not isinstance(node, Fields):
        faults.add("`questions` is no mapping", example, node.place)
        return {}
    questions: dict[str, tuple[str, ...]] = {}
    for label, (_, value) in node.entries.items():
        asked: list[str] = []
        for item in value.items if isinstance(value, Items) else [value]:
            if not isinstance(item, Scalar) or item.is_empty:
                faults.add(f"question {quoted(label)} names no tensor", example, item.place)
                continue
            name = plain_name(item.text)
            kind, whose = quantity_name(name) or ("", name)
            own = name if counts_all(name) else _own_name(item, whose, known, "question", faults)
            if own is not None and not counts_all(name) and not _counts(kind, own, known):
                message = f"{quoted(item.text)} asks for what {own} does not have"
                faults.add(message, "write the name of a layer that has it", item.place)
            elif own is not None:
                asked.append(f"{kind}({own})" if kind and own != name else own)
                if known is not None and own != name and known.resolve(whose) is None:
                    say(item.text, asked[-1])
        questions[label] = tuple(asked)
    return questions


def _counts(kind: str, name: str, known: Known | None) -> bool:
    """Whether it may be asked of a name: a shape of every tensor, else of layers that have it; parameters too."""
    layers = [] if known is None else [one for one in known.layers if name in (one.name, *one.parameters.values())]
    of_parameters = kind == "parameters" and bool(layers)
    if known is None or kind in ("", "shape") or of_parameters:
        return True
    own = [one.type for one in layers if one.name == name]
    if kind in OF_LAYERS:
        return any(parameter.outline and parameter.learned for type_ in own for parameter in type_.parameters)
    return any(kind not in OF_OPTIONS or kind == "units" or kind in type_.options() for type_ in own)


def read_answers(
    node: Node | None, known: Known | None, faults: Collector, questions: Container[str] = ()
) -> dict[str, Node]:
    """The answers as nodes, by the name as typed, or the label of a question; they are read when they are checked."""
    if node is None or (isinstance(node, Scalar) and node.is_empty):
        return {}
    if not isinstance(node, Fields):
        faults.add("`answers` is no mapping", "write `conv_1: [[…]]`, one tensor a line", node.place)
        return {}
    answers: dict[str, Node] = {}
    for typed, (key, value) in node.entries.items():
        is_known = counts_all(typed) or typed in questions or (known is not None and is_option(typed, known))
        if is_known or _own_name(key, base_name(typed), known, "answer", faults):
            answers[typed] = value
    return answers


def _own_name(node: Scalar, name: str, known: Known | None, what: str, faults: Collector) -> str | None:
    """The name proper of the tensor that a name means; None, with a fault, where it means none or several."""
    if known is None or ((jacobian := jacobian_name(name)) and all(known.resolve(part) for part in jacobian)):
        return name
    # Looking for what was meant takes time; nobody reads the suggestions behind the first hundred.
    is_searched = len(faults) < 2 * SHOWN
    found = known.find(name) if is_searched else known.resolve(name)
    if found is not None:
        return found
    several = could_be(name, known) if is_searched else []
    if len(several) > 1:
        faults.add(f"{quoted(node.text)} may be {listing(several)}", "write the one that is meant", node.place)
    elif "/d" in name and not any("/d" in each for each in known.names):
        message = f"{quoted(node.text)} is a gradient, and there is neither a loss nor an `upstream` to derive"
        faults.add(message, f"add a `loss:`, or leave this {what} out", node.place)
    else:
        message = f"{quoted(node.text)} is no tensor of this problem"
        remedy = did_you_mean(name, known.names) if is_searched else "write the name of a tensor"
        faults.add(message, remedy, node.place)
    return None
