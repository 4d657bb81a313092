"""Known mistakes as Documents and as JSON (contract `cnncalc-mistakes/1`).

All of them by where they are made, and one in full with an example.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from cnncalc.checking.carried import PATH
from cnncalc.language import NOTHING, Language, Phrase, marked_up, verbatim
from cnncalc.layers.base import Index, by
from cnncalc.lessons.lesson import lesson_of
from cnncalc.reference.examples import Example, example_of
from cnncalc.reference.mistakes import ANY, ANYWHERE, TYPES, Known
from cnncalc.render.builders.naming import step_names
from cnncalc.render.builders.report import FORMULA
from cnncalc.render.builders.sizes.outline import size_blocks
from cnncalc.render.builders.solution import SolutionBuilder
from cnncalc.render.data.json import records
from cnncalc.render.document import Block, Cell, Document, Heading, Listing, MarkKind, Paragraph, TensorBlock
from cnncalc.render.formula.formula import Formula
from cnncalc.render.table.number import DEFAULT_DIGITS, Number, describe

TITLE = Phrase("Known mistakes")
INTRODUCTION = Phrase(
    "What `cnncalc check` recognises, by where it is made; ~ marks another convention, which is right in other"
    " courses. `cnncalc mistakes CODE` shows one in full, with an example."
)
LISTED = {"mistake": Phrase("{code}: {said}"), "convention": Phrase("~ {code}: {said}")}
IN_ANY = Phrase("any tensor")
QUANTITIES = {
    "shape": Phrase("a size"),
    "parameters": Phrase("a number of parameters"),
    "multiplications": Phrase("a number of multiplications"),
    "receptive_field": Phrase("a receptive field"),
}
KINDS_OF_PLACES = {
    **QUANTITIES,
    "meeting": Phrase("where the gradients of several uses come together"),
    "penalty": Phrase("a penalty on weights"),
}
KINDS = {"mistake": Phrase("a mistake"), "convention": Phrase("another convention")}
PROBLEM = Phrase("A problem in which it shows:")
SAME_PROBLEM = Phrase("It shows in the same problem.")
SHOWS_IN = Phrase("It shows there in {names}.")
RIGHT = Phrase("{name} as it should be:")
WRONG = Phrase("{name} with this mistake:")
RIGHT_IS = Phrase("{name} should be {right}.")
WRONG_IS = Phrase("With this mistake it comes to {wrong}.")
SIZE_IS = Phrase("{name} should have the shape {right}; with this mistake it has the shape {wrong}.")
MOST_AXES = 4


def mistakes_document(known: Sequence[Known]) -> Document:
    """A list for each place where mistakes are made."""
    blocks: list[Block] = [Heading(1, TITLE), Paragraph(INTRODUCTION)]
    for where, members in groupby(known, lambda each: each.where):
        blocks.append(Heading(2, place(where), _kind_of_place(where)))
        blocks += [
            Paragraph(LISTED[one.kind].format(code=marked_up(f"`{one.code}`"), said=one.phrase), "item")
            for one in members
        ]
    return Document(tuple(blocks))


def mistake_document(known: Sequence[Known]) -> Document:
    """All that there is on one code, in each place where it is made."""
    blocks: list[Block] = [Heading(1, verbatim(known[0].code), KINDS[known[0].kind])]
    before = ""
    for where, members in groupby(known, lambda each: each.where):
        blocks.append(Heading(2, place(where), _kind_of_place(where)))
        for one in members:
            example = example_of(one)
            blocks.append(Paragraph(one.phrase))
            if example is not None:
                blocks += _example(one, example, is_told=example.problem == before)
                before = example.problem
    return Document(tuple(blocks))


def place(where: str) -> Phrase:
    """What the place is called: a type, a quantity, or any tensor."""
    if where == ANYWHERE:
        return IN_ANY
    return verbatim(where if where in TYPES else f"{where}(…)")


def _kind_of_place(where: str) -> Phrase | None:
    if where == ANYWHERE:
        return None
    kind = KINDS_OF_PLACES[where] if where in KINDS_OF_PLACES else lesson_of(TYPES[where]()).kind
    return None if kind == NOTHING else kind


def _example(known: Known, example: Example, is_told: bool) -> Iterator[Block]:
    """What is right, the problem unless it has just been told, and its numbers."""
    trace = example.trace
    step = trace.step(example.name)
    formula = trace.formula(example.name)
    if known.where in TYPES and formula is not None:
        yield Paragraph(FORMULA)
        yield Formula(formula, step_names(trace, step))
    yield Paragraph(SAME_PROBLEM if is_told else PROBLEM)
    if not is_told:
        yield Listing(example.problem)
    if example.names:
        yield Paragraph(SHOWS_IN.format(names=marked_up(", ".join(f"`{name}`" for name in example.names))))
    yield from _numbers(example, known)


def _numbers(example: Example, known: Known) -> Iterator[Block]:
    """The right ones, and those that come out."""
    trace, name = example.trace, marked_up(f"`{example.name}`")
    if known.where in QUANTITIES:
        yield from _quantity(example, name)
        return
    tensor = trace[example.name]
    if (example.wrong is None and example.texts is None) or len(example.shape) > MOST_AXES:
        shapes = {"right": by(tensor.shape), "wrong": by(example.shape)}
        yield Paragraph(SIZE_IS.format(name=name, **shapes))
        return
    yield Paragraph(RIGHT.format(name=name))
    yield SolutionBuilder(trace, DEFAULT_DIGITS).block(tensor)
    yield Paragraph(WRONG.format(name=name))
    yield _drawn(example)


def _quantity(example: Example, name: Phrase) -> Iterator[Block]:
    trace = example.trace
    whose = example.name.partition("(")[2].removesuffix(")")
    if example.name.startswith("shape(") and whose in {row.name for row in trace.outline}:
        yield from size_blocks(trace.outline[whose])
    right = np.atleast_1d(trace[example.name].value).astype(int).tolist()
    assert example.texts is not None, "a quantity is written as it is"
    yield Paragraph(RIGHT_IS.format(name=name, right=by(right)))
    yield Paragraph(WRONG_IS.format(wrong="×".join(example.texts.tolist())))


def _drawn(example: Example) -> TensorBlock:
    """What comes out, with a sign at each cell that is not right; where the shape is another one, no cell is."""
    trace, tensor, off = example.trace, example.trace[example.name], example.off
    is_path = tensor.local == PATH

    def number(index: Index) -> Number:
        if example.texts is not None:
            return Number(str(example.texts[index]), is_words=True)
        assert example.wrong is not None, "there are numbers or texts"
        if is_path:
            return Number(f"({','.join(describe(trace.numbers, one).text for one in example.wrong[index])})")
        return describe(trace.numbers, example.wrong[index])

    def cell(index: Index) -> Cell:
        is_off = off is not None and bool(np.any(off[index]))
        return Cell(number(index), frozenset(["wrong"] if is_off else ()))

    shape = example.shape[:-1] if is_path else example.shape
    batched = tensor.batched and len(example.shape) == len(tensor.shape)
    marks: tuple[MarkKind, ...] = ("wrong",) if off is not None and shape else ()
    return TensorBlock(example.name, shape, trace.problem.index_base, cell, batched, marks)


def mistakes_json(known: Sequence[Known], language: Language, with_examples: bool = False) -> str:
    """One JSON object, a mistake a line; `tensors` are the layer's own names: y, dx, dweight, …"""
    listed = (_mistake_json(one, language, with_examples) for one in known)
    return records({"format": "cnncalc-mistakes/1"}, "mistakes", listed)


def _mistake_json(known: Known, language: Language, with_example: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "code": known.code,
        "kind": known.kind,
        "where": ANY if known.where == ANYWHERE else known.where,
        "tensors": list(known.tensors),
        "message": known.phrase.text(language),
    }
    return {**said, "example": _example_json(known)} if with_example else said


def _example_json(known: Known) -> dict[str, Any] | None:
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
