"""A graph of ONNX becomes the same network; its numbers are those of ONNX's own reference evaluator."""

import sys
from pathlib import Path

import numpy as np
import pytest

import cnncalc
from cnncalc.code.onnx_graph import Graph, Node, problem_of

from ..command import run

NODES = (
    Node("Conv", ["x", "c1.w", "c1.b"], ["c1"], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "strides": [2, 2]}),
    Node("BatchNormalization", ["c1", "bn.w", "bn.b", "bn.m", "bn.v"], ["b"], {"epsilon": 1e-5}),
    Node("Relu", ["b"], ["/r/Relu_output_0"], {}, "/r/Relu"),
    Node("Conv", ["/r/Relu_output_0", "c2.w"], ["c2"], {"kernel_shape": [1, 1]}),
    Node("Add", ["c2", "/r/Relu_output_0"], ["s"]),
    Node("MaxPool", ["s"], ["m"], {"kernel_shape": [2, 2], "strides": [2, 2]}),
    Node("Concat", ["m", "m"], ["k"], {"axis": 1}),
    Node("Reshape", ["k", "flat"], ["f"]),
    Node("Gemm", ["f", "fc.w", "fc.b"], ["z"], {"transB": 1}),
    Node("Dropout", ["z"], ["d"]),
    Node("MatMul", ["d", "v.w"], ["v"]),
    Node("Add", ["v", "v.b"], ["u"]),
    Node("Softmax", ["u"], ["p"], {"axis": 1}),
)
CONSTANTS = {
    "c1.w": np.array([[1, 0.5, 0, -1, -0.5, -1.5, -1.5, -1.5, -1], [1, 0.5, 1.5, 0, 0.5, 1.5, 1, 0.5, 0]]).reshape(
        2, 1, 3, 3
    ),
    "c1.b": np.array([0, 1.5]), "bn.w": np.array([1, 2]), "bn.b": np.array([0, 0.5]), "bn.m": np.array([0.5, 0]),
    "bn.v": np.array([1, 4]), "c2.w": np.array([[[[-1.0]], [[1]]], [[[0.5]], [[-1.5]]]]), "flat": np.array([-1, 4]),
    "fc.w": np.array([[-0.5, 1.5, 0, -1.5], [1, 1, 1, -1], [-1.5, 1.5, -1.5, 0]]), "fc.b": np.array([-1.5, -0.5, 0]),
    "v.w": np.eye(3) / 8, "v.b": np.array([0, 0.25, 0]),
}  # fmt: skip
GRAPH = Graph(NODES, CONSTANTS, {"x": [None, 1, 4, 4]})
X = [[[-1.0, -0.75, -0.5, -0.25], [0.0, 0.25, 0.5, 0.75], [1.0, 1.25, 1.5, 1.75], [2.0, 2.25, 2.5, 2.75]]]
# onnx.reference.ReferenceEvaluator of onnx 1.23.2 on this graph, float64 constants.
LOGITS, P = (
    [-6.7499937500118765, 20.499975000047506, -31.124965898483843],
    [0.02514885492633183, 0.9736563904276276, 0.0011947546460405174],
)


def test_the_numbers_are_onnx_s() -> None:
    text = problem_of(GRAPH, "net.onnx").replace("shape: [1, 4, 4]", f"value: {X}")
    trace = cnncalc.solve(cnncalc.loads(text))
    np.testing.assert_allclose(trace["z"].value, LOGITS, rtol=1e-12)
    np.testing.assert_allclose(trace["p"].value, P, rtol=1e-12)
    names = [entry.name for entry in cnncalc.loads(text).layers]
    assert names == ["c1", "b", "r", "c2", "s", "m", "k", "f", "z", "v", "p"]


def test_every_operation_that_is_none_is_named() -> None:
    nodes = [Node("Conv", ["x", "c1.w"], ["a"]), Node("LSTM", ["a"], ["b"]), Node("Einsum", ["b"], ["c"])]
    with pytest.raises(cnncalc.ProblemError) as caught:
        problem_of(Graph(nodes, CONSTANTS, {"x": [1, 1, 4, 4]}), "net.onnx")
    assert [fault.message for fault in caught.value.faults] == [
        "LSTM (b) is no layer that is known here", "Einsum (c) is no layer that is known here",
    ]  # fmt: skip


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    (tmp_path / "net.onnx").write_bytes(b"")
    ended = run(["import", "net.onnx"], folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (
        2,
        "net.onnx: an ONNX file is read with the package onnx, which is not installed\n"
        "    pip install 'cnncalc[onnx]'\n",
    )
