"""What to say about activations: the rectifiers, dropout, those that press numbers together; and all curves."""

from collections.abc import Iterator, Mapping, Sequence

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.activations.softmax import Softmax
from cnncalc.layers.base import Entry, Index, Setting
from cnncalc.layers.indices import number_latex
from cnncalc.lessons.functions import CURVES, seen
from cnncalc.lessons.lesson import (
    IMAGE_RANK,
    LETTERS,
    Lesson,
    Lessons,
    Reason,
    Stage,
    chain_rule,
    elementwise_chain,
    has_exponentials,
    lesson,
)
from cnncalc.scene import Scene

RELU_DX = Phrase(
    en="Where the input is above 0, the ReLU is the identity and the gradient passes unchanged; where it is below 0,"
    " the output stays 0 when the input changes a little, so no gradient passes{at_zero}.",
    zh="输入大于 0 处，ReLU 是恒等映射，梯度原样通过；小于 0 处，输入略微改变时输出仍为 0，因此梯度为 0{at_zero}。",
)
AT_ZERO = Phrase(en="; where it is exactly 0, none passes by convention", zh="；恰好等于 0 处，按约定梯度也取 0")
OPEN = Phrase(en="{a} is above 0: the ReLU is open here.", zh="{a} 大于 0，ReLU 在此处激活。")
CLOSED = Phrase(en="{a} is not above 0: the ReLU is closed here.", zh="{a} 不大于 0，ReLU 在此处未激活。")
DEAD = {
    "y": Phrase(
        en="In {channels} no element is above 0: the ReLU closes the whole of {it}.",
        zh="{channels}中没有大于 0 的元素，ReLU 将其全部置为 0。",
    ),
    "dx": Phrase(
        en="In {channels} the ReLU was closed everywhere, so no gradient at all passes there.",
        zh="{channels}在前向传播时全部未被 ReLU 激活，因此没有任何梯度通过。",
    ),
}
CHANNEL = Phrase(en="channel {numbers}", zh="通道 {numbers} ")
CHANNELS = Phrase(en="channels {numbers}", zh="通道 {numbers} ")
ALL = {
    "y": Phrase(en="No element is above 0, so the whole output is 0.", zh="没有大于 0 的元素，输出全部为 0。"),
    "dx": Phrase(
        en="The ReLU was closed everywhere, so no gradient at all passes.", zh="ReLU 处处未激活，没有任何梯度通过。"
    ),
}


def _relu_reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    passes = bool(scene.numbers.is_greater(scene["x"][index], 0))
    yield Reason(OPEN if passes else CLOSED, (Entry("x", index),))


def _relu_remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    x = scene["x"]
    is_open = scene.numbers.is_greater(x, 0)
    if not is_open.any():
        yield ALL[tensor]
    elif x.ndim == IMAGE_RANK:
        dead = [c + scene.index_base for c in range(x.shape[1]) if not is_open[:, c].any()]
        if dead:
            which, it = (CHANNEL, "it") if len(dead) == 1 else (CHANNELS, "them")
            yield DEAD[tensor].format(channels=which.format(numbers=Phrase.enumerated(dead)), it=it)


LEAKY_RELU_PURPOSE = {
    "y": Phrase(
        en="Each element passes as it is where it is above 0, and is multiplied by a fixed slope elsewhere.",
        zh="逐元素处理：大于 0 的元素原样通过，其余乘以一个固定的斜率。",
    ),
    "dx": Phrase(
        en="The gradient passes unchanged where the input is above 0, and times the slope elsewhere.",
        zh="输入大于 0 处梯度原样通过，其余位置乘以斜率。",
    ),
}
LEARNED = Phrase(
    en="Each element passes as it is where it is above 0, and is multiplied elsewhere by a slope that is learned.",
    zh="逐元素处理：大于 0 的元素原样通过，其余乘以一个可学习的斜率。",
)
ABOVE = {
    "y": Phrase(en="{a} is above 0, so it passes as it is.", zh="{a} 大于 0，原样通过。"),
    "dx": Phrase(en="{a} is above 0, so the gradient passes as it is.", zh="{a} 大于 0，梯度原样通过。"),
}
BELOW = {
    "y": Phrase(en="{a} is not above 0, so it is multiplied by the slope.", zh="{a} 不大于 0，乘以斜率。"),
    "dx": Phrase(
        en="{a} is not above 0, so the gradient is multiplied by the slope.", zh="{a} 不大于 0，梯度乘以斜率。"
    ),
}


