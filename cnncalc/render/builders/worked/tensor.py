"""One tensor of a worked solution: what is done and why, the formula, numbers put in, the result, what to notice."""

import re
from collections.abc import Generator, Iterator, Sequence, Set
from contextlib import suppress
from typing import Literal

import numpy as np

from cnncalc.arithmetic.base import Element, OutOfRange, Undecided
from cnncalc.explaining import WITHOUT_TERMS, Explanation, explain
from cnncalc.language import NOTHING, Phrase, marked_up, verbatim
from cnncalc.layers.base import called
from cnncalc.lessons.lesson import Lesson, Stage, lesson_of
from cnncalc.lessons.losses import PENALTY
from cnncalc.lessons.optimizers import TENSORS as RULE_TENSORS
from cnncalc.render.builders.descent import is_one_share
from cnncalc.render.builders.element import is_of_products
from cnncalc.render.builders.explanation import ExplanationBuilder
from cnncalc.render.builders.pictures import looked_at, shaded
from cnncalc.render.builders.solution import TARGET, SolutionBuilder
from cnncalc.render.builders.worked.ways import Ways, copies, passed_on
from cnncalc.render.builders.worked.ways import chosen as elements_chosen
from cnncalc.render.builders.workings import CANCELS, cancels
from cnncalc.render.document import Block, Column, Equations, Heading, Line, Paragraph, Table, Working
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.step import Scene, Step
from cnncalc.trace import Tensor, Trace

PUT_IN = Phrase("With the numbers put in:")
SOME_PUT_IN = Phrase("With the numbers put in, for some of the {count} elements:")
IN_LETTERS = Phrase("Element by element:")
SOME_IN_LETTERS = Phrase("Element by element, for some of the {count} elements:")
LEFT_OUT = Phrase("How this comes about is left out: to do that exactly takes too much work.")
RESULT = Phrase("All elements together:")
ALIKE = Phrase("The same comes out for {elements}.")
NO_GRADIENT_ARRIVES = Phrase(
    "The gradient $\\g$ that arrives here is 0 everywhere, and this one is made of its elements, each times"
    " something. So it is 0 too, whatever the other numbers are."
)
VANISHES_TOO = Phrase("Each of its elements is 0, for the gradient $\\g$ that arrives here is 0 everywhere.")
ALL_VANISH = Phrase(
    "The gradient {g} is 0 everywhere, and {names} are made of its elements, each times something. So they are 0"
    " everywhere too, whatever the other numbers are."
)
ADD_UP_TO_ONE = Phrase(
    "The exact forms use that the probabilities add up to 1, {sum}, wherever that makes them shorter."
)
Length = Literal["brief", "full", "everything"]
"""What is handed in; with all reasons, each once; with everything that can be said."""
INDEX = Phrase("index")
SUM = Phrase("sum")
MOST_STAGES = 16
LONGEST_KIND = 54
"""Letters of what a tensor of a layer is called in its heading; of a whole sentence the layer's kind says enough."""
MOST_IN_A_ROW = 12
"""Rows and columns of a matrix that stands beside others, and how many of them do."""


