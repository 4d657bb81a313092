"""Small problems with one convolution, transposed convolution or pool, drawn by a seed, and their windows by loops.

Nothing here is taken from cnncalc: where a window lies, what is padding and which cell a kernel's cell falls on is
worked out again, from the definition of each layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from .problems import NAMES

Kind = Literal["conv", "conv_transpose", "max_pool", "avg_pool"]
Pair = tuple[int, int]
Place = tuple[int, int]


@dataclass(frozen=True)
class Problem:
    """A layer `y` on x, with weight K and bias b where it has them; every tensor has a name that is drawn."""

    kind: Kind
    text: str
    names: dict[str, str]
    """The names of x, y, K, b and their gradients."""
    base: int
    batched: bool
    samples: int
    shape: tuple[int, int, int]
    kernel: tuple[int, ...]
    stride: Pair
    dilation: Pair
    before: Pair
    after: Pair
    groups: int
    flip: bool
    has_bias: bool
    ceil: bool
    ties: str
    count_padding: bool
    is_trained: bool

    @property
    def size(self) -> Pair:
        """Rows and columns of a window."""
        return self.kernel[-2], self.kernel[-1]

    def span(self, a: int) -> int:
        return (self.size[a] - 1) * self.dilation[a] + 1

    def outputs(self) -> Pair:
        """How many windows there are; of a transposed convolution, how large y is."""
        if self.kind == "conv_transpose":
            rows, columns = (
                (self.shape[1 + a] - 1) * self.stride[a] + self.span(a) - self.before[a] - self.after[a] for a in (0, 1)
            )
            return rows, columns
        counted = []
        for a in (0, 1):
            last = self.shape[1 + a] + self.after[a]
            begins = range(-self.before[a], last, self.stride[a])
            fitting = [start for start in begins if start + self.span(a) <= last]
            if self.ceil and fitting:
                # One more that reaches over the edge, unless the last one then begins behind the image.
                if fitting[-1] + self.span(a) < last:
                    fitting.append(fitting[-1] + self.stride[a])
                if fitting[-1] >= self.shape[1 + a]:
                    fitting.pop()
            counted.append(len(fitting))
        return counted[0], counted[1]

    def drops(self) -> bool:
        """Whether rounding up would give a window that begins behind the image."""
        return self.ceil and any(
            -(-(self.shape[1 + a] + self.before[a] + self.after[a] - self.span(a)) // self.stride[a]) + 1
            > self.outputs()[a]
            for a in (0, 1)
        )

    def lies(self, i: Place, p: Place) -> Place:
        """Where the window's cell p of window i lies, in the padding too."""
        row, column = (i[a] * self.stride[a] + p[a] * self.dilation[a] - self.before[a] for a in (0, 1))
        return row, column

    def is_real(self, place: Place) -> bool:
        """Whether it lies on the image, and is not cropped away by a negative padding."""
        return all(max(0, -self.before[a]) <= place[a] < self.shape[1 + a] + min(0, self.after[a]) for a in (0, 1))

    def is_declared(self, place: Place) -> bool:
        """Whether it lies on the image or on its padding, and not beyond that."""
        return all(-self.before[a] <= place[a] < self.shape[1 + a] + self.after[a] for a in (0, 1))

    def windows(self) -> Iterator[Place]:
        rows, columns = self.outputs() if self.kind != "conv_transpose" else self.shape[1:]
        return ((i, j) for i in range(rows) for j in range(columns))

    def cells(self) -> Iterator[Place]:
        return ((p, q) for p in range(self.size[0]) for q in range(self.size[1]))

    def places(self) -> Iterator[tuple[Place, Place, Place]]:
        """(window, cell, place) of all cells of all windows."""
        return ((i, p, self.lies(i, p)) for i in self.windows() for p in self.cells())

    def visits(self) -> dict[Place, int]:
        """In how many windows each cell of the image lies."""
        count = {(u, v): 0 for u in range(self.shape[1]) for v in range(self.shape[2])}
        for _, _, place in self.places():
            if self.is_real(place):
                count[place] += 1
        return count


def drawn(seed: int, kind: Kind) -> Problem:
    """The problem of that number."""
    for attempt in range(1000):
        made = _drawn(Random(f"{kind} {seed} {attempt}"), kind)
        if made is not None:
            return made
    raise AssertionError("no problem is valid")


