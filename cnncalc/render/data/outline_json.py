"""An outline as JSON, for programs: contract `cnncalc-shapes/1`."""

from fractions import Fraction
from typing import Any

from cnncalc.layers.windows.extent import SizeRule
from cnncalc.outline import Outline, Row
from cnncalc.render.data.json_text import plain, records
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import text


def render(outline: Outline, ascii_only: bool = False, further: bool = False) -> str:
    """One JSON object, a layer a line. Shapes are without N, counts are for one sample."""
    head: dict[str, Any] = {
        "format": "cnncalc-shapes/1",
        "title": outline.problem.title,
        "input": list(outline.input),
        "batch": outline.problem.batch,
        "parameters": outline.parameters,
        "multiplications": outline.multiplications,
        "activations": outline.activations,
    }
    layers = list(map(_layer, outline))
    if further:
        where, most = outline.peak
        head |= {**_further(outline), "peak": {"layer": where, "numbers": most}}
        layers = [{**layer, **_further(row), "fans": _fans(row)} for layer, row in zip(layers, outline, strict=True)]
    return records(head, "layers", layers, ascii_only)


def _further(counted: Outline | Row) -> dict[str, Any]:
    return {"connections": counted.connections, "flops": counted.flops, "operations": counted.operations}


def _fans(row: Row) -> list[int] | None:
    return list(row.fans) if row.kernels and row.multiplications else None


def _layer(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "type": row.type,
        "shape": list(row.shape),
        "weights": row.weights,
        "biases": row.biases,
        "shared": list(row.shared),
        "multiplications": row.multiplications,
        "receptive_field": list(row.receptive_field) if row.receptive_field else None,
        "jump": [_number(size) for size in row.jump] if row.jump else None,
        "options": {name: plain(value) for name, value in row.options.items()},
        "rules": [_rule(rule) for rule in row.rules],
    }


def _rule(rule: SizeRule) -> dict[str, Any]:
    (line,) = text(Formula(rule.numbers))
    return {"rule": line, "value": rule.value, "rest": rule.rest, "unseen": rule.unseen}


def _number(size: Fraction) -> int | float:
    return int(size) if size.denominator == 1 else float(size)
