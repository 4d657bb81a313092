"""Freezes what PyTorch makes of activations, norms, other layers and losses, each in a small network.

Run it as `make_torch.py`: `python tests/outside/make_torch_layers.py` writes tests/outside/torch/layers.json.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own habit
from make_torch import SOURCE, Network, flow

Made = Callable[[torch.Tensor], torch.Tensor]
ACTIVATIONS: dict[str, tuple[str, Made]] = {
    "step": ("step", lambda x: (x >= 0).to(x) + 0 * x),
    "sign": ("sign", torch.sign),
    "relu6": ("relu6", F.relu6),
    # Its own derivative of hardsigmoid has 1/6 in single precision.
    "hard_sigmoid": ("hard_sigmoid", lambda x: F.relu6(x + 3) / 6),
    "hard_tanh": ("hard_tanh: {low: -0.5, high: 0.75}", lambda x: F.hardtanh(x, -0.5, 0.75)),
    "elu": ("elu: {alpha: 0.7}", lambda x: F.elu(x, 0.7)),
    "elu_1": ("elu", F.elu),
    "selu": ("selu", F.selu),
    "gelu": ("gelu", F.gelu),
    "gelu_tanh": ("gelu: {approximate: tanh}", lambda x: F.gelu(x, approximate="tanh")),
    "silu": ("silu", F.silu),
    "softplus": ("softplus: {beta: 2}", lambda x: F.softplus(x, 2)),
    "softsign": ("softsign", F.softsign),
}


def activation(seed: int, text: str, made: Made) -> dict[str, Any]:
    """Between a convolution, whose outputs go well beyond −3, 3 and 6, and a sum."""
    network = Network(seed, (2, 3, 3), 2)
    name = network.name("conv")
    weight, w = network.parameter(f"{name}.weight", 3, 2, 2, 2)
    network.add(name, f"conv: {{weight: {flow(weight)}}}", F.conv2d(network.y * 1, w))
    type_ = text.partition(":")[0]
    network.add(network.name(type_), text, made(network.y))
    network.add(network.name(type_), text, made(network.y))
    return network.end("upstream")


def kinks(text: str, made: Made) -> dict[str, Any]:
    """Exactly on the places where a derivative jumps."""
    network = Network(1, (7,), None)
    x = torch.tensor([[0.0, 3.0, -3.0, 6.0, -0.5, 0.75, 1.0]], requires_grad=True)
    network.head, network.y = f"input: {flow(x[0].detach())}\n", x
    network.activations = {"input": x}
    network.add(network.name(text.partition(":")[0]), text, made(x))
    return network.end("upstream")


def prelu(seed: int, count: int) -> dict[str, Any]:
    network = Network(seed, (3, 2, 2), 2)
    weight, w = network.parameter("prelu_1.weight", count)
    network.add(network.name("prelu"), f"prelu: {{weight: {flow(weight)}}}", F.prelu(network.y, w))
    return network.end("upstream")


def cases() -> dict[str, Any]:
    made = {
        f"activation_{name}": activation(3000 + seed, *both) for seed, (name, both) in enumerate(ACTIVATIONS.items())
    }
    made |= {f"kinks_{name}": kinks(*ACTIVATIONS[name]) for name in ACTIVATIONS}
    return made | {f"prelu_{count}": prelu(3100 + count, count) for count in (1, 3)}


def main() -> None:
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases().items())
    path = Path(__file__).parent / "torch" / "layers.json"
    path.write_text(f'{{"source": {json.dumps(SOURCE)}, "cases": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
