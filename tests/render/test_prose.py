"""Sentences in lines."""

import pytest
from rich.cells import cell_len

from cnncalc.render.renderers.plain_text import wrap_prose


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("one two three", 80, ["one two three"]),
        ("", 10, [""]),
        ("unbreakable word", 5, ["unbreakable", "word"]),
        ("卷积核不翻转，直接相乘", 12, ["卷积核不翻", "转，直接相乘"]),
        ("先用 `flip: true` 旋转", 12, ["先用", "`flip: true`", "旋转"]),
        ("或者（步长）：“首行”之后", 6, ["或者", "（步", "长）：", "“首行”", "之后"]),
        ("对 relu_1[1,2] 处：取 0。", 40, ["对 relu_1[1,2] 处：取 0。"]),
    ],
)
def test_lines(text: str, width: int, lines: list[str]) -> None:
    assert wrap_prose(text, width) == lines


@pytest.mark.parametrize("width", range(12, 60, 7))
def test_nothing_is_lost_and_no_line_is_too_wide(width: int) -> None:
    text = "卷积核不翻转，直接与窗口对应相乘（互相关）；`flip: true` 先将其旋转 180°。 And some English words, too."
    lines = wrap_prose(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines)
