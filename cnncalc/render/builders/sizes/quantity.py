"""How a size or a count comes about, by its rule with the numbers put in: `shape(conv_1)`, `parameters(total)`."""

from collections.abc import Iterator
from typing import Literal

from cnncalc.language import Phrase, marked_up, verbatim
from cnncalc.layers.base import by
from cnncalc.outline import Outline, Row, views
from cnncalc.problem.names import TOTAL, before_update
from cnncalc.receptive_field import AxisView
from cnncalc.render.builders.sizes.outline import (
    LAYER,
    count_of,
    multiplications_of,
    parameters_of,
    size_blocks,
    training,
)
from cnncalc.render.builders.sizes.words import kind_of, layer_in_words
from cnncalc.render.document import Block, Column, Heading, Paragraph, Table
from cnncalc.render.formula.formula import Formula

TITLE = Phrase("How `{name}` comes about")
OF_THE_INPUT = Phrase("The input is given: {shape}.")
OF_A_PARAMETER = Phrase("It is the {parameter} of `{layer}`: {shape}.")
OF_A_LOSS = Phrase("A loss is one number.")
OF_A_GRADIENT = Phrase(
    "A gradient has a number for each element of the tensor that it belongs to, so it is shaped like `{name}`."
)
AFTER_A_STEP = Phrase("A step changes numbers, and no shape: `{name}`.")
ONE_NUMBER = Phrase("one number")
SAMPLES = Phrase("The first number of a shape counts the samples, {count}.")
SAME_SIZE = Phrase("`{layer}` ({type}) changes no size: {shape}.")
RESULT = Phrase("So `{layer}` gives {shape}.")
CHANNELS = Phrase("Its weights, {weight}, make {count:channel|channels}.")
OUTPUTS = Phrase("Its weights, {weight}, have a row for each output: {count:row|rows}.")
EACH_CHANNEL = Phrase("Each channel becomes one number.")
SAME_CHANNELS = Phrase("The number of channels stays: {count}.")
NO_PARAMETERS = Phrase("`{layer}` ({type}) has no parameters.")
NO_MULTIPLICATIONS = Phrase("`{layer}` ({type}) multiplies nothing with weights.")
COUNTS = {"parameters": Phrase("parameters"), "multiplications": Phrase("multiplications")}
IN_ALL = Phrase("total")
SEES = Phrase(
    "A cell of the first layer's output sees one window. Each further window adds (its span − 1) times the step"
    " between neighbours of the layer that it lies on:"
)
GATHERED = Phrase("A layer that sees everything lies in between, so this is all of the input that is seen: {field}.")
STAMPED = Phrase(
    "Behind a transposed convolution or an upsampling the fields of neighbours may differ in size; the largest is"
    " {field}."
)
BRANCHES = Phrase(
    "Several ways lead here; together they reach over {field} of the input, from the first cell that one of them"
    " sees to the last."
)
ONE_CELL = Phrase("Up to here each cell sees one cell of the input: 1×1.")

AS_MANY = Phrase("So many numbers: {count}.")
FURTHER = {
    "connections": Phrase("One for each weight, and each bias, at each element of the output: {count}."),
    "flops": Phrase("Twice the multiplications, each with its addition: {count}."),
    "operations": Phrase(
        "Each sum of n products takes n multiplications and n − 1 additions, and one more with a bias: {count}."
    ),
    "activations": Phrase("The numbers of the output: {count}."),
    "memory": Phrase("The numbers of the output, 4 bytes each (float32): {count} bytes."),
    "fan_in": Phrase("So many weights go into one element of the output, C_in · k · k in a convolution: {count}."),
    "fan_out": Phrase("So many weights go out of one element of the input, C_out · k · k in a convolution: {count}."),
    "he_variance": Phrase("2 / fan in = {count}"),
    "xavier_variance": Phrase("2 / (fan in + fan out) = {count}"),
}


def quantity_blocks(outline: Outline, name: str, kind: str, whose: str, level: Literal[1, 3] = 1) -> Iterator[Block]:
    """The blocks that explain one quantity; `name` is what it was asked by."""
    yield Heading(level, TITLE.format(name=name))
    match kind:
        case "shape":
            yield from _Shapes(outline).blocks(whose)
        case "receptive_field":
            yield from _field(outline, whose)
        case _ if kind in FURTHER:
            yield Paragraph(FURTHER[kind].format(count=str(outline.quantity(name))))
        case "epochs" | "steps" | "steps_per_epoch":
            yield from training(outline)
        case "parameters" if whose != TOTAL and whose not in {row.name for row in outline}:
            yield from _Shapes(outline).blocks(whose)
            yield Paragraph(AS_MANY.format(count=str(outline.quantity(name))))
        case _ if whose == TOTAL:
            yield _total(outline, kind)
        case _:
            yield from _count(outline[whose], kind)


