"""Sizes that are asked for: numbers left open, and letters."""

from collections.abc import Iterator, Sequence

from cnncalc.language import Phrase, marked_up, verbatim
from cnncalc.layers.windows.axis import Axis, Reach
from cnncalc.letter_sizes import NO, Row
from cnncalc.polynomial import Polynomial
from cnncalc.problem.problem import LayerEntry
from cnncalc.render.document import Block, Column, Document, Heading, Paragraph, Table
from cnncalc.render.formula.formula import Formula
from cnncalc.unknowns import Solution, Solved, Unknown

UNKNOWNS_TITLE = Phrase(en="What is left open", zh="待求的量")
KNOWN = Phrase(en="Known: {known}.", zh="已知：{known}。")
NONE = Phrase(en="No number in reach makes that come true.", zh="在尝试的范围内，没有任何数满足条件。")
TRIED = Phrase(en="Tried: {numbers} for {name}.", zh="尝试范围：{name} 取 {numbers}。")
SOLUTIONS = Phrase(en="Solutions, the smallest first", zh="全部解（由小到大）")
EQUATION = Phrase(en="The size of {layer}", zh="{layer} 的尺寸")
WITHOUT_FLOOR = Phrase(en="without the rounding:", zh="去掉取整：")
SOLVED_FOR = Phrase(en="solved for {letter}:", zh="解出 {letter}：")
LETTERS = {
    "size": "K", "kernel_size": "K", "pool_size": "K", "padding": "P", "stride": "S", "strides": "S", "dilation": "D",
    "dilation_rate": "D", "shape": "H",
}  # fmt: skip
"""By option, what it is called in the equation."""


def unknowns_document(solved: Solved) -> Document:
    """The whole Document."""
    known = ", ".join(f"{name} = {'×'.join(map(str, sizes))}" for name, sizes in solved.known.items())
    blocks: list[Block] = [Heading(1, UNKNOWNS_TITLE), Paragraph(KNOWN.format(known=verbatim(known)))]
    if solved.solutions and len(solved.unknowns) == 1:
        blocks += _equation(solved.unknowns[0], solved.solutions[0])
    for unknown in solved.unknowns:
        choices = list(unknown.choices)
        is_row = choices == list(range(choices[0], choices[-1] + 1)) and len(choices) > 3 if choices else False
        shown = f"{choices[0]} … {choices[-1]}" if is_row else ", ".join(map(str, choices))
        blocks.append(Paragraph(TRIED.format(numbers=verbatim(shown), name=marked_up(f"`{unknown.name}`")), "note"))
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
    yield Heading(2, EQUATION.format(layer=marked_up(f"`{entry.name}`")))
    yield Formula(_rule(axis, letter))
    o, low, high = axis.outputs, (axis.outputs - 1) * axis.stride, axis.outputs * axis.stride - 1
    inside = _inside(axis, letter)
    yield Paragraph(WITHOUT_FLOOR)
    if letter == "S":
        spare = axis.padded - axis.span
        yield Formula(rf"{o - 1} \cdot S \le {spare} < {o} \cdot S")
        yield Paragraph(SOLVED_FOR.format(letter="S"))
        lower = rf"\frac{{{spare}}}{{{o}}} < S"
        yield Formula(lower if o == 1 else rf"{lower} \le \frac{{{spare}}}{{{o - 1}}}")
        return
    yield Formula(rf"{low} \le {inside} \le {high}")
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


def _rule(axis: Axis, letter: str) -> str:
    stride = "S" if letter == "S" else str(axis.stride)
    return rf"\lfloor \frac{{{_inside(axis, letter)}}}{{{stride}}} \rfloor + 1 = {axis.outputs}"


def _inside(axis: Axis, letter: str) -> str:
    """The padded length less the span of the kernel."""
    size = "H" if letter == "H" else str(axis.size)
    if letter == "P":
        padding = r" + 2 \cdot P"
    else:
        padding = rf" + 2 \cdot {axis.before}" if axis.before == axis.after else f" + {axis.before} + {axis.after}"
    if letter == "K":
        span = " - K" if axis.dilation == 1 else rf" - {axis.dilation} \cdot (K - 1) - 1"
    elif letter == "D":
        span = rf" - D \cdot {axis.kernel - 1} - 1"
    else:
        span = f" - {axis.span}"
    return size + padding + span


LETTER_SIZES_TITLE = Phrase(en="Sizes and counts in letters", zh="以字母表示的尺寸与计数")
INPUT = Phrase(
    en="Input {shape}. All sizes and counts are those of one sample.", zh="输入 {shape}。所有尺寸与计数均针对单个样本。"
)
OUTPUT = Phrase(en="Output: {shape}", zh="输出：{shape}")
PARAMETERS = Phrase(en="Parameters: {count}", zh="参数：{count}")
MULTIPLICATIONS = Phrase(en="Multiplications: {count}", zh="乘法：{count}")
FIELD = Phrase(en="Receptive field: {size}", zh="感受野：{size}")
TOTAL = Phrase(en="In all", zh="总计")


def letters_document(start: Sequence[Polynomial], rows: Sequence[Row]) -> Document:
    """The whole Document."""
    blocks: list[Block] = [Heading(1, LETTER_SIZES_TITLE), Paragraph(INPUT.format(shape=_by(start)), names={})]
    total = NO
    for row in rows:
        total = total + row.parameters
        blocks.append(Heading(2, marked_up(f"`{row.name}`"), marked_up(f"`{row.type}`")))
        blocks.append(Paragraph(OUTPUT.format(shape=_by(row.shape)), names={}))
        sizes = row.shape[-len(row.rules) :] if row.rules else ()
        rules = dict.fromkeys(zip(row.rules, sizes, strict=True))
        for rule, size in rules:
            simple = size.latex()
            blocks.append(Formula(rule if rule == simple else f"{rule} = {simple}"))
        if row.parameters.terms:
            blocks.append(Paragraph(PARAMETERS.format(count=_math(row.parameters.latex())), "item", names={}))
        if row.multiplications:
            blocks.append(Paragraph(MULTIPLICATIONS.format(count=_math(row.multiplications)), "item", names={}))
        if row.field:
            blocks.append(Paragraph(FIELD.format(size=_by(row.field)), "item", names={}))
    blocks += [Heading(2, TOTAL), Paragraph(PARAMETERS.format(count=_math(total.latex())), "item", names={})]
    return Document(tuple(blocks))


def _by(sizes: Sequence[Polynomial]) -> Phrase:
    return _math(r" \times ".join(f"({one.latex()})" if len(one.terms) > 1 else one.latex() for one in sizes))


def _math(latex: str) -> Phrase:
    return marked_up(f"${latex}$")
