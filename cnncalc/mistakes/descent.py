"""What people get wrong in a step of gradient descent, w_new = w − lr · dL/dw, and in the loss after it.

The steps after an update hold the old parameters, their gradients and the new ones, and the forward pass with these:
enough to go through the net again with some of each.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Loss
from cnncalc.mistakes.take import Records, Take, mistake, need
from cnncalc.records import Record
from cnncalc.step import Scene

Parameters = Mapping[str, Array]
"""By the name of the parameter after the step."""


class Descent(Record):
    """The layers that change, in order, to the loss, and the steps of the update rule on their parameters."""

    layers: Sequence[Scene]
    updates: Mapping[str, Scene]
    """By the name of the parameter after the step."""

    @property
    def samples(self) -> int:
        """How many there are."""
        return len(self.layers[0]["x"])

    def old(self) -> dict[str, Array]:
        """The parameters before the step, of those that change."""
        return {name: update["x"] for name, update in self.updates.items()}

    def biases(self, parameters: Parameters) -> Parameters:
        """Those among them that are added."""
        added = {scene.names.get(p.name) for scene in self.layers for p in scene.layer.parameters if p.is_added}
        return {name: array for name, array in parameters.items() if name in added}

    def losses(self, *changes: Parameters) -> list[Array]:
        """The loss with some parameters other than after the step: one for each of these that changes anything."""
        return [self.forward(changed)[-1]["y"] for changed in changes if changed]

    def first_use(self, name: str) -> int:
        """Where a parameter stands first among the layers."""
        return next(at for at, scene in enumerate(self.layers) if name in scene.names.values())

    def forward(self, changed: Parameters, sample: int | None = None) -> list[dict[str, Array]]:
        """The tensors of each layer with some parameters other than after the step; of one sample, or of all."""
        made: list[dict[str, Array]] = []
        known = dict(changed)
        for scene in self.layers:
            own = {p.name for p in scene.layer.parameters if not p.is_operand and p.name != "target"}
            taken: dict[str, Array] = {}
            for local in scene.taken():
                given = scene[local]
                array = known.get(scene.names[local])
                if array is None:
                    array = given if sample is None or local in own else given[sample : sample + 1]
                # A feature layer takes maps of 1×1 as features.
                taken[local] = array if local in own else array.reshape(len(array), *given.shape[1:])
            x, parameters = taken["x"], {local: array for local, array in taken.items() if local != "x"}
            made.append({**taken, **scene.layer.forward(scene.numbers, x, parameters)})
            known[scene.names["y"]] = made[-1]["y"]
        return made

    def backward(self, tensors: Sequence[Mapping[str, Array]], changed: Parameters) -> list[dict[str, Array]]:
        """The gradients, with some parameters other than those that the tensors were made with."""
        numbers, made = self.layers[-1].numbers, list[dict[str, Array]]()
        sums = {self.layers[-1].names["y"]: numbers.full((), numbers.number(1))}
        for scene, own in zip(reversed(self.layers), reversed(tensors), strict=True):
            others = {local: changed[name] for local, name in scene.names.items() if name in changed and local in own}
            g = sums[scene.names["y"]].reshape(np.shape(own["y"]))
            made.append(scene.layer.backward(numbers, g, {**own, **others}))
            for local, gradient in made[-1].items():
                name = scene.names.get(local[1:])
                if name is not None:
                    sums[name] = gradient if name not in sums else sums[name] + gradient.reshape(sums[name].shape)
        return made[::-1]

    def gradient(self, gradients: Sequence[Mapping[str, Array]], name: str) -> Array:
        """That of a parameter (by its name after the step), of all its uses together."""
        found = [
            made[f"d{local}"]
            for scene, made in zip(self.layers, gradients, strict=True)
            for local in scene.taken()
            if scene.names[local] == name
        ]
        return sum(found[1:], found[0])


def is_update(scene: Scene) -> bool:
    """Whether the step is that of an update rule."""
    return "gradient" in scene


def descent(scene: Scene) -> Descent:
    """The way through the net after the update that the scene belongs to; ShapeError where there is none."""
    waiting = [other for other in scene.chain if is_update(other)]
    layers = [other for other in scene.chain if not is_update(other)]
    need(waiting and layers and isinstance(layers[-1].layer, Loss))
    updates = {update.names["y"]: update for update in waiting}
    used = {layer.names[local] for layer in layers for local in layer.taken()}
    need(used.issuperset(updates))
    return Descent(layers, updates)


def updated_weight(s: Take) -> Iterator[Array]:
    """dx through a weight that was already updated: this one, then those behind it as well."""
    weight = s.scene.names["weight"]
    updates = [update for update in s.scene.later if is_update(update) and update.names["x"] == weight]
    need(updates)
    for update in updates:
        yield s.again(weight=update["y"])
    found = descent(s.scene.later[0])
    at = next(at for at, after in enumerate(found.layers) if after.layer is s.scene.layer)
    new = {name: update["y"] for name, update in found.updates.items() if found.first_use(name) >= at}
    yield found.backward(found.forward(found.old()), new)[at]["dx"]


def behind(s: Take) -> Descent:
    """The same for the loss at its end."""
    found = descent(s.scene)
    need(found.layers[-1] is s.scene)
    return found


def left_out(s: Take) -> list[Array]:
    """The biases, and each parameter alone, as it was before the step."""
    found = behind(s)
    old = found.old()
    return found.losses(found.biases(old), *({name: array} for name, array in old.items()))


def fixed(s: Take) -> list[Array]:
    """The biases, and all parameters that keep their values, as the step would make them."""
    found = behind(s)
    moved = dict(_moved(found))
    return found.losses(found.biases(moved), moved)


def _moved(found: Descent) -> Iterator[tuple[str, Array]]:
    gradients = found.backward(found.forward(found.old()), {})
    rule = next(iter(found.updates.values()))
    for scene in found.layers:
        for parameter in scene.layer.parameters:
            name = scene.names.get(parameter.name, "")
            if parameter.learned and name and name not in found.updates:
                yield name, rule.forward(x=scene[parameter.name], gradient=found.gradient(gradients, name))["y"]


UPDATED_WEIGHT = mistake("updated-weights-used: dx", updated_weight)(
    "The gradient went back through weights that were already updated. Every gradient is that from before the step:"
    " first compute all of them, then update."
)
"""In any layer with a weight."""
OF_LOSS_BEHIND = (
    mistake("parameter-not-updated: y", left_out)(
        "A parameter (the biases, say) still has its old value in this loss; after the step the forward pass uses"
        " the new values of all parameters that were updated."
    ),
    mistake("fixed-parameter-updated: y", fixed)(
        "A parameter that this problem keeps as it is was updated too: only those that `update` names change."
    ),
)
"""In the loss after a step of descent."""


class Step(Take):
    """A step of descent, and the way through the net behind it."""

    def at_rate(self, rate: int | Fraction) -> Any:
        return self.again(self.options(lr=rate))

    @property
    def rate(self) -> Fraction:
        return Fraction(self.layer.lr)

    @property
    def own(self) -> tuple[Descent, str]:
        """The way after the update, and this parameter's name in it; nothing without a loss."""
        found = descent(self.scene)
        need(self.scene.names["y"] in found.updates)
        return found, self.scene.names["y"]


