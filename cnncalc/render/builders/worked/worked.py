"""The worked solution of a problem: a Document in the order of the sheet's questions, or of computation."""

from collections.abc import Iterable, Iterator, Sequence, Set

import numpy as np

from cnncalc.arithmetic.base import LEFT_OUT, Undecided
from cnncalc.language import Phrase, marked_up, verbatim
from cnncalc.layers.base import Layer, Shape, by
from cnncalc.lessons.lesson import lesson_of
from cnncalc.outline import options_of
from cnncalc.problem.names import quantity_name
from cnncalc.problem.problem import LayerEntry
from cnncalc.records import Record
from cnncalc.render.builders.descent import perceptron, repeated_shares
from cnncalc.render.builders.naming import step_names
from cnncalc.render.builders.sizes.quantity import ONE_NUMBER, quantity_blocks
from cnncalc.render.builders.sizes.words import options_in_words, typed
from cnncalc.render.builders.solution import NUMBERS, PATH, select, title_of
from cnncalc.render.builders.worked.given import given
from cnncalc.render.builders.worked.tensor import Length, WorkedTensor
from cnncalc.render.document import Block, Column, Document, Figure, Heading, Paragraph, Table
from cnncalc.render.drawing.network import network
from cnncalc.render.formula.formula_nodes import macro
from cnncalc.render.table.number import DEFAULT_DIGITS
from cnncalc.trace import PASSES, Tensor, Trace

TITLE = Phrase("Worked solution")
GIVEN = Phrase("What is given")
NETWORK = Phrase("The network, layer by layer:")
CIRCUIT = Phrase("The graph, node by node:")
TYPE = Phrase("{kind} (`{type}`)")
NETWORK_COLUMNS = (
    Column(Phrase("layer")),
    Column(Phrase("type")),
    Column(Phrase("takes")),
    Column(Phrase("input")),
    Column(Phrase("output")),
    Column(Phrase("options")),
)
SAMPLES = Phrase(
    "The input is a mini-batch of {count} sample{s}. The number of a sample, ${n}$, is the first index of every"
    " tensor that flows through the network."
)
QUESTION = Phrase("Question {number}")
BACKWARD = Phrase(
    "From here on the way leads back. The gradient of ${loss}$ with respect to a tensor says how much ${loss}$"
    " changes when one of its elements changes a little. By the chain rule it comes from the gradient of what was"
    " computed from that tensor: each element's effect on the next step, times the effect of that step on ${loss}$,"
    " added up over all paths."
)
BACKWARD_LOSS = Phrase(
    "It begins at ${loss}$, whose gradient with respect to itself is 1, and each layer hands its result on to the"
    " one before it."
)
MEETINGS = Phrase(
    "Where a tensor is used more than once, each use sends back a part of its gradient, written ${part}$; the parts"
    " are added up before the way leads on."
)
BACKWARD_UPSTREAM = Phrase(
    "It begins with the gradient that is given, and each layer hands its result on to the one before it."
)
ABOVE = Phrase("This stands above: {tensors}.")
NOT_ASKED = Phrase("Not asked for, but part of the same computation")
RESULTS = Phrase("All results")
RESULT_COLUMNS = (
    Column(Phrase("question")),
    Column(Phrase("tensor")),
    Column(Phrase("shape")),
    Column(Phrase("value")),
)
ALL_ZERO = Phrase("0 everywhere")
SEE_ABOVE = Phrase("see above")
TAKES = 2
"""Among the columns of the network: said only where it is not the layer above."""
MOST_VALUES = 12
LONGEST_VALUE = 56
METHODS = {
    "rotated": ("rotated",), "im2col": ("im2col",), "both": ("rotated", "im2col"), "matrix": ("matrix",), "none": ()
}  # fmt: skip
"""By the option's value, the ways to show for the gradients of convolutions beside the sums."""

SAME_EACH_TIME = {"im2col"}
"""The ways that teach nothing more at a second convolution; of a turned kernel another one is turned."""


class Wishes(Record):
    """What somebody wants to have in a worked solution."""

    title: str | None = None
    name: str | None = None
    """Whose work this is."""
    method: str | None = None
    """None: both ways, and of a brief solution the one with the kernel turned."""
    length: Length = "full"
    question: Sequence[str] | None = None
    """Only the answers to these questions."""
    digits: int = DEFAULT_DIGITS
    everything: bool = False
    """Never shorten a sum or a list of elements."""


