"""The forms of a tensor in a problem file, for people; a test holds that the loader reads every one of them."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from cnncalc.language import Phrase

Form: TypeAlias = tuple[Phrase, str]


def form(example: str) -> Callable[[str, str], Form]:
    """An example; then what is said in front of it."""
    return lambda en, zh: (Phrase(en, zh), example)


FORMS: tuple[Form, ...] = (
    form("input: [[1, 2, 3], [4, 5, 6]]\n")("Nested lists:", "嵌套列表："),
    form("input: |\n  1 2 3\n  4 5 6\n\n  7 8 9\n  1 0 1\n")(
        "A text block: a row a line, columns parted by blanks or commas, a blank line between channels, two"
        " between samples:",
        "文本块：每行一行，列间用空格或逗号分隔，通道间空一行，样本间空两行：",
    ),
    form(
        "input: |\n  \\begin{bmatrix} 1 & \\frac{1}{2} \\\\ -1 & 0 \\end{bmatrix}\n"
        "  \\begin{pmatrix} 0 & \\log 2 \\\\ 1 & 0 \\end{pmatrix}\n"
    )(
        "LaTeX, as it stands on the sheet; several matrices side by side are channels:",
        "题目上的 LaTeX；并排的多个矩阵为多个通道：",
    ),
    form("input: {name: F, shape: [1, 2, 3], value: [1, 2, 3, 4, 5, 6]}\n")(
        "A mapping, with a name of its own, a shape, or both, and any of these forms as its value:",
        "映射：可带名称、形状，其 `value` 为上述任一形式：",
    ),
    form("input: {shape: [1, 2, 3], fill: 1/10}\n")(
        "One number for all elements, where the shape is known: a bias, a weight together with `units` or"
        " `size`, or with `fill` and a shape:",
        "形状已知时，用一个数表示全部元素：偏置、与 `units` 或 `size` 一起的权重，或用 `fill` 加形状：",
    ),
    form("input: {shape: [1, 2, 3], random: {seed: 7, low: -1, step: 0.25}}\n")(
        "Drawn at random, the same on every machine: low + step·⌊u·count⌋, u from Python's `random.Random(seed)`"
        " and count = (high − low)/step + 1; by default from −1 to 1 in steps of 1/10:",
        "随机数，在任何机器上都相同：low + step·⌊u·count⌋，u 取自 Python 的 `random.Random(seed)`，"
        "count = (high − low)/step + 1；默认从 −1 到 1，间隔 1/10：",
    ),
    form("input: {file: numbers.csv}\n")(
        "From a file in the problem's folder or below: `.npy`, `.npz` with a `key`, or `.csv`:",
        "读自题目所在文件夹（或其下）的文件：`.npy`、`.npz`（用 `key` 指明数组）或 `.csv`：",
    ),
    form("input: {name: x, symbol: x, values: [[1, -2], [4, 3]]}\n")(
        "Letters, x₁₁, x₁₂ and so on; `values` are their numbers, which decide the branches of a ReLU or a max"
        " pool, as `assume: positive` may:",
        "字母 x₁₁、x₁₂ 等；`values` 给出其数值，用来决定 ReLU 或最大池化的分支，`assume: positive` 也可：",
    ),
    form("input: [[x1, 1], [0, 2*alpha]]\n")(
        "Letters and numbers together; a letter may have digits behind it, and a Greek one is called by name:",
        "字母与数混写；字母后可带数字，希腊字母写名称：",
    ),
)
"""Each with an example, as the input of a problem."""

KEYS: Mapping[str, Phrase] = {
    "name": Phrase(en="what the tensor is called", zh="张量的名称"),
    "shape": Phrase(
        en="its axes; with a value, in which shape its numbers are taken in order",
        zh="各维大小；有 `value` 时，其中的数按顺序填入该形状",
    ),
    "value": Phrase(en="its numbers, in any of the forms above", zh="数值，形式如上"),
    "fill": Phrase(en="one number for all elements", zh="全部元素取同一个数"),
    "file": Phrase(en="the path of a file with its numbers", zh="数值所在文件的路径"),
    "key": Phrase(en="with `file`: the name of an array in a `.npz`", zh="与 `file` 同用：`.npz` 中数组的名称"),
    "random": Phrase(en="`{seed, low, high, step}`: drawn at random", zh="`{seed, low, high, step}`：随机数"),
    "symbol": Phrase(en="a letter, or a name: elements in letters", zh="字母或名称：元素为字母"),
    "values": Phrase(en="with `symbol`: the numbers of the letters", zh="与 `symbol` 同用：各字母的数值"),
    "assume": Phrase(
        en="with `symbol`: `positive`, that no letter is 0 or below", zh="与 `symbol` 同用：`positive`，表示字母均为正"
    ),
}
"""The keys of a mapping that is a tensor."""
