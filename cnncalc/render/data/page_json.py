"""What the interactive page knows of a trace: numbers, terms, windows, formulas and sentences, as one JSON value.

Tensors are counted in the order in which they stand; an element is `[tensor, flat index]`, a term
`[coefficient, factor, …]` and a factor an element or `[function, [term, …]]`. Nothing in it knows a layer.
"""

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Undecided
from cnncalc.checking.answer_key import BITS_OF_A_DOUBLE
from cnncalc.checking.carried import Truth
from cnncalc.checking.conventions import CONVENTION, conventions
from cnncalc.checking.in_doubles import Noise
from cnncalc.explaining import WITHOUT_TERMS, Explanation, Read, explain, frames, read, role
from cnncalc.language import Phrase
from cnncalc.layers.base import Apply, Entry, Term
from cnncalc.layers.joining.several import VIA
from cnncalc.lessons.lesson import Lesson, lesson_of
from cnncalc.outline import options_of
from cnncalc.problem.text.faults import ProblemError
from cnncalc.render.builders.explanation import ExplanationBuilder
from cnncalc.render.builders.sizes.words import typed
from cnncalc.render.builders.solution import NUMBERS, TARGET, SolutionBuilder
from cnncalc.render.data.page_values import LARGE, PATH, doubles_of, geometry, nodes, numbers_of, words
from cnncalc.render.document import Paragraph
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import display_name
from cnncalc.render.table.number import DEFAULT_DIGITS
from cnncalc.solver import solve
from cnncalc.step import Step
from cnncalc.trace import Tensor, Trace

MOST_TERMS = 20_000
"""Terms in a file; of tensors with more, the page makes the terms of an element when somebody looks at it."""
MOST_FOR_OTHERS, MOST_OTHERS = 20_000, 400
"""Multiplications of a problem that is solved under other conventions too, and numbers in a file that are made so."""
LOST = 1e-6
"""Part of a number: where doubles leave no more of it than that, their last bits are nobody's mistake."""
MOST_CELLS = 20_000
"""Elements in a file that are written as text; of more, large tensors are doubles."""


@np.errstate(all="ignore")
def page_data(trace: Trace, digits: int = DEFAULT_DIGITS, most_terms: int = MOST_TERMS) -> tuple[dict[str, Any], str]:
    """The JSON value, and the doubles of large tensors as text; empty where there is none."""
    return PageData(trace, digits, most_terms).whole()


