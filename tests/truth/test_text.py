"""Names, titles and file names are text: whatever stands in them, it is shown, and nothing else happens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cnncalc.language import Phrase, verbatim
from cnncalc.render.document import Column, Document, Heading, Paragraph, Table
from cnncalc.visible import visible

from ..command import run
from .texts import (
    LONG,
    TEXTS,
    UNDECODED,
    assert_safe,
    assert_safe_csv,
    assert_safe_html,
    assert_safe_json,
    assert_safe_latex,
    assert_safe_markdown,
    in_yaml,
)

READERS = {
    "table": assert_safe,
    "text": assert_safe,
    "json": assert_safe_json,
    "gradescope": assert_safe_json,
    "csv": assert_safe_csv,
    "markdown": assert_safe_markdown,
    "html": assert_safe_html,
    "latex": assert_safe_latex,
}
SOLUTION = ("table", "json", "markdown", "latex", "html")
DOCUMENT = ("text", "markdown", "latex", "html")
COMMANDS = {
    "solve": ([], SOLUTION),
    "shapes": ([], SOLUTION),
    "explain": (["dL/dx[1]"], (*DOCUMENT, "json")),
    "worked": ([], DOCUMENT),
    "verify": ([], ("table", "json")),
}
EVERYTHING = " · ".join(TEXTS)
PROBLEM = f"""
title: {in_yaml(EVERYTHING)}
source: {in_yaml(EVERYTHING)}
input: {{name: x, value: [1, 2]}}
layers: [fc: {{name: y, weight: {{name: W, value: [[1, 2], [3, 4]]}}, bias: [1, 1]}}, softmax: {{name: p}}]
loss: {{cross_entropy: {{class: 1}}}}
questions:
""" + "".join(f"  {in_yaml(text)}: [y, p]\n" for text in TEXTS)
NO_NAME = tuple(text for text in TEXTS if not text.isidentifier())


def named(name: str, text: str, suffix: str) -> str:
    """The name of a file with a text in it, as far as systems allow that."""
    return f"{name}{text.replace('/', '_').replace(chr(0), '_')}{suffix}"


def read(result: CompletedProcess[str], form: str, status: Sequence[int] = (0,)) -> None:
    """What has come out, in the eyes of each format's reader."""
    assert result.returncode in status, result.stderr
    assert_safe(result.stderr)
    if result.stdout:
        READERS[form](result.stdout)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("command", "form"), [(name, form) for name, (_, forms) in COMMANDS.items() for form in forms])
def test_what_a_problem_says_of_itself(command: str, form: str, language: str) -> None:
    arguments = [command, "-", *COMMANDS[command][0], "--format", form, "--language", language]
    if command == "worked":
        arguments += ["--name", EVERYTHING.replace("\0", "")]
    read(run(arguments, stdin=PROBLEM), form)


@pytest.mark.parametrize("form", ["table", "json"])
def test_what_distributions_say_of_themselves(form: str) -> None:
    text = f"title: {in_yaml(EVERYTHING)}\np: [1/2, 1/2]\n"
    read(run(["entropy", "-", "--format", form], stdin=text), form)


def test_a_program_reads_the_title_as_it_was_written() -> None:
    for command in ("solve", "shapes"):
        title = json.loads(run([command, "-", "--format", "json"], stdin=PROBLEM).stdout)["title"]
        assert title.split(" · ") == list(TEXTS)


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_text_in_every_block(text: str) -> None:
    """In each place of a Document, alone and behind words, with and without formulas around it."""
    said, names = Phrase(en="`a` {text} $\\x$ {text}", zh="").format(text=text), {"x": "x"}
    blocks = Document((
        Heading(1, verbatim(text), said),
        Heading(2, said, verbatim(text), names),
        *(Paragraph(words, role, used) for words in (verbatim(text), said) for used in (None, names)
          for role in ("plain", "note", "item", "remark", "byline")),
        Table((Column(verbatim(text)), Column(said, "right")), ((verbatim(text), said), (said, verbatim(text))), names),
        Table((Column(verbatim(text)),), ((verbatim(text),), (said,))),
    ))  # fmt: skip
    for form in ("markdown", "latex", "html"):
        written = import_module(f"cnncalc.render.renderers.{form}").render(blocks)
        words = READERS[form](written)
        if form == "html":
            assert " ".join(visible(text.replace("\n", " ").replace("\t", " ")).split()) in " ".join(words.split())


def sheets(folder: Path, content: str) -> list[str]:
    """Sheets of that content, with every text in a name."""
    names = [named("s", text, ".yaml") for text in (*TEXTS, UNDECODED)] + [
        named("", text.strip(), ".yaml") for text in TEXTS[26:44]
    ]
    for name in dict.fromkeys(names):
        (folder / name).write_text(content, encoding="utf-8")
    return list(dict.fromkeys(names))


ANSWERS = (
    "p: [0, 1]\n"
    + "".join(f"{in_yaml(text)}: {in_yaml(text)}\n" for text in TEXTS)
    + "y: ["
    + ", ".join(map(in_yaml, TEXTS[:40]))
    + "]\n"
)


