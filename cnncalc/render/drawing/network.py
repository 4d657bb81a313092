"""A network as a picture: a box for each layer with its shape and its parameters, gradients on their way back."""

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from cnncalc.language import NOTHING, Language, Phrase, verbatim
from cnncalc.layers.base import by
from cnncalc.lessons.lesson import lesson_of
from cnncalc.outline import options_of
from cnncalc.problem.problem import LayerEntry, Problem
from cnncalc.records import Record
from cnncalc.render.builders.sizes.words import options_in_words, typed
from cnncalc.render.drawing.drawing import Arrow, Box, Drawing, Item, Point, Text, text_width
from cnncalc.render.drawing.grid import phrase_width
from cnncalc.render.table.number import Number

TITLE = Phrase("The network: {layers}")
INPUT = Phrase("input")
SHAPE = Phrase("{shape},  {gradient}")
DASHED = Phrase(
    "in each box: the shape of its output, and the gradient with respect to it; dashed: how the gradients flow back"
)
VALUES = Phrase(
    "in each box: its value; ∂: the gradient of {output} with respect to it; dashed: how the gradients flow back"
)
SIZE, SMALL = 11.0, 9.0
LINE, PADDING = 12.5, 6.0
"""Points from one line of a box to the next, and around them."""
BELOW, BESIDE = 26.0, 20.0
"""Points between boxes."""
WIDEST = 480.0
"""Points of a row of boxes that run across the page."""
HIGHEST = 520.0
"""Points of a column of boxes on a page."""
MOST_OFF = 4
"""Parts of a column's height by which it may be off for each edge less that is cut."""
LANE = 13.0
BACK = 9.0
"""How far the way back runs beside the way there."""


class Node(Record):
    """An input, a layer or the loss."""

    name: str
    details: tuple[Phrase, ...]
    """Kind, options, parameters and shape, a line each."""
    shape: str
    takes: tuple[str, ...]
    is_round: bool = False
    value: str = ""
    """Behind its name, with a sign in front."""

    @property
    def title(self) -> str:
        """What stands at its head."""
        return self.name + self.value


Places = Mapping[str, tuple[float, float]]
Numbers = Mapping[str, Number]
"""By a tensor's name, the number that it is."""


def nodes_of(problem: Problem, numbers: Numbers | None = None) -> list[Node]:
    """In the order of the file; a network of single numbers may show them instead of shapes."""
    known = numbers or {}
    nodes = [_node(problem, known, one.name, (INPUT,), _of(problem, one.name), (), True) for one in problem.inputs]
    nodes += [
        _node(problem, known, one.name, (_kind(one), *_details(one)), one.output_shape, one.sources)
        for one in problem.layers
    ]
    loss = problem.loss
    if loss is not None:
        nodes.append(Node(loss.name, (lesson_of(loss.loss).kind,), "", (problem.output,), is_round=True))
    return nodes


def _node(
    problem: Problem,
    numbers: Numbers,
    name: str,
    details: tuple[Phrase, ...],
    shape: tuple[int, ...],
    takes: Sequence[str],
    is_round: bool = False,
) -> Node:
    if name in numbers:
        value, slope = numbers[name], numbers[f"d{problem.loss_name}/d{name}"]
        kind = () if is_round else (Phrase(", ", "，").join(details),)
        return Node(name, (*kind, verbatim(f"∂{_equal(slope)}")), by(shape), tuple(takes), is_round, _equal(value))
    said = verbatim(by(shape))
    if _is_trained(problem):
        said = SHAPE.format(shape=said, gradient=f"∂{problem.loss_name}/∂{name}")
    return Node(name, (*details, said), by(shape), tuple(takes), is_round)


def _equal(number: Number) -> str:
    return f" {'=' if number.plain == number.text and not number.rounded else '≈'} {number.plain}"


def _is_trained(problem: Problem) -> bool:
    return problem.loss is not None or problem.upstream is not None


def _of(problem: Problem, name: str) -> tuple[int, ...]:
    """The shape of an input, without N, as the first layer that takes it sees it."""
    for one in problem.layers:
        shapes = dict(zip(one.inputs, (one.input_shape, *one.operands.values()), strict=True))
        if name in shapes:
            return shapes[name]
    return next(one.entries.shape for one in problem.inputs if one.name == name)[1:]


def _kind(entry: LayerEntry) -> Phrase:
    kind = lesson_of(entry.layer).kind
    return kind if kind != NOTHING else verbatim(entry.layer.type)


def _details(entry: LayerEntry) -> tuple[Phrase, ...]:
    options = options_in_words({name: typed(value) for name, value in options_of(entry.layer).items()}, between=" ")
    tensors = ", ".join(f"{one.name} {by(one.entries.shape)}" for one in entry.parameters.values())
    return tuple(text for text in (options, verbatim(tensors)) if text != NOTHING)


