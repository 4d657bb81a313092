"""The window of a convolution at three positions: the image with its padding, the products below it, their sum."""

from collections.abc import Callable, Sequence

from cnncalc.arithmetic.base import Element
from cnncalc.language import Language, Phrase, verbatim
from cnncalc.layers.windows.axis import Pair
from cnncalc.lessons.convolution.pictures import Convolution
from cnncalc.records import dataclass
from cnncalc.render.drawing.drawing import Box, Drawing, Item, Text, text_width
from cnncalc.render.table.number import Number

TITLE = Phrase(en="The window of {y} at {count} positions", zh="计算 {y} 时窗口的 {count} 个位置")
LEGEND = Phrase(
    en="thick: the window; dashed: padding; below: kernel times input, cell by cell, and their sum",
    zh="粗框：窗口；虚线：填充；下方：卷积核与输入逐格相乘及其和",
)
SUM = Phrase(en="channel {c}: {sum}", zh="通道 {c}：{sum}")
LANGUAGES: tuple[Language, ...] = ("en", "zh")
SIZE, SMALL = 8.0, 7.0
HEIGHT = 13.0
GAP = 12.0
WIDEST = 480.0
"""Points of a row of positions."""
MOST_CELLS = 8
"""Rows and columns of an image, with its padding, and input channels that are drawn."""
MOST_CHANNELS = 3


@dataclass(frozen=True)
class Written:
    """How elements are written: the number of one, and the name of the output's element at an index (N first)."""

    number: Callable[[Element], Number]
    name: Callable[[Pair], str]

    def text(self, element: Element) -> str:
        """The number alone, as a decimal where it has one."""
        number = self.number(element)
        return number.text if number.decimal is None else number.decimal


