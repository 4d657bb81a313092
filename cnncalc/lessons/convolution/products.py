"""A convolution as products of matrices: windows as rows (im2col), or the whole of it as one matrix A.

By im2col each group of channels is one product for itself, all samples together. With one matrix the whole input,
written as a column, is multiplied: y = A·x, and back ∂L/∂x = Aᵀ·∂L/∂y.
"""

from collections.abc import Iterator
from math import prod

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import NOTHING, Phrase, verbatim
from cnncalc.lessons.convolution.pictures import MOST_PICTURES, Convolution, picture
from cnncalc.lessons.lesson import Method, Part, Picture

IM2COL = Phrase("With matrices (im2col)")
Y = Phrase(
    "{group}Each window of the input is written as a row and each kernel{turned} as a column; the product has a row"
    " for each output position{samples} and a column for each output channel."
)
DWEIGHT = Phrase(
    "{group}The gradient is written with a row for each output channel, the windows of the input with a row for each"
    " output position{samples}; their product has a row for each output channel."
)
DX = Phrase(
    "{group}The gradient, with a row for each output position{samples}, times the kernels{turned}, with a row for"
    " each output channel, gives the gradient of every window."
)
OF_EACH_SAMPLE = Phrase(" of each sample")
IN_GROUP = Phrase("Group {g} of the channels: ")
TURNED = Phrase(", turned by 180°,")
KERNELS_TURNED = Phrase(" turned by 180°")
BIAS = Phrase("The bias of each output channel is added to every element of its column.")
TURNED_BACK = Phrase("Forward each kernel was turned by 180°, so each is turned back in its row.")
FOLDED = Phrase(
    "Then each element of a window is added back to where it was taken from (col2im); elements from the padding are"
    " dropped."
)
FOLDED_INSIDE = Phrase("Then each element of a window is added back to where it was taken from (col2im).")

ONE_CELL = Phrase(
    "For example ${x}$ lies in {count} windows, so ${dx}$ is the sum of {count} elements of the product, those at"
    " (row, column) = {places}:"
)
MOST_ADDED = 9
"""Elements that are added up in one line."""
ONE_MATRIX = Phrase("With one matrix")
Y_AT_ONCE = Phrase(
    "${x}$ and ${y}$ are written as columns, channel by channel, each in row order{sample}. The matrix $A$ has a row"
    " for each element of the output: the kernel's weights stand where its window lies, and 0 elsewhere."
    " Their product is the output{bias}."
)
LESS_BIAS = Phrase(" before the bias")
THEN_BIAS = Phrase("Then the bias of each output channel is added.")
DX_AT_ONCE = Phrase(
    "A column of $A$ says on which outputs an element of the input acts, and with which weight. So the transposed"
    " matrix leads back{sample}: $\\dx = A^{{\\top}} \\cdot \\g$. This is the transposed convolution,"
    " `conv_transpose`, of the gradient with the same kernel."
)
FIRST_SAMPLE = Phrase(", here of sample {n}")
OTHERS = Phrase("The other samples are multiplied by the same matrix.")
LARGEST = 2500
"""Elements of a matrix that is still written down."""


def y_by_columns(at: Convolution) -> Method:
    """y = columns · kernelsᵀ, and the bias."""
    parts: list[Part] = []
    result = at.numbers.zeros(at.scene["y"].shape)
    for group, columns, kernels in _groups(at):
        product = at.numbers.matmul(columns[None], kernels.T[None])[0]
        text = _said(at, Y, group, TURNED)
        parts.append((text, (Picture("", columns), r"\cdot", Picture("", kernels.T), "=", Picture("", product))))
        if "bias" in at.scene:
            added = np.broadcast_to(at.scene["bias"][_outputs(at, group)], product.shape)
            total = product + added
            parts.append((BIAS, (Picture("", product), "+", Picture("", added), "=", Picture("", total))))
            product = total
        laid = product.reshape(at.samples, *at.window.outputs, at.outputs)
        result[:, _outputs(at, group)] = laid.transpose(0, 3, 1, 2)
    return _method(at, parts, result)


def dweight_by_columns(at: Convolution) -> Method:
    """dweight = g · columns, a row for each output channel."""
    parts: list[Part] = []
    result = at.numbers.zeros(at.weight.shape)
    for group, columns, _ in _groups(at):
        rows = _rows(at, group).T
        product = at.numbers.matmul(rows[None], columns[None])[0]
        text = _said(at, DWEIGHT, group, NOTHING)
        parts.append((text, (Picture("", rows), r"\cdot", Picture("", columns), "=", Picture("", product))))
        kernels = at.layer.laid(product.reshape(at.outputs, *at.weight.shape[1:]))
        if at.layer.flip and at.turns:
            parts.append((TURNED_BACK, (Picture("", product), r"\to", Picture("", kernels.reshape(product.shape)))))
        result[_outputs(at, group)] = kernels
    return _method(at, parts, result)


