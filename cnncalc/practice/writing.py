"""Writes YAML as a person would: short things in one line, tensors as rows, a comment beside what needs one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import TypeAlias

from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.records import Record
from cnncalc.visible import visible

WIDEST = 88
"""Characters of what stands in one line."""
_NEEDS_QUOTES = re.compile(r"[,\[\]{}]|: |:$| #|^[-?&*!|>%@`\"'#]|^$")


class Noted(Record):
    """A value, and the comment beside it."""

    value: Value
    note: str


class Numbers(Record):
    """A tensor: its cells in row order, as texts."""

    shape: tuple[int, ...]
    texts: Sequence[str]


Value: TypeAlias = "str | Scalar | Numbers | Noted | Sequence[Value] | Mapping[str, Value]"
"""A str is plain text; a mapping is written in its order."""


def of_node(node: Node) -> Value:
    """A part of a file that is read already, to be written again."""
    if isinstance(node, Fields):
        return {key: of_node(inner) for key, (_, inner) in node.entries.items()}
    return [of_node(item) for item in node.items] if isinstance(node, Items) else node


def yaml(value: Mapping[str, Value]) -> str:
    """The text of a file."""
    return "\n".join(_block(value)) + "\n"


def _block(value: Value) -> list[str]:
    """The lines of a value that begins in a line of its own."""
    if isinstance(value, Noted):
        first, *others = _block(value.value)
        return [f"{first}  # {value.note}", *others]
    if isinstance(value, Numbers):
        return _rows(value)
    if isinstance(value, Mapping):
        return [line for key, inner in value.items() for line in _entry(_text(key), inner)]
    if not isinstance(value, str | Scalar) and value:
        return [line for item in value for line in _item(item)]
    return [_inline(value) or ""]


def _entry(key: str, value: Value) -> list[str]:
    note = f"  # {value.note}" if isinstance(value, Noted) else ""
    inner = value.value if isinstance(value, Noted) else value
    if isinstance(inner, Scalar) and inner.style == "|":
        lines = inner.text.strip("\n").split("\n")
        if all(visible(line) == line for line in lines):
            return [f"{key}: |{note}", *(f"  {line}" for line in lines)]
    inline = _inline(inner)
    if inline is not None and len(key) + len(inline) < WIDEST:
        return [f"{key}: {inline}{note}"]
    return [f"{key}:{note}", *(f"  {line}" for line in _block(inner))]


def _item(value: Value) -> list[str]:
    note = f"  # {value.note}" if isinstance(value, Noted) else ""
    inner = value.value if isinstance(value, Noted) else value
    inline = _inline(inner)
    if inline is not None and isinstance(inner, Mapping) and len(inner) == 1:
        inline = inline[1:-1]  # `- conv: {…}` without the brackets of the item itself
    if inline is not None and len(inline) < WIDEST:
        return [f"- {inline}{note}"]
    first, *others = _block(inner)
    return [f"- {first}{note}", *(f"  {line}" for line in others)]


def _inline(value: Value) -> str | None:
    """The value in one line; None where it takes several."""
    if isinstance(value, Noted):
        return None
    if isinstance(value, str | Scalar):
        return _text(value)
    if isinstance(value, Numbers):
        made = _flow(value.shape, list(value.texts))
        return made if len(made) < WIDEST else None
    if isinstance(value, Mapping):
        inner = {key: _inline(each) for key, each in value.items()}
        parts = [f"{_text(key)}: {text}" for key, text in inner.items()]
        made = "{" + ", ".join(parts) + "}"
    else:
        texts = [_inline(each) for each in value]
        inner = dict(enumerate(texts))  # type: ignore[arg-type]
        made = "[" + ", ".join(str(text) for text in texts) + "]"
    return None if None in inner.values() or len(made) >= WIDEST else made


def _text(value: str | Scalar) -> str:
    """A scalar as it may stand anywhere in a line; what cannot be seen is written by its code."""
    text, style = (value, "") if isinstance(value, str) else (value.text, value.style)
    if visible(text) != text or style in ('"', "|", ">"):
        return visible(json.dumps(text, ensure_ascii=False))
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'" if _NEEDS_QUOTES.search(value) and value != "?" else value
    if value.style == "'":
        return "'" + value.text.replace("'", "''") + "'"
    return _text(value.text)


def _flow(shape: tuple[int, ...], texts: list[str]) -> str:
    if not shape:
        return texts[0]
    size = len(texts) // shape[0]
    parts = (_flow(shape[1:], texts[at * size : (at + 1) * size]) for at in range(shape[0]))
    return "[" + ", ".join(parts) + "]"


def _rows(value: Numbers) -> list[str]:
    """A tensor in a list of its parts, each in one line if it fits."""
    if not value.shape:
        return [value.texts[0]]
    if len(value.shape) == 1:
        return wrap(_flow(value.shape, list(value.texts)), WIDEST)
    size = len(value.texts) // value.shape[0]
    lines = []
    for at in range(value.shape[0]):
        part = Numbers(value.shape[1:], value.texts[at * size : (at + 1) * size])
        inline = _flow(part.shape, list(part.texts))
        first, *others = [inline] if len(inline) < WIDEST else _rows(part)
        lines += [f"- {first}", *(f"  {line}" for line in others)]
    return lines
