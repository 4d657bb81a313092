r"""What a teacher says about a layer: why a step is taken, how the chain rule goes, what to notice in these numbers.

Lessons stand in tables by type (`lessons.activations`), which are loaded only when somebody wants an explanation or a
worked solution; a layer may have none. Texts may hold mathematics between dollar signs, in the
layer's macros (`$\g_{\n, \i}$`) and in those of the next layer (`$\nexty_{\n, \k}$`). Remarks are only made where they
hold for the numbers at hand.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, TypeAlias

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Entry, Index, Layer, Setting
from cnncalc.layers.joining.several import GRADIENTS
from cnncalc.layers.registry import companion
from cnncalc.records import Record
from cnncalc.step import Scene


class Reason(Record):
    """Words about some elements: `{a}`, `{b}`, … in the phrase are those elements with their values.

    `{a_value}` is the number alone, as LaTeX.
    """

    phrase: Phrase
    about: tuple[Entry, ...] = ()


Reasons: TypeAlias = Callable[[Scene, str, Index], Iterable[Reason]]
"""(scene, the layer's name of a tensor, index with N first) -> why that element is what it is."""
Purpose: TypeAlias = Phrase | Callable[[Scene], Phrase]
Seen: TypeAlias = Callable[[Scene, str, Index], Sequence[Entry]]
Compared: TypeAlias = Callable[[Scene, str, Index], "Sequence[Entry | None]"]
"""Of what an element is the largest, or the smallest; None stands for the number 0."""
Methods: TypeAlias = Callable[[Scene, str], "Sequence[Method]"]
Remarks: TypeAlias = Callable[[Scene, str], Iterable[Phrase | Reason]]


def _nothing(scene: Scene, tensor: str, index: Index = ()) -> tuple[()]:
    return ()


def chain_rule(y: str, **tensors: str) -> Mapping[str, str]:
    """For each tensor by its indices, a letter each: a sum over those of y that the tensor has not."""

    def indexed(letters: Iterable[str]) -> str:
        return ", ".join(f"\\{letter}" for letter in letters)

    made, g = {}, rf"\g_{{{indexed(y)}}} \cdot \frac{{\partial \y_{{{indexed(y)}}}}}"
    for tensor, own in tensors.items():
        over = indexed(letter for letter in y if letter not in own)
        total = rf"\sum_{{{over}}} " if over else ""
        made[f"d{tensor}"] = rf"\d{tensor}_{{{indexed(own)}}} = {total}{g}{{\partial \{tensor}_{{{indexed(own)}}}}}"
    return made


def of_whole_tensors(formula: str) -> str | None:
    r"""A formula of one element as one of whole tensors, `\g \odot \y`; None where elements of several places meet."""
    places = set(re.findall(r"_\{([^{}]*)\}", formula))
    if len(places) != 1 or any(command in formula for command in ("\\partial", "\\begin", "\\sum", "\\max", "\\op")):
        return None
    bare = re.sub(r"_\{[^{}]*\}", "", formula)
    return re.sub(
        r"((?:\\(?:g|x|y|target)|\\right\))(?:\^\{2\})?) \\cdot (?=\\(?:[a-z]+|left\()|[^\\s\\]')", r"\1 \\odot ", bare
    )


LETTERS = ("n", "ni", "nci", "ncij")
"""What the axes are counted by, by how many there are behind N."""


def elementwise_chain(setting: Setting) -> Mapping[str, str]:
    """That of a layer that treats each element by itself."""
    letters = LETTERS[len(setting.x)]
    return chain_rule(letters, x=letters)


TURNED = r"^{\text{rot}}"
"""What the caption of a kernel that was turned by 180° ends with."""


class Picture(Record):
    """A matrix on the way: its caption as LaTeX in the layer's macros, its elements, and where zeros were put in."""

    caption: str
    elements: Array
    """Rank 2."""
    filler: Array | None = None
    """Booleans in the same shape."""


Part: TypeAlias = tuple[Phrase, tuple[Picture | str, ...]]
"""A text, and an equation of matrices or a few of them side by side; or the text alone."""


class Method(Record):
    """Another way to the same tensor, as courses teach it, part by part."""

    name: str
    """What the command calls it."""
    title: Phrase
    parts: tuple[Part, ...]
    result: Array = field(repr=False, compare=False)
    """The whole tensor as this way gives it, N first."""
    briefly: tuple[Phrase, ...] = ()
    """For parts that all do the same, what tells each from the first: `Output channel 2, input channel 1:`."""
    more: int = 0
    """How many further parts do the same and are not shown."""
    closing: tuple[Phrase, ...] = ()
    """What is done with all of them in the end."""

    @property
    def longest(self) -> int:
        """Rows or columns of the largest matrix in its pictures."""
        pictures = (item for _, items in self.parts for item in items if isinstance(item, Picture))
        return max((max(picture.elements.shape) for picture in pictures), default=0)


class Stage(Record):
    """A column of a table that leads from x to y element by element: its heading as LaTeX, its numbers."""

    heading: str
    elements: Array
    """In the shape of y."""
    has_sum: bool = False
    """Whether the sum of each sample counts."""


Stages: TypeAlias = Callable[[Scene, str], "Sequence[Stage]"]

IMAGE_RANK = 4
FEATURES_RANK = 2
LARGEST_EXPONENT = 300


def has_exponentials(numbers: Arithmetic, x: Array) -> bool:
    """Whether the exponential of each element can be written as a number."""
    if any(numbers.letters_of(element) for element in x.ravel()):
        return False
    return bool((np.abs(numbers.to_float(x)) <= LARGEST_EXPONENT).all())


class Lesson(Record):
    """The texts of one layer type, each by the layer's own name of the tensor: `y`, `dx`, `dweight`, …"""

    kind: Phrase
    """What people call the layer."""
    purpose: Mapping[str, Purpose] = field(default_factory=dict)
    """What is done and why, in one or two sentences; those that depend on the problem are made for it."""
    chain: Callable[[Setting], Mapping[str, str]] = lambda setting: {}
    """The chain rule for gradients before anything is put in, as formulas of the layer."""
    reasons: Reasons = _nothing
    """Why one element is what it is: which branch, which winner."""
    seen: Seen = _nothing
    """Elements that decide one element without being added up: a pool's whole window."""
    compared: Compared = _nothing
    """Of what one element is the largest or smallest, where it is chosen from something."""
    remarks: Remarks = _nothing
    """What is worth noticing in a whole tensor."""
    stages: Stages = _nothing
    """What each element goes through, for a table."""
    methods: Methods = _nothing
    """Other ways to compute a tensor."""
    matrices: Callable[[Setting], Mapping[str, str]] = lambda setting: {}
    """Formulas of whole tensors, as products of matrices, by tensor."""
    turned: Mapping[str, str] = field(default_factory=dict)
    """By tensor, the kernel that lies turned by 180° on what it is multiplied with."""
    tensors: Mapping[str, Phrase] = field(default_factory=dict)
    """What those tensors are that the layer makes besides y and the gradients, in a few words; some on request only."""
    of_inputs: Callable[[Scene, str], Phrase] | None = None
    """Of the gradient of any input, by the layer's name of that, where a layer takes several that differ."""

    def purpose_of(self, tensor: str, scene: Scene) -> Phrase | None:
        """What is done to get a tensor of this step, and why."""
        if self.of_inputs is not None and tensor in ("dx", *GRADIENTS):
            return self.of_inputs(scene, tensor[1:])
        purpose = self.purpose.get("dx" if tensor in GRADIENTS else tensor)
        said = purpose if purpose is None or isinstance(purpose, Phrase) else purpose(scene)
        return None if said == NOTHING else said


def lesson(kind: str, **more: Any) -> Callable[[str | Phrase, str | Phrase], Lesson]:
    """What people call a layer, and more of it; then what is done, and how the gradient goes back."""

    def said(y: str | Phrase, dx: str | Phrase) -> Lesson:
        told = {name: Phrase(one) if isinstance(one, str) else one for name, one in (("y", y), ("dx", dx))}
        return Lesson(Phrase(kind), told, **more)

    return said


def sentences(*phrases: Phrase | None) -> Phrase:
    """Sentences one after the other, those that are None left out."""
    said = [phrase for phrase in phrases if phrase is not None]
    return Phrase(" ", "").join(said)


Lessons: TypeAlias = Mapping[str, Lesson | Callable[[Layer], Lesson]]
"""By type; made for the layer where the lesson depends on its options, or on what `Layer.given` has made of it."""
NO_LESSON = Lesson(NOTHING)


def lesson_of(layer: Layer) -> Lesson:
    """The lesson of a layer, loss or rule of descent; an empty one where there is none."""
    lesson: Lesson | Callable[[Layer], Lesson] | None = companion(__package__, type(layer), "LESSONS")
    return NO_LESSON if lesson is None else lesson if isinstance(lesson, Lesson) else lesson(layer)