class PageData:
    """The parts of the data of one trace."""

    def __init__(self, trace: Trace, digits: int, most_terms: int) -> None:
        self.trace, self.digits, self.most_terms = trace, digits, most_terms
        self.builder = ExplanationBuilder(trace, digits, everything=False)
        self.solution = SolutionBuilder(trace, digits)
        self.tensors: list[Tensor] = []
        self.places: dict[str, int] = {}
        self.reasons: dict[Phrase, int] = {}
        self.noise = Noise(Truth(trace), BITS_OF_A_DOUBLE)
        for tensor in trace:
            for part in trace.parts(tensor):
                self.place(part)
            self.place(tensor)

    def place(self, tensor: Tensor) -> int:
        """The number of a tensor; what is read and does not stand in the list yet comes last."""
        if tensor.name not in self.places:
            self.places[tensor.name] = len(self.tensors)
            self.tensors.append(tensor)
        return self.places[tensor.name]

    def whole(self) -> tuple[dict[str, Any], str]:
        """All of it."""
        problem = self.trace.problem
        large = self.large()
        with_terms = self.with_terms(large)
        packed = [tensor for tensor in self.tensors if tensor.name in large]
        records: list[dict[str, Any]] = []
        while len(records) < len(self.tensors):
            tensor = self.tensors[len(records)]
            record = self.tensor(tensor, tensor.name in with_terms)
            small = {} if tensor.name in large else {**numbers_of(tensor, self.digits), **self.lost(tensor)}
            records.append({**record, **small})
        questions = {label: self.asked(names) for label, names in problem.questions.items()}
        data = {
            "format": "cnncalc-page/1",
            "title": problem.title,
            "source": problem.source,
            "base": problem.index_base,
            "precision": self.both(NUMBERS[self.trace.numbers.name].format(digits=self.digits)),
            "digits": self.digits,
            "questions": questions,
            "conventions": [self.both(phrase) for phrase in self.solution.conventions(self.trace)],
            "steps": [self.step(step) for step in self.trace.steps],
            "tensors": records,
            "reasons": [self.both(phrase) for phrase in self.reasons],
            "others": list(self.others()),
        }
        return {**data, "packed": [self.places[tensor.name] for tensor in packed]}, doubles_of(packed)

    def lost(self, tensor: Tensor) -> dict[str, Any]:
        """How far off a program may be that computes in doubles, where it may be so by as much as the number is."""
        if not self.trace.numbers.proven or self.trace.problem.multiplications > MOST_FOR_OTHERS:
            return {}
        noise = self.noise.of(tensor.name)
        lost = np.flatnonzero(noise > LOST * np.abs(tensor.value.ravel())).tolist()
        return {"noise": {at: float(noise[at]) for at in lost}} if lost else {}

    def others(self) -> Iterator[dict[str, Any]]:
        """Other conventions than the problem's, each with the small tensors that are different then."""
        trace = self.trace
        if not trace.numbers.proven or trace.problem.multiplications > MOST_FOR_OTHERS:
            return
        left = MOST_OTHERS
        for convention in conventions(trace.problem):
            if convention.to_problem is None:
                continue
            try:
                other = solve(convention.to_problem(trace.problem), "exact")
                cells = {
                    str(self.places[tensor.name]): numbers
                    for tensor in trace
                    if tensor.name in other and (numbers := self.different(tensor, other[tensor.name]))
                }
            except (ProblemError, Undecided):
                continue
            left -= sum(map(len, cells.values()))
            if cells and left >= 0:
                yield {"said": self.both(CONVENTION.format(phrase=convention.phrase)), "cells": cells}

    def different(self, tensor: Tensor, other: Tensor) -> list[str]:
        """What each cell of the other tensor truly is; nothing where it is the same, and of one that is no answer."""
        if tensor.shape != other.shape or tensor.elements.size > LARGE or tensor.local == PATH:
            return []
        # Each trace has closed forms of its own, which are only compared as text.
        mine, theirs = (numbers_of(one, self.digits) for one in (tensor, other))
        own, made = ([one["true"].get(at, text) for at, text in enumerate(one["text"])] for one in (mine, theirs))
        return [] if own == made else made

    def asked(self, names: Sequence[str]) -> list[int]:
        """The tensors of a question; a size or a count is none."""
        known = (self.trace.resolve(name) for name in names)
        return [self.places[name] for name in known if name in self.places]

    def with_terms(self, large: Collection[str]) -> set[str]:
        """The tensors whose terms are written down: small ones first, as long as there are not too many."""
        counts = {tensor.name: self.count(tensor) for tensor in self.tensors if tensor.name not in large}
        chosen, total = set(), 0
        for name, count in sorted(counts.items(), key=lambda item: item[1]):
            total += count
            if total <= (self.most_terms // 4 if large else self.most_terms):
                chosen.add(name)
        return chosen

    def count(self, tensor: Tensor) -> int:
        """About how many terms a tensor has: as many for each element as one in the middle."""
        middle = tuple(length // 2 for length in tensor.shape)
        return tensor.elements.size * max(1, len(explain(self.trace, tensor, middle).terms))

    def large(self) -> set[str]:
        """The tensors whose elements come as doubles."""
        is_long = sum(tensor.elements.size for tensor in self.tensors) > MOST_CELLS
        return {t.name for t in self.tensors if is_long and t.elements.size > LARGE and t.local != PATH}

    # One tensor

    def tensor(self, tensor: Tensor, with_terms: bool) -> dict[str, Any]:
        """Its name, its numbers, what makes them and what is said of it."""
        step, local = self.trace.maker(tensor)
        shape = tensor.shape[:-1] if tensor.local == PATH else tensor.shape
        record: dict[str, Any] = {
            "name": tensor.name,
            "shown": display_name(tensor.name),
            "kind": tensor.kind,
            "pass": tensor.stage,
            "layer": tensor.layer,
            "local": local,
            "shape": list(shape),
            "batched": tensor.batched,
            "about": self.both(self.solution.about(tensor, self.kind(tensor, step)) or Phrase("", "")),
            "of": self.places.get(tensor.name.partition(VIA)[0].partition("/d")[2]) if "/d" in tensor.name else None,
        }  # fmt: skip
        marks = self.trace.marks.get(tensor.name, {})
        for kind, cells in marks.items():
            record[kind] = np.flatnonzero(cells).tolist()
        if step is None:
            return record
        record.update(self.said(tensor, step, local))
        window = frames(self.trace, step, local)
        if window is not None:
            on = self.place(window.tensor)
            padding = "−∞" if PATH in step.layer.auxiliaries and local == "y" else "0"
            record["window"] = {"on": on, "rows": window.rows, "columns": window.columns, "padding": padding}
        if with_terms and local not in WITHOUT_TERMS:
            record.update(self.elements(tensor, step, local))
        elif local not in WITHOUT_TERMS:
            names = {own: self.place(self.trace[name]) for own, name in step.names.items() if name in self.trace}
            record["geometry"] = geometry(step, local, names)
        return record

    def kind(self, tensor: Tensor, step: Step | None) -> Phrase | None:
        """What people call the layer."""
        if tensor.local.startswith("target"):
            return TARGET
        return None if step is None else lesson_of(step.layer).kind

    def said(self, tensor: Tensor, step: Step, local: str) -> dict[str, Any]:
        """Formulas, what is done and why, what to notice, and doubts, as a worked solution says them."""
        lesson, scene, names = lesson_of(step.layer), self.builder.scene_of(step), self.builder.names(step)
        purpose = lesson.purpose_of(local, scene)
        said = [] if purpose is None else [self.both(purpose, names)]
        try:
            remarks = list(self.builder.remarks(lesson, scene, step, local))
        except Undecided:
            remarks = []
        blocks = [*remarks, *self.solution.doubts(step)]
        said += [self.both(block.text, block.names or names) for block in blocks if isinstance(block, Paragraph)]
        formulas = self.builder.formulas(tensor, step, local, lesson)
        found = [nodes(formula) for formula in formulas if isinstance(formula, Formula)]
        return {"formulas": found, "said": said}

    def elements(self, tensor: Tensor, step: Step, local: str) -> dict[str, Any]:
        """The terms of each element, which part each factor plays, what decides it, and why it is as it is."""
        lesson, scene = lesson_of(step.layer), self.builder.scene_of(step)
        terms, seen, why = [], [], []
        roles: dict[str, str] = {}
        for index in np.ndindex(tensor.shape):
            made = explain(self.trace, tensor, index)
            terms.append([self.term(made, term, roles) for term in made.terms])
            seen.append([self.element(read(self.trace, step, entry)) for entry in lesson.seen(scene, local, made.at)])
            why.append(list(self.why(lesson, scene, step, made)))
        record: dict[str, Any] = {"terms": terms, "roles": roles}
        if any(len(one) > 1 for one in seen):
            record["seen"] = seen
        if any(why):
            record["why"] = why
        return record

    def why(self, lesson: Lesson, scene: Any, step: Step, made: Explanation) -> Iterator[list[Any]]:
        """Reasons, each as the number of its sentence and the elements that are to be put in."""
        try:
            for reason in lesson.reasons(scene, made.local, made.at):
                sentence = self.reasons.setdefault(reason.phrase, len(self.reasons))
                yield [sentence, *(self.element(read(self.trace, step, entry)) for entry in reason.about)]
        except Undecided:
            return

    def term(self, made: Explanation, term: Term, roles: dict[str, str]) -> list[Any]:
        """A product."""
        coefficient = Fraction(term.coefficient)
        number: int | str = coefficient.numerator if coefficient.denominator == 1 else str(coefficient)
        return [number, *(self.factor(made, factor, roles) for factor in term.factors)]

    def factor(self, made: Explanation, factor: Entry | Apply, roles: dict[str, str]) -> list[Any]:
        """An element that is read, or a function of a sum."""
        if isinstance(factor, Apply):
            return [factor.function, [self.term(made, term, roles) for term in factor.terms]]
        assert made.step is not None
        found = made.read(factor)
        element = self.element(found)
        roles.setdefault(str(element[0]), "gradient" if found.tensor.kind == "gradient" else role(made.step, factor))
        return element

    def element(self, read: Read) -> list[int]:
        """The number of the tensor, and the place in it."""
        shape = read.tensor.shape
        return [self.place(read.tensor), int(np.ravel_multi_index(read.index, shape)) if shape else 0]

    def step(self, step: Step) -> dict[str, Any]:
        """A layer in the strip of the network."""
        names = {local: name for local, name in step.names.items() if name in self.places}
        inputs = list(step.inputs())
        options = ", ".join(f"{name}: {typed(value)}" for name, value in options_of(step.layer).items())
        return {
            "name": step.name,
            "type": step.layer.type,
            "chooses": self.choice(step),
            "kind": self.both(lesson_of(step.layer).kind),
            "options": options,
            "takesClass": getattr(step.layer, "takes_class", False),
            "inputs": [self.places[names[local]] for local in inputs if local in names],
            "output": self.places[names["y"]],
            "parameters": [
                self.places[names[p.name]] for p in step.layer.parameters if p.name in names and p.name not in inputs
            ],
        }

    def choice(self, step: Step) -> str | None:
        """What decides where the numbers of a layer come from: whether the input is positive, or the largest of it."""
        first = (0,) * step.tensors["y"].ndim
        compared = lesson_of(step.layer).compared(self.builder.scene_of(step), "y", first)
        return "positive" if None in compared else "largest" if PATH in step.layer.auxiliaries else None

    def both(self, phrase: Phrase, names: Any = None) -> list[list[Any]]:
        """A phrase in English and in Chinese, each in stretches of words, code and formulas."""
        return [words(phrase, language, names) for language in ("en", "zh")]
