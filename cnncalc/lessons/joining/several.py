"""What lessons on layers of several inputs have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cnncalc.language import Phrase
from cnncalc.layers.base import Setting
from cnncalc.layers.conv import Conv
from cnncalc.layers.joining.identity import Identity
from cnncalc.layers.joining.several import Setup, summed_over
from cnncalc.layers.normalization.batch_norm import BatchNorm
from cnncalc.scene import Scene

ADDED_UP = Phrase(
    en="It has fewer numbers than the output, each of which was spread over several elements; so the gradients of all"
    " these elements are added up.",
    zh="它的元素比输出少，每个数都扩展到了多个元素上，因此要把这些元素处的梯度相加。",
)


def chain(setting: Setting) -> Mapping[str, str]:
    """That of a layer that takes its inputs element by element."""
    setup = Setup.of(setting)
    g, y = setup.output("g"), setup.output("y")
    return {
        f"d{local}": f"{setup.derived(local)} = {summed_over(shape, setup.full)}{g}"
        rf" \cdot \frac{{\partial {y}}}{{\partial {setup.written(local)}}}"
        for local, shape in setup.inputs.items()
    }


def is_spread(scene: Scene, local: str) -> bool:
    """Whether an input has fewer numbers than the output."""
    return bool(scene[local].size < scene["y"].size)


def inputs_of(scene: Scene) -> Iterator[str]:
    """The inputs by the layer's names."""
    yield "x"
    yield from (parameter.name for parameter in scene.layer.parameters if parameter.name in scene)


def passed_by(scene: Scene) -> str | None:
    """The input that another one is made of, past the layers in between: what a skip connection brings."""
    makers = {other.names["y"]: other for other in scene.chain}
    inputs: dict[str, str] = {}
    for local in inputs_of(scene) if scene.chain else ():
        name = scene.names[local]
        while name in makers and isinstance(makers[name].layer, Identity):
            name = makers[name].names["x"]
        inputs[name] = local
    for name, local in inputs.items():
        if any(name in _made_of(scene, other) for other in inputs if other != name):
            return local
    return None


def projected(scene: Scene) -> str | None:
    """The input that comes from what another one is made of, by nothing but a 1×1 convolution (and its batch norm)."""
    makers = {other.names["y"]: other for other in scene.chain}
    inputs = {scene.names[local]: local for local in inputs_of(scene)} if scene.chain else {}
    for name, local in inputs.items():
        maker = makers.get(name)
        if maker is not None and isinstance(maker.layer, BatchNorm):
            maker = makers.get(maker.names["x"])
        if maker is None or not isinstance(maker.layer, Conv) or maker["weight"].shape[2:] != (1, 1):
            continue
        start = maker.names["x"]
        others = [makers[other] for other in inputs if other != name and other in makers]
        if any(start != other.names["x"] and start in _made_of(scene, other.names["y"]) for other in others):
            return local
    return None


def _made_of(scene: Scene, name: str) -> set[str]:
    """Every tensor that one was made of."""
    found: set[str] = set()
    waiting = [name]
    makers = {other.names["y"]: other for other in scene.chain}
    while waiting:
        maker = makers.get(waiting.pop())
        if maker is not None:
            needed = {maker.names[local] for local in inputs_of(maker) if local in maker.names} - found
            found |= needed
            waiting += needed
    return found
