"""Answers matched with what they are for: which tensor, or which part of one, and how the cells lie in it."""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import nan, prod

import numpy as np

from cnncalc.arithmetic.base import Booleans, Doubles, Integers, filled
from cnncalc.checking.answer_key import AnswerKey, Expected
from cnncalc.checking.given import DoubleCells, Given, cells_of
from cnncalc.checking.in_letters import InLetters, has_letters
from cnncalc.checking.rule import ROUGHLY, CellVerdict, Rule
from cnncalc.checking.sheets.sheet import Answer
from cnncalc.checking.sheets.written_otherwise import (
    READ_LAST,
    SizesInLetters,
    sizes_in_our_order,
    told_by_the_shape,
    without_batch,
)
from cnncalc.language import NOTHING, Phrase, as_it_is, verbatim
from cnncalc.layers.base import by
from cnncalc.problem.names import QUANTITIES, plain_name, quantity_name
from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.tensor.typed import Typed
from cnncalc.problem.text.chinese import in_chinese
from cnncalc.problem.text.faults import Fault, closest
from cnncalc.problem.words.other_names import READ_AS, as_written, asked_by, could_be, meant
from cnncalc.records import Record, replace
from cnncalc.trace import Trace

LEFT_OF_ZERO = 1e-13
"""What doubles leave where terms cancel: of the gradient by a bias before a batch norm."""
WRONG = frozenset(
    [CellVerdict.WRONG, CellVerdict.TRUNCATED, CellVerdict.LAST_DIGIT, CellVerdict.TOO_FEW_DIGITS, CellVerdict.SHAPE]
)


class MatchedAnswer(Record):
    """The cells of an answer in flat order, for the elements of a tensor at `positions`."""

    name: str
    expected: Expected
    cells: Sequence[Given]
    positions: Integers
    """Flat indices into the tensor; as many as there are cells, unless the answer has the wrong size."""
    shape: tuple[int, ...]
    """As typed."""
    is_whole: bool = True
    """Whether the answer is for all of the tensor."""

    @property
    def fits(self) -> bool:
        """Whether there are as many cells as there should be."""
        return len(self.cells) == len(self.positions)

    @cached_property
    def verdicts(self) -> list[CellVerdict]:
        """What each cell is."""
        if not self.fits:
            return [CellVerdict.SHAPE]
        if isinstance(self.cells, DoubleCells):
            return self.expected.judge_doubles(self.positions, self.cells)
        judge = self.expected.judge
        return [judge(at, given) for at, given in zip(self.positions.tolist(), self.cells, strict=True)]

    @cached_property
    def texts(self) -> Sequence[str]:
        """The cells as typed."""
        return self.cells.texts if isinstance(self.cells, DoubleCells) else [given.text for given in self.cells]

    @cached_property
    def wrong(self) -> Booleans:
        """Which cells hold a number that is not right."""
        return np.asarray([verdict in WRONG for verdict in self.verdicts], dtype=np.bool_)

    @cached_property
    def has_number(self) -> Booleans:
        """Which cells hold a number."""
        if isinstance(self.cells, DoubleCells):
            return np.isfinite(self.cells.values)
        return np.asarray([given.status == "number" for given in self.cells], dtype=np.bool_)

    def may_be(self, elements: Doubles, rule: Rule, in_any_order: bool = False) -> bool:
        """Whether every cell may be right where these doubles, flat, are roughly the true elements."""
        if not self.has_number.all():
            return False
        given, true, halves = self.middles, elements[self.positions], self.halves
        if not isinstance(self.cells, DoubleCells):
            short = [
                isinstance(g.number, Decimal) and max(g.significant, g.shown, 1) < rule.significant for g in self.cells
            ]
            halves = np.where(short, 0.0, halves)
        # Behind a saturated softmax all numbers are as good as 0, but are not 0.
        known = np.abs([elements, self.expected.tensor.value.ravel()])
        scale = np.max(known, initial=0.0, where=np.isfinite(known))
        allowed = halves + rule.tolerated(true)
        if in_any_order:  # where all are allowed as much, some order fits if that by size does
            given, true, allowed = np.sort(given), np.sort(true), np.max(allowed, initial=0.0)
        far = np.abs(given - true) > allowed + ROUGHLY * scale + LEFT_OF_ZERO
        return not (far & np.isfinite(true)).any()  # what a double cannot hold may be anything

    @cached_property
    def is_complete(self) -> bool:
        """Whether others can be computed from it: every element is there, as a number."""
        return self.fits and self.is_whole and bool(self.has_number.all())

    @cached_property
    def evidence(self) -> tuple[object, ...]:
        """What it says of mistakes further up: where it is right, and its numbers where nothing rests on them."""
        texts = () if self.is_complete else tuple(self.texts)
        return self.name, self.shape, self.wrong.tobytes(), texts

    @cached_property
    def middles(self) -> Doubles:
        """The numbers as doubles; NaN for none."""
        if isinstance(self.cells, DoubleCells):
            return np.where(self.has_number, self.cells.values, nan)
        return np.asarray([nan if g.bounds is None else _double(g.bounds[0]) for g in self.cells], dtype=np.float64)

    @cached_property
    def halves(self) -> Doubles:
        """Half a unit of each number's last place."""
        if isinstance(self.cells, DoubleCells):
            return self.cells.halves
        return np.asarray([given.half for given in self.cells], dtype=np.float64)


