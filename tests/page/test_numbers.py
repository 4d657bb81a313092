"""What the page shows is what `solve` prints and `explain` adds up, of every cell."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from cnncalc.explaining import WITHOUT_TERMS, explain
from cnncalc.layers.base import Apply, Term
from cnncalc.render.builders.solution import SolutionBuilder
from cnncalc.render.document import TensorBlock
from cnncalc.trace import Trace

from .conftest import Open
from .problems import BY_GEOMETRY, TWO_CONVOLUTIONS

PROBLEMS = {
    **dict.fromkeys(("hw11", "overlapping_pool", "batch_norm_channel", "residual_block", "log_likelihood", "one_step")),
    "two convolutions": TWO_CONVOLUTIONS,
}
SUMS = """() => tensors.flatMap((one, t) => [...Array(size(t)).keys()].map(i => [t, i])).filter(([t, i]) => terms(t, i))
  .map(([t, i]) => [label(t, i), value(t, i), terms(t, i).reduce((sum, term) => sum + termValue(term), 0)])"""


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_cell_says_what_solve_prints_and_is_what_its_terms_add_up_to(name: str, opened: Open) -> None:
    page = opened(PROBLEMS[name] or name)
    cells = page("() => tensors.map(one => one.name).map((name, t) => [name, [...cells[t].values()]"
                 ".map(cell => cell.textContent)])")  # fmt: skip
    solution = SolutionBuilder(page.trace, 6)
    shown = dict(cells)
    assert {tensor.name for tensor in page.trace} <= set(shown)
    for tensor in page.trace:
        block = solution.block(tensor)
        assert isinstance(block, TensorBlock)
        texts = [block.cell(index).number.text for index in np.ndindex(block.shape)]
        assert shown[tensor.name] == texts, tensor.name
    sums = page(SUMS)
    assert len(sums) >= 20
    for label, value, total in sums:
        assert total == pytest.approx(value, rel=1e-9, abs=1e-12), label


def counted(terms: Any) -> list[Any]:
    """Terms of the page or of `explain`, in an order of their own: coefficient, and elements by tensor and place."""
    return sorted((str(c), *sorted(map(str, factors))) for c, *factors in terms)


def as_page(trace: Trace, name: str, at: int) -> list[Any]:
    tensor = trace[name]
    made = explain(trace, tensor, tuple(int(i) for i in np.unravel_index(at, tensor.shape)))

    def factor(one: Any) -> Any:
        assert not isinstance(one, Apply)
        read = made.read(one)
        return [read.tensor.name, int(np.ravel_multi_index(read.index, read.tensor.shape))]

    def term(one: Term) -> list[Any]:
        return [str(one.coefficient), *map(factor, one.factors)]

    return counted(map(term, made.terms))


CELLS_OF_A_LAYER, FEW = 200, 24
"""Of a layer of LeNet-5 fewer are enough: it has no option that the other problem has not, and sums of 784 terms."""
DRAWN = """places => places.map(([name, i]) => { const t = tensors.findIndex(one => one.name === name);
  return terms(t, i).map(([c, ...factors]) => [String(c), ...factors.map(([s, at]) => [tensors[s].name, at])]) })"""


@pytest.mark.parametrize(("problem", "most"), [(BY_GEOMETRY, 0), ("lenet5", 20_000)], ids=["every option", "LeNet-5"])
def test_terms_that_the_page_makes_by_itself_are_those_of_explain(problem: str, most: int, opened: Open) -> None:
    page = opened(problem, most_terms=most)
    by_geometry = page("() => tensors.filter(one => one.geometry).map(one => one.name)")
    made = [t for t in page.trace if page.trace.maker(t)[0] is not None and t.local not in WITHOUT_TERMS]
    if most == 0:
        assert set(by_geometry) == {tensor.name for tensor in made}
    else:
        assert {"conv_1", "dL/dconv_1.weight", "max_pool_1", "dL/drelu_1", "fc_1", "dL/dfc_1.weight"} <= set(
            by_geometry
        )
    chance = random.Random(1)
    layers = [page.trace.maker(page.trace[name])[0] for name in by_geometry]
    for name, layer in zip(by_geometry, layers, strict=True):
        count = page.trace[name].elements.size
        each = -(-(CELLS_OF_A_LAYER if most == 0 else FEW) // layers.count(layer))
        places = [[name, at] for at in sorted(chance.sample(range(count), min(count, each)))]
        for (_, at), terms in zip(places, page(DRAWN, places), strict=True):
            assert counted(terms) == as_page(page.trace, name, at), (name, at)


def test_who_uses_an_element_is_the_same_by_geometry_and_by_terms(opened: Open) -> None:
    used = """() => tensors.flatMap((one, t) => [...Array(size(t)).keys()].map(i =>
      [one.name, i, uses(t, i).map(([u, at]) => `${tensors[u].name} ${at}`).sort()]))"""
    by_terms, by_geometry = opened(BY_GEOMETRY, most_terms=10**9)(used), opened(BY_GEOMETRY, most_terms=0)(used)
    assert sum(len(users) for _, _, users in by_terms) > 10_000
    for one, other in zip(by_terms, by_geometry, strict=True):
        assert one == other


def test_doubles_are_written_as_solve_writes_them(opened: Open) -> None:
    page = opened("hw11")
    from cnncalc.render.table.number import _describe_double

    chance = random.Random(2)
    values = [0.0, 1.0, -0.1, 1e21, 1e22, 123456.5, 1234565.0, 0.00001, 0.0000123456789, 2.0**53, 2.0**53 + 2, 0.9999995,
              999999.5, 1 / 3, -2e-7, 5e-324, 1.7976931348623157e308]  # fmt: skip
    values += [chance.choice((-1, 1)) * chance.random() * 10 ** chance.randint(-12, 24) for _ in range(400)]
    written = page("all => all.map(one => double(one, data.digits)).map(one => [one.text, one.rounded])", values)
    numbers = (_describe_double(value, 6) for value in values)
    assert written == [[number.text, number.rounded] for number in numbers]
