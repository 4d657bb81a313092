"""Tables drawn by Rich: rectangles on every page, in every encoding, with shades that say what the numbers say."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise, product
from random import Random

import pytest
from rich.cells import cell_len

from cnncalc.language import verbatim
from cnncalc.layers.base import Index
from cnncalc.render.document import (
    Block,
    Cell,
    Column,
    Document,
    MarkKind,
    Matrix,
    MatrixRow,
    Table,
    TensorBlock,
)
from cnncalc.render.renderers.terminal import Page, render
from cnncalc.render.table.number import Number

SHAPES = ((1,), (9,), (50,), (3, 4), (2, 30), (2, 3, 7), (3, 2, 2, 12))
MARKS: tuple[MarkKind, ...] = ("closed", "winner", "window", "target", "filler", "wrong", "follows")
ESCAPE = re.compile(r"\x1b\[([\d;]*)m")


def text_of(random: Random) -> str:
    whole, places = random.randrange(-900, 900), random.randrange(1, 7)
    return random.choice([str(whole), f"{whole}.{random.randrange(10**places):0{places}}", f"{whole or 1}e-12", "0"])


def tensor(random: Random, shape: tuple[int, ...], words: bool = False) -> tuple[TensorBlock, dict[Index, str]]:
    """Random numbers with marks, and their texts."""
    texts = {
        index: random.choice(["卷积？", "不知道"]) if words else text_of(random)
        for index in product(*map(range, shape))
    }
    cells = {
        index: Cell(Number(text, is_words=words), frozenset(random.sample(MARKS, random.choice([0, 0, 1]))))
        for index, text in texts.items()
    }
    return TensorBlock("T", shape, random.randrange(2), cells.__getitem__), texts


def show(*blocks: Block, **page: object) -> str:
    return render(Document(blocks), Page(**page))  # type: ignore[arg-type]


def rectangles(text: str) -> Iterator[list[str]]:
    """The boxes in a text: what stands from each top edge down to its bottom edge, between its corners."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for edge in re.finditer("┌[─┬]*┐", line):
            start, width = cell_len(line[: edge.start()]), len(edge[0])
            box = [columns_of(other, start, width) for other in lines[number:]]
            yield box[: next(end for end, part in enumerate(box) if re.fullmatch("└[─┴]*┘", part)) + 1]


def columns_of(line: str, start: int, width: int) -> str:
    """What stands in these columns of the terminal."""
    columns = [part for sign in line for part in (sign, *[""] * (cell_len(sign) - 1))]
    return "".join(columns[start : start + width])


@pytest.mark.parametrize("seed", range(60))
def test_closed_tables_are_rectangles_with_every_number_in_them(seed: int) -> None:
    random = Random(seed)
    shape, words = random.choice(SHAPES), random.random() < 0.3
    block, texts = tensor(random, shape, words)
    encoding, width = random.choice(["utf-8", "gbk"]), random.choice([30, 60, 97])
    text = show(block, width=width, encoding=encoding, closed=True, shorten=False)
    text.encode(encoding)
    inside: list[str] = []
    for _, head, rule, *rows, _ in rectangles(text):
        assert re.fullmatch("├[─┼]*┤", rule), text
        for row in (head, *rows):
            assert cell_len(row) == len(rule), text
            assert [row[0], row[-1], row.count("│")] == ["│", "│", rule.count("┼") + 2], text
        inside += [word.strip() for row in rows for word in row.split("│")[1 + (len(shape) > 1) : -1]]
    # The signs of marks stand around the numbers.
    assert sorted(word.strip("(){}[]*'→✗x") for word in inside) == sorted(texts.values())
    assert all(cell_len(line) <= width or line.count("│") <= 3 for line in text.split("\n")), text


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_boxes_are_drawn_with_what_can_be_written(seed: int, closed: bool) -> None:
    random = Random(seed)
    block, _ = tensor(random, random.choice(SHAPES))
    words = Table((Column(verbatim("a")), Column(verbatim("b"), "right")), ((verbatim("one two"), verbatim("-3")),))
    pages = {code: show(block, words, width=60, encoding=code, closed=closed) for code in ("utf-8", "ascii", "cp1252")}
    signs = str.maketrans("─│┌┬┐├┤└┴┘┼⋮", "-|+++++++++:")
    drawn = pages["utf-8"].translate(signs)
    for code, text in pages.items():
        text.encode(code)
        if not re.search("[→✗⋯]", drawn):
            # Nothing else differs, so that the columns stay where they are.
            assert code == "utf-8" or text == drawn
    assert ("┌" in pages["utf-8"]) == closed


