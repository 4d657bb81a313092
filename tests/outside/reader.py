"""Reads a problem file for the makers of frozen numbers, without cnncalc: what is read twice is read independently.

Only what the files here and in problems/ use is understood, and nothing is checked. Numbers become fractions, so that no
digit is lost on the way to PyTorch's doubles or mpmath's digits. Arrays carry N first, always.
"""

import csv
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import yaml

IMAGE_LAYERS = ("conv", "max_pool", "avg_pool", "global_avg_pool", "flatten")
PARAMETERS = {"conv": ("weight", "bias"), "fc": ("weight", "bias"), "batch_norm": ("gamma", "beta", "mean", "var")}
FORMS = ("value", "fill", "file", "random")


@dataclass
class Layer:
    """One layer: its options as typed (text), and its parameters as functions of the shape that they must have."""

    type: str
    name: str
    options: dict[str, Any]
    names: dict[str, str]
    make: dict[str, Callable[[tuple[int, ...] | None], np.ndarray]]


@dataclass
class Network:
    """A problem as it was read. `loss` and `upstream` hold their options as typed."""

    base: int
    input_name: str
    x: np.ndarray
    batched: bool
    layers: list[Layer]
    loss: dict[str, Any] | None
    upstream: np.ndarray | None
    target: np.ndarray | None = None
    loss_type: str = ""
    loss_name: str = "L"
    answers: dict[str, Any] = field(default_factory=dict)


def read(path: Path) -> Network:
    """The network of a problem file."""
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    folder = path.parent
    layers = [_layer(entry, folder, count) for entry, count in _counted(data.get("layers", []))]
    given = data["input"]
    x = tensor(given, folder)(None)
    first = next((layer.type for layer in layers if layer.type in (*IMAGE_LAYERS, "fc", "softmax")), "")
    rank = 3 if first in IMAGE_LAYERS or (not first and x.ndim > 2) else 1
    if rank == 3 and x.ndim == 2:
        x = x[None]
    batched = x.ndim > rank
    network = Network(
        base=int(data.get("index_base", "1")),
        input_name=given.get("name", "input") if isinstance(given, dict) else "input",
        x=x if batched else x[None],
        batched=batched,
        layers=layers,
        loss=None,
        upstream=None,
        answers=data.get("answers", {}),
    )
    if "upstream" in data:
        upstream = tensor(data["upstream"], folder)(None)
        network.upstream = upstream if batched else upstream[None]
    if "loss" in data:
        ((network.loss_type, options),) = data["loss"].items()
        network.loss, network.loss_name = options, options.get("name", "L")
        if "target" in options:
            target = tensor(options["target"], folder)(None)
            network.target = target if batched else target[None]
    return network


def class_target(network: Network, features: int) -> np.ndarray:
    """The target of a loss: as given, or one-hot from `class`."""
    if network.target is not None:
        return network.target
    classes = network.loss["class"]
    hot = np.full((len(network.x), features), Fraction(0), dtype=object)
    for sample, number in enumerate(classes if isinstance(classes, list) else [classes]):
        hot[sample, int(number) - network.base] = Fraction(1)
    return hot


def tensor(given: Any, folder: Path) -> Callable[[tuple[int, ...] | None], np.ndarray]:
    """A function from the shape that a tensor must have (None: its own) to the tensor, an object array of fractions."""
    if isinstance(given, str):
        return _text(given)
    if isinstance(given, list):
        array = _array(given)
        return lambda shape: array
    own = tuple(int(size) for size in given["shape"]) if "shape" in given else None
    kind = next(kind for kind in FORMS if kind in given)
    if kind == "value":
        inner = tensor(given["value"], folder)
    elif kind == "fill":
        inner = _text(given["fill"])
    elif kind == "file":
        array = _file(folder / given["file"], given.get("key"))
        inner = lambda shape: array  # noqa: E731
    else:
        inner = _random(given["random"])
    return lambda shape: _shaped(inner(own or shape), own)


