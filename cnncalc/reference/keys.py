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
    """What may stand there; then what it means, and more about it."""

    def said(what: str, /, *more: Phrase) -> Key:
        return Key(form, Phrase(what), more, example)

    return said


TEXT = Phrase("a text")
TENSOR = Phrase("a tensor")
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
    "title": key(TEXT)("what the problem is called"),
    "source": key(TEXT)("where it comes from"),
    "index_base": key(Phrase("`1` (default) or `0`"))("how elements and classes are counted"),
    "order": key(Phrase("`chw` (default) or `hwc`"))(
        "whether images are written channels first (C, H, W), or last (H, W, C) as in TensorFlow, kernels then"
        " (kH, kW, C_in, C_out); results have their channels first"
    ),
    "orientation": key(Phrase("`column` (default) or `row`"))(
        "whether `fc` layers take vectors as columns, y = W · x, or as rows, y = x · W; each may say so itself"
    ),
    "training": key(Phrase("`{examples, batch, epochs}`, or `steps`"))(
        "how long a training takes, for `cnncalc shapes`: `steps_per_epoch(training)`, `steps(training)` and"
        " `epochs(training)`; with `drop_last: true` a mini-batch that is not full is left out"
    ),
    "numbers": key(Phrase("`auto` (default), `exact`, `float` or `symbolic`"))(
        "the number system",
        Phrase(
            "`auto` is exact unless that takes more than about a second, and symbolic where there are letters;"
            " `exact` goes on for about three times as long. What takes more is computed in doubles, which is said."
        ),
        Phrase(
            "Numbers are read exactly from their text: `0.1` is one tenth. A number is an integer, a decimal,"
            " `1e-3`, a fraction `1/10`, or an expression of those with `+ - * / ** ( )`, `log` (natural; `ln`"
            " too), `exp`, `sqrt`, `e`, `pi`."
        ),
    ),
    "input": key(TENSOR)(
        "the image or the features that go into the first layer",
        Phrase(
            "(C, H, W), a mini-batch (N, C, H, W), a matrix (one channel), or features (D) and (N, D): channels"
            " come first. The first layer that needs one of the two decides whether it is an image or features;"
            " where none does, up to two axes are features."
        ),
        Phrase("With nothing but a `shape` it has no numbers, which is enough for `cnncalc shapes`."),
    ),
    "inputs": key(
        Phrase("`name: tensor`"),
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
        Phrase("Each layer then says by `input` or `inputs` what it takes, unless that is the layer above it."),
    ),
    "layers": key(Phrase("a list of layers"))(
        "the network, each layer after the one above it, unless it says otherwise",
        Phrase(
            "A layer is `- type` or `- type: {options}`. It is called by its type and its count (`conv_1`)"
            " unless it has a `name`, and so is the tensor that it gives."
        ),
    ),
    "loss": key(Phrase("`type: {options}`"))(
        "the loss; without one, there is only the forward pass",
        Phrase(
            "A loss is called `L` unless it has a `name`; gradients are called by it: `dL/dW`. A list of losses is"
            " their sum, each times its `weight` (1): `- mse: {target: [1, 0], weight: 1/2}`; `L.mse` is one of them."
        ),
    ),
    "penalty": key(
        Phrase("`{l2: number, l1: number}`"),
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
        Phrase("It is on every weight, and not on biases; `only: [W]` names others. `half: true` takes l2/2."),
    ),
    "upstream": key(TENSOR, CONVOLUTION)("instead of a loss: the gradient at the last output"),
    "expressions": key(Phrase("names with expressions"), CIRCUIT)(
        "instead of input and layers: a circuit of numbers, computed line by line; gradients are those of the"
        " last line, `df/dx`",
        Phrase(
            "An expression has `+ - * / **`, `exp`, `log`, `sqrt`, `sin`, `cos`, `sigmoid`, `tanh`, `relu`,"
            " `max`, `min`, `abs`. Each part of it is a step of its own, called by what it does (`multiply_1`)."
        ),
    ),
    "values": key(Phrase("names with numbers"), CIRCUIT)(
        "the numbers of the letters in `expressions`; a letter without one stays a letter"
    ),
    "update": key(Phrase("`rule: {options}`"))(
        "steps of descent, with a loss or an upstream gradient",
        Phrase(
            "Each parameter after the step is `W.new`; with a loss, `L.new` is the loss on the same data after"
            " it, and outputs on the way (`fc_1.new`) are there when asked for."
        ),
    ),
    "parts": key(
        Phrase("`a: [layers]`, for each part"),
        """\
input: {name: x, value: [[1, 2, 0], [0, 1, 3], [2, 1, 1]]}
parts:
  a:
    - max_pool: {size: 2, stride: 1}
  b:
    - conv: {weight: {name: w, value: [[1, -1], [0, 2]]}}
    - relu
""",
    )("short networks on the same input, or on what `layers` make; each part's tensors answer its letter"),
    "questions": key(Phrase("`number: name`, or a list of names"))("which tensors answer which question of the sheet"),
    "points": key(Phrase("`question: points`, or a list of them"))(
        "what each answer is worth; beside the questions `per: cell`, `follows: half` (full, none),"
        " `mistakes: {sign: 0.5}` (the share of what is wrong by that mistake alone), `minimum`, `rounding: 0.5`"
    ),
    "given": key(Phrase("`shape(conv_1): sizes`"), CONVOLUTION + "given:\n  shape(conv_1): [1, 2, 2]\n")(
        "sizes and counts that are known; from them `cnncalc shapes` finds what is written as `?`: `padding: ?`"
    ),
    "answers": key(Phrase("`name: tensor`"))(
        "published or hand-computed answers, which `cnncalc check` checks",
        Phrase(
            "Sizes and counts have names too: `shape(conv_1)`, `parameters(conv_1)`, `parameters(total)`,"
            " `multiplications(conv_1)`, `receptive_field(conv_1)`, `connections`, `flops`, `operations`,"
            " `activations`, `memory` (bytes), `fan_in`, `fan_out`, `he_variance`, `xavier_variance`,"
            " `steps(training)`; questions may ask for them. `conv_1[1,2,2]: 98` answers one element,"
            " `'dL/dW[3,:]': […]` a part."
        ),
    ),
}
"""By key, in the order in which people write them."""

