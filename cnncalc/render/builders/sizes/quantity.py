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

TITLE = Phrase(en="How `{name}` comes about", zh="`{name}` 的由来")
OF_THE_INPUT = Phrase(en="The input is given: {shape}.", zh="输入已给定：{shape}。")
OF_A_PARAMETER = Phrase(
    en="It is the {parameter} of `{layer}`: {shape}.", zh="它是 `{layer}` 的 {parameter}：{shape}。"
)
OF_A_LOSS = Phrase(en="A loss is one number.", zh="损失是一个标量。")
OF_A_GRADIENT = Phrase(
    en="A gradient has a number for each element of the tensor that it belongs to, so it is shaped like `{name}`.",
    zh="梯度的每个元素对应原张量的一个元素，因此形状与 `{name}` 相同。",
)
AFTER_A_STEP = Phrase(en="A step changes numbers, and no shape: `{name}`.", zh="更新只改变数值，不改变形状：`{name}`。")
ONE_NUMBER = Phrase(en="one number", zh="标量")
SAMPLES = Phrase(en="The first number of a shape counts the samples, {count}.", zh="形状的第一个数是样本数 {count}。")
SAME_SIZE = Phrase(en="`{layer}` ({type}) changes no size: {shape}.", zh="`{layer}`（{type}）不改变尺寸：{shape}。")
RESULT = Phrase(en="So `{layer}` gives {shape}.", zh="因此 `{layer}` 的输出为 {shape}。")
CHANNELS = Phrase(
    en="Its weights, {weight}, make {count} channels.", zh="其权重的形状为 {weight}，因此输出 {count} 个通道。"
)
OUTPUTS = Phrase(
    en="Its weights, {weight}, have a row for each of its {count} outputs.",
    zh="其权重的形状为 {weight}，每个输出对应一行，共 {count} 个输出。",
)
EACH_CHANNEL = Phrase(en="Each channel becomes one number.", zh="每个通道变为一个数。")
SAME_CHANNELS = Phrase(en="The number of channels stays: {count}.", zh="通道数不变：{count}。")
NO_PARAMETERS = Phrase(en="`{layer}` ({type}) has no parameters.", zh="`{layer}`（{type}）没有参数。")
NO_MULTIPLICATIONS = Phrase(
    en="`{layer}` ({type}) multiplies nothing with weights.", zh="`{layer}`（{type}）没有与权重的乘法。"
)
COUNTS = {
    "parameters": Phrase(en="parameters", zh="参数"),
    "multiplications": Phrase(en="multiplications", zh="乘法次数"),
}
IN_ALL = Phrase(en="total", zh="合计")
SEES = Phrase(
    en="A cell of the first layer's output sees one window. Each further window adds (its span − 1) times the step"
    " between neighbours of the layer that it lies on:",
    zh="第一层输出的每个元素看到一个窗口；其后每一层增加（窗口跨度 − 1）乘以前一层相邻元素在输入上的步距：",
)
GATHERED = Phrase(
    en="A layer that sees everything lies in between, so this is all of the input that is seen: {field}.",
    zh="其间有一层看到全部元素，因此感受野就是输入中被看到的全部范围：{field}。",
)
STAMPED = Phrase(
    en="Behind a transposed convolution or an upsampling the fields of neighbours may differ in size; the largest is"
    " {field}.",
    zh="经过转置卷积或上采样后，相邻元素的感受野大小可能不同，最大为 {field}。",
)
BRANCHES = Phrase(
    en="Several ways lead here; together they reach over {field} of the input, from the first cell that one of them"
    " sees to the last.",
    zh="有多条路径到达这里；合起来的范围（从任一路径看到的第一个元素到最后一个元素）为输入的 {field}。",
)
ONE_CELL = Phrase(
    en="Up to here each cell sees one cell of the input: 1×1.", zh="到这里为止，每个元素只看到输入的一个元素：1×1。"
)

AS_MANY = Phrase(en="So many numbers: {count}.", zh="共 {count} 个数。")
FURTHER = {
    "connections": Phrase(
        en="One for each weight, and each bias, at each element of the output: {count}.",
        zh="输出的每个元素上每个权重与偏置各计一次：{count}。",
    ),
    "flops": Phrase(
        en="Twice the multiplications, each with its addition: {count}.",
        zh="乘法次数的两倍（每次乘加计两次）：{count}。",
    ),
    "operations": Phrase(
        en="Each sum of n products takes n multiplications and n − 1 additions, and one more with a bias: {count}.",
        zh="n 个乘积之和需 n 次乘法与 n − 1 次加法，有偏置再加 1 次：{count}。",
    ),
    "activations": Phrase(en="The numbers of the output: {count}.", zh="输出的元素个数：{count}。"),
    "memory": Phrase(
        en="The numbers of the output, 4 bytes each (float32): {count} bytes.",
        zh="输出的每个元素占 4 字节（float32）：共 {count} 字节。",
    ),
    "fan_in": Phrase(
        en="So many weights go into one element of the output, C_in · k · k in a convolution: {count}.",
        zh="输出的一个元素由多少个权重得到（卷积为 C_in · k · k）：{count}。",
    ),
    "fan_out": Phrase(
        en="So many weights go out of one element of the input, C_out · k · k in a convolution: {count}.",
        zh="输入的一个元素参与多少个权重的计算（卷积为 C_out · k · k）：{count}。",
    ),
    "he_variance": Phrase(en="2 / fan in = {count}", zh="2 / 扇入 = {count}"),
    "xavier_variance": Phrase(en="2 / (fan in + fan out) = {count}", zh="2 / (扇入 + 扇出) = {count}"),
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
