"""An outline as a Document: layers and counts, how each size comes about, how far each sees; and as JSON."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from cnncalc.language import NOTHING, Phrase, verbatim
from cnncalc.layers.base import by
from cnncalc.layers.windows.axis import SizeRule
from cnncalc.outline import BYTES, Outline, Row
from cnncalc.records import replace
from cnncalc.render.builders.sizes.words import kind_of, layer_in_words
from cnncalc.render.data.json import attributes, plain, records
from cnncalc.render.document import Block, Column, Document, Heading, Paragraph, Table
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import text

INTRODUCTION = Phrase("Input {shape}. All sizes and counts are those of one sample.")
TRAINING = Phrase("Training")
COUNTED_IN_TRAINING = ("examples", "batch", "steps_per_epoch", "epochs", "steps")
OF_TRAINING = (
    Phrase(
        "Steps of an epoch: {examples:example|examples} in mini-batches of {batch} make {steps_per_epoch:step|steps}."
    ),
    Phrase("{epochs:epoch|epochs} · {steps_per_epoch:step|steps} = {steps:step|steps}, each an update of the weights."),
)
LAYERS = Phrase(en="Layers", zh="各层")
SIZES = Phrase("How the sizes come about")
VIEWS = Phrase("Memory and receptive fields")
LAYER, TYPE, OUTPUT = Phrase("Layer"), Phrase("Type"), Phrase("Output")
WEIGHTS, BIASES = Phrase("Weights"), Phrase("Biases")
MULTIPLICATIONS = Phrase("Multiplications")
ACTIVATIONS, MEMORY = Phrase("Activations"), Phrase("Bytes")
FIELD, JUMP = Phrase("Receptive field"), Phrase(en="Step", zh="步距")
SUMMARY = Phrase("In all")
TOTAL = Phrase("total")
SHARED = Phrase("Shared with a layer above, and counted there: {names}.")
PARAMETERS_OF = Phrase("Parameters: {count}")
MULTIPLICATIONS_OF = Phrase("Multiplications: {count}")
SUMMED = (
    Phrase("Parameters: {weights} in weights + {biases} in biases = {parameters}, {parameter_bytes} bytes."),
    Phrase("Activations: {activations} ({activation_bytes} bytes); those of the input are not counted."),
    Phrase("Multiplications are those with weights, one for each weight at each position, on padding too."),
    Phrase("A number takes {size} bytes (float32)."),
    Phrase(
        "A receptive field counts the padding; behind a layer that sees everything it is what is seen of the input."
    ),
    Phrase("The step is how many rows and columns of the input lie between the fields of two neighbours."),
)
ROWS, COLUMNS = Phrase("rows"), Phrase("columns")
BOTH = Phrase("rows and columns")
LOST = Phrase("The division leaves {rest}; {what} at the end that lie in no window: {unseen}.")
PADDING_LOST = Phrase("The division leaves {rest} ({what}): only padding lies in no window.")
DROPPED = Phrase(
    "Rounded up, the last window would begin behind the image ({what}), in the padding or beyond it: it is dropped."
)
UNSEEN = Phrase("In no window at the end: {unseen} ({what}).")
OVER_THE_EDGE = Phrase("The division leaves {rest} ({what}) and is rounded up: the last window reaches over the edge.")


def outline_document(outline: Outline) -> Document:
    """The whole Document."""
    problem = outline.problem
    blocks: list[Block] = [Heading(1, verbatim(problem.title))] if problem.title else []
    if problem.source:
        blocks.append(Paragraph(verbatim(problem.source)))
    blocks += training(outline)
    if not outline.rows and problem.training is not None:
        return Document(tuple(blocks))
    blocks.append(Paragraph(INTRODUCTION.format(shape=by(outline.input))))
    blocks += [Heading(2, LAYERS), _counts(outline)]
    explained = [block for row in outline for block in _explained(row)]
    if explained:
        blocks += [Heading(2, SIZES), *explained]
    blocks += [Heading(2, VIEWS), _views(outline)]
    values = {
        "weights": sum(row.weights for row in outline),
        "biases": sum(row.biases for row in outline),
        "parameters": outline.parameters,
        "parameter_bytes": BYTES * outline.parameters,
        "activations": outline.activations,
        "activation_bytes": BYTES * outline.activations,
        "size": BYTES,
    }
    blocks += [Heading(2, SUMMARY), *(Paragraph(phrase.format(**values), "item") for phrase in SUMMED)]
    return Document(tuple(blocks))


def training(outline: Outline) -> Iterator[Block]:
    """How epochs and steps belong together, where the file asks for it."""
    counts = outline.problem.training
    if counts is not None:
        yield Heading(2, TRAINING)
        values = {name: str(getattr(counts, name)) for name in COUNTED_IN_TRAINING}
        yield from (Paragraph(said.format(**values)) for said in OF_TRAINING)


def _counts(outline: Outline) -> Table:
    """What each layer gives, and the parameters and multiplications that it takes."""
    columns = [Column(heading) for heading in (LAYER, TYPE)] + [Column(OUTPUT, "right")]
    columns += [Column(heading, "right") for heading in (WEIGHTS, BIASES, MULTIPLICATIONS)]
    rows = [
        (
            *(verbatim(row.name), kind_of(row.type), verbatim(by(row.shape))),
            *map(count_of, (row.weights, row.biases, row.multiplications)),
        )
        for row in outline
    ]
    sums = (sum(row.weights for row in outline), sum(row.biases for row in outline), outline.multiplications)
    return Table(tuple(columns), (*rows, (TOTAL, NOTHING, NOTHING, *(verbatim(str(number)) for number in sums))))


def _views(outline: Outline) -> Table:
    """What each layer's output takes in memory, and what it sees of the input."""
    columns = (Column(LAYER), *(Column(heading, "right") for heading in (ACTIVATIONS, MEMORY, FIELD, JUMP)))
    rows = [
        tuple(
            map(
                verbatim,
                (
                    row.name, str(row.activations), str(BYTES * row.activations),
                    by(row.receptive_field or ()), by(row.jump or ()),
                ),
            )
        )
        for row in outline
    ]  # fmt: skip
    sums = verbatim(str(outline.activations)), verbatim(str(BYTES * outline.activations))
    return Table(columns, (*rows, (TOTAL, *sums, NOTHING, NOTHING)))


