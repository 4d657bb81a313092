"""How large a layer's output is, and how far it sees: the arithmetic of sizes, with its numbers put in."""

from fractions import Fraction
from typing import ClassVar

from cnncalc.layers.windows.axis import Axis
from cnncalc.records import dataclass


@dataclass(frozen=True)
class SizeRule:
    """One axis of y: its length, the rule for it in LaTeX with the numbers put in, and what the rule leaves over."""

    numbers: str
    value: int
    rest: int = 0
    """What is left over when the padded length is divided by the stride."""
    unseen: int = 0
    """Rows or columns of x itself, not of its padding, that lie behind the last window."""
    drops: bool = False
    """Whether the division is rounded up and the last window is dropped."""


@dataclass(frozen=True)
class Reach:
    """One axis: which cells of x the cells of y see, wherever they lie; those in the padding count like others."""

    has_windows: ClassVar[bool] = True
    """Whether the axis says where its windows lie."""

    axis: Axis
    is_stamp: bool = False
    """Whether the windows of the axis lie on y, and not on x."""

    @property
    def step(self) -> Fraction:
        """Cells of x from what one cell of y sees to what the next one sees."""
        return Fraction(1, self.axis.stride) if self.is_stamp else Fraction(self.axis.stride)

    def seen(self, low: int, high: int) -> tuple[int, int]:
        """The first and the last cell of x that the cells of y from `low` to `high` see; last < first where none is."""
        axis = self.axis
        if not self.is_stamp:
            return low * axis.stride - axis.before, high * axis.stride - axis.before + axis.span - 1
        # Windows repeat after a stride, so that the outermost ones lie among so many cells at each end.
        ends = {*range(low, min(high, low + axis.stride) + 1), *range(max(low, high - axis.stride), high + 1)}
        reached = [
            (cell + axis.before - p * axis.dilation) // axis.stride
            for cell in ends
            for p in range(axis.kernel)
            if (cell + axis.before - p * axis.dilation) % axis.stride == 0
        ]
        return (min(reached), max(reached)) if reached else (low, low - 1)


def window_rule(axis: Axis) -> SizeRule:
    """The windows of a conv or a pool: floor((size + padding - span) / stride) + 1."""
    divided = str(axis.size) + _edges(axis.before, axis.after, "+") + _span(axis, "-")
    left, right = (r"\lceil", r"\rceil") if axis.ceil else (r"\lfloor", r"\rfloor")
    windows = rf"{left} \frac{{{divided}}}{{{axis.stride}}} {right} + 1"
    if axis.drops:
        windows += " - 1"
    rest = (axis.padded - axis.span) % axis.stride
    unseen = max(0, axis.real.stop - (axis.extent - axis.before))
    return SizeRule(windows, axis.outputs, rest, unseen, axis.drops)


def stamp_rule(axis: Axis, spare: int) -> SizeRule:
    """A transposed convolution, whose windows lie on y: (size - 1) * stride + span - padding + output_padding."""
    stamps = rf"({axis.outputs} - 1) \cdot {axis.stride}{_span(axis, '+')}"
    end = f" + {spare}" if spare else ""
    return SizeRule(stamps + _edges(axis.before, axis.after + spare, "-") + end, axis.size)


def _span(axis: Axis, sign: str) -> str:
    """The span of the kernel with a sign in front: ` - 5`, or with dilation ` - (3 - 1) * 2 - 1`."""
    if axis.dilation == 1 or axis.kernel == 1:
        return f" {sign} {axis.kernel}"
    return rf" {sign} ({axis.kernel} - 1) \cdot {axis.dilation} {sign} 1"


def _edges(before: int, after: int, sign: str) -> str:
    """What both sides add (or take): ` + 2 * 1` where they are alike, else ` + 1 + 0`; a negative one turns round."""
    turned = {"+": "-", "-": "+"}[sign]
    if before == after:
        return rf" {turned if before < 0 else sign} 2 \cdot {abs(before)}"
    return "".join(f" {turned if side < 0 else sign} {abs(side)}" for side in (before, after))
