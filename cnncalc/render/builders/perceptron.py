"""The table of a perceptron: every sample that is looked at, its score, and the weights after each correction."""

from collections.abc import Iterator

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import NOTHING, Phrase, verbatim
from cnncalc.problem.updated_names import suffix
from cnncalc.render.document import Block, Column, Heading, Paragraph, Table
from cnncalc.render.table.number import describe
from cnncalc.trace import Tensor, Trace

TITLE = Phrase(en="Sample after sample", zh="逐个样本")
INTRODUCTION = Phrase(
    en="A sample whose score is on the side of its target is passed over; any other corrects the weights, which is a"
    " step. {steps} corrections in {epochs} passes.",
    zh="得分落在目标一侧的样本直接跳过；否则更新一次权重，计为一步。共 {epochs} 轮，{steps} 次更新。",
)
PASS, SAMPLE, STEP = Phrase(en="Pass", zh="轮次"), Phrase(en="Sample", zh="样本"), Phrase(en="Step", zh="更新")
ZERO = Phrase(en="start", zh="初始")


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
