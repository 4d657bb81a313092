"""Words as Markdown: nothing in them is taken for a command, and formulas among them are seen as such everywhere."""

import re

from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_latex import latex_inline
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.formula.inline import Code, Plain, Span, spans
from cnncalc.render.renderers.markdown_math import markdown_math
from cnncalc.visible import visible


def markdown_text(markup: str, names: Names | None) -> str:
    """Words with the formulas and names that stand in them."""
    parts = spans(markup, names)
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
            return _code(text)
        case Formula():
            return f"${markdown_math(latex_inline(span))}$"


def _code(text: str) -> str:
    """A name in backquotes, in more of them than it holds in a row itself."""
    safe = visible(text)
    longest = max(map(len, re.findall("`+", safe)), default=0)
    pad = " " if safe.startswith("`") or safe.endswith("`") else ""
    return f"{'`' * (longest + 1)}{pad}{safe}{pad}{'`' * (longest + 1)}"


def _needs_blank(neighbour: str) -> bool:
    return bool(neighbour) and not neighbour.isspace() and (neighbour.isalnum() or not neighbour.isascii())


def _escaped(text: str) -> str:
    safe = visible(" ".join(re.split("[\n\t]", text)))
    safe = re.sub(r"[\\`*\[\]<>$|~]", r"\\\g<0>", safe)
    # Within a word an underscore is only an underscore.
    safe = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", safe)
    return re.sub(r"&(?=#?\w+;)", "&amp;", safe)