@np.errstate(all="ignore")
def worked(trace: Trace, wishes: Wishes) -> Document:
    """The whole Document; raises UnknownSelection for questions that there are not."""
    problem = trace.problem
    if wishes.question:
        select(trace, (), wishes.question)
    is_brief = wishes.length == "brief"
    methods = METHODS[wishes.method or ("rotated" if is_brief else "both")]
    writer = WorkedTensor(trace, wishes.digits, wishes.everything, methods, wishes.length)
    writer.skips_large = is_brief and wishes.method is None
    if is_brief:
        writer.shown_once = set(methods)
    elif wishes.method is None and not wishes.everything:
        writer.shown_once = SAME_EACH_TIME
    title = wishes.title or problem.title
    blocks: list[Block] = [Heading(1, verbatim(title) if title else TITLE)]
    if wishes.name:
        blocks.append(Paragraph(verbatim(wishes.name), "byline"))
    if problem.source:
        blocks.append(Paragraph(verbatim(problem.source), "byline"))
    blocks.append(Paragraph(NUMBERS[trace.numbers.name].format(digits=wishes.digits)))
    shown: list[Tensor] = []
    asked = {trace.resolve(name) for names in problem.questions.values() for name in names}
    if not wishes.question:
        blocks.extend(_given(trace, writer))
    for section in _sections(trace, wishes.question or ()):
        if is_brief and section.heading is NOT_ASKED:
            continue
        blocks.append(Heading(2, section.heading))
        if any(tensor.stage == "update" for tensor in section.tensors):
            blocks.extend(perceptron(trace, wishes.digits))
        counted = [one for one in section.elsewhere if quantity_name(one.name)]
        elsewhere = [one for one in section.elsewhere if one not in counted]
        for one in counted:
            blocks.extend(quantity_blocks(trace.outline, one.name, *(quantity_name(one.name) or ("", "")), level=3))
        if elsewhere:
            listed = Phrase.enumerated(marked_up(f"${writer.elements.source(one)}$") for one in elsewhere)
            blocks.append(Paragraph(ABOVE.format(tensors=listed), names=writer.elements.names))
        # Where the winners of a pool stand is marked in its input.
        left_out = {tensor.name for tensor in section.tensors if is_brief and tensor.local == PATH}
        left_out = (left_out | repeated_shares(section.tensors, problem.update)) - asked
        for tensor, *others in writer.together([one for one in section.tensors if one.name not in left_out]):
            if tensor.stage == "backward" and not any(one.stage == "backward" for one in shown):
                blocks.extend(_backward(trace, writer, is_brief))
            blocks.extend(writer.all_vanish([tensor, *others]) if others else writer.blocks(tensor))
            shown += [tensor, *others]
    blocks += writer.solution.conventions_part(shown, problem.notices)
    if len(shown) > 1 and not is_brief:
        blocks.extend(_results(trace, writer, shown))
    return Document(tuple(blocks))


def _given(trace: Trace, writer: WorkedTensor) -> Iterator[Block]:
    """The tensors of the problem file, and the layers."""
    yield Heading(2, GIVEN)
    layers, loss = trace.problem.layers, trace.problem.loss
    if layers:
        # What joins single numbers is drawn with them.
        is_of_numbers = not any(tensor.shape for tensor in trace)
        yield Paragraph(CIRCUIT if is_of_numbers else NETWORK)
        rows = [_layer_row(one.name, one.layer, one.inputs, _shapes(one), one.output_shape) for one in layers]
        if loss is not None:
            last = layers[-1]
            rows.append(_layer_row(loss.name, loss.loss, (last.name,), by(last.output_shape), ()))
        # In a chain each layer takes what the one above it makes.
        names = [trace.problem.inputs[0].name, *(one.name for one in layers)]
        is_chain = all(one.inputs == (name,) for one, name in zip(layers, names, strict=False))
        shown = [at for at in range(len(NETWORK_COLUMNS)) if at != TAKES or not is_chain]
        columns = tuple(NETWORK_COLUMNS[at] for at in shown)
        table = Table(columns, tuple(tuple(row[at] for at in shown) for row in rows))
        is_full = writer.length == "everything"
        # The table stands in where nothing is drawn; in full it stands behind the drawing, and once.
        numbers = (
            {tensor.name: writer.elements.number(tensor.elements[()]) for tensor in trace} if is_of_numbers else {}
        )
        drawing = network(trace.problem, across=True, numbers=numbers)
        if drawing.is_legible_on_a_page:
            yield Figure(drawing, () if is_full else (table,))
        if is_full or not drawing.is_legible_on_a_page:
            yield table
    if trace.problem.batch is not None:
        count = trace.problem.batch
        yield Paragraph(SAMPLES.format(count=count, s="s" * (count != 1), n=r"\n"), names=step_names(trace, None))
    tensors = [tensor for tensor in trace if _is_given(trace, tensor)]
    if writer.length != "everything":
        # A convention of the rule says that what it remembers begins with zeros.
        tensors = [one for one in tensors if not one.is_state or not one.numbers.is_known_equal(one.elements, 0).all()]
    yield from given(writer, tensors)


