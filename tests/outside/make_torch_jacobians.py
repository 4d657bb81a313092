"""Writes torch/jacobians.json: Jacobians by torch.autograd.functional.jacobian, and matrices of convolutions."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import torch
from torch.autograd.functional import jacobian
from torch.nn import functional

SOURCE = "PyTorch 2.13.0, torch.autograd.functional.jacobian, float64; tests/outside/make_torch_jacobians.py"


def drawn(r: random.Random, *shape: int) -> torch.Tensor:
    count = int(torch.tensor(shape).prod())
    return torch.tensor([r.randint(-9, 9) / 10 for _ in range(count)]).double().reshape(shape)


def flat(made: torch.Tensor, rows: int) -> Any:
    return made.reshape(rows, -1).tolist()


def network(seed: int, batch: int | None) -> dict[str, Any]:
    r = random.Random(seed)
    x, weight, matrix = drawn(r, batch or 1, 1, 3, 4), drawn(r, 2, 1, 2, 2), drawn(r, 3, 12)

    def conv(image: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        return functional.conv2d(image, w)

    def end(c: torch.Tensor) -> torch.Tensor:
        return torch.softmax(torch.tanh(c).reshape(len(c), -1) @ matrix.T, 1)

    c = conv(x, weight)
    shown = x.tolist() if batch else x[0].tolist()
    problem = f"""input: {{name: x, value: {shown}}}
layers:
  - conv: {{name: c, weight: {{name: w, value: {weight.tolist()}}}}}
  - tanh
  - flatten
  - fc: {{weight: {{name: W, value: {matrix.tolist()}}}}}
  - softmax: {{name: p}}
"""
    rows = 3 * (batch or 1)
    tensors = {
        "d(c)/d(x)": flat(jacobian(lambda image: conv(image, weight), x), c.numel()),
        "d(c)/d(w)": flat(jacobian(lambda w: conv(x, w), weight), c.numel()),
        "d(p)/d(c)": flat(jacobian(end, c), rows),
        "d(p)/d(x)": flat(jacobian(lambda image: end(conv(image, weight)), x), rows),
        "d(p)/d(w)": flat(jacobian(lambda w: end(conv(x, w)), weight), rows),
    }
    return {"problem": problem, "tensors": tensors}


def matrix(seed: int, transposed: bool) -> dict[str, Any]:
    r = random.Random(seed)
    groups, stride, dilation, padding = r.choice([1, 2]), r.randint(1, 2), r.randint(1, 2), r.randint(0, 1)
    inputs, outputs = 2, 2
    x = drawn(r, 1, inputs, 4, 5)
    shape = (inputs, outputs // groups, 2, 3) if transposed else (outputs, inputs // groups, 2, 3)
    weight = drawn(r, *shape)
    kind = "conv_transpose" if transposed else "conv"

    def layer(image: torch.Tensor) -> torch.Tensor:
        if transposed:
            return functional.conv_transpose2d(image, weight, None, stride, padding, 0, groups, dilation)
        return functional.conv2d(image, weight, None, stride, padding, dilation, groups)

    options = f"stride: {stride}, padding: {padding}, dilation: {dilation}, groups: {groups}, bias: 3"
    problem = f"input: {x[0].tolist()}\nlayers: [{kind}: {{name: y, weight: {weight.tolist()}, {options}}}]\n"
    return {"problem": problem, "tensors": {"y.matrix": flat(jacobian(layer, x), layer(x).numel())}}


def cases() -> dict[str, Any]:
    made = {f"network_{batch}": network(4000 + at, batch) for at, batch in enumerate((None, 2))}
    made |= {f"conv_{seed}": matrix(4100 + seed, False) for seed in range(4)}
    return made | {f"conv_transpose_{seed}": matrix(4200 + seed, True) for seed in range(4)}


def main() -> None:
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(made)}" for name, made in cases().items())
    path = Path(__file__).parent / "torch" / "jacobians.json"
    path.write_text(f'{{"source": {json.dumps(SOURCE)}, "cases": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
