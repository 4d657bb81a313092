"""Forward passes against ONNX's node tests, which come in float32 and partly with four decimals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnncalc

FILE = Path(__file__).parent / "onnx" / "cases.json"
CASES: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))["cases"]


def test_there_are_cases_for_the_hard_options() -> None:
    for word in (
        "same",
        "ceil: true",
        "count_padding: true",
        "dilation: [2, 2]",
        "batch_norm",
        "softmax",
        "flatten",
        "conv_t",
    ):
        assert any(word in case["problem"] for case in CASES.values()), word
    assert len(CASES) >= 25


@pytest.mark.parametrize("case", CASES)
def test_output_is_that_of_onnx(case: str) -> None:
    trace = cnncalc.solve(cnncalc.loads(CASES[case]["problem"]))
    *_, y = (tensor for tensor in trace if tensor.kind == "activation")
    assert y.shape == np.shape(CASES[case]["y"])
    np.testing.assert_allclose(y.value, CASES[case]["y"], rtol=1e-5, atol=5.6e-5)
    if "path" in CASES[case]:
        assert trace["max_pool_1.path"].value.tolist() == CASES[case]["path"]
