"""Questions and answers: their keys must name tensors that the problem has."""

from collections.abc import Container, Mapping

from cnncalc.problem.names import base_name, counts_all, jacobian_name, plain_name, quantity_name
from cnncalc.problem.text.faults import SHOWN, Collector, did_you_mean, quoted
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar


def read_questions(node: Node | None, names: Mapping[str, str] | None, faults: Collector) -> dict[str, tuple[str, ...]]:
    """Which tensors answer which question; `names` None means that they are not all known."""
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
            if counts_all(name) or check_known(item, whose, names, "question", faults):
                own = whose if names is None else names.get(whose, whose)
                asked.append(f"{kind}({own})" if kind else own)
        questions[label] = tuple(asked)
    return questions


def read_answers(
    node: Node | None, names: Mapping[str, str] | None, faults: Collector, questions: Container[str] = ()
) -> dict[str, Node]:
    """The answers as nodes, by the name as typed, or the label of a question; they are read when they are checked."""
    if node is None or (isinstance(node, Scalar) and node.is_empty):
        return {}
    if not isinstance(node, Fields):
        faults.add("`answers` is no mapping", "write `conv_1: [[…]]`, one tensor a line", node.place)
        return {}
    answers: dict[str, Node] = {}
    for typed, (key, value) in node.entries.items():
        if counts_all(typed) or typed in questions or check_known(key, base_name(typed), names, "answer", faults):
            answers[typed] = value
    return answers


def check_known(node: Scalar, name: str, names: Mapping[str, str] | None, what: str, faults: Collector) -> bool:
    """Whether a name is one of the problem's; a fault where not."""
    jacobian = jacobian_name(name)
    if names is None or name in names or (jacobian and all(part in names for part in jacobian)):
        return True
    has_gradients = any("/d" in known for known in names)
    if "/d" in name and not has_gradients:
        message = f"{quoted(node.text)} is a gradient, and there is neither a loss nor an `upstream` to derive"
        faults.add(message, f"add a `loss:`, or leave this {what} out", node.place)
    else:
        message = f"{quoted(node.text)} is no tensor of this problem"
        # Looking for what was meant takes time; nobody reads the suggestions behind the first hundred.
        remedy = did_you_mean(name, names) if len(faults) < 2 * SHOWN else "write the name of a tensor"
        faults.add(message, remedy, node.place)
    return False
