"""Known mistakes as JSON, for programs: contract `cnncalc-mistakes/1`."""

from collections.abc import Sequence
from typing import Any

from cnncalc.language import Language
from cnncalc.reference.examples import example_of
from cnncalc.reference.mistakes import ANY, ANYWHERE, Known
from cnncalc.render.data.json_text import records


def render(known: Sequence[Known], language: Language, with_examples: bool = False) -> str:
    """One JSON object, a mistake a line; `tensors` are the layer's own names: y, dx, dweight, …"""
    listed = (_mistake(one, language, with_examples) for one in known)
    return records({"format": "cnncalc-mistakes/1"}, "mistakes", listed)


def _mistake(known: Known, language: Language, with_example: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "code": known.code,
        "kind": known.kind,
        "where": ANY if known.where == ANYWHERE else known.where,
        "tensors": list(known.tensors),
        "message": known.phrase.text(language),
    }
    return {**said, "example": _example(known)} if with_example else said


def _example(known: Known) -> dict[str, Any] | None:
    """The problem, the tensor, and what comes out: as doubles, or as it is written."""
    example = example_of(known)
    if example is None:
        return None
    right = example.trace[example.name]
    said = {"problem": example.problem, "name": example.name, "right": right.value.tolist()}
    if example.texts is not None:
        return {**said, "wrong": example.texts.tolist()}
    if example.wrong is None:
        return {**said, "wrong_shape": list(example.shape)}
    return {**said, "wrong": example.trace.numbers.to_float(example.wrong).tolist()}