def _double(number: object) -> float:
    try:
        return float(number)  # type: ignore[arg-type]
    except OverflowError:
        return nan


_COUNT = re.compile(r"[A-Za-z_]{3,}\(\s*[A-Za-z_][\w.]*\s*\)")
_PART = re.compile(r"(?P<name>[^\[\]]*?)\s*\[(?P<index>[^\[\]]*)\]")

UNKNOWN = Phrase("there is no tensor `{name}` in this problem{hint}")
MEANT = Phrase("; did you mean `{name}`?")
MAY_BE = Phrase("`{name}` may be any of {names}; write the one that is meant")
SEVERAL = Phrase("question {name} asks for {names}; write `{name}: {{{parts}}}`")
COUNTS = Phrase("; the sizes and counts are {names}").format(names=Phrase.enumerated(QUANTITIES))
TWICE = Phrase("the tensor is answered twice; the first answer counts")
IN_ORDER = Phrase("shaped {typed} where {full} is due: taken in order")
SPREAD = Phrase("one number, taken for all {count} cells")
TYPED = Phrase(" ({typed})")
WRONG_SIZE = Phrase("{given:cell|cells}{shape} instead of {due} ({full})")
WRONG_SIZES = Phrase("{given:size|sizes} instead of {due}")
NO_SIZES = Phrase("a single number has no sizes")
MIXED = Phrase("if `{typed}` is one number, write {improper}")
NO_PART = Phrase("`{name}` names no part of {tensor} ({full}); indices count from {base}")
AS_IT_STANDS = Phrase(
    "the decimals of `{typed}` are taken as exact, which makes {value}; write pi, e or sqrt(2) themselves, or the"
    " result as a decimal"
)
_OF_DECIMALS = re.compile(r"\d\.\d.*[-+*/×·÷^]|[-+*/×·÷^(].*\d\.\d")
LEFT_OUT = Phrase(
    "numbers are left out of this print (`...`): print all of it, with np.set_printoptions(threshold=10**9) or"
    " torch.set_printoptions(profile='full')"
)
NEAR = Fraction(1, 1000)
"""How far a result is off that comes of rounded numbers."""
MOST_SAID = 3
UNREADABLE = Phrase("cannot be read: {message}")


class Entry(Record):
    """One entry of a sheet with its tensor; `answer` is None where there is nothing to compare."""

    name: str
    """The tensor's own name, or what was written where there is no such tensor."""
    key: str
    """The name that is reported: the tensor's, with the part that was answered."""
    answer: MatchedAnswer | None = None
    shape: tuple[int, ...] = ()
    """Of what is due."""
    is_missing: bool = False
    notes: tuple[Phrase, ...] = ()

    @property
    def cells(self) -> int:
        """How many cells are due."""
        return prod(self.shape)


