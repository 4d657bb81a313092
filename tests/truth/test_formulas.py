"""Every formula that people read is true: of the tensors it names, in letters that are free, as far as its sums run.

Formulas are read out of the Documents, as trees; `formulas` works them out by loops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from random import Random
from typing import Any

import mpmath
import numpy as np
import pytest
from rich.cells import cell_len

import cnncalc
from cnncalc.language import Language
from cnncalc.layers.joining.several import Meeting
from cnncalc.lessons.lesson import lesson_of
from cnncalc.optimizers.rule import UpdateRule
from cnncalc.problem.names import names as names_of
from cnncalc.problem.problem import Problem
from cnncalc.render.builders.explanation import ExplanationBuilder, explanation
from cnncalc.render.builders.solution import select, solution
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Cell, Document, Heading, Paragraph, Table, TensorBlock, Working
from cnncalc.render.formula.formula import Formula, spans
from cnncalc.render.formula.formula_nodes import Atom, Index, Name, Row, Script
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.renderers.terminal import Page, render
from cnncalc.render.table.number import Number
from cnncalc.trace import Trace

from .formulas import Formulas, MeaninglessError, OpenError, elements_of, everything_in, sum_of_matrices
from .numbers import precision
from .problems import drawn
from .strings import Solved, is_same

SEEDS = range(30)
FEW = range(8)
"""For whole documents, which take longer."""
WISHES: dict[str, dict[str, Any]] = {
    "names": {"names": "every kind"},
    "mini-batches": {"names": "every kind", "batch": True},
    "letters": {"letters": "open", "batch": None},
    "letters with values": {"letters": "valued", "names": "every kind"},
    "graphs": {"branches": True, "names": "every kind"},
}
LANGUAGES: tuple[Language, ...] = ("en", "zh")
DIGITS = 25
NEAR = mpmath.mpf(10) ** -12


@cache
def solved_text(text: str) -> Trace | None:
    """The trace of a problem; None where its numbers cannot be computed."""
    try:
        return cnncalc.solve(cnncalc.loads(text))
    except cnncalc.ProblemError:
        return None


def solved(seed: int, wishes: dict[str, Any]) -> Trace | None:
    """That of a drawn problem."""
    return solved_text(drawn(seed, **wishes))


@cache
def documents(trace: Trace) -> tuple[Document, ...]:
    """What people read about a trace."""
    brief = [worked(trace, Wishes(length="brief"))] if len(trace) % 3 == 0 else []
    return solution(trace, select(trace)), worked(trace, Wishes()), *brief


def formulas(trace: Trace) -> Iterator[Formula]:
    """That of each tensor, with the chain rule in front of it."""
    builder = ExplanationBuilder(trace, 6, everything=False)
    for tensor in trace:
        step, local = trace.maker(tensor)
        if step is not None:
            blocks = builder.formulas(tensor, step, local, lesson_of(step.layer))
            yield from (block for block in blocks if isinstance(block, Formula))


def in_words(document: Document, language: Language) -> Iterator[Formula]:
    """The formulas within sentences, headings and tables."""
    for block in document.blocks:
        if isinstance(block, Paragraph | Heading):
            phrases = [block.text]
        elif isinstance(block, Table):
            phrases = [cell for row in block.rows for cell in row]
        else:
            continue
        for phrase in phrases:
            yield from (one for one in spans(phrase.markup(language), block.names) if isinstance(one, Formula))


def reader(trace: Trace, element: Any = None) -> Formulas:
    """Works formulas out by the doubles of a trace."""
    tensors = {name: trace[name] for name in dict.fromkeys(filter(None, map(trace.resolve, trace.names)))}
    eps = next((step.layer.eps for step in trace.steps if getattr(step.layer, "eps", 0)), 0)
    shapes = {name: tensor.shape for name, tensor in tensors.items()}
    base = trace.problem.index_base
    doubles = elements_of({name: tensor.value for name, tensor in tensors.items()}, base)
    return Formulas(shapes, base, element or doubles, mpmath.mpf(str(float(eps))))


def taken_by(problem: Problem) -> set[str]:
    """What a reader may take for a name: every tensor, every letter."""
    known = {part for name in names_of(problem) for part in (name, *name.split("/d"))}
    entries = [problem.input, *(one for layer in problem.layers for one in layer.parameters.values())]
    cells = (cell for tensor in entries if tensor.entries.dtype == object for cell in tensor.entries.flat)
    return known | {cell.letter for cell in cells if hasattr(cell, "letter")}


def said(formula: Formula, seed: int, wishes: str) -> str:
    """Where something is wrong."""
    return f"{' '.join(formula_text(formula))}\n{drawn(seed, **WISHES[wishes])}"


def check(about: Formulas, tree: Row, taken: set[str], where: Callable[[], str]) -> None:
    """The formula means something, in letters that mean nothing else."""
    assert not {one.letter for one in everything_in(tree) if isinstance(one, Index)} & taken, where()
    try:
        about.check(tree)
    except MeaninglessError as error:
        raise AssertionError(f"{error}: {where()}") from error


# Formulas


@pytest.mark.parametrize("wishes", WISHES)
def test_formulas_hold_for_every_element(wishes: str) -> None:
    held = 0
    for seed in SEEDS:
        trace = solved(seed, WISHES[wishes])
        if trace is None:
            continue
        about, taken = reader(trace), taken_by(trace.problem)
        for formula in formulas(trace):
            where = partial(said, formula, seed, wishes)
            check(about, formula.tree, taken, where)
            held += holds(about, trace, formula.tree, where)
    assert held > 100


def holds(about: Formulas, trace: Trace, tree: Row, where: Callable[[], str]) -> int:
    """How many elements of the tensor on the left are what the right side comes to: all, or none where it is open."""
    try:
        if isinstance(tree.nodes[0], Name) and about.shapes[tree.nodes[0].name]:
            return holds_as_a_whole(trace, tree, where)
        made = list(about.worked_out(tree))
    except OpenError:
        return 0
    name = made[0][0]
    tensor = trace[name]
    if not np.isfinite(tensor.value).all():
        return 0
    found = {index: value for _, index, value in made}
    shape = tensor.shape[:-1] if name.endswith(".path") else tensor.shape
    assert len(found) == int(np.prod(shape)), where()
    for index, value in found.items():
        true = about.element(name, index)
        if isinstance(true, tuple):
            assert value == true, (index, where())
        elif mpmath.isfinite(value):
            # Letters without values have no number.
            assert abs(value - true) <= 1e-6 * (1 + abs(true)), (index, value, true, where())
    return len(found)


def column(array: Any) -> Any:
    return array[:, None] if array.ndim == 1 else array


def holds_as_a_whole(trace: Trace, tree: Row, where: Callable[[], str]) -> int:
    """The same of a formula of whole tensors; vectors are columns, samples rows, and maps of 1×1 features."""
    left, equals, *right = tree.nodes
    assert isinstance(left, Name)
    assert getattr(equals, "text", "") == "="
    tensor = trace[left.name].value
    are_columns = trace.problem.batch is None

    def taken(name: str) -> Any:
        array = trace[name].value
        if array.shape[-2:] == (1, 1) and array.ndim == 3 + (trace.problem.batch is not None):
            array = array[..., 0, 0]
        return column(array) if are_columns else array

    found = sum_of_matrices(right, taken)
    assert found.size == tensor.size, where()
    if not (np.isfinite(tensor).all() and np.isfinite(found).all()):
        return 0
    np.testing.assert_allclose(found.ravel(), tensor.ravel(), rtol=1e-6, atol=1e-6, err_msg=where())
    return int(found.size)


@pytest.mark.parametrize("wishes", WISHES)
def test_formulas_in_sentences_name_elements_as_they_are(wishes: str) -> None:
    seen = 0
    for seed in FEW:
        trace = solved(seed, WISHES[wishes])
        if trace is None:
            continue
        about, taken = reader(trace), taken_by(trace.problem)
        first = next(iter(trace.steps), None)
        more = [] if first is None else [explanation(trace, trace[first.name], (0,) * len(trace[first.name].shape))]
        for document in (*documents(trace), *more):
            for language in LANGUAGES:
                for formula in in_words(document, language):
                    check(about, formula.tree, taken, partial(said, formula, seed, wishes))
                    seen += 1
    assert seen > 40


def test_an_update_counts_the_elements_of_a_parameter_as_its_layer_does() -> None:
    """`W[f,c,p]` is not `W[c,i,j]` below, nor where the gradients of several uses are added up."""
    seen = 0
    for wishes in WISHES.values():
        for trace in filter(None, (solved(seed, wishes) for seed in SEEDS)):
            for step in trace.all_steps:
                if isinstance(step.layer, UpdateRule):
                    taken = [step.names["gradient"]]
                elif isinstance(step.layer, Meeting) and not step.layer.batched:
                    taken = [step.names[local] for local in step.layer.parts(step.tensors)]
                else:
                    continue
                assert {counted(trace, name) for name in taken} == {counted(trace, step.names["y"])}, step.name
                seen += len(taken)
    assert seen > 40


def counted(trace: Trace, name: str) -> str:
    """The indices on the left of a tensor's formula, in LaTeX."""
    return (trace.formula(name) or "").partition(" = ")[0].partition("_")[2]


