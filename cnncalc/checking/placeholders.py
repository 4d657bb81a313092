"""Answers that were put down without working them out: what follows from them earns nothing, and that is said."""

from collections.abc import Sequence

from cnncalc.arithmetic.base import Booleans
from cnncalc.checking import what_follows
from cnncalc.checking.carried import Truth
from cnncalc.checking.matched_answers import MatchedAnswer
from cnncalc.checking.mistakes_in_writing import PHRASES
from cnncalc.checking.report import LikelyMistake
from cnncalc.checking.rule import CellVerdict, Rule
from cnncalc.checking.sources import Sources, carried_from
from cnncalc.language import Phrase
from cnncalc.problem.names import quantity_name
from cnncalc.records import replace

UNEARNED = Phrase(
    "This follows from your own {names}; nothing is earned by what follows, directly or not, from zeros or from one"
    " number everywhere."
)
NO_WORK = frozenset(["another-tensor", *PHRASES]) - {"too-few-digits"}
"""Codes that do not say how numbers were worked out."""
ANOTHER_SIZE = Phrase("Nothing can follow from your own {names}: the size is wrong.")


def is_placeholder(answer: MatchedAnswer, is_bad: Booleans, mistakes: Sequence[LikelyMistake]) -> bool:
    """Whether an answer is one number everywhere, of which fewer than half of the cells are right, or 0 at any rate.

    Sizes are alike as a rule, and so is what should be: where all of it is one number, another was worked out badly.
    0.0000 for 3e-6 is neither: it is the number, rounded too far; nor is what comes of a known mistake.
    """
    if any(mistake.code not in NO_WORK for mistake in mistakes):
        return False
    if not answer.is_complete or not is_bad.any() or quantity_name(answer.expected.tensor.name):
        return False
    if {CellVerdict.RIGHT, CellVerdict.TOO_FEW_DIGITS}.issuperset(answer.verdicts):
        return False
    first, *others = answer.middles.tolist()
    if any(other != first for other in others):
        return False
    due = answer.expected.tensor.value.ravel()[answer.positions]
    return first == 0 or (2 * int(is_bad.sum()) > len(is_bad) and bool((due != due[0]).any()))


def unearned(truth: Truth, answer: MatchedAnswer, is_bad: Booleans, sources: Sources, rule: Rule) -> set[str]:
    """The placeholders from which all that is wrong follows; none where it does not."""
    made_up = sources.placeholders
    if not made_up:
        return set()
    with_them = replace(
        sources, tensors=sources.tensors | made_up, typed=sources.typed | made_up, unrounded=sources.unrounded | made_up
    )
    basis = what_follows.recomputation(truth, answer, with_them)
    if basis is None or basis.nearest(answer.expected.tensor.name).isdisjoint(made_up):
        return set()
    follows = what_follows.following(answer, basis, with_them, rule) & is_bad
    return what_follows.used(answer, basis, follows) & made_up.keys() if follows.sum() == is_bad.sum() else set()


def of_another_size(truth: Truth, answer: MatchedAnswer, sources: Sources) -> set[str]:
    """The answers of a wrong size from which this one would have to follow."""
    if not sources.misshapen:
        return set()
    name = answer.expected.tensor.name
    basis = carried_from(truth, name, sources.tensors | dict.fromkeys(sources.misshapen, answer.middles))
    return basis.nearest(name) & sources.misshapen if basis.knows(name) else set()
