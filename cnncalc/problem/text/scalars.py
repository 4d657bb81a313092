"""Single values of a file: whole numbers, numbers, texts, yes or no; options, whose fields say their form; and where
within a value something stands."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.number.numbers import read_number
from cnncalc.problem.text.faults import Collector, Place, did_you_mean, quoted
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.pattern import pattern

MOST = 10**6
_SIZES = pattern(r"(?:torch\.Size|TensorShape)?[(\[]*\s*-?\d+(?:\s*(?:[x×X*✕,]|\s)\s*-?\d+)+\s*[)\]]*")
"""`2x2`, `3 × 32 × 32`, `(2, 2)`, `torch.Size([3, 32, 32])`."""
DEPTHWISE = 0
"""What `depthwise` is read as, until it is known how many channels come in."""
Form = Callable[[Node, str, Collector], Any]


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
    remedy = "write a whole number" if lowest is None else f"write a whole number of at least {lowest}"
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


def read_option(name: str, about: Mapping[str, Any], node: Node, faults: Collector) -> Any:
    """The value of an option, None (with a fault) where it is not in its form."""
    form = about["reads"]
    return read_choice(node, name, about["choices"], faults) if form == "choice" else FORMS[form](node, name, faults)


def _name(node: Node, name: str, faults: Collector) -> str | None:
    if isinstance(node, Scalar) and not node.is_empty:
        return node.text
    return faults.add(f"`{name}` takes one name", f"write `{name}: NAME`", node.place)


def read_choice(node: Node, name: str, choices: Sequence[str], faults: Collector) -> str | None:
    """One of a few words; None (with a fault) for anything else."""
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


class Places:
    """Places within the scalars of one text, worked out only when a fault needs one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._cut: list[str] | None = None

    def _lines(self) -> list[str]:
        if self._cut is None:
            self._cut = self._text.split("\n")
        return self._cut

    def unfolded(self, node: Scalar) -> Scalar:
        """A plain text over several lines, which YAML has put into one, with its lines; any other as it is."""
        if node.style is not None or " " not in node.text or node.length != 1:
            return node
        lines = self._lines()[node.line - 1 : node.line + node.text.count(" ") + node.text.count("\n")]
        if not lines or not lines[0][node.column - 1 :].strip():
            return node
        kept, words = [lines[0][node.column - 1 :].strip()], node.text.split()
        for line in lines[1:]:
            if len(" ".join(kept).split()) >= len(words):
                break
            kept.append(line.strip())
        return node._replace(text="\n".join(kept)) if " ".join(kept).split() == words else node

    def in_rows(self, node: Scalar) -> Callable[[int, int, int], Place]:
        """Places by row and column (from 0) and length, within a text block."""
        rows: list[str] = []

        def locate(row: int, column: int, length: int) -> Place:
            lines = self._lines()
            at = node.line + row  # from 0: the block begins in the line after its `|`
            if node.style != "|" or at >= len(lines):
                return node.place
            if not rows:
                rows.extend(node.text.split("\n"))
            return Place(at + 1, len(lines[at]) - len(rows[row]) + column + 1, length)

        return locate

    def in_text(self, node: Scalar) -> Callable[[int, int], Place]:
        """Places by offset and length, as near as can be told."""
        in_rows = self.in_rows(node)

        def locate(offset: int, length: int) -> Place:
            if node.style == "|":
                row = node.text.count("\n", 0, offset)
                return in_rows(row, offset - (node.text.rfind("\n", 0, offset) + 1), length)
            lines = self._lines()
            line = lines[node.line - 1] if node.line <= len(lines) else ""
            begin = node.column - 1 + (1 if node.style else 0)
            if line.startswith(node.text[: offset + length], begin):
                return Place(node.line, begin + offset + 1, length)
            return node.place

        return locate