def _drawn(random: Random, kind: Kind) -> Problem | None:
    def pair(*choices: int) -> Pair:
        return random.choice(choices), random.choice(choices)

    is_pool = kind.endswith("pool")
    groups = random.choice([1, 1, 2, 2]) if not is_pool else 1
    inputs, outputs = random.choice([1, 1, 2]), random.choice([1, 1, 2])
    shape = (inputs * groups, random.randint(1, 5), random.randint(1, 5))
    size = pair(1, 2, 2, 3, 3) if random.random() < 0.8 else (1, 1)
    kernel: tuple[int, ...] = size
    if kind == "conv":
        kernel = (outputs * groups, inputs, *size)
    if kind == "conv_transpose":
        kernel = (inputs * groups, outputs, *size)
    dilation = pair(1, 1, 1, 2)
    stride = pair(1, 1, 2, 3)
    before, after = (0, 0), (0, 0)
    options: list[str] = []
    style = random.choice(["valid", "same", "sides", "sides", "sides", "anchor"])
    if style == "anchor" and kind == "conv":
        anchor = pair(-1, 0, 1, 2, 3)
        options.append(f"anchor: [{anchor[0]}, {anchor[1]}]")
        flip = bool(random.getrandbits(1))
        laid = [kernel[2 + a] - 1 - anchor[a] if flip else anchor[a] for a in (0, 1)]
        before = laid[0] * dilation[0], laid[1] * dilation[1]
        after = (size[0] - 1 - laid[0]) * dilation[0], (size[1] - 1 - laid[1]) * dilation[1]
    else:
        flip = kind == "conv" and bool(random.getrandbits(1))
        if style == "sides":
            low = -1 if kind == "conv" else 0
            before, after = pair(low, 0, 1, 1, 2), pair(low, 0, 1, 1, 2)
            if random.getrandbits(1):
                after = before
        if style == "same" and kind != "conv_transpose":
            options.append("padding: same")
            spans = [(size[a] - 1) * dilation[a] + 1 for a in (0, 1)]
            totals = [max(0, (-(-shape[1 + a] // stride[a]) - 1) * stride[a] + spans[a] - shape[1 + a]) for a in (0, 1)]
            before, after = (totals[0] // 2, totals[1] // 2), (-(-totals[0] // 2), -(-totals[1] // 2))
        elif style == "sides":
            options.append(f"padding: [[{before[0]}, {after[0]}], [{before[1]}, {after[1]}]]")
    ceil = is_pool and bool(random.getrandbits(1))
    ties = random.choice(["first", "split"])
    count_padding = bool(random.getrandbits(1))
    batched, samples = random.choice([(False, 1), (False, 1), (True, 1), (True, 2)])
    base = random.choice([0, 1, 1])
    has_bias = not is_pool and bool(random.getrandbits(1))
    is_trained = random.random() < 0.85
    x, y, k, b = random.sample(NAMES, 4) if random.getrandbits(1) else ("X", "Y", "K", "b")
    names = {"x": x, "y": y, "weight": k, "bias": b}
    names |= {f"d{local}": f"dL/d{name}" for local, name in names.items() if local != "y"} | {"g": f"dL/d{y}"}
    problem = Problem(
        kind, "", names, base, batched, samples, shape, kernel, stride, dilation, before, after, groups, flip, has_bias,
        ceil, ties, count_padding, is_trained,
    )  # fmt: skip
    if not _is_valid(problem):
        return None

    def numbers(axes: tuple[int, ...], *choices: str) -> Any:
        return [numbers(axes[1:], *choices) for _ in range(axes[0])] if axes else random.choice(choices)

    def said(nested: Any) -> str:
        return f"[{', '.join(map(said, nested))}]" if isinstance(nested, list) else str(nested)

    small = ("0", "1", "2", "3", "-1", "-2", "4", "0.5", "-1.5")
    # Few numbers make ties, and many do not.
    own = random.choice([small, ("-1", "0", "1"), tuple(map(str, range(-60, 60)))])
    lead = (samples,) if batched else ()
    options += [f"stride: [{stride[0]}, {stride[1]}]", f"dilation: [{dilation[0]}, {dilation[1]}]"]
    if is_pool:
        options += [f"size: [{size[0]}, {size[1]}]", f"ceil: {str(ceil).lower()}"]
        options.append(f"ties: {ties}" if kind == "max_pool" else f"count_padding: {str(count_padding).lower()}")
    else:
        options += [f"groups: {groups}", *(["flip: true"] if flip else [])]
        options.append(f'weight: {{name: "{k}", value: {said(numbers(kernel, *small))}}}')
    channels = kernel[0] if kind == "conv" else kernel[1] * groups if kind == "conv_transpose" else shape[0]
    if has_bias:
        options.append(f'bias: {{name: "{b}", value: {said(numbers((channels,), "0.25", "1", "-2"))}}}')
    text = f'index_base: {base}\ninput: {{name: "{x}", value: {said(numbers((*lead, *shape), *own))}}}\n'
    text += f'layers: [{kind}: {{name: "{y}", {", ".join(options)}}}]\n'
    if is_trained:
        text += f"upstream: {said(numbers((*lead, channels, *problem.outputs()), *small))}\n"
    return Problem(**{**vars(problem), "text": text})


def _is_valid(problem: Problem) -> bool:
    # A picture shows ten rows and columns in full.
    if min(problem.outputs()) < 1 or max(problem.outputs()) > 10:
        return False
    if any(problem.shape[1 + a] + min(0, problem.before[a]) + min(0, problem.after[a]) < 1 for a in (0, 1)):
        return False
    if problem.kind.endswith("pool"):
        # Every window counts a cell.
        seen = {i for i, _, place in problem.places() if problem.is_real(place)}
        return len(seen) == len(list(problem.windows()))
    return True
