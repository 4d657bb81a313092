"""Chinese as it is printed: no blank between two words of it, no Latin punctuation beside it, no English in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from ..command import ROOT, run
from .problems import drawn
from .windows import Kind
from .windows import drawn as windows

HAN, WIDE = "[一-鿿]", "[，。；：？！、（）“”]"
VALUES = "via|sum|same|valid|full|causal|split|unbiased"
WRONG = {
    "a blank between words": rf"{HAN} {HAN}|{HAN} {WIDE}|{WIDE} {HAN}",
    "Latin punctuation": rf"{HAN}[,;:?!()]|[,;:?!(]{HAN}",
    "two signs in a row": r"[，。；：、][，。；：、]|）（",
    "no blank before a name": rf"{HAN}[A-Za-z0-9∂]|[A-Za-z0-9]{HAN}",
    "English": rf"(?<![\w.`/'])(?!arg max|via\b)[A-Za-z]{{2,}} (?!(?:{VALUES})\b)[a-z]{{2,}}",
    "an option as it is typed": r"(?:，|  )[a-z]+_[a-z_]+ \S|\btrue\b|\bfalse\b",
}
TYPED = re.compile(r"`[^`]*`|'[^']*'|--\w+|\S+\.yaml\S*|cnncalc [^。；，]*")
"""What is typed, or has been, is no language."""


def said(text: str) -> str:
    """What is printed, without the title and source, which are the user's, and without what is typed."""
    return TYPED.sub("…", text)


def assert_is_chinese(text: str) -> None:
    for line in re.sub(r"(?m)^ +\d* \| .*", "", said(text)).split("\n"):
        found = [what for what, pattern in WRONG.items() if re.search(pattern, line)]
        assert found == [], line


def documents(text: str, *commands: tuple[str, ...]) -> None:
    for command, *more in commands:
        result = run([command, "-", *more, "--language", "zh"], stdin=text, environment={"COLUMNS": "500"})
        assert_is_chinese(result.stdout + result.stderr)


@pytest.mark.parametrize("seed", range(30))
def test_drawn_problems(seed: int) -> None:
    letters = ("none", "none", "valued", "open")[seed % 4]
    text = drawn(seed, letters=letters, branches=seed % 3 == 0)  # type: ignore[arg-type]
    documents(text, ("worked",), ("shapes",), ("verify",))


@pytest.mark.parametrize("width", ["60", "80", "100"])
@pytest.mark.parametrize("name", ["inception_block", "batch_norm_channel"])
def test_no_line_begins_or_ends_with_a_sign_that_belongs_to_the_next(name: str, width: str) -> None:
    """Nor in a column of a table, where names are not cut either."""
    arguments = ["worked", f"problems/{name}.yaml", "--language", "zh"]
    shown = run(arguments, environment={"COLUMNS": width}).stdout
    assert re.findall(r"(?m)^.*(?:[（“](?:$|  )|(?:^|  )[，。；：、）”]|`[a-z_]+$).*", shown) == []


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("seed", range(8))
def test_windows(seed: int, kind: str) -> None:
    text = re.sub("卷积一|层2|损失", "y_1", windows(seed, kind).text)  # type: ignore[arg-type]
    documents(text, ("worked", "--length", "everything"), ("shapes",))


EXAMPLES = sorted(path.name for path in (ROOT / "cnncalc/reference/problems").glob("*.yaml"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_of_the_reference(name: str) -> None:
    path = Path(ROOT, "cnncalc/reference/problems", name)
    for text in path.read_text(encoding="utf-8").split("---\n"):
        documents(
            re.sub(r"(?m)^(title|source):.*\n", "", text), ("worked", "--length", "short"), ("solve",), ("check",)
        )


@pytest.mark.parametrize("name", ["first", "uneven_strides", "batch_norm_channel", "letters_softmax"])
@pytest.mark.parametrize("form", ["markdown", "latex", "html"])
def test_no_latin_brackets_or_blanks_in_files(name: str, form: str) -> None:
    text = run(["worked", f"problems/{name}.yaml", "--format", form, "--language", "zh"]).stdout
    for what in ("a blank between words", "two signs in a row"):
        assert not re.search(WRONG[what], said(text)), what
    assert not re.search(rf"{HAN}\)|\({HAN}", re.sub(r"\$[^$]*\$", "", text))
