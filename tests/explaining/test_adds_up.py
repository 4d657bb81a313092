"""For every element of every problem: its terms add up to it, and so does every line that is shown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from cnncalc.explaining import WITHOUT_TERMS, explain
from cnncalc.jacobian import TooLarge
from cnncalc.layers.evaluate import value
from cnncalc.render.builders.element import Elements
from cnncalc.render.document import Working
from cnncalc.render.formula.formula_latex import latex
from cnncalc.render.formula.formula_nodes import Atom
from cnncalc.trace import Tensor, Trace

from ..problem_files import NUMERIC, PROBLEMS, solved

WITHOUT_SHARES = [path for path in PROBLEMS if path in NUMERIC or "softmax" not in path.read_text(encoding="utf-8")]
"""Probabilities that are letters do not add up to 1 by themselves, so that two ways to write a sum stay two."""
MOST_TERMS = 1000
"""Of a tensor with more terms in all, every so many-th element is shown; the terms are added up for all."""
FEWEST_TERMS = 10
"""That showing an element costs as much as, however short its sum is."""


def every_tensor(trace: Trace) -> Iterator[Tensor]:
    """Those made on request too, where that is not refused as too large."""
    for name in dict.fromkeys(filter(None, map(trace.resolve, trace.names))):
        with suppress(TooLarge):
            yield trace[name]


@pytest.mark.parametrize("path", WITHOUT_SHARES, ids=lambda path: path.stem)
def test_the_terms_of_every_element_add_up_to_it(path: Path) -> None:
    trace = solved(path)
    explained = 0
    for tensor in every_tensor(trace):
        sums, elements = [], []
        for index in np.ndindex(tensor.shape):
            made = explain(trace, tensor, index)
            if made.step is None or made.local in WITHOUT_TERMS:
                continue
            sums.append(value(made.terms, trace.numbers, made.step.tensors))
            elements.append(made.value)
        difference = np.empty(len(sums), dtype=object)
        difference[:] = [a - b for a, b in zip(sums, elements, strict=True)]
        assert trace.numbers.is_equal(difference, 0).all(), tensor.name
        explained += len(sums)
    assert explained > 0


# What is shown, read back by a few lines that know nothing of terms


MACRO = re.compile(r"\\([A-Za-z]+)")


def read_back(line: str) -> Fraction:
    r"""The value of a line of LaTeX: \frac, \sqrt, powers, functions, products and sums of decimals."""
    source = re.sub(r"\d+(?:\.\d+)?", lambda number: f"R('{number[0]}')", line)
    for command, python in (("frac", "divide"), ("cdot", "*"), ("sqrt", "sqrt"), ("exp", "exp"), ("log", "log")):
        source = source.replace(f"\\{command}", f" {python} ")
    source = source.replace(r"\tanh", " tanh ").replace(r"\sigma", " sigmoid ").replace("^", "**")
    source = source.replace("{", "(").replace("}", ")")
    assert "\\" not in source, line

    def real(function):  # type: ignore[no-untyped-def]
        return lambda x: Fraction(function(float(x)))

    names = {
        "R": Fraction,
        "divide": lambda above: lambda below: above / below,
        "sigmoid": real(lambda x: 1 / (1 + math.exp(-x))),
        **{name: real(getattr(math, name)) for name in ("sqrt", "exp", "log", "tanh")},
    }
    return Fraction(eval(source, names))


def steps(working: Working) -> Iterator[tuple[str, str]]:
    """The sign and the whole right side of each step that holds numbers only."""
    made: list[tuple[str, list[str]]] = []
    for line in working.lines:
        if line.sign in ("=", "≈"):
            made.append((line.sign, [line.right]))
        else:
            made[-1][1].extend((f" {line.sign} ", line.right))
    tensors = {macro for macro, meaning in working.names.items() if not isinstance(meaning, Atom)}
    for sign, parts in made:
        if tensors.isdisjoint(macro for part in parts for macro in MACRO.findall(part)):
            yield sign, "".join(latex(working.formula(part)) if at % 2 == 0 else part for at, part in enumerate(parts))


def is_cut(right: str) -> bool:
    """Whether some terms under a fraction bar are left out."""
    return r"\cdots" in right


@pytest.mark.parametrize("path", NUMERIC, ids=lambda path: path.stem)
def test_every_line_with_numbers_comes_to_the_value(path: Path) -> None:
    trace = solved(path)
    elements = Elements(trace, digits=25, everything=True)
    checked = 0
    for tensor in every_tensor(trace):
        indices = list(np.ndindex(tensor.shape))
        terms = max(FEWEST_TERMS, len(explain(trace, tensor, indices[len(indices) // 2]).terms))
        for index in indices[:: 1 + len(indices) * terms // MOST_TERMS]:
            made = explain(trace, tensor, index)
            if made.step is None or made.local in WITHOUT_TERMS:
                continue
            element = trace.numbers.rational(made.value)
            near = Fraction(float(tensor.value[index]))
            for sign, right in steps(elements.working(made)):
                if is_cut(right):
                    continue
                shown = read_back(right)
                address = elements.address(tensor, index)
                is_whole = not re.search(r"sqrt|exp|log|tanh|sigma|e\^|e-", right)
                if sign == "=" and is_whole and element is not None:
                    assert shown == element, f"{address} {sign} {right}"
                else:
                    assert abs(shown - near) <= Fraction(1, 10**9) * (1 + abs(near)), f"{address} {sign} {right}"
                checked += 1
    assert checked > 10


def test_reading_back_can_fail() -> None:
    assert read_back(r"-\frac{1}{2}\cdot(-3) \cdot 2 + \sqrt{4}^{3}") == 11
    assert read_back("0.1 + 0.2") == Fraction(3, 10)
