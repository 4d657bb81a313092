"""Tables of any width, in any encoding: aligned, explained, and no number ever cut."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from rich.cells import cell_len

from cnncalc.language import Language, Phrase, verbatim
from cnncalc.layers.base import Index
from cnncalc.problem.loader import loads
from cnncalc.render.builders.solution import select, solution
from cnncalc.render.document import Cell, Document, Heading, MarkKind, Paragraph, TensorBlock
from cnncalc.render.renderers.terminal import Page, render
from cnncalc.render.table.number import Number, describe
from cnncalc.solver import solve
from cnncalc.trace import Trace

WIDTHS = (20, 27, 40, 80, 100, 200)


def printed(trace: Trace, page: Page, digits: int = 6) -> str:
    return render(solution(trace, select(trace), digits), page)


def block(shape: tuple[int, ...], number: Callable[[Index], Number], batched: bool = False) -> TensorBlock:
    return TensorBlock("T", shape, 1, lambda index: Cell(number(index)), batched)


def show(*blocks: TensorBlock | Heading | Paragraph, width: int = 60, **page: object) -> list[str]:
    return render(Document(blocks), Page(width=width, **page)).splitlines()  # type: ignore[arg-type]


def place(index: Index) -> Number:
    return Number("".join(str(i + 1) for i in index))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252", "gbk"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_page(uneven: Trace, width: int, encoding: str, language: Language) -> None:
    text = printed(uneven, Page(width, encoding, language, shorten=False))
    text.encode(encoding)
    for line in text.splitlines():
        # Only a single number may run over the edge: a column beside its row label, or a scalar.
        assert cell_len(line) <= width or len(line.split("│")[-1].split()) <= 3, line


@pytest.mark.parametrize("width", WIDTHS)
def test_no_number_is_cut(uneven: Trace, homework: Trace, uneven_float: Trace, width: int) -> None:
    for trace in (uneven, homework, uneven_float):
        for tensor in trace:
            text = render(solution(trace, [tensor]), Page(width, shorten=False))
            words = set(re.split(r"[\s()*│,]+", text))
            for element in np.ravel(tensor.elements):
                number = describe(trace.numbers, element, 6)
                assert {number.text, number.decimal} & words, f"{number} of {tensor.name} is not in\n{text}"


def test_wide_pages_hold_what_narrow_ones_hold(uneven: Trace) -> None:
    # The same numbers in the same order of tensors, whatever the width.
    def decimals(width: int) -> list[str]:
        return sorted(re.findall(r"-?\d+\.\d{3,}", printed(uneven, Page(width, shorten=False))))

    assert decimals(200) == decimals(100)


def test_channels_side_by_side() -> None:
    assert show(block((2, 2, 2), place)) == [
        "  [1,:,:]         [2,:,:]",
        "    │   1    2      │   1    2",
        "  ────────────    ────────────",
        "  1 │ 111  112    1 │ 211  212",
        "  2 │ 121  122    2 │ 221  222",
    ]


def test_channels_below_each_other_where_the_page_is_narrow() -> None:
    assert show(block((2, 1, 2), place), width=22) == [
        "  [1,:,:]",
        "    │   1    2",
        "  ────────────",
        "  1 │ 111  112",
        "",
        "  [2,:,:]",
        "    │   1    2",
        "  ────────────",
        "  1 │ 211  212",
    ]


def captions(lines: list[str]) -> list[list[str]]:
    return [found for found in (re.findall(r"\[[\d,]+:,:\]", line) for line in lines) if found]


def test_batch_entries_below_each_other_and_kernels_of_one_channel_side_by_side() -> None:
    assert captions(show(block((2, 2, 1, 1), place, batched=True))) == [
        ["[1,1,:,:]", "[1,2,:,:]"],
        ["[2,1,:,:]", "[2,2,:,:]"],
    ]
    assert captions(show(block((2, 1, 1, 1), place, batched=True))) == [["[1,1,:,:]"], ["[2,1,:,:]"]]
    assert captions(show(block((2, 1, 1, 1), place))) == [["[1,1,:,:]", "[2,1,:,:]"]]


def test_a_wide_matrix_comes_in_blocks_of_columns() -> None:
    assert show(block((1, 6), lambda index: Number(f"{index[1]}.25")), width=24) == [
        "    │ 1     2     3",
        "  ────────────────────",
        "  1 │ 0.25  1.25  2.25",
        "",
        "    │ 4     5     6",
        "  ────────────────────",
        "  1 │ 3.25  4.25  5.25",
    ]


def test_decimal_points_stand_below_each_other() -> None:
    numbers = [Number(text) for text in ("-22", "0.25", "1.5e-18", "100")]
    assert show(block((4, 1), lambda index: numbers[index[0]])) == [
        "    │   1",
        "  ─────────────",
        "  1 │ -22",
        "  2 │   0.25",
        "  3 │   1.5e-18",
        "  4 │ 100",
    ]


FRACTIONS = [Number("1/3", "0.333333"), Number("2"), Number("-22/7", "-3.14286")]


def test_fractions_have_their_decimals_where_they_fit() -> None:
    assert show(block((3,), lambda index: FRACTIONS[index[0]]))[2:] == ["  1/3 ≈ 0.333333  2  -22/7 ≈ -3.14286"]
    assert show(block((3,), lambda index: FRACTIONS[index[0]]), width=30)[2:] == ["  1/3  2  -22/7"]


def test_beside_a_rounded_number_fractions_are_decimals() -> None:
    numbers = [*FRACTIONS, Number("1.60944", rounded=True)]
    assert show(block((4,), lambda index: numbers[index[0]]))[2:] == ["  0.333333  2  -3.14286  1.60944"]


def test_a_number_wider_than_the_page_stays_whole() -> None:
    long = "0." + "123456789" * 9
    assert f"  1 │ {long}" in show(block((1, 2), lambda index: Number(long)), width=30)
    assert show(block((), lambda index: Number(long)), width=30) == ["  T =", f"      {long}"]


def test_marks_are_signs_and_have_a_legend() -> None:
    marks: dict[int, frozenset[MarkKind]] = {0: frozenset({"closed"}), 1: frozenset({"winner"})}
    tensor = TensorBlock(
        "T", (3,), 0, lambda i: Cell(place(i), marks.get(i[0], frozenset())), False, ("closed", "winner")
    )
    assert show(tensor) == [
        "   0   1   2",
        "  ──────────",
        "  (1)  2*  3",
        "  ( ) closed: no gradient passes through this cell",
        "  * the winner of its window",
    ]


def test_long_tensors_are_shortened_and_say_so() -> None:
    lines = show(block((20, 20), place), width=100)
    assert lines[0].split() == ["│", "1", "2", "3", "4", "5", "6", "7", "8", "⋯", "17", "18", "19", "20"]
    assert [line.split()[0] for line in lines[2:-1]] == [*map(str, range(1, 9)), "⋮", "17", "18", "19", "20"]
    assert lines[-1] == "  Shortened; --all shows all 400 numbers."
    assert len(show(block((20, 20), place), width=200, shorten=False)) == 22
    assert show(block((20, 20), place), width=100, language="zh")[-1] == "  有省略；用 --all 显示全部 400 个数。"


def test_many_channels_are_shortened() -> None:
    lines = show(block((9, 10, 10), place), width=250)
    assert captions(lines) == [["[1,:,:]", "[2,:,:]", "[9,:,:]"]]
    (dots,) = [line.index("⋯") for line in lines if "⋯" in line]
    assert lines[0].index("[2,") < dots < lines[0].index("[9,")


def test_digits_that_could_not_be_proven_are_explained() -> None:
    assert show(block((), lambda index: Number("?", undecided=True)), width=100) == [
        "  T = ?",
        "  ?: no further digits could be proven with the precision and the work allowed for one number.",
    ]


def test_ascii_output_is_aligned_too() -> None:
    assert show(block((2, 2), place), encoding="ascii") == [
        "    |  1   2",
        "  ----------",
        "  1 | 11  12",
        "  2 | 21  22",
    ]


def test_chinese_falls_back_to_english_where_it_cannot_be_written() -> None:
    phrase = Paragraph(Phrase(en="Numbers ≤ 2", zh="数值 ≤ 2"))
    assert show(phrase, language="zh") == ["数值 ≤ 2"]
    assert show(phrase, language="zh", encoding="ascii") == ["Numbers <= 2"]


def test_markup_and_control_characters_are_only_text() -> None:
    title = "W[i] [/2] [red]:smile: \x1b[31m"
    assert show(Heading(1, verbatim(title))) == ["W[i] [/2] [red]:smile: \\x1b[31m"]


def test_colour_only_in_a_terminal(homework: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    plain = printed(homework, Page(80))
    assert "\x1b" not in plain
    colourful = printed(homework, Page(80, is_terminal=True))
    assert "\x1b[1;36m" in colourful
    monkeypatch.setenv("NO_COLOR", "1")
    sober = printed(homework, Page(80, is_terminal=True))
    assert not re.search(r"\x1b\[[\d;]*3\d", sober)
    assert "\x1b[1m" in sober
    for text in (colourful, sober):
        assert re.sub(r"\x1b\[[\d;]*m", "", text) == plain


def test_what_the_data_meets_is_said_below_its_tensor() -> None:
    trace = solve(
        loads("input: {name: x, value: [[[0, 1, 1], [1, 0, 1]]]}\nlayers: [relu, max_pool: {size: 2, stride: 1}]"),
        "exact",
    )
    lines = printed(trace, Page(200)).splitlines()
    assert "  At x[1,1,1], x[1,2,2]: The derivative of ReLU at 0 is taken as 0." in lines
    start = lines.index("max_pool_1.path  1×1×2×2, row and column of each winner")
    assert lines[start + 5] == "  1 │ (1,2)  (1,2)"
    assert any(line.startswith("  At max_pool_1[1,1,1], max_pool_1[1,1,2]: ") for line in lines)


def test_the_parts_of_a_solution(homework: Trace) -> None:
    lines = printed(homework, Page(100)).splitlines()
    assert lines[:3] == [
        "Homework 11, question 2",
        "Computer vision course, homework 11",
        "Numbers: exact. A rounded decimal has 6 significant digits, correctly rounded.",
    ]
    assert [line for line in lines if line in ("Given", "Forward", "Backward", "Conventions")] == [
        "Given",
        "Forward",
        "Backward",
        "Conventions",
    ]
    assert lines.index("L.target  vector of 5, target") < lines.index("Forward")
    for expected in (
        "conv_1  2×2×2, conv, question 1",
        "flatten_1  vector of 8, flatten",
        "  L = log(5) ≈ 1.60944",
        "  3 │ 0  0  0  0  -78.4  -80  -80  -78.4",
        "dL/dh  2×2×3×3, question 8",
    ):
        assert expected in lines


def test_what_is_made_on_request_is_not_given(homework: Trace) -> None:
    lines = render(solution(homework, select(homework, ["conv_1.columns"])), Page()).splitlines()
    assert "Given" not in lines
    assert lines.index("Forward") < lines.index("conv_1.columns  4×18, conv")
