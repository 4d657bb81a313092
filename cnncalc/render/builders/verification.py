"""A Verification as a Document, and as JSON: contract `cnncalc-verify/1`."""

from math import prod
from typing import Any

from cnncalc.language import Phrase, verbatim
from cnncalc.layers.base import by
from cnncalc.render.data.json import attributes, records
from cnncalc.render.document import Block, Column, Document, Heading, Paragraph, Table
from cnncalc.verifying.verify import WAYS, Verification, Verified, Way

ALL_AGREE = Phrase(en="{gradients} in every way, exactly.", zh="{gradients}用各种方法所得结果完全一致。")
ALL_AGREE_BUT = Phrase(
    en="{gradients} in every way that was looked at; ≈ is no proof, but what digits show.",
    zh="{gradients}用所验证的各种方法所得结果一致；标 ≈ 者并非证明，而是数值吻合。",
)
SOME_AGREE = Phrase(
    en="{count} of {all} gradients agree in every way that was looked at; of the others nothing can be told.",
    zh="{all} 个梯度中有 {count} 个用所验证的各种方法所得结果一致；其余无法判断。",
)
DISAGREE = Phrase(en="These gradients disagree: {names}.", zh="以下梯度不一致：{names}。")
NOTHING = Phrase(
    en="There are no gradients: the problem has neither a loss nor an upstream gradient.",
    zh="没有梯度可供验证：本题既无损失函数，也无上游梯度。",
)
GRADIENT = Phrase(en="gradient", zh="梯度")
SHAPE = Phrase(en="shape", zh="形状")
HEADINGS = {
    "derivative": Phrase(en="derivative of the loss", zh="损失的导数"),
    "terms": Phrase(en="sum of its terms", zh="逐项求和"),
    "col2im": Phrase(en="col2im", zh="col2im"),
    "rotated kernel": Phrase(en="rotated kernel", zh="旋转卷积核"),
}
EXPLANATIONS = (
    Phrase(
        en="derivative of the loss: every element is moved by a multiple of a letter, the layers behind it are run"
        " forward, and the loss is differentiated with respect to that letter; nothing of the backward pass takes"
        " part.",
        zh="损失的导数：给各元素加上同一字母的若干倍，只做前向计算，再将损失对该字母求导；不使用反向传播的任何结果。",
    ),
    Phrase(
        en="directions: of a large tensor all elements are moved together, each by a whole number of its own.",
        zh="方向：较大的张量同时移动全部元素，各元素移动不同的整数倍。",
    ),
    Phrase(
        en="sum of its terms: the products that the layer's formula says make up an element.",
        zh="逐项求和：按该层公式列出组成每个元素的乘积再相加。",
    ),
    Phrase(
        en="col2im and rotated kernel: the convolution's two ways to its input's gradient.",
        zh="col2im 与旋转卷积核：求卷积层输入梯度的两种方法。",
    ),
)
BALLS = Phrase(
    en="≈: a proof would have taken too much work. The numbers are enclosed in balls of some seventy digits; where they"
    " agree, they do so to eighteen digits at least.",
    zh="≈：严格证明的计算量过大，改用约七十位精度的区间运算；所谓一致，是指至少十八位数字相同。",
)
DOUBLES = Phrase(
    en="layer by layer: the problem is too large for anything but float64. One layer is run forward at a time, and what"
    " lies behind it is taken from the gradient there; where they agree, they do so to ten digits.",
    zh="逐层：题目规模较大，只能以 float64 验证。每次只前向计算一层，其后的部分取自该处的梯度；所谓一致，是指约十位数字"
    "相同。",
)
LEFT_OUT = Phrase(
    en="not verified: it would have taken too much work, or these numbers cannot tell.",
    zh="未验证：计算量过大，或所用数值无法判断。",
)
ELEMENTS = verbatim("{sign} {count}/{size}")
DIRECTIONS = Phrase(en="{sign} {count} directions", zh="{sign} {count} 个方向")
DIRECTION = Phrase(en="{sign} 1 direction", zh="{sign} 1 个方向")
KINK = Phrase(en="no derivative: a kink or a tie", zh="处于拐点或并列，导数不存在")
LOCAL = Phrase(en="{cell}, layer by layer", zh="{cell}，逐层")
NOT_VERIFIED = Phrase(en="not verified", zh="未验证")
NOT_ONE = verbatim("–")
NOT_LOOKED_AT = Phrase(en="–: not looked at in this way.", zh="–：未用此方法验证。")
GRADIENTS = {
    False: Phrase(en="The one gradient agrees", zh="这个梯度"),
    True: Phrase(en="All {count} gradients agree", zh="全部 {count} 个梯度"),
}


def document(verification: Verification) -> Document:
    """The table of agreement, and in a sentence what it comes to."""
    title = verification.problem.title
    blocks: list[Block] = [Heading(1, verbatim(title))] if title else []
    if not verification.gradients:
        return Document((*blocks, Paragraph(NOTHING)))
    used = [way for way in WAYS if any(way in (*each.ways, *each.left_out) for each in verification.gradients)]
    columns = (Column(GRADIENT), Column(SHAPE), *(Column(HEADINGS[way]) for way in used))
    rows = tuple(
        (
            verbatim(gradient.name),
            verbatim(by(gradient.shape)),
            *(_cell(gradient, way) for way in used),
        )
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
    if phrase is DIRECTIONS and agreement.checked == 1:
        phrase = DIRECTION
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
