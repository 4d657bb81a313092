"""A blank answer sheet to print: the questions with their texts, and empty boxes; no answers."""

from collections.abc import Iterator

from cnncalc.language import Phrase, marked_up, verbatim
from cnncalc.practice.blank import ANSWERS, RULE, asked
from cnncalc.problem.problem import Problem
from cnncalc.problem.text.faults import shape_text
from cnncalc.render.document import Block, Boxes, Document, Heading, Paragraph

WHO = Phrase("Name, number")
DUE = Phrase("{question}, {names}")
SHAPED = Phrase("`{name}` ({shape})")
LARGE = Phrase("On a sheet of its own: {shape}.")


def blank_sheet(problem: Problem) -> Document:
    """The Document of a blank sheet."""
    return Document(tuple(_blocks(problem)))


def _blocks(problem: Problem) -> Iterator[Block]:
    yield Heading(1, verbatim(problem.title) if problem.title else ANSWERS)
    if problem.source:
        yield Paragraph(verbatim(problem.source), "byline")
    yield Paragraph(WHO + verbatim(" ________________________________"))
    yield Paragraph(RULE, "note")
    wanted = asked(problem)
    for each in wanted:
        if each.is_first:
            of_question = [other for other in wanted if other.label == each.label]
            named = [_named(other.name, other.shape) for other in of_question]
            yield Heading(2, DUE.format(question=each.question, names=Phrase.listed(named)))
        yield Heading(3, marked_up(f"`{each.name}`"))
        if each.is_large:
            yield Paragraph(LARGE.format(shape=shape_text(each.shape)))
            continue
        base = problem.index_base
        for number, (rows, columns) in enumerate(each.matrices):
            yield Boxes(rows, columns, verbatim(_label(each.shape, number, base)))


def _named(name: str, shape: tuple[int, ...]) -> Phrase:
    return SHAPED.format(name=name, shape=shape_text(shape)) if shape else marked_up(f"`{name}`")


def _label(shape: tuple[int, ...], number: int, base: int) -> str:
    """`[2,1,:,:]` for one matrix of several."""
    at = []
    for size in reversed(shape[:-2]):
        number, rest = divmod(number, size)
        at.append(str(rest + base))
    return f"[{','.join([*reversed(at), ':', ':'])}]" if at else ""
