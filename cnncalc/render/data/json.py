"""The tensors of a trace as JSON, for programs: contract `cnncalc/1`."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Undecided
from cnncalc.layers.base import Layer
from cnncalc.outline import options_of
from cnncalc.problem.problem import LayerEntry
from cnncalc.render.data.json_text import dump, formula, plain, records
from cnncalc.trace import Tensor, Trace


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
