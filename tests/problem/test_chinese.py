"""Faults in Chinese: sentences keep their names and numbers, and what is common is translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.cli import COMMANDS
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.problem.loader import loads
from cnncalc.problem.text.chinese import SENTENCES, in_chinese
from cnncalc.problem.text.faults import ProblemError
from tests.command import run
from tests.problem.test_faults import CASES
from tests.problem.test_links import FAULTS
from tests.problem.test_numbers import REFUSED

SOURCE = Path(cnncalc.__file__).parent
SAYS = ("Fault", "NumberFault", "_Fault", "_Refused", "ShapeError", "Unread", "fail", "fault", "_end")
FOUND = ("OutOfRange", "Undecided", "OpenLetters", "TooCostly")
"""What the arithmetic finds, said behind the name of the layer where it did."""
CHINESE = re.compile("[一-鿿]")
TYPED = re.compile(r"`[^`]*`|'(?:\\.|[^'])*'(?!\w)|--\w+ \w+|pip install|cnncalc \w+(?: [A-Z]+)*|\"[^\"]*\"")
"""What is to be typed, or has been: it is no language."""
ENGLISH = re.compile(
    r"(?<![\w.])[A-Za-z]{2,}(?: +[A-Za-z]{2,})+|\b(?:an?|no|the) [A-Za-z]"
    r"|\b(?:of|or|and|with|than|is|has|indices|entries)\b"
)
"""Two words in a row, an article, or a word that no name is made of."""
IN_PARTS = re.compile(r" $|^7[a-z]|^7 \(| as$|^none$|^7 has 7$|^--\w+(?: 7)?: 7$")
"""A sentence that goes on elsewhere, and one that says first where it is."""


def test_every_name_and_number_is_kept() -> None:
    lines = [line.split("\t") for line in SENTENCES.read_text(encoding="utf-8").splitlines() if line[:2] != "# "]
    for english, chinese in lines:
        holes = [str(n) for n in range(len(re.findall(r"\{\}", english)))]
        assert sorted(set(re.findall(r"\{(\d)\}", chinese))) == holes, english
        assert CHINESE.search(chinese), english
    assert len({english for english, _ in lines}) == len(lines)


def _mixed(text: str) -> str | None:
    """The translation where it is none, or has English in it."""
    chinese = in_chinese(text)
    is_whole = CHINESE.search(chinese) and not ENGLISH.search(TYPED.sub("…", chinese))
    return None if is_whole or not re.search("[a-z]{3}", text) else f"{text} -> {chinese}"


def _texts(node: ast.AST) -> list[str]:
    """What an expression may say, with a 7 for each name and number."""
    match node:
        case ast.Constant(value=str()):
            return [node.value]
        case ast.JoinedStr():
            return ["".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)]
        case ast.IfExp():
            return _texts(node.body) + _texts(node.orelse)
    return []


def _said(tree: ast.AST) -> Iterator[ast.AST]:
    """The messages and remedies of faults."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="add", value=owner)) if "faults" in ast.unparse(owner):
                yield from node.args[:2]
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in SAYS:
                yield from node.args[:2]
            case ast.FunctionDef(name=name) if re.match("_?no_", name):  # `no_tensor` says what is missing
                yield from (each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value)
            case ast.Assign(targets=[ast.Name(id="message" | "remedy")]):
                yield node.value
            case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id="message"), *_])], value=ast.Tuple(elts=made)):
                yield from made


def test_every_fault_of_the_program_is_translated() -> None:
    english, found = [], 0
    for path in SOURCE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        # What a way of a mistake raises is caught, and nobody reads it.
        if path.name == "take.py" or not re.search(rf"faults\.add|def _?no_|(?:{'|'.join(SAYS)})\(", source):
            continue
        said = _said(ast.parse(source))
        texts = [text for node in said for text in _texts(node)]
        whole = [text for text in texts if re.search("[a-z]{3}", text) and not IN_PARTS.search(text)]
        found += len(whole)
        english += [f"{path.name}: {mixed}" for mixed in map(_mixed, whole) if mixed]
    assert english == []
    assert found > 400