class WorkedTensor:
    """The blocks of one tensor after the other."""

    def __init__(
        self, trace: Trace, digits: int, everything: bool, methods: Sequence[str], length: Length = "full"
    ) -> None:
        self.trace = trace
        self.methods = methods
        self.everything = everything
        self.length = length
        self.builder = ExplanationBuilder(trace, digits, everything)
        self.elements = self.builder.elements
        self.elements.is_brief = self.is_brief = length == "brief"
        self.skips_large = False
        """Whether the picture of another way is left out that nobody would copy out."""
        self.repeats = length == "everything"
        """Whether what has been said and shown is said and shown again where it is so again."""
        self.elements.counts_zeros = self.elements.shows_products_once = not (self.repeats or everything)
        self.is_said_to_vanish = False
        """Whether it has been said why a gradient is 0 where the one that arrives is."""
        self.said: set[Phrase | tuple[str, str] | None] = set()
        """Why something is done, as it was said, and of which type of layer and which of its tensors."""
        self.shown_once: Set[str] = set()
        """The ways of which a second layer of the same type needs no picture."""
        self.methods_shown: set[tuple[str, str]] = set()
        """The ways that have had their picture, each with the layer's name of what it leads to."""
        self.probabilities = {step.names["y"] for step in trace.steps if step.layer.type == "softmax"}
        """Those of which it has not been said that they add up to 1."""
        self.solution = SolutionBuilder(trace, digits)
        self.solution.is_brief = self.is_brief
        self.ways = Ways(trace, self.elements, self.is_brief, repeats=self.repeats)

    def blocks(self, tensor: Tensor) -> list[Block]:
        """The tensor from its heading to its remarks; the result alone where there is too much work in the rest."""
        try:
            return list(self.whole(tensor))
        except Undecided:
            return [self.heading(tensor), Paragraph(LEFT_OUT, "note"), self.solution.block(tensor)]

    def heading(self, tensor: Tensor) -> Heading:
        """Its name, and what it is."""
        name = marked_up(f"${self.elements.source(tensor)}$")
        return Heading(3, name, self.solution.about(tensor, self.kind(tensor)), self.elements.names)

    def whole(self, tensor: Tensor) -> Iterator[Block]:
        """All of it; raises Undecided."""
        yield self.heading(tensor)
        step, local = self.trace.maker(tensor)
        if step is None:
            if tensor.stage == "update":
                yield Paragraph(self.builder.without_terms(tensor), names=self.elements.names)
            if not is_one_share(tensor, self.trace.problem.update):
                is_number = not tensor.shape
                yield (
                    self.elements.working(explain(self.trace, tensor, ())) if is_number else self.solution.block(tensor)
                )
            return
        lesson = lesson_of(step.layer)
        scene = self.builder.scene_of(step)
        names = self.builder.names(step)
        purpose = lesson.purpose_of(local, scene)
        what = step.layer.type, local
        is_said = purpose in self.said or (tensor.stage == "update" and what in self.said)
        if purpose is not None and not self.is_brief and (self.repeats or not is_said):
            self.said |= {purpose, what}
            yield Paragraph(purpose, names=names)
        vanishes = self.vanishes(tensor)
        is_said_briefly = vanishes and not self.repeats
        has_chain = not self.is_brief and not is_said_briefly
        formulas = list(self.builder.formulas(tensor, step, local, lesson, has_chain))
        # Of one number, its calculation may begin with what the formula says.
        begins_so = not (tensor.shape or self.repeats) and self.begins_with(formulas, tensor, lesson, scene, local)
        yield from formulas[:-1] if begins_so else formulas
        if is_said_briefly:
            yield Paragraph(VANISHES_TOO if self.is_said_to_vanish else NO_GRADIENT_ARRIVES, "remark", names)
            self.is_said_to_vanish = True
            return
        table = None
        with suppress(OutOfRange):  # exp of a large score is no double, though its softmax is one
            table = self.stages(lesson.stages(scene, local), tensor, names)
        if table is not None:
            yield table
            if self.is_brief:
                yield self.solution.block(tensor)
                return
        if not (self.is_brief or vanishes):
            yield from looked_at(self.trace, tensor, scene, self.elements)
        has_all = yield from self.workings(tensor, step, local, lesson, scene, vanishes, is_announced=not begins_so)
        block = self.solution.block(tensor)
        # Equations of letters are what the workings end with.
        if tensor.shape and not (has_all and isinstance(block, Equations) and not self.repeats):
            if tensor.elements.size > 1 and not self.is_brief and local not in WITHOUT_TERMS:
                yield Paragraph(RESULT)
            yield block
        if not (self.is_brief or vanishes):
            yield from shaded(self.trace, tensor, scene, self.elements)
        yield from self.solution.doubts(step)
        if vanishes:
            yield Paragraph(NO_GRADIENT_ARRIVES, "remark", names)
        else:
            yield from self.builder.remarks(lesson, scene, step, local)
        for method in lesson.methods(scene, local):
            shown = method.name, local
            is_over = (shown in self.methods_shown and method.name in self.shown_once) or tensor.stage == "update"
            is_over = is_over or (self.skips_large and method.longest > MOST_IN_A_ROW)
            if method.name in self.methods and (self.repeats or not is_over):
                self.methods_shown.add(shown)
                yield from self.ways.blocks(method, tensor, names)

    def stages(self, stages: Sequence[Stage], tensor: Tensor, names: Names) -> Table | None:
        """What each element goes through on the way to its value, with sums where they count."""
        if not stages or (tensor.elements.size > MOST_STAGES and not self.everything):
            return None
        columns = [Column(INDEX), *(Column(marked_up(f"${stage.heading}$"), "right") for stage in stages)]
        rows: list[tuple[Phrase, ...]] = []
        samples = np.ndindex(tensor.shape[:1] if tensor.batched else ())
        for sample in samples:
            for place in np.ndindex(tensor.shape[len(sample) :]):
                index = (*sample, *place)
                label = ",".join(str(i + self.elements.base) for i in index)
                rows.append(
                    (verbatim(label), *(self.told(one.elements.reshape(tensor.shape)[index]) for one in stages))
                )
            if any(stage.has_sum for stage in stages):
                totals = (stage.elements.reshape(tensor.shape)[sample].sum() for stage in stages)
                shown = (self.told(t) if one.has_sum else NOTHING for one, t in zip(stages, totals, strict=True))
                rows.append((SUM, *shown))
        return Table(tuple(columns), tuple(rows), names)

    def told(self, element: Element) -> Phrase:
        """A number of a table: a fraction or a closed form as its decimal."""
        return verbatim(self.elements.number(element).plain)

    def kind(self, tensor: Tensor) -> Phrase | None:
        """What people call the layer that a tensor belongs to; of a target, that it is one."""
        if tensor.local.startswith("target"):
            return TARGET
        step, local = self.trace.maker(tensor)
        if step is None:
            return RULE_TENSORS.get(tensor.local)
        lesson = lesson_of(step.layer)
        said = PENALTY if local == "penalty" else lesson.tensors.get(called(local), lesson.kind)
        return said if len(said.text("en")) <= LONGEST_KIND else lesson.kind

    def all_vanish(self, tensors: Sequence[Tensor]) -> Iterator[Block]:
        """Several gradients that are 0 for one reason, in one sentence."""
        sources = [self.elements.source(tensor) for tensor in tensors]
        yield Heading(3, Phrase.enumerated(marked_up(f"${source}$") for source in sources), names=self.elements.names)
        for tensor in tensors:
            step, local = self.trace.maker(tensor)
            assert step is not None
            yield from self.builder.formulas(tensor, step, local, lesson_of(step.layer), has_chain=False)
        arrives = self.elements.source(self.trace[self.arriving(tensors[0])])
        names = Phrase.listed(marked_up(f"${source}$") for source in sources)
        text = ALL_VANISH.format(g=marked_up(f"${arrives}$"), names=names)
        yield Paragraph(text, "remark", names=self.elements.names)
        self.is_said_to_vanish = True

    def together(self, tensors: Sequence[Tensor]) -> Iterator[list[Tensor]]:
        """Each tensor; in a brief solution, gradients one behind the other that are 0 for one reason as one."""
        group: list[Tensor] = []
        for tensor in tensors:
            is_zero = self.is_brief and self.vanishes(tensor)
            if group and not (is_zero and self.arriving(tensor) in (self.arriving(group[0]), *(t.name for t in group))):
                yield group
                group = []
            group.append(tensor)
            if not is_zero:
                yield group
                group = []
        if group:
            yield group

    def arriving(self, tensor: Tensor) -> str:
        """The gradient that a gradient is made of, by name; empty where there is none."""
        step = self.trace.maker(tensor)[0]
        return step.names.get("g", "") if step is not None else ""

    def vanishes(self, tensor: Tensor) -> bool:
        """Whether the gradient is 0 because the one that arrives is."""
        step = self.trace.maker(tensor)[0]
        if tensor.kind != "gradient" or step is None or "g" not in step.tensors:
            return False
        numbers = self.trace.numbers
        arrays = (step.tensors["g"], tensor.elements)
        return all(numbers.is_known_equal(array, 0).all() for array in arrays)

    # Numbers put in

    def begins_with(self, formulas: Sequence[Block], tensor: Tensor, lesson: Lesson, scene: Scene, local: str) -> bool:
        """Whether what a number is made of, with letters, is word for word the last of the formulas."""
        if not (formulas and isinstance(formulas[-1], Formula)) or local in WITHOUT_TERMS:
            return False
        made = explain(self.trace, tensor, ())
        working = self.elements.working(made, compared=lesson.compared(scene, local, made.at))
        first = [line for line in working.lines if line.sign == "="][:1] or working.lines[:1]
        said = f"{working.left} = {first[0].right}"
        return self.elements.text(said) == " ".join(formula_text(formulas[-1])) and len(working.lines) > 1

    def workings(
        self, tensor: Tensor, step: Step, local: str, lesson: Lesson, scene: Scene, only_one: bool, is_announced: bool
    ) -> Generator[Block, None, bool]:
        """Every element of a small tensor; of a larger one an example for each channel. Returns whether it was all."""
        if local in WITHOUT_TERMS:
            return False

        def working(made: Explanation, letters: bool) -> Working:
            return self.elements.working(made, letters, compared=lesson.compared(scene, local, made.at))

        chosen = elements_chosen(self.trace, tensor, lesson, scene, self.everything)[: 1 if only_one else None]
        if self.is_brief:
            # The first of those with the most terms that count, and one that is not 0 if there is any.
            chosen = [max(chosen, key=self.telling)]
            if copies(chosen[0]) and not any(lesson.reasons(scene, local, chosen[0].at)):
                return False  # What is only written in another place is seen in the result.
        size = tensor.elements.size
        has_numbers = any(self.reads_numbers(made) for made in chosen)
        all_of_them, some = (PUT_IN, SOME_PUT_IN) if has_numbers else (IN_LETTERS, SOME_IN_LETTERS)
        if is_announced and not self.is_brief:
            yield Paragraph(all_of_them if len(chosen) == size else some.format(count=size))
        alike: dict[tuple[tuple[str, ...], tuple[Line, ...], tuple[Phrase, ...]], list[Explanation]] = {}
        for made in chosen:
            # Of several inputs that are passed on, each is one by itself.
            passed = tuple(map(passed_on, made.terms)) if step.layer.takes_several else ()
            why = tuple(reason.phrase for reason in lesson.reasons(scene, local, made.at))
            alike.setdefault((passed, working(made, letters=False).lines, why), []).append(made)
        in_letters: set[tuple[str, ...]] = set()
        for (passed, *_), (made, *others) in alike.items():
            # One element with letters shows what is put in where.
            yield working(made, letters=passed not in in_letters)
            in_letters.update([passed] * bool(made.terms))
            if cancels(self.elements.number, made):
                yield Paragraph(CANCELS, "note")
            # That 8 is the larger one of 0 and 8 is seen in `max(0, 8)`.
            is_seen = self.is_brief and lesson.compared(scene, local, made.at)
            for reason in () if is_seen else lesson.reasons(scene, local, made.at):
                yield Paragraph(self.builder.reason(reason, step), "note", self.builder.names(step))
            if others and not self.is_brief:
                sources = (self.elements.source(one.tensor, one.index) for one in others)
                listed = Phrase.enumerated(marked_up(f"${source}$") for source in sources)
                yield Paragraph(ALIKE.format(elements=listed), "note", self.builder.names(step))
        yield from self.builder.gaps()
        for name in sorted(self.sums_used(chosen)):
            self.probabilities.remove(name)
            total = marked_up(rf"$\sum {self.elements.source(self.trace[name])} = 1$")
            yield Paragraph(ADD_UP_TO_ONE.format(sum=total), "note", self.elements.names)
        return len(chosen) == size

    def telling(self, made: Explanation) -> tuple[bool, int, int]:
        """How much is seen in the working of an element: the more the larger."""
        terms = made.terms
        count = sum(not self.elements.is_zero(term, made) for term in terms)
        return not self.trace.numbers.is_known_equal(made.value, 0), count, len(terms)

    def sums_used(self, chosen: Sequence[Explanation]) -> set[str]:
        """The probabilities in whose letters an element is a sum; p - t of one and the same does not use theirs."""
        found = set()
        # A product of what stands above says no more than that did.
        for made in chosen if self.probabilities else ():
            if len(made.terms) < 2 and is_of_products(made.terms):
                continue
            text = self.elements.value(made.tensor, made.index).text
            for name in self.probabilities:
                named = set(re.findall(rf"(?<!\w){re.escape(name)}\[[\d,]+\]", text))
                is_own = made.step is not None and made.step.names.get("y") == name
                own = {self.elements.address(self.trace[name], made.index)} if is_own else set()
                if named - own and re.search(" [+-] ", text):
                    found.add(name)
        return found

    def reads_numbers(self, made: Explanation) -> bool:
        """Whether there are numbers to be put in, and not letters alone."""
        numbers = self.trace.numbers
        return any(not numbers.letters_of(made.read(entry).value) for entry in made.entries()) or not made.terms
