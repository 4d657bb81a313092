"""Networks as pictures: what a reader sees is read back out of the SVG, the TikZ and the Mermaid."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

import cnncalc
from cnncalc.language import verbatim
from cnncalc.layers.base import by
from cnncalc.problem.problem import Problem
from cnncalc.render.drawing.drawing import Arrow, Box, Drawing, Text
from cnncalc.render.drawing.network import network
from cnncalc.render.drawing.svg import svg
from cnncalc.render.renderers.latex import tikz

from ..command import ROOT, run

PROBLEMS = sorted(path.stem for path in (ROOT / "problems").glob("*.yaml"))
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = """
input: {name: x, value: [[1, 2], [3, 4]]}
layers: [conv: {name: a_b', weight: [[1]]}, relu: {name: 卷_1}]
"""


def load(stem: str) -> Problem:
    return cnncalc.load(ROOT / "problems" / f"{stem}.yaml")


def texts(drawn: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def edges(problem: Problem) -> int:
    return sum(len(entry.inputs) for entry in problem.layers) + (problem.loss is not None)


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("stem", PROBLEMS)
def test_every_layer_with_its_shape_and_every_way(stem: str, across: bool) -> None:
    problem = load(stem)
    drawing = network(problem, across)
    shown = texts(svg(drawing, is_file=True))
    is_trained = problem.loss is not None or problem.upstream is not None
    for entry in problem.layers:
        assert entry.name in shown
        shape = by(entry.output_shape) + (f",  ∂{problem.loss_name}/∂{entry.name}" if is_trained else "")
        assert shape in shown
        assert all(
            any(f"{one.name} {by(one.entries.shape)}" in text for text in shown) for one in entry.parameters.values()
        )
    lines = [
        path
        for path in ElementTree.fromstring(svg(drawing, is_file=True)).iter(f"{SVG}path")
        if path.get("fill") is None
    ]
    dashed = [path for path in lines if path.get("stroke-dasharray")]
    assert len(lines) == edges(problem) * (1 + is_trained)
    assert len(dashed) == edges(problem) * is_trained
    made = tikz(drawing)
    assert made.count("->") == len(lines)
    assert made.count(r"\node") == len(shown)
    assert drawing.mermaid.text("zh").count("-->") == edges(problem)


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("stem", PROBLEMS)
def test_no_box_lies_on_another_and_nothing_outside(stem: str, across: bool) -> None:
    drawing = network(load(stem), across)
    boxes = [item for item in drawing.items if isinstance(item, Box)]
    for a, b in combinations(boxes, 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart, (a, b)
    assert all(box.x >= 0 and box.x + box.width <= drawing.width for box in boxes)
    assert all(box.y >= 0 and box.y + box.height <= drawing.height for box in boxes)


@pytest.mark.parametrize("across", [False, True], ids=["down", "across"])
@pytest.mark.parametrize("stem", ["hw11", "residual_block", "inception_block"])
def test_every_line_leads_from_a_box_to_a_box(stem: str, across: bool) -> None:
    drawing = network(load(stem), across)
    boxes = [item for item in drawing.items if isinstance(item, Box)]
    for arrow in (item for item in drawing.items if isinstance(item, Arrow)):
        for x, y in (arrow.points[0], arrow.points[-1]):
            assert any(
                (box.x <= x <= box.x + box.width and min(abs(y - box.y), abs(y - box.y - box.height)) < 1e-6)
                or (box.y <= y <= box.y + box.height and min(abs(x - box.x), abs(x - box.x - box.width)) < 1e-6)
                for box in boxes
            )


TALL = """
input: {name: x, value: [[1, 2], [0, -1]]}
layers:
  - conv: {name: c1, weight: [[1]]}
  - relu: {name: r1}
  - conv: {name: c2, weight: [[2]]}
  - add: {name: a1, inputs: [c2, x]}
  - relu: {name: y1}
  - conv: {name: c3, weight: [[1]]}
  - add: {name: a2, inputs: [c3, y1]}
  - relu: {name: y2}
  - concat: {name: k, inputs: [y2, y1, x]}
  - conv: {name: c5, weight: [[[[1]], [[2]], [[1]]]]}
  - conv: {name: c6, weight: [[3]]}
  - add: {name: a3, inputs: [c6, c1]}
  - flatten
  - fc: {name: s, weight: [[1, 0, 1, 2], [1, 2, 3, 0]]}
loss: {mse: {target: [0, 1]}}
"""


def test_a_tall_graph_stands_in_columns() -> None:
    drawing = network(cnncalc.loads(TALL), across=True)
    assert drawing.is_legible_on_a_page
    assert not network(cnncalc.loads(TALL)).is_legible_on_a_page
    boxes = [item for item in drawing.items if isinstance(item, Box)]
    legend = next(item for item in drawing.items if isinstance(item, Text) and item.anchor == "start")
    for arrow in (item for item in drawing.items if isinstance(item, Arrow)):
        assert all(-1 <= x <= drawing.width + 1 and -1 <= y < legend.y - legend.size / 2 for x, y in arrow.points)
        for (x0, y0), (x1, y1) in pairwise(arrow.points):
            for box in boxes:
                beside = max(x0, x1) <= box.x or min(x0, x1) >= box.x + box.width
                assert beside or max(y0, y1) <= box.y or min(y0, y1) >= box.y + box.height, (arrow, box)


def test_a_skip_runs_beside_all_boxes() -> None:
    drawing = network(load("residual_block"))
    boxes = [item for item in drawing.items if isinstance(item, Box)]
    far = max(box.x + box.width for box in boxes)
    paths = re.findall(r'<path d="M([^"]*)" ?[^>]*/>', svg(drawing))
    assert any(float(point.split()[0]) > far for path in paths for point in path.replace("Z", "").split("L"))


def test_names_are_harmless() -> None:
    problem = cnncalc.loads(HOSTILE)
    shown = texts(svg(network(problem), is_file=True))
    assert {"x", "a_b'", "卷_1"} <= set(shown)
    made = tikz(network(problem))
    assert r"a\_b'" in made
    assert '"a_b#39;<br/>' in network(problem).mermaid.text("en")
    drawing = Drawing(1, 1, (Text(0, 0, verbatim('a<b>&"%_$')),))
    assert texts(svg(drawing, is_file=True)) == ['a<b>&"%_$']
    assert r"a\textless{}b\textgreater{}\&\textquotedbl{}\%\_\$" in tikz(drawing)


def test_as_a_command(tmp_path: Path) -> None:
    for name, start in (("n.svg", "<?xml"), ("n.tex", "% !TEX"), ("n.md", "```mermaid\nflowchart TB\n")):
        result = run(["draw", "problems/resnet18.yaml", "-o", str(tmp_path / name)])
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert r"\begin{tikzpicture}" in (tmp_path / "n.tex").read_text(encoding="utf-8")
    assert "框内为输出形状" in run(["draw", "problems/hw11.yaml", "--language", "zh"]).stdout
