"""Names that people use for a tensor, read as its own where one tensor alone can be meant: `softmax`, `dW`, `conv1`."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property

from cnncalc.language import Phrase
from cnncalc.problem.names import OF_OPTIONS, NamedLayer, quantity_name
from cnncalc.problem.text.faults import listing, quoted, which_tensor
from cnncalc.problem.text.pattern import pattern
from cnncalc.problem.words.spelling import layer_word, loss_word, plain
from cnncalc.problem.words.vocabulary import FILTER_WORDS
from cnncalc.records import Record

LONGEST = 200
"""Characters of a name that is looked for in other words."""
READ_AS = Phrase("`{typed}` is read as `{name}`")
_LOSS = ("loss", "cost", "j", "l", "error", "损失")
_GRADIENTS = (
    pattern(r"(?:∇|nabla|grad)_\{?(?P<name>[^\s{}]+)\}?\s*[A-Za-z]?"),
    pattern(r"(?:(?:损失|loss|L)(?:函数)?(?:对|关于))?(?P<name>.+?)的?(?:梯度|偏?导数?)"),
    pattern(
        r"(?:grad(?:ient)?|∇|nabla)[\s_]*(?:of|wrt|w\.r\.t\.|with respect to|for)?(?:\s+the\s)?"
        r"[\s_]*[(\[{]?(?P<name>[^()\[\]{}]+)[)\]}]?",
        re.IGNORECASE,
    ),
    pattern(r"(?P<name>.+?)[._\s](?:grad|gradient)", re.IGNORECASE),
    pattern(r"d(?:[Ll]oss|[Cc]ost|LOSS|[A-Za-z])\s*[/_]?\s*d[_\s]?(?P<name>.+)"),
    pattern(r"(?:delta|δ|d)[\s_]*(?P<name>.+)"),
)
_QUESTION = pattern(r"(?i)^(question|q|第|题|问题|问|no)\W*|[题问]$")
_NUMBER = pattern(r"\(?\d{1,3}\s*[.)]?\s*[(.]?\s*[a-zA-Z]?\s*[.)]?")
_PART = pattern(r"(?P<number>\d{1,3})\s*[.(]?\s*(?P<part>[a-z]|(?<=[.(])\d|(?<=[.(])(?:i{2,3}|iv|vi{1,3}|ix))")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_BEHIND_A_NUMBER = pattern(r"(?:\(\d{1,3}[a-z]?\)|\d{1,3}[a-z]?[.)])\s*(?P<name>[^\W\d].*)")
"""`(4) conv_1`, `4. conv_1`."""
_NUMERALS = str.maketrans({
    **{chr(0x2460 + n): str(n + 1) for n in range(20)}, **dict(zip("一二三四五六七八九", "123456789", strict=True)),
    "（": "(", "）": ")", "．": ".", "、": ".",
})  # fmt: skip
_LATEX = (
    (pattern(r"\\[dt]?frac\s*\{\s*\\partial\s*([^{}]+)\}\s*\{\s*\\partial\s*(.+)\}"), r"d\1/d\2"),
    (pattern(r"\\partial\s*"), "d"), (pattern(r"\\nabla"), "∇"), (pattern(r"\\delta"), "δ"),
    (pattern(r"\\hat\s*\{?y\}?"), "ŷ"), (pattern(r"[$\\]|\\(?:mathrm|text|mathbf)"), ""),
    (pattern(r"([₀-₉]+)$"), lambda found: "_" + found[1].translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))),
    (pattern(r"\]\s*\[(?=\d)"), ","),
    (pattern(r"\.(?:out(?:put)?|value|data|(?:item|detach|numpy|tolist|cpu)\(\))$"), ""),
    (pattern(r"(.+)\.shape|(?:shape|size|形状)\s+(?:of|of the)\s+(.+)"), r"shape(\1\2)"),
)  # fmt: skip
"""How a name is written in a text, and in ours."""
_OPTION = pattern(rf"(?:(?P<layer>[^.]+)\.)?(?P<option>{'|'.join(OF_OPTIONS)})(?:\s+of\s+(?P<of>.+))?")
"""`padding`, where one layer has any; `padding of conv_1`, `conv_1.padding`."""
_WEIGHT = ("w", "weight", "weights", "kernel", "filter", "权重", "卷积核")
_BIAS = ("b", "bias", "biases", "偏置")
_PROBABILITIES = ("p", "probs", "prob", "probabilities", "yhat", "ŷ", "q", "概率")
_SCORES = ("logits", "logit", "scores", "score", "得分")
_OF_SCORES = ("softmax", "sigmoid", "log_softmax")
_OUTPUT = ("output", "out", "y", "prediction", "pred", "输出", "预测")
_INPUT = ("input", "x", "image", "输入")
_POOLS = ("pool", "pooling", "池化", "subsampling")
_ACTIVATIONS = ("relu", "leaky_relu", "sigmoid", "tanh", "softmax", "elu", "gelu", "silu", "softplus", "step", "sign")
_LETTERS = {
    "c": ("conv", "conv1d", "conv_transpose"), "r": ("relu",), "s": ("softmax", "sigmoid"), "a": _ACTIVATIONS,
    "h": _ACTIVATIONS, "p": ("max_pool", "avg_pool"), "f": ("flatten",), "z": ("conv", "fc"), "o": ("fc",),
}  # fmt: skip
"""The letters by which the one layer of these types is called."""
_IN_ORDER = pattern(r"(?P<word>z|a|delta|δ)[_\s]?(?P<number>\d)")
"""The sums of the layers with weights, what becomes of them, and the gradients of the sums, by number."""
_OF_LAYER = pattern(r"(?P<layer>.+?)[._\s](?P<word>[^._\s]+)")
_SAID_OUTPUT = pattern(
    r"(?:(?:(?:the\s+)?(?:output|result|value)s?\s+of|after)\s+(?:the\s+)?)?(?P<name>.+?)"
    r"(?:[\s_-]+(?:layer[\s_-]+)?(?:outputs?|result|values?|layer|activations?)|层?的?(?:输出|结果|值)|层?之?后)?",
    re.IGNORECASE,
)
"""`conv output`, `output of the conv layer`, `after relu`, `卷积层输出`."""
_AFTER = pattern(
    r"(?P<whose>.+?)\.(?P<behind>new|velocity|square_sum|mhat|vhat|m|v|(?:[a-z_]+\.)?step_\d+)"
    r"|(?:new|updated?|更新后的)\s*(?P<new>.+)"
    r"|(?P<old>.+?)(?:[_ ](?:new|updated)|\s+after\s+(?:the\s+)?(?:update|(?:one|1)\s+step)|更新后)"
)
"""`W.new` of a weight that is not called W, `new W`, `W after the update`."""
_CALL = pattern(r"(?P<word>[\w.]+)\((?P<of>[\w.]+)(?:\s*,.*)?\)")
"""`F.softmax(z, dim=1)`, `relu(conv1)`."""
_ELEMENT = pattern(r"(?P<name>.+?)(?:_\{?|(?<=^[A-Za-z]))(?P<index>\d+(?:,\d+)*)\}?")


class Known(Record):
    """What a name may be one of: the tensors of a problem, solved or only read."""

    layers: Sequence[NamedLayer]
    names: Sequence[str]
    """Every name that finds a tensor."""
    resolve: Callable[[str], str | None]
    """The name proper of a tensor in any of its spellings; None for no tensor."""
    axes: Callable[[str], int | None]
    """How many axes a tensor has; None where that is not known yet."""
    inputs: Sequence[str]
    loss: str | None
    """The type of the loss; None where there is none."""
    loss_name: str
    """What the gradients are of."""
    questions: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def by_plain(self) -> Mapping[str, list[str]]:
        """Those that differ in capitals, blanks and underscores alone, together."""
        found: dict[str, list[str]] = {}
        for name in self.names:
            found.setdefault(plain(name), []).append(name)
        return found

    def of(self, *types: str) -> list[str]:
        """The outputs of the layers of these types."""
        return [layer.name for layer in self.layers if layer.type.type in types]

    def with_weights(self) -> list[NamedLayer]:
        """The layers that have weights."""
        return [layer for layer in self.layers if "weight" in layer.parameters]

    def gradient(self, name: str) -> list[str]:
        """The gradient of a tensor, if it has one."""
        found = self.resolve(f"d{self.loss_name}/d{name}")
        return [] if found is None else [found]

    def all_of(self, typed: str) -> list[str]:
        """The tensor of this name, or all that may be meant by it."""
        name = self.resolve(typed.strip())
        return could_be(typed.strip(), self) if name is None else [name]

    def find(self, typed: str) -> str | None:
        """The tensor of this name, or the one that alone can be meant by it."""
        return self.resolve(typed.strip()) or meant(typed.strip(), self)


def asked_by(typed: str, questions: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The tensors that a question asks for, by its number as people write it; none where there is no such question."""
    label = _label(typed)
    squeezed = [question for question in questions if _squeezed(question) == _squeezed(label)]
    if label not in questions and len(squeezed) == 1:
        return questions[squeezed[0]]
    part = _PART.fullmatch(label)
    whole = questions.get(part["number"], ()) if part else ()
    if label in questions or part is None or not whole:
        return questions.get(label, ())
    letter = part["part"]
    at = int(letter) - 1 if letter.isdigit() else ord(letter[0]) - ord("a")
    if letter in _ROMAN and (len(letter) > 1 or at >= len(whole)):
        at = _ROMAN.index(letter)
    return whole[at : at + 1] if at >= 0 else ()


