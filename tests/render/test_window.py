"""The window of a convolution as a picture: its numbers, read back out of the SVG and the TikZ, make the tensor."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree

import numpy as np
import pytest

import cnncalc
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Figure
from cnncalc.render.drawing.drawing import Box, Drawing
from cnncalc.render.drawing.svg import svg
from cnncalc.render.renderers.latex import tikz
from cnncalc.trace import Trace

from ..command import ROOT
from ..problem_files import solved

X = [[[1, 5, 2, -3], [4, 0, 7, 6], [-2, 3, 8, 1]], [[0, 1, 2, 3], [5, 0.5, 4, 2], [1, 1, 0, -1]]]
W = [[[[1, 2], [-3, 0.25]], [[2, 0], [1, -1]]], [[[0, 1], [2, 3]], [[1, 1], [1, 1]]]]
OPTIONS = ["", "padding: 1, stride: 2", "padding: [[1, 0], [0, 2]], flip: true", "dilation: [1, 2]", "stride: [1, 2]"]
SVG = "{http://www.w3.org/2000/svg}"


def windows(trace: Trace, length: str = "full", title: str = "The window of") -> list[Drawing]:
    blocks = worked(trace, Wishes(length=length)).blocks  # type: ignore[arg-type]
    return [block.drawing for block in blocks if isinstance(block, Figure) and title in block.drawing.title.en]


def read_svg(drawing: Drawing) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg(drawing, is_file=True)).iter(f"{SVG}text")]


def read_tikz(drawing: Drawing) -> list[str]:
    nodes = re.findall(r"\\selectfont(?:\\bfseries)? (.*)\};", tikz(drawing))
    return [
        node.replace(r"\partial", "∂").replace(r"\_", "_").replace("$", "").replace(r"\cdot", "·").replace("{}", "")
        for node in nodes
    ]


def product(text: str) -> Fraction:
    left, right = (Fraction(part.strip("() ")) for part in text.split("·"))
    return left * right


def check(texts: list[str], trace: Trace, channels: int, made: str = "y") -> int:
    """The products of each channel make its sum, the sums and the bias the element; returns how many there were."""
    count, products, sums = 0, list[Fraction](), list[Fraction]()
    name = re.escape(made.replace("dL/d", "∂L/∂"))
    for text in texts:
        if "·" in text:
            products.append(product(text))
        elif found := re.fullmatch(r"(?:output )?channel \d+: (\S+)", text):
            assert sum(products) == Fraction(found[1])
            sums.append(sum(products, Fraction()))
            products = []
        elif found := re.fullmatch(rf"{name}\[([\d,]+)\] = (.*)", text):
            terms = [Fraction(term.strip("()")) for term in found[2].split(" = ")[0].split(" + ")]
            assert terms[:channels] == sums
            index = tuple(int(i) - 1 for i in found[1].split(","))
            assert float(sum(terms)) == float(trace[made].value[index]) == float(Fraction(found[2].split()[-1]))
            sums = []
            count += 1
    return count


@pytest.mark.parametrize("options", OPTIONS)
def test_products_make_sums_and_sums_the_tensor(options: str) -> None:
    weight = f"weight: {{name: w, value: {W}}}, bias: {{name: b, value: [0.5, 1]}}"
    text = f"input: {{name: x, value: {X}}}\nlayers:\n  - conv: {{name: y, {weight}, {options}}}\n"
    trace = cnncalc.solve(cnncalc.loads(text))
    (drawing,) = windows(trace)
    for texts in (read_svg(drawing), read_tikz(drawing)):
        assert check(texts, trace, channels=2) == min(3, int(np.prod(trace["y"].shape[1:])))
        shown = [Fraction(one) for one in texts if re.fullmatch(r"-?[\d.]+", one)]
        assert set(np.ravel(X).tolist()) <= {float(one) for one in shown}


@pytest.mark.parametrize("options", OPTIONS)
def test_the_turned_kernel_over_the_gradient_makes_that_of_the_input(options: str) -> None:
    conv = f"conv: {{name: y, weight: {{name: w, value: {W}}}, {options}}}"
    forward = cnncalc.solve(cnncalc.loads(f"input: {{name: x, value: {X}}}\nlayers:\n  - {conv}\n"))
    upstream = np.arange(1, forward["y"].value.size + 1).reshape(forward["y"].shape).tolist()
    text = f"input: {{name: x, value: {X}}}\nlayers:\n  - {conv}\nupstream: {upstream}\n"
    trace = cnncalc.solve(cnncalc.loads(text))
    (drawing,) = windows(trace, title="kernel of ∂L/∂x over the gradient")
    # A kernel that was turned forward lies as it stands on the way back.
    assert ("turned" in drawing.title.en) == ("flip" not in options)
    for texts in (read_svg(drawing), read_tikz(drawing)):
        assert check(texts, trace, channels=2, made="dL/dx") >= 2
        shown = {float(Fraction(one)) for one in texts if re.fullmatch(r"-?[\d.]+", one)}
        assert shown - {0.0} <= set(np.ravel(upstream).tolist())


@pytest.mark.parametrize(("padding", "is_said"), [("valid", False), ("1", True)])
def test_the_legend_speaks_of_zeros_where_there_are_some(padding: str, is_said: bool) -> None:
    text = f"input: {{fill: 2, shape: [3, 3]}}\nlayers:\n  - conv: {{weight: [[1, 2], [3, 4]], padding: {padding}}}\n"
    (drawing,) = windows(cnncalc.solve(cnncalc.loads(text)))
    assert any("dashed: padding" in one for one in read_svg(drawing)) == is_said
    assert any(isinstance(item, Box) and item.dashed for item in drawing.items) == is_said


def test_in_full_and_everything_and_not_in_brief() -> None:
    trace = solved(ROOT / "problems" / "hw11.yaml")
    assert [len(windows(trace, length)) for length in ("brief", "full", "everything")] == [0, 1, 1]


@pytest.mark.parametrize("options", ["", "padding: 1", "padding: [0, 2], stride: 2", "dilation: 2, flip: true"])
def test_a_signal_is_drawn_as_a_row(options: str) -> None:
    conv = f"conv1d: {{name: y, weight: {{name: w, value: [[[1, -2, 3]], [[0, 1, 4]]]}}, bias: [0.5, 1], {options}}}"
    text = f"input: {{name: x, value: [2, -1, 0, 3, 5, -4]}}\nlayers:\n  - {conv}\n"
    trace = cnncalc.solve(cnncalc.loads(text))
    (drawing,) = windows(trace)
    for texts in (read_svg(drawing), read_tikz(drawing)):
        assert check(texts, trace, channels=1) == min(3, trace["y"].shape[-1])


@pytest.mark.parametrize("options", ["", "stride: 2", "stride: 2, padding: 1, output_padding: 1", "dilation: 2"])
def test_stamps_make_a_transposed_convolution(options: str) -> None:
    x, kernel = np.array([[1, -2], [3, 4]]), np.array([[1, 2], [0, -5]])
    layer = f"conv_transpose: {{name: y, weight: {{name: w, value: {kernel.tolist()}}}, bias: 7, {options}}}"
    trace = cnncalc.solve(cnncalc.loads(f"input: {{name: x, value: {x.tolist()}}}\nlayers:\n  - {layer}\n"))
    (drawing,) = windows(trace, title="The stamps")
    boxes = [item for item in drawing.items if isinstance(item, Box) and item.shade]
    assert len(boxes) == (9 if "padding" in options else 16)
    y = np.asarray(trace["y"].value, dtype=int).ravel().tolist()
    for texts in (read_svg(drawing), read_tikz(drawing)):
        assert [one for one in texts if "kernel" in one][:4] == [f"x[1,{i},{j}] · kernel" for i in "12" for j in "12"]
        numbers = [int(one) for one in texts if re.fullmatch(r"-?\d+", one)]
        stamped, bias, made = numbers[: -len(y) - 1], numbers[-len(y) - 1], numbers[-len(y) :]
        assert (bias, made) == (7, y)
        assert sum(stamped) + 7 * len(y) == sum(y)
        if "padding" not in options:
            assert sorted(stamped) == sorted(np.multiply.outer(x, kernel).ravel().tolist())


def test_stamps_of_a_signal_are_named_as_the_signal_is() -> None:
    layer = "conv_transpose1d: {name: y, weight: [[[1, 2]]], stride: 2}"
    (drawing,) = windows(
        cnncalc.solve(cnncalc.loads(f"input: {{name: x, value: [3, 4]}}\nlayers: [{layer}]\n")), title="The stamps"
    )
    assert [one for one in read_svg(drawing) if "kernel" in one][:2] == ["x[1,1] · kernel", "x[1,2] · kernel"]


@pytest.mark.parametrize(
    "options", ["", "stride: 2", "stride: 2, padding: 1, output_padding: 1", "dilation: 2", "stride: 3", "groups: 2"]
)
@pytest.mark.parametrize("is_signal", [False, True])
def test_back_through_stamps_the_kernel_slides_over_the_gradient(options: str, is_signal: bool) -> None:
    """The input's gradient of a transposed convolution is the convolution of what arrives, with all channels."""
    x, kernel = [[[1, -2], [3, 4]], [[0, 5], [1, 1]]], np.arange(-7, 9).reshape(2, 2, 2, 2)
    if is_signal:
        x, kernel = [[1, -2, 3], [0, 5, 1]], np.arange(-5, 7).reshape(2, 2, 3)
    layer = f"conv_transpose{'1d' * is_signal}: {{name: y, weight: {{name: w, value: {kernel.tolist()}}}, {options}}}"
    head = f"input: {{name: x, value: {x}}}\nlayers:\n  - {layer}\n"
    shape = cnncalc.solve(cnncalc.loads(head))["y"].shape
    upstream = np.arange(1, np.prod(shape) + 1).reshape(shape).tolist()
    trace = cnncalc.solve(cnncalc.loads(f"{head}upstream: {upstream}\n"))
    (drawing,) = windows(trace, title="kernel of ∂L/∂x over the gradient")
    for texts in (read_svg(drawing), read_tikz(drawing)):
        assert check(texts, trace, channels=2, made="dL/dx") == 3


def test_a_global_pool_is_one_window() -> None:
    text = "input: {name: x, value: [[[1, 2], [3, 6]], [[0, 4], [8, 0]]]}\nlayers: [global_avg_pool: {name: y}]\n"
    (drawing,) = windows(cnncalc.solve(cnncalc.loads(text)), title="what they keep")
    drawn = [one for one in read_svg(drawing) if one in ("3", "6", "8", "a")]
    assert "".join(drawn) == "aaa3a6" + "a3" + "aaa8a" + "a3"
