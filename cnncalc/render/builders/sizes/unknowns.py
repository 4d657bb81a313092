"""Sizes that are no numbers: in letters, or left open, with the equation of each and every solution; and as JSON."""

from collections.abc import Iterator, Sequence

from cnncalc.language import Phrase, marked_up, verbatim
from cnncalc.layers.windows.axis import Axis, Reach, spare_text, window_rule
from cnncalc.letter_sizes import LetterSize, in_factors, latex, lettered
from cnncalc.outline import Outline, Row, views
from cnncalc.problem.problem import LayerEntry, Problem
from cnncalc.problem.text.faults import Fault
from cnncalc.records import replace
from cnncalc.render.builders.sizes.outline import INTRODUCTION, MULTIPLICATIONS_OF, PARAMETERS_OF, SUMMARY, together
from cnncalc.render.builders.sizes.words import kind_of
from cnncalc.render.data.json import records
from cnncalc.render.document import Block, Column, Document, Heading, Paragraph, Table
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import text
from cnncalc.unknowns import Solution, Solved, Unknown

OUTPUT = Phrase("Output: {shape}")
FIELD = Phrase("Receptive field: {size}")
TITLE = Phrase("Sizes and counts in letters")
UNKNOWNS_TITLE = Phrase("What is left open")
KNOWN = Phrase("Known: {known}.")
NONE = Phrase("No number in reach makes that come true.")
TRIED = Phrase("Tried: {numbers} for {name}.")
SOLUTIONS = Phrase("Solutions, the smallest first")
EQUATION = Phrase("The size of {layer}")
WITHOUT_FLOOR = Phrase("without the rounding:")
SOLVED_FOR = Phrase("solved for {letter}:")
LETTERS = {
    "size": "K", "kernel_size": "K", "pool_size": "K", "padding": "P", "stride": "S", "strides": "S", "dilation": "D",
    "dilation_rate": "D", "shape": "H",
}  # fmt: skip
"""By option, what it is called in the equation."""


def letters_document(outline: Outline) -> Document:
    """The whole Document."""
    problem = outline.problem
    blocks: list[Block] = [Heading(1, verbatim(problem.title) if problem.title else TITLE)]
    blocks.append(Paragraph(INTRODUCTION.format(shape=_by(outline.input)), names={}))
    fields = fields_of(outline)
    for entry, row in zip(problem.layers, outline, strict=True):
        blocks.append(Heading(2, verbatim(row.name), kind_of(row.type)))
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


def unknowns_document(solved: Solved) -> Document:
    """The whole Document."""
    known = Phrase.enumerated(f"{name} = {'×'.join(map(str, sizes))}" for name, sizes in solved.known.items())
    blocks: list[Block] = [Heading(1, UNKNOWNS_TITLE), Paragraph(KNOWN.format(known=known))]
    if solved.solutions and len(solved.unknowns) == 1:
        blocks += _equation(solved.unknowns[0], solved.solutions[0])
    for unknown in solved.unknowns:
        choices = list(unknown.choices)
        is_row = choices == list(range(choices[0], choices[-1] + 1)) and len(choices) > 3 if choices else False
        shown = Phrase.enumerated([f"{choices[0]} … {choices[-1]}"] if is_row else choices)
        blocks.append(Paragraph(TRIED.format(numbers=shown, name=verbatim(unknown.name)), "note"))
    if not solved.solutions:
        return Document((*blocks, Paragraph(NONE)))
    columns = tuple(Column(verbatim(unknown.name), "right") for unknown in solved.unknowns)
    rows = tuple(tuple(verbatim(str(number)) for number in one.numbers) for one in solved.solutions)
    return Document((*blocks, Heading(2, SOLUTIONS), Table(columns, rows)))


def _equation(unknown: Unknown, solution: Solution) -> Iterator[Block]:
    """Of the layer whose window the unknown belongs to: the rule of its size with a letter, and its two bounds."""
    letter = LETTERS.get(unknown.option)
    entry = _entry(unknown, solution)
    if letter is None or entry is None:
        return
    reaches = entry.layer.reach(entry.input_shape, entry.shapes) or ()
    axes = [reach.axis for reach in reaches if isinstance(reach, Reach) and not reach.is_stamp]
    if not axes or axes[-1].ceil or (unknown.option == "padding" and axes[-1].before != axes[-1].after):
        return
    axis = axes[-1]
    yield Heading(2, EQUATION.format(layer=verbatim(entry.name)))
    sought = _with(axis, letter)
    yield Formula(f"{window_rule(sought).numbers} = {axis.outputs}")
    o, low, high = axis.outputs, (axis.outputs - 1) * axis.stride, axis.outputs * axis.stride - 1
    yield Paragraph(WITHOUT_FLOOR)
    if letter == "S":
        spare = axis.padded - axis.span
        yield Formula(rf"{o - 1} \cdot S \le {spare} < {o} \cdot S")
        yield Paragraph(SOLVED_FOR.format(letter="S"))
        lower = rf"\frac{{{spare}}}{{{o}}} < S"
        yield Formula(lower if o == 1 else rf"{lower} \le \frac{{{spare}}}{{{o - 1}}}")
        return
    yield Formula(rf"{low} \le {spare_text(sought)} \le {high}")
    yield Paragraph(SOLVED_FOR.format(letter=letter))
    n, span, around = axis.size, axis.span, axis.before + axis.after
    if letter == "P":
        yield Formula(rf"{low + span - n} \le 2 \cdot P \le {high + span - n}")
    elif letter == "H":
        yield Formula(rf"{low + span - around} \le H \le {high + span - around}")
    elif letter == "K" and axis.dilation == 1:
        yield Formula(rf"{n + around - high} \le K \le {n + around - low}")
    else:
        product = rf"D \cdot {axis.kernel - 1}" if letter == "D" else rf"{axis.dilation} \cdot (K - 1)"
        yield Formula(rf"{n + around - 1 - high} \le {product} \le {n + around - 1 - low}")


def _entry(unknown: Unknown, solution: Solution) -> LayerEntry | None:
    layers = solution.problem.layers
    if unknown.option == "shape":
        return layers[0] if layers and len(layers) == 1 else None
    name = unknown.name.partition(" of ")[2].partition(",")[0]
    return next((entry for entry in layers if entry.name == name), None)


def _with(axis: Axis, letter: str) -> Axis:
    """The axis with a letter for what is asked for."""
    size = lettered(letter)
    if letter == "P":
        return replace(axis, before=size, after=size)
    return replace(axis, **{{"H": "size", "K": "kernel", "S": "stride", "D": "dilation"}[letter]: size})


def letters_json(outline: Outline) -> str:
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


def unknowns_json(solved: Solved) -> str:
    """What is known, and a number for each unknown in every solution, the smallest first."""
    head = {
        "format": "cnncalc-unknowns/1",
        "known": {name: list(sizes) for name, sizes in solved.known.items()},
        "unknowns": [unknown.name for unknown in solved.unknowns],
    }
    return records(head, "solutions", (list(one.numbers) for one in solved.solutions))
