"""How one element, or each element of a tensor, comes about: a Document."""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from math import prod
from shlex import quote

import numpy as np

from cnncalc.arithmetic.base import Undecided
from cnncalc.explaining import Explanation, Read, explain
from cnncalc.explaining import read as read_entry
from cnncalc.language import Phrase, marked_up, verbatim
from cnncalc.layers.base import Index
from cnncalc.lessons.lesson import Lesson, Reason, lesson_of, of_whole_tensors
from cnncalc.problem.names import jacobian_name, quantity_name
from cnncalc.render.builders.descent import told
from cnncalc.render.builders.element import Elements
from cnncalc.render.builders.naming import LONGEST_LETTERS, parameter_word, step_names, with_next
from cnncalc.render.builders.pictures import pictures
from cnncalc.render.builders.sizes.quantity import quantity_blocks
from cnncalc.render.builders.workings import CANCELS, cancels
from cnncalc.render.document import Block, Column, Document, Heading, Paragraph, Table
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.formula.term_formula import RELATIONS
from cnncalc.render.table.matrices import is_shortened, shown_indices
from cnncalc.render.table.number import DEFAULT_DIGITS
from cnncalc.step import Scene, Step
from cnncalc.step import scenes as steps_as_scenes
from cnncalc.trace import Tensor, Trace

TITLE = Phrase("How ${element}$ comes about")
EACH = Phrase("How each element of ${element}$ comes about")
GIVEN = Phrase("It is given in the problem: {role}.")
JACOBIAN = Phrase(
    "Rows are the elements of {of}, columns those of {by}, each counted in order. A row is what a backward pass"
    " gives that begins with 1 at that element of {of} and with 0 at all others."
)
ROLES = {
    "input": Phrase("the input"),
    "parameter": Phrase("{parameter} of {layer}"),
    "target": Phrase("the target of the loss `{layer}`"),
    "state": Phrase("what the rule remembers before the first step"),
    "upstream": Phrase("the gradient that comes in from outside"),
}
FORMULA = Phrase("The formula")
WORKING = Phrase("This element")
PICTURE = Phrase("Where it lies")
SOURCES = Phrase("Where the numbers come from")
COLUMNS = (Column(Phrase("element")), Column(Phrase("value"), "right"), Column(Phrase("comes from")))
FROM_PROBLEM = Phrase("given: {role}")
NOTHING = Phrase("no term adds to it")
MORE = Phrase("and {count} more")
NEXT = Phrase("Each of these can be explained in turn, for example: `{command}`")
SHORTENED = Phrase("{shown} of {count} elements are shown; `--all` shows all.")
TOO_MUCH = Phrase("The rest is left out: to do it exactly takes too much work.")
LEFT_OUT = Phrase("… stands for a sum of letters of more than {count} characters; `--all` writes it out.")
MOST_SOURCES = 10


@np.errstate(all="ignore")
def explanation(
    trace: Trace, tensor: Tensor, index: Index | None, digits: int = DEFAULT_DIGITS, everything: bool = False
) -> Document:
    """The Document of one element, or of a whole tensor where `index` is None."""
    asked = quantity_name(tensor.name)
    if asked is not None:
        return Document(tuple(quantity_blocks(trace.outline, tensor.name, *asked)))
    builder = ExplanationBuilder(trace, digits, everything)
    blocks: list[Block] = []
    try:
        for block in builder.whole(tensor) if index is None else builder.one(explain(trace, tensor, index)):
            blocks += (block,)
    except Undecided:
        blocks.append(Paragraph(TOO_MUCH, "note"))
    return Document(tuple(blocks))


