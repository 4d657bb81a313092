"""Freezes what PyTorch makes of the layers and losses that `make_torch.py` does not draw, and of a step of descent.

Run it as that file: `python tests/outside/make_torch_more.py` writes tests/outside/torch/more.json.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own habit
from make_torch import SOURCE, Network, flow, rounded


class More(Network):
    """A chain with the newer layers."""

    def conv_transpose(self) -> None:
        r, channels = self.random, self.y.shape[1]
        kernel, stride, dilation = ([r.randint(1, most) for _ in range(2)] for most in (3, 3, 2))
        padding = [r.randint(0, 1) for _ in range(2)]
        spare = [r.randint(0, max(s, d) - 1) for s, d in zip(stride, dilation, strict=True)]
        groups = channels if r.random() < 0.3 else 1
        each = r.randint(1, 2)
        probe = torch.zeros(channels, each, *kernel)
        try:
            made = F.conv_transpose2d(self.y, probe, None, stride, padding, spare, groups, dilation)
        except RuntimeError:
            return
        if made.numel() > 400:
            return
        name = self.name("conv_transpose")
        weight, w = self.parameter(f"{name}.weight", channels, each, *kernel)
        line = f"conv_transpose: {{weight: {flow(weight)}, stride: {stride}, padding: {padding}, dilation: {dilation}"
        line += f", output_padding: {spare}, groups: {groups}"
        b = None
        if r.random() < 0.6:
            bias, b = self.parameter(f"{name}.bias", each * groups)
            line += f", bias: {flow(bias)}"
        self.add(name, line + "}", F.conv_transpose2d(self.y, w, b, stride, padding, spare, groups, dilation))

    def frozen(self, text: str, each: torch.Tensor, reduction: str) -> dict[str, Any]:
        """With a loss of one number a sample."""
        loss = each.mean() if reduction == "mean" else each.sum()
        loss.backward()
        tail = f"loss:\n  {text}, reduction: {reduction}}}\n"
        return {"problem": self.text() + tail, "tensors": self.tensors(loss)}

    def likelihood(self) -> dict[str, Any]:
        r, (count, features) = self.random, self.y.shape
        self.add(self.name("log_softmax"), "log_softmax", F.log_softmax(self.y, 1))
        classes = [r.randrange(features) for _ in range(count)]
        numbers = [c + 1 for c in classes]
        text = f"nll: {{class: {numbers if self.batch else numbers[0]}"
        return self.frozen(text, F.nll_loss(self.y, torch.tensor(classes), reduction="none"), r.choice(["mean", "sum"]))

    def binary(self) -> dict[str, Any]:
        r = self.random
        self.elementwise("sigmoid")
        target = self.cells.choice([0.0, 0.25, 1.0], size=self.y.shape)
        each = F.binary_cross_entropy(self.y, torch.tensor(target), reduction="none").flatten(1).mean(1)
        text = f"binary_cross_entropy: {{target: {flow(target if self.batch else target[0])}"
        return self.frozen(text, each, r.choice(["mean", "sum"]))


def with_loss(seed: int, loss: str) -> dict[str, Any]:
    r = random.Random(seed)
    network = More(seed, (r.choice([1, 2]), r.randint(2, 4), r.randint(2, 4)), r.choice([None, 2, 3]))
    network.conv()
    network.elementwise(r.choice(["relu", "tanh", "leaky_relu"]))
    if loss == "likelihood" or r.random() < 0.6:
        network.flatten()
        network.fc(r.randint(1, 4))
    return network.likelihood() if loss == "likelihood" else network.binary()


def descent(seed: int) -> dict[str, Any]:
    """One step of PyTorch's SGD, and the loss after it, of a small classifier with batch norm."""
    r = random.Random(seed)
    batch, rate = r.choice([2, 3]), r.choice([0.01, 0.5, 4])
    torch.manual_seed(seed)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 2), torch.nn.BatchNorm2d(2, eps=0.01), torch.nn.Tanh(), torch.nn.Flatten(),
        torch.nn.Linear(8, 3), torch.nn.LogSoftmax(1),
    )  # fmt: skip
    x, classes = torch.randint(-9, 10, (batch, 1, 3, 3)) / 10, torch.randint(0, 3, (batch,))
    given = [p for module in network for p in module.parameters()]
    for parameter in given:
        parameter.data = torch.randint(-9, 10, parameter.shape) / 10
    parts = ["conv_1.weight", "conv_1.bias", "batch_norm_1.gamma", "batch_norm_1.beta", "fc_1.weight", "fc_1.bias"]
    w, b, gamma, beta, v, c = (flow(parameter.detach()) for parameter in given)
    only = r.sample(parts, 3) if r.random() < 0.5 else parts
    text = f"input: {flow(x)}\nlayers:\n  - conv: {{weight: {w}, bias: {b}}}\n"
    text += f"  - batch_norm: {{eps: 0.01, gamma: {gamma}, beta: {beta}}}\n  - tanh\n  - flatten\n"
    text += f"  - fc: {{weight: {v}, bias: {c}}}\n  - log_softmax\n"
    text += f"loss: {{nll: {{class: {(classes + 1).tolist()}}}}}\nupdate: {{sgd: {{lr: {rate}"
    text += f", only: [{', '.join(only)}]" * (only is not parts) + "}}\n"
    optimizer = torch.optim.SGD([p for name, p in zip(parts, given, strict=True) if name in only], lr=rate)
    loss = F.nll_loss(network(x), classes)
    loss.backward()
    tensors: dict[str, Any] = {"L": loss.item()}
    tensors |= {f"dL/d{name}": p.grad.tolist() for name, p in zip(parts, given, strict=True)}
    optimizer.step()
    tensors |= {f"{name}.new": p.tolist() for name, p in zip(parts, given, strict=True) if name in only}
    tensors["log_softmax_1.new"] = network(x).tolist()
    tensors["L.new"] = F.nll_loss(network(x), classes).item()
    return {"problem": text, "tensors": {name: rounded(value) for name, value in tensors.items()}}


def transposed(seed: int) -> dict[str, Any]:
    r = random.Random(seed)
    network = More(seed, (r.choice([1, 2]), r.randint(2, 4), r.randint(2, 4)), r.choice([None, None, 2]))
    steps: list[Callable[[], None]] = [network.conv_transpose]
    if r.random() < 0.4:
        steps.insert(0, network.conv)
    if r.random() < 0.5:
        steps += [lambda: network.elementwise(r.choice(["relu", "tanh"])), network.conv_transpose]
    while not network.lines:
        for step in steps:
            step()
    return network.end(r.choice(["upstream", "mse"]))


def cases() -> dict[str, Any]:
    made = {f"transposed_{seed:02}": transposed(2000 + seed) for seed in range(16)}
    for loss in ("likelihood", "binary"):
        made |= {f"{loss}_{seed:02}": with_loss(2100 + seed, loss) for seed in range(8)}
    return made | {f"descent_{seed:02}": descent(2200 + seed) for seed in range(8)}


def main() -> None:
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases().items())
    path = Path(__file__).parent / "torch" / "more.json"
    path.write_text(f'{{"source": {json.dumps(SOURCE)}, "cases": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
