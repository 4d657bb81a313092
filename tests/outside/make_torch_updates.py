"""Writes torch/updates.json: steps of PyTorch's optimizers and schedules on a small network, in float64."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import torch

SOURCE = "PyTorch 2.13.0, torch.optim and torch.optim.lr_scheduler, float64; tests/outside/make_torch_updates.py"
RULES: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "sgd": ("sgd: {lr: 0.1, weight_decay: 0.25", torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.25}),
    "momentum": ("momentum: {lr: 0.1, momentum: 0.8", torch.optim.SGD, {"lr": 0.1, "momentum": 0.8}),
    "nesterov": (
        "momentum: {lr: 0.1, nesterov: true, weight_decay: 0.5", torch.optim.SGD,
        {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.5},
    ),
    "adagrad": ("adagrad: {lr: 0.1, weight_decay: 0.25", torch.optim.Adagrad, {"lr": 0.1, "weight_decay": 0.25}),
    "rmsprop": ("rmsprop: {lr: 0.1, alpha: 0.75", torch.optim.RMSprop, {"lr": 0.1, "alpha": 0.75}),
    "adam": (
        "adam: {lr: 0.1, beta1: 0.8, beta2: 0.95, weight_decay: 0.25", torch.optim.Adam,
        {"lr": 0.1, "betas": (0.8, 0.95), "weight_decay": 0.25},
    ),
    "adam_by_default": ("adam: {steps: 2", torch.optim.Adam, {}),
    "adamw": ("adamw: {lr: 0.1, weight_decay: 0.25", torch.optim.AdamW, {"lr": 0.1, "weight_decay": 0.25}),
    "adamw_by_default": ("adamw: {lr: 0.1", torch.optim.AdamW, {"lr": 0.1}),
    "adadelta": ("adadelta: {lr: 0.5, rho: 0.8", torch.optim.Adadelta, {"lr": 0.5, "rho": 0.8}),
    "nadam": (
        "nadam: {lr: 0.1, weight_decay: 0.25", torch.optim.NAdam, {"lr": 0.1, "weight_decay": 0.25},
    ),
}  # fmt: skip
SCHEDULES: dict[str, tuple[str, Any]] = {
    "step": ("step: {step_size: 2, gamma: 0.5}", lambda o: torch.optim.lr_scheduler.StepLR(o, 2, 0.5)),
    "exponential": ("exponential: {gamma: 0.8}", lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.8)),
    "cosine": (
        "cosine: {T_max: 6, eta_min: 0.01}", lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 6, 0.01),
    ),
    "warmup": ("warmup: {steps: 4}", lambda o: torch.optim.lr_scheduler.LinearLR(o, 1 / 4, 1, 3)),
}  # fmt: skip
STATES = {
    "momentum_buffer": "velocity",
    "sum": "square_sum",
    "square_avg": "v",
    "exp_avg": "m",
    "exp_avg_sq": "v",
    "acc_delta": "u",
}


def case(seed: int, rule: str, steps: int, schedule: str = "", batches: int = 0) -> dict[str, Any]:
    r = random.Random(seed)
    torch.set_default_dtype(torch.float32)
    torch.manual_seed(seed)
    network = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Tanh(), torch.nn.Linear(2, 2)).double()
    for parameter in network.parameters():
        parameter.data = (
            torch.tensor([r.randint(-9, 9) / 10 for _ in range(parameter.numel())]).double().reshape(parameter.shape)
        )
    x = torch.tensor([[r.randint(-9, 9) / 10 for _ in range(3)] for _ in range(4)]).double()
    t = torch.tensor([[r.randint(-9, 9) / 10 for _ in range(2)] for _ in range(4)]).double()
    names = ["fc_1.weight", "fc_1.bias", "fc_2.weight", "fc_2.bias"]
    values = [parameter.detach().tolist() for parameter in network.parameters()]
    text, make, options = RULES[rule]
    text += f", steps: {steps}" if "steps" not in text else ""
    text += f", schedule: {{{SCHEDULES[schedule][0]}}}" if schedule else ""
    text += f", batches: {batches}" if batches else ""
    problem = f"""input: {{name: x, value: {x.tolist()}}}
layers:
  - fc: {{weight: {values[0]}, bias: {values[1]}}}
  - tanh
  - fc: {{weight: {values[2]}, bias: {values[3]}}}
loss: {{mse: {{target: {t.tolist()}}}}}
update: {{{text}}}}}
"""
    # NAdam keeps the product of its momenta in the default type.
    torch.set_default_dtype(torch.float64)
    optimizer = make(network.parameters(), **options)
    scheduler = SCHEDULES[schedule][1](optimizer) if schedule else None
    tensors: dict[str, Any] = {}
    rates = []
    count = 2 if "steps: 2" in text else steps
    for step in range(1, count + 1):
        rows = slice(None)
        if batches:
            first = (step - 1) * batches % 4
            rows = slice(first, first + batches)
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(network(x[rows]), t[rows])
        loss.backward()
        before = f".step_{step - 1}" if step > 1 or batches else ""
        tensors[f"L{before}"] = loss.item()
        for name, parameter in zip(names, network.parameters(), strict=True):
            assert parameter.grad is not None
            tensors[f"dL/d{name}{before}"] = parameter.grad.tolist()
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        after = ".new" if step == count else f".step_{step}"
        for name, parameter in zip(names, network.parameters(), strict=True):
            tensors[f"{name}{after}"] = parameter.tolist()
            for key, value in optimizer.state[parameter].items():
                if key in STATES and value is not None:
                    tensors[f"{name}.{STATES[key]}{'' if step == count else after}"] = value.tolist()
    if schedule:
        tensors["update.lr"] = rates
    tensors["L.new"] = torch.nn.functional.mse_loss(network(x), t).item()
    return {"problem": problem, "tensors": tensors}


def cases() -> dict[str, Any]:
    made = {f"{rule}_{steps}": case(seed, rule, steps) for seed, rule in enumerate(RULES) for steps in (1, 3)}
    made |= {f"schedule_{name}": case(50 + at, "sgd", 6, name) for at, name in enumerate(SCHEDULES)}
    return made | {f"batches_{rule}": case(70, rule, 3, batches=2) for rule in ("sgd", "adam")}


def main() -> None:
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(made)}" for name, made in cases().items())
    path = Path(__file__).parent / "torch" / "updates.json"
    path.write_text(f'{{"source": {json.dumps(SOURCE)}, "cases": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
