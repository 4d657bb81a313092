"""What a worked solution says rests on what stands above it, whichever questions ask for what, and stands once."""

from __future__ import annotations

import re
from random import Random

import pytest

import cnncalc
from cnncalc.render.builders.worked.tensor import WorkedTensor
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Heading
from cnncalc.trace import Trace

from .problems import drawn

UPDATED = """\
input: {name: x, value: [1, 2]}
layers:
  - fc: {name: h, weight: {name: W, value: [[1, 2], [3, -1]]}}
  - relu: {name: a}
  - fc: {name: z, weight: {share: W}}
  - softmax: {name: p}
loss: {cross_entropy: {name: L, class: 1}}
update: {sgd: {lr: 0.1}}
"""


def asking(text: str, seed: int) -> str:
    """The problem with questions for some of its tensors, in any order, the unlisted ones among them."""
    random = Random(seed)
    trace = cnncalc.solve(cnncalc.loads(text), "float")
    names = [*(tensor.name for tensor in trace), *(name for step in trace.after for name in step.names.values())]
    names = [name for name in dict.fromkeys(names) if name in trace and trace.step(name) is not None]
    chosen = random.sample(names, min(len(names), 6))
    return text + "questions:\n" + "".join(f'  {n}: ["{name}"]\n' for n, name in enumerate(chosen, 1))


def headed(trace: Trace) -> list[tuple[int, str]]:
    """The tensors, by name, that have a heading, each with the number of the question above it."""
    writer = WorkedTensor(trace, 6, False, ())
    every = {name: trace[name] for step in trace.all_steps for name in step.names.values() if name in trace}
    by_source = {writer.elements.source(tensor): name for name, tensor in every.items()}
    found, question = [], 0
    for block in worked(trace, Wishes()).blocks:
        if not isinstance(block, Heading):
            continue
        text = block.text.text("en")
        question += block.level == 2
        source = re.fullmatch(r"\$(.*)\$", text)
        if block.level == 3 and source:
            found.append((question, by_source[source[1]]))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_every_number_rests_on_what_stands_above(seed: int) -> None:
    text = asking(UPDATED if seed < 6 else drawn(seed, branches=seed % 2 == 0), seed)
    trace = cnncalc.solve(cnncalc.loads(text), "float")
    names = [name for _, name in headed(trace)]
    assert len(set(names)) == len(names)
    for at, name in enumerate(names):
        # The tensors of one layer explain each other; what an update begins with is given.
        computed = [need for need in trace.needs(name) if need in trace and trace.step(need) is not None]
        needs = {need for need in computed if trace.step(need) is not trace.step(name)}
        assert needs <= set(names[:at]), (name, needs, names)
    asked = {trace.resolve(name) for names in trace.problem.questions.values() for name in names}
    assert asked <= set(names)
