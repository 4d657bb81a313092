"""Text blocks whose columns are aligned to the right, as people write matrices."""

from __future__ import annotations

from itertools import permutations

import pytest

from cnncalc.problem.loader import loads
from cnncalc.problem.text.faults import ProblemError

ROWS = ("1  -2", "-10  3", "400  5")


def aligned(rows: tuple[str, ...], indent: int) -> str:
    width = max(map(len, rows))
    return "\n".join(" " * indent + row.rjust(width) for row in rows)


@pytest.mark.parametrize("rows", list(permutations(ROWS)))
@pytest.mark.parametrize(
    ("before", "indent"),
    [
        ("input: |\n", 1), ("input: |\n", 4), ("input: |-\n", 2), ("input: |  # the image\n", 2), ("'input': |\n", 2),
        ("input:\n  value: |\n", 4), ("input:\n  name: x\n  value: |\n", 20), ("input:\n  - |\n", 4),
        ("input:\n- |\n", 1),        ("input: |\n\n", 2), ("title: 'a: |'\ninput: |\n", 3),
    ],
)  # fmt: skip
def test_every_order_of_rows(rows: tuple[str, ...], before: str, indent: int) -> None:
    expected = [[int(cell) for cell in row.split()] for row in rows]
    problem = loads(f"{before}{aligned(rows, indent)}\nlayers: [relu]\n")
    found = problem.input.entries.reshape(3, 2).tolist()
    assert found == expected


def test_channels_and_what_stands_behind() -> None:
    text = (
        "input: |\n      1  2\n    -10  3\n\n      5  6\n      7  8\nlayers:\n  - flatten\n  - fc:\n      weight: |\n"
    )
    text += "            1 0 0 0 1 1 1 1\n        -10.5 1 2 3 4 5 6 7\n      bias: [1, 2]\n"
    problem = loads(text)
    assert problem.input.entries.tolist() == [[[[1, 2], [-10, 3]], [[5, 6], [7, 8]]]]
    assert [float(x) for x in problem.layers[1].parameters["weight"].entries[:, 0]] == [1, -10.5]
    assert problem.layers[1].parameters["bias"].entries.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("input: |\n     1  2\n   -10  x y\n   400  5\nlayers: [relu]\n", 3, 4, "this row has 3 entries"),
        ("input: |\n     1  2\n   -10  0x1\nlayers: [relu]\n", 3, 9, "'0x1' is not a decimal number"),
        ("input: |\n    10  2\n     1  2 3\nlayers: [relu]\n", 3, 5, "this row has 3 entries"),
        ("input: |\n      1 2\n   foo: 3\nlayers: [relu]\n", 3, 4, "this line does not belong"),
    ],
)
def test_faults_in_them_have_their_place(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(ProblemError) as caught:
        loads(text)
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (line, column)
    assert message in fault.message


@pytest.mark.parametrize("comment", ["# the image", "  # the image", " # 1 2"])
def test_a_comment_behind_a_block_is_no_row(comment: str) -> None:
    assert loads(f"input: |\n     1 2\n   -3 4\n{comment}\nlayers: [relu]\n").input.entries.tolist() == [
        [1, 2],
        [-3, 4],
    ]
    assert loads(f"input: |\n   1 2\n   3 4\n{comment}\nlayers: [relu]\n").input.entries.tolist() == [[1, 2], [3, 4]]
