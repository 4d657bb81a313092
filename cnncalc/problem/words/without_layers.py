"""A file that says in formulas what another has in `layers`: equations line by line, numbered weights, a circuit."""

import re
from collections.abc import Container, Mapping

from cnncalc.language import Phrase
from cnncalc.problem.text.faults import Collector
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar, mapping_in
from cnncalc.problem.text.pattern import pattern
from cnncalc.problem.words.spelling import Said, layer_word, loss_word, plain
from cnncalc.problem.words.vocabulary import ACTIVATION, FILTER_WORDS, TENSORS
from cnncalc.problem.words.written_layers import EQUATION, Equations

_Pair = tuple[Scalar, Node]
_NUMBER = pattern(r"[-−]?(?:\d+\.?\d*|\.\d+)(?:/\d+)?")
_FORMULA = pattern(r"(?=.*[-+*/^(])[\w\s()+\-*/^.,]+")
_LETTER = pattern(r"[^\W\d]\w*")
_SIDE_BY_SIDE = pattern(r"[\w)]\s+[\w(]")
_FUNCTIONS = ("exp", "log", "ln", "sqrt", "sin", "cos", "abs", "sigmoid", "tanh", "relu", "max", "min")
_NUMBERED = pattern(r"(?P<word>[^\W\d]+)_?(?P<number>\d)")
_LOSSES: tuple[tuple[re.Pattern[str], str], ...] = (
    (pattern(r"[-−].*(?:log|ln).*\(?1\s*[-−].*"), "binary_cross_entropy"),
    (pattern(r"[-−].*(?:log|ln).*"), "cross_entropy"),
    (pattern(r"(?:1/2|\(1/2\)|0\.5|½|\\frac\{1\}\{2\}|\\frac12)\s*\*?.*(?:\^|\*\*)\s*\{?2\}?.*|.*(?:\^|\*\*)2\s*/\s*2"),
     "half_squared_error"),
    (pattern(r"(?:mean|1/n|1/N|\(1/n\)|avg).*(?:\^|\*\*)\s*\{?2\}?.*"), "mse"),
)  # fmt: skip
"""What a formula is the loss of."""
_OF_CLASS = pattern(r"[-−]\s*(?:log|ln)\s*\(?\s*[A-Za-zŷ]\w*?[\[_]?(\d+)\]?\s*\)?")
"""`-log p[1]`, `-ln(p_2)`."""
_CALL = pattern(r"(?P<word>[\w.]+)\((?:\s*[\w.'^]+\s*,?)+\)")
_SEVERAL = ("activations", "activationfunctions")
_HIDDEN = ("hiddenactivation", "activationhidden")
_LAST = ("outputactivation", "activationoutput", "finalactivation")
LAYERS_OF = Phrase("a layer each")
OF_FORMULA = Phrase("expressions")
OF_LETTERS = Phrase("values")


def circuit(entries: Mapping[str, _Pair], known: Container[str], said: Said) -> dict[str, _Pair] | None:
    """`f: (x + y)*z` with `x: 2` … as `expressions` and `values`; None where anything else stands there.

    `known` are the keys of a problem that a file of expressions has as well.
    """
    own = {name: pair for name, pair in entries.items() if name in known}
    others = {name: pair for name, pair in entries.items() if name not in known}
    texts = {name: value.text.strip() for name, (_, value) in others.items() if isinstance(value, Scalar)}
    numbers = [name for name, text in texts.items() if _NUMBER.fullmatch(text)]
    formulas = {name: text for name, text in texts.items() if name not in numbers}
    letters = {letter for text in formulas.values() for letter in _LETTER.findall(text)} - set(_FUNCTIONS)
    if not numbers or not formulas or len(texts) < len(others) or not letters <= texts.keys():
        return None
    if not all(_FORMULA.fullmatch(text) and not _SIDE_BY_SIDE.search(text) for text in formulas.values()):
        return None
    key = next(iter(others.values()))[0]
    said.word(", ".join(formulas), OF_FORMULA)
    said.word(", ".join(numbers), OF_LETTERS)
    made = {"expressions": list(formulas), "values": numbers}
    inside = {ours: Fields({name: others[name] for name in names}, key.place) for ours, names in made.items()}
    return own | key.mapping(inside).entries