def _explained(row: Row) -> Iterator[Block]:
    """How the size and the counts of one layer come about; nothing for one that changes no size and has none."""
    if not row.rules and not row.parameters and not row.shared:
        return
    yield Heading(3, verbatim(row.name), layer_in_words(row.type, row.options))
    yield from _rules(row)
    if row.shared:
        yield Paragraph(SHARED.format(names=Phrase.enumerated(row.shared)), "note")
    yield from filter(None, (parameters_of(row), multiplications_of(row)))
    yield from _remarks(row)


def size_blocks(row: Row) -> Iterator[Block]:
    """How the size of one layer comes about."""
    yield from _rules(row)
    yield from _remarks(row)


def _rules(row: Row) -> Iterator[Block]:
    for letters, rule in together(row.rules):
        left = "".join(f"{letter} = " for letter in letters)
        yield Formula(f"{left}{rule.numbers} = {rule.value}")


def parameters_of(row: Row) -> Paragraph | None:
    """The count of weights and biases as a product of sizes; None where there are none."""
    if not row.parameters:
        return None
    products = [_product(kernel) for kernel in row.kernels] + [str(row.biases)] * (row.biases > 0)
    return Paragraph(PARAMETERS_OF.format(count=_equation(" + ".join(products), row.parameters)), "note")