def as_written(typed: str) -> str:
    """A name as it is written in a text, LaTeX or behind a question's number, in our signs."""
    if len(typed) > LONGEST:
        return typed
    numbered = _BEHIND_A_NUMBER.fullmatch(typed.strip().translate(_NUMERALS))
    text = numbered["name"] if numbered else typed.strip()
    for written, ours in _LATEX:
        text = written.sub(ours, text)
    return text.strip()


def _label(typed: str) -> str:
    """The number of a question without the word, and without what stands around it."""
    text = _QUESTION.sub("", typed.strip()).translate(_NUMERALS).strip()
    return re.sub(r"^\((.*)\)$", r"\1", text).rstrip(".):：").strip()


def _squeezed(label: str) -> str:
    """`5a` of `5(a)` and `5.a`."""
    return re.sub(r"[\s().:-]", "", label).lower()


def is_option(typed: str, known: Known) -> bool:
    """Whether an option of a layer is asked for: `padding`."""
    option = _OPTION.fullmatch(typed.strip())
    return option is not None and any(option["option"] in layer.type.options() for layer in known.layers)


def is_question(typed: str) -> bool:
    """Whether a name looks like a question's number."""
    return bool(_NUMBER.fullmatch(_QUESTION.sub("", typed.strip()).translate(_NUMERALS)))


