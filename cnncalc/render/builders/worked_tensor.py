"""One tensor of a worked solution: what is done and why, the formula, numbers put in, the result, what to notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from cnncalc.arithmetic.base import Array, Undecided
from cnncalc.explaining.explanation import WITHOUT_TERMS, Explanation, explain
from cnncalc.language import Phrase, marked_up
from cnncalc.layers.base import Entry, Index, Term
from cnncalc.lessons.lesson import Lesson, Method, Picture, lesson_of
from cnncalc.records import replace
from cnncalc.render.builders.explanation import ExplanationBuilder
from cnncalc.render.builders.solution import SolutionBuilder
from cnncalc.render.document import Block, Cell, Heading, Line, Matrix, MatrixRow, Paragraph, marks_of, matrix_of
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.formula.term_formula import Coefficient
from cnncalc.scene import Scene
from cnncalc.trace import Step, Tensor, Trace

TARGET = Phrase(en="target", zh="目标值")
PUT_IN = Phrase(en="With the numbers put in:", zh="代入数值：")
SOME_PUT_IN = Phrase(
    en="With the numbers put in, for some of the {count} elements:", zh="代入数值（共 {count} 个元素，举例如下）："
)
IN_LETTERS = Phrase(en="Element by element:", zh="逐个元素：")
SOME_IN_LETTERS = Phrase(
    en="Element by element, for some of the {count} elements:", zh="逐个元素（共 {count} 个元素，举例如下）："
)
LEFT_OUT = Phrase(
    en="How this comes about is left out: to do that exactly takes too much work.",
    zh="此处略去计算过程：精确推导的计算量过大。",
)
RESULT = Phrase(en="All elements together:", zh="全部元素：")
ALIKE = Phrase(en="With the same numbers, the same comes out for {elements}.", zh="{elements} 的数值相同，结果也相同。")
NO_GRADIENT_ARRIVES = Phrase(
    en="The gradient $\\g$ that arrives here is 0 everywhere, and this one is made of its elements, each times"
    " something. So it is 0 too, whatever the other numbers are.",
    zh="传到这里的梯度 $\\g$ 处处为 0，而这个梯度由其各元素乘以某些数得到，因此无论其他数值如何，它也全为 0。",
)
AGREES = Phrase(en="The result is the same, element by element.", zh="结果与上面逐元素一致。")
AGREES_ROUNDED = Phrase(en="The result is the same, compared in floating point.", zh="用浮点数比较，结果与上面一致。")
FEW_ELEMENTS = 4
ALL_ELEMENTS = 10
ALL_TERMS = 300
"""Every element is worked out where there are no more elements and terms than that."""
MOST_EXAMPLES = 4
MOST_LOOKED_AT = 200
MOST_COMPARED = 8
MOST_MATRIX_CELLS = 20
CLOSE = 1e-11
"""How far two ways may be apart in doubles, in parts of the tensor's largest element."""


