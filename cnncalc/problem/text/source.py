"""Reads the text of a file, or of an example that comes along; rows aligned to the right are put into one column."""

import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

from cnncalc.problem.text.faults import AnswerError, Fault, FaultyFile, Place, closest, did_you_mean, quoted
from cnncalc.problem.text.pattern import pattern
from cnncalc.visible import visible

LARGEST = 16 * 2**20
MOST_LINES = 500_000
MOST_FILES = 1000
WIDEST = 200
"""Blanks in a row; what stands behind more of them is moved to the left."""
YAML = (".yaml", ".yml")
"""Of a folder that are looked at for the one that was meant."""
_STRANGE = "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"

_HEADER = pattern(r"(?P<lead> *(?:- +)*)(?P<key>[^\s#'\"\[{|-][^#|]*: +|['\"][^'\"]*['\"] *: +)?\|[-+]?\s*(?:#.*)?")
_KEY = pattern(r":(?:\s|$)")

EMPTY = "the file is empty"
EMPTY_SHEET = Fault("the sheet is empty", "write `conv_1: [[…]]`, one tensor a line")
PREFIX = "example:"
"""Of the name of one where a file is asked for."""
FIRST = "hw11.yaml"
_TITLE = pattern(r"(?m)^title:[ \t]*(?P<title>.+?)[ \t]*$")


@cache
def folder() -> Path | None:
    """Where examples are: in a checkout, or where an installation put them; None where it has left them out."""
    beside = Path(__file__).parents[3] / "problems"
    if (beside / FIRST).is_file():
        return beside
    from importlib import metadata

    try:
        files = metadata.files("cnncalc") or ()
    except metadata.PackageNotFoundError:
        return None
    found = next((Path(str(file.locate())) for file in files if file.name == FIRST), None)
    return found.parent if found is not None and found.is_file() else None


def examples() -> Mapping[str, str]:
    """The title of each, by its name."""
    where = folder()
    paths = sorted(where.glob("*.yaml")) if where is not None else []
    found = {path.stem: _TITLE.search(path.read_text(encoding="utf-8")) for path in paths}
    return {name: title["title"].strip("'\"") if title else "" for name, title in found.items()}


def located(path: str) -> Path | Fault:
    """The file behind `example:hw11`, or what is wrong with that name."""
    name = path.removeprefix(PREFIX).removesuffix(".yaml")
    where = folder()
    if where is not None and name in examples():
        return where / f"{name}.yaml"
    return Fault(
        f"there is no example {quoted(name)}", f"{did_you_mean(name, examples())} `cnncalc examples` lists them"
    )


class Unreadable(Exception):
    """There is no text to read; carries the one fault that says so, and the text as far as it could be read."""

    def __init__(self, fault: Fault, text: str = "") -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.text = text


def open_source(path: str | Path, faulty: type[FaultyFile]) -> tuple[str, str, Path]:
    """The text of a file (`-`: standard input), what it is called in faults, and its folder; raises `faulty`."""
    if str(path).startswith(PREFIX):
        found = located(str(path))
        if isinstance(found, Fault):
            raise faulty([found], str(path))
        path = found
    is_stdin = str(path) == "-"
    source, folder = ("<stdin>", Path()) if is_stdin else (str(path), Path(path).parent)
    try:
        return read_source(path), source, folder
    except Unreadable as error:
        fault = EMPTY_SHEET if faulty is AnswerError and error.fault.message == EMPTY else error.fault
        raise faulty([fault], source, error.text) from error


def read_source(path: str | Path) -> str:
    """The text of a file, `-` being standard input; raises Unreadable."""
    try:
        if str(path) == "-":
            if sys.stdin is None:
                raise Unreadable(Fault("standard input is closed", "name a file"))
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(path, "rb") as file:
                content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise Unreadable(_cannot_open(path, error)) from error
    return decode(content)


def decode(content: bytes) -> str:
    """UTF-8 to text; raises Unreadable with the place of the first bad byte."""
    if len(content) > LARGEST:
        raise Unreadable(_too_large())
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        place = Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        message = f"this is not UTF-8 (byte 0x{content[error.start]:02x})"
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            message = "this is UTF-16, not UTF-8"
        fault = Fault(message, "save the file in the encoding UTF-8", place)
        raise Unreadable(fault, content.decode("utf-8-sig", errors="replace")) from error
    return clean(text)


