"""What the page shows of numbers and formulas, and how it makes the terms of an element by itself."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from gzip import compress
from math import isfinite, prod
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import numpy as np

from cnncalc.arithmetic.base import Undecided
from cnncalc.language import Language, Phrase
from cnncalc.layers.base import Index
from cnncalc.layers.conv import Conv
from cnncalc.layers.fc import Fc
from cnncalc.layers.moving.gathered import Flatten
from cnncalc.layers.pools import AvgPool, MaxPool
from cnncalc.render.data.json import attributes, exact_text
from cnncalc.render.formula.formula import Code, Formula, Plain, spans
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.renderers.mathml import mathml
from cnncalc.render.table.number import Number, describe
from cnncalc.step import Step
from cnncalc.trace import Tensor
from cnncalc.visible import visible


def nodes(formula: Formula, display: bool = True) -> list[Any]:
    """`["math", {attribute: value}, child, …]`, each child a string or a list of that kind."""
    return _node(fromstring(visible(mathml(formula, display))))


def _node(element: Element) -> list[Any]:
    made: list[Any] = [element.tag]
    if element.attrib:
        made.append(dict(element.attrib))
    if element.text:
        made.append(element.text)
    for child in element:
        made.append(_node(child))
        if child.tail:
            made.append(child.tail)
    return made


def words(phrase: Phrase, language: Language, names: Names | None = None) -> list[Any]:
    """The stretches of a phrase in one language."""
    return [_span(span) for span in spans(phrase.markup(language), names)]


def _span(span: Plain | Code | Formula) -> Any:
    match span:
        case Plain(text):
            return visible(text)
        case Code(text):
            return ["code", visible(text)]
        case Formula():
            return nodes(span, display=False)


LARGE = 400
"""Elements of a tensor of which a page shows a part at a time."""
LONGEST_EXACT = 80
DIGITS_OF_TRUTH = 20
LONGEST_RATIONAL = 200
"""Bits of a numerator or denominator that is written out."""
PATH = "path"


def doubles_of(tensors: Sequence[Tensor]) -> str:
    """All elements as float64, little end first, one tensor behind the other; gzip, base64."""
    if not tensors:
        return ""
    values = np.concatenate([tensor.value.ravel() for tensor in tensors]).astype("<f8")
    return b64encode(compress(values.tobytes(), 9, mtime=0)).decode("ascii")


def numbers_of(tensor: Tensor, digits: int) -> dict[str, Any]:
    """The text of each cell; its decimal, its closed form and what it truly is, where those say more.

    Doubles are what they are: the page writes them as `describe` does.
    """
    numbers = tensor.numbers
    if tensor.local == PATH:
        rows = tensor.elements.reshape(-1, tensor.shape[-1]).tolist()
        return {"text": [f"({','.join(describe(numbers, one).text for one in row)})" for row in rows]}
    if numbers.name == "float":
        return {
            "doubles": [one if isfinite(one) else describe(numbers, one).text for one in tensor.value.ravel().tolist()]
        }
    texts: list[str] = []
    decimals: dict[int, str] = {}
    exact: dict[int, str] = {}
    true: dict[int, str] = {}
    letters = numbers.name == "symbolic"
    flat = tensor.elements.ravel()
    for at, element in enumerate(flat.tolist()):
        # In a table there is no room for closed forms, which are long; a single number has it.
        number = describe(numbers, element, digits, None if tensor.shape else _closed_form(tensor, at))
        texts.append(number.text)
        if number.decimal is not None:
            decimals[at] = number.decimal
        truth = _truth(tensor, element, number)
        if truth is not None:
            true[at] = truth
        closed = None if letters else _closed_form(tensor, at)
        if closed is not None and closed not in (number.text, str(true.get(at))) and len(closed) <= LONGEST_EXACT:
            exact[at] = closed
    return {"text": texts, "decimal": decimals, "exact": exact, "true": true}


def _closed_form(tensor: Tensor, at: int) -> str | None:
    index: Index = tuple(int(i) for i in np.unravel_index(at, tensor.shape)) if tensor.shape else ()
    return exact_text(tensor, index) if tensor.numbers.proven and prod(tensor.shape) <= LARGE else None


def _truth(tensor: Tensor, element: Any, number: Number) -> str | None:
    """The element where its text is not it: a fraction, or twenty digits behind a ~; empty where that is open."""
    numbers = tensor.numbers
    if number.in_letters:
        return None if number.decimal is None else f"~{number.decimal}"
    rational = numbers.rational(element)
    if rational is not None and not number.rounded:
        return None
    if rational is not None and max(map(int.bit_length, rational.as_integer_ratio())) <= LONGEST_RATIONAL:
        return str(rational)
    try:
        return f"~{numbers.decimal(element, DIGITS_OF_TRUTH)}"
    except Undecided:
        return ""


PASSED_ON = ("relu", "identity")
"""Layers whose elements are those of x, or of g, or 0."""


def geometry(step: Step, local: str, names: Mapping[str, int]) -> dict[str, Any] | None:
    """The record of one tensor of a step; `names` has the number of each of its tensors."""
    made = _kind(step, local)
    if made is None:
        return None
    used = {own: {"tensor": number, "shape": list(step.tensors[own].shape)} for own, number in names.items()}
    return {**made, "of": local, "names": used}


def _kind(step: Step, local: str) -> dict[str, Any] | None:
    layer = step.layer
    match layer:
        case Conv() if local in ("y", "dx", "dweight", "dbias"):
            return {"kind": "conv", "axes": _axes(step), "groups": layer.groups, "flip": layer.flip}
        case MaxPool(ties="first") if local in ("y", "dx"):
            return {"kind": "pool", "axes": _axes(step)}
        case AvgPool() if local in ("y", "dx"):
            window = layer.window(step.tensors["x"].shape[1:])
            counts = [layer.counted_along(axis).tolist() for axis in (window.rows, window.columns)]
            return {"kind": "pool", "axes": _axes(step), "counts": counts}
        case Fc() if local in ("y", "dx", "dweight", "dbias"):
            return {"kind": "fc"}
        case Flatten(order="chw"):
            return {"kind": "elementwise", "gate": False}
        case _ if layer.type in PASSED_ON and local in ("y", "dx"):
            return {"kind": "elementwise", "gate": layer.type == "relu"}
        case _:
            return None


def _axes(step: Step) -> list[dict[str, int]]:
    reaches = step.reach()
    assert reaches is not None, "it has a window"
    return [
        {
            **attributes(reach.axis, "size", "kernel", "stride", "dilation", "before"),
            "first": reach.axis.real.start,
            "stop": reach.axis.real.stop,
            "windows": reach.axis.outputs,
        }
        for reach in reaches
    ]
