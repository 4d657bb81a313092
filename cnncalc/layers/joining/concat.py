"""Inputs one behind the other along an axis: `concat`."""

from collections.abc import Mapping, Sequence

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index, Setting, Shape, ShapeError, Term, by, option, small_problem
from cnncalc.layers.indices import affine
from cnncalc.layers.joining.several import GRADIENTS, Several, single
from cnncalc.layers.windows.axis import SizeRule

AXES = ("channel", "features", "rows", "columns")
AXIS = Phrase("along which axis the inputs lie one behind the other")
POSITIONS = {"channel": 0, "features": 0, "rows": 1, "columns": 2}
"""Of the axis in a shape without N."""


class Concat(Several):
    """y holds x, xb, … one behind the other; each gradient is the part of g that lies where its input does."""

    type = "concat"
    example = small_problem(
        "[[[1, -2], [3, 4]]]",
        "relu: {name: r}",
        "concat: {name: c, inputs: [r, x], axis: channel}",
        upstream="[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]",
    )
    chosen = frozenset(("y", "dx", *GRADIENTS))

    axis: str = option("channel", "choice", AXIS, AXES)

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """The sizes along the axis added up; all others are equal. Maps of 1×1 are features among features."""
        shapes = self._taken([x, *parameters.values()])
        if any(len(shape) != len(shapes[0]) for shape in shapes):
            message = f"{{y}} (concat) takes inputs of one kind, and these are {' and '.join(map(by, shapes))}"
            raise ShapeError(message, "put `flatten` before it, so that all of them are features", "inputs")
        if len(shapes[0]) == 1 and self.axis in ("rows", "columns"):
            message = f"{{y}} (concat) lies along {self.axis}, and {{x}} has features ({by(x)})"
            raise ShapeError(message, "write `axis: features`", "axis")
        if len(shapes[0]) > 1 and self.axis == "features":
            message = f"{{y}} (concat) lies along features, and {{x}} is an image ({by(x)})"
            if len(shapes[0]) == 2:
                message = f"{{y}} (concat) lies along features, and {{x}} is a signal ({by(x)})"
            raise ShapeError(message, "write `axis: channel`, `rows` or `columns`, or put `flatten` before it", "axis")
        at = self.axis_among(len(shapes[0])) - 1
        rest = {shape[:at] + shape[at + 1 :] for shape in shapes}
        if len(rest) > 1:
            message = f"{{y}} (concat) along {self.axis} takes inputs that differ there alone, and these are "
            raise ShapeError(message + " and ".join(map(by, shapes)), "give the others the same sizes", "inputs")
        return (*shapes[0][:at], sum(shape[at] for shape in shapes), *shapes[0][at + 1 :])

    def _taken(self, shapes: Sequence[Shape]) -> list[Shape]:
        """Without the 1×1 of maps where they stand among features."""
        are_features = all(len(shape) == 1 or shape[1:] == (1, 1) for shape in shapes)
        if are_features and (self.axis == "features" or any(len(shape) == 1 for shape in shapes)):
            return [shape[:1] for shape in shapes]
        return list(shapes)

    def size_rules(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[SizeRule, ...]:
        """The sum along the axis: of channels or features alone, or among rows and columns."""
        shapes, at = [x, *parameters.values()], self.axis_among(len(x)) - 1
        total = SizeRule(" + ".join(str(shape[at]) for shape in shapes), sum(shape[at] for shape in shapes))
        if at == 0 or len(x) == 2:
            return (total,)
        same = SizeRule(str(x[3 - at]), x[3 - at])
        return (total, same) if at == 1 else (same, total)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """One behind the other."""
        arrays = list(self.inputs({"x": x, **parameters}).values())
        shapes = self._taken([array.shape[1:] for array in arrays])
        laid_out = [array.reshape(len(x), *shape) for array, shape in zip(arrays, shapes, strict=True)]
        return {"y": np.concatenate(laid_out, axis=self.axis_among(len(shapes[0])))}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """Each its part."""
        made, before = {}, (slice(None),) * self.axis_among(g.ndim - 1)
        for local, (start, stop) in self._parts(tensors).items():
            made[f"d{local}"] = g[(*before, slice(start, stop))].reshape(tensors[local].shape)
        return made

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """A case for each input; the gradients shifted to where their inputs lie."""
        inputs = {"x": setting.x} | dict(setting.parameters)
        taken = self._taken(list(inputs.values()))
        rank = len(taken[0])
        axes = [r"\n", r"\i"] if rank == 1 else [r"\n", r"\c", r"\i", r"\j"][: rank + 1]
        at, base, start, cases, made = self.axis_among(rank), setting.index_base, 0, [], {}
        for (local, shape), as_taken in zip(inputs.items(), taken, strict=True):
            stop = start + as_taken[at - 1]
            ones = [str(base)] * (len(shape) - len(as_taken))
            shifted = ", ".join((*axes[:at], affine([(1, axes[at])], -start), *axes[at + 1 :], *ones))
            onto = ", ".join((*axes[:at], affine([(1, axes[at])], start), *axes[at + 1 :]))
            first, last = start + base, stop - 1 + base
            where = f"{axes[at]} = {first}" if first == last else rf"{first} \le {axes[at]} \le {last}"
            cases.append(rf"\{local}_{{{shifted}}} & {where}")
            made[f"d{local}"] = rf"\d{local}_{{{', '.join((*axes, *ones))}}} = \g_{{{onto}}}"
            start = stop
        written = rf"\y_{{{', '.join(axes)}}} = \begin{{cases}} "
        return {"y": written + r" \\ ".join(cases) + r" \end{cases}", **made}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The one element that it is."""
        at, parts = self.axis_among(tensors["y"].ndim - 1), self._parts(tensors)
        if tensor != "y":
            start, _ = parts[tensor[1:]]
            place = (*index[:at], index[at] + start, *index[at + 1 :])
            return [single(Entry("g", place[: tensors["y"].ndim]))]
        local, start = next((local, start) for local, (start, stop) in parts.items() if start <= index[at] < stop)
        ones = (0,) * (tensors[local].ndim - len(index))
        return [single(Entry(local, (*index[:at], index[at] - start, *index[at + 1 :], *ones)))]

    def axis_among(self, rank: int) -> int:
        """Which one it is, with N first; the length of a signal is its rows as well as its columns."""
        return min(POSITIONS[self.axis] + 1, rank)

    def _parts(self, tensors: Mapping[str, Array]) -> dict[str, tuple[int, int]]:
        """Where each input lies along the axis."""
        found, start, axis = {}, 0, self.axis_among(tensors["y"].ndim - 1)
        for local, array in self.inputs(tensors).items():
            found[local] = (start, start + array.shape[axis])
            start += array.shape[axis]
        return found
