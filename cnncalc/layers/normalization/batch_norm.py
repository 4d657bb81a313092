"""Batch normalization: `batch_norm`."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from math import prod
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import AXES, indices
from cnncalc.layers.base import Apply, Entry, Index, Layer, Parameter, Setting, Shape, ShapeError, Term
from cnncalc.layers.indices import number_latex, ratio
from cnncalc.layers.normalization.base import Normalization, line_by_line, members, reciprocal_root


def inference_formulas(x: Shape, c: str) -> Mapping[str, str]:
    """With mean and var constant."""
    e = indices(x)
    return {
        "xhat": rf"\xhat_{{{e}}} = \frac{{\x_{{{e}}} - \mean_{{{c}}}}}{{{_root(c)}}}",
        "dx": rf"\dx_{{{e}}} = \frac{{\dxhat_{{{e}}}}}{{{_root(c)}}}",
    }


def training_formulas(setting: Setting, over: str, unbiased: bool) -> Mapping[str, str]:
    """With mean and var taken from x."""
    e, c, sum_ = indices(setting.x), statistic(setting.x, over), _sum(setting, over)
    count = (setting.samples or 1) * (1 if over == "activation" else prod(setting.x[1:]))
    divisor = count - 1 if unbiased else count
    centered = rf"\left(\x_{{{e}}} - \mean_{{{c}}}\right)"
    return {
        **inference_formulas(setting.x, c),
        "mean": rf"\mean_{{{c}}} = {ratio(1, count)}{sum_}\x_{{{e}}}",
        "var": rf"\var_{{{c}}} = {ratio(1, divisor)}{sum_}{centered}^{{2}}",
        "dvar": rf"\dvar_{{{c}}} = -\frac{{1}}{{2}} \left(\var_{{{c}}} + \eps\right)^{{-3/2}} "
        rf"{sum_}\dxhat_{{{e}}} \cdot {centered}",
        "dmean": rf"\dmean_{{{c}}} = -\frac{{1}}{{{_root(c)}}} {sum_}\dxhat_{{{e}}} "
        rf"- {ratio(2, divisor)}\dvar_{{{c}}} \cdot {sum_}{centered}",
        "dx": rf"\dx_{{{e}}} = \frac{{\dxhat_{{{e}}}}}{{{_root(c)}}} "
        rf"+ {ratio(2, divisor)}\dvar_{{{c}}} \cdot {centered} + {ratio(1, count)}\dmean_{{{c}}}",
    }


def statistic(x: Shape, over: str) -> str:
    """The index of a mean: that of an element without the sample, or of its channel."""
    return ", ".join(AXES[len(x)]) if over == "activation" else AXES[len(x)][0]


def _sum(setting: Setting, over: str) -> str:
    """The sum over all that have one mean."""
    within = ", ".join(AXES[len(setting.x)][1:]) if over == "channel" else ""
    return rf"\sum_{{\n, {within}}} "


def _root(c: str) -> str:
    return rf"\sqrt{{\var_{{{c}}} + \eps}}"


DIVISOR = {
    "biased": Phrase("The variance divides by the count; ε = {eps}."),
    "unbiased": Phrase("The variance divides by the count minus one; ε = {eps}."),
}
INFERENCE = Phrase("Mean and variance are given (inference), so they are constants; ε = {eps}.")

RUNNING = {
    "pytorch": Phrase(
        "Running statistics go on by momentum {m}: running ← (1 − {m})·running + {m}·batch, the variance of the"
        " batch unbiased for it (PyTorch)."
    ),
    "keras": Phrase(
        "Running statistics go on by momentum {m}: running ← {m}·running + (1 − {m})·batch (Keras, CS231n)."
    ),
}
NEW = {"newmean": "runningmean", "newvar": "runningvar"}
"""What is made for later, and what it was before."""


class BatchNorm(Normalization):
    """y = gamma · xhat + beta with xhat = (x − mean) / √(var + eps), any shape to the same shape.

    Statistics are taken over N, H, W (`over: channel`; mean, var, gamma, beta are (C) or (features)), or over N alone
    (`activation`; they are shaped like a sample). dx is the whole derivative, through mean and var too. With mean and
    var given it is inference, and they are constants. As PyTorch's batch_norm; its default divides by the count, too.
    """

    type = "batch_norm"
    example = """\
