"""An answer sheet, read: for each tensor that it names the cells as typed, or why there are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np

from cnncalc.arithmetic.base import filled
from cnncalc.checking.given import AnswerCells, Given, computed
from cnncalc.checking.in_letters import is_sum_in_letters
from cnncalc.checking.sheets.not_yaml import ENDINGS, Prose, read_rows
from cnncalc.language import Phrase
from cnncalc.problem.problem import Problem
from cnncalc.problem.tensor.files import FileAccess
from cnncalc.problem.tensor.pasted import in_rows, pasted
from cnncalc.problem.tensor.tensors import TensorReader
from cnncalc.problem.tensor.typed import Typed
from cnncalc.problem.tensor.written_sizes import tidied
from cnncalc.problem.text.faults import AnswerError, Collector, Fault, Place, TooManyFaults
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar, compose
from cnncalc.problem.text.source import EMPTY_SHEET, open_source
from cnncalc.problem.words.file_words import key_of
from cnncalc.problem.words.other_names import is_question
from cnncalc.records import Record, replace

ANSWERS = "answers"
SOURCES = ("value", "file")
"""What a mapping may hold: an answer is typed numbers."""
OF_A_TENSOR = frozenset(["name", "shape", "value", "fill", "file", "key", "random", "symbol", "order", "share"])
"""Keys of a tensor; a mapping without any of them holds the answers to one question."""
SOURCES_OF_TEACHERS = ("value", "fill", "file")
ANSWERS_OF_A_PROBLEM = Phrase("This file is a problem; its own answers are what was checked.")
MOST_AXES = 6
"""The path of a batch has five, and a tensor that was not summed up one more than it should."""
IN_PROSE = (".txt", ".md", ".tex")
"""Files that may be a text with answers in it."""
_SEPARATORS = re.compile(r"[\s,]+")
_FULL_WIDTH_COMMAS = re.compile("[，、；]")
_DECIMAL_COMMA = re.compile(r"[-+−]?\d+,\d+")
_TURNED = re.compile(r"\s*(?:\^\s*\{?\s*(?:T|\\top|\\mathrm\{T\}|\\intercal)\s*\}?|ᵀ|'|\.T)\s*$")
_OUTER = re.compile(r"^[(\[（【](.*)[)\]）】]$")
_WORD = re.compile(r"(?i)(?<![^\s,])(?!nan|inf|n/a|none|null)[a-z]{2,}(?![^\s,])")
"""`ln 3/2`, `1 over 2`: a phrase, and no row of numbers."""
_ASSIGNED = re.compile(r"(?P<name>[^\W\d][^:=\n]*):?=\s+(?=\S)")
"""`conv_1 = [[…]]`, as in a program."""
_BRACKETS = re.compile(r"[\[\]]")
_SIGN_BEFORE = re.compile(r"^\s*[=:≈]\s*(?=[\[({])")
_BEHIND = re.compile(r"(?<=[\])}])\s*(?:[.,;。；]|\([^()\d]*\))\s*$")
"""`= [1, 2].`, `[1, 2] (no unit)`."""
_SOFTMAX = re.compile(r"softmax\(\s*[\[(]([^\[\]()]+)[\])]\s*\)", re.IGNORECASE)
_ROW = re.compile(r"(?=.*\s[-+−]\S)[-+−]?[\d.]+(?:/\d+)?(?:\s+[-+−]?[\d.]+(?:/\d+)?)+")
"""`11/5 -1/4`: a sign that leans on its number begins one, as in `2.2 -0.25`."""
_MIXED = re.compile(r"[-+−]?\d+\s+\d+/\d+")
"""`1 1/2`, whose fault asks what it is."""
ABOUT = frozenset([
    "name", "student", "student name", "student id", "student number", "id", "matriculation number", "matrikelnummer",
    "email", "e-mail", "date", "course", "class", "姓名", "学号", "班级", "日期", "课程",
])  # fmt: skip
"""What a sheet says of itself, in words."""


class Answer(Record):
    """What stands under one name. `typed` is None where no tensor can be made of it: `faults` say why, or it is `?`."""

    name: str
    typed: Typed | None
    faults: tuple[Fault, ...] = ()
    parts: tuple[Answer, ...] = ()
    """Of what may answer a question for several tensors, each item by itself."""

    @property
    def is_missing(self) -> bool:
        """Whether nothing is answered at all."""
        return self.typed is None and not self.faults


class Sheet(Record):
    """The answers of one student, in the order in which they stand."""

    source: str
    answers: tuple[Answer, ...]
    text: str = field(repr=False, default="")
    files: tuple[Path, ...] = ()
    """The data files that it names."""
    notes: tuple[Phrase, ...] = ()
    """What is to be said of how it was read."""


def read_sheet(path: str | Path, *, allow_outside: bool = False) -> Sheet:
    """The answers in a file (`-`: standard input), under `answers:` or bare; raises AnswerError.

    What cannot be read in it costs its own cell or tensor; only a file that is no mapping of names costs everything.
    """
    if str(path).lower().endswith(ENDINGS) and not _is_prose(path):
        rows, text, notes = read_rows(str(path))
        access = FileAccess(Path(path).parent, allow_outside)
        return replace(sheet_of_nodes(rows, str(path), text, access), notes=notes)
    text, source, folder = open_source(path, AnswerError)
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.split("\n")):
        raise AnswerError([EMPTY_SHEET], source, text)
    lines = [(line, _ASSIGNED.match(line)) for line in text.split("\n")]
    if all(found for line, found in lines if line[:1].strip(" #")):
        text = "\n".join(f"{found['name'].rstrip()}: {line[found.end() :]}" if found else line for line, found in lines)
    faults = Collector()
    try:
        root = compose(text, faults)
    except TooManyFaults:
        root = None
    may_be_prose = source.lower().endswith(IN_PROSE) and (len(faults) or not isinstance(root, Fields) or "**" in text)
    if may_be_prose or (isinstance(root, Scalar) and not len(faults)):
        found = Prose().read(text)
        if found:
            return sheet_of_nodes(_without_about(found), source, text, FileAccess(folder, allow_outside))
    if root is None or len(faults):
        raise AnswerError(faults.report(), source, text)
    nodes = _entries(root)
    if nodes is None:
        fault = Fault(
            "answers are a mapping of names to tensors", "write `conv_1: [[…]]`, one tensor a line", root.place
        )
        raise AnswerError([fault], source, text)
    sheet = sheet_of_nodes(nodes, source, text, FileAccess(folder, allow_outside))
    if not _is_problem(root):
        return sheet
    if ANSWERS not in root.entries:
        remedy = "name the students' sheets behind the problem, or nothing at all for the problem's own answers"
        fault = Fault("this is a problem, and an answer sheet should stand here", remedy, root.place)
        raise AnswerError([fault], source, text)
    return replace(sheet, notes=(ANSWERS_OF_A_PROBLEM,))


def _is_prose(path: str | Path) -> bool:
    """Whether a file of Markdown has its answers in lines that begin with `**Q1.**`."""
    if not str(path).lower().endswith(".md"):
        return False
    text, _, _ = open_source(path, AnswerError)
    return re.search(r"(?im)^\W*\*\*\s*(?:q|question|problem|第|题)?\s*\d", text) is not None


def _is_problem(root: Node) -> TypeGuard[Fields]:
    """Whether somebody has named a problem: an input and what becomes of it, where a sheet has names of tensors."""
    if not isinstance(root, Fields):
        return False
    known = {key_of(name): node for name, (_, node) in root.entries.items()}
    is_network = isinstance(known.get("layers"), Items) or isinstance(known.get("loss"), Fields)
    # Their own names alone: `x` and `delta` are answers as well.
    return ("input" in known and is_network) or {"input", "upstream"} <= {*root.entries}


def _entries(root: Node) -> Mapping[str, Node] | None:
    if not isinstance(root, Fields):
        return None
    # A sheet may say more of itself, whose it is for instance, beside its `answers`.
    inner = root.get(ANSWERS)
    if isinstance(inner, Scalar) and inner.is_empty:
        return {}
    fields = inner if inner is not None else root
    if isinstance(fields, Items):
        return _by_question(fields)
    if not isinstance(fields, Fields):
        return None
    return _without_about({name: node for name, (_, node) in fields.entries.items()})


def _without_about(nodes: Mapping[str, Node]) -> Mapping[str, Node]:
    """The answers without what the sheet says of itself."""
    return {
        name: node for name, node in nodes.items()
        if not (isinstance(node, Scalar) and name.strip().lower().replace("_", " ") in ABOUT)
    }  # fmt: skip


def _by_question(items: Items) -> Mapping[str, Node] | None:
    """`- {question: 1, answer: [[…]]}`: by the word or the number that stands first in each."""
    found: dict[str, Node] = {}
    for item in items.items:
        pairs = list(item.entries.values()) if isinstance(item, Fields) else []
        label = pairs[0][1] if len(pairs) == 2 else None
        if not isinstance(label, Scalar):
            return None
        found[label.text] = pairs[1][1]
    return found


def sheet_of_nodes(
    nodes: Mapping[str, Node], source: str, text: str, access: FileAccess, sources: Sequence[str] = SOURCES
) -> Sheet:
    """The answers in nodes that are read already: those of a problem file."""
    cells = AnswerCells()
    read = partial(_read, cells=cells, access=access, text=text, sources=sources)
    answers = tuple(answer for name, node in nodes.items() for answer in _answers(name, node, read))
    return Sheet(source, answers, text, tuple(access.found))


def _answers(name: str, value: Any, read: Callable[[str, Any], Answer]) -> Iterator[Answer]:
    """What stands under one name, in a file or as a value: an answer, or those of a question, by name or in order."""
    fields = {inner: node for inner, (_, node) in value.entries.items()} if isinstance(value, Fields) else value
    if isinstance(fields, Mapping) and is_question(name) and OF_A_TENSOR.isdisjoint(fields):
        for inner, part in fields.items():
            yield from _answers(str(inner), part, read)
        return
    answer = read(name, value)
    items = value.items if isinstance(value, Items) else value
    if isinstance(items, list | tuple) and not isinstance(items, Scalar) and is_question(name):
        answer = replace(answer, parts=tuple(read(name, part) for part in items))
    yield answer


def _read(
    name: str, node: Node, cells: AnswerCells, access: FileAccess, text: str, sources: Sequence[str] = SOURCES
) -> Answer:
    if isinstance(node, Scalar) and "\n" not in (line := node.text.strip("\n")):
        node = node._replace(text=line, style="'")  # a block of one line is what stands in it
    if (
        isinstance(node, Scalar)
        and "\n" not in node.text
        and cells.read(node.text, lambda: node.place).status == "missing"
    ):
        return Answer(name, None)
    node = _tidied(tidied(name, _numbered(node)), cells)
    faults = Collector()
    try:
        typed = TensorReader(cells, faults, access, text, MOST_AXES, sources=sources).read(node)
    except TooManyFaults:
        typed = None
    if len(faults) or typed is None:
        return Answer(name, None, tuple(faults.report()))
    assert typed.entries is not None, "nothing is drawn for an answer"
    if isinstance(typed.entries.flat[0], Given):
        return Answer(name, typed)
    return Answer(name, replace(typed, entries=typed.entries.astype(np.float64)))


def _numbered(node: Node) -> Node:
    """`{1: [1.5, 8.5], 2: [1.5, 0.5]}` as the list that it is; any other as it is."""
    if not isinstance(node, Fields) or not node.entries:
        return node
    begin = next(iter(node.entries))
    is_counted = begin in ("0", "1") and list(node.entries) == [str(int(begin) + at) for at in range(len(node.entries))]
    return Items([_numbered(value) for _, value in node.entries.values()], node.place) if is_counted else node


def _with_decimal_commas(node: Items) -> Node | None:
    """`[0,0017; 0,998]`, which YAML has cut at its commas, in cells whose fault says what to write; else None.

    MATLAB's rows have as many columns each, and no column of them looks like decimals.
    """
    texts = [item.text for item in node.items if isinstance(item, Scalar)]
    parts = [part.strip() for part in ",".join(texts).split(";")]
    commas = [part.partition(",")[2].strip() for part in parts if "," in part]
    if len(texts) < len(node.items) or len(parts) < 2 or not commas:
        return None
    is_ragged = len(commas) < len(parts) and all(re.fullmatch(r"[-+−]?\d+", part) for part in parts if "," not in part)
    is_long = all(comma.isdigit() and (len(comma) > 2 or comma.startswith("0")) for comma in commas)
    if not all(_DECIMAL_COMMA.fullmatch(part.replace(" ", "")) for part in parts if "," in part):
        return None
    if not (is_long or is_ragged):
        return None
    return Items([Scalar(part.replace(" ", ""), *node.place, "'") for part in parts], node.place)


def _tidied(node: Node, cells: AnswerCells) -> Node:
    """What people write for a tensor in the forms that the reader knows: rows in one line, full-width commas, …"""
    if isinstance(node, Items):
        rows = _with_decimal_commas(node) or in_rows(node)
        if rows is not None:
            return _tidied(rows, cells)
        lone = node.items[0] if len(node.items) == 1 else None
        if isinstance(lone, Scalar) and lone.style is None and _ROW.fullmatch(lone.text):
            return lone._replace(style="|")
        items: list[Node] = []
        for item in node.items:
            parts = _FULL_WIDTH_COMMAS.split(item.text) if isinstance(item, Scalar) and "\n" not in item.text else []
            items += [item._replace(text=part.strip(), length=1) for part in parts] if len(parts) > 1 else [item]  # type: ignore[union-attr]
        return Items([_tidied(item, cells) if isinstance(item, Items) else item for item in items], node.place)
    if not isinstance(node, Scalar) or is_sum_in_letters(node.text):
        return node
    node = node._replace(text=node.text.replace("\t", " "))
    text = _ASSIGNED.sub("", node.text, 1) if _ASSIGNED.match(node.text) else node.text
    text = _BEHIND.sub("", _SIGN_BEFORE.sub("", text))
    softmax = _SOFTMAX.fullmatch(text.strip())
    if softmax is not None:
        powers = [f"exp({score.strip()})" for score in softmax[1].split(",")]
        shares = [f"{power}/({' + '.join(powers)})" for power in powers]
        return Items([node._replace(text=share, style="'") for share in shares], node.place)
    rows_in_line = [row.split() for row in re.split(r"\s+/\s+", text)]
    is_row = len(rows_in_line) > 1 and (len(rows_in_line[0]) > 1 or len(rows_in_line) > 2)
    if is_row and len({len(row) for row in rows_in_line}) == 1:
        text = "\n".join(" ".join(row) for row in rows_in_line)
    node = node._replace(text=text)
    faults = Collector()
    printed = pasted(node._replace(text=_FULL_WIDTH_COMMAS.sub(",", node.text)), faults)
    if printed is not None or len(faults):
        return printed or node  # a print that leaves numbers out is a fault of its own
    text = _FULL_WIDTH_COMMAS.sub(",", node.text)
    if "\\begin" in text:
        # A column is written as a row that is turned.
        return node._replace(text=text if "\\\\" in text else _TURNED.sub("", text))
    if "&" in text:
        return node._replace(text=f"\\begin{{matrix}}{text}\\end{{matrix}}", style="'")
    if "\n" in text:
        return node._replace(text=_BRACKETS.sub(" ", text) if text.lstrip().startswith("[") else text)
    is_one = not _ROW.fullmatch(text.strip()) and cells.read(text, lambda: node.place).fault is None
    if is_one or _DECIMAL_COMMA.fullmatch(text.strip()):
        return node._replace(text=text)
    row = _OUTER.sub(r"\1", _TURNED.sub("", text.strip()))
    parts = [part.strip() for part in row.split(",")]
    is_number = [_MIXED.fullmatch(part) or cells.read(part, lambda: node.place).status == "number" for part in parts]
    if len(parts) > 1 and all(is_number):
        return Items([node._replace(text=part, style="'") for part in parts], node.place)
    several = len(_SEPARATORS.split(row)) > 1 and not _WORD.search(row)
    return node._replace(text=row, style="|") if several else node


def sheet_of_values(answers: Mapping[str, Any]) -> Sheet:
    """Answers as Python values: nested lists, arrays, numbers, texts in any form of a file; raises AnswerError."""
    entries = answers.items()
    return Sheet("<answers>", tuple(one for name, value in entries for one in _answers(str(name), value, _read_value)))


_NOWHERE = Place(1, 1)


def _read_value(name: str, value: Any) -> Answer:
    if value is None:
        return Answer(name, None)
    if isinstance(value, str):
        lines = value.strip("\n")
        return _read(
            name, Scalar(lines, 1, 1, 1, "|" if "\n" in lines else None), AnswerCells(), FileAccess(None), lines
        )
    if hasattr(value, "tolist"):
        array = np.asarray(value)
        if array.dtype.kind == "f":
            return Answer(name, Typed(array.shape, array.astype(np.float64), _NOWHERE))
        if array.dtype.kind in "iub":
            numbers = [Given(str(int(x)), int(x)) for x in array.ravel().tolist()]
            return Answer(name, Typed(array.shape, filled(array.shape, numbers), _NOWHERE))
        value = array.tolist()
    answer = _read(name, _node(value), AnswerCells(), FileAccess(None), "")
    if answer.typed is not None and answer.typed.entries is not None:
        # Python has turned 0.20 into a double before we saw it, so its places say nothing.
        entries = answer.typed.entries
        doubles = _doubles(value)
        if len(doubles) == entries.size:
            mended = [computed(d) if isinstance(d, float) else e for d, e in zip(doubles, entries.ravel(), strict=True)]
            return Answer(name, Typed(answer.typed.shape, filled(entries.shape, mended), _NOWHERE))
    return answer


def _node(value: Any) -> Node:
    if isinstance(value, list | tuple):
        return Items([_node(item) for item in value], _NOWHERE)
    return Scalar(str(value), 1, 1, 1)


def _doubles(value: Any) -> list[Any]:
    return [item for part in value for item in _doubles(part)] if isinstance(value, list | tuple) else [value]


def own_answers(problem: Problem) -> Sheet:
    """The answers that a problem file brings along."""
    folder = None if problem.file.startswith("<") else Path(problem.file).parent
    return sheet_of_nodes(problem.answers, problem.file, problem.text, FileAccess(folder, False), SOURCES_OF_TEACHERS)
