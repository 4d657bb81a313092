"""Which tensors of a trace somebody wants to see: some by name, those that answer a question, or all."""

from collections.abc import Sequence

from cnncalc.problem.names import quantity_name
from cnncalc.problem.text.faults import UserFault
from cnncalc.problem.words.other_names import no_tensor
from cnncalc.trace import PASSES, Tensor, Trace
from cnncalc.visible import shown


class UnknownSelection(UserFault, ValueError):
    """A name that finds no tensor, or a question that the problem does not have; the message says what there is."""


def select(trace: Trace, only: Sequence[str] = (), questions: Sequence[str] | None = None) -> tuple[Tensor, ...]:
    """The tensors named and those of the questions, in the order of computation; all of them where nothing is asked.

    Sizes and counts that the questions ask for come behind all. Tensors that are made on request (`conv_1.columns`)
    come last in their pass. Raises UnknownSelection.
    """
    if not only and not questions:
        return (*trace, *counts(trace))
    known = trace.problem.questions
    missing = [question for question in questions or () if question not in known]
    if missing:
        raise UnknownSelection("\n".join(_no_question(question, list(known)) for question in missing))
    names = [*only, *(name for question in questions or () for name in known[question])]
    meant = {name: trace.meant(name) for name in names}
    unknown = [name for name, own in meant.items() if own is None]
    if unknown:
        raise UnknownSelection("\n".join(no_tensor(name, trace.known) for name in unknown))
    wanted = {own: trace[own] for own in meant.values() if own is not None}
    in_order = [tensor for tensor in trace if tensor.name in wanted]
    made = [tensor for tensor in wanted.values() if tensor not in in_order]
    return tuple(sorted([*in_order, *made], key=lambda tensor: PASSES.index(tensor.stage)))


def counts(trace: Trace) -> list[Tensor]:
    """The sizes and counts that the questions ask for."""
    asked = [name for names in trace.problem.questions.values() for name in names if quantity_name(name)]
    return [trace[name] for name in dict.fromkeys(asked) if name in trace]


def _no_question(question: str, questions: Sequence[str]) -> str:
    asked = shown(question)
    if not questions:
        return f"the problem has no questions, so no question {asked}; --only NAME chooses tensors by name"
    return f"the problem has no question {asked}; its questions are {', '.join(map(shown, questions))}"
