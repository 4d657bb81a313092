"""Formulas and sentences as the page takes them: text, `["code", name]`, and MathML as nested lists."""

from typing import Any
from xml.etree.ElementTree import Element, fromstring

from cnncalc.language import Language, Phrase
from cnncalc.render.formula.formula import Code, Formula, Plain, spans
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.renderers.mathml import mathml
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