class WorkedTensor:
    """The blocks of one tensor after the other."""

    def __init__(self, trace: Trace, digits: int, everything: bool, methods: Sequence[str]) -> None:
        self.trace = trace
        self.methods = methods
        self.everything = everything
        self.builder = ExplanationBuilder(trace, digits, everything)
        self.elements = self.builder.elements
        self.solution = SolutionBuilder(trace, digits)

    def blocks(self, tensor: Tensor) -> list[Block]:
        """The tensor from its heading to its remarks; the result alone where there is too much work in the rest."""
        try:
            return list(self.whole(tensor))
        except Undecided:
            return [self.heading(tensor), Paragraph(LEFT_OUT, "note"), self.solution.block(tensor)]

    def heading(self, tensor: Tensor) -> Heading:
        """Its name, and what it is."""
        name = marked_up(f"${self.elements.source(tensor)}$")
        return Heading(3, name, self.solution.about(tensor, self.kind(tensor)), self.elements.names)

    def whole(self, tensor: Tensor) -> Iterator[Block]:
        """All of it; raises Undecided."""
        yield self.heading(tensor)
        step, local = self.trace.maker(tensor)
        if step is None:
            yield self.solution.block(tensor)
            return
        lesson = lesson_of(step.layer)
        scene = self.builder.scene_of(step)
        names = self.builder.names(step)
        purpose = lesson.purpose_of(local, scene)
        if purpose is not None:
            yield Paragraph(purpose, names=names)
        yield from self.builder.formulas(tensor, step, local, lesson)
        vanishes = self.vanishes(tensor, step, local)
        yield from self.workings(tensor, step, local, lesson, scene, only_one=vanishes)
        if tensor.shape:
            yield self.solution.block(tensor)
        yield from self.solution.doubts(step)
        if vanishes:
            yield Paragraph(NO_GRADIENT_ARRIVES, "remark", names)
        else:
            yield from self.builder.remarks(lesson, scene, step, local)
        for method in lesson.methods(scene, local):
            if method.name in self.methods:
                yield from self.method(method, scene, tensor, names)

    def kind(self, tensor: Tensor) -> Phrase | None:
        """What people call the layer that a tensor belongs to; of a target, that it is one."""
        if tensor.local == "target":
            return TARGET
        step = self.trace.maker(tensor)[0]
        return None if step is None else lesson_of(step.layer).kind

    def vanishes(self, tensor: Tensor, step: Step, local: str) -> bool:
        """Whether the gradient is 0 because the one that arrives is."""
        if tensor.kind != "gradient" or "g" not in step.tensors:
            return False
        numbers = self.trace.numbers
        arrays = (step.tensors["g"], tensor.elements)
        return all(numbers.is_known_equal(array, 0).all() for array in arrays)

    # Numbers put in

    def workings(
        self, tensor: Tensor, step: Step, local: str, lesson: Lesson, scene: Scene, only_one: bool
    ) -> Iterator[Block]:
        """Every element of a small tensor; of a larger one an example for each channel."""
        if local in WITHOUT_TERMS:
            return
        chosen = self.chosen(tensor)[: 1 if only_one else None]
        size = tensor.elements.size
        has_numbers = any(self.reads_numbers(made) for made in chosen)
        all_of_them, some = (PUT_IN, SOME_PUT_IN) if has_numbers else (IN_LETTERS, SOME_IN_LETTERS)
        yield Paragraph(all_of_them if len(chosen) == size else some.format(count=size))
        alike: dict[tuple[tuple[str, ...], tuple[Line, ...]], list[Explanation]] = {}
        for made in chosen:
            # Of several inputs that are passed on, each is one by itself.
            passed = tuple(map(_passed, made.terms)) if step.layer.takes_several else ()
            alike.setdefault((passed, self.elements.working(made, letters=False).lines), []).append(made)
        in_letters: set[tuple[str, ...]] = set()
        for (passed, _), (made, *others) in alike.items():
            # One element with letters shows what is put in where.
            yield self.elements.working(made, letters=passed not in in_letters)
            in_letters.update([passed] * bool(made.terms))
            for reason in lesson.reasons(scene, local, made.at):
                yield Paragraph(self.builder.reason(reason, step), "note", self.builder.names(step))
            if others:
                listed = ", ".join(f"${self.elements.source(one.tensor, one.index)}$" for one in others)
                yield Paragraph(ALIKE.format(elements=marked_up(listed)), "note", self.builder.names(step))
        yield from self.builder.gaps()
        if size > 1:
            yield Paragraph(RESULT)

    def reads_numbers(self, made: Explanation) -> bool:
        """Whether there are numbers to be put in, and not letters alone."""
        numbers = self.trace.numbers
        return any(not numbers.letters_of(made.read(entry).value) for entry in made.entries()) or not made.terms

    def chosen(self, tensor: Tensor) -> list[Explanation]:
        """The elements that are worked out."""
        size = tensor.elements.size
        first = explain(self.trace, tensor, (0,) * len(tensor.shape))
        if size > FEW_ELEMENTS and copies(first):
            return self.one_of_each_kind(tensor)
        if size <= ALL_ELEMENTS and size * len(first.terms) <= ALL_TERMS:
            return [explain(self.trace, tensor, index) for index in np.ndindex(tensor.shape)]
        axes = tensor.shape[:-2] if len(tensor.shape) > 2 else tensor.shape[:-1]
        leads = list(product(*map(range, axes)))[:MOST_EXAMPLES]
        return [self.telling(tensor, lead) for lead in leads]

    def telling(self, tensor: Tensor, lead: Index) -> Explanation:
        """Of some elements of a channel that are not 0 the first with the most terms; at an edge there are fewer."""
        part = tensor.elements[lead]
        nonzero = np.argwhere(~self.trace.numbers.is_known_equal(part, 0)).tolist()
        places = nonzero[:: 1 + len(nonzero) // MOST_COMPARED] or [[0] * part.ndim]
        made = [explain(self.trace, tensor, (*lead, *place)) for place in places]
        return max(made, key=lambda one: len(one.terms))

    def one_of_each_kind(self, tensor: Tensor) -> list[Explanation]:
        """Where elements are only passed on: one that is, and one that is not, or with another factor.

        Where several inputs are passed on, one of each.
        """
        step, local = self.trace.maker(tensor)
        is_of_several = step is not None and step.layer.takes_several and local == "y"
        found: dict[tuple[tuple[Coefficient, str], ...], Explanation] = {}
        nonzero = ~self.trace.numbers.is_known_equal(tensor.elements, 0)
        # What is passed on is best seen on an element that is not 0.
        places = [*np.argwhere(nonzero).tolist(), *np.argwhere(~nonzero)[:1].tolist()]
        apart = 1 + len(places) // MOST_LOOKED_AT if is_of_several else 1
        for place in places[::apart][:MOST_LOOKED_AT] + places[-1:]:
            made = explain(self.trace, tensor, tuple(place))
            found.setdefault(tuple((term.coefficient, _passed(term)) for term in made.terms), made)
            if len(found) == (MOST_EXAMPLES if is_of_several else 2):
                break
        return list(found.values())

    # Other ways

    def method(self, method: Method, scene: Scene, tensor: Tensor, names: Names) -> Iterator[Block]:
        """The steps of another way, and that it comes to the same."""
        yield Heading(4, method.title)
        for text, items in method.parts:
            yield Paragraph(text, names=names)
            if items:
                yield self.row(items, names)
        agreement = self.agreement(method.result.reshape(tensor.shape), tensor)
        if agreement is not None:
            yield Paragraph(agreement)

    def agreement(self, result: Array, tensor: Tensor) -> Phrase | None:
        """That a way has come to the tensor itself; nothing where that could not be shown."""
        if result.dtype == object:
            return AGREES if self.trace.numbers.is_known_equal(result - tensor.elements, 0).all() else None
        largest = float(np.abs(tensor.value).max(initial=0))
        is_close = np.allclose(result, tensor.value, rtol=0, atol=CLOSE * largest)
        return AGREES_ROUNDED if is_close else None

    def row(self, items: Sequence[Picture | str], names: Names) -> MatrixRow:
        """The matrices of one equation."""
        row = MatrixRow(tuple(item if isinstance(item, str) else self.matrix(item) for item in items), names)
        is_rounded = any(cell.number.rounded for cell in row.cells() if cell)
        signed = tuple(r"\approx" if item == "=" and is_rounded else item for item in row.items)
        return replace(row, items=signed, marks=marks_of(row.cells()))

    def matrix(self, picture: Picture) -> Matrix:
        """A matrix, of a large one its first and last rows and columns."""
        height, width = picture.elements.shape

        def cell(row: int, column: int) -> Cell:
            is_filler = picture.filler is not None and picture.filler[row, column]
            number = self.elements.number(picture.elements[row, column])
            return Cell(number, frozenset(["filler"] if is_filler else []))

        return matrix_of(picture.caption, _shown(height, self.everything), _shown(width, self.everything), cell)


def _passed(term: Term) -> str:
    """The tensor whose element is passed on, by the layer's name."""
    return next((factor.tensor for factor in term.factors if isinstance(factor, Entry)), "")


def copies(made: Explanation) -> bool:
    """Whether the layer only passes elements on: there is one term at most, an element with a coefficient."""
    terms = made.terms
    return not terms or (len(terms) == 1 and len(terms[0].factors) == 1 and isinstance(terms[0].factors[0], Entry))


def _shown(length: int, everything: bool) -> list[int | None]:
    if everything or length <= MOST_MATRIX_CELLS:
        return list(range(length))
    return [*range(MOST_MATRIX_CELLS - 3), None, length - 1]
