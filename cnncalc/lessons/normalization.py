"""What to say about norms."""

from collections.abc import Iterator, Mapping

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.base import Layer, Shape
from cnncalc.layers.normalization.batch_norm import BatchNorm, InferenceBatchNorm, statistic
from cnncalc.lessons.lesson import Lesson, Lessons, Purpose, lesson, sentences
from cnncalc.scene import Scene

BATCH_NORM_PURPOSE = {
    "mean": Phrase(
        en="First the mean of everything that is normalized together.", zh="先求一起做归一化的各元素的均值。"
    ),
    "var": Phrase(
        en="Then how far the elements lie from their mean: the variance.", zh="再求各元素偏离均值的程度，即方差。"
    ),
    "y": Phrase(
        en="What has been normalized is scaled by $\\gamma$ and moved by $\\beta$.",
        zh="归一化之后再乘以缩放系数 $\\gamma$、加上平移量 $\\beta$。",
    ),
    "newmean": Phrase(
        en="For inference, when there may be one sample alone, a running mean is kept: a little of each batch's.",
        zh="推理时可能只有一个样本，因此训练中保留滑动均值：每批的均值各占一小部分。",
    ),
    "newvar": Phrase(en="And a running variance.", zh="同样保留滑动方差。"),
    "dxhat": Phrase(
        en="On the way back the last step comes first: the normalized element was multiplied by $\\gamma$.",
        zh="反向传播从最后一步开始：归一化后的元素乘以了 $\\gamma$。",
    ),
}
XHAT = {
    True: Phrase(
        en="Each element minus the mean, divided by $\\sqrt{\\var + \\eps}$; $\\eps$ keeps the root away from 0.",
        zh="每个元素减去均值，再除以 $\\sqrt{\\var + \\eps}$；$\\eps$ 避免除以 0。",
    ),
    False: Phrase(
        en="Each element minus the mean, divided by the standard deviation.", zh="每个元素减去均值，再除以标准差。"
    ),
}
DGAMMA = {
    True: Phrase(
        en="$\\gamma$ multiplies several normalized elements, so it gathers a gradient from each of them.",
        zh="$\\gamma$ 与多个归一化元素相乘，因此要把各处的梯度加起来。",
    ),
    False: Phrase(
        en="$\\gamma$ multiplies one normalized element, so its gradient is that of $\\y$ times that element.",
        zh="$\\gamma$ 只与一个归一化元素相乘，因此其梯度等于 $\\y$ 的梯度乘以该元素。",
    ),
}
DBETA = {
    True: Phrase(
        en="$\\beta$ is added to several elements, so it gathers the gradients of all of them.",
        zh="$\\beta$ 加到多个元素上，因此要把各处的梯度加起来。",
    ),
    False: Phrase(
        en="$\\beta$ is added to one element, so it has the gradient of that element.",
        zh="$\\beta$ 只加到一个元素上，因此其梯度等于该元素的梯度。",
    ),
}
DVAR = {
    True: Phrase(
        en="Every normalized element was divided by the root, so the variance gathers a gradient from each.",
        zh="每个归一化元素都除以了该根式，因此方差的梯度来自所有这些元素。",
    ),
    False: Phrase(
        en="The normalized element was divided by the root, so the variance gets a gradient from it.",
        zh="归一化元素除以了该根式，因此方差的梯度来自它。",
    ),
}
DMEAN = Phrase(
    en="The mean acts on what is normalized with it, and once more through the variance; there the shares add up to 0,"
    " for the elements minus their mean add up to 0: $\\sum \\left(\\x - \\mean\\right) = 0$.",
    zh="均值影响与它一起归一化的元素，还通过方差再影响一次；后一部分之和为 0，因为各元素减去均值之后总和为 0："
    "$\\sum \\left(\\x - \\mean\\right) = 0$。",
)
DX = {
    True: Phrase(
        en="Mean and variance are constants here, so only the division is left.",
        zh="此处均值和方差是常数，只剩下除法这一步。",
    ),
    False: Phrase(
        en="Each input acts in three ways: directly, through the variance and through the mean. The three gradients"
        " add up.",
        zh="每个输入通过三条路径产生影响：直接影响、经由方差、经由均值，三部分梯度相加。",
    ),
}
ALONE = Phrase(
    en="Each mean is taken over one number only: the number is its own mean, whatever it is, and has no gradient.",
    zh="每个均值只对一个数求得：无论该数取何值，都等于自己的均值，因此没有梯度。",
)
CANCELS = Phrase(
    en="Over everything that has one mean these gradients add up to exactly 0: a number added to all of it would be"
    " taken away again with the mean, so it cannot matter.",
    zh="在共用同一均值的元素上，这些梯度之和恰好为 0：给它们同时加上一个数，会随均值一起被减去，不产生任何影响。",
)


