"""Text with mathematics and names in it, in spans: the one place that knows what `$` and the backquote mean."""

import re
from typing import TypeAlias

from cnncalc.language import as_text
from cnncalc.records import dataclass
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_nodes import Names


@dataclass(frozen=True)
class Plain:
    """Words."""

    text: str


@dataclass(frozen=True)
class Code:
    """A name, a key or a command, which stays as it is."""

    text: str


Span: TypeAlias = Plain | Code | Formula


def spans(markup: str, names: Names | None) -> list[Span]:
    """The markup of one language in spans, in order; formulas only where there are `names`.

    A dollar or a backquote without its partner is a sign like any other.
    """
    pattern = r"`([^`]+)`" if names is None else r"`([^`]+)`|\$([^$]+)\$"
    found: list[Span] = []
    end = 0
    for match in re.finditer(pattern, markup):
        if match.start() > end:
            found.append(Plain(as_text(markup[end : match.start()])))
        if match[1] is not None:
            found.append(Code(as_text(match[1])))
        else:
            found.append(Formula(match[2], names or {}))
        end = match.end()
    if end < len(markup):
        found.append(Plain(as_text(markup[end:])))
    return found
