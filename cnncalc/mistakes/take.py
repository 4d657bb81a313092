"""What people get wrong, as values: a code, what is said, the ways to make it, and the tensors in which it shows.

A way is an expression over a `Take`: one step of a problem, seen from the tensor that the mistake is made in. `s.x`,
`s.g`, `s.weight` are its tensors, N first; `s.again(…)` is that tensor by the layer's own rule, with other operands or
by another layer. A way gives the wrong tensor, several, functions that give them, or nothing; one that does not apply
(no bias, another number of axes, a logarithm of nothing) raises, and the next one is tried all the same. What is no
tensor, a size or a count, goes by the same rules: ways over a layer's sizes that give whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from functools import partial
from types import GeneratorType
from typing import Any, ClassVar, Literal, Protocol, TypeAlias, TypeVar

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Layer, ShapeError
from cnncalc.layers.joining.several import GRADIENTS
from cnncalc.records import Record, replace
from cnncalc.step import Scene, Size

DOES_NOT_APPLY = (ArithmeticError, ValueError, IndexError, KeyError, ShapeError)
"""What a way may end with on data that it is not for. A name that is no tensor of the layer is an AttributeError."""


class Take:
    """One step, and the tensor of it that is computed wrongly."""

    _OF_ALL: ClassVar[frozenset[str]] = frozenset(["x", "y", "g", "dx"])

    def __init__(self, scene: Scene, tensor: str) -> None:
        self.scene, self.tensor, self.numbers = scene, tensor, scene.numbers
        self.layer: Any = scene.layer

    def __getattr__(self, local: str) -> Any:
        # Only what no attribute is called gets here: a tensor, or a slip of the pen.
        own = [*(parameter.name for parameter in self.scene.layer.parameters), *self.scene.layer.auxiliaries]
        if local not in self._OF_ALL and local not in own and local.removeprefix("d") not in own:
            raise AttributeError(f"{local} is no tensor of a layer {self.scene.layer.type}")
        return self.scene[local]

    @property
    def before(self) -> Take:
        """The step whose y is x; KeyError for the first."""
        return self._neighbour(self.scene.before)

    @property
    def after(self) -> Take:
        """The step whose x is y; KeyError for the last."""
        return self._neighbour(self.scene.after)

    def _neighbour(self, scene: Scene | None) -> Take:
        if scene is None:
            raise KeyError("no such neighbour")
        return Take(scene, self.tensor)

    @property
    def passed(self) -> Any:
        """What goes through the layer: x, and in the backward pass g."""
        return self.x if self.tensor == "y" else self.g

    def again(self, layer: Layer | None = None, of: str | None = None, **operands: Array) -> Any:
        """The tensor (or another one) by the layer's own rule, from other operands, or by another layer."""
        local = of or self.tensor
        if local[0] == "d":
            return self.scene.backward(layer, **operands)[local]
        return self.scene.forward(layer, **operands)[local]

    def given(self, made: Any) -> Array:
        """What a way makes of the tensor, as its layer has that."""
        return np.asarray(made)

    def options(self, **changed: Any) -> Any:
        """The layer with other options."""
        return replace(self.layer, **changed)

    def number(self, value: Any) -> Any:
        """A number of the scene's arithmetic."""
        return self.numbers.number(value)

    def ones(self, like: Array) -> Any:
        """An array of ones in the shape of another."""
        return self.numbers.full(like.shape, self.numbers.number(1))

    def where(self, condition: Array, a: Array, b: Array | None = None) -> Any:
        """The elements of a where the condition holds, else those of b, or 0."""
        return np.where(condition, a, self.numbers.zeros(()) if b is None else b)

    def above(self, a: Array, b: Array | int = 0) -> Any:
        """Where a > b."""
        return self.numbers.is_greater(a, b)

    def ratio(self, a: Array | int, divisor: Array) -> Any:
        """a / divisor; where an element of that is 0, the way does not apply."""
        need(not self.numbers.is_equal(divisor, 0).any())
        return a / divisor

    def sum(self, a: Array, *axes: int, keep: bool = False) -> Any:
        """The sum along axes, which stay as axes of one if they are to be kept."""
        made = self.numbers.sum(a, axis=axes)
        return np.expand_dims(made, axes) if keep else made

    def only(self, a: Array, axis: int, places: Any) -> Any:
        """Zeros everywhere but at some places of one axis."""
        made, at = self.numbers.zeros(a.shape), (slice(None),) * axis + (places,)
        made[at] = a[at]
        return made

    def corner(self, a: Array, at: Literal[0, -1]) -> Any:
        """Zeros everywhere but in the first or the last cell of each channel."""
        return self.only(self.only(a, 2, at), 3, at)

    def log(self, number: int) -> Any:
        """The logarithm of a whole number."""
        return self.numbers.log(self.numbers.full((), self.numbers.number(number)))


