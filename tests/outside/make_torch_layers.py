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
from make_torch import SOURCE, Network, flow, rounded

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
    "mish": ("mish", F.mish),
    "hard_swish": ("hard_swish", F.hardswish),
    "scale": ("scale: -1.5", lambda x: -1.5 * x),
    "power": ("power: 2", lambda x: x**2),
    "absolute": ("absolute", torch.abs),
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


def loss(
    seed: int, text: str, of_logits: bool, made: Callable[[torch.Tensor, Network], torch.Tensor]
) -> dict[str, Any]:
    """Of four features of three samples, or of their softmax; `made` is PyTorch's loss of the logits."""
    network = Network(seed, (4,), 3)
    logits = network.y
    if of_logits:
        network.add(network.name("softmax"), "softmax", torch.softmax(logits, 1))
        logits.grad = None
    total = made(logits, network)
    total.backward()
    found = {"L": total.item(), "dL/dinput": logits.grad.tolist()}
    return {"problem": network.text() + f"loss:\n  {text}\n", "tensors": {k: rounded(v) for k, v in found.items()}}


def focal(z: torch.Tensor, network: Network) -> torch.Tensor:
    """As in the paper, of one class among several."""
    p = torch.softmax(z, 1).gather(1, CLASSES[:, None])
    return -((1 - p) ** 1.5 * torch.log(p)).mean()


