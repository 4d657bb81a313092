"""Freezes ONNX's own node tests, those that a problem file can express: two dimensions, channel first, small.

Run from the checkout in an environment with onnx: `pip install onnx`, then `python tests/outside/make_onnx.py`. It
writes tests/outside/onnx/cases.json and imports nothing of cnncalc. The numbers are ONNX's (Apache-2.0), in float32 as
it has them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx.backend.test.case.node import collect_testcases

LARGEST = 700
PLAIN = {"Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "GlobalAveragePool": "global_avg_pool"}


def flow(array: Any) -> str:
    """The float32 numbers exactly, as decimals."""
    return json.dumps(np.asarray(array, dtype=np.float64).tolist())


def padding(options: dict[str, Any]) -> str:
    if options.get("auto_pad") == b"SAME_UPPER":
        return "same"
    top, left, bottom, right = options.get("pads", [0, 0, 0, 0])
    return f"[[{top}, {bottom}], [{left}, {right}]]"


def layer(kind: str, options: dict[str, Any], inputs: list[Any]) -> str | None:
    """The layer as a line of a problem file; None where it cannot be said."""
    x = inputs[0]
    if kind in PLAIN:
        return PLAIN[kind] if x.ndim == 4 or kind != "GlobalAveragePool" else None
    if kind == "LeakyRelu":
        return f"leaky_relu: {{slope: {options.get('alpha', 0.01):.9g}}}"
    if kind == "Softmax":
        return "softmax" if x.ndim == 2 and options.get("axis", -1) in (1, -1) else None
    if kind == "Flatten":
        return "flatten" if x.ndim == 4 and options.get("axis", 1) == 1 else None
    if x.ndim != 4 or options.get("auto_pad") == b"SAME_LOWER" or options.get("storage_order"):
        return None
    if kind == "BatchNormalization":
        names = ["gamma", "beta"] + ([] if options.get("training_mode") else ["mean", "var"])
        given = ", ".join(f"{name}: {flow(array)}" for name, array in zip(names, inputs[1:], strict=False))
        return f"batch_norm: {{eps: {options.get('epsilon', 1e-5):.9g}, {given}}}"
    strides = options.get("strides", [1, 1])
    common = f"stride: {strides}, padding: {padding(options)}, dilation: {options.get('dilations', [1, 1])}"
    if kind == "ConvTranspose":
        return conv_transpose(options, inputs)
    if kind == "Conv":
        bias = f", bias: {flow(inputs[2])}" if len(inputs) > 2 else ""
        return f"conv: {{weight: {flow(inputs[1])}{bias}, {common}, groups: {options.get('group', 1)}}}"
    pool = f"size: {options['kernel_shape']}, {common}, ceil: {'true' if options.get('ceil_mode') else 'false'}"
    if kind == "MaxPool":
        return f"max_pool: {{{pool}}}"
    counts = "true" if options.get("count_include_pad") else "false"
    return f"avg_pool: {{{pool}, count_padding: {counts}}}"


def conv_transpose(options: dict[str, Any], inputs: list[Any]) -> str:
    """The layer; ONNX says a padding, or leaves it to be worked out from an output_shape."""
    x, weight = inputs[:2]
    strides, dilations = options.get("strides", [1, 1]), options.get("dilations", [1, 1])
    spare = options.get("output_padding", [0, 0])
    sides = padding(options)
    if "output_shape" in options:
        pads = []
        for axis in (0, 1):
            span = (weight.shape[2 + axis] - 1) * dilations[axis] + 1
            total = (x.shape[2 + axis] - 1) * strides[axis] + span + spare[axis] - options["output_shape"][axis]
            pads.append([total - total // 2, total // 2])
        sides = json.dumps(pads)
    text = f"conv_transpose: {{weight: {flow(weight)}, stride: {strides}, padding: {sides}, dilation: {dilations}"
    return f"{text}, output_padding: {spare}, groups: {options.get('group', 1)}}}"


def frozen(case: Any) -> dict[str, Any] | None:
    """One case, if it can be said and is small."""
    nodes = case.model.graph.node
    known = {
        *PLAIN,
        "LeakyRelu",
        "Softmax",
        "Flatten",
        "BatchNormalization",
        "Conv",
        "ConvTranspose",
        "MaxPool",
        "AveragePool",
    }
    if len(nodes) != 1 or nodes[0].op_type not in known:
        return None
    options = {a.name: onnx.helper.get_attribute_value(a) for a in nodes[0].attribute}
    inputs, outputs = ([np.asarray(array) for array in arrays] for arrays in case.data_sets[0])
    if inputs[0].dtype != np.float32 or inputs[0].ndim > 4 or inputs[0].size + outputs[0].size > LARGEST:
        return None
    line = layer(nodes[0].op_type, options, inputs)
    if line is None:
        return None
    found: dict[str, Any] = {"problem": f"input: {flow(inputs[0])}\nlayers:\n  - {line}\n", "y": outputs[0].tolist()}
    if nodes[0].op_type == "MaxPool" and len(outputs) > 1:
        # ONNX counts through the whole tensor; a path has row and column, from 1.
        height, width = inputs[0].shape[2:]
        place = outputs[1] % (height * width)
        found["path"] = np.stack([place // width + 1, place % width + 1], axis=-1).tolist()
    return found


def main() -> None:
    folder = Path(__file__).parent / "onnx"
    folder.mkdir(exist_ok=True)
    cases = {case.name: made for case in collect_testcases(None) if (made := frozen(case)) is not None}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(cases[name])}" for name in sorted(cases))
    source = json.dumps(f"ONNX {onnx.__version__}, node tests, float32")
    (folder / "cases.json").write_text(f'{{"source": {source}, "cases": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
