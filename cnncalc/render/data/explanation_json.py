"""How elements come about as JSON, for programs: contract `cnncalc-explain/1`."""

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

import numpy as np

from cnncalc.explaining import Explanation, Read, explain, frame, role
from cnncalc.layers.base import Apply, Entry, Index, Term
from cnncalc.lessons.lesson import lesson_of
from cnncalc.render.builders.element import Elements
from cnncalc.render.builders.explanation import scenes
from cnncalc.render.data.json import exact_text, formula, records
from cnncalc.render.table.number import DEFAULT_DIGITS
from cnncalc.trace import Tensor, Trace


@np.errstate(all="ignore")
def render(trace: Trace, tensor: Tensor, index: Index | None) -> str:
    """One JSON object, an element a line: one element, or each of the tensor's where `index` is None."""
    writer = Writer(trace)
    indices: Iterable[Index] = np.ndindex(tensor.shape) if index is None else [index]
    head = {
        "format": "cnncalc-explain/1",
        "title": trace.problem.title,
        "numbers": trace.numbers.name,
        "index_base": trace.problem.index_base,
        "name": tensor.name,
        "shape": list(tensor.shape),
        "formula": formula(trace, tensor),
    }
    return records(head, "elements", (writer.element(explain(trace, tensor, one)) for one in indices))


class Writer:
    """Writes the elements of one trace."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.base = trace.problem.index_base
        self.labels = Elements(trace, DEFAULT_DIGITS)
        self._scenes = {id(step): scene for step, scene in zip(trace.all_steps, scenes(trace), strict=True)}

    def element(self, made: Explanation) -> dict[str, Any]:
        """One element; what decides it without being added, and its window, where there are such."""
        value = float(made.tensor.value[made.index])
        record: dict[str, Any] = {
            "name": made.tensor.name,
            "index": self.counted(made.index),
            "value": value + 0.0 if isfinite(value) else None,
            "exact": exact_text(made.tensor, made.index),
            "terms": list(self.terms(made)),
        }
        seen = [self.named(made.read(entry)) for entry in self.seen(made)]
        window = frame(made)
        if seen:
            record["seen"] = seen
        if window is not None:
            rows = {} if window.rows is None else {"rows": self.counted(window.rows)}
            record["window"] = {"name": window.tensor.name, **rows, "columns": self.counted(window.columns)}
            record["padding"] = [self.counted(place) for place in window.padding]
        return record

    def terms(self, made: Explanation) -> Iterator[dict[str, Any]]:
        """The terms of all groups; `group` says what those of one have in common, null where there is one only."""
        for group in made.groups:
            label = self.labels.label(group, len(made.groups))
            for term in group.terms:
                yield {**self.term(made, term), "group": None if label is None else label.text("en")}

    def term(self, made: Explanation, term: Term) -> dict[str, Any]:
        """A product."""
        return {"coefficient": str(term.coefficient), "factors": [self.factor(made, factor) for factor in term.factors]}

    def factor(self, made: Explanation, factor: Entry | Apply) -> dict[str, Any]:
        """An element that is read, or a function of a sum."""
        if isinstance(factor, Apply):
            return {"function": factor.function, "terms": [self.term(made, term) for term in factor.terms]}
        assert made.step is not None
        return {**self.named(made.read(factor)), "role": role(made.step, factor)}

    def seen(self, made: Explanation) -> list[Entry]:
        """The elements that decide this one without being added: a pool's window, what a ReLU looks at."""
        if made.step is None:
            return []
        return list(lesson_of(made.step.layer).seen(self._scenes[id(made.step)], made.local, made.at))

    def named(self, read: Read) -> dict[str, Any]:
        """What is read: the tensor, and the place as a reader counts."""
        return {"name": read.tensor.name, "index": self.counted(read.index)}

    def counted(self, index: Iterable[int]) -> list[int]:
        """An index as a reader counts it."""
        return [int(i) + self.base for i in index]
