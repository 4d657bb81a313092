"""`cnncalc worked` as a command: formats, languages, what a hand-in needs, and what it says where it cannot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ..command import run

STARTS = {
    "text": "Homework 11, question 2\n",
    "markdown": "# Homework 11, question 2\n",
    "latex": "% !TEX program = pdflatex\n\\documentclass",
    "html": "<!DOCTYPE html>\n",
}
ENDINGS = {"s.txt": "text", "s.md": "markdown", "s.tex": "latex", "s.html": "html", "s.HTM": "html", "plain": "text"}


@pytest.mark.parametrize("form", STARTS)
def test_every_format(form: str) -> None:
    result = run(["worked", "problems/hw11.yaml", "--format", form])
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(STARTS[form])


@pytest.mark.parametrize("name", ENDINGS)
def test_the_ending_of_the_output_decides(name: str, tmp_path: Path) -> None:
    arguments = ["--title", "Homework 11, question 2", "--output", str(tmp_path / name)]
    result = run(["worked", "problems/soft_labels.yaml", *arguments])
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(STARTS[ENDINGS[name]])


def test_an_unknown_ending_needs_a_format(tmp_path: Path) -> None:
    output = tmp_path / "solution.doc"
    result = run(["worked", "problems/soft_labels.yaml", "--output", str(output)])
    expected = f"--output {output}: the ending .doc says no format; use .md, .tex, .html or .txt, or --format\n"
    assert (result.returncode, result.stdout, result.stderr) == (2, "", expected)
    assert not output.exists()
    assert run(["worked", "problems/soft_labels.yaml", "--output", str(output), "--format", "latex"]).returncode == 0


def test_title_and_name_stand_at_the_top_as_they_are() -> None:
    name = "Müller & 王_小明 <a@b.c> $5 100%"
    for form, shown in (("text", name), ("html", "Müller &amp; 王_小明 &lt;a@b.c&gt; $5 100%")):
        arguments = ["--name", name, "--title", "#1 {x}", "--format", form]
        printed = run(["worked", "problems/soft_labels.yaml", *arguments]).stdout
        assert shown in printed
        assert "#1 {x}" in printed


def test_one_question_alone() -> None:
    printed = run(["worked", "problems/hw11.yaml", "--question", "7"]).stdout
    assert "∂L/∂W[1,5] = ∂L/∂fc_1[1]·flatten_1[5]\n             = 0.2·98\n             = 19.6\n" in printed
    assert "Question 6" not in printed
    result = run(["worked", "problems/hw11.yaml", "--question", "9"])
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "the problem has no question 9; its questions are 1, 2, 3, 4, 5, 6, 7, 8\n"


def test_the_ways_to_a_gradient_that_were_asked_for() -> None:
    titles = {"rotated": "With the kernel turned by 180°", "im2col": "With matrices (im2col)"}
    shown = {"rotated": {"rotated"}, "im2col": {"im2col"}, "both": {"rotated", "im2col"}, "none": set()}
    for method, expected in shown.items():
        printed = run(["worked", "problems/uneven_strides.yaml", "--method", method]).stdout
        assert {name for name, title in titles.items() if title in printed} == expected
        assert ("The result is the same, element by element." in printed) == bool(expected)


def test_the_sections_come_in_the_order_of_the_sheet() -> None:
    printed = run(["worked", "problems/hw11.yaml"]).stdout
    heads = ["What is given", *(f"Question {number}" for number in range(1, 9)), "Not asked for", "All results"]
    places = [printed.index(f"\n{head}") for head in heads]
    assert places == sorted(places)
    # What leads up to an answer stands in front of it, in the same question.
    assert places[3] < printed.index("\nflatten_1  vector of 8") < printed.index("\nfc_1  vector of 5") < places[4]


def test_questions_about_what_is_given_made_on_request_or_asked_before() -> None:
    problem = """
