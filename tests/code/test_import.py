"""Programs of PyTorch and Keras are read as networks, and never run."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest

import cnncalc
from cnncalc.code.export import script
from cnncalc.code.import_code import import_code

from ..command import run
from ..problem_files import NUMERIC, solved

PROGRAMS = Path(__file__).parent / "programs"


def read(name: str, shape: tuple[int, ...] | None = None) -> cnncalc.Problem:
    text, _ = import_code((PROGRAMS / f"{name}.txt").read_text("utf-8"), name, shape)
    return cnncalc.loads(text)


@pytest.mark.parametrize(
    ("name", "shape", "parameters", "output"),
    [
        # As PyTorch counts them; Keras's by hand: 320 + 18496 + 108170, 432 + 32 + 2320 + 330, 208 + 2890.
        ("lenet", (1, 28, 28), 34622, (10,)),
        ("residual", None, 5402, (10,)),
        ("module_list", (4,), 67, (3,)),
        ("ordered_dict", (1, 28, 28), 7890, (10,)),
        ("built_in_a_loop", (3, 32, 32), 157578, (10,)),
        ("helper_method", (1, 28, 28), 9146, (10,)),
        ("blocks", (3, 8, 8), 2138, (10,)),
        ("loss_and_step", None, 9, (1,)),
        ("numpy_forward", None, 6, (2,)),
        ("squeeze_and_excite", (3, 8, 8), 128, (4, 8, 8)),
        ("concatenated_features", (5,), 71, (1,)),
        ("layers_as_arguments", (3, 6, 6), 68, (4,)),
        # 320 + 64 + 18496 + 128 + 803072 + 2570; 156 + 8650.
        ("flax_nnx", (28, 28, 1), 824650, (10,)),
        ("printed", (1, 28, 28), 8806, (10,)),
        ("keras_sequential", None, 126986, (10,)),
        ("keras_functional", None, 3114, (10,)),
        ("keras_added", None, 3098, (10,)),
    ],
)
def test_networks_have_their_sizes(
    name: str, shape: tuple[int, ...] | None, parameters: int, output: tuple[int, ...]
) -> None:
    problem = read(name, shape)
    assert problem.layers[-1].output_shape == output
    assert cnncalc.shapes(problem).parameters == parameters


def test_layers_that_nobody_can_count_are_a_fault() -> None:
    text = (PROGRAMS / "module_list.txt").read_text("utf-8").replace("in zip(sizes[:-1], sizes[1:])", "in pairs(sizes)")
    with pytest.raises(cnncalc.ProblemError) as caught:
        import_code(text, "module_list.py", (4,))
    assert "layers are added in a `for` that cannot be followed" in caught.value.faults[0].message


def test_a_loss_is_said_and_its_network_kept() -> None:
    program = "y = nn.Sequential(nn.Linear(2, 1))(torch.randn(2))\nloss = nn.MSELoss()(y, torch.randn(1))\n"
    _, said = import_code(program, "step.py")
    assert said == ["line 2: nn.MSELoss is a loss; write it beside the layers: `loss: {nn.MSELoss: {target: …}}`"]


# What PyTorch 2.13 prints of these programs, to six places.
PRINTED = {
    "loss_and_step": {"L": 1.201010, "y": 1.105906, "x": [[0.05, 0.1]]},
    "class_and_classes": {"out": [12, 12], "L": 0.693147},
    "functions_and_weights": {"out": [8.5, 4.25], "L": 37.15625},
    "list_of_sizes": {"pred": 0.55, "L": 6.0025},
    "one_neuron": {"y": 0.930862},
    "laplacian": {"out": [[0, 1, 1, 0], [1, -2, -2, 1], [1, -2, -2, 1], [0, 1, 1, 0]]},
}


@pytest.mark.parametrize("name", PRINTED)
def test_numbers_that_a_program_writes_out_are_read(name: str) -> None:
    trace = cnncalc.solve(read(name))
    for tensor, printed in PRINTED[name].items():
        found = trace[tensor].value
        np.testing.assert_allclose(found, np.reshape(printed, found.shape), atol=6e-7)


def test_layers_in_order_with_their_names() -> None:
    text, said = import_code((PROGRAMS / "lenet.txt").read_text("utf-8"), "lenet.py", (1, 28, 28))
    assert said == ["line 10: nn.Dropout is left out: it changes nothing once a network is trained"]
    assert text == (
        f"# {said[0]}\n"
        "input: {name: x, shape: [1, 28, 28]}\n"
        "layers:\n"
        "  - conv: {name: conv1, channels: 6, size: 5, bias: true}\n"
        "  - relu\n"
        "  - max_pool: {size: 2}\n"
        "  - conv: {name: conv2, channels: 16, size: 5, bias: true}\n"
        "  - relu\n"
        "  - max_pool: {size: [2, 2]}\n"
        "  - flatten\n"
        "  - fc: {name: fc1, units: 120, bias: true}\n"
        "  - relu\n"
        "  - fc: {name: fc2, units: 10, bias: true}\n"
        "  - log_softmax\n"
    )


EXPORTED = [
    path for path in NUMERIC if path.stem not in ("lenet5", "anchor_outside", "batch_norm_activation", "circuit")
]
"""An image that is cropped, a batch norm over each activation, and a circuit of numbers, are written out and not read
back."""


@pytest.mark.parametrize("path", EXPORTED, ids=lambda path: path.stem)
def test_what_was_exported_has_the_same_shapes(path: Path) -> None:
    problem = cnncalc.load(path)
    again = cnncalc.loads(import_code(script(solved(path), "pytorch"), path.name)[0])
    assert without_flattened_pixels(again) == without_flattened_pixels(problem)
    assert [given.entries.shape for given in again.inputs] == [given.entries.shape for given in problem.inputs]
    own = {given.name.replace(".", "_"): given.entries.shape for given in problem.parameters}
    assert {given.name.replace(".", "_"): given.entries.shape for given in again.parameters} == own


def without_flattened_pixels(problem: cnncalc.Problem) -> list[tuple[int, ...]]:
    """The shapes in order; maps of 1×1 are features here, and PyTorch flattens them."""
    layers = [entry for entry in problem.layers if entry.layer.type != "flatten" or entry.input_shape[1:] != (1, 1)]
    return [entry.output_shape for entry in layers]


def test_weights_of_both_kinds_of_file(tmp_path: Path) -> None:
    weights = {
        "0.weight": np.arange(8, dtype=np.float32).reshape(2, 1, 2, 2) / 4,
        "0.bias": np.array([0.1, -1], dtype=np.float32),
        "1.weight": np.array([2, 0.5], dtype=np.float32),
        "1.bias": np.array([0, 1], dtype=np.float32),
        "1.running_mean": np.array([1, 2], dtype=np.float32),
        "1.running_var": np.array([4, 1], dtype=np.float32),
        "1.num_batches_tracked": np.array(7),
        "9.weight": np.array([1.0]),
    }
    np.savez(tmp_path / "w.npz", **weights)
    header, data = {}, b""
    for name, array in weights.items():
        kind = {"float32": "F32", "float64": "F64", "int64": "I64"}[array.dtype.name]
        offsets = [len(data), len(data) + array.nbytes]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": offsets}
        data += array.tobytes()
    head = json.dumps(header).encode()
    (tmp_path / "w.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + data)
    program = "nn.Sequential(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2), nn.ReLU())"
    made = []
    for name in ("w.npz", "w.safetensors"):
        result = run(["import", "-", "--input", "1x3x3", "--weights", str(tmp_path / name)], stdin=program)
        assert (result.returncode, result.stderr) == (0, "weights: 9.weight belongs to no layer\n")
        made.append(result.stdout)
    assert made[0] == made[1]
    problem = cnncalc.loads(made[0])
    conv, norm = problem.layers[:2]
    assert [str(number) for number in conv.parameters["bias"].entries] == ["0.1", "-1.0"]
    assert np.array_equal(conv.parameters["weight"].entries.astype(float), weights["0.weight"])
    assert {name: given.entries.astype(float).tolist() for name, given in norm.parameters.items()} == {
        "gamma": [2, 0.5], "beta": [0, 1], "mean": [1, 2], "var": [4, 1],
    }  # fmt: skip


def test_a_notebook() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# A network"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "!pip install torch\n", "from torch import nn\n"]},
        {"cell_type": "code", "source": ["net = nn.Sequential(\n", "  nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2))"]},
    ]
    text, _ = import_code(json.dumps({"cells": cells}), "a.ipynb")
    assert [entry.output_shape for entry in cnncalc.loads(text).layers] == [(3,), (3,), (2,)]


FAULTS = [
    ("nn.Sequential(nn.LSTM(3, 4))", "4", 1, "nn.LSTM is no layer that is known here"),
    ("nn.Sequential(nn.Conv2d(1, 2, 3))", "", 1, "nothing says the shape of the input"),
    ("nn.Sequential(nn.Conv2d(3, 2, 3))", "1x8x8", 2, "conv_1 should take 3 channels, and input has 1"),
    ("x = 3", "4", 1, "no network was found"),
    ("def f(:", "4", 1, "this is no program in Python"),
    (
        "class N(nn.Module):\n def forward(self, x):\n  y = torch.fft.fft(x)\n  return y\n",
        "4", 3, "`torch.fft.fft(x)` is not known",
    ),
    (
        "class N(nn.Module):\n def forward(self, x):\n  if x.sum() > 0:\n   x = torch.relu(x)\n  return x\n",
        "4", 3, "`x.sum()` is not known",
    ),
    ("nn.Sequential(nn.AdaptiveAvgPool1d(3))", "1x8", 1, "AdaptiveAvgPool1d to 3"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "shape", "line", "message"), FAULTS)
def test_what_cannot_be_read_is_said_with_its_line(program: str, shape: str, line: int, message: str) -> None:
    result = run(["import", "-", *(["--input", shape] if shape else [])], stdin=program)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert f":{line}:" in result.stderr


def test_nothing_is_run(tmp_path: Path) -> None:
    target = tmp_path / "made"
    program = f"open({str(target)!r}, 'w').write('x')\nimport os\nos.system('touch {target}')\nnn.Sequential(nn.ReLU())"
    assert run(["import", "-", "--input", "4"], stdin=program).returncode == 0
    assert not target.exists()


@pytest.mark.parametrize(
    "content", [b"", b"\xff" * 40, struct.pack("<Q", 10**15) + b"{}", struct.pack("<Q", 2) + b"[]"]
)
def test_weights_that_are_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w.safetensors").write_bytes(content)
    words = ["import", "-", "--input", "4", "--weights", str(tmp_path / "w.safetensors")]
    assert run(words, stdin="nn.Sequential(nn.ReLU())").returncode == 2


def test_a_model_of_models_has_the_paths_of_the_whole() -> None:
    text = "a = nn.Sequential(nn.Linear(2, 2))\nmodel = nn.Sequential(a, nn.ReLU())\n"
    weights = {"0.0.weight": np.eye(2), "0.0.bias": np.ones(2)}
    made, said = import_code(text, "model.py", (2,), weights)
    assert not said
    np.testing.assert_array_equal(
        cnncalc.solve(cnncalc.loads(made.replace("shape: [2]", "value: [3, 4]")))["fc_1"].value, [4, 5]
    )


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("from flax import nnx\nmodel = nnx.Sequential(nnx.gelu)\n", "gelu: {approximate: tanh}"),
        ("import torch.nn as nn\nmodel = nn.Sequential(nn.GELU())\n", "gelu"),
        ("import keras\nmodel = keras.Sequential([keras.layers.LeakyReLU()])\n", "leaky_relu: {slope: 0.3}"),
        ("import torch.nn as nn\nmodel = nn.Sequential(nn.LeakyReLU())\n", "leaky_relu"),
        (
            "import keras\nmodel = keras.Sequential([keras.layers.LayerNormalization()])\n",
            "layer_norm: {eps: 0.001}",
        ),
    ],
)
def test_what_a_library_takes_where_nothing_is_said(program: str, line: str) -> None:
    made, _ = import_code(program, "model.py", (4,))
    assert f"{line}}}]" in made or f"[{line}]" in made


KERAS_TABLE = """
 Layer (type)                Output Shape              Param #
