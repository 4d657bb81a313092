"""Names that people use for a tensor, read as its own where one tensor alone can be meant: `softmax`, `dW`, `conv1`."""

import re
from collections.abc import Iterable, Sequence

from cnncalc.language import Phrase
from cnncalc.problem.names import OF_OPTIONS, quantity_name
from cnncalc.problem.problem import Problem
from cnncalc.problem.words.spelling import layer_word, loss_word, plain
from cnncalc.problem.words.vocabulary import FILTER_WORDS
from cnncalc.trace import Trace

READ_AS = Phrase(en="`{typed}` is read as `{name}`", zh="`{typed}` 按 `{name}` 读取")
_LOSS = ("loss", "cost", "j", "l", "error", "损失")
_GRADIENTS = (
    re.compile(r"(?:∇|nabla|grad)_\{?(?P<name>[^\s{}]+)\}?\s*[A-Za-z]?"),
    re.compile(r"(?P<name>.+?)的?梯度"),
    re.compile(
        r"(?:grad(?:ient)?|∇|nabla)[\s_]*(?:of|wrt|w\.r\.t\.|with respect to|for)?(?:\s+the\s)?"
        r"[\s_]*[(\[{]?(?P<name>[^()\[\]{}]+)[)\]}]?",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<name>.+?)[._\s](?:grad|gradient)", re.IGNORECASE),
    re.compile(r"d(?:[Ll]oss|[Cc]ost|LOSS|[A-Za-z])\s*[/_]?\s*d[_\s]?(?P<name>.+)"),
    re.compile(r"(?:delta|δ|d)[\s_]*(?P<name>.+)"),
)
_QUESTION = re.compile(r"(?i)^(question|q|第|题|问题|问|no)\W*|[题问]$")
_NUMBER = re.compile(r"\(?\d{1,3}\s*[.)]?\s*[(.]?\s*[a-zA-Z]?\s*[.)]?")
_PART = re.compile(r"(?P<number>\d{1,3})\s*[.(]?\s*(?P<part>[a-z]|(?<=[.(])\d|(?<=[.(])(?:i{2,3}|iv|vi{1,3}|ix))")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_BEHIND_A_NUMBER = re.compile(r"(?:\(\d{1,3}[a-z]?\)|\d{1,3}[a-z]?[.)])\s*(?P<name>[^\W\d].*)")
"""`(4) conv_1`, `4. conv_1`."""
_NUMERALS = str.maketrans({
    **{chr(0x2460 + n): str(n + 1) for n in range(20)}, **dict(zip("一二三四五六七八九", "123456789", strict=True)),
    "（": "(", "）": ")", "．": ".", "、": ".",
})  # fmt: skip
_LATEX = (
    (re.compile(r"\\[dt]?frac\s*\{\s*\\partial\s*([^{}]+)\}\s*\{\s*\\partial\s*(.+)\}"), r"d\1/d\2"),
    (re.compile(r"\\partial\s*"), "d"), (re.compile(r"\\nabla"), "∇"), (re.compile(r"\\delta"), "δ"),
    (re.compile(r"\\hat\s*\{?y\}?"), "ŷ"), (re.compile(r"[$\\]|\\(?:mathrm|text|mathbf)"), ""),
    (re.compile(r"([₀-₉]+)$"), lambda found: "_" + found[1].translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))),
    (re.compile(r"\]\s*\[(?=\d)"), ","),
    (re.compile(r"(.+)\.shape|(?:shape|size|形状)\s+(?:of|of the)\s+(.+)"), r"shape(\1\2)"),
)  # fmt: skip
"""How a name is written in a text, and in ours."""
_OPTION = re.compile(rf"(?:(?P<layer>[^.]+)\.)?(?P<option>{'|'.join(OF_OPTIONS)})(?:\s+of\s+(?P<of>.+))?")
"""`padding`, where one layer has any; `padding of conv_1`, `conv_1.padding`."""
_WEIGHT = ("w", "weight", "weights", "kernel", "filter", "权重", "卷积核")
_BIAS = ("b", "bias", "biases", "偏置")
_PROBABILITIES = ("p", "probs", "prob", "probabilities", "yhat", "ŷ", "q", "概率")
_SCORES = ("logits", "logit", "scores", "score", "得分")
_OF_SCORES = ("softmax", "sigmoid", "log_softmax")
_OUTPUT = ("output", "out", "y", "prediction", "pred", "输出", "预测")
_INPUT = ("input", "x", "image", "输入")
_ACTIVATIONS = ("relu", "leaky_relu", "sigmoid", "tanh", "softmax", "elu", "gelu", "silu", "softplus", "step", "sign")
_LETTERS = {
    "c": ("conv", "conv1d", "conv_transpose"), "r": ("relu",), "s": ("softmax", "sigmoid"), "a": _ACTIVATIONS,
    "h": _ACTIVATIONS, "p": ("max_pool", "avg_pool"), "f": ("flatten",), "z": ("conv", "fc"), "o": ("fc",),
}  # fmt: skip
"""The letters by which the one layer of these types is called."""
_IN_ORDER = re.compile(r"(?P<word>z|a|delta|δ)[_\s]?(?P<number>\d)")
"""The sums of the layers with weights, what becomes of them, and the gradients of the sums, by number."""
_OF_LAYER = re.compile(r"(?P<layer>.+?)[._\s](?P<word>[^._\s]+)")
_SAID_OUTPUT = re.compile(
    r"(?:(?:the\s+)?(?:output|result|value)s?\s+of\s+(?:the\s+)?)?(?P<name>.+?)"
    r"(?:[\s_-]+(?:layer[\s_-]+)?(?:outputs?|result|values?|layer|activations?)|层?的?(?:输出|结果|值))?",
    re.IGNORECASE,
)
"""`conv output`, `output of the conv layer`, `卷积层输出`."""
_ELEMENT = re.compile(r"(?P<name>.+?)(?:_\{?|(?<=^[A-Za-z]))(?P<index>\d+(?:,\d+)*)\}?")


