"""Tables of counts: connections, FLOPs, memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from cnncalc.language import Phrase, verbatim
from cnncalc.outline import BYTES, Outline, Row
from cnncalc.records import replace
from cnncalc.render.builders.sizes.outline import LAYER, TOTAL, count_of
from cnncalc.render.document import Block, Column, Document, Heading, Paragraph, Table

TITLE = Phrase(en="Further counts", zh="更多计数")
PER_SAMPLE = Phrase(en="All counts are those of one sample.", zh="所有计数均针对单个样本。")
OPERATIONS = Phrase(en="Connections and operations", zh="连接数与运算量")
CONNECTIONS = Phrase(en="Connections", zh="连接数")
MACS, FLOPS = Phrase(en="MACs", zh="乘加（MAC）"), Phrase(en="FLOPs = 2·MACs", zh="FLOPs = 2·MAC")
EXACTLY = Phrase(en="Operations", zh="运算次数")
SAID = (
    Phrase(
        en="A connection is one weight, or one bias, at one element of the output; on padding too.",
        zh="连接：输出的每个元素上每个权重（或偏置）计一次，填充处也计入。",
    ),
    Phrase(
        en="Two conventions: a multiplication with its addition counts as two operations (FLOPs = 2·MACs), or a sum of"
        " n products as n multiplications and n − 1 additions, with one more for a bias (operations).",
        zh="两种约定：一次乘加计为两次运算（FLOPs = 2·MAC）；或 n 个乘积之和计为 n 次乘法与 n − 1 次加法，有偏置再加"
        " 1 次（运算次数）。",
    ),
)
VARIANCES = Phrase(en="Variances of the weights at the start", zh="权重初始化的方差")
FAN_IN, FAN_OUT = Phrase(en="fan in", zh="扇入"), Phrase(en="fan out", zh="扇出")
HE, XAVIER = (
    Phrase(en="He: 2/fan in", zh="He：2/扇入"),
    Phrase(en="Xavier: 2/(fan in + fan out)", zh="Xavier：2/(扇入 + 扇出)"),
)
MEMORY = Phrase(en="Memory", zh="内存")
FORWARD, BACKWARD = Phrase(en="Forward", zh="前向"), Phrase(en="Backward", zh="反向")
OF_MEMORY = (
    Phrase(
        en="Forward: the bytes of a layer's output. Backward: those of its gradient, and of the gradients of its"
        " parameters. A number takes {size} bytes.",
        zh="前向：该层输出所占字节。反向：输出梯度及其参数梯度所占字节。每个数占 {size} 字节。",
    ),
    Phrase(
        en="Without training the most is held at `{peak}`: {inference} bytes; what is no longer used is given up.",
        zh="不训练时，最多的内存用于 `{peak}`：{inference} 字节（不再使用的张量随即释放）。",
    ),
    Phrase(
        en="Training keeps the input, all outputs, the parameters and their gradients: {training} bytes, at the end of"
        " the forward pass with the gradient of the last output on top: {most} bytes.",
        zh="训练时保留输入、所有输出、参数及其梯度：{training} 字节；加上前向结束时最后输出的梯度：{most} 字节。",
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