def multiplications_of(row: Row) -> Paragraph | None:
    """Weights times places; None where nothing is multiplied with weights."""
    if not row.multiplications:
        return None
    count = str(row.multiplications)
    if row.weights and row.multiplications > row.weights and row.multiplications % row.weights == 0:
        count = _equation(_product((row.weights, row.multiplications // row.weights)), row.multiplications)
    return Paragraph(MULTIPLICATIONS_OF.format(count=count), "note")


def _remarks(row: Row) -> Iterator[Paragraph]:
    """What a division that leaves something over means, and a window that is dropped."""
    if len(row.rules) != 2:
        return
    words: Mapping[str, Phrase] = {"H": ROWS, "W": COLUMNS, "HW": BOTH}
    for letters, rule in together(row.rules):
        values = {"rest": rule.rest, "unseen": rule.unseen, "what": words["".join(letters)]}
        if rule.drops:
            yield Paragraph(DROPPED.format(**values), "note")
            if rule.unseen:
                yield Paragraph(UNSEEN.format(**values), "note")
        elif rule.rest:
            phrase = LOST if rule.unseen else OVER_THE_EDGE if r"\lceil" in rule.numbers else PADDING_LOST
            yield Paragraph(phrase.format(**values), "note")


def together(rules: Sequence[SizeRule]) -> list[tuple[list[str], SizeRule]]:
    """The rules with the letters of their axes; rows and columns are told once where they are alike."""
    if len(rules) != 2:
        return [([], rule) for rule in rules]
    if rules[0] == rules[1]:
        return [(["H", "W"], rules[0])]
    return [(["H"], rules[0]), (["W"], rules[1])]


def _product(sizes: Sequence[int]) -> str:
    return "·".join(map(str, sizes))


def _equation(left: str, value: int) -> str:
    return left if left == str(value) else f"{left} = {value}"


def count_of(number: int) -> Phrase:
    """An empty cell says more clearly than 0 that a layer has none."""
    return verbatim(str(number) if number else "")


FURTHER = ("connections", "flops", "operations")


def outline_json(outline: Outline, further: bool = False) -> str:
    """One JSON object, a layer a line. Shapes are without N, counts are for one sample."""
    head: dict[str, Any] = {
        "format": "cnncalc-shapes/1",
        "title": outline.problem.title,
        "input": list(outline.input),
        "batch": outline.problem.batch,
        **attributes(outline, "parameters", "multiplications", "activations"),
    }
    layers = list(map(_layer, outline))
    if further:
        where, most = outline.peak
        head |= {**{kind: outline.total(kind) for kind in FURTHER}, "peak": {"layer": where, "numbers": most}}
        layers = [
            {**layer, **attributes(row, *FURTHER), "fans": row.fans and list(row.fans)}
            for layer, row in zip(layers, outline, strict=True)
        ]
    return records(head, "layers", layers)


def _layer(row: Row) -> dict[str, Any]:
    return {
        **attributes(row, "name", "type", "shape", "weights", "biases", "shared", "multiplications"),
        "receptive_field": list(row.receptive_field) if row.receptive_field else None,
        "jump": [_number(size) for size in row.jump] if row.jump else None,
        "options": {name: plain(value) for name, value in row.options.items()},
        "rules": [_rule(rule) for rule in row.rules],
    }


def _rule(rule: SizeRule) -> dict[str, Any]:
    (line,) = text(Formula(rule.numbers))
    return {"rule": line, **attributes(rule, "value", "rest", "unseen")}


def _number(size: Fraction) -> int | float:
    return int(size) if size.denominator == 1 else float(size)


TITLE = Phrase("Further counts")
PER_SAMPLE = Phrase("All counts are those of one sample.")
OPERATIONS = Phrase("Connections and operations")
CONNECTIONS = Phrase("Connections")
MACS, FLOPS = Phrase("MACs"), Phrase("FLOPs = 2·MACs")
EXACTLY = Phrase("Operations")
SAID = (
    Phrase("A connection is one weight, or one bias, at one element of the output; on padding too."),
    Phrase(
        "Two conventions: a multiplication with its addition counts as two operations (FLOPs = 2·MACs), or a sum of"
        " n products as n multiplications and n − 1 additions, with one more for a bias (operations)."
    ),
)
VARIANCES = Phrase("Variances of the weights at the start")
FAN_IN, FAN_OUT = Phrase("fan in"), Phrase("fan out")
HE, XAVIER = (Phrase("He: 2/fan in"), Phrase("Xavier: 2/(fan in + fan out)"))
IN_MEMORY = Phrase("Memory")
FORWARD, BACKWARD = Phrase(en="Forward", zh="前向"), Phrase(en="Backward", zh="反向")
OF_MEMORY = (
    Phrase(
        "Forward: the bytes of a layer's output. Backward: those of its gradient, and of the gradients of its"
        " parameters. A number takes {size} bytes."
    ),
    Phrase("Without training the most is held at `{peak}`: {inference} bytes; what is no longer used is given up."),
    Phrase(
        "Training keeps the input, all outputs, the parameters and their gradients: {training} bytes, at the end of"
        " the forward pass with the gradient of the last output on top: {most} bytes."
    ),
)


def counts_document(outline: Outline) -> Document:
    """The whole Document."""
    blocks: list[Block] = [Heading(1, TITLE), Paragraph(PER_SAMPLE)]
    blocks += [Heading(2, OPERATIONS), _operations(outline), *(Paragraph(one, "item") for one in SAID)]
    trained = [row for row in outline if row.fans]
    if trained:
        variances = _by_layer(trained, (FAN_IN, FAN_OUT, HE, XAVIER), _variances)
        blocks += [Heading(2, VARIANCES), variances]
    blocks += [Heading(2, IN_MEMORY), _by_layer(outline, (FORWARD, BACKWARD), _memory), *_held(outline)]
    return Document(tuple(blocks))


def _by_layer(rows: Iterable[Row], heads: Sequence[Phrase], cells: Callable[[Row], Iterable[Phrase]]) -> Table:
    columns = (Column(LAYER), *(Column(head, "right") for head in heads))
    return Table(columns, tuple((verbatim(row.name), *cells(row)) for row in rows))


def _operations(outline: Outline) -> Table:
    kinds = ("connections", "multiplications", "flops", "operations")
    heads = (CONNECTIONS, MACS, FLOPS, EXACTLY)
    table = _by_layer(outline, heads, lambda row: (count_of(getattr(row, kind)) for kind in kinds))
    return replace(table, rows=(*table.rows, (TOTAL, *(count_of(outline.total(kind)) for kind in kinds))))


def _held(outline: Outline) -> Iterator[Block]:
    peak, inference = outline.peak
    rows = list(outline)
    training = BYTES * (outline.held + outline.activations + 2 * outline.parameters)
    values = {
        "size": BYTES,
        "peak": peak,
        "inference": BYTES * inference,
        "training": training,
        "most": training + BYTES * (rows[-1].activations if rows else 0),
    }
    for phrase in OF_MEMORY:
        yield Paragraph(phrase.format(**values), "item")


def _memory(row: Row) -> Iterator[Phrase]:
    return map(count_of, (row.memory, BYTES * (row.activations + row.parameters)))


def _variances(row: Row) -> Iterator[Phrase]:
    for number in (row.fan_in, row.fan_out, row.he_variance, row.xavier_variance):
        yield verbatim(f"{number} ≈ {float(number):.6g}" if isinstance(number, Fraction) else str(number))
