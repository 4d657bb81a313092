"""The way back through a pool, a row for each window: its gradient, and which cells get how much of it."""

from collections.abc import Iterator

import numpy as np

from cnncalc.explaining import Explanation, explain
from cnncalc.language import Phrase, marked_up, verbatim
from cnncalc.layers.windows.pool import Pool
from cnncalc.render.builders.element import Elements
from cnncalc.render.document import Column, Table
from cnncalc.trace import Tensor, Trace

WINDOW = Phrase(en="window", zh="窗口")
ITS_GRADIENT = Phrase(en="its gradient", zh="窗口的梯度")
GOES_TO = Phrase(en="goes to", zh="传给")
EACH_GETS = Phrase(en="each gets", zh="各得")
CELLS = Phrase(en="{count} cells, {first} to {last}", zh="{first} 至 {last} 共 {count} 个单元")
NONE = Phrase(en="no cell of the input", zh="无（全在填充内）")
MOST_WINDOWS = 16
MOST_CELLS = 400
MOST_LISTED = 4


def ways_back(trace: Trace, tensor: Tensor, elements: Elements) -> Table | None:
    """The table of a pool's gradient by its input; None for another tensor, and where there are too many windows."""
    step, local = trace.maker(tensor)
    if step is None or local != "dx" or not isinstance(step.layer, Pool):
        return None
    gradient = trace[step.names["g"]]
    is_small = gradient.elements.size <= MOST_WINDOWS and tensor.elements.size <= MOST_CELLS
    if not (is_small or elements.everything):
        return None
    shares: dict[tuple[int, ...], list[Explanation]] = {index: [] for index in np.ndindex(gradient.shape)}
    amounts = {}
    for place in np.ndindex(tensor.shape):
        made = explain(trace, tensor, place)
        for term, entry in zip(made.terms, made.entries(), strict=True):
            index = made.read(entry).index
            shares[index].append(made)
            amounts[index] = trace.numbers.number(term.coefficient) * made.read(entry).value
    x, y = trace[step.names["x"]], trace[step.names["y"]]

    def told(tensor: Tensor, index: tuple[int, ...]) -> Phrase:
        return marked_up(f"${elements.source(tensor, index)}$")

    def number(element: object) -> Phrase:
        return verbatim(elements.number(element).plain)

    def rows() -> Iterator[tuple[Phrase, ...]]:
        for index, cells in shares.items():
            names = [told(x, made.index) for made in cells]
            if len(names) > MOST_LISTED:
                where = CELLS.format(count=len(names), first=names[0], last=names[-1])
            else:
                where = Phrase.enumerated(names) if names else NONE
            gets = number(amounts[index]) if cells else verbatim("")
            yield told(y, index), number(gradient.elements[index]), where, gets

    columns = Column(WINDOW), Column(ITS_GRADIENT, "right"), Column(GOES_TO), Column(EACH_GETS, "right")
    return Table(columns, tuple(rows()), elements.names)
