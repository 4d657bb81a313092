"""What people write at first, and what a tutor would say to it: the whole text of each message."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from cnncalc import ProblemError, loads
from tests.command import run


class Case(NamedTuple):
    """A file, and its faults: line, column, message, remedy."""

    text: str
    faults: list[tuple[int, int, str, str]]


CASES = {
    "no blank behind a colon": Case(
        "input: [[1]]\nlayers:\n  - conv: {weight:[[1]]}\n",
        [(3, 12, "there is no blank behind the colon of 'weight'", "write `weight: [[1]]`")],
    ),
    "no blank, and a number": Case(
        "input: [[1]]\nlayers:\n  - conv: {stride:2, weight: [[1]]}\n",
        [(3, 12, "there is no blank behind the colon of 'stride'", "write `stride: 2`")],
    ),
    "no blank behind a key of the file": Case(
        "input: [1]\nindex_base:0\nlayers: [relu]\n",
        [(2, 1, "there is no blank behind the colon of 'index_base'", "write `index_base: 0`")],
    ),
    "no blank behind the first colon": Case(
        "input:[[1, 2], [3, 4]]\nlayers:\n  - relu\n",
        [(1, 1, "there is no blank behind the colon of 'input'", "write `input: [[1, 2], [3, 4]]`")],
    ),
    "no blank behind a layer": Case(
        "input: [[1]]\nlayers:\n  - conv:{weight: 1}\n  - relu\n",
        [(3, 5, "there is no blank behind the colon of 'conv'", "write `conv: {weight: 1}`")],
    ),
    "an equals sign": Case(
        "input = [1, 2]\nlayers:\n  - relu\n",
        [(1, 1, "an equals sign stands behind 'input'", "write `input: [1, 2]`")],
    ),
    "an equals sign in braces": Case(
        "input: [1]\nlayers:\n  - fc: {weight = [[1, 2]], units: 1}\n",
        [(3, 10, "an equals sign stands behind 'weight'", "write `weight: [[1, 2]]`")],
    ),
    "two keys in a line": Case(
        "input: [1]\nlayers: [relu]\nloss: mse: {target: [1]}\n",
        [(3, 1, "two keys stand in one line, 'loss' and 'mse'", "write `loss: {mse: {target: [1]}}`")],
    ),
    "no colon": Case(
        "input: [1]\nlayers:\n  - fc {weight: [[1]]}\n",
        [(3, 5, "there is no colon behind 'fc'", "write `fc: {weight: [[1]]}`")],
    ),
    "a bracket too many": Case(
        "input: [1, 2]]\nlayers:\n  - relu\n", [(1, 14, "']' closes what nothing has opened", "delete it")],
    ),
    "several entries in a line": Case(
        "input: [1]\nlayers:\n  - fc: {weight: [[1]]}, relu\n",
        [(3, 24, "something stands behind the end of this value", "begin each entry on a line of its own, with `- `")],
    ),
    "an entry further in": Case(
        "input: [1]\nlayers:\n - relu\n  - tanh\n",
        [(3, 4, "`- tanh` is indented further than `- relu`", "begin lines that belong together in the same column")],
    ),
    "layers without dashes": Case(
        "input: [1]\nlayers:\n  relu:\n  relu:\n",
        [(4, 3, "the key 'relu' stands here twice; the first is in line 3, column 3",
          "begin each layer with `- `, in a line of its own")],
    ),
    "Chinese keys with full-width colons": Case(
        "输入：[1, 2]\n层：\n  - relu\n",
        [
            (1, 1, "the colon behind '输入' is a full-width one (：)", "write `输入: [1, 2]`"),
            (2, 1, "the colon behind '层' is a full-width one (：)", "write `层:`"),
        ],
    ),
    "a bracket left open over lines": Case(
        "input: [[1, 2],\n        [3, 4]\nlayers:\n  - relu\n",
        [
            (1, 8, "the '[' that opens here is still open where 'layers' begins (line 3)",
             "write ] at the end of line 2"),
        ],
    ),
    "a full-width colon": Case(
        "input: [1]\nlayers：\n  - relu\n",
        [(2, 1, "the colon behind 'layers' is a full-width one (：)", "write `layers:`")],
    ),
    "full-width colons everywhere": Case(
        "input：[1, 2]\nlayers：\n  - relu\n",
        [
            (1, 1, "the colon behind 'input' is a full-width one (：)", "write `input: [1, 2]`"),
            (2, 1, "the colon behind 'layers' is a full-width one (：)", "write `layers:`"),
        ],
    ),
    "a signal into a conv": Case(
        "input: [1, 2, 3]\nlayers: [conv: {weight: [1, 0]}]\n",
        [
            (1, 8, "input is a list of 3 numbers, conv_1 (conv) takes an image",
             "write an image as (H, W), (C, H, W) or (N, C, H, W); for a signal write `conv1d`"),
        ],
    ),
    "N×H×W into a conv": Case(
        "input: [[[1,2],[3,4]],[[1,2],[3,4]],[[1,2],[3,4]]]\nlayers: [conv: {weight: [[[[1]]]]}]\n",
        [
            (2, 25, "conv_1.weight has 1 input channel (1×1×1×1), input gives 3 (3×2×2)",
             "if input is 3 samples of one channel, give it the shape 3×1×2×2 (N, C, H, W); if it is one sample of 3"
             " channels, give conv_1.weight a kernel for each"),
        ],
    ),
    "a column into fc": Case(
        "input: [[1],[2],[3]]\nlayers: [fc: {weight: [[1,2,3]]}]\n",
        [
            (2, 23, "fc_1.weight takes 3 features (1×3), input gives 1",
             "input is a column, which is 3 samples of one feature each: write one row, [1, 2, …]"),
        ],
    ),
    "a one-hot class": Case(
        "input: [1,2,3]\nlayers: [softmax]\nloss: {cross_entropy: {class: [0,1,0]}}\n",
        [
            (3, 31, "`class` is a one-hot vector, and not the number of the class",
             "write `target: [0, 1, 0]`, or `class: 2` (index_base is 1)"),
        ],
    ),
    "a weight in one row": Case(
        "input: [1,2]\nlayers: [fc: {units: 3, weight: [1,2,3,4,5,6]}]\n",
        [
            (2, 33, "fc_1.weight is one row of 6 numbers, and 3 units take 2 features each",
             "write 3 rows of 2, or `weight: {value: […], shape: [3, 2]}`"),
        ],
    ),
    "a loss inside layers": Case(
        "input: [1,2]\nlayers:\n  - softmax\n  - cross_entropy\n",
        [
            (4, 5, "'cross_entropy' is a loss, and stands among the layers",
             "write `loss: {cross_entropy: {class: 2}}` beside `layers`"),
        ],
    ),
    "a loss without its class": Case(
        "input: [1,2]\nlayers: [softmax]\nloss: {cross_entropy: {clas: 1}}\n",
        [
            (3, 8, "L has no `target`",
             "write `class: 2`, the number of the right class, or `target:` with a number for each class"),
            (3, 24, "cross_entropy has no option 'clas'", "did you mean class?"),
        ],
    ),
    "a weight with channels last": Case(
        "input: {shape: [2, 6, 6], fill: 1}\nlayers: [conv: {weight: {shape: [3, 3, 2, 5], fill: 1}}]\n",
        [
            (2, 25, "conv_1.weight has 3 input channels (3×3×2×5), input gives 2 (2×6×6)",
             "are its channels last? Give it the shape 5×2×3×3, as transpose(3, 2, 0, 1) does, or write `order: hwc`"
             " where images are so too"),
        ],
    ),
    "weights without layers": Case(
        "x: [1, 2]\nW1: [[1, 0], [0, 1]]\nb1: [0, 0]\nW2: [[1, 2, 3]]\nactivation: tanh\ny: [1]\nloss: mse\n",
        [
            (2, 1, "the file has W1, b1, W2 and no `layers`, so that nothing says what stands between them",
             "write `layers: [fc: {weight: W1, bias: b1}, tanh, fc: {weight: W2}]`,"
             " with the activations that belong between them"),
            (4, 5, "W2 takes 3 features (1×3), tanh_1 gives 2",
             "give W2 the shape 1×2: a row for each output"),
        ],
    ),
    "a class counted from 0": Case(
        "input: [1, 2]\nlayers: [Softmax]\nloss: cross entropy\ntarget: 0\n",
        [
            (4, 9, "class 0 does not exist: softmax_1 has 2 classes",
             "write 1 to 2 (index_base is 1), or `index_base: 0` beside `layers`, to count from 0 as PyTorch does"),
        ],
    ),
    "numbers that are to be drawn": Case(
        "input: [1, 2]\nlayers: [fc: {units: 2, weight: random}]\n",
        [(2, 33, "'random' is not a number", "write `{random: {seed: 1}}`, or the numbers themselves")],
    ),
    "faults behind a misspelt layer": Case(
        "input: [[1]]\nlayers:\n  - conbv: {strid: 1, weight: [[1]]}\n  - pooling\n",
        [
            (3, 5, "there is no layer 'conbv'", "did you mean conv?"),
            (3, 13, "conv has no option 'strid'", "did you mean stride?"),
            (4, 5, "'pooling' is no layer here", "write `max_pool` or `avg_pool`"),
        ],
    ),
    "other mathematics": Case(
        "input: [1]\nlayers: [rnn, gru, view]\n",
        [
            (2, 10, "'rnn' is no layer here", "leave it out; `cnncalc format` lists the layers that there are"),
            (2, 15, "'gru' is no layer here", "leave it out; `cnncalc format` lists the layers that there are"),
            (2, 20, "'view' is no layer here", "write `flatten` for a vector"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_whole_message(case: str) -> None:
    with pytest.raises(ProblemError) as caught:
        loads(CASES[case].text)
    assert [(f.line, f.column, f.message, f.remedy) for f in caught.value.faults] == CASES[case].faults


PROBLEM = "input: [[[1,2],[3,4]]]\nlayers: [conv: {name: C1, weight: [[1]]}]\n"


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("", "sheet.yaml: the sheet is empty\n    write `conv_1: [[…]]`, one tensor a line\n"),
        ("# nothing yet\n", "sheet.yaml: the sheet is empty\n    write `conv_1: [[…]]`, one tensor a line\n"),
        (
            PROBLEM,
            "sheet.yaml:1:1: this is a problem, and an answer sheet should stand here\n"
            "    1 | input: [[[1,2],[3,4]]]\n      | ^\n"
            "    name the students' sheets behind the problem, or nothing at all for the problem's own answers\n",
        ),
    ],
    ids=["empty", "comments", "a problem"],
)
def test_what_is_no_sheet(sheet: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "problem.yaml").write_text(PROBLEM, encoding="utf-8")
    (tmp_path / "sheet.yaml").write_text(sheet, encoding="utf-8")
    ended = run(["check", "problem.yaml", "sheet.yaml"], folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (2, said)


def test_a_quantity_that_there_is_not(tmp_path: Path) -> None:
    (tmp_path / "problem.yaml").write_text(PROBLEM, encoding="utf-8")
    (tmp_path / "sheet.yaml").write_text("weights(C1): 4\n", encoding="utf-8")
    ended = run(["check", "problem.yaml", "sheet.yaml", "--format", "json"], folder=tmp_path)
    assert (
        "there is no tensor `weights(C1)` in this problem; the sizes and counts are shape, parameters, multiplications,"
        " receptive_field, connections, flops, operations"
    ) in ended.stdout
    # One weight on four cells.
    (tmp_path / "sheet.yaml").write_text("connections(C1): 4\n", encoding="utf-8")
    assert run(["check", "problem.yaml", "sheet.yaml"], folder=tmp_path).returncode == 0
