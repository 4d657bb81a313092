"""A class of simulated students who work small networks out with pen and paper, in plain NumPy.

Each writes every tensor down in their own style (significant digits, or fixed places), goes on with what stands on
the paper, and may slip once. The networks are drawn; nothing here knows cnncalc, but for the format of its files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Doubles: TypeAlias = npt.NDArray[np.float64]
Texts: TypeAlias = Any
"""Nested lists of what stands on the paper."""
Slip: TypeAlias = Callable[[Doubles], Doubles]


@dataclass(frozen=True)
class Style:
    """How a number is written: `digits` significant ones, or `places` behind the point; whole numbers as they are."""

    digits: int | None = None
    places: int | None = None
    is_trimmed: bool = False
    """Whether zeros at the end are left out."""
    is_carried: bool = True
    """Whether what stands on the paper is gone on with, and not what the calculator still holds."""

    def text(self, value: float) -> str:
        """One number on the paper."""
        if abs(value) < 1e-11 or (self.digits is None and self.places is None):
            return f"{value + 0.0:.12g}" if abs(value) >= 1e-11 else "0"
        if abs(value - round(value)) < 1e-9:
            return str(round(value))
        if self.places is not None:
            text = f"{value:.{self.places}f}"
        else:
            assert self.digits is not None
            exponent = int(f"{abs(value):.{self.digits - 1}e}".partition("e")[2])
            # Three digits of 1634.2 are 1630.
            text = f"{float(f'{value:.{self.digits - 1}e}'):.{max(0, self.digits - 1 - exponent)}f}"
        if self.is_trimmed and "." in text:
            text = text.rstrip("0").rstrip(".")
        return "0" if text in ("-0", "") else text


@dataclass
class Paper:
    """What one student has written, by name."""

    style: Style
    slips: Mapping[str, Slip] = field(default_factory=dict)
    texts: dict[str, Texts] = field(default_factory=dict)
    values: dict[str, Doubles] = field(default_factory=dict)
    thought: dict[str, Doubles] = field(default_factory=dict)
    """Before it was rounded, and before the slip."""

    def write(self, name: str, values: Any) -> Doubles:
        """Put a tensor down; what stands there, or in the calculator, is what is used from here on."""
        array = np.asarray(values, dtype=np.float64)
        self.thought[name] = array
        if name in self.slips:
            array = self.slips[name](array.copy())
        flat = [self.style.text(value) for value in array.ravel().tolist()]
        self.texts[name] = nested(flat, array.shape)
        written = np.asarray([float(text) for text in flat]).reshape(array.shape)
        self.values[name] = written if self.style.is_carried else array
        return self.values[name]


def nested(flat: list[str], shape: tuple[int, ...]) -> Texts:
    """Texts in lists of lists."""
    if not shape:
        return flat[0]
    size = len(flat) // shape[0]
    return [nested(flat[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0])]


@dataclass(frozen=True)
class Homework:
    """A problem file, and how it is worked out on paper."""

    problem: str
    work: Callable[[Paper], None]

    def hand_in(self, style: Style, slips: Mapping[str, Slip] | None = None) -> Paper:
        """One student's sheet."""
        paper = Paper(style, slips or {})
        self.work(paper)
        return paper


EXACT = Style()


def softmax(z: Doubles) -> Doubles:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def windows(x: Doubles, size: int, stride: int, dilation: int) -> Any:
    """Where each window lies: output position and a view of the input."""
    reach = dilation * (size - 1) + 1
    rows, columns = (x.shape[1] - reach) // stride + 1, (x.shape[2] - reach) // stride + 1
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        yield (i, j), (slice(None), slice(top, top + reach, dilation), slice(left, left + reach, dilation))


