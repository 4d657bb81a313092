"""Sheets that are texts, and forms of an answer that are no nested list: every answer in them is right."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

# fc: 1·1.5 + 0.5 = 2, 0.5·1.5 + 8.5 − 1.5 + 1 = 8.75, −1.5 + 1.5 = 0; the loss is log(1 + e^−6.75 + e^−8.75).
PROBLEM = cnncalc.loads("""
input: {name: x, value: [[1, 2, 0], [0, 1, 3], [2, 1, 1]]}
layers:
  - conv: {name: conv1, weight: {name: K, value: [[1, -1], [0, 2]]}, bias: 1/2}
  - relu
  - flatten
  - fc: {name: fc1, weight: {name: W, value: [[1, 0, 0, 1], [0.5, 1, -1, 0], [-1, 0, 1, 0]]}, bias: [0, 1, 0]}
  - softmax
loss: {cross_entropy: {class: 2}}
questions: {1: conv1, 2: relu_1, 3: fc1, 4: softmax_1, 5: L}
""")
SHEETS = {
    "headings.txt": (
        "Question 1\nconv1 = [[1.5, 8.5], [1.5, 0.5]]\nQuestion 2:\nrelu = [[1.5, 8.5],\n        [1.5, 0.5]]\n"
        "Question 3:\nfc = [2, 8.75, 0]\n", 3,
    ),
    "marks.md": (
        "# Answers, Jane Doe\n\n**Q1.** conv1 =\n\n| | |\n|---|---|\n| 1.5 | 8.5 |\n| 1.5 | 0.5 |\n\n"
        "**Q3.** fc = [2, 8.75, 0]\n\n**Q5.** L = 0.00133\n", 3,
    ),
    "sentences.txt": (
        "1) The output of the convolution is [1.5 8.5; 1.5 0.5]\n2) ReLU does not change it: [1.5 8.5; 1.5 0.5]\n"
        "3) [2; 8.75; 0]\n4) softmax: 0.00117, 0.99867, 0.000158\n5) L = -ln(0.99867) = 0.00133\n", 5,
    ),
    "chinese.txt": (
        "姓名：李华\n学号：20230001\n1、卷积结果：\n1.5  8.5\n1.5  0.5\n"
        "3、全连接 ＝ [2, 8.75, 0]\n5、损失 L＝0.00133\n", 3,
    ),
    "text.yaml": ("1) [[1.5, 8.5], [1.5, 0.5]]\n3) 2, 8.75, 0\n5) 0.00133\n", 3),
    "letters.yaml": ("x: [[1, 2, 0], [0, 1, 3], [2, 1, 1]]\ndelta: [0.00117, -0.00133, 0.000158]\nL: 0.00133\n", 3),
    "shell.txt": (">>> conv1\narray([[1.5, 8.5],\n       [1.5, 0.5]])\n>>> fc1\narray([2.  , 8.75, 0.  ])\n", 2),
    "latex.tex": (
        "\\documentclass{article}\n\\begin{document}\n\\section*{Question 1}\n"
        "\\[ \\text{conv1} = \\begin{bmatrix} 1.5 & 8.5 \\\\ 1.5 & 0.5 \\end{bmatrix} \\]\n\\section*{Question 3}\n"
        "$fc1 = (2, 8.75, 0)^T$\n\\end{document}\n", 2,
    ),
    "numbered.csv": ('question,answer\n1,"[[1.5, 8.5], [1.5, 0.5]]"\n3,"[2, 8.75, 0]"\n5,0.00133\n', 3),
    "list.yaml": (
        "answers:\n  - {question: 1, answer: [[1.5, 8.5], [1.5, 0.5]]}\n  - {question: 3, answer: [2, 8.75, 0]}\n", 2,
    ),
    "counted.yaml": ("conv1: {1: [1.5, 8.5], 2: [1.5, 0.5]}\nfc1: {1: 2, 2: 8.75, 3: 0}\n", 2),
    "slashes.yaml": ("conv1: 1.5 8.5 / 1.5 0.5\nfc1: 2 / 8.75 / 0\n", 2),
    "signs.yaml": ("conv1: = [[1.5, 8.5], [1.5, 0.5]]\nfc1: fc1 = [2, 8.75, 0].\nsoftmax: softmax([2, 8.75, 0])\n", 3),
    "about.yaml": ("name: Jane\nstudent id: 12345\nconv1: '[[1.5, 8.5], [1.5, 0.5]] (no unit)'\n", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_every_answer_is_right(name: str, tmp_path: Path) -> None:
    text, count = SHEETS[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    answered = [tensor for tensor in cnncalc.check(PROBLEM, tmp_path / name).tensors if tensor.verdict != "missing"]
    assert [tensor.verdict for tensor in answered] == ["correct"] * count


@pytest.mark.parametrize(
    ("typed", "cells"),
    [("[0,00117; 0,99867; 0,000158]", 0), ("[2; 8,75; 0]", 0), ("'[2, 8 3/4, 0]'", 2)],
)
def test_what_is_asked_about_costs_its_cell_alone(typed: str, cells: int, tmp_path: Path) -> None:
    name = "softmax" if "0,00117" in typed else "fc1"
    (tmp_path / "mine.yaml").write_text(f"{name}: {typed}\n", encoding="utf-8")
    (judged,) = [t for t in cnncalc.check(PROBLEM, tmp_path / "mine.yaml").tensors if t.verdict != "missing"]
    assert judged.verdict == "invalid"
    assert judged.right == max(cells, 2 if name == "fc1" else 0)


def test_an_absolute_value_is_no_row_of_one_cell(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("L: '|-0.00133|'\n", encoding="utf-8")
    assert cnncalc.check(PROBLEM, tmp_path / "mine.yaml")["L"].verdict == "invalid"