def _leaky_relu_reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    passes = bool(scene.numbers.is_greater(scene["x"][index], 0))
    yield Reason((ABOVE if passes else BELOW)[tensor], (Entry("x", index),))


SUMMED = Phrase(
    en="The slope is shared by many elements; each that is not above 0 has a part in its gradient,"
    " $\\g \\cdot \\x$, and these are added up.",
    zh="斜率由许多元素共用；每个不大于 0 的元素都对其梯度贡献 $\\g \\cdot \\x$，将它们相加。",
)


def _chain(setting: Setting) -> Mapping[str, str]:
    letters = LETTERS[len(setting.x)]
    if setting.parameters["weight"] == (1,):
        return chain_rule(letters, x=letters)
    return chain_rule(letters, x=letters, weight=letters[1])


OUTPUT_LESS_TARGET = Phrase(
    en="With the binary cross-entropy behind it this comes to something simple, $\\dx = {fraction}$, output minus"
    " target: the $\\y \\cdot (1 - \\y)$ of the sigmoid cancels what stands under the fraction bars of $\\g$.",
    zh="与其后的二元交叉熵合在一起，结果很简单：$\\dx = {fraction}$，即输出减去目标值，因为 sigmoid 的"
    " $\\y \\cdot (1 - \\y)$ 与 $\\g$ 的分母约去。",
)


def _sigmoid_remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    after = scene.after
    if tensor != "dx" or after is None or after.layer.type != "binary_cross_entropy":
        return
    count = scene["y"].size if getattr(after.layer, "reduction", "mean") == "mean" else scene["y"][0].size
    if scene.numbers.is_known_equal(scene["dx"] * count - (scene["y"] - after["target"]), 0).all():
        bare = r"\y - \nexttarget"
        yield OUTPUT_LESS_TARGET.format(fraction=bare if count == 1 else rf"\frac{{1}}{{{count}}} \left({bare}\right)")


def _sigmoid_stages(scene: Scene, tensor: str) -> Sequence[Stage]:
    x = scene["x"]
    if tensor != "y" or not has_exponentials(scene.numbers, x):
        return ()
    i = ", ".join(f"\\{letter}" for letter in LETTERS[x.ndim - 1])
    powers = scene.numbers.exp(-x)
    return (
        Stage(rf"\x_{{{i}}}", x),
        Stage(rf"\exp(-\x_{{{i}}})", powers),
        Stage(rf"1 + \exp(-\x_{{{i}}})", 1 + powers),
        Stage(rf"\y_{{{i}}}", scene["y"]),
    )


JACOBIAN = Phrase(
    en="Each score acts on every probability, since it stands in the sum below all of them: $\\frac{{\\partial {y_j}}}"
    "{{\\partial {x_k}}}$ is ${y_k} \\cdot (1 - {y_k})$ for ${j} = \\k$ and $-{y_j} \\cdot {y_k}$ for ${j} \\ne \\k$."
    " With this in the chain rule, ${y_k}$ can be factored out.",
    zh="分母是全部指数之和，所以每个得分都影响所有概率：${j} = \\k$ 时 $\\frac{{\\partial {y_j}}}{{\\partial {x_k}}}$"
    " 等于 ${y_k} \\cdot (1 - {y_k})$，${j} \\ne \\k$ 时等于 $-{y_j} \\cdot {y_k}$。"
    "代入链式法则并提出公因子 ${y_k}$。",
)
COOLED = Phrase(
    en=" The temperature divides every score by {t}, and so each of these derivatives.",
    zh="温度使每个得分都除以 {t}，因此上述各导数也除以 {t}。",
)
PLACES = {1: ("nj", "nk"), 2: ("nci", "nki"), 3: ("ncij", "nkij")}
"""By the rank of a sample, the indices of any class and of the one in question."""
SOFTMAX_UNIFORM = Phrase(
    en="All scores are equal, so all probabilities are: each is exactly one divided by their number, {count}.",
    zh="所有得分相等，因此各概率也相等，恰好都是类别数 {count} 的倒数。",
)
SHORTCUT = Phrase(
    en="With the cross-entropy behind it this comes to something simple, $\\dx_{{\\n,\\k}} = {fraction}$,"
    " probability minus target: the $\\y_{{\\n,\\k}}$ of the softmax cancels the one under the fraction bar of"
    " $\\g_{{\\n,\\k}}$, and the targets add up to 1. That is why the two are usually taken together.",
    zh="与其后的交叉熵合在一起，结果很简单：$\\dx_{{\\n,\\k}} = {fraction}$，"
    "即概率减去目标值。softmax 的 $\\y_{{\\n,\\k}}$ 与 $\\g_{{\\n,\\k}}$ 分母中的概率约去，而目标值之和为 1。"
    "所以通常把两者合并求导。",
)


