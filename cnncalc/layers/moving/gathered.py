"""Layers whose numbers are each one of x, or 0: `flatten`, `reshape`, `pad`, `pixel_shuffle`; they say which one."""

from abc import abstractmethod
from collections.abc import Mapping
from math import prod
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Integers
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import AXES
from cnncalc.layers.base import Domain, Entry, Index, Layer, Setting, Shape, ShapeError, Term, by, option, small_problem
from cnncalc.layers.indices import affine
from cnncalc.layers.windows.axis import Axis, Pair, Reach, SizeRule
from cnncalc.layers.windows.window import Padding

PADDING = Phrase(
    "cells around the image: a number, `[rows, columns]`, or `[[top, bottom], [left, right]]`, of a signal"
    " `[left, right]`; it must be given"
)
MODE = Phrase("what they are: zeros, the image reflected without its edge, its edge again, or its other end")
MODES = ("zeros", "reflect", "replicate", "circular")
SHAPE = Phrase("what the numbers become: `[C, H, W]` or `[C, L]`, one of them −1 for what is left")
SCALE = Phrase("how many times as many rows and columns; it must be given")


class Gathered(Layer):
    """x (C, H, W) to another image of its numbers; dx adds up what comes from each place of a number."""

    domain: ClassVar[Domain] = "image"
    chosen = frozenset(("y",))

    @abstractmethod
    def source(self, x: Shape) -> Integers:
        """For each cell of y, without N, the number of its cell in x, row after row; −1 for a zero."""

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """As the places say."""
        self.check_input(x)
        self.check_options()
        return self.source(x).shape

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Each number from its place."""
        source = self.source(x.shape[1:])
        y = numbers.zeros((len(x), *source.shape))
        y[:, source >= 0] = x.reshape(len(x), -1)[:, source[source >= 0]]
        return {"y": y}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """Each gradient back to its place."""
        x = tensors["x"]
        source, size = self.source(x.shape[1:]), prod(x.shape[1:])
        places = source[source >= 0] + size * np.arange(len(x))[:, None]
        return {"dx": numbers.added_at(places.ravel(), g[:, source >= 0].ravel(), x.size).reshape(x.shape)}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The one number, or the gradients of its places."""
        x, (n, *at) = tensors["x"].shape[1:], index
        source = self.source(x)
        if tensor == "y":
            cell = int(source[tuple(at)])
            return [Term((Entry("x", (n, *map(int, np.unravel_index(cell, x)))),))] if cell >= 0 else []
        return [
            Term((Entry("g", (n, *there)),)) for there in np.argwhere(source == np.ravel_multi_index(at, x)).tolist()
        ]