def dx_by_columns(at: Convolution) -> Method:
    """The windows' gradients = gᵀ · kernels, added back onto the image."""
    parts: list[Part] = []
    result = at.numbers.zeros(at.x.shape)
    for group, _, kernels in _groups(at):
        rows = _rows(at, group)
        product = at.numbers.matmul(rows[None], kernels[None])[0]
        text = _said(at, DX, group, KERNELS_TURNED)
        parts.append((text, (Picture("", rows), r"\cdot", Picture("", kernels), "=", Picture("", product))))
        folded = at.matrices.folded(product)
        first = group * at.inputs
        result[:, first : first + at.inputs] = folded
        made = [
            picture(at.whole("dx", n, first + c), folded[n, c]) for n in range(at.samples) for c in range(at.inputs)
        ]
        text = FOLDED_INSIDE if at.window.is_inside else FOLDED
        parts.append((text, tuple(made[:MOST_PICTURES])))
        parts += _one_cell(at, product, first, folded)
    return _method(at, parts, result)


def _one_cell(at: Convolution, product: Array, channel: int, folded: Array) -> Iterator[Part]:
    """The sum that one cell of a group's first channel is, of the cells in not too many windows one in the most."""
    height, width = at.x.shape[2:]
    visits = {(row, column): list(at.window.visits((row, column))) for row in range(height) for column in range(width)}
    cell = max(visits, key=lambda one: len(visits[one]) if len(visits[one]) <= MOST_ADDED else 0)
    if not 2 <= len(visits[cell]) <= MOST_ADDED:
        return
    across, kernel_width = at.window.outputs[1], at.kernel[1]
    places = [(i * across + j, r * kernel_width + s) for (i, j), (r, s) in visits[cell]]
    row, column = cell
    index = ", ".join(str(i + at.base) for i in ((0,) if at.scene.batched else ()) + (channel, row, column))
    x, dx = rf"\x_{{{index}}}", rf"\dx_{{{index}}}"
    listed = Phrase.enumerated(verbatim(f"({down + at.base}, {right + at.base})") for down, right in places)
    text = ONE_CELL.format(x=x, dx=dx, count=len(places), places=listed)
    items: list[Picture | str] = []
    for down, right in places:
        items += ["+"] * bool(items) + [Picture("", product[down : down + 1, right : right + 1])]
    yield text, (*items, "=", Picture("", folded[0, 0, row : row + 1, column : column + 1]))


def _groups(at: Convolution) -> Iterator[tuple[int, Array, Array]]:
    """Each group: its windows (N·P, K) and its kernels as they lie on the image (F, K)."""
    columns = at.matrices.columns().reshape(at.samples * prod(at.window.outputs), at.groups, -1)
    for group in range(at.groups):
        yield group, columns[:, group], at.laid[_outputs(at, group)].reshape(at.outputs, -1)


def _outputs(at: Convolution, group: int) -> slice:
    """The output channels of a group."""
    return slice(group * at.outputs, (group + 1) * at.outputs)


def _rows(at: Convolution, group: int) -> Array:
    """g with a row for each output position of each sample, (N·P, F)."""
    g = at.scene["g"][:, _outputs(at, group)]
    return np.asarray(g.transpose(0, 2, 3, 1).reshape(-1, at.outputs))


def _said(at: Convolution, phrase: Phrase, group: int, turned: Phrase) -> Phrase:
    """The text of one group."""
    return phrase.format(
        group=IN_GROUP.format(g=group + at.base) if at.groups > 1 else NOTHING,
        samples=OF_EACH_SAMPLE if at.samples > 1 else NOTHING,
        turned=turned if at.layer.flip and at.turns else NOTHING,
    )


def _method(at: Convolution, parts: list[Part], result: Array) -> Method:
    """What is done with the first groups, and how many more there are."""
    each = len(parts) // at.groups
    shown = parts[: each * MOST_PICTURES]
    return Method("im2col", IM2COL, tuple(shown), result, more=max(at.groups - MOST_PICTURES, 0))


def _matrix(at: Convolution) -> Array | None:
    """A; None where it would be too large to be looked at."""
    if at.x[0].size * at.scene["y"][0].size > LARGEST:
        return None
    return np.asarray(at.layer.requested(at.numbers, at.x, at.scene.parameters())["matrix"]())


def _at_once(at: Convolution, matrix: Array, tensors: tuple[str, str], text: Phrase) -> Method:
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
        parts.append((THEN_BIAS, pictures))
    closing = (OTHERS,) if at.samples > 1 else ()
    return Method("matrix", ONE_MATRIX, tuple(parts), result.reshape(at.scene[made].shape), closing=closing)


def y_by_matrix(at: Convolution) -> Method | None:
    """A·x, and the bias."""
    matrix = _matrix(at)
    bias = LESS_BIAS if "bias" in at.scene else NOTHING
    text = Y_AT_ONCE.format(x=r"\x", y=r"\y", sample=at.sample(0, FIRST_SAMPLE), bias=bias)
    return None if matrix is None else _at_once(at, matrix, ("x", "y"), text)


def dx_by_matrix(at: Convolution) -> Method | None:
    """Aᵀ·g."""
    matrix = _matrix(at)
    text = DX_AT_ONCE.format(sample=at.sample(0, FIRST_SAMPLE))
    return None if matrix is None else _at_once(at, matrix.T, ("g", "dx"), text)
