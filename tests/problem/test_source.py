"""Files that give no text."""

import io
import sys
from pathlib import Path

import pytest

from cnncalc.problem.loader import load
from cnncalc.problem.text.faults import ProblemError

GOOD = b"input: [1, 2]\nlayers: [relu]\n"
START = "write at least `input:` and `layers:` into it"
LARGE = "put large tensors into .npy files and name them with `file:`"
BAD: dict[str, tuple[bytes, int, int, str, str]] = {
    "empty": (b"", 1, 1, "the file is empty", START),
    "blank": (b" \n\n", 1, 1, "the file is empty", START),
    "latin-1": (
        b"title: \xc3\xa9t\xe9\n",
        1,
        10,
        "this is not UTF-8 (byte 0xe9)",
        "save the file in the encoding UTF-8",
    ),
    "latin-1, later": (
        b"a: 1\nb: \xff\n",
        2,
        4,
        "this is not UTF-8 (byte 0xff)",
        "save the file in the encoding UTF-8",
    ),
    "utf-16": (
        GOOD.decode().encode("utf-16"),
        1,
        1,
        "this is UTF-16, not UTF-8",
        "save the file in the encoding UTF-8",
    ),
    "large": (b"#" * (16 * 2**20 + 1), 1, 1, "the file is larger than 16 MB", LARGE),
    "lines": (b"\n" * 500_001, 1, 1, "the file has more than 500000 lines", LARGE),
    "nul": (b"a: 1\n\0", 2, 1, "an invisible character (U+0000) stands here", "delete it"),
    "bom inside": ("a: \ufeff1".encode(), 1, 4, "an invisible character (U+FEFF) stands here", "delete it"),
}


@pytest.mark.parametrize(("content", "line", "column", "message", "remedy"), BAD.values(), ids=BAD.keys())
def test_bad_content(tmp_path: Path, content: bytes, line: int, column: int, message: str, remedy: str) -> None:
    path = tmp_path / "hw.yaml"
    path.write_bytes(content)
    with pytest.raises(ProblemError, match=r"hw\.yaml:\d+:\d+: ") as caught:
        load(path)
    assert [(f.line, f.column, f.message, f.remedy) for f in caught.value.faults] == [(line, column, message, remedy)]


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"there is no file '.*'\n    check the path$"):
        load(tmp_path / "hw")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"' is a folder\n    name a file in it$"):
        load(tmp_path)


def test_a_path_that_cannot_be() -> None:
    with pytest.raises(ProblemError, match=r"cannot be read: embedded null byte"):
        load("a\0b")


@pytest.mark.parametrize(
    "content", [GOOD, b"\xef\xbb\xbf" + GOOD, GOOD.replace(b"\n", b"\r\n"), GOOD.replace(b"\n", b"\r")]
)
def test_line_ends_and_byte_order_marks(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hw.yaml"
    path.write_bytes(content)
    problem = load(path)
    assert problem.file == str(path)
    assert problem.layers[0].place.line == 2


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD)))
    problem = load("-")
    assert problem.file == "<stdin>"
    assert problem.input.entries.tolist() == [[1, 2]]


def test_files_lie_beside_the_problem(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text("1,2\n")
    (tmp_path / "hw.yaml").write_text("input: {file: w.csv}\nlayers: [softmax]\n")
    assert load(tmp_path / "hw.yaml").input.entries.tolist() == [[1, 2]]
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "hw.yaml").write_text("input: {file: ../w.csv}\nlayers: [softmax]\n")
    with pytest.raises(ProblemError, match=r"lies outside of the problem's folder"):
        load(tmp_path / "sub" / "hw.yaml")
    assert load(tmp_path / "sub" / "hw.yaml", allow_outside=True).input.entries.tolist() == [[1, 2]]


@pytest.mark.parametrize("name", ["hw11.yaml", "nowhere/hw11.yaml"])
def test_a_problem_of_the_package_is_offered_by_its_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(ProblemError) as raised:
        load(tmp_path / name)
    assert raised.value.faults[0].remedy == "did you mean example:hw11? `cnncalc examples` lists them"