def asked_by(typed: str, problem: Problem) -> Sequence[str]:
    """The tensors that a question asks for, by its number as people write it; none where there is no such question."""
    label = _label(typed)
    part = _PART.fullmatch(label)
    whole = problem.questions.get(part["number"], ()) if part else ()
    if label in problem.questions or part is None or not whole:
        return problem.questions.get(label, ())
    letter = part["part"]
    at = int(letter) - 1 if letter.isdigit() else ord(letter[0]) - ord("a")
    if letter in _ROMAN and (len(letter) > 1 or at >= len(whole)):
        at = _ROMAN.index(letter)
    return whole[at : at + 1] if at >= 0 else ()


def as_written(typed: str) -> str:
    """A name as it is written in a text, LaTeX or behind a question's number, in our signs."""
    numbered = _BEHIND_A_NUMBER.fullmatch(typed.strip().translate(_NUMERALS))
    text = numbered["name"] if numbered else typed.strip()
    for pattern, ours in _LATEX:
        text = pattern.sub(ours, text)
    return text.strip()


def _label(typed: str) -> str:
    """The number of a question without the word, and without what stands around it."""
    text = _QUESTION.sub("", typed.strip()).translate(_NUMERALS).strip()
    return re.sub(r"^\((.*)\)$", r"\1", text).rstrip(".):：").strip()


def is_question(typed: str) -> bool:
    """Whether a name looks like a question's number."""
    return bool(_NUMBER.fullmatch(_QUESTION.sub("", typed.strip()).translate(_NUMERALS)))


def meant(typed: str, trace: Trace) -> str | None:
    """The tensor (or `p[3]`, an element) that alone can be meant by a name that no tensor has; else None."""
    found = dict.fromkeys(_candidates(typed, trace))
    only = next(iter(found)) if len(found) == 1 else ""
    return only if trace.resolve(only.partition("[")[0]) is not None else None


def _in_a_role(word: str, trace: Trace) -> list[str]:
    """The tensors that have the part in a network that a word stands for: weights, biases, probabilities.

    A number behind it is that of the layer, among those with weights: `W2`.
    """
    numbered = re.fullmatch(r"(?P<word>\D+)(?P<number>\d)", word)
    if numbered and numbered["word"] in (*_WEIGHT, *_BIAS):
        at = int(numbered["number"]) - 1
        owners = [entry for entry in trace.problem.layers if "weight" in entry.parameters]
        which = "weight" if numbered["word"] in _WEIGHT else "bias"
        known = owners[at].parameters if 0 <= at < len(owners) else {}
        called_so = [name for name in trace.names if plain(name) == numbered["word"]]
        if which in known and set(called_so) <= {known[which].name} and len(trace[known[which].name].shape) > 1:
            return [known[which].name]
        if not called_so:
            return [known[which].name] if which in known else []
        return []  # an element of the tensor of that name, or another layer's
    local = "weight" if word in _WEIGHT else "bias" if word in _BIAS else None
    if word in FILTER_WORDS:
        kernels = [each for each in trace.problem.layers if each.layer.type.startswith("conv")]
        if kernels:
            return [entry.parameters["weight"].name for entry in kernels]
    if local is not None:
        return [entry.parameters[local].name for entry in trace.problem.layers if local in entry.parameters]
    if word in ("delta", "δ"):
        sums = [entry.name for entry in trace.problem.layers if "weight" in entry.parameters]
        return [name for name in (f"d{trace.problem.loss_name}/d{each}" for each in sums) if trace.resolve(name)]
    if word in _SCORES:
        return [step.inputs()["x"] for step in trace.steps if step.layer.type in _OF_SCORES][-1:]
    if word in _OUTPUT:
        return [trace.problem.output]
    if word in _INPUT:
        # Whoever has been given a name for it has no reason to write another letter.
        return [given.name for given in trace.problem.inputs if word != "x" or given.name == "input"]
    made = [step.name for step in trace.steps if step.layer.type in ("softmax", "sigmoid")]
    if word in _PROBABILITIES and made:
        return made
    return [step.name for step in trace.steps if step.layer.type in _LETTERS.get(word, ())]