@pytest.mark.parametrize("form", ["table", "json", "csv", "gradescope"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_student_writes(form: str, language: str, tmp_path: Path) -> None:
    (tmp_path / "problem.yaml").write_text(PROBLEM, encoding="utf-8")
    arguments = ["check", "problem.yaml", "-", "--format", form, "--language", language, "--all"]
    read(run(arguments, folder=tmp_path, stdin=ANSWERS), form, (0, 1, 2))


@pytest.mark.parametrize("form", ["table", "json", "csv"])
@pytest.mark.parametrize("content", ["p: [0, 1]\n", "- broken"])
def test_what_a_sheet_is_called(form: str, content: str, tmp_path: Path) -> None:
    (tmp_path / "problem.yaml").write_text(PROBLEM, encoding="utf-8")
    names = sheets(tmp_path, content)
    result = run(
        ["check", "problem.yaml", "--format", form, "--jobs", "1", *(f"./{name}" for name in names)], folder=tmp_path
    )
    read(result, form, (1, 2))
    # A name at the very front of a cell as well.
    read(run(["check", "problem.yaml", "--format", form, "--jobs", "1", "--", *names], folder=tmp_path), form, (1, 2))
    for name in names[::9]:
        read(run(["check", "problem.yaml", "--format", form, "--", name], folder=tmp_path), form, (1, 2))


def test_what_a_problem_is_called(tmp_path: Path) -> None:
    for text in (*TEXTS, UNDECODED):
        name = named("p", text, ".yaml")
        (tmp_path / name).write_text("input: [1]\nlayers: [relu: {name: y}]\n", encoding="utf-8")
        read(run(["explain", name, "y[1]", "--format", "markdown"], folder=tmp_path), "markdown")
        read(run(["solve", name, "--only", "z"], folder=tmp_path), "table", (2,))
        (tmp_path / name).write_text("input: [1", encoding="utf-8")
        read(run(["solve", name], folder=tmp_path), "table", (2,))


def test_what_faults_repeat() -> None:
    """Unknown keys, layers, options and names, and numbers that are none."""
    every = ", ".join(map(in_yaml, NO_NAME))

    def layers(pattern: str) -> str:
        return f"input: [1]\nlayers: [{', '.join(pattern.replace('T', in_yaml(text)) for text in NO_NAME)}]\n"

    relu, fc = "input: [1]\nlayers: [relu]\n", "input: [1]\nlayers: [fc: {units: 1, weight: 1}]\n"
    lists = {
        "keys": relu + "".join(f"{in_yaml(text)}: 1\n" for text in NO_NAME),
        "layers": layers("T"),
        "options": layers("relu: {T: 1}"),
        "names": layers("relu: {name: T}"),
        "letters": layers("fc: {weight: {shape: [1, 1], symbol: T}}"),
        "files": layers("fc: {weight: {file: T}}"),
        "choices": layers("max_pool: {size: 1, ties: T}"),
        "numbers": f"input: [{every}]\nlayers: [relu]\n",
        "text blocks": f"input: {in_yaml(EVERYTHING)}\nlayers: [relu]\n",
        "questions": f"{relu}questions: {{1: [{every}]}}\n",
        "updates": f"{fc}update: {{sgd: {{lr: 1, only: [{every}]}}}}\n",
        "systems": f"{relu}numbers: {in_yaml(EVERYTHING)}\n",
    }
    for what, text in lists.items():
        result = run(["solve", "-"], stdin=text)
        assert result.returncode == 2, (what, result.stderr)
        assert_safe(result.stderr)
        assert len(result.stderr) < 30_000


TYPED = [*(text for text in TEXTS if "\0" not in text), UNDECODED, LONG, "x " * 50_000, "x\n" * 50_000]


@pytest.mark.parametrize("text", TYPED, ids=lambda text: ascii(text[:40]))
def test_what_is_typed_behind_the_command(text: str, tmp_path: Path) -> None:
    """Arguments of every kind: each ends soon, and what is said on them is short."""
    problem = "input: [1]\nlayers: [relu: {name: y}]\nquestions: {1: y}\n"
    for arguments in (
        [text], ["solve", text], ["solve", "-", text], ["solve", "-", "--only", text],
        ["solve", "-", "--question", text], ["solve", "-", "--format", text], ["solve", "-", "--digits", text],
        ["solve", "-", f"--{text}"], ["solve", "-", "--output", f"{tmp_path}/{text}/x"], ["explain", "-", text],
        ["explain", "-", f"y[{text}]"],
        ["worked", "-", "--method", text], ["check", "-", text], ["check", "-", "-", "--tolerance", text],
        ["check", text, "-"], ["entropy", text], ["worked", "-", "--output", f"{tmp_path}/y.{text}z"],
    ):  # fmt: skip
        result = run(arguments, stdin=problem, folder=tmp_path)
        assert result.returncode in (0, 2), (arguments[:3], result.stderr[:500])
        assert_safe(result.stderr)
        assert len(result.stderr) < 1500, arguments[:3]


@pytest.mark.parametrize("form", DOCUMENT)
def test_a_title_and_a_name_from_the_command_line(form: str) -> None:
    problem = "input: [1]\nlayers: [relu]\n"
    for text in (LONG, "x " * 50_000, EVERYTHING.replace("\0", ""), UNDECODED):
        read(run(["worked", "-", "--format", form, "--title", text, "--name", text], stdin=problem), form)


def test_names_that_nobody_sees_are_no_names() -> None:
    for name in ("\u3164", "x\uffa0", "\u115fy"):
        result = run(["solve", "-"], stdin=f"input: {{name: {in_yaml(name)}, value: [1]}}\nlayers: [relu]\n")
        assert result.returncode == 2
        assert_safe(result.stderr)
