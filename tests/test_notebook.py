"""What is solved shows itself: printed as on a terminal, in a notebook as on the page."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import cnncalc

from .command import ROOT, run

FROM_0 = "index_base: 0\ninput: {name: x, value: [[1, -2], [3, 4]]}\nlayers: [relu: {name: r}]\n"


def homework() -> Any:
    return cnncalc.solve(cnncalc.load(ROOT / "problems" / "hw11.yaml"))


def test_a_printed_tensor_is_the_terminal_s_table() -> None:
    table = str(homework()["dL/dW"])
    assert table.strip("\n") in run(["solve", "problems/hw11.yaml", "--only", "dL/dW"]).stdout
    assert "  0 │ 1  0\n  1 │ 3  4\n" in str(cnncalc.solve(cnncalc.loads(FROM_0))["r"])
    assert str(homework()["L"]).strip() == "L = log(5) ≈ 1.60944"


def test_a_trace_explains_and_works_out() -> None:
    trace = homework()
    explained = run(["explain", "problems/hw11.yaml", "dL/dW[3,5]"]).stdout
    assert str(trace.explain("dL/dW[3,5]")).replace(f"{ROOT}/", "") == explained
    assert (
        str(trace.worked(length="brief", language="zh"))
        == run(["worked", "problems/hw11.yaml", "--length", "brief", "--language", "zh"]).stdout
    )
    assert str(trace.worked(question=["7"])).count("Question ") == 1


def test_in_a_notebook_each_shows_a_part_of_a_page_in_a_style_of_its_own() -> None:
    trace = homework()
    report = cnncalc.check(trace.problem, {"L": "2.322"})
    for one in (trace, trace["h"], report, trace.worked(), trace.explain("L")):
        part = one._repr_html_()
        HTMLParser().feed(part)
        assert part.startswith('<div class="cnncalc"><style>@scope (.cnncalc) {\n:scope {')
        assert "<html" not in part
        assert "\nbody {" not in part
        assert part.count("<main>") == part.count("</main>") == 1
        assert r"\begin{document}" not in one._repr_latex_()
        # What it defines it defines for itself, so that the next cell of a notebook may do so again.
        assert one._repr_latex_()[0] == "{"
        assert one._repr_latex_().partition(r"\ifdefined\blockindent\else")[2].index(r"\newlength") < 3
    assert "−78.4" in trace["dL/dW"]._repr_html_()
    assert "-78.4" in trace["dL/dW"]._repr_latex_()
    assert trace.worked().html.startswith("<!DOCTYPE html>")
    assert trace.worked().latex.startswith("% !TEX program")
    assert trace.worked().markdown.startswith("# Homework 11")


def test_starting_the_program_attaches_nothing() -> None:
    import subprocess
    import sys

    code = "import sys, cnncalc.solver; print('cnncalc.notebook' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stdout == "False\n"
