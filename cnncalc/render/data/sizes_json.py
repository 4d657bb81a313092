"""Sizes as JSON: those of a network, those that letters stand for, and numbers that were asked for."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from cnncalc.layers.windows.axis import SizeRule
from cnncalc.letter_sizes import Row as LetterRow
from cnncalc.outline import Outline, Row
from cnncalc.polynomial import Polynomial
from cnncalc.render.data.json_text import plain, records
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import text
from cnncalc.unknowns import Solved

FURTHER = ("connections", "flops", "operations")


def render_outline(outline: Outline, ascii_only: bool = False, further: bool = False) -> str:
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
        head |= {**{kind: outline.total(kind) for kind in FURTHER}, "peak": {"layer": where, "numbers": most}}
        layers = [
            {**layer, **{kind: getattr(row, kind) for kind in FURTHER}, "fans": row.fans and list(row.fans)}
            for layer, row in zip(layers, outline, strict=True)
        ]
    return records(head, "layers", layers, ascii_only)


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


def render_letters(start: Sequence[Polynomial], rows: Sequence[LetterRow], ascii_only: bool = False) -> str:
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


def render_unknowns(solved: Solved, ascii_only: bool = False) -> str:
    """What is known, and a number for each unknown in every solution, the smallest first."""
    head = {
        "format": "cnncalc-unknowns/1",
        "known": {name: list(sizes) for name, sizes in solved.known.items()},
        "unknowns": [unknown.name for unknown in solved.unknowns],
    }
    return records(head, "solutions", (list(one.numbers) for one in solved.solutions), ascii_only)