input: {name: x, value: [[1, 2], [3, -2], [8, 3]]}
layers:
  - batch_norm:
      gamma: {name: gamma, value: [2, 1/2]}
      beta: {name: beta, value: [1, -1]}
      eps: 0
upstream: [[1, -1], [2, 3], [4, 1]]
"""
    auxiliaries: ClassVar[tuple[str, ...]] = ("mean", "var", "xhat", "newmean", "newvar")
    """The last two with a momentum alone."""

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """The divisor of the variance, and eps."""
        return (DIVISOR[self.variance].format(eps=self.eps),)

    def given(self, parameters: Collection[str]) -> Layer:
        """Inference where mean and var are given, else training; one without the other fails in parameter_shapes."""
        if {"mean", "var"} <= set(parameters):
            return InferenceBatchNorm(self.over, self.eps, momentum=self.momentum)
        if self.momentum is not None:
            return RunningBatchNorm(self.over, self.eps, self.variance, self.momentum, self.convention)
        return TrainingBatchNorm(self.over, self.eps, self.variance)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Line by line, y last. Raises ShapeError where the unbiased variance divides by 0."""
        return line_by_line(self, (*self.auxiliaries, "y"), numbers, {"x": x, **parameters})

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """The whole derivative; its one irrational factor, r = 1/√(var + eps), is multiplied in last.

        What is in the brackets before it is rational where xhat is a root times a rational: an exact 0 comes out as 0.
        """
        made = line_by_line(self, ("dxhat", "dvar", "dgamma", "dbeta"), numbers, self._read(g, tensors))
        # dmean's part through var is 0: it has the factor Σ (x − mean).
        dxhat, dvar = made.pop("dxhat"), made.pop("dvar")
        dmean = self._through_xhat(numbers, dxhat, tensors)
        dx = self._from_normalized(dxhat, numbers, tensors)
        return {"dxhat": dxhat, "dvar": dvar, "dmean": dmean, **made, "dx": dx}

    def _read(self, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """What gradients are made of, and no more: each tensor may be computed when it is asked for."""
        return {"g": g, **{local: tensors[local] for local in ("x", "gamma", "mean", "var", "xhat")}}

    def definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array:
        """As `terms` has it, in whole arrays: what follows from a mean is not what follows from the x behind it."""
        if (scaled := self.scaled(tensor, numbers, tensors)) is not None:
            return scaled
        x = tensors["x"]
        if tensor == "xhat":
            return numbers.named("xhat", self._normalized(numbers, x, tensors))
        axes, (count, divisor) = self._axes(x), self._counts(x)
        if tensor == "mean":
            return numbers.named("mean", numbers.sum(x, axis=axes) / count)
        centered = x - self._spread(tensors["mean"], x)
        if tensor == "var":
            return numbers.named("var", numbers.sum(centered * centered, axis=axes) / divisor, positive=True)
        root = reciprocal_root(numbers, tensors["var"], self.eps)
        if tensor == "dvar":
            slope = numbers.sum(tensors["dxhat"] * centered, axis=axes) / (tensors["var"] + numbers.number(self.eps))
            return np.asarray(0 - slope * root / 2)
        if tensor == "dmean":
            through_var = tensors["dvar"] * numbers.sum(centered, axis=axes) * 2 / divisor
            return np.asarray(self._through_xhat(numbers, tensors["dxhat"], tensors) - through_var)
        through_var = centered * self._spread(tensors["dvar"], x) * 2 / divisor
        return tensors["dxhat"] * self._spread(root, x) + through_var + self._spread(tensors["dmean"], x) / count

    def _through_xhat(self, numbers: Arithmetic, dxhat: Array, tensors: Mapping[str, Array]) -> Array:
        """What dmean has from xhat."""
        total = numbers.sum(dxhat, axis=self._axes(dxhat))
        return np.asarray(0 - total * reciprocal_root(numbers, tensors["var"], self.eps))

    def _from_normalized(self, dxhat: Array, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array:
        """dx = (dxhat − mean of dxhat − xhat · mean of dxhat · xhat) / √(var + eps)."""
        x, xhat, axes = tensors["x"], tensors["xhat"], self._axes(tensors["x"])
        count, divisor = self._counts(x)
        total, share = numbers.sum(dxhat, axis=axes), numbers.sum(dxhat * xhat, axis=axes) / divisor
        bracket = dxhat - self._spread(total / count, x) - xhat * self._spread(share, x)
        dx: Array = bracket * self._spread(reciprocal_root(numbers, tensors["var"], self.eps), x) + 0
        return dx

    def another_definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array | None:
        """Of dx: from xhat and dxhat in one line."""
        return self._from_normalized(tensors["dxhat"], numbers, tensors) if tensor == "dx" else None

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With the counts put in."""
        own = statistic(setting.x, self.over)
        made = training_formulas(setting, self.over, self.variance == "unbiased")
        return {**self.scaled_formulas(setting.x, own), **made}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """From the definitions, one after the other: the chain rule through xhat, var and mean."""
        if (scaled := self.scaled_terms(tensor, index, tensors)) is not None:
            return scaled
        x = tensors["x"]
        channel = index if tensor in ("mean", "var", "dmean", "dvar") else self._channel(index)
        mean, root = Entry("mean", channel), Apply("sqrt", (Term((Entry("var", channel),)), Term((), self.eps)))
        reciprocal = Apply("reciprocal", (Term((root,)),))

        def centered(at: Index) -> Apply:
            return Apply("sum", (Term((Entry("x", at),)), Term((mean,), -1)))

        count = prod(x.shape[axis] for axis in self._axes(x))
        every = list(members(channel, x.shape))
        match tensor:
            case "mean":
                return [Term((Entry("x", at),), Fraction(1, count)) for at in every]
            case "var":
                divisor = self._counts(x)[1]
                return [Term((centered(at), centered(at)), Fraction(1, divisor)) for at in every]
            case "xhat":
                return [Term((centered(index), reciprocal))]
            case "dvar":
                cube = (reciprocal, reciprocal, reciprocal)
                return [Term((Entry("dxhat", at), centered(at), *cube), Fraction(-1, 2)) for at in every]
            case "dmean":
                slopes = [Term((Entry("dxhat", at), reciprocal), -1) for at in every]
                # One sum, so that it is seen to come to 0.
                all_centered = Apply("sum", (*(Term((Entry("x", at),)) for at in every), Term((mean,), -count)))
                return [*slopes, Term((Entry("dvar", channel), all_centered), Fraction(-2, self._counts(x)[1]))]
        return [
            Term((Entry("dxhat", index), reciprocal)),
            Term((Entry("dvar", channel), centered(index)), Fraction(2, self._counts(x)[1])),
            Term((Entry("dmean", channel),), Fraction(1, count)),
        ]


class TrainingBatchNorm(BatchNorm):
    """What `given` makes of batch_norm where mean and var are not given: they are no parameters then."""

    parameters: ClassVar[tuple[Parameter, ...]] = BatchNorm.parameters[:2]
    auxiliaries: ClassVar[tuple[str, ...]] = ("mean", "var", "xhat")


class InferenceBatchNorm(BatchNorm):
    """What `given` makes of batch_norm where mean and var are given: they are constants then."""

    auxiliaries = ("xhat",)

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """As in training; nothing goes on."""
        if self.momentum is not None:
            message = "{y} has a momentum, which is for training, and a mean and var, which are for inference"
            raise ShapeError(message, "write `running_mean` and `running_var`, or leave `momentum` out", "momentum")
        return super().parameter_shapes(x, given)

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """That they are constants."""
        return (INFERENCE.format(eps=self.eps),)

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx = dxhat / √(var + eps)."""
        return line_by_line(self, ("dxhat", "dgamma", "dbeta", "dx"), numbers, self._read(g, tensors))

    def definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array:
        """As in training, but for dx, and xhat: with constants it is too simple for a letter of its own."""
        if tensor == "xhat":
            return self._normalized(numbers, tensors["x"], tensors)
        if tensor != "dx":
            return super().definition(tensor, numbers, tensors)
        root = self._spread(reciprocal_root(numbers, tensors["var"], self.eps), tensors["x"])
        return np.asarray(tensors["dxhat"] * root + 0)

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With mean and var as they are given."""
        own = statistic(setting.x, self.over)
        return {**self.scaled_formulas(setting.x, own), **inference_formulas(setting.x, own)}

    def another_definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array | None:
        """None: dx is one product."""
        return None

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """As in training, where dx has only its first term."""
        terms = super().terms(tensor, index, numbers, tensors)
        return terms[:1] if tensor == "dx" else terms


class RunningBatchNorm(TrainingBatchNorm):
    """What `given` makes of batch_norm with a momentum: y is made with the statistics of the batch all the same."""

    parameters = (*Normalization.parameters[:2], *Normalization.parameters[4:])
    auxiliaries = (*TrainingBatchNorm.auxiliaries, *NEW)
    carried = NEW

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """How the running statistics go on."""
        said = RUNNING[self.convention].format(m=str(self.momentum))
        return (*super().conventions(numbers, tensors), said)

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """Running statistics are shaped like those of the batch."""
        made = super().parameter_shapes(x, given)
        return {**made, **dict.fromkeys(self.carried.values(), made["gamma"])}

    def definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array:
        """And the running statistics, each of what it was and of that of the batch."""
        if tensor not in NEW:
            return super().definition(tensor, numbers, tensors)
        (running, old), (batch, share) = self.moves(self._counts(tensors["x"])[0])[tensor]
        return np.asarray(tensors[running] * numbers.number(old) + tensors[batch] * numbers.number(share))

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """And the running statistics."""
        c = statistic(setting.x, self.over)
        count = (setting.samples or 1) * (1 if self.over == "activation" else prod(setting.x[1:]))
        made = dict(super().formulas(setting))
        for new, ((running, old), (batch, share)) in self.moves(count).items():
            was, batches = rf"{number_latex(old)} \cdot \{running}", rf"{number_latex(share)} \cdot \{batch}"
            made[new] = rf"\{new}_{{{c}}} = {was}_{{{c}}} + {batches}_{{{c}}}"
        return made

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """And the running statistics, each of what it was and of that of the batch."""
        if tensor not in NEW:
            return super().terms(tensor, index, numbers, tensors)
        both = self.moves(self._counts(tensors["x"])[0])[tensor]
        return [Term((Entry(statistics, index),), share) for statistics, share in both]

    def moves(self, count: int) -> Mapping[str, tuple[tuple[str, Fraction], tuple[str, Fraction]]]:
        """For each what it is made of, with the share of it, where a mean is taken over so many numbers."""
        assert self.momentum is not None, "else nothing goes on"
        shares = 1 - Fraction(self.momentum), Fraction(self.momentum)
        old, share = shares if self.convention == "pytorch" else reversed(shares)
        of_var = share
        if self.convention == "pytorch" and self.variance == "biased":
            if count == 1:
                message = "{y} keeps an unbiased variance, and has one number only to take it over"
                raise ShapeError(message, "write `convention: keras`, or take a larger mini-batch", "momentum")
            of_var = share * Fraction(count, count - 1)
        return {"newmean": (("runningmean", old), ("mean", share)), "newvar": (("runningvar", old), ("var", of_var))}