def network(problem: Problem, across: bool = False, numbers: Numbers | None = None) -> Drawing:
    """From top to bottom; branches stand side by side, and what skips a row runs beside the boxes.

    `across`: as a page has room for it, a chain from left to right in as many rows as it takes, a graph in columns.
    `numbers`: what the tensors are, if each is one number.
    """
    nodes = nodes_of(problem, numbers)
    has_gradients = _is_trained(problem)
    sizes = {node.name: _size(node) for node in nodes}
    is_chain = (
        all(len(node.takes) <= 1 for node in nodes) and len({t for n in nodes for t in n.takes}) == len(nodes) - 1
    )
    if across and is_chain:
        items, right, bottom = _across(nodes, sizes, has_gradients)
    else:
        items, right, bottom = _down(nodes, sizes, has_gradients, HIGHEST if across else math.inf)
    if has_gradients:
        bottom += LINE
        legend = VALUES.format(output=problem.loss_name) if numbers else DASHED
        items.append(Text(0, bottom, legend, "start", SMALL))
        right = max(right, phrase_width(legend, SMALL))
    mermaid = Phrase(_mermaid(nodes, "en"), _mermaid(nodes, "zh"))
    layers = " → ".join(node.name for node in nodes)
    return Drawing(right, bottom + LINE / 2, tuple(items), TITLE.format(layers=layers), mermaid)


def _across(nodes: Sequence[Node], sizes: Places, has_gradients: bool) -> tuple[list[Item], float, float]:
    """Rows from left to right; from the end of one a line leads to the start of the next."""
    rows: list[list[Node]] = [[]]
    width = 0.0
    for node in nodes:
        if rows[-1] and width + sizes[node.name][0] > WIDEST:
            rows.append([])
            width = 0.0
        rows[-1].append(node)
        width += sizes[node.name][0] + BESIDE
    items: list[Item] = []
    top = right = 0.0
    last: tuple[float, float] | None = None
    for row in rows:
        height = max(sizes[node.name][1] for node in row)
        x, middle = 0.0, top + height / 2
        for node in row:
            wide, high = sizes[node.name]
            if last is not None and x > 0:
                items += _pair((last, (x, middle)), has_gradients)
            elif last is not None:
                # Around the end of the row, and into the first box from above.
                turn, gap = last[0] + BESIDE / 2, top - BELOW / 2
                way = (last, (turn, last[1]), (turn, gap), (wide / 2, gap), (wide / 2, middle - high / 2))
                items += _pair(way, has_gradients)
                right = max(right, turn + BACK)
            items += _box(node, x, middle - high / 2, wide, high)
            last = (x + wide, middle)
            right = max(right, x + wide)
            x += wide + BESIDE
        top += height + BELOW
    return items, right, top - BELOW


def _down(
    nodes: Sequence[Node], sizes: Places, has_gradients: bool, highest: float = math.inf
) -> tuple[list[Item], float, float]:
    """A row for each distance from the inputs; what would be higher than `highest` goes on in another column."""
    rows = _rows(nodes)
    row_of = {node.name: number for number, row in enumerate(rows) for node in row}
    heights = [max(sizes[node.name][1] for node in row) + BELOW for row in rows]
    edges = [(start, node.name) for node in nodes for start in node.takes]
    firsts = _first_rows(heights, [(row_of[start], row_of[end]) for start, end in edges], highest)
    column_of = [sum(first <= number for first in firsts) - 1 for number in range(len(rows))]

    def is_straight(start: str, end: str) -> bool:
        return row_of[end] == row_of[start] + 1 and row_of[end] not in firsts[1:]

    # What skips a row runs beside all boxes of its column; from one column to another, above them all.
    beside: list[list[tuple[str, str]]] = [[] for _ in firsts]
    above: list[tuple[str, str]] = []
    for edge in edges:
        first, last = (row_of[name] for name in edge)
        if is_straight(*edge):
            continue
        beside[column_of[first]].append(edge)
        if column_of[first] != column_of[last]:
            above.append(edge)
            if last not in firsts:
                beside[column_of[last]].append(edge)
    highway = 2 * LANE * len(above)
    places: dict[str, tuple[float, float]] = {}
    tops: list[float] = []
    lanes: dict[tuple[int, tuple[str, str]], float] = {}
    left = right = bottom = 0.0
    for column, (first, past) in enumerate(pairwise((*firsts, len(rows)))):
        widths = [sum(sizes[node.name][0] for node in row) + BESIDE * (len(row) - 1) for row in rows[first:past]]
        top = highway
        for row, width, height in zip(rows[first:past], widths, heights[first:past], strict=True):
            x = left + (max(widths) - width) / 2
            for node in row:
                places[node.name] = (x, top)
                x += sizes[node.name][0] + BESIDE
            tops.append(top)
            top += height
        # Below the last box of a column the way begins that leads to the next.
        bottom = max(bottom, top if past < len(rows) else top - BELOW)
        right = left + max(widths)
        for way in beside[column]:
            right += 2 * LANE
            lanes[column, way] = right
        right += BACK
        left = right + 2 * LANE
    items: list[Item] = []
    for node in nodes:
        items += _box(node, *places[node.name], *sizes[node.name])
    for start, end in edges:
        x = places[end][0] + sizes[end][0] / 2
        x0, y0 = places[start][0] + sizes[start][0] / 2, places[start][1] + sizes[start][1]
        y = places[end][1]
        through: list[Point] = [(x0, y0)]
        if not is_straight(start, end):
            # Below one row to the right, along its lane, and above another row back.
            out, back = tops[row_of[start]] + heights[row_of[start]] - BELOW / 3, y - BELOW / 2
            lane = lanes[column_of[row_of[start]], (start, end)]
            through += [(x0, out), (lane, out)]
            if (start, end) in above:
                over = highway - BELOW / 2 - 2 * LANE * above.index((start, end))
                through.append((lane, over))
                lane = lanes.get((column_of[row_of[end]], (start, end)), x)
                through.append((lane, over))
            through += [(lane, back), (x, back)] if lane != x else []
        items += _pair((*through, (x, y)), has_gradients)
    return items, right, bottom


