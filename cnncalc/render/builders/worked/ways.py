"""The elements of a tensor that a worked solution works out, and the other ways to the whole of it.

All elements of a small tensor, examples of a larger one; of a way its pictures, and that it comes to the same.
"""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.explaining import Explanation, explain
from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index, Term
from cnncalc.layers.windows.pool import Pool
from cnncalc.lessons.lesson import Lesson, Method, Part, Picture, sentences
from cnncalc.records import replace
from cnncalc.render.builders.element import Elements
from cnncalc.render.document import Block, Cell, Heading, Matrix, MatrixRow, Paragraph, marks_of, matrix_of
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.formula.term_formula import Coefficient
from cnncalc.render.table.matrices import choose_style, styled
from cnncalc.step import Scene
from cnncalc.trace import Tensor, Trace

FEW_ELEMENTS = 4
ALL_ELEMENTS, ALL_TERMS = 10, 300
"""Every element is worked out where there are no more elements and terms than that."""
MOST_BRANCHES = 2
"""Of so many numbers, such as 0 and x, one is chosen in the same way throughout; of a window it is another each time.
"""
MOST_EXAMPLES = 4
MOST_LOOKED_AT = 200
MOST_COMPARED = 8
AND_SO_ON = Phrase("The other {count:is|are} done in the same way.")
ALL_ZERO = Phrase("The other {count:gives|give} 0 everywhere.")
AGREES = Phrase("The result is the same, element by element.")
AGREES_ROUNDED = Phrase("The result is the same, compared in floating point.")
MOST_MATRIX_CELLS = 20
LONGEST_SUM = 32
"""Characters of a sum of letters in a matrix."""
CLOSE = 1e-11
"""How far two ways may be apart in doubles, in parts of the tensor's largest element."""


def chosen(trace: Trace, tensor: Tensor, lesson: Lesson, scene: Scene, everything: bool) -> list[Explanation]:
    """The elements of a tensor that are worked out."""
    size = tensor.elements.size
    first = explain(trace, tensor, (0,) * len(tensor.shape))
    if everything:
        return [explain(trace, tensor, index) for index in np.ndindex(tensor.shape)]
    is_of_window = len(lesson.compared(scene, first.local, first.at)) > MOST_BRANCHES or (
        isinstance(scene.layer, Pool) and first.local == "y"
    )
    if size > FEW_ELEMENTS and copies(first) and not is_of_window:
        return _one_of_each_kind(trace, tensor)
    if size <= ALL_ELEMENTS and size * len(first.terms) <= ALL_TERMS:
        return [explain(trace, tensor, index) for index in np.ndindex(tensor.shape)]
    axes = tensor.shape[:-2] if len(tensor.shape) > 2 else tensor.shape[:-1]
    leads = list(product(*map(range, axes)))
    zero = [bool(trace.numbers.is_known_equal(tensor.elements[lead], 0).all()) for lead in leads[:MOST_EXAMPLES]]
    if all(zero):
        # Where there is nothing to be seen in the first, one is taken in which there is.
        rest = (lead for lead in leads if not trace.numbers.is_known_equal(tensor.elements[lead], 0).all())
        leads = [*leads[: MOST_EXAMPLES - 1], next(rest, leads[-1])]
    return [_telling(trace, tensor, lead) for lead in dict.fromkeys(leads[:MOST_EXAMPLES])]


