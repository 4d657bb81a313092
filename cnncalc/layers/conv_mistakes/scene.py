"""What the rules of a convolution's mistakes share: the layer with its padding in numbers, and images around g."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal, TypeAlias, cast

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.axis import Pair
from cnncalc.layers.base import ShapeError
from cnncalc.layers.conv import Conv
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.window import Window

Sides: TypeAlias = tuple[Pair, Pair]
"""((top, bottom), (left, right))."""
NO_SIDES: Sides = ((0, 0), (0, 0))
Layers: TypeAlias = Callable[[Scene], Iterator[Conv]]
"""The layer with wrong options, in each of the ways in which they can be wrong."""


def conv_of(scene: Scene) -> Conv:
    """The layer."""
    return cast(Conv, scene.layer)


def window_of(scene: Scene) -> Window:
    """Where the kernel lies on the image."""
    return conv_of(scene)._window(scene["x"].shape[1:], scene["weight"].shape)


def sides_of(scene: Scene) -> Sides:
    """The padding in numbers, whether it was given so, as `same` or by an anchor."""
    window = window_of(scene)
    return (window.rows.before, window.rows.after), (window.columns.before, window.columns.after)


def spans_of(scene: Scene) -> Pair:
    """Rows and columns that a window covers, gaps included."""
    window = window_of(scene)
    return window.rows.span, window.columns.span


def with_sides(scene: Scene, sides: Sides | None = None, **options: Any) -> Conv:
    """The layer with its padding in numbers, those that it has or others, and perhaps other options."""
    return replace(conv_of(scene), anchor=None, padding=sides or sides_of(scene), **options)


def padded(scene: Scene) -> Array:
    """x with all its padding, also what no window reaches."""
    return place(scene, scene["x"], *_shifts(scene, 1), size_with_padding(scene))


def size_with_padding(scene: Scene) -> Pair:
    """Rows and columns of x with its padding."""
    window = window_of(scene)
    return window.rows.padded, window.columns.padded


def on_image(scene: Scene, canvas: Array) -> Array:
    """What of a canvas, which begins with the padding, lies on the image; zeros where it does not reach."""
    return place(scene, canvas, *_shifts(scene, -1), scene["x"].shape[2:])


def place(scene: Scene, source: Array, down: int, right: int, size: tuple[int, ...]) -> Array:
    """An image of `size`, with `source` moved down and to the right in it, and zeros around."""
    image = scene.numbers.zeros((*source.shape[:2], *size))
    to, out_of = [], []
    for axis, shift in enumerate((down, right)):
        start = max(0, shift)
        stop = max(start, min(size[axis], source.shape[2 + axis] + shift))
        to.append(slice(start, stop))
        out_of.append(slice(start - shift, stop - shift))
    image[:, :, to[0], to[1]] = source[:, :, out_of[0], out_of[1]]
    return image


def full_gradient(scene: Scene, g: Array | None = None, weight: Array | None = None, **options: Any) -> Array:
    """dx from the first padding cell to the last cell that a window reaches; with other strides or dilations too."""
    layer = replace(conv_of(scene), anchor=None, padding="valid", **options)
    g = scene["g"] if g is None else g
    weight = scene["weight"] if weight is None else weight
    extents = (
        (g.shape[2 + a] - 1) * layer.stride[a] + (weight.shape[2 + a] - 1) * layer.dilation[a] + 1 for a in (0, 1)
    )
    x = scene.numbers.zeros((*scene["x"].shape[:2], *extents))
    return scene.backward(layer, g=g, x=x, weight=weight)["dx"]


def correlation(scene: Scene, image: Array, **options: Any) -> Array:
    """Each channel of an image with each channel of g laid on it as a kernel: dweight, if the sizes are right."""
    layer = Conv(**options)
    groups = conv_of(scene).groups
    inputs, outputs = image.shape[1] // groups, scene["g"].shape[1] // groups
    parts = []
    for group in range(groups):
        under = image[:, group * inputs : (group + 1) * inputs].transpose(1, 0, 2, 3)
        over = scene["g"][:, group * outputs : (group + 1) * outputs].transpose(1, 0, 2, 3)
        parts += [layer.forward(scene.numbers, under, {"weight": over})["y"].transpose(1, 0, 2, 3)]
    made = np.concatenate(parts)
    return made[:, :, ::-1, ::-1] if conv_of(scene).flip else made


def only(scene: Scene, source: Array, axis: int, places: Any) -> Array:
    """A copy of an array with zeros everywhere but at some places of one axis."""
    copy = scene.numbers.zeros(source.shape)
    at = (slice(None),) * axis + (places,)
    copy[at] = source[at]
    return copy


def each(*makers: Callable[[], Array]) -> Wrong:
    """What those give that fit the image."""
    for make in makers:
        try:
            yield make()
        except ShapeError:
            continue


def laid_wrong(
    code: str,
    phrase: Phrase,
    layers: Layers,
    kind: Literal["mistake", "convention"] = "mistake",
    tensors: Sequence[str] = ("y", "dx", "dweight"),
) -> tuple[Mistake, ...]:
    """A kernel that lies elsewhere: it shows in y, and in the gradients if the output is as large as it should be."""
    return tuple(
        Mistake(
            code, name, phrase, partial(_outputs, layers) if name == "y" else partial(_gradients, layers, name), kind
        )
        for name in tensors
    )


def outputs(scene: Scene, layers: Iterable[Conv]) -> Wrong:
    """What y is with other options, where the kernel fits."""
    yield from each(*(partial(_output, scene, layer) for layer in layers))


def _outputs(layers: Layers, scene: Scene) -> Wrong:
    yield from outputs(scene, layers(scene))


def _output(scene: Scene, layer: Conv) -> Array:
    return scene.forward(layer)["y"]


def _gradients(layers: Layers, name: str, scene: Scene) -> Wrong:
    yield from each(*(partial(_gradient, scene, name, layer) for layer in layers(scene)))


def _gradient(scene: Scene, name: str, layer: Conv) -> Array:
    shape = layer.output_shape(scene["x"].shape[1:], {"weight": scene["weight"].shape})
    if shape != scene["g"].shape[1:]:
        raise ShapeError("the output is not as large as g", "")
    return scene.backward(layer)[name]


def _shifts(scene: Scene, sign: int) -> Pair:
    (top, _), (left, _) = sides_of(scene)
    return sign * top, sign * left
