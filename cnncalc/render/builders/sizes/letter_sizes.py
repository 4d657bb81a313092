"""Sizes and counts in letters as a Document."""

from collections.abc import Sequence

from cnncalc.language import Phrase, marked_up
from cnncalc.letter_sizes import NO, Row
from cnncalc.polynomial import Polynomial
from cnncalc.render.document import Block, Document, Heading, Paragraph
from cnncalc.render.formula.formula import Formula

TITLE = Phrase(en="Sizes and counts in letters", zh="以字母表示的尺寸与计数")
INPUT = Phrase(
    en="Input {shape}. All sizes and counts are those of one sample.",
    zh="输入 {shape}。所有尺寸与计数均针对单个样本。",
)
OUTPUT = Phrase(en="Output: {shape}", zh="输出：{shape}")
PARAMETERS = Phrase(en="Parameters: {count}", zh="参数：{count}")
MULTIPLICATIONS = Phrase(en="Multiplications: {count}", zh="乘法：{count}")
FIELD = Phrase(en="Receptive field: {size}", zh="感受野：{size}")
TOTAL = Phrase(en="In all", zh="总计")


def letters_document(start: Sequence[Polynomial], rows: Sequence[Row]) -> Document:
    """The whole Document."""
    blocks: list[Block] = [Heading(1, TITLE), Paragraph(INPUT.format(shape=_by(start)), names={})]
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
