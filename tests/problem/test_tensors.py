"""Every form in which a tensor can be written."""

import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnncalc.problem.loader import loads
from cnncalc.problem.problem import Problem
from cnncalc.problem.text.faults import ProblemError

IMAGE = "layers: [max_pool: {size: 1}]"
FEATURES = "layers: [softmax]"


def entries(problem: Problem) -> Any:
    return problem.input.entries.tolist()


SQUARE = [[[[1, 2], [3, 4]]]]
TWO_CHANNELS = [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]]
FORMS = {
    "nested lists": ("[[1, 2], [3, 4]]", SQUARE),
    "block lists": ("\n  - [1, 2]\n  - - 3\n    - 4", SQUARE),
    "a channel": ("[[[1, 2], [3, 4]]]", SQUARE),
    "a mini-batch": ("[[[[1, 2]]], [[[3, 4]]]]", [[[[1, 2]]], [[[3, 4]]]]),
    "value": ("{value: [[1, 2], [3, 4]]}", SQUARE),
    "value with a shape": ("{value: [1, 2, 3, 4], shape: [1, 2, 2]}", SQUARE),
    "fill": ("{fill: 1/2, shape: [1, 2]}", [[[[Fraction(1, 2), Fraction(1, 2)]]]]),
    "value of one number": ("{value: 0.50, shape: [1, 1]}", [[[[Decimal("0.50")]]]]),
    "blanks": ("|\n  1 2\n  3   4", SQUARE),
    "commas": ("|\n  1,2\n  3 ,4", SQUARE),
    "commas and blanks": ("|\n  1, 2\n  3, 4\n", SQUARE),
    "value of a text block": ("\n  value: |\n    1 2\n    3 4\n", SQUARE),
    "quoted rows": ('"1 2\\n3 4"', SQUARE),
    "rows indented by tabs and blanks": ("|\n  1\t2\n   3 4", SQUARE),
    "channels": ("|\n  1 2\n  3 4\n\n  5 6\n  7 8\n", TWO_CHANNELS),
    "blank lines around": ("|\n\n\n  1 2\n  3 4\n   \n  5 6\n  7 8\n\n\n", TWO_CHANNELS),
    "samples": ("|\n  1 2\n\n  3 4\n\n\n  5 6\n\n  7 8\n", [[[[1, 2]], [[3, 4]]], [[[5, 6]], [[7, 8]]]]),
    "samples of one channel": ("|\n  1 2\n\n\n  5 6\n", [[[[1, 2]]], [[[5, 6]]]]),
    "expressions": (
        "|\n  1/2 sqrt(4)\n  0.20, −1",
        [[[[Fraction(1, 2), 2], [Decimal("0.20"), -1]]]],
    ),
    "bmatrix": (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", SQUARE),
    "quoted pmatrix": (r"'\begin{pmatrix}1&2\\3&4\\\end{pmatrix}'", SQUARE),
    "array": (r"'$\left[\begin{array}{c|c} 1 & 2 \\ \hline 3 & 4 \end{array}\right]$'", SQUARE),
    "smallmatrix": (r"\begin{smallmatrix} 1 & 2 \\[2pt] 3 & 4 \end{smallmatrix}", SQUARE),
    "vmatrix on lines": ("|\n  \\begin{vmatrix}\n  1 & 2 \\\\\n  3 & 4\n  \\end{vmatrix}\n", SQUARE),
    "folded LaTeX": (">\n  \\begin{matrix}\n  1 & 2 \\\\\n  3 & 4\n  \\end{matrix}\n", SQUARE),
    "matrices side by side": (
        r"'\begin{bmatrix}1&2\\3&4\end{bmatrix}, \quad \begin{bmatrix}5&6\\7&8\end{bmatrix}'",
        TWO_CHANNELS,
    ),
    "a list of matrices": (
        r"['\begin{bmatrix}1&2\\3&4\end{bmatrix}', '\begin{bmatrix}5&6\\7&8\end{bmatrix}']",
        TWO_CHANNELS,
    ),
    "LaTeX numbers": (
        r"'\begin{bmatrix} \frac{1}{2} & -\frac12 \\ \sqrt{4} & 2 \cdot 3 \end{bmatrix}'",
        [[[[Fraction(1, 2), Fraction(-1, 2)], [2, 6]]]],
    ),
    "quoted numbers": ("[['1', \"2\"], ['1 + 2', 4]]", SQUARE),
}


@pytest.mark.parametrize(("text", "value"), FORMS.values(), ids=FORMS.keys())
def test_an_image_in_each_form(text: str, value: Any) -> None:
    assert entries(loads(f"input: {text}\n{IMAGE}\n")) == value


@pytest.mark.parametrize(
    "text", ["[1, 2, 3]", "|\n  1 2 3", "|\n  1\n  2\n  3", r"\begin{bmatrix} 1 \\ 2 \\ 3 \end{bmatrix}"]
)
def test_a_vector_in_each_form(text: str) -> None:
    problem = loads(f"input: {text}\n{FEATURES}\n")
    assert entries(problem) == [[1, 2, 3]]
    assert problem.batch is None


def test_places_are_kept() -> None:
    assert str(loads(f"input: [0.10, 19.60, 1e-3]\n{FEATURES}\n").input.entries[0, 1]) == "19.60"


# Frozen: a problem file with `random` must mean the same numbers for ever.
RANDOM = {
    "{seed: 1}": ["-4/5", "7/10", "3/5", "-1/2", "0", "-1/10"],
    "{seed: 1, low: 0, high: 3, step: 1}": ["0", "3", "3", "1", "1", "1"],
    "{seed: 1, low: -1, high: 1, step: 0.25}": ["-0.75", "0.75", "0.50", "-0.50", "0.00", "0.00"],
}


@pytest.mark.parametrize(("text", "values"), RANDOM.items(), ids=RANDOM.keys())
def test_random_is_the_same_for_ever(text: str, values: list[str]) -> None:
    problem = loads(f"input: {{random: {text}, shape: [6]}}\n{FEATURES}\n")
    assert [str(entry) for entry in problem.input.entries[0]] == values


def test_random_is_as_documented() -> None:
    problem = loads(f"input: {{random: {{seed: 7, low: -3, high: 5, step: 2}}, shape: [50]}}\n{FEATURES}\n")
    uniform = random.Random(7).random
    assert problem.input.entries[0].tolist() == [-3 + 2 * int(uniform() * 5) for _ in range(50)]


def test_random_of_fine_steps() -> None:
    text = f"input: {{random: {{seed: 7, low: 0, high: 1, step: 0.0000001}}, shape: [5]}}\n{FEATURES}\n"
    uniform = random.Random(7).random
    expected = [Decimal(int(uniform() * 10_000_001)).scaleb(-7) for _ in range(5)]
    assert loads(text).input.entries[0].tolist() == expected


def test_random_takes_the_shape_that_it_is_given() -> None:
    text = "input: [1, 2, 3]\nlayers: [fc: {units: 2, weight: {random: {seed: 1}}, bias: {random: {seed: 1}}}]\n"
    parameters = loads(text).layers[0].parameters
    assert [str(n) for n in parameters["weight"].entries.ravel()] == RANDOM["{seed: 1}"]
    assert parameters["bias"].entries.tolist() == [Fraction(-4, 5), Fraction(7, 10)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "homework"
    (inside / "data").mkdir(parents=True)
    np.save(inside / "square.npy", np.array([[1.5, 2], [3, 4]]))
    np.save(inside / "fortran.npy", np.asfortranarray(np.array([[1, 2], [3, 4]], dtype=">i2")))
    np.save(inside / "unsigned.npy", np.array([2**64 - 1, 1], dtype=np.uint64))
    np.savez(inside / "data" / "two.npz", w=np.arange(4).reshape(2, 2), v=np.ones(3, dtype=np.float32))
    np.savez(inside / "one.npz", w=np.arange(2))
    (inside / "table.csv").write_text("1,2.50\n3,1/4\n")
    (inside / "bad.csv").write_text("1,2\n3,x\n")
    (inside / "latin.csv").write_bytes(b"1,\xe9\n")
    np.save(inside / "object.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.save(inside / "nan.npy", np.array([[1, 2], [np.nan, 4]]))
    np.save(inside / "complex.npy", np.zeros(3, dtype=complex))
    np.save(inside / "text.npy", np.array(["a"]))
    np.save(inside / "none.npy", np.zeros((0, 3)))
    np.save(inside / "deep.npy", np.zeros((1, 1, 1, 1, 1)))
    _claim(inside / "claim.npy", "(1000000000,)")
    _claim(inside / "short.npy", "(1000,)")
    (inside / "junk.npy").write_bytes(b"junk")
    (inside / "junk.npz").write_bytes(b"PK\x03\x04junk")
    (inside / "square.txt").write_text("1")
    (tmp_path / "outside.csv").write_text("1,2\n")
    (inside / "link.csv").symlink_to(tmp_path / "outside.csv")
    (inside / "loop.csv").symlink_to(inside / "loop.csv")
    return inside


def _claim(path: Path, shape: str) -> None:
    """A .npy file of 8 bytes whose header claims more."""
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}".ljust(117).encode() + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(8))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{file: square.npy}", [[1.5, 2], [3, 4]]),
        ("{file: square.npy, shape: [4]}", [[1.5, 2, 3, 4]]),
        ("{file: fortran.npy}", [[1, 2], [3, 4]]),
        ("{file: unsigned.npy}", [[2**64 - 1, 1]]),
        ("{file: data/two.npz, key: w}", [[0, 1], [2, 3]]),
        ("{file: data/two.npz, key: v}", [[1, 1, 1]]),
        ("{file: one.npz}", [[0, 1]]),
        ("{file: table.csv}", [[1, Decimal("2.50")], [3, Fraction(1, 4)]]),
        ("{file: data/../table.csv}", [[1, Decimal("2.50")], [3, Fraction(1, 4)]]),
    ],
)
def test_files(folder: Path, text: str, value: Any) -> None:
    assert entries(loads(f"input: {text}\n{FEATURES}\n", folder=folder)) == value