def _members(scene: Scene) -> int:
    """How many elements share one gamma and one beta, and in training one mean."""
    return scene["x"].size // scene["dgamma"].size


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    if tensor != "dx" or "dmean" not in scene:
        return
    dx = scene["dx"]
    axes = tuple(axis for axis in range(dx.ndim) if axis != 1) if scene["dmean"].ndim == 1 else (0,)
    numbers = scene.numbers
    if not numbers.is_known_equal(dx, 0).all() and numbers.is_known_equal(numbers.sum(dx, axis=axes), 0).all():
        yield CANCELS


def _chain(x: Shape, over: str) -> Mapping[str, str]:
    """Through all three."""
    e, c = indices(x), statistic(x, over)
    ways = [("xhat", e), ("var", c), ("mean", c)]
    terms = [rf"\d{way}_{{{at}}} \cdot \frac{{\partial \{way}_{{{at}}}}}{{\partial \x_{{{e}}}}}" for way, at in ways]
    return {"dx": rf"\dx_{{{e}}} = {' + '.join(terms)}"}


BATCH_NORM_TENSORS = {
    "mean": Phrase(en="the means", zh="均值"),
    "var": Phrase(en="the variances", zh="方差"),
    "running_mean.new": Phrase(en="the running means after this batch", zh="本批之后的滑动均值"),
    "running_var.new": Phrase(en="the running variances after this batch", zh="本批之后的滑动方差"),
    "xhat": Phrase(en="the normalized elements", zh="归一化后的元素"),
}


def batch_norm_lesson(layer: Layer) -> Lesson:
    """The lesson of training or of inference."""
    assert isinstance(layer, BatchNorm)
    is_inference = isinstance(layer, InferenceBatchNorm)

    def dx(scene: Scene) -> Phrase:
        return sentences(DX[is_inference], ALONE if not is_inference and _members(scene) == 1 else None)

    kind = Phrase(en="batch normalization", zh="批归一化")
    purpose: dict[str, Purpose] = {
        **BATCH_NORM_PURPOSE,
        "xhat": XHAT[layer.eps != 0],
        "dgamma": lambda scene: DGAMMA[_members(scene) > 1],
        "dbeta": lambda scene: DBETA[_members(scene) > 1],
        "dvar": lambda scene: DVAR[_members(scene) > 1],
        "dmean": DMEAN,
        "dx": dx,
    }
    if is_inference:
        return Lesson(kind, purpose, remarks=_remarks, tensors={"xhat": BATCH_NORM_TENSORS["xhat"]})
    return Lesson(
        kind, purpose, lambda setting: _chain(setting.x, layer.over), remarks=_remarks, tensors=BATCH_NORM_TENSORS
    )


KINDS = {
    "layer_norm": Phrase(en="layer norm", zh="层归一化（Layer Norm）"),
    "group_norm": Phrase(en="group norm", zh="组归一化（Group Norm）"),
    "instance_norm": Phrase(en="instance norm", zh="实例归一化（Instance Norm）"),
}
OWN_STATISTICS = Phrase(
    en="Each element minus the mean of its {part}, divided by $\\sqrt{{\\var + \\eps}}${others}.",
    zh="每个元素减去其所在{part}的均值，再除以 $\\sqrt{{\\var + \\eps}}${others}。",
)
NORMALIZED_PARTS = {
    "layer_norm": Phrase(en="sample", zh="样本"),
    "group_norm": Phrase(en="group of channels", zh="通道组"),
    "instance_norm": Phrase(en="channel", zh="通道"),
}
NO_OTHERS = Phrase(en="; the other samples play no part", zh="，与其他样本无关")