def pair(given: Any) -> tuple[int, int]:
    """(height, width) of one number or two."""
    return (int(given[0]), int(given[1])) if isinstance(given, list) else (int(given), int(given))


def _shaped(array: np.ndarray, shape: tuple[int, ...] | None) -> np.ndarray:
    return array if shape is None else array.reshape(shape)


def _array(rows: Any) -> np.ndarray:
    def shape(part: Any) -> tuple[int, ...]:
        return (len(part), *shape(part[0])) if isinstance(part, list) else ()

    def flat(part: Any) -> list[Fraction]:
        return [cell for inner in part for cell in flat(inner)] if isinstance(part, list) else [_number(part)]

    array = np.empty(prod(shape(rows)), dtype=object)
    array[:] = flat(rows)
    return array.reshape(shape(rows))


def _number(text: str) -> Fraction:
    return Fraction(str(text).strip().replace("−", "-"))


def _text(text: str) -> Callable[[tuple[int, ...] | None], np.ndarray]:
    """One number, to be spread; rows of a text block; LaTeX matrices, side by side as channels."""
    if "\\begin" in text:
        matrices = re.findall(r"\\begin\{\w+\}(.*?)\\end", text, re.S)
        rows = [[line.split("&") for line in matrix.strip().rstrip("\\").split("\\\\")] for matrix in matrices]
        plain = [[[_latex_number(cell) for cell in row] for row in matrix] for matrix in rows]
        array = _array(plain if len(plain) > 1 else plain[0])
        return lambda shape: array
    if "\n" in text.strip():
        samples = [
            [[line.replace(",", " ").split() for line in channel.split("\n")] for channel in sample.split("\n\n")]
            for sample in re.split(r"\n{3,}", text.strip("\n"))
        ]
        block = _array(samples if len(samples) > 1 else samples[0] if len(samples[0]) > 1 else samples[0][0])
        return lambda shape: block
    return lambda shape: np.full(shape or (), _number(text), dtype=object)


def _latex_number(cell: str) -> str:
    return re.sub(r"\\d?frac\{(-?\d+)\}\{(\d+)\}", r"\1/\2", cell).strip()


def _file(path: Path, key: str | None) -> np.ndarray:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            return _array([row for row in csv.reader(stream) if row])
    loaded = np.load(path, allow_pickle=False)
    doubles = loaded[key] if key else loaded
    return _array(doubles.tolist()) if doubles.dtype.kind == "i" else _array(doubles.astype(object).tolist())


def _random(options: dict[str, str]) -> Callable[[tuple[int, ...] | None], np.ndarray]:
    """Element k is low + step·⌊u·count⌋ with the k-th u of Python's Mersenne Twister."""
    low, high, step = (_number(options.get(key, default)) for key, default in DRAWN)
    count = int((high - low) / step) + 1

    def draw(shape: tuple[int, ...] | None) -> np.ndarray:
        uniform = random.Random(int(options["seed"])).random
        array = np.empty(prod(shape), dtype=object)
        array[:] = [low + step * int(uniform() * count) for _ in range(array.size)]
        return array.reshape(shape)

    return draw


DRAWN = (("low", "-1"), ("high", "1"), ("step", "1/10"))


def _counted(entries: list[Any]) -> list[tuple[Any, int]]:
    seen: dict[str, int] = {}
    counted = []
    for entry in entries:
        kind = entry if isinstance(entry, str) else next(iter(entry))
        seen[kind] = seen.get(kind, 0) + 1
        counted.append((entry, seen[kind]))
    return counted


def _layer(entry: Any, folder: Path, count: int) -> Layer:
    kind, options = (entry, {}) if isinstance(entry, str) else next(iter(entry.items()))
    options = options or {}
    name = options.get("name", f"{kind}_{count}")
    given = {key: options[key] for key in PARAMETERS.get(kind, ()) if key in options}
    names = {
        key: value["name"] if isinstance(value, dict) and "name" in value else f"{name}.{key}"
        for key, value in given.items()
    }
    return Layer(kind, name, options, names, {key: tensor(value, folder) for key, value in given.items()})
