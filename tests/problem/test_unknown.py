"""A `?` where a number belongs: shapes are known, and solve says which numbers are missing, and where."""

from __future__ import annotations

import pytest

import cnncalc

from ..command import run

SHEET = """\
index_base: {base}
input: {{name: x, shape: [1, 4, 4], value: ?}}
layers:
  - conv: {{channels: 2, size: 3, weight: ?, bias: ?}}
  - relu
  - flatten
  - fc: {{weight: [[1, 2, ?, 4, 1, 2, 3, 4], [?, 1, 2, 3, 4, 5, 6, 7]], bias: [?, ?]}}
  - softmax
loss: {{cross_entropy: {{{target}: ?}}}}
"""


@pytest.mark.parametrize("target", ["class", "target"])
@pytest.mark.parametrize(("base", "cells"), [(1, "[1,3], [2,1]"), (0, "[0,2], [1,0]")])
def test_each_missing_number_is_named_with_its_shape_and_place(target: str, base: int, cells: str) -> None:
    with pytest.raises(cnncalc.ProblemError) as error:
        cnncalc.solve(cnncalc.loads(SHEET.format(base=base, target=target)))
    assert [(fault.message, fault.line, fault.column) for fault in error.value.faults] == [
        ("no numbers: x (1×4×4)", 2, 8),
        ("no numbers: conv_1.weight (2×1×3×3)", 4, 42),
        ("no numbers: conv_1.bias (2)", 4, 51),
        (f"no numbers: {cells} of fc_1.weight (2×8)", 7, 18),
        ("no numbers: fc_1.bias (2)", 7, 78),
        ("no numbers: L.target (2)", 9, 26 + len(target)),
    ]


def test_sizes_need_no_numbers() -> None:
    outline = cnncalc.shapes(cnncalc.loads(SHEET.format(base=1, target="class")))
    assert outline["conv_1"].shape == (2, 2, 2)
    assert outline.parameters == 2 * 9 + 2 + 2 * 8 + 2


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("[[[?, 1], [2, 3]]]", (1, 2, 2)),
        ("{fill: ?, shape: [1, 2, 2]}", (1, 2, 2)),
        ("|\n  ? ?\n  1 2\n", (1, 2, 2)),
        (r"'\begin{bmatrix} ? & 1 \\ 2 & 3 \end{bmatrix}'", (1, 2, 2)),
    ],
)
def test_in_every_form_of_a_tensor(value: str, shape: tuple[int, ...]) -> None:
    problem = cnncalc.loads(f"input: {value}\nlayers: [max_pool: {{size: 2}}]\n")
    assert (problem.input.is_blank, problem.input.entries.shape[1:]) == (True, shape)


def test_values_of_letters_are_numbers() -> None:
    result = run(["solve", "-"], stdin="input: {symbol: x, values: [1, ?]}\nlayers: [relu]\n")
    assert result.returncode == 2
    assert "a `?` stands among the values of letters" in result.stderr
