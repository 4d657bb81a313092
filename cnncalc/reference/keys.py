"""The keys of a problem file and what stands below them, for people; a test holds that the loader knows the same."""

from collections.abc import Callable, Mapping

from cnncalc.language import Phrase
from cnncalc.records import Record


class Key(Record):
    """One key: what may stand there, what it means, more about it, and a problem that uses it."""

    form: Phrase
    about: Phrase
    more: tuple[Phrase, ...]
    example: str


def key(form: Phrase, example: str = "") -> Callable[..., Key]:
    """What may stand there; then what it means in both languages, and more about it."""

    def said(en: str, zh: str, /, *more: Phrase) -> Key:
        return Key(form, Phrase(en, zh), more, example)

    return said


TEXT = Phrase(en="a text", zh="文字")
TENSOR = Phrase(en="a tensor", zh="张量")
EXAMPLE = """\
title: A small network
source: made up for this page
index_base: 1
numbers: auto
order: chw
orientation: column
input: {name: x, value: [[1, 2, 0], [0, 1, 3], [2, 1, 1]]}
layers:
  - conv: {weight: {name: w, value: [[1, -1], [0, 2]]}, bias: 1/2}
  - relu
  - max_pool: {size: 2}
  - flatten
  - fc: {weight: {name: W, value: [[1], [0.5], [-1]]}}
  - softmax: {name: p}
loss:
  cross_entropy: {target: [0, 1, 0]}
update:
  sgd: {lr: 0.1}
training: {examples: 1000, batch: 50, epochs: 4}
questions:
  1: conv_1
  2: [p, L]
  3: [dL/dW, W.new]
points: {1: 4, 2: [2, 1], 3: 5, follows: half, rounding: 0.5}
answers:
  conv_1: [[1.5, 8.5], [1.5, 0.5]]
  p: [0.986, 0.0141, 4.08e-8]
"""
"""A problem with every key but those that go without another."""