LAYER_KEYS: Mapping[str, Key] = {
    "name": key(Phrase("a name"))("what the output is called; by default the type and its count"),
    "input": key(Phrase("the name of a tensor above"))("what it takes, if that is not the output of the layer above"),
    "inputs": key(Phrase("a list of names"))("the same of a layer that takes several, such as `add`"),
}
"""What any layer may have, beside its options and parameters."""
LOSS_KEYS: Mapping[str, Key] = {"name": key(LAYER_KEYS["name"].form)("what the loss is called")}
"""And what any loss may have."""
SHARE = Phrase(
    "A parameter may be `{share: W}`: the tensor that an earlier layer calls W, used once more. Its gradient is the"
    " sum over its uses; each part has a name, `dL/dW via fc_1`."
)
"""Of a layer that has parameters."""

CLASS = key(Phrase("a whole number; for a mini-batch a list of them"))(
    "instead of a one-hot `target`: the right class of each sample, counted from `index_base`"
)
"""Of a loss that takes it."""
ONLY = key(Phrase("a name, or a list of names"))("the parameters that are changed; by default all that are learned")
UPDATE_KEYS: Mapping[str, Key] = {
    "only": ONLY,
    "steps": key(Phrase("a positive whole number"))(
        "how many steps are made; `W.step_1` is W after the first, `W.new` after the last, `dL/dW.step_1` the"
        " gradient there"
    ),
    "epochs": key(Phrase("a positive whole number"))(
        "instead of `steps`: how many times all samples are gone through, a step for each of the `batches`"
    ),
    "schedule": key(Phrase("`name: {options}`"))(
        "how the learning rate goes from step to step: `step: {step_size, gamma}`, `multistep: {milestones,"
        " gamma}`, `exponential: {gamma}`, `inverse: {decay}`, `polynomial: {total, degree}`, `cosine: {T_max,"
        " eta_min}`, `warmup: {steps}`; the rates are `update.lr`"
    ),
    "batches": key(Phrase("a whole number, or a list of lists of samples"))(
        "the samples of each step, over and over: so many at a time, or those that are listed"
    ),
    "state": key(Phrase("`W.velocity: tensor`"))(
        "what the rule remembers before the first step (0 by default); `step: 4` says that four were made"
    ),
}
"""Of a rule of descent."""

NAMES = (
    Phrase(
        "Every tensor has one name: the input's, a layer's for its output, a parameter's own (`w`) or"
        " `layer.parameter` (`conv_1.weight`), the loss's, and `dL/d` with a name for the gradient of each. `∂L/∂w` is"
        " the same as `dL/dw`, as `w` and `conv_1.weight` are."
    ),
    Phrase("A name begins with a letter and goes on with letters, digits, and `_ . '`."),
)