step = Records(Step, "y", Phrase(": w_new = w − lr · dL/dw."))
bare = Records(Step, "y")


def updated_weights(s: Step) -> Iterator[Any]:
    found, name = s.own
    at = found.first_use(name)
    later = {other: update["y"] for other, update in found.updates.items() if found.first_use(other) > at}
    need(later)
    yield s.again(gradient=found.gradient(found.backward(found.forward(found.old()), later), name))
    # Forward with them, too: one layer after the other is brought to an end, the last one first.
    again = found.forward({other: array for other, array in found.old().items() if other not in later})
    yield s.again(gradient=found.gradient(found.backward(again, {}), name))


def one_sample(s: Step) -> Iterator[Any]:
    found, name = s.own
    count = found.samples
    need(count > 1)
    for n in range(count):
        gradient = found.gradient(found.backward(found.forward(found.old(), n), {}), name)
        yield s.again(gradient=gradient)
        yield s.again(gradient=gradient / count)


def other_reduction(s: Step) -> Any:
    found, _ = s.own
    count, loss = found.samples, found.layers[-1].layer
    need(count > 1)
    assert isinstance(loss, Loss), "the way ends with the loss"
    return s.again(gradient=s.gradient * count if loss.reduction == "mean" else s.gradient / count)


def own_length(s: Step) -> Any:
    need(s.layer.clip_norm is not None)
    return s.again(share=s.layer.clip_shares(s.numbers, {"": s.gradient})[""])


