"""What is said of a step of descent beside its tensors: its rate, the share of clipping, the table of a perceptron."""

from collections.abc import Iterator, Sequence

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import NOTHING, Phrase, marked_up, verbatim
from cnncalc.lessons.lesson import sentences
from cnncalc.optimizers.rule import UpdateRule
from cnncalc.problem.names import suffix
from cnncalc.problem.problem import UpdateEntry
from cnncalc.render.builders.element import Elements
from cnncalc.render.document import Block, Column, Heading, Paragraph, Table
from cnncalc.render.table.number import Number, describe
from cnncalc.trace import Tensor, Trace

CLIPPED = Phrase("Here their length is ${length}$, so the share is ${share}$.")
NOT_CLIPPED = Phrase("Here their length is ${length}$: nothing is clipped, the share is 1.")
MOST_SQUARES = 12
TITLE = Phrase("Sample after sample")
INTRODUCTION = Phrase(
    "A sample whose score is on the side of its target is passed over; any other corrects the weights, which is a"
    " step. {steps} corrections in {epochs} passes."
)
PASS, SAMPLE, STEP = Phrase("Pass"), Phrase("Sample"), Phrase(en="Step", zh="更新")
ZERO = Phrase("start")


def is_one_share(tensor: Tensor, update: UpdateEntry | None) -> bool:
    """Whether a tensor is the share of clipping by norm, which is one number for all parameters."""
    return update is not None and tensor.local == "share" and update.rule.clip_norm is not None


def repeated_shares(tensors: Sequence[Tensor], update: UpdateEntry | None) -> set[str]:
    """By name, the shares of clipping by norm that are that of another parameter in the same step."""
    shares = [tensor.name for tensor in tensors if is_one_share(tensor, update)]
    first = {name.rpartition("share")[2]: name for name in reversed(shares)}
    return set(shares) - set(first.values())


def told(trace: Trace, tensor: Tensor, update: UpdateEntry, elements: Elements) -> Phrase:
    """How the rates go, or the share of clipping comes about, with its numbers where it is one for all."""
    if tensor.local != "share":
        return update.schedule
    clipping = update.rule.clipping
    steps = {step.names["share"]: step for step in trace.after if "share" in step.names}
    at = {name: step.layer.step for name, step in steps.items() if isinstance(step.layer, UpdateRule)}
    of_step = [steps[name].tensors["gradient"].ravel() for name in at if at[name] == at[tensor.name]]
    gradients = np.concatenate(of_step)
    if not is_one_share(tensor, update) or any(map(trace.numbers.letters_of, gradients)):
        return clipping
    length = elements.number(trace.numbers.sqrt(trace.numbers.sum((gradients * gradients)[None], axis=1))[0])
    share = tensor.elements.flat[0]
    squares = [_squared(elements.number(element)) for element in gradients[~trace.numbers.is_known_equal(gradients, 0)]]
    root = rf"\sqrt{{{' + '.join(squares)}}} " if len(squares) <= MOST_SQUARES else ""
    shown = root + _equal(length) if root else length.plain
    if trace.numbers.is_known_equal(share, 1):
        return sentences(clipping, NOT_CLIPPED.format(length=marked_up(shown)))
    small = update.rule.clip_eps
    below = rf"\left({length.plain} + {small}\right)" if small else length.plain
    ratio = rf"{update.rule.clip_norm}/{below} {_equal(elements.number(share))}"
    return sentences(clipping, CLIPPED.format(length=marked_up(shown), share=marked_up(ratio)))


def _squared(number: Number) -> str:
    return rf"\left({number.plain}\right)^{{2}}" if number.plain.startswith("-") else f"{number.plain}^{{2}}"


def _equal(number: Number) -> str:
    is_exact = number.plain == number.text and not number.rounded
    return f"= {number.plain}" if is_exact else rf"\approx {number.plain}"


def perceptron(trace: Trace, digits: int) -> Iterator[Block]:
    """A heading and the table, where a perceptron was trained; nothing else."""
    problem = trace.problem
    update, entry, loss = problem.update, problem.layers[-1] if problem.layers else None, problem.loss
    if update is None or not update.visits or entry is None or loss is None:
        return
    names = [given.name for given in entry.parameters.values()]
    x, t = trace[problem.input.name], trace[loss.target.name]
    batched = x if x.batched else None
    columns = [PASS, SAMPLE, *map(verbatim, (x.name, t.name, entry.name)), STEP, *map(verbatim, names)]

    def shown(elements: Array) -> Phrase:
        cells = [describe(trace.numbers, cell, digits).text for cell in elements.ravel()]
        return verbatim(cells[0] if len(cells) == 1 else f"({', '.join(cells)})")

    def weights(step: int) -> list[Tensor]:
        # What is not among those to be changed stays as it is.
        ending = suffix(step, update.steps) if step else ""
        return [trace[name + ending] if name in update.parameters else trace[name] for name in names]

    rows = [(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, ZERO, *(shown(w.elements) for w in weights(0)))]
    step, count = 0, len(x.elements) if batched else 1
    for at, (sample, is_wrong) in enumerate(update.visits):
        own = x.elements[sample] if batched else x.elements
        target = t.elements[sample] if batched else t.elements
        score = _score(trace, own, weights(step), entry.name)
        step += is_wrong
        after = [shown(w.elements) for w in weights(step)] if is_wrong else [NOTHING for _ in names]
        rows.append((
            verbatim(str(at // count + 1)), verbatim(str(sample + problem.index_base)), shown(own), shown(target),
            shown(score), verbatim(str(step)) if is_wrong else verbatim("✓"), *after,
        ))  # fmt: skip
    yield Heading(3, TITLE)
    yield Paragraph(INTRODUCTION.format(steps=step, epochs=-(-len(update.visits) // count)))
    yield Table(tuple(Column(title, "right") for title in columns), tuple(rows))


def _score(trace: Trace, x: Array, weights: list[Tensor], name: str) -> Array:
    """What the layer makes of one sample with the weights of that time."""
    step = next(step for step in trace.steps if step.name == name)
    given = {local: tensor.elements for local, tensor in zip(step.parameters(), weights, strict=True)}
    return np.asarray(step.layer.forward(trace.numbers, np.asarray(x).reshape(1, -1), given)["y"][0])
