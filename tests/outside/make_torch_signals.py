"""Writes torch/signals.json: layers on signals by PyTorch and np.convolve, forward and backward, in float64."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

SOURCE = "PyTorch 2.13.0 and NumPy, float64; tests/outside/make_torch_signals.py"


def drawn(r: random.Random, *shape: int) -> torch.Tensor:
    return torch.tensor([r.randint(-9, 9) / 10 for _ in range(int(np.prod(shape)))]).double().reshape(shape)


def case(seed: int, kind: str) -> dict[str, Any]:
    r = random.Random(seed)
    batch, channels, outputs = r.choice([None, 2]), r.choice([1, 2, 4]), r.choice([1, 2, 4])
    groups = r.choice([1, 2]) if channels % 2 == 0 and outputs % 2 == 0 else 1
    k, stride, dilation, padding = r.randint(1, 3), r.randint(1, 3), r.randint(1, 2), r.randint(0, 1)
    x = drawn(r, batch or 1, channels, r.randint(6, 9)).requires_grad_()
    weight = bias = None
    parameters = ""
    options = f"stride: {stride}, padding: {padding}"
    if kind.startswith("conv"):
        shape = (outputs, channels // groups, k) if kind == "conv1d" else (channels, outputs // groups, k)
        weight, bias = drawn(r, *shape).requires_grad_(), drawn(r, outputs).requires_grad_()
        options += f", dilation: {dilation}, groups: {groups}"
        parameters = f", weight: {weight.tolist()}, bias: {bias.tolist()}"
    if kind == "conv1d":
        y = functional.conv1d(x, weight, bias, stride, padding, dilation, groups)
    elif kind == "conv_transpose1d":
        spare = 1 if max(stride, dilation) > 1 else 0
        options += f", output_padding: {spare}"
        y = functional.conv_transpose1d(x, weight, bias, stride, padding, spare, groups, dilation)
    elif kind == "max_pool1d":
        k, padding = k + 1, min(padding, (k + 1) // 2)
        options = f"size: {k}, stride: {stride}, padding: {padding}"
        y = functional.max_pool1d(x, k, stride, padding)
    else:
        k, padding = k + 1, min(padding, (k + 1) // 2)
        counted = r.choice([True, False])
        options = f"size: {k}, stride: {stride}, padding: {padding}, count_padding: {str(counted).lower()}"
        y = functional.avg_pool1d(x, k, stride, padding, count_include_pad=counted)
    y.retain_grad()
    h = torch.tanh(y)
    g = drawn(r, *h.shape)
    h.backward(g)
    strip = (lambda t: t.tolist()) if batch else (lambda t: t[0].tolist())
    problem = (
        f"input: {{name: x, value: {strip(x)}}}\nlayers:\n  - {kind}: {{name: y, {options}{parameters}}}\n  - tanh\n"
    )
    problem += f"upstream: {strip(g)}\n"
    tensors = {"y": strip(y), "tanh_1": strip(h), "dL/dx": strip(x.grad), "dL/dy": strip(y.grad)}
    if weight is not None and bias is not None:
        tensors |= {"dL/dy.weight": weight.grad.tolist(), "dL/dy.bias": bias.grad.tolist()}  # type: ignore[union-attr]
    return {"problem": problem, "tensors": tensors}


def convolved(seed: int, mode: str) -> dict[str, Any]:
    """np.convolve, which reverses the kernel; its `same` puts the odd cell of padding in front."""
    r = random.Random(seed)
    x, w = [r.randint(-9, 9) for _ in range(7)], [r.randint(-9, 9) for _ in range(3)]
    problem = f"input: {x}\nlayers: [conv1d: {{name: y, weight: {w}, padding: {mode}, flip: true}}]\n"
    return {"problem": problem, "tensors": {"y": [np.convolve(x, w, mode).tolist()]}}


def cases() -> dict[str, Any]:
    kinds = ("conv1d", "conv_transpose1d", "max_pool1d", "avg_pool1d")
    made = {f"{kind}_{seed}": case(3000 + 10 * at + seed, kind) for at, kind in enumerate(kinds) for seed in range(6)}
    return made | {f"convolve_{mode}": convolved(3100 + at, mode) for at, mode in enumerate(("full", "same", "valid"))}


def main() -> None:
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(made)}" for name, made in cases().items())
    path = Path(__file__).parent / "torch" / "signals.json"
    path.write_text(f'{{"source": {json.dumps(SOURCE)}, "cases": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
