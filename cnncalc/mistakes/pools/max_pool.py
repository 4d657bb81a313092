"""What people get wrong in a max pool: its output, the path of its winners, its gradient."""

from collections.abc import Iterator
from functools import partial, reduce
from itertools import product
from math import prod
from typing import Any

import numpy as np

from cnncalc.layers.pools import AvgPool, MaxPool
from cnncalc.mistakes.families import BEFORE_ACTIVATION, BEHIND
from cnncalc.mistakes.pools.base import GRADIENT_STRIDE, NOT_UNPOOLED, OPTIONS, OVERWRITTEN, Pooled
from cnncalc.mistakes.take import Records, need

MANY_WINDOWS = 64
"""Windows up to which each is tried for a maximum that was misread."""
MANY_TIES = 6
"""Windows with a tie up to which each may have gone either way."""
MANY_CELLS = 256
"""Cells of all windows together up to which each is tried for a gradient that was misplaced."""


class Winning(Pooled):
    """A step of a max pool: who wins its windows, or would."""

    @property
    def absolute(self) -> Any:
        return self.where(self.above(self.x), self.x, -self.x)

    @property
    def seen(self) -> Any:
        """What each window sees of x; 0 in the padding."""
        return self.window.view(self.window.canvas(self.numbers, self.x))

    def won_at(self, path: Any) -> Any:
        """Which cell of each window lies where a path says."""
        rows, columns = self.window.rows.positions(), self.window.columns.positions()
        row = path[..., 0][..., None] == rows[:, None]
        column = path[..., 1][..., None] == columns
        return row[..., :, None] & column[..., None, :]

    @property
    def tied(self) -> Any:
        """Which cells of each window are as large as its maximum."""
        seen = self.seen
        tied = np.zeros(seen.shape, dtype=bool)
        on_image = np.broadcast_to(self.real, seen.shape)
        largest = np.broadcast_to(self.again(of="y")[..., None, None], seen.shape)
        tied[on_image] = self.numbers.is_equal(seen[on_image], largest[on_image])
        return tied

    @property
    def others_of_tied(self) -> Iterator[Any]:
        """Other winners, alone: the last in row order, the first in column order, or any, as rounding decides it."""
        tied = self.tied
        windows = tied.reshape(-1, tied.shape[-2] * tied.shape[-1])
        along = tied.swapaxes(-1, -2).reshape(windows.shape).argmax(axis=1)
        rows, columns = tied.shape[-2:]
        first = windows.argmax(axis=1)
        chosen = [windows.shape[1] - 1 - windows[:, ::-1].argmax(axis=1), along % rows * columns + along // rows]
        several = np.flatnonzero(windows.sum(axis=1) > 1)
        ways = [np.flatnonzero(windows[at]) for at in several]
        if len(ways) <= MANY_TIES and prod(map(len, ways)) <= MANY_WINDOWS:
            for cells in product(*ways):
                chosen.append(first.copy())
                chosen[-1][several] = cells
        for cells in chosen:
            if (cells != first).any():
                yield (np.arange(windows.shape[1]) == cells[:, None]).reshape(tied.shape)

    @property
    def winners(self) -> tuple[Any, Any]:
        """The cells that get the gradient of each window, and what each of them gets."""
        if self.layer.ties == "first":
            return self.won_at(self.path), self.g
        tied = self.tied
        return tied, self.g / self.numbers.array(tied.sum(axis=(-2, -1)))

    @property
    def lost_to_padding(self) -> Any:
        """Which windows reach into the padding and see nothing above 0."""
        return ~self.real.all(axis=(-2, -1)) & self.above(-self.again(of="y"))


win = Records(Winning)
"""A mistake whose ways see the winners."""


def by_absolute(s: Winning) -> Iterator[Any]:
    won = s.won_at(s.again(of="path", x=s.absolute))
    if s.tensor == "dx":
        yield s.at_cells(won, s.g)
        return
    yield s.sum(s.where(won, s.seen), -2, -1)
    yield s.again(x=s.absolute)


def by_least(s: Winning) -> Any:
    if s.tensor == "y":
        return -s.again(x=-s.x)
    path = s.again(of="path", x=-s.x)
    return s.numbers.array(path) if s.tensor == "path" else s.at_cells(s.won_at(path), s.g)


def across_channels(s: Winning) -> Any:
    y = s.again()
    need(y.shape[1] > 1)
    channels = [y[:, channel : channel + 1] for channel in range(y.shape[1])]
    return reduce(lambda best, other: s.where(s.above(other, best), other, best), channels)


def second_largest(s: Winning) -> Iterator[Any]:
    y, seen = s.again(), s.seen
    need(y.size <= MANY_WINDOWS)
    below = s.real & ~s.tied
    for at in np.ndindex(y.shape):
        rest = [seen[(*at, *cell)] for cell in s.window.cells() if below[(*at, *cell)]]
        if rest:
            wrong = y.copy()
            wrong[at] = reduce(lambda a, b: b if s.above(b, a) else a, rest)
            yield wrong


def in_window(s: Winning) -> Any:
    path, place = s.again(), s.window
    row = path[..., 0] - place.rows.positions()[:, :1]
    column = path[..., 1] - place.columns.positions()[:, 0]
    return s.numbers.array(np.stack([row, column], axis=-1))


def with_padding(s: Winning) -> Any:
    before = (s.window.rows.before, s.window.columns.before)
    return before != (0, 0) and s.numbers.array(s.again() + np.asarray(before))


def to_others(s: Winning) -> Any:
    """The other of tied cells: in dx they get all, in the path they are named."""
    if s.tensor == "dx":
        return [s.at_cells(won, s.g) for won in s.others_of_tied]
    return [s.numbers.array(_path(s, won)) for won in s.others_of_tied]


def _path(s: Winning, won: Any) -> Any:
    place = s.window
    p, q = np.divmod(won.reshape(*won.shape[:-2], -1).argmax(axis=-1), place.columns.kernel)
    row = place.rows.positions()[np.arange(place.outputs[0])[:, None], p]
    column = place.columns.positions()[np.arange(place.outputs[1]), q]
    return np.stack([row, column], axis=-1)


def one_misplaced(s: Winning) -> Iterator[Any]:
    place, g = s.window, s.g
    need(s.layer.ties == "first" and g.size * place.rows.kernel * place.columns.kernel <= MANY_CELLS)
    path = s.again(of="path")
    right, tied = s.again(path=path), s.tied
    for n, c, i, j in np.ndindex(g.shape):
        row, column = path[n, c, i, j].tolist()
        for cell in place.cells():
            position = place.position((i, j), cell)
            if position is not None and not tied[n, c, i, j, *cell]:
                dx = right.copy()
                dx[n, c, row, column] = dx[n, c, row, column] - g[n, c, i, j]
                dx[n, c, position[0], position[1]] = dx[n, c, position[0], position[1]] + g[n, c, i, j]
                yield dx


def transposed_cell(s: Winning) -> Any:
    won, share = s.winners
    return won.shape[-1] == won.shape[-2] > 1 and s.at_cells(won.swapaxes(-1, -2), share)


AVERAGE = win("average-instead-of-maximum: y dx")(
    "This is average pooling; max pooling takes the largest number of each window, and the whole gradient of the window"
    " goes to that cell.",
    lambda s: [partial(s.again, s.as_pool(AvgPool, counts)) for counts in (True, False)],
)
LEAST = win("minimum-instead-of-maximum: y path dx", by_least)(
    "The smallest number of each window was taken; max pooling takes the largest."
)
ABSOLUTE = win("maximum-by-absolute-value: y dx", by_absolute)(
    "The numbers were compared by their absolute values; the sign counts: −5 is less than 1."
)
ZERO_PADDING = win("padding-counted-as-zero: y dx")(
    "The padding was taken as 0 and won windows whose cells are all negative; the padding of a max pool is −∞ and never"
    " wins.",
    lambda s: (
        s.where(~s.lost_to_padding, s.again()) if s.tensor == "y" else s.again(g=s.where(~s.lost_to_padding, s.g))
    ),
)
OTHER_TIED = win("~tie-to-another: path dx", to_others)(
    "where several cells hold the maximum, another of them was taken: the last, the first in column order, or the one"
    " that rounding made the largest. See this problem's rule for ties; by default it is the first in row order."
)

FORWARD = (
    AVERAGE.of("y"),
    LEAST.of("y"),
    ABSOLUTE.of("y"),
    win("sum-instead-of-maximum: y", lambda s: s.sum(s.seen, -2, -1))(
        "The numbers of each window were added up; max pooling takes the largest."
    ),
    ZERO_PADDING.of("y"),
    win("maximum-started-at-zero: y", lambda s: s.where(s.above(s.again()), s.again()))(
        "Windows without a positive number became 0, as if the search for the maximum began at 0 or a ReLU came"
        " after; the largest of negative numbers is negative."
    ),
    *OPTIONS,
    BEFORE_ACTIVATION,
    win("pooled-across-channels: y", across_channels)(
        "The maximum was taken over all channels together; each channel is pooled by itself."
    ),
    win("pooled-whole-map: y", lambda s: s.window.outputs != (1, 1) and s.again(MaxPool(s.x.shape[2:])))(
        "One maximum was taken of each whole feature map (global pooling); each window has its own."
    ),
    win("maximum-misread: y", second_largest)("In one window the second largest number was taken for the largest."),
)

PATH = (
    win("path-within-window: path", in_window)(
        "The position of the maximum was counted within its window; here row and column are those of the input."
    ),
    win("row-and-column-swapped: path", lambda s: s.numbers.array(s.again()[..., ::-1]))(
        "Row and column were swapped; the row comes first."
    ),
    win("padding-counted-in-position: path", with_padding)(
        "The padding was counted in; row and column are those of the input without its padding."
    ),
    LEAST.of("path"),
    win("~path-as-number: path", lambda s: s.numbers.array((path := s.again())[..., 0] * s.x.shape[3] + path[..., 1]))(
        "the position was written as one number, row · width + column, as PyTorch does. Here it is the pair (row,"
        " column)."
    ),
    win("~path-from-other-base: path", lambda s: [s.numbers.array(s.again() + step) for step in (1, -1)])(
        "rows and columns were counted from 0 instead of 1, or the other way round. See `index_base` of this problem."
    ),
    OTHER_TIED.of("path"),
)

GRADIENT = (
    win("~tie-to-all: dx", lambda s: s.at_cells(s.tied, s.g))(
        "where several cells hold the maximum, each got the whole gradient. Here their shares add up to the gradient"
        " of the window; see this problem's rule for ties."
    ),
    win("~tie-split: dx", lambda s: s.layer.ties == "first" and s.again(s.options(ties="split")))(
        "where several cells hold the maximum, they shared the gradient. This problem gives all of it to the first"
        " in row order."
    ),
    win("~tie-to-first: dx", lambda s: s.layer.ties == "split" and s.again(s.options(ties="first")))(
        "where several cells hold the maximum, the first got the whole gradient. In this problem they share it equally."
    ),
    OTHER_TIED.of("dx"),
    win("tie-to-none: dx")(
        "Windows whose maximum is not unique got no gradient at all; see this problem's rule for ties.",
        lambda s: s.at_cells((tied := s.tied) & (tied.sum(axis=(-2, -1), keepdims=True) == 1), s.g),
    ),
    ZERO_PADDING.of("dx"),
    AVERAGE.of("dx"),
    win("gradient-to-all-cells: dx", lambda s: s.at_cells(s.everywhere, s.g))(
        "Every cell of a window got its gradient, as in up-sampling; only the cell of the maximum gets it."
    ),
    win("upstream-forgotten: dx", lambda s: s.again(g=s.ones(s.g)))(
        "A 1 was written at the cells of the maxima; they get the upstream gradient."
    ),
    win("output-instead-of-gradient: dx", lambda s: [s.again(g=s.y), s.again(g=s.y * s.g)])(
        "The maximum itself was written back (or multiplied in); the cell of the maximum gets the upstream gradient"
        " as it is."
    ),
    win("overwritten: dx", lambda s: s.overwritten(*s.winners))(OVERWRITTEN),
    win("stride-ignored: dx", lambda s: s.at_stride_one(*s.winners))(GRADIENT_STRIDE),
    LEAST.of("dx"),
    ABSOLUTE.of("dx"),
    win("gradient-in-wrong-cell: dx", lambda s: s.fixed_cells(s.g))(
        "The gradient was always put into the same cell of the window (say, the first); it belongs to the cell of the"
        " maximum."
    ),
    win("row-and-column-swapped: dx", transposed_cell)(
        "Within each window, row and column of the maximum were swapped."
    ),
    win("one-gradient-misplaced: dx", one_misplaced)(
        "The gradient of one window was put into a cell that is not the largest of that window."
    ),
    win("gradient-not-unpooled: dx", lambda s: s.g.shape != s.x.shape and s.g)(NOT_UNPOOLED),
    *BEHIND,
)

MAX_POOL = (*FORWARD, *PATH, *GRADIENT)
_OF_SEVERAL_WINDOWS = frozenset(
    ["padding-counted-as-zero", "padding-counted-in-position", "pooled-whole-map", "path-within-window", "overwritten",
     "stride-ignored", *(mistake.code for mistake in OPTIONS)]
)  # fmt: skip
MISTAKES = {
    "max_pool": MAX_POOL,
    # As in any max pool, but for its windows and their padding.
    "global_max_pool": tuple(mistake for mistake in MAX_POOL if mistake.code not in _OF_SEVERAL_WINDOWS),
}