def meant(typed: str, known: Known) -> str | None:
    """The tensor (or `p[3]`, an element) that alone can be meant by a name that no tensor has; else None."""
    found = could_be(typed, known)
    only = found[0] if len(found) == 1 else ""
    return only if known.resolve(only.partition("[")[0]) is not None else None


def could_be(typed: str, known: Known) -> list[str]:
    """All that may be meant by a name that no tensor has."""
    if len(typed) > LONGEST:
        return []
    return list(dict.fromkeys(_candidates(typed, known)))


def no_tensor(typed: str, known: Known) -> str:
    """What is said of a name that means none of the tensors, or several."""
    several = could_be(typed, known)
    if len(several) > 1:
        return f"{quoted(typed)} may be {listing(several)}; write the one that is meant"
    return f"no tensor is called {quoted(typed)}; {which_tensor(typed.replace('∂', 'd'), known.names)}"


def _in_a_role(word: str, known: Known) -> list[str]:
    """The tensors that have the part in a network that a word stands for: weights, biases, probabilities.

    A number behind it is that of the layer, among those with weights: `W2`.
    """
    numbered = re.fullmatch(r"(?P<word>\D+)(?P<number>\d)", word)
    if numbered and numbered["word"] in (*_WEIGHT, *_BIAS):
        at = int(numbered["number"]) - 1
        owners = known.with_weights()
        which = "weight" if numbered["word"] in _WEIGHT else "bias"
        its = owners[at].parameters if 0 <= at < len(owners) else {}
        called_so = known.by_plain.get(numbered["word"], [])
        if which in its and set(called_so) <= {its[which]} and known.axes(its[which]) != 1:
            return [its[which]]
        if not called_so:
            return [its[which]] if which in its else []
        return []  # an element of the tensor of that name, or another layer's
    local = "weight" if word in _WEIGHT else "bias" if word in _BIAS else None
    if word in FILTER_WORDS:
        kernels = [each for each in known.layers if each.type.type.startswith("conv")]
        if kernels:
            return [layer.parameters["weight"] for layer in kernels]
    if local is not None:
        return [layer.parameters[local] for layer in known.layers if local in layer.parameters]
    if word in ("delta", "δ"):
        return [name for layer in known.with_weights() for name in known.gradient(layer.name)]
    if word in _SCORES:
        return [layer.inputs[0] for layer in known.layers if layer.type.type in _OF_SCORES][-1:]
    if word in _OUTPUT:
        return [known.layers[-1].name if known.layers else known.inputs[0]]
    if word in _INPUT:
        # Whoever has been given a name for it has no reason to write another letter.
        return [name for name in known.inputs if word != "x" or name == "input"]
    made = known.of("softmax", "sigmoid")
    if word in _PROBABILITIES and made:
        return made
    if word in _POOLS:
        return [layer.name for layer in known.layers if "_pool" in layer.type.type]
    if word in ("act", "activation", "激活"):
        return known.of(*(each for each in _ACTIVATIONS if each != "softmax"))
    return known.of(*_LETTERS.get(word, ())) or (_in_a_role("scores", known) if word == "z" else [])


