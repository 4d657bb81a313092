"""What people get wrong in the loss after a step of descent: parameters left as they were, or moved though kept fixed.

The steps after an update hold the old parameters, their gradients and the new ones, and the forward pass with these:
enough to go through the net again with some of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cnncalc.arithmetic.base import Array
from cnncalc.layers.base import Loss
from cnncalc.mistakes.take import Take, mistake, need
from cnncalc.records import dataclass
from cnncalc.scene import Scene

Parameters = Mapping[tuple[int, str], Array]
"""By the place of the layer among those after the update, and its own name for the parameter."""


@dataclass(frozen=True)
class Descent:
    """The layers from the first that changes to the loss, and the steps of the update rule on their parameters."""

    layers: Sequence[Scene]
    updates: Mapping[tuple[int, str], Scene]

    @property
    def x(self) -> Array:
        """What the first of the layers takes; no update changes it."""
        return self.layers[0]["x"]

    def old(self) -> dict[tuple[int, str], Array]:
        """The parameters before the step, of those that change."""
        return {place: update["x"] for place, update in self.updates.items()}

    def forward(
        self, changed: Parameters, x: Array | None = None, target: Array | None = None
    ) -> list[dict[str, Array]]:
        """The tensors of each layer with some parameters other than after the step."""
        made: list[dict[str, Array]] = []
        x = self.x if x is None else x
        for at, scene in enumerate(self.layers):
            parameters = {name: changed.get((at, name), array) for name, array in scene.parameters().items()}
            if target is not None and isinstance(scene.layer, Loss):
                parameters["target"] = target
            # A feature layer takes maps of 1×1 as features.
            x = x.reshape(len(x), *scene["x"].shape[1:])
            made.append({"x": x, **parameters, **scene.layer.forward(scene.numbers, x, parameters)})
            x = made[-1]["y"]
        return made

    def backward(self, tensors: Sequence[Mapping[str, Array]], changed: Parameters) -> list[dict[str, Array]]:
        """The gradients, with some parameters other than those that the tensors were made with."""
        numbers = self.layers[-1].numbers
        g, made = numbers.full((), numbers.number(1)), []
        for at in reversed(range(len(self.layers))):
            own = {name: array for (layer, name), array in changed.items() if layer == at}
            gradients = self.layers[at].layer.backward(numbers, g, {**tensors[at], **own})
            made.append(gradients)
            if at:
                g = gradients["dx"].reshape(tensors[at - 1]["y"].shape)
        return made[::-1]


def is_update(scene: Scene) -> bool:
    """Whether the step is that of an update rule."""
    return "gradient" in scene


def descent(scene: Scene) -> Descent:
    """The way through the net after the update that the scene belongs to; ShapeError where there is none."""
    waiting = [other for other in scene.chain if is_update(other)]
    layers = [other for other in scene.chain if not is_update(other)]
    need(waiting and layers and isinstance(layers[-1].layer, Loss))
    updates: dict[tuple[int, str], Scene] = {}
    for at, layer in enumerate(layers):
        for name in (parameter.name for parameter in layer.layer.parameters if parameter.learned):
            # Both are in the order of the layers; what does not change is not among the updates.
            if waiting and name in layer and _is_made_by(waiting[0], layer, name):
                updates[at, name] = waiting.pop(0)
    need(not waiting)
    return Descent(layers, updates)


def _is_made_by(update: Scene, layer: Scene, name: str) -> bool:
    new, used = update["y"], layer[name]
    return new.shape == used.shape and bool(layer.numbers.is_equal(new, used).all())


def updated_weight(s: Take) -> Iterator[Array]:
    """dx through a weight that was already updated: this one, then those behind it as well."""
    updates = [update for update in s.scene.later if is_update(update) and _is_updated_by(update, s.scene)]
    need(updates)
    for update in updates:
        yield s.again(weight=update["y"])
    found = descent(s.scene.later[0])
    # Both chains end with the loss; the one behind the update begins with the first layer that changes.
    at = s.scene.position - len(s.scene.chain) + len(found.layers)
    new = {place: update["y"] for place, update in found.updates.items() if place[0] >= at}
    yield found.backward(found.forward(found.old()), new)[at]["dx"]


def _is_updated_by(update: Scene, scene: Scene) -> bool:
    old, used = update["x"], scene["weight"]
    return old.shape == used.shape and bool(scene.numbers.is_equal(old, used).all())


def behind(s: Take) -> Descent:
    """The same for the loss at its end."""
    found = descent(s.scene)
    need(found.layers[-1] is s.scene)
    return found


def biases(found: Descent, parameters: Parameters) -> Parameters:
    return {place: array for place, array in parameters.items() if _is_bias(found, place)}


def left_out(s: Take) -> Iterator[Array]:
    """The biases, and each parameter alone, as it was before the step."""
    found = behind(s)
    old = found.old()
    for changed in (biases(found, old), *({place: array} for place, array in old.items())):
        if changed:
            yield found.forward(changed)[-1]["y"]


def fixed(s: Take) -> Iterator[Array]:
    """The biases, and all parameters that keep their values, as the step would make them."""
    found = behind(s)
    moved = dict(_moved(found))
    for changed in (biases(found, moved), moved):
        if changed:
            yield found.forward(changed)[-1]["y"]


def _moved(found: Descent) -> Iterator[tuple[tuple[int, str], Array]]:
    gradients = found.backward(found.forward(found.old()), {})
    rule = next(iter(found.updates.values()))
    for at, scene in enumerate(found.layers):
        for parameter in scene.layer.parameters:
            name = parameter.name
            if parameter.learned and name in scene and (at, name) not in found.updates:
                yield (at, name), rule.forward(x=scene[name], gradient=gradients[at][f"d{name}"])["y"]


def _is_bias(found: Descent, place: tuple[int, str]) -> bool:
    at, name = place
    return any(parameter.name == name and parameter.is_added for parameter in found.layers[at].layer.parameters)


UPDATED_WEIGHT = mistake("updated-weights-used: dx")(
    "The gradient went back through weights that were already updated. Every gradient is that from before the step:"
    " first compute all of them, then update.",
    "反向传播时用了已更新的权重。所有梯度都取更新前的值：应先算出全部梯度，再统一更新。",
    updated_weight,
)
"""In any layer with a weight."""
OF_LOSS_BEHIND = (
    mistake("parameter-not-updated: y")(
        "A parameter (the biases, say) still has its old value in this loss; after the step the forward pass uses"
        " the new values of all parameters that were updated.",
        "计算这个损失时，有参数（例如偏置）仍用了旧值；更新之后，前向传播应使用所有已更新参数的新值。",
        left_out,
    ),
    mistake("fixed-parameter-updated: y")(
        "A parameter that this problem keeps as it is was updated too: only those that `update` names change.",
        "本题保持不变的参数也被更新了；只有 `update` 中列出的参数改变。",
        fixed,
    ),
)
"""In the loss after a step of descent."""
