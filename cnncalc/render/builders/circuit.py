"""An expression as a Document: every node with its value and its gradient, every edge with its local derivative."""

from collections.abc import Iterator, Sequence

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import NOTHING, Phrase, verbatim
from cnncalc.layers.functions import OfOne
from cnncalc.render.builders.naming import step_names
from cnncalc.render.builders.solution import SolutionBuilder
from cnncalc.render.document import Block, Column, Document, Heading, Paragraph, Table
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import display_name
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.table.number import DEFAULT_DIGITS, describe
from cnncalc.step import Step
from cnncalc.trace import Trace

NODES = Phrase("Every node")
INTRODUCTION = Phrase(
    "Values from top to bottom, gradients from bottom to top: each node's gradient of {output} is the sum over its"
    " edges below."
)
EDGES = Phrase("Every edge: gradient × local derivative")
FORWARD = Phrase("Forward mode")
DERIVED = Phrase("Derivatives by each letter, carried along from top to bottom: the last line is the gradient.")
NODE, RULE, VALUE = Phrase("Node"), Phrase("is"), Phrase("Value")
EDGE, LOCAL, PART = (Phrase("Edge"), Phrase("Local derivative"), Phrase("Part"))
UPSTREAM = Phrase("Gradient above")


def circuit(trace: Trace, digits: int = DEFAULT_DIGITS, forward_mode: bool = False) -> Document:
    """The Document of a problem of expressions."""
    made = _Circuit(trace, digits)
    output = trace.problem.output
    blocks: list[Block] = [Heading(1, verbatim(trace.problem.title))] if trace.problem.title else []
    blocks += [Heading(2, NODES), Paragraph(INTRODUCTION.format(output=output)), made.nodes()]
    blocks += [Heading(2, EDGES), made.edges()]
    if forward_mode:
        blocks += [Heading(2, FORWARD), Paragraph(DERIVED), made.carried()]
    return Document((*blocks, *SolutionBuilder(trace, digits).conventions_part(trace)))


class _Circuit:
    """The tables."""

    def __init__(self, trace: Trace, digits: int) -> None:
        self.trace, self.digits = trace, digits
        self.inputs = [given.name for given in trace.problem.inputs]

    def nodes(self) -> Table:
        """The letters, then the steps in order."""
        gradient = display_name(self._gradient("…"))
        columns = (Column(NODE), Column(RULE), Column(VALUE, "right"), Column(verbatim(gradient), "right"))
        rows = [(name, "") for name in self.inputs] + [(step.name, self._rule(step)) for step in self.trace.steps]
        return Table(
            columns,
            tuple(
                (verbatim(name), verbatim(rule), self._number(name), self._number(self._gradient(name)))
                for name, rule in rows
            ),
        )

    def edges(self) -> Table:
        """From the end on: what arrives at a node, times the local derivative, is the part of each of its inputs."""
        columns = (Column(EDGE), Column(LOCAL), Column(NOTHING, "right"), Column(UPSTREAM, "right"))
        rows = []
        for step in reversed(self.trace.steps):
            for local, name, slope in self._slopes(step):
                part = self._text(step.tensors[f"d{local}"])
                edge = verbatim(f"{step.name} → {name}")
                named = verbatim(self._local(step, local, name))
                rows.append(
                    (edge, named, verbatim(self._text(slope)), self._number(self._gradient(step.name)), verbatim(part))
                )
        return Table((*columns, Column(PART, "right")), tuple(rows))

    def carried(self) -> Table:
        """Forward mode: the derivatives of every node by every letter."""
        numbers = self.trace.numbers
        known: dict[str, list[Array]] = {}
        for name in self.inputs:
            known[name] = [numbers.full((1,), numbers.number(int(name == other))) for other in self.inputs]
        for step in self.trace.steps:
            totals = [numbers.zeros((1,)) for _ in self.inputs]
            for _, name, slope in self._slopes(step):
                totals = [total + slope * moved for total, moved in zip(totals, known[name], strict=True)]
            known[step.name] = [numbers.simplified(total) for total in totals]
        columns = [Column(NODE), *(Column(verbatim(f"∂…/∂{name}"), "right") for name in self.inputs)]
        rows = [(verbatim(name), *(verbatim(self._text(one)) for one in moved)) for name, moved in known.items()]
        return Table(tuple(columns), tuple(rows))

    def _slopes(self, step: Step) -> Iterator[tuple[str, str, Array]]:
        """For each input: the step's name for it, its own, and the derivative of the output by it."""
        numbers = self.trace.numbers
        one = numbers.full(step.tensors["y"].shape, numbers.number(1))
        with np.errstate(all="ignore"):
            made = step.layer.backward(numbers, one, step.tensors)
        for local, name in step.inputs().items():
            yield local, name, numbers.simplified(np.asarray(made[f"d{local}"]))

    def _local(self, step: Step, local: str, name: str) -> str:
        """`∂q/∂x = y`: the formula of the gradient without what arrives; the derivative alone where it has cases."""
        left = f"∂{step.name}/∂{name}"
        lines = self._lines(step, f"d{local}")
        if len(lines) != 1:
            return left
        _, _, right = lines[0].partition(" = ")
        arrives = display_name(self._gradient(step.name))
        sign = "-" if right.startswith("-") else ""
        right = right.removeprefix("-")
        if right == arrives:
            return f"{left} = {sign}1"
        return f"{left} = {sign}{right.removeprefix(arrives + '·')}" if right.startswith(arrives + "·") else left

    def _rule(self, step: Step) -> str:
        lines = self._lines(step, "y")
        if len(lines) == 1:
            return lines[0].partition(" = ")[2]
        label = (isinstance(step.layer, OfOne) and step.layer.label) or step.layer.type
        number = getattr(step.layer, "number", None)
        inside = ", ".join([*step.inputs().values(), *([str(number)] if number is not None else [])])
        return label.replace("x", inside) if label == "|x|" else f"{label}({inside})"

    def _lines(self, step: Step, local: str) -> Sequence[str]:
        source = step.layer.formulas(self.trace.setting(step))[local]
        return formula_text(Formula(source, step_names(self.trace, step)))

    def _gradient(self, name: str) -> str:
        return f"d{self.trace.problem.loss_name}/d{name}"

    def _number(self, name: str) -> Phrase:
        return verbatim(self._text(self.trace[name].elements))

    def _text(self, elements: Array) -> str:
        """One number."""
        return describe(self.trace.numbers, np.asarray(elements, dtype=object).ravel()[0], self.digits).text