def test_no_english_words_stand_in_the_chinese_of_a_fault() -> None:
    said = {text for case in CASES.values() for fault in case.faults for text in fault[2:]}
    said |= {text for _, faults in FAULTS.values() for fault in faults for text in fault[2:]}
    said |= {text for refused in REFUSED.values() for text in refused}
    assert len(said) > 250
    assert [mixed for mixed in map(_mixed, sorted(said)) if mixed] == []


WRONG = ("[[1], [2, 3]]", "[1, 2, 3]", "{a: 1}", "-1", "2.5", "0", "1/0", "wrod", "", "'a b: c'")
"""None of them fits most options."""


@pytest.mark.parametrize(
    ("kinds", "problem"),
    [
        (LAYERS, "input: [[1, 2, 3], [3, 4, 3], [5, 6, 7]]\nlayers:\n  - "),
        (LOSSES, "input: [[1, 2], [3, 4]]\nlayers: [relu]\nloss:\n  "),
        (RULES, "input: [1]\nlayers: [fc: {units: 1, weight: 1}]\nloss: {mse: {target: [1]}}\nupdate:\n  "),
    ],
    ids=["layers", "losses", "rules"],
)
def test_nor_where_an_option_is_wrong(kinds: Mapping[str, Any], problem: str) -> None:
    said: set[str] = set()
    for name, kind in kinds.items():
        for wrong in WRONG:
            options = ", ".join(f"{option}: {wrong}" for option in (*kind.options(), "weight", "optoin"))
            with pytest.raises(ProblemError) as caught:
                loads(f"{problem}{name}: {{{options}}}\n")
            said |= {text for fault in caught.value.faults for text in (fault.message, fault.remedy)}
    assert len(said) > 30
    assert [mixed for mixed in map(_mixed, sorted(said)) if mixed] == []


def test_what_the_arithmetic_finds_is_translated_behind_the_name_of_a_layer() -> None:
    english, found = [], 0
    for path in SOURCE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if not any(f"{name}(" in source for name in FOUND):
            continue
        calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
        said = [call.args[0] for call in calls if call.args and ast.unparse(call.func) in FOUND]
        for text in (text for node in said for text in _texts(node)):
            found += 1
            chinese = in_chinese(f"conv_1: {text}")
            if not chinese.startswith("conv_1：") or not CHINESE.search(chinese):
                english.append(f"{path.name}: {text}")
    assert english == []
    assert found > 25


def test_where_it_is_in_another_file_and_what_the_user_wrote_stay() -> None:
    assert in_chinese("w.csv line 3: this row has 2 entries, the first has 3").startswith("w.csv 第 3 行：")
    assert "'a stands in b'" in in_chinese("there is no layer 'a stands in b'")


def test_a_remedy_of_two_ways_is_translated_in_both() -> None:
    for text in (
        "write what is known: `answers: {shape(conv_1): [8, 28, 28]}`, or `given:` the same",
        "write numbers: symbolic (or auto), or give `values` beside `symbol`",
        "write numbers, or leave `ceil` out",
        "write a signal as (L), (C, L) or (N, C, L); for images write `conv`",
        "write `schedule: {step: {step_size: 5, gamma: 0.5}}`, or multistep, exponential, inverse, polynomial, cosine"
        " or warmup",
        "write `momentum: {lr: …, momentum: 0.9}`, which is the rule with a velocity",
        "write the numbers here",
        "write log(x)/log(2) for another base, and put a power behind the brackets",
        "write low ≤ high and a step above 0, with at most 9 steps",
    ):
        assert not re.search(r"what is known|\b(the|give|or|and|with|for|that)\b", in_chinese(text)), in_chinese(text)


