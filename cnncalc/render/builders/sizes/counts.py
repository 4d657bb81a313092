"""Tables of counts: connections, FLOPs, memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from cnncalc.language import Phrase, verbatim
from cnncalc.outline import BYTES, Outline, Row
from cnncalc.records import replace
from cnncalc.render.builders.sizes.outline import LAYER, TOTAL, count_of
from cnncalc.render.document import Block, Column, Document, Heading, Paragraph, Table

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
MEMORY = Phrase("Memory")
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
    blocks += [Heading(2, MEMORY), _by_layer(outline, (FORWARD, BACKWARD), _memory), *_held(outline)]
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
