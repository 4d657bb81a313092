"""What to say where the gradient of a tensor comes together from several uses."""

from collections.abc import Iterator

from cnncalc.language import Phrase, marked_up
from cnncalc.layers.base import Layer
from cnncalc.layers.joining.meeting import VIA, Meeting
from cnncalc.lessons.lesson import Lesson, Reason, sentences
from cnncalc.scene import Scene

OF_ACTIVATION = Phrase(
    en="This tensor is used more than once: by {users}. When one of its elements changes a little, the loss changes by"
    " way of each of these uses, and the changes add up. So what comes back along the paths is added up where they"
    " meet.",
    zh="这个张量被多次使用：{users}。它的某个元素略微改变时，损失会经由每一处使用而改变，各处的改变量相加；"
    "因此各条路径传回的梯度在汇合处相加。",
)
OF_PARAMETER = Phrase(
    en="This is one tensor with one set of numbers, shared by {users}. A change of one of its elements changes the loss"
    " by way of each of these uses. So its gradient is the sum of what all of them send back, and a step of gradient"
    " descent changes it once, for all of them.",
    zh="这是同一个参数，由 {users} 共用。它的某个元素改变时，损失会经由每一处使用而改变，"
    "因此它的梯度是各处使用传回的梯度之和；梯度下降也只更新它一次，对各处同时生效。",
)
WHICH_INPUT = Phrase(
    en="The number behind a colon says which input of the layer it is.", zh="冒号后的数字表示它是该层的第几个输入。"
)
ONE_IS_ZERO = Phrase(
    en="What comes back via {silent} is 0 everywhere, so it adds nothing.",
    zh="经由 {silent} 传回的梯度处处为 0，对总和没有贡献。",
)
CANCEL = Phrase(en="The parts cancel each other: their sum is 0 everywhere.", zh="各部分恰好相互抵消，总和处处为 0。")


def _parts(scene: Scene) -> Iterator[str]:
    """The local names of what each use sends."""
    assert isinstance(scene.layer, Meeting), "the lesson of that"
    yield from scene.layer.parts(scene.tensors)


def _use(scene: Scene, local: str) -> Phrase:
    """The layer that a part comes from: `add_1`, and `add_1:2` where it comes in as its second input."""
    return marked_up(f"`{scene.names.get(local, local).rpartition(VIA)[2]}`")


def _uses(scene: Scene) -> Phrase:
    return Phrase.listed(_use(scene, local) for local in _parts(scene))


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase | Reason]:
    numbers = scene.numbers
    silent = [local for local in _parts(scene) if numbers.is_known_equal(scene[local], 0).all()]
    if numbers.is_known_equal(scene["y"], 0).all() and not silent:
        yield CANCEL
    elif len(silent) < len(list(_parts(scene))):
        for local in silent:
            yield ONE_IS_ZERO.format(silent=_use(scene, local))


def lesson_of(layer: Layer) -> Lesson:
    """That of a tensor that flows, or of a shared parameter."""
    assert isinstance(layer, Meeting), "a lesson of that"
    text = OF_ACTIVATION if layer.batched else OF_PARAMETER
    kind = Phrase(en="gradients added up", zh="梯度相加")

    def y(scene: Scene) -> Phrase:
        several_of_one = any(":" in scene.names.get(local, "") for local in _parts(scene))
        return sentences(text.format(users=_uses(scene)), WHICH_INPUT if several_of_one else None)

    return Lesson(kind, {"y": y}, remarks=_remarks)
