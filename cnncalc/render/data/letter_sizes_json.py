"""Sizes and counts in letters as JSON: each as text."""

from collections.abc import Sequence

from cnncalc.letter_sizes import Row
from cnncalc.polynomial import Polynomial
from cnncalc.render.data.json_text import records
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import text


def render(start: Sequence[Polynomial], rows: Sequence[Row], ascii_only: bool = False) -> str:
    """A record for each layer."""
    head = {"format": "cnncalc-letters/1", "input": [_text(one) for one in start]}
    layers = (
        {
            "name": row.name,
            "type": row.type,
            "shape": [_text(one) for one in row.shape],
            "weights": _text(row.weights),
            "biases": _text(row.biases),
            "parameters": _text(row.parameters),
            "multiplications": _line(row.multiplications or "0"),
            "receptive_field": [_text(one) for one in row.field] or None,
        }
        for row in rows
    )
    return records(head, "layers", layers, ascii_only)


def _text(one: Polynomial) -> str:
    return _line(one.latex())


def _line(latex: str) -> str:
    (line,) = text(Formula(latex))
    return line
