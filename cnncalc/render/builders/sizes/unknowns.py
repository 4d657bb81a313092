"""Numbers left open: the equation of each, and every solution in reach."""

from collections.abc import Iterator

from cnncalc.language import Phrase, verbatim
from cnncalc.layers.windows.axis import Axis, Reach, spare_text, window_rule
from cnncalc.letter_sizes import lettered
from cnncalc.problem.problem import LayerEntry
from cnncalc.records import replace
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
