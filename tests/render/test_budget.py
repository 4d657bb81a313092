"""What takes too much work, or too many characters, is left out, and that is said."""

from __future__ import annotations

import cnncalc
from cnncalc.render.builders.explanation import explanation
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Equation, Equations
from cnncalc.render.renderers.terminal import Page, render
from cnncalc.render.table.number import Number

PROBLEM = """\
input: [[1, 2], [3, 5], [4, 0]]
layers:
- batch_norm: {name: n}
- tanh: {name: t}
- softmax: {name: p}
loss: {cross_entropy: {class: [1, 2, 1]}}
"""
PAGE = Page(100, "utf-8", "en", False, True)


def test_a_worked_solution_without_work_has_the_results() -> None:
    trace = cnncalc.solve(cnncalc.loads(PROBLEM), "exact")
    expected = [f"{value:.4f}"[:-1] for value in trace["p"].value.ravel()]
    with trace.numbers.allowance(1000, for_digits=10**9):  # type: ignore[call-arg]
        text = render(worked(trace, Wishes()), PAGE)
    assert "How this comes about is left out" in text
    assert all(number in text for number in expected)
    whole = render(worked(trace, Wishes()), PAGE)
    assert "left out" not in whole


def test_an_explanation_without_work_says_so() -> None:
    trace = cnncalc.solve(cnncalc.loads(PROBLEM), "exact")
    with trace.numbers.allowance(100):
        text = render(explanation(trace, trace["dL/dn"], (0, 0)), PAGE)
    assert text.startswith("How ∂L/∂n[1,1] comes about")
    assert "The rest is left out" in text


def shortened(text: str) -> str:
    equation = Equation(Number("y"), lambda: Number(text))
    return Equations((equation,)).lines(shorten=True)[0][0][1].text


def test_long_sums_are_cut_outside_of_brackets() -> None:
    many = " + ".join("abcde" * 20)
    assert shortened(many) == " + ".join(many.split(" + ")[:40]) + " + …"
    assert shortened(f"u - v·w + ({many})/w - x") == "u - v·w + …"
    assert shortened(f"u - ({many})/w + x") == "u + …"
    assert shortened(f"({many})/w + x") == "…"
    assert shortened(f"({many[:60]})/w + x") == f"({many[:60]})/w + x"