class ExplanationBuilder:
    """The blocks of explanations in one trace."""

    def __init__(self, trace: Trace, digits: int, everything: bool) -> None:
        self.trace = trace
        self.everything = everything
        self.elements = Elements(trace, digits, everything)
        self.scenes = scenes(trace)

    def one(self, made: Explanation) -> Iterator[Block]:
        """One element: formula, working, pictures, and one level back."""
        elements = self.elements
        title = TITLE.format(element=elements.source(made.tensor, made.index))
        yield Heading(1, title, names=elements.names)
        yield from self.byline()
        if made.step is None:
            yield Paragraph(self.without_terms(made.tensor), names=elements.names)
            yield elements.working(made)
            return
        lesson, scene = lesson_of(made.step.layer), self.scene_of(made.step)
        yield from self.formula(made, lesson)
        yield Heading(2, WORKING)
        yield from self.working(made, lesson, scene)
        yield from self.remarks(lesson, scene, made.step, made.local)
        rows = pictures(made, elements, lesson.seen(scene, made.local, made.at), lesson.turned.get(made.local))
        if rows:
            yield Heading(2, PICTURE)
            yield from rows
        yield from self.sources(made)
        yield from self.gaps()

    def whole(self, tensor: Tensor) -> Iterator[Block]:
        """Each element of a tensor in turn, of a large one a choice."""
        elements = self.elements
        yield Heading(1, EACH.format(element=elements.source(tensor)), names=elements.names)
        yield from self.byline()
        axes = shown_indices(tensor.shape, not self.everything)
        indices = [i for i in product(*axes) if None not in i]
        limit = None if self.everything else self.most_elements(tensor)
        chosen: list[Index] = [tuple(j for j in i if j is not None) for i in islice(indices, limit)]
        for number, index in enumerate(chosen):
            made = explain(self.trace, tensor, index)
            if made.step is None:
                if number == 0:
                    yield Paragraph(self.without_terms(tensor), names=elements.names)
                yield elements.working(made)
                continue
            lesson = lesson_of(made.step.layer)
            if number == 0:
                yield from self.formula(made, lesson)
            yield from self.working(made, lesson, self.scene_of(made.step), letters=number == 0)
        if is_shortened(axes) or len(chosen) < len(indices):
            yield Paragraph(SHORTENED.format(shown=len(chosen), count=prod(tensor.shape)), "note")
        yield from self.gaps()

    def gaps(self) -> Iterator[Block]:
        """What … stands for, where it stands anywhere in what has been written since this was asked before."""
        if self.elements.leaves_out:
            self.elements.leaves_out = False
            yield Paragraph(LEFT_OUT.format(count=LONGEST_LETTERS), "note")

    def most_elements(self, tensor: Tensor) -> int:
        """How many elements are explained of a whole tensor: fewer where each of them takes long."""
        terms = len(explain(self.trace, tensor, (0,) * len(tensor.shape)).terms)
        return max(4, min(48, 480 // (terms + 1)))

    def byline(self) -> Iterator[Block]:
        """Which problem this is about."""
        if self.trace.problem.title:
            yield Paragraph(verbatim(self.trace.problem.title), "byline")

    def formula(self, made: Explanation, lesson: Lesson) -> Iterator[Block]:
        """What is computed and why, with letters."""
        assert made.step is not None
        formula = self.trace.formula(made.tensor.name)
        purpose = lesson.purpose_of(made.local, self.scene_of(made.step))
        if formula is None and purpose is None:
            return
        yield Heading(2, FORMULA)
        if purpose is not None:
            yield Paragraph(purpose, names=self.names(made.step))
        yield from self.formulas(made.tensor, made.step, made.local, lesson)

    def formulas(
        self, tensor: Tensor, step: Step, local: str, lesson: Lesson, has_chain: bool = True
    ) -> Iterator[Block]:
        """As matrices where courses write it so; the chain rule; what it comes to with the derivative put in."""
        names = step_names(self.trace, step)
        setting, formula = self.trace.setting(step), self.trace.formula(tensor.name)
        # Of a tensor that comes in twice, the derivative by it would be that by both.
        comes_in_once = step.uses().count(step.names.get(local[1:], "")) <= 1
        # What the gradients are of is itself made by a last function: its derivative would stand for itself.
        has_chain = has_chain and comes_in_once
        whole = lesson.matrices(setting).get(local) if has_chain else None
        if whole is None and formula is not None and self.trace.problem.has_letters:
            whole = of_whole_tensors(formula)
        # Behind the last function of an expression the chain rule would name the gradient itself.
        is_of_itself = step.names["y"] == self.trace.problem.loss_name
        chain = lesson.chain(setting).get(local) if has_chain and not is_of_itself else None
        for one in (whole, chain, formula):
            if one is not None:
                yield Formula(one, names)

    def working(self, made: Explanation, lesson: Lesson, scene: Scene, letters: bool = True) -> Iterator[Block]:
        """The steps of one element, and why it is as it is."""
        assert made.step is not None
        yield self.elements.working(made, letters, compared=lesson.compared(scene, made.local, made.at))
        if cancels(self.elements.number, made):
            yield Paragraph(CANCELS, "note")
        for reason in lesson.reasons(scene, made.local, made.at):
            yield Paragraph(self.reason(reason, made.step), "note", self.elements.names)

    def remarks(self, lesson: Lesson, scene: Scene, step: Step, local: str) -> Iterator[Block]:
        """What is worth noticing in a whole tensor, where it holds."""
        for remark in lesson.remarks(scene, local):
            phrase = self.reason(remark, step) if isinstance(remark, Reason) else remark
            yield Paragraph(phrase, "remark", self.names(step))

    def names(self, step: Step) -> Names:
        """The step's own macros, those of the next step, and those of all tensors."""
        return {**self.elements.names, **with_next(self.trace, step)}

    def reason(self, reason: Reason, step: Step) -> Phrase:
        """A reason with the elements that it speaks of put in."""
        about: dict[str, str] = {}
        for letter, entry in zip("abc", reason.about, strict=False):
            read = read_entry(self.trace, step, entry)
            number = self.elements.number(read.value)
            sign = RELATIONS[number.sign].strip()
            value = self.elements.number_source(number)
            about[letter + "_value"] = value
            about[letter] = f"${self.elements.source(read.tensor, read.index)} {sign} {value}$"
        return reason.phrase.each(lambda text: put_in(text, about))

    def scene_of(self, step: Step) -> Scene:
        """The step as lessons see it."""
        return next(one for one, known in zip(self.scenes, self.trace.all_steps, strict=True) if known is step)

    # One level back

    def sources(self, made: Explanation) -> Iterator[Block]:
        """A row for each element that was read and computed; given tensors in one row each."""
        given: dict[str, Read] = {}
        computed: dict[str, Read] = {}
        for read in map(made.read, made.entries()):
            is_given = self.trace.maker(read.tensor)[0] is None
            address = self.elements.address(read.tensor, read.index)
            (given if is_given else computed).setdefault(read.tensor.name if is_given else address, read)
        if not given and not computed:
            return
        rows = [self.source_row(read) for read in islice(computed.values(), MOST_SOURCES)]
        left = len(computed) - len(rows)
        if left:
            rows.append((MORE.format(count=left), verbatim(""), verbatim("")))
        for name, read in given.items():
            rows.append((marked_up(f"`{name}`"), verbatim(""), FROM_PROBLEM.format(role=self.role(read.tensor))))
        yield Heading(2, SOURCES)
        yield Table(COLUMNS, tuple(rows), self.elements.names)
        if computed:
            address = next(iter(computed))
            file = self.trace.problem.file
            command = f"cnncalc explain {'-' if file.startswith('<') else quote(file)} {quote(address)}"
            yield Paragraph(NEXT.format(command=command), "note")

    def source_row(self, read: Read) -> tuple[Phrase, Phrase, Phrase]:
        """An element, its number, and what it is made of."""
        elements = self.elements
        made = explain(self.trace, read.tensor, read.index)
        address = marked_up(f"`{elements.address(read.tensor, read.index)}`")
        return address, verbatim(elements.number(read.value).plain), self.origin(made)

    def origin(self, made: Explanation) -> Phrase:
        """The terms in one line where they are short, else the formula; why there are none where there are none."""
        assert made.step is not None
        elements = self.elements
        lines = [line for one in islice(elements.sums(made, letters=True), 1) for line in elements.laid_out(one, "=")]
        if len(lines) == 1:
            return marked_up(f"${lines[0].right}$")
        if not lines:
            reason = next(iter(lesson_of(made.step.layer).reasons(self.scene_of(made.step), made.local, made.at)), None)
            return NOTHING if reason is None else self.reason(reason, made.step)
        right = (self.trace.formula(made.tensor.name) or "").partition(" = ")[2]
        return marked_up(f"${self.elements.with_macros(right, made.step)}$")

    def without_terms(self, tensor: Tensor) -> Phrase:
        """What is said of what no layer's formula makes."""
        asked = jacobian_name(tensor.name)
        update = self.trace.problem.update
        if update is not None and tensor.stage == "update" and tensor.local in ("share", "rates"):
            return told(self.trace, tensor, update, self.elements)
        return JACOBIAN.format(of=asked[0], by=asked[1]) if asked else GIVEN.format(role=self.role(tensor))

    def role(self, tensor: Tensor) -> Phrase:
        """What a given tensor is."""
        if tensor.kind == "input":
            return ROLES["input"]
        if tensor.kind == "gradient":
            return ROLES["upstream"]
        if tensor.local.startswith("target"):
            return ROLES["target"].format(layer=tensor.layer)
        if tensor.is_state:
            return ROLES["state"]
        users = Phrase.listed(marked_up(f"`{user}`") for user in self.trace.users(tensor))
        return ROLES["parameter"].format(parameter=parameter_word(tensor.local), layer=users)


def put_in(text: str, about: Mapping[str, str]) -> str:
    """The fields `{a}`, … filled; all other braces are LaTeX's and stay."""
    for letter, meaning in about.items():
        text = text.replace(f"{{{letter}}}", meaning)
    return text


def scenes(trace: Trace) -> list[Scene]:
    """The steps of a trace as lessons see them; those of an update, and where gradients meet, stand alone."""
    base, batched, numbers = trace.problem.index_base, trace.problem.batch is not None, trace.numbers
    chain = steps_as_scenes(trace.steps, numbers, index_base=base, batched=batched)
    alone = (
        Scene(step.layer, numbers, step.tensors, step.names, index_base=base)
        for step in (*trace.meetings, *trace.after)
    )
    return [*chain, *alone]
