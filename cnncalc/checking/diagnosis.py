"""Which known mistakes lead to a wrong answer, the most specific first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property, partial
from itertools import takewhile
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar

import numpy as np

from cnncalc.arithmetic.base import Array, Booleans
from cnncalc.checking import mistakes_anywhere, mistakes_in_writing, what_follows
from cnncalc.checking.answer_key import AnswerKey
from cnncalc.checking.candidate import Candidate, is_same
from cnncalc.checking.carried import CANNOT, Carried
from cnncalc.checking.comparison import Comparison, Found, InDoubles, Sketch, drafted, flat
from cnncalc.checking.in_doubles import RoughTruth
from cnncalc.checking.known_mistakes import FARTHEST, made, made_again
from cnncalc.checking.matched_answers import MatchedAnswer
from cnncalc.checking.mistakes_in_writing import ROUNDINGS
from cnncalc.checking.report import LikelyMistake
from cnncalc.checking.rule import Bounds
from cnncalc.checking.sources import Sources, Supposed, carried_from, computed, from_unrounded
from cnncalc.checking.steps_between import left_out
from cnncalc.language import NOTHING, Phrase
from cnncalc.records import replace

T = TypeVar("T")
Sketches: TypeAlias = Iterable[Sketch]
CUT_SHORT = Phrase("not all that may have gone wrong before this tensor was tried: hand in what it is computed from")
SHORT, WHOLE = "too-few-digits", "rounded-to-integer"
OF_ONE_STEP = 100_000
"""Multiplications of a problem in which a step takes twice as long as in the smallest."""


class Diagnosis:
    """Looks for mistakes; what a mistake makes of the true tensors is computed once for all students."""

    def __init__(self, key: AnswerKey) -> None:
        self.key = key
        self.true: dict[type[Carried], Carried] = {}
        """Of tensors, and of sizes and counts: that in which nothing is a student's."""
        self.kept: dict[str, dict[tuple[str, str], list[Any]]] = {}
        """What follows from the truth alone, by tensor, computed once."""
        self._of_size: dict[int, dict[str, Sketch]] = {}
        """The tensors with so many elements, by name."""
        self._diagnoses: dict[tuple[object, ...], tuple[tuple[LikelyMistake, ...], list[Supposed], int]] = {}
        """With what may have been made further up, and the steps back that are left: all cost the same."""

    def mistakes(
        self, answer: MatchedAnswer, is_bad: Booleans, basis: Carried | None, sources: Sources
    ) -> tuple[LikelyMistake, ...]:
        """The mistakes that explain every cell that is neither right nor follows."""
        key = (
            answer.name, answer.shape, tuple(answer.texts),
            tuple(sources.texts.items()) if basis is not None else tuple(sources.tensors),
            tuple(other.evidence for other in sources.handed_in), sources.steps_back, str(sources.named),
            sources.rounding,
        )  # fmt: skip
        if key not in self._diagnoses:
            rule, found = self.key.rule, Found()
            # What was rounded for the paper alone shows in the digits of what comes after it.
            finer = from_unrounded(basis, sources) if basis is not None and answer.fits else None
            every = self._grounds(answer, is_bad, basis, sources)
            every += [] if finer is None else [_Ground(self, answer, is_bad, finer, sources)]
            # What was done shows best in the numbers as they stand; a tolerance is for what does not show there.
            for allowed in dict.fromkeys([rule.without_tolerance, rule]):
                if not found:
                    for ground in every:
                        ground.comparison = replace(ground.comparison, rule=allowed, is_strict=False)
                    grounds = [each for each in every if each.basis is not finer or each.comparison.unrounded()]
                    found = self._found(answer, is_bad, grounds)
            if not found and answer.fits:
                steps = left_out(self.key.truth, answer, grounds[-1].comparison.to_explain, sources)
                said = [mistakes_in_writing.may_be_rounded(steps)] if steps else []
                found = {code: grounds[-1].comparison.mistake(code, phrase) for code, phrase in said}
                found = found or self._slips(answer, grounds)
            mistakes = tuple(found.values())
            supposed = self._further_up(answer, mistakes, grounds) if answer.fits else []
            self._diagnoses[key] = mistakes, supposed, sources.steps_back
        mistakes, supposed, sources.steps_back = self._diagnoses[key]
        sources.supposed += supposed
        for mistake in mistakes:
            sources.named.setdefault(mistake.tensor, set()).add(mistake.code)
        return mistakes

    def of_digits(
        self, answer: MatchedAnswer, is_bad: Booleans, basis: Carried | None, sources: Sources
    ) -> frozenset[str]:
        """The codes of what is wrong with the digits alone; of what was done nothing is kept."""
        found = Found()
        self._add_digits(found, answer, self._grounds(answer, is_bad, basis, sources))
        return frozenset(found)

    def _grounds(
        self, answer: MatchedAnswer, is_bad: Booleans, basis: Carried | None, sources: Sources
    ) -> list[_Ground]:
        bases = (self._from_truth(answer.expected.tensor.name), basis)
        return [_Ground(self, answer, is_bad, each, sources) for each in bases if each is not None]

    def _further_up(
        self, answer: MatchedAnswer, mistakes: tuple[LikelyMistake, ...], grounds: list[_Ground]
    ) -> list[Supposed]:
        """Tensors that were not handed in, as they may have become: by what was found, or by what makes the same."""
        first = [mistake for mistake in mistakes[:1] if mistake.numbers is not None]
        first += takewhile(attrgetter("is_alternative"), mistakes[1:])
        if first and first[0].made is None:
            same: Found = {}
            for ground in grounds:
                ground.comparison.add_earlier(same, ground.earlier(), ground.is_contradicted)
            first = list(same.values())
        made = [Supposed(each.tensor, each.made, answer.name) for each in first if each.made is not None]
        return made + [each for ground in grounds for each in ground.scaled_further_up(mistakes)]

    def is_cut_short(self, answer: MatchedAnswer, sources: Sources) -> bool:
        """Whether no work was left for all that may have gone wrong before a tensor."""
        name = answer.expected.tensor.name
        basis = self._from_truth(name)
        return sources.steps_back <= 0 and basis.knows(name) and bool(basis.between(name, sources.tensors))

    def _found(self, answer: MatchedAnswer, is_bad: Booleans, grounds: list[_Ground]) -> Found:
        found: Found = {}
        is_unrounded = False
        if answer.fits:
            self._add_digits(found, answer, grounds)
            is_unrounded = any(ground.comparison.unrounded() for ground in grounds)
            if not found and (vague := [ground for ground in grounds if ground.comparison.is_vaguely_right]):
                return {SHORT: self._of_writing(SHORT, vague[0].comparison)}
            for ground in grounds:
                ground.comparison = replace(ground.comparison, is_strict=is_unrounded)
            if not all(ground.comparison.to_explain.any() for ground in grounds):
                return found
        for ground in grounds:
            ground.comparison.add_whole(found, ground.own())
        for ground in grounds if answer.fits and not found else ():
            ground.comparison.add_whole(found, ground.again())
        for ground in grounds:
            if not (found and ground.basis.is_countable):
                ground.comparison.add_whole(found, ground.anywhere(is_bad))
        if not answer.fits:
            # Of a wrong size the numbers can be compared in order; that is all there is to see.
            return found
        is_explained = bool(found)
        # What may have happened here comes before what may have happened further up.
        for ground in grounds:
            ground.comparison.add_partial(found, [each for each in ground.scaled() if each.code == "sign"])
        if not is_explained:
            for ground in grounds:
                ground.comparison.add_earlier(found, ground.earlier(), ground.is_contradicted)
        # What is right as far as its digits go was rounded when it was written, and no earlier.
        is_short = any(ground.comparison.unrounded() == ["too-few-digits"] for ground in grounds)
        if (not found or is_unrounded) and not is_short:
            for ground in grounds:
                ground.comparison.add_whole(found, ground.rounded())
        if not found:
            for ground in grounds:
                ground.comparison.add_partial(found, ground.scaled())
                ground.comparison.add_partial(found, ground.own())
        return found

    def _slips(self, answer: MatchedAnswer, grounds: list[_Ground]) -> Found:
        """Where the wrong cells lie, seen from where they are the fewest."""
        found: Found = {}
        nearest = min((ground.comparison for ground in grounds), key=lambda each: int(each.to_explain.sum()))
        bad, short = nearest.to_explain, nearest.is_bad & ~nearest.to_explain
        for code, phrase in mistakes_in_writing.slipped(answer, bad, short):
            found.setdefault(code, nearest.mistake(code, phrase))
        return found

    def _add_digits(self, found: Found, answer: MatchedAnswer, grounds: list[_Ground]) -> None:
        """What is wrong with the digits alone: by what is least, if several grounds tell."""
        telling = [ground for ground in grounds if ground.comparison.unrounded()]
        few = [ground for ground in telling if ground.comparison.unrounded() == ["too-few-digits"]]
        for ground in few[-1:] or telling:
            for code in ground.comparison.unrounded():
                found.setdefault(code, self._of_writing(code, ground.comparison))
        for comparison in (ground.comparison for ground in grounds):
            wrong = comparison.is_bad if comparison is not grounds[0].comparison else answer.wrong
            if mistakes_in_writing.is_rounded_to_whole(answer, wrong, comparison.bounds, self.key.rule):
                found.setdefault(WHOLE, self._of_writing(WHOLE, comparison))
        for code, phrase in mistakes_in_writing.adjusted(answer):
            found.setdefault(code, grounds[0].comparison.mistake(code, phrase))

    def _of_writing(self, code: str, comparison: Comparison) -> LikelyMistake:
        return comparison.mistake(code, mistakes_in_writing.PHRASES[code].format(digits=self.key.rule.significant))

    def _from_truth(self, name: str) -> Carried:
        made = carried_from(self.key.truth, name, {})
        return self.true.setdefault(type(made), made)

    @cached_property
    def rough_truth(self) -> RoughTruth:
        """The true tensors in doubles."""
        return RoughTruth(self.key.truth)

    @cached_property
    def truth_in_doubles(self) -> InDoubles:
        """What mistakes make of the true tensors, in doubles."""
        return InDoubles(Carried(self.key.truth, {}), self.rough_truth)

    def others(self, size: int, itself: str) -> Iterator[Sketch]:
        """Other tensors of the problem with as many elements, to be recognised where they do not belong."""
        if size not in self._of_size:
            alike = {tensor.name: tensor for tensor in self.key.trace if tensor.elements.size == size}
            makes = {name: partial(mistakes_anywhere.another_tensor, self.key.expected(name)) for name in alike}
            self._of_size[size] = {
                name: Sketch("another-tensor", make, flat(alike[name].value)) for name, make in makes.items()
            }
        yield from (sketch for name, sketch in self._of_size[size].items() if name != itself)


