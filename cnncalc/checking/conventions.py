"""Another convention than the problem's: which there are, and whether a sheet keeps to one throughout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from cnncalc.checking.report import LikelyMistake, TensorReport, TensorVerdict
from cnncalc.checking.sheets.written_otherwise import KERNELS, laid_in_our_order, size_in_our_order
from cnncalc.language import Phrase
from cnncalc.layers.base import Layer, Loss
from cnncalc.losses.composed import Penalised, with_factor
from cnncalc.losses.of_elements import SquaredError
from cnncalc.problem.names import quantity_name
from cnncalc.problem.text.faults import ProblemError
from cnncalc.records import Record, replace

if TYPE_CHECKING:
    from cnncalc.checking.matched_answers import Entry
    from cnncalc.checking.report import Report
    from cnncalc.checking.sheets.sheet import Answer, Sheet
    from cnncalc.problem.problem import Problem
    from cnncalc.trace import Trace

KERNEL_TURNED = Phrase(
    "the kernels are rotated by 180° (true convolution); this problem lays them on as they stand (cross-correlation)"
)
KERNEL_AS_IT_STANDS = Phrase(
    "the kernels are laid on as they stand (cross-correlation); this problem says `flip: true` (true convolution)"
)
FLATTENED_HWC = Phrase(
    "maps are flattened position by position (H, W, C); this problem flattens them channel by channel (C, H, W)"
)
FLATTENED_CHW = Phrase("maps are flattened channel by channel (C, H, W); this problem says `order: hwc` (H, W, C)")
TIES_SHARED = Phrase("tied maxima of a pool share the gradient; in this problem the first of them gets all of it")
TIES_FIRST = Phrase("of tied maxima of a pool the first gets the whole gradient; this problem says `ties: split`")
PADDING_NOT_COUNTED = Phrase(
    "averages are taken over the cells that lie on the image; this problem counts the padding too"
)
PADDING_COUNTED = Phrase("averages are taken over the padding too; this problem says `count_padding: false`")
DIVIDED_BY_ONE_LESS = Phrase("the variance is divided by the count minus one; this problem divides it by the count")
DIVIDED_BY_COUNT = Phrase(
    "the variance is divided by the count; this problem says `variance: unbiased` (the count minus one)"
)
SUMMED = Phrase("the loss is summed over the mini-batch; this problem takes the mean")
AVERAGED = Phrase("the loss is averaged over the mini-batch; this problem says `reduction: sum`")
OTHER_DIVISOR = Phrase("the sum of squares is divided by {theirs}; this problem divides it by {ours}")
OTHER_PENALTY = Phrase("the penalty is {theirs} · Σ w²; this problem has {ours} · Σ w²")
CHANNELS_LAST = Phrase("the channel axis stands last ({theirs}); in this problem it stands first ({ours})")

OF_DIVISORS = frozenset(["half-added", "half-forgotten", "mean-for-sum", "sum-for-mean"])
"""Mistakes by which a sum of squares is divided by something else."""
_OPTIONS: tuple[tuple[str, str, str, dict[Any, Phrase]], ...] = (
    ("kernel-flipped", "conv", "flip", {True: KERNEL_TURNED, False: KERNEL_AS_IT_STANDS}),
    ("flatten-order", "flatten", "order", {"hwc": FLATTENED_HWC, "chw": FLATTENED_CHW}),
    ("tie-split", "max_pool", "ties", {"split": TIES_SHARED, "first": TIES_FIRST}),
    ("padding-in-divisor", "avg_pool", "count_padding", {False: PADDING_NOT_COUNTED, True: PADDING_COUNTED}),
    ("variance-divisor", "batch_norm", "variance", {"unbiased": DIVIDED_BY_ONE_LESS, "biased": DIVIDED_BY_COUNT}),
)
"""Code, layer type (signals go along), option; by each of its two values what a sheet does that takes the other."""
ToProblem: TypeAlias = "Callable[[Problem], Problem]"
ToSheet: TypeAlias = "Callable[[Sheet, Trace], Sheet]"


class Convention(Record):
    """One that a sheet may keep to. It changes the problem, or how the numbers of the sheet lie."""

    code: str
    phrase: Phrase
    """What the sheet does, and what the problem says."""
    to_problem: ToProblem | None = None
    to_sheet: ToSheet | None = None
    outputs: frozenset[str] = frozenset()
    """Tensors that would have to be different, as a rule."""
    mistakes: frozenset[str] = frozenset()
    """The codes of other mistakes that speak of it."""


def conventions(problem: Problem) -> Iterator[Convention]:
    """Those that make a difference in a problem's layers and loss."""
    yield from _of_layers(problem)
    if problem.loss is not None:
        yield from _of_loss(problem.loss.loss, problem)
    if any(len(entry.input_shape) == 3 and entry.input_shape[0] > 1 for entry in problem.layers):
        for kernel, axes in KERNELS:
            phrase = CHANNELS_LAST.format(theirs=f"H, W, C; {kernel}", ours="C, H, W; C_out, C_in, kH, kW")
            yield Convention("channels-last", phrase, to_sheet=partial(_channels_first, kernel=axes))


