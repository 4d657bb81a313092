"""What renderers do alike: which function writes a block; in markup also lists, tensors, words, notes and legends."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

from cnncalc.language import Language, Phrase
from cnncalc.records import replace
from cnncalc.render.document import (
    MEANINGS,
    SHORTENED_LETTERS,
    Block,
    Equations,
    Figure,
    Line,
    MarkKind,
    MatrixRow,
    Paragraph,
    TensorBlock,
    Working,
    writer_of,
)
from cnncalc.render.formula.formula import Code, Formula, Plain, spans
from cnncalc.render.formula.formula_latex import latex
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.formula.term_formula import RELATIONS, number_formula, value_formula
from cnncalc.render.table.matrices import Paper, panels
from cnncalc.render.table.number import Number


def equation_formula(left: Number, right: Number, value: Number | None) -> Formula:
    """An element of a tensor of letters, what it is, and what that comes to."""
    names, source = dict(number_formula(left).names), number_formula(left).source
    for number in filter(None, (right, value)):
        formula = value_formula(number)
        names |= formula.names
        source += RELATIONS[number.sign] + formula.source
    return Formula(source, names)


def _distinct(working: Working) -> Working:
    """Without a step that mathematics writes as the one before: x[1] and its letter x₁ are both x with an index."""
    steps: list[list[Line]] = []
    for line in working.lines:
        if line.sign in ("=", "≈") or not steps:
            steps.append([])
        steps[-1].append(line)
    written = [[latex(working.formula(line.right)) for line in step] for step in steps]
    kept = [step for number, step in enumerate(steps) if number == 0 or written[number] != written[number - 1]]
    return replace(working, lines=tuple(line for step in kept for line in step))


class MarkupRenderer(ABC):
    """A function a kind of block, which gives text in a markup language."""

    paper: ClassVar[Paper]
    items: ClassVar[tuple[str, str]] = ("", "")
    """What begins a list, and what ends it."""
    apart: ClassVar[str] = "\n"
    """What stands between the parts of a block."""
    note: ClassVar[str]
    """How something is set apart from what it is about: a template, as the next one."""
    sample: ClassVar[str]
    """How a legend shows a marked number, before what the mark means."""

    def __init__(self, language: Language, shorten: bool) -> None:
        self.language: Language = language
        self.shorten = shorten

    def blocks(self, blocks: Iterable[Block]) -> Iterator[str]:
        """Each block; items that follow one another are one list."""
        in_list = False
        for block in blocks:
            is_item = isinstance(block, Paragraph) and block.role == "item"
            if is_item != in_list:
                yield self.items[in_list]
                in_list = is_item
            shown = _distinct(block) if isinstance(block, Working) else block
            yield writer_of(self, shown)(shown)
        if in_list:
            yield self.items[1]

    def tensor(self, tensor: TensorBlock) -> str:
        """The number, or the matrices, and what there is to say about them."""
        shown = panels(tensor, replace(self.paper, shorten=self.shorten))
        scalar = [] if shown.scalar is None else [self.scalar(tensor.name, shown.scalar.number)]
        return self.apart.join([*map(self.matrix_row, shown.rows), *scalar, *map(self.noted, shown.notes)])

    def equations(self, block: Equations) -> str:
        """A formula an element."""
        lines, is_shortened = block.lines(self.shorten)
        notes = [SHORTENED_LETTERS] * is_shortened
        return self.apart.join([*(self.equation(equation_formula(*line)) for line in lines), *map(self.noted, notes)])

    def equation(self, formula: Formula) -> str:
        """One of these formulas."""
        return self.formula(formula)

    def noted(self, phrase: Phrase) -> str:
        """A phrase as a note."""
        return self.note.format(self.words(phrase))

    def legend(self, marks: Iterable[MarkKind]) -> list[str]:
        """What each sign means."""
        return [self.sample.format(mark=m, sign=self.sign(m), meaning=self.words(MEANINGS[m])) for m in marks]

    def words(self, phrase: Phrase, names: Names | None = None) -> str:
        """Text with its names and, if there are `names`, its formulas."""
        return "".join(map(self.span, spans(phrase.markup(self.language), names)))

    def span(self, span: Plain | Code | Formula) -> str:
        """A stretch of it."""
        match span:
            case Plain(text):
                return self.escaped(text)
            case Code(text):
                return self.code(text)
            case Formula():
                return self.inline(span)

    @abstractmethod
    def figure(self, figure: Figure) -> str:
        """A picture of boxes and lines."""

    @abstractmethod
    def formula(self, formula: Formula) -> str:
        """A formula of its own; a long one goes on further in."""

    @abstractmethod
    def inline(self, formula: Formula) -> str:
        """A formula within words."""

    @abstractmethod
    def scalar(self, name: str, number: Number) -> str:
        """A tensor that is a single number."""

    @abstractmethod
    def sign(self, mark: MarkKind) -> str:
        """How a marked x looks."""

    @abstractmethod
    def matrix_row(self, row: MatrixRow) -> str:
        """Matrices side by side, as many as fit, and the legend of their marks."""

    @abstractmethod
    def escaped(self, text: str) -> str:
        """Words in which nothing is taken for markup."""

    @abstractmethod
    def code(self, text: str) -> str:
        """A name or a command."""
