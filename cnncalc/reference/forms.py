"""Topics of the problem file, the forms that values and tensors take; and all of it as a JSON Schema, for editors."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from cnncalc.language import Language, Phrase, marked_up
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Layer, Loss
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.problem.problem import NUMBERS
from cnncalc.problem.training import KEYS as COUNTS
from cnncalc.problem.words.vocabulary import TAKEN
from cnncalc.records import Record
from cnncalc.reference.keys import CLASS, KEYS, LAYER_KEYS, LOSS_KEYS, UPDATE_KEYS, Key

TensorForm: TypeAlias = tuple[Phrase, str]
Schema: TypeAlias = dict[str, Any]
NUMBER: Schema = {"type": ["number", "string"]}
"""Also `1/10`, `log(2)`, a letter, `?`."""
PAIR: Schema = {"anyOf": [NUMBER, {"type": "array", "items": NUMBER, "minItems": 1, "maxItems": 2}]}
SIDES: Schema = {"anyOf": [NUMBER, {"type": "array", "items": PAIR, "minItems": 1, "maxItems": 2}]}
NAME: Schema = {"type": "string"}


class Form(Record):
    """What may be written: in words, a few values as YAML has them, and as a JSON Schema."""

    phrase: Phrase
    samples: tuple[str, ...]
    schema: Schema


def form(*samples: str, schema: Schema = NUMBER) -> Callable[[str], Form]:
    """Samples; then what may be written."""
    return lambda what: Form(Phrase(what), samples, schema)


FORMS: Mapping[str, Form] = {
    "bool": form("true", "false", schema={"type": ["boolean", "string"]})("`true` or `false`"),
    "name": form("m", schema=NAME)("the name of a layer"),
    "numbers": form("[1, 2.5, 0]", schema={})("a list of numbers"),
    "classes": form("[3]", "3", schema={})("a list of classes"),
    "count": form("1", "2")("a whole number from 1"),
    "each": form("2", "depthwise")("a whole number from 1, or `depthwise`"),
    "number": form("2", "0.1", "1/3", "1e-5")("a number"),
    "pair": form("1", "2", "[1, 2]", schema=PAIR)("a whole number from 1, or `[height, width]`"),
    "spare": form("0", "1", "[0, 1]", schema=PAIR)("a whole number from 0, or `[height, width]`"),
    "padding": form("valid", "same", "full", "0", "1", "[0, 1]", "[[1, 0], [0, 1]]", schema=SIDES)(
        "`valid` (none), `same`, `full`, a whole number, `[height, width]` or `[[top, bottom], [left, right]]`"
    ),
    "sides": form("valid", "same", "full", "causal", "0", "1", "[0, 1]", schema=PAIR)(
        "`valid` (none), `same`, `full`, `causal`, a whole number or `[left, right]`"
    ),
    "spare_count": form("0", "1")("a whole number from 0"),
    "anchor": form("0", "[-1, 2]", schema=PAIR)("`[row, column]`, or a whole number for both"),
}
"""By what an option's metadata call `reads`; a choice says itself what may be chosen."""
ALTERNATIVES = Phrase("{some} or {last}")
NEEDED = Phrase("needed")
NONE = Phrase("none")


def form_of(about: Mapping[str, Any]) -> Form:
    """The form of an option, from its metadata."""
    if about["reads"] != "choice":
        return FORMS[about["reads"]]
    choices: tuple[str, ...] = about["choices"]
    *some, last = (f"`{choice}`" for choice in choices)
    return Form(
        ALTERNATIVES.format(some=marked_up(", ".join(some)), last=marked_up(last)), choices, {"enum": [*choices]}
    )


def written(default: Any) -> str | None:
    """A default as somebody would type it; None where there is no value to be typed."""
    if default is None:
        return None
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, Decimal):
        return f"{default:f}"
    if isinstance(default, tuple):
        return str(default[0]) if len(set(default)) == 1 else str(list(default))
    return str(default)


def topics() -> list[str]:
    """The keys of a file, what they hold, every layer, loss and rule."""
    return [*KEYS, "tensor", "names", *LAYERS, *LOSSES, *RULES]


