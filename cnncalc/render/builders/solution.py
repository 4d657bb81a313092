"""A solved trace as a Document: what is given, each tensor of the forward pass, each of the backward pass."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import cast

import numpy as np

from cnncalc.arithmetic.base import Undecided
from cnncalc.arithmetic.expression import Variable, short_index
from cnncalc.language import NOTHING, Phrase, verbatim
from cnncalc.layers.base import Doubt, Index, Loss, by
from cnncalc.layers.joining.several import VIA
from cnncalc.lessons.losses import PENALTY
from cnncalc.problem.names import jacobian_name, quantity_name
from cnncalc.problem.problem import Problem
from cnncalc.problem.text.faults import UserFault
from cnncalc.problem.words.other_names import no_tensor
from cnncalc.records import replace
from cnncalc.render.builders.naming import parameter_word, step_names
from cnncalc.render.builders.sizes.words import kind_of
from cnncalc.render.document import (
    MEANINGS,
    Block,
    Cell,
    Document,
    Equation,
    Equations,
    Heading,
    Paragraph,
    TensorBlock,
)
from cnncalc.render.formula.formula import Formula
from cnncalc.render.table.matrices import styled
from cnncalc.render.table.number import DEFAULT_DIGITS, Number, describe, value_of_letters
from cnncalc.step import Step
from cnncalc.trace import PASSES, Tensor, Trace
from cnncalc.visible import shown

NUMBERS = {
    "exact": Phrase("Numbers: exact. A rounded decimal has {digits} significant digits, correctly rounded."),
    "float": Phrase("Numbers: floating point (float64), shown to {digits} significant digits."),
    "symbolic": Phrase("Numbers: letters, with exact numbers among them."),
}
PARTS = {
    "given": Phrase("Given"),
    "counts": Phrase("Sizes and counts"),
    "forward": Phrase(en="Forward", zh="前向传播"),
    "backward": Phrase(en="Backward", zh="反向传播"),
    "update": Phrase("After the step"),
    "updates": Phrase("After each step"),
}
CONVENTIONS = Phrase("Conventions")
QUESTION = Phrase("question {number}")
PARAMETER_OF = Phrase("{parameter} of {layer}")
VECTOR = Phrase("vector of {length}")
SAMPLES = {True: Phrase("{count} samples of {each}"), False: Phrase("{count} sample of {each}")}
"""By whether there are several."""
DIMENSIONS = Phrase("{count:feature|features}")
INPUT = Phrase("input")
DOUBT = Phrase("At {places}: {phrase}")
AND_MORE = Phrase("{places} and {count} more")
COMMA = Phrase(en=", ", zh="，")
STOP = Phrase(en=".", zh="。")
PARTS_OF_LOSS = Phrase(
    "{name} = {parts} {sign} {values}: the entropy of the target, and the divergence of the probabilities from"
    " it{penalty}."
)
PENALTY_TOO = Phrase(", and the penalty")
PLACES_SHOWN = 6
PATH = "path"
NOT_ZERO = Phrase("{count} of {all} elements are not 0")
JACOBIAN = Phrase("a row for each element of {of}, a column for each of {by}")
TARGET = Phrase("target")
BEFORE_STEPS = Phrase("what {rule} keeps, before the first step")
PLACES = Phrase("place of each winner")
WINNERS = Phrase("row and column of each winner")


class UnknownSelection(UserFault, ValueError):
    """A name that finds no tensor, or a question that the problem does not have; the message says what there is."""


def select(trace: Trace, only: Sequence[str] = (), questions: Sequence[str] | None = None) -> tuple[Tensor, ...]:
    """The tensors named and those of the questions, in the order of computation; all of them where nothing is asked.

    Sizes and counts that the questions ask for come behind all. Tensors that are made on request (`conv_1.columns`)
    come last in their pass. Raises UnknownSelection.
    """
    if not only and not questions:
        return (*trace, *counts(trace))
    known = trace.problem.questions
    missing = [question for question in questions or () if question not in known]
    if missing:
        raise UnknownSelection("\n".join(_no_question(question, list(known)) for question in missing))
    names = [*only, *(name for question in questions or () for name in known[question])]
    meant = {name: trace.meant(name) for name in names}
    unknown = [name for name, own in meant.items() if own is None]
    if unknown:
        raise UnknownSelection("\n".join(no_tensor(name, trace.known) for name in unknown))
    wanted = {own: trace[own] for own in meant.values() if own is not None}
    in_order = [tensor for tensor in trace if tensor.name in wanted]
    made = [tensor for tensor in wanted.values() if tensor not in in_order]
    return tuple(sorted([*in_order, *made], key=lambda tensor: PASSES.index(tensor.stage)))


def counts(trace: Trace) -> list[Tensor]:
    """The sizes and counts that the questions ask for."""
    asked = [name for names in trace.problem.questions.values() for name in names if quantity_name(name)]
    return [trace[name] for name in dict.fromkeys(asked) if name in trace]


def _no_question(question: str, questions: Sequence[str]) -> str:
    asked = shown(question)
    if not questions:
        return f"the problem has no questions, so no question {asked}; --only NAME chooses tensors by name"
    return f"the problem has no question {asked}; its questions are {', '.join(map(shown, questions))}"


@np.errstate(all="ignore")
def solution(trace: Trace, tensors: Sequence[Tensor], digits: int = DEFAULT_DIGITS) -> Document:
    """The Document of the chosen tensors of a trace, in the order in which they come."""
    blocks: list[Block] = [Heading(1, verbatim(trace.problem.title))] if trace.problem.title else []
    if trace.problem.source:
        blocks.append(Paragraph(verbatim(trace.problem.source)))
    blocks.append(Paragraph(NUMBERS[trace.numbers.name].format(digits=digits)))
    builder = SolutionBuilder(trace, digits)
    for part, members in groupby(tensors, lambda tensor: _part(trace, tensor)):
        blocks.append(Heading(2, title_of(trace, part)))
        if part == "update" and len(tensors) >= len(trace):
            from cnncalc.render.builders.descent import perceptron

            blocks += perceptron(trace, digits)
        for tensor in members:
            blocks.extend(builder.tensor(tensor))
    return Document((*blocks, *builder.conventions_part(tensors)))


def title_of(trace: Trace, part: str) -> Phrase:
    """What stands above the tensors of a pass."""
    update = trace.problem.update
    return PARTS["updates" if part == "update" and update is not None and update.steps > 1 else part]


def _part(trace: Trace, tensor: Tensor) -> str:
    if quantity_name(tensor.name):
        return "counts"
    # What no step computes is given, but for tensors made on request, which the trace does not hold.
    is_given = trace.step(tensor.name) is None and any(tensor is known for known in trace)
    return "given" if is_given and tensor.stage == "forward" else tensor.stage


class SolutionBuilder:
    """The blocks of one tensor after the other; a layer's doubts are told once, under its first tensor."""

    def __init__(self, trace: Trace, digits: int) -> None:
        self.trace = trace
        self.digits = digits
        self.base = trace.problem.index_base
        self.is_brief = False
        """Whether only a few numbers of a large tensor are shown."""
        self.told: set[str] = set()
        self.questions: dict[str, list[str]] = {}
        for question, names in trace.problem.questions.items():
            for name in names:
                self.questions.setdefault(trace.resolve(name) or name, []).append(question)

    def tensor(self, tensor: Tensor) -> Iterator[Block]:
        """The heading, the formula, the elements, and what the data meets there."""
        yield Heading(3, verbatim(tensor.name), self.about(tensor))
        formula = self.trace.formula(tensor.name)
        if formula is not None:
            yield Formula(formula, step_names(self.trace, self.trace.step(tensor.name)))
        yield self.block(tensor)
        step = self.trace.step(tensor.name)
        if step is not None and tensor.kind == "loss":
            yield from self.parts(tensor, step)
        if step is not None:
            yield from self.doubts(step)

    def block(self, tensor: Tensor) -> TensorBlock | Equations:
        """The elements."""
        marks = self.trace.marks.get(tensor.name, {})
        present = tuple(kind for kind in MEANINGS if kind in marks and marks[kind].any())
        in_letters = equations(tensor, self.trace.problem, self.digits)
        cells = _Cells(tensor, self.trace, self.digits)
        # A path's last axis is the row and the column of one cell: they are shown together, (2,1).
        shape = tensor.shape[:-1] if tensor.local == PATH else tensor.shape
        return in_letters or TensorBlock(tensor.name, shape, self.base, cells, tensor.batched, present, self.is_brief)

    def doubts(self, step: Step) -> Iterator[Paragraph]:
        """What the data meets in a step, the first time that it comes up."""
        if step.name not in self.told:
            self.told.add(step.name)
            yield from (self.doubt(doubt, step.names) for doubt in self.trace.doubts.get(step.name, ()))

    def parts(self, tensor: Tensor, step: Step) -> Iterator[Block]:
        """What a loss is the sum of, unless the first of it is 0 (the entropy of a one-hot target)."""
        names = [f"{step.name}.{local}" for local in step.layer.parts_of()] if isinstance(step.layer, Loss) else []
        if not names:
            return
        values = [self.trace[name] for name in names]
        if tensor.numbers.is_known_equal(values[0].elements, 0).all():
            return
        shown = [styled(describe(value.numbers, value.elements.item(), self.digits), "decimal") for value in values]
        if any(number.in_letters for number in shown):
            return  # a sum of letters is long, and is there for the asking
        sign = "≈" if any(number.rounded for number in shown) or not tensor.numbers.proven else "="
        texts = " + ".join(number.text for number in shown)
        more = PENALTY_TOO if len(names) > 2 else NOTHING
        phrase = PARTS_OF_LOSS.format(name=tensor.name, parts=" + ".join(names), sign=sign, values=texts, penalty=more)
        yield Paragraph(phrase, "note")

    def about(self, tensor: Tensor, kind: Phrase | None = None) -> Phrase | None:
        """Shape, role and questions in one line; `kind` says what the layer is instead of its type."""
        parts: list[Phrase] = []
        if tensor.batched:
            count, shape = tensor.shape[0], tensor.shape[1:]
            each = verbatim(by(shape)) if len(shape) > 1 else DIMENSIONS.format(count=shape[0])
            parts.append(SAMPLES[count > 1].format(count=count, each=each))
        elif len(tensor.shape) == 1:
            parts.append(VECTOR.format(length=tensor.shape[0]))
        elif tensor.shape:
            parts.append(verbatim(by(tensor.shape)))
        if tensor.local == PATH:
            parts.append(WINNERS if tensor.shape[-1] == 2 else PLACES)
        elif tensor.local == "matrix":
            count = int((~tensor.numbers.is_known_equal(tensor.elements, 0)).sum())
            parts.append(NOT_ZERO.format(count=count, all=tensor.elements.size))
        elif tensor.local == "jacobian":
            of, against = jacobian_name(tensor.name) or ("", "")
            parts.append(JACOBIAN.format(of=of, by=against))
        elif tensor.kind == "input":
            parts.append(INPUT)
        elif tensor.kind == "parameter" and tensor.stage == "forward" and tensor.layer is not None:
            users = Phrase.listed(map(verbatim, self.trace.users(tensor)))
            parts.append(PARAMETER_OF.format(parameter=parameter_word(tensor.local), layer=users))
        elif tensor.local.startswith("target"):
            parts.append(TARGET)
        elif tensor.type is not None and tensor.kind != "gradient":
            made_by = PENALTY if tensor.local == "penalty" else kind_of(tensor.type)
            parts.append(BEFORE_STEPS.format(rule=made_by) if tensor.is_state else kind or made_by)
        parts += [QUESTION.format(number=number) for number in self.questions.get(tensor.name, ())]
        return COMMA.join(parts) if parts else None

    def doubt(self, doubt: Doubt, names: Mapping[str, str]) -> Paragraph:
        """Where the data meets a convention, and which."""
        name = names.get(doubt.tensor, doubt.tensor)
        shown = [f"{name}{self.address(index)}" for index in doubt.indices[:PLACES_SHOWN]]
        places = Phrase.enumerated(shown)
        left = len(doubt.indices) - len(shown)
        if left:
            places = AND_MORE.format(places=places, count=left)
        return Paragraph(DOUBT.format(places=places, phrase=doubt.phrase), "note")

    def address(self, index: Index) -> str:
        """An index as a reader writes it: without N where the input has none, counted from index_base."""
        seen = index if self.trace.problem.batch is not None else index[1:]
        return f"[{','.join(str(i + self.base) for i in seen)}]" if seen else ""

    def conventions(self, tensors: Iterable[Tensor]) -> list[Phrase]:
        """Each convention that the steps which compute these tensors meet, once."""
        made = (self.trace.step(tensor.name) for tensor in tensors)
        steps = {step.name: step for step in made if step is not None}
        met = (step.layer.conventions(self.trace.numbers, step.tensors) for step in steps.values())
        return list(dict.fromkeys(phrase for phrases in met for phrase in phrases))

    def conventions_part(self, tensors: Iterable[Tensor], told: Iterable[Phrase] = ()) -> list[Block]:
        """Those under a heading of their own, behind what was `told` of the problem; nothing where there are none."""
        notes = [phrase.each(lambda text: text[0].upper() + text[1:]) + STOP for phrase in told]
        items = [Paragraph(convention, "item") for convention in (*notes, *self.conventions(tensors))]
        return [Heading(2, CONVENTIONS), *items] if items else []


