"""A file of distributions: one, two over the same events, or a joint one; exactly, or every fault of it."""

from pathlib import Path
from typing import Literal

from cnncalc.arithmetic.base import Array
from cnncalc.problem.distribution import check_distribution
from cnncalc.problem.tensor.files import FileAccess
from cnncalc.problem.tensor.tensors import TensorReader
from cnncalc.problem.tensor.typed import NumberCells
from cnncalc.problem.text.faults import Collector, ProblemError
from cnncalc.problem.text.nodes import Fields, Node, Scalar, read_tree
from cnncalc.problem.text.scalars import read_text
from cnncalc.problem.text.source import open_source
from cnncalc.problem.text.wording import counted, did_you_mean, listing, quoted, shape_text
from cnncalc.records import dataclass

Unit = Literal["nats", "bits", "dits"]
UNITS: tuple[Unit, ...] = ("nats", "bits", "dits")
KEYS = ("title", "unit", "p", "q", "joint")
_EXAMPLE = "write `p: [1/2, 1/4, 1/4]`, with `q:` for a second one, or `joint:` with a row for each x"


@dataclass(frozen=True)
class Distributions:
    """What was read: `p` and perhaps `q`, as vectors, or `joint`, a matrix with a row for each x."""

    title: str
    unit: Unit
    p: Array | None
    q: Array | None
    joint: Array | None
    file: str
    files: tuple[Path, ...] = ()
    """The data files that it names."""


def read(path: str | Path, *, allow_outside: bool = False) -> Distributions:
    """The distributions of a file (`-`: standard input); raises ProblemError with every fault of it."""
    text, source, folder = open_source(path, ProblemError)
    return reads(text, folder=folder, source=source, allow_outside=allow_outside)


def reads(
    text: str, *, folder: Path | None = None, source: str = "<text>", allow_outside: bool = False
) -> Distributions:
    """The distributions of a text; raises ProblemError with every fault of it."""

    def distributions(root: Node, text: str, faults: Collector) -> Distributions | None:
        return _Reader(text, FileAccess(folder, allow_outside), source, faults).distributions(root)

    return read_tree(text, source, distributions)


class _Reader:
    def __init__(self, text: str, access: FileAccess, source: str, faults: Collector) -> None:
        self._source = source
        self._access = access
        self._faults = faults
        self._cells = NumberCells(faults)
        self._tensors = TensorReader(self._cells, faults, access, text)

    def distributions(self, root: Node) -> Distributions | None:
        """What the file holds; None (with faults) where that cannot be had."""
        if not isinstance(root, Fields):
            self._faults.add("a file of distributions is a mapping", _EXAMPLE, root.place)
            return None
        for name, (key, _) in root.entries.items():
            if name not in KEYS:
                self._faults.add(
                    f"a file of distributions has no key {quoted(name)}", did_you_mean(name, KEYS), key.place
                )
        if "joint" in root.entries:
            for other in ("p", "q"):
                if other in root.entries:
                    place = root.entries[other][0].place
                    self._faults.add(f"`{other}` stands beside `joint`", "keep one of the two", place)
        elif "p" not in root.entries:
            self._faults.add("there is no distribution", _EXAMPLE, root.place)
        p, q, joint = (self._distribution(root, name) for name in ("p", "q", "joint"))
        if p is not None and q is not None and p.shape != q.shape:
            events = [counted(each.size, "event", "events") for each in (p, q)]
            place = root.entries["q"][1].place
            self._faults.add(f"p has {events[0]}, q has {events[1]}", "give both the same events", place)
        unit = self._unit(root.get("unit"))
        title = read_text(root.get("title"), "title", self._faults)
        if len(self._faults):
            return None
        return Distributions(title or "", unit, p, q, joint, self._source, tuple(self._access.found))

    def _unit(self, node: Node | None) -> Unit:
        if node is None:
            return "nats"
        for unit in UNITS:
            if isinstance(node, Scalar) and node.text == unit:
                return unit
        self._faults.add("`unit` is none that is known", f"write {listing(UNITS)}", node.place)
        return "nats"

    def _distribution(self, root: Fields, name: str) -> Array | None:
        node = root.get(name)
        if node is None:
            return None
        self._cells.has_letters = False
        typed = self._tensors.read(node)
        if typed is None:
            return None
        if typed.entries is None or typed.shape == ():
            self._faults.add(f"{name} is no list", "write its probabilities: [1/2, 1/2]", node.place)
            return None
        if self._cells.has_letters:
            self._faults.add(f"a letter stands in {name}", "write probabilities in numbers", node.place)
            return None
        shape = typed.shape if name == "joint" else typed.vector_shape
        if len(shape) != (2 if name == "joint" else 1):
            what = "a matrix, with a row for each x" if name == "joint" else "a list"
            self._faults.add(f"{name} is {shape_text(typed.shape)}", f"write it as {what}", node.place)
            return None
        check_distribution(typed.entries.reshape(1, -1), None, node.place, self._faults, name)
        return typed.entries.reshape(shape)
