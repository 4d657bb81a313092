r"""What a teacher says about a layer: why a step is taken, how the chain rule goes, what to notice in these numbers.

A lesson stands in the module beside its layer (`relu_lesson` beside `relu`), which is loaded only when somebody wants
an explanation or a worked solution; a layer may have none. Texts may hold mathematics between dollar signs, in the
layer's macros (`$\g_{\n, \i}$`) and in those of the next layer (`$\nexty_{\n, \k}$`). Remarks are only made where they
hold for the numbers at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from importlib import import_module
from importlib.util import find_spec
from typing import TypeAlias

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index, Layer, Shape
from cnncalc.layers.elementwise import indices
from cnncalc.layers.mistake import Scene
from cnncalc.records import dataclass


@dataclass(frozen=True)
class Reason:
    """Words about some elements: `{a}`, `{b}`, … in the phrase are those elements with their values.

    `{a_value}` is the number alone, as LaTeX.
    """

    phrase: Phrase
    about: tuple[Entry, ...] = ()


Reasons: TypeAlias = Callable[[Scene, str, Index], Iterator[Reason]]
"""(scene, the layer's name of a tensor, index with N first) -> why that element is what it is."""
Seen: TypeAlias = Callable[[Scene, str, Index], Sequence[Entry]]
Methods: TypeAlias = Callable[[Scene, str], "Sequence[Method]"]
Remarks: TypeAlias = Callable[[Scene, str], Iterator[Phrase | Reason]]


def _no_reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    return iter(())


def _nothing_seen(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
    return ()


def _no_remarks(scene: Scene, tensor: str) -> Iterator[Phrase | Reason]:
    return iter(())


def _no_chain(x: Shape) -> Mapping[str, str]:
    return {}


def elementwise_chain(x: Shape) -> Mapping[str, str]:
    """That of a layer that treats each element by itself."""
    e = indices(x)
    return {"dx": rf"\dx_{{{e}}} = \g_{{{e}}} \cdot \frac{{\partial \y_{{{e}}}}}{{\partial \x_{{{e}}}}}"}


def _no_methods(scene: Scene, tensor: str) -> Sequence[Method]:
    return ()


@dataclass(frozen=True)
class Picture:
    """A matrix on the way: its caption as LaTeX in the layer's macros, its elements, and where zeros were put in."""

    caption: str
    elements: Array
    """Rank 2."""
    filler: Array | None = None
    """Booleans in the same shape."""


@dataclass(frozen=True)
class Method:
    """Another way to the same tensor, as courses teach it: each part is a text and an equation of matrices."""

    name: str
    """What the command calls it."""
    title: Phrase
    parts: tuple[tuple[Phrase, tuple[Picture | str, ...]], ...]
    result: Array = field(repr=False, compare=False)
    """The whole tensor as this way gives it, N first."""


@dataclass(frozen=True)
class Lesson:
    """The texts of one layer type, each by the layer's own name of the tensor: `y`, `dx`, `dweight`, …"""

    kind: Phrase
    """What people call the layer."""
    purpose: Mapping[str, Phrase] = field(default_factory=dict)
    """What is done and why, in one or two sentences."""
    chain: Callable[[Shape], Mapping[str, str]] = _no_chain
    """The chain rule for gradients before anything is put in, as formulas of the layer, by the shape of x without N."""
    reasons: Reasons = _no_reasons
    """Why one element is what it is: which branch, which winner."""
    seen: Seen = _nothing_seen
    """Elements that decide one element without being added up: a pool's whole window."""
    remarks: Remarks = _no_remarks
    """What is worth noticing in a whole tensor."""
    methods: Methods = _no_methods
    """Other ways to compute a tensor."""


NO_LESSON = Lesson(Phrase("", ""))


def lesson_of(layer: Layer) -> Lesson:
    """The lesson beside a layer or loss; an empty one where there is none."""
    name = f"{type(layer).__module__.rpartition('.')[0]}.{layer.type}_lesson"
    if find_spec(name) is None:
        return NO_LESSON
    module = import_module(name)
    # A lesson may depend on what `Layer.given` has made of the layer: batch norm in inference.
    lesson: Lesson = module.lesson_of(layer) if hasattr(module, "lesson_of") else module.LESSON
    return lesson
