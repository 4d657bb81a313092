"""What people get wrong in every activation alike; each activation's own module lists those that apply to it."""

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.elementwise import Elementwise
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def ones(scene: Scene, local: str) -> Array:
    """As many 1s as the tensor has elements, in its shape."""
    return scene.numbers.full(scene[local].shape, scene.numbers.number(1))


def upstream_forgotten(scene: Scene) -> Wrong:
    """The layer's own derivative alone."""
    yield scene.backward(g=ones(scene, "g"))["dx"]


def activation_skipped(scene: Scene) -> Wrong:
    """The layer's output on what came before the activation."""
    before = scene.before
    if before and isinstance(before.layer, Elementwise):
        yield scene.forward(x=before["x"])["y"]


def next_layer_skipped(scene: Scene) -> Wrong:
    """dx with the gradient of the next layer's output for g; a forgotten mask of a ReLU has a name of its own."""
    after = scene.after
    if after and after.layer.type != "relu" and after["g"].shape == scene["g"].shape:
        yield scene.backward(g=after["g"])["dx"]


def _nothing_done(scene: Scene) -> Wrong:
    yield scene["x"]


def _passed_on(scene: Scene) -> Wrong:
    yield scene["g"]


def _times_output(scene: Scene) -> Wrong:
    yield scene["g"] * scene["y"]


def _from_input(scene: Scene) -> Wrong:
    yield scene.backward(y=scene["x"])["dx"]


def _at_output(scene: Scene) -> Wrong:
    yield scene.backward(y=scene.forward(x=scene["y"])["y"])["dx"]


def _twice(scene: Scene) -> Wrong:
    yield scene.backward(g=scene.backward()["dx"])["dx"]


ACTIVATION_FORGOTTEN = Mistake(
    "activation-forgotten",
    "y",
    Phrase(
        en="The input was copied as it is; the activation function must be applied to each number.",
        zh="直接照抄了输入；应对每个数应用激活函数。",
    ),
    _nothing_done,
)
DERIVATIVE_FORGOTTEN = Mistake(
    "derivative-forgotten",
    "dx",
    Phrase(
        en="The upstream gradient was passed on as it is; it must be multiplied by the derivative of the activation"
        " function, element by element: dx = g · f'(x).",
        zh="上游梯度被原样传回；应逐元素乘以激活函数的导数：dx = g · f'(x)。",
    ),
    _passed_on,
)
UPSTREAM_FORGOTTEN = Mistake(
    "upstream-forgotten",
    "dx",
    Phrase(
        en="This is only the derivative of the activation function; it must be multiplied by the upstream"
        " gradient g: dx = g · f'(x).",
        zh="这里只写了激活函数的导数，还应乘以上游梯度 g：dx = g · f'(x)。",
    ),
    upstream_forgotten,
)
OUTPUT_FOR_DERIVATIVE = Mistake(
    "output-instead-of-derivative",
    "dx",
    Phrase(
        en="The upstream gradient was multiplied by the output y, not by the derivative: dx = g · f'(x).",
        zh="上游梯度乘的是输出 y；应乘以导数：dx = g · f'(x)。",
    ),
    _times_output,
)
DERIVATIVE_FROM_INPUT = Mistake(
    "derivative-from-input",
    "dx",
    Phrase(
        en="The input x was put into the derivative where the output y belongs: {right}.",
        zh="导数公式里代入了输入 x，应代入输出 y：{right}。",
    ),
    _from_input,
)
DERIVATIVE_AT_OUTPUT = Mistake(
    "derivative-at-output",
    "dx",
    Phrase(
        en="The derivative was taken at the output y, so that the function was applied twice; it belongs at the input"
        " x: {right}.",
        zh="导数是在输出 y 处取的，相当于多套了一次激活函数；应在输入 x 处取：{right}。",
    ),
    _at_output,
)
DERIVATIVE_TWICE = Mistake(
    "derivative-applied-twice",
    "dx",
    Phrase(
        en="The derivative was multiplied in twice; once is enough: {right}.",
        zh="导数多乘了一次；只应乘一次：{right}。",
    ),
    _twice,
)

BEFORE_ACTIVATION = Phrase(
    en="The values before the activation function were used; the input of this layer is what comes out of it.",
    zh="用了激活函数作用之前的值；本层的输入应是激活函数的输出。",
)
"""Of `activation-skipped` in the layer after an activation."""
RELU_BEHIND = Phrase(
    en="The gradient at the output of the following ReLU was used as it is; it must go back through that ReLU first,"
    " which makes it 0 where the ReLU's input is not above 0: g · 1[x > 0].",
    zh="直接用了后面 ReLU 输出处的梯度，漏了 ReLU 的掩码；应先反向传播经过该 ReLU，"
    "其输入不大于 0 的位置梯度变为 0：g · 1[x > 0]。",
)
"""Of `relu-mask-forgotten` in the layer before a ReLU."""
NEXT_LAYER_SKIPPED = Mistake(
    "next-layer-skipped",
    "dx",
    Phrase(
        en="The gradient of the next layer's output was used; it must go back through that layer first.",
        zh="直接用了下一层输出的梯度；应先反向传播经过下一层。",
    ),
    next_layer_skipped,
)


def with_formula(mistake: Mistake, right: str) -> Mistake:
    """The mistake with the right formula put into its phrase."""
    return Mistake(mistake.code, mistake.tensor, mistake.phrase.format(right=right), mistake.rule, mistake.kind)
