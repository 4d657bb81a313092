"""Sizes and counts that people get wrong, each worked out by hand; and what follows from a size that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from time import process_time
from typing import Any

import pytest

import cnncalc
from cnncalc.checking.report import TensorVerdict

from ..command import ROOT

LENET = (ROOT / "problems" / "lenet5_sizes.yaml").read_text(encoding="utf-8")
# Kernels of 5 cells, gaps included: ⌊(11 + 4 − 5)/2⌋ + 1 = 6, ⌊(13 + 4 − 5)/2⌋ + 1 = 7.
WIDE = """
input: {shape: [3, 11, 13]}
layers:
  - conv: {channels: 8, size: 3, stride: 2, padding: 2, dilation: 2, bias: true}
  - relu
  - conv: {channels: 6, size: 3, groups: 2}
"""
# ⌊(28 + 2·1 − 4)/3⌋ + 1 = 9 with 2 left over, ⌊(9 − 3)/2⌋ + 1 = 4.
STRIDED = """
input: {shape: [3, 28, 28]}
layers:
  - conv: {channels: 8, size: 4, stride: 3, padding: 1, bias: true}
  - max_pool: {size: 3, stride: 2}
  - flatten
  - fc: {units: 10, bias: true}
"""
# (5 − 1)·3 + 4 − 2·1 + 1 = 15.
TRANSPOSED = """
input: {shape: [4, 5, 5]}
layers:
  - conv_transpose: {channels: 2, size: 4, stride: 3, padding: 1, output_padding: 1, bias: true}
"""
BATCH = """
input: {shape: [10, 2, 6, 6]}
layers:
  - conv: {channels: 4, size: 3}
  - batch_norm
  - avg_pool: {size: 2}
"""
# 2 · 2 · 3 · 3 = 36 weights, which are counted once, and 2 biases in the second layer.
SHARED = """
input: {shape: [2, 6, 6]}
layers:
  - conv: {name: one, channels: 2, size: 3}
  - conv: {name: two, weight: {share: one.weight}, bias: true}
  - conv: {name: three, weight: {share: one.weight}, padding: same}
"""
SMALLEST = """
input: {shape: [1, 2, 2]}
layers:
  - conv: {channels: 1, size: 2, bias: true}
  - flatten
  - fc: {units: 3, bias: true}
