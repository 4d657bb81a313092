"""A Verification as a Document, and as JSON: contract `cnncalc-verify/1`."""

from math import prod
from typing import Any

from cnncalc.language import Phrase, verbatim
from cnncalc.layers.base import by
from cnncalc.render.data.json import attributes, records
from cnncalc.render.document import Block, Column, Document, Heading, Paragraph, Table
from cnncalc.verifying.verify import WAYS, Verification, Verified, Way

ALL_AGREE = Phrase("{gradients} in every way, exactly.")
ALL_AGREE_BUT = Phrase("{gradients} in every way that was looked at; ≈ is no proof, but what digits show.")
SOME_AGREE = Phrase(
    "{count} of {all} gradients agree in every way that was looked at; of the others nothing can be told."
)
DISAGREE = Phrase("These gradients disagree: {names}.")
NOTHING = Phrase("There are no gradients: the problem has neither a loss nor an upstream gradient.")
GRADIENT = Phrase("gradient")
SHAPE = Phrase("shape")
HEADINGS = {
    "derivative": Phrase("derivative of the loss"),
    "terms": Phrase("sum of its terms"),
    "col2im": Phrase("col2im"),
    "rotated kernel": Phrase("rotated kernel"),
}
EXPLANATIONS = (
    Phrase(
        "derivative of the loss: every element is moved by a multiple of a letter, the layers behind it are run"
        " forward, and the loss is differentiated with respect to that letter; nothing of the backward pass takes"
        " part."
    ),
    Phrase("directions: of a large tensor all elements are moved together, each by a whole number of its own."),
    Phrase("sum of its terms: the products that the layer's formula says make up an element."),
    Phrase("col2im and rotated kernel: the convolution's two ways to its input's gradient."),
)
BALLS = Phrase(
    "≈: a proof would have taken too much work. The numbers are enclosed in balls of some seventy digits; where they"
    " agree, they do so to eighteen digits at least."
)
DOUBLES = Phrase(
    "layer by layer: the problem is too large for anything but float64. One layer is run forward at a time, and what"
    " lies behind it is taken from the gradient there; where they agree, they do so to ten digits."
)
LEFT_OUT = Phrase("not verified: it would have taken too much work, or these numbers cannot tell.")
ELEMENTS = verbatim("{sign} {count}/{size}")
DIRECTIONS = Phrase("{sign} {count:direction|directions}")
KINK = Phrase("no derivative: a kink or a tie")
LOCAL = Phrase("{cell}, layer by layer")
NOT_VERIFIED = Phrase("not verified")
NOT_ONE = verbatim("–")
NOT_LOOKED_AT = Phrase("–: not looked at in this way.")
GRADIENTS = {False: Phrase("The one gradient agrees"), True: Phrase("All {count} gradients agree")}


def document(verification: Verification) -> Document:
    """The table of agreement, and in a sentence what it comes to."""
    title = verification.problem.title
    blocks: list[Block] = [Heading(1, verbatim(title))] if title else []
    if not verification.gradients:
        return Document((*blocks, Paragraph(NOTHING)))
    used = [way for way in WAYS if any(way in (*each.ways, *each.left_out) for each in verification.gradients)]
    columns = (Column(GRADIENT), Column(SHAPE), *(Column(HEADINGS[way]) for way in used))
    rows = tuple(
        (verbatim(gradient.name), verbatim(by(gradient.shape)), *(_cell(gradient, way) for way in used))
        for gradient in verification.gradients
    )
    wrong = [gradient.name for gradient in verification.gradients if not gradient.agrees]
    verdict = DISAGREE.format(names=Phrase.enumerated(wrong)) if wrong else _agreement(verification.gradients)
    blocks += [Table(columns, rows), Paragraph(verdict)]
    kinds = [phrase for phrase, shown in zip(EXPLANATIONS, _needed(verification), strict=True) if shown]
    kinds += [phrase for phrase, shown in zip((BALLS, DOUBLES, LEFT_OUT), _digits(verification), strict=True) if shown]
    kinds += [NOT_LOOKED_AT] * any(NOT_ONE in row for row in rows)
    return Document((*blocks, *(Paragraph(phrase, "item") for phrase in kinds)))


def _agreement(gradients: tuple[Verified, ...]) -> Phrase:
    """What it comes to where nothing disagrees."""
    told = sum(bool(gradient.ways) for gradient in gradients)
    if told < len(gradients):
        return SOME_AGREE.format(count=told, all=len(gradients))
    is_proved = all(
        not gradient.left_out and all(way.proved for way in gradient.ways.values()) for gradient in gradients
    )
    which = GRADIENTS[told > 1].format(count=told)
    return (ALL_AGREE if is_proved else ALL_AGREE_BUT).format(gradients=which)


def _needed(verification: Verification) -> tuple[bool, bool, bool, bool]:
    """Which of the explanations have something to explain."""
    ways = [gradient.ways for gradient in verification.gradients]
    derivatives = [way["derivative"] for way in ways if "derivative" in way]
    # Of one layer at a time something else is said.
    through_all = any(not derivative.is_local for derivative in derivatives)
    directed = any(not derivative.whole for derivative in derivatives)
    return through_all, directed, any("terms" in way for way in ways), any("col2im" in way for way in ways)


def _digits(verification: Verification) -> tuple[bool, bool, bool]:
    """What there is beside proofs."""
    kinds = {way.kind for gradient in verification.gradients for way in gradient.ways.values()}
    return "balls" in kinds, "doubles" in kinds, any(gradient.left_out for gradient in verification.gradients)


def _cell(gradient: Verified, way: Way) -> Phrase:
    if way in gradient.left_out:
        return NOT_VERIFIED
    agreement = gradient.ways.get(way)
    if agreement is None:
        return NOT_ONE
    if agreement.at_kink:
        return KINK
    sign = "✗" if not agreement.agrees else "✓" if agreement.proved else "≈"
    phrase = DIRECTIONS if way == "derivative" and not agreement.whole else ELEMENTS
    cell = phrase.format(sign=sign, count=agreement.checked, size=prod(gradient.shape))
    return LOCAL.format(cell=cell) if agreement.is_local and way == "derivative" else cell


def render_json(verification: Verification) -> str:
    """One JSON object, a gradient a line."""
    head = {"format": "cnncalc-verify/1", "problem": verification.problem.file, "agrees": verification.agrees}
    return records(head, "gradients", map(_gradient, verification.gradients))


def _gradient(gradient: Verified) -> dict[str, Any]:
    ways = {
        way: {
            **attributes(agreement, "agrees", "proved", "checked"),
            "every_element": agreement.whole,
            "at_kink": agreement.at_kink,
            "numbers": agreement.kind,
            "layer_by_layer": agreement.is_local,
        }
        for way, agreement in gradient.ways.items()
    }
    return {**attributes(gradient, "name", "shape", "agrees"), "ways": ways, "left_out": list(gradient.left_out)}