def _of_letters(scene: Scene) -> Phrase:
    any_, own = (", ".join(f"\\{letter}" for letter in letters) for letters in PLACES[scene["x"].ndim - 1])
    named = {f"{tensor}_{at[0]}": rf"\{tensor}_{{{at[1]}}}" for tensor in "xy" for at in (("j", any_), ("k", own))}
    assert isinstance(scene.layer, Softmax)
    cooled = COOLED.format(t=str(scene.layer.temperature)) if scene.layer.temperature != 1 else NOTHING
    return JACOBIAN.format(j=any_.split(", ")[1], **named) + cooled


def _through_classes(setting: Setting) -> Mapping[str, str]:
    any_, own = PLACES[len(setting.x)]
    return chain_rule(any_, x=own)


def _softmax_remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    numbers, x = scene.numbers, scene["x"]
    if tensor == "y" and x.shape[1] > 1 and numbers.is_known_equal(x - x[:, :1], 0).all():
        yield SOFTMAX_UNIFORM.format(count=x.shape[1])
    after = scene.after
    if tensor != "dx" or after is None or after.layer.type != "cross_entropy":
        return
    difference = scene["y"] - after["target"]
    assert isinstance(scene.layer, Softmax)
    ratio = scene.layer.temperature * (len(x) if getattr(after.layer, "reduction", "mean") == "mean" else 1)
    # A target that was rounded adds up to nearly 1, and then this is nearly so: it is not said.
    if numbers.is_known_equal(scene["dx"] * numbers.number(ratio) - difference, 0).all():
        fraction = r"\y_{\n, \k} - \nexttarget_{\n, \k}"
        front = rf"\frac{{1}}{{{number_latex(ratio)}}} \cdot"
        yield SHORTCUT.format(fraction=fraction if ratio == 1 else f"{front} ({fraction})")


def _softmax_stages(scene: Scene, tensor: str) -> Sequence[Stage]:
    x = scene["x"]
    if tensor != "y" or x.ndim > 2 or not has_exponentials(scene.numbers, x):
        return ()
    assert isinstance(scene.layer, Softmax)
    over, cooled = "", scene.layer.cooled(scene.numbers, x)
    if scene.layer.temperature != 1:
        over = f" / {number_latex(scene.layer.temperature)}"
    return (
        Stage(r"\x_{\n, \k}", x),
        *([Stage(rf"\x_{{\n, \k}}{over}", cooled)] if over else []),
        Stage(rf"\exp(\x_{{\n, \k}}{over})", scene.numbers.exp(cooled), has_sum=True),
        Stage(r"\y_{\n, \k}", scene["y"], has_sum=True),
    )


LOG_SOFTMAX_UNIFORM = Phrase(
    en="All scores are equal, so all probabilities are: each is exactly one divided by their number, {count}, and"
    " this is its logarithm, $-\\log({count})$.",
    zh="所有得分相等，因此各概率都是类别数 {count} 的倒数，其对数为 $-\\log({count})$。",
)


def _log_softmax_remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    x = scene["x"]
    if tensor == "y" and x.shape[1] > 1 and scene.numbers.is_known_equal(x - x[:, :1], 0).all():
        yield LOG_SOFTMAX_UNIFORM.format(count=x.shape[1])