Way: TypeAlias = Callable[..., Any]
"""From what is looked at, a Take of the kind that the table works with or a layer's sizes, to what comes of it."""


def need(condition: object) -> None:
    """End a way that does not apply."""
    if not condition:
        raise ShapeError("does not apply", "")


class Slip(Record):
    """One way to get something wrong, or several that are called the same; in a size or a count, where no more is said.

    `code` names it for good, in words; `phrase` says what was done and, where that helps, what is right. A convention
    is right elsewhere: courses differ, and the phrase says so.
    """

    _SEVERAL: ClassVar[tuple[type[Iterable[Any]], ...]] = (GeneratorType, list)

    code: str
    phrase: Phrase
    ways: tuple[Way, ...] = field(repr=False)
    kind: Literal["mistake", "convention"] = "mistake"

    def made(self, subject: object) -> Iterator[Any]:
        """What comes of a subject, in each of the ways."""
        for way in self.ways:
            yield from self._each(partial(way, subject))

    def _each(self, make: Callable[[], Any]) -> Iterator[Any]:
        try:
            made = make()
            if isinstance(made, self._SEVERAL):
                for one in made:
                    yield from self._each(one if callable(one) else lambda: one)  # noqa: B023 - used up before the next
            elif made is not None and made is not False:
                yield made
        except DOES_NOT_APPLY:
            return


class Mistake(Slip):
    """A slip in tensors of a layer."""

    _SEVERAL = (GeneratorType, list, tuple)

    tensors: tuple[str, ...] = ()
    """The layer's own names of the tensors in which it shows: `y`, `dweight`, …; `dx` is that of any input."""
    take: type[Take] = field(default=Take, repr=False)

    def shows_in(self, tensor: str) -> bool:
        """Whether it shows in a tensor of its layer; the gradients of all inputs go by the name of dx."""
        return ("dx" if tensor in GRADIENTS else tensor) in self.tensors

    def of(self, *tensors: str) -> Mistake:
        """The same, in some of its tensors: where the order differs from one tensor to the other."""
        return replace(self, tensors=tensors)

    def wrongs(self, scene: Scene, tensor: str) -> Iterator[Array | Size]:
        """What the tensor comes to, in each of the ways."""
        take = self.take(scene, tensor)
        for made in self.made(take):
            yield made if isinstance(made, Size) else take.given(made)


_Record = TypeVar("_Record", bound=Slip, covariant=True)


class Said(Protocol[_Record]):
    """Takes what is said and the ways, and gives the record."""

    def __call__(self, what: str, /, *ways: Way) -> _Record: ...


def slip(code: str, *before: Way, ending: Phrase = NOTHING) -> Said[Slip]:
    """A way that is short stands beside its code, a longer one behind what is said, which may end with what is right.

    A code that begins with ~ is a convention, and what is said of it begins with that.
    """

    def said(what: str, /, *behind: Way) -> Slip:
        phrase, ways = Phrase(what) + ending, (*before, *behind)
        if code[0] == "~":
            return Slip(code[1:], Phrase("Another convention: ") + phrase, ways, "convention")
        return Slip(code, phrase, ways)

    return said


class Records(Record):
    """Makes mistakes that have something in common: `conv("kernel-transposed: y dx", lambda s: …)("…", "…")`."""

    take: type[Take] = Take
    """What their ways see."""
    tensors: str = ""
    """Where they show, if it is not said behind the code."""
    ending: Phrase = NOTHING
    """What is right, behind what was done."""
    by: Callable[[Way, Any], Any] = field(default=lambda way, s: way(s), repr=False)
    """What comes of a way and what it sees."""

    def __call__(self, what: str, *before: Way, right: str | None = None) -> Said[Mistake]:
        """`what` is a code as of a slip, and tensors: `relu-as-leaky: y dx`. `right` is a formula to end with."""
        code, _, tensors = what.partition(":")
        ending = NOTHING if right is None else Phrase(f": {right}.", f"：{right}。")

        def said(said: str, /, *behind: Way) -> Mistake:
            return self.like(slip(code, ending=ending)(said), *before, *behind, tensors=tensors)

        return said

    def like(self, other: Slip, *ways: Way, tensors: str = "") -> Mistake:
        """What another record says, made in other ways; in the same tensors, if no others are given."""
        own = tuple((tensors or self.tensors).split()) or (other.tensors if isinstance(other, Mistake) else ())
        made = tuple(partial(self.by, way) for way in ways)
        return Mistake(other.code, other.phrase + self.ending, made, other.kind, own, self.take)


mistake = Records()