class _Cells:
    """The cells of one tensor, by index."""

    def __init__(self, tensor: Tensor, trace: Trace, digits: int) -> None:
        self.tensor = tensor
        self.marks = trace.marks.get(tensor.name, {})
        self.digits = digits

    def __call__(self, index: Index) -> Cell:
        if self.tensor.local == PATH:
            place = [describe(self.tensor.numbers, one).text for one in self.tensor.elements[index]]
            return Cell(Number(f"({','.join(place)})"))
        number = describe(self.tensor.numbers, self.tensor.elements[index], self.digits, self.closed_form())
        if index == () and not self.tensor.numbers.proven:
            # A double is rounded on the way, however short it looks.
            number = replace(number, rounded=True)
        return Cell(number, frozenset(kind for kind in MEANINGS if kind in self.marks and self.marks[kind][index]))

    def closed_form(self) -> str | None:
        """That of a single number: closed forms are long, and in a table there is no room for them."""
        if self.tensor.shape != () or not self.tensor.numbers.proven:
            return None
        try:
            return cast("str | None", self.tensor.exact)
        except Undecided:
            return None


def equations(tensor: Tensor, problem: Problem, digits: int) -> Equations | None:
    """The equations of a tensor; None where a table does, since each element is a number or a letter by itself."""
    if not tensor.numbers.has_sums(tensor.elements):
        return None
    name = tensor_name(tensor.name, problem)
    return Equations(tuple(_equation(tensor, name, problem, index, digits) for index in np.ndindex(tensor.shape)))


