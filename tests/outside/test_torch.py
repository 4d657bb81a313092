"""Every tensor and gradient of frozen networks against PyTorch, in float64 and exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnncalc

FILES = sorted((Path(__file__).parent / "torch").glob("*.json"))
CASES: dict[str, Any] = {
    f"{path.stem}/{name}": case
    for path in FILES
    for name, case in json.loads(path.read_text(encoding="utf-8"))["cases"].items()
}


def test_the_cases_cover_every_layer_loss_and_option() -> None:
    text = "".join(case["problem"] for case in CASES.values())
    for word in (
        (
            "conv: relu leaky_relu sigmoid tanh max_pool avg_pool global_avg_pool batch_norm flatten fc: softmax "
            "cross_entropy mse half_squared_error upstream class: target: anchor: flip: same valid groups:\\ 2 "
            "ceil:\\ true "
            "conv_transpose: output_padding: update: only: log_softmax nll binary_cross_entropy "
            "layer_norm group_norm instance_norm rms_norm l2_normalize upsample bilinear align_corners "
            "penalty: kl l1 huber hinge class_weights: ignore: label_smoothing: "
            "step sign relu6 hard_sigmoid hard_tanh elu selu gelu silu softplus softsign prelu approximate: "
            "mish hard_swish scale power absolute squared logits: LRN: focal: binary_focal: "
            "count_padding:\\ false activation unbiased mean: hwc reduction:\\ sum dilation:\\ 2"
        )
        .replace("\\ ", "\0")
        .split()
    ):
        assert word.replace("\0", " ") in text, f"no case has {word}"
    assert len(CASES) >= 60


@pytest.mark.parametrize("numbers", ["float", "auto"])
@pytest.mark.parametrize("case", CASES)
def test_tensors_are_those_of_pytorch(case: str, numbers: Any) -> None:
    trace = cnncalc.solve(cnncalc.loads(CASES[case]["problem"]), numbers)
    for name, expected in CASES[case]["tensors"].items():
        found = trace[name].value
        assert found.shape == np.shape(expected), name
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9, err_msg=f"{case}: {name}")