def match(answer: Answer, key: AnswerKey) -> Entry:
    """Find the tensor, and lay the answer's cells out in its order."""
    trace = key.trace
    written = plain_name(answer.name)
    name, part = trace.resolve(written), None
    if name is None:
        found = _PART.fullmatch(written)
        name = trace.resolve(found["name"]) if found else None
        if found is None or name is None:
            in_our_signs = as_written(answer.name)
            of = trace.meant(found["name"]) if found else None
            whole = f"{of}[{found['index']}]" if found and of else _meant(written, answer, trace)
            other = whole if in_our_signs == answer.name else trace.known.find(in_our_signs) or in_our_signs
            if other:
                entry = match(replace(answer, name=other), key)
                return replace(entry, notes=(READ_AS.format(typed=answer.name, name=other), *entry.notes))
            return Entry(answer.name, answer.name, notes=(_unknown(answer.name, written, trace),))
        part = found["index"]
    expected = key.expected(name)
    positions: Integers = np.arange(prod(expected.shape)).reshape(expected.shape)
    reported = name
    if part is not None:
        chosen = _part(positions, part, trace.problem.index_base)
        if positions.ndim > 1 and positions.shape[0] == 1 and (chosen is None or _is_one(answer)):
            # y[2] of a signal of one channel, conv_1[2,1] of one map.
            shorter = _part(positions[0], part, trace.problem.index_base)
            chosen = shorter if shorter is not None and (chosen is None or shorter.size == 1) else chosen
        if chosen is None:
            full, base = by(expected.shape), trace.problem.index_base
            no_part = NO_PART.format(name=answer.name, tensor=name, full=full, base=base)
            return Entry(name, answer.name, notes=(no_part,))
        positions, reported = chosen, f"{name}[{part.replace(' ', '')}]"
    shape = positions.shape
    if answer.is_missing:
        return Entry(name, reported, shape=shape, is_missing=True)
    if answer.typed is None or answer.typed.entries is None:
        faults = tuple(UNREADABLE.format(message=_said(fault)) for fault in answer.faults)
        return Entry(name, reported, shape=shape, notes=faults)
    typed, said = without_batch(name, answer.typed, prod(shape), trace.problem)
    asked = quantity_name(name)
    if trace.problem.is_plane and part is None and asked is not None and asked[0] == "shape":
        typed = _with_channels(typed, expected)
    if key.letters is not None:
        typed = _in_letters(key.letters, name, typed, positions)
    entries = typed.entries
    assert entries is not None, "an answer is typed"
    laid = typed.in_order(shape)
    notes: tuple[Phrase, ...] = () if said is NOTHING else (said,)
    if laid is None or (entries.size and not laid.size):
        # One number is not spread over the sizes of a single number, of which there are none.
        laid = entries
        said_shape = TYPED.format(typed=by(typed.shape)) if laid.size != 1 else NOTHING
        sizes = {"given": laid.size, "shape": said_shape, "due": prod(shape), "full": by(shape)}
        said_of = WRONG_SIZES if asked is not None and asked[0] == "shape" else WRONG_SIZE
        wrong_size = said_of.format(**sizes) if prod(shape) else NO_SIZES
        is_short = entries.dtype == object and any(cell.text in ("...", "…") for cell in cells_of(entries))
        left_out = (LEFT_OUT,) if is_short else ()
        notes = (wrong_size, *left_out, *_mixed_number(cells_of(laid), prod(shape)))
    elif typed.shape == () and prod(shape) > 1:
        notes = (SPREAD.format(count=prod(shape)),)
    elif typed.fitted(shape) is None:
        notes = (IN_ORDER.format(typed=by(typed.shape), full=by(shape)),)
    matched = MatchedAnswer(reported, expected, cells_of(laid), positions.ravel(), typed.shape, part is None)
    entry = Entry(name, reported, matched, shape, notes=(*notes, *_said_of_cells(matched)))
    return entry if part is not None or not matched.wrong.any() else _with_channels_last(entry, matched, typed)


def _meant(written: str, answer: Answer, trace: Trace) -> str | None:
    """The tensor that alone can be meant, by its name or among several by the number of its elements."""
    several = [name for name in could_be(written, trace.known) if name in trace]
    if len(several) < 2 or answer.typed is None or answer.typed.entries is None:
        return meant(written, trace.known)
    size = answer.typed.entries.size
    alike = [name for name in several if prod(trace[name].shape) == size > 1]
    return alike[0] if len(alike) == 1 else None


def _with_channels_last(entry: Entry, matched: MatchedAnswer, typed: Typed) -> Entry:
    """The entry read with its channels last, where its shape says so or that makes all of a size right."""
    tensor, asked = matched.expected.tensor, quantity_name(entry.name)
    if asked is not None:
        turned = sizes_in_our_order(typed) if asked[0] == "shape" else []
    else:
        turned = list(told_by_the_shape(typed, tensor))
    for laid in turned:
        assert laid.entries is not None, "what is turned is typed"
        other = replace(matched, cells=cells_of(laid.entries))
        least = len(other.verdicts) if asked else matched.verdicts.count(CellVerdict.RIGHT) + 1
        if other.verdicts.count(CellVerdict.RIGHT) >= least:
            what = " × ".join(matched.texts) if asked else by(typed.shape)
            due = " × ".join(other.texts) if asked else by(entry.shape)
            return replace(entry, answer=other, notes=(READ_LAST.format(typed=what, full=due),))
    return entry