def _of_layers(problem: Problem) -> Iterator[Convention]:
    for code, type_, option, others in _OPTIONS:
        entries = [entry for entry in problem.layers if entry.layer.type.removesuffix("1d") == type_]
        values = {getattr(entry.layer, option) for entry in entries}
        if len(values) != 1:
            continue
        ((other, phrase),) = ((value, phrase) for value, phrase in others.items() if value not in values)
        outputs = frozenset(entry.name for entry in entries) if type_ != "max_pool" else frozenset()

        def to_problem(problem: Problem, type_: str = type_, option: str = option, other: Any = other) -> Problem:
            def changed(layer: Layer) -> Layer:
                return replace(layer, **{option: other}) if layer.type.removesuffix("1d") == type_ else layer

            layers = tuple(replace(entry, layer=changed(entry.layer)) for entry in problem.layers)
            return replace(problem, layers=layers)

        yield Convention(code, phrase, to_problem, outputs=outputs)


def _of_loss(loss: Loss, problem: Problem) -> Iterator[Convention]:
    name = frozenset([problem.loss_name])

    def with_loss(change: Callable[[Loss], Loss]) -> ToProblem:
        return lambda problem: replace(
            problem, loss=problem.loss and replace(problem.loss, loss=change(problem.loss.loss))
        )

    if (problem.batch or 1) > 1:
        mean = loss.reduction == "mean"
        to_problem = with_loss(partial(replace, reduction="sum" if mean else "mean"))
        yield Convention("other-reduction", SUMMED if mean else AVERAGED, to_problem, outputs=name)
    if isinstance(loss, Penalised) and loss.l2 and not loss.l1:
        l2 = loss.l2 if isinstance(loss.l2, Decimal) else Fraction(loss.l2)
        for factor in (l2 / 2, l2 * 2):
            phrase = OTHER_PENALTY.format(theirs=str(factor), ours=str(l2))
            yield Convention("penalty-half", phrase, with_loss(partial(with_factor, l2=factor)), outputs=name)
    if isinstance(loss, SquaredError) and problem.layers:
        shape = problem.layers[-1].output_shape
        ours = loss.divisor(shape)
        for divisor in dict.fromkeys((1, 2, prod(shape), 2 * prod(shape))):
            if divisor != ours:
                phrase = OTHER_DIVISOR.format(theirs=divisor, ours=ours)
                to_problem = with_loss(partial(_divided, divisor=divisor))
                yield Convention("wrong-divisor", phrase, to_problem, outputs=name, mistakes=OF_DIVISORS)


def _divided(loss: SquaredError, divisor: int) -> Loss:
    """The same squared error over another divisor."""
    as_it_is = {
        "divisor": lambda self, x: divisor,
        "__module__": type(loss).__module__,
    }  # by which its mistakes are found
    made: type[SquaredError] = type(type(loss).__name__, (type(loss),), as_it_is)
    return made(loss.reduction)


def _channels_first(sheet: Sheet, trace: Trace, kernel: tuple[int, ...]) -> Sheet:
    return replace(sheet, answers=tuple(_turned(answer, trace, kernel) for answer in sheet.answers))


def _turned(answer: Answer, trace: Trace, kernel: tuple[int, ...]) -> Answer:
    """An answer whose channels stand last, in the problem's order; as it is where it has another shape."""
    typed = answer.typed
    name = trace.resolve(answer.name)
    if typed is None or typed.entries is None or name is None:
        return answer
    tensor = trace[name]
    asked = quantity_name(name)
    if asked is not None and asked[0] == "shape":
        return replace(answer, typed=size_in_our_order(typed) or typed)
    return replace(answer, typed=laid_in_our_order(typed, tensor, kernel) or typed)


