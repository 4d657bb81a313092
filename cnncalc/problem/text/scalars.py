"""Single values of a file: whole numbers, numbers, texts, yes or no."""

import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction

from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.number.numbers import read_number
from cnncalc.problem.text.faults import Collector, did_you_mean, quoted
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.pattern import pattern

MOST = 10**6
_SIZES = pattern(r"(?:torch\.Size|TensorShape)?[(\[]*\s*-?\d+(?:\s*(?:[x×X*✕,]|\s)\s*-?\d+)+\s*[)\]]*")
"""`2x2`, `3 × 32 × 32`, `(2, 2)`, `torch.Size([3, 32, 32])`."""


def check_keys(fields: Fields, known: Collection[str], what: str, faults: Collector) -> None:
    """A fault for each key that is none of the known ones."""
    for name, (key, _) in fields.entries.items():
        if name not in known:
            faults.add(f"{what} has no key {quoted(name)}", did_you_mean(name, known), key.place)


def read_rational(node: Node, what: str, faults: Collector) -> int | Decimal | Fraction | None:
    """A number that is no expression; None (with a fault) where there is none."""
    if not isinstance(node, Scalar):
        return faults.add(f"`{what}` takes one number", f"write `{what}: 0.1`", node.place)
    try:
        number = read_number(node.text)
    except NumberFault as fault:
        return faults.add(fault.message, fault.remedy, node.place)
    if not isinstance(number, int | Decimal | Fraction):
        faults.add(f"{quoted(node.text)} is irrational", f"write a decimal or a fraction for `{what}`", node.place)
        return None
    return number


def sizes(node: Node) -> Sequence[Node]:
    """The entries of a list of sizes, however it is written; a single number is a list of one."""
    if isinstance(node, Items):
        return node.items
    if isinstance(node, Scalar) and _SIZES.fullmatch(node.text.strip()):
        return [node._replace(text=size, style=None) for size in re.findall(r"-?\d+", node.text)]
    return [node]


def read_integer(
    node: Node, what: str, faults: Collector, lowest: int | None = None, highest: int = MOST
) -> int | None:
    """A whole number in a range; None (with a fault) where there is none."""
    least = "" if lowest is None else f" of at least {lowest}"
    remedy = f"write a whole number{least}"
    if not isinstance(node, Scalar):
        return faults.add(f"{_named(what)} is one whole number, not a list or a mapping", remedy, node.place)
    letter = faults.letter(node.text, what)
    if letter is not None:
        return letter
    try:
        number = read_number(node.text)
    except NumberFault as fault:
        is_letter = len(node.text) == 1 and node.text.isalpha()
        elsewhere = f"{remedy}; `cnncalc shapes` takes sizes in letters"
        return faults.add(fault.message, elsewhere if is_letter else fault.remedy, node.place)
    if not isinstance(number, int):
        faults.add(f"{_named(what)} is a whole number, not {quoted(node.text)}", remedy, node.place)
    elif lowest is not None and number < lowest:
        faults.add(f"{_named(what)} is {number}", remedy, node.place)
    elif abs(number) > highest:
        faults.add(f"{_named(what)} is {quoted(str(number))}", f"write at most {highest}", node.place)
    else:
        return number
    return None


def read_text(node: Node | None, what: str, faults: Collector) -> str | None:
    """A text; None where there is none (with a fault if something else stands there)."""
    if node is None or (isinstance(node, Scalar) and node.is_empty):
        return None
    if not isinstance(node, Scalar):
        return faults.add(f"`{what}` takes a text", f"write `{what}: …` on one line", node.place)
    return node.text


def read_bool(node: Node, what: str, faults: Collector) -> bool | None:
    """`true` or `false`; None (with a fault) for anything else."""
    if isinstance(node, Scalar) and node.style is None and node.text.lower() in ("true", "false"):
        return node.text.lower() == "true"
    given = f", not {quoted(node.text)}" if isinstance(node, Scalar) else ""
    return faults.add(f"`{what}` is true or false{given}", f"write `{what}: true` or `{what}: false`", node.place)


def _named(what: str) -> str:
    return what if " " in what else f"`{what}`"