CIRCUIT = """\
expressions:
  q: x*y
  f: 2*(q + max(z, w))
values: {x: 3, y: -4, z: 2, w: -1}
"""
CONVOLUTION = """\
input: {name: x, value: [[1, 2, 0], [0, 1, 3], [2, 1, 1]]}
layers:
  - conv: {weight: {name: w, value: [[1, -1], [0, 2]]}}
upstream: [[1, -2], [0, 3]]
"""
KEYS: Mapping[str, Key] = {
    "title": key(TEXT)("what the problem is called", "题目名称"),
    "source": key(TEXT)("where it comes from", "题目出处"),
    "index_base": key(Phrase("`1` (default) or `0`", "`1`（默认）或 `0`"))(
        "how elements and classes are counted", "元素与类别从几数起"
    ),
    "order": key(Phrase("`chw` (default) or `hwc`", "`chw`（默认）或 `hwc`"))(
        "whether images are written channels first (C, H, W), or last (H, W, C) as in TensorFlow, kernels then"
        " (kH, kW, C_in, C_out); results have their channels first",
        "图像写成通道在前（C, H, W），还是如 TensorFlow 通道在后（H, W, C；卷积核为 kH, kW, C_in, C_out）；"
        "结果总是通道在前",
    ),
    "orientation": key(Phrase("`column` (default) or `row`", "`column`（默认）或 `row`"))(
        "whether `fc` layers take vectors as columns, y = W · x, or as rows, y = x · W; each may say so itself",
        "`fc` 层按列向量 y = W · x，还是按行向量 y = x · W；各层也可单独写",
    ),
    "training": key(Phrase("`{examples, batch, epochs}`, or `steps`", "`{examples, batch, epochs}`，或 `steps`"))(
        "how long a training takes, for `cnncalc shapes`: `steps_per_epoch(training)`, `steps(training)` and"
        " `epochs(training)`; with `drop_last: true` a mini-batch that is not full is left out",
        "训练的轮数与步数，用于 `cnncalc shapes`：`steps_per_epoch(training)`、`steps(training)`、"
        "`epochs(training)`；`drop_last: true` 表示舍去不满的一批",
    ),
    "numbers": key(
        Phrase("`auto` (default), `exact`, `float` or `symbolic`", "`auto`（默认）、`exact`、`float` 或 `symbolic`")
    )(
        "the number system",
        "数值系统",
        Phrase(
            en="`auto` is exact unless that takes more than about a second, and symbolic where there are letters;"
            " `exact` goes on for about three times as long. What takes more is computed in doubles, which is said.",
            zh="`auto`：一般用精确计算，约需一秒以上时改用浮点；含字母时用符号计算。"
            "`exact` 的时限约为其三倍，超出时也改用浮点，并予以说明。",
        ),
        Phrase(
            en="Numbers are read exactly from their text: `0.1` is one tenth. A number is an integer, a decimal,"
            " `1e-3`, a fraction `1/10`, or an expression of those with `+ - * / ** ( )`, `log` (natural; `ln`"
            " too), `exp`, `sqrt`, `e`, `pi`.",
            zh="数按所写文字精确读取：`0.1` 就是十分之一。可写整数、小数、`1e-3`、分数 `1/10`，以及由 `+ - * / **"
            " ( )`、`log`（自然对数，也可写 `ln`）、`exp`、`sqrt`、`e`、`pi` 组成的算式。",
        ),
    ),
    "input": key(TENSOR)(
        "the image or the features that go into the first layer",
        "第一层的输入：图像或特征",
        Phrase(
            en="(C, H, W), a mini-batch (N, C, H, W), a matrix (one channel), or features (D) and (N, D): channels"
            " come first. The first layer that needs one of the two decides whether it is an image or features;"
            " where none does, up to two axes are features.",
            zh="图像 (C, H, W)、小批量 (N, C, H, W)、矩阵（单通道），或特征 (D) 与 (N, D)；通道维在前。是图像还是"
            "特征由第一个只接受其中一种的层决定；没有这样的层时，不超过两维的视为特征。",
        ),
        Phrase(
            en="With nothing but a `shape` it has no numbers, which is enough for `cnncalc shapes`.",
            zh="只写 `shape` 时没有数值，足以使用 `cnncalc shapes`。",
        ),
    ),
    "inputs": key(
        Phrase("`name: tensor`", "`名称: 张量`"),
        """\
inputs: {x: [1, -2], h: [3, 1/2]}
layers:
  - fc: {name: a, input: x, weight: {name: W, value: [[1, 2], [0, -1]]}}
  - fc: {name: b, input: h, weight: {name: U, value: [[2, 1], [1, 1]]}}
  - add: {name: s, inputs: [a, b]}
  - tanh
loss:
  mse: {target: [0, 1]}
""",
    )(
        "instead of `input`: several of them, each called by name",
        "代替 `input`：多个输入，各有名称",
        Phrase(
            en="Each layer then says by `input` or `inputs` what it takes, unless that is the layer above it.",
            zh="此时各层用 `input` 或 `inputs` 说明取用哪个张量，除非就是上一层的输出。",
        ),
    ),
    "layers": key(Phrase("a list of layers", "各层的列表"))(
        "the network, each layer after the one above it, unless it says otherwise",
        "网络：各层依次相接，除非另有说明",
        Phrase(
            en="A layer is `- type` or `- type: {options}`. It is called by its type and its count (`conv_1`)"
            " unless it has a `name`, and so is the tensor that it gives.",
            zh="每层写作 `- 类型` 或 `- 类型: {选项}`。不写 `name` 时以类型加序号命名（`conv_1`），该层输出的张量"
            "同名。",
        ),
    ),
    "loss": key(Phrase("`type: {options}`", "`类型: {选项}`"))(
        "the loss; without one, there is only the forward pass",
        "损失；不写则只做前向传播",
        Phrase(
            en="A loss is called `L` unless it has a `name`; gradients are called by it: `dL/dW`. A list of losses is"
            " their sum, each times its `weight` (1): `- mse: {target: [1, 0], weight: 1/2}`; `L.mse` is one of them.",
            zh="不写 `name` 时损失名为 `L`；梯度以它命名：`dL/dW`。写成列表则为各损失乘以 `weight`（默认 1）之和："
            "`- mse: {target: [1, 0], weight: 1/2}`；`L.mse` 是其中一项。",
        ),
    ),
    "penalty": key(
        Phrase("`{l2: number, l1: number}`", "`{l2: 数, l1: 数}`"),
        """\
input: {name: x, value: [1, -2]}
layers:
  - fc: {name: y, weight: {name: W, value: [[1, 0.5], [0.25, -0.75]]}}
loss:
  mse: {target: [1, 0]}
penalty: {l2: 0.1}
""",
    )(
        "what is added to the loss for large weights: l2 · Σ w² + l1 · Σ |w|, as the tensor `L.penalty`",
        "加在损失上的惩罚项 l2 · Σ w² + l1 · Σ |w|，即张量 `L.penalty`",
        Phrase(
            en="It is on every weight, and not on biases; `only: [W]` names others. `half: true` takes l2/2.",
            zh="默认作用于所有 weight，不含偏置；可用 `only: [W]` 指定。`half: true` 时取 l2/2。",
        ),
    ),
    "upstream": key(TENSOR, CONVOLUTION)(
        "instead of a loss: the gradient at the last output", "代替损失：最后一层输出处的梯度"
    ),
    "expressions": key(Phrase("names with expressions", "名称与表达式"), CIRCUIT)(
        "instead of input and layers: a circuit of numbers, computed line by line; gradients are those of the"
        " last line, `df/dx`",
        "代替 input 与 layers：逐行计算的计算图；梯度为最后一行对各量的梯度，如 `df/dx`",
        Phrase(
            en="An expression has `+ - * / **`, `exp`, `log`, `sqrt`, `sin`, `cos`, `sigmoid`, `tanh`, `relu`,"
            " `max`, `min`, `abs`. Each part of it is a step of its own, called by what it does (`multiply_1`).",
            zh="表达式可用 `+ - * / **`、`exp`、`log`、`sqrt`、`sin`、`cos`、`sigmoid`、`tanh`、`relu`、`max`、"
            "`min`、`abs`。其中每一步运算各有名称（如 `multiply_1`）。",
        ),
    ),
    "values": key(Phrase("names with numbers", "名称与数"), CIRCUIT)(
        "the numbers of the letters in `expressions`; a letter without one stays a letter",
        "`expressions` 中各字母的值；没有给值的字母保持为字母",
    ),
    "update": key(Phrase("`rule: {options}`", "`规则: {选项}`"))(
        "steps of descent, with a loss or an upstream gradient",
        "梯度下降若干步；须有损失或上游梯度",
        Phrase(
            en="Each parameter after the step is `W.new`; with a loss, `L.new` is the loss on the same data after"
            " it, and outputs on the way (`fc_1.new`) are there when asked for.",
            zh="更新后的参数为 `W.new`；有损失时，`L.new` 是更新后同一数据上的损失，途中各输出（`fc_1.new`）可按名"
            "索取。",
        ),
    ),
    "parts": key(
        Phrase("`a: [layers]`, for each part", "每个部分 `a: [各层]`"),
        """\
input: {name: x, value: [[1, 2, 0], [0, 1, 3], [2, 1, 1]]}
parts:
  a:
    - max_pool: {size: 2, stride: 1}
  b:
    - conv: {weight: {name: w, value: [[1, -1], [0, 2]]}}
    - relu
""",
    )(
        "short networks on the same input, or on what `layers` make; each part's tensors answer its letter",
        "同一输入（或 `layers` 的输出）上的几个小网络；每个部分的张量回答其题号",
    ),
    "questions": key(Phrase("`number: name`, or a list of names", "`题号: 名称`，或名称的列表"))(
        "which tensors answer which question of the sheet", "题目各小问由哪些张量回答"
    ),
    "points": key(Phrase("`question: points`, or a list of them", "`题号: 分值`，或分值的列表"))(
        "what each answer is worth; beside the questions `per: cell`, `follows: half` (full, none),"
        " `mistakes: {sign: 0.5}` (the share of what is wrong by that mistake alone), `minimum`, `rounding: 0.5`",
        "每个答案的分值；除题号外还可写 `per: cell`（按元素给分）、`follows: half`（full、none）、"
        "`mistakes: {sign: 0.5}`（仅因该错误而错时所得的比例）、`minimum`、`rounding: 0.5`",
    ),
    "given": key(
        Phrase("`shape(conv_1): sizes`", "`shape(conv_1): 尺寸`"), CONVOLUTION + "given:\n  shape(conv_1): [1, 2, 2]\n"
    )(
        "sizes and counts that are known; from them `cnncalc shapes` finds what is written as `?`: `padding: ?`",
        "已知的尺寸与计数；`cnncalc shapes` 由此求出写作 `?` 的量，如 `padding: ?`",
    ),
    "answers": key(Phrase("`name: tensor`", "`名称: 张量`"))(
        "published or hand-computed answers, which `cnncalc check` checks",
        "公布的或手算的答案，由 `cnncalc check` 检查",
        Phrase(
            en="Sizes and counts have names too: `shape(conv_1)`, `parameters(conv_1)`, `parameters(total)`,"
            " `multiplications(conv_1)`, `receptive_field(conv_1)`, `connections`, `flops`, `operations`,"
            " `activations`, `memory` (bytes), `fan_in`, `fan_out`, `he_variance`, `xavier_variance`,"
            " `steps(training)`; questions may ask for them. `conv_1[1,2,2]: 98` answers one element,"
            " `'dL/dW[3,:]': […]` a part.",
            zh="尺寸与计数也有名称：`shape(conv_1)`、`parameters(conv_1)`、`parameters(total)`、"
            "`multiplications(conv_1)`、`receptive_field(conv_1)`、`connections`、`flops`、`operations`、"
            "`activations`、`memory`（字节）、`fan_in`、`fan_out`、`he_variance`、`xavier_variance`、"
            "`steps(training)`；题目也可以问这些量。`conv_1[1,2,2]: 98` 回答一个元素，"
            "`'dL/dW[3,:]': […]` 回答一部分。",
        ),
    ),
}
"""By key, in the order in which people write them."""

