"""Faults in Chinese: sentences keep their names and numbers, and what is common is translated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cnncalc.problem.text import chinese as catalogue
from cnncalc.problem.text.chinese import in_chinese
from tests.command import run
from tests.problem.test_faults import CASES
from tests.problem.test_tutor import CASES as TUTOR

LINES = catalogue.SENTENCES.read_text(encoding="utf-8").splitlines()
SENTENCES = dict(line.split("\t") for line in LINES if not line.startswith("# "))
SAID = sorted(
    {text for cases in (CASES, TUTOR) for case in cases.values() for fault in case.faults for text in fault[2:]}
)


@pytest.mark.parametrize("english", SENTENCES)
def test_every_name_and_number_is_kept(english: str) -> None:
    chinese = SENTENCES[english].replace("{{", "").replace("}}", "")
    assert sorted(set(re.findall(r"\{(\d)\}", chinese))) == [str(n) for n in range(len(re.findall(r"\{\}", english)))]
    assert re.search("[一-鿿]", chinese)


def test_what_is_said_in_tests_is_translated() -> None:
    english = [text for text in SAID if not re.search("[一-鿿]", in_chinese(text))]
    assert len(english) < len(SAID) / 12, english


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