COPY = "copy it into the folder of the problem"
SAVE = "save an array of float64 or of integers"
ANEW = "save it anew with numpy.save"
BAD_FILES = {
    "{file: ../outside.csv}": ("'../outside.csv' lies outside of the problem's folder", COPY),
    "{file: link.csv}": ("'link.csv' lies outside of the problem's folder", COPY),
    "{file: /etc/passwd}": ("'/etc/passwd' lies outside of the problem's folder", COPY),
    "{file: nothing.npy}": ("there is no file 'nothing.npy'", "give its path from the problem's folder"),
    '{file: "a\\0b.npy"}': ("'a\\x00b.npy' is no usable path", "give its path from the problem's folder"),
    "{file: loop.csv}": ("'loop.csv' is no usable path", "give its path from the problem's folder"),
    "{file: data}": ("'data' is not a file", "name a .npy, .npz or .csv file"),
    "{file: square.txt}": ("the ending of 'square.txt' is not known", "name a .npy, .npz or .csv file"),
    "{file: }": ("`file` takes the path of a file", "write `file: weights.npy`"),
    "{file: square.npy, key: w}": ("`key` with 'square.npy', which holds one array only", "leave `key` out"),
    "{file: data/two.npz}": ("'data/two.npz' needs a `key`", "write `key:` with w or v"),
    "{file: data/two.npz, key: x}": ("'data/two.npz' has no array 'x'", "write `key:` with w or v"),
    "{file: object.npy}": ("'object.npy' holds Python objects, not numbers", SAVE),
    "{file: complex.npy}": ("'complex.npy' holds 'complex128', not numbers", SAVE),
    "{file: text.npy}": ("'text.npy' holds '<U1', not numbers", SAVE),
    "{file: nan.npy}": ("'nan.npy' holds NaN or infinity at [2, 1], counted from 1", "save finite numbers"),
    "{file: none.npy}": ("'none.npy' holds no elements (0×3)", "save an array with elements"),
    "{file: deep.npy}": ("a tensor of 5 axes (1×1×1×1×1)", "a tensor has at most four: (N, C, H, W)"),
    "{file: claim.npy}": ("'claim.npy' holds 1000000000 elements (1000000000)", "use at most 12000000"),
    "{file: short.npy}": ("'short.npy' is shorter than its header says", ANEW),
    "{file: junk.npy}": ("'junk.npy' is damaged, or not what its ending says", ANEW),
    "{file: junk.npz}": ("'junk.npz' is damaged, or not what its ending says", ANEW),
    "{file: bad.csv}": (
        "'bad.csv': line 2: 'x' is not a number",
        "write a number",
    ),
    "{file: latin.csv}": (
        "'latin.csv', line 1, column 3: this is not UTF-8 (byte 0xe9)",
        "save the file in the encoding UTF-8",
    ),
}


@pytest.mark.parametrize(("text", "said"), BAD_FILES.items(), ids=BAD_FILES.keys())
def test_bad_files(folder: Path, text: str, said: tuple[str, str]) -> None:
    with pytest.raises(ProblemError, match=r"\S") as caught:
        loads(f"input: {text}\n{FEATURES}\n", folder=folder)
    assert [(f.message, f.remedy, f.line) for f in caught.value.faults] == [(*said, 1)]


def test_files_outside_when_allowed(folder: Path) -> None:
    text = f"input: {{file: ../outside.csv}}\n{FEATURES}\n"
    assert entries(loads(text, folder=folder, allow_outside=True)) == [[1, 2]]


def test_a_text_names_no_files() -> None:
    with pytest.raises(ProblemError, match="a problem that is not a file can name no files"):
        loads(f"input: {{file: table.csv}}\n{FEATURES}\n")
