"""Names that people use for a tensor, read as its own where one tensor alone can be meant: `softmax`, `dW`, `conv1`."""

import re
from collections.abc import Iterator, Sequence

from cnncalc.language import Phrase
from cnncalc.problem.problem import Problem
from cnncalc.problem.words.spelling import layer_word, plain
from cnncalc.trace import Trace

READ_AS = Phrase(en="`{typed}` is read as `{name}`", zh="`{typed}` 按 `{name}` 读取")
_LOSS = ("loss", "cost", "j", "l", "error", "损失")
_GRADIENTS = (
    re.compile(r"(?:grad(?:ient)?|∇|nabla)[\s_]*(?:of)?[\s_]*[(\[{]?(?P<name>[^()\[\]{}]+)[)\]}]?", re.IGNORECASE),
    re.compile(r"(?P<name>.+?)[._](?:grad|gradient)", re.IGNORECASE),
    re.compile(r"d(?:loss|cost|[A-Za-z])\s*[/_]?\s*d[_\s]?(?P<name>.+)"),
    re.compile(r"(?:delta|δ|d)[\s_]*(?P<name>.+)"),
)
_QUESTION = re.compile(r"(?i)^(question|q|第|题|no)\W*|题$")
_NUMBER = re.compile(r"\(?\d{1,3}\s*[.)]?\s*[(.]?\s*[a-zA-Z]?\s*[.)]?")
_WEIGHT = ("w", "weight", "weights", "kernel", "filter", "权重", "卷积核")
_BIAS = ("b", "bias", "biases", "偏置")
_PROBABILITIES = ("p", "probs", "prob", "probabilities", "yhat", "ŷ", "q", "概率")
_ELEMENT = re.compile(r"(?P<name>.+)_\{?(?P<index>\d+(?:,\d+)*)\}?")


def asked_by(typed: str, problem: Problem) -> Sequence[str]:
    """The tensors that a question asks for, by its number as people write it; none where there is no such question."""
    return problem.questions.get(_QUESTION.sub("", typed.strip()), ())


def is_question(typed: str) -> bool:
    """Whether a name looks like a question's number."""
    return bool(_NUMBER.fullmatch(_QUESTION.sub("", typed.strip())))


def meant(typed: str, trace: Trace) -> str | None:
    """The tensor (or `p[3]`, an element) that alone can be meant by a name that no tensor has; else None."""
    found = dict.fromkeys(_candidates(typed, trace))
    return next(iter(found)) if len(found) == 1 else None


def _in_a_role(word: str, trace: Trace) -> list[str]:
    """The tensors that have the part in a network that a word stands for: weights, biases, probabilities."""
    local = "weight" if word in _WEIGHT else "bias" if word in _BIAS else None
    if local is not None:
        return [entry.parameters[local].name for entry in trace.problem.layers if local in entry.parameters]
    if word in _PROBABILITIES:
        return [step.name for step in trace.steps if step.layer.type in ("softmax", "sigmoid")]
    return []


def _candidates(typed: str, trace: Trace) -> Iterator[str]:
    same = [name for name in trace.names if plain(name) == plain(typed)]
    if same:
        yield from dict.fromkeys(filter(None, map(trace.resolve, same)))
        return
    problem = trace.problem
    asked = asked_by(typed, problem)
    if len(asked) == 1:
        yield asked[0]
        return
    if typed.lower() in _LOSS:
        if problem.loss is not None:
            yield problem.loss.name
        return
    made = [step.name for step in trace.steps if step.layer.type == layer_word(typed)]
    numbered = re.fullmatch(r"(?P<word>.*?\D)(?P<number>\d+)", plain(typed))
    if numbered:
        alike = [step.name for step in trace.steps if step.layer.type == layer_word(numbered["word"])]
        made += alike[int(numbered["number"]) - 1 :][:1] if int(numbered["number"]) else []
    if made:
        yield from made
        return
    roles = _in_a_role(plain(typed), trace)
    if roles:
        yield from roles
        return
    for pattern in _GRADIENTS:
        match = pattern.fullmatch(typed.strip())
        inner = match and (trace.resolve(match["name"].strip()) or meant(match["name"].strip(), trace))
        if inner and "/d" not in inner and "[" not in inner:
            gradient = trace.resolve(f"d{problem.loss_name}/d{inner}")
            if gradient is not None:
                yield gradient
                return
    element = _ELEMENT.fullmatch(typed)
    name = (trace.resolve(element["name"]) or meant(element["name"], trace)) if element else None
    if element and name is not None and len(trace[name].shape) == element["index"].count(",") + 1:
        yield f"{name}[{element['index']}]"
