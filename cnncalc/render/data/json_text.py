"""JSON as text, a record a line; a formula in it."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from cnncalc.arithmetic.base import Undecided
from cnncalc.layers.base import Index
from cnncalc.render.builders.naming import step_names
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_latex import latex
from cnncalc.trace import Tensor, Trace
from cnncalc.visible import is_visible, visible


def dump(value: Any, indent: int | None = None) -> str:
    """The JSON of a value; NaN and infinities are refused.

    What would rule a terminal, or is not seen, is written by its code; JSON itself asks for that only below the blank.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return "\n".join(
        line if visible(line) == line else "".join(c if is_visible(c) else _code(c) for c in line)
        for line in text.split("\n")
    )


def records(head: Mapping[str, Any], name: str, listed: Iterable[Any], **behind: Any) -> str:
    """One JSON object: its head in a line, a list of which each record has a line, and what comes behind it."""
    fields = ", ".join(f"{dump(key)}: {dump(value)}" for key, value in head.items())
    lines = ",\n  ".join(map(dump, listed))
    rest = "".join(f",\n {dump(key)}: {dump(value)}" for key, value in behind.items())
    return f"{{{fields},\n {dump(name)}: [\n  {lines}]{rest}}}\n"


def attributes(record: object, *names: str) -> dict[str, Any]:
    """Some attributes of a record by their names; what is a tuple as a list."""
    values = {name: getattr(record, name) for name in names}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def plain(value: Any) -> Any:
    """The value of an option as JSON has it; a fraction or a decimal as its text."""
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value if isinstance(value, bool | int | str) else str(value)


def in_ascii(text: str) -> str:
    """The same JSON, each character beyond ASCII by its code."""
    return "".join(character if character.isascii() else _code(character) for character in text)


def _code(character: str) -> str:
    """`\\u007f`; what lies beyond 16 bits takes two of these."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def exact_text(tensor: Tensor, index: Index) -> str | None:
    """The closed form of an element; None where there is none, or it stays open what it comes to."""
    with suppress(Undecided):
        return tensor.closed_form(index)
    return None


def formula(trace: Trace, tensor: Tensor) -> str | None:
    """The tensor's formula as LaTeX; None where it is given, or its layer has none for it."""
    source, step = trace.formula(tensor.name), trace.step(tensor.name)
    return None if source is None or step is None else latex(Formula(source, step_names(trace, step)))
