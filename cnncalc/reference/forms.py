"""Topics of the problem file, and the forms that values take."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from cnncalc.language import Phrase, marked_up
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES
from cnncalc.records import Record
from cnncalc.reference.keys import KEYS


class Form(Record):
    """What may be written, in words, and a few values as YAML has them."""

    phrase: Phrase
    samples: tuple[str, ...]


def form(*samples: str) -> Callable[[str, str], Form]:
    """Samples; then what may be written."""
    return lambda en, zh: Form(Phrase(en, zh), samples)


FORMS: Mapping[str, Form] = {
    "bool": form("true", "false")("`true` or `false`", "`true` 或 `false`"),
    "name": form("m")("the name of a layer", "某一层的名称"),
    "numbers": form("[1, 2.5, 0]")("a list of numbers", "数的列表"),
    "classes": form("[3]", "3")("a list of classes", "类别编号的列表"),
    "count": form("1", "2")("a whole number from 1", "正整数"),
    "each": form("2", "depthwise")("a whole number from 1, or `depthwise`", "正整数，或 `depthwise`"),
    "number": form("2", "0.1", "1/3", "1e-5")("a number", "一个数"),
    "pair": form("1", "2", "[1, 2]")("a whole number from 1, or `[height, width]`", "正整数，或 `[高, 宽]`"),
    "spare": form("0", "1", "[0, 1]")("a whole number from 0, or `[height, width]`", "非负整数，或 `[高, 宽]`"),
    "padding": form("valid", "same", "full", "0", "1", "[0, 1]", "[[1, 0], [0, 1]]")(
        "`valid` (none), `same`, `full`, a whole number, `[height, width]` or `[[top, bottom], [left, right]]`",
        "`valid`（无）、`same`、`full`、整数、`[高, 宽]` 或 `[[上, 下], [左, 右]]`",
    ),
    "sides": form("valid", "same", "full", "causal", "0", "1", "[0, 1]")(
        "`valid` (none), `same`, `full`, `causal`, a whole number or `[left, right]`",
        "`valid`（无）、`same`、`full`、`causal`、整数或 `[左, 右]`",
    ),
    "spare_count": form("0", "1")("a whole number from 0", "非负整数"),
    "anchor": form("0", "[-1, 2]")("`[row, column]`, or a whole number for both", "`[行, 列]`，或一个整数"),
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
    return Form(ALTERNATIVES.format(some=marked_up(", ".join(some)), last=marked_up(last)), choices)


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