def _xhat(scene: Scene) -> Phrase:
    others = NO_OTHERS if len(scene["x"]) > 1 else NOTHING
    return OWN_STATISTICS.format(part=NORMALIZED_PARTS[scene.layer.type], others=others)


PER_SAMPLE_PURPOSE: Mapping[str, Purpose] = {
    "y": Phrase(
        en="Scale and offset are learned, so that the layer can undo the normalization where that is better.",
        zh="缩放与平移是可学习的，必要时网络可以抵消归一化的效果。",
    ),
    "xhat": _xhat,
    "dx": Phrase(
        en="Mean and variance depend on $\\x$ as well: what all numbers of the part have in common is taken off.",
        zh="均值与方差也依赖于 $\\x$，因此要减去该部分所有元素共同的分量。",
    ),
}
PER_SAMPLE_TENSORS = {
    "mean": Phrase(en="the mean of each part of a sample", zh="样本各部分的均值"),
    "var": Phrase(en="the variance of each part of a sample", zh="样本各部分的方差"),
    "xhat": BATCH_NORM_TENSORS["xhat"],
}

BY_LENGTH = {
    "rms_norm": Lesson(
        Phrase(en="RMS norm", zh="均方根归一化（RMSNorm）"),
        {
            "y": Phrase(
                en="The scale is learned; there is no offset, and no mean is taken off.",
                zh="缩放系数可学习；没有平移，也不减均值。",
            ),
            "xhat": Phrase(
                en="Each sample is divided by its own root mean square.",
                zh="每个样本除以自身的均方根。",
            ),
            "dx": Phrase(
                en="The root mean square depends on $\\x$ as well: what lies along $\\xhat$ is taken off.",
                zh="均方根也依赖于 $\\x$，因此要减去沿 $\\xhat$ 方向的分量。",
            ),
        },
        tensors={
            "rms": Phrase(en="the root mean square of each sample", zh="各样本的均方根"),
            "xhat": BATCH_NORM_TENSORS["xhat"],
        },
    ),
    "local_response_norm": Lesson(
        Phrase(en="local response normalization", zh="局部响应归一化（LRN）"),
        {
            "base": Phrase(
                en="The squares of the neighbouring channels at the same place are added up, as far as there are such"
                " channels.",
                zh="把同一位置上相邻通道的平方相加（超出首尾通道的不计）。",
            ),
            "y": Phrase(
                en="Where the channels around are large, each of them is made smaller: neighbours compete.",
                zh="相邻通道的响应越大，自身被压得越小：相邻通道相互竞争。",
            ),
            "dbase": Phrase(
                en="The exponent comes down as a factor, and is one less: one more division by the base.",
                zh="指数移到前面作系数，幂次减一，即再除以一次底数。",
            ),
            "dx": Phrase(
                en="A number acts on its own output, and by its square on the bases of all channels around.",
                zh="每个数既直接影响自身的输出，又通过平方影响相邻各通道的分母。",
            ),
        },
        tensors={"base": Phrase(en="what is raised to the power", zh="求幂的底数")},
    ),
    "l2_normalize": lesson(
        "L2 normalization",
        "L2 归一化",
        tensors={"norm": Phrase(en="the L2 norm of each sample", zh="各样本的 L2 范数")},
    )(
        "Each sample is divided by its own L2 norm: the direction stays, the length becomes 1.",
        "每个样本除以自身的 L2 范数：方向不变，长度变为 1。",
        "The norm depends on $\\x$ as well: what of the gradient lies along $\\y$ is taken off, since a longer"
        " $\\x$ gives the same $\\y$.",
        "范数也依赖于 $\\x$：$\\x$ 沿自身方向伸缩时 $\\y$ 不变，因此要减去梯度中沿 $\\y$ 方向的分量。",
    ),
}

LESSONS: Lessons = {
    "batch_norm": batch_norm_lesson,
    **{norm: Lesson(kind, PER_SAMPLE_PURPOSE, tensors=PER_SAMPLE_TENSORS) for norm, kind in KINDS.items()},
    **BY_LENGTH,
}
