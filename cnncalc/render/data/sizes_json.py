"""Sizes as JSON: those of a network, those that letters stand for, and numbers that were asked for."""

from fractions import Fraction
from typing import Any

from cnncalc.layers.windows.axis import SizeRule
from cnncalc.letter_sizes import in_factors, latex
from cnncalc.outline import Outline, Row
from cnncalc.render.builders.sizes.unknowns import fields_of, parameters
from cnncalc.render.data.json import attributes, plain, records
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import text
from cnncalc.unknowns import Solved

FURTHER = ("connections", "flops", "operations")


def render_outline(outline: Outline, further: bool = False) -> str:
    """One JSON object, a layer a line. Shapes are without N, counts are for one sample."""
    head: dict[str, Any] = {
        "format": "cnncalc-shapes/1",
        "title": outline.problem.title,
        "input": list(outline.input),
        "batch": outline.problem.batch,
        **attributes(outline, "parameters", "multiplications", "activations"),
    }
    layers = list(map(_layer, outline))
    if further:
        where, most = outline.peak
        head |= {**{kind: outline.total(kind) for kind in FURTHER}, "peak": {"layer": where, "numbers": most}}
        layers = [
            {**layer, **attributes(row, *FURTHER), "fans": row.fans and list(row.fans)}
            for layer, row in zip(layers, outline, strict=True)
        ]
    return records(head, "layers", layers)


def _layer(row: Row) -> dict[str, Any]:
    return {
        **attributes(row, "name", "type", "shape", "weights", "biases", "shared", "multiplications"),
        "receptive_field": list(row.receptive_field) if row.receptive_field else None,
        "jump": [_number(size) for size in row.jump] if row.jump else None,
        "options": {name: plain(value) for name, value in row.options.items()},
        "rules": [_rule(rule) for rule in row.rules],
    }


def _rule(rule: SizeRule) -> dict[str, Any]:
    (line,) = text(Formula(rule.numbers))
    return {"rule": line, **attributes(rule, "value", "rest", "unseen")}


def _number(size: Fraction) -> int | float:
    return int(size) if size.denominator == 1 else float(size)


def render_letters(outline: Outline) -> str:
    """A record for each layer."""
    fields = fields_of(outline)
    head = {"format": "cnncalc-letters/1", "input": list(map(_line, map(latex, outline.input)))}
    layers = (
        {
            "name": row.name,
            "type": row.type,
            "shape": list(map(_line, map(latex, row.shape))),
            "weights": _line(in_factors(row.weights)),
            "biases": _line(in_factors(row.biases)),
            "parameters": _line(parameters([row])),
            "multiplications": _line(in_factors(row.multiplications)),
            "receptive_field": list(map(_line, map(latex, fields[row.name] or ()))) or None,
        }
        for row in outline
    )
    return records(head, "layers", layers)


def _line(latex: str) -> str:
    (line,) = text(Formula(latex))
    return line


def render_unknowns(solved: Solved) -> str:
    """What is known, and a number for each unknown in every solution, the smallest first."""
    head = {
        "format": "cnncalc-unknowns/1",
        "known": {name: list(sizes) for name, sizes in solved.known.items()},
        "unknowns": [unknown.name for unknown in solved.unknowns],
    }
    return records(head, "solutions", (list(one.numbers) for one in solved.solutions))