def test_what_is_no_formula_is_seen() -> None:
    about = Formulas({"W": (2, 3), "i": (3,)}, 1, lambda name, index: 1.0, 0)
    letters = {"k": Index("k"), "j": Index("j", 1, 3), "s": Index("i", 1, 3), "l": Index("l")}
    names = {"W": Name("W", (2, 3)), "x": Name("i", (3,)), **letters}
    about.check(Formula(r"\W_{\k, \j} = \x_{\j}", names).tree)
    about.check(Formula(r"\W_{\k, 1} = \sum_{\l} \x_{\l} + \sum_{\l} \x_{\l}", names).tree)
    for source, message in (
        (r"\W_{\k, 1} = \sum_{\s} \x_{\s}", "i is a tensor"),
        (r"\W_{\k, 1} = \sum_{\j} \x_{\j} + \x_{\j}", "nothing says what j is"),
        (r"\W_{\k, 1} = \sum_{\j} \x_{\j} \cdot \sum_{\j} \x_{\j}", "j is bound twice"),
        (r"\W_{\k} = 1", "W has 2 indices, not 1"),
        (r"\W_{\k, 1} = \sum_{\j} \W_{\j, 1}", "j runs through"),
        (r"\W_{\k, 1} = \sum_{\l} 2", "nobody knows how far l runs"),
    ):
        with pytest.raises(MeaninglessError, match=message):
            about.check(Formula(source, names).tree)