def _mixed_number(cells: Sequence[Given], due: int) -> tuple[Phrase, ...]:
    """What to write for `1 1/2` and `1,191,170`, where one number is due."""
    numbers = [cell.number for cell in cells]
    texts = [cell.text for cell in cells]
    if due == 1 and len(texts) > 1 and all(text.isdigit() for text in texts) and {*map(len, texts[1:])} == {3}:
        return (MIXED.format(typed=",".join(texts), improper="".join(texts)),)
    if due != 1 or len(numbers) != 2 or not isinstance(numbers[0], int) or not isinstance(numbers[1], Fraction):
        return ()
    whole, part = numbers[0], numbers[1]
    improper = whole + part if whole >= 0 else whole - part
    return (MIXED.format(typed=" ".join(texts), improper=str(improper)),) if 0 < part < 1 else ()


def _said_of_cells(matched: MatchedAnswer) -> tuple[Phrase, ...]:
    """What to write for cells that cannot be read, and for products of rounded numbers that come near the truth."""
    if isinstance(matched.cells, DoubleCells):
        return ()
    faults = dict.fromkeys(cell.fault for cell in matched.cells if cell.fault)
    said = [UNREADABLE.format(message=_said(fault)) for fault in [*faults][:MOST_SAID]]
    for at, cell in enumerate(matched.cells):
        if isinstance(cell.number, int | Decimal):
            continue
        is_wrong = matched.fits and matched.verdicts[at] is CellVerdict.WRONG and _OF_DECIMALS.search(cell.text)
        bounds = cell.bounds if is_wrong else None
        if bounds is not None:
            true = matched.expected.bounds(int(matched.positions[at]))[0]
            if true and abs(bounds[0] / true - 1) < NEAR:
                said.append(AS_IT_STANDS.format(typed=cell.text, value=f"{float(bounds[0]):.10g}"))
                break
    return tuple(said)


def _said(fault: Fault | NumberFault) -> Phrase:
    """A fault in both languages, with its remedy."""
    zh = f"{in_chinese(fault.message)}；{in_chinese(fault.remedy)}"
    return as_it_is(f"{fault.message}; {fault.remedy}", zh)


def _unknown(typed: str, written: str, trace: Trace) -> Phrase:
    """What is said of a name that no tensor has, or that stands for several."""
    asked = asked_by(written, trace.problem.questions)
    if asked:
        names = Phrase.listed(map(verbatim, asked))
        return SEVERAL.format(name=typed, names=names, parts=", ".join(f"{name}: …" for name in asked))
    several = could_be(written, trace.known)
    if len(several) > 1:
        return MAY_BE.format(name=typed, names=Phrase.enumerated(several))
    near = closest(written, trace.names)
    hint = COUNTS if _COUNT.fullmatch(written) else MEANT.format(name=near) if near else NOTHING
    return UNKNOWN.format(name=typed, hint=hint)


def _with_channels(typed: Typed, expected: Expected) -> Typed:
    """A size in rows and columns, as the problem has its image, with the axes of one channel put in front."""
    left_out = prod(expected.shape) - (0 if typed.entries is None else typed.entries.size)
    if typed.entries is None or typed.entries.size not in (1, 2) or left_out < 1:
        return typed
    if any(expected.bounds(at)[0] != 1 for at in range(left_out)):
        return typed
    entries = filled(expected.shape, [*[Given("1", 1)] * left_out, *cells_of(typed.entries)])
    return replace(typed, shape=expected.shape, entries=entries)


def _in_letters(letters: InLetters | SizesInLetters, name: str, typed: Typed, positions: Integers) -> Typed:
    """The cells that are written in letters, read; `p - y` for all of a tensor is one for each of its elements."""
    cells = [] if typed.entries is None or typed.entries.dtype != object else typed.entries.ravel().tolist()
    if len(cells) == 1 and positions.size > 1:
        spread = [letters.read(cells[0], name, int(at)) for at in positions.flat]
        if all(map(has_letters, spread)):
            return replace(typed, shape=positions.shape, entries=filled(positions.shape, spread))
    if len(cells) == positions.size:
        cells = [letters.read(cell, name, int(at)) for cell, at in zip(cells, positions.flat, strict=True)]
        return replace(typed, entries=filled(typed.shape, cells))
    return typed


def _is_one(answer: Answer) -> bool:
    """Whether one number was written."""
    return answer.typed is not None and answer.typed.entries is not None and answer.typed.entries.size == 1


def _part(positions: Integers, part: str, base: int) -> Integers | None:
    """`1,2,2`, `1,:,2` or `1` of a tensor; None where there is no such part."""
    index: list[int | slice] = []
    for axis, text in enumerate(piece.strip() for piece in part.split(",")):
        if axis >= positions.ndim:
            return None
        if text == ":":
            index.append(slice(None))
            continue
        if not re.fullmatch(r"\d{1,9}", text) or not base <= int(text) < base + positions.shape[axis]:
            return None
        index.append(int(text) - base)
    return np.asarray(positions[tuple(index)])