def _first_rows(heights: Sequence[float], edges: Sequence[tuple[int, int]], highest: float) -> list[int]:
    """The row that each column begins with: columns about equally high, cut where the fewest edges are cut."""
    count = math.ceil(sum(heights) / highest) if highest < math.inf else 1
    firsts = [0]
    for column in range(1, count):
        begin = firsts[-1]
        left = sum(heights[begin:]) / (count - column + 1)
        ends = [row for row in range(begin + 1, len(heights)) if sum(heights[begin:row]) <= highest]
        off = {row: abs(sum(heights[begin:row]) - left) for row in ends}
        cut = {row: sum(first < row <= last for first, last in edges) for row in ends}
        costs = [(off[row] // (left / MOST_OFF) + cut[row], off[row], row) for row in ends]
        firsts += [min(costs)[-1]] if costs else []
    return firsts


def _pair(way: Sequence[Point], has_gradients: bool) -> list[Item]:
    """The way there, and the way back along its left side."""
    arrows: list[Item] = [Arrow(tuple(way))]
    if has_gradients:
        asides = [_aside(*piece) for piece in pairwise(way)]
        # A corner is moved by both pieces that meet in it.
        corners = zip(way, [{asides[0]}, *map(set, pairwise(asides)), {asides[-1]}], strict=True)
        back = [(x + sum(dx for dx, _ in moved), y + sum(dy for _, dy in moved)) for (x, y), moved in corners]
        arrows.append(Arrow(tuple(reversed(back)), dashed=True))
    return arrows


def _aside(start: Point, end: Point) -> Point:
    """By how much a straight piece is moved for the way back; one that slants begins and ends at level edges."""
    is_level = start[1] == end[1]
    return (0.0, math.copysign(BACK, start[0] - end[0])) if is_level else (math.copysign(BACK, end[1] - start[1]), 0.0)


def _rows(nodes: Sequence[Node]) -> list[list[Node]]:
    """Each node below all that it takes."""
    depth: dict[str, int] = {}
    rows: list[list[Node]] = []
    for node in nodes:
        depth[node.name] = max((depth[taken] + 1 for taken in node.takes), default=0)
        while len(rows) <= depth[node.name]:
            rows.append([])
        rows[depth[node.name]].append(node)
    return rows


def _size(node: Node) -> tuple[float, float]:
    inside = max(text_width(node.title, SIZE, bold=True), *(phrase_width(text, SMALL) for text in node.details))
    return max(60.0, inside) + 2 * PADDING, LINE * (1 + len(node.details)) + PADDING


def _box(node: Node, x: float, y: float, width: float, height: float) -> list[Item]:
    middle = x + width / 2
    items: list[Item] = [
        Box(x, y, width, height, round=node.is_round),
        Text(middle, y + PADDING / 2 + LINE / 2, verbatim(node.title), size=SIZE, bold=True),
    ]
    for number, text in enumerate(node.details):
        items.append(Text(middle, y + PADDING / 2 + LINE * (number + 1.5), text, size=SMALL))
    return items


def _mermaid(nodes: Sequence[Node], language: Language) -> str:
    """The graph for Mermaid; what has a meaning there is written by its code."""
    numbers = {node.name: f"n{number}" for number, node in enumerate(nodes)}
    lines = ["flowchart TB"]
    for node in nodes:
        text = "<br/>".join(map(_quoted, (node.title, *(detail.text(language) for detail in node.details))))
        left, right = ("([", "])") if node.is_round else ("[", "]")
        lines.append(f'  {numbers[node.name]}{left}"{text}"{right}')
    shapes = {node.name: node.shape for node in nodes}
    for node in nodes:
        lines += [f'  {numbers[taken]} -->|"{_quoted(shapes[taken])}"| {numbers[node.name]}' for taken in node.takes]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return re.sub(r"[^\w ,.:/×=+()∂，、-]", lambda found: f"#{ord(found[0])};", text)
