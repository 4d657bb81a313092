"""What people get wrong in a step of gradient descent, w_new = w − lr · dL/dw."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from cnncalc.language import Phrase
from cnncalc.layers.base import Loss
from cnncalc.mistakes.optimizers.descent import Descent, descent, is_update
from cnncalc.mistakes.take import Records, Take, need


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


step = Records(Step, "y", Phrase(": w_new = w − lr · dL/dw.", "：w_new = w − lr · dL/dw。"))
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
        "The gradient was not clipped; `clip` says to which size.", "梯度没有裁剪；`clip` 规定了裁剪的上限。"
    ),
    bare("clipped-by-itself: clipped y", own_length)(
        "Each gradient was clipped to the length by itself; the length is that of the gradients of all parameters"
        " together.",
        "每个参数的梯度各自按自己的范数裁剪；范数应取所有参数的梯度合起来的。",
    ),
)
SGD = (
    *CLIPPING,
    step("update-sign", lambda s: s.again(gradient=0 - s.gradient))(
        "The step was added, which makes the loss larger; it goes against the gradient",
        "加上了梯度步，会使损失增大；应沿负梯度方向更新",
    ),
    bare("updated-weights-used", updated_weights)(
        "The gradient was computed with weights of later layers that were already updated. Every gradient is that from"
        " before the step: first compute all of them, then update.",
        "计算梯度时使用了后面层中已更新的权重。所有梯度都取更新前的值：应先算出全部梯度，再统一更新。",
    ),
    step("learning-rate-forgotten", lambda s: s.at_rate(1))(
        "The gradient was not multiplied by the learning rate lr", "梯度没有乘以学习率 lr"
    ),
    step("learning-rate-divided", lambda s: s.at_rate(1 / s.rate))(
        "The gradient was divided by the learning rate lr; it is multiplied by it", "梯度除以了学习率 lr；应当相乘"
    ),
    step("step-alone", lambda s: [alone := s.again(x=s.x * 0), 0 - alone])(
        "This is only the step, lr · dL/dw; it is taken away from the old value",
        "这只是更新量 lr · dL/dw；应从旧值中减去它",
    ),
    step("learning-rate-on-everything", lambda s: (s.x - s.gradient) * s.number(s.rate))(
        "The old value was multiplied by the learning rate lr as well; only the gradient is",
        "旧值也乘以了学习率 lr；只有梯度乘以它",
    ),
    step("learning-rate-decimal-point")(
        "The decimal point of the learning rate lr, or of lr · dL/dw, is in the wrong place",
        "学习率 lr（或 lr · dL/dw）的小数点位置错了",
        lambda s: [s.at_rate(s.rate * factor) for factor in (10, Fraction(1, 10), 100, Fraction(1, 100))],
    ),
    step("updated-twice", lambda s: s.at_rate(2 * s.rate))(
        "The step was taken twice; the update is one step", "更新了两次；本题只更新一步"
    ),
    step("parameter-not-updated", lambda s: s.x)(
        "This parameter was left as it was; it is updated like the others", "这个参数没有更新；它应与其他参数一样更新"
    ),
    step("one-sample-only", one_sample)(
        "The gradient of one sample only was used; dL/dw is that of the loss of the whole mini-batch",
        "只用了一个样本的梯度；dL/dw 是整个小批量的损失的梯度",
    ),
    bare("~other-reduction", other_reduction)(
        "the gradient of the loss summed over the mini-batch was used instead of the mean, or the other way round."
        " The problem says which by `reduction` (mean if it says nothing).",
        "用了损失对小批量求和（而不是平均）时的梯度，或相反。本题由 `reduction` 规定，未写时取平均（mean）。",
    ),
    step("gradient-of-another-parameter", other_gradients)(
        "The gradient of another parameter was used; each parameter has its own",
        "用了另一个参数的梯度；每个参数应使用它自己的梯度",
    ),
)
"""The most specific first."""
OF_A_PERCEPTRON = ("update-sign", "step-alone", "updated-twice")
MISTAKES = {"sgd": SGD, "perceptron": tuple(made for made in SGD if made.code in OF_A_PERCEPTRON)}
