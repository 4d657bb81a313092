"""Expressions: the circuits of published notes with their answers, derivatives by mpmath, and what is refused."""

from __future__ import annotations

import json
import re
from typing import Any

import mpmath
import pytest

import cnncalc
from cnncalc.arithmetic.exact import Exact
from cnncalc.code.export import script
from cnncalc.lessons.lesson import NO_LESSON, lesson_of
from cnncalc.problem.expressions import FUNCTIONS
from cnncalc.verifying.verify import verify

from ..code.test_export import ran
from ..command import run

PUBLISHED = [
    (
        "Stanford CS231n notes, optimization-2: f = 2(xy + max(z, w))",
        "f = 2*(x*y + max(z, w))", "x=3 y=-4 z=2 w=-1",
        "multiply_1=-12 maximum_1=2 add_1=-10 f=-20 df/dx=-8 df/dy=6 df/dz=2 df/dw=0"
        " df/dadd_1=2 df/dmultiply_1=2 df/dmaximum_1=2 df/df=1",
    ),
    ("Stanford CS231n notes, optimization-2: f = qz", "q = x + y; f = q*z", "x=-2 y=5 z=-4",
     "q=3 f=-12 df/dq=-4 df/dz=3 df/dx=-4 df/dy=-4"),
    (
        "Stanford CS231n notes, optimization-2: a sigmoid neuron",
        "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", "w0=2 x0=-1 w1=-3 x1=-2 w2=-3",
        "f=0.73 df/dw0=-0.20 df/dx0=0.39 df/dw1=-0.39 df/dx1=-0.59 df/dw2=0.20 df/dshift_1=-0.53 df/dscale_1=-0.20",
    ),
    ("Deep-ML 26", "d = b*c; e = a + d; g = relu(7*2 + e)", "a=2 b=3 c=10", "g=46 dg/da=1 dg/db=10 dg/dc=3"),
    ("Unicamp MO810, 2018-04-17", "u = x*w; z = relu(u)", "x=1 w=2", "u=2 z=2 dz/dz=1 dz/du=1 dz/dx=2 dz/dw=1"),
    ("EPFL CS-433 final 2016, question 23", "f = 3x*y*z*u*v*w + x²*y²*w² - 7x*z^5 + 3*y*v*w**4",
     "x=1 y=1 z=1 u=1 v=1 w=1", "df/dx=-2 df/dy=8 df/dz=-32 df/du=3 df/dv=6 df/dw=17"),
]  # fmt: skip


def problem(expression: str, values: str = "") -> cnncalc.Problem:
    given = dict(value.split("=") for value in values.split())
    return cnncalc.loads(f"expressions: {json.dumps(expression)}\nvalues: {json.dumps(given)}\n")


@pytest.mark.parametrize(("expression", "values", "printed"), [case[1:] for case in PUBLISHED],
                         ids=[case[0] for case in PUBLISHED])  # fmt: skip
def test_published_circuits(expression: str, values: str, printed: str) -> None:
    trace = cnncalc.solve(problem(expression, values))
    for one in printed.split():
        name, number = one.split("=")
        assert round(trace[name].value.item(), len(number.partition(".")[2])) == float(number), name


