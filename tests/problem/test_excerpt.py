"""The line of a fault with its caret."""

import pytest

from cnncalc.problem.text.faults import Fault, Place, ProblemError, excerpt


@pytest.mark.parametrize(
    ("line", "place", "shown"),
    [
        ("a: 1:30", Place(1, 4, 4), ["    1 | a: 1:30", "      |    ^^^^"]),
        ("\ta: 1", Place(1, 5), ["    1 |     a: 1", "      |        ^"]),
        ("作业: １", Place(1, 5), ["    1 | 作业: １", "      |       ^^"]),
        ("e\u0301: x", Place(1, 5), ["    1 | e\u0301: x", "      |    ^"]),
        ("a\x1b[31m: x", Place(1, 2), ["    1 | a·[31m: x", "      |  ^"]),
        ("abc", Place(1, 9, 5), ["    1 | abc", "      |    ^"]),
        ("", Place(1, 1), ["    1 |", "      | ^"]),
        ("abc", Place(1, 2, 99), ["    1 | abc", "      |  ^^"]),
    ],
)
def test_the_caret_stands_below(line: str, place: Place, shown: list[str]) -> None:
    assert excerpt([line], place) == shown


@pytest.mark.parametrize("column", [1, 2, 50, 51, 52, 100, 5_000_000 - 30, 5_000_000])
def test_a_long_line_is_cut_around_the_caret(column: int) -> None:
    line = "x" * (column - 1) + "!" + "x" * (5_000_000 - column)
    first, second = excerpt([line], Place(1, column))
    assert len(first) <= 120
    assert first[second.index("^")] == "!"


def test_a_place_that_the_file_does_not_have_shows_nothing() -> None:
    assert excerpt(["a"], Place(2, 1)) == []


def test_a_report_names_file_line_and_column() -> None:
    faults = [
        Fault("second", "mend it", Place(2, 3)),
        Fault("first", "mend it too", Place(1, 1)),
        Fault("all", "write"),
    ]
    assert str(ProblemError(faults, "hw.yaml", "ab\ncdef")) == (
        "hw.yaml: all\n    write\n"
        "hw.yaml:1:1: first\n    1 | ab\n      | ^\n    mend it too\n"
        "hw.yaml:2:3: second\n    2 | cdef\n      |   ^\n    mend it"
    )
