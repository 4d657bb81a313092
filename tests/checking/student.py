"""A student who works a small network out by hand, in plain NumPy: rounding on the way, slipping, carrying the slip on.

conv (valid, stride 1) → ReLU → 2×2 max pool → flatten → fully connected → softmax → cross-entropy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
ORDER = (
    "z",
    "a",
    "m",
    "v",
    "s",
    "p",
    "L",
    "dL/dp",
    "dL/ds",
    "dL/dV",
    "dL/dc",
    "dL/dv",
    "dL/da",
    "dL/dz",
    "dL/dk",
    "dL/db",
)
"""The tensors in the order in which the student gets to them (dL/da is behind the pool, dL/dz behind the ReLU)."""


@dataclass(frozen=True)
class Sheet:
    """The given tensors of one homework."""

    x: Doubles
    k: Doubles
    b: Doubles
    V: Doubles
    c: Doubles
    target: int

    def problem(self) -> str:
        """The problem file."""
        return f"""
index_base: 1
input: {{name: x, value: {self.x.tolist()}}}
layers:
  - conv: {{name: z, weight: {{name: k, value: {self.k.tolist()}}}, bias: {{name: b, value: {self.b.tolist()}}}}}
  - relu: {{name: a}}
  - max_pool: {{name: m, size: 2}}
  - flatten: {{name: v}}
  - fc: {{name: s, weight: {{name: V, value: {self.V.tolist()}}}, bias: {{name: c, value: {self.c.tolist()}}}}}
  - softmax: {{name: p}}
loss: {{cross_entropy: {{name: L, class: {self.target + 1}}}}}
"""


def draw(seed: int) -> Sheet:
    """A homework with small numbers, without ties or kinks worth mentioning."""
    random = np.random.default_rng(seed)
    return Sheet(
        x=random.integers(-4, 6, (2, 5, 5)).astype(float),
        k=random.integers(-2, 4, (2, 2, 2, 2)).astype(float),
        b=random.integers(-3, 4, 2).astype(float),
        V=random.integers(-3, 4, (3, 8)) / 20,
        c=random.integers(-5, 6, 3) / 10,
        target=int(random.integers(0, 3)),
    )


@dataclass
class Student:
    """Works a sheet out. `round_` is applied to every tensor that is written down and then used."""

    round_: Callable[[Doubles], Doubles] = field(default=lambda values: values)
    slips: dict[str, Callable[[Doubles], Doubles]] = field(default_factory=dict)
    """What goes wrong with a tensor before it is written down."""

    def work(self, given: Sheet) -> dict[str, Doubles]:
        """Every answer by name."""
        done: dict[str, Doubles] = {}

        def write(name: str, values: Any) -> Doubles:
            array = np.asarray(values, dtype=float)
            if name in self.slips:
                array = np.asarray(self.slips[name](array.copy()), dtype=float)
            done[name] = np.asarray(self.round_(array))
            return done[name]

        filters, _, size, _ = given.k.shape
        n = given.x.shape[1] - size + 1
        z = np.zeros((filters, n, n))
        for f, i, j in np.ndindex(z.shape):
            z[f, i, j] = given.b[f] + (given.k[f] * given.x[:, i : i + size, j : j + size]).sum()
        z = write("z", z)
        a = write("a", np.where(z > 0, z, 0))
        m = np.zeros((filters, n // 2, n // 2))
        for f, i, j in np.ndindex(m.shape):
            m[f, i, j] = a[f, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max()
        m = write("m", m)
        v = write("v", m.ravel())
        s = write("s", given.V @ v + given.c)
        e = np.exp(s)
        p = write("p", e / e.sum())
        write("L", -np.log(p[given.target]))
        dp = np.zeros(len(p))
        dp[given.target] = -1 / p[given.target]
        write("dL/dp", dp)
        ds = p.copy()
        ds[given.target] -= 1
        ds = write("dL/ds", ds)
        write("dL/dV", np.outer(ds, v))
        write("dL/dc", ds)
        dv = write("dL/dv", given.V.T @ ds)
        da = np.zeros_like(a)
        for f, i, j in np.ndindex(m.shape):
            window = a[f, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            di, dj = np.unravel_index(window.argmax(), (2, 2))
            da[f, 2 * i + di, 2 * j + dj] += dv.reshape(m.shape)[f, i, j]
        da = write("dL/da", da)
        dz = write("dL/dz", da * (z > 0))
        dk = np.zeros_like(given.k)
        for f, i, j in np.ndindex(z.shape):
            dk[f] += dz[f, i, j] * given.x[:, i : i + size, j : j + size]
        write("dL/dk", dk)
        write("dL/db", dz.sum((1, 2)))
        return done


def digits(n: int) -> Callable[[Doubles], Doubles]:
    """Rounding to significant digits."""
    return np.vectorize(lambda value: float(f"{value:.{n - 1}e}"), otypes=[float])


def typed(values: Doubles, n: int | None = None) -> Any:
    """Nested lists of texts as one writes them on a sheet; with `n` significant digits where it is no whole number."""
    if values.ndim:
        return [typed(value, n) for value in values]
    # Doubles are no paper: 3e-16 is 0 there.
    value = float(values) if abs(values) > 1e-12 else 0.0
    return f"{value:#.{n}g}" if n is not None and value != round(value) else f"{value:.12g}"