def image_network(random: np.random.Generator) -> Homework:
    """Convolution with options, an activation, a pool, flatten, fully connected, softmax, cross-entropy."""
    channels, filters, size, classes = (int(random.integers(a, b)) for a, b in ((1, 3), (1, 3), (2, 4), (2, 5)))
    stride, padding, dilation = ([1, 1, 2][i] for i in random.integers(0, 3, 3))
    padding -= 1
    side = int(random.integers(5, 8)) + (2 if dilation == 2 else 0) + (2 if stride == 2 else 0)
    x = random.integers(-4, 6, (channels, side, side)).astype(float)
    k = random.integers(-3, 5, (filters, channels, size, size)) / int(random.choice([1, 2, 10]))
    b = random.integers(-4, 5, filters) / 4
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    places = list(windows(padded, size, stride, dilation))
    out = (filters, places[-1][0][0] + 1, places[-1][0][1] + 1)
    slope = float(random.choice([0.0, 0.1]))
    is_max = bool(random.integers(0, 2))
    pooled = (filters, out[1] // 2, out[2] // 2)
    scale = 10 * float(np.abs(k).sum()) / 4
    heavy = random.integers(-9, 10, (classes, int(np.prod(pooled)))) / round(scale + 1)
    heavy = heavy.round(3)
    c = random.integers(-5, 6, classes) / 10
    target = int(random.integers(0, classes))
    is_log = bool(random.integers(0, 2))
    head = ("log_softmax", "nll") if is_log else ("softmax", "cross_entropy")
    activation = "relu: {name: a}" if slope == 0 else "leaky_relu: {name: a, slope: 0.1}"
    pool = "max_pool" if is_max else "avg_pool"
    problem = f"""
index_base: 1
input: {{name: x, value: {x.tolist()}}}
layers:
  - conv: {{name: z, weight: {{name: k, value: {k.tolist()}}}, bias: {{name: b, value: {b.tolist()}}}, stride: {stride},
            padding: {padding}, dilation: {dilation}}}
  - {activation}
  - {pool}: {{name: m, size: 2}}
  - flatten: {{name: v}}
  - fc: {{name: s, weight: {{name: V, value: {heavy.tolist()}}}, bias: {{name: c, value: {c.tolist()}}}}}
  - {head[0]}: {{name: p}}
loss: {{{head[1]}: {{name: L, class: {target + 1}}}}}
"""

    def work(paper: Paper) -> None:
        z = np.zeros(out)
        for f in range(filters):
            for (i, j), window in places:
                z[f, i, j] = b[f] + (k[f] * padded[window]).sum()
        z = paper.write("z", z)
        a = paper.write("a", np.where(z > 0, z, slope * z))
        m = np.zeros(pooled)
        for f, i, j in np.ndindex(*pooled):
            window = a[f, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            m[f, i, j] = window.max() if is_max else window.mean()
        m = paper.write("m", m)
        v = paper.write("v", m.ravel())
        s = paper.write("s", heavy @ v + c)
        t = np.arange(classes) == target
        p = paper.write("p", s - np.log(np.exp(s - s.max()).sum()) - s.max() if is_log else softmax(s))
        if not is_log and p[target] <= 0:
            raise ZeroDivisionError
        paper.write("L", -p[target] if is_log else -np.log(p[target]))
        paper.write("dL/dp", np.where(t, -1 if is_log else -1 / p[target], 0))
        ds = (np.exp(p) if is_log else p) - t
        ds = paper.write("dL/ds", ds)
        paper.write("dL/dV", np.outer(ds, v))
        paper.write("dL/dc", ds)
        dv = paper.write("dL/dv", heavy.T @ ds)
        dm = dv.reshape(pooled)
        da = np.zeros(out)
        for f, i, j in np.ndindex(*pooled):
            window = a[f, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            if is_max:
                di, dj = np.unravel_index(window.argmax(), (2, 2))
                da[f, 2 * i + di, 2 * j + dj] += dm[f, i, j]
            else:
                da[f, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2] += dm[f, i, j] / 4
        da = paper.write("dL/da", da)
        dz = paper.write("dL/dz", da * np.where(z > 0, 1, slope))
        dk = np.zeros_like(k)
        dx = np.zeros_like(padded)
        for f in range(filters):
            for (i, j), window in places:
                dk[f] += dz[f, i, j] * padded[window]
                dx[window] += dz[f, i, j] * k[f]
        paper.write("dL/dk", dk)
        paper.write("dL/db", dz.sum((1, 2)))
        paper.write("dL/dx", dx[:, padding : padding + side, padding : padding + side])

    return Homework(problem, work)


def normalized_network(random: np.random.Generator) -> Homework:
    """Batch normalization of features, ReLU, fully connected, softmax, mean cross-entropy."""
    samples, features, classes = (int(random.integers(a, b)) for a, b in ((3, 6), (1, 4), (2, 4)))
    scale = float(random.choice([1, 8, 40]))
    x = (random.normal(size=(samples, features)) * scale + random.integers(-2, 20)).round(int(random.choice([0, 1])))
    gamma, beta = random.integers(2, 9, features) / 4, random.integers(-3, 4, features) / 4
    eps = float(random.choice([1e-5, 0.01]))
    heavy = random.integers(-9, 10, (classes, features)) / 8
    c = random.integers(-5, 6, classes) / 10
    target = random.integers(0, classes, samples)
    t = np.eye(classes)[target]
    problem = f"""
input: {{name: x, value: {x.tolist()}}}
layers:
  - batch_norm: {{name: n, eps: {eps:.5f}, gamma: {{name: g, value: {gamma.tolist()}}},
                  beta: {{name: b, value: {beta.tolist()}}}}}
  - relu: {{name: a}}
  - fc: {{name: s, weight: {{name: V, value: {heavy.tolist()}}}, bias: {{name: c, value: {c.tolist()}}}}}
  - softmax: {{name: p}}
loss: {{cross_entropy: {{name: L, class: {(target + 1).tolist()}}}}}
"""

    def work(paper: Paper) -> None:
        mean = paper.write("n.mean", x.mean(0))
        var = paper.write("n.var", ((x - mean) ** 2).mean(0))
        if (var < 0).any():
            raise ZeroDivisionError
        root = np.sqrt(var + eps)
        xhat = paper.write("n.xhat", (x - mean) / root)
        n = paper.write("n", gamma * xhat + beta)
        a = paper.write("a", np.maximum(n, 0))
        s = paper.write("s", a @ heavy.T + c)
        p = paper.write("p", softmax(s))
        if (p[t > 0] <= 0).any():
            raise ZeroDivisionError
        paper.write("L", -np.log(p[t > 0]).mean())
        paper.write("dL/dp", np.where(t > 0, -1 / (p * samples), 0))
        ds = paper.write("dL/ds", (p - t) / samples)
        paper.write("dL/dV", ds.T @ a)
        paper.write("dL/dc", ds.sum(0))
        da = paper.write("dL/da", ds @ heavy)
        dn = paper.write("dL/dn", da * (n > 0))
        paper.write("dL/dg", (dn * xhat).sum(0))
        paper.write("dL/db", dn.sum(0))
        dxhat = paper.write("dL/dn.xhat", dn * gamma)
        dx = (dxhat - dxhat.mean(0) - xhat * (dxhat * xhat).mean(0)) / root
        paper.write("dL/dx", dx)

    return Homework(problem, work)


def hidden_network(random: np.random.Generator) -> Homework:
    """Two fully connected layers, an activation between them, and a step of descent.

    At the end a squared error, or a sigmoid and a binary cross-entropy.
    """
    samples = int(random.integers(0, 4))
    inputs, hidden, outputs = (int(random.integers(2, 4)) for _ in range(3))
    rows = max(1, samples)
    x = random.integers(-3, 4, (rows, inputs)) / 2
    light, heavy = random.integers(-9, 10, (hidden, inputs)) / 8, random.integers(-9, 10, (outputs, hidden)) / 8
    b, c = random.integers(-5, 6, hidden) / 10, random.integers(-5, 6, outputs) / 10
    t = random.integers(-2, 4, (rows, outputs)) / 2
    kind = str(random.choice(["sigmoid", "tanh", "relu"]))
    loss = str(random.choice(["mse", "half_squared_error", "binary_cross_entropy"]))
    lr = float(random.choice([0.1, 0.5]))
    is_binary = loss == "binary_cross_entropy"
    share = {"mse": rows * outputs / 2, "half_squared_error": rows, "binary_cross_entropy": rows * outputs}[loss]
    if is_binary:
        t = np.abs(t) % 1.5
    last = "\n  - sigmoid: {name: q}" if is_binary else ""

    def lines(array: Doubles) -> object:
        return array.tolist() if samples else array[0].tolist()

    problem = f"""
input: {{name: x, value: {lines(x)}}}
layers:
  - fc: {{name: h, weight: {{name: W, value: {light.tolist()}}}, bias: {{name: b, value: {b.tolist()}}}}}
  - {kind}: {{name: a}}
  - fc: {{name: o, weight: {{name: V, value: {heavy.tolist()}}}, bias: {{name: c, value: {c.tolist()}}}}}{last}
loss: {{{loss}: {{name: L, target: {lines(t)}}}}}
update: {{sgd: {{lr: {lr}}}}}
"""

    def work(paper: Paper) -> None:
        def write(name: str, values: Doubles) -> Doubles:
            return paper.write(name, values if samples else values[0]).reshape(rows, -1)

        h = write("h", x @ light.T + b)
        a = {"sigmoid": lambda: 1 / (1 + np.exp(-h)), "tanh": lambda: np.tanh(h), "relu": lambda: np.maximum(h, 0)}
        a_ = write("a", np.asarray(a[kind]()))
        o = write("o", a_ @ heavy.T + c)
        if is_binary:
            q = write("q", 1 / (1 + np.exp(-o)))
            if ((q <= 0) | (q >= 1)).any():
                raise ZeroDivisionError
            paper.write("L", -(t * np.log(q) + (1 - t) * np.log(1 - q)).sum() / share)
            write("dL/dq", (q - t) / (q * (1 - q)) / share)
            do = write("dL/do", (q - t) / share)
        else:
            paper.write("L", ((o - t) ** 2).sum() / (2 * share))
            do = write("dL/do", (o - t) / share)
        dv_ = paper.write("dL/dV", do.T @ a_)
        dc = paper.write("dL/dc", do.sum(0))
        da = write("dL/da", do @ heavy)
        slope = {"sigmoid": a_ * (1 - a_), "tanh": 1 - a_**2, "relu": (h > 0).astype(float)}[kind]
        dh = write("dL/dh", da * slope)
        dw_ = paper.write("dL/dW", dh.T @ x)
        db = paper.write("dL/db", dh.sum(0))
        paper.write("dL/dx", (dh @ light) if samples else (dh @ light)[0])
        for name, old, gradient in (("W", light, dw_), ("b", b, db), ("V", heavy, dv_), ("c", c, dc)):
            paper.write(f"{name}.new", old - lr * gradient)

    return Homework(problem, work)


NETWORKS = (image_network, normalized_network, hidden_network)


def homework(seed: int) -> Homework:
    """A problem of one of the kinds."""
    random = np.random.default_rng(seed)
    return NETWORKS[seed % len(NETWORKS)](random)
