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


def form(*samples: str, schema: Schema = NUMBER) -> Callable[[str], Form]:
    """Samples; then what may be written."""
    return lambda what: Form(Phrase(what), samples, schema)


FORMS: Mapping[str, Form] = {
    "bool": form("true", "false", schema={"type": ["boolean", "string"]})("`true` or `false`"),
    "name": form("m", schema=NAME)("the name of a layer"),
    "numbers": form("[1, 2.5, 0]", schema={})("a list of numbers"),
    "classes": form("[3]", "3", schema={})("a list of classes"),
    "count": form("1", "2")("a whole number from 1"),
    "each": form("2", "depthwise")("a whole number from 1, or `depthwise`"),
    "number": form("2", "0.1", "1/3", "1e-5")("a number"),
    "pair": form("1", "2", "[1, 2]", schema=PAIR)("a whole number from 1, or `[height, width]`"),
    "spare": form("0", "1", "[0, 1]", schema=PAIR)("a whole number from 0, or `[height, width]`"),
    "padding": form("valid", "same", "full", "0", "1", "[0, 1]", "[[1, 0], [0, 1]]", schema=SIDES)(
        "`valid` (none), `same`, `full`, a whole number, `[height, width]` or `[[top, bottom], [left, right]]`"
    ),
    "sides": form("valid", "same", "full", "causal", "0", "1", "[0, 1]", schema=PAIR)(
        "`valid` (none), `same`, `full`, `causal`, a whole number or `[left, right]`"
    ),
    "spare_count": form("0", "1")("a whole number from 0"),
    "anchor": form("0", "[-1, 2]", schema=PAIR)("`[row, column]`, or a whole number for both"),
}
"""By what an option's metadata call `reads`; a choice says itself what may be chosen."""
ALTERNATIVES = Phrase("{some} or {last}")
NEEDED = Phrase("needed")
NONE = Phrase("none")


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


def tensor_form(example: str) -> Callable[[str], TensorForm]:
    """An example; then what is said in front of it."""
    return lambda what: (Phrase(what), example)


TENSOR_FORMS: tuple[TensorForm, ...] = (
    tensor_form("input: [[1, 2, 3], [4, 5, 6]]\n")("Nested lists:"),
    tensor_form("input: |\n  1 2 3\n  4 5 6\n\n  7 8 9\n  1 0 1\n")(
        "A text block: a row a line, columns parted by blanks or commas, a blank line between channels, two"
        " between samples:"
    ),
    tensor_form(
        "input: |\n  \\begin{bmatrix} 1 & \\frac{1}{2} \\\\ -1 & 0 \\end{bmatrix}\n"
        "  \\begin{pmatrix} 0 & \\log 2 \\\\ 1 & 0 \\end{pmatrix}\n"
    )("LaTeX, as it stands on the sheet; several matrices side by side are channels:"),
    tensor_form("input: {name: F, shape: [1, 2, 3], value: [1, 2, 3, 4, 5, 6]}\n")(
        "A mapping, with a name of its own, a shape, or both, and any of these forms as its value:"
    ),
    tensor_form("input: {shape: [1, 2, 3], fill: 1/10}\n")(
        "One number for all elements, where the shape is known: a bias, a weight together with `units` or"
        " `size`, or with `fill` and a shape:"
    ),
    tensor_form("input: {shape: [1, 2, 3], random: {seed: 7, low: -1, step: 0.25}}\n")(
        "Drawn at random, the same on every machine: low + step·⌊u·count⌋, u from Python's `random.Random(seed)`"
        " and count = (high − low)/step + 1; by default from −1 to 1 in steps of 1/10:"
    ),
    tensor_form("input: {file: numbers.csv}\n")(
        "From a file in the problem's folder or below: `.npy`, `.npz` with a `key`, or `.csv`:"
    ),
    tensor_form("input: {name: x, symbol: x, values: [[1, -2], [4, 3]]}\n")(
        "Letters, x₁₁, x₁₂ and so on; `values` are their numbers, which decide the branches of a ReLU or a max"
        " pool, as `assume: positive` may:"
    ),
    tensor_form("input: [[x1, 1], [0, 2*alpha]]\n")(
        "Letters and numbers together; a letter may have digits behind it, and a Greek one is called by name:"
    ),
)
"""Each with an example, as the input of a problem."""

TENSOR_KEYS: Mapping[str, Phrase] = {
    "name": Phrase("what the tensor is called"),
    "shape": Phrase("its axes; with a value, in which shape its numbers are taken in order"),
    "value": Phrase("its numbers, in any of the forms above"),
    "fill": Phrase("one number for all elements"),
    "file": Phrase("the path of a file with its numbers"),
    "key": Phrase("with `file`: the name of an array in a `.npz`"),
    "random": Phrase("`{seed, low, high, step}`: drawn at random"),
    "symbol": Phrase("a letter, or a name: elements in letters"),
    "values": Phrase("with `symbol`: the numbers of the letters"),
    "assume": Phrase("with `symbol`: `positive`, that no letter is 0 or below"),
}
"""The keys of a mapping that is a tensor."""
