"""What people get wrong where the gradient of a tensor comes together from several uses."""

from collections.abc import Iterator
from functools import reduce
from itertools import combinations
from operator import add, mul
from typing import Any

from cnncalc.mistakes.take import Records, Take

MOST_LEFT_OUT = 5
"""Uses of which any may be left out together; of more, one is counted, or one left out."""


class Uses(Take):
    """The step that adds up the parts."""

    @property
    def parts(self) -> list[Any]:
        """What each use sends back, in the order of the file."""
        return list(self.layer.parts(self.scene.tensors).values())


meeting = Records(Uses, "y")
shared = Records(Uses, "y", by=lambda way, s: not s.layer.batched and way(s))
paths = Records(Uses, "y", by=lambda way, s: s.layer.batched and way(s))


def some(s: Uses) -> Iterator[Any]:
    """The sum of some of the parts."""
    parts = s.parts
    for count in range(2, len(parts)) if len(parts) <= MOST_LEFT_OUT else (len(parts) - 1,):
        for kept in combinations(parts, count):
            yield reduce(add, kept)


MISTAKES = (
    shared("last-use-counted", lambda s: s.parts[-1])(
        "Only the last use of this tensor was counted. Several layers use it, and its gradient is the sum of what all"
        " of them send back.",
        "只计了最后一次使用的梯度。这个参数被多个层共用，其梯度是各次使用的梯度之和。",
    ),
    shared("only-one-use-counted", lambda s: s.parts[:-1])(
        "Only one use of this tensor was counted, as if its gradient had overwritten those of the others. Several"
        " layers use it, and its gradient is the sum of what all of them send back.",
        "只计了其中一次使用的梯度，好像后算的覆盖了先算的。这个参数被多个层共用，其梯度是各次使用的梯度之和。",
    ),
    shared("use-left-out", some)(
        "Not every use of this tensor was counted: its gradient is the sum of what all layers that use it send back.",
        "没有计入全部的使用：这个参数的梯度是所有使用它的层传回的梯度之和。",
    ),
    paths("gradient-not-added", lambda s: s.parts)(
        "Only one of the paths was counted. Several layers take this tensor; the gradients that come back from all of"
        " them are added up where the paths meet.",
        "只计了其中一条路径的梯度。这个张量被多个层使用；各条路径传回的梯度应在汇合处相加。",
    ),
    paths("path-left-out", some)(
        "One of the paths was left out. The gradients that come back from all layers that take this tensor are"
        " added up.",
        "漏掉了一条路径。所有使用这个张量的层传回的梯度都应相加。",
    ),
    meeting("gradients-averaged", lambda s: s.again() / len(s.parts))(
        "The mean of what comes back from the uses was taken; it is added up and not divided.",
        "对各次使用传回的梯度取了平均；应当相加，不再除以个数。",
    ),
    meeting("part-subtracted", lambda s: [s.again() - 2 * part for part in reversed(s.parts)])(
        "What comes back from one of the uses was subtracted; all of it is added up, each part with its own sign.",
        "其中一次使用传回的梯度被减去了；各部分应连同自身的符号相加。",
    ),
    meeting("one-use-for-all", lambda s: [len(s.parts) * part for part in s.parts])(
        "The gradient of one use was taken as many times as there are uses; each use has a gradient of its own.",
        "把一次使用的梯度乘以了使用次数；每次使用各有自己的梯度，应分别计算后相加。",
    ),
    meeting("gradients-multiplied", lambda s: reduce(mul, s.parts))(
        "What comes back from the uses was multiplied; along one path derivatives are multiplied, and the paths are"
        " added up.",
        "把各次使用传回的梯度相乘了；沿同一条路径导数相乘，不同路径之间应相加。",
    ),
)
"""The most specific first."""