def window(at: Convolution, y: str, written: Written) -> Drawing | None:
    """Of the first output channel of the first sample; None where it is too large to be read."""
    rows, columns = (
        range(min(0, int(axis.positions().min())), max(axis.size, int(axis.positions().max()) + 1))
        for axis in (at.window.rows, at.window.columns)
    )
    if max(len(rows), len(columns)) > MOST_CELLS or at.inputs > MOST_CHANNELS:
        return None
    high, wide = at.window.outputs
    outputs = list(dict.fromkeys(((0, 0), ((high - 1) // 2, wide // 2), (high - 1, wide - 1))))
    panels = [_Panel(at, output, rows, columns, written) for output in outputs]
    width = max(panel.width for panel in panels)
    if width > WIDEST:
        return None
    beside = max(1, int((WIDEST + GAP) // (width + GAP)))
    items: list[Item] = []
    for number, panel in enumerate(panels):
        down, across = divmod(number, beside)
        items += panel.items(across * (width + GAP), down * (panel.height + GAP))
    lines = -(-len(panels) // beside)
    bottom = lines * (panels[0].height + GAP)
    items.append(Text(0, bottom + HEIGHT / 2, LEGEND, "start", SMALL))
    legend = max(text_width(LEGEND.text(language), SMALL) for language in LANGUAGES)
    right = max(min(len(panels), beside) * (width + GAP), legend)
    return Drawing(right, bottom + HEIGHT, tuple(items), TITLE.format(y=y, count=len(panels)))


class _Panel:
    """One position: for each input channel the image and the products, then all sums."""

    def __init__(self, at: Convolution, output: Pair, rows: range, columns: range, written: Written) -> None:
        self.at, self.output, self.rows, self.columns = at, output, rows, columns
        self.images: list[dict[Pair, str]] = []
        self.products: list[list[str]] = []
        sums: list[Number] = []
        self.under = {
            (int(at.window.rows.positions()[output[0], p]), int(at.window.columns.positions()[output[1], q])): (p, q)
            for p, q in at.window.cells()
        }
        for c in range(at.inputs):
            image = {place: written.text(at.x[0, c][place]) for place in _places(rows, columns) if self.is_real(place)}
            self.images.append(image)
            total = at.numbers.number(0)
            products = []
            for place, cell in self.under.items():
                weight = at.laid[0, c][cell]
                products.append(f"{_factor(written.text(weight))}·{_factor(image.get(place, '0'))}")
                if place in image:
                    total = total + weight * at.x[0, c][place]
            self.products.append(products)
            sums.append(written.number(total))
        if "bias" in at.scene:
            sums.append(written.number(at.scene["bias"][0]))
        value = written.number(at.scene["y"][(0, 0, *output)])
        texts = [one.text if one.decimal is None else one.decimal for one in (*sums, value)]
        self.sums = texts[: at.inputs]
        is_rounded = any(one.rounded or (one.decimal is not None and one.decimal_rounded) for one in (*sums, value))
        added = " + ".join([texts[0], *map(_factor, texts[1:-1])])
        self.total = f"{written.name(output)} {'≈' if is_rounded else '='} {added}"
        if len(sums) > 1:
            self.total += f" {'≈' if is_rounded else '='} {texts[-1]}"
        self.cell = max(HEIGHT, *(text_width(text, SIZE) + 5 for image in self.images for text in image.values()))
        self.product = max(text_width(text, SIZE) + 5 for products in self.products for text in products)
        kernel = at.kernel
        self.width = max(
            len(columns) * self.cell, kernel[1] * self.product, text_width(self.total, SIZE),
            *(text_width(one.text(language), SIZE) for one in self.labels() for language in LANGUAGES),
        )  # fmt: skip
        self.each = HEIGHT * (len(rows) + kernel[0] + 1) + GAP
        self.height = at.inputs * self.each + HEIGHT

    def is_real(self, place: Pair) -> bool:
        """Whether the place lies on the image, and not on its padding."""
        height, width = self.at.x.shape[2:]
        return place[0] in range(height) and place[1] in range(width)

    def labels(self) -> list[Phrase]:
        """What stands below the products of each channel."""
        return [SUM.format(c=c + self.at.base, sum=text) for c, text in enumerate(self.sums)]

    def items(self, left: float, top: float) -> list[Item]:
        """Everything, from its upper left corner."""
        items: list[Item] = []
        for c, (image, products, label) in enumerate(zip(self.images, self.products, self.labels(), strict=True)):
            y = top + c * self.each
            for row, column in _places(self.rows, self.columns):
                x0, y0 = left + (column - self.columns[0]) * self.cell, y + (row - self.rows[0]) * HEIGHT
                covered = (row, column) in self.under
                is_padding = (row, column) not in image
                items.append(Box(x0, y0, self.cell, HEIGHT, dashed=is_padding, shade=0.2 if covered else 0.0))
                text = image.get((row, column), "0")
                items.append(Text(x0 + self.cell / 2, y0 + HEIGHT / 2, verbatim(text), size=SIZE))
            start, *_, last = *self.under, list(self.under)[-1]
            x0, y0 = left + (start[1] - self.columns[0]) * self.cell, y + (start[0] - self.rows[0]) * HEIGHT
            wide, high = (last[1] - start[1] + 1) * self.cell, (last[0] - start[0] + 1) * HEIGHT
            items.append(Box(x0, y0, wide, high, thick=True))
            y += len(self.rows) * HEIGHT + GAP / 2
            across = self.at.kernel[1]
            for number, text in enumerate(products):
                x0, y0 = left + number % across * self.product, y + number // across * HEIGHT
                items.append(Box(x0, y0, self.product, HEIGHT))
                items.append(Text(x0 + self.product / 2, y0 + HEIGHT / 2, verbatim(text), size=SIZE))
            y += self.at.kernel[0] * HEIGHT
            items.append(Text(left, y + HEIGHT / 2, label, "start", SIZE))
        items.append(Text(left, top + self.height - HEIGHT / 2, verbatim(self.total), "start", SIZE, bold=True))
        return items


def _places(rows: Sequence[int], columns: Sequence[int]) -> list[Pair]:
    return [(row, column) for row in rows for column in columns]


def _factor(text: str) -> str:
    """A number behind a sign: one with a minus of its own in parentheses."""
    return f"({text})" if text.startswith("-") else text
