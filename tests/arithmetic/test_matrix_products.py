"""A product that is given up leaves every element as it was: NumPy's own product of objects releases one twice."""

from __future__ import annotations

import ast
import sys

import numpy as np
import pytest

from cnncalc.arithmetic.base import TooCostly, matrix_product

from ..command import ROOT

IN_DOUBLES = {"arithmetic/float64.py", "arithmetic/dual.py", "arithmetic/team.py"}
"""Files whose arrays hold doubles, which nobody releases."""


class Element:
    """Ends a calculation when its work is used up; every product and every sum is one object."""

    made: Element
    left = 0

    def __mul__(self, other: Element) -> Element:
        Element.left -= 1
        if Element.left < 0:
            raise TooCostly("the work is used up")
        return Element.made

    __add__ = __mul__


@pytest.mark.parametrize("work", range(33))
def test_no_element_is_released_that_is_still_in_use(work: int) -> None:
    a, b = (np.asarray([[Element() for _ in range(n)] for _ in range(m)], dtype=object) for m, n in ((2, 3), (3, 3)))
    Element.made, Element.left = Element(), work
    before = sys.getrefcount(Element.made)
    try:
        matrix_product(a, b)
    except TooCostly:
        assert work < 30
    after = sys.getrefcount(Element.made)
    assert after == before


def test_nothing_else_multiplies_matrices_of_elements() -> None:
    found = []
    for path in (ROOT / "cnncalc").rglob("*.py"):
        name = path.relative_to(ROOT / "cnncalc").as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))) if name not in IN_DOUBLES else ():
            is_operator = isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
            if is_operator or (isinstance(node, ast.Attribute) and ast.unparse(node) in ("np.matmul", "np.dot")):
                found.append(f"{name}:{node.lineno}")
    assert found == []