def equations(entries: dict[str, _Pair], known: Container[str], said: Said) -> Items | None:
    """The layers of `z1: W1 x + b1`, `a1: relu(z1)`, … among the entries, which are taken out; None where are none."""
    reader = Equations({*entries}, ())
    made: list[Node] = []
    read = []
    for name, (key, value) in entries.items():
        if name in known or not isinstance(value, Scalar):
            continue
        text = f"{name} = {value.text}"
        layers = reader.layers(key._replace(text=text)) if EQUATION.fullmatch(text) else []
        made += layers
        read += [name] if layers else []
    if not made:
        return None
    said.word(", ".join(read), LAYERS_OF)
    place = entries[read[0]][0].place
    for name in read:
        del entries[name]
    return Items(made, place)


def loss_of_formula(node: Node, said: Said) -> Node:
    """`-Σ y log p` and `cross_entropy(p, y)` as the word for it; any other node as it is."""
    if not isinstance(node, Scalar):
        return node
    call = _CALL.fullmatch(node.text.strip())
    if call is not None and "," in node.text and "=" not in node.text and loss_word(call["word"]):
        return node.word(call["word"])
    of_class = _OF_CLASS.fullmatch(node.text.strip())
    if of_class is not None:
        said.word(node.text.strip(), f"cross_entropy: {{class: {of_class[1]}}}")
        return node.mapping({"cross_entropy": node.mapping({"class": of_class[1]})})
    word = next((word for pattern, word in _LOSSES if pattern.fullmatch(node.text.strip())), None)
    if word is None:
        return node
    said.word(node.text.strip(), word)
    return node.word(word)


def numbered_weights(entries: dict[str, _Pair], faults: Collector) -> Items | None:
    """The layers of `W1`, `b1`, `W2` and what stands between them; None where there are no two weights.

    What is not said, an activation, is asked for in one fault.
    """
    found = {name: _NUMBERED.fullmatch(name) for name in entries}
    words = {name: (TENSORS.get(plain(each["word"])), int(each["number"])) for name, each in found.items() if each}
    weights = sorted((number, name) for name, (local, number) in words.items() if local == "weight")
    if len(weights) < 2 or [number for number, _ in weights] != list(range(1, len(weights) + 1)):
        return None
    biases = {number: name for name, (local, number) in words.items() if local == "bias"}
    said, hint = _activations(entries, len(weights))
    texts: list[str] = []
    for at, (number, name) in enumerate(weights):
        kind = "conv" if plain(name.rstrip("0123456789_")) in FILTER_WORDS else "fc"
        bias = f", bias: {biases[number]}" if number in biases else ""
        behind = said[at : at + 1] if said else [hint] * (at < len(weights) - 1)
        texts += [f"{kind}: {{weight: {name}{bias}}}", *behind]
    key = entries[weights[0][1]][0]
    given, whole_list = ", ".join(name for name in entries if name in words), f"[{', '.join(texts)}]"
    if not said:
        faults.add(
            f"the file has {given} and no `layers`, so that nothing says what stands between them",
            f"write `layers: {whole_list}`, with the activations that belong between them",
            key.place,
        )
    whole = mapping_in(f"layers: {whole_list}")
    layers = whole.get("layers") if whole is not None else None
    return _placed(layers, key) if isinstance(layers, Items) else None


def _placed(items: Items, key: Scalar) -> Items:
    """The same where the first weight stands."""

    def at(node: Node) -> Node:
        if isinstance(node, Scalar):
            return node._replace(line=key.line, column=key.column, length=key.length)
        if isinstance(node, Items):
            return Items([at(item) for item in node.items], key.place)
        return Fields({name: (at(k), at(v)) for name, (k, v) in node.entries.items()}, key.place)  # type: ignore[misc]

    placed = at(items)
    assert isinstance(placed, Items), "it was a list"
    return placed


def _activations(entries: dict[str, _Pair], weights: int) -> tuple[list[str], str]:
    """The activations behind the weights, where the file says all of them, and the one that it may mean; taken out.

    One word for all leaves open whether the last layer has it as well.
    """
    found: dict[str, list[str]] = {}
    for name in [name for name in entries if plain(name) in (*ACTIVATION, *_SEVERAL, *_HIDDEN, *_LAST)]:
        node = entries[name][1]
        texts = [each.text for each in (node.items if isinstance(node, Items) else [node]) if isinstance(each, Scalar)]
        if texts and all(map(layer_word, texts)):
            found[plain(name)] = texts
            del entries[name]
    several = next((texts for texts in found.values() if len(texts) in (weights, weights - 1) and len(texts) > 1), [])
    hidden = next((found[word][0] for word in _HIDDEN if word in found), "")
    last = [found[word][0] for word in _LAST if word in found]
    hint = next((texts[0] for texts in found.values()), "relu")
    return several or ([hidden] * (weights - 1) + last if hidden else []), hint
