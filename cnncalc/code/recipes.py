"""What a library's program says for one step: expressions in which `{x}`, `{weight}`, `{g}` stand for its tensors."""

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.layers.joining.several import spread
from cnncalc.layers.windows.axis import Axis
from cnncalc.records import dataclass
from cnncalc.trace import Step

Lines = Mapping[str, str]
"""By the layer's names for its tensors, in the order in which they are made: `{"mean": …, "xhat": …, "y": …}`."""
Recipe = str | Lines | Callable[["Place"], "str | Lines"]
"""The expression of `y` alone, or of several tensors; or a function that writes them from options and shapes."""


@dataclass(frozen=True)
class Place:
    """One step, seen by its recipe: its layer's options, and its shapes, which have N first."""

    step: Step

    @property
    def layer(self) -> Any:
        """The layer, whose options are its attributes."""
        return self.step.layer

    def shape(self, local: str) -> tuple[int, ...]:
        """Of one of its tensors."""
        return self.step.tensors[local].shape

    def has(self, local: str) -> bool:
        """Whether it has such a tensor: a bias."""
        return local in self.step.tensors

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Where its window lies along rows and columns."""
        reach = self.layer.reach(self.shape("x")[1:], self.step.shapes())
        return tuple(side.axis for side in reach)

    def inputs(self) -> list[str]:
        """What it takes from other steps, spread so that it goes with the others: `{x}`, `{xb}.reshape(…)`."""
        full = self.shape("y")[1:]
        found = []
        for local in self.step.inputs():
            own = self.shape(local)
            laid = (own[0], *spread(own[1:], full))
            found.append(f"{{{local}}}" if laid == own else f"{{{local}}}.reshape{laid}")
        return found

    @property
    def samples(self) -> int:
        """What the loss is divided by for the mean over the samples: 1 where it adds them up."""
        return self.shape("x")[0] if self.layer.reduction == "mean" else 1


def lines(recipe: Recipe, step: Step, alone: str = "y") -> Lines:
    """What the recipe says for a step; `alone` is what it makes where it says no more than one expression."""
    made = recipe(Place(step)) if callable(recipe) else recipe
    return {alone: made} if isinstance(made, str) else made


def over(text: str, divisor: int) -> str:
    """Divided, unless by 1."""
    return text if divisor == 1 else f"{text} / {divisor}"


def alike(pair: tuple[int, ...]) -> str:
    """One number where all are the same, else all of them."""
    return str(pair[0]) if len(set(pair)) == 1 else str(tuple(pair))
