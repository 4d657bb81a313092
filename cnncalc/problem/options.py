"""A layer's options: each field of its dataclass says which form it reads."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from cnncalc.problem.text.faults import Collector, did_you_mean, quoted
from cnncalc.problem.text.nodes import Items, Node, Scalar
from cnncalc.problem.text.scalars import read_bool, read_integer, read_rational, sizes

DEPTHWISE = 0
"""What `depthwise` is read as, until it is known how many channels come in."""
Form = Callable[[Node, str, Collector], Any]


def read_option(name: str, about: Mapping[str, Any], node: Node, faults: Collector) -> Any:
    """The value of an option, None (with a fault) where it is not in its form."""
    form = about["reads"]
    return _choice(node, name, about["choices"], faults) if form == "choice" else FORMS[form](node, name, faults)


def _name(node: Node, name: str, faults: Collector) -> str | None:
    if isinstance(node, Scalar) and not node.is_empty:
        return node.text
    return faults.add(f"`{name}` takes one name", f"write `{name}: max_pool_1`", node.place)


def _choice(node: Node, name: str, choices: Sequence[str], faults: Collector) -> str | None:
    if isinstance(node, Scalar) and node.text in choices:
        return node.text
    given = quoted(node.text) if isinstance(node, Scalar) else "a list or a mapping"
    remedy = did_you_mean(node.text if isinstance(node, Scalar) else "", choices)
    return faults.add(f"`{name}` is {given}", remedy, node.place)


def _several(node: Node, name: str, faults: Collector, each: Form) -> tuple[Any, ...] | None:
    """A list, or one alone."""
    read = [each(item, name, faults) for item in sizes(node)]
    return None if None in read else tuple(read)


def _two(
    node: Node, name: str, faults: Collector, lowest: int | None, both: str = "[height, width]"
) -> tuple[int, int] | None:
    """Two numbers, as `both` says which, or one number for both."""
    items = sizes(node)
    if len(items) not in (1, 2):
        message = f"`{name}` has {len(items)} numbers"
        return faults.add(message, f"write one, or {both}", node.place)
    numbers = [read_integer(item, name, faults, lowest=lowest) for item in items]
    first, last = numbers[0], numbers[-1]
    return None if first is None or last is None else (first, last)


def _padding(node: Node, name: str, faults: Collector) -> str | tuple[tuple[int, int], tuple[int, int]] | None:
    """`valid`, `same`, a number, `[h, w]`, or `[[top, bottom], [left, right]]`; negative numbers crop."""
    if isinstance(node, Scalar) and node.text in ("valid", "same", "full"):
        return node.text
    if isinstance(node, Scalar) and node.text.isalpha() and faults.letter(node.text, name) is None:
        remedy = "write valid, same, full, a number, [h, w] or [[top, bottom], [left, right]]"
        return faults.add(f"`{name}` is {quoted(node.text)}", remedy, node.place)
    if not isinstance(node, Items) or not any(isinstance(item, Items) for item in node.items):
        pair = _two(node, name, faults, lowest=None)
        return None if pair is None else ((pair[0], pair[0]), (pair[1], pair[1]))
    if len(node.items) != 2:
        message = f"`{name}` has {len(node.items)} parts"
        return faults.add(message, "write [[top, bottom], [left, right]]", node.place)
    sides = [_two(item, name, faults, lowest=None) for item in node.items]
    return None if sides[0] is None or sides[1] is None else (sides[0], sides[1])


def _sides(node: Node, name: str, faults: Collector) -> str | tuple[int, int] | None:
    """`valid`, `same`, `full`, `causal`, a number, or `[left, right]`; negative numbers crop."""
    if isinstance(node, Scalar) and node.text in ("valid", "same", "full", "causal"):
        return node.text
    if isinstance(node, Scalar) and node.text.isalpha() and faults.letter(node.text, name) is None:
        remedy = "write valid, same, full, causal, a number or [left, right]"
        return faults.add(f"`{name}` is {quoted(node.text)}", remedy, node.place)
    return _two(node, name, faults, lowest=None, both="[left, right]")


def _each(node: Node, name: str, faults: Collector) -> int | None:
    """A positive whole number, or `depthwise`: as many as channels come in."""
    is_word = isinstance(node, Scalar) and node.text.lower() == "depthwise"
    return DEPTHWISE if is_word else read_integer(node, name, faults, lowest=1)


FORMS: Mapping[str, Form] = {
    "bool": read_bool,
    "name": _name,
    "pair": partial(_two, lowest=1),
    "spare": partial(_two, lowest=0),
    "padding": _padding,
    "sides": _sides,
    "spare_count": partial(read_integer, lowest=0),
    "anchor": partial(_two, lowest=None),
    "number": read_rational,
    "numbers": partial(_several, each=read_rational),
    "classes": partial(_several, each=read_integer),
    "each": _each,
    "count": partial(read_integer, lowest=1),
}
