"""YAML text to a small tree of nodes that keep their text and their places.

Built from the parser's events, not with `yaml.compose`: composing recurses in C and crashes the process on deep
nesting, and events can be refused one by one (depth, anchors, aliases, tags) before they cost anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, TypeVar

import yaml

from cnncalc.problem.text.faults import Collector, Place, ProblemError, TooManyFaults, quoted
from cnncalc.problem.text.pattern import pattern
from cnncalc.problem.text.source import Unreadable, aligned_left, clean
from cnncalc.records import dataclass

if TYPE_CHECKING:
    from cnncalc.letter_sizes import Letters

T = TypeVar("T")
DEEPEST = 16
MOST_NODES = 300_000
# `?` alone begins a complex key in YAML; here it is a missing answer. A stand-in of the same length keeps every column.
_LONE_QUESTION_MARK = r"(?<![^\s\[,])\?(?=[ \t]*(?:[,\]}\n]|\Z|[ \t]#))"
_BRACES = pattern(r"(?<=[:,\[-][ \n])\{[-+−.\d\s,;/eE{}]*")
_PAIR = pattern(r"(?<=[:,\[-] )\((\s*-?[\d.]+(?:\s*,\s*-?[\d.]+)+\s*,?\s*)\)(?=\s*[,\]}\n#]|\s*\Z)")
"""Python's `(2, 2)`, which would be cut at its comma inside of braces."""
_CALLED = pattern(
    r"(?<=[:,\[-] )((?:(?:np|numpy|torch|tf)\.)?(?:array|asarray|tensor)\()(\s*\[[^()'\"{}]*\])"
    r"((?:\s*,\s*\w+\s*=\s*[^(),\n]*){0,4}\))"
)
_OF_TENSORFLOW = pattern(r"<tf\.(?:Tensor|Variable)[^>]*?numpy=\s*([^>]*)>")
_WIDE_LIST = pattern(r"(?<=: )[\[［【][^\n'\"#A-Za-z]*[\]］】](?=\s*(?:$|[,}]))", re.MULTILINE)
_WIDE = str.maketrans("［］【】，", "[][],")
"""A list of numbers in full-width brackets or commas."""
_STAND_IN, _COMMA = "\ue03f", "\ue02c"
_CALL_IN_LIST = pattern(
    r"(?<![^\s\[{:,])(?:(?:[A-Za-z_]+\.)*[A-Z]\w+|(?:np|numpy|torch|tf)\.(?:zeros|ones|full|arange)(?=\())\([^()\[\]{}'\"\n]*(?:\([^()\n]*\)[^()\[\]{}'\"\n]*)*\)"
)
"""`[nn.Linear(2, 3), nn.ReLU()]`, which YAML would cut at the commas of the call."""

_Loader = getattr(yaml, "CLoader", yaml.Loader)


