"""`cnncalc explain` as a command: what it prints, and what it says where it cannot."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ..command import ROOT, run

FAULTS = {
    "dL/dh[1,2,3]": "dL/dh[1,2,3] has 3 indices, dL/dh has 4 axes (2×2×3×3);"
    " its elements are dL/dh[1,1,1,1] to dL/dh[2,2,3,3]\n",
    "dL/dh[3,1,1,1]": "dL/dh[3,1,1,1] lies outside of dL/dh (2×2×3×3): index 1 is 3 and must lie between 1 and 2;"
    " its elements are dL/dh[1,1,1,1] to dL/dh[2,2,3,3]\n",
    "dL/dh[0,1,1,1]": "dL/dh[0,1,1,1] lies outside of dL/dh (2×2×3×3): index 1 is 0 and must lie between 1 and 2;"
    " its elements are dL/dh[1,1,1,1] to dL/dh[2,2,3,3]\n",
    "conv_2[1,1,1]": "no tensor is called 'conv_2'; did you mean conv_1?\n",
    "p[x]": "p[x]: 'x' is no index; its elements are p[1] to p[5]\n",
    "p[1,]": "p[1,]: an index is missing; its elements are p[1] to p[5]\n",
    "p[]": "p[] has 0 indices, p has 1 axes (5); its elements are p[1] to p[5]\n",
    "L[1]": "L[1] has 1 index, L has 0 axes (1); it is one number: write L\n",
    "p[1": "'p[1' is no address of an element; write a name with an index, such as h[1,1,1,1]\n",
    "p[1][2]": "'p[1][2]' is no address of an element; write a name with an index, such as h[1,1,1,1]\n",
    "p[99999999999999999999]": "p[99999999999999999999]: '99999999999999999999' is no index;"
    " its elements are p[1] to p[5]\n",
}


@pytest.mark.parametrize("address", FAULTS)
def test_an_address_that_finds_nothing_says_what_to_write(address: str) -> None:
    result = run(["explain", "problems/hw11.yaml", address])
    assert (result.returncode, result.stdout, result.stderr) == (2, "", FAULTS[address])


def test_indices_count_from_the_problems_base() -> None:
    problem = "index_base: 0\ninput: {name: x, value: [5, 6]}\nlayers: [relu: {name: y}]\n"
    result = run(["explain", "-", "y[0]"], stdin=problem)
    assert "y[0] = max(0, x[0])\n       = max(0, 5)\n       = 5\n" in result.stdout
    result = run(["explain", "-", "y[2]"], stdin=problem)
    assert result.stderr.endswith("index 1 is 2 and must lie between 0 and 1; its elements are y[0] to y[1]\n")


@pytest.mark.parametrize("address", ["dL/dh[1,2,3,1]", "∂L/∂h [ 1, 2, 3, 1 ]", "dL/dconv_1.weight[1,2,3,1]"])
def test_an_element_is_found_in_every_spelling(address: str) -> None:
    result = run(["explain", "problems/hw11.yaml", address])
    assert result.returncode == 0, result.stderr
    assert "= 0·21 + 0·22 + 0·20 + 0·19\n" in result.stdout


def test_every_step_from_the_formula_to_the_neighbours_is_there() -> None:
    printed = run(["explain", "problems/hw11.yaml", "conv_1[1,1,1]"]).stdout
    for part in (
        "conv_1[f,i,j] = Σ_{c=1..2,r=1..3,s=1..3} h[f,c,r,s]·F[c,i+r-1,j+s-1]",
        "= h[1,1,1,1]·F[1,1,1] + h[1,1,1,2]·F[1,1,2]",
        "= (-1)·1 + 0·2 + 1·3 + (-1)·8 + 0·7 + 1·6 + (-1)·9 + 0·10 + 1·11",
        "channel 2",
        "= 2 + (-24)\n",
        "= -22\n",
        "│ [1]   [2]   [3]   4",
        "│ {-22}  -22",
        "given: weight of `conv_1`",
    ):
        assert part in printed, part


def test_a_winner_and_a_branch_are_explained() -> None:
    printed = run(["explain", "problems/overlapping_pool.yaml", "y[1,2,1]"]).stdout
    assert "x[1,2,2] = 9 is the largest element of the window." in printed
    printed = run(["explain", "problems/hw11.yaml", "dL/dconv_1[1,1,1]", "--language", "zh"]).stdout
    assert "conv_1[1,1,1] = -22 不大于 0，ReLU 在此处未激活。" in printed


def test_a_whole_tensor_is_explained_element_by_element() -> None:
    printed = run(["explain", "problems/hw11.yaml", "p"]).stdout
    assert all(f"p[{k}] = exp(39.6)/" in printed for k in (2, 3, 4, 5))
    assert "are shown" not in run(["explain", "problems/hw11.yaml", "dL/dh"]).stdout
    printed = run(["explain", "problems/lenet5.yaml", "fc_3"]).stdout
    assert printed.endswith("5 of 10 elements are shown; `--all` shows all.\n")


def test_what_is_given_is_said_to_be_given() -> None:
    printed = run(["explain", "problems/hw11.yaml", "F[1,2,3]"]).stdout
    assert "It is given in the problem: the input." in printed
    assert "F[1,2,3] = 6" in printed


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html"])
def test_every_format(form: str, language: str) -> None:
    result = run(["explain", "problems/hw11.yaml", "dL/dW[3,5]", "--format", form, "--language", language])
    assert result.returncode == 0, result.stderr
    assert "78.4" in result.stdout


def test_an_ascii_terminal_gets_ascii() -> None:
    result = run(["explain", "problems/hw11.yaml", "dL/dh[1,1,1,1]"], encoding="ascii")
    assert result.returncode == 0, result.stderr
    assert result.stdout.isascii()
    assert "dL/dh[1,1,1,1] = dL/dconv_1[1,1,1]*F[1,1,1]" in result.stdout


def test_explaining_starts_as_lean_as_solving() -> None:
    code = (
        "import sys; sys.argv = ['cnncalc', 'explain', 'problems/hw11.yaml', 'L']\n"
        "from cnncalc.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'cnncalc.render.renderers.' + name for name in ('html', 'latex', 'markdown')}\n"
        "heavy |= {'cnncalc.render.builders.worked', 'json', 'cnncalc.arithmetic.float64', 'cnncalc.lessons.conv'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.splitlines()[-1] == "[]"
