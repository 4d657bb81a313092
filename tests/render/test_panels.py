"""Tensors as matrices on a page: captions, blocks of what is too large, and every number exactly once."""

from itertools import product

import pytest

from cnncalc.layers.base import Index
from cnncalc.render.document import Cell, Matrix, MatrixRow, TensorBlock
from cnncalc.render.table.matrices import GAP, Panels, Paper, is_equation, panels, with_signs
from cnncalc.render.table.number import Number


def place(index: Index) -> Cell:
    return Cell(Number(".".join(map(str, index))))


def laid_out(shape: tuple[int, ...], paper: Paper, batched: bool = False, base: int = 1) -> Panels:
    return panels(TensorBlock("T", shape, base, place, batched, ("closed",)), paper)


def captions(shown: Panels) -> list[list[str]]:
    return [[item if isinstance(item, str) else item.caption for item in row.items] for row in shown.rows]


def numbers(shown: Panels) -> list[str]:
    matrices = [item for row in shown.rows for item in row.items if isinstance(item, Matrix)]
    return [cell.number.both for matrix in matrices for line in matrix.rows for cell in line if cell]


@pytest.mark.parametrize("shape", [(7,), (5, 9), (2, 3, 4), (2, 3, 4, 5), (1, 30), (50, 2), (3, 1, 2, 2), (1,)])
@pytest.mark.parametrize("paper", [Paper(20, 6, False), Paper(80, 40, False)], ids=["small", "large"])
def test_every_number_is_shown_once(shape: tuple[int, ...], paper: Paper) -> None:
    expected = sorted(".".join(map(str, index)) for index in product(*map(range, shape)))
    shown = laid_out(shape, paper)
    assert sorted(numbers(shown)) == expected
    assert (shown.shown, shown.count, shown.notes) == (len(expected), len(expected), ())


@pytest.mark.parametrize("shape", [(30,), (4, 40), (90, 3), (2, 20, 20)])
def test_no_matrix_is_larger_than_the_paper(shape: tuple[int, ...]) -> None:
    for row in laid_out(shape, Paper(40, 12, False)).rows:
        for matrix in row.items:
            assert isinstance(matrix, Matrix)
            assert len(matrix.rows) <= 12
            widths = [
                max(len(cell.number.text) for cell in column if cell) for column in zip(*matrix.rows, strict=True)
            ]
            assert sum(widths) + 2 * len(widths) <= 40


def test_captions_name_the_place() -> None:
    large = Paper(80, 40)
    assert captions(laid_out((2, 2), large)) == [[r"\t"]]
    assert captions(laid_out((2, 2, 2), large)) == [[r"\t_{1}", r"\t_{2}"]]
    assert captions(laid_out((2, 2, 2), large, base=0)) == [[r"\t_{0}", r"\t_{1}"]]
    assert captions(laid_out((2, 2, 2, 2), large)) == [[r"\t_{1, 1}", r"\t_{1, 2}"], [r"\t_{2, 1}", r"\t_{2, 2}"]]
    assert captions(laid_out((2, 4), Paper(10, 40))) == [[r"\t_{:, 1 \ldots 2}", r"\t_{:, 3 \ldots 4}"]]
    assert captions(laid_out((4,), Paper(6, 40))) == [[r"\t_{1 \ldots 2}", r"\t_{3 \ldots 4}"]]
    assert captions(laid_out((3, 1), Paper(80, 1), base=0)) == [[r"\t_{0, :}", r"\t_{1, :}", r"\t_{2, :}"]]


def test_kernels_of_one_channel_stand_side_by_side_and_samples_below_each_other() -> None:
    paper = Paper(80, 40)
    assert captions(laid_out((2, 1, 2, 2), paper)) == [[r"\t_{1, 1}", r"\t_{2, 1}"]]
    assert captions(laid_out((2, 1, 2, 2), paper, batched=True)) == [[r"\t_{1, 1}"], [r"\t_{2, 1}"]]


def test_what_is_left_out_is_marked_and_counted() -> None:
    shown = laid_out((9, 20, 20), Paper(200, 40))
    assert captions(shown) == [[r"\t_{1}", r"\t_{2}", GAP, r"\t_{9}"]]
    assert [note.en for note in shown.notes] == ["Shortened: 432 of 3600 numbers are shown."]
    first = shown.rows[0].items[0]
    assert isinstance(first, Matrix)
    assert first.row_labels == first.column_labels == (*"12345678", None, "17", "18", "19", "20")
    assert [cell is None for cell in first.rows[0]] == [label is None for label in first.column_labels]
    assert set(first.rows[8]) == {None}


def test_the_legend_stands_below_the_last_row() -> None:
    rows = laid_out((2, 2, 2, 2), Paper(80, 40)).rows
    assert [row.marks for row in rows] == [(), ("closed",)]


def test_fractions_have_decimals_where_they_fit() -> None:
    third = TensorBlock("T", (3,), 1, lambda index: Cell(Number("1/3", "0.333333")))
    assert numbers(panels(third, Paper(80, 40))) == ["1/3 ≈ 0.333333"] * 3
    assert numbers(panels(third, Paper(30, 40))) == ["1/3"] * 3


def test_a_sign_goes_with_the_matrix_behind_it() -> None:
    matrix = Matrix("", ((Cell(Number("1")),),))
    row = MatrixRow((matrix, r"\ast", matrix, "=", "-", matrix, "+"))
    assert list(with_signs(row)) == [((), matrix), ((r"\ast",), matrix), (("=", "-"), matrix), (("+",), None)]
    assert is_equation(row)
    assert not is_equation(MatrixRow((matrix, GAP, matrix)))