class Pad(Gathered):
    """x (C, H, W) to y with cells around each channel: PyTorch's pad with `constant`, `reflect`, …; or (C, L)."""

    type = "pad"
    example = small_problem(
        "[[1, 2, 3], [4, 5, 6]]",
        "pad: {padding: [[1, 0], [1, 2]], mode: reflect}",
        upstream="[[1, 2, 0, 3, 1, 4], [0, 1, 5, -1, 2, 1], [2, 0, 1, 3, 1, -2]]",
    )
    takes_signals = True
    padding: Padding = option("valid", "padding", PADDING)
    mode: str = option("zeros", "choice", MODE, MODES)

    def check_options(self) -> None:
        """The cells have no default."""
        if isinstance(self.padding, str):
            raise ShapeError("{y} does not say how many cells", "write `padding: 1` or `padding: [1, 2]`", "padding")

    def source(self, x: Shape) -> Integers:
        """Rows and columns by themselves."""
        places = np.arange(x[0])
        for sides, size in zip(self.sides(x), x[1:], strict=True):
            along = self._along(sides, size)
            places = np.where((places[..., None] < 0) | (along < 0), -1, places[..., None] * size + along)
        return np.asarray(places)

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """By where each row and column comes from."""
        base, count = setting.index_base, len(setting.x) - 1
        own, others = (r"\i", r"\j")[:count], (r"\u", r"\v")[:count]
        y, x = (", ".join((r"\n, \c", *letters)) for letters in (own, others))
        along = list(zip(own, others, self.sides(setting.x), setting.x[1:], strict=True))
        if self.mode == "zeros":
            lies = r",\, ".join(f"{affine([(1, u)], before)} = {i}" for i, u, (before, _), _ in along)
            there = ", ".join(affine([(1, u)], before) for _, u, (before, _), _ in along)
            return {
                "y": rf"\y_{{{y}}} = \sum_{{{', '.join(others)}:\, {lies}}} \x_{{{x}}}",
                "dx": rf"\dx_{{{x}}} = \g_{{\n, \c, {there}}}",
            }
        places = [self._place(i, before, size, base) for i, _, (before, _), size in along]
        lies = r",\, ".join(f"{place} = {u}" for place, (_, u, _, _) in zip(places, along, strict=True))
        return {
            "y": rf"\y_{{{y}}} = \x_{{\n, \c, {', '.join(places)}}}",
            "dx": rf"\dx_{{{x}}} = \sum_{{{', '.join(own)}:\, {lies}}} \g_{{{y}}}",
        }

    def reach(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[Reach, ...]:
        """The one cell, further on."""
        along = zip(x[1:], self.sides(x), strict=True)
        return tuple(Reach(Axis(n, 1, before=a, after=b), written=f"{n} + {a} + {b}") for n, (a, b) in along)

    def sides(self, x: Shape) -> tuple[Pair, ...]:
        """The cells before and behind each axis of x without its channels; `[1, 2]` are both ends of a signal."""
        assert not isinstance(self.padding, str), "check_options has asked for it"
        if len(x) > 2:
            return self.padding
        (left, also_left), (right, also_right) = self.padding
        if (left, right) != (also_left, also_right):
            message = "{y} has cells above and below, and {x} is a signal"
            raise ShapeError(message, "write `padding: [left, right]`", "padding")
        return ((left, right),)

    def _along(self, sides: Pair, size: int) -> Integers:
        """Of one axis, for each cell of y the one of x."""
        if max(sides) > {"zeros": max(sides), "replicate": max(sides), "reflect": size - 1}.get(self.mode, size):
            message = f"{{y}} has {max(sides)} cells at a side, which {self.mode} cannot make of {{x}} ({by((size,))})"
            raise ShapeError(message, "make the padding smaller than the image", "padding")
        at = np.arange(size + sum(sides)) - sides[0]
        match self.mode:
            case "reflect":
                return np.asarray(size - 1 - abs(size - 1 - abs(at)))
            case "replicate":
                return at.clip(0, size - 1)
            case "circular":
                return at % size
        return np.where((at >= 0) & (at < size), at, -1)

    def _place(self, i: str, before: int, size: int, base: int) -> str:
        """Where a row or column comes from."""
        moved, from_zero = affine([(1, i)], -before), affine([(1, i)], -before - base)
        if self.mode == "reflect":
            return rf"{size - 1 + base} - \left|{size - 1} - \left|{from_zero}\right|\right|"
        if self.mode == "replicate":
            return rf"\min\left(\max\left({moved}, {base}\right), {size - 1 + base}\right)"
        return rf"{moved} - {size} \cdot \lfloor ({from_zero}) / {size} \rfloor"


class PixelShuffle(Gathered):
    """x (s²·C, H, W) to y (C, s·H, s·W): the s² channels of a group are the cells of a square, as in PyTorch."""

    type = "pixel_shuffle"
    example = small_problem(
        "[[[1, 2]], [[3, 4]], [[5, 6]], [[7, 8]]]", "pixel_shuffle: {scale: 2}", upstream="[[1, 2, 3, 4], [5, 6, 7, 8]]"
    )
    scale: int | None = option(None, "count", SCALE, needed="say how many times larger: `scale: 2`")

    def source(self, x: Shape) -> Integers:
        """The channels of a group side by side."""
        s, (channels, rows, columns) = self.scale or 1, x
        if channels % s**2:
            message = f"{{x}} has {channels} channels, and {{y}} makes one of each {s**2}"
            raise ShapeError(message, f"give a multiple of {s**2} channels, or another scale", "scale")
        cells = np.arange(prod(x)).reshape(channels // s**2, s, s, rows, columns)
        return cells.transpose(0, 3, 1, 4, 2).reshape(channels // s**2, s * rows, s * columns)

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """By the row and the column within the square."""
        base, s = setting.index_base, self.scale or 1
        i, j, c, u, v = (affine([(1, letter)], -base) for letter in (r"\i", r"\j", r"\c", r"\u", r"\v"))
        row, column = (rf"\lfloor ({one}) / {s} \rfloor" for one in (i, j))
        within = rf"{s * s} \cdot ({c}) + {s} \cdot ({i} - {s} \cdot {row}) + {j} - {s} \cdot {column}"
        group, line = rf"\lfloor ({c}) / {s * s} \rfloor", rf"\lfloor ({c}) / {s} \rfloor"
        end = f" + {base}" if base else ""
        down = rf"{s} \cdot ({u}) + {line} - {s} \cdot {group}{end}"
        across = rf"{s} \cdot ({v}) + {c} - {s} \cdot {line}{end}"
        return {
            "y": rf"\y_{{\n, \c, \i, \j}} = \x_{{\n, {within}{end}, {row}{end}, {column}{end}}}",
            "dx": rf"\dx_{{\n, \c, \u, \v}} = \g_{{\n, {group}{end}, {down}, {across}}}",
        }

    def reach(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[Reach, ...]:
        """The square that a cell of x lies in."""
        s = self.scale or 1
        return tuple(Reach(Axis(s * size, s, s), is_stamp=True, written=rf"{s} \cdot {size}") for size in x[1:])


class Reshape(Gathered):
    """x (features) to y (C, H, W) or (C, L), the same numbers in row order: PyTorch's Unflatten, Keras's Reshape."""

    type = "reshape"
    example = small_problem(
        "[1, 2, 3, 4, 5, 6, 7, 8]", "reshape: {shape: [2, 2, 2]}", upstream="[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]"
    )
    domain: ClassVar[Domain] = "features"
    shape: tuple[int, ...] = option((), "numbers", SHAPE)

    def check_options(self) -> None:
        """The shape has no default."""
        if (
            len(self.shape) not in (2, 3)
            or self.shape.count(-1) > 1
            or any(size != int(size) or not (size > 0 or size == -1) for size in self.shape)
        ):
            message = f"{{y}} should be {by(self.shape)}" if self.shape else "{y} has no shape"
            raise ShapeError(message, "write `shape: [C, H, W]`, or `[C, L]` for a signal", "shape")

    def source(self, x: Shape) -> Integers:
        """In row order."""
        full = self._full(x)
        if prod(full) != prod(x):
            message = f"{{y}} should be {by(full)}, which are {prod(full)} numbers, and {{x}} gives {prod(x)}"
            raise ShapeError(message, "write a shape of as many numbers", "shape")
        return np.arange(prod(x)).reshape(full)

    def _full(self, x: Shape) -> Shape:
        """With the size in place of −1 that is left for it."""
        known = prod(int(size) for size in self.shape if size > 0)
        return tuple(int(size) if size > 0 else max(1, prod(x) // known) for size in self.shape)

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """By the row and the column that a number of features is."""
        base, rest = setting.index_base, self._full(setting.x)[1:]
        letters, steps = AXES[len(rest) + 1], [prod(rest[at:]) for at in range(len(rest) + 1)]
        y, u = ", ".join((r"\n", *letters)), affine([(1, r"\u")], -base)
        end = f" + {base}" if base else ""
        whole = [u if step == 1 else rf"\lfloor ({u}) / {step} \rfloor" for step in steps]
        places = [f"{whole[0]}{end}"]
        for one, size, above in zip(whole[1:], rest, whole, strict=False):
            places.append(rf"{one} - {size} \cdot ({above}){end}")
        place = affine(list(zip(steps, letters, strict=True)), base - base * sum(steps))
        return {"y": rf"\y_{{{y}}} = \x_{{\n, {place}}}", "dx": rf"\dx_{{\n, \u}} = \g_{{\n, {', '.join(places)}}}"}


ORDERS = {
    "chw": Phrase("Flattened channel by channel, each in row order (C, H, W)."),
    "hwc": Phrase("Flattened position by position in row order, all channels of a position together (H, W, C)."),
}
ORDERS_OF_SIGNALS = {
    "chw": Phrase("Flattened channel by channel (C, L)."),
    "hwc": Phrase("Flattened position by position, all channels of a position together (L, C)."),
}
ORDER = Phrase("channel by channel (chw, as PyTorch does), or position by position (hwc, as TensorFlow does)")


class Flatten(Gathered):
    """x (C, H, W) to y (C·H·W), the same numbers in row order (PyTorch's), or with `hwc` in TensorFlow's order.

    Features stay as they are.
    """

    type = "flatten"
    example = small_problem(
        "[[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]",
        "flatten: {order: hwc}",
        upstream="[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]",
    )
    chosen = frozenset(("y", "dx"))
    gives = None
    domain: ClassVar[Domain] = "any"

    order: str = option("chw", "choice", ORDER, ("chw", "hwc"))

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """The order, where it makes a difference: with several channels of several elements."""
        _, *image = tensors["x"].shape
        orders = ORDERS_OF_SIGNALS if len(image) == 2 else ORDERS
        return (orders[self.order],) if len(image) > 1 and image[0] > 1 and prod(image[1:]) > 1 else ()

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(C·H·W)."""
        return (prod(x),)

    def size_rules(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[SizeRule, ...]:
        """All numbers of the image."""
        return (SizeRule(r" \cdot ".join(map("{}".format, x)), prod(x)),) if len(x) > 1 else ()

    def source(self, x: Shape) -> Integers:
        """In the order of the image, or with its channels last."""
        cells = np.arange(prod(x)).reshape(x)
        return (np.moveaxis(cells, 0, -1) if self.order == "hwc" else cells).ravel()

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The number of an element in the row."""
        if len(setting.x) == 1:
            return {"y": r"\y_{\n, \i} = \x_{\n, \i}", "dx": r"\dx_{\n, \i} = \g_{\n, \i}"}
        letters = [letter[1:] for letter in AXES[len(setting.x)]]
        sizes = dict(zip(letters, setting.x, strict=True))
        order = letters if self.order == "chw" else [*letters[1:], letters[0]]
        factors = {letter: prod(sizes[other] for other in order[at + 1 :]) for at, letter in enumerate(order)}
        constant = setting.index_base * (1 - sum(factors.values()))
        number = affine([(factors[letter], f"\\{letter}") for letter in order], constant)
        image, row = rf"\x_{{\n, {', '.join(AXES[len(setting.x)])}}}", rf"\n, {number}"
        return {"y": rf"\y_{{{row}}} = {image}", "dx": rf"\d{image[1:]} = \g_{{{row}}}"}
