"""Freezes PyTorch's softmax over channels, running statistics of batch norm and hinge-like perceptron steps.

Run it as `make_torch.py`: `python tests/outside/make_torch_courses.py` writes tests/outside/torch/courses.json.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import torch
from make_torch import SOURCE, flow, rounded

HERE = Path(__file__).parent


def drawn(seed: int, *shape: int) -> torch.Tensor:
    torch.manual_seed(seed)
    return torch.randint(-9, 10, shape).double() / 4


def softmax(seed: int) -> dict[str, Any]:
    r = random.Random(seed)
    shape = r.choice([(2, 3, 2, 2), (1, 4, 1, 3), (2, 2, 3, 1)])
    x, g = drawn(seed, *shape).requires_grad_(), drawn(seed + 1, *shape)
    y = torch.softmax(x, dim=1)
    y.backward(g)
    text = f"input: {{name: x, value: {flow(x.detach())}}}\nlayers: [softmax: {{name: y, over: channel}}]\n"
    tensors = {"y": y.tolist(), "dL/dx": x.grad.tolist()}
    return {"problem": text + f"upstream: {flow(g)}\n", "tensors": rounded_all(tensors)}


def running(seed: int) -> dict[str, Any]:
    r = random.Random(seed)
    shape, momentum = r.choice([(3, 2), (2, 2, 2, 2)]), r.choice([0.1, 0.25])
    x, mean, var = drawn(seed, *shape).requires_grad_(), drawn(seed + 1, 2), drawn(seed + 2, 2).abs() + 0.5
    before = [flow(mean), flow(var)]
    y = torch.nn.functional.batch_norm(x, mean, var, training=True, momentum=momentum, eps=0.01)
    (y * y).sum().mul(0.5 / len(x)).backward()
    text = f"input: {{name: x, value: {flow(x.detach())}}}\nlayers:\n  - batch_norm: {{name: n, eps: 0.01, momentum: "
    text += f"{momentum}, running_mean: {before[0]}, running_var: {before[1]}}}\n"
    text += "loss: {half_squared_error: {target: 0}}\n"
    tensors = {"n": y.tolist(), "n.running_mean.new": mean.tolist(), "n.running_var.new": var.tolist()}
    return {"problem": text, "tensors": rounded_all(tensors | {"dL/dx": x.grad.tolist()})}


def perceptron(seed: int) -> dict[str, Any]:
    """Sample after sample, by autograd through max(0, −t·z), which has no gradient at 0: scores there are avoided."""
    x = drawn(seed, 5, 2) + torch.tensor([0.125, 0.0625])
    t = torch.where(x @ torch.tensor([1.0, -2.0]).double() > 0.3, 1.0, -1.0).double()
    w, b = torch.tensor([[0.5, 0.25]]).double().requires_grad_(), torch.tensor([0.125]).double().requires_grad_()
    text = f"input: {flow(x)}\nlayers:\n  - fc: {{weight: {{name: w, value: {flow(w.detach())}}}, bias: {{name: b, "
    text += f"value: {flow(b.detach())}}}}}\nloss: {{perceptron: {{target: {flow(t)}}}}}\n"
    text += "update: {perceptron: {lr: 0.3, epochs: 3}}\n"
    optimizer = torch.optim.SGD([w, b], lr=0.3)
    for _ in range(3):
        clean = True
        for row, sign in zip(x, t, strict=True):
            optimizer.zero_grad()
            loss = torch.relu(-sign * (w @ row + b)).sum()
            clean = clean and loss.item() == 0
            loss.backward()
            optimizer.step()
        if clean:
            break
    return {"problem": text, "tensors": rounded_all({"w.new": w.tolist(), "b.new": b.tolist()})}


def rounded_all(tensors: dict[str, Any]) -> dict[str, Any]:
    return {name: rounded(value) for name, value in tensors.items()}


def main() -> None:
    made = {f"softmax_over_channels_{seed}": softmax(3000 + seed) for seed in range(4)}
    made |= {f"running_{seed}": running(3100 + seed) for seed in range(4)}
    made |= {f"perceptron_{seed}": perceptron(3200 + seed) for seed in range(3)}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in made.items())
    (HERE / "torch" / "courses.json").write_text(
        f'{{"source": {json.dumps(SOURCE)}, "cases": {{\n{lines}\n}}}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    main()
