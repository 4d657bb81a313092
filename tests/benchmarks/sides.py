"""One step (forward, backward, every gradient kept) of a network, by cnncalc's public API and by PyTorch."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from tests.benchmarks.networks import Network

THREADS = "OPENBLAS_NUM_THREADS"
"""What NumPy's BLAS reads, and here PyTorch too."""
Gradients = dict[str, Any]
Step = Callable[[], Gradients]


def cnncalc_step(network: Network, numbers: Literal["float", "exact"] = "float") -> Step:
    """Solves by the public API, in float64 unless told otherwise."""
    import cnncalc

    with tempfile.TemporaryDirectory() as folder:
        problem = cnncalc.load(network.write(Path(folder)))

    def step() -> Gradients:
        trace = cnncalc.solve(problem, numbers=numbers)
        return {tensor.name: tensor for tensor in trace if tensor.kind == "gradient"}

    return step


def torch_step(network: Network) -> Step:
    """The same with autograd; the gradient of every activation is retained."""
    import torch
    import torch.nn.functional as F  # noqa: N812 - PyTorch's own habit

    torch.set_num_threads(int(os.environ.get(THREADS, "2")))
    given = {name: torch.tensor(array, requires_grad=True) for name, array in network.arrays().items()}
    upstream = given.pop("upstream", None)
    upstream = upstream.detach() if upstream is not None else None
    target = torch.arange(network.input[0]) % (network.classes or 1)

    def layer(kind: str, options: Any, x: Any, weight: Any, bias: Any) -> Any:
        if kind == "conv":
            rest = {key: options[key] for key in ("stride", "padding", "dilation") if key in options}
            return F.conv2d(x, weight, bias, **rest)
        if kind == "fc":
            return F.linear(x, weight, bias)
        return {
            "relu": lambda: F.relu(x),
            "max_pool": lambda: F.max_pool2d(x, options["size"]),
            "flatten": lambda: x.flatten(1),
            "softmax": lambda: F.softmax(x, dim=1),
        }[kind]()

    def step() -> Gradients:
        for tensor in given.values():
            tensor.grad = None
        x, counts, made = given["input"], dict[str, int](), {"input": given["input"]}
        for position, (kind, options) in enumerate(network.layers):
            weight, bias = given.get(f"weight_{position}"), given.get(f"bias_{position}")
            x = layer(kind, options, x, weight, bias)
            x.retain_grad()
            counts[kind] = counts.get(kind, 0) + 1
            name = f"{kind}_{counts[kind]}"
            made[name] = x
            made |= {f"{name}.{key}": p for key, p in (("weight", weight), ("bias", bias)) if p is not None}
        if upstream is not None:
            x.backward(upstream)
        else:
            # Probabilities first and their logarithm after, so that dL/dp is among the gradients, as in cnncalc.
            loss = -torch.log(x[torch.arange(len(x)), target]).mean()
            loss.backward()
        return {f"dL/d{name}": tensor for name, tensor in made.items()}

    return step


def exact_step(network: Network) -> Step:
    """The same, exactly."""
    return cnncalc_step(network, "exact")


SIDES: dict[str, Callable[[Network], Step]] = {"cnncalc": cnncalc_step, "exact": exact_step, "torch": torch_step}


def doubles(gradient: Any) -> Any:
    """The gradient's numbers, whichever side it is from."""
    return gradient.value if hasattr(gradient, "local") else gradient.grad.numpy()
