"""PyTorch's and Keras's words are read as ours: the same problem, and a line that says so."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cnncalc import ProblemError, loads, shapes, solve

IMAGE = "input: [[1, 2, 0], [0, 1, 3], [2, 1, 1]]\nlayers:\n"
FEATURES = "input: [1, 2]\nlayers:\n"
SIZES = "input: {shape: [3, 8, 8]}\nlayers:\n"
W = "[[[[1, 0], [0, 1]]]]"
SAME = {
    "Conv2d": (IMAGE, f"  - Conv2d: {{weight: {W}}}", f"  - conv: {{weight: {W}}}"),
    "nn.Conv2d": (IMAGE, f"  - nn.Conv2d: {{kernel: {W}}}", f"  - conv: {{weight: {W}}}"),
    "strides": (IMAGE, f"  - conv2d: {{filters: {W}, strides: 2}}", f"  - conv: {{weight: {W}, stride: 2}}"),
    "SAME": (IMAGE, f"  - Conv2D: {{weight: {W}, padding: SAME}}", f"  - conv: {{weight: {W}, padding: same}}"),
    "sizes": (
        SIZES, "  - Conv2d: {in_channels: 3, out_channels: 4, kernel_size: [3, 3]}",
        "  - conv: {channels: 4, size: 3, bias: true}",
    ),
    "a pair in Python": (
        SIZES, "  - Conv2d: {out_channels: 4, kernel_size: (3, 1), stride: (2, 2), bias: False}",
        "  - conv: {channels: 4, size: [3, 1], stride: 2, bias: false}",
    ),
    "2x2": (IMAGE, "  - MaxPool2d: 2x2", "  - max_pool: {size: 2}"),
    "2 × 2": (IMAGE, "  - max_pool: {size: 2 × 1, stride: '(1,1)'}", "  - max_pool: {size: [2, 1], stride: 1}"),
    "MaxPool2d(2, 1)": (IMAGE, "  - nn.MaxPool2d(2, 1)", "  - max_pool: {size: 2, stride: 1}"),
    "Conv2d(3, 4, 3)": (
        SIZES, "  - nn.Conv2d(3, 4, 3, padding=1)\n  - nn.ReLU()\n  - nn.Flatten()\n  - nn.Linear(256, 5, bias=False)",
        "  - conv: {channels: 4, size: 3, padding: 1, bias: true}\n  - relu\n  - flatten\n  - fc: {units: 5}",
    ),
    "Conv2D(4, (3, 3))": (
        SIZES, "  - Conv2D(4, (3, 3), padding='same', activation='relu')\n  - MaxPooling2D((2, 2))",
        "  - conv: {channels: 4, size: 3, padding: same, bias: true}\n  - relu\n  - max_pool: {size: 2}",
    ),
    "a shape with signs": (
        "input: {shape: 3x8x8}\nlayers:\n", "  - MaxPool2d: (2, 2)\n  - AvgPool2d: [2, 2]",
        "  - max_pool: {size: 2}\n  - avg_pool: {size: 2}",
    ),
    "Keras": (
        SIZES, "  - Conv2D: {filters: 4, kernel_size: 3, use_bias: true}",
        "  - conv: {channels: 4, size: 3, bias: true}",
    ),
    "kernel": (SIZES, "  - convolution: {filters: 4, kernel: 3}", "  - conv: {channels: 4, size: 3}"),
    "activation": (
        SIZES, "  - Conv2D: {filters: 4, kernel_size: 3, activation: relu}",
        "  - conv: {channels: 4, size: 3, bias: true}\n  - relu",
    ),
    "MaxPool2d": (IMAGE, "  - MaxPool2d: 2", "  - max_pool: {size: 2}"),
    "MaxPooling2D": (IMAGE, "  - MaxPooling2D: {pool_size: 2, strides: 1}", "  - max_pool: {size: 2, stride: 1}"),
    "ceil_mode": (IMAGE, "  - maxpool: {kernel_size: 2, ceil_mode: True}", "  - max_pool: {size: 2, ceil: true}"),
    "count_include_pad": (
        IMAGE, "  - AvgPool2d: {kernel_size: 2, padding: 1, count_include_pad: False}",
        "  - avg_pool: {size: 2, padding: 1, count_padding: false}",
    ),
    "AveragePooling2D": (
        IMAGE, "  - AveragePooling2D: {pool_size: 2, padding: same}",
        "  - avg_pool: {size: 2, padding: same, count_padding: false}",
    ),
    "AdaptiveAvgPool2d": (IMAGE, "  - AdaptiveAvgPool2d: 1", "  - global_avg_pool"),
    "GlobalAveragePooling2D": (IMAGE, "  - GlobalAveragePooling2D", "  - global_avg_pool"),
    "Linear": (FEATURES, "  - Linear: {in_features: 2, weight: [[1, 2]]}", "  - fc: {weight: [[1, 2]]}"),
    "Dense": (
        FEATURES, "  - Dense: {units: 2, weight: [[1, 2], [0, 1]], activation: sigmoid}",
        "  - fc: {units: 2, weight: [[1, 2], [0, 1]]}\n  - sigmoid",
    ),
    "fully_connected": (FEATURES, "  - fully_connected: {weights: [[1, 2]]}", "  - fc: {weight: [[1, 2]]}"),
    "LeakyReLU": (FEATURES, "  - LeakyReLU: {negative_slope: 0.2}", "  - leaky_relu: {slope: 0.2}"),
    "BatchNorm2d": (
        "input: [[[1, 2], [0, 1]]]\nlayers:\n",
        "  - BatchNorm2d: {num_features: 1, weight: 2, bias: 1, affine: true}", "  - batch_norm: {gamma: 2, beta: 1}",
    ),
    "BatchNorm2d of so many": ("input: [[[1, 2], [0, 1]]]\nlayers:\n", "  - BatchNorm2d: 1", "  - batch_norm"),
    "Activation": (FEATURES, "  - Activation: relu", "  - relu"),
    "Add": ("inputs: {a: [1], b: [2]}\nlayers:\n", "  - Add: [a, b]", "  - add: {inputs: [a, b]}"),
    "kernel of Dense": (FEATURES, "  - Dense: {kernel: [[1, 2]]}", "  - fc: {weight: [[1, 2]]}"),
    "BatchNormalization": (IMAGE, "  - BatchNormalization", "  - batch_norm: {eps: 0.001}"),
    "Softmax": (FEATURES, "  - Softmax: {dim: 1}", "  - softmax"),
    "Flatten": (IMAGE, "  - Flatten: {start_dim: 1}", "  - flatten"),
    "Concatenate": (
        "inputs: {a: [1], b: [2]}\nlayers:\n", "  - Concatenate: {inputs: [a, b], axis: features}",
        "  - concat: {inputs: [a, b], axis: features}",
    ),
    "ce": (FEATURES, "  - softmax\nloss: {ce: {label: 2}}", "  - softmax\nloss: {cross_entropy: {class: 2}}"),
    "one hot": (
        FEATURES, "  - softmax\nloss: {categorical_crossentropy: {y_true: [0, 1]}}",
        "  - softmax\nloss: {cross_entropy: {target: [0, 1]}}",
    ),
    "CrossEntropyLoss": (
        FEATURES, "  - tanh\nloss: {CrossEntropyLoss: {labels: 2}}",
        "  - tanh\n  - softmax\nloss: {cross_entropy: {class: 2}}",
    ),
    "softmax before it": (
        FEATURES, "  - softmax\nloss: {nn.CrossEntropyLoss: {index: 1}}",
        "  - softmax\nloss: {cross_entropy: {class: 1}}",
    ),
    "BCEWithLogitsLoss": (
        FEATURES, "  - tanh\nloss: {BCEWithLogitsLoss: {target: [0, 1]}}",
        "  - tanh\n  - sigmoid\nloss: {binary_cross_entropy: {target: [0, 1]}}",
    ),
    "a class alone": (
        FEATURES, "  - softmax\nloss: {cross_entropy: 2}", "  - softmax\nloss: {cross_entropy: {class: 2}}",
    ),
    "a target alone": (FEATURES, "  - relu\nloss: {mse: [0, 1]}", "  - relu\nloss: {mse: {target: [0, 1]}}"),
    "optimizer": (
        FEATURES, "  - fc: {weight: [[1, 2], [0, 1]]}\ncriterion: {MSELoss: [0, 1]}\n"
        "optimizer: torch.optim.Adam(lr=0.1, betas=(0.9, 0.99))",
        "  - fc: {weight: [[1, 2], [0, 1]]}\nloss: {mse: {target: [0, 1]}}\n"
        "update: {adam: {lr: 0.1, beta1: 0.9, beta2: 0.99}}",
    ),
    "SGD with momentum": (
        FEATURES, "  - Linear: {weight: [[1, 2], [0, 1]]}\nloss: {mse: [0, 1]}\n"
        "update: {SGD: {learning_rate: 0.1, momentum: 0.9}}",
        "  - fc: {weight: [[1, 2], [0, 1]]}\nloss: {mse: {target: [0, 1]}}\n"
        "update: {momentum: {lr: 0.1, momentum: 0.9}}",
    ),
    "a rate alone": (
        FEATURES, "  - Linear: {weight: [[1, 2], [0, 1]]}\nloss: {mse: [0, 1]}\nupdate: {gradient_descent: 0.1}",
        "  - fc: {weight: [[1, 2], [0, 1]]}\nloss: {mse: {target: [0, 1]}}\nupdate: {sgd: {lr: 0.1}}",
    ),
    "in Chinese": (
        SIZES, "  - 卷积层: {channels: 4, size: 3}\n  - 最大池化: {size: 2}\n  - 展平\n  - 全连接层: {units: 5}",
        "  - conv: {channels: 4, size: 3}\n  - max_pool: {size: 2}\n  - flatten\n  - fc: {units: 5}",
    ),
    "letters of papers": (
        IMAGE, "  - conv: {W: [[1, 0], [0, 1]], b: 1, s: 1, p: 1}",
        "  - conv: {weight: [[1, 0], [0, 1]], bias: 1, padding: 1}",
    ),
    "letters of CS231n": (
        SIZES, "  - conv: {K: 4, F: 3, S: 2, P: 1}\n  - maxpool: {k: 2, s: 2}",
        "  - conv: {channels: 4, size: 3, stride: 2, padding: 1}\n  - max_pool: {size: 2, stride: 2}",
    ),
    "options in Chinese": (
        IMAGE, "  - 卷积: {权重: [[1, 0], [0, 1]], 偏置: 1, 步长: 1}\n  - 激活: relu\n  - 展平\n"
        "  - 全连接: {权重: [[1, 2, 0, 1]]}\n  - softmax\n损失: {交叉熵: {标签: 1}}",
        "  - conv: {weight: [[1, 0], [0, 1]], bias: 1}\n  - relu\n  - flatten\n  - fc: {weight: [[1, 2, 0, 1]]}\n"
        "  - softmax\nloss: {cross_entropy: {class: 1}}",
    ),
    "names in front": (
        SIZES, "  - conv1: Conv2d(3, 4, kernel_size=3)\n  - nl: relu\n  - flat_a: flatten\n  - fc1: {units: 5}\n"
        "  - relu2",
        "  - conv: {name: conv1, channels: 4, size: 3, bias: true}\n  - relu: {name: nl}\n  - flatten: {name: flat_a}\n"
        "  - fc: {name: fc1, units: 5}\n  - relu: {name: relu2}",
    ),
    "types as values": (
        SIZES, "  - {name: c, type: Conv2d, kernel_size: 3, out_channels: 2}\n  - type: ReLU",
        "  - conv: {name: c, size: 3, channels: 2, bias: true}\n  - relu",
    ),
    "a call and its numbers": (
        FEATURES, '  - nn.Linear(2, 1): {weight: "tensor([[1., 2.]])", bias: [0]}\n  - F.relu',
        "  - fc: {units: 1, weight: [[1, 2]], bias: [0]}\n  - relu",
    ),
    "calls in a list": (
        SIZES, "  [nn.Conv2d(3, 4, kernel_size=(3, 3), padding=1), nn.ReLU(), fc1: Flatten(), nn.Linear(256, 5)]",
        "  [conv: {channels: 4, size: 3, padding: 1, bias: true}, relu, flatten: {name: fc1},"
        " fc: {units: 5, bias: true}]",
    ),
    "a mapping of layers": (
        "input: [1, 2]\n", "layers:\n  fc1: {weight: [[1, 2]]}\n  relu:\n",
        "layers: [fc: {name: fc1, weight: [[1, 2]]}, relu]",
    ),
    "a chain": ("input: [1, 2]\n", "network: relu -> softmax", "layers: [relu, softmax]"),
    "Sequential": (
        "input: [1, 2]\n", "model: nn.Sequential(nn.ReLU(), nn.Softmax(dim=1))", "layers: [relu, softmax]",
    ),
    "tensors beside the layers": (
        "X: [[1, 2], [3, 4]]\nK: [[1]]\n", "layers: [conv: {weight: K}, conv: {weight: K}]",
        "layers: [conv: {weight: {name: K, value: [[1]]}}, conv: {weight: {share: K}}]",
    ),
    "W1 and b1": (
        "x: [1, 2]\nW1: [[1, 0], [0, 1]]\nb1: [0, 1]\nW2: [[1, 1]]\n", "layers: [fc, relu, fc]",
        "layers: [fc: {weight: {name: W1, value: [[1, 0], [0, 1]]}, bias: {name: b1, value: [0, 1]}}, relu, "
        "fc: {weight: {name: W2, value: [[1, 1]]}}]",
    ),
    "a state dict": (
        "x: [1, 2]\n", "layers:\n  - fc1: Linear(2, 1)\n  - relu\nweights: {fc1.weight: [[1, 0]], fc1.bias: [3]}",
        "layers: [fc: {name: fc1, units: 1, weight: {name: fc1.weight, value: [[1, 0]]}, bias: [3]}, relu]",
    ),
    "beside the loss": (
        FEATURES, "  - Linear: {weight: [[1, 2]]}\nloss: nn.MSELoss()\ntarget: [1]\nlearning_rate: 0.1",
        "  - fc: {weight: [[1, 2]]}\nloss: {mse: {target: [1]}}\nupdate: {sgd: {lr: 0.1}}",
    ),
    "no loss": ("Input: [1, 2]\n", "Layers: [relu]\nLoss: none", "layers: [relu]"),
    "a class of PyTorch": (
        FEATURES, "  - relu\nloss: {nn.CrossEntropyLoss: {target: 1}}",
        "  - relu\n  - softmax\nloss: {cross_entropy: {class: 1}}",
    ),
    "a list of classes of PyTorch": (
        "input: [[1, 2, 0], [3, 4, 1]]\nlayers:\n", "  - LogSoftmax\nloss: {NLLLoss: {target: [1, 3]}}",
        "  - log_softmax\nloss: {nll: {class: [1, 3]}}",
    ),
    "one class in a list": (
        "input: [[1, 2]]\nlayers:\n", "  - relu\nloss: {type: CrossEntropyLoss, target: [1]}",
        "  - relu\n  - softmax\nloss: {cross_entropy: {class: [1]}}",
    ),
    "no activation": (
        FEATURES, "  - Dense: {weights: [[1, 2]], activation: linear}", "  - fc: {weight: [[1, 2]]}",
    ),
    "which pool": (IMAGE, "  - pool: {type: max, size: 2}\n  - 池化: {类型: 平均, 大小: 1}",
                   "  - max_pool: {size: 2}\n  - avg_pool: {size: 1}"),
    "to one by one": (IMAGE, "  - AdaptiveAvgPool2d: (1, 1)", "  - global_avg_pool"),
    "no bias": (IMAGE, "  - Conv2d: {kernel: [[1]], bias: None}", "  - conv: {weight: [[1]]}"),
    "a weight beside, and no bias": (
        "X: [[1, 2], [3, 4]]\nK: [[1]]\n", "layers:\n  - Conv2d", "layers: [conv: {weight: {name: K, value: [[1]]}}]",
    ),
    "layers as keys of the file": (
        "input: [1, 2]\n", "fc1: {weights: [[1, 2]]}\nrelu1: true",
        "layers: [fc: {name: fc1, weight: [[1, 2]]}, relu: {name: relu1}]",
    ),
    "an input among the layers": (
        "", "layers:\n  - Input: (1, 4, 4)\n  - MaxPool2d: 2",
        "input: {shape: [1, 4, 4]}\nlayers: [max_pool: {size: 2}]",
    ),
    "type of a rule": (
        FEATURES, "  - fc: {weight: [[1, 2]]}\nloss: {mse: [1]}\noptimizer: {type: SGD, lr: 0.1}",
        "  - fc: {weight: [[1, 2]]}\nloss: {mse: {target: [1]}}\nupdate: {sgd: {lr: 0.1}}",
    ),
    "upstream": (FEATURES, "  - relu\ngrad_output: [1, 0]", "  - relu\nupstream: [1, 0]"),
    "MSELoss": (FEATURES, "  - relu\nloss: {MSELoss: {y_true: [0, 1]}}", "  - relu\nloss: {mse: {target: [0, 1]}}"),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_it_is_the_same_problem(case: str) -> None:
    head, theirs, ours = SAME[case]
    # The head of the expected file has our keys alone.
    ours_alone = re.sub(r"(?m)^(?:[WKb]\d?: .*\n)", "", re.sub(r"(?m)^(?:x|X|Input):", "input:", head))
    read, expected = loads(f"{head}{theirs}\n"), loads(f"{ours_alone}{ours}\n")
    assert [(e.name, e.layer, e.output_shape) for e in read.layers] == [
        (e.name, e.layer, e.output_shape) for e in expected.layers
    ]
    assert shapes(read).parameters == shapes(expected).parameters
    if not expected.blanks:
        for tensor in solve(expected):
            np.testing.assert_array_equal(solve(read)[tensor.name].value, tensor.value)


def test_what_was_read_otherwise_is_said_once() -> None:
    text = f"{IMAGE}  - Conv2d: {{weight: {W}, strides: 1}}\n  - ReLU\n  - Conv2d: {{weight: [[1]]}}\n  - Flatten\n"
    problem = loads(f"{text}loss: {{CrossEntropyLoss: {{label: 2}}}}\n")
    assert [notice.en for notice in problem.notices] == [
        "read as: Conv2d = conv, strides = stride, CrossEntropyLoss = cross_entropy, "
        "label = class, counted from index_base (PyTorch counts from 0)",
        "CrossEntropyLoss takes scores, so softmax was put before it, as it is in PyTorch",
    ]
    assert loads(f"{IMAGE}  - ReLU\n  - relu\n").notices == ()
    twice = loads(f"{FEATURES}  - Softmax\nloss: {{CrossEntropyLoss: {{target: [1, 0]}}}}\n")
    assert twice.notices[-1].en.startswith(
        "CrossEntropyLoss takes scores in PyTorch, which would apply softmax once more"
    )


def test_numbers_that_are_read_in_another_way_are_said() -> None:
    problem = loads("input: [√2, ½, １２, −3, 1e-3, 2/3]\nlayers: [relu]\n")
    assert [notice.en for notice in problem.notices] == ["read as: √2 = sqrt(2), ½ = (1/2), １２ = 12"]


def test_a_bias_that_there_is_not_is_not_said() -> None:
    problem = loads("X: [[1, 2], [3, 4]]\nK: [[1]]\nlayers:\n  - Conv2d\n")
    assert [notice.en for notice in problem.notices] == ["read as: X = input, Conv2d = conv, K = the weight of conv_1"]


FAULTS = {
    "two spellings": (
        f"  - conv: {{weight: {W}, stride: 1, strides: 2}}",
        [(3, 53, "`stride` and `strides` say the same", "keep one of them")],
    ),
    "momentum": (
        "  - BatchNorm2d: {momentum: 0.1, mean: 0, var: 1}",
        [
            (3, 29, "batch_norm_1 has a momentum, which is for training, and a mean and var, which are for inference",
             "write `running_mean` and `running_var`, or leave `momentum` out"),
        ],
    ),
    "channels last": (
        f"  - Conv2D: {{weight: {W}, data_format: channels_last}}",
        [
            (3, 44, "images have their channels first here, (C, H, W)",
             "leave `data_format` out, and write them so"),
        ],
    ),
    "another order of the squares": (
        "  - flatten\nloss: {squared_error: {target: 1}}",
        [(4, 8, "there is no loss 'squared_error'",
          "write `half_squared_error` for ½ Σ (y − t)², `mse` for the mean of (y − t)², or"
          " `[half_squared_error: {target: …, weight: 2}]` for Σ (y − t)²")],
    ),
    "two letters for one": (
        "  - maxpool: {F: 2, k: 2}", [(3, 21, "`F` and `k` say the same", "keep one of them")],
    ),
    "options beside a layer of others": (
        "  - Conv2d:\n    weight: [[1]]",
        [(4, 5, "'weight' stands beside conv, not below it", "indent the options further than conv")],
    ),
    "options outside the braces": (
        "  - fc: {weight: [[1, 2, 3]]}\nupstream: 1\nupdate: {momentum: {lr: 0.1}, steps: 2}",
        [(5, 31, "'steps' stands beside momentum, not below it",
          "write it inside the braces, `momentum: {…, steps: …}`")],
    ),
    "a penalty beside the loss": (
        "  - flatten\nloss: {mse: {target: [1]}, penalty: {l2: 1}}",
        [(4, 28, "mse has no option 'penalty'", "write `penalty:` at the beginning of a line, beside `layers:`")],
    ),
    "a penalty below the loss": (
        "  - flatten\nloss: {mse: {target: [1], penalty: {l2: 1}}}",
        [(4, 27, "mse has no option 'penalty'", "write `penalty:` at the beginning of a line, beside `layers:`")],
    ),
    "a skip": (
        "  - Residual: {from: input}",
        [(3, 5, "'Residual' is no layer here",
          "write `add: {inputs: [NAME, NAME]}` with the names of the two tensors")],
    ),
    "dropout": (
        "  - relu\n  - Dropout: {p: 0.5}\n  - conv: {strid: 1, weight: [[1]]}",
        [
            (5, 12, "conv has no option 'strid'", "did you mean stride?"),
        ],
    ),
    "a loss among the layers": (
        "  - flatten\n  - softmax\n  - cross_entropy: {class: 1}",
        [
            (5, 5, "'cross_entropy' is a loss, and stands among the layers",
             "write `loss: {cross_entropy: {class: 2}}` beside `layers`"),
        ],
    ),
    "channels that are others": (
        "  - Conv2d: {in_channels: 3, out_channels: 2, kernel_size: 2}",
        [(3, 27, "conv_1 should take 3 channels, and input has 1", "write what comes in, or leave it out")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_differs_is_a_fault_with_the_right_word(case: str) -> None:
    text, expected = FAULTS[case]
    with pytest.raises(ProblemError) as caught:
        loads(f"{IMAGE}{text}\n")
    found = [(f.line, f.column, f.message, f.remedy) for f in caught.value.faults]
    assert found == expected