def _shapes(entry: LayerEntry) -> str:
    """Those of a layer's inputs; one where all have the same."""
    return ", ".join(dict.fromkeys(by(shape) for shape in (entry.input_shape, *entry.operands.values())))


def _layer_row(name: str, layer: Layer, inputs: Sequence[str], x: str, y: Shape) -> tuple[Phrase, ...]:
    """One layer: what it is called, what it is, what it makes of what."""
    kind = lesson_of(layer).kind
    type_ = TYPE.format(kind=kind, type=layer.type) if kind.text("en") not in ("", layer.type) else verbatim(layer.type)
    type_ = type_.each(lambda text: text.replace("）（", "，"))
    options = options_in_words({name: typed(value) for name, value in options_of(layer).items()})
    takes = Phrase.enumerated(marked_up(f"`{taken}`") for taken in inputs)
    return marked_up(f"`{name}`"), type_, takes, verbatim(x), verbatim(by(y)), options


def _is_given(trace: Trace, tensor: Tensor) -> bool:
    return trace.maker(tensor)[0] is None and tensor.stage == "forward"


class _Section(Record):
    """A part of the solution; `elsewhere` are answers to its question that already stand somewhere above."""

    heading: Phrase
    tensors: Sequence[Tensor]
    elsewhere: Sequence[Tensor] = ()


def _sections(trace: Trace, only: Sequence[str]) -> Iterator[_Section]:
    """The tensors that are computed, under the question that they answer or lead up to; else by pass."""
    questions = trace.problem.questions
    order = [tensor for tensor in trace if not _is_given(trace, tensor)]
    shown: set[str] = set()
    if only:
        for number in dict.fromkeys(only):
            tensors = select(trace, (), [number])
            with_parts = {one.name: one for tensor in tensors for one in (*trace.parts(tensor), tensor)}
            fresh = [one for name, one in with_parts.items() if name not in shown and not quantity_name(name)]
            yield _Section(QUESTION.format(number=number), fresh, [tensor for tensor in tensors if tensor not in fresh])
            shown |= with_parts.keys()
        return
    in_order = _in_order(trace, order)
    if not questions:
        for stage in PASSES:
            members = [tensor for tensor in in_order if tensor.stage == stage]
            if members:
                yield _Section(title_of(trace, stage), members)
        return
    places = {tensor.name: place for place, tensor in enumerate(in_order)}

    def place_of(tensor: Tensor) -> tuple[int, bool]:
        # What is made on request stands right behind what it is made of.
        made_of = max((places.get(need, 0) for need in _needs(trace, tensor)), default=0)
        return places.get(tensor.name, made_of), tensor.name not in places

    for number in questions:
        tensors = select(trace, (), [number])
        asked = [tensor for tensor in tensors if tensor.name not in shown and not _is_given(trace, tensor)]
        # What an answer rests on stands in front of it, be it asked for later: a flatten, its gradient, a sum's parts.
        members = sorted(_with_grounds(trace, asked, shown), key=place_of)
        shown |= {tensor.name for tensor in members}
        yield _Section(QUESTION.format(number=number), members, [tensor for tensor in tensors if tensor not in asked])
    rest = [tensor for tensor in in_order if tensor.name not in shown]
    if rest:
        yield _Section(NOT_ASKED, rest)


def _in_order(trace: Trace, listed: Sequence[Tensor]) -> list[Tensor]:
    """All that is computed, in order; what is not listed stands in front of the first tensor that rests on it."""
    passes = ((*trace.steps, *trace.meetings), *trace.rounds)
    places = {step.name: (round_, at) for round_, steps in enumerate(passes) for at, step in enumerate(steps)}

    def place_of(tensor: Tensor) -> tuple[int, bool, int, int]:
        """A pass after the other, and in each forward, then back; of a layer, what its output is made of first."""
        step, is_gradient = trace.step(tensor.name), tensor.kind == "gradient"
        round_, at = places[step.name] if step is not None else (0, 0)
        inner = step.layer.auxiliaries if step is not None else ()
        made = inner.index(tensor.local) if tensor.local in inner else len(inner)
        # What is not listed of the first pass are parts of a gradient, in the order of their uses.
        return round_, is_gradient, -at if is_gradient and round_ else at, made

    found: dict[str, Tensor] = {}
    others = {tensor.name for tensor in listed}
    for tensor in listed:
        unlisted = _with_grounds(trace, map(trace.__getitem__, _needs(trace, tensor)), others | found.keys())
        found |= {one.name: one for one in (*sorted(unlisted, key=place_of), tensor)}
    return list(found.values())