input: [[1, 2, 0], [3, 4, 1], [1, 1, 1]]
layers: [relu: {name: r}, conv: {name: c, weight: {name: K, value: [[1, 0], [0, 1]]}}]
upstream: [[2, 1], [0, 1]]
questions: {1: K, 2: c.columns, 3: [r, dL/dK], 4: dL/dc}
"""
    printed = run(["worked", "-"], stdin=problem).stdout
    heads = re.findall(r"^(?:Question|This stands|Not asked|[\w∂/.]+(?=  \d)).*$", printed, re.MULTILINE)
    assert heads == [
        "input  1×3×3, input",
        "K  1×1×2×2, weight of c, question 1",
        "Question 1",
        "This stands above: K.",
        "Question 2",
        # What an answer rests on stands in front of it, also where a later question asks for it.
        "r  1×3×3, ReLU, question 3",
        "c.columns  4×4, convolution, question 2",
        "Question 3",
        "This stands above: r.",
        "c  1×2×2, convolution",
        "∂L/∂c  1×2×2, question 4",
        "∂L/∂K  1×1×2×2, question 3",
        "Question 4",
        "This stands above: ∂L/∂c.",
        "Not asked for, but part of the same computation",
        "∂L/∂r  1×3×3",
        "∂L/∂input  1×3×3",
    ]


PUBLISHED = (
    "= 2 + (-24)\n                = -22\n",
    "= 31 + 67\n                = 98\n",
    "= 39.6\n",
    "= log(5)\n    ≈ 1.60944\n",
    "∂L/∂p[3] = -L.target[3]/p[3]\n           = -1/0.2\n           = -5\n",
    "0.2  0.2  -0.8  0.2  0.2\n",
    "0.1·(p[1] + p[2] + p[3] - 1 + p[4] + p[5])",
    "= (-0.8)·98\n             = -78.4\n",
    "3 │ 0  0  0  0  -78.4  -80  -80  -78.4\n",
)
"""Steps of the published solution of homework 11."""


@pytest.mark.parametrize("step", PUBLISHED)
def test_every_published_step_of_homework_11_is_there(step: str) -> None:
    assert step in run(["worked", "problems/hw11.yaml"]).stdout


def test_chinese_all_the_way() -> None:
    printed = run(["worked", "problems/hw11.yaml", "--language", "zh"]).stdout
    for part in ("已知条件", "第 8 题", "卷积核", "特征图", "全连接", "交叉熵", "梯度", "链式法则", "结果汇总"):
        assert part in printed, part
    # English words are left only where they are names, code, or the user's own.
    words = set(re.findall(r"[A-Za-z]{3,}", printed))
    own = "Homework question Computer vision course homework units"
    names = "conv relu flatten target cross entropy softmax weight flip true float"
    mathematics = "exp log max rot one hot col ReLU"
    assert words <= {*own.split(), *names.split(), *mathematics.split()}


def test_a_problem_without_layers_behind_its_input() -> None:
    result = run(["worked", "-"], stdin="input: [1, 2]\nlayers: [relu: {name: r}]\n")
    assert result.returncode == 0, result.stderr
    assert "All elements together:" in result.stdout


def test_a_fault_of_the_problem_is_told_as_by_solve() -> None:
    by_solve = run(["solve", "problems/data/broken.yaml"])
    by_worked = run(["worked", "problems/data/broken.yaml"])
    assert (by_worked.returncode, by_worked.stdout, by_worked.stderr) == (2, "", by_solve.stderr)


def test_terms_that_nearly_cancel_are_said_to() -> None:
    # By hand: Adam's first step is lr · g/(|g| + ε) = 0.1 less about 1e-9, so y = 0.6 − 0.8 + 0.2 but for that.
    problem = """\
input: {name: x, value: [1, 2]}
layers:
  - fc: {name: y, weight: {name: W, value: [[0.5, -0.5]]}, bias: {name: b, value: [0.1]}}
loss: {mse: {name: L, target: [1]}}
update: {adam: {lr: 0.1, steps: 2}}
"""
    said = "The terms nearly cancel, so the rounded numbers do not make this value"
    printed = run(["worked", "-"], stdin=problem).stdout
    assert printed.count(said) == 1
    assert re.search(rf"≈ 0\.600000 \+ \(-0\.800000\) \+ 0\.200000\n +≈ -1\.07143·10⁻⁹\n  {said}", printed)
    assert said not in run(["worked", "-"], stdin=problem.replace("0.1]}", "0.3]}")).stdout
    assert said in run(["explain", "-", "y.step_1[1]"], stdin=problem).stdout


def test_a_convolution_as_one_matrix_and_back_by_its_transpose() -> None:
    problem = """\
input: {name: x, value: [[1, 2, 0], [0, 1, 3], [2, 1, 1]]}
layers: [conv: {name: y, weight: {name: K, value: [[1, -1], [0, 2]]}, bias: {name: b, value: [0.5]}}]
upstream: [[1, 2], [0, -1]]
"""
    printed = run(["worked", "-", "--method", "matrix"], stdin=problem).stdout
    # Each row of A by hand: the kernel's four weights at the four cells of its window.
    for row in ("1  -1   0  0   2   0  0  0  0", "0   1  -1  0   0   2  0  0  0", "0   0   0  0   1  -1  0  0  2"):
        assert f"│ {row} │" in printed
    assert "∂L/∂x = Aᵀ·∂L/∂y" in printed
    assert printed.count("The result is the same, element by element.") == 2
    assert (
        "用一个矩阵表示整个卷积" in run(["worked", "-", "--method", "matrix", "--language", "zh"], stdin=problem).stdout
    )