class _Ground:
    """What a tensor is computed from: the truth, or the student's earlier answers; and the mistakes made on it."""

    def __init__(
        self, diagnosis: Diagnosis, answer: MatchedAnswer, is_bad: Booleans, basis: Carried, sources: Sources
    ) -> None:
        """Compared without any tolerance, until that is said."""
        self.diagnosis, self.answer, self.basis, self.sources = diagnosis, answer, basis, sources
        self.name = answer.expected.tensor.name
        bad = is_bad if answer.fits else answer.has_number
        self.is_true = basis in diagnosis.true.values()
        self._made_here: dict[tuple[str, str], list[Any]] = {}
        """What does not follow from the truth alone."""
        rule = diagnosis.key.rule.without_tolerance
        self.comparison = Comparison(answer, self._right(), self._bounds, bad, diagnosis.key.balls, rule)

    def _right(self) -> Sketch | None:
        """The tensor without a mistake."""
        expected = self.answer.expected
        if self.is_true:
            return Sketch("", lambda: Candidate("", NOTHING, expected.enclosed), flat(expected.tensor.value))
        values = self._carried
        return None if values is None else Sketch.of(Candidate("", NOTHING, values))

    def _bounds(self, position: int) -> Bounds | None:
        if self.is_true:
            return self.answer.expected.bounds_of_ball(position)
        values = self._carried
        return None if values is None else self.diagnosis.key.balls.bounds(values.ravel()[position : position + 1])[0]

    @cached_property
    def _carried(self) -> Array | None:
        """The tensor as it follows from the student's earlier answers, as balls."""
        values = computed(self.basis, self.name)
        return None if values is None else values.reshape(self.answer.expected.shape)

    @cached_property
    def _in_doubles(self) -> InDoubles:
        return self.diagnosis.truth_in_doubles if self.is_true else InDoubles(self.basis, self.diagnosis.rough_truth)

    def _drafted(self, make: Callable[[Array], Iterable[Candidate]]) -> list[Sketch]:
        """What happens with any tensor, made of this one."""
        expected = self.answer.expected
        if self.is_true:
            return list(drafted(make, expected.tensor.value, lambda: expected.enclosed, is_vague=False))
        values = self._carried
        if values is None:
            return []
        return list(drafted(make, self.diagnosis.key.balls.to_float(values), lambda: values, is_vague=True))

    def _kept(self, kind: str, place: str, make: Callable[[], list[T]]) -> list[T]:
        kept = self.diagnosis.kept.setdefault(self.name, {}) if self.is_true else self._made_here
        if (kind, place) not in kept:
            kept[kind, place] = make()
        return kept[kind, place]

    def own(self) -> Sketches:
        """The known mistakes of the layer that computes the tensor."""
        return self._made(self.name)

    def earlier(self) -> Iterator[Sketch]:
        """The known mistakes at tensors before it that were not handed in, as far as there is work left for that."""
        if not self.basis.knows(self.name):
            return
        for place in self.basis.between(self.name, self.sources.tensors)[:FARTHEST]:
            if self.sources.steps_back <= 0:
                return
            sketches = self._made(place)
            self._spend(len(sketches) * self.basis.anew(self.name, place))
            yield from sketches

    def again(self) -> Iterator[Sketch]:
        """The mistakes that were found before, made again at tensors before it that were not handed in."""
        if self.sources.named and self.name in self.basis.truth.makers and self.sources.steps_back > 0:
            places = self.basis.between(self.name, self.sources.tensors)
            self._spend(len(places))
            yield from map(Sketch.of, made_again(self.basis, self.name, self.sources.named, places))

    def _spend(self, tensors: int) -> None:
        """So many tensors are computed anew. What is remembered costs the same: it must not matter who came before."""
        weight = 1 + self.diagnosis.key.trace.problem.multiplications // OF_ONE_STEP
        self.sources.steps_back -= tensors * weight

    def _made(self, place: str) -> list[Sketch]:
        if self.basis.is_countable:
            return self._kept("made", place, lambda: list(map(Sketch.of, made(self.basis, self.name, place))))
        return self._kept("made", place, lambda: self._in_doubles.made(self.name, place))

    def is_contradicted(self, candidate: Candidate) -> bool:
        """Whether something that was handed in says that a mistake further up was not made."""
        assert candidate.made is not None, "it was made further up"
        sources = {**self.basis.sources, candidate.tensor: candidate.made}
        return any(
            what_follows.contradicts(other, candidate, self.basis.resting_on(sources), self.basis, self.comparison.rule)
            for other in self.sources.handed_in
            if other is not self.answer
        )

    def scaled(self) -> list[Sketch]:
        """Sign and factors."""
        batch = self.diagnosis.key.trace.problem.batch
        return self._kept(
            "scaled", self.name, lambda: self._drafted(lambda right: mistakes_anywhere.scaled(right, batch))
        )

    def scaled_further_up(self, mistakes: Sequence[LikelyMistake]) -> Iterator[Supposed]:
        """A gradient behind it that was not handed in, with the factor that this one has."""
        behind = self.basis.nearest_gradient(self.name, self.sources.tensors)
        codes, whole = {mistake.code for mistake in mistakes}, self.answer.has_number
        factors = (each for each in self.scaled() if each.code in codes and self.comparison.explains(each, whole))
        values = next((each.candidate for each in factors), None) if behind and codes else None
        if behind is None or values is None or (right := self._carried) is None:
            return
        at = int(np.argmax(np.abs(self.diagnosis.key.balls.to_float(right.ravel()))))
        with suppress(*CANNOT):
            made = np.asarray(self.basis.computed(behind) * (values.values.ravel()[at] / right.ravel()[at]))
            led_to = self.basis.resting_on({**self.basis.sources, behind: made}).computed(self.name)
            if is_same(self.basis.truth.balls.enclosed(led_to.ravel()), values.values.ravel()):
                yield Supposed(behind, made, self.answer.name)

    def anywhere(self, is_bad: Booleans) -> Iterator[Sketch]:
        """What happens with any tensor."""
        if self.comparison.right is None:
            return
        yield from self.scaled()
        base, answer = self.diagnosis.key.trace.problem.index_base, self.answer
        yield from self._drafted(lambda right: mistakes_anywhere.swapped(right, answer, is_bad, base))
        yield from self._drafted(lambda right: mistakes_anywhere.reordered(right, answer.shape))
        if self.is_true and answer.is_whole:
            yield from self.diagnosis.others(len(answer.cells), self.name)

    def rounded(self) -> list[Sketch]:
        """The chain with rounded intermediate results."""
        if self.basis.is_countable:
            return []
        if not self.is_true and self.basis.knows(self.name):
            # What is true is rounded once for all answers.
            if self.sources.steps_back <= 0:
                return []
            self._spend(len(ROUNDINGS) * (1 + len(self.basis.between(self.name, self.basis.sources))))
        return self._kept("rounded", self.name, lambda: self._in_doubles.rounded(self.name))
