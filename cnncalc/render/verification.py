"""A Verification as a Document, and as JSON: contract `cnncalc-verify/1`."""

from math import prod
from typing import Any

from cnncalc.language import Phrase, verbatim
from cnncalc.render.document import Block, Column, Document, Heading, Paragraph, Table
from cnncalc.render.json_text import dump
from cnncalc.verifying.verify import WAYS, Agreement, Verification, Verified

ALL_AGREE = Phrase(
    en="All {count} gradients agree in every way, exactly.", zh="全部 {count} 个梯度用各种方法所得结果完全一致。"
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
        " forward, and the loss is differentiated by that letter; nothing of the backward pass takes part.",
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
ELEMENTS = verbatim("{sign} {count}/{size}")
DIRECTIONS = Phrase(en="{sign} {count} directions", zh="{sign} {count} 个方向")
KINK = Phrase(en="no derivative: a kink or a tie", zh="处于拐点或并列，导数不存在")
NOT_ONE = verbatim("–")


def document(verification: Verification) -> Document:
    """The table of agreement, and in a sentence what it comes to."""
    title = verification.problem.title
    blocks: list[Block] = [Heading(1, verbatim(title))] if title else []
    if not verification.gradients:
        return Document((*blocks, Paragraph(NOTHING)))
    used = [way for way in WAYS if any(way in gradient.ways for gradient in verification.gradients)]
    columns = (Column(GRADIENT), Column(SHAPE), *(Column(HEADINGS[way]) for way in used))
    rows = tuple(
        (
            verbatim(gradient.name),
            verbatim("×".join(map(str, gradient.shape)) or "1"),
            *(_cell(gradient.ways[way], way, gradient.shape) if way in gradient.ways else NOT_ONE for way in used),
        )
        for gradient in verification.gradients
    )
    wrong = [gradient.name for gradient in verification.gradients if not gradient.agrees]
    verdict = DISAGREE.format(names=", ".join(wrong)) if wrong else ALL_AGREE.format(count=len(rows))
    blocks += [Table(columns, rows), Paragraph(verdict)]
    kinds = [phrase for phrase, shown in zip(EXPLANATIONS, _needed(verification), strict=True) if shown]
    return Document((*blocks, *(Paragraph(phrase, "item") for phrase in kinds)))


def _needed(verification: Verification) -> tuple[bool, bool, bool, bool]:
    """Which of the explanations have something to explain."""
    ways = [gradient.ways for gradient in verification.gradients]
    derivatives = [way["derivative"] for way in ways if "derivative" in way]
    directed = any(not derivative.whole for derivative in derivatives)
    return bool(derivatives), directed, any("terms" in way for way in ways), any("col2im" in way for way in ways)


def _cell(agreement: Agreement, way: str, shape: tuple[int, ...]) -> Phrase:
    if agreement.at_kink:
        return KINK
    sign = "✗" if not agreement.agrees else "✓" if agreement.proved else "≈"
    phrase = DIRECTIONS if way == "derivative" and not agreement.whole else ELEMENTS
    return phrase.format(sign=sign, count=agreement.checked, size=prod(shape))


def render_json(verification: Verification, ascii_only: bool = False) -> str:
    """One JSON object, a gradient a line."""
    head = {
        "format": "cnncalc-verify/1",
        "problem": verification.problem.file,
        "agrees": verification.agrees,
    }
    fields = [f"{dump(key)}: {dump(value, ascii_only)}" for key, value in head.items()]
    lines = [dump(_gradient(gradient), ascii_only) for gradient in verification.gradients]
    listed = ",\n  ".join(lines)
    return "{" + ", ".join(fields) + f',\n "gradients": [\n  {listed}]}}\n'


def _gradient(gradient: Verified) -> dict[str, Any]:
    ways = {
        way: {
            "agrees": agreement.agrees,
            "proved": agreement.proved,
            "checked": agreement.checked,
            "every_element": agreement.whole,
            "at_kink": agreement.at_kink,
        }
        for way, agreement in gradient.ways.items()
    }
    return {"name": gradient.name, "shape": list(gradient.shape), "agrees": gradient.agrees, "ways": ways}