def _candidates(typed: str, trace: Trace) -> Iterable[str]:
    same = [name for name in trace.names if plain(name) == plain(typed)]
    if same:
        return filter(None, map(trace.resolve, same))
    problem = trace.problem
    kind, whose = quantity_name(typed) or ("", "")
    if kind:
        owner = meant(whose, trace)
        return [f"{kind}({owner})"] if owner else []
    asked = asked_by(typed, problem)
    if len(asked) == 1:
        return asked
    if (option := _OPTION.fullmatch(typed.strip())) is not None:
        whose = option["of"] or option["layer"]
        layers = [whose] if whose else [entry.name for entry in problem.layers]
        return [name for layer in layers if (name := trace.resolve(f"{option['option']}({layer})")) is not None]
    is_its_type = problem.loss is not None and loss_word(typed) == problem.loss.loss.type
    if typed.lower() in _LOSS or (is_its_type and layer_word(typed) is None):
        return [] if problem.loss is None else [problem.loss.name]
    type_ = layer_word(typed)
    made = [step.name for step in trace.steps if step.layer.type == type_]
    numbered = re.fullmatch(r"(?P<word>.*?\D)(?P<number>\d+)", plain(typed))
    if numbered:
        type_ = layer_word(numbered["word"])
        alike = [step.name for step in trace.steps if step.layer.type == type_]
        made += alike[int(numbered["number"]) - 1 :][:1] if int(numbered["number"]) else []
    if made:
        return made
    roles = _in_a_role(plain(typed), trace)
    if roles:
        return roles
    numbered_by_layer = _in_order(typed, trace)
    if numbered_by_layer:
        return numbered_by_layer
    for pattern in _GRADIENTS:
        match = pattern.fullmatch(typed.strip())
        inner = match and (trace.resolve(match["name"].strip()) or meant(match["name"].strip(), trace))
        if match and match["name"].strip().isdigit():
            continue  # of no question
        if inner and "/d" not in inner and "[" not in inner:
            gradient = trace.resolve(f"d{problem.loss_name}/d{inner}")
            if gradient is not None:
                return [gradient]
    of_layer = _of_layer(typed, trace)
    if of_layer:
        return of_layer
    said = _SAID_OUTPUT.fullmatch(typed)
    inner = (trace.resolve(said["name"]) or meant(said["name"], trace)) if said and said["name"] != typed else None
    if inner is not None:
        return [inner]
    element = _ELEMENT.fullmatch(typed)
    name = (trace.resolve(element["name"]) or meant(element["name"], trace)) if element else None
    if element and name is not None:
        index, axes = element["index"], len(trace[name].shape)
        index = ",".join(index) if index.isdigit() and len(index) == axes else index  # `c_111`
        if index.count(",") + 1 == axes:
            return [f"{name}[{index}]"]
    return []


def _in_order(typed: str, trace: Trace) -> list[str]:
    """`z1`, `a1`, `delta1`: the sum of the first layer with weights, its activation, and the gradient of the sum."""
    found = _IN_ORDER.fullmatch(typed.strip())
    sums = [entry.name for entry in trace.problem.layers if "weight" in entry.parameters] if found else []
    at = int(found["number"]) - 1 if found else -1
    if found is None or not 0 <= at < len(sums):
        return []
    if found["word"] == "z":
        return [sums[at]]
    if found["word"] == "a":
        return [s.name for s in trace.steps if s.layer.type in _ACTIVATIONS and sums[at] in s.inputs().values()]
    gradient = trace.resolve(f"d{trace.problem.loss_name}/d{sums[at]}")
    return [gradient] if gradient else []


def _of_layer(typed: str, trace: Trace) -> list[str]:
    """`fc1_w`, `conv1 bias`: a parameter of a layer."""
    found = _OF_LAYER.fullmatch(typed.strip())
    word = plain(found["word"]) if found else ""
    local = "weight" if word in _WEIGHT else "bias" if word in _BIAS else None
    layer = (trace.resolve(found["layer"]) or meant(found["layer"], trace)) if found and local else None
    owners = [entry for entry in trace.problem.layers if entry.name == layer and local in entry.parameters]
    return [entry.parameters[local].name for entry in owners if local is not None]
