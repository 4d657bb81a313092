"""Freezes what PyTorch makes of graphs: skips, branches, shared weights, several inputs, and what each use sends back.

Run it as `make_torch.py`: `python tests/outside/make_torch_graphs.py` writes tests/outside/torch/graphs.json.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own habit
from make_torch import SOURCE, flow, rounded


class Graph:
    """A network that is drawn layer by layer; each use of a tensor is a copy of its own, so that its gradient shows."""

    def __init__(self, seed: int) -> None:
        self.random, self.cells = random.Random(seed), np.random.default_rng(seed)
        self.batch = self.random.choice([None, 2])
        self.tensors: dict[str, torch.Tensor] = {}
        self.inputs: dict[str, torch.Tensor] = {}
        self.uses: dict[str, list[tuple[str, torch.Tensor]]] = {}
        self.parameters: dict[str, torch.Tensor] = {}
        self.lines: list[str] = []
        self.above = ""
        self.counts: dict[str, int] = {}

    def input(self, name: str, *shape: int) -> None:
        cells = torch.tensor(self.cells.integers(-12, 13, (self.batch or 1, *shape)) / 4, requires_grad=True)
        self.tensors[name] = self.inputs[name] = cells
        self.above = name

    def name(self, type_: str) -> str:
        self.counts[type_] = self.counts.get(type_, 0) + 1
        return f"{type_}_{self.counts[type_]}"

    def use(self, name: str, user: str) -> torch.Tensor:
        copy = (self.parameters.get(name) if name in self.parameters else self.tensors[name]).clone()  # type: ignore[union-attr]
        copy.retain_grad()
        self.uses.setdefault(name, []).append((user, copy))
        return copy

    def weight(self, name: str, user: str, *shape: int) -> tuple[str, torch.Tensor]:
        """New numbers, or those of another weight of that shape."""
        alike = [other for other, tensor in self.parameters.items() if tensor.shape == shape]
        if alike and self.random.random() < 0.7:
            other = self.random.choice(alike)
            return f"{{share: {other}}}", self.use(other, user)
        made = torch.tensor(self.cells.integers(-8, 9, shape) / 8, requires_grad=True)
        self.parameters[name] = made
        return flow(made.detach().numpy()), self.use(name, user)

    def add(self, name: str, type_: str, inputs: list[str], y: torch.Tensor, options: str = "") -> str:
        y.retain_grad()
        self.tensors[name] = y
        several = type_ in ("add", "subtract", "multiply", "concat")
        link = f"inputs: [{', '.join(inputs)}]" if several else f"input: {inputs[0]}"
        given = [] if inputs == [self.above] and not several else [link]
        fields = ", ".join([*given, *([options] if options else [])])
        self.lines.append(f"  - {type_}: {{{fields}}}" if fields else f"  - {type_}")
        self.above = name
        return name

    def plain(self, type_: str, x: str) -> str:
        name = self.name(type_)
        functions = {
            "relu": F.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "identity": lambda t: t * 1,
            "global_avg_pool": lambda t: t.mean((2, 3), keepdim=True), "flatten": lambda t: t.flatten(1),
        }  # fmt: skip
        return self.add(name, type_, [x], functions[type_](self.use(x, name)))

    def conv(self, x: str, channels: int, size: int, stride: int = 1) -> str:
        name = self.name("conv")
        image = self.use(x, name)
        text, weight = self.weight(f"{name}.weight", name, channels, image.shape[1], size, size)
        y = F.conv2d(image, weight, None, stride, size // 2)
        return self.add(name, "conv", [x], y, f"weight: {text}, stride: {stride}, padding: {size // 2}")

    def fc(self, x: str, units: int) -> str:
        name = self.name("fc")
        features = self.use(x, name).flatten(1)
        text, weight = self.weight(f"{name}.weight", name, units, features.shape[1])
        return self.add(name, "fc", [x], F.linear(features, weight), f"weight: {text}")

    def batch_norm(self, x: str) -> str:
        name = self.name("batch_norm")
        return self.add(name, "batch_norm", [x], F.batch_norm(self.use(x, name), None, None, training=True))

    def together(self, type_: str, names: list[str], axis: str = "") -> str:
        name = self.name(type_)
        labels = [name if names.count(one) == 1 else f"{name}:{at}" for at, one in enumerate(names, 1)]
        first, *others = (self.use(one, label) for one, label in zip(names, labels, strict=True))
        if type_ == "concat":
            number = {"channel": 1, "features": 1, "rows": 2, "columns": 3}[axis]
            return self.add(name, type_, names, torch.cat([first, *others], number), f"axis: {axis}")
        y = first
        for other in others:
            if other.ndim < y.ndim:
                other = other[:, :, None, None]
            elif y.ndim < other.ndim:
                y = y[:, :, None, None]
            y = y + other if type_ == "add" else y - other if type_ == "subtract" else y * other
        return self.add(name, type_, names, y)

    def frozen(self) -> dict[str, Any]:
        name = self.name("softmax")
        p = self.add(name, "softmax", [self.above], F.softmax(self.use(self.above, name), 1))
        classes = [self.random.randrange(self.tensors[p].shape[1]) for _ in range(self.batch or 1)]
        loss = F.nll_loss(torch.log(self.use(p, "L")), torch.tensor(classes))
        loss.backward()
        numbers = [c + 1 for c in classes]
        text = "".join(f"  {name}: {self.flow(tensor)}\n" for name, tensor in self.inputs.items())
        layers = "\n".join(self.lines)
        end = f"loss:\n  cross_entropy: {{class: {numbers if self.batch else numbers[0]}}}\n"
        return {"problem": f"inputs:\n{text}layers:\n{layers}\n{end}", "tensors": self.found(loss)}

    def flow(self, tensor: torch.Tensor) -> str:
        cells = tensor.detach().numpy()
        return flow(cells if self.batch else cells[0])

    def found(self, loss: torch.Tensor) -> dict[str, Any]:
        found = {"L": rounded(loss.item())}
        for name, tensor in self.tensors.items():
            found |= {
                name: rounded(self.seen(tensor).tolist()),
                f"dL/d{name}": rounded(self.seen(tensor.grad).tolist()),
            }
        for name, tensor in self.parameters.items():
            found[f"dL/d{name}"] = rounded(tensor.grad.tolist())
        for name, uses in self.uses.items():
            for user, copy in uses if len(uses) > 1 else ():
                grad = copy.grad if name in self.parameters else self.seen(copy.grad)
                found[f"dL/d{name} via {user}"] = rounded(grad.tolist())
        return found

    def seen(self, tensor: torch.Tensor | None) -> torch.Tensor:
        assert tensor is not None
        return tensor if self.batch else tensor[0]


def residual(seed: int) -> dict[str, Any]:
    """A block with an identity, or a 1×1 convolution of stride 2; the convolutions may share their weight."""
    graph = Graph(seed)
    stride = graph.random.choice([1, 2])
    graph.input("x", 2, 4, 4)
    main = graph.conv("x", 2, 3, stride)
    if graph.batch:
        main = graph.batch_norm(main)
    main = graph.conv(graph.plain(graph.random.choice(["relu", "tanh"]), main), 2, 3)
    short = "x" if stride == 1 else graph.conv("x", 2, 1, 2)
    graph.plain("relu", graph.together("add", [main, short]))
    graph.plain("global_avg_pool", graph.above)
    graph.fc(graph.above, 3)
    return graph.frozen()


def inception(seed: int) -> dict[str, Any]:
    """Four branches, one behind the other along an axis."""
    graph = Graph(seed)
    graph.input("x", 2, 3, 3)
    branches = [graph.conv("x", 1, 1), graph.conv(graph.plain("relu", graph.conv("x", 1, 1)), 1, 3)]
    axis = graph.random.choice(["channel", "rows", "columns"])
    if axis == "channel":
        branches.append(graph.plain("identity", "x") if graph.random.random() < 0.5 else "x")
    else:
        branches += [graph.conv("x", 1, 3), *branches[: graph.random.randint(0, 1)]]
    graph.together("concat", branches, axis)
    graph.plain("flatten", graph.plain("tanh", graph.above))
    graph.fc(graph.above, 2)
    return graph.frozen()


def squeeze(seed: int) -> dict[str, Any]:
    """Channels weighed by numbers that are made of all of them."""
    graph = Graph(seed)
    graph.input("x", 2, 2, 3)
    image = graph.conv("x", 2, 3)
    gate = graph.fc(graph.plain("relu", graph.fc(graph.plain("global_avg_pool", image), 2)), 2)
    gate = graph.plain("sigmoid", gate)
    names = [image, gate]
    if graph.random.random() < 0.5:
        names.reverse()
    graph.together(graph.random.choice(["multiply", "multiply", "add", "subtract"]), names)
    graph.plain("flatten", graph.above)
    graph.fc(graph.above, 3)
    return graph.frozen()


def several(seed: int) -> dict[str, Any]:
    """Two inputs, the same weight for both, and the same tensor twice in one layer."""
    graph = Graph(seed)
    graph.input("a", 3)
    graph.input("b", 3)
    first, second = graph.fc("a", 3), graph.fc("b", 3)
    type_ = graph.random.choice(["subtract", "multiply", "add"])
    both = graph.together(type_, [graph.plain("tanh", first), graph.plain("tanh", second)])
    square = graph.together("multiply", [both, both])
    graph.fc(graph.together("concat", [square, first, both], "features"), 2)
    return graph.frozen()


def main() -> None:
    makers = {"residual": residual, "inception": inception, "squeeze": squeeze, "several": several}
    cases = {f"{name}_{seed}": make(seed) for name, make in makers.items() for seed in range(6)}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items())
    path = Path(__file__).parent / "torch" / "graphs.json"
    path.write_text(f'{{"source": {json.dumps(SOURCE)}, "cases": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