LESSONS: Lessons = {
    "relu": Lesson(
        Phrase(en="ReLU", zh="ReLU 激活"),
        {
            "y": Phrase(
                en="Each element passes as it is where it is above 0, and becomes 0 elsewhere. Without such a"
                " nonlinearity, several layers in a row would be no more than a single linear one.",
                zh="逐元素处理：大于 0 的元素原样通过，其余变为 0。若没有这种非线性，多层网络就只相当于一层线性变换。",
            ),
            "dx": lambda scene: RELU_DX.format(
                at_zero=AT_ZERO if scene.numbers.is_known_equal(scene["x"], 0).any() else NOTHING
            ),
        },
        elementwise_chain,
        _relu_reasons,
        seen,
        lambda scene, tensor, index: (None, Entry("x", index)) if tensor == "y" else (),
        _relu_remarks,
    ),
    "leaky_relu": Lesson(
        Phrase(en="leaky ReLU", zh="Leaky ReLU 激活"), LEAKY_RELU_PURPOSE, elementwise_chain, _leaky_relu_reasons, seen
    ),
    "prelu": Lesson(
        Phrase(en="PReLU", zh="PReLU 激活"), {**LEAKY_RELU_PURPOSE, "y": LEARNED, "dweight": SUMMED}, _chain
    ),
    "dropout": lesson("dropout", "Dropout（随机失活）", chain=elementwise_chain)(
        "Numbers are left out at random in training, so that no output can rely on a single one of them;"
        " the mask says which.",
        "训练时随机丢弃一部分数，使输出不会过分依赖其中某一个；丢弃哪些由掩码给出。",
        "A number that was left out has no influence and gets no gradient; the others get it with the same factor.",
        "被丢弃的数不影响输出，梯度为 0；其余的数按同样的系数得到梯度。",
    ),
    "sigmoid": lesson(
        "sigmoid", "Sigmoid 激活", chain=elementwise_chain, remarks=_sigmoid_remarks, stages=_sigmoid_stages
    )(
        "Each element is squashed between 0 and 1 by $\\sigmoid(t) = \\frac{1}{1 + \\exp(-t)}$.",
        "用 $\\sigmoid(t) = \\frac{1}{1 + \\exp(-t)}$ 把每个元素压缩到 0 与 1 之间。",
        "The derivative of the sigmoid can be written with its own output, $\\sigmoid' = \\sigmoid \\cdot"
        " (1 - \\sigmoid)$, so the forward result is used again.",
        "Sigmoid 的导数可以用它自己的输出表示：$\\sigmoid' = \\sigmoid \\cdot (1 - \\sigmoid)$，因此直接利用前向结果。",
    ),
    "tanh": lesson("tanh", "tanh 激活", chain=elementwise_chain)(
        "Each element is squashed between −1 and 1.",
        "逐元素压缩到 −1 与 1 之间。",
        "The derivative of tanh can be written with its own output, one minus its square, so the forward"
        " result is used again.",
        "tanh 的导数可以用它自己的输出表示，即 1 减去输出的平方，因此直接利用前向结果。",
    ),
    "softmax": Lesson(
        Phrase(en="softmax", zh="softmax"),
        {
            "y": Phrase(
                en="The exponential makes every score positive, and dividing by their sum makes them add up to 1:"
                " probabilities.",
                zh="指数函数使各得分变为正数，再除以它们的和，使总和为 1，得到概率。",
            ),
            "dx": _of_letters,
        },
        _through_classes,
        remarks=_softmax_remarks,
        stages=_softmax_stages,
    ),
    "log_softmax": lesson("log-softmax", "log-softmax", chain=_through_classes, remarks=_log_softmax_remarks)(
        "The logarithm of the softmax, taken at once: the quotient becomes a difference, each score minus"
        " the logarithm of the sum of all exponentials.",
        "直接求 softmax 的对数：商化为差，即每个得分减去全部指数之和的对数。",
        "Each score acts on its own logarithm directly, and on all of them through the sum. The derivative"
        " of the logarithm of the sum with respect to a score is the probability of its class, the exponential of"
        " its own log-probability.",
        "每个得分直接影响自己的对数概率，又通过求和项影响所有的对数概率；"
        "求和项的对数对某个得分的导数就是该类的概率，即其对数概率的指数。",
    ),
    **CURVES,
}