def _equation(tensor: Tensor, name: str, problem: Problem, index: Index, digits: int) -> Equation:
    from cnncalc.arithmetic.closed.letters_text import element_name, shown_name

    numbers, element = tensor.numbers, np.asarray(tensor.elements)[index]
    counted = tuple(i + problem.index_base for i in short_index(index, tensor.shape))

    def write() -> Number:
        number = describe(numbers, element, digits)
        # What it comes to stands behind it, where it is a sum of letters.
        return replace(number, decimal=None) if number.in_letters else number

    value = value_of_letters(numbers, element, digits) if numbers.letters_of(element) else None
    whole, via, use = name.partition(VIA)
    left = element_name(whole, counted) + via + use
    called = Number(left, letters={left: (shown_name(whole) + via + use, counted)})
    return Equation(called, write, value)


def tensor_name(name: str, problem: Problem) -> str:
    """What a reader calls a tensor: `dL/dx` where the letters of the input are x, whatever the input's name."""
    whole, via, use = name.partition(VIA)
    of_loss, _, given = whole.rpartition("/d")
    if not of_loss:
        return name
    for tensor in (*problem.inputs, *problem.parameters):
        first = tensor.entries.flat[0] if tensor.entries.dtype == object else None
        if tensor.name == given and isinstance(first, Variable) and first.index:
            return f"{of_loss}/d{first.letter}{via}{use}"
    return name
