"""Freezes tensors and gradients computed by PyTorch, for networks drawn at random and for special ones written out.

Run it in an environment of its own, from the checkout: `pip install torch==2.13.0 numpy`, then
`python tests/outside/make_torch.py`. It writes tests/outside/torch/*.json and imports nothing of cnncalc: the
operations are PyTorch's, put together here from what the problem format means.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own habit

SOURCE = "PyTorch 2.13.0, float64"
RANDOM_CASES = 60
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def flow(array: Any) -> str:
    """A nested list in YAML's flow form."""
    return json.dumps(np.asarray(array).tolist())


class Network:
    """A chain of layers that is built twice at once: as problem text and as PyTorch's graph."""

    def __init__(self, seed: int, shape: tuple[int, ...], batch: int | None) -> None:
        self.random = random.Random(seed)
        self.cells = np.random.RandomState(seed)
        self.batch = batch
        self.counts: dict[str, int] = {}
        self.lines: list[str] = []
        self.activations: dict[str, torch.Tensor] = {}
        self.parameters: dict[str, torch.Tensor] = {}
        self.constants: dict[str, torch.Tensor] = {}
        x = self.draw(batch or 1, *shape)
        self.head = f"input: {flow(x if batch else x[0])}\n"
        self.y = torch.tensor(x, requires_grad=True)
        self.activations["input"] = self.y

    def draw(self, *shape: int) -> np.ndarray:
        return self.cells.randint(-9, 10, size=shape) / 10

    def name(self, type_: str) -> str:
        self.counts[type_] = self.counts.get(type_, 0) + 1
        return f"{type_}_{self.counts[type_]}"

    def parameter(self, name: str, *shape: int) -> tuple[np.ndarray, torch.Tensor]:
        array = self.draw(*shape)
        tensor = self.parameters[name] = torch.tensor(array, requires_grad=True)
        return array, tensor

    def add(self, name: str, line: str, y: torch.Tensor) -> None:
        y.retain_grad()
        self.lines.append(line)
        self.activations[name] = self.y = y

    # Layers

    def conv(self) -> None:
        r, (channels, *sizes) = self.random, self.y.shape[1:]
        kernel, stride, dilation = ([r.randint(1, most) for _ in range(2)] for most in (3, 2, 2))
        spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
        kind = r.choice(["valid", "same", "pair", "sides", "anchor"])
        flip = r.random() < 0.25
        if kind == "same":
            sides, text = [], "padding: same"
            for size, span, step in zip(sizes, spans, stride, strict=True):
                total = max(0, (-(-size // step) - 1) * step + span - size)
                sides.append([total // 2, total - total // 2])
        elif kind == "anchor":
            stride, anchor = [1, 1], [r.randint(-1, k) for k in kernel]
            cells = [k - 1 - a if flip else a for k, a in zip(kernel, anchor, strict=True)]
            sides = [[a * d, (k - 1 - a) * d] for a, d, k in zip(cells, dilation, kernel, strict=True)]
            text = f"anchor: {anchor}"
        else:
            sides = {"valid": [[0, 0], [0, 0]], "pair": [[1, 1], [2, 2]]}.get(kind) or [
                [r.randint(0, 2), r.randint(0, 2)] for _ in range(2)
            ]
            text = {"valid": "padding: valid", "pair": "padding: [1, 2]"}.get(kind, f"padding: {sides}")
        if any(size + sum(side) < span for size, side, span in zip(sizes, sides, spans, strict=True)):
            return
        groups = channels if r.random() < 0.25 else 1
        outputs = r.choice([1, 2]) * groups
        name = self.name("conv")
        weight, w = self.parameter(f"{name}.weight", outputs, channels // groups, *kernel)
        line = f"conv: {{weight: {flow(weight)}, stride: {stride}, dilation: {dilation}, {text}, groups: {groups}"
        b = None
        if r.random() < 0.6:
            bias, b = self.parameter(f"{name}.bias", outputs)
            line += f", bias: {flow(bias)}"
        padded = F.pad(self.y, (*sides[1], *sides[0]))
        y = F.conv2d(padded, w.flip(2, 3) if flip else w, b, stride, 0, dilation, groups)
        self.add(name, line + (", flip: true}" if flip else "}"), y)

    def pool(self, type_: str) -> None:
        r = self.random
        size, stride = ([r.randint(1, 3) for _ in range(2)] for _ in range(2))
        padding = [r.randint(0, k // 2) for k in size]
        ceil, count, dilation = r.random() < 0.4, r.random() < 0.5, r.choice([1, 1, 2])
        try:
            if type_ == "max_pool":
                y, path = F.max_pool2d(self.y, size, stride, padding, dilation, ceil, return_indices=True)
            else:
                y = F.avg_pool2d(self.y, size, stride, padding, ceil, count)
        except RuntimeError:
            return
        if min(y.shape[2:]) < 1 or not torch.isfinite(y).all():
            return
        name = self.name(type_)
        line = f"{type_}: {{size: {size}, stride: {stride}, padding: {padding}, ceil: {str(ceil).lower()}"
        if type_ == "max_pool":
            line += f", dilation: {dilation}}}"
            width = self.y.shape[3]
            self.constants[f"{name}.path"] = torch.stack([path // width + 1, path % width + 1], dim=-1)
        else:
            line += f", count_padding: {str(count).lower()}}}"
        self.add(name, line, y)

    def batch_norm(self) -> None:
        r, x = self.random, self.y
        over = r.choice(["channel", "activation"])
        axes = [0, *range(2, x.ndim)] if over == "channel" else [0]
        count = int(np.prod([x.shape[a] for a in axes]))
        shape = x.shape[1:2] if over == "channel" else x.shape[1:]

        def spread(v: torch.Tensor) -> torch.Tensor:
            return v.reshape(1, -1, *[1] * (x.ndim - 2)) if over == "channel" else v[None]

        inference = count < 2 or r.random() < 0.25
        name = self.name("batch_norm")
        gamma, g = self.parameter(f"{name}.gamma", *shape)
        beta, b = self.parameter(f"{name}.beta", *shape)
        line = f"batch_norm: {{over: {over}, eps: 0.01, gamma: {flow(gamma)}, beta: {flow(beta)}"
        if inference:
            given, variance = self.draw(*shape), np.abs(self.draw(*shape)) + 0.5
            mean, var = torch.tensor(given), torch.tensor(variance)
            line += f", mean: {flow(given)}, var: {flow(variance)}}}"
        else:
            kind = r.choice(["biased", "unbiased"])
            mean = x.mean(axes)
            var = ((x - spread(mean)) ** 2).sum(axes) / (count if kind == "biased" else count - 1)
            line += f", variance: {kind}}}"
        xhat = (x - spread(mean)) / torch.sqrt(spread(var) + 0.01)
        self.constants |= {f"{name}.mean": mean.detach(), f"{name}.var": var.detach(), f"{name}.xhat": xhat.detach()}
        self.add(name, line, xhat * spread(g) + spread(b))

    def elementwise(self, type_: str) -> None:
        functions = {"relu": F.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}
        y = F.leaky_relu(self.y, 0.1) if type_ == "leaky_relu" else functions[type_](self.y)
        self.add(self.name(type_), "leaky_relu: {slope: 0.1}" if type_ == "leaky_relu" else type_, y)

    def flatten(self, order: str = "chw") -> None:
        y = self.y if order == "chw" else self.y.permute(0, 2, 3, 1)
        self.add(self.name("flatten"), f"flatten: {{order: {order}}}", y.reshape(y.shape[0], -1))

    def fc(self, units: int) -> None:
        name = self.name("fc")
        weight, w = self.parameter(f"{name}.weight", units, self.y.shape[1])
        bias, b = self.parameter(f"{name}.bias", units)
        self.add(name, f"fc: {{weight: {flow(weight)}, bias: {flow(bias)}}}", F.linear(self.y, w, b))

    def any_layer(self) -> None:
        image = [self.conv, self.conv, lambda: self.pool("max_pool"), lambda: self.pool("avg_pool"), self.batch_norm]
        plain = [lambda t=t: self.elementwise(t) for t in ("relu", "leaky_relu", "sigmoid", "tanh")]
        self.random.choice(image + plain)()

    # The end of the chain

    def end(self, kind: str) -> dict[str, Any]:
        """With a loss, or with a given gradient; returns the frozen case."""
        r, count, features = self.random, self.y.shape[0], self.y.shape[1]
        reduction = r.choice(["mean", "sum"])
        if kind == "upstream":
            g = self.draw(*self.y.shape)
            self.y.backward(torch.tensor(g))
            tail, loss = f"upstream: {flow(g if self.batch else g[0])}\n", None
        else:
            if kind in ("class", "soft"):
                self.add(self.name("softmax"), "softmax", torch.softmax(self.y, 1))
            if kind == "class":
                classes = [r.randrange(features) for _ in range(count)]
                each = -torch.log(self.y[range(count), classes])
                numbers = [c + 1 for c in classes]
                text = f"cross_entropy: {{class: {numbers if self.batch else numbers[0]}"
            elif kind == "soft":
                target = np.full((count, features), 0.0)
                target[:, 0], target[:, -1] = 0.25, 0.75
                each = -(torch.tensor(target) * torch.log(self.y)).sum(1)
                text = f"cross_entropy: {{target: {flow(target if self.batch else target[0])}"
            else:
                target = self.draw(*self.y.shape)
                squares = (self.y - torch.tensor(target)) ** 2
                axes = list(range(1, self.y.ndim))
                each = squares.mean(axes) if kind == "mse" else squares.sum(axes) / 2
                text = f"{kind}: {{target: {flow(target if self.batch else target[0])}"
            loss = each.mean() if reduction == "mean" else each.sum()
            loss.backward()
            tail = f"loss:\n  {text}, reduction: {reduction}}}\n"
        return {"problem": self.text() + tail, "tensors": self.tensors(loss)}

    def text(self) -> str:
        return self.head + "layers:\n" + "".join(f"  - {line}\n" for line in self.lines)

    def tensors(self, loss: torch.Tensor | None) -> dict[str, Any]:
        drop = (lambda t: t) if self.batch else (lambda t: t[0])
        found: dict[str, Any] = {}
        for name, tensor in self.activations.items():
            found[name], found[f"dL/d{name}"] = drop(tensor.detach()).tolist(), drop(tensor.grad).tolist()
        for name, tensor in self.parameters.items():
            found[name], found[f"dL/d{name}"] = tensor.detach().tolist(), tensor.grad.tolist()
        for name, tensor in self.constants.items():
            batched = name.endswith((".path", ".xhat"))
            found[name] = (drop(tensor) if batched else tensor).tolist()
        if loss is not None:
            found["L"] = loss.item()
        return {name: rounded(value) for name, value in found.items()}


def rounded(value: Any) -> Any:
    """Thirteen digits are enough to compare to 1e-9, and half as long."""
    return [rounded(item) for item in value] if isinstance(value, list) else float(f"{value:.13g}")


def drawn(seed: int) -> dict[str, Any]:
    r = random.Random(seed)
    network = Network(seed, (r.choice([1, 2]), r.randint(3, 6), r.randint(3, 6)), r.choice([None, None, 2, 3]))
    for _ in range(r.randint(1, 4)):
        network.any_layer()
    kind = r.choice(["class", "class", "soft", "mse", "half_squared_error", "upstream"])
    if kind in ("class", "soft") or r.random() < 0.5:
        network.flatten(r.choice(["chw", "hwc"]))
        for _ in range(r.randint(1, 2)):
            network.fc(r.randint(2, 4))
    return network.end(kind)


def two_convolutions_and_global_average() -> dict[str, Any]:
    network = Network(1001, (2, 6, 5), 2)
    for step in (network.conv, lambda: network.elementwise("relu"), network.conv):
        step()
    network.add(network.name("global_avg_pool"), "global_avg_pool", network.y.mean((2, 3), keepdim=True))
    network.flatten()
    network.fc(3)
    return network.end("class")


def features_only() -> dict[str, Any]:
    network = Network(1002, (4,), 3)
    network.fc(3)
    network.batch_norm()
    network.elementwise("tanh")
    network.fc(2)
    return network.end("soft")


def main() -> None:
    folder = Path(__file__).parent / "torch"
    folder.mkdir(exist_ok=True)
    cases = {f"drawn_{seed:02}": drawn(seed) for seed in range(RANDOM_CASES)}
    special = {"two_convolutions": two_convolutions_and_global_average(), "features_only": features_only()}
    for name, group in (("drawn", cases), ("special", special)):
        lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in group.items())
        text = f'{{"source": {json.dumps(SOURCE)}, "cases": {{\n{lines}\n}}}}\n'
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