class Scalar(NamedTuple):
    """A piece of text as typed; style is None for plain text, else the quote, `|` or `>`."""

    text: str
    line: int
    column: int
    length: int
    style: Literal["'", '"', "|", ">"] | None = None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.line, self.column, self.length)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written there: an empty value, `null` or `~`."""
        return self.style is None and self.text in ("", "~", "null", "Null", "NULL")

    def word(self, text: str) -> Scalar:
        """A plain word of ours that stands for it."""
        return self._replace(text=text, style=None)

    def mapping(self, entries: Mapping[str, Node | str], place: Place | None = None) -> Fields:
        """A mapping of ours that stands for it: keys with their values, a text being a plain word."""
        values = ((name, self.word(value) if isinstance(value, str) else value) for name, value in entries.items())
        return Fields({name: (self._replace(text=name), value) for name, value in values}, place or self.place)


@dataclass
class Items:
    """A list."""

    items: list[Node]
    place: Place


@dataclass
class Fields:
    """A mapping, in the order of the file, without duplicates."""

    entries: dict[str, tuple[Scalar, Node]]
    place: Place

    def get(self, key: str) -> Node | None:
        """The value of a key."""
        entry = self.entries.get(key)
        return entry[1] if entry else None


Node = Scalar | Items | Fields


def compose(text: str, faults: Collector) -> Node | None:
    """The tree of the one document in the text; None (with a fault) where it cannot be read."""
    if "```" in text or "~~~" in text:
        from cnncalc.problem.text.syntax import inside_fence

        text = inside_fence(text)
    source = _BRACES.sub(_in_brackets, aligned_left(text)) if "{" in text else aligned_left(text)
    if "<tf." in text:
        source = _OF_TENSORFLOW.sub(r"\1", source)
    if "(" in text:
        source = _CALL_IN_LIST.sub(lambda call: call[0].replace(",", _COMMA), source)
        source = _CALLED.sub(_without_call, _PAIR.sub(r"[\1]", source))
    if any(mark in text for mark in "，［【"):
        source = _WIDE_LIST.sub(lambda found: found[0].translate(_WIDE), source)
    source = re.sub(_LONE_QUESTION_MARK, _STAND_IN, source) if 0 < source.count("?") <= MOST_NODES else source
    try:
        builder = _built(source, faults)
    except yaml.YAMLError as error:
        from cnncalc.problem.text.syntax import note_colons, repaired, syntax_fault

        root = _first_read(repaired(source))
        if root is not None:
            return root
        note_colons(text, faults)
        fault = syntax_fault(error, text)
        return faults.add(fault.message, fault.remedy, fault.place)
    if builder is None:
        return None
    if builder.root is None:
        remedy = "write at least `input:` and `layers:` into it"
        faults.add("the file holds nothing but comments", remedy, Place(1, 1))
    if isinstance(builder.root, Scalar):
        from cnncalc.problem.text.syntax import note_colons, with_colons

        root = _first_read([with_colons(source)]) if "=" in source else None
        if root is not None:
            return root
        note_colons(text, faults)
    # What an alias stands for is not known, so that nothing more can be said of the tree.
    return None if builder.has_alias else builder.root


def _first_read(texts: Iterable[str]) -> Node | None:
    """The tree of the first text that is YAML without a fault, and no mere text."""
    for text in texts:
        faults = Collector()
        with suppress(yaml.YAMLError):
            read = _built(text, faults)
            if read is not None and not (read.has_alias or len(faults) or isinstance(read.root, Scalar | None)):
                return read.root
    return None


def _in_brackets(braces: re.Match[str]) -> str:
    """A tensor in C's braces, `{{1, 2}, {3, 4}}`, in brackets; no mapping has a number alone for a key."""
    found, depth = braces[0], 0
    for end, character in enumerate(found, 1):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            tensor = found[:end]
            is_tensor = any(map(str.isdigit, tensor))
            return tensor.replace("{", "[").replace("}", "]") + found[end:] if is_tensor else found
    return found


def _without_call(call: re.Match[str]) -> str:
    """`tensor([1, 2], dtype=float32)` without what stands around the list, each character where it was."""
    before, inside, after = call[1], call[2], call[3]
    return " " * len(before) + inside + " " * len(after)


def mapping_in(text: str) -> Fields | None:
    """The mapping that a text is, whatever is wrong within; None where it cannot be read, or is something else."""
    with suppress(Unreadable, TooManyFaults):
        root = compose(clean(text), Collector())
        return root if isinstance(root, Fields) else None
    return None


def read_tree(
    text: str, source: str, make: Callable[[Node, str, Collector], T | None], letters: Letters | None = None
) -> T:
    """What `make` makes of the tree of a text, with a note of every fault; raises ProblemError with all of them."""
    faults = Collector(letters)
    made = None
    try:
        text = clean(text)
        root = compose(text, faults)
        made = None if root is None else make(root, text, faults)
    except Unreadable as error:
        raise ProblemError([error.fault], source, error.text) from error
    except TooManyFaults:
        made = None
    if made is None or len(faults):
        raise ProblemError(faults.report(), source, text)
    return made


def _built(source: str, faults: Collector) -> _Builder | None:
    """The tree; None (with a fault) where reading had to end; raises YAMLError."""
    builder = _Builder(faults)
    with suppress(_Ended):
        for event in yaml.parse(source, Loader=_Loader):
            builder.take(event)
        return builder
    return None


class _Ended(Exception):
    """What is there is no tree to go on with; the fault is noted."""