LAYER_KEYS: Mapping[str, Key] = {
    "name": key(Phrase("a name", "名称"))(
        "what the output is called; by default the type and its count", "输出的名称；默认为类型加序号"
    ),
    "input": key(Phrase("the name of a tensor above", "前面某个张量的名称"))(
        "what it takes, if that is not the output of the layer above", "取用哪个张量；默认为上一层的输出"
    ),
    "inputs": key(Phrase("a list of names", "名称的列表"))(
        "the same of a layer that takes several, such as `add`", "同上，用于取用多个张量的层，如 `add`"
    ),
}
"""What any layer may have, beside its options and parameters."""
LOSS_KEYS: Mapping[str, Key] = {"name": key(LAYER_KEYS["name"].form)("what the loss is called", "损失的名称")}
"""And what any loss may have."""
SHARE = Phrase(
    en="A parameter may be `{share: W}`: the tensor that an earlier layer calls W, used once more. Its gradient is the"
    " sum over its uses; each part has a name, `dL/dW via fc_1`.",
    zh="参数可写作 `{share: W}`：再次使用前面某层名为 W 的张量。其梯度为各次使用之和，每一部分也有名称：`dL/dW via"
    " fc_1`。",
)
"""Of a layer that has parameters."""

CLASS = key(Phrase("a whole number; for a mini-batch a list of them", "整数；小批量时为整数列表"))(
    "instead of a one-hot `target`: the right class of each sample, counted from `index_base`",
    "代替 one-hot 的 `target`：每个样本的正确类别，从 `index_base` 数起",
)
"""Of a loss that takes it."""
ONLY = key(Phrase("a name, or a list of names", "名称，或名称的列表"))(
    "the parameters that are changed; by default all that are learned", "要更新的参数；默认为全部可学习的参数"
)
UPDATE_KEYS: Mapping[str, Key] = {
    "only": ONLY,
    "steps": key(Phrase("a positive whole number", "正整数"))(
        "how many steps are made; `W.step_1` is W after the first, `W.new` after the last, `dL/dW.step_1` the"
        " gradient there",
        "更新多少步；`W.step_1` 为第一步之后的 W，`W.new` 为最后一步之后的 W，`dL/dW.step_1` 为该处的梯度",
    ),
    "epochs": key(Phrase("a positive whole number", "正整数"))(
        "instead of `steps`: how many times all samples are gone through, a step for each of the `batches`",
        "代替 `steps`：全部样本过几遍；每遍的步数等于 `batches` 的批数",
    ),
    "schedule": key(Phrase("`name: {options}`", "`名称: {选项}`"))(
        "how the learning rate goes from step to step: `step: {step_size, gamma}`, `multistep: {milestones,"
        " gamma}`, `exponential: {gamma}`, `inverse: {decay}`, `polynomial: {total, degree}`, `cosine: {T_max,"
        " eta_min}`, `warmup: {steps}`; the rates are `update.lr`",
        "学习率随步数的变化：`step: {step_size, gamma}`、`multistep: {milestones, gamma}`、`exponential: {gamma}`、"
        "`inverse: {decay}`、`polynomial: {total, degree}`、`cosine: {T_max, eta_min}`、"
        "`warmup: {steps}`；各步的学习率为 `update.lr`",
    ),
    "batches": key(Phrase("a whole number, or a list of lists of samples", "整数，或样本编号的列表的列表"))(
        "the samples of each step, over and over: so many at a time, or those that are listed",
        "每一步使用的样本（循环使用）：每次取若干个，或依列出的编号",
    ),
    "state": key(Phrase("`W.velocity: tensor`", "`W.velocity: 张量`"))(
        "what the rule remembers before the first step (0 by default); `step: 4` says that four were made",
        "第一步之前规则所保存的量，默认为 0；`step: 4` 表示此前已做 4 步",
    ),
}
"""Of a rule of descent."""

NAMES = (
    Phrase(
        en="Every tensor has one name: the input's, a layer's for its output, a parameter's own (`w`) or"
        " `layer.parameter` (`conv_1.weight`), the loss's, and `dL/d` with a name for the gradient of each. `∂L/∂w` is"
        " the same as `dL/dw`, as `w` and `conv_1.weight` are.",
        zh="每个张量有一个名称：输入名、层名（即其输出）、参数自己的名称（`w`）或 `层.参数`（`conv_1.weight`）、损失"
        "名，以及各自的梯度 `dL/d` 加名称。`∂L/∂w` 与 `dL/dw` 相同，`w` 与 `conv_1.weight` 相同。",
    ),
    Phrase(
        en="A name begins with a letter and goes on with letters, digits, and `_ . '`.",
        zh="名称以字母开头，后接字母、数字和 `_ . '`。",
    ),
)