=================================================================
 conv2d (Conv2D)             (None, 26, 26, 32)        320
 max_pooling2d (MaxPooling2  (None, 13, 13, 32)        0
 D)
 flatten (Flatten)           (None, 5408)              0
 dense (Dense)               (None, 10)                54090
"""
BOXES = """
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
│ input_layer (InputLayer)        │ (None, 32, 32, 3)      │             0 │
│ conv2d (Conv2D)                 │ (None, 32, 32, 32)     │           896 │
│ batch_normalization             │ (None, 32, 32, 32)     │           128 │
│ (BatchNormalization)            │                        │               │
│ conv2d_1 (Conv2D)               │ (None, 16, 16, 64)     │        18,432 │
│ global_average_pooling2d        │ (None, 64)             │             0 │
│ (GlobalAveragePooling2D)        │                        │               │
│ dense (Dense)                   │ (None, 10)             │           650 │
"""
TORCH_TABLE = """
Layer (type:depth-idx)                   Output Shape              Param #
LeNet                                    [1, 10]                   --
├─Sequential: 1-1                        [1, 16, 4, 4]             --
│    └─Conv2d: 2-1                       [1, 6, 24, 24]            156
│    └─ReLU: 2-2                         [1, 6, 24, 24]            --
│    └─MaxPool2d: 2-3                    [1, 6, 12, 12]            --
│    └─Conv2d: 2-4                       [1, 16, 8, 8]             2,416
│    └─MaxPool2d: 2-5                    [1, 16, 4, 4]             --
├─Linear: 1-2                            [1, 10]                   2,570
"""


# The parameters are the sums of the tables' own columns; batch norm counts its running mean and variance there.
@pytest.mark.parametrize(
    ("table", "options", "parameters", "shapes"),
    [
        (KERAS_TABLE, ["--input", "1x28x28"], 54410, {"conv2d": (32, 26, 26), "max_pooling2d": (32, 13, 13)}),
        (BOXES, [], 896 + 64 + 18432 + 650, {"conv2d": (32, 32, 32), "conv2d_1": (64, 16, 16), "dense": (10,)}),
        (TORCH_TABLE, ["--input", "1x28x28"], 5142, {"conv_1": (6, 24, 24), "max_pool_2": (16, 4, 4)}),
        ("  Layer (type)   Output Shape   Param #\n  Linear-1   [-1, 3]   15\n", [], 15, {"fc_1": (3,)}),
    ],
)  # fmt: skip
def test_the_table_of_a_summary(
    table: str, options: list[str], parameters: int, shapes: dict[str, tuple[int, ...]]
) -> None:
    ended = run(["import", "-", *options], stdin=table)
    assert ended.returncode == 0, ended.stderr
    outline = cnncalc.shapes(cnncalc.loads(ended.stdout))
    assert outline.parameters == parameters
    assert {name: outline[name].shape for name in shapes} == shapes
    assert ("a table says no window; 2" in ended.stderr) == ("Max" in table)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("table", "said", "chinese"),
    [
        ("", "no row of this table can be read", "没有一行"),
        (KERAS_TABLE, "nothing says the shape of the input", "输入的形状"),
        (BOXES.replace("896", "897"), "Conv2D of 3×32×32 to 32×32×32 has no 897 parameters with a square", "参数"),
        (BOXES.replace("conv2d_1 (Conv2D)", "conv2d_1 (Add)   "), "a table says too little of Add", "Add"),
    ],
)
def test_a_table_that_says_too_little(language: str, table: str, said: str, chinese: str) -> None:
    text = table or " Layer (type)      Output Shape      Param #\n"
    ended = run(["import", "-", "--language", language], stdin=text)
    assert ended.returncode == 2
    assert (chinese if language == "zh" else said) in ended.stderr


def test_a_switch_is_written_as_a_problem_file_has_it() -> None:
    """And a bias that is not there is no option: a layer has none unless it says so."""
    code = "nn.Sequential(nn.Conv2d(1, 2, 3, bias={}), nn.MaxPool2d(2, ceil_mode={}))"
    for switch, options in ((True, "bias: true"), (False, "")):
        text, _ = import_code(code.format(switch, switch), "model.py", (1, 8, 8), None, "en")
        assert ("bias" in text, "True" in text, "False" in text) == (bool(options), False, False)
        assert options in text
        assert f"ceil: {str(switch).lower()}" in text
