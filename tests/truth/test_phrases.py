"""Every English phrase has its Chinese, with no other parts to fill in, and no line of translations is left over."""

from __future__ import annotations

import ast
from string import Formatter

import pytest

from cnncalc.language import Phrase

from ..checking.test_codes import KNOWN
from ..command import ROOT

PACKAGE = ROOT / "cnncalc"
LINES = [
    line.split("\t") for line in (PACKAGE / "chinese.tsv").read_text("utf-8").split("\n") if line[:1] not in ("", "#")
]
NODES = [node for path in sorted(PACKAGE.rglob("*.py")) for node in ast.walk(ast.parse(path.read_text("utf-8")))]


def test_each_is_there_once() -> None:
    assert [line for line in LINES if len(line) != 2 or not all(line)] == []
    english = [line[0] for line in LINES]
    assert (len(english) > 1000, sorted(english)) == (True, sorted(set(english)))


def test_no_phrase_is_without_its_chinese() -> None:
    calls = [n for n in NODES if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "Phrase"]
    alone = [call.args[0] for call in calls if len(call.args) == 1 and not call.keywords]
    said = {node.value for node in alone if isinstance(node, ast.Constant)}
    assert (len(said) > 1000, said - dict(LINES).keys()) == (True, set())
    with pytest.raises(KeyError, match="Nobody says this"):
        Phrase("Nobody says this.").text("zh")


def test_no_chinese_is_without_its_phrase() -> None:
    constants = {node.value for node in NODES if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    mistakes = "\n".join(mistake.phrase.en for _, mistake in KNOWN)  # some are made of formulas
    assert [english for english, _ in LINES if english not in constants and english not in mistakes] == []


def test_chinese_has_no_part_to_fill_in_that_english_has_not() -> None:
    assert [english for english, chinese in LINES if not parts(chinese) <= parts(english)] == []


def parts(text: str) -> set[str]:
    """The names in braces; `{选项}` is an example of what may be typed."""
    return {name for _, name, _, _ in Formatter().parse(text) if name and name.isascii()} if "{" in text else set()
