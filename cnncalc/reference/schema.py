"""The problem file as a JSON Schema, made from what the program reads; editors complete and check files by it."""

from collections.abc import Mapping
from typing import Any

from cnncalc.language import Language, Phrase
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Layer, Loss
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.problem.problem import NUMBERS
from cnncalc.problem.training import KEYS as COUNTS
from cnncalc.problem.words.vocabulary import TAKEN
from cnncalc.reference.forms import NAME, NUMBER, TENSOR_KEYS, Schema, form_of
from cnncalc.reference.keys import CLASS, KEYS, LAYER_KEYS, LOSS_KEYS, UPDATE_KEYS, Key

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
