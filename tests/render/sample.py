"""A Document with a block of every kind, a paragraph of every role and a cell with every mark, for all formats."""

from cnncalc.language import Phrase, marked_up, verbatim
from cnncalc.layers.base import Index
from cnncalc.render.document import (
    MEANINGS,
    Boxes,
    Cell,
    Column,
    Document,
    Equation,
    Equations,
    Figure,
    Heading,
    Line,
    Listing,
    Matrix,
    MatrixRow,
    Paragraph,
    Table,
    TensorBlock,
    Working,
)
from cnncalc.render.drawing.drawing import Box, Drawing, Text
from cnncalc.render.formula.formula import Formula
from cnncalc.render.table.number import Number

NAMES = {"x": "F", "y": "conv_1", "g": "dL/dconv_1", "weight": "h", "theta": "θ", "odd": "卷积_a"}
HOSTILE = r"\input{x} <script>alert(1)</script> & $5 $x 100% #1 a_b_ *c* [d](e) ~f~ `g | h^2 {i} ”--all” ∂ √"
"""Words in which each format finds something of its own."""


def words(text: str) -> Phrase:
    """A phrase whose Chinese says the same."""
    return Phrase(en=text, zh=f"中文：{text}")


LETTERS = {
    "∂L/∂x₁₁": ("dL/dx", (1, 1)),
    "∂L/∂y₁₁": ("dL/dy", (1, 1)),
    "w₂₂": ("w", (2, 2)),
    "γ₁": ("γ", (1,)),
    "v₁": ("v", (1,)),
    "relu_1[1,12]": ("relu_1", (1, 12)),
}


def letters(text: str) -> Number:
    return Number(text, letters=LETTERS)


def cell_of(index: Index) -> Cell:
    texts = ("-7.25", "31", "2/9", "1.5e-18", "12")
    return Cell(Number(texts[sum(index) % len(texts)]))


MARKED = Matrix(
    r"\x_{1}",
    (
        tuple(Cell(Number(str(10 + number)), frozenset({mark})) for number, mark in enumerate(MEANINGS)),
        (None, *(Cell(Number("4")) for _ in range(len(MEANINGS) - 1))),
    ),
    ("1", None),
    tuple(str(number) for number in range(len(MEANINGS))),
)
BARE = Matrix("", ((Cell(Number("0.5")), Cell(Number("1/3", "0.333"))),))

BLOCKS = {
    "Heading": (
        Heading(1, words("Title-words $\\x_1$"), names=NAMES),
        Heading(2, words("Part-words"), words("part-aside")),
        Heading(3, words("Tensor-words"), words("tensor-aside $\\g_{2}$"), NAMES),
        Heading(4, words("Method-words")),
    ),
    "Paragraph": (
        Paragraph(words("plain-words with $\\weight_{1,2}$ and `code_words`."), names=NAMES),
        Paragraph(words("note-words"), "note"),
        Paragraph(words("item-words one"), "item"),
        Paragraph(words("item-words two $\\y$"), "item", NAMES),
        Paragraph(words("remark-words"), "remark"),
        Paragraph(words("byline-words"), "byline"),
        Paragraph(verbatim(HOSTILE)),
        Paragraph(verbatim("1. no list")),
        Paragraph(verbatim("# no heading")),
    ),
    "Formula": (
        Formula(r"\g_{f} = \sum_{c,p} \weight_{f,c} \cdot \frac{\x_{c}}{\sqrt{2}} + \operatorname{relu} \x", NAMES),
        Formula(r"\y_i = \begin{cases} \g_i & \x_i > 0 \\ 0 & \text{otherwise} \end{cases}", NAMES),
    ),
    "TensorBlock": (
        TensorBlock("dL/dh", (2, 3, 3), 1, cell_of),
        TensorBlock("θ_1", (30,), 0, cell_of),
        TensorBlock("wide", (40, 90), 0, cell_of, marks=("closed",)),
        TensorBlock("loss", (), 1, lambda index: Cell(Number("log(5)", "1.60944"))),
    ),
    "Equations": (
        Equations(
            (
                Equation(letters("∂L/∂x₁₁"), lambda: letters("∂L/∂y₁₁·w₂₂ + 1/2·γ₁²")),
                Equation(letters("relu_1[1,12]"), lambda: letters("√(v₁ + 1/10)"), Number("7/3", "2.33333")),
            )
        ),
    ),
    "Table": (
        Table(
            (Column(words("Name-head")), Column(words("Value-head"), "right")),
            ((marked_up("`conv_1`"), verbatim("-31.5")), (words("a | b $\\x_{1}$"), verbatim("7"))),
            NAMES,
        ),
        Table((Column(words("Long")),), tuple((words(f"row-words {number} " * 12),) for number in range(40))),
    ),
    "Working": (
        Working(
            r"\g_{1}",
            (
                Line("=", r"\weight_{1} \cdot \x_{1}", words("working-aside 100% & more")),
                Line("+", r"(-1) \cdot 3 + \theta"),
                Line("-", r"\odd_{2} \cdot 4"),
                Line("≈", "-2.5"),
            ),
            NAMES,
        ),
    ),
    "Figure": (
        Figure(
            Drawing(60, 20, (Box(0, 0, 60, 20), Text(30, 10, words("figure-words")))),
            (Paragraph(words("figure-words")),),
        ),
    ),
    "Listing": (Listing("layers:\n  - listing-words: {a: [1, 2]}  # 100% & `more` <b>\n"),),
    "Boxes": (Boxes(2, 3, words("boxes-words")),),
    "MatrixRow": (MatrixRow((MARKED, r"\ast", BARE, "=", BARE), NAMES, tuple(MEANINGS)),),
}
DOCUMENT = Document(tuple(block for blocks in BLOCKS.values() for block in blocks))
SEEN = (
    "Title-words", "Part-words", "part-aside", "Tensor-words", "tensor-aside", "plain-words", "note-words",
    "Method-words",
    "item-words", "remark-words", "byline-words", "otherwise", "Name-head", "Value-head", "row-words",
    "working-aside", "listing-words", "boxes-words", "31", "7.25",
)  # fmt: skip
"""What every format has to show."""
