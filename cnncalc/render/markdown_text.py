"""Words as Markdown: nothing in them is taken for a command, and formulas among them are seen as such everywhere."""

import re
from collections.abc import Mapping

from cnncalc.render.formula import Formula
from cnncalc.render.formula_latex import latex_inline
from cnncalc.render.inline import Code, Plain, Span, spans
from cnncalc.render.markdown_math import markdown_math


def markdown_text(text: str, names: Mapping[str, str] | None) -> str:
    """Words with the formulas and names that stand in them."""
    parts = spans(text, names)
    written = ""
    for number, span in enumerate(parts):
        piece = _span(span)
        if isinstance(span, Formula):
            # GitHub wants a blank or a Western sign around a formula, and Chinese looks better with one.
            piece = " " * _needs_blank(written[-1:]) + piece
            following = parts[number + 1] if number + 1 < len(parts) else None
            piece += " " * (isinstance(following, Plain) and _needs_blank(following.text[:1]))
        written += piece
    return written


def safe_start(words: str) -> str:
    """A paragraph that does not begin as a heading, a list or a rule does."""
    return re.sub(r"^(\s*)(?=[#+=-])|^(\s*\d+)(?=[.)])", r"\1\2\\", words)


def _span(span: Span) -> str:
    match span:
        case Plain(text):
            return _escaped(text)
        case Code(text):
            return f"`{text}`"
        case Formula():
            return f"${markdown_math(latex_inline(span))}$"


def _needs_blank(neighbour: str) -> bool:
    return bool(neighbour) and not neighbour.isspace() and (neighbour.isalnum() or not neighbour.isascii())


def _escaped(text: str) -> str:
    safe = "".join(c if c.isprintable() else " " if c.isspace() else ascii(c)[1:-1] for c in text)
    safe = re.sub(r"[\\`*\[\]<>$|~]", r"\\\g<0>", safe)
    # Within a word an underscore is only an underscore.
    safe = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", safe)
    return re.sub(r"&(?=#?\w+;)", "&amp;", safe)