def test_the_command_says_it(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("input: [[1, 2], [3]]\nlayers:\n  - conv: {wieght: [[1]]}\n", encoding="utf-8")
    asked = run(["solve", "p.yaml", "--language", "zh"], folder=tmp_path)
    assert (asked.returncode, asked.stderr) == (
        2,
        "p.yaml:1:17: 此列表有 1 个元素，而并列的第一个有 2\n"
        "    1 | input: [[1, 2], [3]]\n      |                 ^\n    并列的列表长度须相同\n"
        "p.yaml:3:12: conv 没有选项 'wieght'\n"
        "    3 |   - conv: {wieght: [[1]]}\n      |            ^^^^^^\n    是否想写 weight？\n",
    )
    assert run(["solve", "p.yaml"], folder=tmp_path, environment={"LC_ALL": "zh_CN"}).stderr == asked.stderr


def test_the_help_is_in_chinese() -> None:
    for command in ("", *COMMANDS):
        asked = run([*command.split(), "--help"], environment={"LC_ALL": "zh_CN.UTF-8"})
        rows = [re.split(r"\s{2,}", line.strip()) for line in asked.stdout.split("\n") if line.startswith("  ")]
        english = [row for row in rows if len(row) == 2 and not CHINESE.search(row[1])]
        assert english == [], command
        assert len([row for row in rows if len(row) == 2]) > 2


@pytest.mark.parametrize(
    "code",
    [
        "weight: [[1]]",
        "loss: {cross_entropy: {class: 2}}",
        "x: {value: […], shape: [3, 2]}",
        "a: b or c",
        "log(x): 2 rows",
    ],
)
def test_what_is_to_be_typed_stays_as_it_is(code: str) -> None:
    for english in (line.partition("\t")[0] for line in SENTENCES.read_text("utf-8").splitlines()):
        if english.count("`{}`") == 1 and english.count("{") == 1:
            assert f"`{code}`" in in_chinese(english.replace("{}", code)), english


TYPED_WRONG = (
    ["--bogus"], ["nosuch"], ["solve"], ["solve", "x", "y", "z"], ["solve", "x", "--digits", "4x"],
    ["solve", "x", "--digits"], ["solve", "x", "--digits", "-1"], ["solve", "x", "--format", "odt"],
    ["solve", "x", "--all=3"], ["solve", "-z", "x"], ["solve", "x", "--onl", "y"], ["check", "x", "--jobs", "two"],
    ["slove"], ["export", "x"],
)  # fmt: skip


@pytest.mark.parametrize("words", TYPED_WRONG, ids=" ".join)
def test_what_is_typed_wrong(words: list[str]) -> None:
    """Typer's own sentences, beside which the words of the user stand as they are."""
    english, chinese = (run(words, environment={"LC_ALL": system}) for system in ("C", "zh_CN.UTF-8"))
    assert english.returncode == chinese.returncode == 2
    assert english.stderr.count("\n") == chinese.stderr.count("\n")
    assert "Error: " in english.stderr
    said = [line for line in chinese.stderr.split("\n") if line]
    assert [line for line in said if not CHINESE.search(line)] == []
    assert not re.search(r"[A-Za-z]{2,} [a-z]{2,}", re.sub(r"'[^']*'|^用法：.*|（.*）", "", chinese.stderr)), said


def test_what_is_wrong_and_what_to_write_in_one_line() -> None:
    said = in_chinese("names.csv: this is not UTF-8 (byte 0xff); save the file in the encoding UTF-8")
    assert said == "names.csv：不是 UTF-8 编码（字节 0xff）；请以 UTF-8 编码保存"
    assert in_chinese("no sentence; of ours") == "no sentence; of ours"


def test_what_the_system_says_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("input: [1]\nlayers: [relu]\n", encoding="utf-8")
    for output in (tmp_path / ("x" * 300), tmp_path / "p.yaml" / "x.md"):
        said = run(["worked", "p.yaml", "--output", str(output), "--language", "zh"], folder=tmp_path).stderr
        assert not re.search(r"[A-Za-z]{2,} [a-z]{2,}", re.sub(r"/\S*", "", said)), said


@pytest.mark.parametrize(
    ("names", "chinese"),
    [
        ("a, b or c", "a、b 或 c"),
        ("dL/dx via add_1 or dL/dx via add_2", "dL/dx via add_1 或 dL/dx via add_2"),
        ("dL/dW[1,2], y", "dL/dW[1,2]、y"),
        ("'a' and 'b'", "'a' 和 'b'"),
        ("a, b, …", "a、b、…"),
        ("[2, 3] or [4, 5]", "[2, 3] 或 [4, 5]"),
        ("'a, b'", "'a, b'"),
    ],
)
def test_names_in_a_row(names: str, chinese: str) -> None:
    assert in_chinese(f"did you mean {names}?") == f"是否想写 {chinese}？"