def _with_grounds(trace: Trace, tensors: Iterable[Tensor], shown: Set[str]) -> list[Tensor]:
    """Tensors, and all that they are computed from, but for what is given or has been shown."""
    found: dict[str, Tensor] = {}
    left = list(tensors)
    for tensor in left:
        if tensor.name not in found and tensor.name not in shown and not _is_given(trace, tensor):
            found[tensor.name] = tensor
            left += map(trace.__getitem__, _needs(trace, tensor))
    return list(found.values())


def _needs(trace: Trace, tensor: Tensor) -> list[str]:
    """What a tensor is computed from, be it made on request."""
    step, local = trace.maker(tensor)
    if step is None:
        return []
    return [need for need in step.needs("y" if local in step.layer.on_request else local) if need in trace]


def _backward(trace: Trace, writer: WorkedTensor, is_brief: bool) -> Iterator[Block]:
    """What the backward pass is, in front of the first gradient."""
    if is_brief:
        return
    first = next(tensor for tensor in trace if tensor.stage == "backward")
    loss = trace.problem.loss_name
    sources = {"loss": f"\\{macro(loss)}" if loss in trace else loss, "first": writer.elements.source(first)}
    yield Paragraph(BACKWARD.format(**sources), names=writer.elements.names)
    is_of_itself = trace.problem.loss is not None or loss in trace
    begins = BACKWARD_LOSS if is_of_itself else BACKWARD_UPSTREAM
    yield Paragraph(begins.format(**sources), names=writer.elements.names)
    if trace.meetings:
        part = writer.elements.source(trace[trace.meetings[0].names["x"]])
        yield Paragraph(MEETINGS.format(part=marked_up(part)), names=writer.elements.names)


def _results(trace: Trace, writer: WorkedTensor, shown: Sequence[Tensor]) -> Iterator[Block]:
    """One row a tensor."""
    numbers = writer.solution.questions
    has_questions = bool(trace.problem.questions)
    rows: list[tuple[Phrase, ...]] = []
    listed = {tensor.name for tensor in trace}
    # The parts of a sum, or the layers after a step of descent, are on the way to what is asked.
    for tensor in [tensor for tensor in shown if tensor.name in listed or tensor.name in numbers]:
        shape = verbatim(by(tensor.shape)) if tensor.shape else ONE_NUMBER
        asked = verbatim(", ".join(numbers.get(tensor.name, ())))
        source = marked_up(f"${writer.elements.source(tensor)}$")
        rest = (source, shape, _value(trace, writer, tensor))
        rows.append((asked, *rest) if has_questions else rest)
    yield Heading(2, RESULTS)
    yield Table(RESULT_COLUMNS if has_questions else RESULT_COLUMNS[1:], tuple(rows), writer.elements.names)


def _value(trace: Trace, writer: WorkedTensor, tensor: Tensor) -> Phrase:
    """The elements where they are few, in one line."""
    if tensor.local != "path" and tensor.elements.size > 1 and trace.numbers.is_known_equal(tensor.elements, 0).all():
        return ALL_ZERO
    if tensor.elements.size > MOST_VALUES:
        return SEE_ABOVE
    try:
        text = _nested(tensor, (), writer) if tensor.shape else writer.elements.value(tensor, ()).both
    except Undecided:
        return SEE_ABOVE  # No work is left for it.
    is_told = not tensor.shape or (len(text) <= LONGEST_VALUE and LEFT_OUT not in text)
    return verbatim(text) if is_told else SEE_ABOVE


def _nested(tensor: Tensor, lead: tuple[int, ...], writer: WorkedTensor) -> str:
    if len(lead) == len(tensor.shape):
        return writer.elements.number(tensor.elements[lead]).text
    inner = (_nested(tensor, (*lead, i), writer) for i in range(tensor.shape[len(lead)]))
    return f"[{', '.join(inner)}]"
