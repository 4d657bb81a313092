"""A `?` in a layer's option or in the input's shape: every number that makes the known sizes and counts come true.

`padding: ?` with `answers: {shape(conv_1): [8, 222, 222]}`, or `given:`. Each number in reach is put in, and the sizes
are worked out; what does not fit together is no solution.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from pathlib import Path

from cnncalc.outline import Outline, shapes
from cnncalc.problem.loader import loads
from cnncalc.problem.names import OF_OPTIONS, plain_name, quantity_name
from cnncalc.problem.problem import Problem
from cnncalc.problem.tensor.written_sizes import tidied
from cnncalc.problem.text.faults import Fault, Place, ProblemError
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.source import clean
from cnncalc.problem.words.beside import layers_of
from cnncalc.problem.words.file_words import mapping_in_our_words
from cnncalc.records import Record

UNKNOWN = "?"
REACH: Mapping[str, range] = {
    "padding": range(33), "stride": range(1, 33), "strides": range(1, 33), "dilation": range(1, 17),
    "output_padding": range(9), "groups": range(1, 65), "channels": range(1, 1025), "units": range(1, 1025),
    "out_channels": range(1, 1025), "shape": range(1, 513),
}  # fmt: skip
"""By option, the numbers that are tried; a size is tried up to 64."""
MOST_TRIED = 6000


class Unknown(Record):
    """One `?`: what it is called, the option, and where it stands."""

    name: str
    option: str
    place: Place
    choices: Sequence[int]


class Solution(Record):
    """A number for each unknown, and the problem with those."""

    numbers: tuple[int, ...]
    problem: Problem


class Solved(Record):
    """All solutions, the smallest numbers first."""

    unknowns: tuple[Unknown, ...]
    known: Mapping[str, tuple[int, ...]]
    """By quantity: what is known of it."""
    solutions: tuple[Solution, ...]


def find(text: str) -> tuple[Unknown, ...]:
    """The unknowns of a problem file, in order; nothing where its text cannot be read."""
    if UNKNOWN not in text and "choices" not in text:
        return ()
    root = mapping_in_our_words(text)
    return () if root is None else tuple(_found(root))


def solve(text: str, folder: Path, source: str, allow_outside: bool = False) -> Solved:
    """Raises ProblemError where nothing is known to be solved for, too much would be tried, or the rest is faulty."""
    text = clean(text)
    unknowns = find(text)
    known = _known(text, source)
    tried = prod(len(unknown.choices) for unknown in unknowns)
    is_square = tried > MOST_TRIED and {unknown.option for unknown in unknowns} == {"shape"}
    if tried > MOST_TRIED and not is_square:
        message = f"{len(unknowns)} unknowns are {tried} cases"
        remedy = "put in some of the numbers, or write those in question: `padding: {choices: [0, 1, 2]}`"
        raise ProblemError([Fault(message, remedy, unknowns[0].place)], source, text)
    found: list[Solution] = []
    first: ProblemError | None = None
    is_loaded = False
    choices = [unknown.choices for unknown in unknowns]
    # Rows and columns of an input are as many.
    for numbers in zip(*choices, strict=True) if is_square else product(*choices):
        try:
            problem = loads(_put_in(text, unknowns, numbers), folder=folder, source=source, allow_outside=allow_outside)
        except ProblemError as error:
            first = first or error
            continue
        is_loaded = True
        if all(_is_true(shapes(problem), name, sizes) for name, sizes in known.items()):
            found.append(Solution(numbers, problem))
    if not is_loaded and first is not None:
        raise first
    return Solved(unknowns, known, tuple(sorted(found, key=lambda one: (sum(one.numbers), one.numbers))))


def _found(root: Fields) -> Iterator[Unknown]:
    given = root.get("input")
    shape = given.get("shape") if isinstance(given, Fields) else None
    for at, node in enumerate(shape.items if isinstance(shape, Items) else []):
        if _is_unknown(node):
            yield Unknown(f"input, axis {at + 1}", "shape", node.place, REACH["shape"])
    for entry in layers_of(root):
        for option, (_, node) in entry.options.items():
            yield from _in_option(f"{option} of {entry.name}", option, node)


def _in_option(name: str, option: str, node: Node) -> Iterator[Unknown]:
    reach = REACH.get(option, range(1, 65))
    if isinstance(node, Fields) and list(node.entries) == ["choices"]:
        choices = node.entries["choices"][1]
        items = choices.items if isinstance(choices, Items) else []
        numbers = [int(item.text) for item in items if isinstance(item, Scalar) and re.fullmatch(r"\d{1,9}", item.text)]
        last = items[-1].place if items else node.place
        length = last.column + (last.length or 1) - node.place.column
        yield Unknown(name, option, Place(node.place.line, node.place.column, length), numbers)
    for at, item in enumerate(node.items if isinstance(node, Items) and option not in ("weight", "bias") else [node]):
        if _is_unknown(item):
            yield Unknown(f"{name}, number {at + 1}" if isinstance(node, Items) else name, option, item.place, reach)


def _is_unknown(node: Node) -> bool:
    return isinstance(node, Scalar) and node.text == UNKNOWN


def _put_in(text: str, unknowns: Sequence[Unknown], numbers: Sequence[int]) -> str:
    """The text with numbers in the places of the unknowns, from the last to the first, so that no place moves."""
    lines = text.split("\n")
    for unknown, number in sorted(zip(unknowns, numbers, strict=True), key=lambda one: one[0].place, reverse=True):
        line, at = lines[unknown.place.line - 1], unknown.place.column - 1
        closing = {"{": "}", "'": "'", '"': '"'}.get(line[at])
        end = line.index(closing, at + 1) + 1 if closing else at + 1
        lines[unknown.place.line - 1] = line[:at] + str(number) + line[end:]
    return "\n".join(lines)


def _known(text: str, source: str) -> Mapping[str, tuple[int, ...]]:
    root = mapping_in_our_words(text)
    assert root is not None, "unknowns were found in it"
    known: dict[str, tuple[int, ...]] = {}
    for key in ("answers", "given"):
        node = root.get(key)
        for name, (_, value) in node.entries.items() if isinstance(node, Fields) else ():
            value = tidied(plain_name(name), value)
            items = value.items if isinstance(value, Items) else [value]
            texts = [item.text for item in items if isinstance(item, Scalar)]
            asked = quantity_name(name)
            are_sizes = texts and all(re.fullmatch(r"\d{1,9}", text) for text in texts)
            if asked is not None and asked[0] not in OF_OPTIONS and are_sizes:
                known[plain_name(name)] = tuple(map(int, texts))
    if not known:
        message = "a number is left open (?), and no size or count is known to find it from"
        remedy = "write what is known: `answers: {shape(conv_1): [8, 28, 28]}`, or `given:` the same"
        raise ProblemError([Fault(message, remedy, find(text)[0].place)], source, text)
    return known


def _is_true(outline: Outline, name: str, sizes: tuple[int, ...]) -> bool:
    """Whether a quantity is what is known; rows and columns alone, or one number for both, may stand for a shape."""
    if not outline.has(name):
        return False
    found = outline.quantity(name)
    true = found if isinstance(found, tuple) else (found,)
    if true == sizes:
        return True
    asked = quantity_name(name)
    if asked is None or asked[0] not in ("shape", "receptive_field") or not true:
        return False
    within = true[-2:] if len(true) > 2 else true[-1:] if len(true) == 2 and asked[0] == "shape" else true
    return within == sizes or (set(within) == set(sizes) and len(sizes) == 1)
