"""Whole files as people type them who have not read the format: the same problem as in our words."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc import ProblemError, loads, shapes, solve

IMAGE = "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]"
CONV = f"input: {IMAGE}\nlayers: [conv: {{weight: [[1, 0], [0, 1]]}}"
NEURONS = "input: [1, 2]\nlayers: [fc: {weight: [[1, 2], [0, 1]]}, relu, fc: {weight: [[1, -1]]}]"
SAME = {
    "a network within": (
        f"net:\n  type: Sequential\n  layers:\n    - type: Conv2d\n      weight: [[1, 0], [0, 1]]\n    - type: ReLU\n"
        f"x: {IMAGE}\n",
        f"{CONV}, relu]",
    ),
    "in a block of Markdown": (
        f"# Homework 3\n\nHere it is: [see below]\n\n```yaml\ninput: {IMAGE}\nlayers:\n"
        "  - conv: {K: [[1, 0], [0, 1]]}\n```\n\nDone: yes\n",
        f"{CONV}]",
    ),
    "TOML": (
        f'title = "CNN"\n\n[input]\nvalue = {IMAGE}\n\n[[layers]]\ntype = "conv"\nfilter = [[1, 0], [0, 1]]\n\n'
        '[[layers]]\ntype = "relu"\n\n[loss]\ntype = "mse"\ntarget = [[1, 2], [3, 4]]\n',
        f"{CONV}, relu]\nloss: {{mse: {{target: [[1, 2], [3, 4]]}}}}",
    ),
    "MATLAB": (
        "X = [[1 2 3; 4 5 6; 7 8 9]]\nK = [1 0; 0 1]\nlayers:\n  - conv: K\n",
        f"input: {IMAGE}\nlayers: [conv: {{weight: {{name: K, value: [[1, 0], [0, 1]]}}}}]",
    ),
    "MATLAB's layers": (
        "input: [1 2 3; 4 5 6; 7 8 9]\nlayers:\n  - convolution2dLayer(2, 1, 'Stride', 1, 'Weights', [1 0; 0 1])\n"
        "  - reluLayer\n  - maxPooling2dLayer(2)\n  - fullyConnectedLayer(3, 'Weights', 0.5)\n",
        f"{CONV}, relu, max_pool: {{size: 2, stride: 1}}, fc: {{units: 3, weight: 0.5}}]",
    ),
    "layers as they are said": (
        f"input: {IMAGE}\nlayers:\n  - conv kernel=[[1,0],[0,1]] stride=1 pad=0\n  - relu\n  - maxpool 2x2, stride 1\n"
        "  - flatten\n  - FC(2, weight=[[1], [2]])\n",
        f"{CONV}, relu, max_pool: {{size: 2, stride: 1}}, flatten, fc: {{weight: [[1], [2]]}}]",
    ),
    "sizes as they are said": (
        "input: 3x32x32\nlayers:\n  - conv 8 3x3, stride 2, pad 1\n  - conv 6@5x5\n  - relu\n  - max pool 2\n",
        "input: {shape: [3, 32, 32]}\nlayers: [conv: {channels: 8, size: 3, stride: 2, padding: 1},"
        " conv: {channels: 6, size: 5}, relu, max_pool: {size: 2}]",
    ),
    "a chain with its weights": (
        f"input: {IMAGE}\narchitecture: Conv(1, 2x2) -> ReLU -> MaxPool(2) -> Flatten -> FC(2)\n"
        "weights:\n  conv: [[1, 0], [0, 1]]\n  fc: [[1], [2]]\n",
        f"{CONV}, relu, max_pool: {{size: 2}}, flatten, fc: {{weight: [[1], [2]]}}]",
    ),
    "one convolution and nothing else": (
        f"image: {IMAGE}\nfilter: [[1, 0], [0, 1]]\nstride: 1\npadding: 0\n", f"{CONV}]",
    ),
    "one neuron": (
        "x: [2, -1]\nw: [[0.5, -0.3], [0.2, 0.8]]\nb: [1, 0]\nactivation: sigmoid\n",
        "input: [2, -1]\nlayers: [fc: {weight: [[0.5, -0.3], [0.2, 0.8]], bias: [1, 0]}, sigmoid]",
    ),
    "a hidden layer and an output": (
        "x: [1, 2]\nhidden: {weights: [[1, 2], [0, 1]], activation: relu}\noutput: {weights: [[1, -1]]}\n", NEURONS,
    ),
    "an output by its word": (
        "x: [1, 2]\nlayers:\n  - fc: {weight: [[1, 2], [0, 1]]}\noutput: softmax\n",
        "input: [1, 2]\nlayers: [fc: {weight: [[1, 2], [0, 1]]}, softmax]",
    ),
    "an output that stands there": (
        "x: [1, 2]\nlayers: [fc: {weight: [[1, 2], [0, 1]]}, softmax]\noutput: Softmax\n",
        "input: [1, 2]\nlayers: [fc: {weight: [[1, 2], [0, 1]]}, softmax]",
    ),
    "a state dict of one layer a type": (
        f"input: {IMAGE}\nconv.weight: [[1, 0], [0, 1]]\nfc.weight: [[1, 2, 3, 4]]\nlayers: [conv, flatten, fc]\n",
        f"{CONV}, flatten, fc: {{weight: [[1, 2, 3, 4]]}}]",
    ),
    "an activation with its name": (
        "input: [1, -2]\nlayers:\n  - {name: act, type: Activation, activation: leaky_relu, alpha: 0.1}\n",
        "input: [1, -2]\nlayers: [leaky_relu: {name: act, slope: 0.1}]",
    ),
    "a loss by its name": (
        "input: [1, -2]\nlayers: [relu]\nloss: {name: MSELoss, target: [1, 0]}\n",
        "input: [1, -2]\nlayers: [relu]\nloss: {mse: {target: [1, 0]}}",
    ),
    "CS231n's loss": (
        "x: [1, 2]\nW1: [[1, 2], [0, 1]]\nlayers: [affine]\nloss: softmax\ny: 1\n",
        "input: [1, 2]\nlayers: [fc: {weight: {name: W1, value: [[1, 2], [0, 1]]}}, softmax]\n"
        "loss: {cross_entropy: {class: 1}}",
    ),
    "axes by their names": (
        "input: {channels: 1, height: 8, width: 6}\nlayers:\n  - max_pool: {size: 2}\n",
        "input: {shape: [1, 8, 6]}\nlayers: [max_pool: {size: 2}]",
    ),
    "Keras's input_shape": (
        "input_shape: [28, 28, 1]\nlayers:\n  - Conv2D(6, 5, use_bias=False)\n",
        "input: {shape: [1, 28, 28]}\nlayers: [conv: {channels: 6, size: 5}]",
    ),
    "LaTeX in braces": (
        f"input: {IMAGE}\nlayers:\n"
        "  - conv: {kernel: $\\begin{bmatrix} 1 & 0 \\\\ 0 & 1 \\end{bmatrix}$, bias: $\\frac{1}{2}$}\n",
        f"{CONV[:-1]}, bias: 1/2}}]",
    ),
    "a kernel as a block": (
        f"input: {IMAGE}\nlayers:\n  - conv:\n      kernel: |\n        1 0\n        0 1\n", f"{CONV}]",
    ),
    "equations": (
        f"x: {IMAGE}\nK: [[1, 0], [0, 1]]\nW: [[1, 0, 0, 1], [0.5, 1, -1, 0]]\nb: [1, 2]\n"
        "forward:\n  - c = conv(x, K)\n  - a = relu(c)\n  - f = flatten(a)\n  - z = W f + b\n  - p = softmax(z)\n",
        f"input: {IMAGE}\nlayers: [conv: {{name: c, weight: {{name: K, value: [[1, 0], [0, 1]]}}}}, relu: {{name: a}},"
        " flatten: {name: f}, fc: {name: z, weight: {name: W, value: [[1, 0, 0, 1], [0.5, 1, -1, 0]]},"
        " bias: {name: b, value: [1, 2]}}, softmax: {name: p}]",
    ),
    "equations of rows": (
        "inputs: {x: [1, 2]}\nparameters: {W1: [[1, 2], [0, 1]], W2: [[1], [-1]]}\n"
        "layers:\n  - h = x @ W1\n  - r = relu(h)\n  - s = r + x\n  - y = np.dot(s, W2)\n",
        "inputs: {x: [1, 2]}\nlayers: [fc: {name: h, orientation: row, weight: {name: W1, value: [[1, 2], [0, 1]]}},"
        " relu: {name: r}, add: {name: s, inputs: [r, x]},"
        " fc: {name: y, orientation: row, weight: {name: W2, value: [[1], [-1]]}}]",
    ),
    "options in capitals, with blanks": (
        "Input: {shape: [1, 1, 3, 3], values: [1, 2, 3, 4, 5, 6, 7, 8, 9]}\nLayers:\n"
        "  - Conv: {Filters: 1, Kernel Size: 2x2, Weights: [[1, 0], [0, 1]]}\n",
        "input: {shape: [1, 1, 3, 3], value: [1, 2, 3, 4, 5, 6, 7, 8, 9]}\nlayers: [conv: {weight: [[1, 0], [0, 1]]}]",
    ),
    "a pool as a key": (
        f"input: {IMAGE}\nconv1: {{weight: [[1, 0], [0, 1]]}}\npool1: {{type: max, kernel_size: 2}}\n",
        f"input: {IMAGE}\nlayers: [conv: {{name: conv1, weight: [[1, 0], [0, 1]]}},"
        " max_pool: {name: pool1, size: 2}]",
    ),
    "data, and a target beside a loss by its type": (
        "input: [1, 2]\nlayers:\n  - {type: fc, weights: {data: [[1, 2]]}, biases: {data: [0]}}\n"
        "loss: {type: mse, reduction: sum}\ntarget: [1]\n",
        "input: [1, 2]\nlayers: [fc: {weight: [[1, 2]], bias: [0]}]\nloss: {mse: {target: [1], reduction: sum}}",
    ),
    "rows in quotes": (
        'image:\n  - "1 0 1"\n  - "0 1 0"\n  - "1 0 1"\nkernel:\n  - "1 0"\n  - "0 1"\n',
        "input: [[1, 0, 1], [0, 1, 0], [1, 0, 1]]\nlayers: [conv: {weight: [[1, 0], [0, 1]]}]",
    ),
    "tensors made by a rule": (
        "input: torch.arange(1, 10).reshape(1, 1, 3, 3)\nlayers:\n"
        "  - conv: {weight: torch.ones(1, 1, 2, 2), bias: np.zeros(1)}\n"
        "  - conv: {weight: 'np.full((1, 1, 2, 2), 0.5) / 4'}\n",
        f"input: [[{IMAGE}]]\nlayers: [conv: {{weight: [[1, 1], [1, 1]], bias: 0}},"
        " conv: {weight: [[1/8, 1/8], [1/8, 1/8]]}]",
    ),
    "equations as lines of the file": (
        "x: [1, -1]\nz1 = W1 x + b1\na1 = relu(z1)\np = softmax(W2 a1)\nL = -log p[y]\n"
        "W1: [[1, 0], [0, 1]]\nb1: [0, -1]\nW2: [[1, -1], [2, 0]]\ny: 1\n",
        "input: [1, -1]\nlayers: [fc: {name: z1, weight: {name: W1, value: [[1, 0], [0, 1]]},"
        " bias: {name: b1, value: [0, -1]}}, relu: {name: a1}, fc: {weight: {name: W2, value: [[1, -1], [2, 0]]}},"
        " softmax: {name: p}]\nloss: {cross_entropy: {class: 1}}",
    ),
    "weights by number and all activations": (
        "x: [1, 2]\nW1: [[1, 2], [0, 1]]\nb1: [0, 1]\nW2: [[1, -1]]\nactivations: [relu, sigmoid]\n",
        "input: [1, 2]\nlayers: [fc: {weight: {name: W1, value: [[1, 2], [0, 1]]}, bias: {name: b1, value: [0, 1]}},"
        " relu, fc: {weight: {name: W2, value: [[1, -1]]}}, sigmoid]",
    ),
    "an activation of the hidden layers": (
        "x: [1, 2]\nW1: [[1, 2], [0, 1]]\nW2: [[1, -1]]\nhidden_activation: tanh\n",
        "input: [1, 2]\nlayers: [fc: {weight: {name: W1, value: [[1, 2], [0, 1]]}}, tanh,"
        " fc: {weight: {name: W2, value: [[1, -1]]}}]",
    ),
    "a network with its input within": (
        f"network:\n  input: {{tensor: {IMAGE}}}\n  conv1: {{type: Conv2d, kernel: [[1, 0], [0, 1]]}}\n"
        "  flatten: {type: Flatten}\n",
        f"input: {IMAGE}\nlayers: [conv: {{name: conv1, weight: [[1, 0], [0, 1]]}}, flatten: {{name: flatten}}]",
    ),
    "what is given": (
        f"given:\n  input: {IMAGE}\n  kernel: [[1, 0], [0, 1]]\n  upstream gradient: [[1, 2], [3, 4]]\n",
        f"{CONV}]\nupstream: [[1, 2], [3, 4]]",
    ),
    "an input by its name": (
        f"input: x\nx: {IMAGE}\nlayers: [conv: {{input: x, weight: [[1, 0], [0, 1]]}}]\n",
        f"input: {{name: x, value: {IMAGE}}}\nlayers: [conv: {{weight: [[1, 0], [0, 1]]}}]",
    ),
    "an input that is the first layer, and a target by its name": (
        "layers:\n  - {type: input, value: [1, 2]}\n  - {type: relu}\nloss: {type: mse, labels: y}\ny: [0, 1]\n",
        "input: [1, 2]\nlayers: [relu]\nloss: {mse: {target: [0, 1]}}",
    ),
    "options beside a chain": (
        f"input: {IMAGE}\narchitecture: conv -> relu -> pool -> flatten\nconv: {{K: [[1, 0], [0, 1]]}}\n"
        "pool: {type: max, size: 2}\n",
        f"{CONV}, relu, max_pool: {{size: 2}}, flatten]",
    ),
    "keys with what is said": (
        "input: 32x32x3\nconv1: 6 filters of 5x5, stride 1, pad 2\npool1: max 2x2, stride 2\nflatten: true\nfc1: 10\n",
        "input: {shape: [3, 32, 32]}\nlayers: [conv: {name: conv1, channels: 6, size: 5, padding: 2},"
        " max_pool: {name: pool1, size: 2}, flatten, fc: {name: fc1, units: 10}]",
    ),
    "numbers with their axes": (
        "input: {value: [1, 2, 3, 4], channels: 1, height: 2, width: 2}\nlayers: [flatten]\n",
        "input: {value: [[1, 2], [3, 4]]}\nlayers: [flatten]",
    ),
    "numbers that are drawn": (
        "input: {C: 1, H: 2, W: 2, random: true, seed: 3}\nlayers: [flatten]\n",
        "input: {shape: [1, 2, 2], random: {seed: 3}}\nlayers: [flatten]",
    ),
    "Keras's matrix": (
        "input: [1, 2, 3]\nlayers:\n  - Dense: {units: 2, kernel: [[1, 4], [2, 5], [3, 6]], bias: [0, 0]}\n",
        "input: [1, 2, 3]\nlayers: [fc: {orientation: row, weight: [[1, 4], [2, 5], [3, 6]], bias: [0, 0]}]",
    ),
    "PyTorch's numbers of layers": (
        "input: [1, 2]\nlayers: [nn.ReLU(), nn.Linear(2, 1)]\nstate_dict: {1.weight: [[1, 2]], 1.bias: [3]}\n",
        "input: [1, 2]\nlayers: [relu, fc: {weight: [[1, 2]], bias: [3]}]",
    ),
    "a layer norm": (
        "input: [1, 2]\nlayers: [nn.LayerNorm: {normalized_shape: [2], weight: [1, 2], bias: [0, 1]}]\n",
        "input: [1, 2]\nlayers: [layer_norm: {gamma: [1, 2], beta: [0, 1]}]",
    ),
    "a circuit": (
        "f: (x*y + z)*w\nx: 2\ny: -3\nz: 4\nw: 5\n", "expressions: {f: (x*y + z)*w}\nvalues: {x: 2, y: -3, z: 4, w: 5}",
    ),
    "a kernel behind the colon": (f"input: {IMAGE}\nlayers:\n  - conv: [[1, 0], [0, 1]]\n", f"{CONV}]"),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_it_is_the_same_problem(case: str) -> None:
    read, expected = (loads(text) for text in SAME[case])
    assert [(e.name, e.layer.type, e.output_shape) for e in read.layers] == [
        (e.name, e.layer.type, e.output_shape) for e in expected.layers
    ]
    assert shapes(read).parameters == shapes(expected).parameters
    if not expected.blanks:
        solved = solve(read)
        for tensor in solve(expected):
            np.testing.assert_array_equal(solved[tensor.name].value, tensor.value)


REMEDIES = {
    "reg: 0.1": "write `penalty: {l2: 0.01}` for λ Σ w², with `half: true` for ½ λ Σ w²",
    "batch_size: 2": "leave it out: there are as many samples as `input` has",
    "input_shape: [1, 2]": "leave it out: the shape of `input` is that of its numbers",
    "find: [dW]": (
        "leave it out: everything is computed; `questions: {1: [conv_1, dL/dconv_1]}` says what answers which question"
    ),
    "loss: sum": "write `upstream: {fill: 1}` instead of it: the gradient of a sum is 1 everywhere",
    "kernal_2: [1, 2]": "name it in its layer, as in `- fc: {weight: kernal_2}`, or leave it out",
    "W3: [[1, 2], [3, 4]]": "name it in its layer, as in `- fc: {weight: W3}`, or leave it out",
    "label: 0": "write `loss: {cross_entropy: {class: 0}}`, or another loss",
}


@pytest.mark.parametrize("line", REMEDIES)
def test_a_key_that_is_none_says_where_it_belongs(line: str) -> None:
    with pytest.raises(ProblemError) as caught:
        loads(f"{NEURONS}\n{line}\n")
    assert [fault.remedy for fault in caught.value.faults] == [REMEDIES[line]]


def test_numbers_of_an_output_are_no_layer() -> None:
    with pytest.raises(ProblemError) as caught:
        loads(f"{NEURONS}\noutput: [[1, 0]]\n")
    assert [fault.message for fault in caught.value.faults] == ["a problem has no key 'output'"]


def test_a_kernel_of_keras_is_said_to_lie_otherwise() -> None:
    problem = loads("input: [1, 2]\nlayers:\n  - Dense: {kernel: [[1, 2], [3, 4]]}\n")
    assert "kernel = weight, a row for each output (Keras has a column)" in problem.notices[0].en


def test_a_full_width_colon_is_mended_wherever_it_stands_in_its_line() -> None:
    with pytest.raises(ProblemError) as caught:
        loads("输入：[1, 2]\n层：\n  - 全连接：{权重：[[1, 2]]}\n")
    assert [fault.remedy for fault in caught.value.faults] == [
        "write `输入: [1, 2]`", "write `层:`", "write `全连接: {权重: [[1, 2]]}`",
    ]  # fmt: skip
