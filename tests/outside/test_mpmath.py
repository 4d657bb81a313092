"""Exact solutions against 80-digit arithmetic: to the last bit of the double, and 0 where the truth is 0."""

from __future__ import annotations

import json
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnncalc

FILE = Path(__file__).parent / "mpmath" / "cases.json"
CASES: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES)
def test_every_double_is_the_nearest_and_every_zero_is_proven(case: str) -> None:
    trace = cnncalc.solve(cnncalc.loads(CASES[case]["problem"]), "exact")
    for name, expected in CASES[case]["tensors"].items():
        tensor = trace[name]
        texts = np.asarray(expected, dtype=object).ravel().tolist()
        assert tensor.value.size == len(texts), name
        exact = np.asarray(tensor.exact, dtype=object).ravel().tolist()
        for text, value, closed in zip(texts, tensor.value.ravel().tolist(), exact, strict=True):
            assert value == float(text), f"{case}: {name} is {value!r}, not {text}"
            assert (closed == "0") == (text == "0"), f"{case}: {name}: {closed} for {text}"


@pytest.mark.parametrize(
    "case", ["batch_norm_twice", "sigmoid_batch", "far_logits", "log_softmax", "log_softmax_far", "binary_soft"]
)
def test_thirty_digits_are_right(case: str) -> None:
    trace = cnncalc.solve(cnncalc.loads(CASES[case]["problem"]), "exact")
    with localcontext() as context:
        context.prec = 30
        for name, expected in CASES[case]["tensors"].items():
            texts = np.asarray(expected, dtype=object).ravel().tolist()
            for text, element in zip(texts, trace[name].elements.ravel().tolist(), strict=True):
                assert trace.numbers.decimal(element, 30) == +Decimal(text), name


def test_there_are_true_zeros_among_them() -> None:
    """Sums of terms of which none is zero, in which floating point may leave 1e-17: only the digits themselves say."""

    def digits(case: str, name: str) -> Any:
        return np.asarray(CASES[case]["tensors"][name], dtype=object)

    # The bias before a batch norm, by its gradient at every place.
    assert digits("batch_norm", "dL/dconv_1.bias")[1] == "0"
    assert "0" not in digits("batch_norm", "dL/dconv_1")[:, 1]
    # Everything behind equal logits: the same weight times each of the classes' gradients.
    assert set(digits("equal_logits", "dL/dflatten_1").flat) == {"0"}
    for name in ("fc_1.weight", "dL/dfc_1"):
        assert "0" not in digits("equal_logits", name)