class _Shapes:
    """How the shapes of a problem's tensors come about."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.problem = outline.problem

    def blocks(self, name: str) -> Iterator[Block]:
        """One tensor, by its name."""
        problem = self.problem
        before = before_update(name, problem.made) if problem.update and "/d" not in name else name
        if before != name:
            yield Paragraph(AFTER_A_STEP.format(name=before))
            yield from self.blocks(before)
        elif name.startswith(f"d{problem.loss_name}/d"):
            of = name.partition("/d")[2]
            yield Paragraph(OF_A_GRADIENT.format(name=of))
            yield from self.blocks(of)
        elif name == problem.input.name:
            yield Paragraph(OF_THE_INPUT.format(shape=self.shape(name)))
            yield from self.samples()
        elif problem.loss is not None and name == problem.loss.name:
            yield Paragraph(OF_A_LOSS)
        else:
            yield from self.of_a_layer(name)

    def of_a_layer(self, name: str) -> Iterator[Block]:
        """An output, or a parameter."""
        for entry, row in zip(self.problem.layers, self.outline, strict=True):
            for local, given in entry.parameters.items():
                if given.name == name:
                    yield Paragraph(OF_A_PARAMETER.format(parameter=local, layer=entry.name, shape=self.shape(name)))
            if entry.name != name:
                continue
            if entry.output_shape == entry.input_shape and not row.rules:
                yield Paragraph(SAME_SIZE.format(layer=name, type=kind_of(row.type), shape=self.shape(name)))
            else:
                yield Heading(3, verbatim(name), layer_in_words(row.type, row.options))
                yield from size_blocks(row)
                if row.kernels or len(row.shape) != 3 or row.shape[0] == entry.input_shape[0]:
                    yield from _channels(row)
                yield Paragraph(RESULT.format(layer=name, shape=self.shape(name)))
            yield from self.samples()

    def shape(self, name: str) -> Phrase:
        """A shape as a reader sees it."""
        sizes = self.outline.quantity(f"shape({name})")
        assert isinstance(sizes, tuple)
        return verbatim(by(sizes)) if sizes else ONE_NUMBER

    def samples(self) -> Iterator[Block]:
        """What the first number means, where there is a mini-batch."""
        if self.problem.batch is not None:
            yield Paragraph(SAMPLES.format(count=self.problem.batch), "note")


def _channels(row: Row) -> Iterator[Block]:
    if len(row.shape) != 3:
        if row.kernels:
            yield Paragraph(OUTPUTS.format(weight=by(row.kernels[0]), count=row.shape[0]), "note")
        return
    if row.kernels and len(row.kernels[0]) > 1:
        yield Paragraph(CHANNELS.format(weight=by(row.kernels[0]), count=row.shape[0]), "note")
    elif not row.rules:
        yield Paragraph(EACH_CHANNEL, "note")
    else:
        yield Paragraph(SAME_CHANNELS.format(count=row.shape[0]), "note")


def _count(row: Row, kind: str) -> Iterator[Block]:
    """The parameters or the multiplications of one layer."""
    if kind == "parameters":
        yield parameters_of(row) or Paragraph(NO_PARAMETERS.format(layer=row.name, type=kind_of(row.type)))
    else:
        yield multiplications_of(row) or Paragraph(NO_MULTIPLICATIONS.format(layer=row.name, type=kind_of(row.type)))


def _total(outline: Outline, kind: str) -> Table:
    """What each layer adds."""
    counts = {row.name: getattr(row, kind) for row in outline}
    rows = [(marked_up(f"`{name}`"), count_of(count)) for name, count in counts.items()]
    columns = (Column(LAYER), Column(COUNTS[kind], "right"))
    return Table(columns, (*rows, (IN_ALL, verbatim(str(sum(counts.values()))))))


def _field(outline: Outline, layer: str) -> Iterator[Block]:
    """How far one cell of a layer's output sees."""
    view = next(view for entry, view in views(outline.problem) if entry.name == layer)
    assert view.axes is not None
    field = verbatim(by(view.receptive_field or ()))
    if any(axis.is_gathered for axis in view.axes):
        yield Paragraph(GATHERED.format(field=field))
    elif any(axis.has_branches for axis in view.axes):
        yield Paragraph(BRANCHES.format(field=field))
    elif any(reach.is_stamp for axis in view.axes for reach in axis.reaches):
        yield Paragraph(STAMPED.format(field=field))
    elif not view.axes[0].reaches:
        yield Paragraph(ONE_CELL)
    else:
        yield Paragraph(SEES)
        sums = [_sum_of_windows(axis) for axis in view.axes]
        letters = ["H = ", "W = "] if len(set(sums)) > 1 else ["H = W = " if len(sums) > 1 else ""]
        yield from (Formula(f"{letter}{made}") for letter, made in zip(letters, sums, strict=False))


def _sum_of_windows(axis: AxisView) -> str:
    """`1 + (3 - 1) · 1 + (2 - 1) · 2 = 5` in LaTeX."""
    step, terms = 1, ["1"]
    for reach in axis.reaches:
        terms.append(rf"({reach.axis.span} - 1) \cdot {step}")
        step *= reach.axis.stride
    return f"{' + '.join(terms)} = {axis.field}"
