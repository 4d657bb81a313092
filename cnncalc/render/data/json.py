"""JSON as text, a record a line, a formula in it; and the tensors of a trace for programs: contract `cnncalc/1`."""

import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Undecided
from cnncalc.layers.base import Index, Layer
from cnncalc.outline import options_of
from cnncalc.problem.problem import LayerEntry
from cnncalc.render.builders.naming import step_names
from cnncalc.render.formula.formula import Formula
from cnncalc.trace import Tensor, Trace
from cnncalc.visible import is_visible, visible


def dump(value: Any, indent: int | None = None) -> str:
    """The JSON of a value; NaN and infinities are refused.

    What would rule a terminal, or is not seen, is written by its code; JSON itself asks for that only below the blank.
    """
    import json  # documents that may become JSON start without it

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
    from cnncalc.render.formula.formula_latex import latex

    source, step = trace.formula(tensor.name), trace.step(tensor.name)
    return None if source is None or step is None else latex(Formula(source, step_names(trace, step)))


def render(trace: Trace, tensors: Sequence[Tensor]) -> str:
    """One JSON object, a tensor a line. No NaN or Infinity appears; an element without a number is null."""
    problem, loss = trace.problem, trace.problem.loss
    has_gradients = problem.loss is not None or problem.upstream is not None
    head = {
        "format": "cnncalc/1",
        "title": problem.title,
        "numbers": trace.numbers.name,
        "index_base": problem.index_base,
        "loss": problem.loss_name if has_gradients else None,
    }
    made = [(one.name, one.layer) for one in problem.layers] + ([(loss.name, loss.loss)] if loss else [])
    behind = {
        "layers": list(map(_layer, problem.layers)),
        "options": {name: _options(layer) for name, layer in made},
        "questions": {q: list(of) for q, of in problem.questions.items()},
    }
    listed = [_tensor(tensor, trace) for tensor in tensors]
    if trace.rounds and len(tensors) == len(trace):
        listed += _named(trace, listed)
    return records(head, "tensors", listed, **behind)


def _named(trace: Trace, made: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a closed form names and nothing lists: `p.step_1`, the output after a step."""
    said = dump([record["exact"] for record in made])
    listed = {record["name"] for record in made}
    names = dict.fromkeys(trace.resolve(name) or name for name in trace.names if f"{name}[" in said)
    found = [_tensor(trace[name], trace) for name in names if name not in listed]
    return found + _named(trace, [*made, *found]) if found else []


def _layer(entry: LayerEntry) -> dict[str, Any]:
    inputs, shape, options = list(entry.inputs), list(entry.output_shape), _options(entry.layer)
    return {"name": entry.name, "type": entry.layer.type, "options": options, "inputs": inputs, "shape": shape}


def _options(layer: Layer) -> dict[str, Any]:
    return {name: plain(value) for name, value in options_of(layer).items()}


def _tensor(tensor: Tensor, trace: Trace) -> dict[str, Any]:
    return {
        "name": tensor.name,
        "kind": tensor.kind,
        "pass": tensor.stage,
        "layer": tensor.layer,
        "type": tensor.type,
        "shape": list(tensor.shape),
        "value": _doubles(tensor.value.tolist()),
        "exact": _closed_forms(tensor),
        "inputs": trace.needs(tensor.name),
        "formula": formula(trace, tensor),
    }


def _closed_forms(tensor: Tensor) -> Any:
    """Nested strings; where it stays open what a closed form comes to, there is none."""
    try:
        return tensor.exact
    except Undecided:
        return np.full(tensor.shape, None).tolist()


def _doubles(value: Any) -> Any:
    """Nested lists with null for what is no number, and no minus in front of a zero."""
    if isinstance(value, list):
        return [_doubles(item) for item in value]
    return value + 0.0 if math.isfinite(value) else None
