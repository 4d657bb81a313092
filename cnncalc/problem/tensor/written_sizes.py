"""Sizes and counts as people write them: `5×98×98`, `torch.Size([5, 98, 98])`, `6@28×28`, `C=6, H=W=28`, `44,426`."""

import re

from cnncalc.problem.names import quantity_name
from cnncalc.problem.text.nodes import Items, Node, Scalar

SEVERAL_NUMBERS = ("shape", "receptive_field")
"""The quantities that are no single count."""
HOLES = frozenset(["?", "？"])
BATCH = frozenset(["none", "null", "n", "b", "-1", "−1", "batch", "batch_size", "batchsize", "bs", *HOLES])
"""What stands for however many samples there will be, in front of a shape."""
_THOUSANDS = re.compile(r"([1-9]\d{0,2})((?:[,，'’_ \u00a0\u2009\u202f]\d{3})+)(?!\d)")
_UNIT = re.compile(
    r"(?i)(?<=[\d)])\s*(?:[个次]|bytes?|字节|(?:个)?参数|param(?:eter)?s?|mult(?:iplication)?s|macs|connections|operations|flops)$"
)
_SHORTENED = re.compile(r"(?i)([\d.]+)\s*(k|m|g|thousand|million|billion|万|亿)")
_TENS = {"k": 3, "thousand": 3, "m": 6, "million": 6, "g": 9, "billion": 9, "万": 4, "亿": 8}
_NAMED = re.compile(r"((?:\b(?:[A-Za-z](?:_\w+)?|channels|height|width|rows|columns)\s*=\s*)+)(\d+)")
_ORDER = {
    "c": 0,
    "k": 0,
    "f": 0,
    "channels": 0,
    "d": 0,
    "h": 1,
    "height": 1,
    "rows": 1,
    "w": 2,
    "width": 2,
    "columns": 2,
}
"""Where a size stands in a shape that is said by names."""
_SQUARED = re.compile(r"(\d+)\s*(?:²|(?:\^|\*\*)\s*\{?2\}?(?!\d))")
_LAST = re.compile(r"[=＝≈]")
_CALLED = re.compile(r"^[A-Za-z_][\w.]*\s*(?=[(\[（])")
_BRACKETS = re.compile(r"[()\[\]{}<>（）【】$]|\\(?:left|right)(?![a-z])")
_BETWEEN = re.compile(
    r"\s*(?:[×xX*✕⨯·⋅,，、@]|\\times(?![a-z])|\\cdot(?![a-z])|个|(?:channels|(?:feature )?maps|filters) of)\s*"
    r"|\s+(?:by\s+)?"
)
_PART = re.compile(r"\d{1,18}")


def tidied(name: str, node: Node) -> Node:
    """The answer for a size or a count in a form that is read for any tensor; any other as it is."""
    asked = quantity_name(name)
    if asked is None or not isinstance(node, Scalar) or "\n" in node.text.strip():
        return node
    written = [part.strip() for part in _LAST.split(node.text)]
    if asked[0] not in SEVERAL_NUMBERS:
        count = _UNIT.sub("", written[-1])
        short = _SHORTENED.fullmatch(count)
        if _THOUSANDS.fullmatch(count):
            count = re.sub(r"\D", "", count)
        elif short:
            count = f"{short[1]}e{_TENS[short[2].lower()]}"
        return node._replace(text=count, style="'") if count != written[-1] else node
    if named := _by_name(node.text):
        written = [named]
    for text in reversed(written):
        sizes = _sizes(text)
        if sizes:
            return Items([node._replace(text=size, style="'") for size in sizes], node.place)
    return node


def _by_name(text: str) -> str | None:
    """`6, 28, 28` of `C=6, H=W=28`; None where anything else stands there."""
    found: dict[int, str] = {}
    for names, size in _NAMED.findall(text):
        for name in re.findall(r"[A-Za-z]+", re.sub(r"_\w+", "", names).lower()):
            if name not in _ORDER:
                return None
            found[_ORDER[name]] = size
    is_all = not re.search(r"[^\s,，;；、()\[\]]", _NAMED.sub("", text))
    return ", ".join(found[at] for at in sorted(found)) if found and is_all else None


def _sizes(text: str) -> list[str]:
    """The sizes in a text; none where there are not several, or anything else stands there as well."""
    text = _SQUARED.sub(r"\1×\1", text)
    parts = [part for part in _BETWEEN.split(_BRACKETS.sub(" ", _CALLED.sub("", text)).strip()) if part]
    sizes = parts[1:] if parts and parts[0].lower() in BATCH else parts
    is_whole = all(_PART.fullmatch(size) or size in HOLES for size in sizes)
    return parts if sizes and is_whole and (len(parts) > 1 or text != parts[0]) else []