def test_what_users_write_is_no_markup() -> None:
    names = {"x": "[red]F[/]", "h": ":smile:"}
    cell = Cell(Number("[b]?[/b]", is_words=True))
    text = show(
        MatrixRow((Matrix(r"\x_{1}", ((cell,),), ("1",), ("1",)), r"\ast", Matrix(r"\h", ((cell,),))), names),
        Table((Column(verbatim("[i]a[/i]")),), ((verbatim("[/] [link=x]"),),)),
        is_terminal=True,
    )
    plain = ESCAPE.sub("", text)
    for word in ("[red]F[/][1]", ":smile:", "[b]?[/b]", "[i]a[/i]", "[/] [link=x]"):
        assert word in plain


def test_an_equation_that_goes_on_below_takes_its_sign_along() -> None:
    wide = Matrix("", ((Cell(Number("1" * 30)),), (Cell(Number("2")),), (Cell(Number("3")),)))
    lines = show(MatrixRow((wide, "=", wide)), width=50).splitlines()
    assert [line.strip()[:1] for line in lines] == ["│", "│", "│", "", "│", "=", "│"]


def test_a_matrix_is_narrowed_to_the_page_and_keeps_a_number() -> None:
    def narrowed(*texts: str | None, width: int = 30) -> list[str]:
        cells = tuple(None if text is None else Cell(Number(text)) for text in texts)
        (line,) = show(MatrixRow((Matrix("", (cells,)),)), width=width).splitlines()
        return line.strip(" │").split()

    assert narrowed(*map(str, range(10, 30))) == ["10", "11", "12", "⋯", "29"]
    assert narrowed("1" * 20, "2" * 20) == ["1" * 20, "⋯"]
    assert narrowed(None, "1" * 40) == ["⋯", "1" * 40]


# Shades


def shaded(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """Each stretch of text with a background, and the codes that it is printed under."""
    parts = re.findall(r"\x1b\[([\d;]+)m([^\x1b]*)", text)
    found = [(written.strip(), tuple(map(int, codes.split(";")))) for codes, written in parts if codes != "0"]
    return [(written, codes) for written, codes in found if 48 in codes or any(40 <= one <= 107 for one in codes[1:])]


@pytest.mark.parametrize("terminal", ["xterm-256color", "xterm-16color"])
@pytest.mark.parametrize("seed", range(12))
def test_shades_say_what_the_numbers_say(seed: int, terminal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", terminal)
    for name in ("NO_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    random = Random(seed)
    block, texts = tensor(random, random.choice(SHAPES))
    page = {"width": 80, "is_terminal": True, "shorten": False}
    text, without = show(block, heat=True, **page), show(block, **page)
    # Apart from what the shades mean, below the tensor, nothing is written that is not written without them.
    plain, note = ESCAPE.sub("", text).split("  Shaded ")
    assert [line.rstrip() for line in plain.split("\n")] == ESCAPE.sub("", without).split("\n")
    assert " ".join(note.split()).endswith("the nearer to the largest number shown of its tensor.")
    shades: dict[tuple[int, ...], list[Decimal]] = {}
    for written, codes in shaded(text):
        number = Decimal(re.sub(r"^[(\[{]|[)\]}*'✗→]$", "", written))
        shades.setdefault(tuple(code for code in codes if code != 1), []).append(number)
    assert sum(map(len, shades.values())) == sum(bool(Decimal(one)) for one in texts.values())
    for numbers in shades.values():
        assert len({number > 0 for number in numbers}) == 1, "a shade has one sign"
    for is_above in (True, False):
        sides = [sorted(map(abs, numbers)) for numbers in shades.values() if (numbers[0] > 0) == is_above]
        for smaller, larger in pairwise(sorted(sides)):
            assert smaller[-1] < larger[0], "a deeper shade begins where a paler one ends"


@pytest.mark.parametrize(
    ("variables", "page"),
    [
        ({"NO_COLOR": "1"}, {"is_terminal": True}),
        ({"TERM": "dumb"}, {"is_terminal": True}),
        ({}, {"is_terminal": False}),
    ],
    ids=["NO_COLOR", "dumb", "file"],
)
def test_where_there_are_no_colours_nothing_is_shaded(
    variables: dict[str, str], page: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"TERM": "xterm-256color", **variables}.items():
        monkeypatch.setenv(name, value)
    block, _ = tensor(Random(1), (3, 4))
    assert show(block, heat=True, **page) == show(block, **page)


def test_sizes_of_which_nobody_knows_are_not_shaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    numbers = [
        Number("x₁", letters={"x₁": ("x", (1,))}), Number("?", undecided=True), Number("nan"), Number("-inf"),
        Number("(1,2)"), Number("1e400"), Number("-1/3", "-0.333"), Number("1e-999999999"),
    ]  # fmt: skip
    block = TensorBlock("T", (len(numbers),), 1, lambda index: Cell(numbers[index[0]]))
    text = show(block, is_terminal=True, heat=True, width=200)
    assert [written for written, _ in shaded(text)] == ["1e400", "-1/3 ≈ -0.333", "1e-999999999"]
