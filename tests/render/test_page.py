"""The file of the interactive page without a browser: of any problem it is made, soon, and its data are whole."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from gzip import decompress
from itertools import cycle
from random import Random
from typing import Any

import pytest

from ..command import run
from ..truth.drawing import Drawing


def data_of(text: str) -> Any:
    """What the page unpacks."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text)
    assert found is not None
    held = json.loads(found[1])
    salt, veiled = b64decode(held["salt"]), b64decode(held["data"])
    return json.loads(decompress(bytes(one ^ other for one, other in zip(veiled, cycle(salt), strict=False))))


@pytest.mark.parametrize("number", range(8))
def test_any_problem_makes_a_page(number: int) -> None:
    drawing = Drawing("page", Random(number), number)
    problem = drawing.problem(letters="some" if number == 3 else None)
    words = ["--language", "zh"] if number % 2 else ["--quiz"]
    result = run(["page", "-", *words], stdin=problem.encode("utf-8", "surrogatepass"))
    assert result.returncode in (0, 2), result.stderr
    if result.returncode == 2:
        return
    data = data_of(result.stdout)
    tensors = data["tensors"]
    sizes = [len(one.get("doubles") or one["text"]) for one in tensors]

    def factors(terms: Any) -> Any:
        for term in terms:
            for factor in term[1:]:
                yield from [factor] if isinstance(factor[0], int) else factors(factor[1])

    for one, size in zip(tensors, sizes, strict=True):
        assert len(one.get("terms", range(size))) == size
        assert all(0 <= at < sizes[t] for terms in one.get("terms", ()) for t, at in factors(terms))
        assert all(0 <= at < sizes[t] for seen in one.get("seen", ()) for t, at in seen)


def test_a_number_of_thousands_of_digits_is_cut_to_those_that_count() -> None:
    problem = "input: [1e300, 1e-1000]\nlayers: [fc: {weight: [[1, 1], [1/7, 1]]}]\nupstream: [1, 1]\n"
    data = data_of(run(["page", "-"], stdin=problem).stdout)
    assert max(len(text) for one in data["tensors"] for text in one["true"].values()) < 80


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--question", "9"], "the problem has no question 9; its questions are 1, 2, 3, 4, 5, 6, 7, 8\n"),
        (["--quiz", "--answers", "problems/hw11.yaml"], "--quiz asks for answers and --answers shows them;"),
        (["-o", "page.pdf"], "--output page.pdf: the ending .pdf says no format; use .html\n"),
        (["--answers", "none.yaml"], "none.yaml: there is no file"),
    ],
)
def test_a_wish_that_cannot_be_met_is_said(words: list[str], said: str) -> None:
    result = run(["page", "problems/hw11.yaml", *words])
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(said)
