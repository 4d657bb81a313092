"""What to say about the rules of an update."""

from cnncalc.language import Phrase
from cnncalc.layers.base import Layer, called
from cnncalc.lessons.lesson import Lesson, Lessons

TENSORS = {
    "rates": Phrase(en="the learning rate of each step", zh="各步的学习率"),
    "share": Phrase(en="what the gradient is multiplied by where it is clipped", zh="梯度裁剪时所乘的比例"),
    "clipped": Phrase(en="the clipped gradient", zh="裁剪后的梯度"),
    "regularized": Phrase(en="the gradient with weight decay", zh="加上权重衰减的梯度"),
    "velocity": Phrase(en="the velocity", zh="速度（动量）"),
    "square_sum": Phrase(en="the sum of all squared gradients so far", zh="迄今梯度平方的累加和"),
    "delta": Phrase(en="the step, before the learning rate", zh="更新量（乘学习率之前）"),
    "u": Phrase(en="the running mean of the squared steps", zh="更新量平方的指数滑动平均"),
    "m": Phrase(en="the running mean of the gradients", zh="梯度的指数滑动平均（一阶矩）"),
    "v": Phrase(en="the running mean of the squared gradients", zh="梯度平方的指数滑动平均（二阶矩）"),
    "mhat": Phrase(en="m, corrected for its start at 0", zh="偏差修正后的 m"),
    "vhat": Phrase(en="v, corrected for its start at 0", zh="偏差修正后的 v"),
}
AHEAD = {
    "nadam": {"mhat": Phrase(en="m looked a step ahead, corrected for its start at 0", zh="前瞻一步并经偏差修正的 m")}
}
"""What a name of those means in one rule alone."""
KINDS = {
    "momentum": Phrase(en="momentum", zh="动量法"),
    "adagrad": Phrase(en="AdaGrad", zh="AdaGrad"),
    "adadelta": Phrase(en="AdaDelta", zh="AdaDelta"),
    "rmsprop": Phrase(en="RMSprop", zh="RMSprop"),
    "adam": Phrase(en="Adam", zh="Adam"),
    "adamw": Phrase(en="AdamW", zh="AdamW"),
    "nadam": Phrase(en="NAdam", zh="NAdam"),
}
MEAN = Phrase(
    en="A running mean: a share of what was remembered, and the rest of what is new.",
    zh="指数滑动平均：保留旧值的一部分，其余由新值补足。",
)
CORRECTED = Phrase(
    en="The means begin at 0 and are too small at first; dividing by 1 − β^t makes up for that.",
    zh="滑动平均从 0 开始，初期偏小；除以 1 − β^t 予以修正。",
)
DIVIDED = Phrase(
    en="Each parameter has a step of its own: where gradients were large, it is smaller.",
    zh="每个参数有各自的步长：梯度一向较大的参数，步长较小。",
)
PURPOSES = {
    "clipped": Phrase(
        en="Clipping keeps one large gradient from throwing the parameters far away.",
        zh="梯度裁剪避免个别过大的梯度使参数偏离过远。",
    ),
    "regularized": Phrase(en="Weight decay pulls each parameter towards 0.", zh="权重衰减把每个参数拉向 0。"),
    "velocity": Phrase(
        en="The velocity keeps a share of itself: directions that stay the same add up, those that change cancel out.",
        zh="速度保留上一步的一部分：方向一致的分量累加，来回变化的分量相互抵消。",
    ),
    "squaresum": Phrase(en="All squared gradients are added up.", zh="累加所有梯度的平方。"),
    "delta": Phrase(
        en="The gradient is measured by the gradients before, and the step made as long as the steps before.",
        zh="梯度除以以往梯度的均方根，再乘以以往更新量的均方根，使更新量与参数同量纲。",
    ),
    "u": MEAN,
    "m": MEAN,
    "v": MEAN,
    "mhat": CORRECTED,
    "vhat": CORRECTED,
}
BEFORE = ("clipped", "regularized")
"""What any rule may make of the gradient first."""
MOVED = {
    False: Phrase(en="The parameter goes along the velocity.", zh="参数沿速度方向移动。"),
    True: Phrase(
        en="The parameter goes along the gradient and the velocity together: a step ahead of the velocity (Nesterov).",
        zh="参数同时沿负梯度与速度移动，相当于沿速度先行一步（Nesterov）。",
    ),
}
"""By whether a velocity is looked ahead along."""


def rule_lesson(layer: Layer) -> Lesson:
    """The lesson of a rule, with the tensors that it has."""
    purpose = {local: PURPOSES[local] for local in layer.auxiliaries}
    purpose["y"] = MOVED[getattr(layer, "nesterov", False)] if "velocity" in layer.auxiliaries else DIVIDED
    names = map(called, layer.auxiliaries)
    return Lesson(
        KINDS[layer.type],
        purpose,
        tensors={name: AHEAD.get(layer.type, TENSORS).get(name, TENSORS[name]) for name in names},
    )


LESSONS: Lessons = {
    "sgd": Lesson(
        Phrase(en="gradient descent", zh="梯度下降"),
        {
            "y": Phrase(
                en="The gradient points to where the loss grows fastest, so the parameter goes the other way; the"
                " learning rate says how far.",
                zh="梯度指向损失增长最快的方向，因此参数沿相反方向移动，步长由学习率决定。",
            ),
            **{local: PURPOSES[local] for local in BEFORE},
        },
        tensors={local: TENSORS[local] for local in BEFORE},
    ),
    "perceptron": Lesson(
        Phrase(en="perceptron", zh="感知机学习规则"),
        {
            "y": Phrase(
                en="A mistake corrects the weights by lr times its target times its input, which is the step against"
                " the gradient: next time its score lies nearer to its side.",
                zh="每个误分类样本给权重加上 lr 乘以目标乘以输入，即沿负梯度走一步，使该样本的得分更靠近正确的一侧。",
            ),
            **{local: PURPOSES[local] for local in BEFORE},
        },
        tensors={local: TENSORS[local] for local in BEFORE},
    ),
    "rule": rule_lesson,
}
