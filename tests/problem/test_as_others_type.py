"""Problems and sheets as people type them who know PyTorch or Keras: read at once, and every answer is right."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

# Sums of products by hand; LeNet-5's 61 706 parameters are the paper's with full connections, 34 826 are Keras's
# model.summary() of its MNIST example, and log(2), 0.4170 and 0.665 are those of NumPy.
SHEETS = {
    "cs231n": ("x: [[0,1,2],[3,4,5],[6,7,8]]\nnetwork:\n  - Conv2d: {kernel: [[0,1],[2,3]]}\n",
               "conv1: [[19,25],[37,43]]"),
    "Keras": (
        "input: {shape: (28, 28, 1)}\nmodel:\n  - Conv2D(32, (3,3), activation='relu')\n  - MaxPooling2D((2,2))\n"
        "  - Conv2D(64, (3,3), activation='relu')\n  - MaxPooling2D((2,2))\n  - Flatten()\n"
        "  - Dense(10, activation='softmax')\n",
        "parameters(total): 34,826\nshape(conv_1): (None, 26, 26, 32)",
    ),
    "a loss in an equation": (
        "z1 = W1 x + b1\na1 = relu(z1)\nz2 = W2 a1\np = softmax(z2)\nL = -log p[1]\nx = [1, 2]\n"
        "W1 = [[1, 0], [0, 1]]\nb1 = [0, 0]\nW2 = [[1, -1], [2, 0]]\n", "z2: [-1, 2]\nL: 3.0486",
    ),
    "a loss among equations": (
        "layers:\n  - z = W x\n  - yhat = sigmoid(z)\n  - L = BCE(yhat, y)\nx: [1, -1]\ny: 1\nW: [[1, 1]]\n",
        "yhat: 0.5\nL: ln 2",
    ),
    "options by =": (
        "input: [[3, 0, 1], [1, 5, 8], [2, 7, 2]]\nlayers:\n  - conv: weight=[[1,0],[0,-1]], padding=0, stride=1\n",
        "conv_1: [[-2, -8], [-6, 3]]",
    ),
    "layers by name": (
        "input: 1x28x28\nlayers:\n  conv1: Conv2d(1, 32, 3, 1)\n  pool: MaxPool2d(2)\n  flatten: Flatten()\n"
        "  fc1: Linear(5408, 10)\n", "parameters(total): 54,410\nshape(pool): 32@13x13",
    ),
    "several in a line": (
        "input: 1x28x28\nlayers:\n  - Conv2d(1, 32, 3), ReLU()\n  - MaxPool2d(2), Flatten()\n  - Linear: (5408, 10)\n",
        "parameters(total): 54,410",
    ),
    "a target behind the loss": ("input: [1, 2]\nlayers:\n  - fc: [[1, 1]]\nloss: mse 5\n", "L: 4"),
    "capitals": ("Input: [1, 2]\nLayers:\n  - Linear: {Weight: [[1, 1]]}\nLoss:\n  MSE: {Target: [5]}\n", "L: 4"),
    "NHWC": (
        "input: {shape: [227, 227, 3]}\norder: NHWC\nlayers:\n  - {layer: conv, filters: 96, size: 11x11, stride: 4}\n",
        "shape(conv_1): C=96, H=W=55",
    ),
    "a convolution by its size": (
        "input: [[[1, 2]], [[3, 4]]]\nlayers:\n  - conv1x1: {weight: [[[[1]], [[2]]]]}\n  - σ\n", "conv_1: [7, 10]",
    ),
    "LeNet-5": (
        "input: 1x32x32\nlayers:\n  - nn.Conv2d(1, 6, 5)\n  - nn.Tanh()\n  - nn.AvgPool2d(2, 2)\n"
        "  - nn.Conv2d(6, 16, kernel_size=5)\n  - nn.Tanh()\n  - nn.AvgPool2d(kernel_size=2, stride=2)\n"
        "  - nn.Flatten()\n  - nn.Linear(400, 120)\n  - nn.Linear(120, 84)\n  - nn.Linear(84, 10)\n",
        "parameters(total): 61,706\nshape(conv_2): 16 x 10 x 10",
    ),
    "cross entropy of logits": (
        "logits: [2.0, 1.0, 0.1]\nindex_base: 0\nlayers: []\ncriterion: {CrossEntropyLoss: 0}\n",
        "loss: 0.4170\nprobs: [0.659, 0.242, 0.0986]\np_0: 65.9%",
    ),
    "NumPy": (
        "input: [[1. 2. 3.]\n [4. 5. 6.]\n [7. 8. 9.]]\nlayers:\n"
        "  - conv2d:\n      filters: [[1. 0.]\n       [0. 1.]]\n",
        "conv_1: |\n  [[ 6.  8.]\n   [12. 14.]]",
    ),
    "PyTorch": (
        "input: tensor([[[[1., 2.], [3., 4.]]]])\nlayers:\n"
        "  - Conv2d: {weight: tensor([[[[1., 1.], [0., 2.]]]]), bias: tensor([0.5], dtype=torch.float64)}\n"
        "loss: {MSELoss: {target: [[1]]}}\n",
        "L: tensor(110.25, grad_fn=<MseLossBackward0>)\ngrad_W: tensor([[[[21., 42.], [63., 84.]]]])\nb.grad: 21",
    ),
    "MATLAB": ("input: [1 2; 3 4]\nlayers:\n  - conv: {weight: [1 0; 0 1]}\n", "conv1: 5"),
    "C": ("input: {{1, 2}, {3, 4}}\nlayers:\n  - Conv2d: {weight: {{1, 0}, {0, 1}}}\n", "conv_1: {5}"),
    "Markdown": ("input: |\n  | 1 | 2 |\n  |---|---|\n  | 3 | 4 |\nlayers:\n  - AvgPool2d: 2\n", "avgpool: 5/2"),
    "Chinese": (
        "题目: 第二题\n输入: [[1, 2, 0], [0, 1, 3], [2, 1, 1]]\n网络:\n"
        "  - 卷积层: {weight: [[1, -1], [0, 2]]}\n  - ReLU\n",
        "卷积: [[1, 8], [1, 0]]\nconv_1[1,1,1]: １",
    ),
    "full width": ("input: [１，２，３]\nlayers:\n  - fc: {weight: [[１，０，－１]]}\n", "fc: －２"),
    "roots": ("input: [√2, 2^3, π/4]\nlayers:\n  - fc: {weight: [[√2, ¼, 4/π]]}\n", "fc_1: 5"),
    "binary": (
        "input: [0.5, -1]\nlayers:\n  - Linear: {weight: [[2, 1]]}\nloss: {BCEWithLogitsLoss: {target: 1}}\n",
        "loss: ln 2\nsigmoid: ½",
    ),
    "one hot": (
        "input: [1, 2, 3]\nlayers: [Softmax]\nloss: {categorical_crossentropy: {labels: [0, 0, 1]}}\n",
        "softmax: [9.00%, 24.5%, 66.5%]\nloss: 0.4076\nsoftmax_3: 0.6652",
    ),
    "questions": (
        "input: [1, 2]\nlayers: [{fc: {weight: [[1, 1]], name: z}}, {relu: {name: a}}]\nquestions: {4: z, 6: a}\n",
        "4: 3\n6: [3]",
    ),
    "skip": (
        "input: {name: x, value: [1, -2]}\nlayers:\n  - Linear: {weight: [[1, 0], [0, 1]]}\n  - ReLU: {name: r}\n"
        "  - Add: [r, x]\n",
        "add: [2, -2]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_of_others(name: str, tmp_path: Path) -> None:
    problem, answers = SHEETS[name]
    (tmp_path / "sheet.yaml").write_text(answers + "\n", encoding="utf-8")
    report = cnncalc.check(cnncalc.loads(problem), tmp_path / "sheet.yaml")
    assert {tensor.name: tensor.verdict.value for tensor in report.tensors if tensor.verdict.value != "correct"} == {}
    assert len(report.tensors) == answers.count(": ") - answers.count("grad_fn=: ")


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("layers: [Conv2D: {filters: 1, size: 2, kernel_initializer: ones}]",
         "numbers are given here, and none are drawn",
         "leave `kernel_initializer` out, and write them as `weight` or `bias`"),
        ("layers:\n  - conv: {weight: |\n      1 0\n    }\n", "a text cannot begin with '|'",
         "leave the braces out: a block of text stands below its key, in lines that are indented further"),
        ("layers: [relu, add: input]", "the options of add are no mapping",
         "write `add: {inputs: [NAME, input]}` with the names of the two tensors"),
        ("layers: [conv3-64]", "'conv3-64' is no layer here",
         "write `conv: {channels: 64, size: 3}`, and the padding that is meant"),
        ("layers: [FC-4096]", "'FC-4096' is no layer here", "write `fc: {units: 4096}`"),
        ("layers: [softmax]\nloss: {ce: {lable: 2}}", "cross_entropy has no option 'lable'", "did you mean label?"),
        ("layers: [relu]\nloss: {mse: {target: [1]}}\nreduction: sum", "a problem has no key 'reduction'",
         "write it into the loss: `loss: {mse: {target: …, reduction: sum}}`"),
        ("layers: [conv: {weight: {R: [[1]], G: [[2]]}}]", "channels have no names here",
         "write a list of them in order, without names: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_answered_with_what_to_write(text: str, message: str, remedy: str) -> None:
    with pytest.raises(cnncalc.ProblemError) as raised:
        cnncalc.loads(f"input: [[[1, 2], [3, 4]]]\n{text}\n")
    assert (message, remedy) in [(fault.message, fault.remedy) for fault in raised.value.faults]