EXPRESSIONS = [
    "f = (x + sigmoid(y)) / (sigmoid(x) + (x + y)**2)",
    "f = sin(x)*cos(y) + sqrt(x) + abs(y - 5) - x**y",
    "f = exp(-x**2/2)/sqrt(2*pi) + tanh(x*y) - log(x + 3)/y",
    "f = max(x, y, 1)*min(x - 4, y) + relu(y - x) + abs(-x) + max(2, x) - min(y, 5)",
    "f = x**-3 + 2**y + x**(2/3) + 1/y + 3 - x + 0.1*y",
    "q = x*y; r = q + q*q; f = r/q - e**q",
]
MPMATH: dict[str, Any] = {
    name: getattr(mpmath, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "pi", "e")
}
MPMATH |= {"sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)), "relu": lambda x: max(x, 0), "abs": abs}
MPMATH |= {"max": max, "min": min, "ln": mpmath.log}


def by_mpmath(expression: str, **values: Any) -> Any:
    known = MPMATH | values
    for line in expression.split(";"):
        name, _, text = line.partition("=")
        known[name.strip()] = eval(text.strip(), {"__builtins__": {}}, known)
    return known[name.strip()]


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize("numbers", ["exact", "float"])
def test_values_and_gradients_are_those_of_mpmath(expression: str, numbers: Any) -> None:
    point = {"x": mpmath.mpf(3) / 2, "y": mpmath.mpf(2)}
    trace = cnncalc.solve(problem(expression, "x=1.5 y=2"), numbers)
    with mpmath.workdps(40):
        expected = {"f": by_mpmath(expression, **point)}
        for letter in point:
            of_letter = lambda at, letter=letter: by_mpmath(expression, **{**point, letter: at})  # noqa: E731
            expected[f"df/d{letter}"] = mpmath.diff(of_letter, point[letter])
    for name, value in expected.items():
        assert trace[name].value.item() == pytest.approx(float(value), rel=1e-12), name


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_gradients_agree_in_every_way_and_each_step_has_a_lesson(expression: str) -> None:
    trace = cnncalc.solve(problem(expression, "x=1.5 y=2"))
    assert verify(trace.problem).agrees
    for step in trace.steps:
        lesson = lesson_of(step.layer)
        assert lesson is not NO_LESSON
        for local in step.inputs():
            assert trace.formula(step.names["y"])
            assert step.layer.terms(f"d{local}", (0,), trace.numbers, step.tensors) is not None


@pytest.mark.parametrize("library", ["numpy", "pytorch"])
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expressions_are_exported(expression: str, library: Any) -> None:
    text = script(cnncalc.solve(problem(expression, "x=1.5 y=2")), library)
    compile(text, "script.py", "exec")
    if library == "numpy":
        status, written = ran(text)
        assert status == 0, written


def test_letters_stay_letters() -> None:
    trace = cnncalc.solve(problem("f = x*y + sin(x)"))
    assert (trace.numbers.name, trace["df/dx"].exact, trace["df/dy"].exact) == ("symbolic", "y + cos(x)", "x")


@pytest.mark.parametrize(
    ("expression", "values", "gradients", "said"),
    [
        ("f = max(x, y)", "x=2 y=2", "1/2 1/2", "Both are equal; each gets half of the gradient"),
        ("f = max(x, 3)*y", "x=3 y=2", "1 3", "The derivative of max at 3 is taken as 1/2."),
        ("f = abs(x) + y", "x=0 y=2", "0 1", "The derivative of |x| at 0 is taken as 0."),
        ("f = relu(x) + y", "x=0 y=2", "0 1", "The derivative of ReLU at 0 is taken as 0."),
    ],
)
def test_ties_and_kinks_are_said(expression: str, values: str, gradients: str, said: str) -> None:
    trace = cnncalc.solve(problem(expression, values))
    assert [trace["df/dx"].exact, trace["df/dy"].exact] == gradients.split()
    assert said in run(["graph", expression, *values.split()]).stdout


FAULTS = [
    ("f = foo(x)", "", "there is no function 'foo'"),
    ("f = x if x else 3", "", "'x if x else 3' is no arithmetic"),
    ("f = x.__class__", "", "'x.__class__' is no arithmetic"),
    ("f = (x", "", "this cannot be read as an expression"),
    ("f = 3 + 4", "", "f is a number, 7"),
    ("f = x + q", "x=3 q=1 z=2", "no expression has z in it"),
    ("g = x; f = y*y", "", "nothing takes g"),
    ("f = g*x; g = x", "", "g is made only further down"),
    ("f = x; f = y", "", "'f' is made twice"),
    ("f = x/y", "x=1 y=0", "f: a division by 0"),
    ("f = sqrt(x*x)*y", "x=0 y=0", "sqrt_1: a division by 0"),
    ("f = log(x)", "x=-1", "log(-1) does not exist"),
    ("f = (-2)**x", "", "the base of a power of letters is -2"),
    ("f = x**1000", "", "an exponent of 1000"),
    ("f = max(x)", "", "max has 1 argument"),
    ("f = " + "(" * 900 + "x" + ")" * 900, "", "this cannot be read as an expression"),
    ("f = " + "-" * 1900 + "x", "", "expression"),
    ("f = " + "x+" * 999 + "x", "", "expression"),
    ("f = x = y", "", "this cannot be read as an expression"),
    ("", "", "there is no expression"),
]


@pytest.mark.parametrize(("expression", "values", "message"), FAULTS)
def test_what_cannot_be_computed_is_said(expression: str, values: str, message: str) -> None:
    result = run(["graph", expression, *values.split()])
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr


@pytest.mark.parametrize("numbers", ["exact", "float"])
@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("point", ["0", "-1", "1e9"])
def test_a_function_at_its_edges_is_computed_or_a_fault_that_chinese_readers_understand(
    name: str, point: str, numbers: str
) -> None:
    words = ["graph", f"f = {name}(x)", f"x={point}", "--numbers", numbers, "--language", "zh"]
    result = run(words)
    assert result.returncode in (0, 2)
    assert not any(re.search("^ *[a-z][a-z ,]{12}", line) for line in result.stderr.splitlines())
    assert not result.stderr or "：" in result.stderr.splitlines()[0]


def test_a_value_that_is_none() -> None:
    result = run(["graph", "f = x", "x"])
    assert (result.returncode, result.stderr) == (2, "'x' is no value; write it as x=3\n")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_of_edges(language: str) -> None:
    words = ["graph", PUBLISHED[0][1], *PUBLISHED[0][2].split(), "--forward-mode", "--language", language]
    lines = [line.split() for line in run(words).stdout.splitlines()]
    for line in (
        "multiply_1 → x ∂multiply_1/∂x = y -4 2 -8", "multiply_1 → y ∂multiply_1/∂y = x 3 2 6",
        "f → add_1 ∂f/∂add_1 = 2 2 1 2", "maximum_1 → w ∂maximum_1/∂w 0 2 0", "add_1 multiply_1 + maximum_1 -10 2",
        "f -8 6 2 0", "add_1 -4 3 1 0",
    ):  # fmt: skip
        assert line.split() in lines


def test_answers_to_expressions_are_checked() -> None:
    text = 'expressions: {f: "2*(x*y + max(z, w))"}\nvalues: {x: 3, y: -4, z: 2, w: -1}\n'
    text += "answers: {f: -20, df/dx: -8, df/dy: 7}"
    result = run(["check", "-"], stdin=text)
    assert result.returncode == 1
    assert "Score: 2 of 3. The first error is in df/dy" in result.stdout


@pytest.mark.parametrize("command", ["solve", "worked", "shapes", "verify", "blank", "draw"])
def test_other_commands_take_expressions(command: str) -> None:
    text = 'expressions: {f: "2*(x*y + max(z, w))"}\nvalues: {x: 3, y: -4, z: 2, w: -1}\n'
    result = run([command, "-"], stdin=text)
    assert (result.returncode, result.stderr) == (0, "")
    assert command != "shapes" or result.stdout.startswith("Input 1. ")


def test_sine_and_cosine_are_exact_in_closed_form() -> None:
    numbers = Exact()
    trace = cnncalc.solve(problem("f = sin(x) + sin(-x) + cos(x) - cos(-x) + 0*x", "x=1"))
    assert trace["f"].exact == "0"
    assert numbers.name == "exact"
    assert set(FUNCTIONS) == {"exp", "log", "ln", "sqrt", "sin", "cos", "abs", "sigmoid", "tanh", "relu"}