# Chains of signs


@pytest.mark.parametrize("wishes", [{}, {"batch": True}, {"names": "every kind"}, {"numbers": "irrational"}], ids=str)
def test_workings_read_as_proofs(wishes: dict[str, Any]) -> None:
    equal = near = 0
    with precision():
        for seed in FEW:
            trace = solved(seed, wishes)
            if trace is None or not trace.numbers.proven:
                continue
            plain = Solved(trace.problem)
            about = reader(trace, lambda name, index, plain=plain: plain.values[plain.address(name, _at(plain, index))])
            for working in workings(trace, DIGITS):
                signs = [line.sign for line in working.lines if line.sign in ("=", "≈")]
                assert signs == sorted(signs, key="=≈".index), seed
                true = about.sum(working.formula(working.left).tree.nodes, {})
                for sign, right in steps(about, working):
                    if sign == "=":
                        assert is_same(right, true), (seed, working)
                    else:
                        assert abs(right - true) <= NEAR * (1 + abs(true)), (seed, right, true, working)
                    equal, near = equal + (sign == "="), near + (sign == "≈")
    assert equal > 80
    assert near > 5


SATURATED = (
    "{{input: [40, -800, 0.1, 3], layers: [{layer}, fc: {{units: 1, weight: 0.3}}], loss: {{mse: {{target: [1]}}}}}}"
)
DOUBLES = [SATURATED.format(layer=layer) for layer in ("sigmoid", "tanh", "softmax", "log_softmax")]
DOUBLES += [drawn(seed, numbers="irrational" if seed % 2 else "small") for seed in FEW]


@pytest.mark.parametrize("text", DOUBLES)
def test_with_doubles_an_equals_sign_means_that_what_is_shown_is_equal(text: str) -> None:
    try:
        trace = cnncalc.solve(cnncalc.loads(text), numbers="float")
    except cnncalc.ProblemError:
        return
    with precision():
        about = reader(trace)
        for working in workings(trace, 6):
            equal = [value for sign, value in steps(about, working, names=False) if sign == "="]
            assert all(is_same(value, equal[0]) for value in equal), working


def workings(trace: Trace, digits: int) -> Iterator[Working]:
    """Of each tensor, as a worked solution has them."""
    for block in worked(trace, Wishes(digits=digits, everything=True, length="everything")).blocks:
        if isinstance(block, Working) and block.left:
            yield block


def steps(about: Formulas, working: Working, names: bool = True) -> Iterator[tuple[str, Any]]:
    """The sign of each step and what its right side comes to; those that cannot be worked out are left away."""
    made: list[tuple[str, str]] = []
    for line in working.lines:
        if line.sign in ("=", "≈"):
            made.append((line.sign, line.right))
        else:
            made[-1] = (made[-1][0], f"{made[-1][1]} {line.sign} {line.right}")
    for sign, right in made:
        tree = working.formula(right).tree
        if not names and any(isinstance(node, Script) and isinstance(node.base, Name) for node in everything_in(tree)):
            continue
        try:
            yield sign, about.sum(tree.nodes, {}) * mpmath.mpf(1)
        except OpenError:
            continue


