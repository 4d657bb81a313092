"""One step of an update rule: each parameter after it, and the forward pass with those, for the loss after it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange, Undecided
from cnncalc.language import Phrase
from cnncalc.layers.base import Doubt
from cnncalc.problem.names import NEW
from cnncalc.problem.problem import UpdateEntry
from cnncalc.saturation import saturation
from cnncalc.trace import Step

LARGER = Phrase(
    en="the step has made the loss larger; on this data the learning rate is too large.",
    zh="更新后损失反而增大：对这组数据而言学习率过大。",
)
SAME = Phrase(
    en="the step has left the loss as it was.",
    zh="更新后损失没有变化。",
)
OPEN = Phrase(
    en="whether the step has made the loss smaller could not be decided.",
    zh="无法判定更新后损失是否减小。",
)
NO_LOSS = Phrase(
    en="the loss after the step cannot be computed: with the new parameters a number leaves what can be held.",
    zh="无法计算更新后的损失：使用新参数时，数值超出当前数值系统的范围。",
)


def step_parameters(
    update: UpdateEntry,
    numbers: Arithmetic,
    steps: Sequence[Step],
    gradients: Mapping[str, Array],
    gradient_of: Callable[[str], str],
) -> Iterator[tuple[str, Step]]:
    """A step of the rule for each parameter that it changes, with the name of the first layer that has it."""
    left = list(update.parameters)
    for step in steps:
        for local, x in step.parameters().items():
            name = step.names[local]
            if name not in left:
                continue
            left.remove(name)
            gradient = gradients[name]
            y = numbers.simplified(update.rule.forward(numbers, x, {"gradient": gradient})["y"])
            names = {"x": name, "gradient": gradient_of(name), "y": name + NEW}
            yield step.name, Step(name + NEW, update.rule, {"x": x, "gradient": gradient, "y": y}, names)


def forward_again(numbers: Arithmetic, steps: Sequence[Step], new: Mapping[str, Step]) -> Iterator[Step]:
    """The steps of the forward pass that change with the parameters of `new` (by their old names)."""
    changed: dict[str, tuple[str, Array]] = {old: (one.name, one.tensors["y"]) for old, one in new.items()}
    last: Step | None = None
    for position, step in enumerate(steps):
        taken = {local: step.names[local] for local in ("x", *step.parameters())}
        if changed.keys().isdisjoint(taken.values()):
            continue
        given = {local: changed.get(name, (name, step.tensors[local])) for local, name in taken.items()}
        # A feature layer takes maps of 1×1 as features.
        tensors = {local: array.reshape(step.tensors[local].shape) for local, (_, array) in given.items()}
        after = step.name + NEW
        # Of letters that are named here, too, those of the last layer stand first.
        scoped = numbers.for_layer(after, len(steps) - position)
        x, parameters = tensors["x"], {local: array for local, array in tensors.items() if local != "x"}
        behind = saturation(numbers, last, step.layer, parameters)
        made = step.layer.forward(scoped, x, parameters) if behind is None else behind.loss(scoped)
        made = {local: numbers.simplified(np.asarray(array)) for local, array in made.items()}
        names = {local: name for local, (name, _) in given.items()}
        names |= {local: after if local == "y" else f"{after}.{local}" for local in made}
        last = Step(after, step.layer, {**tensors, **made}, names)
        yield last
        changed[step.name] = after, made["y"]


def loss_doubt(numbers: Arithmetic, before: Array, after: Array) -> tuple[Doubt, ...]:
    """What is to be said of the loss after the step, unless it is smaller than before."""
    try:
        if numbers.is_greater(before, after).all():
            return ()
        phrase = SAME if numbers.is_equal(before, after).all() else LARGER
    except Undecided:
        phrase = OPEN
    return (Doubt("y", ((),), phrase),)


CANNOT = (OutOfRange, Undecided)
"""What the forward pass may raise with the new parameters, though it did not with the old ones."""
