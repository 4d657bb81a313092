"""Topics of the problem file, the forms that values take, and those of a tensor, of which the loader reads each."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from cnncalc.language import Phrase, marked_up
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.records import Record
from cnncalc.reference.keys import KEYS

TensorForm: TypeAlias = tuple[Phrase, str]
Schema: TypeAlias = dict[str, Any]
NUMBER: Schema = {"type": ["number", "string"]}
"""Also `1/10`, `log(2)`, a letter, `?`."""
PAIR: Schema = {"anyOf": [NUMBER, {"type": "array", "items": NUMBER, "minItems": 1, "maxItems": 2}]}
SIDES: Schema = {"anyOf": [NUMBER, {"type": "array", "items": PAIR, "minItems": 1, "maxItems": 2}]}
NAME: Schema = {"type": "string"}


class Form(Record):
    """What may be written: in words, a few values as YAML has them, and as a JSON Schema."""

    phrase: Phrase
    samples: tuple[str, ...]
    schema: Schema


def form(*samples: str, schema: Schema = NUMBER) -> Callable[[str, str], Form]:
    """Samples; then what may be written."""
    return lambda en, zh: Form(Phrase(en, zh), samples, schema)


FORMS: Mapping[str, Form] = {
    "bool": form("true", "false", schema={"type": ["boolean", "string"]})("`true` or `false`", "`true` 或 `false`"),
    "name": form("m", schema=NAME)("the name of a layer", "某一层的名称"),
    "numbers": form("[1, 2.5, 0]", schema={})("a list of numbers", "数的列表"),
    "classes": form("[3]", "3", schema={})("a list of classes", "类别编号的列表"),
    "count": form("1", "2")("a whole number from 1", "正整数"),
    "each": form("2", "depthwise")("a whole number from 1, or `depthwise`", "正整数，或 `depthwise`"),
    "number": form("2", "0.1", "1/3", "1e-5")("a number", "一个数"),
    "pair": form("1", "2", "[1, 2]", schema=PAIR)(
        "a whole number from 1, or `[height, width]`", "正整数，或 `[高, 宽]`"
    ),
    "spare": form("0", "1", "[0, 1]", schema=PAIR)(
        "a whole number from 0, or `[height, width]`", "非负整数，或 `[高, 宽]`"
    ),
    "padding": form("valid", "same", "full", "0", "1", "[0, 1]", "[[1, 0], [0, 1]]", schema=SIDES)(
        "`valid` (none), `same`, `full`, a whole number, `[height, width]` or `[[top, bottom], [left, right]]`",
        "`valid`（无）、`same`、`full`、整数、`[高, 宽]` 或 `[[上, 下], [左, 右]]`",
    ),
    "sides": form("valid", "same", "full", "causal", "0", "1", "[0, 1]", schema=PAIR)(
        "`valid` (none), `same`, `full`, `causal`, a whole number or `[left, right]`",
        "`valid`（无）、`same`、`full`、`causal`、整数或 `[左, 右]`",
    ),
    "spare_count": form("0", "1")("a whole number from 0", "非负整数"),
    "anchor": form("0", "[-1, 2]", schema=PAIR)(
        "`[row, column]`, or a whole number for both", "`[行, 列]`，或一个整数"
    ),
}
"""By what an option's metadata call `reads`; a choice says itself what may be chosen."""
ALTERNATIVES = Phrase(en="{some} or {last}", zh="{some} 或 {last}")
NEEDED = Phrase(en="needed", zh="必需")
NONE = Phrase(en="none", zh="无")


def form_of(about: Mapping[str, Any]) -> Form:
    """The form of an option, from its metadata."""
    if about["reads"] != "choice":
        return FORMS[about["reads"]]
    choices: tuple[str, ...] = about["choices"]
    *some, last = (f"`{choice}`" for choice in choices)
    return Form(
        ALTERNATIVES.format(some=marked_up(", ".join(some)), last=marked_up(last)), choices, {"enum": [*choices]}
    )