def clean(text: str) -> str:
    """The text with `\\n` at the end of each line; raises Unreadable where it is empty, too large or no text."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LARGEST:
        raise Unreadable(_too_large())
    if text.count("\n") > MOST_LINES:
        remedy = "put large tensors into .npy files and name them with `file:`"
        raise Unreadable(Fault(f"the file has more than {MOST_LINES} lines", remedy, Place(1, 1)), text[:1000])
    if not text.strip():
        raise Unreadable(Fault(EMPTY, "write at least `input:` and `layers:` into it", Place(1, 1)), text)
    if " " * WIDEST in text.expandtabs(1):
        text = re.sub(rf"([ \t]{{{WIDEST}}})[ \t]+", r"\1", text)
    # A text of plain characters, as most are, does not even need the pattern compiled.
    strange = None if text.isascii() and text.replace("\n", "").isprintable() else re.search(_STRANGE, text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1
        column = strange.start() - text.rfind("\n", 0, strange.start())
        code = f"U+{ord(strange.group()):04X}"
        fault = Fault(f"an invisible character ({code}) stands here", "delete it", Place(line, column))
        raise Unreadable(fault, text.encode("utf-8", "replace").decode("utf-8"))
    return text


def _too_large() -> Fault:
    return Fault(
        "the file is larger than 16 MB", "put large tensors into .npy files and name them with `file:`", Place(1, 1)
    )


def _near(path: Path) -> str:
    """The file of the folder that was probably meant, with its ending or without."""
    try:
        names = [other.name for other in islice(path.parent.iterdir(), MOST_FILES)]
    except (OSError, ValueError):
        names = []
    word, colon, rest = path.name.partition(":")
    if colon and closest(word, ["example"]):
        return f"did you mean {visible(f'example:{rest}')}? `cnncalc examples` lists them"
    # What all endings have in common makes no names alike.
    stems = {Path(name).stem: name for name in sorted(names, key=lambda name: (name.endswith(YAML), name))}
    near = stems.get(closest(path.stem, stems) or "")
    if near:
        return f"did you mean {visible(str(path.with_name(near)))}?"
    is_example = path.stem in examples()
    return f"did you mean {PREFIX}{path.stem}? `cnncalc examples` lists them" if is_example else "check the path"


def _cannot_open(path: str | Path, error: OSError | ValueError) -> Fault:
    if isinstance(error, FileNotFoundError):
        return Fault(f"there is no file {quoted(str(path))}", _near(Path(path)))
    if isinstance(error, IsADirectoryError):
        return Fault(f"{quoted(str(path))} is a folder", "name a file in it")
    if isinstance(error, PermissionError):
        return Fault(f"{quoted(str(path))} may not be read", "change its permissions")
    reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    return Fault(f"{quoted(str(path))} cannot be read: {reason}", "check the path")


def aligned_left(text: str) -> str:
    """The text with text blocks that are aligned to the right in one column; every line stays where it is.

        conv_1: |
           -22  -22
           100   98
          -100    8

    YAML takes the first line for the measure and the third for the end of the block. In a row of numbers nothing hangs
    on the blanks in front of it.
    """
    if "|" not in text:
        return text
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        header = _HEADER.fullmatch(lines[at]) if "|" in lines[at] else None
        at += 1
        if header is None or not (header["key"] or "-" in header["lead"]):
            continue
        parent = len(header["lead"]) if header["key"] else header["lead"].rindex("-")
        end = _end(lines, at, parent)
        depth = _depth(lines[at:end])
        if depth is not None:
            lines[at:end] = [" " * depth + line.lstrip(" ") for line in lines[at:end]]
        at = end
    return "\n".join(lines)


def _end(lines: Sequence[str], start: int, parent: int) -> int:
    """Where the block is over: at the first line that is indented no further than what it belongs to, or at a comment.

    A comment is indented less than the first line; further on the right it is a row like any other.
    """
    first: int | None = None
    for at in range(start, len(lines)):
        if not lines[at].strip():
            continue
        indent = _indent(lines[at])
        first = indent if first is None else first
        if indent <= parent or (indent < first and lines[at][indent] == "#"):
            return at
    return len(lines)


def _depth(block: Sequence[str]) -> int | None:
    """The indentation that all lines have; None where the first has no more of it, or another line looks like a key."""
    written = [line for line in block if line.strip()]
    if not written:
        return None
    first, least = _indent(written[0]), min(map(_indent, written))
    outside = [line for line in written if _indent(line) < first]
    return least if outside and not any(map(_KEY.search, outside)) else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