def _at(plain: Solved, index: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(one - plain.base for one in index)


# Pages


@pytest.mark.parametrize("wishes", WISHES)
def test_no_line_is_wider_than_the_page(wishes: str) -> None:
    for seed in FEW:
        trace = solved(seed, WISHES[wishes])
        if trace is None:
            continue
        for document in documents(trace):
            for width in (80, 100):
                for language in LANGUAGES:
                    for line in render(document, Page(width=width, language=language)).split("\n"):
                        assert cell_len(line) <= width or is_one_unit(line, width), (seed, width, line)


def is_one_unit(line: str, width: int) -> bool:
    """What cannot be broken: a command, or a sum of letters in a cell of its own."""
    has_letters = any(digit in line for digit in "₀₁₂₃₄₅₆₇₈₉")
    return "`" in line or has_letters or max(map(cell_len, line.split())) > width // 2


@pytest.mark.parametrize("seed", range(45))
def test_headings_stand_above_their_columns(seed: int) -> None:
    random = Random(seed)
    columns, rows = random.choice([3, 10, 12, 28, 30]), random.choice([1, 3])
    texts = [_cell(random) for _ in range(columns * rows)]
    shape = (columns,) if rows == 1 else (rows, columns)
    block = TensorBlock(
        "T", shape, seed % 2, lambda index: Cell(Number(texts[int(np.ravel_multi_index(index, shape))]))
    )
    width = random.choice([40, 80, 100])
    counted: list[int] = []
    lengths: list[int] = []
    for part in render(Document((block,)), Page(width=width, shorten=False)).split("\n\n"):
        lines = [line[line.find("│") + 1 :] if "│" in line else line for line in part.rstrip("\n").split("\n")]
        head, _, *cells = [line.ljust(width) for line in lines]
        assert all(cell_len(line) <= width for line in part.split("\n"))
        above, *below = [list(_words(line)) for line in (head, *cells)]
        for at, (start, end) in enumerate(above):
            for line in below:
                before, after = line[at - 1][1] if at else -1, line[at + 1][0] if at + 1 < len(line) else width + 1
                assert before < start < end < after, part
            assert any(start < last and first < end for first, last in (line[at] for line in below)), part
        counted += [int(head[start:end]) for start, end in above]
        lengths.append(len(above))
    assert counted == list(range(seed % 2, columns + seed % 2))
    assert lengths[-1] > 1 or max(lengths) == 1, "no lone column stands below"


def _cell(random: Random) -> str:
    return random.choice(
        [str(random.randrange(10)), f"0.{random.randrange(10 ** random.randrange(1, 7)):03}", "-3.5", "1e-7"]
    )


def _words(line: str) -> Iterator[tuple[int, int]]:
    """Where each word begins and ends."""
    start = None
    for place, sign in enumerate(line + " "):
        if sign != " " and start is None:
            start = place
        elif sign == " " and start is not None:
            yield start, place
            start = None


# Sizes and counts


@pytest.mark.parametrize("seed", FEW)
def test_sizes_and_counts_are_explained(seed: int) -> None:
    trace = solved(seed, WISHES["mini-batches" if seed % 2 else "names"])
    if trace is None:
        return
    kinds = ("shape", "parameters", "multiplications", "receptive_field")
    names = dict.fromkeys(filter(None, map(trace.resolve, trace.names)))
    for name in (f"{kind}({of})" for kind in kinds for of in (*names, "total")):
        if name not in trace:
            continue
        value = np.asarray(trace.outline.quantity(name)).ravel().tolist()
        document = explanation(trace, trace[name], None)
        for language in LANGUAGES:
            shown = render(document, Page(language=language))
            assert all(str(size) in shown for size in value if value != [0]), (name, shown)
        for block in document.blocks:
            if isinstance(block, Formula):
                assert_equation(block)


def assert_equation(formula: Formula) -> None:
    """All sides that are no letters are equal."""
    about = Formulas({}, 1, lambda name, index: None, 0)
    sides: list[list[Any]] = [[]]
    for node in formula.tree.nodes:
        if isinstance(node, Atom) and node.text == "=":
            sides.append([])
        else:
            sides[-1].append(node)
    values = {int(about.sum(side, {})) for side in sides if not (len(side) == 1 and side[0].text in "HW")}
    assert len(values) == 1, formula
