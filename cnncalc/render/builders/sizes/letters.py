"""Sizes and counts of a network whose sizes are letters."""

from collections.abc import Iterator, Sequence

from cnncalc.language import Phrase, marked_up, verbatim
from cnncalc.layers.windows.axis import Reach
from cnncalc.letter_sizes import LetterSize, in_factors
from cnncalc.outline import Outline, Row, views
from cnncalc.problem.problem import LayerEntry, Problem
from cnncalc.problem.text.faults import Fault
from cnncalc.render.builders.sizes.outline import INTRODUCTION, MULTIPLICATIONS_OF, PARAMETERS_OF, SUMMARY, together
from cnncalc.render.document import Block, Document, Heading, Paragraph
from cnncalc.render.formula.formula import Formula

OUTPUT = Phrase(en="Output: {shape}", zh="输出：{shape}")
FIELD = Phrase(en="Receptive field: {size}", zh="感受野：{size}")
TITLE = Phrase(en="Sizes and counts in letters", zh="以字母表示的尺寸与计数")


def letters_document(outline: Outline) -> Document:
    """The whole Document."""
    problem = outline.problem
    blocks: list[Block] = [Heading(1, verbatim(problem.title) if problem.title else TITLE)]
    blocks.append(Paragraph(INTRODUCTION.format(shape=_by(outline.input)), names={}))
    fields = fields_of(outline)
    for entry, row in zip(problem.layers, outline, strict=True):
        blocks.append(Heading(2, verbatim(row.name), verbatim(row.type)))
        blocks.append(Paragraph(OUTPUT.format(shape=_by(row.shape)), names={}))
        blocks += _rules(entry, row)
        if row.parameters:
            blocks.append(_item(PARAMETERS_OF, parameters([row])))
        if row.multiplications:
            blocks.append(_item(MULTIPLICATIONS_OF, in_factors(row.multiplications)))
        if field := fields[row.name]:
            blocks.append(Paragraph(FIELD.format(size=_by(field)), "item", names={}))
    return Document((*blocks, Heading(2, SUMMARY), _item(PARAMETERS_OF, parameters(outline.rows))))


def has_letters(outline: Outline) -> bool:
    """Whether sizes of a network are letters."""
    shapes = [outline.input, *(shape for row in outline for shape in (row.shape, *row.kernels))]
    return any(isinstance(size, LetterSize) for shape in shapes for size in shape)


def undecided(problem: Problem) -> list[Fault]:
    """Of the windows that are rounded up, where the last one may begin behind the image, and is dropped then."""
    axes = [
        (entry, reach.axis)
        for entry in problem.layers
        for reach in entry.layer.reach(entry.input_shape, entry.shapes) or ()
        if isinstance(reach, Reach) and reach.axis.ceil
    ]
    message = "whether the last window of {} is dropped depends on the letters"
    return [
        Fault(message.format(entry.name), "write numbers, or leave `ceil` out", entry.place)
        for entry, axis in axes
        if any(isinstance(size, LetterSize) for size in (axis.stride, axis.span, axis.after))
        or (isinstance(axis.size, LetterSize) and axis.span < axis.after + axis.stride)
    ]


def parameters(rows: Sequence[Row]) -> str:
    """Of the layers together, as LaTeX: products of sizes that are sums stay as they are, all else is added up."""
    products = [size for row in rows for size in (row.weights, row.biases) if size]
    written = [in_factors(size) for size in products if "(" in in_factors(size)]
    added = sum(size for size in products if "(" not in in_factors(size))
    return " + ".join([in_factors(added)] * bool(added) + written) or "0"


def fields_of(outline: Outline) -> dict[str, Sequence[int] | None]:
    """By layer, its receptive field; None where it depends on which letter is the larger one."""
    return {
        entry.name: None if any(axis.is_open for axis in view.axes or ()) else view.receptive_field
        for entry, view in views(outline.problem)
    }


def _rules(entry: LayerEntry, row: Row) -> Iterator[Formula]:
    """How each size comes about, where it is not as it was."""
    is_same = getattr(entry.layer, "padding", None) == "same"
    reaches = entry.layer.reach(entry.input_shape, entry.shapes) or ()
    for at, (_, rule) in enumerate(together(row.rules)):
        numbers, value = rule.numbers, in_factors(rule.value)
        if is_same and isinstance(reach := reaches[at], Reach):
            numbers = (
                value if reach.axis.stride == 1 else rf"\lceil \frac{{{reach.axis.size}}}{{{reach.axis.stride}}} \rceil"
            )
        yield Formula(numbers if numbers == value else f"{numbers} = {value}")


def _item(phrase: Phrase, latex: str) -> Paragraph:
    return Paragraph(phrase.format(count=marked_up(f"${latex}$")), "item", names={})


def _by(sizes: Sequence[int]) -> Phrase:
    shape = r" \times ".join(f"{size}" for size in sizes) if len(sizes) > 1 else in_factors(sizes[0])
    return marked_up(f"${shape}$")
