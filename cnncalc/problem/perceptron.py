"""The samples that a perceptron is corrected by, found out when the file is read: they are the steps of its update."""

from collections.abc import Sequence
from fractions import Fraction
from typing import cast

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.expression import variables
from cnncalc.losses.margins import PerceptronLoss
from cnncalc.problem.drafts import Draft
from cnncalc.problem.problem import GivenTensor
from cnncalc.problem.tensor.typed import is_blank
from cnncalc.problem.text.faults import Collector
from cnncalc.problem.updates import UpdateDraft
from cnncalc.records import Record

MOST_CORRECTIONS = 200
Visits = tuple[tuple[int, bool], ...]


def walk(
    update: UpdateDraft, inputs: Sequence[GivenTensor], drafts: Sequence[Draft], loss: Draft | None, faults: Collector
) -> Visits | None:
    """The way of a perceptron, sample after sample, until none is wrong or a limit of steps or passes is reached.

    None where it cannot be known: with a fault, unless there are others already.
    """
    if "batches" in update.places:
        remedy = "leave `batches` out, or write `sgd`, which makes a step for each"
        return faults.add("the perceptron's rule takes one sample after the other", remedy, update.places["batches"])
    if loss is None or not issubclass(loss.type, PerceptronLoss):
        remedy = "write `loss: {perceptron_loss: {target: [1, -1, …]}}`"
        return faults.add("the perceptron's rule needs its loss", remedy, update.place)
    if len(drafts) != 1 or drafts[0].type.type != "fc":
        remedy = "leave activations out: the loss takes the scores; for more layers write `sgd`"
        return faults.add("a perceptron is one fc layer", remedy, update.place)
    own = drafts[0].parameters
    typed = [own.get("weight"), loss.parameters.get("target"), own.get("bias")]
    given = [*(each.entries for each in inputs), *(None if one is None else one.entries for one in typed)]
    if loss.layer is None or len(inputs) != 1 or any(one is not None and is_blank(one) for one in given):
        return None
    cells = [entry for array in given if array is not None and array.dtype == object for entry in array.ravel()]
    if any(next(iter(variables(cell)), None) is not None for cell in cells):
        remedy = "give each letter a number, or write `sgd`"
        return faults.add("a perceptron's steps depend on its numbers", remedy, update.place)
    numbers = Exact()
    x, w, t, b = (None if array is None else numbers.array(array) for array in given)
    if x is None or w is None or t is None:
        return None
    x, w = x.reshape(len(x), -1), np.atleast_2d(w)
    w = w.T if getattr(drafts[0].layer, "orientation", "column") == "row" else w
    if w.shape[1] != x.shape[1] or t.size != len(x) * len(w) or (b is not None and b.size not in (1, len(w))):
        return None  # what does not fit is said elsewhere
    called = [{drafts[0].parameter_name(local), f"{drafts[0].name}.{local}"} for local in ("weight", "bias")]
    only = None if update.only is None else {name.text for name in update.only}
    moves = (only is None or bool(only & called[0]), b is not None and (only is None or bool(only & called[1])))
    target = t.reshape(len(x), len(w))
    signs = np.where(numbers.is_equal(target, 0), numbers.number(-1), target)
    return _Walk(numbers, x, signs, cast(PerceptronLoss, loss.layer), moves).visits(w, b, update, faults)


def _rates(update: UpdateDraft, samples: int) -> list[Fraction]:
    """The learning rates of as many steps as there may be."""
    assert update.rule is not None, "it is the perceptron's"
    most = update.steps or (update.epochs * samples if update.epochs else MOST_CORRECTIONS)
    if update.schedule is None:
        return [Fraction(update.rule.rate)] * most
    from cnncalc.optimizers.schedules import rates

    kind, options = update.schedule
    return [Fraction(rate) for rate in rates(kind, update.rule.rate, options, most, update.done)]


class _Walk(Record):
    numbers: Exact
    x: Array
    t: Array
    loss: PerceptronLoss
    moves: tuple[bool, bool]
    """Whether the weights are changed, and whether the bias is."""

    def visits(self, w: Array, b: Array | None, update: UpdateDraft, faults: Collector) -> Visits | None:
        """From the weights at the start."""
        assert update.rule is not None, "it is the perceptron's"
        numbers, rates, decay = self.numbers, _rates(update, len(self.x)), Fraction(update.rule.weight_decay)
        bias = numbers.zeros((1,)) if b is None else b.reshape(-1)
        found: list[tuple[int, bool]] = []
        count, passes, is_clean = 0, 0, False
        # A pass that is not clean has a correction in it, so that this ends.
        while not is_clean and passes != update.epochs and count != update.steps:
            is_clean, passes = True, passes + 1
            for sample in range(len(self.x)):
                x, t = self.x[sample : sample + 1], self.t[sample : sample + 1]
                wrong = self.loss.is_wrong(numbers, numbers.matmul(x[None], w.T[None])[0] + bias, t)
                found.append((sample, bool(wrong.any())))
                if not wrong.any():
                    continue
                rate, kept = numbers.number(rates[count]), numbers.number(1 - rates[count] * decay)
                count, is_clean = count + 1, False
                pull = numbers.gated(t, wrong)[0] * rate
                if self.moves[0]:
                    w = w * kept + pull[:, None] * x
                if self.moves[1]:
                    bias = bias * kept + pull
                if count == update.steps:
                    break
                if count == MOST_CORRECTIONS and update.steps is None and update.epochs is None:
                    remedy = "perhaps no line parts the samples: write `steps: 20` or `epochs: 5` to stop there"
                    return faults.add(f"after {count} corrections there are still mistakes", remedy, update.place)
        return tuple(found)