def binary_focal(z: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """As torchvision's sigmoid_focal_loss has it for hard targets, each part by itself."""
    p = torch.sigmoid(z)
    return -(0.25 * t * (1 - p) ** 2 * torch.log(p) + 0.75 * (1 - t) * p**2 * torch.log(1 - p)).mean()


def norm(seed: int, type_: str, shape: tuple[int, ...]) -> dict[str, Any]:
    network = Network(seed, shape, 2)
    name = network.name(type_)
    scaled = shape if type_ == "layer_norm" else shape[:1]
    (gamma, g), (beta, b) = network.parameter(f"{name}.gamma", *scaled), network.parameter(f"{name}.beta", *scaled)
    made = {
        "layer_norm": lambda x: F.layer_norm(x, shape, g, b, 0.01),
        "group_norm": lambda x: F.group_norm(x, 2, g, b, 0.01),
        "instance_norm": lambda x: F.instance_norm(x, weight=g, bias=b, eps=0.01),
    }[type_](network.y)
    groups = ", groups: 2" if type_ == "group_norm" else ""
    network.add(name, f"{type_}: {{eps: 0.01, gamma: {flow(gamma)}, beta: {flow(beta)}{groups}}}", made)
    return network.end("upstream")


def by_length(seed: int, shape: tuple[int, ...], is_scaled: bool) -> dict[str, Any]:
    network = Network(seed, shape, 2)
    if is_scaled:
        gamma, g = network.parameter("rms_norm_1.gamma", *shape)
        made = F.rms_norm(network.y, shape, g, 0.01)
        network.add(network.name("rms_norm"), f"rms_norm: {{eps: 0.01, gamma: {flow(gamma)}}}", made)
    else:
        network.add(network.name("l2_normalize"), "l2_normalize", F.normalize(network.y))
    return network.end("upstream")


def upsample(seed: int, scale: tuple[int, int], mode: str, corners: bool | None) -> dict[str, Any]:
    network = Network(seed, (2, 2, 3), 2)
    made = F.interpolate(network.y, scale_factor=scale, mode=mode, align_corners=corners)
    options = f"scale: {list(scale)}, mode: {mode}" + (", align_corners: true" if corners else "")
    network.add(network.name("upsample"), f"upsample: {{{options}}}", made)
    return network.end("upstream")


def gathered(seed: int, mode: str) -> dict[str, Any]:
    network = Network(seed, (4, 3, 2), 2)
    network.add(network.name("pixel_shuffle"), "pixel_shuffle: 2", F.pixel_shuffle(network.y, 2))
    made = F.pad(network.y, (3, 1, 2, 0), mode="constant" if mode == "zeros" else mode)
    network.add(network.name("pad"), f"pad: {{padding: [[2, 0], [3, 1]], mode: {mode}}}", made)
    return network.end("upstream")


def local_response(seed: int, size: int) -> dict[str, Any]:
    network = Network(seed, (4, 3, 2), 2)
    made = F.local_response_norm(network.y, size, 0.5, 0.75, 2)
    network.add(network.name("local_response_norm"), f"LRN: {{size: {size}, alpha: 0.5, k: 2}}", made)
    return network.end("upstream")


def reshaped(seed: int) -> dict[str, Any]:
    network = Network(seed, (12,), 2)
    network.add(network.name("reshape"), "Unflatten: {shape: [2, 2, 3]}", network.y.unflatten(1, (2, 2, 3)))
    network.add(network.name("max_pool"), "max_pool: 2", F.max_pool2d(network.y, 2))
    return network.end("upstream")


def adaptive(seed: int, outputs: tuple[int, int]) -> dict[str, Any]:
    network = Network(seed, (2, 4, 6), 2)
    network.add(network.name("relu"), "relu", torch.relu(network.y))
    network.add(network.name("max_pool"), "max_pool: {outputs: [3, 6]}", F.adaptive_max_pool2d(network.y, (3, 6)))
    made = F.adaptive_avg_pool2d(network.y, outputs)
    network.add(network.name("avg_pool"), f"avg_pool: {{outputs: {list(outputs)}}}", made)
    return network.end("upstream")


def penalty(seed: int, l2: float, l1: float) -> dict[str, Any]:
    """A penalty on the weights of a small network, and a step of descent on all of it."""
    network = Network(seed, (3,), 2)
    for name, outputs in (("fc_1", 3), ("fc_2", 2)):
        network.name("fc")
        weight, w = network.parameter(f"{name}.weight", outputs, 3)
        bias, b = network.parameter(f"{name}.bias", outputs)
        network.add(name, f"fc: {{weight: {flow(weight)}, bias: {flow(bias)}}}", F.linear(network.y, w, b))
        if name == "fc_1":
            network.add(network.name("tanh"), "tanh", torch.tanh(network.y))
    network.add(network.name("softmax"), "softmax", torch.softmax(network.y, 1))
    weights = [tensor for name, tensor in network.parameters.items() if name.endswith("weight")]
    added = sum(l2 * (w * w).sum() + l1 * w.abs().sum() for w in weights)
    total = F.nll_loss(torch.log(network.y), torch.tensor([1, 0])) + added
    total.backward()
    tail = (
        f"loss: {{cross_entropy: {{class: [2, 1]}}}}\npenalty: {{l2: {l2}, l1: {l1}}}\nupdate: {{sgd: {{lr: 0.5}}}}\n"
    )
    tensors = network.tensors(total) | {"L.penalty": rounded(added.item())}
    moved = {f"{name}.new": rounded((w - 0.5 * w.grad).tolist()) for name, w in network.parameters.items()}
    return {"problem": network.text() + tail, "tensors": tensors | moved}


CLASSES = torch.tensor([2, 0, 3])
WEIGHTS = torch.tensor([0.5, 1.0, 2.0, 0.25])
SOFT = [[0.5, 0.25, 0.25, 0.0], [0.1, 0.2, 0.3, 0.4], [0.0, 0.0, 1.0, 0.0]]
DRAWN = [[0.3, -0.2, 1.0, 0.5], [2.0, 0.0, -1.0, 0.25], [-0.5, 0.75, 1.5, 0.1]]
SHARES = [[1, 0, 0.25, 0.5], [0, 1, 1, 0], [0.75, 0, 1, 0]]
SIGNS = [[1, -1, 1, 1], [-1, -1, 1, -1], [1, 1, -1, 1]]


def cross_entropy(classes: torch.Tensor = CLASSES, **options: Any) -> Callable[[torch.Tensor, Network], torch.Tensor]:
    return lambda z, network: F.cross_entropy(z, classes, **options)


def losses() -> dict[str, Any]:
    weights = f"class_weights: {flow(WEIGHTS)}"
    ignored = torch.tensor([2, 0, -100])
    soft = torch.tensor(SOFT)
    table: dict[str, tuple[str, bool, Callable[[torch.Tensor, Network], torch.Tensor]]] = {
        "smoothing": (
            "cross_entropy: {class: [3, 1, 4], label_smoothing: 0.1}",
            True,
            cross_entropy(label_smoothing=0.1),
        ),
        "weights": (f"cross_entropy: {{class: [3, 1, 4], {weights}}}", True, cross_entropy(weight=WEIGHTS)),
        "weights_sum": (
            f"cross_entropy: {{class: [3, 1, 4], {weights}, reduction: sum}}",
            True,
            cross_entropy(weight=WEIGHTS, reduction="sum"),
        ),
        "weights_soft": (f"cross_entropy: {{target: {SOFT}, {weights}}}", True, cross_entropy(soft, weight=WEIGHTS)),
        "weights_smoothing": (
            f"cross_entropy: {{class: [3, 1, 4], {weights}, label_smoothing: 0.2}}",
            True,
            cross_entropy(weight=WEIGHTS, label_smoothing=0.2),
        ),
        "ignore": ("cross_entropy: {class: [3, 1, 4], ignore: [4]}", True, cross_entropy(ignored)),
        "ignore_all": (
            f"cross_entropy: {{class: [3, 1, 4], ignore: [4], {weights}, label_smoothing: 0.2}}",
            True,
            cross_entropy(ignored, weight=WEIGHTS, label_smoothing=0.2),
        ),
        "kl": (
            f"kl: {{target: {SOFT}}}",
            True,
            lambda z, network: F.kl_div(F.log_softmax(z, 1), soft, reduction="batchmean"),
        ),
        "l1": (f"l1: {{target: {DRAWN}}}", False, lambda x, network: F.l1_loss(x, torch.tensor(DRAWN))),
        "huber": (
            f"huber: {{target: {DRAWN}, delta: 0.7}}",
            False,
            lambda x, network: F.huber_loss(x, torch.tensor(DRAWN), delta=0.7),
        ),
        "hinge": (
            f"hinge: {{target: {SIGNS}}}",
            False,
            lambda x, network: F.relu(1 - torch.tensor(SIGNS) * x).mean(),
        ),
        "svm": (
            "hinge: {class: [3, 1, 4], margin: 0.8, over_classes: mean}",
            False,
            lambda x, network: F.multi_margin_loss(x, CLASSES, margin=0.8),
        ),
        "squared_hinge": (
            f"squared_hinge: {{target: {SIGNS}}}",
            False,
            lambda x, network: (F.relu(1 - torch.tensor(SIGNS) * x) ** 2).mean(),
        ),
        "squared_svm": (
            "hinge: {class: [3, 1, 4], margin: 2.8, over_classes: mean, squared: true}",
            False,
            lambda x, network: F.multi_margin_loss(x, CLASSES, margin=2.8, p=2),
        ),
        "logits": ("cross_entropy: {class: [3, 1, 4], logits: true}", False, cross_entropy()),
        "binary_logits": (
            f"binary_cross_entropy: {{target: {SHARES}, from_logits: true}}",
            False,
            lambda x, network: F.binary_cross_entropy_with_logits(x, torch.tensor(SHARES)),
        ),
        "focal": ("focal: {class: [3, 1, 4], gamma: 1.5}", True, focal),
        "binary_focal": (
            f"binary_focal: {{target: {SHARES}, alpha: 0.25, logits: true}}",
            False,
            lambda x, network: binary_focal(x, torch.tensor(SHARES)),
        ),
    }
    return {f"loss_{name}": loss(3200 + seed, *one) for seed, (name, one) in enumerate(table.items())}


def cases() -> dict[str, Any]:
    made = {
        f"activation_{name}": activation(3000 + seed, *both) for seed, (name, both) in enumerate(ACTIVATIONS.items())
    }
    del made["activation_absolute"]  # its input is 0 there, and rounded 1e-17
    made |= {f"kinks_{name}": kinks(*ACTIVATIONS[name]) for name in ACTIVATIONS}
    made |= losses()
    made |= {
        f"{type_}_{len(shape)}": norm(3400 + seed, type_, shape)
        for seed, (type_, shape) in enumerate(
            [("layer_norm", (4,)), ("layer_norm", (2, 2, 2)), ("group_norm", (4,)), ("group_norm", (4, 1, 2)),
             ("instance_norm", (2, 2, 3))]
        )
    }  # fmt: skip
    made |= {
        f"{'rms_norm' if is_scaled else 'l2_normalize'}_{len(shape)}": by_length(3500 + seed, shape, is_scaled)
        for seed, (shape, is_scaled) in enumerate([((4,), True), ((2, 2, 2), True), ((4,), False)])
    }
    made |= {
        f"upsample_{mode}_{rows}{columns}_{corners}": upsample(3600 + seed, (rows, columns), mode, corners)
        for seed, (rows, columns, mode, corners) in enumerate(
            [(2, 3, "nearest", None), (2, 3, "bilinear", False), (4, 2, "bilinear", False), (2, 3, "bilinear", True)]
        )
    }
    modes = ("zeros", "reflect", "replicate", "circular")
    made |= {f"pad_{mode}": gathered(3800 + seed, mode) for seed, mode in enumerate(modes)}
    made["reshape"] = reshaped(3900)
    made |= {f"local_response_{size}": local_response(3800 + size, size) for size in (2, 3, 5)}
    made |= {f"adaptive_{rows}{columns}": adaptive(3700 + rows, (rows, columns)) for rows, columns in ((2, 3), (3, 2))}
    made |= {"penalty_l2": penalty(3300, 0.1, 0), "penalty_both": penalty(3301, 0.05, 0.02)}
    return made | {f"prelu_{count}": prelu(3100 + count, count) for count in (1, 3)}


def main() -> None:
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases().items())
    path = Path(__file__).parent / "torch" / "layers.json"
    path.write_text(f'{{"source": {json.dumps(SOURCE)}, "cases": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