def tensor_form(example: str) -> Callable[[str], TensorForm]:
    """An example; then what is said in front of it."""
    return lambda what: (Phrase(what), example)


TENSOR_FORMS: tuple[TensorForm, ...] = (
    tensor_form("input: [[1, 2, 3], [4, 5, 6]]\n")("Nested lists:"),
    tensor_form("input: |\n  1 2 3\n  4 5 6\n\n  7 8 9\n  1 0 1\n")(
        "A text block: a row a line, columns parted by blanks or commas, a blank line between channels, two"
        " between samples:"
    ),
    tensor_form(
        "input: |\n  \\begin{bmatrix} 1 & \\frac{1}{2} \\\\ -1 & 0 \\end{bmatrix}\n"
        "  \\begin{pmatrix} 0 & \\log 2 \\\\ 1 & 0 \\end{pmatrix}\n"
    )("LaTeX, as it stands on the sheet; several matrices side by side are channels:"),
    tensor_form("input: {name: F, shape: [1, 2, 3], value: [1, 2, 3, 4, 5, 6]}\n")(
        "A mapping, with a name of its own, a shape, or both, and any of these forms as its value:"
    ),
    tensor_form("input: {shape: [1, 2, 3], fill: 1/10}\n")(
        "One number for all elements, where the shape is known: a bias, a weight together with `units` or"
        " `size`, or with `fill` and a shape:"
    ),
    tensor_form("input: {shape: [1, 2, 3], random: {seed: 7, low: -1, step: 0.25}}\n")(
        "Drawn at random, the same on every machine: low + step·⌊u·count⌋, u from Python's `random.Random(seed)`"
        " and count = (high − low)/step + 1; by default from −1 to 1 in steps of 1/10:"
    ),
    tensor_form("input: {file: numbers.csv}\n")(
        "From a file in the problem's folder or below: `.npy`, `.npz` with a `key`, or `.csv`:"
    ),
    tensor_form("input: {name: x, symbol: x, values: [[1, -2], [4, 3]]}\n")(
        "Letters, x₁₁, x₁₂ and so on; `values` are their numbers, which decide the branches of a ReLU or a max"
        " pool, as `assume: positive` may:"
    ),
    tensor_form("input: [[x1, 1], [0, 2*alpha]]\n")(
        "Letters and numbers together; a letter may have digits behind it, and a Greek one is called by name:"
    ),
)
"""Each with an example, as the input of a problem."""

TENSOR_KEYS: Mapping[str, Phrase] = {
    "name": Phrase("what the tensor is called"),
    "shape": Phrase("its axes; with a value, in which shape its numbers are taken in order"),
    "value": Phrase("its numbers, in any of the forms above"),
    "fill": Phrase("one number for all elements"),
    "file": Phrase("the path of a file with its numbers"),
    "key": Phrase("with `file`: the name of an array in a `.npz`"),
    "random": Phrase("`{seed, low, high, step}`: drawn at random"),
    "symbol": Phrase("a letter, or a name: elements in letters"),
    "values": Phrase("with `symbol`: the numbers of the letters"),
    "assume": Phrase("with `symbol`: `positive`, that no letter is 0 or below"),
}
"""The keys of a mapping that is a tensor."""


