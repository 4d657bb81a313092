"""A convolution as one matrix A on the whole input, written as a column: y = A·x, and back ∂L/∂x = Aᵀ·∂L/∂y."""

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import NOTHING, Phrase
from cnncalc.lessons.convolution.pictures import Convolution
from cnncalc.lessons.lesson import Method, Part, Picture

ONE_MATRIX = Phrase(en="With one matrix", zh="用一个矩阵表示整个卷积")
Y = Phrase(
    en="${x}$ and ${y}$ are written as columns, channel by channel, each in row order{sample}. The matrix $A$ has a row"
    " for each element of the output: the kernel's weights stand where its window lies, and 0 elsewhere."
    " Their product is the output{bias}.",
    zh="把 ${x}$ 与 ${y}$ 按通道、再按行展开为列向量{sample}。矩阵 $A$ 的每一行对应输出的一个元素：窗口所在处为"
    "卷积核的权重，其余为 0；两者的乘积即为输出{bias}。",
)
LESS_BIAS = Phrase(en=" before the bias", zh="（加偏置之前）")
BIAS = Phrase(en="Then the bias of each output channel is added.", zh="再给每个输出通道加上偏置。")
DX = Phrase(
    en="A column of $A$ says on which outputs an element of the input acts, and with which weight. So the transposed"
    " matrix leads back{sample}: $\\dx = A^{{\\top}} \\cdot \\g$. This is the transposed convolution,"
    " `conv_transpose`, of the gradient with the same kernel.",
    zh="$A$ 的每一列说明一个输入元素以哪些权重影响哪些输出，因此反向传播用转置矩阵{sample}："
    "$\\dx = A^{{\\top}} \\cdot \\g$。这正是用同一卷积核对输出梯度做转置卷积（`conv_transpose`）。",
)
FIRST_SAMPLE = Phrase(en=", here of sample {n}", zh="（此处为样本 {n}）")
OTHERS = Phrase(en="The other samples are multiplied by the same matrix.", zh="其余样本乘以同一个矩阵。")
LARGEST = 2500
"""Elements of a matrix that is still written down."""


def _matrix(at: Convolution) -> Array | None:
    """A; None where it would be too large to be looked at."""
    if at.x[0].size * at.scene["y"][0].size > LARGEST:
        return None
    return np.asarray(at.layer.requested(at.numbers, at.x, at.scene.parameters())["matrix"]())


def _method(at: Convolution, matrix: Array, tensors: tuple[str, str], text: Phrase) -> Method:
    """The matrix times the columns of the first tensor; the bias on the way to y. The first sample is the picture."""
    taken, made = tensors
    columns = at.scene[taken].reshape(at.samples, -1, 1)
    product = np.asarray(at.numbers.matmul(np.broadcast_to(matrix, (at.samples, *matrix.shape)), columns))
    is_back, has_bias = made == "dx", made == "y" and "bias" in at.scene
    first, last = (f"\\{one}" + (f"_{{{at.base}}}" if at.scene.batched else "") for one in tensors)
    whole = Picture(r"A^{\top}" if is_back else "A", matrix)
    parts: list[Part] = [
        (text, (whole, r"\cdot", Picture(first, columns[0]), "=", Picture("" if has_bias else last, product[0])))
    ]
    result = product
    if has_bias:
        bias = np.broadcast_to(at.scene["bias"][:, None, None], at.scene["y"][0].shape).reshape(-1, 1)
        result = product + bias
        pictures = (Picture("", product[0]), "+", Picture(r"\bias", bias), "=", Picture(last, result[0]))
        parts.append((BIAS, pictures))
    closing = (OTHERS,) if at.samples > 1 else ()
    return Method("matrix", ONE_MATRIX, tuple(parts), result.reshape(at.scene[made].shape), closing=closing)


def y_by_matrix(at: Convolution) -> Method | None:
    """A·x, and the bias."""
    matrix = _matrix(at)
    bias = LESS_BIAS if "bias" in at.scene else NOTHING
    text = Y.format(x=r"\x", y=r"\y", sample=at.sample(0, FIRST_SAMPLE), bias=bias)
    return None if matrix is None else _method(at, matrix, ("x", "y"), text)


def dx_by_matrix(at: Convolution) -> Method | None:
    """Aᵀ·g."""
    matrix = _matrix(at)
    text = DX.format(sample=at.sample(0, FIRST_SAMPLE))
    return None if matrix is None else _method(at, matrix.T, ("g", "dx"), text)