def other_gradients(s: Step) -> Any:
    others = (scene for scene in s.scene.chain if scene is not s.scene and is_update(scene))
    return [s.again(gradient=one["gradient"]) for one in others if one["gradient"].shape == s.gradient.shape]


CLIPPING = (
    bare("gradient-not-clipped: clipped y", lambda s: s.layer.clips and s.again(share=s.gradient * 0 + 1))(
        "The gradient was not clipped; `clip` says to which size."
    ),
    bare("clipped-by-itself: clipped y", own_length)(
        "Each gradient was clipped to the length by itself; the length is that of the gradients of all parameters"
        " together."
    ),
)
SGD = (
    *CLIPPING,
    step("update-sign", lambda s: [s.x * 2 - s.y, s.again(gradient=0 - s.gradient)])(
        "The step was added, which makes the loss larger; it goes against the gradient"
    ),
    bare("updated-weights-used", updated_weights)(
        "The gradient was computed with weights of later layers that were already updated. Every gradient is that from"
        " before the step: first compute all of them, then update."
    ),
    step("learning-rate-forgotten", lambda s: s.at_rate(1))("The gradient was not multiplied by the learning rate lr"),
    step("learning-rate-divided", lambda s: s.at_rate(1 / s.rate))(
        "The gradient was divided by the learning rate lr; it is multiplied by it"
    ),
    step("step-alone", lambda s: [alone := s.y - s.x, 0 - alone])(
        "This is only the step, lr · dL/dw; it is taken away from the old value"
    ),
    step("learning-rate-on-everything", lambda s: (s.x - s.gradient) * s.number(s.rate))(
        "The old value was multiplied by the learning rate lr as well; only the gradient is"
    ),
    step("learning-rate-decimal-point")(
        "The decimal point of the learning rate lr, or of lr · dL/dw, is in the wrong place",
        lambda s: [s.at_rate(s.rate * factor) for factor in (10, Fraction(1, 10), 100, Fraction(1, 100))],
    ),
    step("updated-twice", lambda s: s.at_rate(2 * s.rate))("The step was taken twice; the update is one step"),
    step("parameter-not-updated", lambda s: s.x)("This parameter was left as it was; it is updated like the others"),
    step("one-sample-only", one_sample)(
        "The gradient of one sample only was used; dL/dw is that of the loss of the whole mini-batch"
    ),
    bare("~other-reduction", other_reduction)(
        "the gradient of the loss summed over the mini-batch was used instead of the mean, or the other way round."
        " The problem says which by `reduction` (mean if it says nothing)."
    ),
    step("gradient-of-another-parameter", other_gradients)(
        "The gradient of another parameter was used; each parameter has its own"
    ),
)
PERCEPTRON = tuple(made for made in SGD if made.code in ("update-sign", "step-alone", "updated-twice"))
