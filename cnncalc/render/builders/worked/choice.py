"""Which elements of a tensor a worked solution works out: all of a small one, examples of a larger one."""

from itertools import product

import numpy as np

from cnncalc.explaining import Explanation, explain
from cnncalc.layers.base import Entry, Index, Term
from cnncalc.layers.windows.pool import Pool
from cnncalc.lessons.lesson import Lesson
from cnncalc.render.formula.term_formula import Coefficient
from cnncalc.scene import Scene
from cnncalc.trace import Tensor, Trace

FEW_ELEMENTS = 4
ALL_ELEMENTS, ALL_TERMS = 10, 300
"""Every element is worked out where there are no more elements and terms than that."""
MOST_BRANCHES = 2
"""Of so many numbers, such as 0 and x, one is chosen in the same way throughout; of a window it is another each time.
"""
MOST_EXAMPLES = 4
MOST_LOOKED_AT = 200
MOST_COMPARED = 8


def chosen(trace: Trace, tensor: Tensor, lesson: Lesson, scene: Scene, everything: bool) -> list[Explanation]:
    """The elements of a tensor that are worked out."""
    size = tensor.elements.size
    first = explain(trace, tensor, (0,) * len(tensor.shape))
    if everything:
        return [explain(trace, tensor, index) for index in np.ndindex(tensor.shape)]
    is_of_window = len(lesson.compared(scene, first.local, first.at)) > MOST_BRANCHES or (
        isinstance(scene.layer, Pool) and first.local == "y"
    )
    if size > FEW_ELEMENTS and copies(first) and not is_of_window:
        return _one_of_each_kind(trace, tensor)
    if size <= ALL_ELEMENTS and size * len(first.terms) <= ALL_TERMS:
        return [explain(trace, tensor, index) for index in np.ndindex(tensor.shape)]
    axes = tensor.shape[:-2] if len(tensor.shape) > 2 else tensor.shape[:-1]
    leads = list(product(*map(range, axes)))
    zero = [bool(trace.numbers.is_known_equal(tensor.elements[lead], 0).all()) for lead in leads[:MOST_EXAMPLES]]
    if all(zero):
        # Where there is nothing to be seen in the first, one is taken in which there is.
        rest = (lead for lead in leads if not trace.numbers.is_known_equal(tensor.elements[lead], 0).all())
        leads = [*leads[: MOST_EXAMPLES - 1], next(rest, leads[-1])]
    return [_telling(trace, tensor, lead) for lead in dict.fromkeys(leads[:MOST_EXAMPLES])]


def _telling(trace: Trace, tensor: Tensor, lead: Index) -> Explanation:
    """Of some elements of a channel that are not 0 the first with the most terms; at an edge there are fewer."""
    part = tensor.elements[lead]
    nonzero = np.argwhere(~trace.numbers.is_known_equal(part, 0)).tolist()
    places = nonzero[:: 1 + len(nonzero) // MOST_COMPARED] or [[0] * part.ndim]
    made = [explain(trace, tensor, (*lead, *place)) for place in places]
    return max(made, key=lambda one: len(one.terms))


def _one_of_each_kind(trace: Trace, tensor: Tensor) -> list[Explanation]:
    """Where elements are only passed on: one that is, and one that is not, or with another factor.

    Where several inputs are passed on, one of each.
    """
    step, local = trace.maker(tensor)
    is_of_several = step is not None and step.layer.takes_several and local == "y"
    found: dict[tuple[tuple[Coefficient, str], ...], Explanation] = {}
    nonzero = ~trace.numbers.is_known_equal(tensor.elements, 0)
    # What is passed on is best seen on an element that is not 0.
    places = [*np.argwhere(nonzero).tolist(), *np.argwhere(~nonzero)[:1].tolist()]
    apart = 1 + len(places) // MOST_LOOKED_AT if is_of_several else 1
    for place in places[::apart][:MOST_LOOKED_AT] + places[-1:]:
        made = explain(trace, tensor, tuple(place))
        found.setdefault(tuple((term.coefficient, passed_on(term)) for term in made.terms), made)
        if len(found) == (MOST_EXAMPLES if is_of_several else 2) and len(made.terms) <= 1:
            break
    chosen = list(found.values())
    most = max(chosen, key=lambda one: len(one.terms))
    # Where elements are also made of several, as between the cells of an image, the first of those with the most leads.
    return chosen if len(most.terms) <= 1 else [most, *(one for one in chosen if one is not most)][:2]


def passed_on(term: Term) -> str:
    """The tensor whose element is passed on, by the layer's name."""
    return next((factor.tensor for factor in term.factors if isinstance(factor, Entry)), "")


def copies(made: Explanation) -> bool:
    """Whether the layer only passes elements on: there is one term at most, an element with a coefficient."""
    terms = made.terms
    return not terms or (len(terms) == 1 and len(terms[0].factors) == 1 and isinstance(terms[0].factors[0], Entry))
