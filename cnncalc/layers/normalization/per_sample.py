"""Norms with statistics of each sample by itself: `layer_norm`, `group_norm`, `instance_norm`."""

from abc import abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import prod

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.base import Apply, Entry, Index, Parameter, Setting, Shape, ShapeError, Term, option, small_problem
from cnncalc.layers.indices import ratio
from cnncalc.layers.normalization.base import BETA, EPS, GAMMA, Scaled, line_by_line, reciprocal_root


class PerSample(Scaled):
    """y = gamma · xhat + beta with xhat = (x − mean) / √(var + eps), mean and var over a part of each sample.

    dx = (dxhat − mean of dxhat − xhat · mean of dxhat · xhat) / √(var + eps), over the same part.
    """

    parameters = (
        Parameter("gamma", default=1, shape="(C)", about=GAMMA),
        Parameter("beta", default=0, is_added=True, shape="(C)", about=BETA),
    )
    auxiliaries = ("mean", "var", "xhat")
    with_samples = frozenset(auxiliaries)
    without_gradient = frozenset(("mean", "var"))
    sees_all = True
    eps: int | Decimal | Fraction = option(Decimal("1e-5"), "number", EPS, limit="from 0")

    @abstractmethod
    def parts(self, x: Shape) -> int:
        """Into how many parts, each with its own statistics, the channels of a sample go."""

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """That of x."""
        self.check_input(x)
        self.parts(x)
        return x

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The statistics, xhat, then y."""
        return line_by_line(self, (*self.auxiliaries, "y"), numbers, {"x": x, **parameters})

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """The whole derivative."""
        read = {local: tensors[local] for local in ("x", "gamma", "var", "xhat")}
        return line_by_line(self, ("dxhat", "dgamma", "dbeta", "dx"), numbers, {**read, "g": g})

    def definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array:
        """As `terms` has it, in whole arrays."""
        if (scaled := self.scaled(tensor, numbers, tensors)) is not None:
            return scaled
        x = tensors["x"]
        rows = self._rows(x)
        size = rows.shape[2]
        if tensor == "mean":
            return numbers.named("mean", numbers.sum(rows, axis=2) / size)
        if tensor == "dx":
            slopes, normal = self._rows(tensors["dxhat"]), self._rows(tensors["xhat"])
            mean, share = (numbers.sum(a, axis=2)[:, :, None] / size for a in (slopes, slopes * normal))
            dx = (slopes - mean - normal * share) * self._root(numbers, tensors["var"]) + 0
            return np.asarray(dx.reshape(x.shape))
        centered = rows - tensors["mean"][:, :, None]
        if tensor == "xhat":
            return numbers.named("xhat", (centered * self._root(numbers, tensors["var"])).reshape(x.shape))
        return numbers.named("var", numbers.sum(centered * centered, axis=2) / size, positive=True)

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With the counts put in."""
        x, base = setting.x, setting.index_base
        e, parts, axes = indices(x), self.parts(x), indices(x).removeprefix(r"\n, ")
        first, size = axes.partition(", ")[0], x[0] // parts
        part, own = (first, first) if parts == x[0] else (str(base), str(base)) if parts == 1 else (r"\t", "")
        if part == r"\t":
            shifted = first if base == 0 else rf"\left({first} - 1\right)"
            own = rf"\lfloor {shifted} / {size} \rfloor" + ("" if base == 0 else " + 1")
        rest = axes.partition(", ")[2] if parts == x[0] else axes
        where = rf":\, {own} = \t" if part == r"\t" else ""
        sum_ = rf"{ratio(1, prod(x) // parts)}\sum_{{{rest}{where}}} "
        scaled = axes if len(self.scaled_by(x)) == len(x) else first
        root = rf"\sqrt{{\var_{{\n, {own}}} + \eps}}"

        def mean_of(others: list[str], times: str = "") -> str:
            """The mean of dxhat, counted by letters of its own, as two sums in one pair of brackets need them."""
            letters = others[: len(x)]
            if parts == x[0]:
                letters[0] = first
            bound = ", ".join(letter for letter in letters if letter != first)
            if part == r"\t":
                bound += rf":\, {own.replace(first, letters[0])} = {own}"
            at = r"\n, " + ", ".join(letters)
            factor = rf" \cdot \{times}_{{{at}}}" if times else ""
            return rf"{ratio(1, prod(x) // parts)}\sum_{{{bound}}} \dxhat_{{{at}}}{factor}"

        mean, slope = mean_of([r"\k", r"\u", r"\v"]), mean_of([r"\f", r"\p", r"\q"], "xhat")
        inner = rf"{mean} - \xhat_{{{e}}} \cdot {slope}"
        return {
            **self.scaled_formulas(x, scaled),
            "mean": rf"\mean_{{\n, {part}}} = {sum_}\x_{{{e}}}",
            "var": rf"\var_{{\n, {part}}} = {sum_}\left(\x_{{{e}}} - \mean_{{\n, {part}}}\right)^{{2}}",
            "xhat": rf"\xhat_{{{e}}} = \frac{{\x_{{{e}}} - \mean_{{\n, {own}}}}}{{{root}}}",
            "dx": rf"\dx_{{{e}}} = \frac{{1}}{{{root}}} \cdot \left(\dxhat_{{{e}}} - {inner}\right)",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """From the definitions; dx from xhat and dxhat."""
        if (scaled := self.scaled_terms(tensor, index, tensors)) is not None:
            return scaled
        x = tensors["x"]
        channels = x.shape[1] // self.parts(x.shape[1:])
        part = index if tensor in ("mean", "var") else (index[0], index[1] // channels)
        mean = Entry("mean", part)
        root = Apply("reciprocal", (Term((Apply("sqrt", (Term((Entry("var", part),)), Term((), self.eps))),)),))
        members = [at for at in np.ndindex(x.shape) if (at[0], at[1] // channels) == part]
        share = Fraction(1, len(members))

        def centered(at: Index) -> Apply:
            return Apply("sum", (Term((Entry("x", at),)), Term((mean,), -1)))

        match tensor:
            case "mean":
                return [Term((Entry("x", at),), share) for at in members]
            case "var":
                return [Term((centered(at), centered(at)), share) for at in members]
            case "xhat":
                return [Term((centered(index), root))]
        total = Apply("sum", tuple(Term((Entry("dxhat", at),)) for at in members))
        share_of_own = Apply("sum", tuple(Term((Entry("dxhat", at), Entry("xhat", at))) for at in members))
        return [
            Term((root, Entry("dxhat", index))),
            Term((root, total), -share),
            Term((root, Entry("xhat", index), share_of_own), -share),
        ]

    def _rows(self, x: Array) -> Array:
        """(N, parts, numbers of a part)."""
        return np.asarray(x).reshape(len(x), self.parts(x.shape[1:]), -1)

    def _root(self, numbers: Arithmetic, var: Array) -> Array:
        return reciprocal_root(numbers, var, self.eps)[:, :, None]


class LayerNorm(PerSample):
    """Any shape to the same shape: statistics over all of a sample; gamma and beta are shaped like the sample."""

    type = "layer_norm"
    example = small_problem(
        "[[1.25, -2, 3.5], [0, 1, 4]]",
        "layer_norm: {gamma: [1, 2, -1], beta: [0.5, 0, 1], eps: 0.1}",
        upstream="[[1, 2, -1.5], [0.5, 1, 2]]",
    )

    def parts(self, x: Shape) -> int:
        """One."""
        return 1

    def scaled_by(self, x: Shape) -> Shape:
        """Each number has its own."""
        return x


class GroupNorm(PerSample):
    """Any shape to the same shape: statistics over groups of neighbouring channels of a sample; gamma and beta (C)."""

    type = "group_norm"
    example = small_problem(
        "[[1.25, -2, 3.5, 0.75], [0, 1, 4, 1.5]]",
        "group_norm: {groups: 2, gamma: [1, 2, -1, 3], eps: 0.1}",
        upstream="[[1, 2, -1.5, 1], [0.5, 1, 2, -1]]",
    )
    groups: int = option(1, "count", Phrase("into how many groups the channels go"))

    def parts(self, x: Shape) -> int:
        """As many as the option says."""
        if x[0] % self.groups:
            message = f"{{y}} has {self.groups} groups, {{x}} has {x[0]} channels"
            raise ShapeError(message, "give a number of groups that divides the channels", "groups")
        return self.groups


class InstanceNorm(PerSample):
    """x (C, H, W) or (C, L) to the same shape: statistics over each channel of a sample; gamma and beta (C)."""

    type = "instance_norm"
    example = small_problem(
        "[[[1.25, -2, 3.5]], [[0.75, 1, 4]]]",
        "instance_norm: {gamma: [1, -2], eps: 0.1}",
        upstream="[[[1, 2, -1.5]], [[0.5, 1, 2]]]",
    )
    domain = "image"
    takes_signals = True

    def parts(self, x: Shape) -> int:
        """Each channel."""
        return x[0]