DRAFT = "https://json-schema.org/draft/2020-12/schema"
TENSOR: Schema = {"$ref": "#/$defs/tensor"}
NAMES: Schema = {"anyOf": [{"type": ["string", "number"]}, {"type": "array", "items": NAME}]}
TEXT: Schema = {"type": ["string", "number", "null"]}
COUNTED: Schema = {"type": ["integer", "boolean"]}
OF_KEYS: Mapping[str, Schema] = {
    "title": TEXT,
    "source": TEXT,
    "index_base": {"enum": [0, 1]},
    "numbers": {"enum": list(NUMBERS)},
    "order": {"enum": ["chw", "hwc"]},
    "orientation": {"enum": ["column", "row"]},
    "training": {"type": "object", "properties": dict.fromkeys(COUNTS, COUNTED)},
    "input": TENSOR,
    "inputs": {"type": "object", "minProperties": 1, "additionalProperties": TENSOR},
    "layers": {"type": "array", "items": {"$ref": "#/$defs/layer"}},
    "loss": {
        "anyOf": [{"$ref": "#/$defs/loss"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/weighted"}}]
    },
    "penalty": {
        "type": "object",
        "properties": {"l2": NUMBER, "l1": NUMBER, "half": {"type": "boolean"}, "only": NAMES},
        "additionalProperties": False,
    },
    "upstream": TENSOR,
    "update": {"$ref": "#/$defs/update"},
    "questions": {"type": "object", "additionalProperties": NAMES},
    "answers": {"type": "object"},
}


def schema(language: Language = "en") -> Schema:
    """The whole schema, with what each key means in a language."""
    losses = {name: _options(LOSSES[name], LOSS_KEYS) for name in LOSSES}
    weighted = {name: {**made, "properties": {**made["properties"], "weight": NUMBER}} for name, made in losses.items()}
    made: Schema = {
        "$schema": DRAFT,
        "title": "A cnncalc problem",
        "type": "object",
        "properties": {name: _described(OF_KEYS.get(name, {}), key.about) for name, key in KEYS.items()},
        "additionalProperties": False,
        "$defs": {
            "tensor": _tensor(),
            "layer": _entry({name: _options(LAYERS[name], LAYER_KEYS) for name in LAYERS}, LAYERS),
            "loss": _entry(losses, LOSSES),
            "weighted": _entry(weighted, LOSSES),
            "update": _entry({name: _options(RULES[name], UPDATE_KEYS) for name in RULES}, RULES),
        },
    }
    told: Schema = _told(made, language)
    return told


def _told(part: Any, language: Language) -> Any:
    """The schema with its phrases as texts."""
    if isinstance(part, dict):
        return {name: _told(inner, language) for name, inner in part.items()}
    if isinstance(part, list):
        return [_told(inner, language) for inner in part]
    return part.text(language) if isinstance(part, Phrase) else part


def _tensor() -> Schema:
    """Numbers in any form, or a mapping that says more of them."""
    own = {"fill": NUMBER, "file": NAME, "key": NAME, "assume": {"enum": ["positive"]}}
    return {
        "anyOf": [
            {"type": ["number", "string", "null"]},
            {"type": "array", "minItems": 1, "items": TENSOR},
            {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": False,
                "properties": {name: _described(own.get(name, {}), about) for name, about in TENSOR_KEYS.items()},
            },
        ]
    }


def _entry(types: Mapping[str, Schema], registry: Mapping[str, type[Layer]]) -> Schema:
    """`type`, or `type: {options}`."""
    return {
        "anyOf": [
            {"enum": list(registry)},
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": False,
                "properties": dict(types),
            },
        ]
    }


def _options(made: type[Layer], keys: Mapping[str, Key]) -> Schema:
    """What may stand below a layer, a loss or a rule."""
    of_keys: Mapping[str, Schema] = {
        "name": NAME,
        "input": NAME,
        "inputs": NAMES,
        "only": NAMES,
        "steps": NUMBER,
        "epochs": NUMBER,
    }
    found = {name: _described(of_keys.get(name, {}), key.about) for name, key in keys.items()}
    for name, about in made.options().items():
        found[name] = _described(form_of(about).schema, about["about"])
    shared = {"type": "object", "properties": {"share": NAME}, "required": ["share"], "additionalProperties": False}
    for parameter in made.parameters:
        if not parameter.is_operand:
            found[parameter.name] = _described({"anyOf": [TENSOR, {"type": "boolean"}, shared]}, parameter.about)
    if issubclass(made, Loss) and made.takes_class:
        found["class"] = _described({"anyOf": [NUMBER, {"type": "array", "items": NUMBER}]}, CLASS.about)
    if keys is LAYER_KEYS:
        found[TAKEN] = NUMBER
    return {"type": ["object", "null"], "properties": found, "additionalProperties": False}


def _described(form: Schema, about: Phrase | None) -> Schema:
    return dict(form) if about is None else {**form, "description": about}
