"""Sizes and counts as people write them: `5×98×98`, `torch.Size([5, 98, 98])`, `(None, 98, 98, 5)`, `1,191,170`."""

import re

from cnncalc.problem.names import quantity_name
from cnncalc.problem.text.nodes import Items, Node, Scalar

SEVERAL_NUMBERS = ("shape", "receptive_field")
"""The quantities that are no single count."""
HOLES = frozenset(["?", "？"])
BATCH = frozenset(["none", "null", "n", "b", "-1", "−1", "batch", "batch_size", "batchsize", "bs", *HOLES])
"""What stands for however many samples there will be, in front of a shape."""
_THOUSANDS = re.compile(r"([1-9]\d{0,2})((?:[,，'’_ \u00a0\u2009\u202f]\d{3})+)(?!\d)")
_LAST = re.compile(r"[=＝≈]")
_CALLED = re.compile(r"^[A-Za-z_][\w.]*\s*(?=[(\[（])")
_BRACKETS = re.compile(r"[()\[\]{}（）【】$]|\\(?:left|right)(?![a-z])")
_BETWEEN = re.compile(r"\s*(?:[×xX*✕⨯·⋅,，、]|\\times(?![a-z])|\\cdot(?![a-z]))\s*|\s+(?:by\s+)?")
_PART = re.compile(r"\d{1,18}")


def tidied(name: str, node: Node) -> Node:
    """The answer for a size or a count in a form that is read for any tensor; any other as it is."""
    asked = quantity_name(name)
    if asked is None or not isinstance(node, Scalar) or "\n" in node.text.strip():
        return node
    written = [part.strip() for part in _LAST.split(node.text)]
    if asked[0] not in SEVERAL_NUMBERS:
        is_parted = _THOUSANDS.fullmatch(written[-1]) is not None
        return node._replace(text=re.sub(r"\D", "", written[-1]), style="'") if is_parted else node
    for text in reversed(written):
        sizes = _sizes(text)
        if sizes:
            return Items([node._replace(text=size, style="'") for size in sizes], node.place)
    return node


def _sizes(text: str) -> list[str]:
    """The sizes in a text; none where there are not several, or anything else stands there as well."""
    parts = [part for part in _BETWEEN.split(_BRACKETS.sub(" ", _CALLED.sub("", text)).strip()) if part]
    sizes = parts[1:] if parts and parts[0].lower() in BATCH else parts
    is_whole = all(_PART.fullmatch(size) or size in HOLES for size in sizes)
    return parts if sizes and is_whole and (len(parts) > 1 or text != parts[0]) else []
