"""Freezes what torchinfo says of LeNet-5, AlexNet, VGG-16, ResNet-18 and -50, and GoogLeNet, layer by layer.

Run it in an environment of its own, from the checkout: `pip install torch==2.14.1 torchvision==0.29.1
torchinfo==1.8.0`, then `python tests/outside/make_torchinfo.py`. It writes tests/outside/torchinfo/cases.json and
imports nothing of cnncalc. torchinfo counts a bias like a weight in its `mult_adds`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torchinfo
from torch import nn
from torchvision import models

NAMES = {
    "Conv2d": "conv", "ReLU": "relu", "MaxPool2d": "max_pool", "Flatten": "flatten", "Linear": "fc",
    "ConvTranspose2d": "conv_transpose", "BatchNorm2d": "batch_norm", "AdaptiveAvgPool2d": "global_avg_pool",
}  # fmt: skip


def lenet5() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(256, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def alexnet() -> nn.Module:
    """As in torchvision, whose average pool does nothing at 224×224; without dropout."""
    return nn.Sequential(
        nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(),
        nn.MaxPool2d(3, 2), nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(), nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(),
        nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(),
        nn.Linear(9216, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000),
    )  # fmt: skip


def vgg16() -> nn.Module:
    layers: list[nn.Module] = []
    channels = 3
    for outputs, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(times):
            layers += [nn.Conv2d(channels, outputs, 3, padding=1), nn.ReLU()]
            channels = outputs
        layers.append(nn.MaxPool2d(2))
    ends = [nn.Linear(25088, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000)]
    return nn.Sequential(*layers, nn.Flatten(), *ends)


def decoder() -> nn.Module:
    """Not published: options that the others do not have."""
    return nn.Sequential(
        nn.Conv2d(4, 8, (3, 5), (2, 1), (1, 2), dilation=(2, 1), groups=2, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
        nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.ConvTranspose2d(8, 6, 3, 2, 1, 1, groups=2), nn.ReLU(),
        nn.ConvTranspose2d(6, 2, (2, 4), (1, 3), bias=False, dilation=(3, 1)), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
    )  # fmt: skip


def row(info: Any) -> dict[str, Any]:
    parameters = {name: parameter.numel() for name, parameter in info.module.named_parameters()}
    return {
        "type": NAMES[info.class_name],
        "shape": info.output_size[1:],
        "weights": parameters.get("weight", 0),
        "biases": parameters.get("bias", 0),
        "mult_adds": info.macs,
    }


def frozen(network: nn.Module, shape: tuple[int, ...]) -> dict[str, Any]:
    summary = torchinfo.summary(network, input_size=(1, *shape), verbose=0)
    rows = [row(info) for info in summary.summary_list if info.depth == 1]
    return {"parameters": summary.total_params, "mult_adds": summary.total_mult_adds, "layers": rows}


def frozen_graph(network: nn.Module, shape: tuple[int, ...]) -> dict[str, Any]:
    """The layers that are modules of their own, in the order in which they run; a ReLU is none everywhere."""
    summary = torchinfo.summary(network.eval(), input_size=(1, *shape), verbose=0)
    rows = [row(info) for info in summary.summary_list if info.class_name in NAMES and info.class_name != "ReLU"]
    return {"parameters": summary.total_params, "mult_adds": summary.total_mult_adds, "graph": rows}


def main() -> None:
    folder = Path(__file__).parent / "torchinfo"
    folder.mkdir(exist_ok=True)
    cases = {
        "lenet5_sizes": frozen(lenet5(), (1, 28, 28)),
        "alexnet": frozen(alexnet(), (3, 224, 224)),
        "vgg16": frozen(vgg16(), (3, 224, 224)),
        "decoder": frozen(decoder(), (4, 20, 24)),
        "resnet18": frozen_graph(models.resnet18(), (3, 224, 224)),
        "resnet50": frozen_graph(models.resnet50(), (3, 224, 224)),
        "googlenet": frozen_graph(models.googlenet(aux_logits=False, init_weights=False), (3, 224, 224)),
    }
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items())
    source = json.dumps(f"torchinfo {torchinfo.__version__}")
    (folder / "cases.json").write_text(f'{{"source": {source}, "cases": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
