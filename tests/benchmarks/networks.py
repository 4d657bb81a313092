"""The networks that cnncalc and PyTorch are both given: the same shapes, the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml


@dataclass(frozen=True)
class Network:
    """A chain of layers as (type, options), with the shapes of the parameters of each among the options."""

    name: str
    input: tuple[int, ...]
    layers: tuple[tuple[str, Mapping[str, Any]], ...]
    classes: int | None = None
    """For cross-entropy; None: an upstream gradient is given instead."""
    output: tuple[int, ...] = ()

    def arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Every tensor that is given, drawn with a fixed seed; so finely that no pool meets a tie."""
        draw = np.random.default_rng(11)

        def numbers(shape: tuple[int, ...], reach: float) -> np.ndarray[Any, Any]:
            return draw.uniform(-reach, reach, shape)

        arrays = {"input": numbers(self.input, 1)}
        for position, (_, options) in enumerate(self.layers):
            for parameter in ("weight", "bias"):
                if parameter in options:
                    arrays[f"{parameter}_{position}"] = numbers(options[parameter], 0.2)
        if self.classes is None:
            arrays["upstream"] = numbers(self.output, 1)
        return arrays

    def write(self, folder: Path) -> Path:
        """The problem file, with its numbers in .npy files beside it."""
        arrays = self.arrays()
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array)
        layers = []
        for position, (kind, options) in enumerate(self.layers):
            given = {
                key: {"file": f"{key}_{position}.npy"} if key in ("weight", "bias") else value
                for key, value in options.items()
            }
            layers.append({kind: given} if given else kind)
        problem: dict[str, Any] = {"input": {"file": "input.npy"}, "layers": layers}
        if self.classes is None:
            problem["upstream"] = {"file": "upstream.npy"}
        else:
            problem["loss"] = {"cross_entropy": {"class": [n % self.classes + 1 for n in range(self.input[0])]}}
        path = folder / "problem.yaml"
        path.write_text(yaml.safe_dump(problem), encoding="utf-8")
        return path


def conv(n: int, c: int, h: int, f: int, k: int, pad: int, stride: int = 1, dilation: int = 1) -> Network:
    """One conv over images h×h, with an upstream gradient."""
    side = (h + 2 * pad - dilation * (k - 1) - 1) // stride + 1
    options = {"weight": (f, c, k, k), "padding": pad, "stride": stride, "dilation": dilation}
    name = f"conv {n}×{c}×{h}×{h} → {f}, kernel {k}, padding {pad}"
    name += f", stride {stride}" if stride > 1 else ""
    name += f", dilation {dilation}" if dilation > 1 else ""
    return Network(name, (n, c, h, h), (("conv", options),), output=(n, f, side, side))


def lenet(batch: int) -> Network:
    """LeNet-5 with ReLU and max pools, as in problems/lenet5.yaml."""
    layers: list[tuple[str, Mapping[str, Any]]] = [
        ("conv", {"weight": (6, 1, 5, 5), "bias": (6,), "padding": 2}),
        ("relu", {}),
        ("max_pool", {"size": 2}),
        ("conv", {"weight": (16, 6, 5, 5), "bias": (16,)}),
        ("relu", {}),
        ("max_pool", {"size": 2}),
        ("flatten", {}),
        ("fc", {"weight": (120, 400), "bias": (120,)}),
        ("relu", {}),
        ("fc", {"weight": (84, 120), "bias": (84,)}),
        ("relu", {}),
        ("fc", {"weight": (10, 84), "bias": (10,)}),
        ("softmax", {}),
    ]
    return Network(f"LeNet-5 step, batch {batch}", (batch, 1, 28, 28), tuple(layers), classes=10)


def network(key: str) -> Network:
    """`conv 16 3 32 64 3 1` or `lenet 32`: the function's name and its arguments."""
    name, *sizes = key.split()
    return lenet(int(sizes[0])) if name == "lenet" else conv(*map(int, sizes))


CONVS = (
    "conv 1 2 4 2 3 0",
    "conv 1 3 32 64 3 1",
    "conv 16 3 32 64 3 1",
    "conv 16 64 32 64 3 1",
    "conv 1 64 56 64 3 1",
    "conv 32 6 14 16 5 0",
    "conv 1 3 32 64 3 1 2",
    "conv 16 64 32 64 3 1 2",
    "conv 1 3 32 64 3 2 1 2",
    "conv 16 64 32 64 3 2 1 2",
)
LENETS = ("lenet 1", "lenet 32", "lenet 256")