FEWEST = 2
"""Wrong tensors that a convention must put right before it is believed to be used throughout."""
MOST_TOGETHER = 2
"""Conventions in which one sheet is taken to differ."""
CHEAP = 100_000
"""Multiplications of a problem that is solved anew only to see whether a sheet has another convention."""
FEW = 120
"""Tensors of a solution, with those of all steps, that are read again for two conventions together."""
CONVENTION = Phrase("Another convention: {phrase}.")
JUDGED_UNDER = Phrase(
    "Judged under the convention that the sheet keeps to ({codes}), and so are the numbers that are called right."
)


class Judge(Protocol):
    """Checks sheets against one solution."""

    trace: Trace

    def entries(self, sheet: Sheet) -> Sequence[Entry]:
        """The answers of a sheet, each with its tensor."""

    def may_be_right(self, entries: Sequence[Entry], doubles: Trace) -> frozenset[str]:
        """At least the answers that are right by another solution, which is given in doubles."""

    def right(self, sheet: Sheet) -> frozenset[str]:
        """The answers without anything wrong or missing in them."""

    def report(self, sheet: Sheet, is_complete: bool) -> Report:
        """The report on one sheet by this solution alone."""


class Throughout:
    """What a sheet is under other conventions than the problem's; each solution is made when first needed."""

    def __init__(
        self, own: Judge, judge_of: Callable[[Problem], Judge], in_doubles: Callable[[Problem], Trace | None]
    ) -> None:
        """`in_doubles` solves roughly what `judge_of` solves in full, and sooner; None where doubles do not tell.

        It may leave out what comes last, as an update: what tells of a convention comes before.
        """
        self.own = own
        self._judge_of = judge_of
        self._conventions: list[Convention] | None = None
        self._judge = cache(self._under)
        self._in_doubles = cache(lambda used: in_doubles(self._problem(used)))

    def reported(self, sheet: Sheet, is_complete: bool, report: Report) -> Report:
        """The report, told under the conventions that the sheet keeps to, if it keeps to any but the problem's."""
        wrong = {tensor.name for tensor in report.tensors if tensor.verdict is TensorVerdict.WRONG}
        wrong -= {tensor.name for tensor in report.tensors if _is_short(tensor)}
        if len(wrong) < FEWEST:
            return report
        named = {mistake.code for tensor in report.tensors for mistake in tensor.mistakes if tensor.name in wrong}
        used: tuple[Convention, ...] = ()
        right = frozenset(t.name for t in report.tensors if t.verdict is TensorVerdict.CORRECT)
        alone = right
        entries = cache(lambda laid: self.own.entries(_laid(sheet, laid, self.own.trace)))
        for together in range(1, MOST_TOGETHER + 1):
            if len(wrong - right) < FEWEST:
                break
            possible = (
                used
                for used in self._chosen(together, report)
                if _are_named(used, named) or self._may_be_used(used, entries, alone, wrong)
            )
            judged = [(chosen, self._right(chosen, sheet, _are_named(chosen, named))) for chosen in possible]
            explain = [(chosen, after) for chosen, after in judged if _is_used(alone, after, wrong)]
            best, after = max(explain, key=lambda pair: len(pair[1]), default=(used, right))
            if len(after) > len(right):
                used, right = best, after
        if not used:
            return report
        under = self._judge(used)
        assert under is not None, "it has judged the sheet"
        other = under.report(_laid(sheet, used, self.own.trace), is_complete)
        if any(map(_is_lost, report.tensors, other.tensors)):
            return report
        told = _told(report, other, used)
        return told if replace(told, accepts_conventions=True).score > report.score else report

    def _chosen(self, together: int, report: Report) -> Iterator[tuple[Convention, ...]]:
        """So many conventions together, no two of them about the same thing."""
        problem = self.own.trace.problem
        if self._conventions is None:
            self._conventions = list(conventions(problem))
        possible = self._conventions
        is_cheap = problem.multiplications <= CHEAP
        if together > 1 and not (is_cheap and len(self.own.trace) <= FEW):
            return
        if not is_cheap:
            # What a layer gives without the convention is as a rule not what it gives with it.
            correct = {tensor.name for tensor in report.tensors if tensor.verdict is TensorVerdict.CORRECT}
            possible = [convention for convention in possible if correct.isdisjoint(convention.outputs)]
        for chosen in combinations(possible, together):
            if len({convention.code for convention in chosen}) == together:
                yield chosen

    def _right(self, used: tuple[Convention, ...], sheet: Sheet, is_named: bool) -> frozenset[str]:
        """What is right under conventions; of those that mistakes speak of, also what follows, rounded at each step."""
        judge = self._judge(used)
        if judge is None:
            return frozenset()
        laid = _laid(sheet, used, self.own.trace)
        right = judge.right(laid)
        if not is_named:
            return right
        return right | {
            tensor.name
            for tensor in judge.report(laid, False).tensors
            if tensor.verdict in (TensorVerdict.CORRECT, TensorVerdict.FOLLOWS) or _is_short(tensor)
        }

    def _may_be_used(
        self, used: tuple[Convention, ...], entries: Callable[[tuple[Convention, ...]], Sequence[Entry]],
        before: Set[str], wrong: Set[str],
    ) -> bool:  # fmt: skip
        """Whether it takes the solution under these conventions to see that the sheet does not keep to them."""
        if not any(convention.to_problem for convention in used):
            return True
        doubles = self._in_doubles(used)
        laid = tuple(convention for convention in used if convention.to_sheet)
        if doubles is None:
            return True
        after = self.own.may_be_right(entries(laid), doubles)
        known, of_these = ({name for name in names if name in doubles} for names in (wrong, wrong & after - before))
        return _is_used(before, after, wrong) and bool(of_these or not known)

    def _under(self, used: tuple[Convention, ...]) -> Judge | None:
        """By the solution under conventions; None where there is none."""
        if not any(convention.to_problem for convention in used):
            return self.own
        with suppress(ProblemError):
            return self._judge_of(self._problem(used))
        return None

    def _problem(self, used: tuple[Convention, ...]) -> Problem:
        """As it is under conventions."""
        problem = self.own.trace.problem
        for convention in used:
            problem = convention.to_problem(problem) if convention.to_problem is not None else problem
        return problem


