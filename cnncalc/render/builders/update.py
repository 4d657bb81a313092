"""What is said of the numbers that a step of descent takes besides the gradients: its rate, the share of clipping."""

from collections.abc import Sequence

import numpy as np

from cnncalc.language import Phrase, marked_up
from cnncalc.lessons.lesson import sentences
from cnncalc.optimizers.rule import UpdateRule
from cnncalc.problem.problem import UpdateEntry
from cnncalc.render.builders.element import Elements
from cnncalc.render.table.number import Number
from cnncalc.trace import Tensor, Trace

CLIPPED = Phrase(
    en="Here their length is ${length}$, so the share is ${share}$.", zh="此处范数为 ${length}$，故比例为 ${share}$。"
)
NOT_CLIPPED = Phrase(
    en="Here their length is ${length}$: nothing is clipped, the share is 1.",
    zh="此处范数为 ${length}$，不需裁剪，比例为 1。",
)
MOST_SQUARES = 12


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