def written(default: Any) -> str | None:
    """A default as somebody would type it; None where there is no value to be typed."""
    if default is None:
        return None
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, Decimal):
        return f"{default:f}"
    if isinstance(default, tuple):
        return str(default[0]) if len(set(default)) == 1 else str(list(default))
    return str(default)


def topics() -> list[str]:
    """The keys of a file, what they hold, every layer, loss and rule."""
    return [*KEYS, "tensor", "names", *LAYERS, *LOSSES, *RULES]


def tensor_form(example: str) -> Callable[[str, str], TensorForm]:
    """An example; then what is said in front of it."""
    return lambda en, zh: (Phrase(en, zh), example)


TENSOR_FORMS: tuple[TensorForm, ...] = (
    tensor_form("input: [[1, 2, 3], [4, 5, 6]]\n")("Nested lists:", "嵌套列表："),
    tensor_form("input: |\n  1 2 3\n  4 5 6\n\n  7 8 9\n  1 0 1\n")(
        "A text block: a row a line, columns parted by blanks or commas, a blank line between channels, two"
        " between samples:",
        "文本块：每行一行，列间用空格或逗号分隔，通道间空一行，样本间空两行：",
    ),
    tensor_form(
        "input: |\n  \\begin{bmatrix} 1 & \\frac{1}{2} \\\\ -1 & 0 \\end{bmatrix}\n"
        "  \\begin{pmatrix} 0 & \\log 2 \\\\ 1 & 0 \\end{pmatrix}\n"
    )(
        "LaTeX, as it stands on the sheet; several matrices side by side are channels:",
        "题目上的 LaTeX；并排的多个矩阵为多个通道：",
    ),
    tensor_form("input: {name: F, shape: [1, 2, 3], value: [1, 2, 3, 4, 5, 6]}\n")(
        "A mapping, with a name of its own, a shape, or both, and any of these forms as its value:",
        "映射：可带名称、形状，其 `value` 为上述任一形式：",
    ),
    tensor_form("input: {shape: [1, 2, 3], fill: 1/10}\n")(
        "One number for all elements, where the shape is known: a bias, a weight together with `units` or"
        " `size`, or with `fill` and a shape:",
        "形状已知时，用一个数表示全部元素：偏置、与 `units` 或 `size` 一起的权重，或用 `fill` 加形状：",
    ),
    tensor_form("input: {shape: [1, 2, 3], random: {seed: 7, low: -1, step: 0.25}}\n")(
        "Drawn at random, the same on every machine: low + step·⌊u·count⌋, u from Python's `random.Random(seed)`"
        " and count = (high − low)/step + 1; by default from −1 to 1 in steps of 1/10:",
        "随机数，在任何机器上都相同：low + step·⌊u·count⌋，u 取自 Python 的 `random.Random(seed)`，"
        "count = (high − low)/step + 1；默认从 −1 到 1，间隔 1/10：",
    ),
    tensor_form("input: {file: numbers.csv}\n")(
        "From a file in the problem's folder or below: `.npy`, `.npz` with a `key`, or `.csv`:",
        "读自题目所在文件夹（或其下）的文件：`.npy`、`.npz`（用 `key` 指明数组）或 `.csv`：",
    ),
    tensor_form("input: {name: x, symbol: x, values: [[1, -2], [4, 3]]}\n")(
        "Letters, x₁₁, x₁₂ and so on; `values` are their numbers, which decide the branches of a ReLU or a max"
        " pool, as `assume: positive` may:",
        "字母 x₁₁、x₁₂ 等；`values` 给出其数值，用来决定 ReLU 或最大池化的分支，`assume: positive` 也可：",
    ),
    tensor_form("input: [[x1, 1], [0, 2*alpha]]\n")(
        "Letters and numbers together; a letter may have digits behind it, and a Greek one is called by name:",
        "字母与数混写；字母后可带数字，希腊字母写名称：",
    ),
)
"""Each with an example, as the input of a problem."""

TENSOR_KEYS: Mapping[str, Phrase] = {
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
