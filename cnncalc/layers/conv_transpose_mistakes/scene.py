"""What the rules of a transposed convolution's mistakes share: the stamps before anything is taken off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal, TypeAlias, cast

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.axis import Pair
from cnncalc.layers.base import ShapeError
from cnncalc.layers.conv import Conv
from cnncalc.layers.conv_mistakes.scene import place
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.window import Window
from cnncalc.records import replace

Sides: TypeAlias = tuple[Pair, Pair]
"""((top, bottom), (left, right))."""
NO_SIDES: Sides = ((0, 0), (0, 0))
Layers: TypeAlias = Callable[[Scene], Iterator[ConvTranspose]]
"""The layer with wrong options, in each of the ways in which they can be wrong."""
Ways: TypeAlias = Callable[[Scene], Iterator[Mapping[str, Array]]]
"""Wrong tensors to compute with, in each of the ways in which they can be wrong."""


def layer_of(scene: Scene) -> ConvTranspose:
    """The layer."""
    return cast(ConvTranspose, scene.layer)


def window_of(scene: Scene) -> Window:
    """Where the stamps lie on the output."""
    return layer_of(scene)._window(scene["x"].shape[1:], scene["weight"].shape)


def sides_of(scene: Scene) -> Sides:
    """What is taken off, in numbers; where rows are added at the end, that is less than nothing."""
    window = window_of(scene)
    return (window.rows.before, window.rows.after), (window.columns.before, window.columns.after)


def padding_of(scene: Scene) -> Sides:
    """What the padding takes off, without the output_padding."""
    (top, bottom), (left, right) = sides_of(scene)
    rows, columns = layer_of(scene).output_padding
    return (top, bottom + rows), (left, right + columns)


def spans_of(scene: Scene) -> Pair:
    """Rows and columns that a stamp covers, gaps included."""
    window = window_of(scene)
    return window.rows.span, window.columns.span


def outputs_of(scene: Scene) -> int:
    """Output channels of one group."""
    return int(scene["weight"].shape[1])


def with_sides(scene: Scene, sides: Sides | None = None, **options: Any) -> ConvTranspose:
    """The layer with what is taken off in numbers, those that it has or others, and perhaps other options."""
    return replace(layer_of(scene), padding=sides or sides_of(scene), output_padding=(0, 0), **options)


def stamped(scene: Scene, x: Array | None = None, **options: Any) -> Array:
    """All that the stamps cover, without a bias; with other strides or dilations too."""
    layer = with_sides(scene, NO_SIDES, **options)
    return layer.forward(scene.numbers, scene["x"] if x is None else x, {"weight": scene["weight"]})["y"]


def biased(scene: Scene, y: Array) -> Array:
    """With the bias, if there is one."""
    return y + scene["bias"][:, None, None] if "bias" in scene else y


def as_conv(scene: Scene, g: Array | None = None, weight: Array | None = None, **options: Any) -> Array:
    """The conv of g, which dx is: with what was taken off in the forward pass put around g, or with other options."""
    layer = layer_of(scene)
    given = {"stride": layer.stride, "padding": sides_of(scene), "dilation": layer.dilation, "groups": layer.groups}
    conv = Conv(**{**given, **options})
    parameters = {"weight": scene["weight"] if weight is None else weight}
    return conv.forward(scene.numbers, scene["g"] if g is None else g, parameters)["y"]


def weight_gradient(scene: Scene, sides: Sides, **options: Any) -> Array:
    """dweight from g with other zeros around it, and with another stride or dilation; cells beyond it are zeros."""
    layer = with_sides(scene, NO_SIDES, **options)
    _, rows, columns = layer.output_shape(scene["x"].shape[1:], {"weight": scene["weight"].shape})
    return scene.backward(layer, g=place(scene, scene["g"], sides[0][0], sides[1][0], (rows, columns)))["dweight"]


def each(*makers: Callable[[], Array]) -> Wrong:
    """What those give that fit."""
    for make in makers:
        try:
            yield make()
        except ShapeError:
            continue


def laid_wrong(
    code: str, phrase: Phrase, layers: Layers, kind: Literal["mistake", "convention"] = "mistake"
) -> Mistake:
    """An output that other options of the layer give."""

    def rule(scene: Scene) -> Wrong:
        yield from each(*(partial(_output, scene, layer) for layer in layers(scene)))

    return Mistake(code, "y", phrase, rule, kind)


def _output(scene: Scene, layer: ConvTranspose) -> Array:
    return scene.forward(layer)["y"]


def with_tensors(
    code: str, phrases: Mapping[str, Phrase], ways: Ways, kind: Literal["mistake", "convention"] = "mistake"
) -> Sequence[Mistake]:
    """The same wrong tensors (another kernel, say) in y and in gradients: a phrase for each."""

    def made(tensor: str, scene: Scene) -> Wrong:
        for tensors in ways(scene):
            yield forward_with(scene, tensors) if tensor == "y" else backward_with(scene, tensors)[tensor]

    return tuple(Mistake(code, name, phrase, partial(made, name), kind) for name, phrase in phrases.items())


def forward_with(scene: Scene, tensors: Mapping[str, Array], layer: ConvTranspose | None = None) -> Array:
    """y from another x or other parameters."""
    given = {"x": scene["x"], **scene.parameters(), **tensors}
    return (layer or scene.layer).forward(scene.numbers, given.pop("x"), given)["y"]


def backward_with(scene: Scene, tensors: Mapping[str, Array], layer: ConvTranspose | None = None) -> dict[str, Array]:
    """The gradients from another g, x or weight."""
    given = {"g": scene["g"], **tensors}
    return scene.backward(layer, given.pop("g"), **given)