def _telling(trace: Trace, tensor: Tensor, lead: Index) -> Explanation:
    """Of some elements of a channel that are not 0 the first with the most terms; at an edge there are fewer."""
    part = tensor.elements[lead]
    nonzero = np.argwhere(~trace.numbers.is_known_equal(part, 0)).tolist()
    places = nonzero[:: 1 + len(nonzero) // MOST_COMPARED] or [[0] * part.ndim]
    made = [explain(trace, tensor, (*lead, *place)) for place in places]
    return max(made, key=lambda one: len(one.terms))


def _one_of_each_kind(trace: Trace, tensor: Tensor) -> list[Explanation]:
    """Where elements are only passed on: one that is, and one that is not, or with another factor.

    Where several inputs are passed on, one of each.
    """
    step, local = trace.maker(tensor)
    is_of_several = step is not None and step.layer.takes_several and local == "y"
    found: dict[tuple[tuple[Coefficient, str], ...], Explanation] = {}
    nonzero = ~trace.numbers.is_known_equal(tensor.elements, 0)
    # What is passed on is best seen on an element that is not 0.
    places = [*np.argwhere(nonzero).tolist(), *np.argwhere(~nonzero)[:1].tolist()]
    apart = 1 + len(places) // MOST_LOOKED_AT if is_of_several else 1
    for place in places[::apart][:MOST_LOOKED_AT] + places[-1:]:
        made = explain(trace, tensor, tuple(place))
        found.setdefault(tuple((term.coefficient, passed_on(term)) for term in made.terms), made)
        if len(found) == (MOST_EXAMPLES if is_of_several else 2) and len(made.terms) <= 1:
            break
    chosen = list(found.values())
    most = max(chosen, key=lambda one: len(one.terms))
    # Where elements are also made of several, as between the cells of an image, the first of those with the most leads.
    return chosen if len(most.terms) <= 1 else [most, *(one for one in chosen if one is not most)][:2]


def passed_on(term: Term) -> str:
    """The tensor whose element is passed on, by the layer's name."""
    return next((factor.tensor for factor in term.factors if isinstance(factor, Entry)), "")


def copies(made: Explanation) -> bool:
    """Whether the layer only passes elements on: there is one term at most, an element with a coefficient."""
    terms = made.terms
    return not terms or (len(terms) == 1 and len(terms[0].factors) == 1 and isinstance(terms[0].factors[0], Entry))


class Ways:
    """Writes the ways to the tensors of one trace.

    `repeats` is whether each picture has the whole text and matrices of zeros are shown; a brief one shows one picture.
    """

    def __init__(self, trace: Trace, elements: Elements, is_brief: bool, repeats: bool) -> None:
        self.trace = trace
        self.elements = elements
        self.is_brief = is_brief
        self.repeats = repeats

    def blocks(self, method: Method, tensor: Tensor, names: Names) -> Iterator[Block]:
        """The steps of another way, and that it comes to the same."""
        parts = list(method.parts)
        more, zero = method.more, 0
        if method.briefly and not self.repeats:
            telling = [part for part in parts if not self.is_zero(part)] or parts[:1]
            zero = len(parts) - len(telling)
            shown = telling[: 1 if self.is_brief else None]
            more += len(telling) - len(shown)
            parts = [(parts[0][0], ()), *shown] if shown[0] is not parts[0] else shown
            briefly = dict(zip(map(id, method.parts), method.briefly, strict=True))
            parts = [part if number == 0 else (briefly[id(part)], part[1]) for number, part in enumerate(parts)]
        rows = [self.row(items, names) for _, items in parts]
        if not any(rows):
            return  # Sums of letters are too long for pictures, and words about them say nothing alone.
        yield Heading(4, method.title)
        for (text, _), row in zip(parts, rows, strict=True):
            yield Paragraph(text, names=names)
            if row is not None:
                yield row
        rest = [phrase.format(count=count) for phrase, count in ((ALL_ZERO, zero), (AND_SO_ON, more)) if count]
        if rest or method.closing:
            yield Paragraph(sentences(*rest, *method.closing), names=names)
        if self.is_brief:
            return
        agreement = self.agreement(method.result.reshape(tensor.shape), tensor)
        if agreement is not None:
            yield Paragraph(agreement)

    def is_zero(self, part: Part) -> bool:
        """Whether what a picture leads to is a matrix of zeros."""
        made = part[1][-1]
        return isinstance(made, Picture) and bool(self.trace.numbers.is_known_equal(made.elements, 0).all())

    def agreement(self, result: Array, tensor: Tensor) -> Phrase | None:
        """That a way has come to the tensor itself; nothing where that could not be shown."""
        if result.dtype == object:
            return AGREES if self.trace.numbers.is_known_equal(result - tensor.elements, 0).all() else None
        largest = float(np.abs(tensor.value).max(initial=0))
        is_close = np.allclose(result, tensor.value, rtol=0, atol=CLOSE * largest)
        return AGREES_ROUNDED if is_close else None

    def row(self, items: Sequence[Picture | str], names: Names) -> MatrixRow | None:
        """The matrices of one equation; what would be too wide for any page goes by its name.

        A result without a name is left out; of an equation that misses more, and of names alone, there is none.
        """
        made: list[Matrix | str] = []
        for place, item in enumerate(items):
            if isinstance(item, str):
                made.append(item)
                continue
            matrix = self.matrix(item)
            is_too_wide = any(c.number.in_letters and len(c.number.text) > LONGEST_SUM for c in matrix.cells())
            if not is_too_wide:
                made.append(matrix)
            elif item.caption:
                made.append(item.caption)
            elif made and place == len(items) - 1:
                made.pop()
            else:
                return None
        if not any(isinstance(item, Matrix) for item in made):
            return None
        row = MatrixRow(tuple(made), names)
        is_rounded = any(cell.number.rounded for cell in row.cells())
        signed = tuple(r"\approx" if item == "=" and is_rounded else item for item in row.items)
        return replace(row, items=signed, marks=marks_of(row.cells()))

    def matrix(self, picture: Picture) -> Matrix:
        """A matrix, of a large one its first and last rows and columns."""
        height, width = picture.elements.shape

        rows, columns = (_shown(length, self.elements.everything) for length in (height, width))
        shown = [(row, column) for row in rows for column in columns if row is not None and column is not None]
        numbers = {place: self.elements.number(picture.elements[place]) for place in shown}
        style = choose_style(list(numbers.values()))[-1]

        def cell(row: int, column: int) -> Cell:
            is_filler = picture.filler is not None and picture.filler[row, column]
            return Cell(styled(numbers[row, column], style), frozenset(["filler"] if is_filler else []))

        return matrix_of(picture.caption, rows, columns, cell)


def _shown(length: int, everything: bool) -> list[int | None]:
    if everything or length <= MOST_MATRIX_CELLS:
        return list(range(length))
    return [*range(MOST_MATRIX_CELLS - 3), None, length - 1]
