"""The entropies of a file as a Document, and as JSON: contract `cnncalc-entropy/1`."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, cast

import numpy as np

from cnncalc.arithmetic.base import Array, Element
from cnncalc.arithmetic.exact import Exact
from cnncalc.entropy import Identity, Measures, Unit
from cnncalc.language import Phrase, verbatim
from cnncalc.layers.base import Index
from cnncalc.render.data.json import records
from cnncalc.render.document import Block, Cell, Column, Document, Heading, Paragraph, Table, TensorBlock
from cnncalc.render.table.number import Number, describe

BASES: Mapping[Unit, int | None] = {"nats": None, "bits": 2, "dits": 10}
UNITS = {
    "nats": Phrase("In nats: log is the natural logarithm."),
    "bits": Phrase("In bits: log is the logarithm to base 2."),
    "dits": Phrase("In dits: log is the logarithm to base 10."),
}
WHAT = {
    "H(p)": Phrase("entropy of p"),
    "H(q)": Phrase("entropy of q"),
    "H(p, q)": Phrase(en="cross-entropy", zh="交叉熵"),
    "H(q, p)": Phrase(en="cross-entropy", zh="交叉熵"),
    "KL(p, q)": Phrase("divergence of q from p"),
    "KL(q, p)": Phrase("divergence of p from q"),
    "H(X)": Phrase("entropy of X"),
    "H(Y)": Phrase("entropy of Y"),
    "H(X, Y)": Phrase("joint entropy"),
    "H(X|Y)": Phrase("conditional entropy"),
    "H(Y|X)": Phrase("conditional entropy"),
    "I(X;Y)": Phrase("mutual information"),
}
QUANTITY = Phrase("quantity")
MEANING = Phrase("what it is")
FORMULA = Phrase("formula")
VALUE = Phrase("value")
IDENTITIES = Phrase("Identities")
MARGINALS = {"x": Phrase("sums of the rows"), "y": Phrase("sums of the columns")}
ENTROPIES = Phrase("Entropies")
LIMIT = Phrase("A probability of 0 adds 0·log 0 = 0, the limit.")
INFINITE = Phrase("H({a}, {b}) and KL({a}, {b}) are infinite: {b} gives event {events} no probability, {a} does.")
BROKEN = Phrase("{text}: does not hold")
UNDECIDED = Phrase("{text}: {left} ≈ {right}; both sides agree as far as they were computed, but no proof was found.")
INFINITY = "∞"


def document(measures: Measures, unit: Unit, digits: int) -> Document:
    """The distributions, the table of quantities, the identities between them, and what was infinite or 0."""
    given = measures.distributions
    blocks: list[Block] = [Heading(1, verbatim(given.title))] if given.title else []
    blocks.append(Paragraph(UNITS[unit]))
    for name, array in (("p", given.p), ("q", given.q), ("joint", given.joint)):
        if array is not None:
            blocks += [
                Heading(3, verbatim(name)),
                _block(measures.numbers, name, measures.numbers.array(array), digits),
            ]
    for name, array in measures.marginals.items():
        blocks += [Heading(3, verbatim(name), MARGINALS[name]), _block(measures.numbers, name, array, digits)]
    columns = (Column(QUANTITY), Column(MEANING), Column(FORMULA), Column(VALUE))
    values = {each.symbol: _described(measures.numbers, each.nats, unit, digits) for each in measures.measures}
    rows = [
        (verbatim(each.symbol), WHAT[each.symbol], verbatim(each.formula), verbatim(_shown(values[each.symbol])))
        for each in measures.measures
    ]
    blocks += [Heading(3, ENTROPIES), Table(columns, tuple(rows))]
    if measures.identities:
        blocks.append(Heading(3, IDENTITIES))
        blocks += [_identity(identity, values) for identity in measures.identities]
    for a, b, events in (("p", "q", measures.infinite), ("q", "p", measures.infinite_back)):
        if events:
            listed = Phrase.enumerated(event + 1 for event in events)
            blocks.append(Paragraph(INFINITE.format(a=a, b=b, events=listed), "note"))
    if measures.has_zeros:
        blocks.append(Paragraph(LIMIT, "note"))
    return Document(tuple(blocks))


def _block(numbers: Exact, name: str, array: Array, digits: int) -> TensorBlock:
    def cell(index: Index) -> Cell:
        return Cell(describe(numbers, array[index], digits))

    return TensorBlock(name, array.shape, 1, cell)


def _identity(identity: Identity, values: Mapping[str, Number | None]) -> Paragraph:
    text = identity.left + " = " + _signed(identity.right)
    if identity.holds is None and not identity.is_undecided:
        return Paragraph(verbatim(f"{text}: {INFINITY} = {INFINITY}"), "item")
    if identity.holds is False:
        return Paragraph(BROKEN.format(text=text), "item")
    left = _decimal(values[identity.left])
    right = _signed([(sign, _decimal(values[symbol])) for sign, symbol in identity.right])
    if identity.is_undecided:
        return Paragraph(UNDECIDED.format(text=text, left=left, right=right), "item")
    numbers = [values[symbol] for symbol in (identity.left, *(symbol for _, symbol in identity.right))]
    is_exact = all(number is None or not (number.rounded or number.decimal or number.undecided) for number in numbers)
    return Paragraph(verbatim(f"{text}: {left} {'=' if is_exact else '≈'} {right}"), "item")


def _signed(parts: Sequence[tuple[int, str]]) -> str:
    return parts[0][1] + "".join(f" {'+' if sign > 0 else '-'} {text}" for sign, text in parts[1:])


def _decimal(number: Number | None) -> str:
    return INFINITY if number is None else number.decimal or number.text


def _shown(number: Number | None) -> str:
    """`3/2`, or `log(3) ≈ 1.09861`."""
    return INFINITY if number is None else number.both


def _described(numbers: Exact, nats: Element | None, unit: Unit, digits: int) -> Number | None:
    """A quantity in its unit; None for an infinite one."""
    if nats is None:
        return None
    return describe(numbers, in_unit(numbers, nats, unit), digits, closed_form(numbers, nats, unit))


def in_unit(numbers: Exact, nats: Element, unit: Unit) -> Element:
    """The same quantity in another unit; rational where it is."""
    base = BASES[unit]
    if base is None:
        return nats
    size = numbers.log(numbers.array(np.asarray([base], dtype=object)))[0]
    # log 100 is 2 dits, though log 10 is a sum of two logarithms in the ring.
    roughly = float(numbers.to_float(np.asarray([nats / size], dtype=object))[0])
    if not math.isfinite(roughly):
        return nats / size
    rational = numbers.number(Fraction(roughly).limit_denominator(10**6))
    difference = numbers.zeros((1,))
    difference[0] = nats - size * rational
    return rational if numbers.is_known_equal(difference, 0).all() else nats / size


def closed_form(numbers: Exact, nats: Element, unit: Unit) -> str | None:
    """The text of the quantity in its unit, where it is short: `log(3)/log(2)`."""
    wanted = np.empty(1, dtype=object)
    wanted[0] = in_unit(numbers, nats, unit)
    if numbers.rational(wanted[0]) is not None:
        return cast("str | None", numbers.closed_forms(wanted)[0])
    wanted[0] = nats
    text = cast("str | None", numbers.closed_forms(wanted)[0])
    base = BASES[unit]
    if text is None or base is None:
        return text
    return f"({text})/log({base})" if " " in text else f"{text}/log({base})"


def render_json(measures: Measures, unit: Unit) -> str:
    """One JSON object; a quantity that is infinite has a null value and says so."""
    numbers = measures.numbers
    head = {"format": "cnncalc-entropy/1", "title": measures.distributions.title, "unit": unit}
    identities = [
        {"identity": f"{each.left} = {_signed(each.right)}", "holds": each.holds}
        | ({"undecided": True} if each.is_undecided else {})
        for each in measures.identities
    ]
    listed = (_quantity(numbers, each.symbol, each.nats, unit) for each in measures.measures)
    return records(head, "measures", listed, identities=identities)


def _quantity(numbers: Exact, symbol: str, nats: Element | None, unit: Unit) -> dict[str, Any]:
    if nats is None:
        return {"name": symbol, "value": None, "exact": None, "infinite": True}
    value = float(numbers.to_float(np.asarray([in_unit(numbers, nats, unit)], dtype=object))[0])
    exact = closed_form(numbers, nats, unit)
    return {"name": symbol, "value": value if math.isfinite(value) else None, "exact": exact, "infinite": False}