class _Builder:
    """Puts events together without recursion."""

    def __init__(self, faults: Collector) -> None:
        self.root: Node | None = None
        self.has_alias = False
        self._faults = faults
        self._open: list[Items | Fields] = []
        self._keys: list[Scalar | None] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Add one event; raises _Ended."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, yaml.AliasEvent):
            name = quoted("*" + str(event.anchor))
            self._faults.add(f"{name} is an alias, which is not supported", "write the value out", _place(event))
            self.has_alias = True
            self._add(Scalar("", *_spot(event)))
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._end("a second document begins here", "put it into a file of its own", _place(event))

    def _end(self, message: str, remedy: str, place: Place) -> NoReturn:
        self._faults.add(message, remedy, place)
        raise _Ended

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_marks(event)
        value = event.value
        if _STAND_IN in value:
            value = value.replace(_STAND_IN, "?")
        if _COMMA in value:
            value = value.replace(_COMMA, ",")
        start: Any = event.start_mark
        end: Any = event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        style: Any = event.style or None  # libyaml says "" for a plain scalar
        self._add(Scalar(value, start.line + 1, start.column + 1, max(length, 1), style))

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        self._refuse_marks(event)
        if len(self._open) >= DEEPEST:
            message = f"lists and mappings are nested deeper than {DEEPEST}"
            self._end(message, "a tensor needs at most 4 levels of brackets", _place(event))
        line, column, _ = _spot(event)
        node: Items | Fields
        if isinstance(event, yaml.SequenceStartEvent):
            node = Items([], Place(line, column))
        else:
            node = Fields({}, Place(line, column))
        self._add(node)
        self._open.append(node)
        self._keys.append(None)

    def _add(self, node: Node) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            message = f"the file has more than {MOST_NODES} values"
            self._end(message, "put large tensors into .npy files and name them with `file:`", node.place)
        parent = self._open[-1] if self._open else None
        if parent is None:
            self.root = node
        elif isinstance(parent, Items):
            parent.items.append(node)
        else:
            self._add_to_mapping(parent, node)

    def _add_to_mapping(self, parent: Fields, node: Node) -> None:
        key = self._keys[-1]
        if key is None:
            if not isinstance(node, Scalar):
                self._end("a list or a mapping stands where a key should", "write a name as the key", node.place)
            if node.text == "<<" and node.style is None:
                self._faults.add("merge keys (<<) are not supported", "write the keys out", node.place)
            self._keys[-1] = node
            return
        self._keys[-1] = None
        is_without_value = isinstance(node, Scalar) and not node.text and node.style is None and key.style is None
        if is_without_value and self._refuses_colon(key):
            return
        if key.text in parent.entries:
            first = parent.entries[key.text][0]
            at = f"line {first.line}, column {first.column}"
            message = f"the key {quoted(key.text)} stands here twice; the first is in {at}"
            above = self._open[-2] if len(self._open) > 1 else None
            is_layer = isinstance(above, Fields) and above.get("layers") is parent
            remedy = "begin each layer with `- `, in a line of its own" if is_layer else "keep one of them"
            self._faults.add(message, remedy, key.place)
        elif key.text != "<<":
            parent.entries[key.text] = (key, node)

    def _refuses_colon(self, key: Scalar) -> bool:
        """`{stride:2}` is a key without a value to YAML."""
        if not any(colon in key.text for colon in ":："):
            return False
        from cnncalc.problem.text.syntax import colon_fault

        fault = colon_fault(key.text, key.place)
        if fault is not None:
            self._faults.add(fault.message, fault.remedy, fault.place)
        return fault is not None

    def _refuse_marks(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            name = quoted("&" + str(event.anchor))
            self._faults.add(f"{name} is an anchor, which is not supported", "leave it out", _place(event))
        if event.tag is not None:
            name = quoted(event.tag.replace("tag:yaml.org,2002:", "!!"))
            self._faults.add(f"{name} is a tag, which is not supported", "leave it out", _place(event))


def _spot(event: yaml.Event) -> tuple[int, int, int]:
    mark: Any = event.start_mark
    return mark.line + 1, mark.column + 1, 1


def _place(event: yaml.Event) -> Place:
    return Place(*_spot(event))
