"""A transposed convolution as a picture: what each element of the input stamps onto the output, and their sum."""

from collections.abc import Mapping, Sequence

import numpy as np

from cnncalc.arithmetic.base import Element
from cnncalc.language import Phrase, verbatim
from cnncalc.layers.base import Entry, Index
from cnncalc.layers.evaluate import value
from cnncalc.layers.windows.axis import Pair
from cnncalc.render.drawing.drawing import Drawing
from cnncalc.render.drawing.grid import Grid, Write, side_by_side
from cnncalc.scene import Scene

TITLE = Phrase(en="The stamps that add up to {made}", zh="逐个叠放，相加得到 {made}")
LEGEND = Phrase(
    en="each element of the input times the kernel, laid where it falls on the output (thick); empty: no share",
    zh="每个输入元素乘以卷积核，叠放在输出的粗框处；空格：无贡献",
)
STAMP = Phrase(en="{x} · kernel", zh="{x} · 卷积核")
MOST_CELLS, MOST_STAMPS = 8, 4


def stamps(scene: Scene, made: str, inputs: Mapping[Index, str], write: Write) -> Drawing | None:
    """Of the first output channel of the first sample; None where it is too large. `inputs` names elements of x."""
    y = scene["y"][0, 0]
    if max(y.shape) > MOST_CELLS:
        return None
    shares: dict[Index, dict[Pair, Element]] = {}
    for row, column in np.ndindex(*y.shape):
        for term in scene.layer.terms("y", (0, 0, row, column), scene.numbers, scene.tensors):
            read = next((one for one in term.factors if isinstance(one, Entry) and one.tensor == "x"), None)
            if read is not None:
                shares.setdefault(read.index, {})[row, column] = value([term], scene.numbers, scene.tensors)
    places = sorted(shares)
    shown: Sequence[Index | None] = places
    if len(places) > MOST_STAMPS:
        shown = [*places[: MOST_STAMPS - 2], None, places[-1]]
    parts: list[Grid | str] = []
    for place in shown:
        if place is None:
            parts += ["⋯", "+"]
            continue
        share = shares[place]
        rows, columns = zip(*share, strict=True)
        texts = [[write(share[at]).plain if (at := (i, j)) in share else "" for j in range(y.shape[1])]
                 for i in range(y.shape[0])]  # fmt: skip
        frame = (min(rows), min(columns)), (max(rows), max(columns))
        parts += [Grid(texts, STAMP.format(x=inputs[place]), shades=dict.fromkeys(share, 0.2), frames=[frame]), "+"]
    if "bias" in scene:
        parts += [write(scene["bias"][0]).plain, "+"]
    numbers = [[write(element) for element in row] for row in y]
    is_rounded = any(number.rounded or number.decimal is not None for row in numbers for number in row)
    whole = Grid([[number.plain for number in row] for row in numbers], verbatim(made))
    return side_by_side([[*parts[:-1], "≈" if is_rounded else "=", whole]], TITLE.format(made=made), LEGEND)