"""


def report(problem: str, answers: Mapping[str, Any]) -> cnncalc.checking.report.Report:
    return cnncalc.check(cnncalc.loads(problem), answers)


def codes(problem: str, name: str, answer: Any) -> list[str]:
    (tensor,) = report(problem, {name: answer}).tensors
    assert tensor.verdict is TensorVerdict.WRONG
    return [mistake.code for mistake in tensor.mistakes]


@pytest.mark.parametrize(
    ("problem", "layer", "answer", "code"),
    [
        # (28 − 4 + 2)/(3 + 1) = 6; 28 − 4 + 2/3 + 1 = 24 + 0 + 1; 30/3 + 1; 26/3; (26 + 1)/3 is right by chance.
        (STRIDED, "conv_1", [8, 6, 6], "output-size-bracket"),
        (STRIDED, "conv_1", [8, 25, 25], "output-size-precedence"),
        (STRIDED, "conv_1", [8, 11, 11], "output-size-kernel-forgotten"),
        (STRIDED, "conv_1", [8, 8, 8], "output-size-one-forgotten"),
        (STRIDED, "conv_1", [8, 10, 10], "output-size-rounded-up"),
        (STRIDED, "conv_1", [8, 27, 27], "stride-ignored"),
        (STRIDED, "conv_1", ["8", "9.667", "9.667"], "output-size-not-rounded"),
        (STRIDED, "conv_1", [3, 9, 9], "channels-of-input"),
        (STRIDED, "conv_1", [24, 9, 9], "channels-not-summed"),
        (STRIDED, "conv_1", [11, 9, 9], "channels-added"),
        (STRIDED, "conv_1", [9, 9], "channels-left-out"),
        # ⌊11 − 5⌋/2 + 1, ⌊(13 − 5)/2⌋ + 1; p = 1 each side; k = 3; k·d = 6 cells; k + d = 5 is right here.
        (WIDE, "conv_1", [8, 4, 5], "padding-forgotten"),
        (WIDE, "conv_1", [8, 5, 6], "padding-read-as-total"),
        (WIDE, "conv_1", [8, 7, 8], "dilation-ignored"),
        (WIDE, "conv_1", [8, 11, 13], "stride-ignored"),
        # Of 6 rows: 4/(1 + 1); of 24: 2 is (24 + 0)/2 + 1.
        (STRIDED, "max_pool_1", [8, 2, 2], "output-size-bracket"),
        (STRIDED, "max_pool_1", [8, 3, 3], "stride-as-kernel"),
        (STRIDED, "max_pool_1", [8, 7, 7], "stride-ignored"),
        (STRIDED, "max_pool_1", [4, 4, 4], "channels-pooled"),
        (LENET, "max_pool_1", [6, 11, 11], "output-size-one-forgotten"),
        (LENET, "max_pool_1", [6, 13, 13], "output-size-kernel-forgotten"),
        # Convolved: ⌊(5 + 2 − 4)/3⌋ + 1 = 2; (5 − 1)·3 + 4 + 1 = 17; 15 + 4 with 2p added; 4 + 4 − 2 + 1 = 7; 15 + 3.
        (TRANSPOSED, "conv_transpose_1", [2, 2, 2], "convolution-for-transposed"),
        (TRANSPOSED, "conv_transpose_1", [2, 17, 17], "padding-forgotten"),
        (TRANSPOSED, "conv_transpose_1", [2, 14, 14], "output-padding-forgotten"),
        (TRANSPOSED, "conv_transpose_1", [2, 19, 19], "padding-added"),
        (TRANSPOSED, "conv_transpose_1", [2, 7, 7], "stride-ignored"),
        (TRANSPOSED, "conv_transpose_1", [2, 18, 18], "output-size-minus-one-forgotten"),
        (TRANSPOSED, "conv_transpose_1", [4, 15, 15], "channels-of-input"),
        # 16·8·8 without the last pooling; without the first 24 − 4 = 20, 16·10·10; without both 16·20·20; 16·2·2.
        (LENET, "flatten_1", 1024, "pooling-forgotten"),
        (LENET, "flatten_1", 1600, "pooling-forgotten"),
        (LENET, "flatten_1", 6400, "pooling-forgotten"),
        (LENET, "flatten_1", 64, "pooling-imagined"),
        (LENET, "flatten_1", [16, 4, 4], "not-flattened"),
        (LENET, "flatten_1", 24, "sizes-added"),
        (LENET, "flatten_1", 16, "one-channel-only"),
        (LENET, "conv_2", [16, 20, 20], "pooling-forgotten"),
        (BATCH, "conv_1", [4, 4, 4], "batch-left-out"),
        (BATCH, "avg_pool_1", [10, 4, 3, 3], "output-size-kernel-forgotten"),
        (STRIDED, "fc_1.weight", [128, 10], "weight-axes-swapped"),
        (STRIDED, "conv_1.weight", [8, 4, 4], "input-channels-forgotten"),
    ],
)
def test_a_wrong_size_is_explained(problem: str, layer: str, answer: Any, code: str) -> None:
    assert code in codes(problem, f"shape({layer})", answer)


@pytest.mark.parametrize(
    ("problem", "name", "answer", "code"),
    [
        # 8 kernels of 3·4·4 = 48 weights: 384 + 8 = 392; 9·9 = 81 positions.
        (STRIDED, "parameters(conv_1)", 384, "bias-forgotten"),
        (STRIDED, "parameters(conv_1)", 136, "input-channels-forgotten"),
        (STRIDED, "parameters(conv_1)", 128, "input-channels-forgotten"),
        (STRIDED, "parameters(conv_1)", 408, "bias-added-repeatedly"),
        (STRIDED, "parameters(conv_1)", 49, "one-filter-only"),
        (STRIDED, "parameters(conv_1)", 392 * 81, "positions-multiplied"),
        (STRIDED, "parameters(conv_1)", 384 * 81, "positions-multiplied"),
        (STRIDED, "parameters(conv_1)", 384 + 8 * 81, "bias-per-position"),
        (STRIDED, "parameters(conv_1)", 385, "one-bias-for-all"),
        (STRIDED, "parameters(conv_1)", 8 * 3 * 4 + 8, "kernel-side-only"),
        (STRIDED, "parameters(conv_1)", 3 * 28 * 28 * 8 * 9 * 9 + 8 * 9 * 9, "counted-as-fully-connected"),
        # 8·4·4 = 128 inputs, 10 outputs.
        (STRIDED, "parameters(fc_1)", 1280, "bias-forgotten"),
        (STRIDED, "parameters(fc_1)", 1281, "one-bias-for-all"),
        (STRIDED, "parameters(fc_1)", 1280 + 128, "bias-per-input"),
        (STRIDED, "parameters(fc_1)", 8 * 10 + 10, "channels-as-inputs"),
        (STRIDED, "parameters(max_pool_1)", 9, "pool-without-parameters"),
        (STRIDED, "parameters(max_pool_1)", 72, "pool-without-parameters"),
        # Two groups of 4 channels, 6 kernels of 4·3·3 = 36 weights, no biases.
        (WIDE, "parameters(conv_2)", 432, "groups-ignored"),
        (WIDE, "parameters(conv_2)", 222, "bias-imagined"),
        (BATCH, "parameters(batch_norm_1)", 16, "running-statistics-counted"),
        # 392 + 1290 = 1682.
        (STRIDED, "parameters(total)", 1664, "bias-forgotten"),
        (STRIDED, "parameters(total)", 392, "layer-left-out"),
        (SHARED, "parameters(two)", 36 + 2, "shared-counted-again"),
        (SHARED, "parameters(three)", 36, "shared-counted-again"),
        (SHARED, "parameters(total)", 36 + 36 + 2 + 36, "shared-counted-again"),
        (SHARED, "parameters(total)", 36, "layer-left-out"),
        (STRIDED, "parameters(total)", 136 + 1290, "input-channels-forgotten"),
        # 61706 of LeNet with 400 features where 256 are left: 44426 − 30840 + 48120. One fc left out: 44426 − 850.
        (LENET, "parameters(total)", 43576, "layer-left-out"),
        (LENET, "parameters(total)", 2572, "layer-left-out"),
        # 25600 weights behind 10·10·16 cells, for 120 outputs: the pooling at the front is missing.
        (LENET, "parameters(fc_1)", 1600 * 120 + 120, "pooling-forgotten"),
        (LENET, "parameters(fc_1)", 1024 * 120 + 120, "pooling-forgotten"),
        # 8·9·9 cells where there are 8·4·4, or 8·2·2; together with the conv.
        (STRIDED, "parameters(fc_1)", 6490, "pooling-forgotten"),
        (STRIDED, "parameters(fc_1)", 330, "pooling-imagined"),
        (STRIDED, "parameters(total)", 722, "pooling-imagined"),
        # 8·48·81 = 31104.
        (STRIDED, "multiplications(conv_1)", 384, "one-position-only"),
        (STRIDED, "multiplications(conv_1)", 62208, "multiply-and-add"),
        (STRIDED, "multiplications(conv_1)", 31104 + 648, "bias-counted"),
        (STRIDED, "multiplications(conv_1)", 10368, "input-channels-forgotten"),
        (STRIDED, "multiplications(conv_1)", 3888, "one-filter-only"),
        (STRIDED, "multiplications(conv_1)", 384 * 784, "positions-of-other-image"),
        (STRIDED, "multiplications(conv_1)", 1944, "kernel-cells-forgotten"),
        (STRIDED, "multiplications(conv_1)", 392, "parameters-for-multiplications"),
        (STRIDED, "multiplications(fc_1)", 1290, "bias-counted"),
        (STRIDED, "multiplications(total)", 2 * (31104 + 1280), "multiply-and-add"),
        (STRIDED, "multiplications(total)", 31104, "layer-left-out"),
        # 4·2·9·16 = 1152 for a sample.
        (BATCH, "multiplications(conv_1)", 11520, "batch-counted"),
        # conv 5, pool 2/2, conv 5: 1 + 4 + 1 + 4·2 = 14; pool: 14 + 1·2 = 16.
        (LENET, "receptive_field(conv_2)", [10, 10], "stride-ignored"),
        (LENET, "receptive_field(conv_2)", 12, "kernels-added"),
        (LENET, "receptive_field(conv_2)", 5, "one-layer-only"),
        (LENET, "receptive_field(conv_2)", [9, 9], "pooling-forgotten"),
        (LENET, "receptive_field(conv_2)", [50, 50], "kernels-multiplied"),
        (LENET, "receptive_field(conv_2)", [16, 16], "receptive-field-whole-kernel"),
        (LENET, "receptive_field(max_pool_2)", [18, 18], "stride-of-own-layer"),
        (LENET, "receptive_field(max_pool_2)", [4, 4], "stride-for-receptive-field"),
        (LENET, "receptive_field(max_pool_2)", [15, 15], "strides-not-multiplied"),
        # 1 + 2·2 = 5, then 5 + 2·2 = 9; without dilation 3 + 2·2.
        (WIDE, "receptive_field(conv_2)", [7, 7], "dilation-ignored"),
        (WIDE, "receptive_field(conv_1)", [3, 3], "dilation-ignored"),
    ],
)
def test_a_wrong_count_is_explained(problem: str, name: str, answer: Any, code: str) -> None:
    assert code in codes(problem, name, answer)


def test_a_convention_is_called_one() -> None:
    (tensor,) = report(STRIDED, {"multiplications(conv_1)": 62208}).tensors
    assert tensor.mistakes[0].kind == "convention"


def test_nothing_is_named_for_any_number() -> None:
    for name, answer in (
        ("shape(conv_1)", [8, 19, 19]),
        ("parameters(conv_1)", 777),
        ("parameters(total)", 7777),
        ("multiplications(conv_1)", 7777),
        ("receptive_field(max_pool_1)", 77),
    ):
        assert codes(STRIDED, name, answer) == [], name


def test_a_factor_of_1_is_not_left_out() -> None:
    # (2·2 + 1) + (1·3 + 3): one kernel, at one position, and a single channel of one feature.
    for answer, expected in ((10, []), (8, ["kernel-side-only"]), (7, ["bias-forgotten"])):
        assert codes(SMALLEST, "parameters(total)", answer) == expected


def verdicts(problem: str, answers: Mapping[str, Any]) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {tensor.name: (tensor.verdict.value, tensor.follows_from) for tensor in report(problem, answers).tensors}


def test_later_sizes_and_counts_follow() -> None:
    # The + 1 forgotten: 23; pooled 11; 11 − 4 = 7; pooled 3; 16·3·3 = 144; 144·120 + 120; all: 44426 − 30840 + 17400.
    answers = {
        "shape(conv_1)": [6, 23, 23],
        "shape(max_pool_1)": [6, 11, 11],
        "shape(conv_2)": [16, 7, 7],
        "shape(max_pool_2)": [16, 3, 3],
        "shape(flatten_1)": 144,
        "parameters(fc_1)": 17400,
        "parameters(total)": 30986,
    }
    checked = report(LENET, answers)
    assert checked.first_error == "shape(conv_1)"
    assert checked.score == 6
    assert verdicts(LENET, answers) == {
        "shape(conv_1)": ("wrong", ()),
        "shape(max_pool_1)": ("follows", ("shape(conv_1)",)),
        "shape(conv_2)": ("follows", ("shape(max_pool_1)",)),
        "shape(max_pool_2)": ("follows", ("shape(conv_2)",)),
        "shape(flatten_1)": ("follows", ("shape(max_pool_2)",)),
        "parameters(fc_1)": ("follows", ("shape(flatten_1)",)),
        "parameters(total)": ("follows", ("parameters(fc_1)",)),
    }


def test_over_layers_that_were_not_handed_in() -> None:
    # 23 → 11 → 7 → 3: 16·9.
    found = verdicts(LENET, {"shape(conv_1)": [6, 23, 23], "shape(flatten_1)": 144, "parameters(fc_1)": 17400})
    assert found["shape(flatten_1)"] == ("follows", ("shape(conv_1)",))
    assert found["parameters(fc_1)"] == ("follows", ("shape(flatten_1)",))


def test_a_total_is_the_sum_of_the_own_counts() -> None:
    # 150 without biases, 416 for 16·26: 150 + 416 + 30840 + 10164 + 850.
    own = {"parameters(conv_1)": 150, "parameters(conv_2)": 416, "parameters(total)": 42420}
    assert verdicts(LENET, own)["parameters(total)"] == ("follows", ("parameters(conv_1)", "parameters(conv_2)"))


def test_multiplications_of_an_own_size() -> None:
    # 7·7 positions: 8·48·49.
    own = {"shape(conv_1)": [8, 7, 7], "multiplications(conv_1)": 18816}
    assert verdicts(STRIDED, own)["multiplications(conv_1)"] == ("follows", ("shape(conv_1)",))


def test_a_receptive_field_grows_from_the_own_one() -> None:
    # 7 instead of 5, and the pooling adds 1.
    own = {"receptive_field(conv_1)": [7, 7], "receptive_field(max_pool_1)": 8}
    assert verdicts(LENET, own)["receptive_field(max_pool_1)"] == ("follows", ("receptive_field(conv_1)",))


def test_gradients_and_weights_are_sized_as_the_own_tensor() -> None:
    problem = LENET.replace("- fc: {units: 10, bias: true}", "- fc: {units: 10, bias: true}\n  - softmax")
    own = {"shape(flatten_1)": 400, "shape(fc_1.weight)": [120, 400]}
    assert verdicts(problem, own)["shape(fc_1.weight)"] == ("follows", ("shape(flatten_1)",))


def test_gradients_have_the_mistakes_of_the_tensor() -> None:
    problem = (
        "input: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]\nlayers:\n  - conv: {weight: {shape: [3, 2, 2, 2], fill: 1}}\n"
    )
    problem += "  - flatten\nloss: {mse: {target: [1, 2, 3]}}\n"
    assert codes(problem, "shape(dL/dconv_1.weight)", [2, 3, 2, 2]) == ["weight-axes-swapped"]
    own = {"shape(conv_1)": [3, 3, 3], "shape(dL/dconv_1)": [3, 3, 3]}
    assert verdicts(problem, own)["shape(dL/dconv_1)"] == ("follows", ("shape(conv_1)",))


def test_a_mini_batch_follows_too() -> None:
    # 6 − 3 = 3 rows, pooled 1.
    own = {"shape(conv_1)": [10, 4, 3, 3], "shape(batch_norm_1)": [10, 4, 3, 3], "shape(avg_pool_1)": [10, 4, 1, 1]}
    assert [verdict for verdict, _ in verdicts(BATCH, own).values()] == ["wrong", "follows", "follows"]


def test_an_own_mistake_on_an_own_size_is_named() -> None:
    # conv_2 of 11 rows without the + 1: 11 − 5 = 6.
    found = report(LENET, {"shape(max_pool_1)": [6, 11, 11], "shape(conv_2)": [16, 6, 6]})
    assert found["shape(conv_2)"].verdict is TensorVerdict.WRONG
    assert [mistake.code for mistake in found["shape(conv_2)"].mistakes] == ["output-size-one-forgotten"]


IMPOSSIBLE = [[6, 24], [6, 0, 0], [6, -3, 4], [6, 10**30, 24], [6, 10**5, 10**5], ["6", "11.5", "11.5"], ["?", 24, 24]]


@pytest.mark.parametrize("wrong", IMPOSSIBLE, ids=str)
def test_a_size_that_cannot_be_carries_nothing(wrong: Any) -> None:
    found = verdicts(LENET, {"shape(conv_1)": wrong, "shape(conv_2)": [16, 8, 8], "parameters(total)": 44426})
    assert found["shape(conv_1)"][0] in ("wrong", "missing")
    assert found["shape(conv_2)"] == found["parameters(total)"] == ("correct", ())
    assert verdicts(LENET, {"shape(conv_1)": wrong, "shape(conv_2)": [16, 9, 9]})["shape(conv_2)"] == ("wrong", ())


def test_with_numbers_too() -> None:
    kernel = "weight: {name: W, value: [[1, 0, 2], [0, 1, 1]]}"
    text = f"input: [[1, 2, 0], [0, 1, 3], [2, 1, 1]]\nlayers: [conv: {{name: Z, {kernel}}}]\n"
    # 3 − 2 + 1 rows and 3 − 3 + 1 columns.
    assert codes(text, "shape(Z)", [1, 3, 3])[0] == "output-size-of-input"
    assert "kernel-transposed" in codes(text, "shape(Z)", [1, 1, 2])


@pytest.mark.parametrize(
    ("problem", "layer", "answer"),
    [(STRIDED, "conv_1", [9, 9, 8]), (STRIDED, "conv_1.weight", [4, 4, 3, 8]), (BATCH, "conv_1", [10, 4, 4, 4])],
)
def test_a_right_size_with_its_channels_last_is_right(problem: str, layer: str, answer: Any) -> None:
    assert verdicts(problem, {f"shape({layer})": answer})[f"shape({layer})"] == ("correct", ())


def test_a_deep_network_takes_no_longer() -> None:
    # 224 → 112 → 56 → 28 → 14 → 7 rows; without the last pooling 14, so 512·14·14; times 4096, and as many biases.
    problem = cnncalc.load(ROOT / "problems" / "vgg16.yaml")
    started = process_time()
    checked = cnncalc.check(
        problem, {"shape(flatten_1)": 100352, "parameters(fc_1)": 411045888, "parameters(total)": 1}
    )
    assert process_time() - started < 20
    assert [mistake.code for mistake in checked["shape(flatten_1)"].mistakes] == ["pooling-forgotten"]
    assert checked["parameters(fc_1)"].verdict is TensorVerdict.FOLLOWS


def test_a_leading_1_is_a_mini_batch_of_one_sample_and_that_is_said() -> None:
    (tensor,) = report(STRIDED, {"shape(conv_1)": [1, 8, 9, 9]}).tensors
    assert tensor.verdict is TensorVerdict.CORRECT
    assert "the 1 in front is read as a mini-batch of one sample" in repr(tensor)


@pytest.mark.parametrize("answer", [[2, 3], 7, "1,191,170", [1]])
def test_the_shape_of_a_single_number_has_no_sizes(answer: Any) -> None:
    problem = cnncalc.loads("input: [1, 2]\nlayers: [relu]\nloss: {mse: {name: L, target: [1, 0]}}")
    (tensor,) = cnncalc.check(problem, {"shape(L)": answer}).tensors
    assert tensor.verdict is TensorVerdict.WRONG


def test_what_is_said_of_too_few_or_too_many() -> None:
    problem = cnncalc.load("problems/hw11.yaml")
    answers = {"shape(L)": "1", "shape(fc_1)": [3, 5], "p": [0.2, 0.8], "L": [1, 2], "dL/dW": [1]}
    said = {one.name: one.notes[0].en for one in cnncalc.check(problem, answers).tensors if one.notes}
    assert said == {
        "shape(L)": "a single number has no sizes",
        "shape(fc_1)": "2 sizes instead of 1",
        "p": "2 cells (2) instead of 5 (5)",
        "L": "2 cells (2) instead of 1 (1)",
        "dL/dW": "1 cell instead of 40 (5×8)",
    }


def test_two_counts_of_which_each_has_its_own_mistake() -> None:
    problem = cnncalc.loads(
        "input: {name: x, shape: [6]}\nlayers:\n  - fc: {name: s, units: 4}\n  - fc: {name: t, units: 2}\n"
    )
    report = cnncalc.check(problem, {"parameters(s)": 28, "parameters(t)": 10, "parameters(total)": 39})
    assert [tensor.verdict.value for tensor in report.tensors] == ["wrong"] * 3