def _candidates(typed: str, known: Known) -> Iterable[str]:
    if same := known.by_plain.get(plain(typed)):
        return filter(None, map(known.resolve, same))
    kind, whose = quantity_name(typed) or ("", "")
    if kind:
        # Of an outline the counts are known, and no tensor is.
        owners = [owner] if (owner := known.resolve(whose)) else could_be(whose, known)
        return [f"{kind}({owner})" for owner in owners]
    if (later := _AFTER.fullmatch(typed.strip())) is not None:
        behind = later["behind"] or "new"
        whose = next(word for word in (later["whose"], later["new"], later["old"]) if word)
        return [name for each in known.all_of(whose) if (name := known.resolve(f"{each}.{behind}")) is not None]
    asked = asked_by(typed, known.questions)
    if len(asked) == 1:
        return asked
    if (option := _OPTION.fullmatch(typed.strip())) is not None:
        whose = option["of"] or option["layer"]
        layers = [whose] if whose else [layer.name for layer in known.layers]
        return [name for layer in layers if (name := known.resolve(f"{option['option']}({layer})")) is not None]
    is_its_type = known.loss is not None and loss_word(typed) == known.loss
    if typed.lower() in _LOSS or (is_its_type and layer_word(typed) is None):
        return [] if known.loss is None else [known.loss_name]
    made = known.of(layer_word(typed) or "")
    numbered = re.fullmatch(r"(?P<word>.*?\D)(?P<number>\d{1,9})", plain(typed))
    if numbered:
        alike = known.of(layer_word(numbered["word"]) or "")
        made += alike[int(numbered["number"]) - 1 :][:1] if int(numbered["number"]) else []
    made = made or _in_a_role(plain(typed), known) or _in_order(typed, known)
    if made:
        return made
    several: list[str] = []
    for form in _GRADIENTS:
        match = form.fullmatch(typed.strip())
        if match is None or match["name"].strip().isdigit():
            continue  # of no question
        inner = [name for name in known.all_of(match["name"]) if "/d" not in name and "[" not in name]
        found = [name for each in inner for name in known.gradient(each)]
        if len(found) == 1:
            return found
        several = several or found
    if of_layer := _of_layer(typed, known):
        return of_layer
    call = _CALL.fullmatch(typed.strip())
    if call and (made := known.of(layer_word(call["word"]) or "")):
        taken = known.find(call["of"])
        return [layer.name for layer in known.layers if layer.name in made and taken in layer.inputs] or made
    said = _SAID_OUTPUT.fullmatch(typed)
    if said and said["name"] != typed and (named := known.all_of(said["name"])):
        return named
    words = typed.split()
    if len(words) == 2 and (same_one := known.find(words[0])) and known.find(words[1]) == same_one:
        return [same_one]  # `loss L`
    element = _ELEMENT.fullmatch(typed)
    name = known.find(element["name"]) if element else None
    axes = known.axes(name) if name else None
    if element and name is not None:
        index = element["index"]
        index = ",".join(index) if index.isdigit() and len(index) == axes else index  # `c_111`
        if index.count(",") + 1 == axes:
            return [f"{name}[{index}]"]
    return several


def _in_order(typed: str, known: Known) -> list[str]:
    """`z1`, `a1`, `delta1`: the sum of the first layer with weights, its activation, and the gradient of the sum."""
    found = _IN_ORDER.fullmatch(typed.strip())
    sums = [layer.name for layer in known.with_weights()] if found else []
    at = int(found["number"]) - 1 if found else -1
    if found is None or not 0 <= at < len(sums):
        return []
    if found["word"] == "z":
        return [sums[at]]
    if found["word"] == "a":
        return [layer.name for layer in known.layers if layer.type.type in _ACTIVATIONS and sums[at] in layer.inputs]
    return known.gradient(sums[at])


def _of_layer(typed: str, known: Known) -> list[str]:
    """`fc1_w`, `conv1 bias`: a parameter of a layer."""
    found = _OF_LAYER.fullmatch(typed.strip())
    word = plain(found["word"]) if found else ""
    local = "weight" if word in _WEIGHT else "bias" if word in _BIAS else None
    name = known.find(found["layer"]) if found and local else None
    return [one.parameters[local] for one in known.layers if local and one.name == name and local in one.parameters]