def _are_named(used: tuple[Convention, ...], codes: Set[str]) -> bool:
    """Whether mistakes that were found speak of each of the conventions."""
    return all(
        not codes.isdisjoint(convention.mistakes) or any(code.startswith(convention.code) for code in codes)
        for convention in used
    )


def _is_short(tensor: TensorReport) -> bool:
    """Whether nothing but too few digits is wrong."""
    return bool(tensor.mistakes) and {mistake.code for mistake in tensor.mistakes} == {"too-few-digits"}


def _is_lost(own: TensorReport, under: TensorReport) -> bool:
    """Whether an answer follows by the problem's own conventions and is wrong by others: so those were not kept to."""
    return own.verdict is TensorVerdict.FOLLOWS and under.verdict is TensorVerdict.WRONG and not _is_short(under)


def _is_used(before: Set[str], after: Set[str], wrong: Set[str]) -> bool:
    """Whether a convention explains answers together: `before` are right without it, `after` with it.

    It puts right several that are wrong in themselves, and makes none wrong.
    """
    return before <= after and len(wrong & after - before) >= FEWEST


def _laid(sheet: Sheet, used: tuple[Convention, ...], trace: Trace) -> Sheet:
    for convention in used:
        if convention.to_sheet is not None:
            sheet = convention.to_sheet(sheet, trace)
    return sheet


def _told(report: Report, other: Report, used: tuple[Convention, ...]) -> Report:
    """The report with what is right under the conventions, and with what is wrong under them as well."""
    said = tuple(
        LikelyMistake(convention.code, CONVENTION.format(phrase=convention.phrase), "convention") for convention in used
    )
    codes = Phrase.enumerated(convention.code for convention in used)

    def tensor(own: TensorReport, under: TensorReport) -> TensorReport:
        if own.verdict is TensorVerdict.FOLLOWS and under.verdict is TensorVerdict.CORRECT:
            # It counts either way, and its cells are told once.
            return replace(under, verdict=own.verdict, wrong=(), follows_from=own.follows_from)
        if own.verdict is not TensorVerdict.WRONG:
            return own
        if under.verdict not in (TensorVerdict.CORRECT, TensorVerdict.FOLLOWS):
            return replace(under, notes=(*under.notes, JUDGED_UNDER.format(codes=codes)))
        mistakes = tuple(replace(one, tensor=own.name, cells=len(own.wrong)) for one in said)
        return replace(under, verdict=TensorVerdict.CONVENTION, wrong=(), mistakes=mistakes)

    tensors = tuple(map(tensor, report.tensors, other.tensors))
    return replace(report, tensors=tensors, conventions=said)
