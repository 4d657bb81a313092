"""Freezes tensors and gradients at 80 digits, from a reverse-mode differentiation of single numbers over mpmath.

Run from the checkout in an environment with mpmath: `pip install mpmath`, then `python tests/outside/make_mpmath.py`.
It writes tests/outside/mpmath/cases.json and imports nothing of cnncalc: forward is plain loops straight from the
definitions, and the gradients come from the differentiation, not from any layer's formula.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mpmath import mp, mpf

mp.dps = 80
TINY = mpf(10) ** -60
"""What is smaller than this at 80 digits is a true zero; the numbers here are far from it otherwise."""


class Number:
    """A value with the numbers that it was made of and its derivatives by them."""

    def __init__(self, value: Any, parts: tuple[tuple[Number, Any], ...] = ()) -> None:
        self.value = mpf(value)
        self.parts = parts
        self.gradient = mpf(0)

    def __add__(self, other: Any) -> Number:
        other = other if isinstance(other, Number) else Number(other)
        return Number(self.value + other.value, ((self, 1), (other, 1)))

    __radd__ = __add__

    def __mul__(self, other: Any) -> Number:
        other = other if isinstance(other, Number) else Number(other)
        return Number(self.value * other.value, ((self, other.value), (other, self.value)))

    __rmul__ = __mul__

    def __neg__(self) -> Number:
        return self * -1

    def __sub__(self, other: Any) -> Number:
        return self + (-other)

    def power(self, exponent: Any) -> Number:
        return Number(self.value**exponent, ((self, exponent * self.value ** (exponent - 1)),))

    def exp(self) -> Number:
        return Number(mp.exp(self.value), ((self, mp.exp(self.value)),))

    def log(self) -> Number:
        return Number(mp.log(self.value), ((self, 1 / self.value),))

    def tanh(self) -> Number:
        return Number(mp.tanh(self.value), ((self, 1 - mp.tanh(self.value) ** 2),))

    def backward(self) -> None:
        order: list[Number] = []
        seen: set[int] = set()
        stack: list[tuple[Number, bool]] = [(self, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack += [(part, False) for part, _ in node.parts]
        self.gradient = mpf(1)
        for node in reversed(order):
            for part, slope in node.parts:
                part.gradient += node.gradient * slope


def total(numbers: list[Number]) -> Number:
    result = Number(0)
    for number in numbers:
        result = result + number
    return result


def each(function: Callable[..., Any], tensor: Any) -> Any:
    return [each(function, item) for item in tensor] if isinstance(tensor, list) else function(tensor)


def flat(tensor: Any) -> list[Any]:
    return [cell for item in tensor for cell in flat(item)] if isinstance(tensor, list) else [tensor]


class Network:
    """A mini-batch of images or features going through layers; every tensor is kept by its name."""

    def __init__(self, seed: int, shape: tuple[int, ...], typed: Any = None) -> None:
        self.random = random.Random(seed)
        self.counts: dict[str, int] = {}
        typed = typed or self.draw(*shape)
        self.text = f"input: {json.dumps(typed).replace(chr(34), '')}\nlayers:\n"
        self.tensors: dict[str, Any] = {"input": self.made(typed)}
        self.y = self.tensors["input"]

    def draw(self, *shape: int) -> Any:
        """Decimals of one place, as text, so that both sides read the same numbers."""
        if not shape:
            return f"{self.random.randint(-15, 15) / 10}"
        return [self.draw(*shape[1:]) for _ in range(shape[0])]

    def made(self, typed: Any) -> Any:
        return each(Number, typed)

    def name(self, type_: str) -> str:
        self.counts[type_] = self.counts.get(type_, 0) + 1
        return f"{type_}_{self.counts[type_]}"

    def parameter(self, name: str, typed: Any) -> Any:
        self.tensors[name] = self.made(typed)
        return self.tensors[name]

    def add(self, name: str, line: str, y: Any) -> Network:
        self.text += f"  - {line.replace(chr(34), '')}\n"
        self.tensors[name] = self.y = y
        return self

    def conv(self, outputs: int, kernel: int, stride: int = 1, padding: int = 0) -> Network:
        name, x = self.name("conv"), self.y
        channels, height, width = len(x[0]), len(x[0][0]), len(x[0][0][0])
        typed, bias = self.draw(outputs, channels, kernel, kernel), self.draw(outputs)
        w, b = self.parameter(f"{name}.weight", typed), self.parameter(f"{name}.bias", bias)

        def at(n: int, f: int, i: int, j: int) -> Number:
            products = [b[f]]
            for c in range(channels):
                for p in range(kernel):
                    for q in range(kernel):
                        row, column = i * stride + p - padding, j * stride + q - padding
                        if 0 <= row < height and 0 <= column < width:
                            products.append(w[f][c][p][q] * x[n][c][row][column])
            return total(products)

        rows, columns = ((size + 2 * padding - kernel) // stride + 1 for size in (height, width))
        y = [
            [[[at(n, f, i, j) for j in range(columns)] for i in range(rows)] for f in range(outputs)]
            for n in range(len(x))
        ]
        line = f"conv: {{weight: {json.dumps(typed)}, bias: {json.dumps(bias)}, stride: {stride}, padding: {padding}}}"
        return self.add(name, line, y)

    def fc(self, units: int, equal_rows: bool = False) -> Network:
        name, x = self.name("fc"), self.y
        typed = [self.draw(len(x[0]))] * units if equal_rows else self.draw(units, len(x[0]))
        bias = ["0.5"] * units if equal_rows else self.draw(units)
        w, b = self.parameter(f"{name}.weight", typed), self.parameter(f"{name}.bias", bias)
        y = [[total([b[k], *(a * v for a, v in zip(w[k], sample, strict=True))]) for k in range(units)] for sample in x]
        return self.add(name, f"fc: {{weight: {json.dumps(typed)}, bias: {json.dumps(bias)}}}", y)

    def relu(self) -> Network:
        return self.add(self.name("relu"), "relu", each(lambda v: v * 1 if v.value > 0 else Number(0), self.y))

    def sigmoid(self) -> Network:
        return self.add(self.name("sigmoid"), "sigmoid", each(lambda v: ((-v).exp() + 1).power(-1), self.y))

    def tanh(self) -> Network:
        return self.add(self.name("tanh"), "tanh", each(lambda v: v.tanh(), self.y))

    def max_pool(self) -> Network:
        def pooled(image: Any) -> Any:
            windows = [
                [[image[i + p][j + q] for p in (0, 1) for q in (0, 1)] for j in range(0, len(image[0]) - 1, 2)]
                for i in range(0, len(image) - 1, 2)
            ]
            return [[max(window, key=lambda v: v.value) * 1 for window in row] for row in windows]

        y = [[pooled(image) for image in sample] for sample in self.y]
        return self.add(self.name("max_pool"), "max_pool: {size: 2}", y)

    def flatten(self) -> Network:
        return self.add(self.name("flatten"), "flatten", [[v * 1 for v in flat(sample)] for sample in self.y])

    def batch_norm(self, eps: str = "0.1") -> Network:
        name, x = self.name("batch_norm"), self.y
        channels = len(x[0])
        gamma, beta = self.draw(channels), self.draw(channels)
        g, b = self.parameter(f"{name}.gamma", gamma), self.parameter(f"{name}.beta", beta)
        means, roots = [], []
        for c in range(channels):
            members = [v for sample in x for v in flat(sample[c] if isinstance(sample[c], list) else [sample[c]])]
            share = 1 / mpf(len(members))
            mean = total(members) * share
            var = total([(v - mean).power(2) for v in members]) * share
            means.append(mean)
            roots.append((var + Number(eps)).power(mpf(-1) / 2))

        def normal(c: int, tensor: Any) -> Any:
            return each(lambda v: g[c] * ((v - means[c]) * roots[c]) + b[c], tensor)

        y = [[normal(c, sample[c]) for c in range(channels)] for sample in x]
        line = f"batch_norm: {{eps: {eps}, gamma: {json.dumps(gamma)}, beta: {json.dumps(beta)}}}"
        return self.add(name, line, y)

    def softmax(self) -> Network:
        def shares(sample: list[Number]) -> list[Number]:
            powers = [v.exp() for v in sample]
            inverse = total(powers).power(-1)
            return [power * inverse for power in powers]

        return self.add(self.name("softmax"), "softmax", [shares(sample) for sample in self.y])

    def log_softmax(self) -> Network:
        y = [[v + -total([w.exp() for w in sample]).log() for v in sample] for sample in self.y]
        return self.add(self.name("log_softmax"), "log_softmax", y)

    def nll(self, classes: list[int]) -> dict[str, Any]:
        """Classes count from 1."""
        losses = [-sample[c - 1] for c, sample in zip(classes, self.y, strict=True)]
        return self.frozen(f"nll: {{class: {classes}}}", losses)

    def binary_cross_entropy(self, targets: list[list[str]]) -> dict[str, Any]:
        def each_one(t: Any, v: Number) -> list[Number]:
            return [v.log() * -t] * (t != 0) + [(-v + 1).log() * (t - 1)] * (t != 1)

        losses = [
            total([part for t, v in zip(target, sample, strict=True) for part in each_one(mpf(t), v)])
            * (1 / mpf(len(sample)))
            for target, sample in zip(targets, self.y, strict=True)
        ]
        return self.frozen(f"binary_cross_entropy: {{target: {json.dumps(targets)}}}", losses)

    def cross_entropy(self, targets: list[list[str]]) -> dict[str, Any]:
        losses = [
            -total([Number(t) * v.log() for t, v in zip(target, sample, strict=True) if mpf(t)])
            for target, sample in zip(targets, self.y, strict=True)
        ]
        return self.frozen(f"cross_entropy: {{target: {json.dumps(targets)}}}", losses)

    def squares(self, kind: str) -> dict[str, Any]:
        targets = self.draw(len(self.y), len(self.y[0]))
        factor = mpf(1) / len(self.y[0]) if kind == "mse" else mpf(1) / 2
        losses = [
            total([(v - Number(t)).power(2) for t, v in zip(target, sample, strict=True)]) * factor
            for target, sample in zip(targets, self.y, strict=True)
        ]
        return self.frozen(f"{kind}: {{target: {json.dumps(targets)}}}", losses)

    def frozen(self, loss: str, losses: list[Number]) -> dict[str, Any]:
        result = total(losses) * (1 / mpf(len(losses)))
        result.backward()
        tensors: dict[str, Any] = {"L": written(result.value)}
        for name, tensor in self.tensors.items():
            tensors[name] = each(lambda v: written(v.value), tensor)
            tensors[f"dL/d{name}"] = each(lambda v: written(v.gradient), tensor)
        return {"problem": self.text + "loss:\n  " + loss.replace('"', "") + "\n", "tensors": tensors}


def written(value: Any) -> str:
    return "0" if abs(value) < TINY else mp.nstr(value, 40)


def cases() -> dict[str, dict[str, Any]]:
    one, soft = ["0", "1", "0"], ["0.5", "0.25", "0.25"]
    classes = [["1", "0", "0"], ["0", "0", "1"]]
    image, pair = (1, 1, 4, 4), (2, 2, 4, 4)
    return {
        "conv_relu_fc": Network(1, image).conv(2, 2).relu().flatten().fc(3).softmax().cross_entropy([one]),
        "padding_stride": Network(2, image).conv(2, 3, 2, 1).relu().flatten().fc(3).softmax().cross_entropy([soft]),
        "mini_batch": Network(3, pair).conv(2, 2).relu().max_pool().flatten().fc(3).softmax().cross_entropy(classes),
        "equal_logits": Network(4, image).conv(1, 2).flatten().fc(3, equal_rows=True).softmax().cross_entropy([one]),
        "batch_norm": Network(5, pair).conv(2, 2).batch_norm().relu().flatten().fc(3).softmax().cross_entropy(classes),
        "batch_norm_twice": Network(6, (2, 1, 3, 3)).conv(1, 2).batch_norm().tanh().conv(2, 2).batch_norm("0.01")
        .flatten().fc(3).softmax().cross_entropy(classes),
        "batch_norm_features": Network(7, (3, 2)).fc(2).batch_norm().sigmoid().squares("mse"),
        "sigmoid_mse": Network(8, (1, 3)).fc(4).sigmoid().fc(2).sigmoid().squares("mse"),
        "tanh_deep": Network(9, (1, 2)).fc(3).tanh().fc(3).tanh().fc(3).softmax().cross_entropy([soft]),
        "softmax_mse": Network(10, (2, 3)).fc(3).softmax().squares("half_squared_error"),
        "softmax_twice": Network(11, (1, 3)).softmax().fc(3).softmax().cross_entropy([one]),
        "linear": Network(12, (2, 3)).fc(2).relu().fc(2).squares("half_squared_error"),
        "far_logits": Network(13, (1, 3), [["40", "-30", "1"]]).softmax().cross_entropy([one]),
        "pool_tanh": Network(14, image).conv(2, 1).tanh().max_pool().flatten().fc(3).softmax().cross_entropy([soft]),
        "log_softmax": Network(16, (2, 3)).fc(3).log_softmax().nll([3, 1]),
        "log_softmax_equal": Network(17, image).conv(1, 2).flatten().fc(4, equal_rows=True).log_softmax().nll([2]),
        "log_softmax_far": Network(18, (1, 3), [["40", "-30", "1"]]).log_softmax().nll([2]),
        "binary": Network(19, (2, 3)).fc(3).sigmoid().binary_cross_entropy([["1", "0", "1"], ["0", "0", "1"]]),
        "binary_soft": Network(20, (1, 3)).tanh().fc(2).sigmoid().binary_cross_entropy([["0.25", "0.7"]]),
        "binary_half": Network(21, (1, 2), [["0", "3"]]).sigmoid().binary_cross_entropy([["0.5", "1"]]),
        "sigmoid_batch": Network(15, (3, 2)).fc(2).sigmoid().fc(3).softmax().cross_entropy([one, soft, one]),
    }  # fmt: skip


def main() -> None:
    folder = Path(__file__).parent / "mpmath"
    folder.mkdir(exist_ok=True)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases().items())
    source = json.dumps("mpmath at 80 digits, plain loops and reverse-mode differentiation; 40 digits kept")
    (folder / "cases.json").write_text(f'{{"source": {source}, "cases": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
